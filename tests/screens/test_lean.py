"""A station must be up within a second of a power cut: what its window may load, and the pictures' writer."""

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from tests.screens.scripted_station import SCORE, ScriptedStation
from tests.screens.test_accessible import VISIT
from tests.station_pictures import Looks, write_pictures

HEAVY = [
    "reportlab",
    "sqlalchemy",
    "numpy",
    "scipy",
    "pandas",
    "matplotlib",
    "fastapi",
    "alembic",
    "httpx2",
    "typer",
    "babel",
    "qrcode",
    "PIL",
    "pyhanko",
]
ROOT = Path(__file__).resolve().parents[2]


def test_the_window_loads_nothing_heavy():
    asked = "import sys, cbt_station.screens.station.window; print(*{name.partition('.')[0] for name in sys.modules})"
    out = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert not set(HEAVY) & set(out.split())


def test_no_screen_of_the_candidate_reaches_what_scores():
    asked = "import sys, cbt_station.screens.station.window; print(*sys.modules)"
    out = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert not {
        "cbt_station.exam.rules",
        "cbt_station.exam.scoring",
        "cbt_station.artefacts.scoring",
        "cbt_station.verify.rescoring",
    } & set(out.split())


@pytest.mark.parametrize(("size", "zoom"), [((1024, 600), 200), ((1366, 768), 100)])
def test_every_page_can_be_written_as_a_picture(qapp, tmp_path, size, zoom):
    looks = Looks(sizes=(size,), themes=("light",), zooms=(zoom,), languages=("id",))
    written = write_pictures(ScriptedStation(score=SCORE), VISIT, tmp_path, looks)
    assert len(written) == 19
    for path in written:
        picture = QImage(str(path))
        assert (picture.width(), picture.height()) == size
        below = range(picture.height() // 4, picture.height(), 9)
        seen = {picture.pixelColor(x, y).name() for x in range(0, picture.width(), 3) for y in below}
        assert len(seen) > 8, path.name
