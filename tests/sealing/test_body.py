"""The text of a note: one spelling, read back to the same bytes, and every malformed line refused.

Signatures are in test_notes.py; our files in JSON in test_strict_json.py.
"""

import contextlib
from typing import Any, ClassVar, Literal, NewType

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cbt_station.errors import Refusal, Tampered
from cbt_station.sealing.body import MOST_BYTES, NoteBody, kind_and_mode, read_body, write_body

ItemId = NewType("ItemId", str)


class Pair(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    start: str
    count: int


class Sample(NoteBody, frozen=True, kw_only=True):
    KIND: ClassVar[str] = "sample"

    session: str
    level: Literal["station", "second"]
    item: ItemId | None = None
    present: int
    pairs: tuple[Pair, ...] = ()
    quorums: dict[str, int] = {}  # noqa: RUF012 (msgspec copies it)
    late: bool | None = None
    share: float | None = None


BODY = Sample(
    trust=1,
    session="skd-2026-1",
    level="second",
    item=ItemId("tiu-014"),
    present=20,
    pairs=(Pair("aa", 1), Pair("Nur ‘Aini", 2)),
    quorums={"a": 1, "b": 2},
    late=True,
    share=0.5,
)
TEXT = """cbt-station/sample/v1 test
trust 1
session skd-2026-1
level second
item tiu-014
present 20
pairs [{"start":"aa","count":1},{"start":"Nur ‘Aini","count":2}]
quorums {"a":1,"b":2}
late true
share 0.5
"""


def test_a_body_is_written_line_by_line() -> None:
    assert write_body(BODY, "test") == TEXT
    assert read_body(TEXT, Sample) == (BODY, "test")


def test_a_field_without_value_has_no_line() -> None:
    body = Sample(trust=1, session="s", level="station", present=0)
    text = (
        "cbt-station/sample/v1 official\ntrust 1\nsession s\nlevel station\npresent 0\npairs []\nquorums {}\n"
    )
    assert write_body(body, "official") == text
    assert read_body(text, Sample) == (body, "official")


def test_keys_of_a_mapping_stand_sorted() -> None:
    assert 'quorums {"a":1,"b":2}\n' in write_body(
        msgspec.structs.replace(BODY, quorums={"b": 2, "a": 1}), "test"
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("present 20\n", "", id="a field missing"),
        pytest.param("present 20\n", "present 20\npresent 20\n", id="a field twice"),
        pytest.param("present 20\n", "present 20\npresent 21\n", id="a field twice with two values"),
        pytest.param("trust 1\nsession skd-2026-1\n", "session skd-2026-1\ntrust 1\n", id="order of fields"),
        pytest.param("present 20\n", "present 20\nabsent 1\n", id="an unknown field"),
        pytest.param("share 0.5\n", "share 0.5\nabsent 1\n", id="an unknown field at the end"),
        pytest.param("present 20\n", "present 20\n\n", id="an empty line"),
        pytest.param("present 20\n", " present 20\n", id="space before"),
        pytest.param("present 20\n", "present  20\n", id="two spaces"),
        pytest.param("present 20\n", "present 20 \n", id="space after a number"),
        pytest.param("session skd-2026-1\n", "session  skd-2026-1\n", id="space before a text"),
        pytest.param("session skd-2026-1\n", "session skd-2026-1 \n", id="space after a text"),
        pytest.param("session skd-2026-1\n", "session \n", id="an empty text"),
        pytest.param("session skd-2026-1\n", "session\n", id="no space"),
        pytest.param("session skd-2026-1\n", "session\tskd\n", id="a tab"),
        pytest.param("session skd-2026-1\n", "session skd\r\n", id="CRLF"),
        pytest.param("session skd-2026-1\n", "session s\u202ed\n", id="a change of direction"),
        pytest.param("session skd-2026-1\n", "session s\ud800d\n", id="half a pair"),
        pytest.param("session skd-2026-1\n", "Session skd-2026-1\n", id="upper case"),
        pytest.param("level second\n", "level third\n", id="a word that is none"),
        pytest.param("present 20\n", "present 020\n", id="leading zero"),
        pytest.param("present 20\n", "present +20\n", id="plus sign"),
        pytest.param("present 20\n", "present -0\n", id="minus zero"),
        pytest.param("present 20\n", "present 20.0\n", id="a fraction for a number"),
        pytest.param("present 20\n", "present 2e1\n", id="an exponent"),
        pytest.param("present 20\n", "present true\n", id="true for a number"),
        pytest.param("present 20\n", 'present "20"\n', id="a text for a number"),
        pytest.param("present 20\n", "present null\n", id="null for a number"),
        pytest.param("present 20\n", "present ٢٠\n", id="digits of another script"),
        pytest.param("present 20\n", "present 18446744073709551616\n", id="2 to the 64"),
        pytest.param("present 20\n", f"present {'9' * 5000}\n", id="5000 digits"),
        pytest.param("late true\n", "late 1\n", id="a number for true"),
        pytest.param("late true\n", "late null\n", id="null where no line should be"),
        pytest.param("late true\n", "late True\n", id="Python's true"),
        pytest.param("share 0.5\n", "share NaN\n", id="NaN"),
        pytest.param("share 0.5\n", "share Infinity\n", id="infinity"),
        pytest.param("share 0.5\n", "share 1e999\n", id="too large a fraction"),
        pytest.param("share 0.5\n", "share 0.50\n", id="another spelling of a fraction"),
        pytest.param('"count":1', '"count":01', id="leading zero inside"),
        pytest.param('"count":1', '"count": 1', id="a space inside"),
        pytest.param('"count":1', '"count":true', id="true for a number inside"),
        pytest.param('"count":1', '"count":1,"count":1', id="a key twice inside"),
        pytest.param('"count":1', '"count":1,"more":1', id="an unknown key inside"),
        pytest.param('"start":"aa","count":1', '"count":1,"start":"aa"', id="order of keys inside"),
        pytest.param('"start":"aa",', "", id="a key missing inside"),
        pytest.param('"aa"', '"\\u0061a"', id="an escape that is not needed"),
        pytest.param('{"a":1,"b":2}', '{"b":2,"a":1}', id="order of a mapping"),
        pytest.param('{"a":1,"b":2}', '{"a":1,"a":1,"b":2}', id="a mapping's key twice"),
        pytest.param("pairs [", "pairs " + "[" * 100_000, id="deeply nested"),
        pytest.param("pairs [", "pairs [[", id="a bracket too many"),
        pytest.param("skd-2026-1", "x" * MOST_BYTES, id="too large"),
    ],
)
def test_is_not_this_note_s_body(old: str, new: str) -> None:
    assert TEXT.count(old) == 1
    with pytest.raises(Tampered, match="note-body"):
        read_body(TEXT.replace(old, new), Sample)


@pytest.mark.parametrize("text", [TEXT[:-1], TEXT + "\n", TEXT + " ", TEXT.replace("\n", "\r\n", 1)[:-1]])
def test_is_not_a_body_at_its_end(text: str) -> None:
    with pytest.raises(Tampered):
        read_body(text, Sample)


@pytest.mark.parametrize(
    "first",
    [
        "",
        "cbt-station/sample/v1",
        "cbt-station/sample/v1 ",
        "cbt-station/sample/v1 Test",
        "cbt-station/sample/v1 test ",
        " cbt-station/sample/v1 test",
        "cbt-station/sample/v2 test",
        "cbt-station//v1 test",
        "cbt-station/sample/v1 test/v1 test",
        "cbt-station/sam ple/v1 test",
        "cbt-station/sämple/v1 test",
        "cbt-station/entry/sample/v1 test",
        "cbt-stations/sample/v1 test",
        "cbt-station/sample/v1 practice",
    ],
)
def test_is_not_a_type_line(first: str) -> None:
    for text in (first, first + "\n", TEXT.replace("cbt-station/sample/v1 test", first)):
        with pytest.raises(Tampered, match="note-type"):
            kind_and_mode(text)
        with pytest.raises(Tampered, match="note-type"):
            read_body(text, Sample)


def test_another_kind_is_refused_before_anything_is_read() -> None:
    with pytest.raises(Tampered, match="note-type"):
        read_body("cbt-station/result/v1 test\nnonsense", Sample)
    assert kind_and_mode("cbt-station/result/v1 test\nnonsense") == ("result", "test")


@pytest.mark.parametrize("value", ["", " ", " a", "a ", "a\nb", "a\r", "a\tb", "a\x7f", "\ufeffa", "a\u2028b", "\u202ea", "\ud800"])  # fmt: skip
def test_what_is_no_line_is_not_written(value: str) -> None:
    with pytest.raises(Refusal, match="note-text-unfit"):
        write_body(msgspec.structs.replace(BODY, session=value), "test")


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"present": 2**64}, id="2 to the 64"),
        pytest.param({"present": 10**5000}, id="5000 digits"),
        pytest.param({"pairs": (Pair("a\x7fb", 1),)}, id="a control character inside"),
        pytest.param({"pairs": (Pair("a\u202eb", 1),)}, id="a change of direction inside"),
        pytest.param({"pairs": (Pair("\ud800", 1),)}, id="half a pair inside"),
    ],
)
def test_what_no_reader_takes_is_not_written(changes: Any) -> None:
    with pytest.raises(Refusal, match="note-text-unfit"):
        write_body(msgspec.structs.replace(BODY, **changes), "test")


# From whole Unicode: what can be written reads back, what cannot is refused kindly.
lines = st.text(min_size=1, max_size=40)
bodies = st.builds(
    Sample,
    trust=st.integers(0, 2**63),
    session=lines,
    level=st.sampled_from(["station", "second"]),
    item=st.none() | lines,
    present=st.integers(-(2**63), 2**64 - 1),
    pairs=st.lists(st.builds(Pair, start=st.text(max_size=20), count=st.integers(0, 2**63)), max_size=3).map(
        tuple
    ),
    quorums=st.dictionaries(st.text(max_size=5), st.integers(0, 9), max_size=3),
    late=st.none() | st.booleans(),
    share=st.none() | st.floats(allow_nan=False, allow_infinity=False),
)


@settings(max_examples=300)
@given(bodies, st.sampled_from(["official", "test"]))
def test_what_is_written_reads_back(body: Sample, mode: Any) -> None:
    with contextlib.suppress(Refusal):
        text = write_body(body, mode)
        assert read_body(text, Sample) == (body, mode)
        assert text.encode().decode() == text


@settings(max_examples=300)
@given(st.text(max_size=100), st.integers(0, len(TEXT)), st.integers(0, 20))
def test_any_change_of_the_text_is_refused_or_says_what_it_says(new: str, at: int, cut: int) -> None:
    text = TEXT[:at] + new + TEXT[at + cut :]
    with contextlib.suppress(Tampered):
        body, mode = read_body(text, Sample)
        assert write_body(body, mode) == text
