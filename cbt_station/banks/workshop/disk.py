"""Where the workshop writes: only inside the bank's folder, through no link, and so that a power cut leaves old or new.

An export goes where a person says: `write_new`.
"""

from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

from cbt_station.banks.workshop.rows import What
from cbt_station.errors import Refusal, Trouble
from cbt_station.storage.files import disk_troubles, make_folder, rename_durably, write_durably

HISTORY, REVIEWS, SETTINGS = "history", "reviews", "workshop.yaml"
FOLDERS: Final[dict[What, str]] = {"item": "items", "stimulus": "stimuli"}
_STAGE: Final = "next"
"""The new text on its way, in the history: what a power cut leaves of it is no part of the bank."""


def hash_of(data: bytes) -> str:
    """The name of some bytes."""
    return sha256(data).hexdigest()


def place(directory: Path, *parts: str) -> Path:
    """A file or folder inside a bank. Raises Refusal("workshop-link") where a link would lead elsewhere."""
    path = directory
    for part in "/".join(parts).split("/"):
        path = path / part
        if path.is_symlink():
            raise Refusal("workshop-link", where=path.relative_to(directory).as_posix())
    return path


def put(directory: Path, file: str, data: bytes) -> None:
    """Write a file of the bank durably, without ever leaving half of one among its items."""
    target, stage = place(directory, file), place(directory, HISTORY, _STAGE)
    make_folder(stage.parent)
    make_folder(target.parent)
    write_durably(stage, data)
    rename_durably(stage, target)


def write_new(path: Path, data: bytes) -> None:
    """Write a file that nobody has made, not even while `data` was. Raises Refusal("file-exists")."""
    with disk_troubles(path):
        try:
            path.touch(exist_ok=False)
        except FileExistsError as error:
            raise Refusal("file-exists", where=str(path)) from error
    try:
        write_durably(path, data)
    except Trouble:
        with suppress(OSError):
            path.unlink()
        raise
