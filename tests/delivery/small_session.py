"""A small signed session, made directly from artefacts: three sections, eight items a form, one venue, three candidates.

Everything is real (keys, signatures, sealing); only scrypt is cheap. `assembly` makes such folders from banks; this one
stays as the fixture of delivery, so that its tests need no bank.
"""

import hashlib
import io
import wave
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from cbt_station.artefacts import names
from cbt_station.artefacts.commitments import write_commitments
from cbt_station.artefacts.draw import DrawNote
from cbt_station.artefacts.files import FileEntry, sha256_hex, write_files
from cbt_station.artefacts.key_file import Keys, write_key_file
from cbt_station.artefacts.manifest import Manifest
from cbt_station.artefacts.package import PackageHead, write_package
from cbt_station.artefacts.pool import Pool, Position, Positions, write_pool, write_positions
from cbt_station.artefacts.release import share_commitment
from cbt_station.artefacts.roster import Roster, RosterEntry, pin_check, write_roster
from cbt_station.artefacts.scoring import ScoringFile, write_scoring
from cbt_station.artefacts.signed import sign
from cbt_station.artefacts.unlock import write_unlock
from cbt_station.exam.blueprint import Blueprint, BlueprintCell, ExtraTime, Ranking, Requirement, Section
from cbt_station.exam.content import Audio, Paragraph, Text
from cbt_station.exam.form import PoolItem, PoolOption
from cbt_station.exam.interactions import ChoiceInteraction, Option
from cbt_station.exam.item import OptionScores, Shown, ShownItem
from cbt_station.sealing import release
from cbt_station.sealing.age import HybridIdentity, encrypt, hybrid_from_seed, opening_hash
from cbt_station.sealing.body import Mode
from cbt_station.sealing.notes import SigningKey
from cbt_station.sealing.trust import TrustedKey, TrustedRecipient, TrustList, sign_trust

ORG, VENUE = "contoh.example", "jkt-01"
PASSPHRASE, PIN = "rahasia tempat", "246813"
LOG_N = 10
SECTIONS = {"TWK": (6, 3), "TIU": (5, 3), "TKP": (4, 2)}
"""Items in the pool, and in a form."""
RECORDING, RECORDING_MS, PLAYS = "dengar.wav", 3_000, 2
"""In every item of the last section."""


@dataclass(frozen=True)
class SmallSession:
    """The folder, and what the people around it know."""

    path: Path
    session: str
    venue_key: bytes
    code: str
    score_code: str
    proctors: tuple[SigningKey, SigningKey]
    proctor_keys: tuple[bytes, bytes]
    results: HybridIdentity
    escrow: HybridIdentity
    venue: HybridIdentity
    roster: Roster
    pool: Pool

    @property
    def number(self) -> str:
        return self.roster.candidates[0].number


def key(name: str) -> SigningKey:
    """Always the same key for a name, so that a session is the same every time."""
    return SigningKey.from_seed(name, hashlib.sha256(b"key" + name.encode()).digest())


def identity(name: str) -> HybridIdentity:
    return hybrid_from_seed(hashlib.sha256(b"identity" + name.encode()).digest())


def small_blueprint(
    allotted_ms: int, warnings_ms: tuple[int, ...], show_score: bool, least_level: str
) -> Blueprint:
    return Blueprint(
        id="KECIL",
        title={"id": "Ujian kecil", "en": "Small exam"},
        languages=("id", "en"),
        allotted_ms=allotted_ms,
        sections=tuple(
            Section(id=section, title={"id": section}, cells=(BlueprintCell(count=count),))
            for section, (_, count) in SECTIONS.items()
        ),
        thresholds={"umum": (Requirement(outcome="TIU", least=Decimal(5)),)},
        ranking=Ranking(quota_multiple=3, order=("total", "TKP", "TIU", "TWK")),
        extra_time=(ExtraTime(accommodation="additionalTestingTime", allotted_ms=allotted_ms * 13 // 10),),
        warnings_ms=warnings_ms,
        show_score=show_score,
        least_level=least_level,  # type: ignore[arg-type]
    )


def _items() -> dict[str, ShownItem]:
    def shown(section: str, number: int, language: str) -> Shown:
        options = tuple(
            Option(id=letter, content=(Paragraph(content=(Text(text=f"{language} {letter}"),)),))
            for letter in "abcde"
        )
        stem = Paragraph(content=(Text(text=f"{language}: soal {section} {number}"),))
        heard = (Audio(media=RECORDING, alt="Sebuah nada", plays=PLAYS),) if section == "TKP" else ()
        return Shown(stem=(stem, *heard), interaction=ChoiceInteraction(options=options))

    return {
        f"{section.lower()}-{number}": ShownItem(
            id=f"{section.lower()}-{number}",
            languages={language: shown(section, number, language) for language in ("id", "en")},
        )
        for section, (count, _) in SECTIONS.items()
        for number in range(1, count + 1)
    }


def recording() -> bytes:
    """Nothing that anybody would want to hear, 3 s long."""
    file = io.BytesIO()
    with wave.open(file, "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(2)
        written.setframerate(8_000)
        written.writeframes(bytes(2 * 8 * RECORDING_MS))
    return file.getvalue()


def _pool(session: str, mode: Mode, blueprint: Blueprint) -> Pool:
    items = tuple(
        PoolItem(
            id=item.id,
            section=item.id.partition("-")[0].upper(),
            topic="umum",
            level="sedang",
            options=tuple(PoolOption(id=letter) for letter in "abcde"),
        )
        for item in _items().values()
    )
    return Pool(
        mode=mode,
        session=session,
        salt=hashlib.sha256(session.encode()).hexdigest()[:32],
        edition=hashlib.sha256(b"edition").hexdigest(),
        blueprint=blueprint,
        items=items,
    )


def _candidates(session: str) -> tuple[RosterEntry, ...]:
    def entry(number: str, name: str, **more: object) -> RosterEntry:
        salt = hashlib.sha256(f"{session}{number}".encode()).hexdigest()[:32]
        return RosterEntry(
            number=number,
            name=name,
            birth_date="1998-08-17",
            category="umum",
            position="analis",
            salt=salt,
            **more,  # type: ignore[arg-type]
        )

    second = entry("1002", "Budi Santoso", seat="02")
    return (
        entry("1001", "Siti Aminah", seat="01"),
        entry("1002", "Budi Santoso", seat="02", pin_check=pin_check(second.salt, "135790")),
        entry("1003", "Made Wirawan", accommodations=("additionalTestingTime",)),
    )


def small_trust(mode: Mode, org: str = ORG) -> bytes:
    """List number 1 of an organisation."""
    keys = [
        TrustedKey("root", "a", key(f"{org}/root/a").verifier.text),
        TrustedKey("root", "b", key(f"{org}/root/b").verifier.text),
        TrustedKey("committee", "a", key(f"{org}/committee/a").verifier.text),
        TrustedKey("committee", "b", key(f"{org}/committee/b").verifier.text),
        TrustedKey("release", "a", key(f"{org}/release/a").verifier.text),
        TrustedKey("venue", VENUE, key(f"{org}/venue/{VENUE}").verifier.text),
        TrustedKey("proctor", f"{VENUE}/a", key(f"{org}/proctor/{VENUE}/a").verifier.text),
        TrustedKey("proctor", f"{VENUE}/b", key(f"{org}/proctor/{VENUE}/b").verifier.text),
    ]
    recipients = [
        TrustedRecipient(role, name, identity(f"{org}/{role}").recipient.text)  # type: ignore[arg-type]
        for role, name in (("venue", VENUE), ("results", "a"), ("escrow", "a"))
    ]
    body = TrustList(
        trust=1,
        issued="2020-01-01T00:00:00+07:00",
        expires="2099-01-01T00:00:00+07:00",
        previous="none",
        log_origin=names.log_origin(mode, org),
        keys=tuple(keys),
        recipients=tuple(recipients),
        quorums={"root": 2, "committee": 2, "release": 1},
        pdf=(),
        revoked=(),
    )
    return sign_trust(body, mode, key(f"{org}/root/a"), key(f"{org}/root/b"))


def make_session(
    path: Path,
    *,
    session: str = "kecil-1",
    mode: Mode = "test",
    org: str = ORG,
    allotted_ms: int = 6_000_000,
    warnings_ms: tuple[int, ...] = (300_000, 60_000),
    show_score: bool = False,
    least_level: str = "station",
    opens: str = "2020-01-01T00:00:00+07:00",
    closes: str = "2099-01-01T00:00:00+07:00",
    engine: str = "0.1.0",
    draw: bool = True,
) -> SmallSession:
    """Seal a small session into the folder `path`."""
    path.mkdir(parents=True, exist_ok=True)
    master = hashlib.sha256(b"master" + session.encode()).digest()
    share = hashlib.sha256(b"share" + session.encode()).digest()
    r_identity, s_identity = release.identity(master), release.scoring_identity(master)
    venue, results, escrow = (identity(f"{org}/{role}") for role in ("venue", "results", "escrow"))
    code, score_code = release.code(master, session, VENUE), release.score_code(master, session, VENUE)
    pool = _pool(session, mode, small_blueprint(allotted_ms, warnings_ms, show_score, least_level))
    roster = Roster(mode, session, VENUE, "Ujian kecil", _candidates(session))
    package = encrypt(
        write_package(
            PackageHead(mode, session, share.hex()),
            write_pool(pool),
            _items(),
            {},
            {RECORDING: recording()},
        ),
        r_identity.recipient,
    )
    rules = {item: OptionScores(scores={"a": Decimal(5)}) for item in _items()}
    scoring = write_scoring(ScoringFile(mode, session, 1, pool.edition, rules))
    files = {
        names.package(session): package,
        names.positions(session): write_positions(
            Positions(mode, session, (Position("analis", "Analis", 1),))
        ),
        names.commitments(session): write_commitments((one.commitment for one in roster.candidates), mode),
        names.roster(session, VENUE): encrypt(write_roster(roster), venue.recipient, results.recipient),
        names.unlock(session, VENUE): _unlock(r_identity, code, venue),
    }
    if show_score:
        files[names.scoring(session, 1)] = encrypt(scoring, results.recipient, s_identity.recipient)
        files[names.scoring_unlock(session, VENUE)] = _unlock(s_identity, score_code, venue)
    listing = write_files(
        (FileEntry(name, len(data), sha256_hex(data)) for name, data in files.items()), mode
    )
    manifest = Manifest(
        trust=1,
        session=session,
        exam="KECIL",
        files=sha256_hex(listing),
        package_opening=opening_hash(io.BytesIO(package)),
        package_size=len(package),
        package_recipient=r_identity.recipient.text,
        scoring_recipient=s_identity.recipient.text if show_score else None,
        results_recipients=(results.recipient.text,),
        escrow_recipients=(escrow.recipient.text,),
        edition=pool.edition,
        pool=sha256_hex(write_pool(pool)),
        positions=sha256_hex(files[names.positions(session)]),
        commitments=sha256_hex(files[names.commitments(session)]),
        scoring=sha256_hex(scoring),
        opens=opens,
        closes=closes,
        seed_commitment=share_commitment(share),
        coming_draw="dadu 2026-12-01",
        engine=engine,
    )
    committee = key(f"{org}/committee/a"), key(f"{org}/committee/b")
    note = sign(manifest, mode, *committee)
    files |= {
        names.files(session): listing,
        names.manifest(session): note,
        names.trust(1): small_trust(mode, org),
    }
    for name, data in files.items():
        (path / name).write_bytes(data)
    if draw:
        (path / names.draw(session)).write_bytes(draw_note(note, session, mode, org))
    proctors = key(f"{org}/proctor/{VENUE}/a"), key(f"{org}/proctor/{VENUE}/b")
    return SmallSession(
        path=path,
        session=session,
        venue_key=write_key_file(
            Keys("venue", f"{org}/venue/{VENUE}", key(f"{org}/venue/{VENUE}"), venue), PASSPHRASE, log_n=LOG_N
        ),
        code=code,
        score_code=score_code,
        proctors=proctors,
        proctor_keys=tuple(
            write_key_file(Keys("proctor", one.name, one), PIN, log_n=LOG_N) for one in proctors
        ),  # type: ignore[arg-type]
        results=results,
        escrow=escrow,
        venue=venue,
        roster=roster,
        pool=pool,
    )


def draw_note(manifest: bytes, session: str, mode: Mode, org: str = ORG) -> bytes:
    from cbt_station.sealing.notes import parse_note

    body = DrawNote(
        trust=1,
        session=session,
        manifest=parse_note(manifest).id,
        source="dadu 2026-12-01",
        value="00112233445566778899aabbccddeeff",
        at="2026-12-01T08:00:00+07:00",
    )
    return sign(body, mode, key(f"{org}/committee/a"), key(f"{org}/committee/b"))


def _unlock(secret: HybridIdentity, code: str, venue: HybridIdentity) -> bytes:
    return write_unlock(secret, release.read_code(code), venue.recipient, log_n=LOG_N)
