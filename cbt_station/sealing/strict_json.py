"""Our files in JSON, strict: what decodes encodes back to the same bytes.

That one comparison refuses duplicate keys, NaN, odd spaces, other spellings of a number or of a character, unknown
and missing fields. Depth and size are bounded before anything is built.
"""

from typing import Any, TypeVar

import msgspec

from cbt_station.errors import Tampered

T = TypeVar("T")
MOST_DEPTH = 64
_encoder = msgspec.json.Encoder(order="deterministic")
_decoders: dict[Any, "msgspec.json.Decoder[Any]"] = {}


def encode(value: Any) -> bytes:
    """The one spelling of a value: fields in the order of their type, keys of a mapping sorted, no spaces."""
    return _encoder.encode(value)


def decode(data: bytes, of: type[T], what: str, *, most_bytes: int = 64 << 20) -> T:
    """A value of type `of`, or Tampered("malformed") whose `where` is `what`."""
    if len(data) > most_bytes or _depth(data) > MOST_DEPTH:
        raise Tampered("malformed", where=what)
    try:
        value: T = _decoder(of).decode(data)
        same = encode(value) == data
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        raise Tampered("malformed", where=what) from error
    if not same:
        raise Tampered("malformed", where=what)
    return value


def _decoder(of: Any) -> "msgspec.json.Decoder[Any]":
    """Made once a type: for a union, making it costs ten times as much as decoding an event."""
    if of not in _decoders:
        _decoders[of] = msgspec.json.Decoder(of)
    return _decoders[of]


def _depth(data: bytes) -> int:
    """An upper bound of the nesting (brackets inside strings count too: they only make it stricter)."""
    if data.count(b"[") + data.count(b"{") <= MOST_DEPTH:
        return 0
    depth = deepest = 0
    in_string = escaped = False
    for byte in data:
        if in_string:
            if escaped:
                escaped = False
            elif byte == 0x5C:
                escaped = True
            elif byte == 0x22:
                in_string = False
        elif byte == 0x22:
            in_string = True
        elif byte in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif byte in b"]}":
            depth -= 1
    return deepest
