"""What a person does at the workshop while its disk is still busy with what was asked before: nothing typed is lost, nothing
that went well is said to have failed.
"""

from collections import deque

import pytest
from shiboken6 import delete

from cbt_station.screens.background import AtOnce
from cbt_station.screens.committee import bench
from cbt_station.screens.committee.memory import Memory
from cbt_station.screens.committee.window import Window
from tests.screens.committee.conftest import ME, NOW, file_of
from tests.screens.committee.doing import open_item, say, type_into


class Slow:
    """Answers when it is let: `go_on` does all that was asked, in order."""

    def __init__(self):
        self.asked, self.holds = deque(), False

    def ask(self, call, then, failed):
        self.asked.append((call, then, failed))
        if not self.holds:
            self.go_on()

    def go_on(self):
        while self.asked:
            AtOnce().ask(*self.asked.popleft())

    def close(self):
        self.go_on()


@pytest.fixture
def slow():
    return Slow()


@pytest.fixture
def window(qtbot, workshop_look, bank, tmp_path, slow):
    window = Window(workshop_look, slow, Memory(tmp_path / "memory"), lambda: NOW)
    window.show()
    qtbot.waitUntil(window.isActiveWindow)
    window.begin(bank, ME)
    yield window
    slow.holds = False
    window.let_go()
    delete(window)


def test_a_new_item_that_is_saved_twice_while_the_disk_is_busy_is_saved(window, slow, bank):
    window.bench.lay_new("twk-900", file_of(bank, "twk-001").read_text().replace("twk-001", "twk-900"))
    slow.holds = True
    window.bench.save()
    type_into(window.work.form.title, "Ikrar")
    window.bench.save()
    slow.go_on()
    assert say(window) == ""
    assert not window.bench.is_changed
    assert "title: Ikrar" in file_of(bank, "twk-900").read_text()


def test_what_is_typed_while_the_text_is_saved_for_leaving_is_asked_about(window, slow, bank):
    open_item(window, "twk-001")
    type_into(window.work.form.title, "Ikrar")
    window.close()
    slow.holds = True
    window.leave_sheet.buttons["leave_save"].click()
    type_into(window.work.form.title, " Pemuda")
    slow.go_on()
    assert window.isVisible()
    assert window.pages.currentWidget() is window.leave_sheet
    assert "title: Ikrar Pemuda" in window.bench.text


def test_what_is_typed_before_another_item_comes_stays(window, slow):
    open_item(window, "twk-001")
    slow.holds = True
    window.work.items.wanted.emit("twk-002")
    type_into(window.work.form.title, "Ikrar")
    slow.go_on()
    assert window.bench.on_bench.name == "twk-001"
    assert "title: Ikrar" in window.bench.text


def test_the_file_of_somebody_else_is_taken_and_mine_does_not_come_back_by_itself(window, slow, bank):
    open_item(window, "twk-001")
    theirs = file_of(bank, "twk-001").read_text().replace("level: sedang", "level: sulit")
    type_into(window.work.form.title, "Punyaku")
    window.bench.read_now()
    file_of(bank, "twk-001").write_text(theirs)
    window.bench.save()
    slow.holds = True
    window.acts.conflict.buttons["conflict_theirs"].click()
    slow.go_on()
    assert window.bench.text == theirs
    assert say(window) == ""


def test_a_bank_that_is_asked_for_twice_opens_once(window, slow, bank):
    window.to_start()
    slow.holds = True
    window.open_bank(bank, ME)
    window.open_bank(bank, ME)
    slow.go_on()
    assert window.bench.workshop is not None
    assert say(window) == ""


def test_a_bank_that_does_not_open_leaves_the_one_that_is_open(window, bank, tmp_path):
    open_item(window, "twk-001")
    type_into(window.work.form.title, "Ikrar")
    window.open_bank(tmp_path / "tidak-ada", ME)
    assert say(window) != ""
    assert window.bench.workshop.directory == bank
    assert "title: Ikrar" in window.bench.text


def test_an_earlier_text_is_not_restored_over_one_that_is_not_saved(window):
    open_item(window, "twk-001")
    type_into(window.work.form.title, "Ikrar")
    window.bench.save()
    window.work.turn_to("versions")
    versions = window.work.versions
    versions.list.setCurrentRow(1)
    assert versions.restore.isEnabled()
    window.bench.edit(window.bench.text + "\n", None)
    assert not versions.restore.isEnabled()
    window.bench.save()
    versions.list.setCurrentRow(1)
    assert versions.restore.isEnabled()


def test_a_bank_that_takes_a_while_to_open_is_said_to_be_opening(qtbot, window, slow, bank):
    window.to_start()
    slow.holds = True
    window.open_bank(bank, ME)
    assert say(window) == ""
    qtbot.waitUntil(lambda: bank.name in say(window))
    slow.go_on()
    assert say(window) == ""


def test_who_types_without_a_pause_loses_no_more_than_the_last_two_seconds(
    window, bank, tmp_path, monkeypatch
):
    clock = [100.0]
    monkeypatch.setattr(bench.time, "monotonic", lambda: clock[0])
    open_item(window, "twk-001")
    memory = Memory(tmp_path / "memory")
    for word in range(30):  # 0.2 s apart: a pause is never long enough
        type_into(window.work.form.title, f"k{word} ")
        clock[0] += 0.2
        kept = memory.unsaved_of(bank, "twk-001", "item")
        if word >= 10:
            assert kept is not None
            assert f"k{word - 10} " in kept.text


def test_what_was_typed_last_is_remembered_though_more_was_typed_meanwhile(window, slow, bank, tmp_path):
    open_item(window, "twk-001")
    slow.holds = True
    type_into(window.work.form.title, "Ikrar")
    window.bench.read_now()
    type_into(window.work.form.title, " Pemuda")
    slow.go_on()
    kept = Memory(tmp_path / "memory").unsaved_of(bank, "twk-001", "item")
    assert kept is not None
    assert "title: Ikrar\n" in kept.text
