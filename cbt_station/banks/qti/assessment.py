"""What an `assessmentTest` says of its exam: sections, which items in which order, how many are drawn, how long.

Sections that hold items become sections of ours, nested ones one after the other. Whatever else a test says and a
blueprint of ours cannot (one way only, attempts, feedback, weights, its own sums, limits of a part) is a named loss.
A test whose way depends on answers (`branchRule`, `preCondition`), or that says what cannot be meant so, has no
blueprint at all; its items still come in.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from cbt_station.banks.foreign import QuestionRefused, Remark, remark
from cbt_station.banks.qti import attributes as of
from cbt_station.banks.qti.markup import below, children, first, words
from cbt_station.banks.qti.names import local, qti2
from cbt_station.banks.qti.source import joined
from cbt_station.banks.safe_xml import Element

MOST_SECTIONS: Final = 500
MOST_DEPTH: Final = 12
_UNLIKE_OURS: Final = (
    ("max-attempts", "1"),
    ("show-feedback", "false"),
    ("show-solution", "false"),
    ("allow-comment", "false"),
    ("allow-skipping", "true"),
    ("validate-responses", "false"),
)
"""Of an itemSessionControl: what our exams do. Review is allowed until the end, which is what free movement means."""


@dataclass
class PlannedSection:
    """A section with its own items. `drawn`: how many of them a form takes, None for all."""

    id: str
    title: str
    items: list[str] = field(default_factory=list)
    """The files of its items, as names in the package."""
    drawn: int | None = None
    shuffled: bool = False


@dataclass
class Plan:
    """A test as far as a blueprint can follow it."""

    id: str
    title: str
    sections: list[PlannedSection] = field(default_factory=list)
    allotted_ms: int | None = None
    losses: list[Remark] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    """References to items that leave the package or name nothing."""
    refused: str | None = None
    """Why there is no blueprint."""

    def lose(self, what: str) -> None:
        """Name what a blueprint of ours does not say."""
        loss = remark("qti-test-dropped", what=what)
        if loss not in self.losses:
            self.losses.append(loss)


def read_test(root: Element, file: str, load: Callable[[str], Element]) -> Plan:
    """The plan of the test in `file`; `load` reads a section that lies in a file of its own."""
    plan = Plan(of.text(root, "identifier") or "test", of.text(root, "title") or of.text(root, "identifier"))
    try:
        _TestReader(plan, load).test(root, file)
    except QuestionRefused as refused:
        plan.losses.append(refused.reason)
        plan.refused = plan.refused or "assessmentTest"
    return plan


class _TestReader:
    def __init__(self, plan: Plan, load: Callable[[str], Element]) -> None:
        self._plan, self._load = plan, load

    def test(self, root: Element, file: str) -> None:
        self._plan.allotted_ms = self._limit(root)
        for child in children(root):
            match local(child):
                case "test-part":
                    self._part(child, file)
                case "time-limits" | "outcome-declaration" | "stylesheet" | "context-declaration":
                    pass
                case "outcome-processing":
                    if not _is_sum_of_scores(child):
                        self._plan.lose("outcomeProcessing")
                case other:
                    self._plan.lose(qti2(other))

    def _part(self, part: Element, file: str) -> None:
        if of.text(part, "navigation-mode") == "linear":
            self._plan.lose("testPart navigationMode=linear")
        if of.text(part, "submission-mode") == "individual":
            self._plan.lose("testPart submissionMode=individual")
        if self._limit(part) is not None:
            self._plan.lose("testPart timeLimits")
        self._inside(part, file, None, 0)

    def _inside(self, holder: Element, file: str, section: PlannedSection | None, depth: int) -> None:
        if depth > MOST_DEPTH:
            raise QuestionRefused(remark("xml-too-deep", most=MOST_DEPTH))
        after = False
        for child in children(holder):
            match local(child):
                case "assessment-section":
                    after = True
                    self._section(child, file, depth)
                case "assessment-section-ref":
                    after = True
                    self._reference(child, file, depth)
                case "assessment-item-ref" if section is not None:
                    if after:  # its section comes before the one that stands before it
                        self._plan.lose(
                            f"assessmentSection ({section.id[:40]}): {of.text(child, 'identifier')[:40]}"
                        )
                    self._item(child, file, section)
                case "item-session-control":
                    self._control(child)
                case "branch-rule" | "pre-condition":
                    self._plan.refused = self._plan.refused or qti2(local(child))
                case "time-limits" | "selection" | "ordering":
                    pass
                case "rubric-block":
                    self._plan.lose(f"rubricBlock {words(child)[:60]}")
                case other:
                    self._plan.lose(qti2(other))

    def _section(self, element: Element, file: str, depth: int) -> None:
        if len(self._plan.sections) >= MOST_SECTIONS:
            raise QuestionRefused(remark("xml-too-much", most=MOST_SECTIONS))
        name = of.text(element, "identifier") or f"section-{len(self._plan.sections) + 1}"
        made = PlannedSection(name, of.text(element, "title") or name)
        selection, ordering = first(element, "selection"), first(element, "ordering")
        made.shuffled = ordering is not None and of.truth(ordering, "shuffle")
        if self._limit(element) is not None:
            self._plan.lose("assessmentSection timeLimits")
        self._plan.sections.append(made)
        self._inside(element, file, made, depth + 1)
        nested = any(True for _ in children(element, "assessment-section", "assessment-section-ref"))
        if nested and (made.shuffled or selection is not None):
            self._plan.lose(
                f"assessmentSection {'selection' if selection is not None else 'ordering'} ({name[:40]})"
            )
        if selection is not None:
            self._select(selection, element, made, nested)

    def _select(self, selection: Element, element: Element, made: PlannedSection, nested: bool) -> None:
        if of.truth(selection, "with-replacement"):
            self._plan.lose("selection withReplacement")
        drawn = of.count(selection, "select", len(made.items))
        if nested or drawn >= len(made.items):
            return
        if any(of.truth(one, "required") for one in children(element, "assessment-item-ref")):
            self._plan.lose("assessmentItemRef required")
        made.drawn = drawn
        if not made.shuffled:
            self._plan.lose(f"selection ordering ({made.id[:40]})")

    def _reference(self, element: Element, file: str, depth: int) -> None:
        href = of.text(element, "href")
        name = joined(file, href)
        try:
            root = self._load(name) if name is not None else None
        except QuestionRefused:
            root = None
        if root is None or name is None or local(root) != "assessment-section":
            self._plan.lose(f"assessmentSectionRef {href[:60]}")
            return
        self._section(root, name, depth + 1)

    def _item(self, element: Element, file: str, section: PlannedSection) -> None:
        href = of.text(element, "href")
        name = joined(file, href)
        if name is None:
            self._plan.missing.append(href[:80])
        elif name in section.items:
            self._plan.lose(f"assessmentItemRef {of.text(element, 'identifier')[:40]}")
        else:
            section.items.append(name)
        if any(of.text(one, "value") not in ("1", "1.0") for one in children(element, "weight")):
            self._plan.lose("weight")
        for child in children(element):
            match local(child):
                case "branch-rule" | "pre-condition":
                    self._plan.refused = self._plan.refused or qti2(local(child))
                case "item-session-control":
                    self._control(child)
                case "weight":
                    pass
                case "time-limits":
                    self._plan.lose("assessmentItemRef timeLimits")
                case other:
                    self._plan.lose(f"assessmentItemRef {qti2(other)}")

    def _control(self, control: Element) -> None:
        for name, ours in _UNLIKE_OURS:
            said = of.text(control, name, ours)
            if said != ours:
                self._plan.lose(f"itemSessionControl {qti2(name)}={said[:10]}")

    def _limit(self, element: Element) -> int | None:
        """The longest time in milliseconds; the least time is something that we do not have."""
        limits = first(element, "time-limits")
        if limits is None:
            return None
        if of.text(limits, "min-time"):
            self._plan.lose(f"{qti2(local(element))} timeLimits minTime")
        if of.truth(limits, "allow-late-submission"):
            self._plan.lose(f"{qti2(local(element))} timeLimits allowLateSubmission")
        if not of.text(limits, "max-time"):
            return None
        ms = int(of.decimal(limits, "max-time") * 1_000)
        return ms if ms > 0 else None


def _is_sum_of_scores(processing: Element) -> bool:
    """Whether all that is computed is the sum of all items' SCORE, which is what our total is."""
    rules = list(children(processing))
    if len(rules) != 1 or local(rules[0]) != "set-outcome-value":
        return False
    names = [local(one) for one in rules[0].iterdescendants(etree.Element)]
    if names != ["sum", "test-variables"]:
        return False
    (summed,) = below(rules[0], "test-variables")
    narrows = any(of.text(summed, name) for name in _NARROWER)
    return of.text(summed, "variable-identifier") == "SCORE" and not narrows


_NARROWER: Final = ("weight-identifier", "section-identifier", "include-category", "exclude-category")


def all_items(plan: Plan) -> Iterator[str]:
    """Every item of a plan, in its order."""
    for section in plan.sections:
        yield from section.items
