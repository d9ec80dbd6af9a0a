"""Pictures and texts that attack whoever shows them are refused before they reach a package.

Qt opens absolute paths in SVG, freezes on nested `use`, and unpacks any picture it is given; none of it may arrive there.
"""

import io
import struct
import zlib

import pytest
from PIL import Image

from cbt_station.banks.body import BodyReader
from cbt_station.banks.faults import FaultList, Faulty
from cbt_station.banks.item_body import read_body
from cbt_station.banks.native import faults
from cbt_station.banks.pictures import check_picture
from tests.banks.small_bank import CIRCLE, files, put, square


def svg(inner: str = "", attributes: str = 'width="40" height="40"') -> bytes:
    """An SVG around `inner`."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}>\n{inner}\n</svg>\n'.encode()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(svg("<script>alert(1)</script>"), "svg-element", id="script"),
        pytest.param(svg('<image href="/etc/passwd"/>'), "svg-element", id="image"),
        pytest.param(svg('<use href="#a"/>'), "svg-element", id="use"),
        pytest.param(svg("<style>@import url(x)</style>"), "svg-element", id="style"),
        pytest.param(svg("<foreignObject/>"), "svg-element", id="foreign object"),
        pytest.param(svg('<a href="https://example.org"/>'), "svg-element", id="link"),
        pytest.param(svg('<animate attributeName="x"/>'), "svg-element", id="animation"),
        pytest.param(svg("<svg/>"), "svg-element", id="svg in svg"),
        pytest.param(svg('<x:rect xmlns:x="urn:x"/>'), "svg-element", id="other namespace"),
        pytest.param(svg("<?xml-stylesheet href='x'?>"), "svg-element", id="style sheet instruction"),
        pytest.param(svg('<rect onclick="x"/>'), "svg-attribute", id="handler"),
        pytest.param(svg('<rect style="fill:red"/>'), "svg-attribute", id="style attribute"),
        pytest.param(svg('<rect filter="none"/>'), "svg-attribute", id="filter"),
        pytest.param(svg('<rect xmlns="urn:x"/>'), "svg-attribute", id="namespace changed inside"),
        pytest.param(svg('<rect fill="url(#a)"/>'), "svg-value", id="reference"),
        pytest.param(svg('<rect fill="URL(https://example.org)"/>'), "svg-value", id="address"),
        pytest.param(svg('<path d="M 0 0 L 1e9 0"/>'), "svg-value", id="huge number"),
        pytest.param(svg('<line stroke-dasharray="0.0001"/>'), "svg-value", id="a million dashes"),
        pytest.param(b"<!DOCTYPE svg [<!ENTITY a 'b'>]>\n" + svg("&a;"), "svg-doctype", id="entities"),
        pytest.param(svg("<g>" * 40 + "</g>" * 40), "svg-too-much", id="deep"),
        pytest.param(svg("<rect/>" * 3000), "svg-too-much", id="many"),
        pytest.param(svg("<g>"), "svg-broken", id="not closed"),
        pytest.param(svg().replace(b"\n", b"\xff"), "svg-broken", id="not UTF-8"),
        pytest.param(svg().decode().encode("utf-16"), "svg-broken", id="UTF-16"),
        pytest.param(
            b'<?xml version="1.0" encoding="ISO-8859-1"?>' + svg(), "svg-broken", id="another encoding"
        ),
        pytest.param(b"", "svg-broken", id="empty"),
        pytest.param(svg("", ""), "svg-no-size", id="no size"),
        pytest.param(svg("", 'width="100%" height="100%"'), "svg-no-size", id="relative size"),
        pytest.param(svg("", 'width="90000" height="90000"'), "picture-size", id="huge"),
        pytest.param(svg("", 'width="0" height="9"'), "picture-size", id="nothing to see"),
        pytest.param(b"<svg/>", "svg-attribute", id="no namespace"),
    ],
)
def test_a_hostile_svg_is_refused(data, code):
    with pytest.raises(Faulty) as refused:
        check_picture("a.svg", data)
    assert refused.value.code == code


def test_a_hostile_svg_is_named_with_its_line(tmp_path):
    bad = CIRCLE.replace("<circle", "<script/>\n<circle").encode()
    found = faults(put(tmp_path, files() | {"media/lingkaran.svg": bad}))
    assert [(fault.file, fault.line, fault.code) for fault in found] == [
        ("media/lingkaran.svg", 2, "svg-element")
    ]


def test_an_honest_svg_passes_with_its_size():
    picture = check_picture("a.svg", CIRCLE.encode())
    assert (picture.width, picture.height) == (40, 40)
    assert (check_picture("b.svg", svg("", 'viewBox="0 0 300 200"')).width) == 300


def png_of_size(width: int, height: int) -> bytes:
    """A PNG that only claims its size: a few bytes that would unpack to all of it."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    return (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", 13)
        + chunk
        + struct.pack(">I", zlib.crc32(chunk))
        + b"\0\0\0\0IEND\xaeB`\x82"
    )


def animated() -> bytes:
    """A PNG with two frames."""
    out = io.BytesIO()
    frames = [Image.new("RGB", (4, 4), colour) for colour in ("red", "blue")]
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:])
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        pytest.param("a.png", png_of_size(9_000, 9_000), "picture-size", id="bomb"),
        pytest.param(
            "a.png", png_of_size(100_000, 100_000), "picture-broken", id="bomb that Pillow itself stops"
        ),
        pytest.param("a.png", square()[:40], "picture-broken", id="cut"),
        pytest.param("a.png", b"", "picture-broken", id="empty"),
        pytest.param("a.png", b"GIF89a", "picture-broken", id="another format"),
        pytest.param("a.jpg", square(), "picture-kind", id="PNG under a JPEG's name"),
        pytest.param("a.png", animated(), "picture-moves", id="animated"),
    ],
)
def test_a_hostile_picture_is_refused(name, data, code):
    with pytest.raises(Faulty) as refused:
        check_picture(name, data)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("> " * 20_000 + "x", id="quotations"),
        pytest.param("*a **b " * 5_000, id="emphasis"),
        pytest.param("[" * 30_000, id="brackets"),
        pytest.param("`" * 15_000 + "x" + "``" * 10_000, id="backticks"),
        pytest.param("$" * 20_001, id="dollars"),
        pytest.param("^a" * 20_000, id="carets"),
        pytest.param("1. " * 10_000, id="lists"),
        pytest.param("[[a|" * 16_000, id="words to choose"),
        pytest.param("[a" * 20_000 + "]{bold}" * 3_000, id="spans"),
        pytest.param("{{" * 30_000, id="slots"),
        pytest.param("::: columns\n" * 5_000, id="blocks that no line closes"),
        pytest.param("::: columns\n" * 2_500 + ":::\n" * 2_500, id="blocks in blocks"),
        pytest.param("|a|\n|-|\n" + "|^^|\n" * 12_000, id="a cell over many rows"),
        pytest.param("|a" * 10_000 + "\n" + "|-" * 10_000, id="table"),
        pytest.param(f"${'{' * 240}x{'}' * 240}$", id="braces in a formula"),
        pytest.param(f"${'x^' * 240}x$", id="exponents in a formula"),
    ],
)
def test_a_text_that_nests_or_repeats_without_end_neither_hangs_nor_crashes(text):
    read_body(BodyReader("a.md", FaultList(), {}), {"RESPONSE": "choice"}, False, text[:65_536], 1)
