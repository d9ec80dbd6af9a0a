"""Pictures of the bank workshop: every page of it in its sizes, themes, text sizes and languages.

Made by `python -m tests.screenshots --workshop`, and with `--all`, to be looked at: WORKSHOP-PAGE-SIZE-THEME-ZOOM-LANGUAGE.png over a copy
of the bank with all ways of answering.
"""

import datetime as dt
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Final

from cbt_station.screens.background import AtOnce
from cbt_station.screens.committee.memory import Memory
from cbt_station.screens.committee.sheet import WorkshopLook
from cbt_station.screens.committee.window import Window
from tests.screens.committee.visiting import visit
from tests.station_pictures import settle

BANK: Final = Path(__file__).resolve().parents[1] / "question_banks" / "interactions"
MOMENT: Final = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC).astimezone().replace(hour=10, minute=42)
SIZES: Final = ((1024, 600), (1366, 768))
THEMES: Final = ("light", "dark", "contrast")
ZOOMS: Final = (100, 200)
LANGUAGES: Final = ("id", "en")


def workshop_pictures(
    target: Path,
    only: Sequence[str] = (),
    *,
    sizes: Sequence[tuple[int, int]] = SIZES,
    themes: Sequence[str] = THEMES,
    zooms: Sequence[int] = ZOOMS,
    languages: Sequence[str] = LANGUAGES,
) -> Iterator[Path]:
    """Write the pictures (of the pages in `only`, if given) under `target`."""
    target.mkdir(parents=True, exist_ok=True)
    for theme, zoom, language, size in product(themes, zooms, languages, sizes):
        with tempfile.TemporaryDirectory(prefix="cbt-workshop-") as folder:
            bank = Path(shutil.copytree(BANK, Path(folder) / "bank-soal"))
            window = Window(WorkshopLook(theme, zoom, language), AtOnce(), Memory(None), lambda: MOMENT)
            window.resize(*size)
            window.show()
            window.begin(bank, "Sari")
            try:
                for page in visit(window):
                    if not only or page in only:
                        settle()
                        path = target / f"workshop-{page}-{size[0]}x{size[1]}-{theme}-{zoom}-{language}.png"
                        window.grab().save(str(path))
                        yield path
            finally:
                window.let_go()
                window.deleteLater()
                settle()
