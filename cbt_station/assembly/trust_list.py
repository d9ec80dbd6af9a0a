"""The trust list, from a draft that people can read and the public halves of everybody's keys.

version: 1
issued: 2026-11-24
expires: 2027-11-24
log_origin: cbt.example/log/v1/test
quorums: {root: 2, committee: 2, release: 2}
"""

from collections.abc import Iterable, Mapping

import msgspec

from cbt_station.artefacts.key_file import PublicKey
from cbt_station.errors import Refusal
from cbt_station.sealing.body import Mode
from cbt_station.sealing.notes import SigningKey
from cbt_station.sealing.trust import Revoked, Role, TrustedKey, TrustedRecipient, TrustList, sign_trust

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
            raise Refusal("quorum-impossible", where=role, needed=needed, have=have)
    return TrustList(
        trust=number,
        issued=issued,
        expires=expires,
        previous=previous,
        log_origin=log_origin,
        keys=msgspec.convert(signing, tuple[TrustedKey, ...]),
        recipients=msgspec.convert(opening, tuple[TrustedRecipient, ...]),
        quorums=msgspec.convert(dict(quorums), dict[Role, int]),
        pdf=tuple(sorted(pdf)),
        revoked=tuple(revoked),
    )


def sign_list(body: TrustList, mode: Mode, *roots: SigningKey) -> bytes:
    """`trust-N.note`, signed by exactly the roots handed in, in the list's order."""
    return sign_trust(body, mode, *roots)
