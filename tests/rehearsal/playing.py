"""The demo as a process, as a person starts it, in a home of its own that must stay empty."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from cbt_station.sealing.trust import Trust, open_trust
from cbt_station.storage.folder import Folder
from cbt_station.verify.anything import check_path_files
from cbt_station.verify.steps import Steps

LATEST_S = 540


class Played(NamedTuple):
    """What a demo left behind. `around` is everything beside its own folder: home, temporary files, working folder."""

    code: int
    said: str
    told: dict[str, Any]
    folder: Path
    around: tuple[Path, ...]

    @property
    def trust(self) -> Trust:
        return open_trust([(self.folder / "session" / "trust-1.note").read_bytes()], None)

    def verify(self, sheet: Path) -> Steps:
        """What a stranger finds of a sheet."""
        return check_path_files({sheet.name: sheet.read_bytes()}, self.trust)

    @property
    def sheets(self) -> list[Path]:
        return [Path(sheet) for sheet in self.told["sheets"]]

    @property
    def notes(self) -> dict[str, bytes]:
        """Everything on the stick."""
        return dict(Folder(self.folder / "stick"))


def play(place: Path, *options: object, lang: str = "en", begin: str = "") -> Played:
    """`cbt-station demo --headless OPTIONS`; `begin`: Python that is run first, to break something."""
    home, temporary, working = (place / name for name in ("home", "tmp", "cwd"))
    for folder in (home, temporary, working):
        folder.mkdir(parents=True, exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CBT_", "QT_", "XDG_"))}
    program = f"{begin}\nfrom cbt_station.cli import main\nmain()"
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            program,
            "--lang",
            lang,
            "demo",
            "--headless",
            "--out",
            place / "demo",
            "--json",
            *map(str, options),
        ],
        cwd=working,
        env={**kept, "HOME": str(home), "TMPDIR": str(temporary), "QT_LOGGING_RULES": "qt.qpa.fonts=false"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LATEST_S,
        check=False,
    )
    assert done.stdout, done.stderr
    around = [path for folder in (home, temporary, working) for path in folder.rglob("*") if path.is_file()]
    told = json.loads(done.stdout.splitlines()[-1])
    return Played(done.returncode, done.stderr, told, place / "demo", tuple(around))
