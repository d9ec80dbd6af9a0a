"""What a package brings to the station past every compiler: its reader refuses it, or the screen says in words what it does not draw."""

import struct
import wave
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Final

from cbt_station.exam.content import (
    Audio,
    Block,
    Blocks,
    Cell,
    Columns,
    Formula,
    Heading,
    Hot,
    Inline,
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
)
from cbt_station.exam.interactions import (
    Associable,
    ChoiceInteraction,
    Composite,
    GapMatchInteraction,
    HotspotInteraction,
    HottextInteraction,
    Interaction,
    MatchInteraction,
    Option,
    OrderInteraction,
    SelectPointInteraction,
    SliderInteraction,
    Spot,
    TextEntryInteraction,
)
from cbt_station.exam.item import Shown, ShownItem
from cbt_station.sealing import strict_json
from tests.hostile.building import chunk, png, svg
from tests.hostile.case import Case, Screen, World, filled


def _says(*texts: str) -> Blocks:
    return tuple(Paragraph((Text(text),)) for text in texts)


_CHOICE: Final = ChoiceInteraction((Option("a", _says("benar")), Option("b", _says("salah"))))


def _screen(
    stem: Blocks, interaction: Interaction = _CHOICE, media: dict[str, bytes | str] | None = None
) -> Callable[[World], Screen]:
    def make(world: World) -> Screen:
        item = ShownItem("satu", {"id": Shown(stem, interaction)})
        return Screen(item, {name: filled(data, world) for name, data in (media or {}).items()})

    return make


def _line(*parts: Inline) -> Blocks:
    return (Paragraph(parts),)


def _picture(name: str, data: bytes | str, words: str = "gambar pengganti") -> Callable[[World], Screen]:
    return _screen((Picture(name, 200, 100, words),), media={name: data})


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


def _honest_wav() -> bytes:
    out = BytesIO()
    with wave.open(out, "wb") as made:
        made.setnchannels(1)
        made.setsampwidth(2)
        made.setframerate(8_000)
        made.writeframes(b"\0" * 1_600)
    return out.getvalue()


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
    return _screen((Audio("x.wav", "rekaman pengganti"),), media={"x.wav": data})


def _deep(kind: Callable[[Blocks], Block], times: int) -> Blocks:
    blocks = _says("dalam")
    for _ in range(times):
        blocks = (kind(blocks),)
    return blocks


def _spans(times: int) -> Blocks:
    part: Inline = Text("dalam")
    for _ in range(times):
        part = Span((part,), underline=True)
    return _line(part)


def _html(text: str) -> Callable[[World], Screen]:
    return _screen(_says(text), ChoiceInteraction((Option("a", _says(text)), Option("b", _says("salah")))))


def _cells(rows: int, columns: int, text: str = "x") -> Blocks:
    return (Table(tuple(tuple(Cell((Text(text),)) for _ in range(columns)) for _ in range(rows))),)


_TREES: Final[dict[str, tuple[Callable[[World], Screen], str]]] = {
    "quotations-in-quotations": (_screen(_deep(Quote, 27)), "depth"),
    "lists-in-lists": (_screen(_deep(lambda blocks: Listing((blocks,)), 10)), "dalam"),
    "columns-in-columns": (_screen(_deep(lambda blocks: Columns((blocks, blocks)), 11)), "parts"),
    "columns-in-columns-that-fit": (
        _screen(_deep(lambda blocks: Columns((blocks, _says("y"))), 10)),
        "dalam",
    ),
    "spans-in-spans": (_screen(_spans(26)), "depth"),
    "spans-in-spans-that-fit": (_screen(_spans(20)), "dalam"),
    "five-thousand-paragraphs": (_screen(_says(*("x" for _ in range(5_000)))), "parts"),
    "many-paragraphs-that-fit": (_screen(_says(*(f"baris {n}" for n in range(1_900)))), "baris 1899"),
    "a-megabyte-of-text": (_screen(_says("soal " * 200_000)), "text"),
    "a-word-of-a-hundred-thousand": (_screen(_says("x" * 100_000)), "xxxx"),
    "words-that-fit": (_screen(_says("soal " * 26_000)), "soal soal"),
    "one-table-of-a-million": (_screen((Table(((Cell((Text("x"),), columns=1_000_000),),)),)), "table"),
    "a-cell-of-no-column": (_screen((Table(((Cell((Text("x"),), columns=0),),)),)), "table"),
    "a-cell-of-fewer-than-no-columns": (_screen((Table(((Cell((Text("x"),), columns=-5),),)),)), "table"),
    "many-cells": (_screen(_cells(70, 70)), "table"),
    "cells-that-fit": (_screen(_cells(60, 30, "isi")), "isi"),
    "cells-over-cells": (
        _screen((Table(tuple((Cell((Text("x"),), rows=200, columns=200),) for _ in range(19))),)),
        "table",
    ),
    "rows-that-are-short": (
        _screen(
            (
                Table(
                    (
                        tuple(Cell((Text("x"),)) for _ in range(199)),
                        *(((Cell((Text("y"),)),)) for _ in range(19)),
                    )
                ),
            )
        ),
        "table",
    ),
    "a-list-from-a-billion": (_screen((Listing((_says("x"),), start=10**12),)), "list"),
    "a-picture-of-a-million": (
        _screen((Picture("x.png", 10**6, 10**6, "kata"),), media={"x.png": png()}),
        "picture",
    ),
    "a-picture-of-no-size": (_screen((Picture("x.png", 0, -1, "kata"),), media={"x.png": png()}), "picture"),
    "a-formula-of-a-million": (
        _screen(
            _line(Formula("formula-x.svg", 10**7, 10**7, 0, "rumus", "x")), media={"formula-x.svg": svg()}
        ),
        "formula",
    ),
    "a-formula-that-is-a-page": (
        _screen(
            _line(Formula("formula-x.svg", 900, 900, 0, "rumus pengganti", "x")),
            media={"formula-x.svg": "<html/>"},
        ),
        "rumus pengganti",
    ),
    "a-hundred-pictures": (
        _screen(tuple(Picture("x.png", 9, 9, "kata") for _ in range(100)), media={"x.png": png()}),
        "pictures",
    ),
    "large-pictures-together": (
        _screen(
            tuple(Picture(f"{n}.png", 4_000, 2_000, "kata") for n in range(20)),
            media={f"{n}.png": png(4_000, 2_000) for n in range(20)},
        ),
        "kata",
    ),
    "alt-of-a-megabyte": (
        _screen((Picture("x.png", 9, 9, "kata " * 200_000),), media={"x.png": b""}),
        "text",
    ),
    "latex-of-a-megabyte": (
        _screen(
            _line(Formula("formula-x.svg", 900, 900, 0, "rumus", "x" * 1_000_000)),
            media={"formula-x.svg": svg()},
        ),
        "text",
    ),
    "alt-of-a-formula-of-a-megabyte": (
        _screen(_line(Formula("formula-x.svg", 900, 900, 0, "rumus " * 200_000, "x")), media={}),
        "text",
    ),
    "four-thousand-formulas": (
        _screen(
            _line(*(Formula("formula-x.svg", 900, 900, 0, "rumus", "x") for _ in range(3_990))),
            media={"formula-x.svg": svg()},
        ),
        "rumus",
    ),
    "a-thousand-recordings": (
        _screen(tuple(Audio(f"{n}.wav", "rekaman") for n in range(1_000)), media={}),
        "recordings",
    ),
    "a-recording-a-thousand-times": (
        _screen(tuple(Audio("x.wav", "rekaman") for _ in range(1_000)), media={"x.wav": _honest_wav()}),
        "recordings",
    ),
    "a-recording-of-minus-one-play": (
        _screen((Audio("x.wav", "rekaman", plays=-1),), media={"x.wav": _honest_wav()}),
        "plays",
    ),
    "three-thousand-places": (_screen((*(Place("RESPONSE") for _ in range(3_000)), *_says("x"))), "x"),
    "three-thousand-slots": (
        _screen(_line(Text("akhir"), *(Slot("RESPONSE") for _ in range(3_000))), TextEntryInteraction()),
        "akhir",
    ),
    "three-thousand-gaps": (
        _screen(
            _says("Isi."),
            GapMatchInteraction(
                _line(*(Slot(f"g{n}") for n in range(3_000))),
                tuple(f"g{n}" for n in range(3_000)),
                (Associable("a", _says("x")),),
            ),
        ),
        "gaps",
    ),
    "three-thousand-hot-words": (
        _screen(
            _says("Pilih."), HottextInteraction(_line(*(Hot(f"h{n}", (Text("x "),)) for n in range(1_900))))
        ),
        "gaps",
    ),
    "a-thousand-options": (
        _screen(_says("x"), ChoiceInteraction(tuple(Option(f"o{n}", _says("x")) for n in range(1_000)))),
        "options",
    ),
    "options-that-fit": (
        _screen(_says("x"), ChoiceInteraction(tuple(Option(f"o{n}", _says("pilihan")) for n in range(64)))),
        "pilihan",
    ),
    "sixty-four-times-sixty-four": (
        _screen(
            _says("x"),
            MatchInteraction(
                tuple(Associable(f"r{n}", _says("baris")) for n in range(64)),
                tuple(Associable(f"c{n}", _says("kolom")) for n in range(64)),
            ),
        ),
        "options",
    ),
    "an-order-of-a-thousand": (
        _screen(_says("x"), OrderInteraction(tuple(Option(f"o{n}", _says("x")) for n in range(1_000)))),
        "options",
    ),
    "a-hundred-parts": (
        _screen(_says("x"), Composite({f"r{n}": TextEntryInteraction() for n in range(100)})),
        "interactions",
    ),
    "sixty-four-parts-of-sixty-four": (
        _screen(
            _says("x"),
            Composite(
                {
                    f"r{n}": ChoiceInteraction(tuple(Option(f"o{m}", _says("x")) for m in range(64)))
                    for n in range(64)
                }
            ),
        ),
        "options",
    ),
    "a-field-of-a-million-wide": (
        _screen(_line(Text("x "), Slot("RESPONSE")), TextEntryInteraction(width=10**9)),
        "width",
    ),
    "a-field-of-a-billion-letters": (
        _screen(_line(Text("x "), Slot("RESPONSE")), TextEntryInteraction(most_characters=10**12)),
        "most_characters",
    ),
    "a-pattern-that-never-ends": (
        _screen(_line(Text("x "), Slot("RESPONSE")), TextEntryInteraction(pattern="(a+)+$" * 50)),
        "x",
    ),
    "a-slider-of-a-trillion-steps": (
        _screen(_says("x"), SliderInteraction("0", "1000000000000000", "0.000001")),
        "0,1",
    ),
    "a-slider-that-is-no-number": (_screen(_says("x"), SliderInteraction("NaN", "Infinity", "0")), "Belum"),
    "a-slider-of-a-million-digits": (
        _screen(_says("x"), SliderInteraction("0", "9" * 1_000_000, "1")),
        "scale",
    ),
    "spots-far-away": (
        _screen(
            _says("x"),
            HotspotInteraction(
                Picture("x.png", 90, 90, "gambar"),
                (Spot("s", "poly", tuple([10**12, -(10**12)] * 50), "tempat"),),
            ),
            {"x.png": png()},
        ),
        "corners",
    ),
    "a-spot-of-a-million-corners": (
        _screen(
            _says("x"),
            HotspotInteraction(
                Picture("x.png", 90, 90, "gambar"), (Spot("s", "poly", tuple(range(90)) * 5_000, "tempat"),)
            ),
            {"x.png": png()},
        ),
        "corners",
    ),
    "a-spot-of-no-corner": (
        _screen(
            _says("x"),
            HotspotInteraction(Picture("x.png", 90, 90, "gambar"), (Spot("s", "rect", (), "tempat"),)),
            {"x.png": png()},
        ),
        "tempat",
    ),
    "a-label-of-a-megabyte": (
        _screen(
            _says("x"),
            HotspotInteraction(
                Picture("x.png", 90, 90, "gambar"), (Spot("s", "rect", (1, 1, 50, 50), "tempat " * 150_000),)
            ),
            {"x.png": png()},
        ),
        "label",
    ),
    "a-point-on-no-picture": (
        _screen(
            _says("x"), SelectPointInteraction(Picture("../../o/rahasia.png", 90, 90, "gambar pengganti"))
        ),
        "gambar pengganti",
    ),
    "a-picture-by-a-path": (
        _screen((Picture("OUTSIDE/rahasia.png", 90, 90, "gambar pengganti"),)),
        "gambar pengganti",
    ),
    "a-picture-in-a-line-by-a-path": (
        _screen(_line(InlinePicture("../../../../o/rahasia.png", 9, 9, "gambar pengganti"))),
        "gambar pengganti",
    ),
    "an-id-of-a-hundred-thousand": (
        _screen(
            _says("x"),
            ChoiceInteraction((Option("a" * 100_000, _says("benar")), Option("b", _says("salah")))),
        ),
        "id",
    ),
    "lines-that-keep-their-spaces": (_screen((Verbatim("x" * 60_000 + "\n" * 3_000),)), "xxxx"),
    "a-heading-of-level-minus-one": (_screen((Heading(-1, (Text("x"),)),)), "heading"),
    "three-thousand-rules": (_screen((*(Separator() for _ in range(3_000)), *_says("akhir"))), "akhir"),
    "three-thousand-breaks": (_screen(_line(*(LineBreak() for _ in range(3_000)), Text("akhir"))), "akhir"),
}

_ITEM: Final = strict_json.encode(ShownItem("satu", {"id": Shown(_says("Soal satu."), _CHOICE)}))


def _raw(data: bytes) -> Callable[[World], Screen]:
    return lambda _world: Screen(ShownItem("satu", {}), {}, raw=data)


_JSON: Final[dict[str, bytes]] = {
    "key-twice": _ITEM.replace(b'"id":"satu"', b'"id":"satu","id":"dua"'),
    "language-twice": _ITEM.replace(
        b'"languages":{',
        b'"languages":{"id":'
        + _ITEM.partition(b'"languages":{"id":')[2].rpartition(b'},"stimulus"')[0]
        + b",",
    ),
    "unknown-field": _ITEM.replace(b'"id":"satu"', b'"id":"satu","html":"<b>x</b>"'),
    "unknown-block": _ITEM.replace(b'"is":"paragraph"', b'"is":"html"'),
    "not-a-number": _ITEM.replace(b'"shuffle":true', b'"shuffle":NaN'),
    "number-as-truth": _ITEM.replace(b'"shuffle":true', b'"shuffle":1'),
    "half-a-surrogate": _ITEM.replace(b"Soal satu.", b"Soal \\ud800."),
    "escaped-letters": _ITEM.replace(b"Soal satu.", b"\\u0053oal satu."),
    "nul": _ITEM.replace(b"Soal satu.", b"Soal \0satu."),
    "not-utf-8": _ITEM.replace(b"Soal satu.", b"Soal \xff\xfe."),
    "byte-order-mark": b"\xef\xbb\xbf" + _ITEM,
    "utf-16": _ITEM.decode().encode("utf-16"),
    "rubbish-behind": _ITEM + b" {}",
    "hundred-thousand-deep": b"[" * 100_000 + b"]" * 100_000,
    "deep-in-the-item": _ITEM.replace(b'{"is":"paragraph"', b'{"blocks":[' * 400 + b'{"is":"paragraph"', 1),
    "sixty-megabytes-of-text": _ITEM.replace(b"Soal satu.", b"x" * (60 << 20)),
    "number-of-a-million-digits": _ITEM.replace(b'"shuffle":true', b'"shuffle":' + b"9" * 1_000_000),
    "cut": _ITEM[:-5],
    "nothing": b"",
}

_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "markup": ('<b>tebal</b><img src="OUTSIDE/rahasia.png">', "<b>tebal</b>"),
    "page": (
        "<html><head><style>@import url(file://OUTSIDE/rahasia.css)</style></head><body>isi</body></html>",
        "@import",
    ),
    "rich-text-mark": ('<!DOCTYPE HTML><p style="font-size:900pt">besar', "font-size"),
    "link": ('<a href="HTTP/">tekan</a>', "<a href"),
    "markdown": ("![x](OUTSIDE/rahasia.png) **tebal**", "**tebal**"),
    "format-marks": ("{where} %s %1 {0.__class__}", "{0.__class__}"),
    "ampersand": ("&Simpan && <Keluar>", "&Simpan"),
    "bidi": ("kunci \u202edcba\u202c a", "kunci"),
    "isolates-without-end": ("\u2067" * 500 + "akhir", "akhir"),
    "combining-marks": ("a" + "\u0301" * 5_000, "a"),
    "letters-of-many-scripts": (
        "".join(chr(n) for n in range(0x370, 0x3300) if chr(n).isprintable()),
        "\u3042",
    ),
    "flags-and-families": ("\U0001f468\u200d\U0001f469\u200d\U0001f467" * 800, "\U0001f468"),
    "nul-and-controls": ("a\0b\x07c\x1b[31md", "a"),
    "object-replacements": ("\ufffc" * 900 + "akhir", "akhir"),
    "paragraph-separators": ("\u2029" * 900 + "akhir", "akhir"),
}

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
    *(Case(f"station/{name}", "station", make, (said,)) for name, (make, said) in _TREES.items()),
    *(
        Case(
            f"station/json-{name}",
            "station",
            _raw(data),
            ("text" if name.endswith("-text") else "malformed",),
        )
        for name, data in _JSON.items()
    ),
    *(Case(f"station/text-{name}", "station", _html(text), (said,)) for name, (text, said) in _TEXTS.items()),
)
