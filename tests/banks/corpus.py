"""What becomes of every real question beside a checkout: `python -m tests.banks.corpus` writes docs/import-counts.md.

Every file of `../shared/data` goes through the same import as a committee's, into a bank that is written and read back.
Whether a QTI item is well-formed and inside the fourteen interactions is judged here by itself, from the bare names in
its XML and without a line of the importer. A format of files that hold many questions counts each of its questions.
"""

import os
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cbt_station.banks.foreign import ForeignBank
from cbt_station.banks.importing import FORMATS, import_bank, judged
from cbt_station.errors import Failure
from tests.banks.bare_qti import Bare, bare_items, bare_older
from tests.banks.bare_quizzes import inside
from tests.banks.bare_rules import RULES, RULES_OF_QTI
from tests.shared import SHARED

DATA: Final = SHARED / "data"
PAGE: Final = Path(__file__).parents[2] / "docs" / "import-counts.md"
FILES_MISSING: Final = ("file-missing", "file-remote", "file-outside", "file-unreadable", "stimulus-missing")
MOST_MS: Final = 2_000


@dataclass
class Row:
    """One folder and format."""

    counts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    broken: list[tuple[str, str, str]] = field(default_factory=list)
    """Of items that are not valid: their place, the rule of QTI, and why the import refused them."""
    slowest_ms: int = 0
    slowest: str = ""


@dataclass(frozen=True)
class Outcome:
    """What became of one question: `exact`, `lossy`, or `refused`, with what is named, and what is only remarked."""

    place: str
    outcome: str
    named: tuple[tuple[str, str], ...]
    remarked: frozenset[str]


def sources() -> Iterator[Path]:
    """Every file that holds questions by itself; what belongs to a package is reached through it too."""
    for path in sorted(DATA.rglob("*")):
        if path.is_file() and not path.name.startswith("_") and path.name != "README.md":
            yield path


def recognised(path: Path) -> ForeignBank | None:
    """The first format that knows the file."""
    for read in FORMATS:
        foreign = read(path)
        if foreign is not None:
            return foreign
    return None


def outcomes(path: Path, foreign: ForeignBank) -> list[Outcome]:
    """The import of one file, question by question."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            questions = import_bank(path, Path(folder) / "bank").questions
        except Failure as failure:
            if failure.code not in ("import-nothing", "import-empty"):
                raise
            questions = judged(foreign)
    return [
        Outcome(
            one.place,
            one.outcome,
            tuple((reason.code, _what(reason.facts)) for reason in one.reasons),
            frozenset(remark.code for remark in one.remarks),
        )
        for one in questions
    ]


def _lacks_what_qti_has(one: Outcome) -> bool:
    """Whether it was refused for a rule or an expression of QTI: that is ours to answer for, whatever else it breaks."""
    return any(code == "qti-unsupported" and what.lower() in RULES for code, what in one.named)


def _what(facts: dict[str, str]) -> str:
    return next(
        (facts[name] for name in ("what", "element", "problem", "interaction", "kind") if name in facts), ""
    )


def processor_ms() -> int:
    """What this process and those that it waited for have used of the processor: what else a machine does is no matter."""
    used = os.times()
    return int((used.user + used.system + used.children_user + used.children_system) * 1_000)


def measured() -> dict[tuple[str, str], Row]:
    """A row for each folder and format."""
    rows: dict[tuple[str, str], Row] = defaultdict(Row)
    for path in sources():
        folder = path.relative_to(DATA).parts[0]
        started = processor_ms()
        try:
            foreign = recognised(path)
            found = outcomes(path, foreign) if foreign is not None else []
        except Failure as failure:
            rows[folder, "–"].counts["package refused"] += 1
            rows[folder, "–"].reasons["package", failure.code] += 1
            continue
        if foreign is None:
            continue
        each_ms = (processor_ms() - started) // max(1, len(found))
        bare = bare_items(path) if foreign.format == "QTI" else {}
        if (foreign.format == "QTI" and not bare) or path.name == "imsmanifest.xml":
            continue  # a test or a manifest beside its items: each of them is here as a file of its own
        row = rows[folder, foreign.format]
        older = bare_older(path) if foreign.format == "QTI 1.2" else {}
        if each_ms > row.slowest_ms:
            row.slowest_ms, row.slowest = each_ms, path.name
        quiz = inside(path, foreign.format)
        assert len(quiz) in (0, len(found)), path
        for number, one in enumerate(found):
            own = bare.get(one.place) or (next(iter(bare.values())) if len(bare) == 1 else None)
            own = Bare((), inside=quiz[number]) if quiz else own
            if older:
                own = Bare((), inside=older.get(one.place.rpartition("#")[2], True))
            count(row, one, own)
        sys.stderr.write(f"{folder} {path.name} {len(found)}\n")
    return rows


def count(row: Row, one: Outcome, bare: Bare | None) -> None:
    """Add one question, with what a second reader says of it."""
    row.counts["items"] += 1
    kind = one.outcome
    if bare is not None and not bare.inside:
        kind = "outside" if one.outcome == "refused" else f"outside, {one.outcome}"
    elif one.outcome == "refused" and bare is not None and bare.broken and not _lacks_what_qti_has(one):
        kind = "not valid"
        row.broken.append((one.place, bare.broken, " ".join(part for part in one.named[0] if part)))
    elif one.outcome == "refused" and any(code in FILES_MISSING for code, _ in one.named):
        kind = "files missing"
    row.counts[kind] += 1
    for named in one.named:
        row.reasons[(kind, " ".join(part for part in named if part))] += 1
    for code in one.remarked if kind == "exact" else ():
        row.reasons["exact, remarked", code] += 1


HEADS: Final = (
    "items",
    "exact",
    "lossy",
    "refused",
    "files missing",
    "not valid",
    "outside",
    "slowest ms",
)


def page(rows: dict[tuple[str, str], Row]) -> str:
    """The page."""
    lines = [
        "# What becomes of real questions",
        "",
        "Written by `python -m tests.banks.corpus` over question banks that other projects publish (they are not in this",
        "repository). *exact*: shown and scored as in the file, read back from the written bank as the same; what no",
        "candidate sees (feedback, rubrics) is kept in the item's note. What *exact* leaves to judgement is a remark of the",
        "import, and the table below counts those too (*exact, remarked*; `docs/bank-format.md` says why): feedback in",
        "the note, wishes about looks, the columns of a shuffled match in the file's order, points where a file names none.",
        "*lossy*: imported, with every loss named. *refused*: well-formed, with interactions of the fourteen, and refused by",
        "name all the same. *files missing*: a picture or another file that the item names is not in the collection, or lies",
        "on another machine. *not valid*: refused, and against a rule that QTI states, each of them named below; what is",
        "refused for an expression that QTI has and we have not is *refused*, whatever else it breaks. *outside*:",
        "not well-formed, adaptive, made from a template, with an interaction or operator that is none of ours, or with none;",
        "of QTI 1.2 what is none of choice, short answer, essay and matching (formulas, uploads, hot spots, texts alone);",
        "of Moodle and GIFT the types of plug-ins (STACK, formulas), and texts that ask nothing.",
        "",
        "*slowest ms*: of processor time for one question, on average of its file.",
        "",
        f"| folder | format | {' | '.join(HEADS)} |",
        f"|---|---|{'---:|' * len(HEADS)}",
    ]
    total = Row()
    for (folder, name), row in sorted(rows.items()):
        if row.counts["items"]:
            total.counts += row.counts
            total.slowest_ms = max(total.slowest_ms, row.slowest_ms)
            lines.append(_line(folder, name, row))
    lines += [_line("**all**", "", total), "", *_shares(rows), "", "## Reasons", ""]
    lines += ["| outcome | reason | questions |", "|---|---|---:|"]
    reasons: Counter[tuple[str, str]] = Counter()
    for row in rows.values():
        reasons += row.reasons
    lines += [
        f"| {kind} | {_cell(reason)} | {count} |"
        for (kind, reason), count in sorted(
            reasons.items(), key=lambda pair: (pair[0][0], -pair[1], pair[0][1])
        )
    ]
    return "\n".join([*lines, *_broken(rows)]) + "\n"


def _broken(rows: dict[tuple[str, str], Row]) -> list[str]:
    """Every item that counts as not valid, with the rule of QTI that it breaks."""
    lines = ["", "## Not valid", ""]
    lines += ["| folder | item | QTI's rule that it breaks | refused, because |", "|---|---|---|---|"]
    for (folder, _), row in sorted(rows.items()):
        for place, rule, reason in sorted(row.broken):
            lines.append(f"| {folder} | {_cell(place)} | {RULES_OF_QTI[rule]} | {_cell(reason)} |")
    return lines


def _line(folder: str, name: str, row: Row) -> str:
    counts = row.counts
    outside = sum(count for kind, count in counts.items() if kind.startswith("outside"))
    cells = [
        counts["items"],
        counts["exact"],
        counts["lossy"],
        counts["refused"],
        counts["files missing"],
        counts["not valid"],
        outside,
    ]
    return f"| {folder} | {name} | {' | '.join(map(str, cells))} | {row.slowest_ms} |"


def _shares(rows: dict[tuple[str, str], Row]) -> list[str]:
    """How many of each format came in exactly."""
    found: dict[str, Row] = defaultdict(Row)
    for (_, name), row in rows.items():
        found[name].counts += row.counts
    lines = []
    for name, row in sorted(found.items()):
        exact = row.counts["exact"]
        inside = exact + row.counts["lossy"] + row.counts["refused"]
        if inside:
            lines.append(
                f"- {name}: {exact} of {inside} inside, with all their files, exactly ({exact / inside:.1%})"
            )
    return lines


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")[:160]


if __name__ == "__main__":
    if not DATA.exists():
        sys.exit("../shared/data does not stand beside this checkout")
    found = measured()
    PAGE.write_text(page(found), encoding="utf-8")
    slow = [row.slowest for row in found.values() if row.slowest_ms > MOST_MS]
    if slow:
        sys.exit(f"more than {MOST_MS} ms for a question of {', '.join(slow)}")
