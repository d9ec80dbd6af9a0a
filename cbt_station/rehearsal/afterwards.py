"""The evening of a rehearsal: closing, stick, centre, results, sheets, reveal, and the public's check of all of it.

DIR/stick/       the venue's tree: what would travel
DIR/results/     ranking and sheets, notes and proofs of the scores
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from msgspec import Struct

from cbt_station.artefacts import names
from cbt_station.artefacts.pool import read_pool
from cbt_station.assembly.opening import write_reveal
from cbt_station.assembly.writing import write_all
from cbt_station.exam.ranking import Placing
from cbt_station.proctoring.closing import tree_name, write_closing
from cbt_station.rehearsal.cast import VENUE
from cbt_station.rehearsal.stage import SESSION, Progress, Stage, Tell, keep_proofs
from cbt_station.rehearsal.story import Story
from cbt_station.results.issuing import Issuer, Look, Sheet
from cbt_station.results.opening import OpenedSession, identity_of, open_package, open_tree, require_complete
from cbt_station.results.placing import place
from cbt_station.results.tables import as_csv, as_xlsx, ranking_table
from cbt_station.sealing.pades import PdfSigner
from cbt_station.sealing.trust import Trust
from cbt_station.server.centre import Centre
from cbt_station.storage.files import write_durably
from cbt_station.storage.folder import Folder
from cbt_station.sync.copying import sync_to_folder
from cbt_station.verify.anything import check_path_files
from cbt_station.verify.session import check_session
from cbt_station.verify.steps import Steps
from cbt_station.words import words_in


class Evening(Struct, frozen=True):
    """What came out of it. `story` is the first candidate's; `imported` counts a foreign bank's questions."""

    sheets: tuple[Path, ...]
    placings: tuple[Placing, ...]
    verified: int
    not_true: tuple[str, ...]
    story: Story | None
    imported: dict[str, int]


def close_venue(stage: Stage, stations: Iterable[Path], now: dt.datetime, tell: Tell) -> Path:
    """Gather what the stations sealed onto one stick, and close the venue over it."""
    stick = stage.folder / "stick"
    stick.mkdir(exist_ok=True)
    for station in stations:
        sync_to_folder(station / "tree", stick, stage.cast.trust)
    files = Folder(stage.session)
    checked, steps = check_session(files, stage.cast.trust)
    steps.require_none_false()
    assert checked is not None  # noqa: S101 (the stage was checked when it was set)
    proctors = [stage.cast.key("proctor", VENUE, who).require_signing() for who in ("ani", "bayu")]
    venue = stage.cast.key("venue", VENUE).require_signing()
    at = now.isoformat(timespec="seconds")
    closing = write_closing(Folder(stick), checked, stage.roster, venue, proctors, at)
    write_durably(stick / tree_name(closing), closing.raw)
    body = closing.body
    tell("demo.closed", count=body.count, absent=body.absent, closing=closing.id[:16])
    return stick


def issue(
    stage: Stage, stick: Path, centre: Centre, now: dt.datetime, lang: str, tell: Tell, progress: Progress
) -> tuple[OpenedSession, tuple[Placing, ...], list[Path]]:
    """Open, score, rank, and print; score notes go to the log, and their proofs into the sheets."""
    opened = open_tree(
        Folder(stick),
        {**Folder(stage.session), **Folder(stage.folder / "committee")},
        stage.cast.trust,
        stage.cast.key("results", "1").require_identity(),
    )
    require_complete(opened)
    placings = place(opened)
    results = stage.folder / "results"
    results.mkdir(exist_ok=True)
    table = ranking_table(opened, placings, words_in(lang))
    write_durably(results / f"{SESSION}-ranking.csv", as_csv(table))
    write_durably(results / f"{SESSION}-ranking.xlsx", as_xlsx(table, SESSION))
    tell("demo.ranked", candidates=len(placings))
    issuer = Issuer(
        opened,
        {placing.number: placing for placing in placings},
        stage.cast.key("score", "1").require_signing(),
        PdfSigner(stage.cast.certificate, stage.cast.certificate_key),
        Look("Panitia Gladi Bersih", lang),
        now,
    )
    sheets: list[Path] = []
    with progress("demo.printing", 2 * len(placings)) as step:
        for sheet in issuer.issue_all({}, Folder(stick)):
            log_score(sheet, centre, results)
            step()
        (results / "sheets").mkdir(exist_ok=True)
        for sheet in issuer.issue_all(Folder(results), Folder(stick)):
            write_durably(results / "sheets" / sheet.file, sheet.pdf)
            sheets.append(results / "sheets" / sheet.file)
            step()
    tell("demo.printed", sheets=len(sheets))
    return opened, placings, sheets


def log_score(sheet: Sheet, centre: Centre, results: Path) -> None:
    """A new score note into the log; the note and its proof beside the results."""
    receipt = centre.put(sheet.note_file, sheet.note)
    write_all(results, {sheet.note_file: sheet.note})
    if receipt is not None:
        write_all(results, {names.tree_proof(receipt.id): receipt.proof})


def reveal(stage: Stage, opened: OpenedSession, centre: Centre, now: dt.datetime, tell: Tell) -> None:
    """Publish the seed share and the pool: from now on anyone can draw every form again."""
    folder: Mapping[str, bytes] = {**Folder(stage.session), **Folder(stage.folder / "committee")}
    package = open_package(folder, opened.session, identity_of(opened))
    committee = [keys.require_signing() for keys in stage.cast.quorum("committee")]
    note = write_reveal(
        stage.manifest, package, stage.cast.trust, committee, now.isoformat(timespec="seconds")
    )
    pool = folder[names.pool(SESSION)]
    read_pool(pool)
    write_all(stage.session, {names.reveal(SESSION): note, names.pool(SESSION): pool})
    keep_proofs(stage.session, centre.add_session(dict(Folder(stage.session))))
    tell("demo.revealed")


def verify_all(
    trust: Trust, session_folder: Path, stick: Path, sheets: Iterable[Path], step: Callable[[], None]
) -> tuple[int, tuple[str, ...]]:
    """What a stranger does: the session, the tree, every sheet. How many are true, and what is not."""
    session = Folder(session_folder)
    named: list[tuple[str, Steps]] = [
        ("session", check_path_files(session, trust)),
        ("stick", check_path_files(Folder(stick), trust, session)),
    ]
    step()
    for sheet in sheets:
        named.append((sheet.name, check_path_files({sheet.name: sheet.read_bytes()}, trust)))
        step()
    true = sum(steps.verdict == "true" for _, steps in named)
    return true, tuple(name for name, steps in named if steps.verdict != "true")
