"""Robots sit the bank of every interaction at the real window, by mouse and by keys, and their sheets are true.

The same bank through the driver is in test_every_interaction.py; single widgets are in tests/screens.
"""

from pathlib import Path

from tests.rehearsal.playing import play

BANK = Path(__file__).parents[2] / "question_banks" / "interactions"


def test_every_interaction_is_answered_at_the_window_and_scored(tmp_path: Path) -> None:
    played = play(tmp_path, "--candidates", 2, "--bank", BANK, "--full")
    assert played.code == 0, played.said
    assert [played.verify(sheet).verdict for sheet in played.sheets] == ["true"] * 2
    assert "does not support" not in played.said
