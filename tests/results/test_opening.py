"""Opening a tree of sealed results: what is true is scored, what is false is named, and nobody is lost.

The steps themselves are tested in tests/verify; here, that opening runs them all, and what a candidate's standing is.
"""

import dataclasses
from decimal import Decimal

import pytest
from msgspec.structs import replace

from cbt_station.artefacts import names
from cbt_station.errors import Refusal, Tampered
from cbt_station.results.opening import (
    OpenedSession,
    identity_of,
    merged,
    open_tree,
    require_complete,
)
from cbt_station.results.placing import place
from cbt_station.sealing.notes import SigningKey, parse_note, sign_note
from tests.results.small_results import (
    ORG,
    PEOPLE,
    RESULTS,
    Sat,
    World,
    _share,
    identity,
    make_world,
    twin_of,
)

EXPECTED = {
    "24-0001": ("present", (10, 10, 10)),
    "24-0002": ("present", (5, 10, 10)),
    "24-0003": ("present", (10, 5, 10)),
    "24-0004": ("present", (10, 5, 10)),
    "24-0005": ("present", (0, 10, 10)),
    "24-0006": ("present", (10, 5, 6)),
    "24-0007": ("absent", None),
    "24-0008": ("unfinished", None),
}


def opened_of(world: World) -> OpenedSession:
    return open_tree(world.tree, world.folder, world.trust, RESULTS)


def standing(opened: OpenedSession, number: str) -> str:
    return next(one.standing for one in opened.candidates if one.entry.number == number)


def test_everybody_of_the_rosters_has_a_standing_and_the_scores_known_by_hand(opened: OpenedSession) -> None:
    assert opened.problems == ()
    require_complete(opened)
    found = {
        one.entry.number: (
            one.standing,
            tuple(one.scores.outcomes[name] for name in ("TWK", "TIU", "TKP")) if one.scores else None,
        )
        for one in opened.candidates
    }
    assert found == {
        number: (how, tuple(map(Decimal, scores)) if scores else None)
        for number, (how, scores) in EXPECTED.items()
    }


def test_the_ranking_follows_from_it(opened: OpenedSession) -> None:
    assert {one.number: (one.rank, one.status) for one in place(opened)} == {
        "24-0001": (1, "P/L"),
        "24-0002": (2, "P/L"),
        "24-0003": (3, "P"),
        "24-0004": (3, "P"),
        "24-0005": (None, "TL"),
        "24-0006": (1, "P/L"),
        "24-0007": (None, "TH"),
        "24-0008": (None, "TS"),
    }


def test_every_opened_result_gives_the_identity_of_the_package(opened: OpenedSession) -> None:
    assert identity_of(opened).recipient.text == opened.session.manifest.body.package_recipient


def test_a_session_without_results_has_no_identity_yet() -> None:
    world = make_world({"24-0007": PEOPLE["24-0007"]})
    opened = opened_of(world)
    assert [one.standing for one in opened.candidates] == ["absent"]
    with pytest.raises(Refusal) as caught:
        identity_of(opened)
    assert caught.value.code == "results-none"


@pytest.mark.parametrize("kind", ["result", "start", "admit", "closing"])
def test_a_changed_note_is_named_and_its_candidate_is_not_ranked(world: World, kind: str) -> None:
    name = next(name for name in sorted(world.tree) if name.startswith(f"notes/{kind}-"))
    world.tree[name] = world.tree[name].replace(b"trust 1", b"trust 2", 1)
    opened = opened_of(world)
    assert opened.problems
    with pytest.raises(Refusal) as caught:
        require_complete(opened)
    assert caught.value.code == "results-problems"


@pytest.mark.parametrize("place", [0, 200, -1000, -20, -1])
def test_a_changed_byte_of_a_sealed_result_makes_its_candidate_unfinished(world: World, place: int) -> None:
    note = world.tree[names.tree_note("result", world.sealed["24-0001"])]
    sha = next(line for line in note.decode().splitlines() if line.startswith("sealed ")).split()[1]
    data = bytearray(world.tree[names.tree_sealed(sha)])
    data[place] ^= 1
    world.tree[names.tree_sealed(sha)] = bytes(data)
    opened = opened_of(world)
    assert standing(opened, "24-0001") == "unfinished"
    assert {problem.code for problem in opened.problems} >= {"sealed-changed"}


def test_a_lost_result_is_missed_by_the_closing(world: World) -> None:
    del world.tree[names.tree_note("result", world.sealed["24-0001"])]
    opened = opened_of(world)
    assert standing(opened, "24-0001") == "unfinished"
    assert [problem.code for problem in opened.problems] == ["results-missing"]


@pytest.mark.parametrize("kind", ["start", "admit"])
def test_a_result_whose_notes_are_lost_is_a_problem_and_never_an_absence_without_a_word(
    world: World, kind: str
) -> None:
    for name in [name for name in world.tree if name.startswith(f"notes/{kind}-")]:
        del world.tree[name]
    opened = opened_of(world)
    assert standing(opened, "24-0001") != "present"
    lost = [problem for problem in opened.problems if problem.subject == world.sealed["24-0001"]]
    assert [(problem.name, problem.kind, problem.code) for problem in lost] == [
        ("result", "trouble", "evidence-missing")
    ]


def test_a_start_that_nobody_signed_makes_no_absence_an_unfinished_sitting(world: World) -> None:
    name = next(name for name in world.tree if name.startswith("notes/start-"))
    note = parse_note(world.tree[name])
    for sealed in [name for name in world.tree if name.startswith(("notes/result-", "notes/start-"))]:
        del world.tree[sealed]
    forged = sign_note(note.text, SigningKey.from_seed("lain", bytes(32)))
    world.tree[names.tree_note("start", note.id)] = forged
    opened = opened_of(world)
    assert {one.standing for one in opened.candidates} == {"absent"}
    assert "start" in {problem.name for problem in opened.problems}


def test_a_lost_sealed_file_is_a_problem(world: World) -> None:
    for name in [name for name in world.tree if name.startswith("sealed/")]:
        del world.tree[name]
    opened = opened_of(world)
    assert {(problem.code, problem.kind) for problem in opened.problems} == {("evidence-missing", "trouble")}
    assert standing(opened, "24-0001") == "unfinished"


def test_a_venue_that_has_not_closed_is_a_problem() -> None:
    opened = opened_of(make_world(closed=False))
    assert {(problem.code, problem.kind) for problem in opened.problems} == {("closing-missing", "trouble")}


def test_the_results_key_of_somebody_else_opens_nothing(world: World) -> None:
    with pytest.raises(Refusal) as caught:
        open_tree(world.tree, world.folder, world.trust, identity(f"{ORG}/results/b"))
    assert caught.value.code == "results-key-wrong"


@pytest.mark.parametrize(
    "name", ["scoring-skd-kecil-1-1.age", "skd-kecil-1.pool", "roster-skd-kecil-1-jkt-07.age"]
)
def test_a_changed_file_of_the_session_stops_everything(world: World, name: str) -> None:
    folder = world.folder
    folder[name] = folder[name][:-1] + bytes([folder[name][-1] ^ 1])
    with pytest.raises(Tampered) as caught:
        open_tree(world.tree, folder, world.trust, RESULTS)
    assert caught.value.code == "file-changed"


def test_two_folders_that_differ_in_a_file_are_not_merged() -> None:
    assert dict(merged({"a": b"1"}, {"a": b"1", "b": b"2"})) == {"a": b"1", "b": b"2"}
    with pytest.raises(Refusal) as caught:
        merged({"a": b"1"}, {"a": b"2"})
    assert caught.value.code == "file-exists"


@pytest.mark.parametrize(
    ("other", "share", "identity_of_package", "code"),
    [
        pytest.param({"name": "ORANG LAIN"}, None, True, "candidate-not-listed", id="another name than the roster's"),
        pytest.param({"category": "papua"}, None, True, "candidate-not-listed", id="another category"),
        pytest.param({}, bytes(32), True, "form-not-drawn", id="a form that was not drawn"),
        pytest.param({}, None, False, "identity-foreign", id="the identity of another package"),
        pytest.param({"salt": "00" * 16}, None, True, "commitment-unknown", id="nobody of this session"),
    ],
)  # fmt: skip
def test_a_station_that_lies_inside_a_well_signed_result_is_found_out(
    other: dict[str, str], share: bytes | None, identity_of_package: bool, code: str
) -> None:
    """All signatures are good: only what the results key shows is false."""
    world = make_world()
    entry = next(one for roster in world.rosters for one in roster.candidates if one.number == "24-0007")
    station, right = world.stations["jkt-07"], _share(world, world.stations["jkt-07"].identity)
    if not identity_of_package:
        station.identity = identity("somebody's package")
    station.sit(replace(entry, **other), replace_right(PEOPLE["24-0007"]), share=share or right)
    opened = opened_of(world)
    assert code in {problem.code for problem in opened.problems}
    assert standing(opened, "24-0007") in {"unfinished", "absent"}


def replace_right(sat: Sat) -> Sat:
    return dataclasses.replace(sat, right=(2, 2, 2))


def test_twins_of_one_sitting_are_both_kept_out_and_named() -> None:
    world = make_world()
    first, second = world.sealed["24-0001"], twin_of(world, "24-0001")
    opened = opened_of(world)
    assert first != second
    assert standing(opened, "24-0001") == "unfinished"
    assert "twin-results" in {problem.code for problem in opened.problems}
