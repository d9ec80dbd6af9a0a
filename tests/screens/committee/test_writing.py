"""Writing in the workshop's window: what is typed reaches the file as a person would have written it, and nothing else."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cbt_station.banks.native import faults, read_bank
from tests.screens.committee.conftest import file_of
from tests.screens.committee.doing import open_item, say, type_into


def test_what_is_typed_in_the_form_is_previewed_and_saved_as_a_person_would_write_it(open_bank, bank):
    window = open_bank(bank)
    open_item(window, "tiu-021")
    before = file_of(bank, "tiu-021").read_text()
    type_into(window.work.form.stem, "Hitunglah. ")
    window.bench.read_now()
    assert window.work.preview.question.stem.accessibleName().startswith("Hitunglah. Hasil dari")
    assert file_of(bank, "tiu-021").read_text() == before  # nothing is written before it is saved
    QTest.keyClick(window.work.form.stem, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert file_of(bank, "tiu-021").read_text() == before.replace("Hasil dari", "Hitunglah. Hasil dari")
    assert faults(bank) == ()
    assert window.bar.saved.text() == "Tersimpan 10:42 · versi 2"


def test_a_field_of_the_form_changes_its_own_line_alone(open_bank, bank):
    window = open_bank(bank)
    open_item(window, "tiu-021")
    before = file_of(bank, "tiu-021").read_text()
    window.work.form.level.set_value("sulit")
    window.work.form.level.chosen.emit("sulit")
    window.work.form.options.lines[0].key.click()
    window.bench.save()
    now = file_of(bank, "tiu-021").read_text()
    assert now == before.replace("level: mudah", "level: sulit").replace("key: d", "key: a")
    (item,) = (item for item in read_bank(bank).items if item.id == "tiu-021")
    assert (item.level, item.rule.scores["a"], item.rule.scores["d"]) == ("sulit", 5, 0)


def test_options_are_added_moved_and_removed_in_the_text(open_bank, bank):
    window = open_bank(bank)
    open_item(window, "twk-001")
    options = window.work.form.options
    count = len(options.lines)
    options.add_button.click()
    type_into(options.lines[-1].text, "Pilihan baru")
    options.lines[-1].up.click()
    options.lines[0].remove.click()
    assert "- [f] Pilihan baru\n- [e] " in window.bench.text
    assert "- [a] " not in window.bench.text
    assert len(options.lines) == count


def test_an_option_with_points_of_its_own_keeps_them(open_bank, bank):
    window = open_bank(bank)
    open_item(window, "tkp-001")
    line = window.work.form.options.lines[0]
    assert line.points.isVisible()
    assert not line.key.isVisible()
    line.points.setFocus()
    line.points.selectAll()
    QTest.keyClicks(line.points, "2")
    window.bench.save()
    (item,) = (item for item in read_bank(bank).items if item.id == "tkp-001")
    assert item.rule.scores["a"] == 2


def test_every_kind_of_item_opens_in_a_form_that_changes_nothing(open_bank, every_kind):
    window = open_bank(every_kind)
    for row in window.bench.listing.rows:
        open_item(window, row.id)
        draft = window.work.form.draft
        assert draft is not None, row.id
        window.bench.edit_draft(draft, window.work.form)
        assert not window.bench.is_changed, row.id
        assert window.work.preview.question.isVisible(), row.id


def test_a_text_without_a_form_says_why_and_leads_to_the_text(open_bank, bank):
    file = file_of(bank, "twk-001")
    file.write_text(file.read_text().replace("---\n", "", 1))
    window = open_bank(bank)
    open_item(window, "twk-001")
    assert window.work.form.draft is None
    assert window.work.form.no_form.isVisible()
    window.work.form.to_text.click()
    assert window.work.text.editor.hasFocus()


def test_the_text_tab_and_the_form_are_one_text(open_bank, bank):
    window = open_bank(bank)
    open_item(window, "twk-001")
    editor = window.work.text.editor
    window.work.turn_to("text")
    editor.go_to(5)
    QTest.keyClick(editor, Qt.Key.Key_End)
    QTest.keyClicks(editor, "x")
    window.work.turn_to("form")
    assert not window.work.form.ground.isEnabled()  # a form of an older text takes nothing
    window.bench.read_now()
    assert window.work.form.ground.isEnabled()
    assert window.work.form.draft.level.endswith("x")


def test_steps_back_and_on_go_through_form_and_text(open_bank, bank):
    window = open_bank(bank)
    open_item(window, "twk-001")
    start = window.bench.text
    type_into(window.work.form.title, "Ikrar")
    window.work.form.level.set_value("sulit")
    window.work.form.level.chosen.emit("sulit")
    both = window.bench.text
    QTest.keyClick(window.work.form.title, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    while window.bench.can_go_back:
        window.bench.step_back()
    assert window.bench.text == start
    assert window.work.form.title.text() == ""
    assert not window.bench.is_changed
    while window.bench.can_go_on:
        window.bench.step_on()
    assert window.bench.text == both


def test_a_new_item_is_written_only_when_it_is_saved(open_bank, bank):
    window = open_bank(bank)
    window.acts.to_new_item()
    window.acts.new_item.section.set_value("TIU")
    window.acts.new_item.section.chosen.emit("TIU")
    window.acts.new_item.make.click()
    name = window.bench.on_bench.name
    assert not file_of(bank, name).exists()
    assert window.bar.saved.text() == "Baru, belum disimpan"
    type_into(window.work.form.stem, "Berapa 2 + 2?")
    for line, text in zip(window.work.form.options.lines, "3456789", strict=False):
        type_into(line.text, text)
    window.work.form.options.lines[1].key.click()
    window.bench.save()
    assert name in [row.id for row in window.bench.listing.rows]
    assert name in [item.id for item in read_bank(bank).items]


def test_a_picture_needs_words_and_comes_with_them(open_bank, bank, tmp_path, every_kind):
    picture = next((every_kind / "media").glob("*.png"))
    window = open_bank(bank)
    open_item(window, "twk-001")
    window.acts.to_picture()
    sheet = window.acts.picture
    sheet.file.set_path(picture)
    sheet.button.click()
    assert sheet.missing.isVisible()
    assert not (bank / "media").exists()
    sheet.alt.setPlainText("Diagram [batang] dengan tiga loket")
    sheet.button.click()
    assert f"![Diagram \\[batang\\] dengan tiga loket](media/{picture.name})" in window.bench.text
    window.bench.save()
    assert window.bench.reading.faults == ()


def test_the_whole_works_with_its_thread_and_no_key_press_waits_for_it(qtbot, open_bank, bank):
    window = open_bank(bank, threaded=True)
    window.work.items.wanted.emit("tiu-021")
    qtbot.waitUntil(lambda: window.bench.on_bench is not None)
    type_into(window.work.form.stem, "Hitunglah. ")
    asked = "Hitunglah. Hasil dari"
    qtbot.waitUntil(lambda: window.work.preview.question.stem.accessibleName().startswith(asked))
    window.bench.save()
    qtbot.waitUntil(lambda: not window.bench.is_changed)
    assert asked in file_of(bank, "tiu-021").read_text()


def test_a_shared_text_is_written_and_seen(open_bank, every_kind):
    window = open_bank(every_kind)
    window.acts._to_stimuli()
    window.acts.stimuli.open_button.click()
    assert window.bench.on_bench.what == "stimulus"
    assert window.work.text.isVisible()
    assert window.work.preview.question.stimulus.isVisible()
    window.bench.edit(window.bench.text.replace("Pengumuman", "Pemberitahuan"), None)
    window.bench.read_now()
    assert "Pemberitahuan" in window.work.preview.question.stimulus.accessibleName()
    name = window.bench.on_bench.name
    window.bench.save()
    assert "Pemberitahuan" in (every_kind / "stimuli" / f"{name}.md").read_text()


def test_what_stands_before_the_options_is_said_above_them(open_bank, bank):
    window = open_bank(bank)
    options = window.work.form.options
    for item, said in (("tiu-021", "Centang yang benar."), ("tkp-001", "Isi nilai setiap pilihan.")):
        open_item(window, item)
        assert options.hint.isVisible()
        assert options.hint.text() == said


def test_after_a_picture_one_goes_on_in_the_question(open_bank, bank, every_kind):
    window = open_bank(bank)
    open_item(window, "twk-001")
    window.acts.to_picture()
    window.acts.picture.file.set_path(next((every_kind / "media").glob("*.png")))
    window.acts.picture.alt.setPlainText("Tiga loket")
    window.acts.picture.button.click()
    stem = window.work.form.stem
    assert stem.hasFocus()
    QTest.keyClicks(stem, "{width=50%}")
    assert ".png){width=50%}" in window.bench.text


def test_a_shared_text_gets_another_id_and_its_items_follow(open_bank, every_kind):
    window = open_bank(every_kind)
    users = {row.id: row.items for row in window.bench.listing.stimuli}
    name, items = next((name, items) for name, items in users.items() if items)
    window.acts._open_stimulus(name)
    assert window.bar.item["rename"].isEnabled()
    assert not window.bar.item["duplicate"].isEnabled()  # nothing would come of it
    window.acts._to_rename()
    assert name in window.acts.rename.title.text()
    window.acts.rename.line.setText("bacaan-baru")
    window.acts.rename.button.click()
    assert (window.bench.on_bench.name, window.bench.on_bench.what) == ("bacaan-baru", "stimulus")
    assert str(len(items)) in say(window)
    for item in items:
        assert window.bench.row(item).stimulus == "bacaan-baru"
    assert faults(every_kind) == ()
