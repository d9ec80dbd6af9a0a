"""A hostile case: what is made, which way it goes into the program, and what the report about it must name.

Nothing here runs the program. A case is the same on every machine but for the world around it: the folder outside that
holds secrets, and the port on which somebody listens.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from cbt_station.exam.item import ShownItem, Stimulus

Way: TypeAlias = Literal["import", "bank", "blueprint", "station", "planted"]


@dataclass(frozen=True)
class World:
    """What lies around every case: secrets in a folder outside, and a port that counts who calls."""

    outside: Path
    port: int
    secret: str

    @property
    def text(self) -> Path:
        """A file that no case may bring in."""
        return self.outside / "rahasia.txt"

    @property
    def http(self) -> str:
        """An address at which somebody listens."""
        return f"http://127.0.0.1:{self.port}"

    def plain(self, said: str) -> str:
        """What was said, without the two things that differ from run to run."""
        return said.replace(str(self.outside), "OUTSIDE").replace(f":{self.port}", ":PORT")


@dataclass(frozen=True)
class Screen:
    """What a sealed package brings to the station past every compiler. `raw`: the item's own bytes, where they lie."""

    item: ShownItem
    media: dict[str, bytes]
    stimulus: Stimulus | None = None
    raw: bytes | None = None


Made: TypeAlias = Callable[[Path, World], Path]
"""Writes the case into an empty folder; the answer is what is given to the program."""


@dataclass(frozen=True)
class Case:
    """`make`: a source to be read, or (`way` is station) what the screen is given.

    `names`: words that the report, in Indonesian, must have: the very thing that is hostile, or what happened to it (a bar
    between words: one of them). With
    `kept` the case is no threat as what it is (text), and these words must stand in the item that was compiled.
    """

    name: str
    way: Way
    make: Made | Callable[[World], Screen]
    names: tuple[str, ...]
    kept: bool = False

    @property
    def family(self) -> str:
        """The part of the name before the first slash."""
        return self.name.partition("/")[0]


def file(name: str, data: bytes | str | Callable[[], bytes | str]) -> Made:
    """A case that is one file; `OUTSIDE`, `HTTP` and `PORT` in it become what they are in this world."""

    def make(folder: Path, world: World) -> Path:
        path = folder / name
        path.write_bytes(filled(data() if callable(data) else data, world))
        return path

    return make


def folder(files: dict[str, bytes | str]) -> Made:
    """A case that is a folder of files."""

    def make(folder: Path, world: World) -> Path:
        root = folder / "bank"
        for name, data in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(filled(data, world))
        return root

    return make


def filled(data: bytes | str, world: World) -> bytes:
    """The bytes of a case in this world."""
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    if b"OUTSIDE" not in raw and b"HTTP" not in raw and b"PORT" not in raw:
        return raw
    raw = raw.replace(b"OUTSIDE", str(world.outside).encode()).replace(b"HTTP", world.http.encode())
    return raw.replace(b"PORT", str(world.port).encode())
