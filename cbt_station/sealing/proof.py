"""The proof, without a network, that a log holds an entry and that witnesses saw the log: c2sp.org/tlog-proof@v1.

    c2sp.org/tlog-proof@v1
    index 73894
    gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=
    …

    example.go.id/log/test
    109482
    …

The specification has no tag yet, so this page is what we hold to. `extra` is signed by nobody: it is carried, and
nothing here believes it. The log and the witnesses come from the trust list, never from the proof.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from cbt_station.errors import Refusal, Tampered
from cbt_station.sealing.body import MOST_BYTES
from cbt_station.sealing.checkpoint import Checkpoint, parse_number, verify_checkpoint_note
from cbt_station.sealing.cosignature import Cosigner, verify_cosigners
from cbt_station.sealing.merkle import HASH_BYTES, MOST_SIZE, leaf_hash, verify_inclusion
from cbt_station.sealing.notes import Verifier, base64_of, parse_note, unbase64

HEADER = "c2sp.org/tlog-proof@v1"
MOST_HASHES = 64
MOST_EXTRA = 65536


@dataclass(frozen=True)
class TlogProof:
    """`hashes` run from the entry's sibling upwards; `checkpoint` is a note's bytes, kept as they are."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes | None = None


def write(proof: TlogProof) -> bytes:
    """The file's bytes, or Refusal("proof-unfit") where no strict reader would take them back."""
    lines = [HEADER]
    if proof.extra is not None:
        lines.append(f"extra {base64_of(proof.extra)}")
    lines += [f"index {proof.index}", *map(base64_of, proof.hashes), "", ""]
    data = "\n".join(lines).encode() + proof.checkpoint
    try:
        same = parse(data) == proof
    except Tampered as error:
        raise Refusal("proof-unfit") from error
    if not same:
        raise Refusal("proof-unfit")
    return data


def parse(data: bytes) -> TlogProof:
    """A proof whose `write` is `data` again, or Tampered("proof-malformed"). Nothing is verified."""
    head, divider, checkpoint = data.partition(b"\n\n")
    if len(data) > MOST_BYTES or not divider or not checkpoint.endswith(b"\n") or not head.isascii():
        raise Tampered("proof-malformed")
    lines = head.decode("ascii").split("\n")
    if lines.pop(0) != HEADER:
        raise Tampered("proof-malformed", reason="type")
    extra = None
    if lines and lines[0].startswith("extra "):
        extra = unbase64(lines.pop(0).removeprefix("extra "))
        if not extra or len(extra) > MOST_EXTRA:
            raise Tampered("proof-malformed", reason="extra")
    if not lines or not lines[0].startswith("index "):
        raise Tampered("proof-malformed", reason="index")
    index = parse_number(lines.pop(0).removeprefix("index "), MOST_SIZE)
    if index is None:
        raise Tampered("proof-malformed", reason="index")
    return TlogProof(index, _hashes(lines), checkpoint, extra)


def verify(
    proof: TlogProof,
    entry: bytes,
    log: Verifier,
    origin: str,
    witnesses: Sequence[Cosigner] = (),
    quorum: int = 0,
) -> Checkpoint:
    """The log's checkpoint that holds `entry`.

    1. The checkpoint is of this log, and signed by its key: Tampered("checkpoint-origin", "signature-missing", …).
    2. At least `quorum` of the witnesses cosigned it: Tampered("quorum-missed").
    3. The entry is at its index in it: Tampered("inclusion").
    """
    note = parse_note(proof.checkpoint)
    checkpoint = verify_checkpoint_note(note, log, origin)  # 1
    verify_cosigners(note, tuple(witnesses), quorum)  # 2
    verify_inclusion(leaf_hash(entry), proof.index, checkpoint.size, proof.hashes, checkpoint.root)  # 3
    return checkpoint


def _hashes(lines: Sequence[str]) -> tuple[bytes, ...]:
    hashes = tuple(unbase64(line) for line in lines)
    if len(hashes) > MOST_HASHES:
        raise Tampered("proof-malformed", reason="hashes")
    good = tuple(one for one in hashes if one is not None and len(one) == HASH_BYTES)
    if len(good) != len(hashes):
        raise Tampered("proof-malformed", reason="hashes")
    return good
