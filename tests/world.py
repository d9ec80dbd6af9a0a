"""A small organisation with one whole session, made by the program's own functions from fixed seeds.

Two venues, a committee of three, everything signed for real; only scrypt is cheap. `world("official")` and
`world("test")` differ in nothing but the mode. Tests take pieces of it and change one thing at a time.
Age files are the only bytes that differ from run to run.
"""

import base64
import datetime as dt
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any

from cbt_station.artefacts import names
from cbt_station.artefacts.act import ActNote
from cbt_station.artefacts.admit import AdmitNote, check_admit
from cbt_station.artefacts.closing import ClosingNote, pairs_hash
from cbt_station.artefacts.commitments import sitting_id
from cbt_station.artefacts.entry import write_entry
from cbt_station.artefacts.files import sha256_hex
from cbt_station.artefacts.form import form_of
from cbt_station.artefacts.journal import Head, JournalRecord, leaf_of, sign_head, write_line
from cbt_station.artefacts.key_file import Keys
from cbt_station.artefacts.manifest import Manifest, check_manifest
from cbt_station.artefacts.package import Package
from cbt_station.artefacts.pool import Pool, Position, read_pool
from cbt_station.artefacts.result import ResultBundle, ResultNote, form_hash, write_bundle
from cbt_station.artefacts.roster import Roster, RosterEntry, SpareSlot
from cbt_station.artefacts.signed import Signed, sign
from cbt_station.artefacts.start import StartNote
from cbt_station.assembly.keys import new_keys
from cbt_station.assembly.opening import VenueCodes, join_master, write_draw, write_release, write_reveal
from cbt_station.assembly.session import SealedSession, SessionPlan, seal_session
from cbt_station.assembly.trust_list import draft_trust, sign_list
from cbt_station.banks.compiling import CompiledBank, CompiledItem
from cbt_station.exam.blueprint import Blueprint, BlueprintCell, ExtraTime, Ranking, Requirement, Section
from cbt_station.exam.content import Paragraph, Text
from cbt_station.exam.events import AnswerChosen, Event, ItemShown, SittingEnded, SittingStarted
from cbt_station.exam.form import Form
from cbt_station.exam.interactions import ChoiceInteraction, Option, Response
from cbt_station.exam.item import OptionScores, Shown, ShownItem
from cbt_station.sealing import proof, release
from cbt_station.sealing.age import HybridIdentity, decrypt, encrypt
from cbt_station.sealing.body import Mode
from cbt_station.sealing.checkpoint import Checkpoint, sign_checkpoint
from cbt_station.sealing.drbg import HmacDrbg
from cbt_station.sealing.merkle import Frontier, inclusion_proof, leaf_hash, root
from cbt_station.sealing.notes import SigningKey, parse_note
from cbt_station.sealing.trust import Trust, TrustList, open_trust

ORG = "cbt.example"
SESSION = "skd-2026-1"
VENUE, OTHER_VENUE = "jkt-07", "sby-01"
ISSUED, EXPIRES = "2026-11-01T00:00:00+07:00", "2027-11-01T00:00:00+07:00"
OPENS, CLOSES = "2026-12-01T08:00:00+07:00", "2026-12-01T10:00:00+07:00"
BEFORE, DURING, AFTER = "2026-11-24T08:00:00+07:00", "2026-12-01T08:10:00+07:00", "2026-12-01T12:00:00+07:00"
DRAW = "9d4f1c0a7e5b3d2f8a6c4e2b0d9f7a5c"
LOG_N = 10
QUORUMS = {"root": 2, "committee": 2, "release": 2}
POSITIONS = (Position("analis-01", "Analis", 2), Position("pranata-02", "Pranata", 1))
ALLOTTED_MS = 6_000_000


def chance_of(what: str) -> Callable[[int], bytes]:
    """Bytes that are always the same for `what`."""
    return HmacDrbg(bytes(32), what.encode(), b"cbt-station/tests/v1").generate


@cache
def keys() -> dict[str, Keys]:
    """Everybody's keys by name."""
    wanted = [(role, f"{ORG}/{role}/{who}") for role in ("root", "committee", "release") for who in "abc"]
    for venue in (VENUE, OTHER_VENUE):
        wanted += [("venue", f"{ORG}/venue/{venue}"), ("hub", f"{ORG}/hub/{venue}")]
        wanted += [("proctor", f"{ORG}/proctor/{venue}/{who}") for who in ("ani", "bayu", "citra")]
    wanted += [("score", f"{ORG}/score/1"), ("results", f"{ORG}/results/1"), ("escrow", f"{ORG}/escrow/1")]
    wanted += [("log", names.log_origin(mode, ORG)) for mode in ("official", "test")]
    return {name: new_keys(role, name, chance_of(name)) for role, name in wanted}


def signing(*parts: str) -> SigningKey:
    """The signing key of `ORG/part/part`."""
    return keys()["/".join((ORG, *parts))].require_signing()


def identity(*parts: str) -> HybridIdentity:
    return keys()["/".join((ORG, *parts))].require_identity()


def quorum(role: str, who: str = "ab") -> list[SigningKey]:
    return [signing(role, one) for one in who]


def proctor(who: str = "ani", venue: str = VENUE) -> SigningKey:
    return signing("proctor", venue, who)


def log_key(mode: Mode) -> SigningKey:
    return keys()[names.log_origin(mode, ORG)].require_signing()


def trust_body(mode: Mode, **changes: Any) -> TrustList:
    """List 1 as a draft."""
    publics = [one.public for one in keys().values() if one.role != "log"] + [
        keys()[names.log_origin(mode, ORG)].public
    ]
    draft: dict[str, Any] = {
        "number": 1,
        "previous": "none",
        "issued": ISSUED,
        "expires": EXPIRES,
        "log_origin": names.log_origin(mode, ORG),
        "pdf": (hashlib.sha256(b"certificate").hexdigest(),),
    }
    return draft_trust(publics, QUORUMS, **{**draft, **changes})


@cache
def bank() -> CompiledBank:
    """Two sections: three drawn items of four, one shuffled; two of a fixed order."""
    items = tuple(
        sorted(
            (
                _item(section, number)
                for section, count in (("TIU", 4), ("TKP", 3))
                for number in range(1, count + 1)
            ),
            key=lambda item: item.id,
        )
    )
    return CompiledBank(
        id="contoh",
        title={"id": "Contoh"},
        languages=("id",),
        edition=hashlib.sha256(b"edition").hexdigest(),
        items=items,
        stimuli=(),
        media={},
    )


def _item(section: str, number: int) -> CompiledItem:
    name = f"{section.lower()}-{number}"
    options = tuple(Option(one, (Paragraph((Text(f"pilihan {one}"),)),), fixed=one == "e") for one in "abcde")
    scores = {
        one: Decimal(5 if one == "c" else 0) if section == "TIU" else Decimal(at)
        for at, one in enumerate("abcde", 1)
    }
    shown = ShownItem(name, {"id": Shown((Paragraph((Text(f"soal {name}"),)),), ChoiceInteraction(options))})
    return CompiledItem(shown, OptionScores(scores), section, "umum", "sedang")


def blueprint(**changes: Any) -> Blueprint:
    kept: dict[str, Any] = {
        "id": "SKD",
        "title": {"id": "SKD"},
        "languages": ("id",),
        "allotted_ms": ALLOTTED_MS,
        "sections": (
            Section("TIU", {"id": "TIU"}, (BlueprintCell(3),), most=Decimal(15)),
            Section("TKP", {"id": "TKP"}, (BlueprintCell(2),), order="fixed", most=Decimal(10)),
        ),
        "thresholds": {"general": (Requirement("TIU", Decimal(5)),)},
        "ranking": Ranking(3, ("total", "TKP", "TIU")),
        "extra_time": (ExtraTime("additionalTestingTime", ALLOTTED_MS * 13 // 10),),
        "show_score": True,
    }
    return Blueprint(**{**kept, **changes})


def rosters(mode: Mode) -> tuple[Roster, ...]:
    chance = chance_of("roster")

    def entry(number: str, name: str, **more: Any) -> RosterEntry:
        salt = chance(16).hex()
        return RosterEntry(number, name, "1999-04-21", "general", "analis-01", salt, **more)

    return (
        Roster(
            mode,
            SESSION,
            VENUE,
            "Jakarta",
            (
                entry("26-0001", "SITI RAHMAWATI"),
                entry("26-0002", "BUDI SANTOSO", accommodations=("additionalTestingTime",)),
                entry("26-0003", "DEWI LESTARI"),
            ),
            (SpareSlot(f"spare-{VENUE}-001", chance(16).hex()),),
        ),
        Roster(mode, SESSION, OTHER_VENUE, "Surabaya", (entry("26-0101", "JOKO"),)),
    )


def plan(**changes: Any) -> SessionPlan:
    kept: dict[str, Any] = {
        "session": SESSION,
        "opens": OPENS,
        "closes": CLOSES,
        "coming_draw": "drand quicknet 5000000",
        "engine": "0.1.0",
        "officers": 3,
    }
    return SessionPlan(**{**kept, **changes})


class Log:
    """An organisation's log in memory."""

    def __init__(self, mode: Mode) -> None:
        self.mode, self.entries = mode, list[bytes]()

    def add(self, kind: str, note_id: str) -> None:
        self.entries.append(write_entry(self.mode, kind, note_id))

    def checkpoint(self) -> bytes:
        tree = root(map(leaf_hash, self.entries))
        origin = names.log_origin(self.mode, ORG)
        return sign_checkpoint(Checkpoint(origin, len(self.entries), tree), log_key(self.mode))

    def proof(self, kind: str, note_id: str) -> bytes:
        index = self.entries.index(write_entry(self.mode, kind, note_id))
        path = inclusion_proof([leaf_hash(entry) for entry in self.entries], index)
        return proof.write(proof.TlogProof(index, path, self.checkpoint()))


@dataclass(frozen=True)
class World:
    """One mode's trust list, sealed session, and everything up to the reveal."""

    mode: Mode
    trust: Trust
    sealed: SealedSession
    manifest: Signed[Manifest]
    files: dict[str, bytes]
    """The session's folder: trust list, public files, draw, release, the manifest's proof. No reveal, no pool."""
    revealed: dict[str, bytes]
    """What the reveal adds."""
    codes: tuple[VenueCodes, ...]
    package: Package
    pool: Pool
    log: Log = field(repr=False)

    @property
    def roster(self) -> Roster:
        return rosters(self.mode)[0]

    def form(self, number: str) -> Form:
        entry = self.roster.entry(number)
        return form_of(self.pool, bytes.fromhex(self.package.head.share), DRAW, entry.commitment)


@dataclass(frozen=True)
class MemorySource:
    """Bytes that can be read at any place."""

    data: bytes

    @property
    def size(self) -> int:
        return len(self.data)

    def read_at(self, offset: int, length: int) -> bytes:
        return self.data[offset : offset + length]


@cache
def world(mode: Mode) -> World:
    first = sign_list(trust_body(mode), mode, *quorum("root"))
    trust = open_trust([first], None)
    sealed = seal_session(
        plan(),
        bank(),
        blueprint(),
        rosters(mode),
        POSITIONS,
        trust,
        quorum("committee"),
        chance=chance_of("session"),
        log_n=LOG_N,
    )
    manifest = check_manifest(sealed.public[names.manifest(SESSION)], trust)
    master = join_master(manifest.body, sealed.cards[:2])
    log = Log(mode)
    log.add("trust", trust.id)
    log.add("exam", manifest.id)
    draw = write_draw(manifest, DRAW, trust, quorum("committee"), BEFORE, log.checkpoint())
    released, codes = write_release(manifest, master, [VENUE, OTHER_VENUE], trust, quorum("release"), BEFORE)
    package = Package(MemorySource(decrypt(sealed.public[names.package(SESSION)], release.identity(master))))
    pool = sealed.committee[names.pool(SESSION)]
    files = {
        names.trust(1): first,
        **sealed.public,
        names.draw(SESSION): draw,
        names.release(SESSION): released,
        names.tree_proof(manifest.id): log.proof("exam", manifest.id),
    }
    revealed = {
        names.reveal(SESSION): write_reveal(manifest, package, trust, quorum("committee"), AFTER),
        names.pool(SESSION): pool,
    }
    return World(mode, trust, sealed, manifest, files, revealed, codes, package, read_pool(pool), log)


STATION = f"station/{VENUE}/01"


@dataclass(frozen=True)
class Sat:
    """One finished sitting, with every piece of it."""

    admit: bytes
    start: bytes
    result: bytes
    sealed: bytes
    bundle: ResultBundle
    note: ResultNote
    sitting_key: SigningKey

    def tree(self) -> dict[str, bytes]:
        """Its files in a tree."""
        notes = {"admit": self.admit, "start": self.start, "result": self.result}
        files = {names.tree_note(kind, parse_note(data).id): data for kind, data in notes.items()}
        return {**files, names.tree_sealed(sha256_hex(self.sealed)): self.sealed}


def station_key() -> SigningKey:
    return SigningKey.from_seed(STATION, chance_of(STATION)(32))


def admit_body(**changes: Any) -> AdmitNote:
    kept: dict[str, Any] = {
        "trust": 1,
        "session": SESSION,
        "venue": VENUE,
        "station": STATION,
        "station_key": station_key().verifier.text,
        "program": hashlib.sha256(b"program").hexdigest(),
        "facts": {"os": "Linux", "displays": "1"},
        "at": BEFORE,
    }
    return AdmitNote(**{**kept, **changes})


def admit_note(mode: Mode) -> bytes:
    return sign(admit_body(), mode, station_key(), proctor())


def start_body(here: World, number: str = "26-0001", **changes: Any) -> StartNote:
    commitment = here.roster.entry(number).commitment
    kept: dict[str, Any] = {
        "trust": 1,
        "session": SESSION,
        "venue": VENUE,
        "station": STATION,
        "admit": parse_note(admit_note(here.mode)).id,
        "sitting": sitting_id(SESSION, commitment),
        "sitting_key": sitting_key(here, number).verifier.text,
        "commitment": commitment,
        "form": form_hash(here.form(number)),
        "manifest": here.manifest.id,
        "fence": 1,
        "at": DURING,
    }
    return StartNote(**{**kept, **changes})


def sitting_key(here: World, number: str) -> SigningKey:
    sitting = sitting_id(SESSION, here.roster.entry(number).commitment)
    return SigningKey.from_seed(names.journal_origin(here.mode, sitting), chance_of(number)(32))


def records_of(
    events: Sequence[Event], mode: Mode, sitting: str, key: SigningKey
) -> tuple[tuple[JournalRecord, ...], Head]:
    """A journal over events, each head signed."""
    frontier, records, chance = Frontier(), [], chance_of(f"salts {sitting}")
    for event in events:
        salt, line = chance(16), write_line(event)
        frontier.append(leaf_of(salt, line))
        records.append(JournalRecord(salt.hex(), line, sign_head(key, mode, sitting, frontier)))
    return tuple(records), Head(frontier.size, frontier.root().hex())


def events_of(
    start: StartNote, start_id: str, answers: Mapping[str, Response], allotted_ms: int
) -> list[Event]:
    """Started, every answer shown and chosen, ended by the candidate."""
    left, seq = allotted_ms, 0

    def common() -> dict[str, Any]:
        nonlocal seq, left
        seq, left = seq + 1, left - 1000
        return {"seq": seq, "mono_ms": seq * 1000, "boot": "b1", "wall": DURING, "left_ms": left}

    events: list[Event] = [
        SittingStarted(
            **{**common(), "left_ms": allotted_ms},
            sitting=start.sitting,
            start=start_id,
            form=start.form,
            allotted_ms=allotted_ms,
            language="id",
            fence=1,
        )
    ]
    for item, answer in answers.items():
        events += [ItemShown(**common(), item=item), AnswerChosen(**common(), item=item, answer=answer)]
    events.append(SittingEnded(**common(), by="candidate"))
    return events


def sit(
    here: World,
    number: str = "26-0001",
    *,
    change_events: Callable[[list[Event]], list[Event]] = lambda events: events,
    bundle_changes: Mapping[str, Any] | None = None,
    note_changes: Mapping[str, Any] | None = None,
    signers: Callable[[SigningKey, SigningKey], tuple[SigningKey, ...]] = lambda own, station: (own, station),
) -> Sat:
    """A sitting that answers every item with its first option; the arguments make it a dishonest one."""
    entry, form = here.roster.entry(number), here.form(number)
    admit = admit_note(here.mode)
    body = start_body(here, number)
    start = sign(body, here.mode, station_key(), proctor())
    key = sitting_key(here, number)
    allotted = here.pool.blueprint.allotted_for(entry.accommodations)
    answers: dict[str, Response] = {one.item: one.options[0] for one in form.items}
    events = change_events(events_of(body, parse_note(start).id, answers, allotted))
    journal, head = records_of(events, here.mode, body.sitting, key)
    bundle = ResultBundle(
        **{
            "mode": here.mode,
            "session": SESSION,
            "sitting": body.sitting,
            "start": start.decode(),
            "admit": admit.decode(),
            "handovers": (),
            "candidate": entry,
            "identity": "AGE-SECRET-KEY-PQ-1",
            "form": form,
            "journal": journal,
            "answers": answers,
            **(bundle_changes or {}),
        }
    )
    sealed = encrypt(
        write_bundle(bundle), identity("results", "1").recipient, identity("escrow", "1").recipient
    )
    note = ResultNote(
        **{
            "trust": 1,
            "session": SESSION,
            "venue": VENUE,
            "station": STATION,
            "sitting": body.sitting,
            "start": parse_note(start).id,
            "handovers": (),
            "commitment": body.commitment,
            "form": body.form,
            "edition": here.manifest.body.edition,
            "scoring": here.manifest.body.scoring,
            "engine": "0.1.0",
            "allotted_ms": allotted,
            "granted_ms": 0,
            "left_ms": events[-1].left_ms,
            "ended_by": "candidate",
            "size": head.size,
            "root": head.root,
            "sealed": sha256_hex(sealed),
            "sealed_size": len(sealed),
            "started_at": DURING,
            "ended_at": DURING,
            "level": "second",
            **(note_changes or {}),
        }
    )
    result = sign(note, here.mode, *signers(key, station_key()))
    return Sat(admit, start, result, sealed, bundle, note, key)


def sat(mode: Mode, number: str = "26-0001") -> Sat:
    """The honest sitting of a number; the same one however it is asked for."""
    return _sat(mode, number)


@cache
def _sat(mode: Mode, number: str) -> Sat:
    return sit(world(mode), number)


def closing_body(here: World, sittings: Sequence[Sat], **changes: Any) -> ClosingNote:
    pairs = [(one.note.start, parse_note(one.result).id) for one in sittings]
    kept: dict[str, Any] = {
        "trust": 1,
        "session": SESSION,
        "venue": VENUE,
        "number": 1,
        "cites": None,
        "manifest": here.manifest.id,
        "count": len(pairs),
        "pairs": pairs_hash(pairs),
        "present": len(pairs),
        "absent": len(here.roster.candidates) - len(pairs),
        "aborted": 0,
        "disqualified": 0,
        "spare_unused": 1,
        "incidents": 0,
        "minutes_granted": 0,
        "at": AFTER,
    }
    return ClosingNote(**{**kept, **changes})


def closing_note(here: World, sittings: Sequence[Sat], *signers: SigningKey, **changes: Any) -> bytes:
    chosen = signers or (signing("venue", VENUE), proctor())
    return sign(closing_body(here, sittings, **changes), here.mode, *chosen)


def act_body(here: World, **changes: Any) -> ActNote:
    kept: dict[str, Any] = {
        "trust": 1,
        "session": SESSION,
        "venue": VENUE,
        "sitting": start_body(here).sitting,
        "head": hashlib.sha256(b"head").hexdigest(),
        "act": "pause",
        "minutes": 0,
        "cause": "technical",
        "words": "listrik padam",
        "nonce": "ab" * 16,
        "at": DURING,
    }
    return ActNote(**{**kept, **changes})


def tree_of(here: World, sittings: Sequence[Sat], *closings: bytes, logged: bool = True) -> dict[str, bytes]:
    """A tree with everything in it, each note of a result and closing proven by the log."""
    files: dict[str, bytes] = {}
    for one in sittings:
        files |= one.tree()
    for closing in closings:
        files[names.tree_note("closing", parse_note(closing).id)] = closing
    if logged:
        log = Log(here.mode)
        found = [
            (name.removeprefix("notes/").partition("-")[0], name)
            for name in files
            if name.startswith("notes/")
        ]
        for kind, name in found:
            log.add(kind, parse_note(files[name]).id)
        files |= {
            names.tree_proof(parse_note(files[name]).id): log.proof(kind, parse_note(files[name]).id)
            for kind, name in found
            if kind in ("result", "closing")
        }
    return files


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def check_admitted(here: World) -> Signed[AdmitNote]:
    return check_admit(admit_note(here.mode), here.trust)
