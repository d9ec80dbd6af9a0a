"""The workshop's list of items: what it shows, and what each filter leaves."""

from cbt_station.screens.committee.item_list import COLUMNS
from tests.screens.committee.conftest import file_of
from tests.screens.committee.doing import ids
from tests.station_pictures import settle


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


def test_a_row_with_a_tall_script_stands_on_the_line_of_the_others(open_bank, bank):
    long = "Papan nama sebuah kantor desa yang panjang sekali, jadi yang berikut ini tidak tampak: "
    for item, ending in (("twk-001", "ꦮꦺꦴ ꦥꦥꦤ꧀"), ("twk-002", "kantor desa")):
        file = file_of(bank, item)
        file.write_text(file.read_text().replace("\nlevel:", f"\ntitle: '{long}{ending}'\nlevel:", 1))
    window = open_bank(bank, size=(1024, 600))
    settle()
    table = window.work.items.table
    table.clearSelection()
    table.clearFocus()
    place = COLUMNS.index("words")
    cells = [
        table.viewport().grab(table.visualRect(table.model().index(row, place))).toImage() for row in (0, 1)
    ]
    assert ids(window)[:2] == ["twk-001", "twk-002"]
    assert cells[0] == cells[1]
    colours = {cells[0].pixelColor(x, y).name() for x in range(60) for y in range(cells[0].height())}
    assert len(colours) > 3  # there is something on it
