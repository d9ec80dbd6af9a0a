"""Banks that the workshop's window opens, makes and refuses."""

import errno
import os

from PySide6.QtTest import QTest

from cbt_station.banks.native import faults
from cbt_station.banks.workshop.workshop import Workshop
from tests.screens.committee.conftest import NOW
from tests.screens.committee.doing import open_item, say
from tests.station_pictures import settle


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


def test_a_button_that_lacks_something_says_what(open_bank, tmp_path):
    window = open_bank(None, by="", size=(1024, 600))
    start = window.start
    start.new_folder.set_path(tmp_path / "Seleksi")
    settle()
    start.ensureWidgetVisible(start.make_button)
    start.make_button.click()
    assert start.by_field.wrong.isVisible()
    assert start.by.hasFocus()
    settle()
    assert (
        start.viewport()
        .rect()
        .contains(start.by_field.wrong.mapTo(start.viewport(), start.by_field.wrong.rect().center()))
    )
    assert not (tmp_path / "Seleksi").exists()  # a bank that could then not be opened without a name
    QTest.keyClicks(start.by, "Sari")
    assert not start.by_field.wrong.isVisible()
    start.new_folder.line.clear()
    start.make_button.click()
    assert start.new_folder.wrong.isVisible()
    start.open_button.click()
    assert start.folder.wrong.isVisible()
    assert start.folder.line.hasFocus()


def test_a_new_bank_calls_its_sections_as_they_were_typed_and_says_how_to_begin(open_bank, tmp_path):
    window = open_bank(None)
    start = window.start
    start.new_name.setText("Desa 2026")
    start.new_sections.setText(" Pengetahuan  Umum, Bahasa & Budaya, Pengetahuan Umum")
    start.new_folder.set_path(tmp_path / "desa")
    start.make_button.click()
    titles = {name: one.title for name, one in window.bench.listing.head.sections.items()}
    assert titles == {
        "Pengetahuan-Umum": {"id": "Pengetahuan Umum"},
        "Bahasa-Budaya": {"id": "Bahasa & Budaya"},
    }
    assert "Ctrl+N" in window.work.items.count.text()
    assert not window.work.preview.language.isVisibleTo(window.work.preview)


def test_a_new_bank_is_proposed_in_the_language_of_the_window(open_bank, workshop_look):
    workshop_look.set_language("en")
    assert open_bank(None).start.new_languages.text() == "en"


def test_a_bank_that_cannot_be_written_in_is_not_opened_and_it_says_what_to_do(open_bank, bank, monkeypatch):
    window = open_bank(None)
    window.start.folder.set_path(bank)

    def refuse(*_args, **_named):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    with monkeypatch.context() as disk:
        disk.setattr(os, "mkdir", refuse)
        window.start.open_button.click()
    assert window.pages.currentWidget() is window.start
    assert "salin" in say(window)
    window.start.open_button.click()
    assert window.pages.currentWidget() is window.work
    assert say(window) == ""
