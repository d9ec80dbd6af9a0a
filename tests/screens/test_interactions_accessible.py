"""What a screen reader gets of every interaction: names, roles, states, what is announced; and that nothing is cut.

Whole pages are in test_accessible.py; answering by keys is in test_interactions.py and test_interactions_keyboard.py.
"""

import pytest
from msgspec import structs
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from cbt_station.screens.item.interactions import base
from cbt_station.screens.rich.sideways import Sideways
from cbt_station.screens.station.acting import act_out
from cbt_station.screens.tokens import THEMES, contrast
from tests.screens.content_samples import MEDIA, SAMPLES
from tests.screens.interaction_answers import ANSWERS
from tests.screens.interaction_items import ITEMS
from tests.screens.interaction_station import InteractionStation
from tests.screens.test_accessible import SIZES, SMALLEST, require_nothing_cut
from tests.station_pictures import settle

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
EVERY = pytest.mark.parametrize("name", ITEMS)
Role = QAccessible.Role


def told(widget):
    return QAccessible.queryAccessibleInterface(widget)


def name_of(widget):
    return told(widget).text(QAccessible.Text.Name)


@pytest.fixture
def said(monkeypatch):
    """What is announced, in order."""
    heard = []
    monkeypatch.setattr(base, "announce", lambda _widget, text, **_how: heard.append(text))
    return heard


@EVERY
@pytest.mark.parametrize("is_answered", [False, True], ids=["open", "answered"])
def test_everything_that_takes_the_focus_has_a_name_a_role_and_a_size(sit_at, look, name, is_answered):
    window = sit_at(InteractionStation(name))
    if is_answered:
        act_out(window.exam.question, ANSWERS[name])
    for zoom in (100, 200):
        look.set_zoom(zoom)
        settle()
        parts = window.exam.question.parts_to_focus()
        assert parts
        for part in parts:
            what = f"{zoom} %: {type(part).__name__} {name_of(part)!r}"
            assert name_of(part), what
            assert told(part).role() not in (Role.NoRole, Role.Client), what
            assert min(part.width(), part.height()) >= 24 or _is_words(part), what
            in_group = told(part).role() == Role.RadioButton  # one stop of Tab, which Qt moves
            assert in_group or part.focusPolicy() & Qt.FocusPolicy.TabFocus, what


def _is_words(part):
    """Words within a line are as high as the line (WCAG 2.5.8 excepts them)."""
    return type(part).__name__ == "HotRun"


@EVERY
def test_no_two_parts_of_an_item_sound_alike(sit_at, name):
    window = sit_at(InteractionStation(name))
    names = [name_of(part) for part in window.exam.question.parts_to_focus()]
    assert len(set(names)) == len(names)


ROLES = {
    "choice": Role.RadioButton,
    "choices": Role.CheckBox,
    "inline-choice": Role.ComboBox,
    "text": Role.EditableText,
    "number": Role.EditableText,
    "extended-text": Role.EditableText,
    "match": Role.RadioButton,
    "associate": Role.Button,
    "order-some": Role.Button,
    "gap-match": Role.Button,
    "hottext": Role.CheckBox,
    "hotspot": Role.RadioButton,
    "hotspots": Role.CheckBox,
    "graphic-gap-match": Role.Button,
    "slider": Role.Slider,
    "select-point": Role.Button,
}


@pytest.mark.parametrize(("name", "role"), ROLES.items(), ids=ROLES)
def test_each_kind_has_its_role(sit_at, name, role):
    window = sit_at(InteractionStation(name))
    assert {told(part).role() for part in window.exam.question.parts_to_focus()} == {role}


@pytest.mark.parametrize("name", ["choice", "choices", "match", "hottext", "hotspot", "hotspots"])
def test_the_checked_state_is_the_views(sit_at, name):
    window = sit_at(InteractionStation(name))
    parts = window.exam.question.parts_to_focus()
    assert not any(told(part).state().checked for part in parts)
    act_out(window.exam.question, ANSWERS[name])
    given = ANSWERS[name]
    assert sum(bool(told(part).state().checked) for part in parts) == (
        1 if isinstance(given, str) else len(given)
    )


def test_fields_of_one_sentence_are_told_apart(sit_at):
    window = sit_at(InteractionStation("composite"))
    first, second, box = window.exam.question.parts_to_focus()[:3]
    assert [name_of(first), name_of(second)] == ["Isian 1 dari 3, angka", "Isian 2 dari 3, angka"]
    labels = [other.text(QAccessible.Text.Name) for other, _ in told(box).relations()]
    assert "Pilihan 3 dari 3" in labels  # a combo box's own name is what is chosen in it
    assert told(box).text(QAccessible.Text.Description) == "Pilihan 3 dari 3"
    assert "(kosong)" in name_of(window.exam.question.stem) or "____" not in name_of(
        window.exam.question.stem
    )


def test_places_say_what_is_in_them(sit_at):
    window = sit_at(InteractionStation("gap-match"))
    act_out(window.exam.question, ("bdg g1",))
    part = window.exam.question.answering.parts["RESPONSE"]
    assert [name_of(place) for place in part.places.values()] == ["tempat 1: Bandung", "tempat 2: kosong"]
    chips = {told(chip).text(QAccessible.Text.Description) for chip in part.bank.values()}
    assert chips == {"sudah dipakai; tekan untuk memindahkan", "belum dipakai"}


def test_rows_say_their_place_and_whether_they_are_held(sit_at):
    window = sit_at(InteractionStation("order"))
    part = window.exam.question.answering.parts["RESPONSE"]
    part.press("sumpah")
    row = part.rows["sumpah"].button
    assert name_of(row) == "2. Sumpah Pemuda, urutan 2 dari 4"
    assert told(row).text(QAccessible.Text.Description) == "diangkat"
    assert part.state.text().startswith("Belum diurutkan")


def test_a_scale_says_its_ends_its_value_and_whether_it_is_answered(sit_at):
    window = sit_at(InteractionStation("slider"))
    scale = window.exam.question.answering.parts["RESPONSE"].scale
    assert name_of(scale) == "Skala 0 sampai 100"
    assert told(scale).text(QAccessible.Text.Description) == "Belum dijawab"
    act_out(window.exam.question, "72.5", by_key=True)
    assert told(scale).text(QAccessible.Text.Description) == "Jawaban Anda: 72,5"
    assert told(scale).valueInterface().currentValue() == 29


TOLD = {
    "match": [],
    "associate": ["“Persegi 4 × 4” dan “Persegi panjang 2 × 8” dipasangkan."],
    "order": ["Urutan: Sumpah Pemuda, Proklamasi kemerdekaan, Konferensi Asia Afrika di Bandung, Reformasi."],
    "gap-match": ["“Bandung” ditaruh di tempat 1.", "“Makassar” ditaruh di tempat 2."],
    "graphic-gap-match": ["“tiga sudut” ditaruh di Segitiga."],
    "slider": ["Jawaban Anda: 72,5"],
    "select-point": ["Titik ditaruh di 220, 80.", "Titik ditaruh di 80, 20."],
}


@pytest.mark.parametrize(("name", "wanted"), TOLD.items(), ids=TOLD)
def test_what_was_put_is_announced_when_it_is_durable(sit_at, said, name, wanted):
    window = sit_at(InteractionStation(name))
    act_out(window.exam.question, ANSWERS[name])
    assert [text for text in wanted if text in said] == wanted
    said.clear()
    window.desk.tick()
    window.desk.step(0)
    assert said == []


def test_what_is_picked_up_laid_back_and_taken_out_is_announced(sit_at, said):
    window = sit_at(InteractionStation("gap-match"))
    part = window.exam.question.answering.parts["RESPONSE"]
    part.press_option("bdg")
    part.press_option("bdg")
    part.put("bdg", "g1")
    part.take_out("bdg", "g1")
    assert said == [
        "“Bandung” diangkat. Pilih tempatnya; Esc untuk batal.",
        "“Bandung” ditaruh di tempat 1.",
        "“Bandung” dikeluarkan dari tempat 1.",
    ]


def test_an_answer_that_was_there_before_is_not_announced(sit_at, said):
    station = InteractionStation("gap-match", "choice")
    window = sit_at(station)
    act_out(window.exam.question, ANSWERS["gap-match"])
    window.desk.step(1)
    said.clear()
    window.desk.step(-1)
    assert said == []


def test_the_palette_names_what_is_answered_in_part(sit_at):
    station = InteractionStation("composite", "choice")
    window = sit_at(station)
    act_out(window.exam.question, {"keliling": "14"})
    palette = told(window.exam.panel.palette_view)
    assert palette.child(0).text(QAccessible.Text.Name) == "Soal 1, baru sebagian dijawab, sedang dibuka"
    window.exam.doubtful.click()
    assert palette.child(0).text(QAccessible.Text.Name).startswith("Soal 1, ragu-ragu, baru sebagian dijawab")
    window.exam.panel.finish.click()
    figure, caption = window.review.figures["begun"]
    assert (figure.text(), caption.text()) == ("1", "baru sebagian")
    assert figure.isVisible()
    window.review.on.click()
    assert window.finish.summary.text().splitlines()[1:] == ["Baru dijawab sebagian: 1."]


def test_a_review_without_half_answers_does_not_speak_of_them(sit_at):
    window = sit_at(InteractionStation("choice"))
    window.exam.panel.finish.click()
    assert not window.review.figures["begun"][0].isVisible()


# Sizes


@EVERY
@pytest.mark.parametrize("zoom", [100, 150, 200])
def test_nothing_is_cut_on_any_screen(sit_at, look, name, zoom):
    window = sit_at(InteractionStation(name))
    act_out(window.exam.question, ANSWERS[name])
    look.set_zoom(zoom)
    for width, height in SIZES:
        window.resize(width, height)
        settle()
        what = f"{name} on {width}x{height} at {zoom} %"
        least = window.minimumSizeHint()
        assert least.width() <= width, what
        assert least.height() <= height, what
        require_nothing_cut(window, what)
        view = window.exam.question.viewport()
        for part in window.exam.question.parts_to_focus():
            left = part.mapTo(window.exam.question.ground, part.rect().topLeft()).x()
            assert left >= 0, f"{what}: {name_of(part)}"
            assert left + part.width() <= view.width() + 1, f"{what}: {name_of(part)}"


@EVERY
def test_each_part_has_the_height_that_it_asks_for(sit_at, look, name):
    window = sit_at(InteractionStation(name), size=SMALLEST)
    act_out(window.exam.question, ANSWERS[name])
    look.set_zoom(200)
    settle()
    for part in window.exam.question.findChildren(QWidget):
        if part.isVisible() and part.hasHeightForWidth() and part.parentWidget() is not window:
            wanted = part.heightForWidth(part.width())
            assert part.height() >= wanted - 2, f"{type(part).__name__} {part.accessibleName()!r}"


def test_an_upright_scale_is_seen_with_both_its_ends_on_the_smallest_screen(sit_at, look):
    window = sit_at(InteractionStation("slider-upright"), size=SMALLEST)
    window.banner.hide()
    look.set_zoom(200)
    settle()
    part = window.exam.question.answering.parts["RESPONSE"]
    ends = [label.geometry() for label in part.findChildren(QLabel) if label.text() in ("10", "30")]
    high = max(end.bottom() for end in ends) - min(end.top() for end in ends)
    assert high <= window.exam.question.viewport().height()


def test_tab_finds_a_wide_table_where_one_reads_it_at_every_text_size(sit_at, look):
    class Wide(InteractionStation):
        def item(self, item):
            shown = {
                language: structs.replace(one, stem=SAMPLES["tables"](language))
                for language, one in ITEMS[item].languages.items()
            }
            return structs.replace(ITEMS[item], languages=shown)

        def media(self, name):
            return MEDIA[name]

    window = sit_at(Wide("choice"), size=SMALLEST)
    question = window.exam.question
    for zoom in (100, 200, 125):
        look.set_zoom(zoom)
        settle()
        question.stem.setFocus()
        QTest.keyClick(question.stem, Qt.Key.Key_Tab)
        assert isinstance(window.focusWidget(), Sideways)
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
        assert window.focusWidget() is question.options[0]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("zoom", [100, 200])
def test_the_focus_around_a_picture_is_seen_on_the_page_and_on_the_pictures_paper(sit_at, look, theme, zoom):
    look.set_zoom(zoom)
    look.set_theme(theme)
    window = sit_at(InteractionStation("select-point"))
    aim = window.exam.question.answering.parts["RESPONSE"].board.aim
    aim.setFocus(Qt.FocusReason.TabFocusReason)
    settle()
    image, tokens = aim.grab().toImage(), look.tokens
    row = [image.pixelColor(x, image.height() // 2).name() for x in range(look.px(6))]
    for ground in (tokens.background, tokens.paper):
        assert max(contrast(colour.upper(), ground) for colour in row) >= 3
    assert row.count(look.colour("focus").name()) >= look.px(3) - 1


TICKED = ["choice", "choices", "match", "hotspot", "hotspots", "hottext"]


@pytest.mark.parametrize("name", [name for name in ITEMS if name in TICKED])
def test_a_tick_that_a_screen_reader_or_a_voice_sets_is_an_answer_as_a_click_is(sit_at, name):
    """Qt's "Toggle" goes past `nextCheckState`: it showed a tick that nobody kept."""
    clicked, toggled = sit_at(InteractionStation(name)), sit_at(InteractionStation(name))
    for place in (0, 1, 1):
        clicked.exam.question.parts_to_focus()[place].click()
        told(toggled.exam.question.parts_to_focus()[place]).actionInterface().doAction("Toggle")
        settle()
        assert toggled.desk.view.answers == clicked.desk.view.answers
        ticks = [
            [part.isChecked() for part in window.exam.question.parts_to_focus()]
            for window in (clicked, toggled)
        ]
        assert ticks[0] == ticks[1]
    assert clicked.desk.view.answers or name in ("hottext", "hotspots", "choices")


@pytest.mark.parametrize("name", [name for name in ITEMS if name in TICKED])
def test_a_tick_set_by_a_screen_reader_is_not_shown_before_it_is_kept(sit_at, name):
    for part in sit_at(InteractionStation(name)).exam.question.parts_to_focus()[:2]:
        part.clicked.disconnect()  # whoever would have it kept
        told(part).actionInterface().doAction("Toggle")
        assert not part.isChecked()
