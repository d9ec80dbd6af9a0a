"""Ids of ours that are no names for QTI: named otherwise in a package, and back as they were."""

import io
import re
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from cbt_station.banks.exporting import export_bank
from cbt_station.banks.importing import import_bank
from cbt_station.banks.native import read_bank
from cbt_station.banks.qti.writing.identifiers import as_name, as_ours
from tests.banks.packages import package, texts
from tests.banks.small_bank import HEAD, put

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
IDS = st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,8}", fullmatch=True)
NUMBERED = HEAD.replace("id: kecil", "id: 2026-kecil").replace("TKP:", "7B:")
TOP = "section: 7B\ntopic: layanan\nlevel: mudah\n"
ITEMS = {
    "items/001.md": f"---\nid: 001\n{TOP}title: Harga {{1}}\nscores: {{1: 0, 2: 3, _1: 1}}\n---\nBerapa?\n\n"
    "- [1] satu\n- [2] dua\n- [_1] lain\n",
    "items/002.md": f"---\nid: 002\n{TOP}interaction: match\nmost-each: {{1: 2}}\nkey: [1 x, 2 9]\npoints: 2\n---\nJodohkan.\n\n- [1] satu\n- [2] dua\n\n+ [x] eks\n+ [9] sembilan\n",
    "items/003.md": f"---\nid: 003\n{TOP}responses:\n  1a: {{interaction: inline-choice, key: 2, points: 1}}\n  _b: {{interaction: number, key: 4, points: 1}}\n---\nIsi {{{{1a}}}} dan {{{{_b}}}}.\n\n::: response 1a\n- [1] a\n- [2] b\n:::\n",
}


@given(IDS)
def test_every_id_becomes_a_name_and_comes_back(own: str) -> None:
    assert NAME.fullmatch(as_name(own))
    assert as_ours(as_name(own)) == own


@given(IDS, IDS)
def test_two_ids_never_become_one_name(one: str, other: str) -> None:
    assert (as_name(one) == as_name(other)) == (one == other)


@pytest.mark.parametrize("own", ["A", "a1", "_a", "__b", "RESPONSE"])
def test_a_name_stays_what_it_is(own: str) -> None:
    assert as_name(own) == as_ours(own) == own


def bank(folder: Path) -> Path:
    put(
        folder / "first",
        {"bank.yaml": NUMBERED.encode()} | {name: text.encode() for name, text in ITEMS.items()},
    )
    return folder / "first"


def test_all_identifiers_of_a_package_are_names_and_the_bank_comes_back_byte_for_byte(tmp_path: Path) -> None:
    first = bank(tmp_path)
    data, report = export_bank(first, "qti3")
    assert {one.item: one.reasons for one in report.items if one.item != "003"} == {"001": (), "002": ()}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        roots = [etree.fromstring(archive.read(name)) for name in archive.namelist() if name.endswith(".xml")]
    names = [
        str(value)
        for root in roots
        for one in root.iter(etree.Element)
        for key, value in one.attrib.items()
        if key in ("identifier", "response-identifier")
    ]
    assert len(names) > 20
    assert [name for name in names if not NAME.fullmatch(name)] == []
    import_bank(package(first, tmp_path), tmp_path / "back")
    assert texts(tmp_path / "back") == texts(first)


def test_what_is_no_identifier_keeps_its_braces(tmp_path: Path) -> None:
    data, _ = export_bank(bank(tmp_path), "qti3")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert etree.fromstring(archive.read("items/001.xml")).get("title") == "Harga {1}"


def test_an_item_that_was_changed_elsewhere_keeps_its_ids(tmp_path: Path) -> None:
    def changed(name: str, data: bytes) -> bytes:
        return data.replace(b"satu", b"SATU") if name in ("items/001.xml", "items/002.xml") else data

    first = bank(tmp_path)
    report = import_bank(package(first, tmp_path, changed), tmp_path / "back")
    assert [one.outcome for one in report.questions] == ["exact"] * 3
    back = {item.id: item for item in read_bank(tmp_path / "back").items}
    assert back["001"].options == ("1", "2", "_1")
    assert [back[one.id].rule == one.rule for one in read_bank(first).items] == [True] * 3
