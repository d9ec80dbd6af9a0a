"""Who goes on to the next stage, and why: SKD 2024's cut, and another exam's from its own data.

Decisions, integration with later stages and the printed lists are in tests/results.
"""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from cbt_station.errors import Refusal
from cbt_station.exam.ranking import Applicant, Placing, Tie, rank
from tests.exam.exams import PPPK, SKD


def scores(twk: int, tiu: int, tkp: int) -> dict[str, Decimal]:
    return {"TWK": Decimal(twk), "TIU": Decimal(tiu), "TKP": Decimal(tkp), "total": Decimal(twk + tiu + tkp)}


def applicant(number: str, *points: int, **fields: Any) -> Applicant:
    return Applicant(
        **{
            "number": number,
            "name": f"Peserta {number}",
            "position": "analis",
            "category": "general",
            "scores": scores(*points) if points else None,
            "standing": "present",
        }
        | fields
    )


def placed(*applicants: Applicant, quota: int = 1) -> dict[str, Placing]:
    placings = rank(SKD, applicants, {"analis": quota})
    assert len(placings) == len(applicants)
    return {placing.number: placing for placing in placings}


def summary(placings: dict[str, Placing]) -> list[tuple[str, int | None, str]]:
    return [(one.number, one.rank, one.status) for one in placings.values()]


def test_three_times_the_quota_go_on() -> None:
    five = [applicant(str(n), 100, 100, 200 - n) for n in range(5)]
    assert summary(placed(*reversed(five))) == [
        ("0", 1, "P/L"),
        ("1", 2, "P/L"),
        ("2", 3, "P/L"),
        ("3", 4, "P"),
        ("4", 5, "P"),
    ]
    assert [one.status for one in placed(*five, quota=2).values()] == ["P/L"] * 5
    assert [one.status for one in placed(*five, quota=0).values()] == ["P"] * 5


@pytest.mark.parametrize(
    ("better", "worse", "decided_by"),
    [
        pytest.param((90, 110, 201), (100, 100, 200), None, id="the total decides: no tie"),
        pytest.param((150, 175, 100), (70, 80, 210), None, id="TKP never outweighs the total"),
        pytest.param((70, 100, 210), (100, 110, 170), "TKP", id="equal totals: TKP"),
        pytest.param((70, 110, 200), (80, 100, 200), "TIU", id="equal TKP: TIU"),
    ],
)
def test_equal_totals_are_ordered_by_tkp_then_tiu(
    better: tuple[int, ...], worse: tuple[int, ...], decided_by: str | None
) -> None:
    # The better one has the higher number, so that a listing by number would be wrong.
    first, second = placed(
        applicant("9", *better, category="papua"), applicant("1", *worse, category="papua")
    ).values()
    assert (first.number, first.rank, first.tie) == ("9", 1, None)
    assert (second.number, second.rank) == ("1", 2)
    assert second.tie == (Tie(above="9", decided_by=decided_by) if decided_by else None)


def test_twk_decides_where_total_tkp_and_tiu_cannot() -> None:
    """With SKD's total TWK follows from the others; an exam whose total is not ranked shows that it is asked."""
    exam = replace(SKD, ranking=replace(SKD.ranking, order=("TKP", "TIU", "TWK")))
    placings = rank(exam, (applicant("1", 70, 100, 200), applicant("2", 75, 100, 200)), {"analis": 1})
    assert [one.number for one in placings] == ["2", "1"]
    assert placings[1].tie == Tie(above="2", decided_by="TWK")


def test_who_is_equal_at_the_cut_goes_through_together() -> None:
    found = placed(
        applicant("1", 100, 100, 210),
        applicant("2", 100, 100, 205),
        applicant("5", 100, 100, 200),
        applicant("4", 100, 100, 200),
        applicant("3", 100, 105, 195),
        applicant("6", 100, 100, 199),
    )
    assert summary(found) == [
        ("1", 1, "P/L"),
        ("2", 2, "P/L"),
        ("4", 3, "P/L"),
        ("5", 3, "P/L"),
        ("3", 5, "P"),
        ("6", 6, "P"),
    ]
    assert found["4"].tie == Tie(equal_to=("5",), through_together=True)
    assert found["5"].tie == Tie(equal_to=("4",), through_together=True)
    assert found["3"].tie == Tie(above="5", decided_by="TKP")
    assert found["6"].tie is None


@pytest.mark.parametrize(
    ("places", "status"),
    [
        pytest.param((1, 1, 1, 4), "P/L P/L P/L P", id="equal ones that just fill the cut"),
        pytest.param((1, 2, 2, 4), "P/L P/L P/L P", id="equal ones in the last places"),
        pytest.param((1, 2, 3, 4, 4), "P/L P/L P/L P P", id="equal ones below it"),
    ],
)
def test_equal_ones_elsewhere_share_a_rank_and_nothing_else(places: tuple[int, ...], status: str) -> None:
    found = placed(*(applicant(f"n{n}", 100, 100, 200 - place) for n, place in enumerate(places)))
    assert tuple(one.rank for one in found.values()) == places
    assert " ".join(one.status for one in found.values()) == status
    assert not any(one.tie.through_together for one in found.values() if one.tie)


def test_everybody_has_a_place_and_only_who_met_the_thresholds_has_a_rank() -> None:
    found = placed(
        applicant("dis", 150, 175, 225, standing="disqualified"),
        applicant("dis-early", standing="disqualified"),
        applicant("absent", standing="absent"),
        applicant("cut-off", standing="unfinished"),
        applicant("failed", 60, 175, 225),
        applicant("passed", 65, 80, 166),
    )
    assert summary(found) == [
        ("passed", 1, "P/L"),
        ("failed", None, "TL"),
        ("cut-off", None, "TS"),
        ("absent", None, "TH"),
        ("dis", None, "DIS"),
        ("dis-early", None, "DIS"),
    ]
    assert [(need.outcome, need.least, need.scored) for need in found["failed"].unmet] == [("TWK", 65, 60)]


def test_thresholds_follow_the_category_within_one_position() -> None:
    found = placed(applicant("general", 60, 90, 200), applicant("laude", 60, 90, 200, category="cum-laude"))
    assert (found["general"].status, found["laude"].status) == ("TL", "P/L")


def test_positions_are_ranked_apart() -> None:
    placings = rank(
        SKD,
        (applicant("1", 100, 100, 200), applicant("2", 100, 100, 210, position="bidan")),
        {"analis": 1, "bidan": 2, "nobody wants": 4},
    )
    assert [(one.position, one.rank, one.cut) for one in placings] == [("analis", 1, 3), ("bidan", 1, 6)]


def test_another_exam_is_ranked_by_its_own_data() -> None:
    def taker(number: str, teknis: int, manajerial: int, rest: int) -> Applicant:
        points = {
            "teknis": teknis,
            "manajerial": manajerial,
            "sosio-kultural": rest,
            "wawancara": 0,
            "total": teknis + manajerial + rest,
        }
        return applicant(
            number, category="umum", scores={outcome: Decimal(value) for outcome, value in points.items()}
        )

    placings = rank(
        PPPK, (taker("1", 300, 60, 40), taker("2", 300, 70, 30), taker("3", 310, 50, 40)), {"analis": 1}
    )
    assert [(one.number, one.rank, one.status) for one in placings] == [
        ("3", 1, "P/L"),
        ("2", 2, "P"),
        ("1", 3, "P"),
    ]
    assert [one.tie.decided_by for one in placings if one.tie] == ["teknis", "manajerial"]


@pytest.mark.parametrize(
    ("code", "applicants", "quotas"),
    [
        pytest.param(
            "applicant-twice", (applicant("1", 1, 1, 1), applicant("1", 1, 1, 1)), {"analis": 1}, id="twice"
        ),
        pytest.param("quota-missing", (applicant("1", 1, 1, 1),), {}, id="no quota"),
        pytest.param("quota-negative", (applicant("1", 1, 1, 1),), {"analis": -1}, id="a quota below zero"),
        pytest.param(
            "category-unknown",
            (applicant("1", 1, 1, 1, category="x"),),
            {"analis": 1},
            id="an unknown category",
        ),
        pytest.param("score-missing", (applicant("1"),), {"analis": 1}, id="present without scores"),
        pytest.param(
            "score-missing",
            (applicant("1", scores={"total": Decimal(1)}),),
            {"analis": 1},
            id="present without a section's score",
        ),
        pytest.param(
            "score-missing",
            (applicant("1", scores=scores(1, 1, 1) | {"TWK": Decimal("NaN")}),),
            {"analis": 1},
            id="a score that is no number",
        ),
        pytest.param(
            "score-unexpected",
            (applicant("1", 1, 1, 1, standing="absent"),),
            {"analis": 1},
            id="absent with scores",
        ),
        pytest.param(
            "score-unexpected",
            (applicant("1", 1, 1, 1, standing="unfinished"),),
            {"analis": 1},
            id="unfinished with scores",
        ),
    ],
)
def test_a_list_that_contradicts_itself_is_refused(
    code: str, applicants: tuple[Applicant, ...], quotas: dict[str, int]
) -> None:
    with pytest.raises(Refusal) as refused:
        rank(SKD, applicants, quotas)
    assert refused.value.code == code
    assert refused.value.where


# Few different scores, so that ties are common.
points = st.tuples(st.sampled_from([60, 65, 70]), st.sampled_from([80, 85]), st.sampled_from([166, 171, 176]))
lists = st.lists(st.tuples(points, st.sampled_from("ab")), max_size=14)


@settings(max_examples=100, deadline=None)
@given(lists, st.integers(0, 3), st.randoms(use_true_random=False))
def test_the_cut_is_fair_and_the_list_s_order_decides_nothing(
    people: list[tuple[tuple[int, int, int], str]], quota: int, chance: Any
) -> None:
    everybody = [
        applicant(f"{n:02}", *score, position=position) for n, (score, position) in enumerate(people)
    ]
    quotas = {"a": quota, "b": 1}
    placings = rank(SKD, tuple(everybody), quotas)
    chance.shuffle(everybody)
    assert rank(SKD, tuple(everybody), quotas) == placings
    of = {one.number: one.scores or {} for one in everybody}
    for position in "ab":
        ranked = [one for one in placings if one.position == position and one.rank]
        keys = {one.number: tuple(of[one.number][outcome] for outcome in SKD.ranking.order) for one in ranked}
        for one in ranked:
            better = sum(key > keys[one.number] for key in keys.values())
            equal = tuple(sorted(n for n, key in keys.items() if key == keys[one.number] and n != one.number))
            # A rank is one more than how many are better, and only that decides.
            assert one.rank == better + 1
            assert (one.status == "P/L") == (better < 3 * quotas[position])
            assert (one.tie.equal_to if one.tie else ()) == equal
            if one.tie and one.tie.through_together:
                assert better < 3 * quotas[position] < better + 1 + len(equal)
