"""Scripts that run from the right or whose letters join and stack: order, shapes, the side they begin at, their words.

Expected levels are worked out by hand from UAX 9; shapes are told from what the letters would be each for itself.
"""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cbt_station.banks.booklet import faces
from cbt_station.banks.booklet.bidi import levels, reads_leftwards, turned, visual
from cbt_station.banks.booklet.pages import export_booklet
from cbt_station.banks.booklet.shaping import shaped
from cbt_station.exam.content import Paragraph, Span, Text
from tests.banks.booklet.reading import bank_of, drawn, pages, said, squeezed


@pytest.mark.parametrize(
    ("text", "base", "expected"),
    [
        pytest.param("abc 12", 0, "000000", id="Latin"),
        pytest.param("אבג", 1, "111", id="Hebrew"),
        pytest.param("ab אב cd", 0, "00011000", id="Hebrew in Latin"),
        pytest.param("אב ab אב", 1, "11122111", id="Latin in Hebrew"),
        pytest.param("אב 12.", 1, "111221", id="a number in Hebrew, the stop at its left"),
        pytest.param("اب 1,5 اب", 1, "111222111", id="a decimal number in Arabic"),
        pytest.param("ab 12 אב", 0, "00000011", id="a number after Latin"),
        pytest.param("אב (אב) cd", 0, "1111111000", id="brackets around Hebrew after Hebrew"),
        pytest.param("ab (אב) cd", 0, "0000110000", id="brackets around Hebrew after Latin"),
        pytest.param("אב (ab) cd", 1, "1111221122", id="brackets around Latin in Hebrew"),
        pytest.param("אב [a (b] c", 1, "11112222112", id="a bracket within a pair that nothing closes"),
        pytest.param("אב (1) cd", 0, "111121000", id="brackets around a number after Hebrew"),
        pytest.param("אב 50%", 1, "111222", id="a percent sign belongs to its number"),
    ],
)
def test_each_character_has_the_level_of_its_direction(text: str, base: int, expected: str) -> None:
    assert "".join(str(level) for level in levels(text, base)) == expected


def test_a_line_is_turned_stretch_by_stretch() -> None:
    text = "אב 12 ab"
    found = visual(list(zip(text, levels(text, 1), strict=True)), lambda pair: pair[1])
    assert "".join(character for character, _ in found) == "ab 12 בא"


@given(st.text(st.sampled_from("aב1 (.,%ع٣-"), max_size=30), st.integers(0, 1))
def test_turning_loses_and_adds_nothing(text: str, base: int) -> None:
    found = levels(text, base)
    assert len(found) == len(text)
    assert all(base <= level <= base + 2 for level in found)
    assert sorted(visual(list(range(len(text))), lambda at: found[at])) == list(range(len(text)))


def test_the_first_letter_with_a_direction_says_where_a_text_begins() -> None:
    assert reads_leftwards("12 (שלום) abc")
    assert not reads_leftwards("12 abc שלום")
    assert reads_leftwards("12", otherwise=True)


@pytest.mark.parametrize(
    ("text", "leftwards"),
    [
        pytest.param("مكتب", True, id="Arabic letters join"),
        pytest.param("ꦏꦚ꧀ꦗꦼꦁ", False, id="Javanese letters stack"),
        pytest.param("ᬲ᭄ᬯᬲ᭄ᬢ᭄ᬬᬲ᭄ᬢᬸ", False, id="Balinese letters stack"),
    ],
)
def test_letters_have_the_shape_that_their_neighbours_give_them(text: str, leftwards: bool) -> None:
    ((font, run),) = faces.font_runs(text, (False, False, False))
    together = [glyph.number for glyph in shaped(run, font, leftwards=leftwards).glyphs]
    alone = [glyph.number for ch in run for glyph in shaped(ch, font, leftwards=leftwards).glyphs]
    assert sorted(together) != sorted(alone)
    assert 0 not in together


def test_every_letter_that_the_station_can_show_has_a_font() -> None:
    words = "Aa é ñ Ω Ж ∑ ⇒ ☎ ① ▲ 𝛼 مكتب שלום ꦏ ᬓ ᮊ ᯅ ᨒ ꤰ"
    assert faces.lacking(words) == set()
    assert faces.lacking("ไ😀") == {"ไ", "😀"}


def test_words_from_the_right_can_be_found_in_the_document(tmp_path: Path) -> None:
    data, _ = export_booklet(bank_of(said("مكتب البريد", "שלום עולם")))
    text = "".join(ch for ch in "\n".join(pages(data, tmp_path)) if ch not in "\u202a\u202b\u202c\u200f")
    for word in ("مكتب", "البريد", "שלום", "עולם"):
        assert word in text


def test_signs_of_a_font_of_the_reader_are_turned_in_a_text_from_the_right(tmp_path: Path) -> None:
    data, report = export_booklet(bank_of(said("שלום「אב」、גד")))
    text = squeezed("\n".join(pages(data, tmp_path)))
    for part in ("שלום", "אב", "גד", "「", "」", "、"):
        assert part in text
    assert [reason.code for reason in report.items[0].reasons] == ["booklet-reader-fonts"]
    assert turned("א「、") == "、」א"


def test_a_text_from_the_right_begins_at_the_right_edge(tmp_path: Path) -> None:
    """Nothing else of the page reaches so far: the heads are left out."""
    ink = {}
    for name, text in (("rtl", "مكتب البريد"), ("ltr", "kantor pos")):
        data, _ = export_booklet(bank_of(said(text)))
        page = list(drawn(data, tmp_path, 72))[1]
        line = page.crop((84, 110, 560, 146)).point([255 * (grey < 160) for grey in range(256)])
        ink[name] = line.getbbox()
    assert ink["ltr"][0] < 10
    assert ink["rtl"][0] > 300
    assert ink["rtl"][2] > 440


def test_a_span_that_says_its_direction_stands_for_itself_in_its_line(tmp_path: Path) -> None:
    content = (Text("Kata "), Span((Text("12 שלום"),), "he", "rtl"), Text(" selesai."))
    data, _ = export_booklet(bank_of((Paragraph(content),)))
    page = " ".join("\n".join(pages(data, tmp_path)).split())
    assert page.index("Kata") < page.index("12") < page.index("selesai.")
