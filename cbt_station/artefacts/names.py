"""What files and keys are called: one place, so that a folder, a stick and a server never disagree."""

import re

from cbt_station.errors import Refusal, Tampered

_WORD = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?")
_FILE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,126}[A-Za-z0-9])?")
_HEX = re.compile(r"[0-9a-f]+")
_HEX_ID = re.compile(r"[0-9a-f]{64}")


def require_word(word: str, what: str) -> str:
    """A session's or venue's name: lower-case letters, digits and inner hyphens, at most 48."""
    if not is_word(word):
        raise Refusal("name-malformed", where=what, name=word[:60])
    return word


def is_word(word: str) -> bool:
    return bool(_WORD.fullmatch(word))


def is_file_name(name: str) -> bool:
    """A plain file name that is the same on every system: no path, no leading dot, no trailing dot."""
    return bool(_FILE.fullmatch(name)) and ".." not in name


def is_id(text: str) -> bool:
    """A SHA-256 in lower-case hex."""
    return bool(_HEX_ID.fullmatch(text))


def require_ids(where: str, *ids: str | None) -> None:
    """Every one is a SHA-256 in lower-case hex (or absent), else Tampered("malformed"): such ids become file names."""
    if not all(one is None or is_id(one) for one in ids):
        raise Tampered("malformed", where=where)


def hex_bytes(text: str, length: int, where: str) -> bytes:
    """The bytes of lower-case hex without spaces, exactly `length`, or Tampered("malformed")."""
    if len(text) != 2 * length or not _HEX.fullmatch(text):
        raise Tampered("malformed", where=where)
    return bytes.fromhex(text)


def trust(number: int) -> str:
    return f"trust-{number}.note"


def package(session: str) -> str:
    return f"exam-{session}.age"


def manifest(session: str) -> str:
    return f"exam-{session}.note"


def files(session: str) -> str:
    return f"{session}.files"


def pool(session: str) -> str:
    return f"{session}.pool"


def positions(session: str) -> str:
    return f"{session}.positions"


def commitments(session: str) -> str:
    return f"{session}.commitments"


def scoring(session: str, revision: int) -> str:
    return f"scoring-{session}-{revision}.age"


def roster(session: str, venue: str) -> str:
    return f"roster-{session}-{venue}.age"


def unlock(session: str, venue: str) -> str:
    return f"unlock-{session}-{venue}.age"


def quorum(session: str, venue: str) -> str:
    return f"quorum-{session}-{venue}.age"


def scoring_unlock(session: str, venue: str) -> str:
    return f"scoring-unlock-{session}-{venue}.age"


def draw(session: str) -> str:
    return f"draw-{session}.note"


def release(session: str) -> str:
    return f"release-{session}.note"


def handover(sitting: str, fence: int) -> str:
    """Beside the second copy of a sitting: the move to its seat number `fence`."""
    return f"handover-{sitting}-{fence}.note"


def reveal(session: str) -> str:
    return f"reveal-{session}.note"


def decision(session: str, number: int) -> str:
    return f"decision-{session}-{number}.note"


def is_decision(name: str, session: str) -> bool:
    number = name.removeprefix(f"decision-{session}-").removesuffix(".note")
    return number.isdecimal() and name == decision(session, int(number))


def difference(session: str, number: int) -> str:
    """What a decision changes for each candidate: the committee's file, its hash in the decision."""
    return f"difference-{session}-{number}.json"


# The tree on a stick, in a folder, at the centre: each file named by what it is and its id.
NOTES, SEALED, PROOFS = "notes", "sealed", "proofs"
ANSWER_PROOF = ".answer-proof"


def tree_note(kind: str, note_id: str) -> str:
    """A note in the tree, e.g. `notes/result-<id>.note`."""
    return f"{NOTES}/{kind}-{note_id}.note"


def tree_sealed(sha256: str) -> str:
    """A sealed result in the tree, e.g. `sealed/<sha256>.result.age`."""
    return f"{SEALED}/{sha256}.result.age"


def tree_proof(note_id: str) -> str:
    """The log's proof of a note, e.g. `proofs/<id>.tlog-proof`."""
    return f"{PROOFS}/{note_id}.tlog-proof"


def answer_proof(result: str, seq: int) -> str:
    """The proof of one line of a result's journal, e.g. `<result>-17.answer-proof`: made on request, in no tree."""
    return f"{result}-{seq}{ANSWER_PROOF}"


def journal_origin(mode: str, sitting: str) -> str:
    """The origin of a sitting's heads, and the name of its key."""
    return f"cbt-station/journal/v1/{mode}/{sitting}"


def log_origin(mode: str, organisation: str) -> str:
    """The origin of an organisation's log: test has a log of its own."""
    return f"{organisation}/log/v1/{mode}"


def belongs_to_venue(key_name: str, role: str, venue: str) -> bool:
    """Whether a trusted key's name places it at a venue: `ORG/venue/VENUE`, `ORG/proctor/VENUE/WHO`.

    The first part that is the role counts, so that no name belongs to two venues.
    """
    _, role_part, place = f"{key_name}/".partition(f"/{role}/")
    return bool(role_part) and place.partition("/")[0] == venue
