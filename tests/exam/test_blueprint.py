"""Blueprints that no exam could follow are refused, and the time of candidates with an accommodation.

Reading them from YAML is in tests/banks.
"""

from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from cbt_station.errors import Refusal
from cbt_station.exam.blueprint import BlueprintCell, ExtraTime, Ranking, Requirement, Section, check
from tests.exam.exams import MINUTE_MS, PPPK, SKD

TWK = SKD.sections[0]


def with_section(**changes: Any) -> dict[str, Any]:
    return {"sections": (replace(TWK, **changes), *SKD.sections[1:])}


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        pytest.param("blueprint-no-language", {"languages": ()}, id="no language"),
        pytest.param("blueprint-no-language", {"languages": ("id", "id")}, id="one language twice"),
        pytest.param("blueprint-time", {"allotted_ms": 0}, id="no time"),
        pytest.param(
            "blueprint-time", {"extra_time": (ExtraTime(accommodation="x", allotted_ms=0),)}, id="no extra"
        ),
        pytest.param("blueprint-time", {"warnings_ms": (60_000, 0)}, id="a warning at the end"),
        pytest.param("blueprint-empty", {"sections": ()}, id="no section"),
        pytest.param("blueprint-empty", with_section(cells=()), id="a section without cells"),
        pytest.param("blueprint-section-twice", with_section(id="TIU"), id="a section twice"),
        pytest.param("blueprint-section-twice", with_section(id="total"), id="a section called total"),
        pytest.param("blueprint-count", with_section(cells=(BlueprintCell(count=0),)), id="no items"),
        pytest.param(
            "blueprint-count",
            with_section(cells=(BlueprintCell(count=2, items=("a",)),)),
            id="fewer than it says",
        ),
        pytest.param(
            "blueprint-item-twice",
            with_section(cells=(BlueprintCell(count=1, items=("a",)), BlueprintCell(count=1, items=("a",)))),
            id="an item in two fixed cells",
        ),
        pytest.param(
            "blueprint-outcome-unknown",
            {"thresholds": {"general": (Requirement(outcome="SKB", least=Decimal(1)),)}},
            id="a threshold of nothing",
        ),
        pytest.param(
            "blueprint-outcome-unknown", with_section(scored=False), id="a threshold of an unscored section"
        ),
        pytest.param(
            "blueprint-outcome-unknown",
            {"ranking": Ranking(quota_multiple=3, order=("total", "SKB"))},
            id="ranked by nothing",
        ),
        pytest.param(
            "blueprint-count", {"ranking": Ranking(quota_multiple=0, order=("total",))}, id="no multiple"
        ),
        pytest.param("blueprint-count", {"ranking": Ranking(quota_multiple=3, order=())}, id="no order"),
        pytest.param(
            "blueprint-count",
            {"ranking": Ranking(quota_multiple=3, order=("total", "total"))},
            id="an order twice",
        ),
    ],
)
def test_a_blueprint_that_no_exam_could_follow_is_refused(code: str, changes: dict[str, Any]) -> None:
    with pytest.raises(Refusal) as refused:
        check(replace(SKD, **changes))
    assert refused.value.code == code
    assert refused.value.where


def test_skd_and_pppk_have_the_figures_of_their_regulations() -> None:
    check(SKD)
    check(PPPK)
    assert [SKD.count, PPPK.count] == [110, 145]
    assert [sum(part.most or 0 for part in exam.sections) for exam in (SKD, PPPK)] == [550, 670]


@pytest.mark.parametrize(
    ("accommodations", "minutes"),
    [
        pytest.param((), 100, id="none"),
        pytest.param(("magnification",), 100, id="one that grants no time"),
        pytest.param(("magnification", "additionalTestingTime"), 130, id="extra time"),
    ],
)
def test_the_time_of_a_candidate_follows_the_accommodations(
    accommodations: tuple[str, ...], minutes: int
) -> None:
    assert SKD.allotted_for(accommodations) == minutes * MINUTE_MS


def test_a_shorter_time_of_an_accommodation_takes_nothing_away() -> None:
    exam = replace(SKD, extra_time=(ExtraTime(accommodation="x", allotted_ms=1),))
    assert exam.allotted_for(("x",)) == SKD.allotted_ms


def test_the_outcomes_are_the_scored_sections_and_their_total() -> None:
    pilot = Section(id="uji", title={"id": "Uji coba"}, cells=(BlueprintCell(count=5),), scored=False)
    assert replace(SKD, sections=(*SKD.sections, pilot)).outcomes == ("TWK", "TIU", "TKP", "total")
