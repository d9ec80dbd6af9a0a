"""`SESSION.commitments`: one hash for each candidate and spare slot, sorted and public; it tells nobody who they are.

A commitment is SHA-256(salt ‖ 0x00 ‖ number or slot id), its salt 16 random bytes that stay sealed with the roster.
"""

import hashlib
from collections.abc import Iterable

from cbt_station.artefacts.names import hex_bytes, is_id
from cbt_station.errors import Tampered
from cbt_station.sealing.body import Mode, kind_and_mode

SALT_BYTES = 16


def commitment(salt_hex: str, number: str) -> str:
    """The commitment of a candidate's number or of a spare slot."""
    salt = hex_bytes(salt_hex, SALT_BYTES, "salt")
    return hashlib.sha256(salt + b"\x00" + number.encode()).hexdigest()


def write_commitments(commitments: Iterable[str], mode: Mode) -> bytes:
    return ("\n".join([f"cbt-station/commitments/v1 {mode}", *sorted(set(commitments))]) + "\n").encode()


def read_commitments(data: bytes) -> tuple[frozenset[str], Mode]:
    try:
        text = data.decode("ascii")
    except UnicodeDecodeError as error:
        raise Tampered("malformed", where="commitments") from error
    kind, mode = kind_and_mode(text)
    lines = text.split("\n")[1:-1]
    if (
        kind != "commitments"
        or not all(is_id(line) for line in lines)
        or write_commitments(lines, mode) != data
    ):
        raise Tampered("malformed", where="commitments")
    return frozenset(lines), mode


def sitting_id(session: str, candidate_commitment: str) -> str:
    """A sitting's name, 32 hex digits: the same candidate in the same session always has the same one."""
    text = f"sitting\x00{session}\x00{candidate_commitment}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]
