"""The workshop's window over a real bank: what is typed reaches the file as a person would have written it, and nothing else.

The headless workshop has its own tests (tests/banks/workshop); names, sizes and keys are in test_accessible.py and
test_keyboard_only.py.
"""

import errno
import os

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cbt_station.banks.native import faults, read_bank
from cbt_station.banks.workshop.workshop import Workshop
from tests.screens.committee.conftest import NOW, file_of, vote_of_others
from tests.station_pictures import settle


def say(window) -> str:
    return window.banner.text.text() if window.banner.isVisible() else ""


def open_item(window, item):
    window.work.items.wanted.emit(item)
    settle()


def type_into(field, text):
    field.setFocus()
    QTest.keyClicks(field, text)


def ids(window):
    return [row.id for row in window.work.items.model.rows]


# Listing and filtering


def test_the_list_shows_every_item_and_the_filters_leave_what_they_say(open_bank, bank):
    window = open_bank(bank)
    items = window.work.items
    assert ids(window) == ["twk-001", "twk-002", "tiu-021", "tiu-031", "tiu-032", "tkp-001"]
    items.section.set_value("TIU")
    items.section.chosen.emit("TIU")
    assert ids(window) == ["tiu-021", "tiu-031", "tiu-032"]
    items.show_everything()
    items.search.setText("tkp")
    items.refilter()
    assert ids(window) == ["tkp-001"]
    assert items.count.text() == "Soal: 1 dari 6"


def test_an_enemy_set_is_a_filter(open_bank, bank):
    window = open_bank(bank)
    group = next(value for value in window.work.items.group.values() if value.startswith("enemies:"))
    window.work.items.show_only(group=group)
    assert "tiu-031" in ids(window)
    assert "twk-001" not in ids(window)


def test_a_faulty_item_is_found_by_its_filter_and_marked_in_words(open_bank, bank):
    file_of(bank, "twk-002").write_text("---\nid: twk-002\n---\nTanpa kunci.\n")
    window = open_bank(bank)
    window.work.items.faulty.setChecked(True)
    assert ids(window) == ["twk-002"]
    row = window.work.items.model.rows[0]
    assert window.work.items.model.told(row, "faults").startswith(f"Kesalahan: {len(row.faults)}")


# Writing


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


# Faults


def test_a_fault_is_told_in_words_and_leads_to_its_line(open_bank, bank):
    window = open_bank(bank)
    open_item(window, "twk-001")
    window.bench.edit(window.bench.text.replace("level: ", "lefel: "), None)
    window.bench.read_now()
    line = (
        window.bench.text.split("\n").index(next(x for x in window.bench.text.split("\n") if "lefel" in x))
        + 1
    )
    said = [window.work.faults.list.item(at).text() for at in range(window.work.faults.list.count())]
    place = next(at for at, text in enumerate(said) if text.startswith(f"Baris {line}:"))
    assert window.work.preview.note.isVisible()  # what is shown is older, and it says so
    window.work.faults.list.itemActivated.emit(window.work.faults.list.item(place))
    assert window.work.text.editor.hasFocus()
    assert window.work.text.editor.textCursor().blockNumber() == line - 1
    assert line in window.work.text.editor.faulty


def test_the_check_of_the_whole_bank_leads_to_the_item(open_bank, bank):
    file = file_of(bank, "tiu-031")
    file.write_text(file.read_text().replace("topic: numerik-deret", "topic: tidak-ada"))
    window = open_bank(bank)
    window.acts._to_check()
    check = window.acts.check
    assert window.pages.currentWidget() is check
    assert check.list.list.item(0).text().startswith("items/tiu-031.md:4:")
    check.list.list.itemActivated.emit(check.list.list.item(0))
    assert window.bench.on_bench.name == "tiu-031"
    assert window.work.text.editor.textCursor().blockNumber() == 3


# The candidate's view


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


# Versions and reviews


def test_every_saved_text_is_a_version_that_can_be_had_again(open_bank, bank):
    window = open_bank(bank)
    open_item(window, "twk-001")
    first = window.bench.text
    type_into(window.work.form.title, "Ikrar")
    window.bench.save()
    window.work.turn_to("versions")
    versions = window.work.versions
    assert versions.list.count() == 2
    assert "+ title: Ikrar" in versions.text.toPlainText()
    versions.list.setCurrentRow(1)
    versions.restore.click()
    assert file_of(bank, "twk-001").read_text() == first == window.bench.text
    assert window.bench.on_bench.versions == 3


def test_two_votes_of_others_approve_and_an_edit_afterwards_falls_back(open_bank, bank):
    window = open_bank(bank)
    open_item(window, "twk-001")
    window.work.turn_to("review")
    review = window.work.review
    review.submit.click()
    assert review.state.text() == "Ditinjau"
    assert not review.approve.isEnabled()
    assert review.why.text().endswith(": 2")
    window.bench.close_bank()
    vote_of_others(bank, "twk-001")
    window.open_bank(bank, "Sari")
    open_item(window, "twk-001")
    window.work.turn_to("review")
    review.approve.click()
    assert review.state.text() == "Disetujui"
    assert window.bench.row("twk-001").state == "approved"
    window.bench.edit(window.bench.text.replace("level: sedang", "level: mudah"), None)
    window.bench.save()
    assert window.bench.row("twk-001").state == "review"
    assert review.state.text() == "Ditinjau lagi: berubah setelah disetujui"
    assert review.why.text().endswith(": 2")  # votes on another text do not count


def test_a_vote_against_needs_words_and_stops_the_approval(open_bank, bank):
    window = open_bank(bank)
    open_item(window, "twk-001")
    window.work.turn_to("review")
    review = window.work.review
    review.submit.click()
    review.vote_against.click()
    assert "komentar" in say(window).lower() or "alasan" in say(window).lower()
    assert review.review.votes == ()
    review.comment.setPlainText("Pengecoh b terlalu dekat.")
    review.vote_against.click()
    assert [(vote.by, vote.vote) for vote in review.review.votes] == [("Sari", "against")]
    assert not review.approve.isEnabled()


def test_nothing_can_be_voted_on_while_it_is_not_saved(open_bank, bank):
    window = open_bank(bank)
    open_item(window, "twk-001")
    window.work.turn_to("review")
    window.work.review.submit.click()
    window.bench.edit(window.bench.text.replace("level: sedang", "level: mudah"), None)
    assert not window.work.review.vote_for.isEnabled()
    assert window.work.review.why.isVisible()


# In and out


def test_a_gift_file_comes_in_as_drafts_with_its_report(open_bank, bank, tmp_path):
    gift = tmp_path / "soal.gift"
    gift.write_text("::Satu:: Ibu kota Jawa Barat adalah {=Bandung ~Bogor ~Bekasi}\n")
    window = open_bank(bank)
    window.acts._to_import()
    sheet = window.acts.import_
    sheet.source.set_path(gift)
    sheet.button.click()
    assert sheet.outcome.text() == "Persis: 1 · dengan kehilangan: 0 · ditolak: 0"
    assert sheet.report.isVisible()
    assert len(window.bench.listing.rows) == 7
    (new,) = {row.id for row in window.bench.listing.rows} - {
        item.stem for item in (bank / "items").glob("t*.md")
    }
    assert window.bench.row(new).state == "draft"


def test_a_file_of_no_known_kind_is_refused_in_words_and_changes_nothing(open_bank, bank, tmp_path):
    other = tmp_path / "foto.gift"
    other.write_bytes(b"\x89PNG")
    before = sorted(path.name for path in (bank / "items").iterdir())
    window = open_bank(bank)
    window.acts._to_import()
    window.acts.import_.source.set_path(other)
    window.acts.import_.button.click()
    assert say(window)
    assert window.acts.import_.button.isEnabled()
    assert sorted(path.name for path in (bank / "items").iterdir()) == before


def test_what_is_said_of_an_import_or_export_is_said_of_the_last_one(open_bank, bank, tmp_path):
    good, bad = tmp_path / "baik.gift", tmp_path / "buruk.gift"
    good.write_text("::satu:: Berapa 3 + 3? {=6 ~5 ~7}\n")
    bad.write_bytes(b"\x89PNG")
    window = open_bank(bank)
    brings, writes = window.acts.import_, window.acts.export
    window.acts._to_import()
    for source, is_good in ((bad, False), (good, True), (bad, False)):
        brings.source.set_path(source)
        brings.button.click()
        assert (say(window) == "", brings.outcome.isVisible()) == (is_good, is_good)
    window.acts._to_export()
    for taken in (True, False, True):
        target = bad if taken else tmp_path / "keluar.zip"
        writes.file.set_path(target)
        writes.button.click()
        assert (say(window) == "", writes.outcome.isVisible()) == (not taken, not taken)
        assert writes.button.isEnabled()


def test_the_bank_goes_out_in_every_format_with_its_report(open_bank, bank, tmp_path):
    from cbt_station.banks.exporting import FORMATS

    window = open_bank(bank)
    window.acts._to_export()
    sheet = window.acts.export
    assert sheet.format.values() == tuple(FORMATS)
    for name in FORMATS:
        sheet.format.set_value(name)
        sheet.format.chosen.emit(name)
        file = sheet.file.path
        assert not file.exists()
        sheet.button.click()
        assert file.stat().st_size > 1000, (name, say(window))
        assert sheet.outcome.text().startswith(f"{file.name} ditulis."), say(window)


# What is not lost


def test_a_file_that_changed_meanwhile_is_not_written_over(open_bank, bank):
    window = open_bank(bank)
    open_item(window, "twk-001")
    theirs = file_of(bank, "twk-001").read_text().replace("level: sedang", "level: sulit")
    type_into(window.work.form.title, "Punyaku")
    file_of(bank, "twk-001").write_text(theirs)
    window.bench.save()
    conflict = window.acts.conflict
    assert window.pages.currentWidget() is conflict
    assert "+ title: Punyaku" in conflict.more.text()
    assert "- level: sulit" in conflict.more.text()
    assert file_of(bank, "twk-001").read_text() == theirs
    conflict.buttons["conflict_theirs"].click()
    assert window.bench.text == theirs
    window.bench.step_back()
    assert "title: Punyaku" in window.bench.text


def test_mine_can_be_saved_over_theirs_which_stays_a_version(open_bank, bank):
    window = open_bank(bank)
    open_item(window, "twk-001")
    theirs = file_of(bank, "twk-001").read_text().replace("level: sedang", "level: sulit")
    type_into(window.work.form.title, "Punyaku")
    file_of(bank, "twk-001").write_text(theirs)
    window.bench.save()
    window.acts.conflict.buttons["conflict_mine"].click()
    assert "title: Punyaku" in file_of(bank, "twk-001").read_text()
    texts = [
        window.bench.workshop.version_text("twk-001", n + 1) for n in range(window.bench.on_bench.versions)
    ]
    assert theirs in texts


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EFBIG, errno.EROFS, errno.EIO])
def test_a_disk_that_takes_nothing_is_told_to_a_committee_until_it_takes_it(
    open_bank, bank, monkeypatch, number
):
    window = open_bank(bank)
    open_item(window, "twk-001")
    type_into(window.work.form.title, "Ikrar")
    before = file_of(bank, "twk-001").read_text()

    def refuse(_descriptor, _data):
        raise OSError(number, "Failed")

    with monkeypatch.context() as disk:
        disk.setattr(os, "write", refuse)
        window.bar.save.click()
    assert "ulangi" in say(window)
    assert "pengawas" not in say(window)
    assert window.bench.is_changed
    assert file_of(bank, "twk-001").read_text() == before
    window.bar.save.click()
    assert say(window) == ""
    assert not window.bench.is_changed
    assert "title: Ikrar" in file_of(bank, "twk-001").read_text()


def test_leaving_unsaved_work_asks_and_every_answer_does_what_it_says(open_bank, bank):
    window = open_bank(bank)
    open_item(window, "twk-001")
    before = file_of(bank, "twk-001").read_text()
    type_into(window.work.form.title, "Ikrar")
    window.close()
    assert window.isVisible()
    assert window.pages.currentWidget() is window.leave_sheet
    window.leave_sheet.buttons["leave_stay"].click()
    assert "title: Ikrar" in window.bench.text
    open_item(window, "twk-002")
    window.leave_sheet.buttons["leave_drop"].click()
    assert window.bench.on_bench.name == "twk-002"
    assert file_of(bank, "twk-001").read_text() == before
    type_into(window.work.form.title, "Budi Utomo")
    window.close()
    window.leave_sheet.buttons["leave_save"].click()
    assert not window.isVisible()
    assert "title: Budi Utomo" in file_of(bank, "twk-002").read_text()


def test_what_was_not_saved_when_the_program_died_is_there_again(open_bank, bank, tmp_path):
    window = open_bank(bank, memory=tmp_path / "memory")
    open_item(window, "twk-001")
    type_into(window.work.form.title, "Ikrar")
    window.bench.read_now()
    window.bench.workshop.close()  # as a dead program's lock goes
    again = open_bank(bank, memory=tmp_path / "memory")
    assert again.bench.on_bench.name == "twk-001"
    assert "title: Ikrar" in again.bench.text
    assert again.bench.is_changed
    assert "dikembalikan" in say(again)
    again.bench.save()
    assert "title: Ikrar" in file_of(bank, "twk-001").read_text()
    assert list((tmp_path / "memory").rglob("item-*.json")) == []


def test_taking_an_item_out_keeps_it_for_bringing_it_back(open_bank, bank):
    window = open_bank(bank)
    open_item(window, "twk-001")
    text = window.bench.text
    window.acts._to_delete()
    assert window.acts.delete.buttons["delete_stay"].hasFocus()
    window.acts.delete.buttons["delete_do"].click()
    assert not file_of(bank, "twk-001").exists()
    window.acts._to_deleted()
    window.acts.deleted.button.click()
    assert file_of(bank, "twk-001").read_text() == text


# Banks that are there, and not


def test_a_bank_that_is_in_use_is_refused_in_words(open_bank, bank):
    with Workshop.open(bank, by="Budi"):
        window = open_bank(bank)
        assert window.pages.currentWidget() is window.start
        assert say(window)
    window.start.open_button.click()
    assert window.pages.currentWidget() is window.work


def test_without_a_name_the_bank_stays_closed_and_it_says_why(open_bank, bank):
    window = open_bank(bank, by="")
    assert window.pages.currentWidget() is window.start
    assert "nama" in say(window).lower()


def test_a_new_bank_is_a_folder_that_reads_without_faults_but_for_its_items(open_bank, tmp_path):
    window = open_bank(None)
    window.start.by.setText("Sari")
    window.start.new_name.setText("Seleksi 2026")
    window.start.new_sections.setText("TWK, Tes Umum")
    window.start.new_languages.setText("id, en")
    window.start.new_folder.set_path(tmp_path / "Seleksi 2026")
    window.start.make_button.click()
    assert window.pages.currentWidget() is window.work
    assert list(window.bench.listing.head.sections) == ["TWK", "Tes-Umum"]
    assert [fault.code for fault in faults(tmp_path / "Seleksi 2026")] == ["bank-without-items"]


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


def test_words_change_at_once(open_bank, bank, workshop_look):
    window = open_bank(bank)
    open_item(window, "twk-001")
    workshop_look.set_language("en")
    assert window.work.tabs.tabText(0) == "Form"
    assert window.bar.saved.text() == "Saved · version 1"
    assert window.work.form.fields["stem"].caption.text() == "Question"
    workshop_look.set_language("id")
    assert window.work.tabs.tabText(0) == "Formulir"
    assert NOW.tzinfo is not None


def test_a_bank_whose_head_is_faulty_opens_and_says_so(open_bank, bank):
    head = (bank / "bank.yaml").read_text()
    (bank / "bank.yaml").write_text(head.replace("licence:", "lisensi:"))
    window = open_bank(bank)
    open_item(window, "twk-001")
    window.acts.to_new_item()
    assert not window.acts.new_item.make.isEnabled()
    window.acts._to_check()
    said = [window.acts.check.list.list.item(at).text() for at in range(window.acts.check.list.list.count())]
    assert any(text.startswith("bank.yaml:") for text in said)
    window.acts.check.list.list.itemActivated.emit(window.acts.check.list.list.item(0))
    assert say(window)
    (bank / "bank.yaml").write_text(head)
    window.acts._reread()
    assert window.bench.listing.head is not None


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


def test_the_folder_is_looked_at_again_when_the_window_is_in_front_again(open_bank, bank):
    window = open_bank(bank)
    open_item(window, "twk-001")
    theirs = file_of(bank, "twk-001").read_text().replace("level: sedang", "level: sulit")
    file_of(bank, "twk-001").write_text(theirs)
    window.bench.look_again()
    assert window.bench.text == theirs
    assert window.bench.row("twk-001").level == "sulit"


def test_an_approval_without_the_votes_for_it_is_not_shown_as_a_sound_one(bank, open_bank):
    window = open_bank(bank)
    on = window.bench.workshop.review("twk-001").on
    (bank / "reviews").mkdir(exist_ok=True)
    (bank / "reviews" / "twk-001.yaml").write_text(f"state: approved\nby: Budi\napproved: {on}\n")
    window.bench.relist(again=True)
    window.work.items.wanted.emit("twk-001")
    window.work.turn_to("review")
    assert window.bench.row("twk-001").state == "review"
    assert window.work.review.why.isVisible()
    assert window.work.review.why.text() == window.look.words("committee.review_wants", left=2)
