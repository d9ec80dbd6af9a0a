"""Decisions: the difference is exact, the next opening follows it, and no part of it can be exchanged."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from cbt_station.artefacts import names
from cbt_station.artefacts.difference import read_difference, write_difference
from cbt_station.artefacts.files import sha256_hex
from cbt_station.artefacts.score import DecisionNote, check_score
from cbt_station.artefacts.scoring import write_scoring
from cbt_station.artefacts.signed import read, sign
from cbt_station.errors import Failure, Refusal, Tampered
from cbt_station.exam.item import OptionScores
from cbt_station.results.deciding import Decision, Draft, decide
from cbt_station.results.issuing import Issuer, Look
from cbt_station.results.opening import OpenedSession, open_tree
from cbt_station.results.placing import place
from cbt_station.sealing.age import encrypt
from tests.results.small_results import (
    COMMITTEE,
    ENDED,
    NOW,
    RESULTS,
    SCORE,
    SESSION,
    Chance,
    World,
    make_world,
    twin_of,
)


def opened_of(world: World) -> OpenedSession:
    return open_tree(world.tree, world.folder, world.trust, RESULTS)


def decided(world: World, **draft: object) -> Decision:
    """Sign a decision and put it into the committee's folder."""
    wanted = Draft(**{"why": "Kunci keliru, rapat panitia", **draft})  # type: ignore[arg-type]
    decision = decide(opened_of(world), wanted, world.tree, world.folder, RESULTS, COMMITTEE, ENDED)
    world.committee.update(decision.files)
    return decision


def item_of(world: World, number: str, section: str) -> str:
    """The item of a section that the candidate answered wrongly (the second one: the first was right)."""
    return [entry.item for entry in world.forms[number].items if entry.section == section][1]


def total(opened: OpenedSession, number: str) -> Decimal:
    candidate = next(one for one in opened.candidates if one.entry.number == number)
    assert candidate.scores is not None
    return candidate.scores.outcomes["total"]


def test_a_dropped_item_gives_everybody_the_most_of_it(world: World) -> None:
    before, item = opened_of(world), item_of(world, "24-0002", "TWK")
    decision = decided(world, what="drop-item", item=item)
    after = opened_of(world)
    assert total(after, "24-0002") == total(before, "24-0002") + 5
    assert after.decided.scoring.revision == 2
    assert {one.scores.most["total"] for one in after.candidates if one.scores} == {Decimal(30)}
    changes = {one.number: one for one in decision.difference.changes}
    assert changes["24-0002"].scores_after == next(
        one.scores.outcomes for one in after.candidates if one.entry.number == "24-0002" and one.scores
    )
    assert "24-0007" not in changes


def test_the_difference_lists_exactly_who_changes(world: World) -> None:
    before, item = opened_of(world), item_of(world, "24-0002", "TWK")
    decision = decided(world, what="drop-item", item=item)
    after = opened_of(world)
    old = {one.number: one.status for one in place(before)}
    new = {one.number: one.status for one in place(after)}
    changed = {
        one.entry.number
        for one, two in zip(before.candidates, after.candidates, strict=True)
        if one.scores != two.scores or old[one.entry.number] != new[one.entry.number]
    }
    assert {one.number for one in decision.difference.changes} == changed
    note = after.decided.notes[0].body
    assert note.what == f"drop-item {item}"
    assert set(note.results) == {world.sealed[number] for number in changed}


def test_a_changed_key_swaps_the_scores(world: World) -> None:
    item = item_of(world, "24-0002", "TWK")
    decided(world, what="change-key", item=item, key="c")
    assert opened_of(world).decided.scoring.rules[item].scores == {"a": 0, "b": 0, "c": 5}


def test_a_disqualification_takes_no_scores_away_from_others(world: World) -> None:
    decision = decided(world, what="disqualify", number="24-0001")
    opened = opened_of(world)
    statuses = {one.number: one.status for one in place(opened)}
    assert statuses["24-0001"] == "DIS"
    assert statuses["24-0003"] == "P/L"
    assert opened.decided.scoring.revision == 1
    public = decision.files[names.decision(SESSION, 1)]
    assert b"24-0001" not in public, "a number stays in the committee's file"


def test_decisions_follow_each_other(world: World) -> None:
    decided(world, what="drop-item", item=item_of(world, "24-0002", "TWK"))
    decided(world, what="disqualify", number="24-0006")
    decided(world, what="drop-item", item=item_of(world, "24-0003", "TIU"))
    opened = opened_of(world)
    assert [note.body.number for note in opened.decided.notes] == [1, 2, 3]
    assert opened.decided.scoring.revision == 3
    assert opened.problems == ()


def test_a_decision_between_twins_lets_one_count() -> None:
    world = make_world()
    first = world.sealed["24-0001"]
    twin_of(world, "24-0001")
    assert opened_of(world).problems
    decided(world, what="count-result", result=first)
    opened = opened_of(world)
    assert opened.problems == ()
    candidate = next(one for one in opened.candidates if one.entry.number == "24-0001")
    assert candidate.standing == "present"
    assert candidate.result is not None
    assert candidate.result.notes.result.id == first


def test_sheets_after_a_decision_supersede_only_what_changed(world: World) -> None:
    def print_all(opened: OpenedSession, issued: dict[str, bytes], chance: str) -> dict[str, bytes]:
        placings = {one.number: one for one in place(opened)}
        issuer = Issuer(opened, placings, SCORE, world.signer, Look("x"), NOW, Chance(chance))
        sheets = list(issuer.issue_all(issued, world.tree))
        return {sheet.number: sheet.note for sheet in sheets}

    first = print_all(opened_of(world), {}, "1")
    issued = {names.tree_note("score", check_score(note, world.trust).id): note for note in first.values()}
    decided(world, what="disqualify", number="24-0001")
    second = print_all(opened_of(world), issued, "2")
    changed = {number for number in first if first[number] != second[number]}
    assert changed == {"24-0001", "24-0003", "24-0004"}
    for number in changed:
        note, before = check_score(second[number], world.trust), check_score(first[number], world.trust)
        assert note.body.supersedes == before.id


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        pytest.param({"what": "drop-item"}, "decision-incomplete", id="no item"),
        pytest.param({"what": "drop-item", "item": "none-1"}, "decision-incomplete", id="unknown item"),
        pytest.param({"what": "drop-item", "item": "twk-1", "why": " "}, "decision-incomplete", id="no reason"),
        pytest.param({"what": "change-key", "item": "twk-1"}, "decision-incomplete", id="no key"),
        pytest.param({"what": "change-key", "item": "twk-1", "key": "z"}, "decision-incomplete", id="unknown key"),
        pytest.param({"what": "change-key", "item": "twk-1", "key": "a"}, "decision-no-effect", id="the same key"),
        pytest.param({"what": "change-key", "item": "twk-1", "scores": {"a": Decimal(9), "b": Decimal(0), "c": Decimal(0)}}, "scoring-cell-most", id="more than is printed"),
        pytest.param({"what": "disqualify", "number": "24-9999"}, "decision-incomplete", id="unknown number"),
        pytest.param({"what": "count-result", "result": "0" * 64}, "result-unknown", id="unknown result"),
    ],
)  # fmt: skip
def test_a_draft_that_decides_nothing_or_too_much_is_refused(
    world: World, draft: dict[str, object], code: str
) -> None:
    with pytest.raises(Refusal) as caught:
        decided(world, **draft)
    assert caught.value.code == code


def test_too_few_signatures_make_no_decision(world: World) -> None:
    with pytest.raises(Failure):
        decide(
            opened_of(world),
            Draft(what="disqualify", why="x", number="24-0001"),
            world.tree,
            world.folder,
            RESULTS,
            COMMITTEE[:1],
            ENDED,
        )


@pytest.mark.parametrize("file", ["decision", "difference", "scoring"])
def test_a_changed_byte_of_a_decision_stops_everything(world: World, file: str) -> None:
    decided(world, what="drop-item", item=item_of(world, "24-0002", "TWK"))
    name = {
        "decision": names.decision(SESSION, 1),
        "difference": names.difference(SESSION, 1),
        "scoring": names.scoring(SESSION, 2),
    }[file]
    for place_ in range(0, len(world.committee[name]), 97):
        data = bytearray(world.committee[name])
        data[place_] ^= 1
        with pytest.raises(Tampered):
            open_tree(world.tree, {**world.folder, name: bytes(data)}, world.trust, RESULTS)


def test_a_decision_that_is_left_out_is_missed(world: World) -> None:
    decided(world, what="disqualify", number="24-0001")
    decided(world, what="disqualify", number="24-0002")
    del world.committee[names.decision(SESSION, 1)]
    with pytest.raises(Tampered) as caught:
        opened_of(world)
    assert caught.value.code == "decision-missing"


def test_a_difference_that_the_note_does_not_sign_is_refused(world: World) -> None:
    decided(world, what="disqualify", number="24-0001")
    name = names.difference(SESSION, 1)
    forged = replace(read_difference(world.committee[name]), number="24-0002")
    world.committee[name] = write_difference(forged)
    with pytest.raises(Tampered) as caught:
        opened_of(world)
    assert caught.value.code == "file-changed"


def test_a_scoring_file_that_changes_more_than_the_difference_says_is_refused(world: World) -> None:
    """Even the committee's quorum cannot slip a second change in: its own difference tells."""
    item = item_of(world, "24-0002", "TWK")
    decided(world, what="drop-item", item=item)
    name, rules = names.scoring(SESSION, 2), dict(opened_of(world).decided.scoring.rules)
    other = next(one for one in rules if one != item)
    rules[other] = OptionScores(dict.fromkeys(rules[other].scores, Decimal(5)), Decimal(5))
    scoring = replace(opened_of(world).decided.scoring, rules=rules)
    world.committee[name] = encrypt(write_scoring(scoring), RESULTS.recipient)
    note = read(world.committee[names.decision(SESSION, 1)], DecisionNote).body
    slipped = replace(note, new_scoring=sha256_hex(world.committee[name]))
    world.committee[names.decision(SESSION, 1)] = sign(slipped, "test", *COMMITTEE)
    with pytest.raises(Tampered) as caught:
        opened_of(world)
    assert caught.value.code == "decision-differs"
