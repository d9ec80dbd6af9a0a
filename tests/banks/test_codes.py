"""Every code that this room can give has a sentence in every language: read from the code itself, not from a list."""

import ast
from pathlib import Path

import pytest

from cbt_station.words import LANGUAGES, words_in

ROOM = Path(__file__).parents[2] / "cbt_station" / "banks"
PLACES = {
    "add": 2,
    "note": 1,
    "_note": 1,
    "_stop": 1,
    "Faulty": 0,
    "refuse": 0,
    "BankFault": 2,
    "_lint": 1,
    "remark": 0,
}
KEYS = {"_lint": "lint", "remark": "import", "Refusal": "error", "Trouble": "error", "Tampered": "error"}


def codes() -> set[str]:
    """The words key of every code literal in the room."""
    found = set()
    for path in ROOM.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                place = 0 if name in KEYS and name not in PLACES else PLACES.get(name)
                if place is not None and len(node.args) > place:
                    code = node.args[place]
                    if isinstance(code, ast.Constant) and isinstance(code.value, str):
                        found.add(f"{KEYS.get(name, 'fault')}.{code.value}")
    from cbt_station.banks import body

    return found | {f"fault.{code}" for code in body._REFUSED.values()} | {"fault.not-allowed"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_code_has_a_sentence(lang):
    words = words_in(lang)
    assert len(codes()) > 100
    assert sorted(code for code in codes() if not words.knows(code)) == []
