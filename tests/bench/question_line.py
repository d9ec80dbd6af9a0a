"""Opening a question of a 110-item form with at least 20 formulas and 20 pictures, beside an empty window's repaint.

The product: a `Station` over a sealed session, the candidate's window (offscreen, 1366 × 768), Qt's own event loop. From
the asking for the next question to the end of the paint that shows it: the journal's durable "shown", the item opened
from the package, every layout, every picture decoded anew. The reference: a plain widget of the window's size, painted
whole. The goal is of the product alone: under 50 ms at the median, 100 ms at p99.
"""

import sys
import time
from collections.abc import Iterable
from pathlib import Path

import msgspec
from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication, QWidget

from cbt_station.artefacts import names
from cbt_station.banks.blueprint_file import read_blueprint
from cbt_station.banks.compiling import CompiledBank, CompiledItem, compile_bank
from cbt_station.banks.formulas import draw
from cbt_station.banks.native import read_bank
from cbt_station.exam.content import Blocks, Formula, Paragraph, Picture, Text
from cbt_station.exam.item import Shown, contents
from cbt_station.rehearsal.cast import ORGANISATION, make_cast, make_roster
from cbt_station.rehearsal.stage import SESSION, Stage, set_stage
from cbt_station.screens.station.window import Window
from cbt_station.server.centre import Centre
from tests.bench.answer_line import sitting
from tests.bench.harness import Line, compare, timed
from tests.screens.sample_items import _png
from tests.staged import BANK

LEAST = 20
FORMULAS = (r"\frac{a+b}{c}", r"\sqrt{x^2+y^2}", r"\sum_{k=1}^{n}k^2", r"\int_0^1 x\,dx", r"x_{1,2}=\frac{-b\pm\sqrt{b^2-4ac}}{2a}")  # fmt: skip


def measure(folder: Path) -> Line:
    stage, bank = staged(folder)
    with sitting(stage, folder / "data") as (station, window):
        items = [cell.item for cell in station.view().cells]
        _require_rich(bank, items)
        empty = QWidget()
        empty.resize(window.size())
        empty.show()

        def product(_round: int) -> Iterable[int]:
            return [turn(window, item) for item in items[1:] + items[:1]]

        def reference(_round: int) -> Iterable[int]:
            return [timed(empty.repaint) for _ in items]

        return compare(
            "open a question, formulas, pictures", product, reference, goal="under 50 ms, p99 100 ms"
        )


def staged(folder: Path) -> tuple[Stage, CompiledBank]:
    """The sample bank, richer: every fifth item with two formulas, every fifth with a picture of 1200 × 800 pixels."""
    import datetime as dt

    now = dt.datetime.now().astimezone()
    bank, plan = compile_bank(read_bank(BANK)), read_blueprint(BANK / "blueprints" / "skd-2024.yaml")
    media = dict(bank.media) | {"bench.png": _png(1200, 800)}
    items = tuple(_richer(place, item, media) for place, item in enumerate(bank.items))
    bank = msgspec.structs.replace(bank, items=items, media=dict(sorted(media.items())))
    cast = make_cast(1, now)
    log_key = cast.keys[names.log_origin("test", ORGANISATION)].require_signing()
    roster = make_roster(SESSION, 1, plan, 1)
    folder.mkdir(parents=True, exist_ok=True)
    with Centre.open(folder / "centre", cast.trust, log_key) as centre:
        return set_stage(folder / "stage", cast, bank, plan, roster, centre, now, lambda *_, **__: None), bank


def _richer(place: int, item: CompiledItem, media: dict[str, bytes]) -> CompiledItem:
    more: Blocks = ()
    if place % 5 == 0:
        made = [draw(FORMULAS[(place // 5 + more) % len(FORMULAS)]) for more in (0, 1)]
        media.update((formula.media, data) for formula, data in made)
        more = (Paragraph(content=(Text(text="Jika "), made[0][0], Text(text=" dan "), made[1][0])),)
    elif place % 5 == 1:
        more = (Picture(media="bench.png", width=600, height=400, alt="Potret"),)
    languages = {
        language: Shown(stem=(*shown.stem, *more), interaction=shown.interaction)
        for language, shown in item.shown.languages.items()
    }
    return msgspec.structs.replace(item, shown=msgspec.structs.replace(item.shown, languages=languages))


def _require_rich(bank: CompiledBank, items: list[str]) -> None:
    shown = {item.id: item.shown.languages["id"] for item in bank.items}
    counted = {Formula: 0, Picture: 0}
    for item in items:
        blocks = [block for content in contents(shown[item]) for block in content]
        counted[Picture] += any(isinstance(block, Picture) for block in blocks)
        counted[Formula] += any(
            isinstance(part, Formula)
            for block in blocks
            if isinstance(block, Paragraph)
            for part in block.content
        )
    assert min(counted.values()) >= LEAST, counted


def turn(window: Window, item: str) -> int:
    """Open a question; how long until it is painted."""
    start = time.perf_counter_ns()
    window.desk.go(item)
    while window.desk.on_screen is None or window.desk.on_screen.shown.id != item:
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    for _ in range(3):  # what was laid out asks its parents, and they paint
        QApplication.sendPostedEvents()
        QApplication.processEvents()
    return time.perf_counter_ns() - start


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as scratch:
        sys.stdout.write(f"{measure(Path(scratch))}\n")
