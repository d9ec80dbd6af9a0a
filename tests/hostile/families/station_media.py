"""Drawings, pictures and recordings of a sealed package: what is not drawn is said in words."""

import struct
import zlib
from collections.abc import Callable
from typing import Final

from cbt_station.exam.content import Audio, Picture
from tests.hostile.building import chunk, png, svg
from tests.hostile.case import Case, Screen, World
from tests.hostile.families.station import screen


def _picture(name: str, data: bytes | str, words: str = "gambar pengganti") -> Callable[[World], Screen]:
    return screen((Picture(name, 200, 100, words),), media={name: data})


_DRAWINGS: Final[dict[str, str]] = {
    "file": svg('<image href="file://OUTSIDE/rahasia.png" width="9" height="9"/>'),
    "path": svg('<image xlink:href="OUTSIDE/rahasia.png" width="40" height="40"/>'),
    "path-in-another-prefix": svg(
        '<image xmlns:x="http://www.w3.org/1999/xlink" x:href="OUTSIDE/rahasia.png" width="40" height="40"/>'
    ),
    "share": svg(r'<image xlink:href="\\127.0.0.1\share\rahasia.png" width="40" height="40"/>'),
    "address": svg('<image xlink:href="HTTP/rahasia.png" width="40" height="40"/>'),
    "picture-in-data": svg('<image xlink:href="data:image/png;base64,iVBORw0KGgo=" width="40" height="40"/>'),
    "nested-use": svg(
        "<defs><g id='a0'><rect width='1' height='1'/></g>"
        + "".join(f"<g id='a{n}'>" + f"<use xlink:href='#a{n - 1}'/>" * 10 + "</g>" for n in range(1, 10))
        + "</defs><use xlink:href='#a9'/>"
    ),
    "use-of-itself": svg("<g id='a'><use xlink:href='#a'/></g>"),
    "pattern-of-itself": svg(
        '<pattern id="p" width="9" height="9"><rect width="9" height="9" fill="url(#p)"/></pattern><rect width="40" height="40" fill="url(#p)"/>'
    ),
    "mask-of-itself": svg(
        '<mask id="m"><rect width="9" height="9" mask="url(#m)"/></mask><rect width="40" height="40" mask="url(#m)"/>'
    ),
    "marker-on-a-marker": svg(
        '<marker id="m"><path d="M0 0L9 9" marker-end="url(#m)"/></marker><path d="M0 0L9 9" marker-end="url(#m)"/>'
    ),
    "filter": svg(
        '<filter id="f"><feImage xlink:href="OUTSIDE/rahasia.png"/></filter><rect width="40" height="40" filter="url(#f)"/>'
    ),
    "turbulence": svg(
        '<filter id="f"><feTurbulence numOctaves="9999"/></filter><rect width="40" height="40" filter="url(#f)"/>'
    ),
    "style-with-import": svg(
        "<style>@import url(file://OUTSIDE/rahasia.css);</style><rect width='9' height='9'/>"
    ),
    "style-attribute": svg('<rect width="9" height="9" style="fill:url(OUTSIDE/rahasia.svg#x)"/>'),
    "style-sheet-instruction": '<?xml-stylesheet href="OUTSIDE/rahasia.css"?>' + svg(),
    "entity-of-a-file": '<!DOCTYPE svg [<!ENTITY a SYSTEM "file://OUTSIDE/rahasia.txt">]>'
    + svg("<text>&a;</text>"),
    "entities": "<!DOCTYPE svg [<!ENTITY a 'haha'><!ENTITY b '&a;&a;&a;'>]>" + svg("<text>&b;</text>"),
    "script": svg("<script>x()</script>"),
    "page": svg("<foreignObject><p>x</p></foreignObject>"),
    "animation": svg(
        '<rect width="9" height="9"><animate attributeName="width" values="9;9999" dur="0.001s" repeatCount="indefinite"/></rect>'
    ),
    "million-dashes": svg('<path d="M0 0L99999 99999" stroke="#000" stroke-dasharray="0.001"/>'),
    "dashes-that-are-small-by-scale": svg(
        '<g transform="scale(0.00001)"><path d="M0 0L99999 99999" stroke="#000" stroke-width="9999" stroke-dasharray="1 1"/></g>'
    ),
    "number-beyond-all": svg('<rect width="1e999" height="1e999"/>'),
    "not-a-number": svg('<rect width="NaN" height="inf"/>'),
    "forty-thousand-pixels": svg('<rect width="9" height="9"/>', 'width="40000" height="40000"'),
    "box-of-forty-thousand": svg('<circle cx="20000" cy="20000" r="20000"/>', 'viewBox="0 0 40000 40000"'),
    "a-path-of-a-megabyte": svg('<path d="M0 0' + "L9 9L0 0" * 120_000 + '" stroke="#000"/>'),
    "a-path-of-many-curves": svg(
        '<path d="M0 0' + "C1 9 9 1 5 5" * 60_000 + '" stroke="#000" stroke-width="3"/>'
    ),
    "many-shapes": svg("<circle cx='20' cy='20' r='20' opacity='0.1'/>" * 1_990),
    "too-many-shapes": svg("<circle cx='20' cy='20' r='20'/>" * 2_100),
    "many-large-shapes": svg(
        "<rect width='4000' height='4000' opacity='0.5'/>" * 1_990, 'width="4000" height="4000"'
    ),
    "deep-groups": svg("<g>" * 2_000 + "</g>" * 2_000),
    "groups-that-fade": svg(
        "<g opacity='0.9'>" * 38 + "<rect width='4000' height='4000'/>" + "</g>" * 38,
        'width="4000" height="4000"',
    ),
    "words-without-end": svg("<text>" + "soal " * 150_000 + "</text>"),
    "a-stroke-of-a-hundred-thousand": svg(
        '<circle cx="9" cy="9" r="99999" stroke="#000" stroke-width="99999"/>'
    ),
}

_PLAIN: Final[dict[str, bytes]] = {
    "claims-forty-thousand": png(40_000, 40_000, rows=b"\0"),
    "claims-four-thousand-squared": png(4_000, 4_000, rows=b"\0" * 4_001 * 4_000),
    "claims-two-billion": png(2**31 - 1, 1, rows=b"\0"),
    "one-pixel-high": png(40_000, 1, rows=b"\0" * 40_001),
    "unpacks-to-a-gigabyte": png(
        8, 8, more=chunk(b"iTXt", b"x\0\1\0\0\0" + zlib.compress(b"\0" * (64 << 20), 9))
    ),
    "profile-that-unpacks": png(8, 8, more=chunk(b"iCCP", b"x\0\0" + zlib.compress(b"\0" * (64 << 20), 9))),
    "cut": png(64, 64)[:60],
    "rubbish-behind": png(8, 8) + b"\0" * 5_000_000,
    "a-gif-of-forty-thousand": b"GIF89a"
    + struct.pack("<2HBBB", 40_000, 40_000, 0x80, 0, 0)
    + b"\0\0\0\xff\xff\xff,\0\0\0\0"
    + struct.pack("<2HB", 40_000, 40_000, 0)
    + b"\2\2D\1\0;",
    "a-bitmap": b"BM"
    + struct.pack("<LLLLllHHLLllLL", 70, 0, 54, 40, 30_000, 30_000, 1, 24, 0, 0, 0, 0, 0, 0),
    "an-icon": b"\0\0\1\0\1\0\0\0\0\0\1\0\x20\0\xff\xff\xff\x7f\x16\0\0\0",
    "a-pixmap-of-letters": b'/* XPM */\nstatic char *x[] = {"99999 99999 1 1", "a c #f00"',
    "an-html-page": b"<html><img src='OUTSIDE/rahasia.png'></html>",
    "nothing": b"",
}


def _wav(rate: int, channels: int, claimed: int) -> bytes:
    head = struct.pack(
        "<4sL4s4sLHHLLHH4sL",
        b"RIFF",
        claimed,
        b"WAVE",
        b"fmt ",
        16,
        1,
        channels,
        rate,
        rate * 2 & 0xFFFFFFFF,
        2,
        16,
        b"data",
        claimed,
    )
    return head + b"\0" * 4_000


_SOUNDS: Final[dict[str, bytes]] = {
    "wav-that-claims-four-gigabytes": _wav(44_100, 2, 0xFFFFFFFF),
    "wav-of-no-rate": _wav(0, 0, 4_000),
    "wav-of-four-billion-a-second": _wav(0xFFFFFFFF, 65_535, 4_000),
    "mp3-of-rubbish": b"ID3\4\0\0\x7f\x7f\x7f\x7f" + b"\xff\xfb" * 5_000,
    "ogg-of-rubbish": b"OggS" + b"\xff" * 40_000,
    "flac-of-rubbish": b"fLaC\0\0\0\x22" + b"\xff" * 34 + b"\xff\xf8" * 5_000,
    "a-list-of-addresses": b"#EXTM3U\nHTTP/x.mp3\n",
    "an-address": b"HTTP/x.mp3",
    "nothing": b"",
}


def _sound(data: bytes) -> Callable[[World], Screen]:
    return screen((Audio("x.wav", "rekaman pengganti"),), media={"x.wav": data})


CASES: Final = (
    *(
        Case(f"station/drawing-{name}", "station", _picture("x.svg", data), ("gambar pengganti",))
        for name, data in _DRAWINGS.items()
    ),
    *(
        Case(f"station/picture-{name}", "station", _picture("x.png", data), ("gambar pengganti",))
        for name, data in _PLAIN.items()
    ),
    *(
        Case(f"station/sound-{name}", "station", _sound(data), ("rekaman pengganti",))
        for name, data in _SOUNDS.items()
    ),
)
