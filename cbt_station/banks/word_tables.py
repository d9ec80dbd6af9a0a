r"""A word document's tables as grids of cells: each place knows its cell, also where one reaches over several rows.

`mammoth` turns the document into HTML; what it would drop in silence is put into its way first (`word_parts.py`).
Nothing outside is opened. The archive is bounded, and its XML has no DOCTYPE, before anything else reads it.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import IO, Final

from lxml import etree

from cbt_station.banks.foreign import QuestionRefused
from cbt_station.banks.html import fragment
from cbt_station.banks.office_xml import parse_office
from cbt_station.banks.safe_xml import Element, NotXml
from cbt_station.banks.safe_zip import NotZip, TooMuch, copied
from cbt_station.banks.word_marks import gather
from cbt_station.banks.word_numbering import WordNumbering
from cbt_station.banks.word_parts import prepare, words_of
from cbt_station.banks.word_styles import WORD, WordStyles, local
from cbt_station.errors import Refusal

MOST_UNPACKED: Final = 128 << 20
MOST_PARTS: Final = 5_000
MOST_PART: Final = 64 << 20
MOST_ELEMENTS: Final = 200_000
MOST_AROUND: Final = 20_000
"""Elements of a document that has no rows; `mammoth` takes half a minute for a million."""
MOST_OF_ALL: Final = 2 * MOST_ELEMENTS
"""Of all parts together: they are in memory at once."""
MOST_OF_A_ROW: Final = 600
MOST_TABLES: Final = 500
MOST_CELLS: Final = 200_000
MOST_SPAN: Final = 1_000
DOCUMENT: Final = "word/document.xml"
_STYLES: Final = "u => u\nstrike => s\nsmall-caps => span\nall-caps => span"


@dataclass(frozen=True)
class Document:
    """The tables of a document as grids, and its pictures by the name that the cells have for them.

    `outside`: the words that stand in no table, those at the head and foot of its pages too.
    """

    tables: tuple[tuple[tuple[Element | None, ...], ...], ...]
    pictures: dict[str, bytes]
    outside: str


def read_document(data: bytes) -> Document:
    """The document in a .docx file. Refusal("import-malformed" or "import-too-large") where it is none."""
    import mammoth

    pictures: dict[str, bytes] = {}
    prepared, around = _prepared(data)

    def keep(image: "mammoth.Image") -> dict[str, str]:
        with image.open() as stream:
            name = f"gambar-{len(pictures) + 1}"
            pictures[name] = stream.read(MOST_PART)
        return {"src": name, "alt": image.alt_text or ""}

    try:
        html = mammoth.convert_to_html(
            io.BytesIO(prepared),
            style_map=_STYLES,
            convert_image=mammoth.images.img_element(keep),
            external_file_access=False,
        ).value
    except Refusal:
        raise
    except Exception as error:
        raise Refusal("import-malformed", where=DOCUMENT, problem=type(error).__name__) from error
    try:
        body = fragment(html)
    except QuestionRefused as refused:
        raise Refusal("import-malformed", where=DOCUMENT, problem=refused.reason.code) from refused
    gather(body)
    tables = [table for table in body.iter("table") if not any(True for _ in table.iterancestors("table"))]
    if len(tables) > MOST_TABLES:
        raise Refusal("sheet-too-large", most=MOST_TABLES)
    outside = " ".join(str(part) for child in body if child.tag != "table" for part in child.itertext())
    outside = " ".join(f"{outside} {around}".split())
    return Document(tuple(_grid(table) for table in tables), pictures, outside)


def _prepared(data: bytes) -> tuple[bytes, str]:
    """The document with everything in it in a form that its reader keeps, and nothing that a parser could choke on; and
    the words around its pages."""
    roots: dict[str, Element] = {}
    try:
        # Styles, numberings and notes stand in parts of their own, in any order: all are read before the first is written.
        modest = copied(data, MOST_UNPACKED, MOST_PARTS, partial(_read, roots))
        around = " ".join(_words_around(roots))
        _prepare(roots)
        return copied(modest, MOST_UNPACKED, MOST_PARTS, partial(_write, roots)), around
    except NotZip as error:
        raise Refusal("import-malformed", where=error.part or DOCUMENT, problem=error.problem) from error
    except TooMuch as error:
        raise Refusal("import-too-large", where=DOCUMENT, most_bytes=MOST_UNPACKED) from error


def _read(roots: dict[str, Element], name: str, stream: IO[bytes], made: IO[bytes]) -> None:
    """One part. What is XML under another name is left empty: only a drawing, which stands beside its PNG, is honestly."""
    content = stream.read()
    if name.endswith((".xml", ".rels")):
        root = _parsed(name, content)
        if str(root.tag).startswith(WORD):  # what the document's own part is called is the file's choice
            roots[name] = root
            _require_modest(name, root)
            if sum(1 for one in roots.values() for _ in one.iter()) > MOST_OF_ALL:
                raise Refusal("import-malformed", where=name, problem=f"XML > {MOST_OF_ALL}")
        else:
            made.write(content)
    elif not content[:1_000].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0").startswith(b"<"):
        made.write(content)


def _write(roots: dict[str, Element], name: str, stream: IO[bytes], made: IO[bytes]) -> None:
    if name in roots:
        made.write(etree.tostring(roots[name], encoding="utf-8", xml_declaration=True))
    else:
        made.write(stream.read())


def _parsed(name: str, content: bytes) -> Element:
    try:
        root = parse_office(content)
    except NotXml as error:
        raise Refusal("import-malformed", where=name, problem="XML") from error
    if root.getroottree().docinfo.doctype:
        raise Refusal("import-malformed", where=name, problem="DOCTYPE")
    return root


def _prepare(roots: dict[str, Element]) -> None:
    by_kind: dict[str, Element] = {}
    for name in sorted(roots, key=lambda name: (name.lower().endswith("effects.xml"), name)):
        by_kind.setdefault(local(roots[name]), roots[name])
    styles = WordStyles(by_kind.get("styles"))
    numbering = WordNumbering(by_kind.get("numbering"), styles)
    notes = {key: text for root in roots.values() for key, text in words_of(root).items()}
    for root in roots.values():
        if local(root) not in ("styles", "numbering"):
            prepare(root, styles, numbering, notes)


def _words_around(roots: dict[str, Element]) -> Iterator[str]:
    """What stands at the head and foot of pages."""
    for _, root in sorted(roots.items()):
        if local(root) in ("hdr", "ftr"):
            yield "".join(str(part.text or "") for part in root.iter(f"{WORD}t"))


def _require_modest(name: str, root: Element) -> None:
    """A document may be as long as its questions are many."""
    rows = sum(1 for _ in root.iter(f"{WORD}tr"))
    most = min(MOST_ELEMENTS, MOST_AROUND + MOST_OF_A_ROW * rows)
    if sum(1 for _ in root.iter()) > most:
        raise Refusal("import-malformed", where=name, problem=f"XML > {most}")


def _grid(table: Element) -> tuple[tuple[Element | None, ...], ...]:
    """Rows of places; a cell stands at every place that it reaches over."""
    taken: dict[tuple[int, int], Element] = {}
    rows = [row for row in table.iter("tr") if next(row.iterancestors("table"), None) is table]
    for down, row in enumerate(rows):
        across = 0
        for cell in row.iterchildren("td", "th"):
            while (down, across) in taken:
                across += 1
            wide, high = (_span(cell, name) for name in ("colspan", "rowspan"))
            for i in range(down, min(down + high, len(rows))):
                taken.update({(i, j): cell for j in range(across, across + wide)})
            across += wide
            if len(taken) > MOST_CELLS:
                raise Refusal("sheet-too-large", most=MOST_CELLS)
    width = max((across for _, across in taken), default=-1) + 1
    return tuple(tuple(taken.get((down, across)) for across in range(width)) for down in range(len(rows)))


def _span(cell: Element, name: str) -> int:
    value = str(cell.get(name, "1"))
    return max(1, min(int(value), MOST_SPAN)) if value.isdecimal() and len(value) < 6 else 1
