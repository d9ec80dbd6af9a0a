"""Punctuation beside what stands in a line: no line begins with the full stop of a field or ends with its bracket.

Qt ends a line after every object, whatever follows. Here each width that a page can have is laid out and each line read;
how the booklet fills its lines is in tests/banks/booklet/test_holding.py.
"""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtGui import QTextBlock, QTextDocument
from PySide6.QtWidgets import QLineEdit, QWidget

from cbt_station.exam.content import Blocks, Hot, InlinePicture, Listing, Paragraph, Slot, Span, Table, Text
from cbt_station.exam.punctuation import closes, opens
from cbt_station.screens.look import Look
from cbt_station.screens.rich.flow import Flow
from cbt_station.screens.rich.hot_run import HotRun
from cbt_station.screens.rich.media import Media
from cbt_station.screens.rich.objects import CHARACTER
from cbt_station.screens.rich.text import RichText
from tests.screens.content_samples import CHINESE, MEDIA, cell, formula, line, words

SQUARE = formula("x^2+1")
ICON = InlinePicture(media="picture.svg", width=52, height=20, alt="x")
WIDE = InlinePicture(media="picture.svg", width=2100, height=80, alt="x")
UNSEEN = "\u00a0\u200b\u2066\u2067\u2068\u2069"


def _in_arabic(*parts: object) -> Paragraph:
    return Paragraph(content=(Span(content=line(*parts), language="ar", direction="rtl"),))  # type: ignore[arg-type]


CONTENTS: dict[str, Blocks] = {
    "brackets and stops": (
        words("Nilai dari ungkapan (", SQUARE, "), kemudian (", Slot(response="a"), "); lalu [", SQUARE, "]! Lalu “", SQUARE, "” dan ", Slot(response="b"), ".000 rupiah, atau ", ICON, "? Tambah ", SQUARE, "%."),
    ),
    "one after the other": (words("(", Slot(response="a"), ",", Slot(response="b"), ",", Slot(response="c"), ",", SQUARE, ")(", SQUARE, "),“", ICON, "”/", ICON, "!"),),
    "other letters": (
        words("Kata ", Text(text="tebal (", bold=True), SQUARE, Text(text="), ", bold=True), "dan ", Span(content=line(Slot(response="a")), language="en"), ", lalu ", Hot(id="h", content=line("pilih ", SQUARE)), ". ", Span(content=line("(", SQUARE), underline=True), Text(text=")", italic=True), ";"),
    ),
    "long words": (
        words("(", SQUARE, "),pertanggungjawabannya ketidaksinambungan(", SQUARE, ") dan ", Slot(response="a"), "-mempertanggungjawabkannya. ", SQUARE, ",", Text(text="pertanggungjawabannya", bold=True)),
    ),
    "as wide as the page": (words("(", WIDE, "), [", WIDE, "]."),),
    "from the right": (
        _in_arabic("مساحة المربع هي (", SQUARE, ")، حيث (", Slot(response="a"), "). ثم ", SQUARE, "؟ ", Slot(response="b"), "؛"),
    ),
    "Chinese": (words(CHINESE, "（", SQUARE, "），", CHINESE, Slot(response="a"), "。", CHINESE, ICON, "、", CHINESE),),
    "cells and entries": (
        Table(rows=((cell("Bulan yang panjang sekali"), cell("Jumlah (", SQUARE, "), dan ", ICON, "."), cell("[", Slot(response="a"), "]:", align="center")),)),
        Listing(entries=((words("Butir yang pertama (", Slot(response="b"), "), dan ", SQUARE, "."),),)),
    ),
}  # fmt: skip


@pytest.fixture
def laid_out(qtbot, look: Look) -> Callable[[Blocks], RichText]:
    def make(blocks: Blocks) -> RichText:
        widgets: dict[str, QWidget] = {name: QLineEdit() for name in "abc"} | {"h": HotRun(look, "x")}
        for widget in widgets.values():
            qtbot.addWidget(widget)
        return RichText(blocks, Media(MEDIA), look, 16, widgets)

    return make


def documents(text: RichText) -> Iterator[QTextDocument]:
    """The document of each box, be it in a frame or not."""
    for box in text._whole._boxes:
        flow = box if isinstance(box, Flow) else box._flow  # type: ignore[attr-defined]
        yield flow.document


def blocks_of(document: QTextDocument) -> Iterator[QTextBlock]:
    block = document.begin()
    while block.isValid():
        yield block
        block = block.next()


def parted(block: QTextBlock) -> Iterator[str]:
    """What is parted at the end of a line though it must not be."""
    text, layout = block.text(), block.layout()
    for number in range(1, layout.lineCount()):
        here = layout.lineAt(number).textStart()
        before, after = text[:here].rstrip(UNSEEN + " "), text[here:].lstrip(UNSEEN)
        if before[-1].isalnum():
            continue  # a word that is wider than the page
        if closes(after[:1] or " ") or (opens(before[-1]) and after[0] == CHARACTER):
            yield f"{before[-6:]!r} | {after[:6]!r}"


@pytest.mark.parametrize("name", CONTENTS)
@pytest.mark.parametrize("zoom", [100, 200])
def test_no_line_begins_with_what_closes_or_ends_with_the_bracket_of_an_object(laid_out, look, name, zoom):
    look.set_zoom(zoom)
    text = laid_out(CONTENTS[name])
    found = {}
    for width in range(200, 901):
        text.height_for(width)
        for document in documents(text):
            for block in blocks_of(document):
                for fault in parted(block):
                    found.setdefault(fault, width)
    assert not found


@pytest.mark.parametrize("name", CONTENTS)
def test_nothing_reaches_beyond_its_line(laid_out, name):
    text = laid_out(CONTENTS[name])
    for width in range(200, 901, 7):
        text.height_for(width)
        for box in text._whole._boxes:
            if isinstance(box, Flow):
                for block in blocks_of(box.document):
                    lines = [block.layout().lineAt(at) for at in range(block.layout().lineCount())]
                    assert all(one.naturalTextWidth() <= one.width() + 0.5 for one in lines), width


def test_what_hangs_on_an_object_stands_where_the_object_ends(laid_out):
    """The room that is kept for it is not seen."""
    text = laid_out((words("(", SQUARE, "), a"), words("b ", ICON, ". ", ICON, "a")))
    text.height_for(800)
    (document,) = documents(text)
    flow = text._whole._boxes[0]
    assert len(flow.inlaid) == 3
    for at, inlay in flow.inlaid:
        block = document.findBlock(at)
        row = block.layout().lineAt(0)
        begin, end = (row.cursorToX(at - block.position() + more)[0] for more in (0, 2))
        assert end - begin == pytest.approx(inlay.size(800)[0], abs=0.05)
    assert [inlay.tail > 0 for _, inlay in flow.inlaid] == [True, True, False]


def test_the_frame_of_words_to_choose_does_not_take_the_punctuation_after_them(laid_out):
    hot = Hot(id="h", content=line("pilih ", SQUARE))
    frames = []
    for after in (" dan", ", dan"):
        text = laid_out((words(hot, after),))
        text.height_for(800)
        ((_, whole, _),) = text._whole._boxes[0].places()
        frames.append(whole.width())
    assert frames[0] == pytest.approx(frames[1], abs=0.1)
