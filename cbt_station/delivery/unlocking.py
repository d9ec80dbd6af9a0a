"""Opening a session at a station: the venue's key, the release code, the roster, the package.

Before the start window nothing is tried, and without the draw nothing starts. A code is counted as wrong before it is
tried; a wrong code and another venue's code look alike.
"""

from dataclasses import dataclass

from cbt_station.artefacts import names
from cbt_station.artefacts.key_file import read_key_file
from cbt_station.artefacts.manifest import require_window
from cbt_station.artefacts.roster import Roster, read_roster
from cbt_station.artefacts.unlock import open_unlock
from cbt_station.delivery.clock import wall_instant
from cbt_station.delivery.session_folder import Content, SessionFolder, open_content
from cbt_station.delivery.station_store import StationStore
from cbt_station.errors import Refusal, Tampered
from cbt_station.exam.clock import Reading
from cbt_station.sealing.age import HybridIdentity, decrypt
from cbt_station.sealing.notes import SigningKey
from cbt_station.sealing.release import read_code


@dataclass(frozen=True)
class VenueKey:
    """A venue's keys, out of their file."""

    venue: str
    signing: SigningKey
    identity: HybridIdentity


@dataclass(frozen=True)
class Unlocked:
    """What an unlocked station holds in memory: never on disk, but R inside a sitting's database."""

    key: VenueKey
    identity: HybridIdentity
    roster: Roster
    content: Content


def open_venue_key(folder: SessionFolder, data: bytes, passphrase: str) -> VenueKey:
    """The venue's keys; the trust list knows both, and the session has the venue.

    Refusal("passphrase-wrong"), ("venue-key-wrong"), ("venue-not-in-session").
    """
    keys = read_key_file(data, passphrase)
    signing, identity = keys.signing, keys.identity
    if signing is None or identity is None:
        raise Refusal("venue-key-wrong")
    known = {verifier.text for verifier in folder.trust.verifiers("venue")}
    before, role, venue = signing.name.rpartition("/venue/")
    if signing.verifier.text not in known or not (before and role and venue):
        raise Refusal("venue-key-wrong")
    if identity.recipient.text not in folder.trust.recipients("venue"):
        raise Refusal("venue-key-wrong")
    if venue not in folder.venues():
        raise Refusal("venue-not-in-session", venue=venue)
    return VenueKey(venue, signing, identity)


def unlock_session(
    folder: SessionFolder,
    store: StationStore,
    data: bytes,
    passphrase: str,
    code: str,
    now: Reading,
    *,
    may_be_late: bool = False,
) -> Unlocked:
    """Open roster and package with the venue's key and the code.

    `may_be_late`: not to start anybody (a start asks for the window itself), but to move somebody here who began in time.
    """
    try:
        require_window(folder.manifest.body, wall_instant(now))
    except Refusal as refusal:
        if refusal.code != "too-late" or not may_be_late:
            raise
    folder.trust.require_current(wall_instant(now))
    folder.draw()
    key = open_venue_key(folder, data, passphrase)
    folder.trust.require_unrevoked(key.signing.verifier, wall_instant(now))
    sealed = folder.read(names.unlock(folder.session, key.venue))
    identity = try_code(store, sealed, key, code, folder.manifest.body.package_recipient, now)
    roster = _roster(folder, key)
    return Unlocked(key, identity, roster, open_content(folder, identity))


def try_code(
    store: StationStore, sealed: bytes, key: VenueKey, code: str, recipient: str, now: Reading
) -> HybridIdentity:
    """What a code opens. Refusal("code-malformed"), ("code-wait"), ("code-wrong") with the next wait in ms."""
    canonical = read_code(code)
    store.require_no_wait(now)
    wait_ms = store.count_attempt(now)
    try:
        identity = open_unlock(sealed, key.identity, canonical, recipient)
    except Refusal as refusal:
        if refusal.code != "code-wrong":
            raise
        raise Refusal("code-wrong", wait_ms=wait_ms) from refusal
    store.forget_wait()
    return identity


def _roster(folder: SessionFolder, key: VenueKey) -> Roster:
    name = names.roster(folder.session, key.venue)
    roster = read_roster(decrypt(folder.read(name), key.identity))
    if (roster.session, roster.venue, roster.mode) != (folder.session, key.venue, folder.mode):
        raise Tampered("roster-of-another-session", where=name)
    return roster
