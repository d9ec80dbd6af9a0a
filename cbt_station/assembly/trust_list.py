"""The trust list, from what people decide (dates, quorums) and the public halves of everybody's keys."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

import msgspec

from cbt_station.artefacts.key_file import PublicKey
from cbt_station.errors import Refusal, Tampered
from cbt_station.sealing.body import Mode
from cbt_station.sealing.notes import SigningKey
from cbt_station.sealing.trust import (
    Revoked,
    Role,
    TrustedKey,
    TrustedRecipient,
    TrustList,
    open_trust,
    sign_trust,
)

T = TypeVar("T")
_OPENING_ROLES = ("venue", "results", "escrow")


def draft_trust(
    publics: Iterable[PublicKey],
    quorums: Mapping[str, int],
    *,
    number: int,
    previous: str,
    issued: str,
    expires: str,
    log_origin: str,
    pdf: Iterable[str] = (),
    revoked: Iterable[Revoked] = (),
) -> TrustList:
    """The list that the roots are to sign. Keys stand sorted by role and name."""
    ordered = sorted(publics, key=lambda public: (public.role, public.name))
    signing = [
        {"role": public.role, "name": public.name, "vkey": public.vkey} for public in ordered if public.vkey
    ]
    opening = [
        {"role": public.role, "name": public.name, "recipient": public.recipient}
        for public in ordered
        if public.recipient and public.role in _OPENING_ROLES
    ]
    for role, needed in quorums.items():
        have = sum(key["role"] == role for key in signing)
        if not 1 <= needed <= have:
            raise Refusal("quorum-short", where=role, needed=needed, have=have)
    return TrustList(
        trust=number,
        issued=issued,
        expires=expires,
        previous=previous,
        log_origin=log_origin,
        keys=_as(tuple[TrustedKey, ...], signing),
        recipients=_as(tuple[TrustedRecipient, ...], opening),
        quorums=_as(dict[Role, int], dict(quorums)),
        pdf=tuple(sorted(pdf)),
        revoked=tuple(revoked),
    )


def sign_list(body: TrustList, mode: Mode, *roots: SigningKey, chain: Sequence[bytes] = ()) -> bytes:
    """`trust-N.note`, in the list's order; `chain`: lists 1 to N-1.

    Refusal("trust-unfit") where nobody would accept it: a root too few or too many, a key used twice, …
    """
    try:
        signed = sign_trust(body, mode, *roots)
        open_trust([*chain, signed], None)
    except Tampered as failure:  # a list that nobody has seen yet is a mistake, not evidence
        raise Refusal("trust-unfit", reason=failure.code) from failure
    return signed


def _as(of: type[T], values: object) -> T:
    """Roles come as people wrote them."""
    try:
        return msgspec.convert(values, of)
    except msgspec.ValidationError as error:
        raise Refusal("trust-unfit", reason=str(error)) from error
