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
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from cbt_station.artefacts import names
from cbt_station.artefacts.roster import RosterEntry
from cbt_station.banks.blueprint_file import read_blueprint
from cbt_station.banks.compiling import CompiledBank, compile_bank
from cbt_station.banks.importing import import_bank
from cbt_station.banks.native import read_bank
from cbt_station.delivery.views import SealedView
from cbt_station.errors import Refusal, Trouble
from cbt_station.exam.blueprint import Blueprint
from cbt_station.rehearsal import afterwards
from cbt_station.rehearsal.candidates import data_folder, play_all, sit_in_person
from cbt_station.rehearsal.cast import PASSPHRASE, make_cast, make_roster
from cbt_station.rehearsal.stage import Stage, Tell, set_stage
from cbt_station.server.centre import Centre
from cbt_station.server.serving import address_of, listen, make_server
from cbt_station.sync.upload import sync_to_url


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


class Progress(Protocol):
    """How far it is: a bar of `total` steps with a caption; each call of what it gives is one step."""

    def __call__(self, key: str, total: int) -> AbstractContextManager[Callable[[], None]]: ...


def run_demo(options: DemoOptions, now: dt.datetime, tell: Tell, progress: Progress) -> afterwards.Evening:
    """Play it, writing only below `options.out`."""
    if any(options.out.iterdir()) if options.out.exists() else False:
        raise Refusal("folder-not-empty", where=str(options.out))
    options.out.mkdir(parents=True, exist_ok=True)
    bank, blueprint = prepare_bank(options, tell)
    cast = make_cast(options.seed, now)
    roster = make_roster("gladi-1", options.candidates, blueprint, options.seed)
    log_key = cast.keys[names.log_origin("test", "demo.example")].require_signing()
    with Centre.open(options.out / "centre", cast.trust, log_key) as centre:
        stage = set_stage(options.out, cast, bank, blueprint, roster, centre, now, tell)
        sat = _sittings(options, stage, bank, tell, progress)
        stick = afterwards.close_venue(stage, sat, now, tell)
        _upload(stick, centre, stage, tell)
        opened, placings, sheets = afterwards.issue(stage, stick, centre, now, options.lang, tell)
        afterwards.reveal(stage, opened, centre, now, tell)
        with progress("demo.verifying", len(sheets)) as step:
            true, not_true = afterwards.verify_all(stage, stick, sheets, step)
    return afterwards.Evening(tuple(sheets), placings, stick.name, true, not_true)


def prepare_bank(options: DemoOptions, tell: Tell) -> tuple[CompiledBank, Blueprint]:
    """A native bank as it is; anything else is imported into DIR/bank, with a blueprint of its own."""
    folder = options.bank
    if not (folder / "bank.yaml").is_file():
        folder = options.out / "bank"
        report = import_bank(options.bank, folder)
        tell("demo.imported", **report.counts)
    blueprints = sorted((folder / "blueprints").glob("*.yaml"))
    if not blueprints and options.blueprint is None:
        raise Refusal("bank-no-blueprint", where=str(folder))
    bank = compile_bank(read_bank(folder))
    blueprint = read_blueprint(options.blueprint or blueprints[0])
    tell("demo.bank", items=len(bank.items), exam=blueprint.title.get(options.lang, blueprint.id))
    return bank, blueprint


def _sittings(
    options: DemoOptions, stage: Stage, bank: CompiledBank, tell: Tell, progress: Progress
) -> list[Path]:
    """Let everybody sit; gives the stations' data folders."""
    robots = list(stage.roster.candidates)
    sat: list[Path] = []
    if options.in_person:
        person = robots.pop(0)
        tell(
            "demo.person",
            number=person.number,
            birth_date=person.birth_date,
            passphrase=PASSPHRASE,
            code=stage.codes.start,
            score=stage.codes.score,
        )
        sit_in_person(stage, person)
        if not (data_folder(stage, person) / "tree" / "sealed").exists():
            raise Trouble("demo-not-finished", where=str(stage.folder))
        sat.append(data_folder(stage, person))
    with progress("demo.sitting", len(robots)) as step:

        def done(entry: RosterEntry, _sealed: SealedView) -> None:
            sat.append(data_folder(stage, entry))
            step()

        play_all(stage, bank, robots, options.seed, options.pictures, done)
    return sat


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


def _upload(stick: Path, centre: Centre, stage: Stage, tell: Tell) -> None:
    """The stick reaches the centre over real HTTP on this machine, twice: the second time nothing is left to send."""
    with _serving(centre) as url:
        first = sync_to_url(stick, url, stage.cast.trust)
        again = sync_to_url(stick, url, stage.cast.trust)
    first.require_clean()
    again.require_clean()
    tell("demo.synced", notes=first.sent, size=centre.head().size)
