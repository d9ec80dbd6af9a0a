"""Faults in the workshop's window: each is said in words where it is, and leads there."""

from tests.screens.committee.conftest import file_of
from tests.screens.committee.doing import open_item, say


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
