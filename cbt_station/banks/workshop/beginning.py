"""What a new text begins as: a free id, and of each way to answer the pieces that it cannot do without, still empty."""

import re
from pathlib import Path
from typing import Final

from cbt_station.banks.bank import SectionHead
from cbt_station.banks.import_names import slugged
from cbt_station.banks.kinds import KINDS
from cbt_station.banks.workshop.desk import Desk
from cbt_station.banks.workshop.draft import Draft, DraftOption, DraftText
from cbt_station.banks.workshop.layout import COMPOSITE
from cbt_station.banks.workshop.rows import What
from cbt_station.errors import Refusal

_NUMBERED: Final = re.compile(r"(.*?)([0-9]+)")
_SLOT: Final = "{{RESPONSE}}"
_STEMS: Final = {
    "inline-choice": _SLOT,
    "text": _SLOT,
    "number": _SLOT,
    "gap-match": "::: text\n{{g1}}\n:::",
    "hottext": "::: text\n[[k1|kata]]\n:::",
    COMPOSITE: "{{jawab-1}}\n\n{{jawab-2}}\n\n::: response jawab-1\n- [a]\n- [b]\n:::\n\n"
    "::: response jawab-2\n- [a]\n- [b]\n:::",
}
_LINES: Final = {
    "match": "key: [a 1, b 2]\n",
    "associate": "most: 2\nkey: [a b, c d]\n",
    "order": "key: [a, b, c, d]\n",
    "gap-match": "key: [a g1]\n",
    "hottext": "key: [k1]\n",
    "hotspot": "spots: {a: rect 0 0 50 50, b: rect 50 0 100 50}\nkey: [a]\n",
    "graphic-gap-match": "spots: {1: rect 0 0 50 50, 2: rect 50 0 100 50}\nkey: [a 1, b 2]\n",
    "slider": "low: 0\nhigh: 10\n",
    "select-point": "key: circle 50 50 10\n",
    COMPOSITE: "responses:\n  jawab-1: {interaction: choice, key: a, points: 1}\n"
    "  jawab-2: {interaction: choices, key: [a], points: 1}\n",
}
_OPTIONS: Final = {"hotspot": "ab", "graphic-gap-match": "ab", "match": "ab"}


def new_item(desk: Desk, section: str, kind: str, topic: str, level: str) -> Draft:
    """An empty item. Raises Refusal("workshop-head-faulty", "workshop-section-unknown", "workshop-kind-unknown")."""
    head = desk.shelf.folder.head
    if head is None:
        raise Refusal("workshop-head-faulty")
    known = head.sections.get(section)
    if known is None:
        raise Refusal("workshop-section-unknown", where=section, known=", ".join(head.sections))
    if kind != COMPOSITE and kind not in KINDS:
        raise Refusal("workshop-kind-unknown", where=kind, known=", ".join((*KINDS, COMPOSITE)))
    layout = () if kind == COMPOSITE else KINDS[kind].layout
    options = _OPTIONS.get(kind, "abcd") if "options" in layout else ""
    targets = "12" if "targets" in layout else ""
    text = DraftText(_STEMS.get(kind, ""), ("",) * len(options), ("",) * len(targets))
    empty = Draft(
        id=free_id(desk, "item", _ids_of(desk, section), slugged(section)),
        section=section,
        topic=topic or known.topics[0],
        level=level or known.levels[0],
        kind=kind,
        options=tuple(DraftOption(one) for one in options),
        targets=tuple(DraftOption(one) for one in targets),
        lines=_LINES.get(kind, ""),
        languages={head.languages[0]: text},
    )
    return _marked(empty, known)


def _marked(draft: Draft, section: SectionHead) -> Draft:
    """As most items of its kind are scored: by the section's points where it has them."""
    if draft.kind in ("choice", "inline-choice", "choices"):
        return draft.with_marking("scores" if section.right is None else "key")
    if draft.kind in ("text", "number", "slider"):
        return draft.with_marking("answers")
    if draft.kind == "extended-text":
        return draft.with_marking("hand", hand_marked="10")
    return draft.with_marking("lines")


def _ids_of(desk: Desk, section: str) -> list[str]:
    return [item.id for item in desk.shelf.folder.items if item.section == section]


def new_stimulus(desk: Desk) -> tuple[str, str]:
    """An empty shared text."""
    name = free_id(desk, "stimulus", list(desk.shelf.files["stimulus"]), "teks")
    return name, f"---\nid: {name}\n---\n"


def free_id(desk: Desk, what: What, others: list[str], otherwise: str) -> str:
    """The number after the highest one of `others`, or `otherwise` with a number; nothing has or had that id."""
    numbered = [(found[1], found[2]) for one in others if (found := _NUMBERED.fullmatch(one))]
    prefix, digits = max(numbered, key=lambda one: int(one[1]), default=(f"{otherwise or what}-", "000"))
    taken = {Path(file).stem.casefold() for file in desk.shelf.files[what].values()}
    taken |= {name.casefold() for name in desk.history.names(what)}
    number = int(digits) + 1
    while (name := f"{prefix}{number:0{len(digits)}d}").casefold() in taken:
        number += 1
    return name
