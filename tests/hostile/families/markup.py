"""HTML that acts, fetches, hides or never ends, in the stem of a Moodle quiz, a QTI 3, 2.2 and 1.2 item, and a GIFT file.

The parsers differ: Moodle, GIFT and QTI 1.2 hold HTML that is read as a browser reads it, QTI 3 and 2.2 hold XHTML.
"""

from typing import Final

from tests.hostile.building import gift, moodle, qti2, qti3, qti12
from tests.hostile.case import Case, file

ACTING: Final[dict[str, tuple[str, str]]] = {
    "script": ("<script>alert(1)</script>", "script"),
    "script-from-afar": ('<script src="HTTP/x.js"></script>', "script"),
    "iframe-of-a-file": ('<iframe src="file://OUTSIDE/rahasia.html"></iframe>', "iframe"),
    "iframe-with-a-page-in-it": ('<iframe srcdoc="&lt;p&gt;x&lt;/p&gt;"></iframe>', "iframe"),
    "object-of-a-file": (
        '<object data="file://OUTSIDE/rahasia.html" type="text/html"></object>',
        "object|OUTSIDE",
    ),
    "object-from-afar": ('<object data="HTTP/x.html" type="text/html">cadangan</object>', "object|PORT"),
    "embed": ('<embed src="HTTP/x.swf"/>', "embed"),
    "applet": ('<applet code="X.class"></applet>', "applet"),
    "form": ('<form action="HTTP/x"><input name="x"/></form>', "form"),
    "button": ('<button onclick="x()">Tekan</button>', "button"),
    "input-image": ('<input type="image" src="HTTP/x.png"/>', "input"),
    "textarea": ("<textarea>isi</textarea>", "textarea"),
    "select": ("<select><option>a</option></select>", "select"),
    "style-import-of-a-file": ("<style>@import url(file://OUTSIDE/rahasia.css);</style>", "style"),
    "style-import-from-afar": ("<style>@import 'HTTP/x.css'; p{display:none}</style>", "style"),
    "link-to-a-style-sheet": ('<link rel="stylesheet" href="HTTP/x.css"/>', "link"),
    "link-that-prefetches": ('<link rel="dns-prefetch" href="//contoh.invalid"/>', "link"),
    "meta-refresh": ('<meta http-equiv="refresh" content="0;url=HTTP/"/>', "meta"),
    "base": ('<base href="file://OUTSIDE/"/><img src="rahasia.png" alt="x"/>', "rahasia.png"),
    "video": ('<video src="HTTP/x.mp4" autoplay="autoplay"></video>', "video"),
    "audio-from-afar": ('<audio src="HTTP/x.mp3" autoplay="autoplay"></audio>', "PORT"),
    "audio-of-a-file": ('<audio src="file://OUTSIDE/rahasia.txt"></audio>', "OUTSIDE"),
    "audio-source-of-a-file": ('<audio><source src="OUTSIDE/rahasia.txt"/></audio>', "OUTSIDE"),
    "canvas": ("<canvas>isi</canvas>", "canvas"),
    "handler-on-an-element": ('<p onclick="alert(1)" onmouseover="x()">Tekan ini.</p>', "onclick"),
    "handler-on-a-picture": ('<img src="tidak-ada.png" alt="x" onerror="alert(1)"/>', "tidak-ada.png"),
    "link-with-a-script": ('<a href="javascript:alert(1)">Tekan ini.</a>', "javascript:"),
    "link-to-a-file": ('<a href="file://OUTSIDE/rahasia.txt">Tekan ini.</a>', "file://"),
    "link-to-data": ('<a href="data:text/html;base64,PHA+">Tekan ini.</a>', "data:"),
    "frame-set": ('<frameset><frame src="HTTP/"/></frameset>', "frame"),
    "marquee": ("<marquee>lari</marquee>", "marquee"),
    "element-of-its-own": ("<x-acara>isi</x-acara>", "x-acara"),
    "template": ("<template><p>tersembunyi</p></template>", "template"),
    "dialog": ("<dialog>tersembunyi</dialog>", "dialog"),
    "noscript": ("<noscript><img src='HTTP/x.png' alt='x'/></noscript>", "x.png"),
    "image-map": ('<map name="m"><area href="HTTP/" shape="default"/></map>', "map"),
}
"""By name: the markup, and what the report has of it."""

FETCHING: Final[dict[str, tuple[str, str]]] = {
    "picture-of-a-file-address": ('<img src="file://OUTSIDE/rahasia.png" alt="x"/>', "file://"),
    "picture-of-an-absolute-path": ('<img src="OUTSIDE/rahasia.png" alt="x"/>', "rahasia.png"),
    "picture-above": ('<img src="../../../o/rahasia.png" alt="x"/>', "rahasia.png"),
    "picture-above-in-escapes": ('<img src="%2e%2e%2f%2e%2e%2frahasia.png" alt="x"/>', "rahasia.png"),
    "picture-above-in-escapes-twice": ('<img src="%252e%252e%252frahasia.png" alt="x"/>', "rahasia.png"),
    "picture-of-a-share": (r'<img src="\\127.0.0.1\share\rahasia.png" alt="x"/>', "rahasia.png"),
    "picture-of-a-share-in-slashes": ('<img src="//127.0.0.1:PORT/rahasia.png" alt="x"/>', "rahasia.png"),
    "picture-of-a-drive": (r'<img src="C:\rahasia.png" alt="x"/>', "rahasia.png"),
    "picture-of-a-device": (r'<img src="\\.\PhysicalDrive0" alt="x"/>', "PhysicalDrive0"),
    "picture-of-a-device-file": ('<img src="/dev/zero" alt="x"/>', "/dev/zero"),
    "picture-from-afar": ('<img src="HTTP/rahasia.png" alt="x"/>', "rahasia.png"),
    "picture-from-afar-in-capitals": (
        '<img src="HtTp://127.0.0.1:PORT/rahasia.png" alt="x"/>',
        "rahasia.png",
    ),
    "picture-from-afar-after-a-space": (
        '<img src=" &#10;http://127.0.0.1:PORT/rahasia.png" alt="x"/>',
        "rahasia.png",
    ),
    "picture-by-ftp": ('<img src="ftp://127.0.0.1:PORT/rahasia.png" alt="x"/>', "rahasia.png"),
    "picture-by-its-set": ('<img src="x.png" srcset="HTTP/y.png 2x" alt="x"/>', "x.png"),
    "picture-element": (
        '<picture><source srcset="HTTP/x.png"/><img src="x.png" alt="x"/></picture>',
        "x.png",
    ),
    "picture-of-a-page-in-data": (
        '<img src="data:text/html,&lt;script&gt;x&lt;/script&gt;" alt="x"/>',
        "data:text/html",
    ),
    "picture-of-broken-data": ('<img src="data:image/png;base64,!!!!" alt="x"/>', "data:image/png"),
    "picture-of-a-nul": ('<img src="x.png%00OUTSIDE/rahasia.png" alt="x"/>', "x.png%00"),
    "picture-of-a-stream": ('<img src="x.png::$DATA" alt="x"/>', "$DATA"),
    "picture-of-a-blob": ('<img src="blob:HTTP/x" alt="x"/>', "blob:"),
    "picture-of-a-jar": ('<img src="jar:file://OUTSIDE/x.zip!/x.png" alt="x"/>', "jar:"),
    "background-of-a-style": ('<p style="background:url(file://OUTSIDE/rahasia.png)">Isi.</p>', "background"),
    "background-of-a-table": ('<table background="HTTP/x.png"><tr><td>Isi.</td></tr></table>', "background"),
    "list-with-a-picture": ('<ul style="list-style-image:url(HTTP/x.png)"><li>Isi.</li></ul>', "list-style"),
    "style-with-an-expression": ('<p style="width:expression(alert(1))">Isi.</p>', "width"),
    "drawing-with-a-script": ('<svg width="9" height="9"><script>alert(1)</script></svg>', "script"),
    "drawing-with-a-file": (
        '<svg width="9" height="9"><image href="OUTSIDE/rahasia.png" width="9" height="9"/></svg>',
        "rahasia.png",
    ),
    "drawing-with-a-page": (
        '<svg width="9" height="9"><foreignObject><p>x</p></foreignObject></svg>',
        "oreign",
    ),
}

HIDING: Final[dict[str, tuple[str, str]]] = {
    "not-displayed": ('<p style="display:none">bukan soal</p>', "bukan soal"),
    "invisible": ('<p style="visibility:hidden">bukan soal</p>', "bukan soal"),
    "hidden-attribute": ('<p hidden="hidden">bukan soal</p>', "bukan soal"),
    "of-no-size": ('<p style="font-size:0">bukan soal</p>', "bukan soal"),
    "white-on-white": ('<p style="color:#fff;background:#fff">bukan soal</p>', "color"),
    "far-to-the-left": ('<p style="position:absolute;left:-9999px">bukan soal</p>', "position"),
    "over-everything": ('<div style="position:fixed;top:0;z-index:9">tutup</div>', "position"),
    "in-a-transform": ('<p style="transform:scale(0)">bukan soal</p>', "transform"),
    "right-to-left-override": ("<p>kunci \u202e jawaban</p>", "202E"),
    "isolate": ("<p>kunci \u2067jawaban\u2069</p>", "2067"),
    "override-element": ('<p><bdo dir="rtl">jawaban</bdo></p>', "bdo"),
    "zero-width-space": ("<p>ja\u200bwaban</p>", "200B"),
    "soft-hyphen": ("<p>ja\u00adwaban</p>", "00AD"),
    "word-joiner": ("<p>ja\u2060waban</p>", "2060"),
    "byte-order-mark-within": ("<p>ja\ufeffwaban</p>", "FEFF"),
    "tag-characters": ("<p>jawaban\U000e0041\U000e007f</p>", "E0041"),
    "private-use": ("<p>jawaban \uf0e0</p>", "F0E0"),
    "not-a-character": ("<p>jawaban \ufdd0\uffff</p>", "FDD0|FFFF|65535|soal.xml"),
    "interlinear": ("<p>jawaban \ufff9x\ufffb</p>", "FFF9"),
    "line-separator": ("<p>jawaban\u2028b</p>", "2028"),
}

ENDLESS: Final[dict[str, tuple[str, str]]] = {
    "deep-blocks": ("<div>" * 20_000 + "x" + "</div>" * 20_000, "depth"),
    "deep-lines": ("<b>" * 20_000 + "x" + "</b>" * 20_000, "depth"),
    "deep-lists": ("<ul><li>" * 4_000 + "x" + "</li></ul>" * 4_000, "depth"),
    "deep-tables": ("<table><tr><td>" * 3_000 + "x" + "</td></tr></table>" * 3_000, "depth"),
    "hundred-thousand-deep": ("<i>" * 100_000 + "x" + "</i>" * 100_000, "depth|elements|Excessive"),
    "under-the-limit-of-the-parser": ("<div>" * 110 + "x" + "</div>" * 110, "depth|tingkat"),
    "many-elements": ("<b>x</b>" * 60_000, "elements|50000"),
    "many-breaks": ("<br/>" * 60_000, "elements|50000"),
    "many-paragraphs": ("<p>x</p>" * 11_000, "parts"),
    "many-attributes": ("<p " + " ".join(f'a{n}="x"' for n in range(100_000)) + ">x</p>", "attributes"),
    "combining-marks-that-fit": ("<p>" + "a" + "\u0301" * 5_000 + "</p>", "a"),
    "a-long-attribute": (f'<p title="{"x" * 5_000_000}">isi</p>', "isi"),
    "a-long-text": ("<p>" + "soal " * 200_000 + "</p>", "text"),
    "a-word-without-end": ("<p>" + "x" * 250_000 + "</p>", "text"),
    "wide-cell": ('<table><tr><td colspan="1000000">x</td></tr></table>', "1000000"),
    "tall-cell": ('<table><tr><td rowspan="1000000">x</td></tr></table>', "1000000"),
    "wide-and-tall-cells": (
        "<table><tr>" + '<td colspan="999" rowspan="999">x</td>' * 40 + "</tr></table>",
        "table|parts",
    ),
    "many-cells": ("<table>" + ("<tr>" + "<td>x</td>" * 150 + "</tr>") * 150 + "</table>", "elements"),
    "many-columns": ("<table><tr>" + "<td>x</td>" * 3_000 + "</tr></table>", "table|parts"),
    "list-from-far": ('<ol start="99999999999999999999"><li>x</li></ol>', "999999"),
    "many-pictures": (
        '<img alt="x" src="data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="/>'
        * 500,
        "pictures",
    ),
    "combining-marks": ("<p>" + "a" + "\u0301" * 50_000 + "</p>", "tidak dapat ditulis"),
}

_HTML: Final = {
    "moodle": lambda markup: file("soal.xml", moodle(f"<p>Soal satu.</p>{markup}")),
    "qti12": lambda markup: file("soal.xml", qti12(f"<p>Soal satu.</p>{markup}")),
    "gift": lambda markup: file("soal.gift", gift(f"<p>Soal satu.</p>{markup}")),
}
_XHTML: Final = {
    "qti3": lambda markup: file("soal.xml", qti3(markup)),
    "qti2": lambda markup: file("soal.xml", qti2(markup)),
}


def _cases() -> list[Case]:
    found = []
    for kind, payloads in (
        ("acting", ACTING),
        ("fetching", FETCHING),
        ("hiding", HIDING),
        ("endless", ENDLESS),
    ):
        for name, (markup, said) in payloads.items():
            for carrier, make in (_HTML | _XHTML).items():
                # One carrier of each parser has all; the others have what their own code decides about.
                if (
                    carrier in ("moodle", "qti3")
                    or (kind == "fetching" and carrier != "gift")
                    or name in _EVERYWHERE
                ):
                    found.append(
                        Case(
                            f"markup/{carrier}-{name}",
                            "import",
                            make(markup),
                            (said,),
                            kept=name == "combining-marks-that-fit",
                        )
                    )
    return found


_EVERYWHERE: Final = (
    "script",
    "iframe-of-a-file",
    "style-import-of-a-file",
    "picture-of-a-file-address",
    "picture-above",
    "not-displayed",
    "right-to-left-override",
    "deep-blocks",
    "wide-cell",
)
CASES: Final = tuple(_cases())
