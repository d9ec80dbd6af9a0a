"""The interactions of an item in each language, checked: every body against the head, every language against the first."""

from collections.abc import Iterable, Mapping
from typing import Final

from cbt_station.banks.faults import FaultList
from cbt_station.banks.inlines import Named
from cbt_station.banks.item_body import BodyText, OptionText, PartText
from cbt_station.banks.item_head import Part
from cbt_station.banks.kinds import KINDS, SPOTTED, STEMLESS, Body, build, ids_of
from cbt_station.exam.content import Blocks, Paragraph, Text
from cbt_station.exam.interactions import RESPONSE, Composite, Simple, parts_of
from cbt_station.exam.item import MOST_OPTIONS, Shown

_DISTINCT: Final = ("choice", "choices", "inline-choice", "order")
"""Kinds in which two options that look the same make no sense."""


class PartsReader:
    """Puts the heads and bodies of one file together."""

    def __init__(
        self,
        file: str,
        faults: FaultList,
        parts: Mapping[str, Part],
        *,
        composite: bool,
        without_stem: bool = False,
    ) -> None:
        """`without_stem`: the head says that the item asks nothing beside what is to be answered."""
        self._file, self._faults, self._parts, self._composite = file, faults, parts, composite
        self._without_stem = without_stem

    def shown(self, texts: Mapping[str, BodyText]) -> dict[str, Shown]:
        """The item in every language in which all that it needs is there."""
        found: dict[str, Shown] = {}
        for language, text in texts.items():
            self._check_places(text)
            interactions = {
                name: self._interaction(part, text.parts[name], is_first=not found)
                for name, part in self._parts.items()
            }
            good = {name: one for name, one in interactions.items() if one is not None}
            if len(good) == len(interactions):
                found[language] = Shown(text.stem, Composite(good) if self._composite else good[RESPONSE])
        self._check_languages(texts, found)
        return found

    def _check_places(self, text: BodyText) -> None:
        """Every inline interaction has one slot, and every interaction of a composite item one place."""
        kinds = {name: KINDS[part.head.kind] for name, part in self._parts.items()}
        self._check_stem(text)
        for slot in text.slots:
            if slot.id not in kinds:
                self._note(slot.line, "slot-unknown", id=slot.id)
            elif not kinds[slot.id].inline:
                self._note(slot.line, "slot-of-block", id=slot.id)
        everywhere = (*text.slots, *text.places)
        self._check_once(everywhere, "slot-twice")
        for name, kind in kinds.items():
            needed = (kind.inline or self._composite) and not text.has_faults
            if needed and text.stem and all(place.id != name for place in everywhere):
                self._note(text.line, "slot-missing", id=name)

    def _check_stem(self, text: BodyText) -> None:
        """A question that was forgotten is a fault; one that is not meant to be there is said in the head."""
        kind = "" if self._composite else self._parts[RESPONSE].head.kind
        stemless = kind in STEMLESS or (self._without_stem and bool(kind) and not KINDS[kind].inline)
        if not text.stem and not text.has_faults and not stemless:
            self._note(text.line, "stem-empty")
        if text.stem and self._without_stem:
            self._note(text.line, "stem-said")

    def _check_once(self, named: Iterable[Named], code: str) -> None:
        seen: set[str] = set()
        for one in named:
            if one.id in seen:
                self._note_named(one, code)
            seen.add(one.id)

    def _note_named(self, one: Named, code: str) -> None:
        if code == "slot-twice":
            self._note(one.line, "slot-twice", id=one.id)
        else:
            self._note(one.line, "hot-twice", id=one.id)

    def _interaction(self, part: Part, text: PartText, *, is_first: bool) -> Simple | None:
        kind = KINDS[part.head.kind]
        self._check_lists(part, text)
        self._check_text(part.head.kind, text)
        lists = {"options": text.options, "targets": text.targets}
        if any(not lists.get(piece, True) for piece in kind.layout):
            return None
        if "picture" in kind.layout and text.picture is None:
            return None
        spotted = SPOTTED.get(part.head.kind)
        if spotted is not None and not self._check_spots(part, lists[spotted]):
            return None
        if is_first:
            self._check_each(part, text)
        body = Body(
            options={option.id: option.content for option in text.options},
            targets={target.id: target.content for target in text.targets},
            text=text.text,
            gaps=tuple(gap.id for gap in text.gaps),
            picture=text.picture,
        )
        return build(part.head, part.values, body, plain_label)

    def _check_lists(self, part: Part, text: PartText) -> None:
        """Ids once in both lists together, nothing empty, and no more than an item may have."""
        seen: set[str] = set()
        contents: list[Blocks] = []
        for option in (*text.options, *text.targets):
            if option.id in seen:
                self._note(option.line, "option-twice", option=option.id)
            if not option.content and not option.has_faults:
                self._note(option.line, "option-empty", option=option.id)
            elif option.content and option.content in contents and part.head.kind in _DISTINCT:
                self._note(option.line, "options-equal", option=option.id)
            seen.add(option.id)
            contents.append(option.content)
        least = KINDS[part.head.kind].least_options
        if text.options and not least <= len(text.options) <= MOST_OPTIONS - len(text.targets):
            self._note(
                text.options[0].line,
                "option-count",
                count=len(text.options) + len(text.targets),
                least=least,
                most=MOST_OPTIONS,
            )

    def _check_text(self, kind: str, text: PartText) -> None:
        """Gaps only in a gap match, hot words only in a hottext, each id once, and none that an option has."""
        for gap in text.gaps if kind != "gap-match" else ():
            self._note(gap.line, "slot-outside", id=gap.id)
        for hot in text.hots if kind != "hottext" else ():
            self._note(hot.line, "hot-outside", id=hot.id)
        self._check_once(text.gaps, "slot-twice")
        offered = {option.id for option in text.options}
        for gap in text.gaps if kind == "gap-match" else ():
            if gap.id in offered:
                self._note(gap.line, "option-twice", option=gap.id)
        self._check_once(text.hots, "hot-twice")
        if kind == "gap-match" and text.text and not text.gaps and not text.has_faults:
            self._note(text.line, "gaps-missing")
        if kind == "hottext" and text.text and not text.hots and not text.has_faults:
            self._note(text.line, "hots-missing")

    def _check_spots(self, part: Part, labels: tuple[OptionText, ...]) -> bool:
        spots, labelled = tuple(part.head.spots), tuple(label.id for label in labels)
        if spots and spots != labelled and not part.has_faults:
            self._note(labels[0].line, "spots-differ", expected=" ".join(spots), found=" ".join(labelled))
        for label in labels:
            if label.content and not plain_label(label.content):
                self._note(label.line, "label-not-plain", id=label.id)
        return spots == labelled

    def _check_each(self, part: Part, text: PartText) -> None:
        """A place in a picture is neither shuffled nor has it a least number of uses."""
        everything = {one.id for one in (*text.options, *text.targets)}
        offered = everything - set(part.head.spots)
        for name in part.head.fixed:
            if name not in offered:
                self._note(part.fields.line("fixed"), "fixed-of-no-option", option=name)
        for key, each, names in (
            ("most-each", part.head.most_each, everything),
            ("least-each", part.head.least_each, offered),
        ):
            for name in each:
                if name not in names:
                    self._note(part.fields.line(key), "each-of-no-option", key=key, option=name)

    def _check_languages(self, texts: Mapping[str, BodyText], shown: Mapping[str, Shown]) -> None:
        first: tuple[tuple[str, ...], ...] | None = None
        for language, one in shown.items():
            ids = tuple(names for part in parts_of(one.interaction).values() for names in ids_of(part))
            if first is None:
                first = ids
            elif ids != first:
                self._note(texts[language].line, "languages-differ", expected=_flat(first), found=_flat(ids))

    def _note(self, line: int, code: str, /, **facts: object) -> None:
        self._faults.add(self._file, line, code, **facts)


def _flat(ids: tuple[tuple[str, ...], ...]) -> str:
    return " ".join(name for names in ids for name in names)


def plain_label(content: Blocks) -> str:
    """The label of a spot: one paragraph of plain words; empty for anything else."""
    if len(content) == 1 and isinstance(content[0], Paragraph):
        line = content[0].content
        if len(line) == 1 and isinstance(line[0], Text) and line[0] == Text(line[0].text):
            return line[0].text
    return ""


def labelled(label: str) -> Blocks:
    """A spot's label as content."""
    return (Paragraph((Text(label),)),)
