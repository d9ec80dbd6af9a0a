"""Zips, folders and manifests: what lies about itself is refused by name, and nothing outside is ever read."""

import os
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from cbt_station.banks.qti import source
from cbt_station.banks.qti.reading import read
from cbt_station.errors import Refusal
from cbt_station.exam.content import as_text
from tests.banks.qti.items import CHOICE, CHOICE_3, manifest, png, zipped

WITH_PICTURE = CHOICE.replace("<p>Ibu", '<p><img src="../gambar/peta.png" alt="Peta"/> Ibu')


def test_a_package_gives_its_items_in_the_order_of_its_manifest(tmp_path: Path) -> None:
    path = zipped(
        tmp_path / "paket.zip",
        {
            "imsmanifest.xml": manifest("soal/dua.xml", "soal/satu.xml"),
            "soal/satu.xml": WITH_PICTURE,
            "soal/dua.xml": CHOICE_3,
            "gambar/peta.png": png(),
            "soal/tiga.xml": CHOICE.replace('"satu"', '"tiga"'),
        },
    )
    bank = read(path)
    assert bank is not None
    assert [one.place for one in bank.questions] == ["soal/dua.xml", "soal/satu.xml", "soal/tiga.xml"]
    assert [one.item.id for one in bank.questions if one.item] == ["satu", "satu-2", "tiga"]
    assert list(bank.media) == ["peta.png"]
    assert [one.code for one in bank.questions[2].remarks] == ["qti-not-in-manifest"]


def test_a_listed_question_that_is_none_is_told_as_lost_once(tmp_path: Path) -> None:
    files: dict[str, bytes | str] = {
        "imsmanifest.xml": manifest("satu.xml", "aneh.xml", "aneh.xml"),
        "satu.xml": CHOICE,
        "aneh.xml": "<svg xmlns='http://www.w3.org/2000/svg'/>",
    }
    bank = read(zipped(tmp_path / "paket.zip", files))
    assert bank is not None
    assert [one.place for one in bank.questions] == ["satu.xml"]
    assert [(one.code, one.facts) for one in bank.losses] == [
        ("qti-not-questions", {"file": "aneh.xml", "element": "svg"})
    ]


def test_a_folder_and_its_zip_are_the_same_bank(tmp_path: Path) -> None:
    folder = tmp_path / "paket"
    files: dict[str, bytes | str] = {
        "imsmanifest.xml": manifest("soal/satu.xml"),
        "soal/satu.xml": WITH_PICTURE,
        "gambar/peta.png": png(),
    }
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data if isinstance(data, bytes) else data.encode())
    in_folder, in_zip = read(folder), read(zipped(tmp_path / "paket.zip", files))
    assert in_folder == in_zip


def test_a_file_that_is_not_there_refuses_its_item_alone(tmp_path: Path) -> None:
    files: dict[str, bytes | str] = {
        "imsmanifest.xml": manifest("satu.xml", "hilang.xml"),
        "satu.xml": CHOICE,
    }
    bank = read(zipped(tmp_path / "paket.zip", files))
    assert bank is not None
    assert [one.fault.facts if one.fault else None for one in bank.questions] == [
        None,
        {"file": "hilang.xml"},
    ]


def test_two_shared_texts_of_one_name_in_two_folders_are_two(tmp_path: Path) -> None:
    def with_text(name: str, file: str) -> str:
        reference = f'<qti-assessment-stimulus-ref identifier="t" href="{file}" title="Teks"/>'
        text = CHOICE_3.replace('identifier="satu"', f'identifier="{name}"')
        return text.replace("<qti-item-body>", f"{reference}<qti-item-body>")

    def shared_text(words: str) -> str:
        return (
            '<qti-assessment-stimulus xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="t" title="t">'
            f"<qti-stimulus-body><p>{words}</p></qti-stimulus-body></qti-assessment-stimulus>"
        )

    files: dict[str, bytes | str] = {
        "a.xml": with_text("a", "satu/teks.xml"),
        "b.xml": with_text("b", "dua/teks.xml"),
        "c.xml": with_text("c", "satu/teks.xml"),
        "satu/teks.xml": shared_text("Teks satu"),
        "dua/teks.xml": shared_text("Teks dua"),
    }
    bank = read(zipped(tmp_path / "paket.zip", files))
    assert bank is not None
    seen = [as_text(bank.stimuli[one.item.stimulus or ""]["id"]) for one in bank.questions if one.item]
    assert seen == ["Teks satu", "Teks dua", "Teks satu"]


def test_a_loose_item_may_name_files_of_the_package_that_names_it_and_of_no_other(tmp_path: Path) -> None:
    (tmp_path / "soal").mkdir()
    (tmp_path / "gambar").mkdir()
    (tmp_path / "gambar" / "peta.png").write_bytes(png())
    (tmp_path / "soal" / "satu.xml").write_text(WITH_PICTURE, encoding="utf-8")
    alone = read(tmp_path / "soal" / "satu.xml")
    assert alone is not None
    assert alone.questions[0].fault is not None
    assert alone.questions[0].fault.code == "file-outside"
    (tmp_path / "imsmanifest.xml").write_text(manifest("soal/satu.xml"), encoding="utf-8")
    inside = read(tmp_path / "soal" / "satu.xml")
    assert inside is not None
    assert inside.questions[0].fault is None


def test_what_is_no_qti_is_left_to_other_readers(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text("<quiz/>", encoding="utf-8")
    assert read(tmp_path / "a.xml") is None
    assert read(zipped(tmp_path / "a.zip", {"a.txt": "halo"})) is None


def link(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as made:
        entry = zipfile.ZipInfo("satu.xml")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        made.writestr(entry, "/etc/passwd")


def twice(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("satu.xml", CHOICE)
        with pytest.warns(UserWarning, match="Duplicate name"):
            made.writestr("satu.xml", CHOICE_3)


def named(name: str) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        zipped(path, {name: "x"})

    return make


def dense(path: Path) -> None:
    zipped(path, {"satu.xml": b" " * (4 << 20)})


def overlapping(path: Path) -> None:
    """Two entries of the list that lie in the same bytes."""
    zipped(path, {"a.xml": CHOICE * 40, "b.xml": CHOICE})
    data = bytearray(path.read_bytes())
    second = data.rfind(b"PK\x01\x02")
    data[second + 42 : second + 46] = struct.pack("<L", 0)
    path.write_bytes(data)


def locked(path: Path) -> None:
    zipped(path, {"satu.xml": CHOICE})
    data = bytearray(path.read_bytes())
    place = data.rfind(b"PK\x01\x02")
    data[place + 8] |= 1
    path.write_bytes(data)


def cut_off(path: Path) -> None:
    zipped(path, {"satu.xml": CHOICE})
    path.write_bytes(path.read_bytes()[:-30])


def crowded(path: Path) -> None:
    zipped(path, {"satu.xml": CHOICE})
    data = bytearray(path.read_bytes())
    place = data.rfind(b"PK\x05\x06")
    data[place + 12 : place + 16] = struct.pack("<L", 64 << 20)
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("make", "code"),
    [
        pytest.param(link, "source-link", id="a link"),
        pytest.param(twice, "zip-entry-twice", id="one name twice"),
        pytest.param(named("../../etc/cron.d/x.xml"), "zip-name-outside", id="upwards"),
        pytest.param(named("/etc/x.xml"), "zip-name-outside", id="absolute"),
        pytest.param(named("C:/x.xml"), "zip-name-outside", id="a drive"),
        pytest.param(named("a\\..\\..\\x.xml"), "zip-name-outside", id="upwards with backslashes"),
        pytest.param(named("a\nb.xml"), "zip-name", id="a line in a name"),
        pytest.param(dense, "zip-ratio", id="4 MiB of nothing"),
        pytest.param(overlapping, "zip-overlap", id="shared bytes"),
        pytest.param(locked, "zip-encrypted", id="a password"),
        pytest.param(cut_off, "source-broken", id="cut off"),
        pytest.param(crowded, "source-too-much", id="a list of 64 MiB"),
    ],
)
def test_a_zip_that_lies_is_refused_by_name(tmp_path: Path, make: Callable[[Path], None], code: str) -> None:
    path = tmp_path / "paket.zip"
    make(path)
    with pytest.raises(Refusal) as refused:
        read(path)
    assert refused.value.code == code


def test_a_manifest_that_cannot_be_read_refuses_the_package(tmp_path: Path) -> None:
    path = zipped(tmp_path / "paket.zip", {"imsmanifest.xml": "<manifest>", "satu.xml": CHOICE})
    with pytest.raises(Refusal) as refused:
        read(path)
    assert (refused.value.code, refused.value.where) == ("source-manifest", "imsmanifest.xml")


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_in_a_folder_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "rahasia.png"
    outside.write_bytes(png())
    folder = tmp_path / "paket"
    folder.mkdir()
    (folder / "peta.png").symlink_to(outside)
    (folder / "satu.xml").write_text(CHOICE.replace("<p>Ibu", '<p><img src="peta.png" alt="x"/>Ibu'), "utf-8")
    bank = read(folder)
    assert bank is not None
    assert bank.questions[0].fault is not None
    assert bank.questions[0].fault.facts["problem"] == "source-link"


@pytest.mark.parametrize(
    ("base", "reference", "name"),
    [
        pytest.param("a/b.xml", "c.png", "a/c.png", id="beside"),
        pytest.param("a/b.xml", "../c%20d.png", "c d.png", id="up and escaped"),
        pytest.param("a/b.xml", "../../c.png", None, id="out"),
        pytest.param("a/b.xml", "%2e%2e/%2e%2e/c.png", None, id="out, escaped"),
        pytest.param("a/b.xml", "..\\..\\c.png", None, id="out, with backslashes"),
        pytest.param("a/b.xml", "/c.png", None, id="absolute"),
        pytest.param("a/b.xml", "file:///c.png", None, id="an address"),
        pytest.param("a/b.xml", "\\\\host\\c.png", None, id="another machine"),
        pytest.param("b.xml", "", None, id="nothing"),
    ],
)
def test_a_name_stays_within_the_package(base: str, reference: str, name: str | None) -> None:
    assert source.joined(base, reference) == name


def test_a_file_larger_than_any_honest_one_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(source, "MOST_FILE", 100)
    path = zipped(tmp_path / "a.zip", {"a.xml": CHOICE})
    with pytest.raises(Refusal) as refused:
        read(path)
    assert refused.value.code == "source-too-much"
