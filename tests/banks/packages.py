"""QTI packages of the sample banks, each file as it is, changed, left out, or with others beside it."""

import io
import zipfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from cbt_station.banks.exporting import export_bank

BANKS = Path(__file__).parents[2] / "question_banks"
OF_A_BANK = ("bank.yaml", "items", "stimuli", "media", "blueprints")


def texts(directory: Path) -> dict[str, bytes]:
    """What of a folder is a bank's, by name."""
    files = (path for path in directory.rglob("*") if path.is_file())
    named = {path.relative_to(directory).as_posix(): path.read_bytes() for path in files}
    return {name: data for name, data in named.items() if name.partition("/")[0] in OF_A_BANK}


@cache
def exported(directory: Path) -> bytes:
    """The bank's package; made once for all tests of a bank."""
    return export_bank(directory, "qti3")[0]


def package(
    directory: Path,
    folder: Path,
    change: Callable[[str, bytes], bytes | None] | None = None,
    more: Mapping[str, bytes] | None = None,
) -> Path:
    """The bank's package, each file changed or left out, and `more` files."""
    data = exported(directory)
    target = folder / "bank.zip"
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            kept = change(name, old.read(name)) if change else old.read(name)
            if kept is not None:
                new.writestr(name, kept)
        for name, added in (more or {}).items():
            new.writestr(name, added)
    return target
