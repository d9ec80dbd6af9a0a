"""Results and trees of results with one lie in them, told by whoever could tell it: station, candidate, venue, courier.

Every bundle here is signed and sealed anew around its lie, so that nothing but the lie is wrong.
"""

import dataclasses
import io
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from msgspec.structs import replace
from reportlab.pdfgen.canvas import Canvas

from cbt_station.artefacts import names
from cbt_station.artefacts.act import ActNote
from cbt_station.artefacts.closing import pairs_hash
from cbt_station.artefacts.commitments import commitment, sitting_id
from cbt_station.artefacts.files import sha256_hex
from cbt_station.artefacts.result import AbortedNote
from cbt_station.artefacts.score import DecisionNote, ScoreNote
from cbt_station.artefacts.signed import read, sign
from cbt_station.artefacts.start import StartNote
from cbt_station.assembly.trust_list import sign_list
from cbt_station.errors import Tampered
from cbt_station.exam.events import ActDone, AnswerChosen, Event
from cbt_station.sealing.notes import SigningKey, parse_note, sign_note
from cbt_station.sealing.pades import certificate_sha256, new_pdf_key, sign_pdf
from cbt_station.sealing.trust import open_trust
from cbt_station.verify.anything import check_path_files
from cbt_station.verify.rescoring import open_scoring, rescore
from cbt_station.verify.result import check_bound, check_bundle, check_chain, check_form, check_sealed
from cbt_station.verify.session import CheckedSession, check_session
from cbt_station.verify.sheet import check_sheet
from cbt_station.verify.tree import check_name, check_tree
from tests.world import (
    AFTER,
    ALLOTTED_MS,
    DURING,
    OTHER_VENUE,
    SESSION,
    VENUE,
    Log,
    Sat,
    World,
    act_body,
    admit_body,
    closing_note,
    identity,
    moment,
    proctor,
    quorum,
    records_of,
    sat,
    signing,
    sit,
    sitting_key,
    start_body,
    station_key,
    tree_of,
    trust_body,
    world,
)

HEX = sha256_hex(b"other")


def session_of(here: World, revealed: bool = True) -> CheckedSession:
    session, _ = check_session({**here.files, **(here.revealed if revealed else {})}, here.trust)
    assert session is not None
    return session


def inside(one: Sat) -> str:
    """The code with which the inside of a result is refused; "" for a true one."""
    here = world("official")
    try:
        checked = check_chain(one.admit, one.start, one.result, here.trust)
        check_sealed(one.sealed, checked.result.body)
        check_bound(checked, session_of(here))
        check_form(checked.result.body, session_of(here))
        check_bundle(one.bundle, checked, here.trust, here.pool.blueprint)
    except Tampered as failure:
        return failure.code
    return ""


def test_an_honest_result_is_true_inside_and_outside() -> None:
    assert inside(sat("official")) == ""
    assert inside(sat("official", "26-0002")) == ""  # with more time


def other_answer(events: list[Event]) -> list[Event]:
    return [
        replace(event, answer="b" if event.answer != "b" else "a")
        if isinstance(event, AnswerChosen)
        else event
        for event in events
    ]


def acted(*makes: Callable[[str], bytes], **changes: Any) -> Callable[[list[Event]], list[Event]]:
    """Acts in the middle of a journal, each signed at the head after its first line, unless it says another."""

    def change(events: list[Event]) -> list[Event]:
        first, *rest = events
        here = world("official")
        head = records_of([first], "official", start_body(here).sitting, sitting_key(here, "26-0001"))[1].root
        common = {"mono_ms": 1, "boot": "b1", "wall": DURING}
        acts, left_ms = list[Event](), first.left_ms
        for place, make in enumerate(makes, 2):
            note = parse_note(make(head))
            body = read(note.raw, ActNote).body
            left_ms += body.minutes * 60_000
            kept = {
                "act": body.act,
                "minutes": body.minutes,
                "id": note.id,
                "note": note.raw.decode(),
                **changes,
            }
            acts.append(ActDone(seq=place, left_ms=left_ms, **common, **kept))
        return [first, *acts, *(replace(event, seq=event.seq + len(acts)) for event in rest)]

    return change


def act(*proctors: SigningKey, **changes: Any) -> Callable[[str], bytes]:
    def make(head: str) -> bytes:
        body = act_body(world("official"), **{"act": "note", "head": head, **changes})
        return sign(body, "official", *(proctors or (proctor(),)))

    return make


def grants(*minutes: int, by: tuple[SigningKey, ...] = ()) -> dict[str, Any]:
    """A sitting to which these were granted, one after the other."""
    made = [act(*by, act="grant", minutes=one, nonce=f"{place:032x}") for place, one in enumerate(minutes)]
    granted_ms = sum(minutes) * 60_000

    def change(events: list[Event]) -> list[Event]:
        done = acted(*made)(events)
        return [
            event if place <= len(made) else replace(event, left_ms=event.left_ms + granted_ms)
            for place, event in enumerate(done)
        ]

    return {"change_events": change, "note_changes": {"granted_ms": granted_ms}}


LIES: dict[str, tuple[Callable[[World], dict[str, Any]], str]] = {
    "other answers beside the events": (lambda _: {"bundle_changes": {"answers": {}}}, "answers-differ"),
    "other answers in the events": (lambda _: {"change_events": other_answer}, "answers-differ"),
    "an option that the form does not offer": (
        lambda here: {
            "change_events": lambda events: [
                replace(event, answer="z") if isinstance(event, AnswerChosen) else event for event in events
            ],
            "bundle_changes": {"answers": {one.item: "z" for one in here.form("26-0001").items}},
        },
        "response-unknown",
    ),
    "no end": (lambda _: {"change_events": lambda events: events[:-1]}, "journal-not-ended"),
    "ended by somebody else": (
        lambda _: {
            "change_events": lambda events: [*events[:-1], replace(events[-1], by="proctor")]
        },
        "journal-not-ended",
    ),
    "two ends": (
        lambda _: {
            "change_events": lambda events: [
                *events, replace(events[-1], seq=events[-1].seq + 1)
            ]
        },
        "journal-order",
    ),
    "time that grows": (
        lambda _: {
            "change_events": lambda events: [*events[:-1], replace(events[-1], left_ms=ALLOTTED_MS)]
        },
        "journal-time",
    ),
    "more time than the blueprint grants": (
        lambda _: {
            "change_events": lambda events: [replace(events[0], allotted_ms=ALLOTTED_MS * 2), *events[1:]],
            "note_changes": {"allotted_ms": ALLOTTED_MS * 2},
        },
        "times-differ",
    ),
    "other times in the note": (lambda _: {"note_changes": {"left_ms": 1}}, "times-differ"),
    "another start in the journal": (
        lambda _: {"change_events": lambda events: [replace(events[0], start=HEX), *events[1:]]},
        "journal-of-another-sitting",
    ),
    "another root in the note": (lambda _: {"note_changes": {"root": HEX}}, "journal-not-the-sealed-one"),
    "another size in the note": (lambda _: {"note_changes": {"size": 1}}, "journal-not-the-sealed-one"),
    "another candidate inside": (
        lambda here: {"bundle_changes": {"candidate": here.roster.entry("26-0002")}},
        "commitment-unknown",
    ),
    "another form inside": (
        lambda here: {"bundle_changes": {"form": here.form("26-0002")}},
        "response-unknown form-changed",
    ),
    "another session inside": (lambda _: {"bundle_changes": {"session": "other"}}, "bundle-of-another-result"),
    "test mode inside": (lambda _: {"bundle_changes": {"mode": "test"}}, "bundle-of-another-result"),
    "another start note inside": (
        lambda _: {"bundle_changes": {"start": sat("official", "26-0002").start.decode()}},
        "bundle-of-another-result",
    ),
    "hand-overs that the note does not know": (
        lambda _: {"bundle_changes": {"handovers": ("x",)}},
        "bundle-of-another-result",
    ),
    "another edition": (lambda _: {"note_changes": {"edition": HEX}}, "result-of-another-edition"),
    "another scoring file": (lambda _: {"note_changes": {"scoring": HEX}}, "result-of-another-edition"),
    "another sealed file": (lambda _: {"note_changes": {"sealed": HEX}}, "sealed-changed"),
    "an act of a proctor": (lambda _: {"change_events": acted(act())}, ""),
    "an act that grants what was not signed": (
        lambda _: {
            "change_events": acted(act(), act="grant", minutes=5),
            "note_changes": {"granted_ms": 300_000},
        },
        "act-differs",
    ),
    "an act for another sitting": (
        lambda _: {"change_events": acted(act(sitting="0" * 32))},
        "act-of-another-sitting",
    ),
    "an act that nobody signed": (
        lambda _: {"change_events": acted(act(), note="", id="")},
        "note-malformed",
    ),
    "an act twice": (lambda _: {"change_events": acted(act(), act())}, "act-twice"),
    "two acts of one nonce": (lambda _: {"change_events": acted(act(), act(words="lain"))}, "act-twice"),
    "an act for another journal": (
        lambda _: {"change_events": acted(act(head=HEX))},
        "act-of-another-journal",
    ),
    "fifteen minutes by one proctor": (lambda _: grants(10, 5), ""),
    "fifteen minutes by one proctor, and then one more": (lambda _: grants(10, 5, 1), "authority-missing"),
    "an hour by two proctors": (lambda _: grants(30, 30, by=(proctor(), proctor("bayu"))), ""),
}  # fmt: skip


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_inside_a_well_signed_result_is_found(lie: str) -> None:
    make, codes = LIES[lie]
    here = world("official")
    assert inside(sit(here, **make(here))) in (codes.split() or [""])


def test_a_form_that_was_not_drawn_is_found_by_anybody_after_the_reveal() -> None:
    here = world("official")
    note = replace(sat("official").note, form=HEX)
    check_form(note, session_of(here, revealed=False))
    with pytest.raises(Tampered, match="form-not-drawn"):
        check_form(note, session_of(here))


def test_the_public_scores_what_the_committee_scores() -> None:
    here, one = world("official"), sat("official")
    sealed = here.sealed.committee[names.scoring(SESSION, 1)]
    scoring = open_scoring(
        sealed, here.manifest.body.scoring, identity("results", "1"), here.manifest.body.edition
    )
    scores = rescore(here.pool.blueprint, one.bundle.form, scoring, one.bundle.answers)
    assert scores.outcomes["total"] == scores.outcomes["TIU"] + scores.outcomes["TKP"]
    for expected, edition, code in (
        (HEX, here.manifest.body.edition, "file-changed"),
        (here.manifest.body.scoring, HEX, "scoring-of-another-edition"),
    ):
        with pytest.raises(Tampered, match=code):
            open_scoring(sealed, expected, identity("results", "1"), edition)


# --- trees ------------------------------------------------------------------------------------------------------


def aborted(here: World, one: Sat, **changes: Any) -> bytes:
    note = one.note
    kept: dict[str, Any] = {
        "trust": 1, "session": SESSION, "venue": VENUE, "sitting": note.sitting, "start": note.start,
        "commitment": note.commitment, "size": note.size, "root": note.root, "sealed": note.sealed,
        "sealed_size": note.sealed_size, "cause": "listrik padam", "at": AFTER,
    }  # fmt: skip
    body = AbortedNote(**{**kept, **changes})
    return sign(body, here.mode, signing("venue", VENUE), proctor(), proctor("bayu"))


def put(files: dict[str, bytes], kind: str, data: bytes) -> dict[str, bytes]:
    return {**files, names.tree_note(kind, parse_note(data).id): data}


def without(files: dict[str, bytes], *parts: str) -> dict[str, bytes]:
    return {name: data for name, data in files.items() if not any(part in name for part in parts)}


def problems(files: dict[str, bytes]) -> dict[str, str]:
    here = world("official")
    _, steps = check_tree(files, here.trust, session_of(here))
    return {step.name: step.code for step in steps.done if step.verdict != "true" and not step.optional}


ONE, TWO = (lambda: sat("official")), (lambda: sat("official", "26-0002"))


@cache  # sealed anew, it would be another one
def TWIN() -> Sat:
    return sit(world("official"), note_changes={"level": "station"})


def decision(
    here: World, counts: Sat, number: int = 1, session: str = SESSION, signers: list[SigningKey] | None = None
) -> bytes:
    body = DecisionNote(
        trust=1,
        session=session,
        number=number,
        what=f"count-result {parse_note(counts.result).id}",
        why="dua berkas",
        old_scoring=HEX,
        new_scoring=HEX,
        results=(),
        difference=HEX,
        at=AFTER,
    )
    return sign(body, here.mode, *(signers or quorum("committee")))


def decided(
    here: World, counts: Sat, closed: list[Sat] | None = None, **of_decision: Any
) -> dict[str, bytes]:
    closings = [closing_note(here, closed)] if closed else []
    files = {**tree_of(here, [ONE()], *closings), **TWIN().tree()}
    return put(files, "decision", decision(here, counts, **of_decision))


def whole() -> dict[str, bytes]:
    here = world("official")
    return tree_of(here, [ONE(), TWO()], closing_note(here, [ONE(), TWO()]))


def second_closing(cites: str | None = None, **changes: Any) -> bytes:
    here = world("official")
    first = parse_note(closing_note(here, [ONE()])).id
    return closing_note(here, [ONE(), TWO()], number=2, cites=cites or first, **changes)


TREES: dict[str, tuple[Callable[[World], dict[str, bytes]], dict[str, str]]] = {
    "two results and their closing": (lambda _: whole(), {}),
    "no closing yet": (lambda here: tree_of(here, [ONE(), TWO()]), {}),
    "a result less than closed": (
        lambda here: tree_of(here, [ONE()], closing_note(here, [ONE(), TWO()])),
        {"counted": "results-missing"},
    ),
    "a result more than closed": (
        lambda here: tree_of(here, [ONE(), TWO()], closing_note(here, [ONE()])),
        {"counted": "results-not-the-closed-ones"},
    ),
    "another result than closed": (
        lambda here: tree_of(here, [TWO()], closing_note(here, [ONE()])),
        {"counted": "results-not-the-closed-ones"},
    ),
    "a closing of another manifest": (
        lambda here: tree_of(here, [ONE()], closing_note(here, [ONE()], manifest=HEX)),
        {"closing": "closing-of-another-session"},
    ),
    "a second closing": (
        lambda here: tree_of(here, [ONE(), TWO()], closing_note(here, [ONE()]), second_closing()),
        {},
    ),
    "a second closing that cites another": (
        lambda here: tree_of(here, [ONE(), TWO()], closing_note(here, [ONE()]), second_closing(HEX)),
        {"closing-chain": "closing-chain"},
    ),
    "a second closing without the first": (
        lambda here: tree_of(here, [ONE(), TWO()], second_closing()),
        {"closing-chain": "evidence-missing"},
    ),
    "two first closings": (
        lambda here: tree_of(
            here, [ONE()], closing_note(here, [ONE()]), closing_note(here, [ONE()], incidents=1)
        ),
        {"closing-chain": "twin-closings"},
    ),
    "a sitting with two results": (
        lambda here: {**tree_of(here, [ONE()]), **sit(here, note_changes={"level": "station"}).tree()},
        {"twin": "twin-results"},
    ),
    "a sitting both sealed and aborted": (
        lambda here: put(tree_of(here, [ONE()]), "aborted", aborted(here, ONE())),
        {"twin": "twin-results"},
    ),
    "an aborted sitting, closed": (
        lambda here: put(
            without(tree_of(here, [ONE()], aborted_closing(here)), "result"), "aborted", aborted(here, ONE())
        ),
        {},
    ),
    "an aborted sitting, closed, whose note is gone": (
        lambda here: without(tree_of(here, [ONE()], aborted_closing(here)), "result"),
        {"counted": "results-missing", "ended": "sitting-without-end"},
    ),
    "an aborted note about another candidate": (
        lambda here: put(tree_of(here, [ONE()]), "aborted", aborted(here, ONE(), commitment=HEX)),
        {"aborted": "result-of-another-sitting"},
    ),
    "no start note": (
        lambda here: without(tree_of(here, [ONE()]), "start"),
        {"result": "evidence-missing"},
    ),
    "no admit note": (
        lambda here: without(tree_of(here, [ONE()]), "admit"),
        {"result": "evidence-missing", "start": "evidence-missing"},
    ),
    "a start that the station alone signed": (
        lambda here: put(
            tree_of(here, [ONE()]), "start", sign_note(parse_note(TWO().start).text, station_key())
        ),
        {"start": "authority-missing"},
    ),
    "another sitting's start under the name": (
        lambda here: {
            **tree_of(here, [ONE()]), names.tree_note("start", ONE().note.start): TWO().start
        },
        {"name": "name-differs", "result": "result-of-another-sitting"},
    ),
    "a result under another's name": (
        lambda here: {
            **without(tree_of(here, [ONE()]), "result-"), names.tree_note("result", HEX): ONE().result
        },
        {"name": "name-differs"},
    ),
    "a sealed file under another's name": (
        lambda here: {**tree_of(here, [ONE()]), names.tree_sealed(HEX): ONE().sealed},
        {"name": "name-differs"},
    ),
    "the sealed file of another": (
        lambda here: {**tree_of(here, [ONE()]), names.tree_sealed(ONE().note.sealed): TWO().sealed},
        {"name": "name-differs", "sealed": "sealed-changed"},
    ),
    "a proof of another note": (
        lambda _: {
            **whole(), names.tree_proof(parse_note(ONE().result).id): whole()[names.tree_proof(parse_note(TWO().result).id)]
        },
        {"logged": "inclusion"},
    ),
    "a note of another kind": (
        lambda here: {**tree_of(here, [ONE()]), "notes/decision-x.note": b"hello"},
        {"name": "note-malformed"},
    ),
    "a result of the other mode": (
        lambda here: {**tree_of(here, [ONE()]), **sat("test", "26-0002").tree()},
        {"admit": "mode-mixed", "start": "mode-mixed", "result": "mode-mixed"},
    ),
    "twins, between which the committee decided": (lambda here: decided(here, TWIN()), {}),
    "decided twins, closed with the one": (lambda here: decided(here, TWIN(), [ONE()]), {}),
    "decided twins, closed with the other": (lambda here: decided(here, TWIN(), [TWIN()]), {}),
    "decided twins, closed with both": (
        lambda here: decided(here, TWIN(), [ONE(), TWIN()]), {"counted": "results-missing"}
    ),
    "decided twins, closed with neither": (
        lambda here: decided(here, TWIN(), [TWO()]), {"counted": "results-not-the-closed-ones"}
    ),
    "twins, and a decision for another sitting": (
        lambda here: decided(here, TWO()), {"twin": "twin-results"}
    ),
    "twins, and a decision of another session": (
        lambda here: decided(here, TWIN(), session="lain-1"),
        {"decision": "decision-of-another-session", "twin": "twin-results"},
    ),
    "twins, and a decision that the committee did not sign": (
        lambda here: decided(here, TWIN(), signers=quorum("release")),
        {"decision": "signature-extra", "twin": "twin-results"},
    ),
    "sealed and aborted, and the committee decided": (
        lambda here: put(
            put(tree_of(here, [ONE()]), "aborted", aborted(here, ONE())), "decision", decision(here, ONE())
        ),
        {},
    ),
    "a result of nobody on the roster": (
        lambda here: {**tree_of(here, [ONE()]), **stranger(here).tree()},
        {"bound": "commitment-unknown", "form": "form-not-drawn", "start": "commitment-unknown"},
    ),
    "a second closing that leaves out a result of the first": (
        lambda here: tree_of(here, [ONE()], closing_note(here, [ONE(), TWO()]), fewer(here, [ONE()])),
        {"closing-chain": "closing-shrinks"},
    ),
    "a second closing with another result instead": (
        lambda here: tree_of(here, [TWO()], closing_note(here, [ONE()]), closing_note(
            here, [TWO()], number=2, cites=parse_note(closing_note(here, [ONE()])).id
        )),
        {"closing-chain": "closing-shrinks"},
    ),
    "a closing that is silent about granted minutes": (
        lambda here: tree_of(here, [ONE()], closing_note(here, [ONE()], minutes_granted=7)),
        {"counted": "closing-count"},
    ),
    "a closing that calls a result aborted": (
        lambda here: tree_of(here, [ONE()], closing_note(here, [ONE()], aborted=1)),
        {"counted": "closing-count"},
    ),
    "a start whose result was left out before the closing": (
        lambda here: put(tree_of(here, [ONE()], closing_note(here, [ONE()])), "start", TWO().start),
        {"ended": "sitting-without-end"},
    ),
    "a start that still runs": (
        lambda here: put(tree_of(here, [ONE()]), "start", TWO().start),
        {},
    ),
    "a candidate who was begun twice": (
        lambda here: put(tree_of(here, [ONE()], closing_note(here, [ONE()])), "start", again(here)),
        {"twin": "twin-starts"},
    ),
    "a start that nobody of the venue signed": (
        lambda here: put(tree_of(here, [ONE()]), "start", again(here, signing("hub", OTHER_VENUE))),
        {"start": "authority-missing"},
    ),
    "an admission that nobody of the venue signed": (
        lambda here: put(tree_of(here, [ONE()]), "admit", sign(
            replace(admit_body(), facts={"system": "other"}), "official", station_key(), signing("score", "1")
        )),
        {"admit": "authority-missing"},
    ),
}  # fmt: skip


def fewer(here: World, sats: list[Sat]) -> bytes:
    """The closing after one that counted ONE and TWO."""
    return closing_note(here, sats, number=2, cites=parse_note(closing_note(here, [ONE(), TWO()])).id)


def again(here: World, by: SigningKey | None = None) -> bytes:
    """A second start of ONE's sitting, with a key of its own."""
    body = read(ONE().start, StartNote).body
    key = SigningKey.from_seed(names.journal_origin("official", body.sitting), b"\x32" * 32)
    return sign(replace(body, sitting_key=key.verifier.text), here.mode, station_key(), by or proctor())


def aborted_closing(here: World) -> bytes:
    return closing_note(here, [ONE()], aborted=1, pairs=pairs_hash([(ONE().note.start, "aborted")]))


def stranger(here: World) -> Sat:
    """A station and a proctor who seal a sitting of somebody who is on no roster."""
    salt = "12" * 16
    who = commitment(salt, "99-9999")
    sitting = sitting_id(SESSION, who)
    key = SigningKey.from_seed(names.journal_origin("official", sitting), b"\x31" * 32)
    start = sign(
        replace(start_body(here), commitment=who, sitting=sitting, sitting_key=key.verifier.text),
        "official",
        station_key(),
        proctor(),
    )
    note = replace(ONE().note, commitment=who, sitting=sitting, start=parse_note(start).id)
    return replace_sat(ONE(), start=start, result=sign(note, "official", key, station_key()), note=note)


def replace_sat(one: Sat, **changes: Any) -> Sat:
    return dataclasses.replace(one, **changes)


@pytest.mark.parametrize("case", TREES)
def test_a_tree_says_which_step_is_wrong(case: str) -> None:
    make, expected = TREES[case]
    assert problems(make(world("official"))) == expected


def test_a_tree_of_another_session_is_not_bound_to_this_one() -> None:
    here = world("official")
    bound = session_of(here)
    note = dataclasses.replace(bound.manifest.note, text=bound.manifest.note.text + "x\n")
    other = replace(bound, manifest=replace(bound.manifest, note=note))
    _, steps = check_tree(tree_of(here, [ONE()]), here.trust, other)
    assert [step.code for step in steps.done if step.name == "bound"] == ["result-of-another-session"]


def test_without_a_session_a_tree_is_checked_as_far_as_it_goes() -> None:
    _, steps = check_tree(whole(), world("official").trust)
    assert steps.verdict == "true"
    assert {step.name for step in steps.done if step.optional} == {"bound"}


@pytest.mark.parametrize("beside", ["in the tree", "in the session's folder"])
def test_what_a_decision_sets_aside_is_named_and_the_newest_decision_holds(beside: str) -> None:
    here, ids = world("official"), {one: parse_note(one().result).id for one in (ONE, TWIN)}
    older, newer = decision(here, ONE(), 1), decision(here, TWIN(), 2)
    tree, folder = decided(here, ONE()), {**here.files, **here.revealed}
    if beside == "in the tree":
        tree = put(tree, "decision", newer)
    else:
        folder |= {names.decision(SESSION, 1): older, names.decision(SESSION, 2): newer}
    steps = check_path_files(tree, here.trust, folder)
    assert steps.verdict == "true"
    assert [step.subject for step in steps.done if step.name == "set-aside"] == [ids[ONE]]


def test_every_note_of_a_tree_is_checked_whatever_its_kind() -> None:
    here = world("official")
    kinds = {"exam": names.manifest, "draw": names.draw, "release": names.release, "reveal": names.reveal}
    files = {**here.files, **here.revealed}
    archive = tree_of(here, [ONE()])
    for kind, name in kinds.items():
        archive = put(archive, kind, files[name(SESSION)])
    assert check_path_files(put(archive, "score", score()), here.trust).verdict == "true"
    for kind in (*kinds, "score"):
        data = score() if kind == "score" else files[kinds[kind](SESSION)]
        unsigned = sign_note(parse_note(data).text, proctor())
        steps = check_path_files(put(archive, kind, unsigned), here.trust)
        assert steps.verdict == "false", kind


def test_names_of_files_in_a_tree() -> None:
    check_name(names.tree_sealed(sha256_hex(b"x")), b"x")
    check_name("proofs/anything", b"x")
    for name, data in (("sealed/x", b"x"), (names.tree_note("result", HEX), ONE().start)):
        with pytest.raises(Tampered, match="name-differs"):
            check_name(name, data)


# --- sheets -----------------------------------------------------------------------------------------------------


@cache
def page() -> bytes:
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(99, 99), invariant=1)
    canvas.showPage()
    canvas.save()
    return target.getvalue()


def score(**changes: Any) -> bytes:
    kept: dict[str, Any] = {
        "trust": 1, "exam": "SKD", "session": SESSION, "number": "26-0001", "name": "SITI", "scores": "total 15",
        "verdict": "P/L", "result": parse_note(ONE().result).id, "scoring": 1, "date": "2026-12-02", "salt": "abc",
    }  # fmt: skip
    return sign(ScoreNote(**{**kept, **changes}), "official", signing("score", "1"))


def sheet_problems(
    attached: dict[str, bytes], superseded: frozenset[str] | None = frozenset()
) -> dict[str, str]:
    certificate, key = new_pdf_key("Panitia", moment(AFTER))
    body = trust_body("official", pdf=(certificate_sha256(certificate),))
    trust = open_trust([sign_list(body, "official", *quorum("root"))], None)
    _, steps = check_sheet(sign_pdf(page(), certificate, key, attached, moment(AFTER)), trust, superseded)
    return {step.name: step.code for step in steps.done if step.verdict != "true" and not step.optional}


def attachments(**changes: bytes | None) -> dict[str, bytes]:
    one = ONE()
    kept = {
        "score.note": score(),
        "result.note": one.result,
        "start.note": one.start,
        "admit.note": one.admit,
    }
    given = {name.replace("_", "."): data for name, data in changes.items()}
    return {name: data for name, data in {**kept, **given}.items() if data is not None}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({}, {}, id="as it should be"),
        pytest.param({"score_note": None}, {"score": "evidence-missing"}, id="no score note"),
        pytest.param({"start_note": None}, {"result": "evidence-missing"}, id="no start note"),
        pytest.param({"score_note": b"x"}, {"score": "note-malformed"}, id="a score note that is none"),
        pytest.param(
            {"score_note": lambda: score(result=HEX)},
            {"result": "score-of-another-result"},
            id="another result's score",
        ),
        pytest.param(
            {"score_note": lambda: score(session="other")},
            {"result": "score-of-another-result"},
            id="a score of another session",
        ),
        pytest.param({"score_note": lambda: score(result=None, scores=None, verdict="TH")}, {}, id="absent"),
        pytest.param(
            {"result_note": lambda: TWO().result}, {"result": "result-of-another-sitting"}, id="two sittings"
        ),
        pytest.param(
            {"score_note": lambda: score(result=None)}, {"score": "malformed"}, id="scores out of no result"
        ),
        pytest.param({"score_note": lambda: score(scores=None)}, {"score": "malformed"}, id="no scores"),
        pytest.param({"score_note": lambda: score(scoring=0)}, {"score": "malformed"}, id="no such scoring"),
        pytest.param({"score_tlog-proof": b"x"}, {"logged": "proof-malformed"}, id="a proof that is none"),
    ],
)
def test_a_sheet_is_read_from_what_is_attached(changes: dict[str, Any], expected: dict[str, str]) -> None:
    made = {name: data() if callable(data) else data for name, data in changes.items()}
    assert sheet_problems(attachments(**made)) == expected


def test_a_superseded_sheet_is_refused() -> None:
    note_id = parse_note(score()).id
    assert sheet_problems(attachments(), frozenset({note_id})) == {"newest": "superseded"}
    certificate_unknown = check_sheet(
        sign_pdf(page(), *new_pdf_key("Lain", moment(AFTER)), attachments(), moment(AFTER)),
        world("official").trust,
    )[1]
    assert certificate_unknown.done[0].code == "pdf-certificate-unknown"


def test_a_page_with_other_numbers_is_true_as_a_paper_and_the_report_says_the_notes_numbers() -> None:
    """Who holds only the papers' key can print anything around a true note: what is told is the note's, never the page's."""
    certificate, key = new_pdf_key("Panitia", moment(AFTER))
    trust = open_trust(
        [
            sign_list(
                trust_body("official", pdf=(certificate_sha256(certificate),)), "official", *quorum("root")
            )
        ],
        None,
    )
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(200, 99), invariant=1)
    canvas.drawString(9, 50, "BUDI: total 550, P/L")
    canvas.showPage()
    canvas.save()
    forged = sign_pdf(target.getvalue(), certificate, key, attachments(), moment(AFTER))
    _, steps = check_sheet(forged, trust)
    assert steps.done[1].subject == "26-0001 SITI: total 15; P/L (score.note)"


# --- anything ---------------------------------------------------------------------------------------------------


def test_what_is_about_a_manifest_is_checked_with_the_session_at_hand() -> None:
    here = world("official")
    for name in (names.draw(SESSION), names.release(SESSION)):
        alone = check_path_files({name: here.files[name]}, here.trust)
        assert (alone.verdict, alone.done[0].code) == ("not-checkable", "evidence-missing")
        assert check_path_files({name: here.files[name]}, here.trust, here.files).verdict == "true"
    package = {names.package(SESSION): here.files[names.package(SESSION)]}
    assert check_path_files(package, here.trust).verdict == "not-checkable"
    assert check_path_files(package, here.trust, here.files).verdict == "true"
    package = {names.package(SESSION): b"x"}
    assert check_path_files(package, here.trust, here.files).verdict == "false"


def test_nothing_is_checkable_without_a_trust_list() -> None:
    here = world("official")
    assert check_path_files(here.files, None).verdict == "not-checkable"


def test_a_sealed_result_alone_is_named_by_its_hash() -> None:
    here, one = world("official"), ONE()
    name = names.tree_sealed(sha256_hex(one.sealed)).rpartition("/")[2]
    assert check_path_files({name: one.sealed}, here.trust).verdict == "true"
    assert check_path_files({name: one.sealed + b"x"}, here.trust).verdict == "not-checkable"


def test_a_superseded_sheet_is_refused_beside_the_note_that_supersedes_it() -> None:
    certificate, key = new_pdf_key("Panitia", moment(AFTER))
    body = trust_body("official", pdf=(certificate_sha256(certificate),))
    trust = open_trust([sign_list(body, "official", *quorum("root"))], None)
    newer = score(supersedes=parse_note(score()).id, scores="total 20")
    folder = put(
        {"lembar.pdf": sign_pdf(page(), certificate, key, attachments(), moment(AFTER))}, "score", newer
    )
    steps = check_path_files(folder, trust)
    assert {step.code for step in steps.done if step.verdict == "refused"} == {"superseded"}
    forged = sign(read(newer, ScoreNote).body, "official", proctor())
    steps = check_path_files(put(without(folder, "notes/"), "score", forged), trust)
    assert {step.name: step.code for step in steps.done if step.verdict != "true" and not step.optional} == {
        "note": "authority-missing"
    }


def test_a_note_of_another_kind_in_a_tree_is_not_true_by_its_name_alone() -> None:
    here = world("official")
    steps = check_path_files(
        put(whole(), "score", sign(read(score(), ScoreNote).body, "official", proctor())), here.trust
    )
    assert [step.code for step in steps.done if step.verdict == "false"] == ["authority-missing"]


def test_a_log_that_shows_two_trees_is_found_by_who_has_a_proof_of_each() -> None:
    here, mine, yours = world("official"), Log("official"), Log("official")
    one, two = parse_note(ONE().result).id, parse_note(TWO().result).id
    mine.add("result", one)
    yours.add("result", two)
    proofs = {names.tree_proof(one): mine.proof("result", one)}
    assert check_path_files(proofs, here.trust).verdict == "true"
    proofs[names.tree_proof(two)] = yours.proof("result", two)
    steps = check_path_files(proofs, here.trust)
    assert [(step.name, step.code) for step in steps.done if step.verdict == "false"] == [
        ("one-log", "log-forked")
    ]
    mine.add("result", two)
    proofs[names.tree_proof(two)] = mine.proof("result", two)
    assert check_path_files(proofs, here.trust).verdict == "true"
