"""`act.note`: what a proctor does to a sitting, with cause and words; embedded whole in its journal.

One proctor signs; two sign an end, a reopening, and a grant of more than 15 minutes.
"""

from typing import ClassVar, Literal

from cbt_station.artefacts.names import belongs_to_venue
from cbt_station.artefacts.signed import Signed, read_under
from cbt_station.errors import Tampered
from cbt_station.sealing.body import NoteBody
from cbt_station.sealing.notes import require_signatures
from cbt_station.sealing.trust import Trust

MOST_MINUTES_ALONE = 15
MOST_MINUTES = 600


class ActNote(NoteBody, frozen=True, kw_only=True):
    """`head` is the journal's root (hex) when the act was signed; `nonce` makes it count once."""

    KIND: ClassVar[str] = "act"

    session: str
    venue: str
    sitting: str
    head: str
    act: Literal["pause", "resume", "grant", "note", "leave-full-screen", "end", "reopen"]
    minutes: int
    cause: Literal["environment", "candidate", "staff", "technical"]
    words: str
    nonce: str
    at: str


def signers_needed(act: ActNote) -> int:
    """How many proctors must sign."""
    return 2 if act.act in {"end", "reopen"} or act.minutes > MOST_MINUTES_ALONE else 1


def check_act(data: bytes, trust: Trust, venue: str, sitting: str) -> Signed[ActNote]:
    """Exactly the needed number of distinct proctors of the venue signed it, for this sitting."""
    signed = read_under(data, ActNote, trust)
    act = signed.body
    if (act.venue, act.sitting) != (venue, sitting):
        raise Tampered("act-of-another-sitting")
    if not 0 <= act.minutes <= MOST_MINUTES or (act.minutes > 0) != (act.act == "grant"):
        raise Tampered("malformed", where="act: minutes")
    proctors = [
        verifier
        for verifier in trust.at(act.trust).verifiers("proctor")
        if belongs_to_venue(verifier.name, "proctor", venue)
        and any(
            (line.name, line.key_id) == (verifier.name, verifier.key_id) for line in signed.note.signatures
        )
    ]
    if len(proctors) < signers_needed(act):
        raise Tampered("authority-missing", where=venue, needed=signers_needed(act))
    require_signatures(signed.note, *proctors)
    return signed
