"""Small words for writing rules as data, and the standard templates written with them.

Source of the templates: 1EdTech, QTI 2.0 to 3.0, `rptemplates/*.xml`; each is the rules of that file and nothing else.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final

from cbt_station.exam.interactions import RESPONSE
from cbt_station.exam.processing import BaseType, Node

SCORE: Final = "SCORE"
MAXSCORE: Final = "MAXSCORE"
FEEDBACK: Final = "FEEDBACK"
FEEDBACK_BASIC: Final = "FEEDBACKBASIC"


def variable(name: str) -> Node:
    """The value that a response or an outcome has now."""
    return Node("variable", args={"identifier": name})


def correct(name: str) -> Node:
    """The declared correct value of a response."""
    return Node("correct", args={"identifier": name})


def constant(base: BaseType, value: str) -> Node:
    """One value, in its lexical form."""
    return Node("base-value", args={"base-type": base}, value=value)


def number(value: Decimal) -> Node:
    """A number as it stands."""
    return constant("float", format(value, "f"))


def assign(outcome: str, value: Node) -> Node:
    """Give an outcome its value."""
    return Node("set-outcome-value", (value,), {"identifier": outcome})


def when(condition: Node, then: tuple[Node, ...], otherwise: tuple[Node, ...] = ()) -> Node:
    """If, and else where there is one."""
    first = Node("response-if", (condition, *then))
    last = (Node("response-else", otherwise),) if otherwise else ()
    return Node("response-condition", (first, *last))


def first_of(cases: tuple[tuple[Node, tuple[Node, ...]], ...], otherwise: tuple[Node, ...]) -> Node:
    """The first case whose condition is true, or `otherwise`."""
    parts = tuple(
        Node("response-else-if" if place else "response-if", (condition, *then))
        for place, (condition, then) in enumerate(cases)
    )
    return Node("response-condition", (*parts, Node("response-else", otherwise)))


def is_null(value: Node) -> Node:
    """Whether nothing was given."""
    return Node("is-null", (value,))


def is_correct(response: str) -> Node:
    """Whether a response is its correct value."""
    return Node("match", (variable(response), correct(response)))


def map_response(response: str) -> Node:
    """What a response is worth by its mapping."""
    return Node("map-response", args={"identifier": response})


def map_point(response: str) -> Node:
    """What the points of a response are worth by its areas."""
    return Node("map-response-point", args={"identifier": response})


def operators_in(rules: Iterable[Node]) -> Iterator[str]:
    """The names of all nodes."""
    for node in rules:
        yield node.op
        yield from operators_in(node.of)


_ONE, _ZERO = assign(SCORE, number(Decimal(1))), assign(SCORE, number(Decimal(0)))
_NOTHING = is_null(variable(RESPONSE))
_MATCH = (when(is_correct(RESPONSE), (_ONE,), (_ZERO,)),)
_MAP = (when(_NOTHING, (_ZERO,), (assign(SCORE, map_response(RESPONSE)),)),)
_MAP_POINT = (when(_NOTHING, (_ZERO,), (assign(SCORE, map_point(RESPONSE)),)),)
_BASIC = (
    when(
        is_correct(RESPONSE),
        (assign(SCORE, variable(MAXSCORE)), assign(FEEDBACK_BASIC, constant("identifier", "correct"))),
        (assign(FEEDBACK_BASIC, constant("identifier", "incorrect")),),
    ),
)
_FEEDBACK_BY_MOST = when(
    Node("equal", (variable(MAXSCORE), variable(SCORE)), {"tolerance-mode": "exact"}),
    (assign(FEEDBACK, constant("identifier", "correct")),),
    (assign(FEEDBACK, constant("identifier", "incorrect")),),
)

TEMPLATES: Final[dict[str, tuple[Node, ...]]] = {
    "match_correct": _MATCH,
    "map_response": _MAP,
    "map_response_point": _MAP_POINT,
    "CC2_map_response": (*_MAP, _FEEDBACK_BY_MOST),
    "CC2_match": _MATCH,
    "CC2_match_basic": _BASIC,
}
"""By the name that ends their addresses."""
