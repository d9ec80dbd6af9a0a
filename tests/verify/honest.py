"""An honest session's results and sheets, from which the tests of this folder make lies."""

from typing import Any

from cbt_station.artefacts import names
from cbt_station.artefacts.files import sha256_hex
from cbt_station.artefacts.score import ScoreNote
from cbt_station.artefacts.signed import sign
from cbt_station.sealing.notes import parse_note
from cbt_station.verify.session import CheckedSession, check_session
from tests.world import (
    SESSION,
    World,
    closing_note,
    sat,
    signing,
    tree_of,
    world,
)

HEX = sha256_hex(b"other")
ONE, TWO = (lambda: sat("official")), (lambda: sat("official", "26-0002"))


def session_of(here: World, revealed: bool = True) -> CheckedSession:
    session, _ = check_session({**here.files, **(here.revealed if revealed else {})}, here.trust)
    assert session is not None
    return session


def put(files: dict[str, bytes], kind: str, data: bytes) -> dict[str, bytes]:
    return {**files, names.tree_note(kind, parse_note(data).id): data}


def without(files: dict[str, bytes], *parts: str) -> dict[str, bytes]:
    return {name: data for name, data in files.items() if not any(part in name for part in parts)}


def whole() -> dict[str, bytes]:
    here = world("official")
    return tree_of(here, [ONE(), TWO()], closing_note(here, [ONE(), TWO()]))


def score(**changes: Any) -> bytes:
    kept: dict[str, Any] = {
        "trust": 1, "exam": "SKD", "session": SESSION, "number": "26-0001", "name": "SITI", "scores": "total 15",
        "verdict": "P/L", "result": parse_note(ONE().result).id, "scoring": 1, "date": "2026-12-02", "salt": "abc",
    }  # fmt: skip
    return sign(ScoreNote(**{**kept, **changes}), "official", signing("score", "1"))
