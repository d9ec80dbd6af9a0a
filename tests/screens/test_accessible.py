"""What a screen reader gets, and what fits: every page, every text size.

Names, roles and sizes by QAccessible, which works without a display; AT-SPI end to end needs a bus of its own and is not
tried here.
"""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QLineEdit, QScrollArea, QWidget

from cbt_station.screens.station.palette import Filter
from cbt_station.screens.tokens import ZOOMS
from tests.screens.scripted_station import (
    BIRTH_DATE,
    CODE,
    NUMBER,
    PASSPHRASE,
    SCORE,
    VENUE_KEY,
    ScriptedStation,
)
from tests.station_pictures import Visit, settle, walk

VISIT = Visit(number=NUMBER, secret=BIRTH_DATE, venue_key=VENUE_KEY, passphrase=PASSPHRASE, code=CODE)
SMALLEST = (1024, 600)
SIZES = (SMALLEST, (1366, 768), (1920, 1080))


def focusable(window):
    for widget in window.findChildren(QWidget):
        if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            yield widget


def test_everything_that_takes_the_focus_has_a_name_a_role_and_a_size(open_at, look):
    window = open_at(ScriptedStation(score=SCORE))
    for page in walk(window, VISIT):
        for zoom in (100, 200):
            look.set_zoom(zoom)
            settle()
            for widget in focusable(window):
                told = QAccessible.queryAccessibleInterface(widget)
                what = f"{page} at {zoom} %: {type(widget).__name__} {widget.accessibleName()!r}"
                assert told.text(QAccessible.Text.Name), what
                assert told.role() not in (QAccessible.Role.NoRole, QAccessible.Role.Client), what
                assert min(widget.width(), widget.height()) >= 24, what
        look.set_zoom(100)
        settle()


@pytest.mark.parametrize(("zoom", "language"), [*zip(ZOOMS, ("id", "en") * 3, strict=False), (200, "en")])
def test_every_page_fits_every_screen_at_every_text_size(open_at, look, zoom, language):
    window = open_at(ScriptedStation(score=SCORE))
    for page in walk(window, VISIT):
        look.set_zoom(zoom)
        look.set_language(language)
        for width, height in SIZES:
            window.resize(width, height)
            settle()
            what = f"{page} on {width}x{height} at {zoom} %"
            least = window.minimumSizeHint()
            assert least.width() <= width, what
            assert least.height() <= height, what
            assert (window.width(), window.height()) == (width, height), what
            require_nothing_cut(window, what)
        look.set_zoom(100)
        look.set_language("id")
        window.resize(1366, 768)
        settle()


def require_nothing_cut(window, what):
    """Nothing sticks out sideways: of the bar, of the row of acts, of any scrolling column."""
    assert window.bar.layout().minimumSize().width() <= window.width(), f"top bar, {what}"
    shown = window.pages.currentWidget()
    if shown is window.exam and window.exam.next.isVisible():
        acts = window.exam.next.parentWidget()
        assert acts.layout().minimumSize().width() <= window.width(), f"row of acts, {what}"
    for column in [shown, *shown.findChildren(QScrollArea)]:
        if isinstance(column, QScrollArea) and column.isVisible() and column.widget() is not None:
            inside = column.widget().minimumSizeHint().width()
            assert inside <= column.viewport().width(), f"{type(column).__name__}, {what}"
    for button in window.findChildren(QWidget):
        if button.isVisible() and button.property("kind") is not None:
            assert button.width() >= button.minimumSizeHint().width(), f"{button.accessibleName()}, {what}"


def test_the_palette_has_one_named_cell_a_question(qtbot, sit_at):
    station = ScriptedStation(phase="running")
    window = sit_at(station)
    qtbot.keyClick(window.exam, Qt.Key.Key_A)
    qtbot.keyClick(window.exam, Qt.Key.Key_F)
    window.desk.go("soal-002")
    window.desk.flag(True)
    window.desk.go("soal-003")
    window.desk.choose("a")
    window.desk.go("soal-005")
    told = QAccessible.queryAccessibleInterface(window.exam.panel.palette_view)
    names = [told.child(at).text(QAccessible.Text.Name) for at in range(told.childCount())]
    assert told.role() == QAccessible.Role.List
    assert names[:7] == [
        "Tes Wawasan Kebangsaan",
        "Soal 1, ragu-ragu, sudah dijawab",
        "Soal 2, ragu-ragu, belum dijawab",
        "Soal 3, sudah dijawab",
        "Soal 4, belum dilihat",
        "Soal 5, belum dijawab, sedang dibuka",
        "Soal 6, belum dilihat",
    ]
    assert len([name for name in names if name.startswith("Soal ")]) == 110


def test_options_are_radio_buttons_whose_state_is_the_views(qtbot, sit_at):
    window = sit_at()
    row = window.exam.question.options[1]
    told = QAccessible.queryAccessibleInterface(row)
    assert told.role() == QAccessible.Role.RadioButton
    assert told.text(QAccessible.Text.Name) == (
        "B. Menolak usul itu karena pengusul belum lama tinggal di lingkungan tersebut."
    )
    assert not told.state().checked
    qtbot.mouseClick(row, Qt.MouseButton.LeftButton)
    assert told.state().checked


def test_formulas_and_pictures_are_read_by_their_alt_text(sit_at):
    window = sit_at()
    window.desk.go("soal-002")
    assert window.exam.question.stem.accessibleName() == (
        "Jika satu per dua dari sebuah bilangan adalah 12, maka tiga kali bilangan itu sama dengan …"
    )
    window.desk.go("soal-003")
    assert "[Segitiga, lingkaran, persegi panjang]" in window.exam.question.stem.accessibleName()


def test_a_banner_is_announced(sit_at, monkeypatch):
    from cbt_station.screens import parts

    said = []
    monkeypatch.setattr(parts, "announce", lambda _widget, text, *, urgent=False: said.append((text, urgent)))
    station = ScriptedStation(phase="running")
    window = sit_at(station)
    said.clear()
    station.change(warning=300_000)
    window.desk.tick()
    assert [(text[:18], urgent) for text, urgent in said] == [("Sisa waktu 5 menit", True)]


def test_an_empty_filter_says_so(sit_at):
    window = sit_at()
    window.exam.panel.show_only(Filter.DOUBTFUL)
    assert window.exam.panel.empty.isVisible()


def test_fields_are_named_by_their_captions(open_at):
    window = open_at(ScriptedStation())
    fields = [field for field in window.locked.findChildren(QLineEdit) if field.isVisible()]
    assert [field.accessibleName() for field in fields] == [
        "Kata sandi kunci",
        "Kode, kelompok 1 dari 3",
        "Kode, kelompok 2 dari 3",
        "Kode, kelompok 3 dari 3",
    ]
