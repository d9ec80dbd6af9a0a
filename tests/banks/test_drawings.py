"""Drawings of drawing programs in the words of our allow-list: the same picture, or not taken at all.

Sameness is told by drawing both with another renderer (resvg). What an SVG may hold is in test_hostile_content.py.
"""

import io

import pytest
from PIL import Image, ImageChops

from cbt_station.banks.drawings import in_our_words
from cbt_station.banks.faults import Faulty
from cbt_station.banks.foreign_media import ForeignMedia
from cbt_station.banks.pictures import check_picture
from cbt_station.banks.rasterising import rasterise

SVG = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
SHAPES = '<rect x="4" y="4" width="30" height="20"/><circle cx="50" cy="30" r="12"/>'


def drawing(inside: str, more: str = 'width="80" height="60"', before: str = "") -> bytes:
    return f'{before}<svg {SVG} viewBox="0 0 80 60" {more}>{inside}</svg>'.encode()


SAID_OTHERWISE = {
    "a namespace that nothing uses": drawing(SHAPES),
    "a document type": drawing(
        SHAPES, before='<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/svg11.dtd">'
    ),
    "an entity that nothing uses": drawing(SHAPES, before='<!DOCTYPE svg [<!ENTITY a "http://a">]>'),
    "another program's elements and attributes": drawing(
        '<i:layer xmlns:i="http://program">x</i:layer><metadata>y</metadata><defs/>' + SHAPES,
        'width="80" height="60" xmlns:i="http://program" i:zoom="3" enable-background="new 0 0 8 6" xml:space="preserve"',
    ),
    "the whole width in percent": drawing(
        '<rect x="0" y="10%" width="50%" height="25%" fill="red"/>', 'width="100%" height="100%"'
    ),
    "a style of its own": drawing(
        '<rect width="30" height="20" fill="red" style="fill:#00f; stroke-width: 3px;stroke:black"/>'
    ),
    "rules for classes, the last one counts": drawing(
        "<style>.a{fill:red;stroke:black} .b , .c {fill:green}</style>"
        '<rect class="b a" fill="blue" width="30" height="20"/><circle class="c" cx="50" cy="30" r="12"/>'
    ),
    "a style of its own counts before rules for classes": drawing(
        '<style>.a{fill:red}</style><rect class="a" style="fill:green" width="30" height="20"/>'
    ),
    "a layer that is not shown": drawing(
        '<style type="text/css">\n .st0{display:none;}</style><g class="st0"><rect width="80" height="60"/></g>'
        + SHAPES
    ),
}


@pytest.mark.parametrize("name", SAID_OTHERWISE)
def test_it_stays_a_drawing_that_looks_the_same(name: str) -> None:
    data = SAID_OTHERWISE[name]
    with pytest.raises(Faulty):
        check_picture("x.svg", data)
    ours = in_our_words(data)
    checked = check_picture("x.svg", ours)
    assert (checked.width, checked.height) == (80, 60)
    before, after = (Image.open(io.BytesIO(rasterise(text.decode(), 80, 60))) for text in (data, ours))
    assert (
        ImageChops.difference(before.convert("RGBA"), after.convert("RGBA")).getbbox(alpha_only=False) is None
    )
    assert before.getextrema() != ((0, 0),) * len(before.getbands())


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(drawing("<style>rect{fill:red}</style>" + SHAPES), id="a rule for an element"),
        pytest.param(drawing("<style>.a .b{fill:red}</style>" + SHAPES), id="a rule for what lies within"),
        pytest.param(drawing('<style>@import "x.css";</style>' + SHAPES), id="another sheet"),
        pytest.param(
            drawing('<g style="mix-blend-mode:screen">' + SHAPES + "</g>"),
            id="a property that is no attribute",
        ),
        pytest.param(drawing('<g style="fill:red !important">' + SHAPES + "</g>"), id="a weight"),
        pytest.param(drawing('<g style="fill:url(#a)">' + SHAPES + "</g>"), id="a reference"),
        pytest.param(drawing('<circle cx="9" cy="9" r="10%"/>'), id="a share of the diagonal"),
        pytest.param(drawing('<use xlink:href="#a"/>'), id="a link"),
        pytest.param(drawing(SHAPES, before='<?xml-stylesheet href="a.css"?>'), id="a sheet beside it"),
        pytest.param(
            drawing(SHAPES, before="<!DOCTYPE svg [<!ATTLIST rect fill CDATA 'red'>]>"), id="a default"
        ),
        pytest.param(drawing('<text xml:space="preserve">a  b</text>'), id="spaces of a text"),
        pytest.param(b"<svg", id="no XML"),
    ],
)
def test_what_our_words_do_not_say_is_not_taken(data: bytes) -> None:
    with pytest.raises(Faulty):
        check_picture("x.svg", in_our_words(data))


@pytest.mark.parametrize(
    ("inside", "is_taken"),
    [
        pytest.param(f"<style>{' ' * 500_000}</style>" + SHAPES, True, id="a sheet of spaces"),
        pytest.param(f"<style>{'/* ' * 200_000}</style>" + SHAPES, False, id="comments that never end"),
        pytest.param(f"<style>{'/* ' * 200_000}*/</style>" + SHAPES, True, id="one comment"),
        pytest.param(f'<g style="fill:{" " * 500_000}!">{SHAPES}</g>', False, id="a value of spaces"),
        pytest.param("<metadata/>" * 20_001 + SHAPES, False, id="elements without number"),
    ],
)
def test_a_long_drawing_takes_no_longer_than_it_is(inside: str, is_taken: bool) -> None:
    """Each would take minutes if its parts were looked at from every place."""
    data = drawing(inside)
    assert (in_our_words(data) != data) == is_taken


def test_a_share_of_a_number_without_end_is_not_taken() -> None:
    data = drawing('<rect width="50%"/>').replace(b"0 0 80 60", b"0 0 " + b"9" * 1_000 + b" 60")
    assert in_our_words(data) == data


def test_an_imported_drawing_stays_one_and_loses_nothing() -> None:
    losses: list = []
    name, _ = ForeignMedia(lambda _: SAID_OTHERWISE["a style of its own"], {}, losses).picture("denah.svg")
    assert (name, losses) == ("denah.svg", [])
