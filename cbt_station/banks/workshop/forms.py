"""From a text to the form's fields and back.

What is written keeps of the text before every line that the form says nothing new of, so that a change of one field is
a change of one line. Reading a form is checked by writing and reading it once more: a text of which the form would
make another one has no form.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from cbt_station.banks.kinds import KINDS
from cbt_station.banks.strict_yaml import Mapping as YamlMapping
from cbt_station.banks.strict_yaml import Node, Scalar, Sequence
from cbt_station.banks.workshop.draft import Draft, DraftOption, DraftText, Marking, NoDraft
from cbt_station.banks.workshop.layout import (
    COMPOSITE,
    Entry,
    LanguageText,
    Layout,
    Listed,
    Unusual,
    lay_out,
)
from cbt_station.banks.yaml_writer import yaml_text

_PLAIN: Final = ("id", "section", "topic", "level", "title", "enemies", "stimulus", "source", "note")
_ONE: Final = ("choice", "inline-choice")
"""Kinds with one key among their options."""
_ANSWERED: Final = ("text", "number", "slider")
"""Kinds whose key is words or numbers."""
_LINES: Final = ""
"""Stands for the lines without a field, among the keys of a head."""


def draft_of(text: str, first_language: str) -> Draft | NoDraft:
    """The form of a text, or why it has none."""
    try:
        draft = _draft(lay_out(text, first_language))
    except Unusual as unusual:
        return NoDraft(unusual.code, unusual.line)
    try:
        again = _draft(lay_out(draft_text(draft, first_language), first_language))
    except Unusual:  # its line is one of a text that nobody wrote
        return NoDraft("layout")
    return draft if again == draft else NoDraft("layout")


def draft_text(draft: Draft, first_language: str, was: str = "") -> str:
    """The text of a form, with the lines of `was` that still hold."""
    try:
        layout = lay_out(was, first_language)
        before = _draft(layout)
    except Unusual:
        return f"---\n{_head(draft)}---\n{_body(draft, first_language)}"
    if draft == before:
        return was
    kept = _kept_body(draft, before, layout, first_language)
    return f"---\n{_kept_head(draft, before, layout)}---\n{kept}"


# Reading


@dataclass
class _Taken:
    """The entries of a head that a field has taken; the others stay lines."""

    entries: Mapping[str, Entry]
    keys: set[str]

    def text(self, key: str) -> str:
        """A plain text."""
        node = self._node(key)
        if not isinstance(node, Scalar):
            return ""
        self.keys.add(key)
        return node.text

    def texts(self, key: str) -> tuple[str, ...] | None:
        """A text, or several, each once and none empty."""
        node = self._node(key)
        nodes = node.items if isinstance(node, Sequence) else (node,)
        found = tuple(one.text for one in nodes if isinstance(one, Scalar) and one.text.strip())
        if not found or len(set(found)) < len(nodes):
            return None
        return found

    def is_list(self, key: str) -> bool:
        return isinstance(self._node(key), Sequence)

    def pairs(self, key: str) -> dict[str, str] | None:
        """A text for each name."""
        node = self._node(key)
        if not isinstance(node, YamlMapping):
            return None
        found = {name.text: value.text for name, value in node.entries if isinstance(value, Scalar)}
        return found if len(found) == len(node.entries) and all(found.values()) else None

    def _node(self, key: str) -> Node | None:
        return self.entries[key].value if key in self.entries else None


def _draft(layout: Layout) -> Draft:
    taken = _Taken(layout.entries, set())
    plain = {key: taken.text(key) for key in _PLAIN}
    if layout.kind != COMPOSITE:
        taken.keys.add("interaction")
    texts = {language: _text(one) for language, one in layout.languages.items()}
    options, targets = _ids(layout, "options"), _ids(layout, "targets")
    marking = _marking(layout.kind, taken, options)
    keys = (taken.texts("key") or ()) if marking == "key" else ()
    scores = (taken.pairs("scores") or {}) if marking == "scores" else {}
    answers = (taken.texts("key") or ()) if marking == "answers" else ()
    points = taken.text("points") if marking in ("key", "answers") else ""
    hand_marked = taken.text("hand-marked") if marking == "hand" else ""
    all_fixed, fixed = _fixed(layout.kind, taken, (*options, *targets))
    lines = "".join(entry.raw for key, entry in layout.entries.items() if key not in taken.keys)
    for entry in layout.entries.values():
        inside = range(entry.line, entry.line + entry.raw.count("\n"))
        if entry.key in taken.keys and not layout.comments.isdisjoint(inside):
            raise Unusual("comment", min(layout.comments.intersection(inside)))
    return Draft(
        **plain,
        kind=layout.kind,
        marking=marking,
        options=tuple(DraftOption(one, one in keys, scores.get(one, ""), one in fixed) for one in options),
        targets=tuple(DraftOption(one, is_fixed=one in fixed) for one in targets),
        all_fixed=all_fixed,
        answers=answers,
        points=points,
        hand_marked=hand_marked,
        lines=lines,
        languages=texts,
    )


def _text(one: LanguageText) -> DraftText:
    return DraftText(one.stem, tuple(e.text for e in one.options), tuple(e.text for e in one.targets))


def _ids(layout: Layout, piece: str) -> tuple[str, ...]:
    """The ids of a list, the same in every language."""
    lists: list[tuple[Listed, ...]] = [getattr(one, piece) for one in layout.languages.values()]
    ids = {tuple(entry.id for entry in one) for one in lists}
    if len(ids) > 1 or any(len(set(one)) < len(one) for one in ids):
        raise Unusual("option")
    return next(iter(ids), ())


def _marking(kind: str, taken: _Taken, options: tuple[str, ...]) -> Marking:
    """How the item is scored, as far as a form has fields for it: what they take is added to `taken`."""
    there = {"key", "scores", "hand-marked", "processing"} & set(taken.entries)
    if kind == COMPOSITE or "processing" in there or len(there) > 1:
        return "lines"
    if "hand-marked" in there:
        return "hand" if taken.texts("hand-marked") and not taken.is_list("hand-marked") else "lines"
    if kind in (*_ONE, "choices"):
        return _option_marking(kind, taken, options)
    if kind in _ANSWERED and "scores" not in there:
        if "key" in there and taken.texts("key") is None:
            return "lines"
        taken.keys |= {"key"} & set(taken.entries)
        return "answers"
    return "hand" if kind == "extended-text" and not there else "lines"


def _option_marking(kind: str, taken: _Taken, options: tuple[str, ...]) -> Marking:
    """A key and scores name options in the order of their list: another order may be another rule."""
    if "scores" in taken.entries:
        scores = taken.pairs("scores")
        if scores is None or list(scores) != [one for one in options if one in scores]:
            return "lines"
        taken.keys.add("scores")
        return "scores"
    if "key" in taken.entries:
        key = taken.texts("key")
        if taken.is_list("key") != (kind == "choices") or key is None:
            return "lines"
        if list(key) != [one for one in options if one in key]:
            return "lines"
        taken.keys.add("key")
    return "key"


def _fixed(kind: str, taken: _Taken, options: tuple[str, ...]) -> tuple[bool, tuple[str, ...]]:
    if kind == COMPOSITE or not KINDS[kind].shuffles:
        return False, ()
    found = taken.texts("fixed")
    if found == ("all",) and not taken.is_list("fixed"):
        taken.keys.add("fixed")
        return True, ()
    if found is None or not taken.is_list("fixed") or not set(found) <= set(options):
        return False, ()
    taken.keys.add("fixed")
    return False, found


# Writing


def _values(draft: Draft) -> dict[str, Any]:
    """What the head says, in the order in which it is written; `_LINES` has the place of the lines without a field."""
    values: dict[str, Any] = {key: getattr(draft, key) for key in _PLAIN[:5]}
    if draft.kind not in ("choice", COMPOSITE):
        values["interaction"] = draft.kind
    values[_LINES] = draft.lines
    values |= _marks(draft)
    values |= {"enemies": draft.enemies, "stimulus": draft.stimulus}
    fixed = [one.id for one in (*draft.options, *draft.targets) if one.is_fixed]
    values["fixed"] = "all" if draft.all_fixed else fixed
    values |= {"source": draft.source, "note": draft.note, "hand-marked": ""}
    if draft.marking == "hand":
        values["hand-marked"] = draft.hand_marked
    return {key: value for key, value in values.items() if value not in ("", [], {})}


def _marks(draft: Draft) -> dict[str, Any]:
    match draft.marking:
        case "key":
            keys = [one.id for one in draft.options if one.is_key]
            key: Any = keys[0] if len(keys) == 1 and draft.kind in _ONE else keys
            return {"key": key, "points": draft.points}
        case "scores":
            return {"scores": {one.id: one.points for one in draft.options if one.points}}
        case "answers":
            answers = list(draft.answers)
            return {"key": answers[0] if len(answers) == 1 else answers, "points": draft.points}
    return {}


def _said(key: str, value: Any) -> str:
    """The lines of one entry."""
    if key == _LINES:
        return str(value).rstrip("\n") + "\n"
    return yaml_text({key: value})


def _head(draft: Draft) -> str:
    return "".join(_said(key, value) for key, value in _values(draft).items())


def _kept_head(draft: Draft, before: Draft, layout: Layout) -> str:
    """Entries that say the same stay as they stand; changed ones take their place, new ones the place a head has for them."""
    now, then = _values(draft), _values(before)
    same_lines = now.get(_LINES) == then.get(_LINES)
    out = []
    for key in _in_order(layout, now, then, same_lines=same_lines):
        if key in layout.entries and (key not in then or now.get(key) == then[key]):
            out.append(layout.entries[key].raw)
        elif key in now:
            out.append(_said(key, now[key]))
    return "".join(out)


def _in_order(
    layout: Layout, now: Mapping[str, Any], then: Mapping[str, Any], *, same_lines: bool
) -> list[str]:
    """The keys of the head before, and each new one after its neighbour. Lines without a field stay each in its place;
    where they were changed, all of them stand where the first was.
    """
    order: list[str] = []
    for key in layout.entries:
        place = key if key in then or same_lines else _LINES
        if place not in order:
            order.append(place)
    standard = [key for key in now if key != _LINES or not same_lines]
    for index, key in enumerate(standard):
        if key not in order:
            after = [order.index(one) for one in standard[:index] if one in order]
            order.insert(max(after, default=-1) + 1, key)
    return order


def _body(draft: Draft, first_language: str) -> str:
    marked = list(draft.languages) != [first_language]
    parts = [
        f"# {language}\n\n{_rendered(draft, one)}" if marked else _rendered(draft, one)
        for language, one in draft.languages.items()
    ]
    return "\n".join(parts)


def _rendered(draft: Draft, text: DraftText) -> str:
    pieces = [text.stem] if text.stem else []
    for mark, options, texts in (("-", draft.options, text.options), ("+", draft.targets, text.targets)):
        if options:
            pieces.append(
                "\n".join(_listed(mark, one.id, said) for one, said in zip(options, texts, strict=True))
            )
    return "\n\n".join(pieces) + "\n"


def _listed(mark: str, name: str, text: str) -> str:
    first, *rest = text.split("\n")
    lines = [f"{mark} [{name}] {first}".rstrip(), *(f"  {line}" if line.strip() else "" for line in rest)]
    return "\n".join(lines)


def _kept_body(draft: Draft, before: Draft, layout: Layout, first_language: str) -> str:
    """The languages that say the same stay as they stand."""
    ids = [(one.id for one in lists) for lists in (draft.options, draft.targets)]
    ids_before = [(one.id for one in lists) for lists in (before.options, before.targets)]
    same_ids = [list(one) for one in ids] == [list(one) for one in ids_before]
    if same_ids and draft.languages == before.languages:
        return layout.body
    marked = list(draft.languages) != [first_language]
    parts = []
    for language, text in draft.languages.items():
        kept = same_ids and text == before.languages.get(language)
        said = layout.languages[language].raw.strip("\n") + "\n" if kept else _rendered(draft, text)
        parts.append(f"# {language}\n\n{said}" if marked else said)
    return "\n".join(parts)
