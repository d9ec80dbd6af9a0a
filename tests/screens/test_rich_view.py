"""Content on the screen: widgets in its lines, words that are chosen, wide tables, scripts, and what a screen reader is told.

Hostile content is in test_rich_text.py, recordings in test_recordings.py, the interactions themselves in
test_interactions*.py; here what `RichView` promises to all of them.
"""

from itertools import groupby, pairwise

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontDatabase, QFontMetrics, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from cbt_station.exam.content import Columns, Hot, Paragraph, Place, Quote, Slot, Span, Table, Text
from cbt_station.screens.fonts import _SCRIPTS, families_for
from cbt_station.screens.look import Look
from cbt_station.screens.rich.hot_run import HotRun
from cbt_station.screens.rich.media import Media
from cbt_station.screens.rich.sideways import Sideways
from cbt_station.screens.rich.text import RichText
from cbt_station.screens.rich.view import STEM_PAD, RichView
from tests.screens.content_samples import (
    ARABIC,
    BALINESE,
    HEBREW,
    JAVANESE,
    MEDIA,
    SAMPLES,
    SUNDANESE,
    cell,
    formula,
    line,
    words,
)
from tests.station_pictures import settle

PAGE = 900
"""About the page's width on the smallest screen."""


@pytest.fixture
def shown(qtbot, look):
    """A view of blocks, laid out at a width."""
    kept = []

    def make(blocks, widgets=None, *, width=PAGE, size=16) -> RichView:
        view = RichView(look, size, pad=STEM_PAD)
        view.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        qtbot.addWidget(view)
        kept.append(view)  # or it would go with its last name here
        view.show_blocks(blocks, Media(MEDIA), widgets or {})
        view.resize(width, view.heightForWidth(width))
        view.show()
        settle()
        return view

    return make


def lowest_ink(image: QImage, left: int, right: int, ink: QColor) -> int:
    """The last row with ink between two columns."""
    return max(y for y in range(image.height()) for x in range(left, right) if image.pixelColor(x, y) == ink)


def inked_columns(image: QImage, ink: QColor) -> list[int]:
    return [
        x for x in range(image.width()) if any(image.pixelColor(x, y) == ink for y in range(image.height()))
    ]


def picture_of(view: RichView, look: Look) -> QImage:
    image = QImage(view.size(), QImage.Format.Format_RGB32)
    image.fill(look.colour("card"))
    view.render(image, QPoint(), renderFlags=QWidget.RenderFlag.DrawChildren)
    return image


def wide_table(*slots: str) -> Table:
    """A table of twenty columns, far wider than a page; the slots in its last cells."""
    heads = tuple(cell(f"Bulan {n}", heading=True) for n in range(20))
    gaps = tuple(cell(Slot(response=name)) for name in slots)
    return Table(rows=(heads, (*(cell(f"{n}") for n in range(20 - len(gaps))), *gaps)))


def rolled(view: RichView) -> Sideways:
    (found,) = view.findChildren(Sideways)
    return found


# Widgets in the lines


@pytest.mark.parametrize("zoom", [100, 200])
def test_a_widgets_text_stands_on_the_line_of_the_words_around_it(shown, look, zoom):
    look.set_zoom(zoom)
    field = QLabel("x")
    view = shown((words("x x ", Slot(response="a"), " x x"),), {"a": field})
    image, ink, place = picture_of(view, look), look.colour("ink"), field.geometry()
    inside = lowest_ink(image, place.left(), place.right(), ink)
    assert inside == pytest.approx(lowest_ink(image, 0, place.left() - 2, ink), abs=1)
    assert inside == pytest.approx(lowest_ink(image, place.right() + 2, view.width(), ink), abs=1)


def test_a_widget_at_a_place_has_a_row_of_its_own_as_wide_as_the_page(shown):
    box = QLineEdit()
    view = shown((words("sebelum"), Place(response="a"), words("sesudah")), {"a": box})
    assert box.geometry().left() == STEM_PAD
    assert box.width() == view.width() - 2 * STEM_PAD
    assert 0 < box.geometry().top() < box.geometry().bottom() < view.height()


def test_what_the_content_does_not_name_is_hidden_and_what_goes_is_deleted(qtbot, shown):
    named, other = QLineEdit(), QLineEdit()
    view = shown((words(Slot(response="a")),), {"a": named, "b": other})
    assert named.isVisible()
    assert not other.isVisible()
    with qtbot.waitSignals([named.destroyed, other.destroyed]):
        view.show_blocks((words("lain"),), Media({}))


def test_tab_goes_through_the_widgets_as_one_reads(shown):
    fields = {name: QLineEdit() for name in ("z", "y", "x", "w")}
    content = (
        words("satu ", Slot(response="w"), " dua ", Slot(response="z")),
        Table(rows=((cell("a"), cell(Slot(response="y"))),)),
        Place(response="x"),
    )
    view = shown(content, fields)
    wanted = [fields[name] for name in ("w", "z", "y", "x")]
    assert view.parts_to_focus() == wanted
    chain, here = [], view.nextInFocusChain()
    while here is not view and here is not None:
        chain.append(here)
        here = here.nextInFocusChain()
    assert [widget for widget in chain if widget in wanted] == wanted


def test_a_place_to_fill_in_is_read_as_a_blank_in_the_language_of_the_screen(shown, look):
    view = shown((words("Ibu kota adalah ", Slot(response="a"), "."),), {"a": QLineEdit()})
    assert view.accessibleName() == f"Ibu kota adalah {look.words('station.blank')}."
    look.set_language("en")
    assert view.accessibleName() == f"Ibu kota adalah {look.words('station.blank')}."


@pytest.mark.parametrize("content", [(words(Slot(response="a")),), (wide_table("a"),)], ids=["line", "table"])
def test_who_types_goes_on_typing_when_the_text_grows(qtbot, shown, look, content):
    field = QLineEdit()
    view = shown(content, {"a": field})
    qtbot.waitUntil(view.isActiveWindow)
    field.setFocus()
    look.set_zoom(150)
    settle()
    assert field.hasFocus()


# Words that are chosen


def test_words_to_choose_wrap_and_only_they_are_hit(shown, look):
    run = HotRun(look, "adik saya")
    inside = line("adik saya yang paling kecil membantu mencuci semua piring kotor di dapur")
    view = shown((words("Pilihlah kata kerja: ", Hot(id="a", content=inside), "."),), {"a": run}, width=300)
    assert len(run._lines) >= 3
    assert all(run.hitButton(part.center().toPoint()) for part in run._lines)
    first = run._lines[0]
    before = QPoint(2, round(first.center().y()))
    assert first.left() > 20  # it begins in the middle of a line
    assert not run.hitButton(before)
    assert view.rect().contains(run.geometry().center())


def dashes_of(run: HotRun, look: Look, colour: str) -> list[int]:
    """How long the strokes of the upper edge of its frame are, where they are full of a colour."""
    image = QImage(run.size(), QImage.Format.Format_RGB32)
    image.fill(look.colour("card"))
    run.render(image, QPoint(), renderFlags=QWidget.RenderFlag.DrawChildren)
    inked = [image.pixelColor(x, 0) == look.colour(colour) for x in range(10, image.width() - 10)]
    return [len(list(those)) for is_ink, those in groupby(inked) if is_ink]


def test_the_frame_of_words_says_whether_they_are_open_waited_for_or_chosen(qtbot, look):
    page, run = QWidget(), HotRun(look, "adik")
    qtbot.addWidget(page)
    run.setParent(page)
    run.resize(200, 30)
    run.set_lines([QRectF(0, 0, 200, 30)])
    opened = dashes_of(run, look, "line")
    assert len(opened) > 10
    assert min(opened[1:-1]) > 4  # a dot of this line is 4, and is not seen beside text
    run.show_waiting()
    waiting = dashes_of(run, look, "accent")
    assert 1 < len(waiting) < len(opened)
    assert max(waiting) > max(opened)
    run.show_chosen(True)
    assert dashes_of(run, look, "accent") == [180]
    page.show()
    qtbot.waitUntil(page.isActiveWindow)
    run.setFocus()
    assert dashes_of(run, look, "focus") == [180]


# Wide tables


def test_a_table_too_wide_to_read_is_rolled_by_the_arrow_keys(qtbot, shown):
    view = shown((wide_table(),), width=400)
    table = rolled(view)
    assert table.accessibleName()
    assert table in view.parts_to_focus()
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_Right)
    QTest.keyClick(table, Qt.Key.Key_Right)
    further = table._bar.value()
    assert further > 0
    QTest.keyClick(table, Qt.Key.Key_Left)
    assert 0 < table._bar.value() < further
    assert table._sheet.x() == -table._bar.value()


def test_a_field_in_a_rolled_table_is_rolled_into_sight(qtbot, shown):
    field = QLineEdit()
    view = shown((wide_table("a"),), {"a": field}, width=400)
    table = rolled(view)
    qtbot.waitUntil(view.isActiveWindow)
    assert view.parts_to_focus() == [table, field]
    field.setFocus(Qt.FocusReason.TabFocusReason)
    shown_from, shown_to = table._bar.value(), table._bar.value() + table._pane.width()
    assert shown_from <= field.geometry().left() < field.geometry().right() <= shown_to


@pytest.mark.parametrize("width", [250, 400, 600])
@pytest.mark.parametrize("head", ["Bulan", "شهر"], ids=["rightwards", "leftwards"])
def test_what_stands_in_a_cell_never_lies_over_the_next(shown, head, width):
    fields = {name: QLineEdit() for name in "abcdefg"}
    content = Table(
        rows=(
            tuple(cell(head, heading=True) for _ in range(4)),
            tuple(cell(Slot(response=name)) for name in "abcd"),
            (cell(Slot(response="e"), columns=2), cell("x "), cell(head, " ", Slot(response="f"))),
            (cell("x", columns=3), cell(Slot(response="g"))),
        )
    )
    view = shown((content,), fields, width=width)
    sheets = [table._sheet for table in view.findChildren(Sideways)] or [view]
    for row in ("abcd", "ef", "g"):
        places = sorted((fields[name].geometry() for name in row), key=lambda place: place.left())
        assert all(sheets[0].rect().contains(place) for place in places)
        assert all(one.right() < other.left() for one, other in pairwise(places))


def test_a_formula_wider_than_its_column_makes_the_column_wider(look):
    wide = formula(r"\frac{49287}{2394873}+\sqrt{x^2+y^2}")
    one = RichText((Table(rows=((cell(wide),),)),), Media(MEDIA), look)
    one.height_for(1000)
    five = RichText((Table(rows=((*(cell(wide) for _ in range(5)),),)),), Media(MEDIA), look)
    five.height_for(300)
    (alone,), (together,) = one._whole._boxes, five._whole._boxes
    needed = 5 * wide.width * look.px(16) / 1000
    assert together._size.width() > needed
    assert together._scale < 1
    assert alone._scale == 1


def test_a_table_that_fits_when_it_is_drawn_smaller_is_not_rolled(shown):
    row = tuple(cell("Januari") for _ in range(8))
    view = shown((Table(rows=(row,)),), width=500)
    assert not view.findChildren(Sideways)


# Scripts and directions


@pytest.mark.parametrize(("family", "signs"), _SCRIPTS)
def test_each_script_has_a_font_of_ours(qapp, family, signs):
    sign = signs[0]
    assert family in families_for(sign)
    assert family in QFontDatabase.families()


@pytest.mark.parametrize(
    ("family", "text"),
    [
        ("Noto Sans Arabic", ARABIC),
        ("Noto Sans Hebrew", HEBREW),
        ("Noto Sans Javanese", JAVANESE),
        ("Noto Sans Balinese", BALINESE),
        ("Noto Sans Sundanese", SUNDANESE),
    ],
)
def test_no_letter_of_a_text_is_missing_in_its_font(look, family, text):
    assert family in families_for(text)
    font = look.font()
    font.setFamilies([family])
    metrics = QFontMetrics(font)
    letters = {sign for sign in text if ord(sign) > 0x2FF}
    assert not [sign for sign in letters if not metrics.inFontUcs4(ord(sign))]


def test_what_reads_leftwards_begins_at_the_right(shown, look):
    arabic = Paragraph(content=(Span(content=line("قرأت"), language="ar", direction="rtl"),))
    inked = inked_columns(picture_of(shown((arabic,)), look), look.colour("ink"))
    assert inked[0] > PAGE // 2
    assert inked[-1] > PAGE - 20
    quoted = picture_of(shown((Quote(blocks=(arabic,)),)), look)
    assert inked_columns(quoted, look.colour("accent"))[0] > PAGE - 20
    columns = Columns(columns=((arabic,), (arabic, Place(response="a"))))
    beside = shown((columns,), {"a": (second := QLineEdit())})
    assert second.geometry().right() < beside.width() // 2


def test_a_word_of_another_direction_leaves_the_sentence_as_it_is(shown, look):
    word = Span(content=(Text(text="שלום", code=True),), language="he", direction="rtl")
    tinted = inked_columns(
        picture_of(shown((words("Kata ", word, " (3) di sini."),)), look), look.colour("accent_soft")
    )
    begins = STEM_PAD + QFontMetrics(look.font()).horizontalAdvance("Kata ")
    assert tinted[0] == pytest.approx(begins, abs=3)  # and no number has come between


# Everything that an item can hold


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("zoom", [100, 200])
@pytest.mark.parametrize("name", list(SAMPLES))
def test_every_kind_of_content_stays_within_the_page(shown, look, name, zoom, language):
    look.set_zoom(zoom)
    look.set_language(language)
    widgets = {slot: QLineEdit() for slot in ("kota", "jalan", "nilai", "pilihan")}
    widgets |= {hot: HotRun(look, hot) for hot in "abc"}
    view = shown(SAMPLES[name](language), widgets if name == "widgets" else {}, size=20)
    assert inked_columns(picture_of(view, look), look.colour("ink"))
    for part in view.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
        if part.isVisible():
            assert view.rect().contains(part.geometry()), f"{type(part).__name__} at {part.geometry()}"


@pytest.mark.parametrize("zoom", [100, 200])
def test_no_letter_touches_the_frame_of_words_to_choose_and_no_frame_another(shown, look, zoom):
    look.set_zoom(zoom)
    names = "abcdef"
    runs = {name: HotRun(look, name) for name in names}
    parts = [Hot(id=name, content=line("petani jujur")) for name in names]
    spaced = [one for part in parts for one in (part, " ")]
    view = shown((words(*spaced),), runs, size=20)
    text, room = view._text, look.px(2)
    for width in range(200, 901, 3):
        frames = [
            frame.translated(whole.topLeft())
            for _, whole, lines in text.places(QPointF(), width)
            for frame in lines
        ]
        assert not any(one.intersects(other) for at, one in enumerate(frames) for other in frames[:at]), width
    image, ink = QImage(view.size(), QImage.Format.Format_RGB32), QColor("#010203")
    image.fill(QColor("white"))
    painter = QPainter(image)
    text.paint(painter, QPointF(), view.width(), ink)
    painter.end()
    for _, whole, lines in text.places(QPointF(), view.width()):
        for frame in lines:
            place = frame.translated(whole.topLeft()).toAlignedRect()
            sides = (*range(place.left(), place.left() + room), *range(place.right() - room, place.right()))
            columns = [x for x in sides if 0 <= x < image.width()]
            rows = range(max(0, place.top()), place.bottom())
            assert not [x for x in columns for y in rows if image.pixelColor(x, y) == ink]
