"""`demo`: one whole session on this machine, from bank to verified score sheets, by the functions of the commands.

1. bank      read, checked, compiled (or imported into a native bank first)
2. stage     keys, sealed session, the log before the draw, the draw, the release
3. sittings  robots at the real window, offscreen; or a person at it
4. evening   closing, stick, centre over HTTP, results, sheets
5. public    the reveal, and every check that a stranger can make
"""

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from cbt_station.artefacts import names
from cbt_station.artefacts.roster import RosterEntry
from cbt_station.banks.blueprint_file import read_blueprint
from cbt_station.banks.compiling import CompiledBank, compile_bank
from cbt_station.banks.import_report import ImportReport
from cbt_station.banks.importing import import_bank
from cbt_station.banks.native import read_bank
from cbt_station.delivery.views import SealedView
from cbt_station.errors import Refusal, Trouble
from cbt_station.exam.blueprint import Blueprint
from cbt_station.rehearsal import afterwards
from cbt_station.rehearsal.candidates import data_folder, is_sealed, play_all, sit_in_person
from cbt_station.rehearsal.cast import ORGANISATION, PASSPHRASE, make_cast, make_roster
from cbt_station.rehearsal.stage import SESSION, Progress, Stage, Tell, set_stage, unwatched
from cbt_station.rehearsal.story import story_of
from cbt_station.server.centre import Centre
from cbt_station.server.serving import address_of, listen, make_server
from cbt_station.storage.files import make_folder
from cbt_station.sync.upload import sync_to_url
from cbt_station.words import in_language, words_in


class DemoOptions(Struct, frozen=True, kw_only=True):
    """`bank`: a native bank's folder, or a file to import. `in_person`: the first candidate is a person."""

    out: Path
    bank: Path
    blueprint: Path | None
    candidates: int
    seed: int
    lang: str
    pictures: Path
    in_person: bool = False


def run_demo(
    options: DemoOptions,
    now: dt.datetime,
    tell: Tell,
    progress: Progress = unwatched,
    again: Callable[[], bool] = lambda: False,
) -> afterwards.Evening:
    """Play it, writing only below `options.out`.

    `again` is asked when a person closed the window before the end: whether to open it once more and go on.
    """
    _require_empty(options.out)
    bank, blueprint, imported = prepare_bank(options, tell, progress)
    cast = make_cast(options.seed, now)
    roster = make_roster(SESSION, options.candidates, blueprint, options.seed)
    log_key = cast.keys[names.log_origin("test", ORGANISATION)].require_signing()
    with Centre.open(options.out / "centre", cast.trust, log_key) as centre:
        stage = set_stage(options.out, cast, bank, blueprint, roster, centre, now, tell, progress)
        sat = _sittings(options, stage, bank, tell, progress, again)
        stick = afterwards.close_venue(stage, sat, now, tell)
        _upload(stick, centre, stage, tell, progress)
        opened, placings, sheets = afterwards.issue(stage, stick, centre, now, options.lang, tell, progress)
        afterwards.reveal(stage, opened, centre, now, tell)
        with progress("demo.verifying", len(sheets) + 1) as step:
            true, not_true = afterwards.verify_all(cast.trust, stage.session, stick, sheets, step)
        by_number = {placing.number: placing for placing in placings}
        first = opened.candidates[0]
        story = story_of(stage, first, by_number[first.entry.number], stick, sheets[0], centre)
    return afterwards.Evening(tuple(sheets), placings, true, not_true, story, imported)


def _require_empty(folder: Path) -> None:
    """A new folder, or an empty one, or Refusal("folder-not-empty")."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refusal("folder-not-empty", where=str(folder))
    make_folder(folder)


def prepare_bank(
    options: DemoOptions, tell: Tell, progress: Progress = unwatched
) -> tuple[CompiledBank, Blueprint, dict[str, int]]:
    """A native bank as it is; anything else is imported into DIR/bank, with a blueprint of its own.

    Gives also what became of imported questions (exact, lossy, refused), and names each that was not taken as it is.
    """
    folder, imported = options.bank, dict[str, int]()
    with progress("demo.reading", 2) as step:
        if not (folder / "bank.yaml").is_file():
            folder = options.out / "bank"
            report = import_bank(options.bank, folder, lang=options.lang)
            imported = dict(report.counts)
        step()
        bank = compile_bank(read_bank(folder))
        step()
    if imported:
        tell("demo.imported", **imported)
        _tell_losses(report, options.lang, tell)
    blueprint = read_blueprint(options.blueprint or first_blueprint(folder))
    drawn = sum(cell.count for section in blueprint.sections for cell in section.cells)
    exam = in_language(blueprint.title, options.lang, blueprint.id)
    tell("demo.bank", items=len(bank.items), drawn=drawn, exam=exam)
    return bank, blueprint, imported


def first_blueprint(bank: Path, *, short: bool = False) -> Path:
    """The first of a bank's blueprints; `short`: the first whose name ends so, if there is one."""
    plans = sorted((bank / "blueprints").glob("*.yaml"))
    brief = [plan for plan in plans if plan.stem.endswith("-short")]
    whole = [plan for plan in plans if plan not in brief]
    for plan in brief + whole if short else whole + brief:
        return plan
    raise Refusal("bank-no-blueprint", where=str(bank))


def _tell_losses(report: ImportReport, lang: str, tell: Tell) -> None:
    words = words_in(lang)
    for question in report.questions:
        if question.outcome != "exact":
            reasons = "; ".join(reason.sentence(words) for reason in question.reasons)
            tell(f"demo.question_{question.outcome}", place=question.place, reasons=reasons)


def _sittings(
    options: DemoOptions,
    stage: Stage,
    bank: CompiledBank,
    tell: Tell,
    progress: Progress,
    again: Callable[[], bool],
) -> list[Path]:
    """Let everybody sit; gives the stations' data folders."""
    robots = list(stage.roster.candidates)
    sat: list[Path] = []
    if options.in_person:
        person = robots.pop(0)
        _sit_in_person(stage, person, options.lang, tell, again)
        sat.append(data_folder(stage, person))
    with progress("demo.sitting", len(robots)) as step:

        def done(entry: RosterEntry, _sealed: SealedView) -> None:
            sat.append(data_folder(stage, entry))
            step()

        play_all(stage, bank, robots, options.lang, options.pictures, done)
    return sat


def _sit_in_person(
    stage: Stage, person: RosterEntry, lang: str, tell: Tell, again: Callable[[], bool]
) -> None:
    """The window, as often as it takes: closing it in the middle is what a power cut is, and it goes on where it was."""
    tell(
        "demo.person",
        passphrase=PASSPHRASE,
        code=stage.codes.start,
        number=person.number,
        birth_date=" ".join(reversed(person.birth_date.split("-"))),  # as the fields ask for it
        score=stage.codes.score or "-",
    )
    sit_in_person(stage, person, lang)
    while not is_sealed(stage, person):
        if not again():
            raise Trouble("demo-not-finished", where=str(stage.folder))
        sit_in_person(stage, person, lang)


@contextmanager
def _serving(centre: Centre) -> Iterator[str]:
    """The centre on a port of this machine, for as long as the block runs."""
    listening, server = listen("127.0.0.1", 0), make_server(centre)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="centre", daemon=True)
    thread.start()
    try:
        yield address_of(listening)
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


def _upload(stick: Path, centre: Centre, stage: Stage, tell: Tell, progress: Progress) -> None:
    """The stick reaches the centre over real HTTP on this machine, twice: the second time nothing is left to send."""
    with _serving(centre) as url, progress("demo.syncing", 2) as step:
        first = sync_to_url(stick, url, stage.cast.trust)
        step()
        again = sync_to_url(stick, url, stage.cast.trust)
        step()
    first.require_clean()
    again.require_clean()
    tell("demo.synced", notes=first.sent, size=centre.head().size)
