"""How letters within the cells of XLSX and ODS workbooks look, where the reader of workbooks gives their text alone.

A cell may be written in runs: 10² with a small raised 2 would be read as 102. Only runs count: how a whole cell looks is
layout. The workbook was read before, so that all its parts are XML and no longer than a workbook may be.

Sources: ECMA-376 part 1, 18.4 (shared strings, rich text runs); OpenDocument 1.3 part 3, 16.29.28 (text properties).
"""

import io
import zipfile
from collections.abc import Mapping
from typing import Final, Protocol
from xml.parsers import expat

from cbt_station.banks.safe_zip import DAMAGED
from cbt_station.banks.sheet_drawings import ODS, OdsPlace, Place, named, related_parts, sheet_parts
from cbt_station.banks.sheet_extent import cell_place

RAISED: Final = ("sub", "sup")
_STRINGS: Final = "xl/sharedStrings.xml"
_AT_ONCE: Final = 1 << 16
_RUNS: Final = (b"rPr", b"r\0P\0r")
"""The element of a run's looks, in UTF-8 and in UTF-16."""
_OFF: Final = ("0", "false", "none", "baseline")
_SWITCHES: Final = {"b": "bold", "i": "italic", "u": "underline", "strike": "strike"}
_BLACK: Final = ("", "FF000000", "00000000", "000000")
_PLAIN_THEME: Final = ("", "0", "1")
_PLAIN_INDEX: Final = ("", "8", "64")
_ODS_LOOKS: Final = {
    "font-weight": ("bold", ("normal", "400")),
    "font-style": ("italic", ("normal",)),
    "text-underline-style": ("underline", ("none",)),
    "text-line-through-style": ("strike", ("none",)),
    "color": ("color", ("#000000",)),
    "background-color": ("background-color", ("transparent", "#ffffff")),
}
"""What a property of a run is called, and the values that say nothing."""


class _Handler(Protocol):
    def opened(self, name: str, attributes: dict[str, str]) -> None: ...

    def closed(self, name: str) -> None: ...

    def said(self, text: str) -> None: ...


def looks_of(data: bytes) -> dict[str, dict[Place, tuple[str, ...]]]:
    """By the sheets' names and the cells' places: `sub`, `sup`, `bold`, `italic`, `underline`, `strike`, `color`, …"""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        if ODS in book.namelist():
            ods = _OdsLooks()
            _read(book, ODS, ods)
            return {name: _ordered(looks) for name, looks in ods.sheets.items()}
        strings = _Strings()
        for part in {_STRINGS, *related_parts(book, "xl/workbook.xml", "/sharedStrings").values()}:
            if _has_runs(book, part):
                _read(book, part, strings)
        found = {}
        for name, part in sheet_parts(book):
            cells = _XlsxCells(strings.looks)
            if strings.looks or _has_runs(book, part):
                _read(book, part, cells)
            found[name] = _ordered(cells.looks)
        return found


def _ordered(looks: Mapping[Place, set[str]]) -> dict[Place, tuple[str, ...]]:
    return {place: tuple(sorted(names)) for place, names in looks.items()}


def _has_runs(book: zipfile.ZipFile, part: str) -> bool:
    """Whether an XLSX part holds any run that says how it looks; most hold none, and need no second reading."""
    before = b""
    try:
        with book.open(part) as stream:
            while piece := stream.read(_AT_ONCE):
                if any(run in before + piece for run in _RUNS):
                    return True
                before = piece[-8:]
    except (KeyError, OSError, *DAMAGED):
        pass
    return False


def _read(book: zipfile.ZipFile, part: str, handler: _Handler) -> None:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = handler.opened, handler.closed
    parser.CharacterDataHandler = handler.said
    try:
        with book.open(part) as stream:
            while piece := stream.read(_AT_ONCE):
                parser.Parse(piece, False)
    except (KeyError, expat.ExpatError, OSError, *DAMAGED):
        return


def _look(kind: str, attributes: dict[str, str]) -> str | None:
    """What one property of a run says of its letters, if it says anything."""
    value = attributes.get("val", "")
    if kind in _SWITCHES:
        return None if value in _OFF else _SWITCHES[kind]
    if kind == "vertAlign" and value in ("superscript", "subscript"):
        return value[:3]
    plain = (
        attributes.get("rgb", "").upper() in _BLACK
        and attributes.get("theme", "") in _PLAIN_THEME
        and attributes.get("indexed", "") in _PLAIN_INDEX
    )
    return "color" if kind == "color" and not plain else None


class _Runs:
    """The runs of an XLSX string, wherever it stands."""

    def __init__(self) -> None:
        self._in_run = False

    def look(self, name: str, attributes: dict[str, str]) -> str | None:
        """The look that an element gives to letters."""
        kind = name.rpartition(":")[2]
        self._in_run = self._in_run or kind == "rPr"
        return _look(kind, attributes) if self._in_run else None

    def closed(self, name: str) -> None:
        if name.rpartition(":")[2] == "rPr":
            self._in_run = False


class _Strings(_Runs):
    """Strings that cells share, by their number."""

    def __init__(self) -> None:
        super().__init__()
        self._number = -1
        self.looks: dict[int, set[str]] = {}

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "si":
            self._number += 1
        look = self.look(name, attributes)
        if look is not None:
            self.looks.setdefault(self._number, set()).add(look)

    def said(self, _text: str) -> None:
        """Words are the reader's of workbooks."""


class _XlsxCells(_Runs):
    """The cells of a sheet: each holds a shared string's number, or a string of its own."""

    def __init__(self, strings: Mapping[int, set[str]]) -> None:
        super().__init__()
        self._strings = strings
        self._row = self._column = 0
        self._is_shared = self._in_value = False
        self.looks: dict[Place, set[str]] = {}

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        kind = name.rpartition(":")[2]
        if kind == "row":
            self._row, self._column = cell_place(f"A{attributes.get('r', '')}", (self._row + 1, 0))[0], 0
        elif kind == "c":
            after = (self._row, self._column + 1)
            self._row, self._column = cell_place(attributes.get("r", ""), after)
            self._is_shared = attributes.get("t") == "s"
        elif kind == "v":
            self._in_value = self._is_shared
        look = self.look(name, attributes)
        if look is not None:
            self._note({look})

    def closed(self, name: str) -> None:
        super().closed(name)
        if name.rpartition(":")[2] == "v":
            self._in_value = False

    def said(self, text: str) -> None:
        number = text.strip()
        if self._in_value and number.isdecimal() and len(number) < 10:
            self._note(self._strings.get(int(number), set()))

    def _note(self, looks: set[str]) -> None:
        if looks:
            self.looks.setdefault((self._row - 1, self._column - 1), set()).update(looks)


class _OdsLooks(OdsPlace):
    """Runs of an ODS document are spans, whose styles stand before all sheets."""

    def __init__(self) -> None:
        super().__init__()
        self._style = self._sheet = ""
        self._styles: dict[str, set[str]] = {}
        self.sheets: dict[str, dict[Place, set[str]]] = {}

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        self.move(name, attributes)
        match name.rpartition(":")[2]:
            case "style":
                self._style = named(attributes, "name")
            case "text-properties":
                self._styles.setdefault(self._style, set()).update(_ods_looks(attributes))
            case "table":
                self._sheet = named(attributes, "name")
            case "span":
                looks = self._styles.get(named(attributes, "style-name"))
                for place in self.places if looks else ():
                    self.sheets.setdefault(self._sheet, {}).setdefault(place, set()).update(looks or ())

    def closed(self, _name: str) -> None:
        """A span that has ended needs nothing."""

    def said(self, _text: str) -> None:
        """Words are the reader's of workbooks."""


def _ods_looks(attributes: dict[str, str]) -> set[str]:
    found = set()
    for key, value in attributes.items():
        name, plain = _ODS_LOOKS.get(key.rpartition(":")[2], ("", ()))
        if name and value not in plain:
            found.add(name)
    position = named(attributes, "text-position").split(" ")[0]
    if position not in ("", "0%"):
        found.add("sub" if position == "sub" or position.startswith("-") else "sup")
    return found
