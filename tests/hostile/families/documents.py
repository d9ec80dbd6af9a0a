"""Word documents: pictures and parts from elsewhere, fields that fetch or start, letters that nobody sees, depth."""

from collections.abc import Callable
from typing import Final

from tests.banks.test_word import KINDS, NAMES, OFFICE, RELATION, table
from tests.hostile.building import png, svg, zipped
from tests.hostile.case import Case, file


def docx(
    stem: str,
    *,
    related: str = "",
    more: dict[str, bytes | str] | None = None,
    doctype: str = "",
    body: str = "",
    document: Callable[[str], str] = str,
) -> bytes:
    """A Word document of one question; `stem` is a paragraph's text or a run's XML."""
    main = f'<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/>'
    tables = table(
        ["NO", "SOAL", "JAWABAN A", "JAWABAN B", "JAWABAN BENAR"], ["1", stem, "benar", "salah", "A"]
    )
    text = f'<?xml version="1.0"?>{doctype}<w:document {NAMES}><w:body>{tables}{body}</w:body></w:document>'
    files: dict[str, bytes | str] = {
        "[Content_Types].xml": KINDS,
        "_rels/.rels": RELATION.format(main),
        "word/_rels/document.xml.rels": RELATION.format(related),
        "word/document.xml": document(text),
    }
    return zipped(files | (more or {}))


def _linked(kind: str, target: str) -> str:
    return f'<Relationship Id="r9" Type="{OFFICE}/{kind}" Target="{target}" TargetMode="External"/>'


def _drawing(attribute: str = "r:embed") -> str:
    return (
        "<w:r><w:t>Soal satu.</w:t></w:r><w:r><w:drawing><wp:inline><a:graphic><a:graphicData><pic:pic><pic:blipFill>"
        f'<a:blip {attribute}="r9"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>'
    )


def _field(code: str) -> str:
    return (
        '<w:r><w:t>Soal satu.</w:t></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText>{code}</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        '<w:r><w:t>hasil</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


_WORDS: Final[dict[str, tuple[Callable[[], bytes], str]]] = {
    "picture-of-a-file": (
        lambda: docx(_drawing("r:link"), related=_linked("image", "file:///etc/passwd")),
        "linked picture",
    ),
    "picture-of-a-share": (
        lambda: docx(_drawing("r:link"), related=_linked("image", "\\\\127.0.0.1\\share\\x.png")),
        "linked picture",
    ),
    "picture-from-afar": (
        lambda: docx(_drawing("r:link"), related=_linked("image", "http://127.0.0.1:PORT/x.png")),
        "linked picture",
    ),
    "embedded-picture-that-is-outside": (
        lambda: docx(_drawing(), related=_linked("image", "file:///etc/passwd")),
        "soal.docx|gambar|linked",
    ),
    "embedded-picture-above": (
        lambda: docx(
            _drawing(),
            related=f'<Relationship Id="r9" Type="{OFFICE}/image" Target="../../../../o/rahasia.png"/>',
        ),
        "soal.docx|gambar",
    ),
    "embedded-picture-that-is-not-there": (lambda: docx(_drawing(), related=""), "soal.docx|gambar"),
    "picture-of-forty-thousand": (
        lambda: docx(
            _drawing(),
            related=f'<Relationship Id="r9" Type="{OFFICE}/image" Target="media/x.png"/>',
            more={"word/media/x.png": png(40_000, 40_000, rows=b"\0")},
        ),
        "picture",
    ),
    "picture-with-a-script": (
        lambda: docx(
            _drawing(),
            related=f'<Relationship Id="r9" Type="{OFFICE}/image" Target="media/x.svg"/>',
            more={"word/media/x.svg": svg("<script>x()</script>")},
        ),
        "gambar|svg",
    ),
    "template-from-afar": (
        lambda: docx(
            "Soal satu.",
            more={
                "word/settings.xml": f'<w:settings {NAMES}><w:attachedTemplate r:id="t"/></w:settings>',
                "word/_rels/settings.xml.rels": RELATION.format(
                    f'<Relationship Id="t" Type="{OFFICE}/attachedTemplate" Target="http://127.0.0.1:PORT/x.dotm" TargetMode="External"/>'
                ),
            },
        ),
        "Soal satu.",
    ),
    "another-document-in-it": (
        lambda: docx(
            "Soal satu.", body='<w:altChunk r:id="r9"/>', related=_linked("aFChunk", "file:///etc/passwd")
        ),
        "altChunk",
    ),
    "field-that-includes": (
        lambda: docx(_field(' INCLUDEPICTURE "http://127.0.0.1:PORT/x.png" \\d ')),
        "INCLUDEPICTURE",
    ),
    "field-that-includes-a-text": (lambda: docx(_field(' INCLUDETEXT "/etc/passwd" ')), "INCLUDETEXT"),
    "field-that-starts-a-program": (
        lambda: docx(_field(' DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe "/k calc" ')),
        "DDEAUTO",
    ),
    "link-to-a-script": (
        lambda: docx(
            '<w:r><w:t>Soal satu.</w:t></w:r><w:hyperlink r:id="r9"><w:r><w:t>tekan</w:t></w:r></w:hyperlink>',
            related=_linked("hyperlink", "javascript:alert(1)"),
        ),
        "javascript:|tautan",
    ),
    "object": (
        lambda: docx(
            "<w:r><w:t>Soal satu.</w:t></w:r><w:r><w:object/></w:r>",
            more={"word/embeddings/x.bin": b"\xd0\xcf\x11\xe0"},
        ),
        "object",
    ),
    "macros": (
        lambda: docx("Soal satu.", more={"word/vbaProject.bin": b"\xd0\xcf\x11\xe0" + b"\0" * 900}),
        "Soal satu.",
    ),
    "entities": (
        lambda: docx("Soal satu.", doctype='<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'),
        "word/document.xml",
    ),
    "entities-in-the-styles": (
        lambda: docx(
            "Soal satu.",
            more={"word/styles.xml": '<!DOCTYPE x [<!ENTITY a "haha">]><w:styles xmlns:w="x">&a;</w:styles>'},
        ),
        "word/styles.xml",
    ),
    "hidden-words": (
        lambda: docx(
            "<w:r><w:t>Soal satu.</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>kunci A</w:t></w:r>"
        ),
        "kunci A",
    ),
    "white-words": (
        lambda: docx(
            '<w:r><w:t>Soal satu.</w:t></w:r><w:r><w:rPr><w:color w:val="FFFFFF"/></w:rPr><w:t>kunci A</w:t></w:r>'
        ),
        "kunci A",
    ),
    "deleted-words": (
        lambda: docx(
            "<w:r><w:t>Soal satu.</w:t></w:r><w:del><w:r><w:delText>kunci A</w:delText></w:r></w:del>"
        ),
        "Soal satu.",
    ),
    "bidi": (lambda: docx("Soal \u202esatu."), "202E"),
    "tables-in-tables": (
        lambda: docx("<w:r/>" + "<w:tbl><w:tr><w:tc>" * 60 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 60),
        "soal.docx|document.xml",
    ),
    "hundred-thousand-deep": (
        lambda: docx("<w:r/>" + "<w:ins>" * 100_000 + "</w:ins>" * 100_000),
        "document.xml",
    ),
    "a-megabyte-of-elements": (lambda: docx("Soal satu.", body="<w:p/>" * 400_000), "document.xml|soal.docx"),
    "a-wide-cell": (
        lambda: docx(
            "Soal satu.",
            document=lambda text: text.replace(
                "<w:tcPr></w:tcPr>", '<w:tcPr><w:gridSpan w:val="1000000"/></w:tcPr>'
            ),
        ),
        "soal.docx|document.xml|dikenali",
    ),
    "many-tables": (lambda: docx("Soal satu.", body=table(["x"]) * 2_000), "500"),
    "part-that-unpacks": (
        lambda: docx("Soal satu.", more={"word/media/x.bin": b"\0" * (140 << 20)}),
        "soal.docx|document.xml",
    ),
    "document-part-of-another-name": (
        lambda: docx(
            "Soal satu.",
            more={
                "_rels/.rels": RELATION.format(
                    f'<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="../../../../etc/passwd"/>'
                )
            },
        ),
        "soal.docx|document.xml|dikenali",
    ),
    "formula-without-end": (
        lambda: docx(
            "<w:r/><m:oMath>"
            + "<m:f><m:num>" * 300
            + "<m:r><m:t>x</m:t></m:r>"
            + "</m:num><m:den/></m:f>" * 300
            + "</m:oMath>"
        ),
        "soal|document.xml",
    ),
    "formula-of-deep-roots": (
        lambda: docx(
            "<w:r/><m:oMath>"
            + "<m:rad><m:deg/><m:e>" * 25
            + "<m:r><m:t>x</m:t></m:r>"
            + "</m:e></m:rad>" * 25
            + "</m:oMath>"
        ),
        "1000",
    ),
    "not-a-document": (lambda: zipped({"x.txt": "x"}), "soal.docx"),
}
_KEPT_WORDS: Final = (
    "a-wide-cell",
    "document-part-of-another-name",
    "template-from-afar",
    "macros",
    "deleted-words",
)

CASES: Final = (
    *(
        Case(
            f"word/{name}",
            "import",
            file("soal.docx", make),
            ("Soal satu." if name in _KEPT_WORDS else said,),
            kept=name in _KEPT_WORDS,
        )
        for name, (make, said) in _WORDS.items()
    ),
)
