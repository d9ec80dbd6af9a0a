"""XML of office programs under the names that everybody uses: a document in the strict form of ISO 29500 has other ones.

It is the same document otherwise, and what is read of the one has to be read of the other: a part whose names are not
known would hide everything that it says.
"""

from typing import Final

from lxml import etree

from cbt_station.banks.safe_xml import Element, parse

_STRICT: Final = "http://purl.oclc.org/ooxml/"
_USUAL: Final = "http://schemas.openxmlformats.org/"
_NAMES: Final = tuple(
    (f"{_STRICT}{strict}".encode(), f"{_USUAL}{usual}".encode())
    for strict, usual in (
        ("wordprocessingml/main", "wordprocessingml/2006/main"),
        ("spreadsheetml/main", "spreadsheetml/2006/main"),
        ("officeDocument/math", "officeDocument/2006/math"),
        ("officeDocument/relationships", "officeDocument/2006/relationships"),
        ("drawingml/wordprocessingDrawing", "drawingml/2006/wordprocessingDrawing"),
        ("drawingml/spreadsheetDrawing", "drawingml/2006/spreadsheetDrawing"),
        ("drawingml/picture", "drawingml/2006/picture"),
        ("drawingml/main", "drawingml/2006/main"),
    )
)


def parse_office(data: bytes) -> Element:
    """The root element. Raises NotXml."""
    root = parse(data)
    if not any(_STRICT in (space or "") for space in root.nsmap.values()):
        return root
    content = etree.tostring(root.getroottree(), encoding="utf-8")
    for strict, usual in _NAMES:
        content = content.replace(strict, usual)
    return parse(content)
