"""Advice that a bank needs, and none that it does not."""

import pytest

from cbt_station.banks.lint import lints
from cbt_station.banks.native import read_bank
from cbt_station.words import LANGUAGES, words_in
from tests.banks.small_bank import files, put, square


def item(
    number: int, key: str, options: tuple[str, ...], *, stem: str = "", enemies: str = ""
) -> tuple[str, bytes]:
    """An item file of section TIU."""
    name = f"tiu-{number:03d}"
    listed = "".join(f"- [{letter}] {option}\n" for letter, option in zip("abcde", options, strict=False))
    more = f"enemies: {enemies}\n" if enemies else ""
    stem = stem or f"Soal nomor {number}?"
    head = f"id: {name}\nsection: TIU\ntopic: deret\nlevel: mudah\nkey: {key}\n{more}"
    return f"items/tiu/{name}.md", f"---\n{head}---\n{stem}\n\n{listed}".encode()


def found(tmp_path, *items: tuple[str, bytes], **media: bytes) -> list[tuple[str, str]]:
    """The file and code of every advice on the small bank with more items."""
    bank = read_bank(
        put(tmp_path, files() | dict(items) | {f"media/{n}.png": data for n, data in media.items()})
    )
    result = lints(bank)
    for lint in result:
        for lang in LANGUAGES:
            assert words_in(lang).knows(f"lint.{lint.code}")
            assert "{" not in lint.sentence(words_in(lang))
    return [(lint.file, lint.code) for lint in result]


KEYS = "abcdeabcdeabcdeabcde"
LONG = "jawaban yang jauh lebih panjang daripada yang lain"


def test_a_fair_section_gets_no_advice(tmp_path):
    items = [item(10 + n, key, ("satu", "dua", "tiga", "empat", "lima enam")) for n, key in enumerate(KEYS)]
    assert [code for file, code in found(tmp_path, *items) if file == "bank.yaml"] == []


def test_a_key_that_stands_too_often_in_one_place_is_named(tmp_path):
    items = [item(10 + n, "b", ("satu", "dua", "tiga", "empat", "lima enam")) for n in range(20)]
    assert ("bank.yaml", "key-place") in found(tmp_path, *items)


def test_a_key_that_is_too_often_the_longest_is_named(tmp_path):
    items = [
        item(10 + n, key, tuple(LONG if letter == key else letter * 3 for letter in "abcde"))
        for n, key in enumerate(KEYS)
    ]
    assert found(tmp_path, *items).count(("bank.yaml", "key-longest")) == 1


@pytest.mark.parametrize(("enemies", "advice"), [("", 1), ("pasangan", 0)])
def test_a_repeated_stem_is_named_unless_the_two_never_meet(tmp_path, enemies, advice):
    one = item(10, "a", ("satu", "dua"), stem="Apa ibu kotanya?", enemies=enemies)
    two = item(11, "a", ("tiga", "empat"), stem="apa  ibu kotanya ?", enemies=enemies)
    assert [code for _, code in found(tmp_path, one, two)].count("stem-repeated") == advice


@pytest.mark.parametrize(
    ("first", "second", "near"),
    [
        ("Memberi tahu atasan", "memberi tahu atasan.", True),
        ("Melaporkan kepada pimpinan", "Melaporkan kepada pimpinnan", True),
        ("Melapor kepada pimpinan", "Melapor kepada petugas", False),
        ("12.000", "120.00", False),
        ("−1", "1", False),
        ("adil", "tidak adil", False),
    ],
)
def test_nearly_equal_options_are_named(tmp_path, first, second, near):
    codes = [code for _, code in found(tmp_path, item(10, "a", (first, second)))]
    assert ("options-near" in codes) is near


def test_what_is_missing_or_unused_is_named(tmp_path):
    result = found(tmp_path, lain=square())
    assert ("media/lain.png", "picture-unused") in result
    assert ("items/tiu/tiu-001.md", "language-missing") in result
    (tmp_path / "items/tiu/tiu-002.md").unlink()
    codes = [lint.code for lint in lints(read_bank(tmp_path))]
    assert {"stimulus-unused", "level-without-items", "topic-without-items"} <= set(codes)
