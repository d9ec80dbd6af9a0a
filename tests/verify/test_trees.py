"""Trees of results with one lie in them: a file, a note or a closing too few, too many, of somebody else, or twice."""

import dataclasses
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from msgspec.structs import replace

from cbt_station.artefacts import names
from cbt_station.artefacts.closing import pairs_hash
from cbt_station.artefacts.commitments import commitment, sitting_id
from cbt_station.artefacts.files import sha256_hex
from cbt_station.artefacts.result import AbortedNote
from cbt_station.artefacts.score import DecisionNote
from cbt_station.artefacts.signed import read, sign
from cbt_station.artefacts.start import StartNote
from cbt_station.errors import Tampered
from cbt_station.sealing.notes import SigningKey, parse_note, sign_note
from cbt_station.verify.anything import check_path_files
from cbt_station.verify.tree import check_name, check_tree
from tests.verify.honest import HEX, ONE, TWO, put, score, session_of, whole, without
from tests.world import (
    AFTER,
    OTHER_VENUE,
    SESSION,
    VENUE,
    Sat,
    World,
    admit_body,
    closing_note,
    proctor,
    quorum,
    sat,
    signing,
    sit,
    start_body,
    station_key,
    tree_of,
    world,
)


def aborted(here: World, one: Sat, **changes: Any) -> bytes:
    note = one.note
    kept: dict[str, Any] = {
        "trust": 1, "session": SESSION, "venue": VENUE, "sitting": note.sitting, "start": note.start,
        "commitment": note.commitment, "size": note.size, "root": note.root, "sealed": note.sealed,
        "sealed_size": note.sealed_size, "cause": "listrik padam", "at": AFTER,
    }  # fmt: skip
    body = AbortedNote(**{**kept, **changes})
    return sign(body, here.mode, signing("venue", VENUE), proctor(), proctor("bayu"))


def problems(files: dict[str, bytes]) -> dict[str, str]:
    here = world("official")
    _, steps = check_tree(files, here.trust, session_of(here))
    return {step.name: step.code for step in steps.done if step.verdict != "true" and not step.optional}


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
