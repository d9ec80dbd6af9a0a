"""Foreign HTML as blocks: what is taken over, what is named, what refuses the question, and that nothing is fetched.

Formulas as such are in test_mathml.py. Packages of other programs that would do harm are in
tests/banks/qti/test_packages.py, archives in test_safe_reading.py.
"""

import base64
import contextlib
import io
import re
import subprocess
import sys
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from PIL import Image

from cbt_station.banks.foreign import QuestionRefused, Remark
from cbt_station.banks.html import MOST_DEPTH, HtmlReader, fragment
from cbt_station.banks.pictures import MOST_PIXELS, MOST_SIDE, check_picture
from cbt_station.exam.content import (
    Audio,
    Block,
    Blocks,
    Cell,
    Columns,
    Formula,
    Heading,
    Hot,
    InlinePicture,
    LineBreak,
    Listing,
    Paragraph,
    Picture,
    Place,
    Quote,
    Separator,
    Slot,
    Span,
    Table,
    Text,
    Verbatim,
    as_text,
    require_modest,
)


def picture(kind: str = "PNG", size: tuple[int, int] = (8, 6), **more: object) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, "white").save(target, kind, **more)
    return target.getvalue()


def shown_size_of(said: str, file: bytes, reader: HtmlReader | None = None) -> tuple[int, int]:
    reader = reader or HtmlReader(lambda _name: file)
    (block,) = reader.html(f'<p><img src="a.png" alt="x" {said}></p>')
    assert isinstance(block, Picture)
    return block.width, block.height


@pytest.mark.parametrize(
    ("said", "size"),
    [
        pytest.param("", (80, 60), id="its own"),
        pytest.param('width="40" height="30"', (40, 30), id="both sides"),
        pytest.param('width="160px"', (160, 120), id="one side"),
        pytest.param('height="30"', (40, 30), id="the other side"),
        pytest.param('width="40" style="width: 20px; height: auto"', (20, 15), id="a style counts first"),
        pytest.param('style="height:90.4px;width:99.6px"', (100, 90), id="a style with decimals"),
        pytest.param('width="50%"', (80, 60), id="a part of the page"),
        pytest.param('width="1" height="1"', (80, 60), id="too small to be seen"),
        pytest.param('width="9000"', (80, 60), id="too large for a screen"),
        pytest.param('width="٣٠"', (80, 60), id="other digits"),
    ],
)
def test_a_picture_is_shown_at_the_size_that_its_element_says(said: str, size: tuple[int, int]) -> None:
    assert shown_size_of(said, picture(size=(80, 60))) == size


def test_a_size_that_is_followed_is_no_remark_and_one_that_is_not_is() -> None:
    followed, left = (HtmlReader(lambda _name: picture(size=(80, 60))) for _ in range(2))
    shown_size_of('style="width: 20px"', b"", followed)
    shown_size_of('width="50%"', b"", left)
    assert followed.remarks == ()
    assert left.remarks == (Remark("style-ignored", {"names": "width"}),)


def test_a_drawing_keeps_its_proportions_within_the_said_size() -> None:
    assert shown_size_of('width="100" height="20"', SVG) == (40, 20)
    assert shown_size_of('width="40" height="100"', SVG) == (40, 20)


def test_a_drawing_that_became_a_picture_keeps_its_proportions_too() -> None:
    reader = HtmlReader(lambda _name: SVG.replace(b"<circle", b'<image href="#x"/><circle'))
    (block,) = reader.html('<p><img src="a.svg" alt="x" width="100" height="20"></p>')
    assert isinstance(block, Picture)
    assert (block.media, block.width, block.height) == ("a.png", 40, 20)


def test_a_formula_that_canvas_shows_as_a_picture_is_the_formula() -> None:
    reader = HtmlReader(lambda _name: None)
    said = r'<img class="equation_image" src="/equation_images/x" data-equation-content="\frac{1}{2}" alt="LaTeX: x">'
    older = r'<img class="equation_image" src="/equation_images/x" alt="LaTeX: \frac{1}{2}">'
    for html in (said, older):
        (block,) = reader.html(f"<p>Berapa {html}?</p>")
        assert isinstance(block, Paragraph)
        assert [part.latex for part in block.content if isinstance(part, Formula)] == [r"\frac{1}{2}"]
    assert reader.losses == ()


def moving() -> bytes:
    target = io.BytesIO()
    frames = [Image.new("RGB", (4, 4), colour) for colour in ("white", "black")]
    frames[0].save(target, "GIF", save_all=True, append_images=frames[1:])
    return target.getvalue()


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><circle cx="5" cy="5" r="4"/></svg>'
WAV = b"RIFF\x24\x00\x00\x00WAVEfmt "
FILES = {
    "a.png": picture(),
    "Peta Kota.JPG": picture("JPEG"),
    "b.gif": picture("GIF"),
    "gerak.gif": moving(),
    "c.svg": SVG,
    "bunyi.wav": WAV,
}


def read(html: str, files: dict[str, bytes] = FILES, **more: object) -> tuple[HtmlReader, Blocks]:
    reader = HtmlReader(files.get, **more)  # type: ignore[arg-type]
    return reader, reader.html(html)


def refusal(html: str) -> Remark:
    with pytest.raises(QuestionRefused) as caught:
        read(html)
    return caught.value.reason


def line(*parts: object) -> Paragraph:
    return Paragraph(tuple(Text(part) if isinstance(part, str) else part for part in parts))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("html", "blocks"),
    [
        pytest.param("a < b &amp; c", [line("a < b & c")], id="text alone"),
        pytest.param("<p> a\n  b </p>\n<p>c</p>", [line("a b"), line("c")], id="white space collapses"),
        pytest.param("a<p>&nbsp;</p>b", [line("a"), line("b")], id="an empty paragraph is none"),
        pytest.param("<div>a<div>b</div>c</div>", [line("a"), line("b"), line("c")], id="blocks end lines"),
        pytest.param("a<br>b<br>", [line("a", LineBreak(), "b")], id="a last break is none"),
        pytest.param("a<br><br>b", [line("a"), line("b")], id="two breaks part paragraphs"),
        pytest.param(
            "x <b>y </b>z", [line("x ", Text("y", bold=True), " z")], id="spaces stand outside bold"
        ),
        pytest.param(
            "<strong><em>y</em></strong><code>f()</code>",
            [line(Text("y", bold=True, italic=True), Text("f()", code=True))],
            id="styles add up",
        ),
        pytest.param("H<sub>2</sub>O", [line("H", Text("2", sub=True), "O")], id="sub"),
        pytest.param(
            '<span style="font-weight:bold; text-decoration: underline">y</span>',
            [line(Span((Text("y", bold=True),), underline=True))],
            id="style attribute",
        ),
        pytest.param(
            '<p dir="rtl" lang="ar">س <b>x</b></p>',
            [line(Span((Text("س "), Text("x", bold=True)), language="ar", direction="rtl"))],
            id="direction and language of a paragraph",
        ),
        pytest.param('<span lang="id">a</span>', [line("a")], id="the item's own language is no span"),
        pytest.param(
            "<h1>A</h1><h3>B</h3>", [Heading(1, (Text("A"),)), Heading(3, (Text("B"),))], id="headings"
        ),
        pytest.param("<pre>a\n  b\n</pre>", [Verbatim("a\n  b")], id="pre keeps its spaces"),
        pytest.param("a<hr>b", [line("a"), Separator(), line("b")], id="rule"),
        pytest.param("<blockquote><p>a</p></blockquote>", [Quote((line("a"),))], id="quotation"),
        pytest.param(
            "<ul><li>a<ol><li>b</ol><li><p>c</ul>",
            [Listing(((line("a"), Listing(((line("b"),),), 1)), (line("c"),)))],
            id="nested lists",
        ),
        pytest.param('<ol start="3"><li>a</ol>', [Listing(((line("a"),),), 3)], id="start of a list"),
        pytest.param(
            '<img src="a.png" alt="peta">', [Picture("a.png", 8, 6, "peta")], id="a picture alone is a block"
        ),
        pytest.param(
            'x <img src="a.png" alt="peta">',
            [line("x ", InlinePicture("a.png", 8, 6, "peta"))],
            id="in a line",
        ),
        pytest.param(
            'x<br><img src="a.png" alt="peta"><br>y',
            [line("x"), Picture("a.png", 8, 6, "peta"), line("y")],
            id="a picture that has its line for itself",
        ),
        pytest.param(
            '<object type="image/svg+xml" data="c.svg">gambar</object>',
            [Picture("c.svg", 20, 10, "gambar")],
            id="object",
        ),
        pytest.param(
            '<figure><img src="a.png" alt="p"><figcaption>Gambar 1</figcaption></figure>',
            [Picture("a.png", 8, 6, "p"), line("Gambar 1")],
            id="figure",
        ),
        pytest.param(
            '<audio title="dialog"><source src="bunyi.wav"></audio>',
            [Audio("bunyi.wav", "dialog")],
            id="audio",
        ),
        pytest.param(
            '<div class="qti-layout-row"><div class="qti-layout-col6">a</div><div class="qti-layout-col6">b</div></div>',
            [Columns(((line("a"),), (line("b"),)))],
            id="columns",
        ),
    ],
)
def test_what_our_content_can_say_is_taken_over_without_loss(html, blocks):
    reader, found = read(html)
    assert found == tuple(blocks)
    assert reader.losses == ()


def test_a_table_keeps_its_spans_headings_and_alignment():
    reader, found = read(
        "<table><caption>Kota</caption><thead><tr><th>A<th style='text-align:right'>B</thead>"
        "<tfoot><tr><td>f<td>g</tfoot><tr><td colspan=2 align=center>x<br>y<tr><td rowspan=2>1<td>2</table>"
    )
    assert found[0] == line("Kota")
    assert found[1] == Table(
        (
            (Cell((Text("A"),), heading=True, align="center"), Cell((Text("B"),), heading=True, align="end")),
            (Cell((Text("x"), LineBreak(), Text("y")), align="center", columns=2),),
            (Cell((Text("1"),), rows=2), Cell((Text("2"),))),
            (Cell((Text("f"),)), Cell((Text("g"),))),
        )
    )
    assert reader.losses == ()


def test_a_table_that_holds_more_than_lines_becomes_columns_by_name():
    reader, found = read("<table><tr><td>a<td><table><tr><td>b</table></table>")
    assert found == (Columns(((line("a"),), (Table(((Cell((Text("b"),)),),)),))),)
    assert [loss.code for loss in reader.losses] == ["table-as-columns"]


@pytest.mark.parametrize(
    ("html", "text", "losses"),
    [
        pytest.param("a<blink>b</blink>", "ab", ["element-unknown"], id="unknown element"),
        pytest.param("a<script>alert(1)</script>", "a", ["element-dropped"], id="script"),
        pytest.param("<style>p{}</style>a", "a", ["element-dropped"], id="style"),
        pytest.param("<link rel=stylesheet href=x.css>a", "a", ["element-dropped"], id="style sheet"),
        pytest.param('<p onclick="x()">a</p>', "a", ["element-dropped"], id="handler"),
        pytest.param('<a href="http://x">a</a>', "a", ["link-dropped"], id="link"),
        pytest.param('<p style="color:red">a</p>', "a", ["style-dropped"], id="colour"),
        pytest.param('<font color="#f00">a</font>', "a", ["style-dropped"], id="font colour"),
        pytest.param("<p>a</p><p hidden>b</p>", "a", ["hidden-dropped"], id="hidden"),
        pytest.param('a<span style="display:none">b</span>', "a", ["hidden-dropped"], id="hidden by style"),
        pytest.param("<ul><li>a<li hidden>b</ul>", "a", ["hidden-dropped"], id="hidden entry"),
        pytest.param("<table><tr><td>a<td hidden>b</table>", "a", ["hidden-dropped"], id="hidden cell"),
        pytest.param("<table><tr><td>a<tr hidden><td>b</table>", "a", ["hidden-dropped"], id="hidden row"),
        pytest.param(
            "<div class=qti-layout-row><p>a</p><p hidden>b</p></div>",
            "a",
            ["hidden-dropped"],
            id="hidden column",
        ),
        pytest.param('<ol start="000000009000000"><li>x</ol>', "x", ["list-numbering"], id="late beginning"),
        pytest.param(f'<ol start="{9:09000}"><li>x</ol>', "x", ["list-numbering"], id="endless beginning"),
        pytest.param("<h5>a</h5>", "a", ["heading-level"], id="deep heading"),
        pytest.param("<dl><dt>a<dd>b</dl>", "a\nb", ["element-simplified"], id="definitions"),
        pytest.param(
            "<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>", "漢(kan)", ["element-simplified"], id="ruby"
        ),
        pytest.param(
            "<ruby>漢<script>x()</script><rt hidden>kan</rt></ruby>",
            "漢",
            ["element-simplified", "element-dropped", "hidden-dropped"],
            id="what acts or hides in a ruby",
        ),
        pytest.param(
            '<ruby><img src="a.png" alt="han"><rt>kan</rt></ruby>',
            "han(kan)",
            ["element-simplified"],
            id="a picture in a ruby",
        ),
        pytest.param("<mark>a</mark>", "a", ["element-simplified"], id="mark"),
        pytest.param('<ol type="a"><li>x</ol>', "x", ["list-numbering"], id="letters as numbers"),
        pytest.param(
            '<ol style="list-style-type: lower-alpha"><li>x</ol>',
            "x",
            ["list-numbering"],
            id="letters by style",
        ),
        pytest.param(
            '<ol style="list-style:none"><li>x</ol>', "x", ["list-numbering"], id="no numbers by style"
        ),
        pytest.param(
            '<ul style="list-style: upper-roman"><li>x</ul>', "x", ["list-numbering"], id="a list numbered"
        ),
        pytest.param('a<span style="opacity:0">b</span>', "a", ["hidden-dropped"], id="seen through"),
        pytest.param(
            'a<span style="font-size: 0px">b</span>', "a", ["hidden-dropped"], id="letters of no size"
        ),
        pytest.param(
            "<details><summary>a</summary>b</details>", "a\nb", ["element-simplified"], id="to be opened"
        ),
        pytest.param('<abbr title="Badan">B</abbr>', "B", ["tooltip-dropped"], id="tooltip"),
        pytest.param("a\u202eb", "ab", ["hidden-removed"], id="bidi control"),
        pytest.param("a&#x200b;b", "ab", ["hidden-removed"], id="invisible by entity"),
        pytest.param('<img src="gerak.gif" alt="x">', "[x]", ["picture-moved"], id="moving picture"),
    ],
)
def test_what_is_lost_is_named(html, text, losses):
    reader, found = read(html)
    assert as_text(found) == text
    assert [loss.code for loss in reader.losses] == losses


@pytest.mark.parametrize(
    ("html", "code"),
    [
        *[
            pytest.param(f"<{name}>a</{name}>", "element-refused", id=name)
            for name in ("iframe", "video", "form", "button", "select", "textarea", "canvas", "applet")
        ],
        pytest.param("<embed src=a.png>", "element-refused", id="embed"),
        pytest.param("<input>", "element-refused", id="input"),
        pytest.param(
            '<object type="text/html" data="a.html"></object>', "element-refused", id="object of HTML"
        ),
        pytest.param(
            '<object type="application/x-shockwave-flash" data="a.swf"/>', "element-refused", id="flash"
        ),
        pytest.param('<img src="tidak-ada.png">', "file-missing", id="picture that is not there"),
        pytest.param("<img>", "file-missing", id="picture without a name"),
        pytest.param('<img src="http://example.org/a.png">', "file-remote", id="http"),
        pytest.param('<img src="HTTPS://example.org/a.png">', "file-remote", id="https in capitals"),
        pytest.param('<img src="//example.org/a.png">', "file-outside", id="any scheme"),
        pytest.param('<img src="file:///etc/passwd">', "file-outside", id="file scheme"),
        pytest.param('<img src="/etc/passwd">', "file-outside", id="absolute path"),
        pytest.param('<img src="%2Fetc/passwd">', "file-outside", id="absolute path, escaped"),
        pytest.param(r'<img src="\\host\share\a.png">', "file-outside", id="another machine's share"),
        pytest.param(r'<img src="C:\a.png">', "file-outside", id="drive letter"),
        pytest.param('<img src="javascript:alert(1)">', "file-outside", id="javascript"),
        pytest.param(
            '<img src="data:image/png;base64,AAAA">', "picture-refused", id="data that is no picture"
        ),
        pytest.param('<img src="data:text/html,<b>x</b>">', "picture-refused", id="data of HTML"),
        pytest.param('<audio src="a.png"></audio>', "audio-kind", id="a picture as a recording"),
        pytest.param("x<sup>a<sup>b</sup></sup>", "small-nested", id="power of a power"),
        pytest.param("\ue000", "character-unreadable", id="symbol font"),
        pytest.param(r"\(\frac{1}\)", "formula-refused", id="formula that cannot be drawn"),
        pytest.param("<div>" * (MOST_DEPTH + 1), "content-too-much", id="depth"),
        pytest.param("<div>" * 100_000, "content-too-much", id="depth beyond the parser's"),
        pytest.param("<i></i>" * 20_001, "content-too-much", id="elements"),
        pytest.param("a" * 300_000, "content-too-much", id="length"),
        pytest.param("<a " + "b " * 201 + ">c</a>", "content-too-much", id="attributes"),
        pytest.param(
            "<a/b=" * 40_000 + "c" * 8_000_000, "content-too-much", id="attributes that are all the same one"
        ),
    ],
)
def test_what_the_question_would_be_another_one_without_refuses_it(html, code):
    assert refusal(html).code == code


def test_names_are_made_good_and_kinds_are_told_by_content():
    media: dict[str, bytes] = {}
    files = {**FILES, "x/Peta Kota.JPG": picture("JPEG", (9, 9)), "salah.jpg": picture()}
    _, found = read(
        '<img src="Peta%20Kota.JPG" alt="p"><br><img src="x/Peta%20Kota.JPG" alt="q"><br><img src="salah.jpg" alt="r">'
        '<br><img src="b.gif" alt="s">',
        files,
        media=media,
    )
    names = [block.media for block in found if isinstance(block, Picture)]
    assert names == ["peta-kota.jpg", "peta-kota-2.jpg", "salah.png", "b.png"]
    assert set(names) == set(media)
    for name, data in media.items():
        check_picture(name, data)


def test_a_data_picture_is_a_picture():
    source = "data:image/png;base64," + base64.b64encode(picture()).decode()
    reader, found = read(f'<img src="{source}" alt="peta">')
    assert found == (Picture("gambar.png", 8, 6, "peta"),)
    assert reader.media == {"gambar.png": picture()}


def test_a_picture_without_words_gets_a_stand_in_and_a_remark():
    reader, found = read('<img src="a.png"><br><img src="a.png" alt="">', language="en")
    assert [block.alt for block in found if isinstance(block, Picture)] == ["Picture 1", "Picture 2"]
    assert reader.losses == ()
    assert [note.code for note in reader.remarks] == ["picture-without-alt"]


def test_layout_is_a_remark_and_no_loss():
    reader, _ = read('<p style="margin:0; font-family:Arial" class="intro">a</p>')
    assert reader.losses == ()
    assert {note.code: note.facts["names"] for note in reader.remarks} == {
        "style-ignored": "margin, font-family",
        "class-ignored": "intro",
    }


def test_a_large_photo_is_made_smaller_and_a_giant_is_refused_unread():
    reader, found = read('<img src="x.jpg" alt="x">', {"x.jpg": picture("JPEG", (5_000, 1_000))})
    (shown,) = found
    assert isinstance(shown, Picture)
    assert max(shown.width, shown.height) <= MOST_SIDE
    assert shown.width * shown.height <= MOST_PIXELS
    assert [loss.code for loss in reader.losses] == ["picture-smaller"]
    png, gif = bytearray(picture()), bytearray(picture("GIF"))
    png[16:24] = (40_000).to_bytes(4, "big") * 2  # the size that the head declares; no pixels are there
    gif[6:10] = (40_000).to_bytes(2, "little") * 2
    for giant in (png, gif):
        with pytest.raises(QuestionRefused) as caught:
            read('<img src="x.png">', {"x.png": bytes(giant)})
        assert caught.value.reason.code == "picture-refused"


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["PNG", "JPEG", "GIF", "BMP", "WEBP"]),
    st.integers(0, 400),
    st.binary(min_size=1, max_size=6),
)
def test_a_damaged_picture_is_shown_or_refused(kind, place, damage):
    data = bytearray(picture(kind))
    data[place : place + len(damage)] = damage
    with contextlib.suppress(QuestionRefused):
        read('<img src="x.png">', {"x.png": bytes(data)})


def test_a_photo_that_says_it_lies_on_its_side_is_stood_up():
    exif = Image.Exif()
    exif[0x0112] = 6
    data = picture("JPEG", (8, 6), exif=exif)
    _, found = read('<img src="x.jpg" alt="x">', {"x.jpg": data})
    assert found == (Picture("x.jpg", 6, 8, "x"),)


GRADIENT = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><defs><linearGradient id="g">'
    '<stop offset="0" stop-color="red"/></linearGradient></defs><rect width="20" height="10" fill="url(#g)"/>{}</svg>'
)


def test_a_foreign_svg_is_drawn_as_png_by_name():
    reader, found = read('<img src="x.svg" alt="x">', {"x.svg": GRADIENT.format("").encode()})
    assert found == (Picture("x.png", 20, 10, "x"),)
    assert [loss.code for loss in reader.losses] == ["svg-as-picture"]
    with Image.open(io.BytesIO(reader.media["x.png"])) as drawn:
        assert drawn.convert("RGB").getpixel((10, 5)) == (255, 0, 0)


def test_an_svg_in_the_text_itself_keeps_the_capitals_that_the_parser_lost():
    svg = '<svg viewBox="0 0 20 10" width="20" height="10"><path d="M0 0L5 5"/></svg>'
    reader, found = read(f"<p>{svg}</p>")
    assert found == (Picture("gambar.svg", 20, 10, "Gambar 1"),)
    assert b'viewBox="0 0 20 10"' in reader.media["gambar.svg"]
    assert reader.losses == ()


@pytest.mark.parametrize(
    "inside",
    [
        pytest.param('<image href="/etc/passwd" width="9" height="9"/>', id="absolute path"),
        pytest.param('<image href="http://example.org/a.png" width="9" height="9"/>', id="address"),
        pytest.param('<use href="other.svg#a"/>', id="use of another file"),
        pytest.param("<style>@import url(x.css);</style>", id="import"),
        pytest.param("<style>rect{fill:url(//h/x)}</style>", id="style with an address"),
        pytest.param('<rect style="fill:u/**/rl(http://h)"/>', id="address with a comment in it"),
        pytest.param("<script>1</script>", id="script"),
        pytest.param("<foreignObject/>", id="foreign object"),
        pytest.param(r'<rect style="fill:\75rl(http://h)"/>', id="address with an escape in it"),
        pytest.param("<text>&gone;</text>", id="an entity that would be missing"),
    ],
)
def test_an_svg_that_reaches_out_is_never_drawn(inside, monkeypatch):
    monkeypatch.setattr("cbt_station.banks.foreign_media.rasterise", lambda *_: pytest.fail("it was drawn"))
    with pytest.raises(QuestionRefused) as caught:
        read(
            '<img src="x.svg">',
            {"x.svg": f"<!DOCTYPE svg [<!ENTITY gone 'y'>]>{GRADIENT.format(inside)}".encode()},
        )
    assert caught.value.reason.code == "picture-refused"


def test_an_svg_is_drawn_by_our_own_modules_wherever_one_works(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "resvg_py.py").write_text("raise SystemExit('of the folder')\n")
    (tmp_path / "cbt_station").mkdir()
    (tmp_path / "cbt_station" / "__init__.py").write_text("raise SystemExit('of the folder')\n")
    assert read('<img src="x.svg">', {"x.svg": GRADIENT.format("").encode()})[0].media


@pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has no such limits; the time is bounded there too"
)
def test_what_draws_has_little_memory_and_writes_no_file(tmp_path):
    script = (
        "from cbt_station.banks.rasterising import MOST_MEMORY, _limit\n_limit()\n"
        "try: bytearray(MOST_MEMORY)\nexcept MemoryError: print('no memory')\n"
        f"import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        f"try: open({str(tmp_path / 'x')!r}, 'w').write('x')\nexcept OSError: print('no file')\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.stdout.split("\n")[0] == "no memory"
    assert not (tmp_path / "x").exists() or (tmp_path / "x").read_bytes() == b""


def test_an_svg_that_would_take_for_ever_is_given_up(monkeypatch):
    monkeypatch.setattr("cbt_station.banks.rasterising.SECONDS", 1)
    group = "".join(f'<g id="g{n}">' + f'<use href="#g{n - 1}"/>' * 10 + "</g>" for n in range(1, 9))
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><g id="g0"><rect width="9" height="9"/></g>{group}</svg>'
    with pytest.raises(QuestionRefused) as caught:
        read('<img src="x.svg">', {"x.svg": svg.encode()})
    assert caught.value.reason.code == "picture-refused"


def test_hooks_put_what_they_answer_in_place_of_an_element():
    def inline(element: etree._Element) -> Slot | Hot | tuple[()] | None:
        if element.tag == "gap":
            return Slot(str(element.get("id")))
        if element.tag == "hot":
            return Hot("h1", reader.line(element))
        return () if element.tag == "gone" else None

    def block(element: etree._Element) -> Block | None:
        return Place("R2") if element.tag == "choices" else None

    reader = HtmlReader(FILES.get, inline=inline, block=block)
    body = etree.fromstring(
        "<x xmlns:m='urn:m'><p>a <gap id='R1'/>b <b><hot>c<i>d</i></hot></b><gone>e</gone></p><choices>f</choices></x>"
    )
    assert reader.blocks(body) == (
        line(
            "a ",
            Slot("R1"),
            "b ",
            Hot("h1", (Text("c", bold=True), Text("d", bold=True, italic=True))),
        ),
        Place("R2"),
    )
    assert reader.losses == ()


def test_xhtml_in_any_namespace_is_read_alike():
    xml = "<b:x xmlns:b='urn:b' xmlns:h='http://www.w3.org/1999/xhtml'><h:p>a <h:b>b</h:b></h:p></b:x>"
    assert HtmlReader(FILES.get).blocks(etree.fromstring(xml)) == (line("a ", Text("b", bold=True)),)


def test_an_entity_that_the_parser_left_alone_is_its_character_and_no_file():
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False)
    doc = '<!DOCTYPE x [<!ENTITY nbsp "&#160;"><!ENTITY e SYSTEM "file:///etc/passwd">]><x>a&nbsp;b{}</x>'
    reader = HtmlReader(FILES.get)
    assert as_text(reader.blocks(etree.fromstring(doc.format(""), parser))) == "a\u00a0b"
    with pytest.raises(QuestionRefused) as caught:
        HtmlReader(FILES.get).blocks(etree.fromstring(doc.format("&e;"), parser))
    assert caught.value.reason.code == "entity-unknown"


def test_what_follows_a_closed_body_is_not_lost():
    assert read("a</body></html>b")[1] == (line("ab"),)


@pytest.mark.parametrize(
    ("html", "sources"),
    [
        (r"x \(y^2\) z", ["y^2"]),
        (r"\[x\]", ["x"]),
        ("a $$x$$ b", ["x"]),
        (r"<code>\(x\)</code>", []),
        (r"\(x", []),
        ("3 $ dan 4 $", []),
    ],
)
def test_latex_between_its_marks_is_a_formula(html, sources):
    reader, found = read(html)
    parts = [part for block in found if isinstance(block, Paragraph) for part in block.content]
    assert [part.latex for part in parts if isinstance(part, Formula)] == sources
    assert {part.media for part in parts if isinstance(part, Formula)} <= reader.media.keys()


def test_a_formula_with_a_line_for_itself_is_drawn_at_full_size():
    _, (alone,) = read(r"<p>\(\frac12\)</p>")
    _, (within,) = read(r"<p>x \(\frac12\)</p>")
    assert isinstance(alone, Paragraph)
    assert isinstance(within, Paragraph)
    assert alone.content[0].height > within.content[-1].height  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda n: "<b>a</b> " * n, id="runs"),
        pytest.param(lambda n: r"\(" * n, id="open formulas"),
        pytest.param(lambda n: "$$" + "a$" * n, id="dollars"),
        pytest.param(lambda n: "<p style='" + "a:b;" * n + "'>x", id="styles"),
        pytest.param(lambda n: "<br>" * n, id="breaks"),
        pytest.param(lambda n: "".join(f"<a href=x{i}>y</a>" for i in range(n // 4)), id="a loss each"),
    ],
)
@pytest.mark.timeout(20)
def test_a_long_monotonous_text_is_read_or_refused_and_never_hangs(make: Callable[[int], str]):
    with contextlib.suppress(QuestionRefused):
        read(make(60_000))


PIECES = st.sampled_from(
    ["<p>", "</p>", "<b>", "</b>", "<table>", "<tr>", "<td>", "</td></tr></table>", "<ul>", "<li>", "</ul>", "a", " ",
     "&lt;", "<br>", "<sub>2</sub>", '<span dir="rtl">', "</span>", '<img src="a.png">', "<pre>\n", "</pre>", "\\(x\\)",
     "<math><mi>x</mi></math>", "<dt>", "<svg>", "<h2>", "</h2>", "<q>", "\u00a0", "<!-- c -->", "<?x y?>"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=25))
def test_any_soup_is_read_or_refused_by_name_and_fits_a_page(pieces):
    with contextlib.suppress(QuestionRefused):
        _, found = read("".join(pieces))
        require_modest(found)
        assert found == read("".join(pieces))[1]


HOLDING = st.sampled_from(
    ["<p>", "</p>", "<table>", "</table>", "<tbody>", "<tr>", "<td>", "<th colspan=2>", "</td>", "</tr>", "<caption>", "<ul>",
     "<li>", "</ul>", "<dl>", "<dt>", "<dd>", "</dl>", "<pre>", "</pre>", "<h2>", "</h2>", "<q>", "<blockquote>", "<ruby>",
     "<rt>", "<div class=qti-layout-row>", "<div>", "</div>", "</blockquote>", "<b>", "</b>", "<object>", "<x-y>", "<li hidden>"]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(HOLDING, max_size=20))
def test_no_word_disappears_without_a_loss_that_says_so(pieces):
    html = "".join(f"{piece}w{number} " for number, piece in enumerate(pieces))
    with contextlib.suppress(QuestionRefused):
        reader, found = read(html)
        hidden = " ".join(loss.facts["text"] for loss in reader.losses if loss.code == "hidden-dropped")
        kept = set(re.findall(r"w\d+", f"{as_text(found)} {hidden}"))
        assert {f"w{number}" for number in range(len(pieces))} <= kept or len(hidden) >= 40


def test_a_cell_without_a_row_begins_one_as_in_a_browser():
    assert read("<table><td>a</td><td>b</td><tr><td>c</td></tr></table>")[1] == (
        Table(((cell("a"), cell("b")), (cell("c"),))),
    )


def cell(text: str) -> Cell:
    return Cell((Text(text),))


def test_a_fragment_of_nothing_is_nothing():
    assert read("")[1] == read("  \n ")[1] == ()
    assert fragment("").tag == "body"
