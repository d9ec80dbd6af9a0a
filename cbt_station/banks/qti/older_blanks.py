"""Questions of QTI 1.2 with several blanks in one text, as Canvas writes them: each blank is a response of its own.

The text names a blank in brackets, `[kota]`, for the response `response_kota`. In a question to fill in, the labels of a
response are the texts that are right; in one with drop-downs they are what is offered. Texts that are right only in part,
by a pattern or nearly, are refused by the name that the file gives that.
"""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

import msgspec

from cbt_station.banks.foreign import QuestionRefused, remark
from cbt_station.banks.qti import attributes as of
from cbt_station.banks.qti.markup import below
from cbt_station.banks.qti.older_rules import read_rules
from cbt_station.banks.qti.renaming import renamed_places
from cbt_station.banks.qti.scoring import named_response, refused
from cbt_station.banks.safe_xml import Element
from cbt_station.errors import Refusal
from cbt_station.exam.content import Blocks, Slot, Text, as_text, every
from cbt_station.exam.interactions import (
    RESPONSE,
    Composite,
    InlineChoiceInteraction,
    Interaction,
    Option,
    Simple,
    TextEntryInteraction,
)
from cbt_station.exam.item import Shown
from cbt_station.exam.processing import Node, Processing, ResponseDeclaration
from cbt_station.exam.rules.response import check_processing
from cbt_station.exam.rules.trees import constant

FILLED: Final = "fill_in_multiple_blanks_question"
DROPPED: Final = "multiple_dropdowns_question"
_PREFIX: Final = "response_"
_PLAIN: Final = frozenset(["", "TextEquivalence", "TextInChoices"])
"""How Canvas compares a text with those that are right, where it takes only those."""
_ENTRIES: Final = frozenset(["", "openEntry"])
Labels = Sequence[tuple[str, Blocks]]


def with_blanks(
    item: Element, kind: str, offered: Mapping[str, Labels], stem: Blocks, points: Decimal | None
) -> tuple[Shown, Processing]:
    """The question as shown, and its rules. `offered`: the labels of each response. Raises QuestionRefused."""
    _require_plain(item)
    parts = {name: _part(kind, labels) for name, labels in offered.items()}
    placed = _placed(stem, {name.removeprefix(_PREFIX): name for name in offered})
    found = [slot.response for slot in every(Slot, placed)]
    if sorted(found) != sorted(parts):
        raise QuestionRefused(remark("qti-unsupported", what=f"{kind}: {', '.join(sorted(parts))}"[:80]))
    separate = {name: ResponseDeclaration("single", "identifier") for name in parts}
    rules = read_rules(item, separate, points)
    if kind == FILLED:
        rules = _of_texts(rules, {name: dict(labels) for name, labels in offered.items()})
    if len(parts) > 1:
        interaction: Interaction = Composite(parts)
        return Shown(placed, interaction), rules
    ((name, only),) = parts.items()
    return Shown(renamed_places(placed, name, RESPONSE), only), named_response(rules, name)


def _require_plain(item: Element) -> None:
    for label in below(item, "response_label"):
        for name, known in (("scoring_algorithm", _PLAIN), ("answer_type", _ENTRIES)):
            said = of.text(label, name)
            if said not in known:
                raise QuestionRefused(remark("qti-unsupported", what=f"{name}={said[:40]}"))


def _part(kind: str, labels: Labels) -> Simple:
    if kind == FILLED:
        return TextEntryInteraction()
    return InlineChoiceInteraction(tuple(Option(*one) for one in labels), shuffle=False)


def _placed(part: Any, names: Mapping[str, str]) -> Any:
    """The same content with a slot for each name in brackets."""
    if isinstance(part, tuple):
        return tuple(made for one in part for made in _split(one, names))
    if not isinstance(part, msgspec.Struct):
        return part
    values = {name: getattr(part, name) for name in part.__struct_fields__}
    changed = {name: _placed(value, names) for name, value in values.items() if isinstance(value, tuple)}
    return msgspec.structs.replace(part, **changed) if changed else part


def _split(part: Any, names: Mapping[str, str]) -> tuple[Any, ...]:
    if not isinstance(part, Text):
        return (_placed(part, names),)
    pieces = re.split("(" + "|".join(re.escape(f"[{name}]") for name in names) + ")", part.text)
    known = {f"[{name}]": response for name, response in names.items()}
    return tuple(
        Slot(known[piece]) if piece in known else msgspec.structs.replace(part, text=piece)
        for piece in pieces
        if piece
    )


def _of_texts(rules: Processing, right: Mapping[str, Mapping[str, Blocks]]) -> Processing:
    """Where the rules compare a response with a label, what was typed must be the label's text, capitals or not."""
    declared = {name: ResponseDeclaration("single", "string") for name in right}
    made = msgspec.structs.replace(
        rules, responses=declared, rules=tuple(_of_text(rule, right) for rule in rules.rules)
    )
    try:
        check_processing(made)
    except Refusal as refusal:
        raise refused(refusal) from refusal
    return made


def _of_text(node: Node, right: Mapping[str, Mapping[str, Blocks]]) -> Node:
    if node.op == "match" and node.of[0].args.get("identifier") in right:
        given, label = node.of
        content = right[given.args["identifier"]].get(label.value)
        if content is None:
            raise QuestionRefused(remark("qti-unsupported", what=f"varequal {label.value[:40]}"))
        return Node(
            "string-match", (given, constant("string", as_text(content))), {"case-sensitive": "false"}
        )
    return Node(node.op, tuple(_of_text(one, right) for one in node.of), node.args, node.value)
