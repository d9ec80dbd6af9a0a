"""QTI items looked at by their bare names: a second reader that shares nothing with the importer.

It knows only names: which element is an interaction, which response each names, what makes an item one of another kind.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lxml import etree

FOURTEEN: Final = frozenset(
    [
        "choice",
        "inlinechoice",
        "textentry",
        "extendedtext",
        "match",
        "associate",
        "order",
        "gapmatch",
        "hottext",
        "hotspot",
        "graphicgapmatch",
        "slider",
        "selectpoint",
    ]
)
"""QTI's names for them; a text entry of a number is the fourteenth."""
BASES: Final = frozenset(
    [
        "identifier",
        "boolean",
        "integer",
        "float",
        "string",
        "point",
        "pair",
        "directedPair",
        "duration",
        "uri",
        "file",
    ]
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
OTHER_KIND: Final = frozenset(["templatedeclaration", "templateprocessing", "customoperator"])


@dataclass(frozen=True)
class Bare:
    """An item by its names: the responses of its interactions, and whether all of it is inside the fourteen."""

    responses: tuple[str, ...]
    inside: bool
    valid: bool = True
    """Whether it keeps QTI's own rules as far as bare names tell: every response is declared, no identifier stands
    twice within an interaction, base types and rules are QTI's."""


def bare_items(path: Path) -> dict[str, Bare]:
    """The items of a zip or of one file by their names in it; what is no item is left out."""
    return {name: bare for name, data in _files(path) if (bare := bare_item(data)) is not None}


def _files(path: Path) -> Iterator[tuple[str, bytes]]:
    if not zipfile.is_zipfile(path):
        yield path.name, path.read_bytes()
        return
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            if name.lower().endswith(".xml"):
                yield name, package.read(name)


def bare_item(data: bytes) -> Bare | None:
    """An item of QTI 2 or 3; one that is not well-formed is not inside; None for anything else."""
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return Bare((), inside=False) if re.search(rb"assessment-?item\b", data, re.IGNORECASE) else None
    if _bare(root) != "assessmentitem":
        return None
    names = [_bare(element) for element in root.iter(etree.Element)]
    interactions = [element for element in root.iter(etree.Element) if _bare(element).endswith("interaction")]
    kinds = {_bare(element).removesuffix("interaction") for element in interactions}
    is_plain = root.get("adaptive", "false") not in ("true", "1") and OTHER_KIND.isdisjoint(names)
    responses = tuple(
        str(element.get("responseIdentifier") or element.get("response-identifier") or "")
        for element in interactions
    )
    is_valid = _is_valid(root, interactions, responses)
    return Bare(responses, bool(kinds) and kinds <= FOURTEEN and is_plain, is_valid)


def _is_valid(root: etree._Element, interactions: list[etree._Element], responses: tuple[str, ...]) -> bool:
    declared = list(root.iterchildren(etree.Element))
    names = [str(one.get("identifier")) for one in declared if _bare(one) == "responsedeclaration"]
    bases = {
        one.get("baseType") or one.get("base-type") for one in declared if _bare(one).endswith("declaration")
    }
    processing = [one for one in declared if _bare(one) == "responseprocessing"]
    rules = {_bare(one) for top in processing for one in top.iterdescendants(etree.Element)}
    return (
        all(names.count(response) == 1 for response in responses)
        and bases - {None} <= BASES
        and rules <= RULES
        and all(_bare(one) != "outcomeprocessing" for one in declared)
        and all(_has_distinct_choices(one) for one in interactions)
    )


def _has_distinct_choices(interaction: etree._Element) -> bool:
    choices = ("choice", "hotspot", "hottext", "gap", "gaptext", "gapimg")
    ids = [one.get("identifier") for one in interaction.iter(etree.Element) if _bare(one).endswith(choices)]
    return len(set(ids)) == len(ids)


def _bare(element: etree._Element) -> str:
    return etree.QName(element).localname.replace("-", "").lower().removeprefix("qti")
