"""Item content is drawn from the package's memory alone, and hostile content can do nothing.

What the compiler of a bank refuses is in tests/banks; this is the second fence.
"""

import os

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage, QPainter

from cbt_station.exam.content import Cell, LineBreak, Paragraph, Picture, Quote, Table, Text
from cbt_station.screens.rich.media import Media
from cbt_station.screens.rich.text import RichText
from cbt_station.screens.rich.view import RichView
from tests.screens.sample_items import FORMULA, HALF, ITEMS, PICTURE, STIMULUS, text

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 40 40">%s</svg>'
BILLION = b'<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>' + SVG % b"<text>&b;</text>"


def drawn(blocks, files, look, *, width=400, ink="#18212B") -> QImage:
    shown = RichText(blocks, Media(files), look, 20)
    image = QImage(width, max(1, shown.height_for(width)), QImage.Format.Format_ARGB32)
    image.fill(QColor("#FFFFFF"))
    painter = QPainter(image)
    shown.paint(painter, QPointF(0, 0), width, QColor(ink))
    painter.end()
    return image


def typed(shown: RichText) -> str:
    """What stands in the documents that a content is made of."""
    flows = [getattr(box, "_flow", box) for box in shown._whole._boxes]
    return "\n".join(flow.document.toPlainText() for flow in flows)


def colours(image: QImage) -> set[str]:
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}


def ink_box(image: QImage, colour: str) -> tuple[int, int]:
    rows = [
        y
        for y in range(image.height())
        for x in range(image.width())
        if image.pixelColor(x, y).name() == colour
    ]
    return min(rows), max(rows)


def test_markup_in_a_text_is_text(look, tmp_path):
    secret = tmp_path / "secret.png"
    red = QImage(80, 80, QImage.Format.Format_RGB32)
    red.fill(QColor("#ff0000"))
    red.save(str(secret))
    image = drawn((text(f'<img src="{secret}"> <b>x</b> <script>'),), {}, look, width=1200)
    assert "#ff0000" not in colours(image)


@pytest.mark.parametrize(
    "inside",
    [
        pytest.param(b'<image xlink:href="%s" width="40" height="40"/>', id="an image from the disk"),
        pytest.param(
            b'<rect width="40" height="40" style="fill:url(file:///etc/passwd)"/>', id="a file in a style"
        ),
        pytest.param(b"<style>@import url(x.css);</style>", id="an imported sheet"),
        pytest.param(b'<g id="a"><rect width="4" height="4"/></g><use xlink:href="#a"/>', id="use"),
        pytest.param(b"<script>alert(1)</script>", id="script"),
        pytest.param(b"<foreignObject><body/></foreignObject>", id="foreign object"),
        pytest.param(b"<g>" * 60 + b"</g>" * 60, id="deep nesting"),
        pytest.param(b"<g/>" * 20_001, id="too many elements"),
        pytest.param(b'<?xml-stylesheet type="text/css" href="x.css"?>', id="a style sheet from the disk"),
        pytest.param(b"<style>rect{fill:u&#114;l(x)}</style>", id="a style whose address is spelt in pieces"),
        pytest.param(
            b'<marker id="m"><path d="M0 0L1 1" marker-mid="url(#m)"/></marker>', id="markers on markers"
        ),
        pytest.param(b'<rect width="4" height="4" fill="url(#p)"/>', id="a pattern of patterns"),
        pytest.param(b"<rect", id="not well-formed"),
    ],
)
def test_a_drawing_that_reaches_out_or_explodes_is_not_drawn(look, tmp_path, inside):
    secret = tmp_path / "secret.png"
    red = QImage(40, 40, QImage.Format.Format_RGB32)
    red.fill(QColor("#ff0000"))
    red.save(str(secret))
    if b"%s" in inside:
        inside %= str(secret).encode()
    hostile = SVG % (b'<rect width="40" height="40" fill="#00ff00"/>' + inside)
    image = drawn((Picture(media="x", width=40, height=40, alt="alt"),), {"x": hostile}, look)
    assert not {"#ff0000", "#00ff00"} & colours(image)


def test_a_style_sheet_named_before_the_drawing_is_never_opened(look, tmp_path):
    sheet = tmp_path / "sheet.css"
    os.mkfifo(sheet)  # whoever opens it waits for ever
    hostile = b'<?xml-stylesheet type="text/css" href="%s"?>' % str(sheet).encode() + SVG % b"<g/>"
    image = drawn((Picture(media="x", width=300, height=60, alt="alt"),), {"x": hostile}, look)
    assert ink_box(image, "#18212b")[0] > 8


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(BILLION, id="entities"),
        pytest.param(b"BM" + bytes(200), id="a format that nobody needs"),
        pytest.param(b"\x89PNG\r\n\x1a\n broken", id="a broken picture"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_what_cannot_be_drawn_shows_its_alt_text(look, data):
    image = drawn((Picture(media="x", width=300, height=60, alt="Dua segitiga"),), {"x": data}, look)
    assert ink_box(image, "#18212b")[0] > 8


def test_a_formula_stands_on_the_baseline_and_takes_the_texts_colour(look):
    image = drawn((Paragraph(content=(HALF,)),), {"formula.svg": FORMULA}, look, ink="#0000ff")
    assert "#0000ff" in colours(image)
    alone = ink_box(image, "#0000ff")
    beside = drawn(
        (Paragraph(content=(HALF, Text(text="x"))),), {"formula.svg": FORMULA}, look, ink="#0000ff"
    )
    assert ink_box(beside, "#0000ff")[1] - ink_box(beside, "#0000ff")[0] == pytest.approx(
        alone[1] - alone[0], abs=1
    )


def test_a_formula_grows_with_the_text(look):
    def height(zoom: int) -> int:
        look.set_zoom(zoom)
        top, bottom = ink_box(drawn((Paragraph(content=(HALF,)),), {"formula.svg": FORMULA}, look), "#18212b")
        return bottom - top

    assert height(200) == pytest.approx(2 * height(100), abs=3)


def test_a_picture_shrinks_to_its_place_and_is_never_cut(look):
    wide = (Picture(media="p", width=4000, height=400, alt=""),)
    shown = RichText(wide, Media({"p": PICTURE}), look)
    assert shown.height_for(300) < 80


def test_a_table_that_is_too_wide_is_drawn_smaller(look):
    row = tuple(Cell(content=(Text(text="Panjangsekali"),), heading=n == 0) for n in range(14))
    shown = RichText((Table(rows=(row, row)),), Media({}), look)
    shown.height_for(200)
    (table,) = shown._whole._boxes
    assert table._size.width() * table._scale <= 201


def test_merged_cells_keep_every_text(look):
    table = Table(
        rows=(
            (Cell(content=(Text(text="kiri"),), rows=2), Cell(content=(Text(text="atas"),), columns=2)),
            (Cell(content=(Text(text="satu"),)), Cell(content=(Text(text="dua"),))),
        )
    )
    shown = RichText((table,), Media({}), look)
    assert all(word in typed(shown) for word in ("kiri", "atas", "satu", "dua"))


def test_control_characters_of_a_text_cannot_pose_as_objects(look):
    shown = RichText((text("a\ufffcb\u2029c\nd"),), Media({}), look)
    assert typed(shown) == "a b c d"


def test_a_forced_break_is_one(look):
    one = RichText((text("satu dua"),), Media({}), look).height_for(600)
    two = RichText((Paragraph(content=(Text(text="satu"), LineBreak(), Text(text="dua"))),), Media({}), look)
    assert two.height_for(600) > 1.5 * one


def test_nothing_is_left_empty_after_a_table_or_a_quotation(look):
    inside = text("isi")
    plain = RichText((inside,), Media({}), look).height_for(400)
    for block in (Quote(blocks=(inside,)), Table(rows=((Cell(content=(Text(text="isi"),)),),))):
        assert RichText((block,), Media({}), look).height_for(400) < 2.4 * plain


def test_the_view_asks_for_the_height_that_its_width_takes(qtbot, look):
    view = RichView(look, 18)
    qtbot.addWidget(view)
    view.show_blocks(STIMULUS.content["id"], Media({}))
    assert view.heightForWidth(200) > 1.8 * view.heightForWidth(500)


def test_every_sample_item_is_drawn_in_every_language(look):
    files = {"formula.svg": FORMULA, "picture.svg": PICTURE}
    for item in ITEMS:
        for shown in item.languages.values():
            for blocks in (shown.stem, *(option.content for option in shown.interaction.options)):
                assert "#18212b" in colours(drawn(blocks, files, look, width=300))
