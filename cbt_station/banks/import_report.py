"""What became of an import: question by question for programs, and in words for people."""

from typing import Final

from msgspec import Struct

from cbt_station.banks.foreign import RIGHT_POINTS, Outcome, Remark
from cbt_station.words import words_in

REPORT: Final = "import-report.md"


class ImportedQuestion(Struct, frozen=True, forbid_unknown_fields=True):
    """What became of one question: `reasons` are its losses, or why it was refused; `remarks` took nothing away."""

    place: str
    outcome: Outcome
    item: str | None = None
    reasons: tuple[Remark, ...] = ()
    remarks: tuple[Remark, ...] = ()


class ImportReport(Struct, frozen=True, forbid_unknown_fields=True):
    """What became of a source, question by question, in its order."""

    source: str
    format: str
    bank: str
    blueprints: dict[str, int]
    """How many items a form has, by the blueprint's file."""
    counts: dict[str, int]
    questions: tuple[ImportedQuestion, ...]
    losses: tuple[Remark, ...] = ()
    """What was lost of the source as a whole, beside its questions."""
    points_assumed: int = 0
    """Of how many questions that came in the source says nothing of points."""


def report_text(report: ImportReport, lang: str) -> str:
    """The report for people: the counts, then every question that needs a look."""
    words = words_in(lang)
    lines = [
        f"# {words('import.report-title', source=report.source)}",
        "",
        words("import.report-counts", total=len(report.questions), **report.counts),
        *(
            words("import.report-form", blueprint=file, items=items)
            for file, items in report.blueprints.items()
        ),
    ]
    if report.points_assumed:
        lines.append(words("import.report-points", count=report.points_assumed, points=RIGHT_POINTS))
    lines.append("")
    if report.losses:
        lines += [*(f"- {loss.sentence(words)}" for loss in report.losses), ""]
    for question in report.questions:
        notes = [note.sentence(words) for note in (*question.reasons, *question.remarks)]
        if notes:
            outcome = words(f"import.outcome-{question.outcome}")
            name = f" → {question.item}" if question.item else ""
            lines.append(f"- `{question.place}`{name} ({outcome}): {' '.join(notes)}")
    return "\n".join(lines).rstrip("\n") + "\n"
