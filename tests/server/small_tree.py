"""A small signed session with two venues, a log key and results made directly from artefacts, for centre and sync.

Real keys and signatures; what is sealed is chance, because nobody here opens it.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from cbt_station.artefacts import names
from cbt_station.artefacts.admit import AdmitNote
from cbt_station.artefacts.closing import ClosingNote, pairs_hash
from cbt_station.artefacts.commitments import commitment, sitting_id, write_commitments
from cbt_station.artefacts.draw import DrawNote
from cbt_station.artefacts.files import FileEntry, sha256_hex, write_files
from cbt_station.artefacts.manifest import Manifest
from cbt_station.artefacts.pool import Position, Positions, write_positions
from cbt_station.artefacts.release import ReleaseNote
from cbt_station.artefacts.result import AbortedNote, ResultNote
from cbt_station.artefacts.score import DecisionNote, ScoreNote
from cbt_station.artefacts.signed import sign
from cbt_station.artefacts.start import StartNote
from cbt_station.sealing.age import hybrid_from_seed
from cbt_station.sealing.body import Mode
from cbt_station.sealing.notes import SigningKey, parse_note
from cbt_station.sealing.trust import (
    Revoked,
    Trust,
    TrustedKey,
    TrustedRecipient,
    TrustList,
    open_trust,
    sign_trust,
)

ORG = "contoh.example"
VENUES = ("jkt-01", "mks-02")
SESSION = "kecil-1"
AT = "2026-12-01T10:00:00+07:00"


def digest(*parts: object) -> str:
    return hashlib.sha256(" ".join(map(str, parts)).encode()).hexdigest()


def key(name: str) -> SigningKey:
    """Always the same key for a name."""
    return SigningKey.from_seed(name, hashlib.sha256(b"small tree" + name.encode()).digest())


@cache
def recipient(name: str) -> str:
    """Always the same age recipient for a name."""
    return hybrid_from_seed(hashlib.sha256(b"small tree" + name.encode()).digest()).recipient.text


def log_key(mode: Mode = "test") -> SigningKey:
    return key(names.log_origin(mode, ORG))


@dataclass(frozen=True)
class Sat:
    """One sitting's files by their names in the tree, and its ids."""

    venue: str
    start: str
    result: str
    sealed: str
    files: dict[str, bytes] = field(repr=False)


class SmallWorld:
    """One organisation and one session. `files` is the session's folder."""

    def __init__(self, mode: Mode = "test", session: str = SESSION, lists: int = 1) -> None:
        self.mode, self.session = mode, session
        self.chain = _trust_lists(mode, lists)
        self.trust: Trust = open_trust(self.chain, None)
        self.log_key = log_key(mode)
        self.files: dict[str, bytes] = {names.trust(at): raw for at, raw in enumerate(self.chain, 1)}
        self._seal()

    def _committee(self) -> tuple[SigningKey, SigningKey]:
        return key(f"{ORG}/committee/a"), key(f"{ORG}/committee/b")

    def _seal(self) -> None:
        numbers = [f"{number}" for number in range(1, 101)]
        files = {
            names.positions(self.session): write_positions(
                Positions(self.mode, self.session, (Position("analis", "Analis", 1),))
            ),
            names.commitments(self.session): write_commitments(map(self.commitment, numbers), self.mode),
        }
        listed = write_files((FileEntry(n, len(d), sha256_hex(d)) for n, d in files.items()), self.mode)
        manifest = Manifest(
            trust=1,
            session=self.session,
            exam="KECIL",
            files=sha256_hex(listed),
            package_opening=digest("opening"),
            package_size=1000,
            package_recipient=recipient("package"),
            scoring_recipient=None,
            results_recipients=(recipient("results"),),
            escrow_recipients=(recipient("escrow"),),
            edition=digest("edition"),
            pool=digest("pool"),
            positions=sha256_hex(files[names.positions(self.session)]),
            commitments=sha256_hex(files[names.commitments(self.session)]),
            scoring=digest("scoring"),
            opens="2026-12-01T08:00:00+07:00",
            closes="2026-12-01T12:00:00+07:00",
            seed_commitment=digest("seed"),
            coming_draw="dadu 2026-12-01",
            engine="0.1.0",
        )
        raw = sign(manifest, self.mode, *self._committee())
        self.manifest = parse_note(raw).id
        self.files |= {**files, names.files(self.session): listed, names.manifest(self.session): raw}

    def commitment(self, number: str) -> str:
        return commitment(digest("salt", self.session, number)[:32], number)

    def draw(self, value: str = "00112233445566778899aabbccddeeff", checkpoint: str | None = None) -> bytes:
        body = DrawNote(
            trust=1,
            session=self.session,
            manifest=self.manifest,
            source="dadu 2026-12-01",
            value=value,
            at=AT,
            checkpoint=checkpoint,
        )
        return sign(body, self.mode, *self._committee())

    def release(self) -> bytes:
        body = ReleaseNote(trust=1, session=self.session, manifest=self.manifest, venues=VENUES, at=AT)
        return sign(body, self.mode, key(f"{ORG}/release/a"))

    def admit(self, venue: str = VENUES[0], station: str = "s01") -> bytes:
        station_key = key(f"{ORG}/station/{venue}/{station}")
        body = AdmitNote(
            trust=1,
            session=self.session,
            venue=venue,
            station=station,
            station_key=station_key.verifier.text,
            program=digest("program"),
            facts={"os": "Debian 12"},
            at=AT,
        )
        return sign(body, self.mode, station_key, *self.authority(venue))

    def authority(self, venue: str) -> tuple[SigningKey, ...]:
        return (key(f"{ORG}/proctor/{venue}/a"),) if self.mode == "official" else ()

    def sat(
        self, number: int, venue: str = VENUES[0], *, station: str = "s01", variant: str = "", size: int = 400
    ) -> Sat:
        """A finished sitting of candidate `number`; another `variant` is a twin of the same sitting."""
        admit = self.admit(venue, station)
        committed = self.commitment(str(number))
        sitting = sitting_id(self.session, committed)
        sitting_key = key(f"{names.journal_origin(self.mode, sitting)}")
        station_key = key(f"{ORG}/station/{venue}/{station}")
        start = sign(
            StartNote(
                trust=1,
                session=self.session,
                venue=venue,
                station=station,
                admit=parse_note(admit).id,
                sitting=sitting,
                sitting_key=sitting_key.verifier.text,
                commitment=committed,
                form=digest("form", number),
                manifest=self.manifest,
                fence=1,
                at=AT,
            ),
            self.mode,
            station_key,
            *self.authority(venue),
        )
        sealed = (digest("sealed", number, variant) * (size // 64 + 1)).encode()[:size]
        result = sign(
            ResultNote(
                trust=1,
                session=self.session,
                venue=venue,
                station=station,
                sitting=sitting,
                start=parse_note(start).id,
                handovers=(),
                commitment=committed,
                form=digest("form", number),
                edition=digest("edition"),
                scoring=digest("scoring"),
                engine="0.1.0",
                allotted_ms=6_000_000,
                granted_ms=0,
                left_ms=1000,
                ended_by="candidate",
                size=42,
                root=digest("root", number, variant),
                sealed=sha256_hex(sealed),
                sealed_size=len(sealed),
                started_at="2026-12-01T09:00:00+07:00",
                ended_at="2026-12-01T10:39:59+07:00",
                level="second",
            ),
            self.mode,
            sitting_key,
            station_key,
        )
        files = {
            names.tree_sealed(sha256_hex(sealed)): sealed,
            names.tree_note("admit", parse_note(admit).id): admit,
            names.tree_note("start", parse_note(start).id): start,
            names.tree_note("result", parse_note(result).id): result,
        }
        return Sat(venue, parse_note(start).id, parse_note(result).id, sha256_hex(sealed), files)

    def aborted(self, number: int, venue: str = VENUES[0]) -> Sat:
        """A sitting that could not go on, sealed from the second copy."""
        begun = self.sat(number, venue)
        committed = self.commitment(str(number))
        sealed = digest("aborted", number).encode()
        raw = sign(
            AbortedNote(
                trust=1,
                session=self.session,
                venue=venue,
                sitting=sitting_id(self.session, committed),
                start=begun.start,
                commitment=committed,
                size=9,
                root=digest("root"),
                sealed=sha256_hex(sealed),
                sealed_size=len(sealed),
                cause="listrik padam",
                at=AT,
            ),
            self.mode,
            key(f"{ORG}/venue/{venue}"),
            key(f"{ORG}/proctor/{venue}/a"),
            key(f"{ORG}/proctor/{venue}/b"),
        )
        kept = {n: d for n, d in begun.files.items() if not n.startswith(("sealed/", "notes/result-"))}
        files = {names.tree_sealed(sha256_hex(sealed)): sealed, **kept}
        note_id = parse_note(raw).id
        files[names.tree_note("aborted", note_id)] = raw
        return Sat(venue, begun.start, note_id, sha256_hex(sealed), files)

    def closing(
        self,
        sats: Sequence[Sat],
        venue: str = VENUES[0],
        number: int = 1,
        cites: str | None = None,
        absent: int = 0,
    ) -> tuple[str, bytes]:
        """Name and bytes of a venue's closing over these sittings."""
        body = ClosingNote(
            trust=1,
            session=self.session,
            venue=venue,
            number=number,
            cites=cites,
            manifest=self.manifest,
            count=len(sats),
            pairs=pairs_hash((sat.start, sat.result) for sat in sats),
            present=len(sats),
            absent=absent,
            aborted=0,
            disqualified=0,
            spare_unused=0,
            incidents=0,
            minutes_granted=0,
            at=AT,
        )
        raw = sign(body, self.mode, key(f"{ORG}/venue/{venue}"), *self.authority(venue))
        return names.tree_note("closing", parse_note(raw).id), raw

    def score(self, sat: Sat | None, supersedes: str | None = None, salt: str = "") -> tuple[str, bytes]:
        body = ScoreNote(
            exam="KECIL",
            trust=1,
            session=self.session,
            number="1001",
            name="Siti Aminah",
            scores="TWK 100, total 100",
            verdict="P",
            result=sat.result if sat else None,
            scoring=1,
            date="2026-12-05",
            supersedes=supersedes,
            salt=digest("score", salt)[:32],
        )
        raw = sign(body, self.mode, key(f"{ORG}/score/1"))
        return names.tree_note("score", parse_note(raw).id), raw

    def decision(self, results: Sequence[str], number: int = 1) -> tuple[str, bytes]:
        body = DecisionNote(
            trust=1,
            session=self.session,
            number=number,
            what="which of two results counts",
            why="kursi dipindah",
            old_scoring=digest("scoring"),
            new_scoring=digest("scoring"),
            results=tuple(results),
            difference=digest("difference"),
            at=AT,
        )
        raw = sign(body, self.mode, *self._committee())
        return names.tree_note("decision", parse_note(raw).id), raw


def _trust_lists(mode: Mode, lists: int) -> tuple[bytes, ...]:
    roles = ["root/a", "root/b", "committee/a", "committee/b", "release/a", "score/1"]
    holders = [(one.partition("/")[0], one.partition("/")[2], f"{ORG}/{one}") for one in roles]
    holders.append(("log", "1", names.log_origin(mode, ORG)))
    for venue in VENUES:
        holders.append(("venue", venue, f"{ORG}/venue/{venue}"))
        holders += [("proctor", f"{venue}/{who}", f"{ORG}/proctor/{venue}/{who}") for who in "ab"]
    chain: list[bytes] = []
    for number in range(1, lists + 1):
        body = TrustList(
            trust=number,
            issued="2026-01-01T00:00:00+07:00",
            expires="2099-01-01T00:00:00+07:00",
            previous=parse_note(chain[-1]).id if chain else "none",
            log_origin=names.log_origin(mode, ORG),
            keys=tuple(TrustedKey(role, name, key(full).verifier.text) for role, name, full in holders),  # type: ignore[arg-type]
            recipients=(
                TrustedRecipient("results", "a", recipient("results")),
                TrustedRecipient("escrow", "a", recipient("escrow")),
            ),
            quorums={"root": 2, "committee": 2, "release": 1},
            pdf=(),
            revoked=tuple(
                Revoked(key(f"{ORG}/old/{at}").verifier.text, "2026-01-01T00:00:00+07:00")
                for at in range(1, number)
            ),
        )
        chain.append(sign_trust(body, mode, key(f"{ORG}/root/a"), key(f"{ORG}/root/b")))
    return tuple(chain)
