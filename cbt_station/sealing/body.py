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
from typing import Any, ClassVar, Literal, TypeAlias, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

from cbt_station.errors import Tampered

Mode: TypeAlias = Literal["official", "test"]
MODES: tuple[Mode, ...] = ("official", "test")
MOST_BYTES = 1 << 20
"""No note is larger; a result note is under 2 kB."""


class NoteBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of every note's type. `KIND` is the word in its type line; every note names the trust list's number."""

    KIND: ClassVar[str]

    trust: int


B = TypeVar("B", bound=NoteBody)


def write_body(body: NoteBody, mode: Mode) -> str:
    """The signed text of a note, ending in a newline."""
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
    lines = text.split("\n")[1:-1]
    hints = get_type_hints(of)
    values: dict[str, Any] = {}
    names = iter(of.__struct_fields__)
    for line in lines:
        key, space, shown = line.partition(" ")
        name = next((name for name in names if name == key), None)
        if name is None or not space or len(text) > MOST_BYTES:
            raise Tampered("note-body", where=f"{of.KIND}: {key[:40]}")
        values[name] = _read(of.KIND, name, shown, hints[name])
    try:
        body = msgspec.convert(values, of)
    except (msgspec.ValidationError, RecursionError) as error:
        raise Tampered("note-body", where=of.KIND) from error
    if write_body(body, mode) != text:
        raise Tampered("note-body", where=of.KIND)
    return body, mode


def _shown(name: str, value: object) -> str:
    if isinstance(value, str):
        if not value or value != value.strip() or any(ch < " " or ch == "\x7f" for ch in value):
            raise ValueError(
                f"{name}: a note's text must be one line without spaces at its ends, not {value!r}"
            )
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return msgspec.json.encode(value).decode()


def _read(kind: str, name: str, shown: str, hint: Any) -> Any:
    hint = _without_none(hint)
    if hint is str or get_origin(hint) is Literal:
        return shown
    try:
        return msgspec.json.decode(shown, type=hint)
    except (msgspec.DecodeError, RecursionError) as error:  # DecodeError covers ValidationError and bad UTF-8
        raise Tampered("note-body", where=f"{kind}: {name}") from error


def _without_none(hint: Any) -> Any:
    if get_origin(hint) in (types.UnionType, Union):
        rest = [part for part in get_args(hint) if part is not type(None)]
        return rest[0] if len(rest) == 1 else hint
    return hint
