"""Checkpoints: a tree's size and root as a signed note, from c2sp.org/tlog-checkpoint.

    example.go.id/log/test
    20852163
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

The origin says which tree it is; for our logs and journals also the mode, as test and official have trees of their
own. Extension lines of others are read and kept; ours have none.

Not here: whether two checkpoints are consistent (`merkle`), who else saw them (`cosignature`).
"""

import base64
from dataclasses import dataclass

from cbt_station.errors import Refusal, Tampered
from cbt_station.sealing.body import is_plain
from cbt_station.sealing.merkle import EMPTY_ROOT, HASH_BYTES, MOST_SIZE
from cbt_station.sealing.notes import (
    Note,
    SigningKey,
    Verifier,
    parse_note,
    sign_note,
    unbase64,
    verify_known,
)


@dataclass(frozen=True)
class Checkpoint:
    """The head of the tree `origin` when it had `size` leaves."""

    origin: str
    size: int
    root: bytes
    extension: tuple[str, ...] = ()


def write(checkpoint: Checkpoint) -> str:
    """The signed text, or Refusal("checkpoint-unfit") where no strict reader would take it back."""
    root = base64.b64encode(checkpoint.root).decode()
    text = "\n".join([checkpoint.origin, str(checkpoint.size), root, *checkpoint.extension]) + "\n"
    try:
        same = is_plain(text) and parse(text) == checkpoint
    except Tampered as error:
        raise Refusal("checkpoint-unfit", where=checkpoint.origin) from error
    if not same:
        raise Refusal("checkpoint-unfit", where=checkpoint.origin)
    return text


def parse(text: str) -> Checkpoint:
    """What a note's text says, or Tampered("checkpoint-malformed"). Its signatures are not looked at."""
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1] or not all(lines[:-1]):
        raise Tampered("checkpoint-malformed")
    origin, shown_size, shown_root, *extension = lines[:-1]
    size = parse_number(shown_size, MOST_SIZE)
    root = unbase64(shown_root)
    if size is None or root is None or len(root) != HASH_BYTES:
        raise Tampered("checkpoint-malformed", where=origin[:80])
    if size == 0 and root != EMPTY_ROOT:
        raise Tampered("checkpoint-malformed", where=origin[:80])
    return Checkpoint(origin, size, root, tuple(extension))


def sign_checkpoint(checkpoint: Checkpoint, key: SigningKey) -> bytes:
    """The checkpoint's note. Persist what it covers before anyone sees it."""
    return sign_note(write(checkpoint), key)


def verify_checkpoint(data: bytes, verifier: Verifier, origin: str) -> Checkpoint:
    """The checkpoint of this very tree, signed by its key; cosignatures of others may stand below it."""
    return verify_checkpoint_note(parse_note(data), verifier, origin)


def verify_checkpoint_note(note: Note, verifier: Verifier, origin: str) -> Checkpoint:
    checkpoint = parse(note.text)
    if checkpoint.origin != origin:
        raise Tampered("checkpoint-origin", origin=checkpoint.origin, expected=origin)
    verify_known(note, [verifier])
    return checkpoint


def parse_number(text: str, most: int) -> int | None:
    """A decimal without sign and leading zeros, up to `most`; else None."""
    if not (text.isascii() and text.isdigit() and len(text) <= 20) or (text[0] == "0" and text != "0"):
        return None
    number = int(text)
    return number if number <= most else None
