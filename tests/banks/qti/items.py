"""Small items and packages in QTI, written for these tests: one of each interaction, in QTI 2.2's spelling."""

import io
import zipfile
from pathlib import Path

from PIL import Image

from cbt_station.banks.foreign import ForeignBank, ForeignQuestion
from cbt_station.banks.qti.reading import read

SCORE = """
  <outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float">
    <defaultValue><value>0</value></defaultValue>
  </outcomeDeclaration>"""
MATCH_CORRECT = (
    '<responseProcessing template="http://www.imsglobal.org/question/qti_v2p2/rptemplates/match_correct"/>'
)
MAP_RESPONSE = (
    '<responseProcessing template="http://www.imsglobal.org/question/qti_v2p2/rptemplates/map_response"/>'
)


def declaration(kind: str, *right: str, name: str = "RESPONSE", inside: str = "") -> str:
    """A response declaration; `kind` is cardinality and base type."""
    cardinality, base = kind.split()
    values = "".join(f"<value>{one}</value>" for one in right)
    correct = f"<correctResponse>{values}</correctResponse>" if right else ""
    return (
        f'<responseDeclaration identifier="{name}" cardinality="{cardinality}" baseType="{base}">'
        f"{correct}{inside}</responseDeclaration>"
    )


def item(
    declared: str, body: str, rules: str = MATCH_CORRECT, *, attributes: str = "", more: str = ""
) -> str:
    """A whole item in QTI 2.2."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2" identifier="satu" title="Satu" adaptive="false"
    timeDependent="false" {attributes}>
  {declared}{SCORE}
  {more}<itemBody>{body}</itemBody>
  {rules}
</assessmentItem>
"""


CHOICE = item(
    declaration("single identifier", "B"),
    """<p>Ibu kota Jawa Barat?</p>
    <choiceInteraction responseIdentifier="RESPONSE" shuffle="true" maxChoices="1">
      <prompt>Pilih satu.</prompt>
      <simpleChoice identifier="A">Bogor</simpleChoice>
      <simpleChoice identifier="B">Bandung</simpleChoice>
      <simpleChoice identifier="C" fixed="true">Bukan semua</simpleChoice>
    </choiceInteraction>""",
)
CHOICE_3 = """<?xml version="1.0" encoding="UTF-8"?>
<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="satu" title="Satu"
    adaptive="false" time-dependent="false">
  <qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="identifier">
    <qti-correct-response><qti-value>B</qti-value></qti-correct-response>
  </qti-response-declaration>
  <qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float">
    <qti-default-value><qti-value>0</qti-value></qti-default-value>
  </qti-outcome-declaration>
  <qti-item-body><p>Ibu kota Jawa Barat?</p>
    <qti-choice-interaction response-identifier="RESPONSE" shuffle="true" max-choices="1">
      <qti-prompt>Pilih satu.</qti-prompt>
      <qti-simple-choice identifier="A">Bogor</qti-simple-choice>
      <qti-simple-choice identifier="B">Bandung</qti-simple-choice>
      <qti-simple-choice identifier="C" fixed="true">Bukan semua</qti-simple-choice>
    </qti-choice-interaction>
  </qti-item-body>
  <qti-response-processing template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct.xml"/>
</qti-assessment-item>
"""
PICTURE = '<object type="image/png" data="peta.png" width="40" height="30">Peta kecil</object>'


def png() -> bytes:
    """A picture of 40 × 30 pixels."""
    made = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(made, "PNG")
    return made.getvalue()


def bank_of(folder: Path, text: str, name: str = "satu.xml") -> ForeignBank:
    """What the reader makes of a loose item."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "peta.png").write_bytes(png())
    (folder / name).write_text(text, encoding="utf-8")
    bank = read(folder / name)
    assert bank is not None
    return bank


def question_of(folder: Path, text: str) -> ForeignQuestion:
    """Its one question."""
    (question,) = bank_of(folder, text).questions
    return question


def zipped(path: Path, files: dict[str, bytes | str]) -> Path:
    """A zip of these files, in this order."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            made.writestr(name, data)
    return path


def manifest(*files: str, kind: str = "imsqti_item_xmlv2p2") -> str:
    """A content package's list."""
    resources = "".join(
        f'<resource identifier="r{number}" type="{kind}" href="{file}"><file href="{file}"/></resource>'
        for number, file in enumerate(files)
    )
    return (
        '<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" identifier="m">'
        f"<organizations/><resources>{resources}</resources></manifest>"
    )
