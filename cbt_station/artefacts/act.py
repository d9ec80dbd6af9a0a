"""`act.note`: what a proctor does to a sitting, with cause and words; embedded whole in its journal.

One proctor signs; two sign an end, a reopening, that the second place is lost, and a grant that makes more than 15
minutes of what proctors granted alone to one sitting: fifteen minutes four times are an hour.
"""

from collections.abc import Iterable
from typing import ClassVar, Literal

from cbt_station.artefacts.names import belongs_to_venue, require_ids
from cbt_station.artefacts.signed import Signed, read_under, require_signers, signers_among
from cbt_station.errors import Tampered
from cbt_station.sealing.body import NoteBody
from cbt_station.sealing.trust import Trust

MOST_MINUTES_ALONE = 15
MOST_MINUTES = 600
FOR_TWO = frozenset({"end", "reopen", "second-place-lost"})
MAY_GRANT = ("grant", "reopen")
"""A sitting is often reopened with some minutes."""


class ActNote(NoteBody, frozen=True, kw_only=True):
    """`head` is the journal's root (hex) when the act was signed; `nonce` makes it count once."""

    KIND: ClassVar[str] = "act"

    session: str
    venue: str
    sitting: str
    head: str
    act: Literal[
        "pause", "resume", "grant", "note", "leave-full-screen", "end", "reopen", "second-place-lost"
    ]
    minutes: int
    cause: Literal["environment", "candidate", "staff", "technical"]
    words: str
    nonce: str
    at: str


def signers_needed(act: ActNote) -> int:
    """How many proctors must sign."""
    return 2 if act.act in FOR_TWO or act.minutes > MOST_MINUTES_ALONE else 1


def check_act(data: bytes, trust: Trust, venue: str, sitting: str) -> Signed[ActNote]:
    """Exactly the needed number of distinct proctors of the venue signed it, for this sitting."""
    signed = read_under(data, ActNote, trust)
    act = signed.body
    if (act.venue, act.sitting) != (venue, sitting):
        raise Tampered("act-of-another-sitting")
    if not 0 <= act.minutes <= MOST_MINUTES or (act.minutes > 0 and act.act not in MAY_GRANT):
        raise Tampered("malformed", where="act: minutes")
    if act.act == "grant" and act.minutes == 0:
        raise Tampered("malformed", where="act: minutes")
    require_ids("act: head", act.head)
    listed = trust.at(act.trust).verifiers("proctor")
    proctors = signers_among(
        signed.note, (one for one in listed if belongs_to_venue(one.name, "proctor", venue))
    )
    if len(proctors) < signers_needed(act):
        raise Tampered("authority-missing", where=venue, needed=signers_needed(act))
    require_signers(signed, trust, *proctors[: signers_needed(act)])
    return signed


def require_counts(act: Signed[ActNote], before: Iterable[Signed[ActNote]]) -> None:
    """An act counts after those `before` it in its sitting.

    Tampered("act-twice") where its nonce was used, ("authority-missing") where one proctor alone grants too much in all.
    """
    alone = 0
    for one in (*before, act):
        if one is not act and one.body.nonce == act.body.nonce:
            raise Tampered("act-twice")
        alone += one.body.minutes if len(one.note.signatures) == 1 else 0
    if len(act.note.signatures) == 1 and act.body.minutes > 0 and alone > MOST_MINUTES_ALONE:
        raise Tampered("authority-missing", where=act.body.venue, needed=2)
