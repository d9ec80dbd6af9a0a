"""The draw, the release with its codes, and the reveal: what opens a sealed session, in that order."""

import base64
from collections.abc import Sequence

from msgspec import Struct

from cbt_station.artefacts.draw import DrawNote, check_draw, require_value
from cbt_station.artefacts.manifest import Manifest
from cbt_station.artefacts.package import Package
from cbt_station.artefacts.release import ReleaseNote, RevealNote, check_release, check_reveal
from cbt_station.artefacts.signed import Signed
from cbt_station.assembly.signing import sign_by_quorum
from cbt_station.errors import Refusal
from cbt_station.sealing import quorum, release
from cbt_station.sealing.notes import SigningKey
from cbt_station.sealing.trust import Trust


class VenueCodes(Struct, frozen=True):
    """What an official reads out to one venue. `score` is empty where no scores are shown."""

    venue: str
    start: str
    score: str


def write_draw(
    manifest: Signed[Manifest],
    value: str,
    trust: Trust,
    committee: Sequence[SigningKey],
    at: str,
    checkpoint: bytes | None = None,
) -> bytes:
    """`draw-SESSION.note` with the announced draw's value; `checkpoint` is the log's that holds the manifest."""
    note = DrawNote(
        trust=trust.number,
        session=manifest.body.session,
        manifest=manifest.id,
        source=manifest.body.coming_draw,
        value=require_value(value),
        at=at,
        checkpoint=base64.b64encode(checkpoint).decode() if checkpoint else None,
    )
    return check_draw(sign_by_quorum(note, trust, "committee", committee), trust, manifest).raw


def join_master(manifest: Manifest, cards: Sequence[str]) -> bytes:
    """M from enough officers' cards; Refusal("cards-foreign") where it is another session's."""
    master = quorum.join(cards)
    if len(master) != 32 or release.identity(master).recipient.text != manifest.package_recipient:
        raise Refusal("cards-foreign")
    return master


def write_release(
    manifest: Signed[Manifest],
    master: bytes,
    venues: Sequence[str],
    trust: Trust,
    officers: Sequence[SigningKey],
    at: str,
) -> tuple[bytes, tuple[VenueCodes, ...]]:
    """`release-SESSION.note`, and the codes to read out. Leaving a venue out withholds its code."""
    session = manifest.body.session
    note = ReleaseNote(
        trust=trust.number, session=session, manifest=manifest.id, venues=tuple(sorted(venues)), at=at
    )
    raw = check_release(sign_by_quorum(note, trust, "release", officers), trust, manifest).raw
    return raw, codes_for(master, manifest.body, venues)


def codes_for(master: bytes, manifest: Manifest, venues: Sequence[str]) -> tuple[VenueCodes, ...]:
    """The codes of venues, to be read out; the same however often they are asked for."""
    return tuple(_codes(master, manifest, venue) for venue in sorted(venues))


def _codes(master: bytes, manifest: Manifest, venue: str) -> VenueCodes:
    score = release.score_code(master, manifest.session, venue) if manifest.scoring_recipient else ""
    return VenueCodes(venue, release.code(master, manifest.session, venue), score)


def write_reveal(
    manifest: Signed[Manifest], package: Package, trust: Trust, committee: Sequence[SigningKey], at: str
) -> bytes:
    """`reveal-SESSION.note`: the seed share, from the opened package, after the session."""
    note = RevealNote(
        trust=trust.number,
        session=manifest.body.session,
        manifest=manifest.id,
        share=package.head.share,
        at=at,
    )
    return check_reveal(sign_by_quorum(note, trust, "committee", committee), trust, manifest).raw
