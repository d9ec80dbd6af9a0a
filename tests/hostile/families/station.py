"""What a package brings to the station past every compiler: its reader refuses it, or the screen says in words what it does not draw."""

import wave
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
from tests.hostile.building import png, svg
from tests.hostile.case import Case, Screen, World, filled


def _says(*texts: str) -> Blocks:
    return tuple(Paragraph((Text(text),)) for text in texts)


_CHOICE: Final = ChoiceInteraction((Option("a", _says("benar")), Option("b", _says("salah"))))


def screen(
    stem: Blocks, interaction: Interaction = _CHOICE, media: dict[str, bytes | str] | None = None
) -> Callable[[World], Screen]:
    def make(world: World) -> Screen:
        item = ShownItem("satu", {"id": Shown(stem, interaction)})
        return Screen(item, {name: filled(data, world) for name, data in (media or {}).items()})

    return make


def _line(*parts: Inline) -> Blocks:
    return (Paragraph(parts),)


def honest_wav() -> bytes:
    out = BytesIO()
    with wave.open(out, "wb") as made:
        made.setnchannels(1)
        made.setsampwidth(2)
        made.setframerate(8_000)
        made.writeframes(b"\0" * 1_600)
    return out.getvalue()


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
    return screen(_says(text), ChoiceInteraction((Option("a", _says(text)), Option("b", _says("salah")))))


def _cells(rows: int, columns: int, text: str = "x") -> Blocks:
    return (Table(tuple(tuple(Cell((Text(text),)) for _ in range(columns)) for _ in range(rows))),)


_TREES: Final[dict[str, tuple[Callable[[World], Screen], str]]] = {
    "quotations-in-quotations": (screen(_deep(Quote, 27)), "depth"),
    "lists-in-lists": (screen(_deep(lambda blocks: Listing((blocks,)), 10)), "dalam"),
    "columns-in-columns": (screen(_deep(lambda blocks: Columns((blocks, blocks)), 11)), "parts"),
    "columns-in-columns-that-fit": (
        screen(_deep(lambda blocks: Columns((blocks, _says("y"))), 10)),
        "dalam",
    ),
    "spans-in-spans": (screen(_spans(26)), "depth"),
    "spans-in-spans-that-fit": (screen(_spans(20)), "dalam"),
    "five-thousand-paragraphs": (screen(_says(*("x" for _ in range(5_000)))), "parts"),
    "many-paragraphs-that-fit": (screen(_says(*(f"baris {n}" for n in range(1_900)))), "baris 1899"),
    "a-megabyte-of-text": (screen(_says("soal " * 200_000)), "text"),
    "a-word-of-a-hundred-thousand": (screen(_says("x" * 100_000)), "xxxx"),
    "words-that-fit": (screen(_says("soal " * 26_000)), "soal soal"),
    "one-table-of-a-million": (screen((Table(((Cell((Text("x"),), columns=1_000_000),),)),)), "table"),
    "a-cell-of-no-column": (screen((Table(((Cell((Text("x"),), columns=0),),)),)), "table"),
    "a-cell-of-fewer-than-no-columns": (screen((Table(((Cell((Text("x"),), columns=-5),),)),)), "table"),
    "many-cells": (screen(_cells(70, 70)), "table"),
    "cells-that-fit": (screen(_cells(60, 30, "isi")), "isi"),
    "cells-over-cells": (
        screen((Table(tuple((Cell((Text("x"),), rows=200, columns=200),) for _ in range(19))),)),
        "table",
    ),
    "rows-that-are-short": (
        screen(
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
    "a-list-from-a-billion": (screen((Listing((_says("x"),), start=10**12),)), "list"),
    "a-picture-of-a-million": (
        screen((Picture("x.png", 10**6, 10**6, "kata"),), media={"x.png": png()}),
        "picture",
    ),
    "a-picture-of-no-size": (screen((Picture("x.png", 0, -1, "kata"),), media={"x.png": png()}), "picture"),
    "a-formula-of-a-million": (
        screen(
            _line(Formula("formula-x.svg", 10**7, 10**7, 0, "rumus", "x")), media={"formula-x.svg": svg()}
        ),
        "formula",
    ),
    "a-formula-that-is-a-page": (
        screen(
            _line(Formula("formula-x.svg", 900, 900, 0, "rumus pengganti", "x")),
            media={"formula-x.svg": "<html/>"},
        ),
        "rumus pengganti",
    ),
    "a-hundred-pictures": (
        screen(tuple(Picture("x.png", 9, 9, "kata") for _ in range(100)), media={"x.png": png()}),
        "pictures",
    ),
    "large-pictures-together": (
        screen(
            tuple(Picture(f"{n}.png", 4_000, 2_000, "kata") for n in range(20)),
            media={f"{n}.png": png(4_000, 2_000) for n in range(20)},
        ),
        "kata",
    ),
    "alt-of-a-megabyte": (
        screen((Picture("x.png", 9, 9, "kata " * 200_000),), media={"x.png": b""}),
        "text",
    ),
    "latex-of-a-megabyte": (
        screen(
            _line(Formula("formula-x.svg", 900, 900, 0, "rumus", "x" * 1_000_000)),
            media={"formula-x.svg": svg()},
        ),
        "text",
    ),
    "alt-of-a-formula-of-a-megabyte": (
        screen(_line(Formula("formula-x.svg", 900, 900, 0, "rumus " * 200_000, "x")), media={}),
        "text",
    ),
    "four-thousand-formulas": (
        screen(
            _line(*(Formula("formula-x.svg", 900, 900, 0, "rumus", "x") for _ in range(3_990))),
            media={"formula-x.svg": svg()},
        ),
        "rumus",
    ),
    "a-thousand-recordings": (
        screen(tuple(Audio(f"{n}.wav", "rekaman") for n in range(1_000)), media={}),
        "recordings",
    ),
    "a-recording-a-thousand-times": (
        screen(tuple(Audio("x.wav", "rekaman") for _ in range(1_000)), media={"x.wav": honest_wav()}),
        "recordings",
    ),
    "a-recording-of-minus-one-play": (
        screen((Audio("x.wav", "rekaman", plays=-1),), media={"x.wav": honest_wav()}),
        "plays",
    ),
    "three-thousand-places": (screen((*(Place("RESPONSE") for _ in range(3_000)), *_says("x"))), "x"),
    "three-thousand-slots": (
        screen(_line(Text("akhir"), *(Slot("RESPONSE") for _ in range(3_000))), TextEntryInteraction()),
        "akhir",
    ),
    "three-thousand-gaps": (
        screen(
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
        screen(
            _says("Pilih."), HottextInteraction(_line(*(Hot(f"h{n}", (Text("x "),)) for n in range(1_900))))
        ),
        "gaps",
    ),
    "a-thousand-options": (
        screen(_says("x"), ChoiceInteraction(tuple(Option(f"o{n}", _says("x")) for n in range(1_000)))),
        "options",
    ),
    "options-that-fit": (
        screen(_says("x"), ChoiceInteraction(tuple(Option(f"o{n}", _says("pilihan")) for n in range(64)))),
        "pilihan",
    ),
    "sixty-four-times-sixty-four": (
        screen(
            _says("x"),
            MatchInteraction(
                tuple(Associable(f"r{n}", _says("baris")) for n in range(64)),
                tuple(Associable(f"c{n}", _says("kolom")) for n in range(64)),
            ),
        ),
        "options",
    ),
    "an-order-of-a-thousand": (
        screen(_says("x"), OrderInteraction(tuple(Option(f"o{n}", _says("x")) for n in range(1_000)))),
        "options",
    ),
    "a-hundred-parts": (
        screen(_says("x"), Composite({f"r{n}": TextEntryInteraction() for n in range(100)})),
        "interactions",
    ),
    "sixty-four-parts-of-sixty-four": (
        screen(
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
        screen(_line(Text("x "), Slot("RESPONSE")), TextEntryInteraction(width=10**9)),
        "width",
    ),
    "a-field-of-a-billion-letters": (
        screen(_line(Text("x "), Slot("RESPONSE")), TextEntryInteraction(most_characters=10**12)),
        "most_characters",
    ),
    "a-pattern-that-never-ends": (
        screen(_line(Text("x "), Slot("RESPONSE")), TextEntryInteraction(pattern="(a+)+$" * 50)),
        "x",
    ),
    "a-slider-of-a-trillion-steps": (
        screen(_says("x"), SliderInteraction("0", "1000000000000000", "0.000001")),
        "0,1",
    ),
    "a-slider-that-is-no-number": (screen(_says("x"), SliderInteraction("NaN", "Infinity", "0")), "Belum"),
    "a-slider-of-a-million-digits": (
        screen(_says("x"), SliderInteraction("0", "9" * 1_000_000, "1")),
        "scale",
    ),
    "spots-far-away": (
        screen(
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
        screen(
            _says("x"),
            HotspotInteraction(
                Picture("x.png", 90, 90, "gambar"), (Spot("s", "poly", tuple(range(90)) * 5_000, "tempat"),)
            ),
            {"x.png": png()},
        ),
        "corners",
    ),
    "a-spot-of-no-corner": (
        screen(
            _says("x"),
            HotspotInteraction(Picture("x.png", 90, 90, "gambar"), (Spot("s", "rect", (), "tempat"),)),
            {"x.png": png()},
        ),
        "tempat",
    ),
    "a-label-of-a-megabyte": (
        screen(
            _says("x"),
            HotspotInteraction(
                Picture("x.png", 90, 90, "gambar"), (Spot("s", "rect", (1, 1, 50, 50), "tempat " * 150_000),)
            ),
            {"x.png": png()},
        ),
        "label",
    ),
    "a-point-on-no-picture": (
        screen(
            _says("x"), SelectPointInteraction(Picture("../../o/rahasia.png", 90, 90, "gambar pengganti"))
        ),
        "gambar pengganti",
    ),
    "a-picture-by-a-path": (
        screen((Picture("OUTSIDE/rahasia.png", 90, 90, "gambar pengganti"),)),
        "gambar pengganti",
    ),
    "a-picture-in-a-line-by-a-path": (
        screen(_line(InlinePicture("../../../../o/rahasia.png", 9, 9, "gambar pengganti"))),
        "gambar pengganti",
    ),
    "an-id-of-a-hundred-thousand": (
        screen(
            _says("x"),
            ChoiceInteraction((Option("a" * 100_000, _says("benar")), Option("b", _says("salah")))),
        ),
        "id",
    ),
    "lines-that-keep-their-spaces": (screen((Verbatim("x" * 60_000 + "\n" * 3_000),)), "xxxx"),
    "a-heading-of-level-minus-one": (screen((Heading(-1, (Text("x"),)),)), "heading"),
    "three-thousand-rules": (screen((*(Separator() for _ in range(3_000)), *_says("akhir"))), "akhir"),
    "three-thousand-breaks": (screen(_line(*(LineBreak() for _ in range(3_000)), Text("akhir"))), "akhir"),
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
