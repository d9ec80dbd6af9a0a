"""The morning of a rehearsal: keys, a sealed session, the log, the draw, the release. What the commands call, this calls.

Secrets and the draw's value follow from the seed, so that the same seed seals the same forms and codes. In a real
session both are in nobody's hand.

DIR/keys/        everybody's key files (one passphrase for all: `cast.PASSPHRASE`)
DIR/session/     the session's folder, as every venue gets it
DIR/committee/   what stays with the committee; DIR/officers/ the cards of the master
DIR/centre/      the centre's data, with the public log
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from cbt_station import __version__
from cbt_station.artefacts import names
from cbt_station.artefacts.key_file import write_key_file, write_public
from cbt_station.artefacts.manifest import Manifest, check_manifest
from cbt_station.artefacts.roster import Roster
from cbt_station.artefacts.signed import Signed
from cbt_station.assembly.opening import VenueCodes, join_master, write_draw, write_release
from cbt_station.assembly.session import SessionPlan, seal_session
from cbt_station.assembly.writing import write_all
from cbt_station.banks.compiling import CompiledBank
from cbt_station.exam.blueprint import Blueprint
from cbt_station.rehearsal.cast import FAST_LOG_N, PASSPHRASE, POSITIONS, VENUE, Cast, chance_of
from cbt_station.sealing import keyfile
from cbt_station.sealing import proof as tlog_proof
from cbt_station.server.centre import Centre
from cbt_station.storage.files import write_durably

SESSION = "gladi-1"
Tell = Callable[..., None]
"""`tell(key, **facts)`: one sentence of words/ for the person who watches."""


class Progress(Protocol):
    """How far it is: a bar of `total` steps with a caption; each call of what it gives is one step."""

    def __call__(self, key: str, total: int, /) -> AbstractContextManager[Callable[[], None]]: ...


@contextmanager
def unwatched(_key: str, _total: int) -> Iterator[Callable[[], None]]:
    """The progress of a rehearsal that nobody watches."""
    yield lambda: None


class Stage(Struct, frozen=True):
    """A session that is ready to be sat."""

    folder: Path
    cast: Cast
    blueprint: Blueprint
    roster: Roster
    manifest: Signed[Manifest]
    codes: VenueCodes
    master: bytes

    @property
    def session(self) -> Path:
        return self.folder / "session"

    @property
    def venue_key(self) -> Path:
        return self.folder / "keys" / f"{self.cast.key('venue', VENUE).name.replace('/', '_')}.key"


def write_keys(cast: Cast, folder: Path) -> None:
    """Everybody's key files, under one passphrase and with little work: they are for this rehearsal alone."""
    folder.mkdir(parents=True, exist_ok=True)
    for keys in cast.keys.values():
        stem = keys.name.replace("/", "_")
        write_durably(folder / f"{stem}.key", write_key_file(keys, PASSPHRASE, log_n=FAST_LOG_N))
        write_durably(folder / f"{stem}.pub", write_public(keys.public))
    write_durably(folder / "papers.pem", cast.certificate)
    locked = keyfile.lock(cast.certificate_key.decode(), PASSPHRASE, log_n=FAST_LOG_N)
    write_durably(folder / "papers.key", locked)


def set_stage(
    folder: Path,
    cast: Cast,
    bank: CompiledBank,
    blueprint: Blueprint,
    roster: Roster,
    centre: Centre,
    now: dt.datetime,
    tell: Tell,
    progress: Progress = unwatched,
) -> Stage:
    """From keys to codes."""
    committee = [keys.require_signing() for keys in cast.quorum("committee")]
    officers = [keys.require_signing() for keys in cast.quorum("release")]
    session = folder / "session"
    with progress("demo.sealing", 3) as step:
        write_keys(cast, folder / "keys")
        step()
        sealed = seal_session(
            _plan(now),
            bank,
            blueprint,
            [roster],
            POSITIONS,
            cast.trust,
            committee,
            chance=chance_of(cast.seed, "session"),
            log_n=FAST_LOG_N,
        )
        step()
        write_all(session, {**cast.chain, **sealed.public})
        write_all(folder / "committee", sealed.committee)
        cards = {f"card-{at}.txt": f"{card}\n".encode() for at, card in enumerate(sealed.cards, 1)}
        write_all(folder / "officers", cards)
        step()
    manifest = check_manifest(sealed.public[names.manifest(SESSION)], cast.trust)
    tell("demo.sealed", items=len(bank.items), candidates=len(roster.candidates), manifest=manifest.id[:16])

    proofs = centre.add_session({**cast.chain, **sealed.public})  # logged before the draw
    keep_proofs(session, proofs)
    checkpoint = tlog_proof.parse(proofs[names.tree_proof(manifest.id)]).checkpoint
    at = now.isoformat(timespec="seconds")
    draw = write_draw(manifest, chance_of(cast.seed, "draw")(16).hex(), cast.trust, committee, at, checkpoint)
    tell("demo.drawn")
    master = join_master(manifest.body, sealed.cards[: cast.trust.quorum("release")])
    release, (codes,) = write_release(manifest, master, [VENUE], cast.trust, officers, at)
    opened = {names.draw(SESSION): draw, names.release(SESSION): release}
    write_all(session, opened)
    keep_proofs(session, centre.add_session({**cast.chain, **sealed.public, **opened}))
    tell("demo.released", venue=VENUE, code=codes.start)
    return Stage(folder, cast, blueprint, roster, manifest, codes, master)


def keep_proofs(session: Path, proofs: Mapping[str, bytes]) -> None:
    """Write the proofs that are new. An older one stays: the draw names the checkpoint of the manifest's first."""
    write_all(session, {name: raw for name, raw in proofs.items() if not (session / name).exists()})


def _plan(now: dt.datetime) -> SessionPlan:
    return SessionPlan(
        session=SESSION,
        opens=(now - dt.timedelta(hours=1)).isoformat(timespec="seconds"),
        closes=(now + dt.timedelta(hours=12)).isoformat(timespec="seconds"),
        coming_draw=f"gladi bersih {now.date().isoformat()}",
        engine=__version__,
    )
