"""Import and export at the workshop's window, each with what its report says."""

from tests.screens.committee.conftest import ITEMS
from tests.screens.committee.doing import say


def test_a_gift_file_comes_in_as_drafts_with_its_report(open_bank, bank, tmp_path):
    gift = tmp_path / "soal.gift"
    gift.write_text("::Satu:: Ibu kota Jawa Barat adalah {=Bandung ~Bogor ~Bekasi}\n")
    window = open_bank(bank)
    window.acts._to_import()
    sheet = window.acts.import_
    sheet.source.set_path(gift)
    sheet.button.click()
    assert len(window.bench.listing.rows) == 6  # it is asked first where they go
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
        if brings.sections:  # asked where they go
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


SECTIONS = """\
$CATEGORY: TIU

::satu:: Berapa 2 + 2? {=4 ~3 ~5}

$CATEGORY: Matematika Dasar

::dua:: Berapa 3 + 3? {=6 ~5 ~7}

::tiga:: Berapa 4 + 4? {=8 ~5 ~7}
"""


def test_a_section_that_the_bank_does_not_have_is_asked_about_before_anything_comes_in(
    open_bank, bank, tmp_path
):
    gift = tmp_path / "soal.gift"
    gift.write_text(SECTIONS)
    window = open_bank(bank)
    window.acts._to_import()
    sheet = window.acts.import_
    sheet.source.set_path(gift)
    sheet.button.click()
    (theirs,) = sheet.sections  # TIU is ours: nothing to ask
    choice = sheet.sections[theirs]
    assert choice.hasFocus()
    assert choice.values() == ("TWK", "TIU", "TKP", "")
    assert choice.value == ""
    assert theirs in choice.currentText()
    assert "2" in choice.accessibleName()
    assert sheet.asked.isVisible()
    assert not sheet.report.isVisible()
    assert len(window.bench.listing.rows) == 6
    choice.set_value("TWK")
    sheet.button.click()
    assert sheet.report.isVisible()
    assert not sheet.asked.isVisible()
    new = [row for row in window.bench.listing.rows if row.id not in ITEMS]
    assert sorted(row.section for row in new) == ["TIU", "TWK", "TWK"]
    assert list(window.bench.listing.head.sections) == ["TWK", "TIU", "TKP"]


def test_a_section_that_is_left_as_proposed_comes_in_as_a_new_one(open_bank, bank, tmp_path):
    gift = tmp_path / "soal.gift"
    gift.write_text(SECTIONS)
    window = open_bank(bank)
    window.acts._to_import()
    sheet = window.acts.import_
    sheet.source.set_path(gift)
    sheet.button.click()
    (theirs,) = sheet.sections
    sheet.button.click()
    assert list(window.bench.listing.head.sections) == ["TWK", "TIU", "TKP", theirs]


def test_another_source_is_not_taken_for_the_one_that_was_asked_about(open_bank, bank, tmp_path):
    one, other = tmp_path / "satu.gift", tmp_path / "dua.gift"
    one.write_text(SECTIONS)
    other.write_text("$CATEGORY: TIU\n\n::empat:: Berapa 5 + 5? {=10 ~5 ~7}\n")
    window = open_bank(bank)
    window.acts._to_import()
    sheet = window.acts.import_
    sheet.source.set_path(one)
    sheet.button.click()
    sheet.source.set_path(other)
    assert not sheet.asked.isVisible()
    sheet.button.click()
    assert [row.section for row in window.bench.listing.rows if row.id not in ITEMS] == ["TIU"]


def test_a_source_that_came_in_does_not_come_in_again_by_one_press_more(open_bank, bank, tmp_path):
    gift = tmp_path / "soal.gift"
    gift.write_text("$CATEGORY: TIU\n\n::empat:: Berapa 5 + 5? {=10 ~5 ~7}\n")
    window = open_bank(bank)
    window.acts._to_import()
    sheet = window.acts.import_
    sheet.source.set_path(gift)
    sheet.button.click()
    assert len(window.bench.listing.rows) == 7
    sheet.button.click()
    assert len(window.bench.listing.rows) == 7
    assert sheet.source.wrong.isVisible()
    assert sheet.outcome.isVisible()


def test_the_report_of_an_import_names_what_is_in_the_bank_and_no_more(open_bank, bank, tmp_path):
    gift = tmp_path / "soal.gift"
    gift.write_text(
        "$CATEGORY: TIU\n\n" + "".join(f"::s{n}:: Berapa {n} + 5? {{={n + 5} ~1 ~2}}\n\n" for n in range(35))
    )
    window = open_bank(bank)
    window.acts._to_import()
    sheet = window.acts.import_
    sheet.source.set_path(gift)
    sheet.button.click()
    said = sheet.report.toPlainText()
    for row in window.bench.listing.rows:
        if row.id not in ITEMS:
            assert f"→ {row.id} (" in said, row.id
    assert "→ tiu-021 (" not in said  # an item of the bank, which it was before
    assert "blueprints/" not in said
    assert "Kisi-kisi dari sumbernya tidak ikut" in said
