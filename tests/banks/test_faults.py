"""A bank with one fault names that fault alone, with its file, line and code, and a sentence in both languages.

Hostile pictures are in test_hostile_content.py; what a good bank compiles to is in test_compiling.py.
"""

import os
import re
from pathlib import Path

import pytest

from cbt_station.banks.native import faults, read_bank
from cbt_station.errors import Refusal, Trouble
from cbt_station.words import LANGUAGES, words_in
from tests.banks.small_bank import HEAD, PLAIN, RICH, SCORED, files, put

P, R, S = "items/tiu/tiu-001.md", "items/tiu/tiu-002.md", "items/tkp/tkp-001.md"
SOURCES = {"bank.yaml": HEAD, P: PLAIN, R: RICH, S: SCORED}


def changed(name: str, old: str, new: str) -> dict[str, bytes]:
    """The small bank with one place of one file changed."""
    assert old in SOURCES[name]
    return {name: SOURCES[name].replace(old, new, 1).encode()}


@pytest.mark.parametrize(
    ("change", "file", "line", "code"),
    [
        # the bytes of a file
        pytest.param({P: b"\xef\xbb\xbf" + PLAIN.encode()}, P, 1, "byte-order-mark", id="BOM"),
        pytest.param({P: PLAIN.replace("\n", "\r\n").encode()}, P, 1, "carriage-return", id="CR LF"),
        pytest.param({P: PLAIN.encode() + b"\xff\n"}, P, 13, "not-utf-8", id="not UTF-8"),
        pytest.param(changed(P, "Berapa", "Ber\x07apa"), P, 8, "hidden-character", id="control character"),
        pytest.param(changed(P, "Berapa", "\u202eapareB"), P, 8, "hidden-character", id="bidi override"),
        pytest.param(changed(P, "Berapa", "Ber\u200bapa"), P, 8, "hidden-character", id="zero-width space"),
        pytest.param(changed(P, "Berapa", "Ber\tapa"), P, 8, "hidden-character", id="tab"),
        pytest.param(changed(P, "Berapa", "Berapa \uf0b7"), P, 8, "hidden-character", id="symbol font"),
        pytest.param(changed(P, "Berapa", "&#x202e;"), P, 8, "hidden-character", id="bidi by entity"),
        pytest.param(
            changed(P, "key: b", 'key: b\nnote: "\\u202e"'),
            P,
            7,
            "hidden-character",
            id="bidi by YAML escape",
        ),
        pytest.param({P: PLAIN.encode() + b"x" * 70_000}, P, 0, "file-too-large", id="too large"),
        # the strict YAML
        pytest.param(changed(P, "key: b", "key: b\nkey: a"), P, 7, "key-twice", id="duplicate key"),
        pytest.param(changed(P, "key: b", "key: &x b"), P, 6, "yaml-anchor", id="anchor"),
        pytest.param(changed(P, "key: b", "key: *x"), P, 6, "yaml-anchor", id="alias"),
        pytest.param(changed(P, "key: b", "key: !!str b"), P, 6, "yaml-tag", id="tag"),
        pytest.param(changed(P, "key: b", "key: [b"), P, 6, "yaml-syntax", id="open bracket"),
        pytest.param(
            changed(P, "key: b", 'key: "\\U99999999"'), P, 2, "yaml-syntax", id="escape beyond Unicode"
        ),
        pytest.param(changed(P, "key: b", "? [a]\n: b"), P, 6, "yaml-key-not-text", id="key that is a list"),
        pytest.param(changed(P, "key: b", f"key: {'[' * 9}b{']' * 9}"), P, 6, "yaml-too-deep", id="deep"),
        pytest.param({"bank.yaml": b"- a\n"}, "bank.yaml", 1, "yaml-not-a-mapping", id="a list for a head"),
        pytest.param(
            {"bank.yaml": HEAD.encode() + b"---\na: b\n"},
            "bank.yaml",
            17,
            "yaml-several-documents",
            id="2 docs",
        ),
        pytest.param(
            {"bank.yaml": b"%YAML 1.1\n---\n" + HEAD.encode()},
            "bank.yaml",
            1,
            "yaml-directive",
            id="directive",
        ),
        # bank.yaml
        pytest.param({"bank.yaml": None}, "bank.yaml", 0, "bank-head-missing", id="no bank.yaml"),
        pytest.param(
            changed("bank.yaml", "    right: 5", "    rigth: 5\n    right: 5"),
            "bank.yaml",
            9,
            "key-unknown",
            id="misspelt key",
        ),
        pytest.param(
            changed("bank.yaml", "right: 5", "right: five"),
            "bank.yaml",
            9,
            "number-malformed",
            id="no number",
        ),
        pytest.param(
            changed("bank.yaml", "wrong: 0", "wrong: 6"),
            "bank.yaml",
            10,
            "wrong-not-below-right",
            id="wrong > right",
        ),
        pytest.param(
            changed("bank.yaml", "[id, en]", "[id, EN]"), "bank.yaml", 5, "language-malformed", id="language"
        ),
        pytest.param(
            changed("bank.yaml", "[deret, hitung]", "[deret, deret]"),
            "bank.yaml",
            11,
            "value-twice",
            id="topic twice",
        ),
        pytest.param(
            changed("bank.yaml", "[deret, hitung]", "deret"),
            "bank.yaml",
            11,
            "value-kind",
            id="text for a list",
        ),
        pytest.param(
            changed("bank.yaml", "author: Penguji", "author:"),
            "bank.yaml",
            4,
            "value-empty",
            id="empty author",
        ),
        pytest.param(
            changed("bank.yaml", "  TKP:", "  total:"), "bank.yaml", 13, "id-malformed", id="section total"
        ),
        # the head of an item
        pytest.param(changed(P, "---\n", ""), P, 1, "head-missing", id="no head"),
        pytest.param(changed(P, "key: b\n---", "key: b"), P, 1, "head-not-closed", id="open head"),
        pytest.param(
            changed(P, "id: tiu-001", "id: tiu-009"), P, 2, "id-differs", id="id is not the file's name"
        ),
        pytest.param(changed(P, "section: TIU\n", ""), P, 2, "key-missing", id="no section"),
        pytest.param(
            changed(P, "section: TIU", "section: TIO"), P, 3, "section-unknown", id="unknown section"
        ),
        pytest.param(changed(P, "deret", "logika"), P, 4, "topic-unknown", id="unknown topic"),
        pytest.param(changed(P, "mudah", "sedang"), P, 5, "level-unknown", id="unknown level"),
        pytest.param(changed(P, "key: b", "key: d"), P, 6, "key-of-no-option", id="key of no option"),
        pytest.param(changed(P, "key: b\n", ""), P, 2, "key-missing-or-scores", id="neither key nor scores"),
        pytest.param(
            changed(P, "key: b", "key: b\nscores: {a: 1, b: 2, c: 0}"), P, 7, "key-and-scores", id="both"
        ),
        pytest.param(
            changed(S, "scores: {a: 1, b: 5, c: 3}", "key: a"), S, 6, "key-without-points", id="key in TKP"
        ),
        pytest.param(changed(S, "c: 3}", "d: 3, c: 1}"), S, 6, "score-of-no-option", id="score of no option"),
        pytest.param(changed(S, ", c: 3", ""), S, 6, "score-missing", id="score missing"),
        pytest.param(changed(S, "c: 3", "c: much"), S, 6, "number-malformed", id="score is a word"),
        pytest.param(
            changed(R, "fixed: [c]", "fixed: [d]"), R, 8, "fixed-of-no-option", id="fixed no option"
        ),
        pytest.param(changed(S, "fixed: all", "fixed: some"), S, 7, "value-kind", id="fixed some"),
        pytest.param(
            changed(R, "stimulus: teks", "stimulus: lain"), R, 7, "stimulus-unknown", id="unknown stimulus"
        ),
        pytest.param(
            changed(R, "fixed: [c]", "enemies: x"), R, 8, "stimulus-and-enemies", id="stimulus and enemies"
        ),
        # the body
        pytest.param(changed(P, "Berapa", "<b>Berapa</b>"), P, 8, "raw-html", id="inline HTML"),
        pytest.param(changed(P, "Berapa", "<script>\nx\n</script>\n\nB"), P, 8, "raw-html", id="script"),
        pytest.param(changed(P, "Berapa", "[Berapa](https://example.org)"), P, 8, "link", id="link"),
        pytest.param(changed(P, "Berapa", "<https://example.org>"), P, 8, "link", id="autolink"),
        pytest.param(
            changed(P, "- [a]", "[x]: https://example.org\n\n- [a]"), P, 10, "link", id="link definition"
        ),
        pytest.param(changed(P, "Berapa", "# Berapa"), P, 8, "heading", id="heading of level 1"),
        pytest.param(changed(P, "\n- [a]", "===\n\n- [a]"), P, 8, "heading", id="underlined heading"),
        pytest.param(changed(P, "Berapa", "```python\nx\n```\nBerapa"), P, 8, "code-block", id="fence"),
        pytest.param(changed(P, "\n- [a]", "\n    x\n\n- [a]"), P, 10, "code-block", id="indented code"),
        pytest.param(changed(P, "\n- [a]", "\n___\n\n- [a]"), P, 10, "rule", id="rule"),
        pytest.param(changed(P, "Berapa", "Harga $5,"), P, 8, "formula-open", id="lonely dollar"),
        pytest.param(changed(P, "$3$", "$\\foo$"), P, 8, "formula-command", id="unknown command"),
        pytest.param(
            changed(P, "$3$", "$\\begin{foo}1\\end{foo}$"), P, 8, "formula-command", id="unknown environment"
        ),
        pytest.param(changed(P, "$3$", "$\\href{x}{3}$"), P, 8, "formula-command", id="link in a formula"),
        pytest.param(changed(P, "$3$", "$50% x$"), P, 8, "formula-comment", id="percent eats the rest"),
        pytest.param(changed(P, "$3$", "${3$"), P, 8, "formula-braces", id="braces"),
        pytest.param(changed(P, "$3$", "$\\frac$"), P, 8, "formula-bad", id="half a fraction"),
        pytest.param(changed(P, "$3$", "$汉$"), P, 8, "formula-character", id="character without glyph"),
        pytest.param(changed(P, "$3$", "$\\phantom{3}$"), P, 8, "formula-no-ink", id="no ink"),
        pytest.param(changed(P, "$3$", f"${'1+' * 300}1$"), P, 8, "formula-too-long", id="long formula"),
        pytest.param(changed(P, "$3$", "$ $"), P, 8, "formula-empty", id="empty formula"),
        pytest.param(changed(R, "Persegi hitam", ""), R, 19, "picture-without-alt", id="no alt"),
        pytest.param(
            changed(R, "media/persegi.png", "media/lain.png"), R, 19, "picture-missing", id="no such picture"
        ),
        pytest.param(
            changed(R, "media/persegi.png", "https://example.org/a.png"),
            R,
            19,
            "picture-outside",
            id="remote",
        ),
        pytest.param(
            changed(R, "media/persegi.png", "media/../../a.png"), R, 19, "picture-outside", id="climbing"
        ),
        pytest.param(changed(R, "media/persegi.png", "/etc/passwd"), R, 19, "picture-outside", id="absolute"),
        pytest.param(
            changed(R, "media/persegi.png", "javascript:x"), R, 19, "picture-outside", id="script address"
        ),
        pytest.param(changed(R, "persegi.png)", 'persegi.png "x")'), R, 19, "picture-title", id="title"),
        pytest.param(
            changed(P, "Berapa", f"{'> ' * 40}Berapa"), P, 8, "nested-too-deep", id="deep quotation"
        ),
        # the options
        pytest.param(
            changed(P, "- [a] 1\n- [b] $\\frac{3}{2}$\n- [c] 2\n", ""),
            P,
            8,
            "options-missing",
            id="no options",
        ),
        pytest.param(changed(P, "- [a]", "- (a)"), P, 10, "option-without-id", id="no id"),
        pytest.param(changed(P, "- [c]", "- [a]"), P, 12, "option-twice", id="option twice"),
        pytest.param(changed(P, "- [c] 2", "- [c]"), P, 12, "option-empty", id="empty option"),
        pytest.param(changed(P, "- [c] 2", "- [c] 1"), P, 12, "options-equal", id="equal options"),
        pytest.param(changed(P, "Berapa *setengah* dari $3$?", ""), P, 8, "stem-empty", id="no stem"),
        # languages
        pytest.param(
            changed(R, "- [c] none\n", ""), R, 35, "languages-differ", id="option missing in a language"
        ),
        pytest.param(changed(R, "# en", "# id"), R, 34, "language-twice", id="language twice"),
        pytest.param(changed(R, "# en", "# ms"), R, 34, "language-unknown", id="unknown language"),
        pytest.param(changed(R, "# id", "Teks\n\n# id"), R, 14, "text-before-language", id="text before"),
        # the folder
        pytest.param(
            {"items/tiu/catatan.txt": b"x"}, "items/tiu/catatan.txt", 0, "stray-file", id="stray file"
        ),
        pytest.param(
            {"items/x/TIU-001.md": PLAIN.encode()},
            "items/x/TIU-001.md",
            0,
            "item-twice",
            id="one id, two files",
        ),
        pytest.param(
            {"items/tiu/a b.md": PLAIN.encode()}, "items/tiu/a b.md", 0, "id-malformed", id="file name"
        ),
        pytest.param({"stimuli/teks.md": b"\n"}, "stimuli/teks.md", 1, "stimulus-empty", id="empty stimulus"),
        pytest.param({"media/Gambar.PNG": b""}, "media/Gambar.PNG", 0, "picture-name", id="picture name"),
    ],
)
def test_one_fault_is_named_with_its_file_line_and_code(tmp_path, change, file, line, code):
    content = files() | change
    put(tmp_path, {name: data for name, data in content.items() if data is not None})
    found = faults(tmp_path)
    assert (file, line, code) in [(fault.file, fault.line, fault.code) for fault in found]
    assert len({fault.code for fault in found}) == 1
    for lang in LANGUAGES:
        words = words_in(lang)
        assert words.knows(f"fault.{code}")
        assert not re.search(r"(?<!begin)\{[a-z_]+\}", found[0].sentence(words))


def test_the_small_bank_has_no_fault(tmp_path):
    assert faults(put(tmp_path, files())) == ()


def test_all_faults_come_in_one_round(tmp_path):
    content = files() | changed(P, "key: b", "key: d") | changed(S, "c: 3", "c: much")
    content[R] = (
        RICH.replace("**tabel**", "<b>tabel</b>").replace("stimulus: teks", "stimulus: lain").encode()
    )
    found = faults(put(tmp_path, content))
    assert [(fault.file, fault.code) for fault in found] == [
        (P, "key-of-no-option"),
        (R, "stimulus-unknown"),
        (R, "raw-html"),
        (S, "number-malformed"),
    ]


def test_reading_a_faulty_bank_is_refused_with_the_list(tmp_path):
    put(tmp_path, files() | changed(P, "key: b", "key: d"))
    with pytest.raises(Refusal) as refused:
        read_bank(tmp_path)
    assert refused.value.code == "bank-faulty"
    assert refused.value.facts["faults"] == faults(tmp_path)
    assert f"{P}:6" in str(refused.value.facts["first"])


def test_a_link_to_a_file_outside_is_a_fault(tmp_path):
    bank = put(tmp_path / "bank", files())
    outside = tmp_path / "tiu-003.md"
    outside.write_text(PLAIN.replace("tiu-001", "tiu-003"))
    (bank / "items/tiu/tiu-003.md").symlink_to(outside)
    assert [(fault.file, fault.code) for fault in faults(bank)] == [
        ("items/tiu/tiu-003.md", "not-a-plain-file")
    ]


def test_a_folder_that_is_a_link_is_a_fault(tmp_path):
    bank = put(tmp_path / "bank", files())
    (bank / "media").rename(tmp_path / "media")
    (bank / "media").symlink_to(tmp_path / "media")
    assert ("media", "not-a-plain-file") in [(fault.file, fault.code) for fault in faults(bank)]


def test_a_file_name_that_is_no_utf_8_is_named_in_letters(tmp_path):
    bank = put(tmp_path / "bank", files())
    try:
        (bank / os.fsdecode(b"items/\xff.md")).write_text(PLAIN)
    except OSError:
        pytest.skip("this file system takes no such name")
    assert [str(fault).encode() for fault in faults(bank)] == [rb"items/\udcff.md: id-malformed (id=\udcff)"]


def test_a_folder_that_is_not_there_is_trouble(tmp_path):
    with pytest.raises(Trouble, match="bank-not-there"):
        faults(tmp_path / "none")


def test_plain_yaml_words_stay_text(tmp_path):
    head = HEAD.replace("author: Penguji", "author: no").replace("CC0-1.0", "12:30")
    bank = read_bank(put(tmp_path, files() | {"bank.yaml": head.encode()}))
    assert (bank.head.author, bank.head.licence) == ("no", "12:30")


@pytest.mark.parametrize("name", sorted(files()))
def test_no_cut_of_any_file_raises_anything_but_a_fault(tmp_path: Path, name: str):
    data = files()[name]
    step = max(1, len(data) // 25)
    for end in range(0, len(data), step):
        put(tmp_path, files() | {name: data[:end]})
        faults(tmp_path)
