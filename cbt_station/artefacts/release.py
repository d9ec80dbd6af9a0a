"""`release-SESSION.note` (venues and time, no codes, no hashes of codes) and `reveal-SESSION.note` (the seed share)."""

import hashlib
from typing import ClassVar

from cbt_station.artefacts.manifest import Manifest
from cbt_station.artefacts.names import hex_bytes
from cbt_station.artefacts.signed import Signed, check_by_quorum
from cbt_station.errors import Tampered
from cbt_station.sealing.body import NoteBody
from cbt_station.sealing.trust import Trust

SHARE_BYTES = 32


class ReleaseNote(NoteBody, frozen=True, kw_only=True):
    """The officers let these venues start."""

    KIND: ClassVar[str] = "release"

    session: str
    manifest: str
    venues: tuple[str, ...]
    at: str


class RevealNote(NoteBody, frozen=True, kw_only=True):
    """After the session: the share, so that anyone can rebuild every form."""

    KIND: ClassVar[str] = "reveal"

    session: str
    manifest: str
    share: str
    at: str


def check_release(data: bytes, trust: Trust, manifest: Signed[Manifest]) -> Signed[ReleaseNote]:
    """The quorum of release officers signed it, for this manifest."""
    signed = check_by_quorum(data, ReleaseNote, trust, "release")
    if signed.body.manifest != manifest.id or signed.body.session != manifest.body.session:
        raise Tampered("release-of-another-session", session=signed.body.session)
    return signed


def check_reveal(data: bytes, trust: Trust, manifest: Signed[Manifest]) -> Signed[RevealNote]:
    """The committee's quorum signed it, and the share is the one that the manifest committed to."""
    signed = check_by_quorum(data, RevealNote, trust, "committee")
    if signed.body.manifest != manifest.id or signed.body.session != manifest.body.session:
        raise Tampered("reveal-of-another-session", session=signed.body.session)
    require_share(signed.body.share, manifest.body)
    return signed


def share_commitment(share: bytes) -> str:
    """What the manifest says of the share (32 random bytes, so no salt is needed)."""
    return hashlib.sha256(share).hexdigest()


def require_share(share_hex: str, manifest: Manifest) -> bytes:
    """The share's bytes, or Tampered("share-mismatch")."""
    share = hex_bytes(share_hex, SHARE_BYTES, "seed share")
    if share_commitment(share) != manifest.seed_commitment:
        raise Tampered("share-mismatch")
    return share
