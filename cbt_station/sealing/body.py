"""The text of a note: a type line, then one line a field.

    cbt-station/closing/v1 test
    trust 1
    session skd-2026-1
    present 20
    pairs ["…","…"]

A string stands as it is, a whole number in decimal, everything else as compact JSON; a field that is None has no
line. The type line is checked before anything else is believed. Strict: fields in the order of the type, exactly one
line each, and what decodes must encode back to the same bytes.
"""

import types
import unicodedata
from functools import lru_cache
from typing import Any, ClassVar, Literal, TypeAlias, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

from cbt_station.errors import Refusal, Tampered

Mode: TypeAlias = Literal["official", "test"]
MODES: tuple[Mode, ...] = ("official", "test")
MOST_BYTES = 1 << 20
"""No note is larger, but the trust list; a result note is under 2 kB."""
_DIRECTION = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""A name with these shows other letters than it has."""
_UNFIT = frozenset({"Cc", "Cs", "Zl", "Zp"})
_json = msgspec.json.Encoder(order="deterministic")


class NoteBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of every note's type. `KIND` is the word in its type line; every note names the trust list's number."""

    KIND: ClassVar[str]
    MOST_BYTES: ClassVar[int] = MOST_BYTES

    trust: int


B = TypeVar("B", bound=NoteBody)


def write_body(body: NoteBody, mode: Mode) -> str:
    """The signed text of a note, ending in a newline; Refusal("note-text-unfit") where a field cannot be a line."""
    lines = [f"cbt-station/{body.KIND}/v1 {mode}"]
    for name in body.__struct_fields__:
        value = getattr(body, name)
        if value is None:
            continue
        lines.append(f"{name} {_shown(name, value)}")
    return "\n".join(lines) + "\n"


def kind_and_mode(text: str) -> tuple[str, Mode]:
    """The kind and mode of a note's text, or Tampered("note-type")."""
    first = text.partition("\n")[0]
    for mode in MODES:
        kind = first.removeprefix("cbt-station/").removesuffix(f"/v1 {mode}")
        if first == f"cbt-station/{kind}/v1 {mode}" and kind.replace("-", "").isalnum() and kind.isascii():
            return kind, mode
    raise Tampered("note-type", first=first[:80])


def read_body(text: str, of: type[B]) -> tuple[B, Mode]:
    """The body of a note whose signatures were checked (or will be), and its mode."""
    kind, mode = kind_and_mode(text)
    if kind != of.KIND:
        raise Tampered("note-type", first=text.partition("\n")[0][:80], expected=of.KIND)
    if len(text) > of.MOST_BYTES or not is_plain(text):
        raise Tampered("note-body", where=of.KIND)
    hints = _hints(of)
    values: dict[str, Any] = {}
    names = iter(of.__struct_fields__)
    for line in text.split("\n")[1:-1]:
        key, space, shown = line.partition(" ")
        # `names` only goes forward: a field twice, or before its turn, is not found.
        name = next((name for name in names if name == key), None)
        if name is None or not space:
            raise Tampered("note-body", where=f"{of.KIND}: {key[:40]}")
        values[name] = _read(of.KIND, name, shown, hints[name])
    try:
        body = msgspec.convert(values, of)
        same = write_body(body, mode) == text
    except (msgspec.ValidationError, RecursionError, Refusal) as error:
        raise Tampered("note-body", where=of.KIND) from error
    if not same:
        raise Tampered("note-body", where=of.KIND)
    return body, mode


def is_plain(text: str) -> bool:
    """No control character but the newline, no byte-order mark, no change of direction, no half of a pair."""
    if text.isascii():
        return text.replace("\n", "").isprintable()
    return not any(
        ch in _DIRECTION or ch == "\ufeff" or (ch != "\n" and unicodedata.category(ch) in _UNFIT)
        for ch in set(text)
    )


def _shown(name: str, value: object) -> str:
    if isinstance(value, str):
        shown = value
    elif isinstance(value, int) and not isinstance(value, bool):
        if value.bit_length() > 64:
            raise Refusal("note-text-unfit", where=name)
        shown = str(value)
    else:
        try:
            shown = _json.encode(value).decode()
        except UnicodeEncodeError as error:
            raise Refusal("note-text-unfit", where=name) from error
    if not shown or shown != shown.strip() or "\n" in shown or not is_plain(shown):
        raise Refusal("note-text-unfit", where=name)
    return shown


def _read(kind: str, name: str, shown: str, hint: Any) -> Any:
    if hint is str or get_origin(hint) is Literal:
        return shown
    try:
        return msgspec.json.decode(shown, type=hint)
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:  # DecodeError covers ValidationError
        raise Tampered("note-body", where=f"{kind}: {name}") from error


@lru_cache(maxsize=64)
def _hints(of: type[NoteBody]) -> dict[str, Any]:
    """The bare type of each field: without None, and what a NewType stands for."""
    return {name: _bare(hint) for name, hint in get_type_hints(of).items()}


def _bare(hint: Any) -> Any:
    hint = _without_none(hint)
    return _bare(hint.__supertype__) if hasattr(hint, "__supertype__") else hint


def _without_none(hint: Any) -> Any:
    if get_origin(hint) in (types.UnionType, Union):
        rest = [part for part in get_args(hint) if part is not type(None)]
        return rest[0] if len(rest) == 1 else hint
    return hint
