"""What every paper stands on: text that is never clipped, pages that carry their headings on, QR codes that scanners read."""

import io
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from cbt_station.errors import Refusal, Tampered
from cbt_station.paper import dates, fonts, page, qr
from cbt_station.paper.page import Block, Paper

NAMES = st.text(alphabet="ABCDEFGHIJ .-'éŁД", min_size=1, max_size=120).map(
    lambda name: " ".join(name.split())
)


def picture(paper: bytes, folder: Path, dots: int = 150) -> Image.Image:
    if shutil.which("pdftoppm") is None:
        pytest.skip("pdftoppm is not installed")
    file = folder / "paper.pdf"
    file.write_bytes(paper)
    subprocess.run(["pdftoppm", "-r", str(dots), "-png", str(file), str(folder / "paper")], check=True)
    return Image.open(next(iter(sorted(folder.glob("paper*.png")))))


def test_the_same_drawing_gives_the_same_bytes() -> None:
    def drawn() -> bytes:
        paper = Paper("t", "id", "a", "s")
        paper.text(20, 20, "Lembar nilai", 12, "bold")
        paper.qr(20, 30, 46, b"note")
        return paper.finish()

    assert drawn() == drawn()


@given(NAMES, st.floats(20, 170))
@settings(max_examples=60, deadline=None)
def test_no_text_is_wider_than_its_room(name: str, room: float) -> None:
    size, lines = page.fitted(name, 13, room, "bold")
    assert all(fonts.width(line, "bold", size) * page.POINT <= room + 0.01 for line in lines)
    assert "".join(lines).replace(" ", "") == name.replace(" ", "")


def test_a_letter_that_our_face_lacks_is_drawn_in_noto() -> None:
    assert [font for font, _ in fonts.runs("Ani Д", "text")] == [
        "AtkinsonHyperlegibleNext_400Regular",
        "NotoSans_400Regular",
    ]


def test_a_run_that_goes_on_brings_its_heading_to_the_next_page() -> None:
    heading = Block(10, lambda *_: None)
    rows = [Block(20, lambda *_: None, heading) for _ in range(5)]
    pages = page.paginate([heading, *rows], 60, 55)
    assert [len(one) for one in pages] == [3, 3, 2]
    assert all(one[0] is heading for one in pages)


def test_a_block_that_is_higher_than_a_page_gets_one_of_its_own() -> None:
    assert [
        len(one) for one in page.paginate([Block(10, lambda *_: None), Block(99, lambda *_: None)], 50, 50)
    ] == [1, 1]


@pytest.mark.parametrize("size", [1, 100, 300, 500, 504])
def test_a_scanner_reads_the_very_bytes_from_a_coarse_picture(tmp_path: Path, size: int) -> None:
    data = (b"\xe2\x80\x94 caf\xc3\xa9\n" + bytes(range(32, 127)) * 6)[:size]
    paper = Paper("t", "id", "a", "s")
    paper.qr(60, 60, 46, data)
    (code,) = zxingcpp.read_barcodes(picture(paper.finish(), tmp_path))
    assert code.bytes == data
    assert code.ec_level == "M"


def test_what_does_not_fit_into_version_17_is_refused() -> None:
    with pytest.raises(Refusal) as caught:
        qr.modules(b"x" * 505)
    assert caught.value.code == "qr-too-long"


def test_a_code_that_scanners_could_not_read_on_paper_is_refused() -> None:
    with pytest.raises(Refusal) as caught:
        Paper("t", "id", "a", "s").qr(10, 10, 39.9, b"note")
    assert caught.value.code == "qr-too-small"


def test_a_picture_that_is_none_is_refused() -> None:
    with pytest.raises(Refusal) as caught:
        Paper("t", "id", "a", "s").picture(10, 10, 30, 40, b"no picture")
    assert caught.value.code == "picture-unreadable"


def test_a_photo_is_drawn() -> None:
    photo = io.BytesIO()
    Image.new("RGB", (30, 40), "#336699").save(photo, "JPEG")
    paper = Paper("t", "id", "a", "s")
    paper.picture(10, 10, 30, 40, photo.getvalue())
    assert b"/Subtype /Image" in paper.finish()


@pytest.mark.parametrize(
    ("start", "end", "lang", "said"),
    [
        pytest.param("2026-11-24T08:00:00+07:00", "2026-11-24T09:40:00+07:00", "id", "24 November 2026, 08.00–09.40 WIB", id="WIB"),
        pytest.param("2026-08-17T08:00:00+08:00", "2026-08-17T09:40:00+08:00", "en", "17 August 2026, 08:00–09:40 WITA", id="WITA"),
        pytest.param("2026-08-17T23:30:00+09:00", "2026-08-18T00:40:00+09:00", "id", "17 Agustus 2026, 23.30 WIT – 18 Agustus 2026, 00.40 WIT", id="over midnight"),
        pytest.param("2026-08-17T08:00:00+05:30", "2026-08-17T08:40:00+05:30", "en", "17 August 2026, 08:00–08:40 UTC+05:30", id="abroad"),
    ],
)  # fmt: skip
def test_times_are_printed_with_their_zone(start: str, end: str, lang: str, said: str) -> None:
    assert dates.span(dates.moment(start), dates.moment(end), lang) == said


@pytest.mark.parametrize("text", ["", "yesterday", "2026-11-24T08:00:00"])
def test_a_time_without_a_zone_is_false_evidence(text: str) -> None:
    with pytest.raises(Tampered):
        dates.moment(text)


@pytest.mark.parametrize(
    ("value", "indonesian", "english"),
    [("400", "400", "400"), ("2.50", "2,5", "2.5"), ("-0", "0", "0"), ("1E+2", "100", "100"), ("-1.25", "-1,25", "-1.25")],
)  # fmt: skip
def test_numbers_read_as_people_write_them(value: str, indonesian: str, english: str) -> None:
    assert (dates.number(Decimal(value), "id"), dates.number(Decimal(value), "en")) == (indonesian, english)
