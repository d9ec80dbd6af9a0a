"""`make screenshots`: the README's pictures, or with `--all` every screen in every size, theme, text size and language.

    python -m tests.screenshots                     docs/pictures/: the README's, each below 150 kB
    python -m tests.screenshots --out DIR           the same elsewhere
    python -m tests.screenshots --all [--out DIR]   all looks of the candidate's window, to be looked at
    python -m tests.screenshots --interactions      every way of answering, open, focused, answered, waiting, to be looked at
    python -m tests.screenshots --workshop          every page of the committee's window, to be looked at; --all has them too

One session of the SKD bank from a fixed seed, on a fixed morning: a robot sits it in the real window over a real station,
the venue is closed, scored and printed. Same seed, same picture; only what hangs on fresh salts differs (codes, QR).
"""

import argparse
import datetime as dt
import io
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image

from cbt_station.artefacts import names
from cbt_station.artefacts.roster import RosterEntry
from cbt_station.banks.compiling import CompiledBank, CompiledItem
from cbt_station.delivery.station import Station
from cbt_station.delivery.views import SealedView
from cbt_station.exam.content import Formula, Inline, Paragraph, Picture
from cbt_station.exam.interactions import contents_of
from cbt_station.rehearsal import afterwards
from cbt_station.rehearsal.candidates import data_folder, open_station, robot
from cbt_station.rehearsal.cast import ORGANISATION, PASSPHRASE
from cbt_station.rehearsal.stage import Stage, unwatched
from cbt_station.screens.application import offscreen_application
from cbt_station.screens.background import AtOnce
from cbt_station.screens.look import Look
from cbt_station.screens.station.window import Window
from cbt_station.server.centre import Centre
from cbt_station.sync.upload import sync_to_url
from tests.delivery.hand_clock import HandClock
from tests.interaction_pictures import interaction_pictures
from tests.screens.interaction_items import ITEMS
from tests.server.running import running
from tests.server.test_pages import ARGUMENTS, CHROMIUM
from tests.staged import stage_skd
from tests.station_pictures import Visit, settle, write_pictures
from tests.workshop_pictures import workshop_pictures

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "pictures"
MORNING = dt.datetime.fromisoformat("2026-12-01T09:16:40+07:00")
"""When the hand clock begins; it is turned by hand, so that a picture shows the same moment in every run."""
EVENING = MORNING + dt.timedelta(hours=3)
SIZE = (1366, 768)
TICKS, TICK_MS = 19, 2_000
"""What the robot takes for a question: the station is asked for its time as a window asks, or it would find a gap."""
SEED = 4
MOST_BYTES = 150_000


def main(arguments: list[str] | None = None) -> int:
    """Write what is asked for and name each file."""
    asked = argparse.ArgumentParser(description="Pictures of the screens.")
    asked.add_argument("--out", type=Path, default=None)
    asked.add_argument("--all", action="store_true", help="every screen in every look")
    asked.add_argument("--interactions", action="store_true", help="every interaction in every state")
    asked.add_argument("--workshop", action="store_true", help="every page of the committee's window")
    asked.add_argument(
        "--only", nargs="*", default=(), help="with --all and --interactions: these pages or items alone"
    )
    given = asked.parse_args(arguments)
    if given.interactions and (unknown := set(given.only) - set(ITEMS)):
        asked.error(f"no such item: {', '.join(sorted(unknown))}; there are {', '.join(ITEMS)}")
    offscreen_application()
    with tempfile.TemporaryDirectory(prefix="cbt-pictures-") as folder:
        if given.interactions:
            out = given.out or Path(tempfile.mkdtemp(prefix="cbt-interactions-"))
            written = list(interaction_pictures(out, list(given.only)))
        elif given.workshop:
            out = given.out or Path(tempfile.mkdtemp(prefix="cbt-workshop-"))
            written = list(workshop_pictures(out, given.only))
        elif given.all:
            out = given.out or Path(tempfile.mkdtemp(prefix="cbt-screens-"))
            written = every_look(Path(folder), out, given.only)
            written += workshop_pictures(out, given.only)
        else:
            written = readme_pictures(Path(folder), given.out or PICTURES)
    for path in written:
        print(path)  # noqa: T201 (a program for people)
    return 0


def every_look(folder: Path, out: Path, only: list[str]) -> list[Path]:
    """All pages of a sitting of the bank, in all looks."""
    stage, _ = stage_skd(folder, seed=SEED, now=MORNING)
    entry = stage.roster.candidates[0]
    visit = Visit(
        number=entry.number,
        secret=entry.birth_date,
        venue_key=stage.venue_key.read_bytes(),
        passphrase=PASSPHRASE,
        code=stage.codes.start,
    )
    station = open_station(stage, entry, HandClock())
    try:
        return write_pictures(station, visit, out, only=only)
    finally:
        station.close()


def readme_pictures(folder: Path, out: Path) -> list[Path]:
    """The candidate's screens, the centre's page and the sheet, from one sitting."""
    out.mkdir(parents=True, exist_ok=True)
    stage, bank = stage_skd(folder, seed=SEED, now=MORNING)
    entry = stage.roster.candidates[0]
    pictures: dict[str, Image.Image] = {}
    sealed = _sit(stage, bank, entry, pictures)
    _afterwards(stage, entry, sealed, pictures)
    return [_keep(picture, out / f"{name}.png") for name, picture in pictures.items()]


# --- the candidate's window -------------------------------------------------------------------------------------------


@contextmanager
def _seated(stage: Stage, entry: RosterEntry, clock: HandClock) -> Iterator[tuple[Station, Window]]:
    """A window at the first question."""
    station = open_station(stage, entry, clock)
    station.unlock(stage.venue_key.read_bytes(), PASSPHRASE, stage.codes.start)
    station.check_in(entry.number, entry.birth_date)
    station.start("id")
    station.close()
    station = open_station(stage, entry, clock)
    window = Window(station, Look(), AtOnce(), reading=clock.read)
    window.resize(*SIZE)
    try:
        window.begin()
        window.banner.hide()
        yield station, window
    finally:
        window.let_go()
        window.close()
        station.close()


def _sit(stage: Stage, bank: CompiledBank, entry: RosterEntry, into: dict[str, Image.Image]) -> SealedView:
    """A robot's sitting; on the way, of each kind of question the first that fits the window best, as a picture."""
    clock = HandClock()
    choose, doubt = robot(bank, SEED, entry.number)
    shows, best = {item.id: _shown_as(item) for item in bank.items}, dict[str, int]()
    with _seated(stage, entry, clock) as (station, window):
        view = station.view()
        for number, cell in enumerate(view.cells, start=1):
            for _ in range(TICKS):
                clock.forward(TICK_MS)
                station.tick()
            window.desk.go(cell.item)
            place = choose(cell.item, view.option_order[cell.item])
            if place is not None:
                window.exam.question.options[place].click()
            if doubt(cell.item):
                window.exam.doubtful.click()
            name, over = shows[cell.item], _over(window)
            if name and number >= _not_before(name) and over < best.get(name, 1 << 16):
                best[name], into[name] = over, _whole(window, over)
        window.exam.panel.finish.click()
        into["review"] = _grab(window)
        station.tick()
        return station.finish()


def _whole(window: Window, over: int) -> Image.Image:
    """The question without a scroll bar, on a screen that is as much taller."""
    window.resize(SIZE[0], SIZE[1] + over)
    taken = _grab(window)
    window.resize(*SIZE)
    return taken


def _shown_as(item: CompiledItem) -> str:
    """Which picture an item is good for: a drawing in its stem, fractions to choose from, or plain text."""
    shown = item.shown.languages["id"]
    options = [block for content in contents_of(shown.interaction) for block in content]
    if any(isinstance(block, Picture) for block in options):
        return ""
    if any(isinstance(block, Picture) for block in shown.stem):
        return "picture"
    if all(isinstance(block, Paragraph) and _is_fraction(block.content) for block in options):
        return "formula"
    return "question" if item.section == "TWK" else ""


def _is_fraction(content: tuple[Inline, ...]) -> bool:
    return len(content) == 1 and isinstance(content[0], Formula) and "frac" in content[0].latex


def _not_before(name: str) -> int:
    """A plain question is shown when the palette has something to tell."""
    return 17 if name == "question" else 1


def _over(window: Window) -> int:
    """How many pixels of the question are out of sight."""
    settle()
    return window.exam.question.verticalScrollBar().maximum()


def _grab(window: Window) -> Image.Image:
    settle()
    window.desk.tick()
    settle()
    kept = window.grab()
    with tempfile.NamedTemporaryFile(suffix=".png") as file:
        kept.save(file.name)
        return Image.open(io.BytesIO(Path(file.name).read_bytes())).convert("RGB")


# --- the evening --------------------------------------------------------------------------------------------------------


def _afterwards(stage: Stage, entry: RosterEntry, sealed: SealedView, into: dict[str, Image.Image]) -> None:
    """Closing, centre, sheet: by the functions of `demo`."""
    log_key = stage.cast.keys[names.log_origin("test", ORGANISATION)].require_signing()
    at = EVENING.isoformat(timespec="seconds")
    with Centre.open_at(stage.folder / "centre", stage.cast.trust, log_key, now=lambda: at) as centre:
        stick = afterwards.close_venue(stage, [data_folder(stage, entry)], EVENING, _silent)
        with running(centre) as url:
            sync_to_url(stick, url, stage.cast.trust).require_clean()
            if CHROMIUM.exists():
                into["slip"] = _page(f"{url}/slip/{sealed.slip}")
        _, _, sheets = afterwards.issue(stage, stick, centre, EVENING, "id", _silent, unwatched)
    into["sheet"] = _printed(sheets[0])


def _silent(_key: str, **_facts: object) -> None:
    """Nobody watches."""


def _page(url: str) -> Image.Image:
    """A page of the centre, as a browser shows it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": SIZE[0], "height": SIZE[1]}, locale="id-ID")
        page.goto(url)
        taken = page.screenshot()
        browser.close()
    return Image.open(io.BytesIO(taken)).convert("RGB")


def _printed(sheet: Path) -> Image.Image:
    """A sheet's first page at a size at which it can be read."""
    done = subprocess.run(
        ["pdftoppm", "-r", "100", "-f", "1", "-l", "1", "-png", str(sheet)], capture_output=True, check=True
    )
    return Image.open(io.BytesIO(done.stdout)).convert("RGB")


def _keep(picture: Image.Image, path: Path) -> Path:
    """Write with as few colours as need be: a screen has few, and a repository keeps every version."""
    for colours in (256, 128, 64, 32):
        few = picture.quantize(colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        few.save(path, optimize=True)
        if path.stat().st_size < MOST_BYTES:
            break
    return path


if __name__ == "__main__":
    raise SystemExit(main())
