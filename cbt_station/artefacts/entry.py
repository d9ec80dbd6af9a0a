"""What the public log holds of a note: its kind and id, nothing else.

cbt-station/entry/v1 test
result 3f…
"""

from typing import Final

from cbt_station.artefacts.names import is_id
from cbt_station.errors import Tampered
from cbt_station.sealing.body import Mode, kind_and_mode

LOGGED_KINDS: Final = (
    "result", "score", "closing", "exam", "draw", "release", "reveal", "decision", "trust", "start", "admit", "aborted",
    "handover",
)  # fmt: skip
"""Every kind of note that a log holds. Acts travel inside journals."""


def write_entry(mode: Mode, kind: str, note_id: str) -> bytes:
    return f"cbt-station/entry/v1 {mode}\n{kind} {note_id}\n".encode()


def read_entry(data: bytes) -> tuple[Mode, str, str]:
    """Mode, kind and id of a log entry, or Tampered("malformed")."""
    try:
        text = data.decode("ascii")
    except UnicodeDecodeError as error:
        raise Tampered("malformed", where="log entry") from error
    what, mode = kind_and_mode(text)
    kind, _, note_id = text.partition("\n")[2].rstrip("\n").partition(" ")
    if (
        what != "entry"
        or kind not in LOGGED_KINDS
        or not is_id(note_id)
        or write_entry(mode, kind, note_id) != data
    ):
        raise Tampered("malformed", where="log entry")
    return mode, kind, note_id
