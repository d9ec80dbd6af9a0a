"""Recordings with a limit of plays, in from QTI's media interaction and out as one.

What a station does with a limit is tried in tests/screens; how sounds are recognised in tests/banks/test_html.py.
"""

import io
import shutil
import zipfile
from pathlib import Path

import pytest
from lxml import etree

from cbt_station.banks.exporting import export_bank
from cbt_station.banks.foreign import ForeignQuestion
from cbt_station.banks.importing import import_bank
from cbt_station.banks.native import read_bank
from cbt_station.exam.content import Audio, every
from cbt_station.exam.interactions import ChoiceInteraction
from tests.banks.packages import BANKS, package
from tests.banks.qti.items import MATCH_CORRECT, declaration, item, question_of
from tests.banks.small_bank import PLAIN, files, put

SOUND = BANKS / "interactions" / "media" / "nada.wav"
PLAYED = declaration("single integer", name="M")
CHOICE = """<choiceInteraction responseIdentifier="RESPONSE" maxChoices="1">
  <simpleChoice identifier="A">Ya</simpleChoice><simpleChoice identifier="B">Tidak</simpleChoice></choiceInteraction>"""
HEARD = '<object type="audio/wav" data="nada.wav">Beberapa nada</object>'


def asked(
    more: str = 'maxPlays="2"', held: str = HEARD, rules: str = MATCH_CORRECT, choice: str = CHOICE
) -> str:
    media = f'<mediaInteraction responseIdentifier="M" autostart="false" {more}><prompt>Dengar.</prompt>{held}</mediaInteraction>'
    return item(declaration("single identifier", "A") + PLAYED, media + choice, rules)


def heard(folder: Path, text: str) -> ForeignQuestion:
    shutil.copy(SOUND, folder / "nada.wav")
    return question_of(folder, text)


@pytest.mark.parametrize(
    ("more", "held", "plays"),
    [
        pytest.param('maxPlays="2"', HEARD, 2, id="an object"),
        pytest.param('maxPlays="1"', '<audio src="nada.wav" aria-label="Nada"/>', 1, id="an audio element"),
        pytest.param("", HEARD, 0, id="no limit"),
        pytest.param('maxPlays="0" minPlays="0"', HEARD, 0, id="0 is none"),
    ],
)
def test_a_recording_that_is_only_heard_is_read_with_its_limit(
    tmp_path: Path, more: str, held: str, plays: int
) -> None:
    question = heard(tmp_path, asked(more, held))
    assert question.item is not None
    assert question.losses == ()
    shown = question.item.languages["id"]
    assert isinstance(shown.interaction, ChoiceInteraction)
    assert [audio.plays for audio in every(Audio, shown.stem)] == [plays]
    import_bank(tmp_path / "satu.xml", tmp_path / "bank")
    (read,) = read_bank(tmp_path / "bank").items
    assert [audio.plays for audio in every(Audio, read.first.stem)] == [plays]


@pytest.mark.parametrize(
    ("more", "what"),
    [('minPlays="1"', "mediaInteraction minPlays=1"), ('loop="true"', "mediaInteraction loop=true")],
)
def test_what_else_it_asks_for_is_named(tmp_path: Path, more: str, what: str) -> None:
    assert [one.facts.get("what") for one in heard(tmp_path, asked(more)).losses] == [what]


COUNTED = """<responseProcessing><setOutcomeValue identifier="SCORE"><integerToFloat><variable identifier="M"/>
</integerToFloat></setOutcomeValue></responseProcessing>"""


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(asked(rules=COUNTED), id="its plays are scored"),
        pytest.param(asked(held='<object type="video/mp4" data="film.mp4"/>'), id="a film"),
        pytest.param(asked(held='<video src="film.mp4"/>'), id="a film as an element"),
        pytest.param(asked(choice="<p>Selesai.</p>"), id="nothing else is asked"),
        pytest.param(asked('coords="1,2,3,4"'), id="a place in a picture"),
    ],
)
def test_one_that_is_more_than_a_recording_is_refused_by_name(tmp_path: Path, text: str) -> None:
    question = heard(tmp_path, text)
    assert question.fault is not None
    assert question.fault.facts.get("what") == "mediaInteraction"


def test_a_limit_goes_out_as_qti_says_it_and_is_read_again(tmp_path: Path) -> None:
    data, report = export_bank(BANKS / "interactions", "qti3")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        root = etree.fromstring(archive.read("items/text-1.xml"))
    (media,) = root.iter("{*}qti-media-interaction")
    assert (media.get("max-plays"), media[0].get("data-max-plays")) == ("2", None)
    declared = {
        one.get("identifier"): one.get("base-type") for one in root.iter("{*}qti-response-declaration")
    }
    assert declared[media.get("response-identifier")] == "integer"
    (text_1,) = (one for one in report.items if one.item == "text-1")
    assert text_1.reasons == ()
    bare = package(
        BANKS / "interactions", tmp_path, lambda name, data: None if name.startswith("cbt-") else data
    )
    import_bank(bare, tmp_path / "back")
    (read,) = (one for one in read_bank(tmp_path / "back").items if one.id == "text-1")
    assert [audio.plays for audio in every(Audio, read.first.stem)] == [2]


def test_a_limit_that_qti_has_no_place_for_is_a_named_loss(tmp_path: Path) -> None:
    limited = PLAIN.replace("- [c] 2\n", "- [c] ![Nada](media/nada.wav){plays=1}\n")
    put(
        tmp_path / "bank",
        files() | {"items/tiu/tiu-001.md": limited.encode(), "media/nada.wav": SOUND.read_bytes()},
    )
    report = export_bank(tmp_path / "bank", "qti3")[1]
    named = {one.item: [reason.code for reason in one.reasons] for one in report.items}
    assert named["tiu-001"] == ["export-qti-plays"]
