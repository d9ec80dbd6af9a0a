"""`demo` with a bank that somebody else wrote: every question is in, and twenty candidates get a verified sheet.

How single questions are converted is in tests/banks/test_importing.py.
"""

import json
from pathlib import Path

import pytest

from cbt_station.artefacts.pool import read_pool
from tests.rehearsal.playing import Played, play
from tests.shared import shared

SECTIONS = 8
"""Questions of each section in a small copy."""


def source() -> Path:
    return shared("data/id-p3k-bank-soal") / "soal.json"


@pytest.mark.timeout(600)
def test_a_form_of_110_questions_for_twenty_candidates_gives_twenty_true_sheets(tmp_path: Path) -> None:
    played = play(tmp_path, "--candidates", 20, "--bank", source())
    assert played.code == 0, played.said
    assert len(played.sheets) == len({sheet.name for sheet in played.sheets}) == 20
    assert [played.verify(sheet).verdict for sheet in played.sheets] == ["true"] * 20
    assert (played.told["verified"], played.told["not_true"]) == (22, [])
    _require_all_questions(played)


def _require_all_questions(played: Played) -> None:
    """Every question of the file is in the session's pool, and the report counts every one."""
    questions = sum(len(section) for section in json.loads(source().read_text()).values())
    counts = played.told["imported"]
    assert counts["exact"] + counts["lossy"] == questions
    assert counts["refused"] == 0
    pool = read_pool((played.folder / "session" / "gladi-1.pool").read_bytes())
    assert len(pool.items) == questions
    assert sum(cell.count for section in pool.blueprint.sections for cell in section.cells) == 110


def test_an_index_that_points_nowhere_refuses_its_question_and_no_other(tmp_path: Path) -> None:
    sections = {name: found[:SECTIONS] for name, found in json.loads(source().read_text()).items()}
    name, planted = next((name, found[3]) for name, found in sections.items())
    planted["jawaban"] = 99
    copy = tmp_path / "copy.json"
    copy.write_text(json.dumps(sections, ensure_ascii=False))
    played = play(tmp_path, "--candidates", 1, "--bank", copy)
    assert played.code == 0, played.said
    assert played.told["imported"]["refused"] == 1
    (refused,) = (line for line in played.said.splitlines() if "REFUSED" in line)
    assert f"{name}[3]" in refused
    assert "99" in refused
    asked = sum(map(len, sections.values())) - 1
    assert len(read_pool((played.folder / "session" / "gladi-1.pool").read_bytes()).items) == asked
