"""Results and trees of results with one lie in them, told by whoever could tell it: station, candidate, venue, courier.

Every bundle here is signed and sealed anew around its lie, so that nothing but the lie is wrong.
"""

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from cbt_station.artefacts import names
from cbt_station.artefacts.act import ActNote
from cbt_station.artefacts.signed import read, sign
from cbt_station.errors import Tampered
from cbt_station.exam.events import ActDone, AnswerChosen, Event
from cbt_station.sealing.notes import SigningKey, parse_note
from cbt_station.verify.rescoring import open_scoring, rescore
from cbt_station.verify.result import check_bound, check_bundle, check_chain, check_form, check_sealed
from tests.verify.honest import HEX, session_of
from tests.world import (
    ALLOTTED_MS,
    DURING,
    SESSION,
    Sat,
    World,
    act_body,
    identity,
    proctor,
    records_of,
    sat,
    sit,
    sitting_key,
    start_body,
    world,
)


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
