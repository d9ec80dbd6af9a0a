"""Strict parsing of everything that is not a note: another spelling of the same content, or half of it, is refused.

Notes are held in tests/sealing/test_body.py and test_notes.py; what a package's container may be in test_package.py.
"""

import base64
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cbt_station.artefacts.commitments import commitment, read_commitments, write_commitments
from cbt_station.artefacts.entry import LOGGED_KINDS, read_entry, write_entry
from cbt_station.artefacts.files import FileEntry, read_files, sha256_hex, write_files
from cbt_station.artefacts.form import form_of
from cbt_station.artefacts.journal import JournalRecord, check_journal, read_line, write_line
from cbt_station.artefacts.names import belongs_to_venue, hex_bytes, is_file_name, is_word
from cbt_station.artefacts.pool import Positions, read_pool, read_positions, require_drawable, write_positions
from cbt_station.artefacts.result import read_bundle, slip_code, slip_prefix, write_bundle
from cbt_station.artefacts.roster import RosterEntry, pin_check, read_roster, require_identity, write_roster
from cbt_station.artefacts.scoring import ScoringFile, plain, read_scoring, write_scoring
from cbt_station.artefacts.signed import instant
from cbt_station.artefacts.unlock import open_unlock, write_unlock
from cbt_station.errors import Failure, Refusal, Tampered
from cbt_station.exam.blueprint import Requirement
from cbt_station.exam.events import SittingStarted
from cbt_station.exam.item import OptionScores
from cbt_station.sealing import strict_json
from cbt_station.sealing.age import HybridIdentity, Passphrase, encrypt
from tests.world import LOG_N, POSITIONS, SESSION, VENUE, identity, sat, world

ID = sha256_hex(b"one")
OTHER_ID = sha256_hex(b"two")
FILES = write_files([FileEntry("a.age", 1, ID), FileEntry("b.note", 22, OTHER_ID)], "test")
COMMITMENTS = write_commitments([ID, OTHER_ID], "test")
ENTRY = write_entry("test", "result", ID)


def tampered(does: Callable[[bytes], object], data: bytes) -> str:
    with pytest.raises(Tampered) as caught:
        does(data)
    return caught.value.code


# --- lists of lines ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("read", "data"),
    [
        pytest.param(read_files, FILES.replace(b"22", b"022"), id="files: a leading zero"),
        pytest.param(read_files, FILES.replace(b" 22 ", b" +22 "), id="files: a sign"),
        pytest.param(read_files, FILES.replace(b"b.note", b"../b"), id="files: a path"),
        pytest.param(read_files, FILES.replace(b"b.note", b".b"), id="files: a hidden file"),
        pytest.param(read_files, FILES.replace(b"b.note", b"a.age"), id="files: a name twice"),
        pytest.param(read_files, FILES.replace(ID.encode(), ID.upper().encode()), id="files: upper case"),
        pytest.param(read_files, FILES[:-1], id="files: no last newline"),
        pytest.param(read_files, FILES + b"\n", id="files: an empty line"),
        pytest.param(read_files, FILES.replace(b"\n", b"\r\n"), id="files: CR"),
        pytest.param(read_files, b"\xef\xbb\xbf" + FILES, id="files: BOM"),
        pytest.param(read_files, FILES.replace(b"files/v1", b"files/v2"), id="files: another version"),
        pytest.param(read_files, FILES.replace(b" test", b" exam"), id="files: no mode"),
        pytest.param(read_files, COMMITMENTS, id="files: commitments"),
        pytest.param(
            read_files,
            b"\n".join([FILES.split(b"\n")[at] for at in (0, 2, 1, 3)]),
            id="files: not sorted",
        ),
        pytest.param(
            read_commitments, COMMITMENTS.replace(ID.encode(), ID[:-1].encode()), id="commitments: short"
        ),
        pytest.param(
            read_commitments, COMMITMENTS.replace(ID.encode(), OTHER_ID.encode()), id="commitments: twice"
        ),
        pytest.param(read_commitments, COMMITMENTS + ID.encode(), id="commitments: half a line more"),
        pytest.param(read_commitments, COMMITMENTS[: len(COMMITMENTS) // 2], id="commitments: half"),
        pytest.param(read_commitments, FILES, id="commitments: files"),
        pytest.param(read_entry, b"cbt-station/entry/v1 test", id="entry: one line without its end"),
        pytest.param(read_entry, ENTRY + b"\n", id="entry: a line more"),
        pytest.param(read_entry, ENTRY.replace(b"result", b"receipt"), id="entry: a kind that is not logged"),
        pytest.param(read_entry, ENTRY.replace(b"result ", b"result  "), id="entry: a space more"),
        pytest.param(read_entry, ENTRY.replace(ID.encode(), ID[:63].encode()), id="entry: a short id"),
        pytest.param(read_entry, b"\xff" + ENTRY, id="entry: not ASCII"),
    ],
)
def test_lines_have_one_spelling(read: Callable[[bytes], object], data: bytes) -> None:
    assert tampered(read, data) in {"malformed", "note-type"}


def test_what_was_written_is_read() -> None:
    assert read_files(FILES)[0]["b.note"] == FileEntry("b.note", 22, OTHER_ID)
    assert read_commitments(COMMITMENTS) == (frozenset({ID, OTHER_ID}), "test")
    for kind in LOGGED_KINDS:
        assert read_entry(write_entry("official", kind, ID)) == ("official", kind, ID)


@given(st.binary(max_size=200))
def test_no_bytes_whatever_make_a_reader_fail_otherwise(data: bytes) -> None:
    for read in (
        read_files,
        read_commitments,
        read_entry,
        read_pool,
        read_positions,
        read_roster,
        read_bundle,
    ):
        with pytest.raises(Tampered):
            read(data)


# --- JSON -------------------------------------------------------------------------------------------------------


def json_artefacts() -> dict[str, tuple[Callable[[bytes], Any], bytes]]:
    here = world("official")
    return {
        "pool": (read_pool, here.sealed.committee[f"{SESSION}.pool"]),
        "positions": (read_positions, here.sealed.public[f"{SESSION}.positions"]),
        "roster": (read_roster, write_roster(here.roster)),
        "scoring": (
            read_scoring,
            write_scoring(ScoringFile("test", SESSION, 1, ID, {"a": OptionScores({"x": Decimal("2.5")})})),
        ),
        "result": (read_bundle, write_bundle(sat("official").bundle)),
    }


@pytest.mark.parametrize("what", json_artefacts())
def test_json_is_read_back_to_the_same_bytes(what: str) -> None:
    read, data = json_artefacts()[what]
    assert strict_json.encode(read(data)) == data


JSON_FAULTS: dict[str, Callable[[bytes], bytes]] = {
    "a space": lambda data: data.replace(b":", b": ", 1),
    "a newline at the end": lambda data: data + b"\n",
    "another type": lambda data: data.replace(b"/v1", b"/v2", 1),
    "the type missing": lambda data: b"{" + data.partition(b",")[2],
    "a key twice": lambda data: data.replace(b'"mode":', b'"session":"s","mode":', 1),
    "an unknown key": lambda data: data[:-1] + b',"extra":1}',
    "an escaped letter": lambda data: data.replace(
        SESSION.encode(), SESSION.encode().replace(b"s", b"\\u0073", 1), 1
    ),
    "another mode": lambda data: data.replace(b'"mode":"official"', b'"mode":"real"').replace(
        b'"mode":"test"', b'"mode":"real"'
    ),
    "half": lambda data: data[: len(data) // 2],
    "nothing": lambda _: b"",
    "deep nesting": lambda _: b"[" * 100_000,
    "not UTF-8": lambda data: data.replace(SESSION.encode(), b"\xff", 1),
    "half of a pair": lambda data: data.replace(SESSION.encode(), b"\\ud800", 1),
}


@pytest.mark.parametrize("fault", JSON_FAULTS)
@pytest.mark.parametrize("what", json_artefacts())
def test_json_has_one_spelling(what: str, fault: str) -> None:
    read, data = json_artefacts()[what]
    changed = JSON_FAULTS[fault](data)
    assert changed != data
    assert tampered(read, changed) == "malformed"


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda roster: replace(roster, candidates=roster.candidates[::-1]), id="not sorted"),
        pytest.param(
            lambda roster: replace(roster, candidates=roster.candidates[:1] * 2), id="a number twice"
        ),
        pytest.param(
            lambda roster: replace(
                roster,
                candidates=(
                    roster.candidates[0],
                    replace(roster.candidates[1], salt=roster.candidates[0].salt),
                ),
            ),
            id="a salt twice",
        ),
        pytest.param(
            lambda roster: replace(roster, candidates=(replace(roster.candidates[0], salt="00"),)),
            id="a short salt",
        ),
        pytest.param(
            lambda roster: replace(roster, candidates=(replace(roster.candidates[0], salt="AB" * 16),)),
            id="a salt in upper case",
        ),
        pytest.param(
            lambda roster: replace(roster, candidates=(replace(roster.candidates[0], birth_date="1999"),)),
            id="a birth date that is a year",
        ),
        pytest.param(lambda roster: replace(roster, spare=roster.spare * 2), id="a slot twice"),
    ],
)
def test_a_roster_that_contradicts_itself_is_false(change: Callable[[Any], Any]) -> None:
    assert tampered(read_roster, write_roster(change(world("official").roster))) == "malformed"


def test_positions_have_each_id_once_and_no_negative_quota() -> None:
    for positions in (POSITIONS * 2, (replace(POSITIONS[0], quota=-1),)):
        assert tampered(read_positions, write_positions(Positions("test", SESSION, positions))) == "malformed"


@pytest.mark.parametrize("score", ["NaN", "Infinity", "1E+30", "0E+999999", "0.0000001"])
def test_a_score_that_cannot_be_added_and_printed_is_false(score: str) -> None:
    data = write_scoring(ScoringFile("test", SESSION, 1, ID, {"a": OptionScores({"x": Decimal(score)})}))
    assert tampered(read_scoring, data) == "malformed"


@pytest.mark.parametrize("number", ["NaN", "sNaN", "Infinity", "1E+30"])
def test_a_signed_threshold_that_nothing_compares_with_is_false(number: str) -> None:
    pool = world("official").pool
    needs = {"general": (Requirement("TIU", Decimal(number)),)}
    with pytest.raises(Tampered) as caught:
        require_drawable(replace(pool, blueprint=replace(pool.blueprint, thresholds=needs)))
    assert (caught.value.code, caught.value.facts["reason"]) == ("pool-undrawable", "blueprint-number")


def test_a_signed_pool_that_cannot_give_a_form_is_false() -> None:
    pool = world("official").pool
    for items in ((), pool.items[:4], pool.items * 2):
        with pytest.raises(Tampered) as caught:
            require_drawable(replace(pool, items=items))
        assert caught.value.code == "pool-undrawable"
    require_drawable(pool)


@pytest.mark.parametrize(
    ("score", "text"), [("5", "5"), ("2.50", "2.5"), ("-1", "-1"), ("1E+1", "10"), ("-0", "0"), ("0.00", "0")]
)
def test_scores_are_written_as_people_write_them(score: str, text: str) -> None:
    assert plain(Decimal(score)) == text


# --- journals ---------------------------------------------------------------------------------------------------


def journal_code(change: Callable[[list[JournalRecord]], list[JournalRecord]]) -> str:
    one = sat("official")
    records = change(list(one.bundle.journal))
    with pytest.raises(Tampered) as caught:
        check_journal(records, "official", one.note.sitting, one.sitting_key.verifier)
    return caught.value.code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param(lambda _: [], "journal-empty", id="nothing"),
        pytest.param(lambda records: records[:-1], "", id="cut off: its head was signed too"),
        pytest.param(lambda records: records[1:], "journal-broken", id="without its beginning"),
        pytest.param(lambda records: records[:1] + records[2:], "journal-broken", id="a line less"),
        pytest.param(lambda records: records[:2] + records[1:], "journal-broken", id="a line twice"),
        pytest.param(
            lambda records: [replace(records[0], salt=records[1].salt), *records[1:]],
            "signature",
            id="another salt",
        ),
        pytest.param(
            lambda records: [replace(records[0], salt=records[0].salt.upper()), *records[1:]],
            "malformed",
            id="a salt in upper case",
        ),
        pytest.param(
            lambda records: [replace(records[0], salt=" " + records[0].salt[1:]), *records[1:]],
            "malformed",
            id="a salt with a space",
        ),
        pytest.param(
            lambda records: [replace(records[0], line=records[0].line + " "), *records[1:]],
            "malformed",
            id="a space",
        ),
        pytest.param(
            lambda records: [*records[:-1], replace(records[-1], head=records[-2].head)],
            "signature",
            id="an older head",
        ),
        pytest.param(
            lambda records: [*records[:-1], replace(records[-1], head=records[-1].head + "\n")],
            "malformed",
            id="a newline in a head",
        ),
        pytest.param(
            lambda records: [*records[:-1], replace(records[-1], head="é")],
            "malformed",
            id="no base64 at all",
        ),
        pytest.param(
            lambda records: [*records[:-1], replace(records[-1], head=base64.b64encode(b"short").decode())],
            "signature",
            id="a short head",
        ),
    ],
)
def test_a_journal_is_whole(change: Callable[[list[JournalRecord]], list[JournalRecord]], code: str) -> None:
    if code:
        assert journal_code(change) == code
    else:  # whoever has the journal's size and root (the result note) sees it
        one = sat("official")
        _, head = check_journal(
            change(list(one.bundle.journal)), "official", one.note.sitting, one.sitting_key.verifier
        )
        assert head.size == one.note.size - 1


def test_a_journal_of_the_other_mode_or_sitting_is_false() -> None:
    one, other = sat("official"), sat("official", "26-0002")
    key, journal = one.sitting_key.verifier, one.bundle.journal
    for mode, sitting in (("test", one.note.sitting), ("official", other.note.sitting)):
        with pytest.raises(Tampered):
            check_journal(journal, mode, sitting, key)  # type: ignore[arg-type]  # a table of pairs


def test_an_event_is_one_line() -> None:
    one = sat("official")
    assert [write_line(read_line(record.line)) for record in one.bundle.journal] == [
        record.line for record in one.bundle.journal
    ]
    assert isinstance(read_line(one.bundle.journal[0].line), SittingStarted)
    for line in ("", "{}", '{"t":"started"}', "[" * 99):
        with pytest.raises(Tampered):
            read_line(line)


# --- unlock -----------------------------------------------------------------------------------------------------

CODE = "ABCDEFGHJKMN"


@pytest.mark.parametrize(
    ("sealed", "code"),
    [
        pytest.param(lambda opener, venue: write_unlock(opener, CODE, venue, log_n=LOG_N), "", id="right"),
        pytest.param(
            lambda opener, venue: write_unlock(opener, "ABCDEFGHJKMP", venue, log_n=LOG_N),
            "code-wrong",
            id="another code",
        ),
        pytest.param(
            lambda opener, _: write_unlock(opener, CODE, HybridIdentity.generate().recipient, log_n=LOG_N),
            "venue-key-wrong",
            id="another venue",
        ),
        pytest.param(
            lambda _, venue: write_unlock(HybridIdentity.generate(), CODE, venue, log_n=LOG_N),
            "unlock-foreign",
            id="another session's key",
        ),
        pytest.param(
            lambda _, venue: encrypt(encrypt(b"x", Passphrase(CODE, LOG_N)), venue),
            "malformed",
            id="no key",
        ),
        pytest.param(
            lambda _, venue: encrypt(encrypt(b"\xff", Passphrase(CODE, LOG_N)), venue),
            "malformed",
            id="not text",
        ),
        pytest.param(lambda _, venue: encrypt(b"not age", venue), "age-header", id="nothing inside"),
        pytest.param(
            lambda _, venue: encrypt(_with_cost(encrypt(b"x", Passphrase(CODE, LOG_N)), b"21"), venue),
            "malformed",
            id="a cost that no machine bears",
        ),
        pytest.param(lambda *_: b"x" * 20_000, "malformed", id="too large"),
    ],
)
def test_an_unlock_file_opens_with_key_and_code_only(
    sealed: Callable[[HybridIdentity, Any], bytes], code: str
) -> None:
    opener, venue = identity("escrow", "1"), identity("venue", VENUE)
    data = sealed(opener, venue.recipient)
    if not code:
        assert open_unlock(data, venue, CODE, opener.recipient.text) == opener
        return
    with pytest.raises(Failure) as caught:
        open_unlock(data, venue, CODE, opener.recipient.text)
    assert caught.value.code == code


def _with_cost(sealed: bytes, cost: bytes) -> bytes:
    """The same age file whose scrypt stanza asks for another cost."""
    head, _, rest = sealed.partition(b"\n-> scrypt ")
    salt, _, rest = rest.partition(b" ")
    return head + b"\n-> scrypt " + salt + b" " + cost + b"\n" + rest.partition(b"\n")[2]


# --- what people type, and small words --------------------------------------------------------------------------


def test_a_slip_code_gives_the_beginning_of_the_result_id_back() -> None:
    code = slip_code(ID)
    assert ID.startswith(slip_prefix(code))
    assert slip_prefix(f" {code.lower()} ") == slip_prefix(code)
    for typed in ("", code[:-1], code + "0", "ßßßßßßßß", "UUUU-UUUU-UUUU-UUUU"):
        with pytest.raises(Refusal) as caught:
            slip_prefix(typed)
        assert caught.value.code == "slip-malformed"


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("1999-04-21", True),
        ("21041999", True),
        ("21-04-1999", True),
        ("21/04/1999", True),
        ("1999-04-22", False),
        ("", False),
        ("04211999", False),
        ("١٩٩٩٠٤٢١", False),
    ],
)
def test_a_birth_date_is_typed_in_more_than_one_way(typed: str, right: bool) -> None:
    entry = world("official").roster.candidates[0]
    if right:
        require_identity(entry, typed)
        return
    with pytest.raises(Refusal, match="identity-mismatch"):
        require_identity(entry, typed)


def test_a_pin_wins_over_a_birth_date_and_nobody_without_either_gets_in() -> None:
    entry = world("official").roster.candidates[0]
    with_pin = replace(entry, pin_check=pin_check(entry.salt, "4711"))
    require_identity(with_pin, " 4711 ")
    neither = RosterEntry("1", "N", "", "general", "analis-01", entry.salt)
    for one, typed in ((with_pin, "1999-04-21"), (neither, ""), (neither, "00000000")):
        with pytest.raises(Refusal, match="identity-mismatch"):
            require_identity(one, typed)


@pytest.mark.parametrize(
    ("name", "role", "venue", "belongs"),
    [
        ("cbt.example/venue/jkt-07", "venue", "jkt-07", True),
        ("cbt.example/proctor/jkt-07/ani", "proctor", "jkt-07", True),
        ("cbt.example/venue/jkt-070", "venue", "jkt-07", False),
        ("cbt.example/venue/jkt-07", "proctor", "jkt-07", False),
        ("cbt.example/proctor/proctor/jkt-07", "proctor", "jkt-07", False),
        ("cbt.example/proctor/jkt-08/proctor/jkt-07", "proctor", "jkt-07", False),
        ("venue/jkt-07", "venue", "jkt-07", False),
        ("cbt.example/venue/", "venue", "", True),
    ],
)
def test_a_key_belongs_to_one_venue(name: str, role: str, venue: str, belongs: bool) -> None:
    assert belongs_to_venue(name, role, venue) is belongs


def test_names_of_files_and_places_are_the_same_everywhere() -> None:
    assert all(map(is_file_name, ("exam-a.age", "A.b-c_d", "a")))
    assert not any(map(is_file_name, ("", ".a", "a.", "a/b", "a..b", "a b", "é", "a" * 129, "a\n")))
    assert all(map(is_word, ("a", "jkt-07", "a" * 48)))
    assert not any(map(is_word, ("", "A", "-a", "a-", "a_b", "a" * 49, "a\n")))


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("2026-12-01T08:00:00+07:00", True),
        ("2026-12-01T08:00:00.123Z", True),
        ("2026-12-01T08:00:00", False),
        ("2026-12-01", False),
        ("20261201T080000Z", False),
        ("2026-W49-2T08:00:00Z", False),
        ("2026-13-01T08:00:00Z", False),
        ("2026-12-01 08:00:00Z", False),
        ("٢026-12-01T08:00:00Z", False),
        ("2026-12-01T08:00:00Z\n", False),
    ],
)
def test_a_moment_has_one_form(text: str, good: bool) -> None:
    if good:
        assert instant(text).tzinfo is not None
        return
    with pytest.raises(Tampered, match="malformed"):
        instant(text)


def test_hex_has_one_spelling_and_one_length() -> None:
    assert hex_bytes("00ff", 2, "x") == b"\x00\xff"
    for text in ("00FF", "00 ff", "00f", "00ff00", "", "0xff"):
        with pytest.raises(Tampered, match="malformed"):
            hex_bytes(text, 2, "x")


def test_a_commitment_needs_its_whole_salt() -> None:
    assert commitment("00" * 16, "1") == sha256_hex(bytes(16) + b"\x001")
    for salt in ("00" * 15, "", "zz" * 16):
        with pytest.raises(Tampered, match="malformed"):
            commitment(salt, "1")
    with pytest.raises(Tampered, match="malformed"):
        form_of(world("official").pool, bytes(32), "ab" * 16, "not a commitment")
