"""Who must sign what: every note with a line too few, too many, twice, in another order, of another role or venue.

What a single line is worth is in tests/sealing/test_notes.py, the trust list itself in tests/sealing/test_trust.py.
"""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from cbt_station.artefacts.act import check_act
from cbt_station.artefacts.admit import check_admit
from cbt_station.artefacts.closing import check_closing
from cbt_station.artefacts.draw import DrawNote, check_draw
from cbt_station.artefacts.manifest import check_manifest
from cbt_station.artefacts.release import ReleaseNote, RevealNote, check_release, check_reveal
from cbt_station.artefacts.result import AbortedNote, check_aborted, check_result
from cbt_station.artefacts.score import DecisionNote, ScoreNote, check_decision, check_score
from cbt_station.artefacts.signed import Signed, sign
from cbt_station.artefacts.start import check_start
from cbt_station.assembly.trust_list import sign_list
from cbt_station.errors import Tampered
from cbt_station.sealing.body import Mode, NoteBody, write_body
from cbt_station.sealing.notes import Note, SigningKey, parse_note, sign_note
from cbt_station.sealing.trust import Revoked, Trust, open_trust
from tests.world import (
    AFTER,
    BEFORE,
    DRAW,
    DURING,
    OTHER_VENUE,
    SESSION,
    VENUE,
    World,
    act_body,
    admit_body,
    check_admitted,
    closing_body,
    moment,
    proctor,
    quorum,
    sat,
    signing,
    start_body,
    station_key,
    trust_body,
    world,
)

HEX = hashlib.sha256(b"something").hexdigest()
STRANGER = SigningKey.from_seed("cbt.example/committee/z", b"\x07" * 32)
Check = Callable[[World, bytes], object]


def doubled(data: bytes) -> bytes:
    note = parse_note(data)
    return Note(note.text, (*note.signatures, note.signatures[-1])).raw


def refused(check: Callable[[], object]) -> str:
    """The code of the Tampered that it raises; "" where it raises nothing."""
    try:
        check()
    except Tampered as failure:
        return failure.code
    return ""


# --- the committee's and the officers' quorum -------------------------------------------------------------------


def draw_body(here: World) -> DrawNote:
    return DrawNote(
        trust=1,
        session=SESSION,
        manifest=here.manifest.id,
        source=here.manifest.body.coming_draw,
        value=DRAW,
        at=BEFORE,
    )


def release_body(here: World) -> ReleaseNote:
    return ReleaseNote(trust=1, session=SESSION, manifest=here.manifest.id, venues=(VENUE,), at=BEFORE)


def reveal_body(here: World) -> RevealNote:
    return RevealNote(
        trust=1, session=SESSION, manifest=here.manifest.id, share=here.package.head.share, at=AFTER
    )


def decision_body(_: World) -> DecisionNote:
    return DecisionNote(
        trust=1,
        session=SESSION,
        number=1,
        what="drop-item",
        why="dua jawaban benar",
        old_scoring=HEX,
        new_scoring=HEX,
        results=(),
        difference=HEX,
        at=AFTER,
    )


QUORUM_NOTES: dict[str, tuple[str, Callable[[World], NoteBody], Check]] = {
    "manifest": (
        "committee",
        lambda here: here.manifest.body,
        lambda here, data: check_manifest(data, here.trust),
    ),
    "draw": ("committee", draw_body, lambda here, data: check_draw(data, here.trust, here.manifest)),
    "release": ("release", release_body, lambda here, data: check_release(data, here.trust, here.manifest)),
    "reveal": ("committee", reveal_body, lambda here, data: check_reveal(data, here.trust, here.manifest)),
    "decision": ("committee", decision_body, lambda here, data: check_decision(data, here.trust)),
}


def quorum_cases(role: str) -> dict[str, tuple[Callable[[NoteBody, Mode], bytes], str]]:
    other = "release" if role == "committee" else "committee"
    a, b, c = (signing(role, who) for who in "abc")
    return {
        "exactly the quorum": (lambda body, mode: sign(body, mode, a, b), ""),
        "any two of the three": (lambda body, mode: sign(body, mode, a, c), ""),
        "one missing": (lambda body, mode: sign(body, mode, a), "quorum-missed"),
        "one more than the quorum": (lambda body, mode: sign(body, mode, a, b, c), "signature-extra"),
        "one of them twice": (lambda body, mode: doubled(sign(body, mode, a)), "quorum-missed"),
        "the quorum, and one line again": (
            lambda body, mode: doubled(sign(body, mode, a, b)),
            "signature-extra",
        ),
        "in the other order": (lambda body, mode: sign(body, mode, b, a), "signature-order"),
        "one of another role": (
            lambda body, mode: sign(body, mode, a, signing(other, "b")),
            "signature-extra",
        ),
        "one whom nobody knows": (lambda body, mode: sign(body, mode, a, STRANGER), "signature-extra"),
        "of the other mode": (lambda body, _: sign(body, "test", a, b), "mode-mixed"),
        "signed over another text": (
            lambda body, mode: sign(body, mode, a, b).replace(b"session skd", b"session skb"),
            "signature-bad",
        ),
    }


@pytest.mark.parametrize("case", quorum_cases("committee"))
@pytest.mark.parametrize("kind", QUORUM_NOTES)
def test_a_quorum_signs_exactly(kind: str, case: str) -> None:
    here = world("official")
    role, body, check = QUORUM_NOTES[kind]
    make, code = quorum_cases(role)[case]
    data = make(body(here), "official")
    assert refused(lambda: check(here, data)) == code


# --- station and authority --------------------------------------------------------------------------------------


def check_start_of(here: World, data: bytes) -> object:
    return check_start(data, here.trust, check_admitted(here))


STATION_NOTES: dict[str, tuple[Callable[[World], NoteBody], Check]] = {
    "admit": (lambda _: admit_body(), lambda here, data: check_admit(data, here.trust)),
    "start": (start_body, check_start_of),
}
STATION_CASES: dict[str, tuple[Callable[[], tuple[SigningKey, ...]], str, str]] = {
    # signers, code in an official session, code in test mode
    "station and proctor": (lambda: (station_key(), proctor()), "", ""),
    "station and hub": (lambda: (station_key(), signing("hub", VENUE)), "", ""),
    "station and venue": (lambda: (station_key(), signing("venue", VENUE)), "", ""),
    "station alone": (lambda: (station_key(),), "authority-missing", ""),
    "proctor alone": (lambda: (proctor(),), "signature-missing", "signature-missing"),
    "proctor first": (lambda: (proctor(), station_key()), "signature-order", "signature-order"),
    "two proctors": (
        lambda: (station_key(), proctor(), proctor("bayu")),
        "signature-extra",
        "signature-extra",
    ),
    "another venue's proctor": (
        lambda: (station_key(), proctor("ani", OTHER_VENUE)),
        "authority-missing",
        "authority-missing",
    ),
    "a committee member": (
        lambda: (station_key(), signing("committee", "a")),
        "authority-missing",
        "authority-missing",
    ),
    "another station": (lambda: (STRANGER, proctor()), "signature-missing", "signature-missing"),
}


PROCTORS_ONLY = {"station and hub", "station and venue"}


@pytest.mark.parametrize("mode", ["official", "test"])
@pytest.mark.parametrize("case", STATION_CASES)
@pytest.mark.parametrize("kind", STATION_NOTES)
def test_a_station_and_somebody_of_its_venue_sign(kind: str, case: str, mode: Mode) -> None:
    here = world(mode)
    body, check = STATION_NOTES[kind]
    signers, official, in_test = STATION_CASES[case]
    if (
        kind == "admit" and case in PROCTORS_ONLY
    ):  # who holds the venue's key alone makes no sitting of anybody
        official = in_test = "authority-missing"
    data = sign(body(here), mode, *signers())
    assert refused(lambda: check(here, data)) == (official if mode == "official" else in_test)


def test_a_proctor_cannot_be_the_station_too() -> None:
    body = admit_body(station=proctor().name, station_key=proctor().verifier.text)
    for data in (sign(body, "official", proctor()), doubled(sign(body, "official", proctor()))):
        assert refused(lambda data=data: check_admit(data, world("official").trust)) == "key-doubled"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param({"admit": HEX}, "start-of-another-station", id="another admit note"),
        pytest.param({"venue": OTHER_VENUE}, "start-of-another-station", id="another venue"),
        pytest.param({"session": "other"}, "start-of-another-station", id="another session"),
        pytest.param({"commitment": HEX}, "start-of-another-candidate", id="another candidate"),
        pytest.param({"sitting": "0" * 32}, "start-of-another-candidate", id="another sitting"),
        pytest.param({"form": "FORM"}, "malformed", id="a form that is no hash"),
        pytest.param({"fence": 0}, "sitting-key-foreign", id="no fence"),
        pytest.param(
            {"sitting_key": STRANGER.verifier.text},
            "sitting-key-foreign",
            id="a key that is named for no sitting",
        ),
        pytest.param({"sitting_key": "nonsense"}, "key-malformed", id="no key"),
    ],
)
def test_a_start_note_speaks_of_its_own_sitting(changes: dict[str, Any], code: str) -> None:
    here = world("official")
    data = sign(start_body(here, **changes), "official", station_key(), proctor())
    assert refused(lambda: check_start_of(here, data)) == code


# --- result -----------------------------------------------------------------------------------------------------


def result_code(body: NoteBody, *signers: SigningKey) -> str:
    here, one = world("official"), sat("official")
    admit = check_admit(one.admit, here.trust)
    begun = check_start(one.start, here.trust, admit)
    return refused(lambda: check_result(sign(body, "official", *signers), here.trust, admit, begun))


@pytest.mark.parametrize(
    ("signers", "code"),
    [
        pytest.param(lambda own: (own, station_key()), "", id="sitting, then station"),
        pytest.param(lambda own: (own,), "signature-missing", id="no station"),
        pytest.param(lambda _: (station_key(),), "signature-missing", id="no sitting"),
        pytest.param(lambda own: (station_key(), own), "signature-order", id="station first"),
        pytest.param(lambda own: (own, station_key(), proctor()), "signature-extra", id="and a proctor"),
        pytest.param(
            lambda _: (sat("official", "26-0002").sitting_key, station_key()),
            "signature-missing",
            id="another sitting's key",
        ),
    ],
)
def test_a_result_is_signed_by_its_sitting_and_its_station(
    signers: Callable[[SigningKey], tuple[SigningKey, ...]], code: str
) -> None:
    one = sat("official")
    assert result_code(one.note, *signers(one.sitting_key)) == code


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param({"start": HEX}, "result-of-another-sitting", id="another start"),
        pytest.param({"commitment": HEX}, "result-of-another-sitting", id="another candidate"),
        pytest.param({"form": HEX}, "result-of-another-sitting", id="another form"),
        pytest.param({"station": "station/jkt-07/02"}, "result-of-another-sitting", id="another station"),
        pytest.param({"sealed": "../../etc/passwd"}, "malformed", id="a sealed file that is a path"),
        pytest.param({"granted_ms": -1}, "malformed", id="time taken away"),
    ],
)
def test_a_result_speaks_of_its_own_start(changes: dict[str, Any], code: str) -> None:
    one = sat("official")
    assert result_code(replace(one.note, **changes), one.sitting_key, station_key()) == code


# --- closing and aborted ----------------------------------------------------------------------------------------

VENUE_CASES: dict[str, tuple[Callable[[], tuple[SigningKey, ...]], str, str, str]] = {
    # signers; code of an official closing, of an official aborted note, of both in test mode
    "venue and one proctor": (lambda: (signing("venue", VENUE), proctor()), "", "authority-missing", ""),
    "venue and two proctors": (lambda: (signing("venue", VENUE), proctor(), proctor("bayu")), "", "", ""),
    "venue and three proctors": (
        lambda: (signing("venue", VENUE), proctor(), proctor("bayu"), proctor("citra")),
        "",
        "signature-extra",
        "",
    ),
    "venue alone": (lambda: (signing("venue", VENUE),), "authority-missing", "authority-missing", ""),
    "proctors alone": (
        lambda: (proctor(), proctor("bayu")),
        "authority-missing",
        "authority-missing",
        "authority-missing",
    ),
    "proctors in the other order": (
        lambda: (signing("venue", VENUE), proctor("bayu"), proctor()),
        "signature-order",
        "signature-order",
        "signature-order",
    ),
    "another venue's key": (
        lambda: (signing("venue", OTHER_VENUE), proctor(), proctor("bayu")),
        "authority-missing",
        "authority-missing",
        "authority-missing",
    ),
    "another venue's proctors": (
        lambda: (signing("venue", VENUE), proctor("ani", OTHER_VENUE), proctor("bayu", OTHER_VENUE)),
        "authority-missing",
        "authority-missing",
        "signature-extra",
    ),
    "a hub in place of the venue": (
        lambda: (signing("hub", VENUE), proctor(), proctor("bayu")),
        "authority-missing",
        "authority-missing",
        "authority-missing",
    ),
}


def aborted_body(here: World) -> AbortedNote:
    start = start_body(here)
    return AbortedNote(
        trust=1,
        session=SESSION,
        venue=VENUE,
        sitting=start.sitting,
        start=parse_note(sat(here.mode).start).id,
        commitment=start.commitment,
        size=3,
        root=HEX,
        sealed=HEX,
        sealed_size=1,
        cause="listrik padam",
        at=AFTER,
    )


@pytest.mark.parametrize("mode", ["official", "test"])
@pytest.mark.parametrize("case", VENUE_CASES)
def test_a_venue_and_its_proctors_sign(case: str, mode: Mode) -> None:
    here = world(mode)
    signers, closing_code, aborted_code, test_code = VENUE_CASES[case]
    closing = sign(closing_body(here, [sat(mode)]), mode, *signers())
    aborted = sign(aborted_body(here), mode, *signers())
    wanted = (closing_code, aborted_code) if mode == "official" else (test_code, test_code)
    if case == "venue and three proctors" and mode == "test":
        wanted = ("", "signature-extra")
    got = (
        refused(lambda: check_closing(closing, here.trust)),
        refused(lambda: check_aborted(aborted, here.trust)),
    )
    assert got == wanted


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param({}, "", id="as it should be"),
        pytest.param({"present": 2}, "closing-count", id="more present than counted"),
        pytest.param({"aborted": 2}, "closing-count", id="more aborted than counted"),
        pytest.param({"absent": -1}, "closing-count", id="fewer than none absent"),
        pytest.param({"minutes_granted": -5}, "closing-count", id="minutes taken away"),
        pytest.param({"number": 0}, "closing-count", id="number 0"),
        pytest.param({"number": 2}, "closing-count", id="number 2 that cites nothing"),
        pytest.param({"cites": HEX}, "closing-count", id="number 1 that cites something"),
        pytest.param({"number": 2, "cites": HEX}, "", id="number 2 that cites number 1"),
        pytest.param({"pairs": "none"}, "malformed", id="pairs that are no hash"),
    ],
)
def test_the_numbers_of_a_closing_agree(changes: dict[str, Any], code: str) -> None:
    here = world("official")
    body = closing_body(here, [sat("official")], **changes)
    data = sign(body, "official", signing("venue", VENUE), proctor())
    assert refused(lambda: check_closing(data, here.trust)) == code


# --- acts -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "who", "code"),
    [
        pytest.param({}, ("ani",), "", id="one pauses"),
        pytest.param({}, ("ani", "bayu"), "signature-extra", id="two where one is enough"),
        pytest.param({"act": "grant", "minutes": 15}, ("ani",), "", id="15 minutes by one"),
        pytest.param({"act": "grant", "minutes": 16}, ("ani",), "authority-missing", id="16 minutes by one"),
        pytest.param({"act": "grant", "minutes": 16}, ("ani", "bayu"), "", id="16 minutes by two"),
        pytest.param(
            {"act": "grant", "minutes": 601}, ("ani", "bayu"), "malformed", id="more than ten hours"
        ),
        pytest.param({"act": "grant", "minutes": 0}, ("ani",), "malformed", id="a grant of nothing"),
        pytest.param({"act": "grant", "minutes": -1}, ("ani",), "malformed", id="a grant that takes away"),
        pytest.param({"act": "pause", "minutes": 5}, ("ani",), "malformed", id="minutes with a pause"),
        pytest.param({"act": "end"}, ("ani",), "authority-missing", id="an end by one"),
        pytest.param({"act": "end"}, ("ani", "bayu"), "", id="an end by two"),
        pytest.param({"act": "end"}, ("bayu", "ani"), "signature-order", id="in the other order"),
        pytest.param(
            {"act": "reopen", "minutes": 10}, ("ani", "bayu"), "", id="reopened with minutes by two"
        ),
        pytest.param({"venue": OTHER_VENUE}, ("ani",), "act-of-another-sitting", id="for another venue"),
        pytest.param({"sitting": "0" * 32}, ("ani",), "act-of-another-sitting", id="for another sitting"),
        pytest.param({"head": "here"}, ("ani",), "malformed", id="at no head"),
        pytest.param({"at": "yesterday"}, ("ani",), "malformed", id="at no time"),
    ],
)
def test_an_act_has_exactly_the_proctors_that_it_needs(
    changes: dict[str, Any], who: tuple[str, ...], code: str
) -> None:
    here = world("official")
    data = sign(act_body(here, **changes), "official", *(proctor(one) for one in who))
    sitting = start_body(here).sitting
    assert refused(lambda: check_act(data, here.trust, VENUE, sitting)) == code


def test_one_proctor_twice_is_not_two() -> None:
    here = world("official")
    data = doubled(sign(act_body(here, act="end"), "official", proctor()))
    assert refused(lambda: check_act(data, here.trust, VENUE, act_body(here).sitting)) == "authority-missing"


# --- score ------------------------------------------------------------------------------------------------------


def score_body(**changes: Any) -> ScoreNote:
    kept: dict[str, Any] = {
        "trust": 1, "exam": "SKD", "session": SESSION, "number": "26-0001", "name": "SITI", "scores": "total 15",
        "verdict": "P/L", "result": HEX, "scoring": 1, "date": "2026-12-02", "salt": "abc",
    }  # fmt: skip
    return ScoreNote(**{**kept, **changes})


@pytest.mark.parametrize(
    ("signers", "changes", "code"),
    [
        pytest.param(("score/1",), {}, "", id="the score key"),
        pytest.param(("committee/a",), {}, "authority-missing", id="a committee member"),
        pytest.param(("score/1", "committee/a"), {}, "signature-extra", id="the score key and a member"),
        pytest.param(("score/1",), {"result": "x"}, "malformed", id="a result that is no id"),
        pytest.param(("score/1",), {"date": "2026-13-01"}, "malformed", id="no date"),
        pytest.param(("score/1",), {"name": "S" * 500}, "malformed", id="more than 500 bytes"),
    ],
)
def test_exactly_the_score_key_signs_a_score(
    signers: tuple[str, ...], changes: dict[str, Any], code: str
) -> None:
    data = sign(score_body(**changes), "official", *(signing(*name.split("/")) for name in signers))
    assert refused(lambda: check_score(data, world("official").trust)) == code


# --- revoked keys -----------------------------------------------------------------------------------------------


def trust_that_revokes(key: SigningKey, since: str) -> Trust:
    """List 2 without that key, which counts for nothing from `since` on."""
    first = world("official").files["trust-1.note"]
    vkey = key.verifier.text
    draft = trust_body("official", number=2, previous=parse_note(first).id, revoked=[Revoked(vkey, since)])
    body = replace(draft, keys=tuple(one for one in draft.keys if one.vkey != vkey))
    return open_trust([first, sign_list(body, "official", *quorum("root"), chain=[first])], None)


@pytest.mark.parametrize(
    ("since", "code"),
    [
        pytest.param("2026-12-01T08:09:59+07:00", "key-revoked", id="revoked before"),
        pytest.param(DURING, "key-revoked", id="revoked at that moment"),
        pytest.param("2026-12-01T01:10:01Z", "", id="revoked after, in another zone"),
    ],
)
def test_a_revoked_key_signs_nothing_more(since: str, code: str) -> None:
    here = world("official")
    admit = sign(admit_body(at=DURING), "official", station_key(), proctor())
    act = sign(act_body(here), "official", proctor())
    closing = sign(
        closing_body(here, [sat("official")], at=DURING), "official", signing("venue", VENUE), proctor()
    )
    trust = trust_that_revokes(proctor(), since)
    assert moment(DURING).tzinfo is not None
    assert refused(lambda: check_admit(admit, trust)) == code
    assert refused(lambda: check_act(act, trust, VENUE, act_body(here).sitting)) == code
    assert refused(lambda: check_closing(closing, trust)) == code


def test_a_revoked_member_of_the_committee_signs_no_draw() -> None:
    here = world("official")
    trust = trust_that_revokes(signing("committee", "b"), BEFORE)
    data = sign(draw_body(here), "official", *quorum("committee"))
    assert refused(lambda: check_draw(data, trust, here.manifest)) == "key-revoked"
    assert refused(lambda: check_draw(data, here.trust, here.manifest)) == ""


# --- what a note is about ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "check", "code"),
    [
        pytest.param(
            lambda here: replace(draw_body(here), manifest=HEX),
            "draw",
            "draw-of-another-session",
            id="draw, manifest",
        ),
        pytest.param(
            lambda here: replace(draw_body(here), session="other"),
            "draw",
            "draw-of-another-session",
            id="draw, session",
        ),
        pytest.param(
            lambda here: replace(draw_body(here), source="dice"),
            "draw",
            "draw-not-announced",
            id="draw, source",
        ),
        pytest.param(
            lambda here: replace(draw_body(here), value="ABCD" * 8), "draw", "malformed", id="draw, value"
        ),
        pytest.param(
            lambda here: replace(release_body(here), manifest=HEX),
            "release",
            "release-of-another-session",
            id="release, manifest",
        ),
        pytest.param(
            lambda here: replace(reveal_body(here), manifest=HEX),
            "reveal",
            "reveal-of-another-session",
            id="reveal, manifest",
        ),
        pytest.param(
            lambda here: replace(reveal_body(here), share="00" * 32),
            "reveal",
            "share-mismatch",
            id="reveal, share",
        ),
        pytest.param(
            lambda here: replace(reveal_body(here), share="0 " * 31 + "00"),
            "reveal",
            "malformed",
            id="reveal, not hex",
        ),
        pytest.param(
            lambda here: replace(here.manifest.body, opens=AFTER),
            "manifest",
            "malformed",
            id="manifest, window",
        ),
        pytest.param(
            lambda here: replace(here.manifest.body, opens="2026-12-01"),
            "manifest",
            "malformed",
            id="manifest, time",
        ),
        pytest.param(
            lambda here: replace(here.manifest.body, engine="new"),
            "manifest",
            "malformed",
            id="manifest, engine",
        ),
        pytest.param(
            lambda here: replace(here.manifest.body, session="../x"),
            "manifest",
            "malformed",
            id="manifest, session",
        ),
        pytest.param(
            lambda here: replace(here.manifest.body, pool="x"), "manifest", "malformed", id="manifest, a hash"
        ),
        pytest.param(
            lambda here: replace(here.manifest.body, package_recipient="age1pq1xyz"),
            "manifest",
            "malformed",
            id="manifest, a recipient that is none",
        ),
        pytest.param(
            lambda here: replace(
                here.manifest.body, results_recipients=(here.manifest.body.package_recipient,)
            ),
            "manifest",
            "recipient-unknown",
            id="manifest, results sealed to somebody else",
        ),
        pytest.param(
            lambda here: replace(here.manifest.body, results_recipients=()),
            "manifest",
            "malformed",
            id="manifest, results sealed to nobody",
        ),
    ],
)
def test_a_signed_note_about_something_else_is_false(
    body: Callable[[World], NoteBody], check: str, code: str
) -> None:
    here = world("official")
    role, _, checks = QUORUM_NOTES[check]
    data = sign(body(here), "official", *quorum(role))
    assert refused(lambda: checks(here, data)) == code


def test_signed_keeps_the_very_bytes() -> None:
    one: Signed[Any] = world("official").manifest
    assert one.raw == world("official").files[f"exam-{SESSION}.note"]
    assert one.id == hashlib.sha256(one.note.text.encode()).hexdigest()
    assert sign_note(write_body(one.body, one.mode), *quorum("committee")) == one.raw
