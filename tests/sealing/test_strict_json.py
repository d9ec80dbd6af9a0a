"""Our files in JSON: one spelling, and every other one refused. Notes' own lines are in test_body.py."""

import contextlib
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cbt_station.errors import Tampered
from cbt_station.sealing.strict_json import MOST_DEPTH, decode, encode


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    size: int
    share: float = 0.0
    more: dict[str, int] = {}
    children: tuple["Entry", ...] = ()


GOOD = b'{"name":"a","size":1,"share":0.5,"more":{"a":1,"b":2},"children":[]}'


def test_what_is_encoded_reads_back() -> None:
    entry = decode(GOOD, Entry, "files")
    assert encode(entry) == GOOD


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(b'"size":1', b'"size": 1', id="a space"),
        pytest.param(b'"size":1', b'"size":01', id="leading zero"),
        pytest.param(b'"size":1', b'"size":1.0', id="a fraction for a number"),
        pytest.param(b'"size":1', b'"size":true', id="true for a number"),
        pytest.param(b'"size":1', b'"size":"1"', id="a text for a number"),
        pytest.param(b'"size":1', b'"size":1,"size":1', id="a key twice"),
        pytest.param(b'"size":1,', b"", id="a key missing"),
        pytest.param(b'"size":1', b'"size":1,"x":1', id="an unknown key"),
        pytest.param(b'"name":"a","size":1', b'"size":1,"name":"a"', id="order of keys"),
        pytest.param(b"0.5", b"NaN", id="NaN"),
        pytest.param(b"0.5", b"-Infinity", id="infinity"),
        pytest.param(b"0.5", b"5e-1", id="another spelling"),
        pytest.param(b'"size":1', b'"size":' + b"9" * 5000, id="5000 digits"),
        pytest.param(b'{"a":1,"b":2}', b'{"b":2,"a":1}', id="order of a mapping"),
        pytest.param(b'{"a":1,"b":2}', b'{"a":1,"a":1,"b":2}', id="a mapping's key twice"),
        pytest.param(b'"name":"a"', b'"name":"\\u0061"', id="an escape that is not needed"),
        pytest.param(b'"name":"a"', b'"name":"\xff"', id="not UTF-8"),
        pytest.param(b'"name":"a"', b'"name":"\xed\xa0\x80"', id="half a pair"),
        pytest.param(b'"name":"a"', b'"name":"\\ud800"', id="half a pair escaped"),
        pytest.param(b'"children":[]', b'"children":null', id="null"),
        pytest.param(b'"children":[]', b'"children":' + b"[" * 100_000, id="deeply nested"),
        pytest.param(b"{", b"\xef\xbb\xbf{", id="byte-order mark"),
    ],
)
def test_is_refused(old: bytes, new: bytes) -> None:
    assert old in GOOD
    with pytest.raises(Tampered, match="malformed"):
        decode(GOOD.replace(old, new, 1), Entry, "files")


@pytest.mark.parametrize(
    "data", [b"", b" ", GOOD + b"\n", b" " + GOOD, GOOD + GOOD, GOOD[:-1], b"null", b"[]"]
)
def test_is_no_file(data: bytes) -> None:
    with pytest.raises(Tampered, match="malformed"):
        decode(data, Entry, "files")


def test_the_place_is_named() -> None:
    with pytest.raises(Tampered) as caught:
        decode(b"", Entry, "SESSION.files")
    assert caught.value.where == "SESSION.files"


def nested(depth: int) -> bytes:
    data = b"[]"
    for _ in range(depth):
        data = b'[{"name":"[","size":1,"share":0.0,"more":{},"children":' + data + b"}]"
    return b'{"name":"\\"[","size":1,"share":0.0,"more":{},"children":' + data + b"}"


def test_depth_is_bounded_and_brackets_in_texts_are_not_depth() -> None:
    assert encode(decode(nested(30), Entry, "files")) == nested(30)
    with pytest.raises(Tampered, match="malformed"):
        decode(nested(MOST_DEPTH // 2), Entry, "files")
    flat = encode(Entry("[" * 1000, 1))
    assert decode(flat, Entry, "files").name == "[" * 1000


def test_size_is_bounded() -> None:
    assert decode(GOOD, Entry, "files", most_bytes=len(GOOD))
    with pytest.raises(Tampered, match="malformed"):
        decode(GOOD, Entry, "files", most_bytes=len(GOOD) - 1)


@settings(max_examples=200)
@given(st.binary(max_size=60), st.integers(0, len(GOOD)), st.integers(0, 10))
def test_any_change_is_refused_or_reads_back(new: bytes, at: int, cut: int) -> None:
    data = GOOD[:at] + new + GOOD[at + cut :]
    with contextlib.suppress(Tampered):
        assert encode(decode(data, Entry, "files")) == data


@settings(max_examples=200)
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3), max_leaves=10))  # fmt: skip
def test_any_json_has_one_spelling(value: Any) -> None:
    with contextlib.suppress(UnicodeEncodeError):
        data = encode(value)
        with contextlib.suppress(Tampered):
            assert encode(decode(data, object, "any")) == data
