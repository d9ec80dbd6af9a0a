"""What a run of a Word document looks like once all its styles have spoken: ECMA-376 part 1, 17.7.

From the least to the last word: the document's defaults, the table's style with its conditional formats, the
paragraph's style, the character style, each with the styles that it is based on, and what the run says itself. Toggle
properties (17.7.3) that several kinds of styles switch on switch each other off again. Nothing is judged here.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, TypeAlias

from cbt_station.banks.safe_xml import Element

WORD: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
Properties: TypeAlias = Mapping[str, Element]
"""Elements of run properties by their names; the last word of each."""
TOGGLES: Final = frozenset(
    ["b", "caps", "emboss", "i", "imprint", "outline", "shadow", "smallCaps", "strike", "vanish"]
)
_OFF: Final = ("0", "false", "off")
_MOST_BASES: Final = 50
_LOOK_BITS: Final = {
    "firstRow": 0x20,
    "lastRow": 0x40,
    "firstColumn": 0x80,
    "lastColumn": 0x100,
    "noHBand": 0x200,
    "noVBand": 0x400,
}


def said(element: Element | None, name: str) -> str:
    """The value of an attribute of ours, empty where there is none."""
    return "" if element is None else str(element.get(f"{WORD}{name}") or "")


def is_on(element: Element | None) -> bool:
    """Whether a switch is there and not switched off."""
    return element is not None and said(element, "val").lower() not in _OFF


def local(element: Element) -> str:
    """An element's name without its namespace; empty for what is no element."""
    return str(element.tag).rpartition("}")[2] if isinstance(element.tag, str) else ""


def above(element: Element, name: str) -> Element | None:
    """The nearest element of this name that holds another."""
    return next(element.iterancestors(f"{WORD}{name}"), None)


class WordStyles:
    """The styles of one document; `root` is `w:styles`, or None where it has none."""

    def __init__(self, root: Element | None) -> None:
        self._styles: dict[tuple[str, str], Element] = {}
        self._default: dict[str, str] = {}
        for style in root.findall(f"{WORD}style") if root is not None else ():
            kind, name = said(style, "type"), said(style, "styleId")
            self._styles.setdefault((kind, name), style)
            if said(style, "default").lower() in ("1", "true", "on"):
                self._default.setdefault(kind, name)
        defaults = None if root is None else root.find(f"{WORD}docDefaults/{WORD}rPrDefault/{WORD}rPr")
        self._defaults = _by_name(() if defaults is None else [defaults])
        self._tables: dict[Element, _Table] = {}
        self._known: dict[tuple[str, ...], Properties] = {}

    def effective(self, run: Element) -> dict[str, Element]:
        """Every property that the run has, by its name; a toggle that is off is not there."""
        direct = run.find(f"{WORD}rPr")
        own = _by_name(() if direct is None else [direct])
        paragraph = above(run, "p")
        levels = [
            self._of_table(run),
            self._of_style("paragraph", said(_property(paragraph, "pStyle"), "val")),
            self._of_style("character", said(own.get("rStyle"), "val"), or_default=False),
        ]
        found = {**self._defaults, **levels[0], **levels[1], **levels[2], **own}
        for name in TOGGLES & found.keys():
            if not self._is_switched_on(name, own, levels):
                del found[name]
        return found

    def paragraph_property(self, paragraph: Element, name: str) -> Element | None:
        """A property of a paragraph: its own, or its style's."""
        own = _property(paragraph, name)
        if own is not None:
            return own
        for style in self._chain("paragraph", said(_property(paragraph, "pStyle"), "val"), or_default=True):
            inherited = style.find(f"{WORD}pPr/{WORD}{name}")
            if inherited is not None:
                return inherited
        return None

    def style_of(self, paragraph: Element) -> list[str]:
        """The paragraph's style and those that it is based on, by their ids."""
        name = said(_property(paragraph, "pStyle"), "val")
        return [said(style, "styleId") for style in self._chain("paragraph", name, or_default=True)]

    def linked_numbering(self, name: str) -> str:
        """The numbering that a numbering style stands for."""
        style = self._styles.get(("numbering", name))
        number = None if style is None else style.find(f"{WORD}pPr/{WORD}numPr/{WORD}numId")
        return said(number, "val")

    def _is_switched_on(self, name: str, own: Properties, levels: Iterable[Properties]) -> bool:
        if name in own:
            return is_on(own[name])
        return is_on(self._defaults.get(name)) or sum(is_on(level.get(name)) for level in levels) % 2 == 1

    def _of_style(self, kind: str, name: str, *, or_default: bool = True) -> Properties:
        key = (kind, name)
        if key not in self._known:
            chain = self._chain(kind, name, or_default=or_default)
            self._known[key] = _by_name(_run_properties(reversed(chain), ""))
        return self._known[key]

    def _chain(self, kind: str, name: str, *, or_default: bool) -> list[Element]:
        """A style and those that it is based on, the nearest first."""
        if (kind, name) not in self._styles and or_default:
            name = self._default.get(kind, "")
        chain: list[Element] = []
        while (style := self._styles.get((kind, name))) is not None and len(chain) < _MOST_BASES:
            if style in chain:
                break
            chain.append(style)
            name = said(style.find(f"{WORD}basedOn"), "val")
        return chain

    def _of_table(self, run: Element) -> Properties:
        element = above(run, "tbl")
        if element is None:
            return {}
        if element not in self._tables:
            name = said(element.find(f"{WORD}tblPr/{WORD}tblStyle"), "val")
            self._tables[element] = _Table(element, self._chain("table", name, or_default=True))
        return self._tables[element].at(run)


class _Table:
    """A table's style, cell by cell."""

    def __init__(self, table: Element, chain: list[Element]) -> None:
        self._chain = list(reversed(chain))
        self._look = table.find(f"{WORD}tblPr/{WORD}tblLook")
        self._places = dict(_places(table)) if chain else {}
        self._rows = max((down for down, _, _ in self._places.values()), default=-1)
        self._bands = [self._band(name) for name in ("tblStyleRowBandSize", "tblStyleColBandSize")]
        self._known: dict[tuple[str, ...], Properties] = {}

    def at(self, run: Element) -> Properties:
        """What the style says of a run's place."""
        if not self._chain:
            return {}
        names = tuple(self._formats(run))
        if names not in self._known:
            parts = [part for name in ("", *names) for part in _run_properties(self._chain, name)]
            self._known[names] = _by_name(parts)
        return self._known[names]

    def _formats(self, run: Element) -> Iterator[str]:
        """The conditional formats of a place, the last word last (17.7.6)."""
        cell = above(run, "tc")
        if cell is None or cell not in self._places:
            return
        down, across, last = self._places[cell]
        top, bottom, left, right = down == 0, down == self._rows, across == 0, across == last
        yield "wholeTable"
        if not self._says("noVBand"):
            yield f"band{self._turn(across, 'firstColumn', 1)}Vert"
        if not self._says("noHBand"):
            yield f"band{self._turn(down, 'firstRow', 0)}Horz"
        is_left, is_right = left and self._says("firstColumn"), right and self._says("lastColumn")
        is_top, is_bottom = top and self._says("firstRow"), bottom and self._says("lastRow")
        for name, is_there in (
            ("firstCol", is_left),
            ("lastCol", is_right),
            ("firstRow", is_top),
            ("lastRow", is_bottom),
            ("neCell", is_top and is_right),
            ("nwCell", is_top and is_left),
            ("seCell", is_bottom and is_right),
            ("swCell", is_bottom and is_left),
        ):
            if is_there:
                yield name

    def _turn(self, place: int, first: str, side: int) -> int:
        return (place - self._says(first)) // self._bands[side] % 2 + 1

    def _says(self, name: str) -> bool:
        value = said(self._look, name)
        if value:
            return value.lower() not in _OFF
        try:
            return bool(int(said(self._look, "val") or "0", 16) & _LOOK_BITS[name])
        except ValueError:
            return False

    def _band(self, name: str) -> int:
        sizes = [style.find(f"{WORD}tblPr/{WORD}{name}") for style in reversed(self._chain)]
        value = next((said(size, "val") for size in sizes if size is not None), "1")
        return max(1, int(value)) if value.isdecimal() and len(value) < 4 else 1


def _places(table: Element) -> Iterator[tuple[Element, tuple[int, int, int]]]:
    """Row and column of each cell, and the last column of its row."""
    cells: dict[Element, list[Element]] = {}
    for cell in table.iter(f"{WORD}tc"):
        row = above(cell, "tr")
        if row is not None and above(row, "tbl") is table:
            cells.setdefault(row, []).append(cell)
    for down, of_row in enumerate(cells.values()):
        yield from ((cell, (down, across, len(of_row) - 1)) for across, cell in enumerate(of_row))


def _run_properties(chain: Iterable[Element], condition: str) -> list[Element]:
    """The run properties of styles, of a conditional format of theirs where one is named."""
    found = []
    for style in chain:
        if condition:
            parts = [part for part in style.findall(f"{WORD}tblStylePr") if said(part, "type") == condition]
        else:
            parts = [style]
        found += [rpr for part in parts if (rpr := part.find(f"{WORD}rPr")) is not None]
    return found


def _by_name(parts: Iterable[Element]) -> dict[str, Element]:
    return {local(one): one for part in parts for one in part if local(one)}


def _property(paragraph: Element | None, name: str) -> Element | None:
    return None if paragraph is None else paragraph.find(f"{WORD}pPr/{WORD}{name}")
