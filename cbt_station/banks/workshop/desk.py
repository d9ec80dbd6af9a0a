"""One person at one bank: the folder as it was read last, read again when something may have changed it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cbt_station.banks.workshop.disk import HISTORY, place
from cbt_station.banks.workshop.history import History
from cbt_station.banks.workshop.rows import What
from cbt_station.banks.workshop.shelf import Shelf, read_shelf
from cbt_station.errors import Failure, Trouble
from cbt_station.storage.files import make_folder
from cbt_station.storage.folder_lock import FolderLock


class Desk:
    """The folder, its history, and who works at it."""

    def __init__(self, directory: Path, by: str) -> None:
        self.directory, self.by = directory, by
        self.history = History(directory)
        self._shelf: Shelf | None = None
        self._authors: dict[tuple[What, str], tuple[bytes, str]] = {}

    @property
    def shelf(self) -> Shelf:
        """What lies in the folder."""
        if self._shelf is None:
            self._shelf = read_shelf(self.directory)
        return self._shelf

    def put_back(self, shelf: Shelf) -> None:
        """Go on with what is known after a change."""
        self._shelf = shelf

    def read_again(self) -> None:
        """Read the folder anew when it is next asked for."""
        self._shelf = None
        self._authors.clear()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """After a failure nobody knows what the folder holds: it is read again."""
        try:
            yield
        except Failure:
            self.read_again()
            raise

    def author(self, name: str, what: What = "item") -> str:
        """Who wrote a text as it is now; empty where it was written outside the workshop."""
        data = self.shelf.data.get(self.shelf.file(name, what), b"")
        known = self._authors.get((what, name))
        if known is None or known[0] != data:
            author = "" if "/" in name else self.history.author(name, what, data)
            known = self._authors[what, name] = data, author
        return known[1]


def lock(directory: Path) -> FolderLock:
    """Hold a bank alone. Raises Trouble("bank-in-use")."""
    if not directory.is_dir():
        raise Trouble("bank-not-there", where=str(directory))
    folder = place(directory, HISTORY)
    make_folder(folder)
    try:
        return FolderLock(folder)
    except Trouble as trouble:
        if trouble.code != "data-folder-in-use":
            raise
        raise Trouble("bank-in-use", where=str(directory)) from trouble
