"""Another program reads what we export: it knows every element, takes every declaration, and gives the score that we give.

The program is Citolab's QTI components, the player of a national examination board, in jsdom; packaging/fetch_interop.sh
fetches it. That our packages are valid by the standard's own model is tried in test_qti3_valid.py.
"""

import json
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from lxml import etree

from cbt_station.banks.bank import BankItem
from cbt_station.banks.export_qti3 import item_files
from cbt_station.banks.native import read_bank
from cbt_station.banks.qti.writing.rules import processing_of
from cbt_station.exam.interactions import RESPONSE, Composite, Response, ordered_options
from cbt_station.exam.item import HandMarked
from cbt_station.exam.scoring import score_item
from tests.banks.packages import BANKS, exported

INTEROP = Path(__file__).parents[2] / "build/interop"
PLAYER = INTEROP / "node_modules/@citolab/qti-components/package.json"
SAMPLES = sorted(path.parent.name for path in BANKS.glob("*/bank.yaml"))
READ_BY_THEIR_INTERACTION = {"qti-simple-match-set"}
"""Elements for which the player has no component of its own."""
Read: TypeAlias = dict[str, dict[str, Any]]

pytestmark = pytest.mark.skipif(
    shutil.which("node") is None or not PLAYER.exists() or not (INTEROP / "node_modules/jsdom").exists(),
    reason="no node, or the player is not fetched: packaging/fetch_interop.sh",
)


def tries(item: BankItem) -> Iterator[Response | None]:
    """Nothing; what is declared correct; each option where one is chosen, and each option alone of several."""
    yield None
    interaction = item.first.interaction
    declared = processing_of(item.rule, interaction).responses
    right = {name: _as_given(one.correct, one.cardinality) for name, one in declared.items() if one.correct}
    if isinstance(interaction, Composite):
        yield right
        yield from ({name: value} for name, value in right.items())
        return
    yield from right.values()
    cardinality = declared[RESPONSE].cardinality
    if declared[RESPONSE].base == "identifier":
        yield from (_as_given((option.id,), cardinality) for option in ordered_options(interaction))
    elif declared[RESPONSE].base in ("pair", "directedPair") and right:
        yield from ((pair,) for pair in right[RESPONSE])


def _as_given(values: tuple[str, ...], cardinality: str) -> str | tuple[str, ...]:
    return values[0] if cardinality == "single" else values


def as_tried(response: Response | None) -> dict[str, Any]:
    """A response as the player takes it."""
    if response is None:
        return {}
    given = response if isinstance(response, dict) else {RESPONSE: response}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in given.items()}


def read_by_the_player(bank: str, folder: Path) -> tuple[dict[str, BankItem], Read]:
    """Every item of a bank's package, in every language, with the tries of `tries`."""
    with zipfile.ZipFile(BytesIO(exported(BANKS / bank))) as package:
        package.extractall(folder)
    items = {
        name.partition("/")[2]: item
        for item in read_bank(BANKS / bank).items
        for name in item_files(item).values()
    }
    asked = {name: [as_tried(one) for one in tries(item)] for name, item in items.items()}
    command = ["node", str(Path(__file__).with_name("qti3_peer.mjs")), str(INTEROP), str(folder / "items")]
    done = subprocess.run(
        command, input=json.dumps(asked), capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stderr
    return items, json.loads(done.stdout)


@pytest.mark.parametrize("bank", SAMPLES)
def test_another_player_reads_every_item_and_gives_the_same_scores(bank: str, tmp_path: Path) -> None:
    items, read = read_by_the_player(bank, tmp_path)
    assert set(read) == {path.name for path in (tmp_path / "items").iterdir()} == set(items)
    differing = {}
    for name, item in items.items():
        found = read[name]
        root = etree.parse(tmp_path / "items" / name).getroot()
        written = [one for one in root.iter("{*}*") if str(one.tag).endswith("-interaction")]
        assert set(found["unknown"]) <= READ_BY_THEIR_INTERACTION
        assert found["interactions"] == [
            [etree.QName(one).localname, one.get("response-identifier")] for one in written
        ]
        for one in root.iter("{*}qti-response-declaration"):
            assert found["declarations"][one.get("identifier")][:2] == [
                one.get("cardinality"),
                one.get("base-type"),
            ]
        if isinstance(item.rule, HandMarked):
            continue
        ours = [score_item(item.rule, response) for response in tries(item)]
        if [Decimal(score) for score in found["scores"]] != ours:
            differing[name] = (found["scores"], list(map(str, ours)))
    assert differing == {}
