"""A session full of canaries, and a search for them in files: raw, in UTF-16, base64, hex, and turned round.

Everything that must not lie about is a word or a number found nowhere else: item and option texts, names, numbers,
birth dates, PINs, photos, passphrase, codes, and every secret key of the session. Made by the program's own functions.
"""

import base64
import datetime as dt
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from cbt_station.artefacts import names
from cbt_station.artefacts.key_file import write_key_file
from cbt_station.artefacts.manifest import check_manifest
from cbt_station.artefacts.package import Package
from cbt_station.artefacts.roster import Roster, RosterEntry, pin_check
from cbt_station.assembly.opening import codes_for, join_master, write_draw
from cbt_station.assembly.session import seal_session
from cbt_station.assembly.trust_list import sign_list
from cbt_station.banks.compiling import CompiledBank, CompiledItem
from cbt_station.exam.content import Paragraph, Text
from cbt_station.exam.interactions import ChoiceInteraction, Option
from cbt_station.exam.item import OptionScores, Shown, ShownItem
from cbt_station.sealing import release
from cbt_station.sealing.age import decrypt
from cbt_station.sealing.trust import open_trust
from tests.world import (
    DRAW,
    LOG_N,
    ORG,
    POSITIONS,
    SESSION,
    VENUE,
    MemorySource,
    bank,
    blueprint,
    chance_of,
    keys,
    plan,
    quorum,
    trust_body,
)

PASSPHRASE = "kanari-frasa-sandi-kx71"
NUMBER, NAME, BIRTH_DATE, PIN = "KANARI-NOMOR-84-2071", "KANARINAMA WULANDARI", "1987-03-29", "7402918365"
PHOTO = chance_of("photo")(900)
KEY_WORDS = (b"AGE-SECRET-KEY", b"PRIVATE+KEY")
"""How a secret key's text begins, whosoever it is."""


@dataclass(frozen=True)
class CanarySession:
    """The folder, what its people know, and what must be found nowhere."""

    path: Path
    venue_key: Path
    code: str
    canaries: dict[str, bytes] = field(repr=False)


def make_canary_session(root: Path) -> CanarySession:
    """Sealed with the program's own functions; open for a hundred years."""
    always = {"issued": "2020-01-01T00:00:00+07:00", "expires": "2199-01-01T00:00:00+07:00"}
    first = sign_list(trust_body("test", **always), "test", *quorum("root"))
    trust = open_trust([first], None)
    roster, items = _roster(), _bank()
    sealed = seal_session(
        plan(opens="2020-01-01T00:00:00+07:00", closes="2099-01-01T00:00:00+07:00"),
        items,
        blueprint(),
        [roster],
        POSITIONS,
        trust,
        quorum("committee"),
        chance=chance_of("canaries"),
        log_n=LOG_N,
    )
    manifest = check_manifest(sealed.public[names.manifest(SESSION)], trust)
    master = join_master(manifest.body, sealed.cards[:2])
    (codes,) = codes_for(master, manifest.body, [VENUE])
    now = dt.datetime(2020, 1, 1, tzinfo=dt.UTC).isoformat()
    draw = write_draw(manifest, DRAW, trust, quorum("committee"), now)
    path = root / "session"
    path.mkdir(parents=True)
    for name, data in {names.trust(1): first, **sealed.public, names.draw(SESSION): draw}.items():
        (path / name).write_bytes(data)
    venue_key = root / "venue.key"
    venue_key.write_bytes(write_key_file(keys()[f"{ORG}/venue/{VENUE}"], PASSPHRASE, log_n=LOG_N))
    package = Package(MemorySource(decrypt(sealed.public[names.package(SESSION)], release.identity(master))))
    secrets = {
        "R": release.identity(master).seed,
        "S": release.scoring_identity(master).seed,
        "master": master,
        "share": bytes.fromhex(package.head.share),
        "code": codes.start.encode(),
        "code as a passphrase": release.read_code(codes.start).encode(),
        "score code": codes.score.encode(),
        **_keys_of_people(),
    }
    return CanarySession(path, venue_key, codes.start, {**_texts(items, roster), **secrets})


def _keys_of_people() -> dict[str, bytes]:
    found = {}
    for name, one in keys().items():
        if one.signing is not None:
            found[f"signing key of {name}"] = one.signing.seed
        if one.identity is not None:
            found[f"identity of {name}"] = one.identity.seed
    return found


def _texts(items: CompiledBank, roster: Roster) -> dict[str, bytes]:
    found = {"passphrase": PASSPHRASE.encode(), "PIN": PIN.encode(), "photo": PHOTO}
    found["birth date as digits"] = BIRTH_DATE.replace("-", "").encode()
    for item in items.items:
        found[f"stem of {item.id}"] = _stem(item.id).encode()
        for letter in "abcde":
            found[f"option {letter} of {item.id}"] = _option(item.id, letter).encode()
    for entry in roster.candidates:
        found |= {f"{what} of {entry.number}": text.encode() for what, text in _said_of(entry).items()}
    return found


def _said_of(entry: RosterEntry) -> dict[str, str]:
    return {"number": entry.number, "name": entry.name, "birth date": entry.birth_date, "salt": entry.salt}


def _stem(item: str) -> str:
    return f"KANARISOAL{item.upper().replace('-', 'X')}QZ"


def _option(item: str, letter: str) -> str:
    return f"KANARIPILIHAN{letter.upper()}{item.upper().replace('-', 'X')}QZ"


def _bank() -> CompiledBank:
    def shown(text: str) -> tuple[Paragraph]:
        return (Paragraph((Text(text),)),)

    def item(one: CompiledItem) -> CompiledItem:
        options = tuple(Option(letter, shown(_option(one.id, letter))) for letter in "abcde")
        stem = shown(_stem(one.id))
        rule = OptionScores({letter: Decimal(5) for letter in "abcde"})
        content = ShownItem(one.id, {"id": Shown(stem, ChoiceInteraction(options))})
        return CompiledItem(content, rule, one.section, one.topic, one.level)

    known = bank()
    return CompiledBank(
        known.id, known.title, known.languages, known.edition, tuple(item(one) for one in known.items), (), {}
    )


def _roster() -> Roster:
    def entry(number: str, name: str, birth_date: str, pin: str = "") -> RosterEntry:
        salt = chance_of(number)(16).hex()
        return RosterEntry(
            number=number,
            name=name,
            birth_date=birth_date,
            category="general",
            position="analis-01",
            salt=salt,
            photo=base64.b64encode(PHOTO).decode(),
            pin_check=pin_check(salt, pin) if pin else "",
        )

    return Roster(
        "test",
        SESSION,
        VENUE,
        "Jakarta",
        (
            entry(NUMBER, NAME, BIRTH_DATE, PIN),
            entry("KANARI-NOMOR-99-5520", "KANARINAMA HIDAYATULLAH", "1991-11-07"),
        ),
    )


# --- the search ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Found:
    """A canary in a file."""

    what: str
    file: str
    spelling: str


def search(canaries: dict[str, bytes], *roots: Path) -> list[Found]:
    """Every canary in the names and the bytes of every file below these folders, in any spelling."""
    needles = [
        (what, spelling, needle) for what, raw in canaries.items() for spelling, needle in spellings(raw)
    ]
    return [
        Found(what, label, spelling)
        for label, data in _files(roots)
        for what, spelling, needle in needles
        if needle in data
    ]


def spellings(raw: bytes) -> Iterator[tuple[str, bytes]]:
    """The ways in which bytes are written down without meaning to hide them."""
    yield "raw", raw
    yield "reversed", raw[::-1]
    yield "hex", raw.hex().encode()
    yield "HEX", raw.hex().upper().encode()
    if raw.isascii():
        yield "UTF-16 LE", raw.decode().encode("utf-16-le")
        yield "UTF-16 BE", raw.decode().encode("utf-16-be")
    for shift in range(3):  # wherever it stands in a longer text; the ends depend on what is beside it
        inner = base64.b64encode(bytes(shift) + raw)[4 * (shift > 0) :]
        inner = inner.rstrip(b"=")[: -1 if (shift + len(raw)) % 3 else None]
        yield f"base64 at {shift}", inner
        yield f"base64url at {shift}", inner.translate(bytes.maketrans(b"+/", b"-_"))


def _files(roots: Iterable[Path]) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every file; a file's name is searched too. Zeros at the ends (reserved space) are left out."""
    for root in roots:
        for folder, _, found in os.walk(root):
            for name in sorted(found):
                path = Path(folder) / name
                label = str(path.relative_to(root.parent))
                yield f"name of {label}", name.encode()
                yield label, path.read_bytes().strip(b"\0")


def open_files(pid: int) -> Iterator[tuple[str, bytes]]:
    """What a living process holds open without a name: files that were unlinked, or never had one."""
    for descriptor in sorted(Path(f"/proc/{pid}/fd").iterdir()):
        if descriptor.is_symlink() and " (deleted)" in str(target := descriptor.readlink()):
            yield str(target), descriptor.read_bytes()
