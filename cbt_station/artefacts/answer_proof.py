"""`RESULT-SEQ.answer-proof`: one line of a sealed journal, and nothing else of it.

"This answer was given at 10:31": the line, its salt, and the hashes that lead from its leaf to the root that the result
note signs. A leaf is SHA-256(0x00 ‖ salt ‖ line) with 16 random bytes of salt, so the hashes beside the path tell nobody
what the other lines say. It proves that the line stands in the journal, at this place; not that no later line changed
the answer, nor who sat there: that is the commitment's business (a slip opens it).

Checked with the result note and those that it cites; signed by nobody itself.
"""

from msgspec import Struct

from cbt_station.artefacts.journal import SALT_BYTES, leaf_of, read_line
from cbt_station.artefacts.names import hex_bytes, require_ids
from cbt_station.artefacts.result import ResultBundle, ResultNote
from cbt_station.artefacts.signed import Signed
from cbt_station.errors import Refusal, Tampered
from cbt_station.exam.events import AnswerChosen, AnswerCleared, Event
from cbt_station.sealing import strict_json
from cbt_station.sealing.body import Mode
from cbt_station.sealing.merkle import HASH_BYTES, inclusion_proof, verify_inclusion

MOST_BYTES = 1 << 21


class AnswerProof(
    Struct, frozen=True, forbid_unknown_fields=True, tag="cbt-station/answer-proof/v1", tag_field="type"
):
    """`result` is the result note's id, `size` and `root` its journal; `index` counts from 0; bytes are hex."""

    mode: Mode
    result: str
    size: int
    root: str
    index: int
    salt: str
    line: str
    hashes: tuple[str, ...]


def prove_line(bundle: ResultBundle, result: Signed[ResultNote], seq: int) -> AnswerProof:
    """The proof of line `seq` (from 1) of an opened result. Refusal("journal-line-unknown")."""
    if not 1 <= seq <= len(bundle.journal):
        raise Refusal("journal-line-unknown", seq=seq, last=len(bundle.journal))
    record = bundle.journal[seq - 1]
    path = inclusion_proof([one.leaf for one in bundle.journal], seq - 1)
    proof = AnswerProof(
        mode=result.mode,
        result=result.id,
        size=result.body.size,
        root=result.body.root,
        index=seq - 1,
        salt=record.salt,
        line=record.line,
        hashes=tuple(one.hex() for one in path),
    )
    check_answer_proof(proof, result)
    return proof


def last_answer(bundle: ResultBundle, item: str) -> int:
    """The line in which an item was answered, or taken back, for the last time. Refusal("item-not-answered")."""
    for seq in range(len(bundle.journal), 0, -1):
        event = read_line(bundle.journal[seq - 1].line)
        if isinstance(event, AnswerChosen | AnswerCleared) and event.item == item:
            return seq
    raise Refusal("item-not-answered", item=item)


def write_answer_proof(proof: AnswerProof) -> bytes:
    return strict_json.encode(proof)


def read_answer_proof(data: bytes) -> AnswerProof:
    """A proof as it was written. Nothing is verified."""
    proof = strict_json.decode(data, AnswerProof, "answer proof", most_bytes=MOST_BYTES)
    require_ids("answer proof", proof.result, proof.root)
    return proof


def check_answer_proof(proof: AnswerProof, result: Signed[ResultNote]) -> Event:
    """The event that is proven, by a result note whose signatures were checked."""
    if (proof.mode, proof.result) != (result.mode, result.id):
        raise Tampered("answer-of-another-result", result=proof.result)
    if (proof.size, proof.root) != (result.body.size, result.body.root):
        raise Tampered("journal-not-the-sealed-one", sitting=result.body.sitting)
    salt = hex_bytes(proof.salt, SALT_BYTES, "answer proof: salt")
    path = [hex_bytes(one, HASH_BYTES, "answer proof: hashes") for one in proof.hashes]
    root = hex_bytes(proof.root, HASH_BYTES, "answer proof: root")
    verify_inclusion(leaf_of(salt, proof.line), proof.index, proof.size, path, root)
    event = read_line(proof.line)
    if event.seq != proof.index + 1:
        raise Tampered("journal-broken", where=f"journal line {proof.index + 1}")
    return event
