"""What a workbook says of its cells beside their texts: how they show numbers, errors, what is hidden, joined or commented.

The reader of workbooks gives values alone: an error and a formula without a result are empty cells to it, 50% is 0.5,
and what a hidden row or white letters hold reads like everything else. Nothing is judged of a question here. XLSX and
ODS; XLS is `old_facts.py`. Sources: ECMA-376 part 1, 18.3 and 18.8; OpenDocument 1.3 part 3, 9 and 19.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple
from xml.parsers import expat

from cbt_station.banks.office_xml import parse_office
from cbt_station.banks.safe_xml import Element, NotXml
from cbt_station.banks.safe_zip import DAMAGED
from cbt_station.banks.sheet_drawings import ODS, OdsPlace, Place, named, related_parts, sheet_parts
from cbt_station.banks.sheet_extent import cell_place
from cbt_station.banks.sheet_formats import BUILT_IN, Shown, shown_as, shown_number, shown_text
from cbt_station.errors import Refusal

ERROR, NO_RESULT = "error", "formula"
_BOOK: Final = "xl/workbook.xml"
_AT_ONCE: Final = 1 << 16
_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_WHITE: Final = ("FFFFFFFF", "00FFFFFF", "FFFFFF")
_WHITE_INDEX: Final = ("1", "9")
_WHITE_THEME: Final = "0"
_SAYS: Final = re.compile(
    rb"""\0|hidden|yperlink|[<:]f[\s/>]|\st\s*=\s*["']e|\ss\s*=\s*["'](?!0["'])|>[^<]{12}"""
)
"""What a part must hold to say anything: an error, a formula, a format, a number that is long, something hidden or linked."""
_OVERLAP: Final = 64
_MOST_COLUMNS: Final = 16_384
MOST_NOTED: Final = 500_000
"""Cells of one sheet that are not as they look."""


class Format(NamedTuple):
    """How a cell shows what it holds, and what says so."""

    shown: Shown
    code: str


@dataclass
class SheetFacts:
    """Of one sheet, by places or rows and columns from 0; what is as it looks is not in here."""

    formats: dict[Place, Format] = field(default_factory=dict)
    faults: dict[Place, tuple[str, str]] = field(default_factory=dict)
    """`error` and what it says, or `formula` for one whose result is not in the file."""
    looks: dict[Place, str] = field(default_factory=dict)
    """What of a whole cell is more than layout: `strike`, `ruby`."""
    texts: dict[Place, str] = field(default_factory=dict)
    """Texts that the reader of workbooks does not give as they are seen."""
    joined: list[tuple[Place, Place]] = field(default_factory=list)
    comments: set[Place] = field(default_factory=set)
    links: dict[Place, str] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    is_hidden: bool = False

    def require_modest(self) -> None:
        """Raises Refusal("sheet-too-large") where more is noted than a sheet of questions has."""
        noted = len(self.formats) + len(self.faults) + len(self.looks) + len(self.texts)
        if noted + len(self.comments) + len(self.links) > MOST_NOTED:
            raise Refusal("sheet-too-large", most=MOST_NOTED)


def facts_of(data: bytes) -> dict[str, SheetFacts]:
    """By the sheets' names, of a workbook whose cells were read already."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        if ODS in book.namelist():
            reader = _OdsFacts()
            _read(book, ODS, reader)
            return reader.settled()
        looks = _looks(book)
        hidden = _hidden_sheets(book)
        found = {}
        for name, part in sheet_parts(book):
            cells = _XlsxFacts(looks)
            if not cells.is_first_plain or _may_say(book, part):
                _read(book, part, cells)
            cells.facts.is_hidden = name in hidden
            _add_comments(book, part, cells.facts)
            found[name] = cells.facts
        return found


def _read(book: zipfile.ZipFile, part: str, handler: "_XlsxFacts | _OdsFacts") -> None:
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


def _may_say(book: zipfile.ZipFile, part: str) -> bool:
    """Whether a sheet of XLSX holds anything that could be noted; a long one of plain cells needs no second reading."""
    before = b""
    try:
        with book.open(part) as stream:
            while piece := stream.read(_AT_ONCE):
                if _SAYS.search(before + piece):
                    return True
                before = piece[-_OVERLAP:]
    except (KeyError, OSError, *DAMAGED):
        pass
    return False


def _xml(book: zipfile.ZipFile, part: str) -> Element | None:
    """A part that has to be understood, whole, or None where there is none."""
    try:
        return parse_office(book.read(part))
    except KeyError:
        return None
    except (NotXml, OSError, *DAMAGED) as error:
        raise Refusal("sheet-unreadable", where=part[:80]) from error


# XLSX


class _Look(NamedTuple):
    code: str
    is_white: bool
    is_struck: bool


def _looks(book: zipfile.ZipFile) -> list[_Look]:
    """The formats of cells, by their numbers."""
    parts = list(related_parts(book, _BOOK, "/styles").values()) or ["xl/styles.xml"]
    root = _xml(book, parts[0])
    if root is None:
        return []
    codes = {
        one.get("numFmtId", ""): one.get("formatCode", "")
        for one in root.iterfind(f"{_MAIN}numFmts/{_MAIN}numFmt")
    }
    fonts = root.findall(f"{_MAIN}fonts/{_MAIN}font")
    fills = root.findall(f"{_MAIN}fills/{_MAIN}fill")
    looks = []
    for one in root.iterfind(f"{_MAIN}cellXfs/{_MAIN}xf"):
        number = one.get("numFmtId", "0")
        font, fill = _at(fonts, one.get("fontId")), _at(fills, one.get("fillId"))
        code = codes.get(number) or BUILT_IN.get(int(number) if number.isdecimal() else 0, f"?{number}")
        looks.append(_Look(code, _is_white(font) and not _is_filled(fill), _is_struck(font)))
    return looks


def _at(parts: list[Element], number: str | None) -> Element | None:
    place = int(number) if number is not None and number.isdecimal() and len(number) < 7 else 0
    return parts[place] if place < len(parts) else None


def _is_struck(font: Element | None) -> bool:
    strike = None if font is None else font.find(f"{_MAIN}strike")
    return strike is not None and strike.get("val", "1") not in ("0", "false")


def _is_white(font: Element | None) -> bool:
    color = None if font is None else font.find(f"{_MAIN}color")
    if color is None:
        return False
    return (
        color.get("rgb", "").upper() in _WHITE
        or color.get("indexed") in _WHITE_INDEX
        or (color.get("theme") == _WHITE_THEME and float(color.get("tint", "0") or 0) == 0)
    )


def _is_filled(fill: Element | None) -> bool:
    """Whether letters stand on anything but the page."""
    pattern = None if fill is None else fill.find(f"{_MAIN}patternFill")
    if pattern is None:
        return fill is not None and fill.find(f"{_MAIN}gradientFill") is not None
    ground = pattern.find(f"{_MAIN}fgColor")
    white = ground is not None and (
        ground.get("rgb", "").upper() in _WHITE or ground.get("theme") == _WHITE_THEME
    )
    return pattern.get("patternType", "none") != "none" and not white


def _hidden_sheets(book: zipfile.ZipFile) -> set[str]:
    root = _xml(book, _BOOK)
    sheets = [] if root is None else list(root.iter(f"{_MAIN}sheet"))
    return {one.get("name", "") for one in sheets if one.get("state", "visible") != "visible"}


def _add_comments(book: zipfile.ZipFile, part: str, facts: SheetFacts) -> None:
    for kind, name in (("/comments", "comment"), ("/threadedComment", "threadedComment")):
        for comments in related_parts(book, part, kind).values():
            root = _xml(book, comments)
            for one in root.iter() if root is not None else ():
                if str(one.tag).endswith(f"}}{name}"):
                    facts.comments.update(_places(one.get("ref", "")))


def _places(reference: str) -> Iterable[Place]:
    """The first cell of a reference."""
    row, column = cell_place(reference.partition(":")[0].replace("$", ""), (0, 0))
    return [(row - 1, column - 1)] if row else []


class _XlsxFacts:
    """One sheet as a stream."""

    def __init__(self, looks: list[_Look]) -> None:
        self.facts = SheetFacts()
        self._looks = looks
        self._plain = {
            number
            for number, look in enumerate(looks or [_Look("General", False, False)])
            if look.code in ("General", "0", "@") and not look.is_white and not look.is_struck
        }
        """The formats of most cells, which say nothing."""
        self.is_first_plain = 0 in self._plain
        self._at: str | Place = (0, 0)
        """Where the last cell stands: as it says itself, or row and column from 1. Read only where something is noted."""
        self._kind, self._look = "n", 0
        self._value: list[str] = []
        self._inside = self._has_formula = self._has_value = False

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        match name.rpartition(":")[2] if ":" in name else name:
            case "row":
                row = attributes.get("r", "")
                after = self._place()[0] + 1 if not row else 0
                self._at = (int(row) if row.isdecimal() and len(row) < 8 else after, 0)
                if attributes.get("hidden") in ("1", "true"):
                    self.facts.hidden_rows.add(self._at[0] - 1)
            case "c":
                self._at = attributes.get("r") or (self._place()[0], self._place()[1] + 1)
                self._kind = attributes.get("t", "n")
                look = attributes.get("s", "0")
                self._look = int(look) if look.isdecimal() and len(look) < 7 else 0
                self._value, self._has_formula, self._has_value = [], False, False
            case "f":
                self._has_formula = True
            case "v" | "is":
                self._inside = self._has_value = True
            case "col" if attributes.get("hidden") in ("1", "true"):
                first, last = (int(attributes.get(one, "0") or 0) for one in ("min", "max"))
                self.facts.hidden_columns.update(range(max(first, 1) - 1, min(last, _MOST_COLUMNS)))
            case "hyperlink":
                for place in _places(attributes.get("ref", "")):
                    self.facts.links[place] = (
                        attributes.get("location") or named(attributes, "display") or "…"
                    )

    def said(self, text: str) -> None:
        if self._inside:
            self._value.append(text)

    def closed(self, name: str) -> None:
        kind = name.rpartition(":")[2] if ":" in name else name
        if kind in ("v", "is"):
            self._inside = False
        elif kind == "c":
            self._note("".join(self._value).strip())

    def _place(self) -> Place:
        """Where the last cell stands, from 1."""
        return cell_place(self._at, (0, 0)) if isinstance(self._at, str) else self._at

    def _note(self, value: str) -> None:
        is_error = self._kind == "e"
        has_no_result = self._has_formula and not value and self._kind != "str"
        is_plain = self._look in self._plain and (self._kind != "n" or _is_plain(value))
        if not is_error and not has_no_result and (is_plain or not self._has_value):
            return
        row, column = self._place()
        place = (row - 1, column - 1)
        if is_error:
            self.facts.faults[place] = (ERROR, value)
        elif has_no_result:
            self.facts.faults[place] = (NO_RESULT, "")
        else:
            self._judge(place, value)
        self.facts.require_modest()

    def _judge(self, place: Place, value: str) -> None:
        look = self._looks[self._look] if self._look < len(self._looks) else _Look("General", False, False)
        shown = _number_shown(look.code, value) if self._kind == "n" else shown_text(look.code)
        if look.is_white or shown == Shown.HIDDEN:
            self.facts.formats[place] = Format(Shown.HIDDEN, "FFFFFF" if look.is_white else look.code)
        elif shown != Shown.PLAIN and self._kind != "b":
            self.facts.formats[place] = Format(shown, look.code)
        if look.is_struck:
            self.facts.looks[place] = "strike"


def _is_plain(value: str) -> bool:
    """Whether a number is shown as it is where no format says otherwise."""
    return value.isdecimal() and len(value) < 12


def _number_shown(code: str, value: str) -> Shown:
    try:
        return shown_number(code, float(value))
    except (ValueError, ArithmeticError):
        return Shown.OTHER


# ODS


class _OdsFacts(OdsPlace):
    """All sheets as a stream: every cell says what it shows."""

    def __init__(self) -> None:
        super().__init__()
        self.sheets: dict[str, SheetFacts] = {}
        self._facts = SheetFacts()
        self._style = ""
        self._unseen: set[str] = set()
        self._looks: dict[str, dict[str, str]] = {}
        """What the styles of cells say of letters and their ground."""
        self._row_style = ""
        self._column_styles: list[tuple[int, str]] = []
        """Up to which column a style goes where a cell has none."""
        self._sheet_styles: dict[str, str] = {}
        self._columns = 0
        self._cell: dict[str, str] = {}
        self._text: list[str] = []
        self._is_other = False
        """Whether the reader of workbooks gives another text than is seen."""
        self._in_text = self._in_note = self._in_ruby = False

    def settled(self) -> dict[str, SheetFacts]:
        """The sheets, once all is read."""
        for name, style in self._sheet_styles.items():
            self.sheets[name].is_hidden = style in self._unseen
        return self.sheets

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        row, _ = self.place
        self.move(name, attributes)
        kind = name.rpartition(":")[2]
        match kind:
            case "style":
                self._style = named(attributes, "name")
            case "table-properties" if named(attributes, "display") == "false":
                self._unseen.add(self._style)
            case "table":
                self._facts = self.sheets.setdefault(named(attributes, "name"), SheetFacts())
                self._sheet_styles[named(attributes, "name")] = named(attributes, "style-name")
                self._columns, self._column_styles = 0, []
            case "table-column":
                self._add_column(attributes)
            case "table-row":
                self._row_style = named(attributes, "default-cell-style-name")
                if named(attributes, "visibility") in ("collapse", "filter"):
                    self._hide_rows(row)
            case "text-properties" | "table-cell-properties":
                self._add_look({key.rpartition(":")[2]: value for key, value in attributes.items()})
            case "table-cell" | "covered-table-cell":
                self._cell, self._text, self._is_other = attributes, [], False
            case _:
                self._opened_in_cell(kind, attributes)

    def _add_look(self, said: dict[str, str]) -> None:
        for name in ("color", "background-color", "text-line-through-style"):
            if name in said:
                self._looks.setdefault(self._style, {})[name] = said[name]

    def _hide_rows(self, before: int) -> None:
        self._facts.hidden_rows.update(range(before + 1, min(self.place[0], before + _MOST_COLUMNS) + 1))

    def _opened_in_cell(self, kind: str, attributes: dict[str, str]) -> None:
        match kind:
            case "tab" | "line-break" | "s" if self._in_text:
                self._is_other |= kind != "s"
                count = named(attributes, "c")
                spaces = int(count) if count.isdecimal() and len(count) < 5 else 1
                self._text.append({"tab": "\t", "line-break": "\n"}.get(kind, " " * spaces))
            case "ruby-text":
                self._in_ruby = self._is_other = True
                self._facts.looks[self.place] = "ruby"
            case "annotation":
                self._in_note = True
                self._facts.comments.add(self.place)
            case "p":
                self._in_text = not self._in_note
                if self._in_text and self._text:
                    self._text.append("\n")
            case "a" if not self._in_note:
                self._facts.links[self.place] = named(attributes, "href")

    def said(self, text: str) -> None:
        if self._in_text and not self._in_note and not self._in_ruby:
            self._text.append(text)

    def closed(self, name: str) -> None:
        kind = name.rpartition(":")[2]
        if kind == "annotation":
            self._in_note = False
        elif kind == "p":
            self._in_text = False
        elif kind == "ruby-text":
            self._in_ruby = False
        elif kind in ("table-cell", "covered-table-cell"):
            self._note()

    def _add_column(self, attributes: Mapping[str, str]) -> None:
        said = named(dict(attributes), "number-columns-repeated")
        count = int(said) if said.isdecimal() and len(said) < 6 else 1
        if named(dict(attributes), "visibility") in ("collapse", "filter"):
            self._facts.hidden_columns.update(range(self._columns, min(self._columns + count, _MOST_COLUMNS)))
        self._columns += count
        self._column_styles.append((self._columns, named(dict(attributes), "default-cell-style-name")))

    def _note(self) -> None:
        kinds = [value for key, value in self._cell.items() if key.rpartition(":")[2] == "value-type"]
        text = "".join(self._text).strip()
        said = next((value for key, value in self._cell.items() if key.endswith(":string-value")), text)
        facts, shown = self._facts, Shown.PLAIN
        fault: tuple[str, str] | None = None
        if "error" in kinds or (named(self._cell, "formula") and text.startswith("#")):
            fault = (ERROR, text)
        elif named(self._cell, "formula") and not kinds:
            fault = (NO_RESULT, "")
        elif {"float", "percentage", "currency"} & set(kinds):
            shown = _seen(named(self._cell, "value"), text)
        is_other = "string" in kinds and (self._is_other or said != text)
        look = facts.looks.get(self.place)
        if fault or shown != Shown.PLAIN or is_other or look or (text and self._looks):
            for place in self.places:
                if fault:
                    facts.faults[place] = fault
                if shown != Shown.PLAIN:
                    facts.formats[place] = Format(shown, text[:40])
                if is_other:
                    facts.texts[place] = text
                if look:
                    facts.looks[place] = look
                if text:
                    self._look(place)
                facts.require_modest()
        self._join()

    def _look(self, place: Place) -> None:
        """What the style of a whole cell says beside layout."""
        of_column = next((style for end, style in self._column_styles if place[1] < end), "")
        look = self._looks.get(named(self._cell, "style-name") or self._row_style or of_column, {})
        ground = look.get("background-color", "transparent").lower()
        if look.get("color", "").lower() == "#ffffff" and ground in ("transparent", "#ffffff"):
            self._facts.formats[place] = Format(Shown.HIDDEN, "#ffffff")
        if look.get("text-line-through-style", "none") != "none":
            self._facts.looks[place] = "strike"

    def _join(self) -> None:
        """A cell that reaches over others."""
        down, across = (named(self._cell, f"number-{one}-spanned") for one in ("rows", "columns"))
        rows, columns = (int(one) if one.isdecimal() and len(one) < 8 else 1 for one in (down, across))
        if rows > 1 or columns > 1:
            row, column = self.place
            self._facts.joined.append((self.place, (row + rows - 1, column + columns - 1)))


def _seen(value: str, text: str) -> Shown:
    try:
        return shown_as(float(value), text)
    except (ValueError, ArithmeticError):
        return Shown.OTHER
