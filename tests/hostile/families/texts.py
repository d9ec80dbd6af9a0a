"""Quizzes in plain text and JSON, and the pictures, drawings and recordings that foreign files carry."""

import base64
import io
import struct
import zlib
from typing import Final

from PIL import Image

from tests.hostile.building import chunk, gift, moodle, moodle_file, package, png, qti3, svg
from tests.hostile.case import Case, Made, file

_GOOD: Final = '{"pertanyaan": "Soal satu.", "pilihan": ["benar", "salah"], "jawaban": 0}'


def _json(questions: str, before: str = "") -> Made:
    return file("soal.json", f'{{{before}"teknis": [{_GOOD}{"," if questions else ""}{questions}]}}')


_BAD: Final = '"pertanyaan": "Soal dua.", "pilihan": ["ya", "bukan"]'


def _said(words: str) -> Made:
    """A second question with these words in its stem."""
    return _json("{" + _BAD.replace("dua", words) + ', "jawaban": 0}')


_JSON: Final[dict[str, tuple[Made, str]]] = {
    "key-twice": (_json(f'{{{_BAD}, "jawaban": 0, "jawaban": 1}}'), "dua kali"),
    "subject-twice": (
        _json("", '"teknis": [{"pertanyaan": "Soal lama.", "pilihan": ["ya", "bukan"], "jawaban": 0}], '),
        "teknis",
    ),
    "not-a-number": (_json(f'{{{_BAD}, "jawaban": NaN}}'), "jawaban"),
    "infinity": (_json(f'{{{_BAD}, "jawaban": -Infinity}}'), "jawaban"),
    "number-without-end": (_json(f'{{{_BAD}, "jawaban": 1e999}}'), "jawaban"),
    "number-of-a-million-digits": (_json(f'{{{_BAD}, "jawaban": {"9" * 1_000_000}}}'), "soal.json"),
    "number-of-four-thousand-digits": (_json(f'{{{_BAD}, "jawaban": {"9" * 4_000}}}'), "teknis[1]"),
    "truth-as-a-number": (_json(f'{{{_BAD}, "jawaban": true}}'), "jawaban"),
    "minus-one": (_json(f'{{{_BAD}, "jawaban": -1}}'), "teknis[1]"),
    "hundred-thousand-deep": (file("soal.json", "[" * 100_000 + "]" * 100_000), "soal.json"),
    "deep-in-a-question": (_json('{"pertanyaan": ' + "[" * 900 + "]" * 900 + "}"), "teknis[1]"),
    "half-a-surrogate": (_said("d\\ud800"), "D800"),
    "nul": (_said("d\\u0000"), "0000"),
    "bidi": (_said("d\\u202e"), "202E"),
    "markup": (_said("<script>x()</script>"), "<script>"),
    "unknown-field": (_json(f'{{{_BAD}, "jawaban": 0, "perintah": "rm"}}'), "perintah"),
    "prototype": (_json(f'{{{_BAD}, "jawaban": 0, "__proto__": {{}}}}'), "__proto__"),
    "a-million-options": (
        _json('{"pertanyaan": "x", "pilihan": [' + ",".join(['"a"'] * 300_000) + '], "jawaban": 0}'),
        "teknis[1]",
    ),
    "a-text-of-ten-megabytes": (
        _json('{"pertanyaan": "' + "x" * 10_000_000 + '", "pilihan": ["a", "b"], "jawaban": 0}'),
        "8000",
    ),
    "forty-megabytes": (file("soal.json", lambda: '{"teknis": [' + " " * (40 << 20) + "]}"), "soal.json"),
    "utf-16": (file("soal.json", f'{{"teknis": [{_GOOD}]}}'.encode("utf-16")), "soal.json"),
    "rubbish-behind": (file("soal.json", f'{{"teknis": [{_GOOD}]}} x'), "soal.json"),
    "null": (file("soal.json", "null"), "soal.json"),
}

_GIFT: Final[dict[str, tuple[Made, str]]] = {
    "nothing": (file("soal.gift", ""), "soal.gift"),
    "only-a-remark": (file("soal.gift", "// komentar\n"), "soal.gift"),
    "not-closed": (file("soal.gift", "Soal {=a ~b\n" + "x\n" * 50_000), "1"),
    "braces": (file("soal.gift", "{" * 100_000), "1"),
    "tildes": (file("soal.gift", "Soal {" + "~" * 100_000 + "}"), "1"),
    "weights": (file("soal.gift", "Soal {~%99999999999999999%a ~%-1e999%b}"), "1"),
    "numbers": (file("soal.gift", "Soal {#1e999999999:1e-999999999}"), "1"),
    "number-of-a-million-digits": (file("soal.gift", "Soal {#" + "9" * 1_000_000 + "}"), "1"),
    "category-of-a-path": (
        file("soal.gift", "$CATEGORY: ../../../etc/passwd\n\n" + gift("Soal satu.")),
        "Soal satu.",
    ),
    "a-thousand-answers": (
        file("soal.gift", "Soal {=a " + "".join(f"~b{n} " for n in range(3_000)) + "}"),
        "1",
    ),
    "deep-markup": (file("soal.gift", gift("<b>" * 20_000)), "depth"),
    "markdown": (file("soal.gift", "[markdown]![x](OUTSIDE/rahasia.png) {=a ~b}"), "rahasia.png"),
    "nul": (file("soal.gift", "So\0al {=a ~b}"), "NUL"),
    "binary": (file("soal.gift", bytes(range(256)) * 400), "soal.gift"),
    "utf-16": (file("soal.gift", gift("Soal satu.").encode("utf-16")), "soal.gift"),
}

_AIKEN: Final[dict[str, tuple[Made, str]]] = {
    "bidi": (file("soal.txt", "Soal \u202esatu\nA. benar\nB. salah\nANSWER: A\n"), "202E"),
    "markup": (
        file("soal.txt", "Soal <img src=OUTSIDE/rahasia.png> satu\nA. benar\nB. salah\nANSWER: A\n"),
        "<img",
    ),
    "answer-of-another-letter": (
        file(
            "soal.txt",
            "Soal satu\nA. benar\nB. salah\nANSWER: A\n\nSoal dua\nA. benar\nB. salah\nANSWER: \u0410\n",
        ),
        "\u0410",
    ),
    "lines-without-end": (
        file("soal.txt", "Soal satu\nA. benar\nB. salah\nANSWER: A\n" + "x\n" * 200_000),
        "5",
    ),
    "a-line-of-a-megabyte": (file("soal.txt", "x" * 1_000_000 + "\nA. benar\nB. salah\nANSWER: A\n"), "8000"),
    "spaces": (
        file("soal.txt", "Soal satu\nA. benar\nB. salah\nANSWER:" + " " * 200_000 + "\n"),
        "soal.txt|1",
    ),
}


def _carried(data: bytes | str, name: str = "x.png") -> Made:
    raw = data.encode() if isinstance(data, str) else data
    return file(
        "soal.xml",
        lambda: moodle(
            f'<p>Soal satu.</p><img src="@@PLUGINFILE@@/{name}" alt="x"/>', files=moodle_file(name, raw)
        ),
    )


def _gif(frames: int) -> bytes:
    out = io.BytesIO()
    pictures = [Image.new("RGB", (8, 8), (number % 250, 200 - number % 90, 9)) for number in range(frames)]
    pictures[0].save(out, "GIF", save_all=True, append_images=pictures[1:])
    return out.getvalue()


def _jpeg(size: bytes) -> bytes:
    """A JPEG whose frame says another size."""
    out = io.BytesIO()
    Image.new("L", (16, 16)).save(out, "JPEG")
    data = bytearray(out.getvalue())
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = size
    return bytes(data)


_NESTED: Final = (
    "<defs><g id='a0'><rect width='1' height='1'/></g>"
    + "".join(f"<g id='a{n}'>" + f"<use href='#a{n - 1}'/>" * 10 + "</g>" for n in range(1, 9))
    + "</defs><use href='#a8'/>"
)
_PICTURES: Final[dict[str, tuple[Made, str]]] = {
    "png-of-forty-thousand": (_carried(png(40_000, 40_000, rows=b"\0")), "picture"),
    "png-of-nineteen-thousand": (_carried(png(19_000, 1_800, rows=b"\0" * 19_001 * 1_800)), "x.png"),
    "png-of-thirty-million": (_carried(png(6_000, 5_000, rows=b"\0" * 6_001 * 5_000)), "x.png"),
    "png-with-a-text-that-unpacks": (
        _carried(png(8, 8, more=chunk(b"zTXt", b"x\0\0" + zlib.compress(b"\0" * (200 << 20), 9)))),
        "x.png",
    ),
    "png-that-is-cut": (_carried(png(64, 64)[:60]), "x.png"),
    "jpeg-of-sixty-five-thousand": (_carried(_jpeg(struct.pack(">HH", 65_535, 65_535)), "x.jpg"), "x.jpg"),
    "jpeg-of-no-size": (_carried(_jpeg(b"\0\0\0\0"), "x.jpg"), "x.jpg"),
    "gif-of-two-hundred-pictures": (_carried(_gif(200), "x.gif"), "x.gif"),
    "gif-of-sixty-five-thousand": (
        _carried(b"GIF89a\xff\xff\xff\xff\0\0\0,\0\0\0\0\xff\xff\xff\xff\0\x08\x01\0\0;", "x.gif"),
        "x.gif",
    ),
    "bmp-of-two-billion": (
        _carried(
            b"BM"
            + struct.pack("<LLLLllHHLLllLL", 70, 0, 54, 40, 2**31 - 1, 2**31 - 1, 1, 24, 0, 0, 0, 0, 0, 0),
            "x.bmp",
        ),
        "x.bmp",
    ),
    "tiff": (_carried(b"II*\0\x08\0\0\0" + b"\0" * 200, "x.tif"), "x.tif"),
    "postscript": (_carried("%!PS-Adobe-3.0 EPSF-3.0\n(/etc/passwd) run\n", "x.eps"), "x.eps"),
    "a-page": (_carried("<html><script>x()</script></html>"), "x.png"),
    "svg-of-a-file": (_carried(svg('<image href="file:///etc/passwd"/>'), "x.svg"), "x.svg"),
    "svg-from-afar": (_carried(svg('<image href="http://contoh.invalid/x.png"/>'), "x.svg"), "x.svg"),
    "svg-with-an-entity": (
        _carried(
            svg("<text>&a;</text>", doctype='<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>'),
            "x.svg",
        ),
        "x.svg",
    ),
    "svg-with-a-script": (_carried(svg("<script>x()</script>"), "x.svg"), "x.svg"),
    "svg-with-an-import": (
        _carried(svg("<style>@import url(http://contoh.invalid/x.css);</style>"), "x.svg"),
        "x.svg",
    ),
    "svg-with-an-escaped-import": (
        _carried(svg(r"<style>@\69mport url(http://contoh.invalid/x.css);</style>"), "x.svg"),
        "x.svg",
    ),
    "svg-with-a-picture-in-data": (
        _carried(
            svg(
                f'<image width="9" height="9" href="data:image/png;base64,{base64.b64encode(png(30_000, 30_000, rows=b"0")).decode()}"/>'
            ),
            "x.svg",
        ),
        "x.svg",
    ),
    "svg-in-an-svg-in-data": (
        _carried(
            svg(
                f'<image width="9" height="9" href="data:image/svg+xml;base64,{base64.b64encode(svg("<script/>").encode()).decode()}"/>'
            ),
            "x.svg",
        ),
        "x.svg",
    ),
    "svg-of-nested-use": (_carried(svg(_NESTED), "x.svg"), "x.svg"),
    "svg-of-a-pattern-in-itself": (
        _carried(
            svg(
                '<pattern id="p" width="1" height="1"><rect width="9" height="9" fill="url(#p)"/></pattern><rect width="40" height="40" fill="url(#p)"/>'
            ),
            "x.svg",
        ),
        "x.svg",
    ),
    "svg-of-filters": (
        _carried(
            svg(
                '<filter id="f">'
                + '<feGaussianBlur stdDeviation="900"/>' * 300
                + '</filter><g filter="url(#f)"><rect width="2000" height="2000"/></g>',
                'width="2000" height="2000"',
            ),
            "x.svg",
        ),
        "x.svg",
    ),
    "svg-of-a-turbulence": (
        _carried(
            svg(
                '<filter id="f"><feTurbulence baseFrequency="0.9" numOctaves="900"/></filter><rect width="2000" height="2000" filter="url(#f)"/>',
                'width="2000" height="2000"',
            ),
            "x.svg",
        ),
        "x.svg",
    ),
    "svg-of-a-million-dashes": (
        _carried(svg('<path d="M0 0L99999 99999" stroke="#000" stroke-dasharray="0.0001"/>'), "x.svg"),
        "x.svg",
    ),
    "svg-of-forty-thousand": (
        _carried(svg("<rect/>", 'width="40000" height="40000"'), "x.svg"),
        "x.svg|picture",
    ),
    "sound-that-is-a-page": (
        file(
            "soal.xml",
            moodle(
                '<p>Soal satu.</p><audio src="@@PLUGINFILE@@/x.mp3"></audio>',
                files=moodle_file("x.mp3", b"<html>"),
            ),
        ),
        "x.mp3",
    ),
    "sound-that-is-a-list": (
        file(
            "soal.xml",
            moodle(
                '<p>Soal satu.</p><audio src="@@PLUGINFILE@@/x.mp3"></audio>',
                files=moodle_file("x.mp3", b"#EXTM3U\nhttp://contoh.invalid/"),
            ),
        ),
        "x.mp3",
    ),
    "sound-of-seventeen-megabytes": (
        file(
            "soal.xml",
            lambda: moodle(
                '<p>Soal satu.</p><audio src="@@PLUGINFILE@@/x.mp3"></audio>',
                files=moodle_file("x.mp3", b"ID3" + b"\0" * (17 << 20)),
            ),
        ),
        "x.mp3|soal.xml",
    ),
    "name-of-a-device": (
        file(
            "paket.zip",
            lambda: package({"satu.xml": qti3('<img src="con.png" alt="x"/>'), "con.png": b"rusak"}),
        ),
        "con.png",
    ),
    "name-that-is-taken": (
        file(
            "paket.zip",
            lambda: package(
                {
                    "satu.xml": qti3('<img src="a/x.png" alt="x"/><img src="b/x.png" alt="x"/>'),
                    "a/x.png": png(8, 8),
                    "b/x.png": b"GIF8" + b"\0" * 9,
                }
            ),
        ),
        "b/x.png",
    ),
}

_MATHML: Final[dict[str, tuple[str, str]]] = {
    "deep-fractions": ("<mfrac><mn>1</mn>" * 30 + "<mn>1</mn>" + "</mfrac>" * 30, "1000"),
    "deep-roots": ("<msqrt>" * 25 + "<mi>x</mi>" + "</msqrt>" * 25, "1000"),
    "three-hundred-deep": ("<mrow>" * 70 + "<mi>x</mi>" + "</mrow>" * 70, "80|60|depth"),
    "many-letters": ("<mi>x</mi>" * 9_000, "MathML|12000"),
    "action": ('<maction actiontype="statusline"><mi>x</mi><mtext>y</mtext></maction>', "maction"),
    "link": ('<mi href="javascript:x()">x</mi>', "href|MathML|x"),
    "page": (
        '<semantics><mi>x</mi><annotation-xml encoding="text/html"><p>y</p></annotation-xml></semantics>',
        "annotation|MathML",
    ),
    "glyph": ('<mglyph src="file:///etc/passwd" alt="x"/>', "mglyph"),
    "huge-space": ('<mi>x</mi><mspace width="9999999em"/><mi>y</mi>', "formula"),
    "hidden": ("<mi>x</mi><mphantom><mi>jawaban</mi></mphantom>", "x"),
}


def _math(inner: str) -> Made:
    return file(
        "soal.xml", qti3(f'<p>Soal: <math xmlns="http://www.w3.org/1998/Math/MathML">{inner}</math></p>')
    )


_KEPT: Final = {
    "json-markup": "<script>",
    "gift-utf-16": "Soal satu.",
    "gift-category-of-a-path": "Soal satu.",
    "aiken-markup": "<img",
    "mathml-hidden": "x",
    "mathml-link": "x",
    "mathml-page": "x",
}
_ALL: Final = {
    **{f"json-{name}": made for name, made in _JSON.items()},
    **{f"gift-{name}": made for name, made in _GIFT.items()},
    **{f"aiken-{name}": made for name, made in _AIKEN.items()},
    **{f"mathml-{name}": (_math(inner), said) for name, (inner, said) in _MATHML.items()},
}
CASES: Final = (
    *(
        Case(f"text/{name}", "import", make, (_KEPT.get(name, said),), kept=name in _KEPT)
        for name, (make, said) in _ALL.items()
    ),
    *(Case(f"carried/{name}", "import", make, (said,)) for name, (make, said) in _PICTURES.items()),
)
