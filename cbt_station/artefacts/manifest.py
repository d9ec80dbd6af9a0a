"""`exam-SESSION.note`, the manifest: what a session is made of, signed by the committee and logged before the draw."""

import datetime as dt
import re
from typing import ClassVar, Final

from cbt_station.artefacts.names import is_word, require_ids
from cbt_station.artefacts.signed import Signed, check_by_quorum, instant
from cbt_station.errors import Refusal, Tampered
from cbt_station.sealing.age import HybridRecipient
from cbt_station.sealing.body import NoteBody
from cbt_station.sealing.trust import Trust

_VERSION: Final = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6}){0,3}")


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
    """Exactly the committee's quorum signed it, and what it names can be used as it must be later."""
    signed = check_by_quorum(data, Manifest, trust, "committee")
    manifest = signed.body
    if not is_word(manifest.session):
        raise Tampered("malformed", where="manifest: session")
    if instant(manifest.opens) >= instant(manifest.closes):
        raise Tampered("malformed", where="manifest: start window")
    require_ids(
        "manifest", manifest.files, manifest.package_opening, manifest.edition, manifest.pool, manifest.positions,
        manifest.commitments, manifest.scoring, manifest.seed_commitment,
    )  # fmt: skip
    version_of(manifest.engine)
    _require_recipients(manifest, trust.at(manifest.trust))
    return signed


def _require_recipients(manifest: Manifest, trust: Trust) -> None:
    """Every recipient is a good hybrid one; results are sealed to nobody whom the trust list does not name."""
    sealed_to = {"results": manifest.results_recipients, "escrow": manifest.escrow_recipients}
    for role, recipients in sealed_to.items():
        for recipient in recipients:
            if recipient not in trust.recipients(role):
                raise Tampered("recipient-unknown", where=f"manifest: {role}", recipient=recipient[:24])
    if not manifest.results_recipients:
        raise Tampered("malformed", where="manifest: results recipients")
    openers = [manifest.package_recipient, manifest.scoring_recipient or manifest.package_recipient]
    for recipient in (*openers, *manifest.results_recipients, *manifest.escrow_recipients):
        try:
            HybridRecipient.parse(recipient)
        except Refusal as refusal:
            raise Tampered("malformed", where="manifest: recipients") from refusal


def require_window(manifest: Manifest, now: dt.datetime) -> None:
    """Raise Refusal("too-early") or ("too-late") outside the start window."""
    if now < instant(manifest.opens):
        raise Refusal("too-early", opens=manifest.opens)
    if now > instant(manifest.closes):
        raise Refusal("too-late", closes=manifest.closes)


def require_engine(manifest: Manifest, version: str) -> None:
    """Raise Refusal("program-too-old") where this program is older than the session asks for."""
    if version_of(version) < version_of(manifest.engine):
        raise Refusal("program-too-old", version=version, needed=manifest.engine)


def version_of(text: str) -> tuple[int, ...]:
    """A version as numbers that compare: 0.1 is 0.1.0. Tampered("malformed") where it is none."""
    if not _VERSION.fullmatch(text):
        raise Tampered("malformed", where="manifest: engine")
    numbers = [int(part) for part in text.split(".")]
    return tuple(numbers + [0] * (4 - len(numbers)))
