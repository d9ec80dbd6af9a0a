"""Scoring of QTI 1.2 (`resprocessing`) as our rules: each condition in its order, adding or setting one outcome.

Points: a score that the file counts up to 100 is brought to the points that it gives the item, where it says so
(`points_possible`). A condition that sets the score is the last one unless the file says `continue="Yes"`; one that adds
is never the last. Text is compared without case unless the file asks for it. Source: IMS QTI 1.2 ASI, resprocessing.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from lxml import etree

from cbt_station.banks.foreign import QuestionRefused, remark
from cbt_station.banks.qti import attributes as of
from cbt_station.banks.qti.markup import below, children, first, words
from cbt_station.banks.qti.names import local
from cbt_station.banks.qti.scoring import refused
from cbt_station.banks.safe_xml import Element
from cbt_station.errors import Refusal
from cbt_station.exam.processing import Node, OutcomeDeclaration, Processing, ResponseDeclaration
from cbt_station.exam.rules.response import as_score, bounds_of, check_processing
from cbt_station.exam.rules.trees import SCORE, assign, constant, variable

MOST_CONDITIONS: Final = 400
MOST: Final = "SCORE.max"
"""The most that the outcome may be, as Blackboard writes it."""
_COMPARED: Final = {"varlt": "lt", "varlte": "lte", "vargt": "gt", "vargte": "gte"}
TRUE: Final = Node("base-value", args={"base-type": "boolean"}, value="true")


class _Scale(NamedTuple):
    """What one point of the file's own count is worth, and how many of them there are at most."""

    share: Fraction
    most: Decimal | None


def read_rules(
    item: Element, responses: Mapping[str, ResponseDeclaration], points: Decimal | None
) -> Processing:
    """The rules of an item. Raises QuestionRefused with the name of what they use and we have not."""
    found = first(item, "resprocessing")
    if found is None:
        return _made(responses, (), Decimal(0))
    declared = next(below(found, "decvar"), None)
    share = _share(declared, points)
    conditions = list(children(found, "respcondition"))
    if len(conditions) > MOST_CONDITIONS:
        raise QuestionRefused(remark("qti-unsupported", what=f"respcondition × {len(conditions)}"))
    bounds = _bounds(declared, share)
    most = _decimal(declared, "maxvalue") if declared is not None else None
    rules: list[Node] = []
    for one in conditions:
        rules += _rule(one, responses, _Scale(share, most), bounds)
        if rules and _is_last(rules[-1]):
            break  # what follows is never reached, whatever is answered
    return _made(responses, (*rules, *bounds), points)


def _is_last(rule: Node) -> bool:
    """Whether a rule holds for every answer and ends them all."""
    condition = rule.of[0].of
    return condition[0] == TRUE and condition[-1].op == "exit-response"


def _made(
    responses: Mapping[str, ResponseDeclaration], rules: tuple[Node, ...], points: Decimal | None
) -> Processing:
    outcome = OutcomeDeclaration("single", "float", default=("0",))
    made = Processing(dict(responses), {SCORE: outcome}, rules, Decimal(0))
    try:
        check_processing(made)
        high = bounds_of(made).high
        best = points if high is None or points is not None else as_score((high,))
    except Refusal as refusal:
        raise refused(refusal) from refusal
    if best is None:
        raise QuestionRefused(remark("qti-unsupported", what="decvar without maxvalue"))
    return Processing(made.responses, made.outcomes, rules, best)


def _share(declared: Element | None, points: Decimal | None) -> Fraction:
    """What one point of the file's own count is worth."""
    most = _decimal(declared, "maxvalue") if declared is not None else None
    return Fraction(points) / Fraction(most) if points is not None and most else Fraction(1)


def _bounds(declared: Element | None, share: Fraction) -> tuple[Node, ...]:
    """The score kept between the least and the most that the file declares."""
    if declared is None:
        return ()
    found: list[Node] = []
    for attribute, op in (("maxvalue", "min"), ("minvalue", "max")):
        limit = _decimal(declared, attribute)
        if limit is not None:
            found.append(assign(SCORE, Node(op, (variable(SCORE), _worth(limit, share)))))
    return tuple(found)


def _decimal(element: Element, name: str) -> Decimal | None:
    return of.decimal(element, name) if of.text(element, name) else None


def _worth(value: Decimal, share: Fraction) -> Node:
    """A number of the file in our points; exact, or to six decimals where it has no end."""
    return constant("float", format(as_score((Fraction(value) * share,)), "f"))


def _rule(
    element: Element,
    responses: Mapping[str, ResponseDeclaration],
    scale: _Scale,
    bounds: tuple[Node, ...],
) -> Iterator[Node]:
    """One condition; nothing for one that only shows feedback and lets the others go on."""
    sets = list(children(element, "setvar"))
    said = of.text(element, "continue").lower()
    only_adds = all(of.text(one, "action", "Set").lower() in ("add", "subtract") for one in sets)
    goes_on = said == "yes" or (not said and only_adds)
    if not sets and goes_on:
        return
    conditions = first(element, "conditionvar")
    test = TRUE if conditions is None else _all_or_any(conditions, responses)
    acts = [_act(one, scale) for one in sets]
    if not goes_on:
        acts += [*bounds, Node("exit-response")]
    yield Node("response-condition", (Node("response-if", (test, *acts)),))


def _act(element: Element, scale: _Scale) -> Node:
    action = of.text(element, "action", "Set").lower()
    value = etree.Element("setvar", {"value": words(element)})
    is_most = words(element) == MOST and scale.most is not None
    worth = _worth(scale.most if is_most and scale.most else of.decimal(value, "value"), scale.share)
    if action == "set":
        return assign(SCORE, worth)
    if action in ("add", "subtract"):
        return assign(SCORE, Node("sum" if action == "add" else "subtract", (variable(SCORE), worth)))
    raise QuestionRefused(remark("qti-unsupported", what=f"setvar action={action[:20]}"))


def _all_or_any(element: Element, responses: Mapping[str, ResponseDeclaration]) -> Node:
    """Conditions side by side must all hold; several values for one single response are alternatives."""
    parts = list(children(element))
    nodes = [node for part in parts if (node := _condition(part, responses)) is not None]
    if not nodes:
        return TRUE
    named = {of.text(part, "respident") for part in parts}
    alternatives = all(local(part) == "varequal" for part in parts) and len(named) == 1
    single = alternatives and all(
        responses[name].cardinality == "single" for name in named if name in responses
    )
    return nodes[0] if len(nodes) == 1 else Node("or" if single else "and", tuple(nodes))


def _condition(element: Element, responses: Mapping[str, ResponseDeclaration]) -> Node | None:
    match local(element):
        case "other":
            return TRUE
        case "and" | "or":
            parts = [node for one in children(element) if (node := _condition(one, responses)) is not None]
            return Node(local(element), tuple(parts)) if parts else TRUE
        case "not":
            return Node("not", (_all_or_any(element, responses),))
        case "unanswered":
            return Node("is-null", (variable(of.text(element, "respident")),))
        case "varequal" | "varsubstring" | "varlt" | "varlte" | "vargt" | "vargte":
            return _comparison(element, responses)
        case (
            "durequal" | "durlt" | "durlte" | "durgt" | "durgte" | "varsubset" | "varinside" | "var_extension"
        ):
            raise QuestionRefused(remark("qti-unsupported", what=local(element)))
        case other:
            raise QuestionRefused(remark("qti-unsupported", what=other[:60]))


def _comparison(element: Element, responses: Mapping[str, ResponseDeclaration]) -> Node:
    name, value = of.text(element, "respident"), words(element)
    declared = responses.get(name)
    if declared is None:
        raise QuestionRefused(remark("qti-response-undeclared", response=name[:60]))
    given = variable(name)
    if local(element) in _COMPARED:
        return Node(_COMPARED[local(element)], (given, _number(element, value)))
    if declared.base == "string":
        case = "true" if of.text(element, "case").lower() == "yes" else "false"
        args = {"case-sensitive": case} | ({"substring": "true"} if local(element) == "varsubstring" else {})
        return Node("string-match", (given, constant("string", value)), args)
    if local(element) == "varsubstring":
        raise QuestionRefused(remark("qti-unsupported", what="varsubstring"))
    if declared.base == "float":
        return _equal(element, given, value)
    wanted = constant(declared.base, value)
    return (
        Node("match", (given, wanted))
        if declared.cardinality == "single"
        else Node("member", (wanted, given))
    )


def _equal(element: Element, given: Node, value: str) -> Node:
    """A number as it stands, or to so many decimals or significant figures."""
    kind, figures = of.text(element, "precisiontype"), of.text(element, "precision")
    if not kind:
        return Node("equal", (given, _number(element, value)), {"tolerance-mode": "exact"})
    mode = {"decimals": "decimalPlaces", "significantDigits": "significantFigures"}.get(kind)
    if mode is None or not figures.isdigit():
        raise QuestionRefused(remark("qti-unsupported", what=f"varequal precisiontype={kind[:20]}"))
    return Node(
        "equal-rounded", (given, _number(element, value)), {"rounding-mode": mode, "figures": figures}
    )


def _number(element: Element, value: str) -> Node:
    holder = etree.Element(local(element), {"value": value})
    return constant("float", format(of.decimal(holder, "value"), "f"))
