"""What the workshop's window never loses: a file that changed meanwhile, a full disk, leaving, a crash, an item taken out."""

import errno
import os

import pytest

from tests.screens.committee.conftest import file_of
from tests.screens.committee.doing import open_item, say, type_into


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


def test_the_folder_is_looked_at_again_when_the_window_is_in_front_again(open_bank, bank):
    window = open_bank(bank)
    open_item(window, "twk-001")
    theirs = file_of(bank, "twk-001").read_text().replace("level: sedang", "level: sulit")
    file_of(bank, "twk-001").write_text(theirs)
    window.bench.look_again()
    assert window.bench.text == theirs
    assert window.bench.row("twk-001").level == "sulit"


def test_a_shared_text_that_was_taken_out_is_brought_back_too(open_bank, bank):
    (bank / "stimuli").mkdir()
    text = "# id\n\nBacaan.\n"
    (bank / "stimuli" / "bacaan.md").write_text(text)
    window = open_bank(bank)
    window.acts._open_stimulus("bacaan")
    window.acts._to_delete()
    window.acts.delete.buttons["delete_do"].click()
    assert not (bank / "stimuli" / "bacaan.md").exists()
    window.acts._to_deleted()
    window.acts.deleted.button.click()
    assert (bank / "stimuli" / "bacaan.md").read_text() == text
    assert window.bench.on_bench.name == "bacaan"


def test_a_text_whose_file_is_gone_is_written_again(open_bank, bank):
    window = open_bank(bank)
    open_item(window, "twk-001")
    type_into(window.work.form.title, "Punyaku")
    file_of(bank, "twk-001").unlink()
    window.bench.save()
    conflict = window.acts.conflict
    assert window.pages.currentWidget() is conflict
    assert say(window) == ""
    assert "tidak ada" in conflict.title.text()
    assert not conflict.buttons["conflict_theirs"].isVisible()
    conflict.buttons["conflict_mine"].click()
    assert "title: Punyaku" in file_of(bank, "twk-001").read_text()
    assert not window.bench.is_changed
    file_of(bank, "twk-001").write_text(file_of(bank, "twk-001").read_text() + "\n")
    type_into(window.work.form.title, "!")
    window.bench.save()
    assert conflict.buttons["conflict_theirs"].isVisible()
    assert "diubah" in conflict.title.text()


def test_a_text_whose_file_goes_while_it_is_open_is_not_called_saved(open_bank, bank):
    window = open_bank(bank)
    open_item(window, "twk-001")
    text = window.bench.text
    file_of(bank, "twk-001").unlink()
    window.bench.look_again()
    assert window.bar.saved.text() == "Baru, belum disimpan"
    assert window.bench.text == text
    window.bench.save()
    assert file_of(bank, "twk-001").read_text() == text
