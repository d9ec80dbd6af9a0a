"""What a screen reader gets of the workshop, and what fits: every page of it, in each text size, on the smallest screen."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QScrollArea, QWidget

from cbt_station.screens.committee.parts import Field
from cbt_station.screens.tokens import ZOOMS
from tests.screens.committee.visiting import PAGES, visit
from tests.station_pictures import settle

SMALLEST = (1024, 600)


def focusable(window):
    for widget in window.findChildren(QWidget):
        if widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            yield widget


@pytest.mark.parametrize("zoom", [100, 200])
def test_everything_that_takes_the_focus_has_a_name_a_role_and_a_size(
    open_bank, every_kind, workshop_look, zoom
):
    window = open_bank(every_kind)
    workshop_look.set_zoom(zoom)
    seen = []
    for page in visit(window):
        settle()
        seen.append(page)
        for widget in focusable(window):
            told = QAccessible.queryAccessibleInterface(widget)
            what = f"{page} at {zoom} %: {type(widget).__name__} {widget.objectName()} {widget.accessibleName()!r}"
            assert told.text(QAccessible.Text.Name), what
            if isinstance(widget, QComboBox):  # else its value would pass for its name
                assert widget.accessibleName(), what
            assert told.role() not in (QAccessible.Role.NoRole, QAccessible.Role.Client), what
            assert min(widget.width(), widget.height()) >= 24, what
    assert seen == list(PAGES)


@pytest.mark.parametrize(("zoom", "language"), [*zip(ZOOMS, ("id", "en") * 3, strict=False), (200, "en")])
def test_every_page_fits_the_smallest_screen_at_every_text_size(
    open_bank, every_kind, workshop_look, zoom, language
):
    window = open_bank(every_kind, size=SMALLEST)
    workshop_look.set_zoom(zoom)
    workshop_look.set_language(language)
    for page in visit(window):
        settle()
        what = f"{page} at {zoom} %"
        least = window.minimumSizeHint()
        assert least.width() <= SMALLEST[0], what
        assert least.height() <= SMALLEST[1], what
        assert (window.width(), window.height()) == SMALLEST, what
        require_nothing_cut(window, what)


def test_a_page_that_comes_into_sight_late_is_laid_out_in_its_style(open_bank, every_kind, workshop_look):
    window = open_bank(every_kind, size=SMALLEST)
    workshop_look.set_zoom(200)
    settle()
    window.grab()
    for page in visit(window):
        if page == "rename":
            settle()
            require_nothing_cut(window, page)


def require_nothing_cut(window, what):
    """Nothing sticks out sideways: of the bar, of any scrolling column; no button is narrower than its words."""
    assert window.bar.layout().minimumSize().width() <= window.width(), f"top bar, {what}"
    for column in window.findChildren(QScrollArea):
        inside = column.widget()
        if column.isVisible() and inside is not None and column is not window.work.preview.area:
            assert inside.minimumSizeHint().width() <= column.viewport().width(), (
                f"{type(column).__name__}, {what}"
            )
    for field in window.findChildren(Field):
        if field.isVisible() and field.hint.isVisible():
            assert field.part.geometry().bottom() < field.hint.y(), f"{field.caption.text()}, {what}"
    for button in window.findChildren(QWidget):
        if button.isVisible() and button.property("kind") is not None:
            assert button.width() >= button.minimumSizeHint().width(), f"{button.accessibleName()}, {what}"


def test_the_cells_of_the_list_are_read_in_words(open_bank, bank):
    window = open_bank(bank)
    told = QAccessible.queryAccessibleInterface(window.work.items.table)
    assert told.role() == QAccessible.Role.Table
    model = window.work.items.model
    words = [model.data(model.index(0, column), Qt.ItemDataRole.AccessibleTextRole) for column in range(4)]
    assert words[:3] == ["Draf", "Kesalahan: 0 · saran: 0", "twk-001"]
    assert words[3].startswith("Ikrar ketiga")


def test_what_is_wrong_or_done_is_announced(open_bank, bank, monkeypatch):
    from cbt_station.screens import parts

    said = []
    monkeypatch.setattr(parts, "announce", lambda _widget, text, *, urgent=False: said.append((text, urgent)))
    window = open_bank(bank, by="")
    assert [urgent for _, urgent in said] == [True]
    assert said[0][0] == window.banner.text.text()


def test_every_field_of_the_form_is_named_by_its_caption(open_bank, bank):
    window = open_bank(bank)
    window.work.items.wanted.emit("twk-001")
    for name, field in window.work.form.fields.items():
        assert field.part.accessibleName() == field.caption.text() != "", name
        assert field.caption.buddy() is field.part


# By keys alone


def press(window, *keys, held=Qt.KeyboardModifier.NoModifier):
    for key in keys:
        QTest.keyClick(window.focusWidget() or window, key, held)
        settle()


def tab_to(window, target, most=200):
    for _ in range(most):
        if window.focusWidget() is target:
            return
        press(window, Qt.Key.Key_Tab)
    raise AssertionError(f"no way by Tab to {target.accessibleName()}")


def test_from_the_first_page_to_an_approved_item_by_keys_alone(open_bank, bank):
    from tests.screens.committee.conftest import file_of, vote_of_others

    control = Qt.KeyboardModifier.ControlModifier
    window = open_bank(None, by="")
    window.start.arrive()
    QTest.keyClicks(window.focusWidget(), "Sari")
    press(window, Qt.Key.Key_Tab)
    QTest.keyClicks(window.focusWidget(), str(bank))
    press(window, Qt.Key.Key_Return)
    assert window.focusWidget() is window.work.items.table
    press(window, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert window.bench.on_bench.name == "tiu-021"
    tab_to(window, window.work.form.stem)
    press(window, Qt.Key.Key_Home, held=control)
    QTest.keyClicks(window.focusWidget(), "Hitunglah. ")
    press(window, Qt.Key.Key_Z, held=control)
    assert not window.bench.is_changed
    press(window, Qt.Key.Key_Y, held=control)
    press(window, Qt.Key.Key_S, held=control)
    assert "Hitunglah. Hasil dari" in file_of(bank, "tiu-021").read_text()
    press(window, Qt.Key.Key_4, held=control)
    tab_to(window, window.work.review.submit)
    press(window, Qt.Key.Key_Return)
    assert window.work.review.review.state == "review"
    press(window, Qt.Key.Key_F1)
    assert window.pages.currentWidget() is window.help
    press(window, Qt.Key.Key_Escape)
    window.bench.close_bank()
    vote_of_others(bank, "tiu-021")
    window.open_bank(bank, "Sari")
    press(window, Qt.Key.Key_Return)
    press(window, Qt.Key.Key_4, held=control)
    tab_to(window, window.work.review.approve)
    press(window, Qt.Key.Key_Space)
    assert window.bench.row("tiu-021").state == "approved"


@pytest.mark.parametrize("size", [(1366, 768), SMALLEST])
def test_tab_goes_round_every_page_without_a_trap(open_bank, every_kind, size):
    window = open_bank(every_kind, size=size)
    for page in visit(window):
        settle()
        first = window.focusWidget()
        seen = set()
        for _ in range(400):
            press(window, Qt.Key.Key_Tab)
            here = window.focusWidget()
            assert here is not None, page
            if here in seen:
                break
            seen.add(here)
        missing = [
            widget
            for widget in focusable(window)
            if widget not in seen and not _is_in_another_stop(widget, seen) and widget is not first
        ]
        assert [f"{type(one).__name__} {one.accessibleName()}" for one in missing] == [], page


def _is_in_another_stop(widget, seen):
    """Radio buttons are one stop, and so are the cells of a list: the arrows move among them."""
    siblings = [
        one for one in seen if type(one) is type(widget) and one.parentWidget() is widget.parentWidget()
    ]
    return bool(siblings) or any(
        isinstance(one, QAbstractItemView) and one.isAncestorOf(widget) for one in seen
    )
