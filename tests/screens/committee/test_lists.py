"""The workshop's list of items: what it shows, and what each filter leaves."""

from tests.screens.committee.conftest import file_of
from tests.screens.committee.doing import ids


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
