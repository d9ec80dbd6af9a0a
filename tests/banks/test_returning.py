"""What another program changed in a package of ours: the file counts, the rest stays its author's, nothing goes in silence.

That an untouched package comes back byte for byte is tried in test_export_qti3.py.
"""

import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from cbt_station.banks.bank import BankItem
from cbt_station.banks.import_report import REPORT, ImportedQuestion, ImportReport
from cbt_station.banks.importing import import_bank
from cbt_station.banks.native import read_bank
from cbt_station.exam.content import as_text, media_in
from cbt_station.exam.interactions import ExtendedTextInteraction
from cbt_station.exam.item import HandMarked, OptionScores
from tests.banks.packages import BANKS, package, texts
from tests.banks.qti.items import png
from tests.banks.small_bank import files, put

INTERACTIONS = BANKS / "interactions"
Change = Callable[[str, bytes], bytes | None]


def replacing(file: str, *changes: tuple[str, str]) -> Change:
    """One file with each of these texts, which must stand there, replaced by another."""

    def change(name: str, data: bytes) -> bytes:
        for old, new in changes if name == file else ():
            assert old in data.decode()
            data = data.decode().replace(old, new).encode()
        return data

    return change


def brought_back(change: Change, folder: Path, bank: Path = INTERACTIONS) -> ImportReport:
    return import_bank(package(bank, folder, change), folder / "back")


def outcome(report: ImportReport, item: str) -> ImportedQuestion:
    return next(one for one in report.questions if one.place == f"items/{item}.xml")


def item_of(folder: Path, name: str) -> BankItem:
    return next(item for item in read_bank(folder / "back").items if item.id == name)


def codes(question: ImportedQuestion) -> tuple[str, list[str], list[str]]:
    reasons, remarks = ([one.code for one in some] for some in (question.reasons, question.remarks))
    return question.outcome, reasons, remarks


SAME: tuple[str, list[str], list[str]] = ("exact", [], ["qti-changed-since"])


def test_a_changed_file_of_an_item_counts_and_not_our_copy(tmp_path: Path) -> None:
    def changed(name: str, data: bytes) -> bytes:
        if name == "items/numeric-004.xml":
            data = data.replace(b"next number", b"following number")
        if name == "items/numeric-005.xml":
            data = data.replace(b'map-key="c" mapped-value="1"', b'map-key="c" mapped-value="0"')
            data = data.replace(b'map-key="d" mapped-value="0"', b'map-key="d" mapped-value="1"')
        return data

    report = import_bank(package(BANKS / "general-en", tmp_path, changed), tmp_path / "back")
    back = {item.id: item for item in read_bank(tmp_path / "back").items}
    assert "following number" in as_text(back["numeric-004"].first.stem)
    rule = back["numeric-005"].rule
    assert isinstance(rule, OptionScores)
    assert {name for name, worth in rule.scores.items() if worth} == {"d"}
    remarked = {one.item for one in report.questions if one.remarks}
    assert remarked == {"numeric-004", "numeric-005"}
    same = texts(BANKS / "general-en")
    assert {name for name, data in texts(tmp_path / "back").items() if same[name] != data} == {
        "items/numeric/numeric-004.md",
        "items/numeric/numeric-005.md",
    }


def test_a_title_that_was_changed_counts(tmp_path: Path) -> None:
    report = brought_back(
        replacing("items/choice-1.xml", ('title="choice-1"', 'title="Papan nama"')), tmp_path
    )
    assert codes(outcome(report, "choice-1")) == SAME
    assert item_of(tmp_path, "choice-1").title == "Papan nama"


def test_feedback_that_was_added_is_kept_in_the_note(tmp_path: Path) -> None:
    feedback = """<qti-modal-feedback outcome-identifier="F" identifier="salah" show-hide="show">
      <qti-content-body><p>Ingat hari Senin</p></qti-content-body></qti-modal-feedback></qti-assessment-item>"""
    report = brought_back(replacing("items/choice-1.xml", ("</qti-assessment-item>", feedback)), tmp_path)
    assert codes(outcome(report, "choice-1")) == ("exact", [], ["qti-changed-since", "feedback-kept"])
    back, before = item_of(tmp_path, "choice-1"), read_bank(INTERACTIONS).items[2]
    assert back.id == before.id
    assert back.note == "\n".join(filter(None, (before.note, "modalFeedback F=salah: Ingat hari Senin")))
    assert back.languages == before.languages


def test_what_we_cannot_take_over_is_a_loss_though_the_item_stays_as_it_was(tmp_path: Path) -> None:
    tool = '<qti-info-control title="Kamus"/></qti-item-body>'
    report = brought_back(replacing("items/choice-1.xml", ("</qti-item-body>", tool)), tmp_path)
    assert codes(outcome(report, "choice-1")) == ("lossy", ["qti-dropped"], ["qti-changed-since"])
    assert texts(tmp_path / "back") == texts(INTERACTIONS)


def test_what_qti_cannot_say_stays_where_the_file_says_nothing_else(tmp_path: Path) -> None:
    report = brought_back(replacing("items/extended-text-1.xml", ("surat singkat", "surat pendek")), tmp_path)
    assert codes(outcome(report, "extended-text-1")) == SAME
    back = item_of(tmp_path, "extended-text-1")
    before = next(item for item in read_bank(INTERACTIONS).items if item.id == "extended-text-1")
    assert "surat pendek" in as_text(back.first.stem)
    assert back.first.interaction == before.first.interaction
    assert isinstance(before.first.interaction, ExtendedTextInteraction)
    assert before.first.interaction.most_characters != ExtendedTextInteraction().most_characters


@pytest.mark.parametrize("language", ["", ".en"])
def test_the_scoring_of_one_language_is_the_items_scoring(language: str, tmp_path: Path) -> None:
    changes = (
        ('map-key="c" mapped-value="5"', 'map-key="c" mapped-value="0"'),
        ('map-key="a" mapped-value="0"', 'map-key="a" mapped-value="5"'),
    )
    other = {"": ".en", ".en": ""}[language]
    both = replacing(f"items/choice-1{language}.xml", *changes)
    title = replacing(f"items/choice-1{other}.xml", ("pos ·", "pos –"))
    report = brought_back(lambda name, data: title(name, both(name, data) or b""), tmp_path)
    assert codes(outcome(report, "choice-1")) == SAME
    rule = item_of(tmp_path, "choice-1").rule
    assert isinstance(rule, OptionScores)
    assert [name for name, worth in rule.scores.items() if worth] == ["a"]


@pytest.mark.parametrize(
    ("item", "changes", "reasons"),
    [
        pytest.param(
            "extended-text-1",
            dict.fromkeys(("", ".en"), ('expected-lines="8"', 'expected-lines="9"')),
            ["qti-settings-lost", "qti-settings-lost"],
            id="another interaction than the one that QTI could not say",
        ),
        pytest.param(
            "choice-1",
            {"": ('map-key="a" mapped-value="0"', 'map-key="a" mapped-value="1"')}
            | {".en": ('map-key="b" mapped-value="0"', 'map-key="b" mapped-value="1"')},
            ["qti-rules-differ"],
            id="two scorings",
        ),
        pytest.param(
            "choices-2",
            {"": ('identifier="jadwal"', 'identifier="lain"')},
            ["stimulus-missing"],
            id="a shared text that is not there",
        ),
        pytest.param(
            "choice-1", {"": ("<qti-item-body>", "<qti-item-bodi>")}, ["xml-broken"], id="not well-formed"
        ),
        pytest.param(
            "choice-1",
            {"": ("<p>Kantor", '<p><img src="../media/tidak-ada.png" alt="x"/>Kantor')},
            ["file-missing"],
            id="a picture that is not there",
        ),
    ],
)
def test_what_cannot_come_back_is_named(
    item: str, changes: dict[str, tuple[str, str]], reasons: list[str], tmp_path: Path
) -> None:
    def change(name: str, data: bytes) -> bytes | None:
        for language, one in changes.items():
            data = replacing(f"items/{item}{language}.xml", one)(name, data) or b""
        return data

    report = brought_back(change, tmp_path)
    assert [one.code for one in outcome(report, item).reasons] == reasons
    assert report.counts["exact"] == len(report.questions) - 1
    assert reasons[0] == "qti-settings-lost" or item not in {
        one.id for one in read_bank(tmp_path / "back").items
    }
    assert (tmp_path / "back" / REPORT).exists()


def test_another_shared_text_of_the_bank_is_taken(tmp_path: Path) -> None:
    def change(name: str, data: bytes) -> bytes:
        if name.startswith("items/choices-2"):
            start, end = data.index(b"<qti-assessment-stimulus-ref"), data.index(b"<qti-item-body>")
            data = data[:start] + data[end:]
        return data

    report = brought_back(change, tmp_path)
    assert codes(outcome(report, "choices-2")) == SAME
    assert item_of(tmp_path, "choices-2").stimulus is None


def test_a_picture_that_was_added_comes_in(tmp_path: Path) -> None:
    picture = '<p><img src="../media/peta-baru.png" alt="Peta"/></p><p>Kantor apakah'
    changed = replacing("items/choice-1.xml", ("<p>Kantor apakah", picture))
    path = package(INTERACTIONS, tmp_path, changed, {"media/peta-baru.png": png()})
    report = import_bank(path, tmp_path / "back")
    assert codes(outcome(report, "choice-1")) == SAME
    assert "peta-baru.png" in media_in(item_of(tmp_path, "choice-1").first.stem)


TEST = "tests/every-interaction.xml"
SHARED_TEXT = "stimuli/jadwal.id.xml"


@pytest.mark.parametrize(
    ("change", "more", "losses"),
    [
        pytest.param(
            replacing(TEST, ("<qti-time-limits max-time=", "<qti-time-limits min-time=")),
            {},
            [("qti-test-changed", TEST)],
            id="a test that was changed",
        ),
        pytest.param(
            lambda name, data: None if name == TEST else data,
            {},
            [("qti-test-changed", TEST)],
            id="a test that was taken out",
        ),
        pytest.param(
            None,
            {"tests/lain.xml": b"<qti-assessment-test/>"},
            [("qti-test-changed", "tests/lain.xml")],
            id="a test that was added",
        ),
        pytest.param(
            lambda name, data: data.replace(b"<p>", b"<p>Baru. ") if name == SHARED_TEXT else data,
            {},
            [("qti-stimulus-changed", SHARED_TEXT)],
            id="a shared text that was changed",
        ),
    ],
)
def test_a_changed_test_or_shared_text_is_a_named_loss(
    change: Change | None, more: dict[str, bytes], losses: list[tuple[str, str]], tmp_path: Path
) -> None:
    report = import_bank(package(INTERACTIONS, tmp_path, change, more), tmp_path / "back")
    assert [(one.code, one.facts["file"]) for one in report.losses] == losses
    assert texts(tmp_path / "back") == texts(INTERACTIONS)
    assert losses[0][1] in (tmp_path / "back" / REPORT).read_text(encoding="utf-8")


@pytest.mark.parametrize("place", ["items/added.xml", "more/added.xml"])
def test_a_package_with_an_item_more_is_imported_as_any_other_and_says_what_that_costs(
    place: str, tmp_path: Path
) -> None:
    path = package(BANKS / "general-en", tmp_path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(place, archive.read("items/numeric-004.xml").replace(b"numeric-004", b"added"))
    report = import_bank(path, tmp_path / "back")
    assert len(report.questions) == 29
    assert "qti-own-unused" in [one.code for one in report.losses]


def test_a_package_that_was_not_touched_has_nothing_to_report(tmp_path: Path) -> None:
    import_bank(package(INTERACTIONS, tmp_path), tmp_path / "back")
    assert not (tmp_path / "back" / REPORT).exists()


def test_nothing_but_a_banks_own_files_is_written(tmp_path: Path) -> None:
    put(tmp_path / "first", files())
    more = {"cbt-station/bank/.git/config": b"x", "cbt-station/bank/jalankan.sh": b"x"}
    import_bank(package(tmp_path / "first", tmp_path, more=more), tmp_path / "back")
    written = {path.relative_to(tmp_path / "back").as_posix() for path in (tmp_path / "back").rglob("*.*")}
    assert written == set(texts(tmp_path / "first"))


def test_a_hand_marked_item_keeps_its_most(tmp_path: Path) -> None:
    changed = replacing("items/extended-text-1.xml", ('normal-maximum="10"', 'normal-maximum="12"'))
    report = brought_back(changed, tmp_path)
    assert codes(outcome(report, "extended-text-1")) == SAME
    assert item_of(tmp_path, "extended-text-1").rule == HandMarked(Decimal(12))
