"""A small session that was sealed, sat and closed, made from artefacts with real keys: the fixture of this room.

Two venues, two positions, three sections; a form is two items of each. What each candidate answered is written down as
how many items were right, so that every score is known by hand. Sittings are played by events, not by a station:
tests/delivery does that, and tests/rehearsal joins both.
"""

import datetime as dt
import hashlib
from dataclasses import dataclass, field
from decimal import Decimal

from cbt_station.artefacts import names
from cbt_station.artefacts.admit import AdmitNote
from cbt_station.artefacts.commitments import sitting_id
from cbt_station.artefacts.entry import write_entry
from cbt_station.artefacts.files import sha256_hex
from cbt_station.artefacts.form import form_of
from cbt_station.artefacts.journal import JournalRecord, leaf_of, sign_head, write_line
from cbt_station.artefacts.manifest import check_manifest
from cbt_station.artefacts.pool import Position, read_pool
from cbt_station.artefacts.result import ResultBundle, ResultNote, form_hash, write_bundle
from cbt_station.artefacts.roster import Roster, RosterEntry
from cbt_station.artefacts.signed import sign
from cbt_station.artefacts.start import StartNote
from cbt_station.assembly.opening import write_draw
from cbt_station.assembly.session import SessionPlan, seal_session
from cbt_station.banks.compiling import CompiledBank, CompiledItem
from cbt_station.exam.blueprint import Blueprint, BlueprintCell, Ranking, Requirement, Section
from cbt_station.exam.content import Paragraph, Text
from cbt_station.exam.events import AnswerChosen, Event, ItemShown, SittingEnded, SittingStarted
from cbt_station.exam.form import Form
from cbt_station.exam.interactions import ChoiceInteraction, Option
from cbt_station.exam.item import OptionScores, Shown, ShownItem
from cbt_station.proctoring.closing import tree_name, write_closing
from cbt_station.sealing import merkle, proof, quorum, release
from cbt_station.sealing.age import HybridIdentity, HybridRecipient, encrypt, hybrid_from_seed
from cbt_station.sealing.checkpoint import Checkpoint, sign_checkpoint
from cbt_station.sealing.merkle import Frontier
from cbt_station.sealing.notes import SigningKey, parse_note
from cbt_station.sealing.pades import PdfSigner, certificate_sha256, new_pdf_key
from cbt_station.sealing.trust import Trust, TrustedKey, TrustedRecipient, TrustList, open_trust, sign_trust
from cbt_station.verify.session import check_session

ORG = "contoh.example"
MODE = "test"
SESSION = "skd-kecil-1"
SECTIONS = ("TWK", "TIU", "TKP")
LETTERS = "abc"
ALLOTTED = 600_000
STARTED, ENDED = "2026-11-24T08:00:00+07:00", "2026-11-24T08:07:00+07:00"
NOW = dt.datetime(2026, 11, 26, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=7)))


@dataclass(frozen=True)
class Sat:
    """Right answers by section; None: never came. `begun` without right answers: began, and no result came of it."""

    name: str
    position: str
    venue: str
    right: tuple[int, int, int] | None
    category: str = "general"
    begun: bool = False


PEOPLE = {
    "24-0001": Sat("SITI RAHMAWATI", "analis", "jkt-07", (2, 2, 2)),
    "24-0002": Sat("BUDI SANTOSO", "analis", "jkt-07", (1, 2, 2)),
    "24-0003": Sat("MADE WIRAWAN", "analis", "dps-02", (2, 1, 2)),
    "24-0004": Sat("AGUS PRATAMA", "analis", "dps-02", (2, 1, 2)),
    "24-0005": Sat("DEWI LESTARI", "arsiparis", "jkt-07", (0, 2, 2)),
    "24-0006": Sat("YOHANA WENDA", "arsiparis", "dps-02", (2, 1, 1), category="papua"),
    "24-0007": Sat("RUDI HARTONO", "arsiparis", "jkt-07", None),
    "24-0008": Sat("NUR AISYAH", "arsiparis", "dps-02", None, begun=True),
}
"""Right × 5 for TWK and TIU; TKP gives 5 for the best and 1 for the worst option."""


def key(name: str) -> SigningKey:
    return SigningKey.from_seed(name, hashlib.sha256(b"key" + name.encode()).digest())


def identity(name: str) -> HybridIdentity:
    return hybrid_from_seed(hashlib.sha256(b"identity" + name.encode()).digest())


COMMITTEE = (key(f"{ORG}/committee/a"), key(f"{ORG}/committee/b"))
SCORE = key(f"{ORG}/score/1")
LOG = key(names.log_origin(MODE, ORG))
RESULTS = identity(f"{ORG}/results/a")
PDF = new_pdf_key(f"{ORG}/pdf/1", dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
VENUES = ("dps-02", "jkt-07")


@dataclass
class World:
    """Folders as mappings from name to bytes, as `results` takes them."""

    session: dict[str, bytes]
    committee: dict[str, bytes]
    tree: dict[str, bytes]
    trust: Trust
    forms: dict[str, Form] = field(default_factory=dict)
    sealed: dict[str, str] = field(default_factory=dict)
    """The result's id of each number."""
    stations: dict[str, "Station"] = field(default_factory=dict)
    rosters: list[Roster] = field(default_factory=list)

    @property
    def folder(self) -> dict[str, bytes]:
        return {**self.session, **self.committee}

    @property
    def signer(self) -> PdfSigner:
        return PdfSigner(*PDF)


def blueprint() -> Blueprint:
    titles = {
        "TWK": "Tes Wawasan Kebangsaan",
        "TIU": "Tes Intelegensia Umum",
        "TKP": "Tes Karakteristik Pribadi",
    }
    return Blueprint(
        id="skd-kecil",
        title={"id": "Seleksi Kompetensi Dasar (contoh kecil)", "en": "Basic Competency Test (small sample)"},
        languages=("id",),
        allotted_ms=ALLOTTED,
        sections=tuple(
            Section(id=name, title={"id": titles[name]}, cells=(BlueprintCell(count=2),), most=Decimal(10))
            for name in SECTIONS
        ),
        thresholds={
            "general": (Requirement(outcome="TWK", least=Decimal(5)),),
            "papua": (Requirement(outcome="total", least=Decimal(10)),),
        },
        ranking=Ranking(quota_multiple=2, order=("total", "TKP", "TIU", "TWK")),
        warnings_ms=(60_000,),
        source="Contoh",
    )


def bank() -> CompiledBank:
    items = tuple(_item(section, number) for section in SECTIONS for number in range(1, 5))
    return CompiledBank("kecil", {"id": "Kecil"}, ("id",), sha256_hex(b"edition"), items, (), {})


def _item(section: str, number: int) -> CompiledItem:
    def shown(text: str) -> tuple[Paragraph]:
        return (Paragraph((Text(text),)),)

    worth = {"a": 5, "b": 3, "c": 1} if section == "TKP" else {"a": 5, "b": 0, "c": 0}
    options = tuple(Option(letter, shown(f"pilihan {letter}")) for letter in LETTERS)
    interaction = ChoiceInteraction(options)
    return CompiledItem(
        shown=ShownItem(
            f"{section.lower()}-{number}", {"id": Shown(shown(f"soal {section} {number}"), interaction)}
        ),
        rule=OptionScores({letter: Decimal(score) for letter, score in worth.items()}),
        section=section,
        topic="umum",
        level="sedang",
    )


def trust_list() -> bytes:
    signing = [("root", "a"), ("committee", "a"), ("committee", "b"), ("release", "a"), ("score", "1")]
    signing += [("venue", venue) for venue in VENUES] + [("proctor", f"{venue}/a") for venue in VENUES]
    keys = [TrustedKey(role, name, key(f"{ORG}/{role}/{name}").verifier.text) for role, name in signing]
    keys.append(TrustedKey("log", "1", LOG.verifier.text))
    opening = [("venue", venue) for venue in VENUES] + [("results", "a"), ("escrow", "a")]
    body = TrustList(
        trust=1,
        issued="2026-01-01T00:00:00+07:00",
        expires="2036-01-01T00:00:00+07:00",
        previous="none",
        log_origin=names.log_origin(MODE, ORG),
        keys=tuple(keys),
        recipients=tuple(
            TrustedRecipient(role, f"{ORG}/{role}/{name}", identity(f"{ORG}/{role}/{name}").recipient.text)
            for role, name in opening
        ),
        quorums={"root": 1, "committee": 2, "release": 1},
        pdf=(certificate_sha256(PDF[0]),),
        revoked=(),
    )
    return sign_trust(body, MODE, key(f"{ORG}/root/a"))


def make_world(
    people: dict[str, Sat] | None = None, *, closed: bool = True, items: CompiledBank | None = None
) -> World:
    """Seal, sit and close."""
    people = PEOPLE if people is None else people
    raw = trust_list()
    trust = open_trust([raw], None)
    rosters = [_roster(venue, people) for venue in VENUES]
    positions = [Position("analis", "Analis Kebijakan", 1), Position("arsiparis", "Arsiparis Terampil", 1)]
    plan = SessionPlan(
        SESSION, "2026-11-24T07:00:00+07:00", "2026-11-24T10:00:00+07:00", "drand 5", "0.1.0", officers=1
    )
    sealed = seal_session(
        plan,
        items or bank(),
        blueprint(),
        rosters,
        positions,
        trust,
        COMMITTEE,
        chance=Chance(SESSION),
        log_n=8,
    )
    world = World({names.trust(1): raw, **sealed.public}, dict(sealed.committee), {}, trust)
    manifest = check_manifest(world.session[names.manifest(SESSION)], trust)
    draw = write_draw(manifest, "00112233445566778899aabbccddeeff", trust, COMMITTEE, STARTED)
    world.session[names.draw(SESSION)] = draw
    identity_r = release.identity(quorum.join(sealed.cards[:1]))
    stations = {venue: Station(world, venue, manifest.id, identity_r) for venue in VENUES}
    for roster in rosters:
        for entry in roster.candidates:
            stations[roster.venue].sit(entry, people[entry.number])
    if closed:
        for roster in rosters:
            close(world, roster)
    world.stations, world.rosters = stations, rosters
    return world


def twin_of(world: World, number: str) -> str:
    """A second result of a sitting, from another journal with the same answers; returns its id."""
    entry = next(entry for roster in world.rosters for entry in roster.candidates if entry.number == number)
    world.stations[PEOPLE[number].venue].sit(entry, PEOPLE[number], twist="again")
    return world.sealed[number]


class Chance:
    """The same random bytes every time."""

    def __init__(self, seed: str) -> None:
        self._seed, self._count = seed, 0

    def __call__(self, size: int) -> bytes:
        self._count += 1
        return hashlib.shake_256(f"{self._seed} {self._count}".encode()).digest(size)


def _roster(venue: str, people: dict[str, Sat]) -> Roster:
    entries = tuple(
        RosterEntry(
            number=number,
            name=sat.name,
            birth_date="1998-08-17",
            category=sat.category,
            position=sat.position,
            salt=hashlib.sha256(number.encode()).hexdigest()[:32],
        )
        for number, sat in sorted(people.items())
        if sat.venue == venue
    )
    return Roster(MODE, SESSION, venue, f"Kantor Regional {venue}", entries)


def close(world: World, roster: Roster) -> None:
    checked, _ = check_session(world.folder, world.trust)
    assert checked is not None
    closing = write_closing(
        world.tree,
        checked,
        roster,
        key(f"{ORG}/venue/{roster.venue}"),
        [key(f"{ORG}/proctor/{roster.venue}/a")],
        ENDED,
        leaves_unfinished=True,  # one was begun whose result comes later
    )
    world.tree[tree_name(closing)] = closing.raw


class Station:
    """One station of a venue, which seats one candidate after another."""

    def __init__(self, world: World, venue: str, manifest: str, identity_r: HybridIdentity) -> None:
        self.world, self.venue, self.manifest, self.identity = world, venue, manifest, identity_r
        self.key = key(f"{ORG}/station/{venue}/s01")
        self.proctor = key(f"{ORG}/proctor/{venue}/a")
        admit = AdmitNote(
            trust=1,
            session=SESSION,
            venue=venue,
            station="s01",
            station_key=self.key.verifier.text,
            program="0" * 64,
            facts={"system": "linux"},
            at=STARTED,
        )
        self.admit = sign(admit, MODE, self.key, self.proctor)
        self.pool = read_pool(world.committee[names.pool(SESSION)])
        world.tree[names.tree_note("admit", parse_note(self.admit).id)] = self.admit

    def sit(self, entry: RosterEntry, sat: Sat, twist: str = "", share: bytes | None = None) -> None:
        """The whole sitting. `twist` makes another journal of it, `share` draws another form than the session's."""
        if sat.right is None and not sat.begun:
            return
        sitting = sitting_id(SESSION, entry.commitment)
        sitting_key = key(names.journal_origin(MODE, sitting))
        share = share or _share(self.world, self.identity)
        form = form_of(self.pool, share, "00112233445566778899aabbccddeeff", entry.commitment)
        self.world.forms[entry.number] = form
        start = self._start(entry, sitting, sitting_key, form)
        self.world.tree[names.tree_note("start", parse_note(start).id)] = start
        if sat.right is None:
            return
        events = played(form, sat.right, parse_note(start).id, sitting)
        self._seal(entry, events, form, start, sitting_key, twist)

    def _start(self, entry: RosterEntry, sitting: str, sitting_key: SigningKey, form: Form) -> bytes:
        note = StartNote(
            trust=1,
            session=SESSION,
            venue=self.venue,
            station="s01",
            admit=parse_note(self.admit).id,
            sitting=sitting,
            sitting_key=sitting_key.verifier.text,
            commitment=entry.commitment,
            form=form_hash(form),
            manifest=self.manifest,
            fence=1,
            at=STARTED,
        )
        return sign(note, MODE, self.key, self.proctor)

    def _seal(
        self, entry: RosterEntry, events: list[Event], form: Form, start: bytes, key_: SigningKey, twist: str
    ) -> None:
        sitting = sitting_id(SESSION, entry.commitment)
        frontier, records = Frontier(), []
        for event in events:
            salt, line = hashlib.sha256(f"{twist}{event.seq}".encode()).digest()[:16], write_line(event)
            frontier.append(leaf_of(salt, line))
            records.append(JournalRecord(salt.hex(), line, sign_head(key_, MODE, sitting, frontier)))
        answers = {event.item: event.answer for event in events if isinstance(event, AnswerChosen)}
        bundle = ResultBundle(
            mode=MODE,
            session=SESSION,
            sitting=sitting,
            start=start.decode(),
            admit=self.admit.decode(),
            handovers=(),
            candidate=entry,
            identity=self.identity.text,
            form=form,
            journal=tuple(records),
            answers=answers,
        )
        escrow = HybridRecipient.parse(self.world.trust.recipients("escrow")[0])
        sealed = encrypt(write_bundle(bundle), RESULTS.recipient, escrow)
        manifest = check_manifest(self.world.session[names.manifest(SESSION)], self.world.trust).body
        note = ResultNote(
            trust=1,
            session=SESSION,
            venue=self.venue,
            station="s01",
            sitting=sitting,
            start=parse_note(start).id,
            handovers=(),
            commitment=entry.commitment,
            form=form_hash(form),
            edition=manifest.edition,
            scoring=manifest.scoring,
            engine="0.1.0",
            allotted_ms=ALLOTTED,
            granted_ms=0,
            left_ms=events[-1].left_ms,
            ended_by="candidate",
            size=frontier.size,
            root=frontier.root().hex(),
            sealed=sha256_hex(sealed),
            sealed_size=len(sealed),
            started_at=STARTED,
            ended_at=ENDED,
            level="station",
        )
        raw = sign(note, MODE, key_, self.key)
        result = parse_note(raw).id
        self.world.tree[names.tree_note("result", result)] = raw
        self.world.tree[names.tree_sealed(sha256_hex(sealed))] = sealed
        self.world.sealed[entry.number] = result


def played(form: Form, right: tuple[int, int, int], start: str, sitting: str) -> list[Event]:
    """A sitting of the given right answers: option a is right everywhere, c is wrong."""
    left = ALLOTTED
    common = {"boot": "b1", "wall": STARTED}
    events: list[Event] = [
        SittingStarted(
            seq=1,
            mono_ms=0,
            left_ms=left,
            sitting=sitting,
            start=start,
            form=form_hash(form),
            allotted_ms=ALLOTTED,
            language="id",
            fence=1,
            **common,
        )
    ]
    todo = dict(zip(SECTIONS, right, strict=True))
    for entry in form.items:
        letter = "a" if todo[entry.section] > 0 else "c"
        todo[entry.section] -= 1
        left -= 60_000
        place = {"mono_ms": ALLOTTED - left, "left_ms": left, **common}
        events.append(ItemShown(seq=len(events) + 1, item=entry.item, **place))
        events.append(AnswerChosen(seq=len(events) + 1, item=entry.item, answer=letter, **place))
    events.append(
        SittingEnded(seq=len(events) + 1, mono_ms=ALLOTTED - left, left_ms=left, by="candidate", **common)
    )
    return events


def _share(world: World, identity_r: HybridIdentity) -> bytes:
    from cbt_station.results.opening import open_package

    checked, _ = check_session(world.folder, world.trust)
    assert checked is not None
    return bytes.fromhex(open_package(world.folder, checked, identity_r).head.share)


def log_proofs(notes: list[tuple[str, str]]) -> dict[str, bytes]:
    """A log that holds these (kind, id): the proof file of each."""
    entries = [write_entry(MODE, kind, note_id) for kind, note_id in notes]
    leaves = [merkle.leaf_hash(entry) for entry in entries]
    head = sign_checkpoint(Checkpoint(names.log_origin(MODE, ORG), len(leaves), merkle.root(leaves)), LOG)
    return {
        names.tree_proof(note_id): proof.write(
            proof.TlogProof(at, tuple(merkle.inclusion_proof(leaves, at, len(leaves))), head)
        )
        for at, (_, note_id) in enumerate(notes)
    }
