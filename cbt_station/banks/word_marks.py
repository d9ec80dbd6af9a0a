"""Marks in the text of a Word document, on its way through a reader that has no other place for them.

`put` leaves a mark that refuses its question, `lose` and `note` such as name a loss or a remark of its cell. `gathered`
takes the latter out of what the reader made of a cell.
"""

import re
from typing import Final

from lxml import etree

from cbt_station.banks.foreign import Remark, remark
from cbt_station.banks.safe_xml import Element
from cbt_station.banks.word_styles import WORD

REFUSED: Final = "\u27e6Word: "
"""Begins the mark of something that cannot be said, up to the closing bracket."""
_END: Final = "\u27e7"
_WITH_WORDS: Final = re.compile(
    f"{REFUSED}(?:hidden text|raised letters|font [A-Za-z]+(?: [A-Za-z0-9]+)?): ([^{_END}]*){_END}"
)
_OPEN, _OTHER = "\ue0f1", "\ue0f0"
"""A private character begins and ends the mark of a loss; where the document has it itself it is another such."""
_LOST: Final = re.compile(f"{_OPEN}(style|lost|list|foot|note): ([^{_OPEN}]*){_OPEN}")
_LOSSES: Final = {
    "tracked changes": remark("word-tracked"),
    "text box": remark("word-text-box"),
    "picture effect": remark("word-picture-effect"),
    "tab": remark("tab-as-space"),
    "spaces": remark("spaces-joined"),
}
_KEPT: Final = "lost"
_SAID: Final = 60


def disarm(root: Element) -> None:
    """What a document's own text may not say: it would be taken for a mark of ours."""
    for text in root.iter():
        if text.text and _OPEN in text.text:
            text.text = text.text.replace(_OPEN, _OTHER)


def put(element: Element | None, what: str) -> None:
    """A mark in the place of an element that a reader of this document would leave out."""
    parent = None if element is None else element.getparent()
    if element is None or parent is None:
        return
    mark = _fitting(f"{REFUSED}{_plain(what)}{_END}", parent)
    mark.tail = element.tail
    parent.replace(element, mark)


def lose(place: Element, kind: str, what: str) -> None:
    """A mark before an element of a paragraph: a loss (a `style`, something `lost`, a `list`, a note at the `foot`) or a remark (the `note` of a reviewer)."""
    parent = place.getparent()
    if parent is not None:
        parent.insert(parent.index(place), _fitting(f"{_OPEN}{kind}: {_plain(what)}{_OPEN}", parent))


def refuse_inside(run: Element, what: str) -> None:
    """A mark in a run."""
    run.append(_fitting(f"{REFUSED}{_plain(what)}{_END}", run))


def words_behind(text: str) -> str:
    """A text with the letters that a mark stands for: a heading is often white on a dark ground."""
    return _WITH_WORDS.sub(r"\1", text)


def run_of(text: str) -> Element:
    """A run that holds a text."""
    run = etree.Element(f"{WORD}r")
    etree.SubElement(run, f"{WORD}t").text = text
    return run


def gather(body: Element) -> None:
    """Take the marks of losses out of a reader's work; each cell keeps its own, and what is in no cell is gone."""
    for element in body.iter():
        for name in ("text", "tail"):
            text = getattr(element, name)
            if not text or _OPEN not in text:
                continue
            holder = element.getparent() if name == "tail" else element
            cell = next((one for one in _around(holder) if one.tag in ("td", "th")), None)
            if cell is not None:
                found = [f"{one[1]}: {one[2]}" for one in _LOST.finditer(text)]
                kept = [one for one in cell.get(_KEPT, "").split("\n") if one]
                cell.set(_KEPT, "\n".join(dict.fromkeys([*kept, *found])))
            setattr(element, name, _LOST.sub("", text))


def gathered(cell: Element) -> tuple[list[Remark], list[Remark]]:
    """The losses of a cell, and its remarks."""
    losses, notes = [], []
    for one in filter(None, cell.get(_KEPT, "").split("\n")):
        kind, _, what = one.partition(": ")
        if kind == "style":
            losses.append(remark("style-dropped", property=what))
        elif kind == "list":
            losses.append(remark("list-numbering", found=what))
        elif kind == "lost":
            losses.append(_LOSSES[what])
        elif kind == "foot":
            losses.append(remark("word-footnote", text=what))
        else:
            notes.append(remark("word-comment", text=what))
    return losses, notes


def _around(element: Element | None) -> list[Element]:
    return [] if element is None else [element, *element.iterancestors()]


def _plain(what: str) -> str:
    return " ".join(re.sub(f"[\u27e6\u27e7{_OPEN}]", "", what).split())[:_SAID]


def _fitting(text: str, parent: Element) -> Element:
    """A mark as this parent can hold it."""
    run = run_of(text)
    if parent.tag == f"{WORD}r":
        return run[0]
    if parent.tag in (f"{WORD}body", f"{WORD}tc", f"{WORD}txbxContent", f"{WORD}sdtContent") and not (
        parent.tag == f"{WORD}sdtContent" and _is_in_line(parent)
    ):
        around = etree.Element(f"{WORD}p")
        around.append(run)
        return around
    return run


def _is_in_line(content: Element) -> bool:
    return next(content.iterancestors(f"{WORD}p"), None) is not None
