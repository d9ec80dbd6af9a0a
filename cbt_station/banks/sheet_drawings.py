"""What is drawn over the cells of XLSX and ODS workbooks: pictures by the cell of their upper left corner, and how many
things could not be read as pictures (charts, shapes, pictures elsewhere or too large, pictures that belong to no cell).

Sources: ECMA-376 part 1, 20.5 (spreadsheet drawings); OpenDocument 1.3 part 3, 9.1 and 10.4 (tables, frames).
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import Final, TypeAlias
from xml.parsers import expat

from cbt_station.banks.office_xml import parse_office
from cbt_station.banks.safe_xml import Element, NotXml
from cbt_station.banks.safe_zip import DAMAGED

MOST_PICTURE: Final = 8 << 20
_DRAWING: Final = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REFERENCE: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_DRAWN: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
ODS: Final = "content.xml"
_AT_ONCE: Final = 1 << 16
Place: TypeAlias = tuple[int, int]
"""Row and column from 0."""
Read: TypeAlias = Callable[[str], bytes | None]


@dataclass(frozen=True)
class Drawings:
    """What is drawn over one sheet."""

    pictures: dict[Place, tuple[bytes, ...]]
    lost: int


def drawings(data: bytes) -> dict[str, Drawings]:
    """By the sheets' names, of a workbook whose cells were read already."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        read = cache(partial(_part, book))  # a picture may stand in a thousand places
        if ODS in book.namelist():
            return _of_ods(book, read)
        return {name: _of_sheet(book, part, read) for name, part in sheet_parts(book)}


class _Found:
    """Pictures of one sheet as they are met."""

    def __init__(self) -> None:
        self._pictures: dict[Place, list[bytes]] = {}
        self.lost = 0

    def add(self, place: Place, data: bytes | None) -> None:
        if data is None:
            self.lost += 1
        else:
            self._pictures.setdefault(place, []).append(data)

    @property
    def drawings(self) -> Drawings:
        return Drawings({place: tuple(over) for place, over in self._pictures.items()}, self.lost)


# XLSX


def _of_sheet(book: zipfile.ZipFile, part: str, read: Read) -> Drawings:
    found = _Found()
    for drawing in dict.fromkeys(related_parts(book, part, "/drawing").values()):
        root, pictures = _xml(book, drawing), related_parts(book, drawing, "/image")
        if root is None:
            found.lost += 1
        for anchor in root if root is not None else ():
            if isinstance(anchor.tag, str) and anchor.tag.endswith("Anchor"):
                _anchored(found, anchor, pictures, read)
    return found.drawings


def _anchored(found: _Found, anchor: Element, pictures: dict[str, str], read: Read) -> None:
    """A picture at its cell; anything else that is drawn, or lies at no cell, is lost."""
    corner, blip = anchor.find(f"{_DRAWING}from"), anchor.find(f".//{_DRAWN}blip")
    if corner is None or blip is None or _is_more_than_a_picture(anchor):
        found.lost += 1
        return
    row, column = (corner.findtext(f"{_DRAWING}{name}", "") for name in ("row", "col"))
    part = pictures.get(blip.get(f"{_REFERENCE}embed", ""))
    if not row.isdecimal() or not column.isdecimal() or max(len(row), len(column)) > 7:
        found.lost += 1
    else:
        found.add((int(row), int(column)), read(part) if part else None)


def _is_more_than_a_picture(anchor: Element) -> bool:
    """Whether a sheet shows something else than one picture as its file is: a group, or one cropped, turned or mirrored."""
    shapes = [str(one.tag).rpartition("}")[2] for one in anchor.iter() if isinstance(one.tag, str)]
    if "grpSp" in shapes or shapes.count("blip") > 1:
        return True
    for one in anchor.iter(f"{_DRAWN}srcRect"):
        if any(str(one.get(side) or "0").lstrip("-") not in ("0", "0%") for side in "ltrb"):
            return True
    return any(
        str(one.get("rot") or "0") != "0"
        or any(one.get(flip) in ("1", "true") for flip in ("flipH", "flipV"))
        for one in anchor.iter(f"{_DRAWN}xfrm")
    )


def sheet_parts(book: zipfile.ZipFile) -> list[tuple[str, str]]:
    """The sheets of an XLSX workbook by their names, and the part that each stands in."""
    root = _xml(book, "xl/workbook.xml")
    parts = related_parts(book, "xl/workbook.xml", "/worksheet")
    if root is None:
        return []
    sheets = [
        (sheet.get("name", ""), sheet.get(f"{_REFERENCE}id", "")) for sheet in root.iter(f"{_MAIN}sheet")
    ]
    return [(name, parts[reference]) for name, reference in sheets if reference in parts]


def related_parts(book: zipfile.ZipFile, part: str, kind: str) -> dict[str, str]:
    """The parts inside the workbook that a part refers to, by reference; what lies outside is never followed."""
    folder, name = posixpath.split(part)
    root = _xml(book, f"{folder}/_rels/{name}.rels")
    related = {}
    for one in root if root is not None else ():
        if one.get("TargetMode") != "External" and one.get("Type", "").endswith(kind):
            target = one.get("Target", "")
            inside = (
                target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
            )
            related[one.get("Id", "")] = inside
    return related


def _xml(book: zipfile.ZipFile, part: str) -> Element | None:
    data = _part(book, part)
    try:
        return None if data is None else parse_office(data)
    except NotXml:
        return None


def _part(book: zipfile.ZipFile, part: str) -> bytes | None:
    try:
        return book.read(part) if book.getinfo(part).file_size <= MOST_PICTURE else None
    except (KeyError, OSError, *DAMAGED):
        return None


# ODS


def _of_ods(book: zipfile.ZipFile, read: Read) -> dict[str, Drawings]:
    """The document is read as a stream: how far its cells reach was counted before."""
    reader = _OdsReader(read)
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = reader.opened, reader.closed
    try:
        with book.open(ODS) as stream:
            while part := stream.read(_AT_ONCE):
                parser.Parse(part, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, OSError, *DAMAGED):
        reader.sheet.lost += 1
    return {name: found.drawings for name, found in reader.sheets.items()}


class OdsPlace:
    """Where a document that is read as a stream has got to."""

    def __init__(self) -> None:
        self.place: Place = (-1, -1)
        self._rows = self._columns = 1

    @property
    def places(self) -> list[Place]:
        """Where the cell stands, as often as it is repeated: `place` is the last of them."""
        row, column = self.place
        return [
            (down, across)
            for down in range(row - self._rows + 1, row + 1)
            for across in range(column - self._columns + 1, column + 1)
        ]

    def move(self, name: str, attributes: dict[str, str]) -> None:
        """Go on to where an element stands that was opened."""
        row, column = self.place
        match name.rpartition(":")[2]:
            case "table":
                self.place = (-1, -1)
            case "table-row":
                self._rows = _repeated(attributes, "number-rows-repeated")
                self.place = (row + self._rows, -1)
            case "table-cell" | "covered-table-cell":
                self._columns = _repeated(attributes, "number-columns-repeated")
                self.place = (row, column + self._columns)


class _OdsReader(OdsPlace):
    """A frame in a cell is drawn over it; one beside the cells (`table:shapes`) belongs to none."""

    def __init__(self, read: Read) -> None:
        super().__init__()
        self._read = read
        self.sheets: dict[str, _Found] = {}
        self.sheet = _Found()
        self._in_cell = False
        self._style = ""
        self._clipped: set[str] = set()
        """Styles of frames that show a part of their picture, or its mirror image."""
        self._is_changed = False
        self._images: list[str] | None = None
        """What the open frame shows; LibreOffice writes another kind of the same picture beside it."""

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        self.move(name, attributes)
        match name.rpartition(":")[2]:
            case "table":
                self.sheet = self.sheets.setdefault(named(attributes, "name"), _Found())
            case "table-cell" | "covered-table-cell":
                self._in_cell = True
            case "style":
                self._style = named(attributes, "name")
            case "graphic-properties" if _changes(attributes):
                self._clipped.add(self._style)
            case "frame":
                self._images = []
                is_turned = "rotate" in named(attributes, "transform")
                self._is_changed = is_turned or named(attributes, "style-name") in self._clipped
            case "image" if self._images is not None:
                self._images.append(named(attributes, "href"))
            case "custom-shape" | "path" | "polygon" if self._images is None:
                self.sheet.lost += 1

    def closed(self, name: str) -> None:
        kind = name.rpartition(":")[2]
        if kind in ("table-cell", "covered-table-cell"):
            self._in_cell = False
        elif kind == "frame" and self._images is not None:
            shown = [image for image in self._images if image.startswith("Pictures/")]
            best = next((image for image in shown if not image.endswith(".svg")), next(iter(shown), None))
            is_shown = best is not None and self._in_cell and not self._is_changed
            data = self._read(best) if best is not None and is_shown else None
            self.sheet.add(self.place, data)
            self._images = None


def _changes(attributes: dict[str, str]) -> bool:
    """Whether a frame's style crops or mirrors what it shows."""
    crop = [part for part in re.findall(r"[0-9]+(?:\.[0-9]+)?", named(attributes, "clip")) if float(part)]
    return bool(crop) or named(attributes, "mirror") not in ("", "none")


def named(attributes: dict[str, str], name: str) -> str:
    """The value of an attribute whatever its prefix, empty where there is none."""
    return next((value for key, value in attributes.items() if key.rpartition(":")[2] == name), "")


def _repeated(attributes: dict[str, str], name: str) -> int:
    said = named(attributes, name)
    return int(said) if said.isdecimal() and len(said) < 10 else 1
