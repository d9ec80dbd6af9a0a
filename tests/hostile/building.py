"""The smallest honest file of each format, with one place in it for what is hostile."""

import base64
import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping

QTI3 = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
QTI2 = "http://www.imsglobal.org/xsd/imsqti_v2p2"
_NEVER = (1980, 1, 1, 0, 0, 0)


def moodle(
    stem: str, *, files: str = "", kind: str = "multichoice", doctype: str = "", more: str = ""
) -> str:
    """A Moodle quiz of one question; `stem` is HTML within CDATA."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
{doctype}<quiz>
<question type="{kind}">
<name><text>satu</text></name>
<questiontext format="html"><text><![CDATA[{stem}]]></text>{files}</questiontext>
<defaultgrade>1</defaultgrade><single>true</single><shuffleanswers>true</shuffleanswers>
<answer fraction="100" format="html"><text><![CDATA[<p>benar</p>]]></text></answer>
<answer fraction="0" format="html"><text><![CDATA[<p>salah</p>]]></text></answer>
{more}</question>
</quiz>
"""


def moodle_file(name: str, data: bytes) -> str:
    """A file that stands in a Moodle text."""
    return f'<file name="{name}" path="/" encoding="base64">{base64.b64encode(data).decode()}</file>'


def qti3(
    body: str, *, doctype: str = "", before: str = "", attributes: str = "", processing: str | None = None
) -> str:
    """A QTI 3 item; `body` is XHTML before the choice."""
    if processing is None:
        processing = '<qti-response-processing template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct"/>'
    return f"""<?xml version="1.0" encoding="UTF-8"?>
{doctype}<qti-assessment-item xmlns="{QTI3}" identifier="satu" title="satu" xml:lang="id"
 adaptive="false" time-dependent="false"{attributes}>
<qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="identifier">
<qti-correct-response><qti-value>a</qti-value></qti-correct-response></qti-response-declaration>
<qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>
{before}<qti-item-body><p>Soal satu.</p>
{body}
<qti-choice-interaction response-identifier="RESPONSE" max-choices="1" shuffle="true">
<qti-simple-choice identifier="a">benar</qti-simple-choice>
<qti-simple-choice identifier="b">salah</qti-simple-choice>
</qti-choice-interaction></qti-item-body>
{processing}
</qti-assessment-item>
"""


def qti2(body: str, *, doctype: str = "", processing: str | None = None, stylesheet: str = "") -> str:
    """The same in QTI 2.2."""
    if processing is None:
        processing = '<responseProcessing template="http://www.imsglobal.org/question/qti_v2p2/rptemplates/match_correct"/>'
    return f"""<?xml version="1.0" encoding="UTF-8"?>
{doctype}<assessmentItem xmlns="{QTI2}" identifier="satu" title="satu" adaptive="false" timeDependent="false">
<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="identifier">
<correctResponse><value>a</value></correctResponse></responseDeclaration>
<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>
{stylesheet}<itemBody><p>Soal satu.</p>
{body}
<choiceInteraction responseIdentifier="RESPONSE" maxChoices="1" shuffle="true">
<simpleChoice identifier="a">benar</simpleChoice><simpleChoice identifier="b">salah</simpleChoice>
</choiceInteraction></itemBody>
{processing}
</assessmentItem>
"""


def qti12(html: str, *, doctype: str = "") -> str:
    """A QTI 1.2 item with escaped HTML, as Canvas writes it."""
    escaped = html.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    choices = "".join(
        f'<response_label ident="{name}"><material><mattext texttype="text/plain">{text}</mattext></material></response_label>'
        for name, text in (("a", "benar"), ("b", "salah"))
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
{doctype}<questestinterop xmlns="http://www.imsglobal.org/xsd/ims_qtiasiv1p2"><assessment ident="uji" title="uji">
<section ident="root"><item ident="satu" title="satu">
<itemmetadata><qtimetadata><qtimetadatafield><fieldlabel>question_type</fieldlabel>
<fieldentry>multiple_choice_question</fieldentry></qtimetadatafield></qtimetadata></itemmetadata>
<presentation><material><mattext texttype="text/html">{escaped}</mattext></material>
<response_lid ident="response1" rcardinality="Single"><render_choice>{choices}</render_choice></response_lid></presentation>
<resprocessing><outcomes><decvar maxvalue="100" minvalue="0" varname="SCORE" vartype="Decimal"/></outcomes>
<respcondition continue="No"><conditionvar><varequal respident="response1">a</varequal></conditionvar>
<setvar action="Set" varname="SCORE">100</setvar></respcondition></resprocessing>
</item></section></assessment></questestinterop>
"""


def gift(stem: str, answers: str = "=benar ~salah") -> str:
    """A GIFT question; what GIFT reads as marks in the stem is escaped."""
    for mark in "\\~=#{}:":
        stem = stem.replace(mark, "\\" + mark)
    return f"::satu::[html]{stem} {{{answers}}}\n"


def zipped(
    files: Mapping[str, bytes | str] | Iterable[tuple[str, bytes | str]], method: int = zipfile.ZIP_DEFLATED
) -> bytes:
    """An archive of these files, whatever their names; a name may stand twice."""
    target = io.BytesIO()
    pairs = files.items() if isinstance(files, Mapping) else files
    with zipfile.ZipFile(target, "w", method) as made:
        for name, data in pairs:
            entry = zipfile.ZipInfo("x", _NEVER)
            entry.filename, entry.compress_type = name, method
            made._didModify = True  # type: ignore[attr-defined]
            with made.open(entry, "w") as part:
                part.write(data.encode() if isinstance(data, str) else data)
    return target.getvalue()


def with_name(data: bytes, old: bytes, new: bytes) -> bytes:
    """The archive with another name of the same length everywhere."""
    if len(old) != len(new) or data.count(old) < 2:
        raise ValueError("the name stands elsewhere, or is longer")
    return data.replace(old, new)


def manifest(*items: str, more: str = "") -> str:
    """A QTI 3 package's manifest that names these items."""
    resources = "".join(
        f'<resource identifier="r{number}" type="imsqti_item_xmlv3p0" href="{item}"><file href="{item}"/></resource>'
        for number, item in enumerate(items)
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<manifest xmlns="http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1" identifier="m">
<metadata><schema>QTI Package</schema><schemaversion>3.0.0</schemaversion></metadata>
<organizations/><resources>{resources}{more}</resources></manifest>
"""


def package(files: Mapping[str, bytes | str], *, items: tuple[str, ...] = ("satu.xml",)) -> bytes:
    """A QTI 3 package: a manifest, the item, and these files."""
    return zipped({"imsmanifest.xml": manifest(*items), "satu.xml": qti3("")} | dict(files))


def png(width: int = 8, height: int = 8, *, rows: bytes | None = None, more: bytes = b"") -> bytes:
    """A PNG that says this size; `rows`: what it holds (a whole grey picture without being said)."""
    if rows is None:
        rows = (b"\0" + b"\x80" * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + more
        + chunk(b"IDAT", zlib.compress(rows, 9))
        + chunk(b"IEND", b"")
    )


def chunk(kind: bytes, data: bytes) -> bytes:
    """One chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def svg(inner: str = "", attributes: str = 'width="40" height="40"', doctype: str = "") -> str:
    """An SVG around `inner`."""
    return (
        f'{doctype}<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {attributes}>'
        f"\n{inner}\n</svg>\n"
    )


def plain_svg(inner: str = "", attributes: str = 'width="40" height="40"') -> str:
    """The same without a second namespace, as our own format wants it."""
    return svg(inner, attributes).replace(' xmlns:xlink="http://www.w3.org/1999/xlink"', "", 1)
