"""Signing by those who must: keys in whatever order people hand them over, signed in the trust list's order.

A wrong or missing key is a mistake of who signs, so a Refusal here; the same fault in a finished note is Tampered.
"""

from collections.abc import Sequence

from cbt_station.artefacts.names import belongs_to_venue
from cbt_station.artefacts.signed import sign
from cbt_station.errors import Refusal
from cbt_station.sealing.body import NoteBody
from cbt_station.sealing.notes import SigningKey
from cbt_station.sealing.trust import Trust


def sign_by_quorum(body: NoteBody, trust: Trust, role: str, keys: Sequence[SigningKey]) -> bytes:
    """The note's bytes, signed by exactly the quorum of a role; Refusal("signers-wrong") where the keys are not that."""
    needed = trust.quorum(role)
    return sign(body, trust.mode, *in_order(keys, trust, role, least=needed, most=needed))


def in_order(
    keys: Sequence[SigningKey],
    trust: Trust,
    role: str,
    *,
    least: int,
    most: int | None = None,
    venue: str | None = None,
) -> tuple[SigningKey, ...]:
    """The keys as the list orders them: all of the role (and the venue), each once, as many as asked for."""
    listed = [
        one.text for one in trust.verifiers(role) if venue is None or belongs_to_venue(one.name, role, venue)
    ]
    fit = {key.verifier.text: key for key in keys if key.verifier.text in listed}
    if len(fit) != len(keys) or not least <= len(fit) <= (len(fit) if most is None else most):
        raise Refusal("signers-wrong", where=venue or "", role=role, needed=least, have=len(fit))
    return tuple(fit[text] for text in listed if text in fit)
