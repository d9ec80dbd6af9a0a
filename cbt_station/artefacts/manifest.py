"""`exam-SESSION.note`, the manifest: what a session is made of, signed by the committee and logged before the draw."""

import datetime as dt
from typing import ClassVar

from cbt_station.artefacts.signed import Signed, check_by_quorum
from cbt_station.errors import Refusal, Tampered
from cbt_station.sealing.body import NoteBody
from cbt_station.sealing.trust import Trust


class Manifest(NoteBody, frozen=True, kw_only=True):
    """Hashes are SHA-256 in lower-case hex; times are RFC 3339 with an offset; recipients are age recipients."""

    KIND: ClassVar[str] = "exam"

    session: str
    exam: str
    """Id of the blueprint, e.g. SKD."""
    files: str
    """Hash of `SESSION.files`, which names every other file of the session."""
    package_opening: str
    """SHA-256(age header ‖ payload nonce) of the package: checked at every opening, it makes single chunks safe."""
    package_size: int
    package_recipient: str
    """Recipient of R: an opened R must have it."""
    scoring_recipient: str | None = None
    """Recipient of S where scores are shown at the end, else absent."""
    results_recipients: tuple[str, ...]
    escrow_recipients: tuple[str, ...]
    edition: str
    """The bank's edition."""
    pool: str
    positions: str
    commitments: str
    scoring: str
    """Hash of the scoring file, revision 1."""
    opens: str
    closes: str
    """The start window. It gates only the start; there is no cut-off inside a sitting."""
    seed_commitment: str
    """SHA-256 of the seed share."""
    coming_draw: str
    """The public draw that will complete the seed: in nobody's hand when this is signed."""
    engine: str
    """The smallest program version that may deliver this session."""


def check_manifest(data: bytes, trust: Trust) -> Signed[Manifest]:
    """Exactly the committee's quorum signed it."""
    signed = check_by_quorum(data, Manifest, trust, "committee")
    opens, closes = instant(signed.body.opens), instant(signed.body.closes)
    if opens >= closes:
        raise Tampered("malformed", where="manifest: start window")
    return signed


def instant(text: str) -> dt.datetime:
    """A moment with its offset, or Tampered("malformed")."""
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise Tampered("malformed", where="time") from error
    if moment.tzinfo is None:
        raise Tampered("malformed", where="time without zone")
    return moment


def require_window(manifest: Manifest, now: dt.datetime) -> None:
    """Raise Refusal("too-early") or ("too-late") outside the start window."""
    if now < instant(manifest.opens):
        raise Refusal("too-early", opens=manifest.opens)
    if now > instant(manifest.closes):
        raise Refusal("too-late", closes=manifest.closes)


def require_engine(manifest: Manifest, version: str) -> None:
    """Raise Refusal("program-too-old") where this program is older than the session asks for."""
    try:
        needed, have = (tuple(int(part) for part in text.split(".")) for text in (manifest.engine, version))
    except ValueError as error:
        raise Tampered("malformed", where="manifest: engine") from error
    if have < needed:
        raise Refusal("program-too-old", version=version, needed=manifest.engine)
