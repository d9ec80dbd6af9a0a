"""Rules that QTI states for an item, checked on bare names without a line of the importer: the first one that is broken.

Only what the information model says in so many words, and only where names and attributes alone tell: operands whose type
would have to be computed are not judged. Each rule has the sentence that it comes from, in our words.
Source: 1EdTech, QTI 2.1 and 3.0 "Assessment, Section and Item Information Model".
"""

from typing import Final, TypeAlias

from lxml import etree

Element: TypeAlias = etree._Element
Kind: TypeAlias = tuple[str, str]
"""Cardinality and base type."""

RULES_OF_QTI: Final = {
    "response-undeclared": "an interaction is bound to a response variable that the item declares, once",
    "identifier-twice": "identifiers of the choices of an interaction are distinct",
    "base-type": "a base type is one of the enumeration",
    "no-such-rule": "response processing consists of the rules and expressions of the model",
    "outcome-processing": "outcome processing belongs to a test, not to an item",
    "variable-undeclared": "a variable that a rule names is declared (a standard template names RESPONSE and SCORE)",
    "match-kinds": "both operands of match have the same cardinality and base type",
    "comparison-kinds": "lt, lte, gt, gte compare two single numbers",
    "boolean-value": "a boolean is written true or false, 1 or 0",
    "pattern-missing": "patternMatch has its pattern as an attribute, which is required",
    "figures-missing": "roundTo and equalRounded have figures, and a roundingMode of the enumeration",
    "index-kind": "index takes an ordered container",
    "extended-text-kind": "an extended text is bound to a string, an integer or a float",
}
"""By a short name."""
BASES: Final = frozenset(
    "identifier boolean integer float string point pair directedPair duration uri file".split()  # noqa: SIM905 - names
)
RULES: Final = frozenset(
    """
    setoutcomevalue lookupoutcomevalue responsecondition responseif responseelseif responseelse exitresponse
    responseprocessingfragment basevalue variable correct default mapresponse mapresponsepoint null multiple ordered
    containersize isnull index fieldvalue random member delete contains substring not and or anyn match stringmatch
    patternmatch equal equalrounded inside lt gt lte gte durationlt durationgte sum product subtract divide power
    integerdivide integermodulus truncate round roundto integertofloat gcd lcm min max repeat mathoperator mathconstant
    statsoperator randominteger randomfloat customoperator
    """.split()  # noqa: SIM905 - a list of names to read
)
"""What response processing is made of in QTI 2.0 to 3.0."""
_NAMING: Final = frozenset(
    [
        "variable",
        "correct",
        "default",
        "mapresponse",
        "mapresponsepoint",
        "setoutcomevalue",
        "lookupoutcomevalue",
    ]
)
_BUILT_IN: Final = frozenset(["completionstatus", "numattempts", "duration"])
_TEMPLATES: Final = ("match_correct", "map_response", "map_response_point")
_CHOICES: Final = ("choice", "hotspot", "hottext", "gap", "gaptext", "gapimg")
_NUMBERS: Final = ("integer", "float")


def broken_rule(root: Element, interactions: list[Element], responses: tuple[str, ...]) -> str:
    """The name of the first rule that the item breaks, or nothing."""
    return next(iter([*_of_declarations(root, interactions, responses), *_of_processing(root)]), "")


def _of_declarations(root: Element, interactions: list[Element], responses: tuple[str, ...]) -> list[str]:
    declared = [one for one in root.iterchildren(etree.Element) if bare_name(one).endswith("declaration")]
    names = [_said(one, "identifier") for one in declared if bare_name(one) == "responsedeclaration"]
    bases = {_said(one, "baseType") for one in declared}
    kinds = _kinds(root)
    written = [
        name for one, name in zip(interactions, responses, strict=True) if "extendedtext" in bare_name(one)
    ]
    found = {
        "response-undeclared": any(names.count(response) != 1 for response in responses),
        "identifier-twice": any(_has_twins(one) for one in interactions),
        "base-type": not bases <= BASES | {""},
        "extended-text-kind": any(
            kinds.get(name, ("", ""))[1] not in ("", "string", *_NUMBERS) for name in written
        ),
    }
    return [name for name, is_broken in found.items() if is_broken]


def _of_processing(root: Element) -> list[str]:
    children = list(root.iterchildren(etree.Element))
    top = [one for one in children if bare_name(one) == "responseprocessing"]
    rules = [one for processing in top for one in processing.iterdescendants(etree.Element)]
    kinds = _kinds(root)
    template = next((_said(one, "template").rpartition("/")[2].removesuffix(".xml") for one in top), "")
    named = {_said(one, "identifier") for one in rules if bare_name(one) in _NAMING}
    if template in _TEMPLATES and not rules:
        named = {"RESPONSE"}
    known = {*kinds, *_BUILT_IN, "completionStatus", "numAttempts", "SCORE"}
    found = {
        "outcome-processing": any(bare_name(one) == "outcomeprocessing" for one in children),
        "no-such-rule": any(bare_name(one) not in RULES for one in rules),
        "variable-undeclared": not named <= known,
    }
    return [name for name, is_broken in found.items() if is_broken] + [
        name for one in rules if (name := _of_rule(one, kinds))
    ]


def _of_rule(rule: Element, kinds: dict[str, Kind]) -> str:
    name = bare_name(rule)
    known = [kind for one in rule.iterchildren(etree.Element) if (kind := _kind(one, kinds)) is not None]
    rounding = _said(rule, "roundingMode") in ("", "significantFigures", "decimalPlaces")
    found = {
        "match-kinds": name == "match" and len(known) == 2 and known[0] != known[1],
        "comparison-kinds": name in ("lt", "lte", "gt", "gte")
        and any(kind[0] != "single" or kind[1] not in _NUMBERS for kind in known),
        "index-kind": name == "index" and any(bare_name(one) == "multiple" for one in _lists(rule)),
        "boolean-value": name == "basevalue"
        and _said(rule, "baseType") == "boolean"
        and (rule.text or "").strip() not in ("true", "false", "1", "0"),
        "pattern-missing": name == "patternmatch" and not _said(rule, "pattern"),
        "figures-missing": name in ("roundto", "equalrounded") and not (_said(rule, "figures") and rounding),
    }
    return next((broken for broken, is_broken in found.items() if is_broken), "")


def _lists(rule: Element) -> list[Element]:
    """What a container comes from: `delete` gives one of the kind of its second operand."""
    found = []
    for one in rule.iterchildren(etree.Element):
        found += _lists(one)[-1:] if bare_name(one) == "delete" else [one]
    return found


def _kind(element: Element, kinds: dict[str, Kind]) -> Kind | None:
    """The kind of an operand that says it itself; None for what would have to be computed."""
    match bare_name(element):
        case "variable" | "correct" | "default":
            return kinds.get(_said(element, "identifier"))
        case "basevalue":
            return "single", _said(element, "baseType")
        case "mapresponse" | "mapresponsepoint":
            return "single", "float"
        case _:
            return None


def _kinds(root: Element) -> dict[str, Kind]:
    return {
        _said(one, "identifier"): (_said(one, "cardinality"), _said(one, "baseType"))
        for one in root.iterchildren(etree.Element)
        if bare_name(one).endswith("declaration")
    }


def _has_twins(interaction: Element) -> bool:
    ids = [
        one.get("identifier") for one in interaction.iter(etree.Element) if bare_name(one).endswith(_CHOICES)
    ]
    return len(set(ids)) != len(ids)


def _said(element: Element, name: str) -> str:
    """An attribute by QTI 2's name or QTI 3's."""
    wanted = name.lower()
    return next(
        (
            str(value).strip()
            for key, value in element.attrib.items()
            if str(key).replace("-", "").lower() == wanted
        ),
        "",
    )


def bare_name(element: Element) -> str:
    """An element's name in all versions: small letters, without hyphens and without `qti`."""
    return etree.QName(element).localname.replace("-", "").lower().removeprefix("qti")
