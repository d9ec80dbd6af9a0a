"""How pages are filled: nothing over their margins, nothing cut off, no heading alone; whatever an item may hold flows.

The words themselves are read back in test_words.py.
"""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cbt_station.banks.bank import Bank
from cbt_station.banks.booklet.ink import Ink
from cbt_station.banks.booklet.pages import export_booklet
from cbt_station.banks.booklet.slabs import MOST_HEIGHT, Slab, blank, on_pages, stuck
from cbt_station.banks.kinds import KINDS
from cbt_station.exam import content as c
from cbt_station.exam import interactions as i
from cbt_station.exam.content import Blocks, Paragraph, Text
from tests.banks import any_bank
from tests.banks.booklet.reading import (
    HEAD,
    SECTION,
    bank_of,
    booklet,
    drawn,
    outline,
    pages,
    said,
    squeezed,
    whole_pages,
)

DOTS = 36
LEFT, TOP, RIGHT, BOTTOM = 50, 18, 547, 820
"""In points: 2 within the sides, where the head begins and the foot ends."""
LONG = "kata yang agak panjang "


def cell(text: str, **more: int) -> c.Cell:
    return c.Cell((Text(text),), **more)


def option(name: str, text: str) -> i.Option:
    return i.Option(name, said(text))


def associable(name: str, text: str) -> i.Associable:
    return i.Associable(name, said(text))


PICTURE = c.Picture("tiada.png", 400, 300, "gambar")
DEEP: Blocks = said("dalam")
for _ in range(20):
    DEEP = (c.Listing((DEEP,)),)
CONTENTS = {
    "a word of 40,000 letters": said("x" * 40_000),
    "Arabic of 20,000 letters without a space": said("ب" * 20_000),
    "Javanese of 20,000 letters": said("ꦱ" * 20_000),
    "a letter with 5,000 marks": said("a" + "\u0301" * 5_000),
    "a table of 30 columns": (
        c.Table(tuple(tuple(cell(f"sel {row} {at}") for at in range(30)) for row in range(8))),
    ),
    "words wider than their cells": (c.Table((tuple(cell("w" * 60) for _ in range(12)),)),),
    "a table of 200 columns": (c.Table((tuple(cell(str(at)) for at in range(200)),)),),
    "a cell longer than a page": (c.Table(((cell("kata " * 3_000), cell("b")),)),),
    "rows joined over more than a page": (
        c.Table(((cell("kata " * 2_000, rows=3), cell("b")), (cell("c " * 900),), (cell("d"),))),
    ),
    "joined cells that overlap the end": (c.Table(((cell("a", rows=200, columns=3), cell("b")),)),),
    "lists in lists": DEEP,
    "3,900 paragraphs": said(*["b"] * 3_900),
    "lines wider than the page": (c.Verbatim("\n".join("y" * 10 * at for at in range(60))),),
    "3,000 new lines": (Paragraph((c.LineBreak(),) * 3_000),),
    "a picture that is nowhere": (c.Picture("tiada.png", 4_096, 4_096, "x"),),
    "a formula larger than a page": (Paragraph((c.Formula("f", 200_000, 20_000, -9_000, "x", "x"),)),),
    "nothing": (),
    "empty parts": (Paragraph(()), c.Listing(()), c.Table(()), c.Table(((),)), c.Columns(((), ()))),
}
WAYS = {
    "64 rows and columns": i.MatchInteraction(
        tuple(associable(f"r{at}", LONG * 9) for at in range(64)),
        tuple(associable(f"c{at}", LONG * 4) for at in range(64)),
    ),
    "64 options": i.ChoicesInteraction(tuple(option(f"o{at}", LONG * 30) for at in range(64))),
    "options longer than pages": i.ChoiceInteraction(tuple(option(f"o{at}", LONG * 900) for at in range(3))),
    "no options": i.ChoiceInteraction(()),
    "64 in a line": i.InlineChoiceInteraction(tuple(option(f"o{at}", LONG) for at in range(64))),
    "a gap without end": i.TextEntryInteraction(width=10**9),
    "lines without end": i.ExtendedTextInteraction(lines=10**9),
    "pairs without end": i.AssociateInteraction(
        tuple(associable(f"o{at}", LONG) for at in range(64)), most=10**6
    ),
    "places outside": i.HotspotInteraction(
        PICTURE,
        (
            i.Spot("a", "rect", (-100, -100, 9_999, 9_999), "luar"),
            i.Spot("b", "circle", (9_000, 9_000, 99), ""),
            i.Spot("c", "default", (), "lain"),
        ),
    ),
    "many places": i.GraphicGapMatchInteraction(
        PICTURE,
        tuple(i.Spot(f"s{at}", "rect", (at * 5, at * 4, at * 5 + 20, at * 4 + 20), LONG) for at in range(60)),
        tuple(associable(f"o{at}", LONG) for at in range(60)),
    ),
    "a million steps": i.SliderInteraction("0", "1", "0.000001"),
    "no step": i.SliderInteraction("5", "5"),
    "an uneven step": i.SliderInteraction("-7", "97", "3", vertical=True, reverse=True),
    "a picture one pixel wide": i.SelectPointInteraction(c.Picture("tiada.png", 1, 4_096, "x")),
}


def over_the_margins(pdf: bytes, tmp_path: Path) -> list[tuple[int, tuple[int, ...]]]:
    """The pages on which ink lies outside."""
    found = []
    for number, page in enumerate(drawn(pdf, tmp_path, DOTS), start=1):
        box = page.point([255 * (grey < 200) for grey in range(256)]).getbbox()
        left, top, right, bottom = (edge * 72 // DOTS for edge in box or (100, 100, 200, 200))
        if left < LEFT or top < TOP or right > RIGHT or bottom > BOTTOM:
            found.append((number, (left, top, right, bottom)))
    return found


@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS)
def test_whatever_a_text_holds_stays_within_the_page(content: Blocks, tmp_path: Path) -> None:
    assert over_the_margins(export_booklet(bank_of(content))[0], tmp_path) == []


@pytest.mark.parametrize("interaction", WAYS.values(), ids=WAYS)
def test_whatever_is_to_be_answered_stays_within_the_page(interaction: i.Interaction, tmp_path: Path) -> None:
    bank = bank_of(said("Jawablah."), interaction=interaction)
    assert over_the_margins(export_booklet(bank)[0], tmp_path) == []


@pytest.mark.parametrize("name", ["interactions", "general-en"])
def test_the_sample_banks_stay_within_the_page(name: str, tmp_path: Path) -> None:
    assert over_the_margins(booklet(name), tmp_path) == []


def test_a_word_without_end_is_all_there(tmp_path: Path) -> None:
    word = "".join(chr(ord("a") + at % 26) for at in range(20_000))
    data, _ = export_booklet(bank_of(said(word)))
    assert word in squeezed("\n".join(pages(data, tmp_path)))


def test_a_cell_longer_than_a_page_is_all_there(tmp_path: Path) -> None:
    words = [f"kata{at}" for at in range(3_000)]
    table = c.Table(((cell(" ".join(words)), cell("b")),))
    data, _ = export_booklet(bank_of((table,)))
    assert re.findall(r"kata\d+", "\n".join(pages(data, tmp_path))) == words


def test_a_table_too_wide_for_letters_that_can_be_read_is_named() -> None:
    wide = (c.Table((tuple(cell(f"lajur{at}") for at in range(60)),)),)
    _, report = export_booklet(bank_of(wide))
    assert [reason.code for reason in report.items[0].reasons] == ["booklet-table-small"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("正しい答え", "booklet-reader-fonts", id="Japanese"),
        pytest.param("ไทย", "booklet-character", id="a script without a font"),
    ],
)
def test_letters_that_do_not_travel_are_named(text: str, code: str) -> None:
    _, report = export_booklet(bank_of(said(text)))
    assert [reason.code for reason in report.items[0].reasons] == [code]
    assert report.items[0].outcome == "lossy"


@pytest.mark.parametrize("media", [{}, {"tiada.svg": b"<svg"}], ids=["nowhere", "not to be drawn"])
def test_a_picture_that_cannot_be_drawn_is_named(media: dict[str, bytes]) -> None:
    bank = bank_of((c.Picture("tiada.svg", 40, 30, "gambar"),))
    _, report = export_booklet(Bank(bank.head, bank.items, (), media))
    assert [reason.code for reason in report.items[0].reasons] == ["booklet-picture"]


def test_a_recording_is_named_with_its_words(tmp_path: Path) -> None:
    data, report = export_booklet(bank_of((c.Audio("nada.wav", "Tiga nada naik", 2),)))
    assert [reason.code for reason in report.items[0].reasons] == ["booklet-audio"]
    assert "Rekaman (diputar 2 kali): Tiga nada naik" in "\n".join(pages(data, tmp_path))


@pytest.mark.parametrize("count", [20, 4_000], ids=["wider than the page", "longer than any page"])
def test_a_long_title_is_shortened_in_every_head(count: int, tmp_path: Path) -> None:
    title = " ".join(f"judul{at}" for at in range(count))
    head = replace(HEAD, title={"id": title}, sections={"S": replace(SECTION, title={"id": title})})
    found = whole_pages(export_booklet(replace(bank_of(said("Soal.")), head=head))[0], tmp_path)
    bank, section, rest = found[-1].splitlines()[0].split("…")
    assert bank.startswith("judul0 judul1")
    assert section.startswith(" judul0 judul1")
    assert not rest


def test_the_two_texts_of_a_head_leave_room_between_them(tmp_path: Path) -> None:
    title = "judul " * 40
    head = replace(HEAD, title={"id": title}, sections={"S": replace(SECTION, title={"id": title})})
    data, _ = export_booklet(replace(bank_of(said("Soal.")), head=head))
    page = list(drawn(data, tmp_path, 72))[1].crop((54, 24, 541, 42))
    columns = [page.crop((x, 0, x + 1, 18)).getextrema()[0] > 200 for x in range(487)]
    widest = max(len(run) for run in "".join(" " if blank else "x" for blank in columns).split("x"))
    assert widest > 10


def test_a_question_is_not_parted_where_a_page_holds_it(tmp_path: Path) -> None:
    stems = [said(*["Baris soal."] * (3 + at % 7)) for at in range(40)]
    found = pages(export_booklet(bank_of(*stems))[0], tmp_path)[1:]
    for page in found:
        assert page.count("setuju") == page.count("menolak") > 0
        assert sum(page.count(f"\n{at}.") for at in range(1, 41)) <= page.count("setuju")
        assert page.rstrip().endswith("menolak")


def test_no_heading_is_the_last_of_a_page() -> None:
    line, heading = Slab(20.0, blank), Slab(30.0, blank, sticky=True)
    for before in range(40):
        group = [line] * before + [heading, line] * 3 + [line] * 60
        for page in on_pages([group]):
            assert not page[-1][1].sticky


@given(st.lists(st.tuples(st.floats(0, 2_000), st.floats(0, 40), st.booleans()), max_size=60))
def test_every_slab_comes_onto_a_page_once_in_order_and_within_it(
    given_slabs: list[tuple[float, float, bool]],
) -> None:
    slabs = []
    for height, space, sticky in given_slabs:
        slabs.append(Slab(height, blank, space, sticky))
    found = on_pages([slabs[:20], slabs[20:25], stuck(slabs[25:])])
    placed = [slab for page in found for _, slab in page]
    assert len(placed) == len(slabs)
    assert [slab.sticky for slab in placed[:25]] == [slab.sticky for slab in slabs[:25]]
    for page in found:
        bottom = 0.0
        for at, slab in page:
            assert at >= bottom - 0.01
            bottom = at + slab.height
        assert bottom <= MOST_HEIGHT + 0.02


def test_a_booklet_of_no_question_is_its_cover(tmp_path: Path) -> None:
    data, report = export_booklet(Bank(HEAD, ()), key=True)
    assert report.items == ()
    assert "Bank uji" in whole_pages(data, tmp_path)[0]
    assert outline(data) == ["Kunci jawaban"]


@pytest.mark.parametrize("kind", KINDS)
@settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(data=st.data())
def test_anything_that_our_types_can_hold_is_printed_with_its_key(kind: str, data: st.DataObject) -> None:
    shown = data.draw(any_bank.shown(kind))
    bank = bank_of(shown.stem, interaction=shown.interaction, rule=any_bank.plain_rule(shown))
    pdf, report = export_booklet(Bank(bank.head, bank.items, (), any_bank.MEDIA), key=True)
    assert pdf.startswith(b"%PDF")
    assert len(report.items) == 1


def test_the_same_ink_is_the_same_bytes() -> None:
    def one() -> bytes:
        ink = Ink("judul", "id", "penyusun", "soal")
        ink.box(60, 60, 100, 20)
        return ink.finish()

    assert one() == one()
