"""The workshop's preview is the candidate's own question: every theme, size, width and language, and what an answer brings."""

import pytest

from tests.screens.committee.doing import open_item, type_into
from tests.station_pictures import settle


def test_the_preview_is_the_stations_own_question_in_every_theme_and_size(open_bank, every_kind):
    from cbt_station.screens.item.question import Question
    from cbt_station.screens.tokens import THEMES, ZOOMS

    window = open_bank(every_kind)
    open_item(window, "choice-1")
    preview = window.work.preview
    assert type(preview.question) is Question
    for name, tokens in THEMES.items():
        preview.theme.set_value(name)
        preview.theme.chosen.emit(name)
        settle()
        shown = preview.stage.grab().toImage().pixelColor(2, 2).name().upper()
        assert shown == tokens.background, name
    for zoom in ZOOMS:
        preview.zoom.set_value(str(zoom))
        preview.zoom.chosen.emit(str(zoom))
        settle()
        assert preview.question.heading.font().pixelSize() == round(20 * zoom / 100)
    assert window.look.zoom == 100  # the window around it looks as before
    assert window.look.tokens.name == "light"


@pytest.mark.parametrize(
    ("screen", "zoom", "width"), [("1024", "100", 720), ("1024", "200", 1024), ("1366", "100", 1062)]
)
def test_the_preview_has_the_width_of_a_question_on_that_screen(open_bank, every_kind, screen, zoom, width):
    window = open_bank(every_kind)
    open_item(window, "choice-1")
    preview = window.work.preview
    preview.zoom.set_value(zoom)
    preview.zoom.chosen.emit(zoom)
    preview.width_of.set_value(screen)
    preview.width_of.chosen.emit(screen)
    settle()
    assert preview.question.width() == width


def test_the_preview_speaks_the_language_of_the_item(open_bank, every_kind):
    window = open_bank(every_kind)
    open_item(window, "choice-1")
    preview = window.work.preview
    assert preview.language.values() == ("id", "en")
    preview.language.set_value("en")
    preview.language.chosen.emit("en")
    assert preview.question.heading.text() == "Question 1 of 32"
    assert window.look.language == "id"


def test_an_answer_in_the_preview_says_what_it_brings(open_bank, bank):
    window = open_bank(bank)
    open_item(window, "tiu-021")
    preview = window.work.preview
    preview.question.options[3].click()
    assert preview.worth.text() == "Jawaban ini bernilai 5 dari 5."
    preview.question.options[0].click()
    assert preview.worth.text() == "Jawaban ini bernilai 0 dari 5."
    preview.again.click()
    assert not any(row.isChecked() for row in preview.question.options)


def test_a_text_from_right_to_left_is_shown_so(open_bank, bank):
    window = open_bank(bank)
    open_item(window, "twk-001")
    stem = "[السلام عليكم]{lang=ar dir=rtl}"
    type_into(window.work.form.stem, "")
    window.work.form.stem.setPlainText(stem)
    window.bench.read_now()
    assert window.bench.reading.faults == ()
    assert "السلام" in window.work.preview.question.stem.accessibleName()


def test_what_the_preview_is_set_with_is_whole_on_a_small_screen_with_large_text(
    open_bank, every_kind, workshop_look
):
    workshop_look.set_zoom(200)
    window = open_bank(every_kind, size=(1024, 600))
    open_item(window, "choice-1")
    window.work.turn_to("preview")
    preview = window.work.preview
    preview.tools_button.click()
    settle()
    for choice in (preview.theme, preview.zoom, preview.language, preview.width_of):
        assert preview.tools.rect().contains(choice.geometry())
    assert preview.tools.geometry().bottom() < preview.area.geometry().top()
    assert preview.area.height() > 50
