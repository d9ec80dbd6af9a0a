"""The score note of one candidate: at most 500 bytes, so that the QR on the sheet carries it whole.

What does not fit is shortened in this order, and nothing else: middle names to initials, then the name's end, then
section names to their shortest distinct beginnings. The sheet prints all of them in full.
"""

import base64
from collections.abc import Mapping, Sequence
from decimal import Decimal

from msgspec.structs import replace

from cbt_station.artefacts.score import MOST_BYTES, ScoreNote, require_size
from cbt_station.artefacts.scoring import plain
from cbt_station.artefacts.signed import sign
from cbt_station.exam.blueprint import TOTAL
from cbt_station.sealing.body import Mode
from cbt_station.sealing.notes import SigningKey

LEAST_NAME_BYTES = 14
LEAST_SECTION_LETTERS = 3


def salt_text(salt: bytes) -> str:
    """16 bytes as 22 characters."""
    return base64.urlsafe_b64encode(salt).decode().rstrip("=")


def scores_text(scores: Mapping[str, Decimal], short: bool = False) -> str:
    """`TWK 100, TIU 120, TKP 180, total 400`."""
    names = _short_names(list(scores)) if short else {name: name for name in scores}
    return ", ".join(f"{names[name]} {plain(value)}" for name, value in scores.items())


def write_score_note(
    body: ScoreNote, scores: Mapping[str, Decimal] | None, mode: Mode, key: SigningKey
) -> bytes:
    """The signed note of `body` (whose name is the full one) with these scores; Refusal("score-note-too-long")."""
    body = replace(body, name=" ".join(body.name.split()))
    note = b""
    for short in (False, True):
        written = replace(body, scores=None if scores is None else scores_text(scores, short))
        note = sign(written, mode, key)
        over = len(note) - MOST_BYTES
        room = len(body.name.encode()) - over
        if over > 0 and room >= LEAST_NAME_BYTES:
            note = sign(replace(written, name=short_name(body.name, room)), mode, key)
        if len(note) <= MOST_BYTES:
            break
    return require_size(note)


def short_name(name: str, most_bytes: int) -> str:
    """A name in at most so many bytes: first word whole, then initials from the last word backwards, then cut."""
    parts = name.split()
    for at in range(len(parts) - 1, 0, -1):
        if len(" ".join(parts).encode()) <= most_bytes:
            break
        parts[at] = f"{parts[at][0]}."
    text = " ".join(parts)
    if len(text.encode()) > most_bytes:
        text = text.encode()[: most_bytes - 1].decode(errors="ignore").rstrip(" .") + "."
    return text


def _short_names(outcomes: Sequence[str]) -> dict[str, str]:
    """Each section's shortest beginning that no other section shares; the total keeps its name."""
    short = {}
    for name in outcomes:
        others = [other for other in outcomes if other != name]
        letters = next(
            (
                count
                for count in range(LEAST_SECTION_LETTERS, len(name))
                if not any(other.startswith(name[:count]) for other in others)
            ),
            len(name),
        )
        short[name] = name if name == TOTAL else name[:letters].rstrip("-_. ") or name
    return short
