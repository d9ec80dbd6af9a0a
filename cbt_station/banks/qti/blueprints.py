"""A blueprint for a test's plan, where our blueprint can say what the test does. Times are milliseconds."""

from collections import Counter
from typing import Final

from cbt_station.banks.foreign import ForeignQuestion, Remark, remark
from cbt_station.banks.qti.assessment import Plan, PlannedSection
from cbt_station.exam.blueprint import TOTAL, Blueprint, BlueprintCell, ExtraTime, Ranking, Section

FORM_ITEMS: Final = 110
FORM_MS: Final = 6_000_000
"""Where a test has no limit: time for each item as in an exam of 110 items and 100 minutes."""
WARNINGS_MS: Final = (1_800_000, 900_000, 300_000, 60_000)
SOURCE: Final = "assessmentTest"


def blueprint_of(
    plan: Plan, questions: dict[str, ForeignQuestion], language: str, losses: list[Remark]
) -> Blueprint | None:
    """The exam of the plan, in the source's own names; None, with the reason among `losses`, where it cannot be ours."""
    if plan.refused is not None:
        losses.append(remark("qti-test-refused", what=plan.refused))
        return None
    refused = [
        file for section in plan.sections for file in section.items if _id(questions.get(file)) is None
    ]
    if refused or not any(section.items for section in plan.sections):
        losses.append(remark("qti-test-refused", what=", ".join(refused)[:120] or "assessmentSection"))
        return None
    drawn = _drawn_from_more(plan, questions)
    if drawn is not None:
        losses.append(remark("qti-test-refused", what=f"selection ({drawn.id[:80]})"))
        return None
    sections = tuple(_section(section, questions, language) for section in plan.sections if section.items)
    count = sum(section.count for section in sections)
    allotted_ms = plan.allotted_ms
    if allotted_ms is None:
        allotted_ms = -(-count * FORM_MS // FORM_ITEMS // 60_000) * 60_000
        losses.append(remark("qti-time-assumed", exam=plan.id[:60], minutes=allotted_ms // 60_000))
    return Blueprint(
        id=plan.id,
        title={language: plan.title or plan.id},
        languages=(language,),
        allotted_ms=allotted_ms,
        sections=sections,
        thresholds={"general": ()},
        ranking=Ranking(quota_multiple=3, order=(TOTAL,)),
        extra_time=(ExtraTime("additionalTestingTime", allotted_ms * 13 // 10),),
        warnings_ms=tuple(ms for ms in WARNINGS_MS if ms < allotted_ms),
        source=SOURCE,
    )


def _drawn_from_more(plan: Plan, questions: dict[str, ForeignQuestion]) -> PlannedSection | None:
    """A section of which our bank's section would draw other items than the test's: an item has one section."""
    drawn = [section for section in plan.sections if section.drawn is not None]
    held: dict[str, set[str]] = {section.id: set() for section in drawn}
    for file, question in questions.items() if drawn else ():
        if question.section in held:
            held[question.section].add(file)
    return next((section for section in drawn if held[section.id] != set(section.items)), None)


def with_own_sections(plans: list[Plan]) -> None:
    """Sections of different tests that are called the same and hold other items are told apart by their test's name."""
    held: dict[str, list[str]] = {}
    named: dict[tuple[str, tuple[str, ...]], str] = {}
    numbers: Counter[str] = Counter()
    for plan in plans:
        for section in plan.sections:
            own, items = f"{plan.id} {section.id}", tuple(section.items)
            section.id = named.get((own, items), section.id)
            while held.get(section.id, section.items) != section.items:
                numbers[own] += 1
                section.id = own if numbers[own] == 1 else f"{own} {numbers[own]}"
            held[section.id] = section.items
            named[own, items] = section.id


def _section(planned: PlannedSection, questions: dict[str, ForeignQuestion], language: str) -> Section:
    """All items as named, or so many of the section's drawn."""
    items = tuple(name for file in planned.items if (name := _id(questions.get(file))) is not None)
    cell = BlueprintCell(len(items), items=items) if planned.drawn is None else BlueprintCell(planned.drawn)
    return Section(
        id=planned.id,
        title={language: planned.title or planned.id},
        cells=(cell,),
        order="shuffled" if planned.shuffled else "fixed",
    )


def _id(question: ForeignQuestion | None) -> str | None:
    return question.item.id if question is not None and question.item is not None else None
