"""Banks in our own format that lie: texts, heads, names, links, pictures, recordings and formulas in the folder itself."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tests.banks.small_bank import HEAD, PLAIN, square
from tests.hostile.building import chunk, png
from tests.hostile.building import plain_svg as svg
from tests.hostile.case import Case, Made, World, folder

_ITEM: Final = "items/tiu-001.md"


def _bank(files: dict[str, bytes | str]) -> Made:
    return folder({"bank.yaml": HEAD, _ITEM: PLAIN} | files)


def _stem(text: str) -> Made:
    """The stem of the one item."""
    return _bank({_ITEM: PLAIN.replace("Berapa *setengah* dari $3$?", text)})


def _head(text: str) -> Made:
    """One more line in the item's head."""
    return _bank({_ITEM: PLAIN.replace("key: b", f"key: b\n{text}")})


def _bank_head(text: str) -> Made:
    return _bank({"bank.yaml": HEAD + text})


def _media(name: str, data: bytes | str) -> Made:
    return _bank(
        {f"media/{name}": data, _ITEM: PLAIN.replace("dari $3$?", f"dari $3$?\n\n![x](media/{name})")}
    )


def _then(change: Callable[[Path, World], None]) -> Made:
    """A good bank, and something done to its folder."""

    def make(folder_: Path, world: World) -> Path:
        root = _bank({})(folder_, world)
        change(root, world)
        return root

    return make


def _link(root: Path, name: str, target: str | Path) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.symlink_to(target)


def _pipe(root: Path, name: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(path)


def _sparse(root: Path, name: str, size: int) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.truncate(size)


def _odd_name(root: Path, name: bytes) -> None:
    path = root / "media" / os.fsdecode(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(square())


_FOLDERS: Final[dict[str, tuple[Made, str]]] = {
    "item-that-is-a-link": (
        _then(lambda root, world: _link(root, _ITEM, world.outside / "rahasia.md")),
        _ITEM,
    ),
    "head-that-is-a-link": (
        _then(lambda root, world: _link(root, "bank.yaml", world.outside / "rahasia.yaml")),
        "bank.yaml",
    ),
    "picture-that-is-a-link": (
        _then(lambda root, world: _link(root, "media/x.png", world.outside / "rahasia.png")),
        "x.png",
    ),
    "folder-that-is-a-link": (_then(lambda root, world: _link(root, "media", world.outside)), "media"),
    "folder-in-a-folder-that-is-a-link": (
        _then(lambda root, world: _link(root, "items/x", world.outside)),
        "items/x",
    ),
    "link-to-itself": (_then(lambda root, _world: _link(root, "items/x.md", "x.md")), "items/x.md"),
    "link-up": (_then(lambda root, _world: _link(root, "items/x", "..")), "items/x"),
    "pipe": (_then(lambda root, _world: _pipe(root, "items/x.md")), "items/x.md"),
    "pipe-as-a-picture": (_then(lambda root, _world: _pipe(root, "media/x.png")), "media/x.png"),
    "sparse-item": (_then(lambda root, _world: _sparse(root, "items/x.md", 1 << 40)), "items/x.md"),
    "sparse-picture": (_then(lambda root, _world: _sparse(root, "media/x.png", 1 << 40)), "media/x.png"),
    "sparse-recording": (_then(lambda root, _world: _sparse(root, "media/x.wav", 1 << 40)), "media/x.wav"),
    "sparse-head": (_then(lambda root, _world: _sparse(root, "bank.yaml", 1 << 40)), "bank.yaml"),
    "name-of-other-bytes": (_then(lambda root, _world: _odd_name(root, b"\xff\xfe.png")), "udcff"),
    "name-with-a-newline": (_then(lambda root, _world: _odd_name(root, b"a\nitems: x.png")), "media/a"),
    "name-with-an-escape-sequence": (_then(lambda root, _world: _odd_name(root, b"\x1b[31mx.png")), "media/"),
    "name-that-turns": (_then(lambda root, _world: _odd_name(root, "x\u202egnp.svg".encode())), "media/x"),
    "name-of-a-device": (_bank({"media/con.png": square()}), "con.png"),
    "name-of-a-device-as-an-item": (_bank({"items/nul.md": PLAIN.replace("tiu-001", "nul")}), "nul"),
    "name-of-a-stream": (_bank({"media/x.png:y": square()}), "x.png:y"),
    "name-with-a-space-behind": (_bank({"media/x.png ": square()}), "x.png"),
    "name-in-capitals": (_bank({"media/X.PNG": square()}), "X.PNG"),
    "names-that-differ-in-case": (_bank({"items/TIU-001.md": PLAIN}), "TIU-001"),
    "names-that-differ-by-composition": (
        _bank({"items/\u00e9.md": PLAIN, "items/e\u0301.md": PLAIN}),
        "items/\u00e9.md",
    ),
    "formula-s-name": (_bank({"media/formula-x.svg": svg()}), "formula-x.svg"),
    "folders-a-hundred-deep": (
        _bank({"items/" + "a/" * 100 + "x.md": PLAIN.replace("tiu-001", "x")}),
        "exact",
    ),
    "program-among-the-items": (_bank({"items/x.py": "import os"}), "x.py"),
    "macro-among-the-pictures": (_bank({"media/x.docm": b"PK"}), "x.docm"),
    "thirty-thousand-items": (_bank({f"items/i{n}.md": "" for n in range(30_000)}), "20000"),
}

_HEADS: Final[dict[str, tuple[Made, str]]] = {
    "yaml-anchor": (_head("note: &a x"), "(a)"),
    "yaml-billion-laughs": (
        _bank_head(
            "x0: &x0 [a]\n"
            + "".join(f"x{n}: &x{n} [{', '.join([f'*x{n - 1}'] * 9)}]\n" for n in range(1, 10))
        ),
        "x0",
    ),
    "yaml-alias": (_head("note: *a"), "(a)"),
    "yaml-tag-of-python": (_head('note: !!python/object/apply:os.system ["id"]'), "python/object/apply"),
    "yaml-tag-of-binary": (_head("note: !!binary aGFsbw=="), "binary"),
    "yaml-tag-of-its-own": (_head("note: !jahat x"), "!jahat"),
    "yaml-merge": (_head("<<: {key: a}"), "<<"),
    "yaml-key-twice": (_head("key: a"), "“key”"),
    "yaml-key-twice-in-quotes": (_head('"key": a'), "“key”"),
    "yaml-key-twice-in-escapes": (_head('"\\u006bey": a'), "“key”"),
    "yaml-key-that-is-a-list": (_head("? [a, b]\n: x"), _ITEM),
    "yaml-deep": (_head("note: " + "[" * 5_000 + "]" * 5_000), _ITEM),
    "yaml-deep-mappings": (_head("note: " + "{a: " * 3_000 + "x" + "}" * 3_000), _ITEM),
    "yaml-deep-in-the-rule": (_head("processing: " + "[" * 3_000 + "]" * 3_000), _ITEM),
    "yaml-directive": (_bank({"bank.yaml": "%YAML 1.1\n---\n" + HEAD}), "bank.yaml"),
    "yaml-several-documents": (_bank({"bank.yaml": HEAD + "---\n" + HEAD}), "bank.yaml"),
    "yaml-nul": (_head("note: a\0b"), "U+0000"),
    "yaml-hidden-in-escapes": (_head('note: "a\\u202eb"'), "U+202E"),
    "yaml-nul-in-escapes": (_head('note: "a\\0b"'), "U+0000"),
    "yaml-beyond-unicode": (_head('note: "\\UFFFFFFFF"'), _ITEM),
    "yaml-half-a-surrogate": (_head('note: "\\ud800"'), "U+D800"),
    "yaml-unknown-key": (_head("perintah: rm -rf /"), "perintah"),
    "yaml-not-a-number": (_bank({"bank.yaml": HEAD.replace("right: 5", "right: .nan")}), "right"),
    "yaml-number-without-end": (_bank({"bank.yaml": HEAD.replace("right: 5", "right: .inf")}), "right"),
    "yaml-number-of-a-huge-exponent": (
        _bank({"bank.yaml": HEAD.replace("right: 5", "right: 1e999999999")}),
        "right",
    ),
    "yaml-number-of-many-digits": (
        _bank({"bank.yaml": HEAD.replace("right: 5", f"right: {'9' * 50_000}")}),
        "right",
    ),
    "yaml-list-of-sixty-thousand": (
        _bank(
            {
                "bank.yaml": HEAD.replace(
                    "topics: [deret, hitung]",
                    f"topics: [{', '.join(f'a{n}' for n in range(8_000))}, deret, hitung]",
                )
            }
        ),
        "",
    ),
    "yaml-too-large": (_head("note: " + "x" * 70_000), "65536"),
    "id-of-a-path": (_bank({_ITEM: PLAIN.replace("id: tiu-001", "id: ../../x")}), "../../x"),
    "id-of-a-hundred-thousand": (
        _bank({"items/" + "a" * 200 + ".md": PLAIN.replace("tiu-001", "a" * 200)}),
        "aaa",
    ),
    "section-called-total": (_bank({"bank.yaml": HEAD.replace("  TKP:", "  total:")}), "total"),
    "tolerance-without-end": (_head("tolerance: 1e999999999"), "tolerance"),
    "stimulus-of-a-path": (_head("stimulus: ../../../o/rahasia"), "rahasia"),
}

_BODIES: Final[dict[str, tuple[Made, str]]] = {
    "html": (_stem("<script>x()</script>"), "HTML"),
    "html-within-a-line": (_stem('Berapa <img src="OUTSIDE/rahasia.png"> ini?'), _ITEM),
    "html-entity": (_stem("Berapa &#8238;ini?"), "U+202E"),
    "link": (_stem("Lihat [di sini](HTTP/)."), _ITEM),
    "link-by-itself": (_stem("Lihat <HTTP/>."), _ITEM),
    "link-by-reference": (_stem("Lihat [di sini].\n\n[di sini]: HTTP/"), _ITEM),
    "picture-from-afar": (_stem("![x](HTTP/x.png)"), "x.png"),
    "picture-of-a-file-address": (_stem("![x](file://OUTSIDE/rahasia.png)"), "rahasia.png"),
    "picture-of-an-absolute-path": (_stem("![x](OUTSIDE/rahasia.png)"), "rahasia.png"),
    "picture-above": (_stem("![x](media/../../../../../o/rahasia.png)"), "rahasia.png"),
    "picture-of-a-share": (_stem("![x](//127.0.0.1/share/rahasia.png)"), "rahasia.png"),
    "picture-of-data": (_stem("![x](data:image/png;base64,aaaa)"), "data:"),
    "picture-without-words": (_stem("![](media/x.png)"), _ITEM),
    "picture-of-a-million": (
        _bank(
            {
                "media/x.png": square(),
                _ITEM: PLAIN.replace("dari $3$?", "dari $3$?\n\n![x](media/x.png){width=99999999999}"),
            }
        ),
        "width",
    ),
    "plays-of-a-million": (
        _bank(
            {
                "media/x.wav": b"RIFF\x04\0\0\0WAVEfmt ",
                _ITEM: PLAIN.replace("dari $3$?", "dari $3$?\n\n![x](media/x.wav){plays=99999999999}"),
            }
        ),
        "plays",
    ),
    "right-to-left-override": (_stem("Berapa \u202e ini?"), "U+202E"),
    "isolate": (_stem("Berapa \u2067ini\u2069?"), "U+2067"),
    "zero-width-space": (_stem("Be\u200brapa?"), "U+200B"),
    "byte-order-mark-within": (_stem("Be\ufeffrapa?"), "U+FEFF"),
    "soft-hyphen": (_stem("Be\u00adrapa?"), "U+00AD"),
    "tag-characters": (_stem("Berapa\U000e0041?"), "U+E0041"),
    "variation-selectors": (_stem("Berapa\ufe0f\U000e0100?"), "Berapa"),
    "private-use": (_stem("Berapa \uf0b7?"), "U+F0B7"),
    "line-separator": (_stem("Berapa\u2028ini?"), "U+2028"),
    "next-line": (_stem("Berapa\u0085ini?"), "U+0085"),
    "nul": (_stem("Berapa\0ini?"), "U+0000"),
    "escape-sequence": (_stem("Berapa \x1b]0;x\x07ini?"), "U+001B"),
    "tab": (_stem("Berapa\tini?"), "U+0009"),
    "carriage-return": (_stem("Berapa\rini?"), _ITEM),
    "byte-order-mark": (_bank({_ITEM: "\ufeff" + PLAIN}), _ITEM),
    "utf-16": (_bank({_ITEM: PLAIN.encode("utf-16")}), _ITEM),
    "over-long-utf-8": (_bank({_ITEM: PLAIN.encode() + b"\xc0\xaf"}), _ITEM),
    "surrogates-in-utf-8": (_bank({_ITEM: PLAIN.encode() + b"\xed\xa0\x80"}), _ITEM),
    "quotations": (_stem("> " * 15_000 + "x"), _ITEM),
    "lists": (_stem("1. " * 10_000), _ITEM),
    "brackets": (_stem("[" * 30_000), _ITEM),
    "emphasis": (_stem("*a **b " * 5_000), _ITEM),
    "backticks": (_stem("`" * 15_000 + "x" + "``" * 10_000), _ITEM),
    "slots": (_stem("{{x}}" * 12_000), _ITEM),
    "hot-words": (_stem("[[a|" * 12_000), _ITEM),
    "columns": (_stem("::: columns\n" * 2_500 + ":::\n" * 2_500), _ITEM),
    "table": (_stem("|a" * 10_000 + "|\n" + "|-" * 10_000 + "|"), _ITEM),
    "table-of-many-rows": (_stem("|a|b|\n|-|-|\n" + "|c|d|\n" * 6_000), "12002"),
    "formulas": (_stem(" ".join(f"$x_{{{n}}}$" for n in range(3_000))), "4000"),
    "paragraphs": (_stem("x\n\n" * 15_000), _ITEM),
    "options": (
        _bank({_ITEM: PLAIN.replace("- [c] 2", "".join(f"- [o{n}] x{n}\n" for n in range(3_000)))}),
        "64|3000",
    ),
    "option-twice": (_bank({_ITEM: PLAIN.replace("- [c]", "- [b]")}), "“b”"),
    "front-matter-that-never-ends": (_bank({_ITEM: "---\n" + "a: b\n" * 12_000}), _ITEM),
}

_FORMULAS: Final[dict[str, tuple[str, str]]] = {
    "reads-a-file": (r"\input{OUTSIDE/rahasia.txt}", "input"),
    "includes-a-picture": (r"\includegraphics{OUTSIDE/rahasia.png}", "includegraphics"),
    "starts-a-program": (r"\write18{id}", "write"),
    "opens-a-file": (r"\openin5=/etc/passwd", "openin"),
    "defines-itself": (r"\def\a{\a\a}\a", "def"),
    "new-command": (r"\newcommand{\a}{\a}\a", "newcommand"),
    "loop": (r"\loop\iftrue\repeat", "loop"),
    "links": (r"\href{HTTP/}{x}", "href"),
    "link-with-a-script": (r"\url{javascript:x}", "url"),
    "style": (r"\style{background:url(HTTP/)}{x}", "style"),
    "html": (r"\htmlClass{x}{y}", "htmlClass"),
    "rule-of-a-kilometre": (r"\rule{1000000000em}{1000000000em}", "formula|rule|color"),
    "space-of-a-kilometre": (r"a\hspace{1000000000em}b", "formula|hspace"),
    "kern": (r"a\kern1000000000em b", "formula|kern"),
    "raise": (r"\raise1000000000em\hbox{b}", "formula|raise"),
    "deep-fractions": (r"\frac{1}{" * 40 + "1" + "}" * 40, "1000"),
    "deep-roots": (r"\sqrt{" * 70 + "x" + "}" * 70, "1000"),
    "deep-exponents": ("x^{" * 120 + "x" + "}" * 120, "x^|items/"),
    "deep-braces": ("{" * 240 + "x" + "}" * 240, "{{"),
    "unbalanced": ("{" * 200, "{{"),
    "many-characters": ("x" * 20_000, "500"),
    "large-matrix": (r"\begin{matrix}" + "&".join("1" for _ in range(200)) + r"\end{matrix}", "1"),
    "matrix-of-rows": (r"\begin{matrix}" + r"\\".join("1" for _ in range(140)) + r"\end{matrix}", "formula"),
    "unknown-environment": (r"\begin{tikzpicture}\draw;\end{tikzpicture}", "tikzpicture"),
    "environment-not-closed": (r"\begin{matrix}1", "matrix"),
    "comment": ("x % y", "%"),
    "hidden-letters": ("x\u200by", "U+200B"),
    "no-glyph": ("\U0001f600", "1F600"),
    "verbatim": (r"\verb|x|", "verb"),
    "catcode": (r"\catcode`\%=12", "catcode"),
    "left-without-right": (r"\left(" * 40 + "x", "left"),
    "colour": (r"\color{white}x", "color"),
    "phantom": (r"\phantom{jawaban}", "phantom"),
    "over-each-other": (r"x\!\!\!\!\!\!\!\!y", "!"),
    "mathml-in-latex": ("<math><mi>x</mi></math>", "math"),
}

_DRAWINGS: Final[dict[str, tuple[str | bytes, str]]] = {
    "file": (svg('<image href="file://OUTSIDE/rahasia.png"/>'), "image"),
    "use": (svg('<use href="#a"/>'), "use"),
    "style": (svg("<style>@import url(OUTSIDE/rahasia.css)</style>"), "style"),
    "script": (svg("<script>x()</script>"), "script"),
    "entity": (
        '<!DOCTYPE svg [<!ENTITY a SYSTEM "file://OUTSIDE/rahasia.txt">]>' + svg("<text>&a;</text>"),
        "DOCTYPE",
    ),
    "handler": (svg('<rect onload="x()"/>'), "onload"),
    "gradient": (svg('<linearGradient id="a"/>'), "linearGradient"),
    "forty-thousand-pixels": (svg("", 'width="40000" height="40000"'), "40000"),
    "huge-number": (svg('<rect width="1e9" height="1"/>'), "1e9"),
    "number-of-many-digits": (svg(f'<rect width="{"9" * 400_000}" height="1"/>'), "999"),
    "many-elements": (svg("<rect/>" * 20_000), "2000"),
    "deep": (svg("<g>" * 100 + "</g>" * 100), "16"),
    "large": (svg("<!--" + "x" * 2_000_000 + "-->"), "1048576"),
    "utf-16": (svg().encode("utf-16"), "x.svg"),
    "html": ("<html></html>", "html"),
    "dashes": (svg('<path d="M0 0L9 9" stroke-dasharray="0.001"/>'), "dasharray"),
}

_PICTURES: Final[dict[str, tuple[bytes, str]]] = {
    "forty-thousand-pixels": (png(40_000, 40_000, rows=b"\0"), "x.png"),
    "nine-thousand-pixels": (png(9_000, 9_000, rows=b"\0"), "9000"),
    "text-that-unpacks": (
        png(8, 8, more=chunk(b"zTXt", b"x\0\0" + __import__("zlib").compress(b"\0" * (200 << 20), 9))),
        "x.png",
    ),
    "cut": (png(64, 64)[:60], "x.png"),
    "another-kind": (b"GIF89a" + b"\0" * 40, "x.png"),
    "a-page": (b"<html><script>x()</script></html>", "x.png"),
    "a-program": (b"\x7fELF" + b"\0" * 400, "x.png"),
    "nothing": (b"", "x.png"),
    "wrong-sum": (png(9, 9, more=chunk(b"pHYs", b"\0" * 9)[:-4] + b"\1\2\3\4")[:90], "x.png"),
}

_SOUNDS: Final[dict[str, tuple[bytes, str]]] = {
    "a-list-of-addresses": (b"#EXTM3U\nHTTP/x.mp3", "x.wav"),
    "an-mp3-under-another-name": (b"ID3" + b"\0" * 40, "x.wav"),
    "a-page": (b"<html>", "x.wav"),
    "an-avi": (b"RIFF\0\0\0\0AVI LIST", "x.wav"),
    "nothing": (b"", "x.wav"),
}


def _formula(latex: str) -> Made:
    return _bank({_ITEM: PLAIN.replace("$3$", f"${latex}$")})


_KEPT: Final = {
    "folders-a-hundred-deep": "setengah",
    "yaml-list-of-sixty-thousand": "setengah",
    "variation-selectors": "Berapa",
    "emphasis": "a ",
    "backticks": "```",
    "large-matrix": "[1, 1",
    "verbatim": "x",
    "over-each-other": "x",
    "mathml-in-latex": "x",
}
"""What is no threat as what it is: marks that are no marks are text, a formula that can be drawn is one."""

CASES: Final = (
    *(
        Case(f"native/{name}", "bank", make, (_KEPT.get(name, said),), kept=name in _KEPT)
        for name, (make, said) in {**_FOLDERS, **_HEADS, **_BODIES}.items()
    ),
    *(
        Case(f"formula/{name}", "bank", _formula(latex), (_KEPT.get(name, said),), kept=name in _KEPT)
        for name, (latex, said) in _FORMULAS.items()
    ),
    *(
        Case(f"native/drawing-{name}", "bank", _media("x.svg", data), (said,))
        for name, (data, said) in _DRAWINGS.items()
    ),
    *(
        Case(f"native/picture-{name}", "bank", _media("x.png", data), (said,))
        for name, (data, said) in _PICTURES.items()
    ),
    *(
        Case(f"native/sound-{name}", "bank", _media("x.wav", data), (said,))
        for name, (data, said) in _SOUNDS.items()
    ),
)
