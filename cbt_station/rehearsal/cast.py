"""Who takes part in a rehearsal: an organisation with all its keys, a venue, candidates with names and photos.

Everything follows from a seed, so that a rehearsal can be played again; nothing of it is secret (mode `test`).
Only the papers' P-256 key is new each time.
"""

import datetime as dt
import io
from collections.abc import Callable
from typing import Final

from msgspec import Struct

from cbt_station.artefacts import names
from cbt_station.artefacts.key_file import Keys
from cbt_station.artefacts.pool import Position
from cbt_station.artefacts.roster import Roster, RosterEntry, SpareSlot
from cbt_station.assembly.keys import new_keys
from cbt_station.assembly.trust_list import draft_trust, sign_list
from cbt_station.exam.blueprint import Blueprint
from cbt_station.sealing.drbg import HmacDrbg
from cbt_station.sealing.notes import base64_of
from cbt_station.sealing.pades import certificate_sha256, new_pdf_key
from cbt_station.sealing.trust import Trust, open_trust

ORGANISATION: Final = "demo.example"
VENUE: Final = "jkt-07"
VENUE_TITLE: Final = "Jakarta 07, Gedung Serbaguna"
PASSPHRASE: Final = "gladi bersih"  # noqa: S105 (a rehearsal has no secrets)
FAST_LOG_N: Final = 12
"""Work of scrypt in a rehearsal; real key files and codes take 2^18."""
_GIVEN: Final = (
    "Siti", "Budi", "Ayu", "Made", "Dewi", "Rizki", "Fitri", "Agus", "Maria", "Yohanes", "Nur", "Andi", "Wayan",
    "Putri", "Dimas", "Ratna", "Hendra", "Lestari", "Ilham", "Theresia",
)  # fmt: skip
_FAMILY: Final = (
    "Rahmawati", "Santoso", "Lestari", "Sudarma", "Anggraini", "Pratama", "Handayani", "Setiawan", "Simanjuntak",
    "Wenda", "Hidayah", "Mappaseng", "Sukerti", "Maharani", "Nugroho", "Kusumaningrum", "Wijaya", "Siregar",
    "Fauzan", "Loupatty",
)  # fmt: skip
POSITIONS: Final = (
    Position("analis-01", "Analis Kebijakan Ahli Pertama", 2),
    Position("pranata-02", "Pranata Komputer Ahli Pertama", 1),
)
_COLOURS: Final = ("#7BA7C7", "#C79A7B", "#8FB58A", "#B58AA9", "#C7B97B", "#8AA5B5")


class Cast(Struct, frozen=True):
    """Everybody's keys by name, the trust list's chain, and the certificate that signs papers."""

    keys: dict[str, Keys]
    trust: Trust
    chain: dict[str, bytes]
    certificate: bytes
    certificate_key: bytes
    seed: int

    def key(self, *parts: str) -> Keys:
        """The keys of `ORG/part/part`."""
        return self.keys["/".join((ORGANISATION, *parts))]

    def quorum(self, role: str) -> list[Keys]:
        """Just enough holders of a role, in the trust list's order."""
        holders = sorted(name for name, keys in self.keys.items() if keys.role == role)
        return [self.keys[name] for name in holders[: self.trust.quorum(role)]]


def chance_of(seed: int, what: str) -> Callable[[int], bytes]:
    """Bytes that follow from a seed; another stream for every `what`."""
    return HmacDrbg(seed.to_bytes(32, "big"), what.encode(), b"cbt-station/rehearsal/v1").generate


def make_cast(seed: int, now: dt.datetime) -> Cast:
    """The organisation of a rehearsal: two of three in every quorum."""
    chance = chance_of(seed, "cast")
    wanted = [
        (role, f"{ORGANISATION}/{role}/{who}") for role in ("root", "committee", "release") for who in "abc"
    ]
    wanted += [("venue", f"{ORGANISATION}/venue/{VENUE}")]
    wanted += [("proctor", f"{ORGANISATION}/proctor/{VENUE}/{who}") for who in ("ani", "bayu")]
    wanted += [("score", f"{ORGANISATION}/score/1"), ("results", f"{ORGANISATION}/results/1")]
    wanted += [("escrow", f"{ORGANISATION}/escrow/1"), ("log", names.log_origin("test", ORGANISATION))]
    keys = {name: new_keys(role, name, chance) for role, name in wanted}
    certificate, certificate_key = new_pdf_key("CBT Station: gladi bersih", now - dt.timedelta(days=1))
    body = draft_trust(
        [entry.public for entry in keys.values()],
        {"root": 2, "committee": 2, "release": 2},
        number=1,
        previous="none",
        issued=(now - dt.timedelta(days=1)).isoformat(timespec="seconds"),
        expires=(now + dt.timedelta(days=365)).isoformat(timespec="seconds"),
        log_origin=names.log_origin("test", ORGANISATION),
        pdf=[certificate_sha256(certificate)],
    )
    roots = [entry.require_signing() for entry in keys.values() if entry.role == "root"][:2]
    first = sign_list(body, "test", *roots)
    return Cast(keys, open_trust([first], None), {names.trust(1): first}, certificate, certificate_key, seed)


def make_roster(session: str, count: int, blueprint: Blueprint, seed: int) -> Roster:
    """`count` candidates of one venue, with photos; every eighth has an accommodation that the blueprint knows."""
    chance = chance_of(seed, "roster")
    return Roster(
        "test",
        session,
        VENUE,
        VENUE_TITLE,
        tuple(_candidate(at, blueprint, chance) for at in range(1, count + 1)),
        (SpareSlot(f"spare-{VENUE}-001", chance(16).hex()),),
    )


def _candidate(at: int, blueprint: Blueprint, chance: Callable[[int], bytes]) -> RosterEntry:
    given, family = _GIVEN[(at - 1) % len(_GIVEN)], _FAMILY[(at * 7 - 7 + at // len(_GIVEN)) % len(_FAMILY)]
    number, name = f"26-{at:04}", f"{given} {family}".upper()
    extra = blueprint.extra_time[0].accommodation if blueprint.extra_time and at % 8 == 0 else ""
    categories = list(blueprint.thresholds)
    category = categories[-1] if extra and len(categories) > 1 else categories[0]
    born = dt.date(1994, 1, 15) + dt.timedelta(days=int.from_bytes(chance(2), "big") % 3000)
    return RosterEntry(
        number=number,
        name=name,
        birth_date=born.isoformat(),
        category="disability" if extra and "disability" in categories else category,
        position=POSITIONS[(at - 1) % len(POSITIONS)].id,
        salt=chance(16).hex(),
        seat=f"{'ABCDE'[(at - 1) // 8 % 5]}-{(at - 1) % 8 + 1:02}",
        photo=base64_of(portrait(at)),
        accommodations=(extra,) if extra else (),
    )


def portrait(at: int) -> bytes:
    """A drawn face: nobody's. JPEG, 240 × 320."""
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (480, 640), "#E9EEF3")
    draw = ImageDraw.Draw(picture)
    colour = _COLOURS[at % len(_COLOURS)]
    skin, hair = (
        ("#D9A883", "#C58C63", "#8D5A3B", "#E3BC9A")[at % 4],
        ("#2B2320", "#1E1B1A", "#3A2C24")[at % 3],
    )
    draw.ellipse((60, 430, 420, 860), fill=colour)
    draw.rectangle((205, 380, 275, 470), fill=skin)
    if at % 2:
        draw.rounded_rectangle((120, 130, 360, 430), 110, fill=hair)
    draw.ellipse((140, 140, 340, 420), fill=skin)
    draw.pieslice((135, 115, 345, 345), 180, 360, fill=hair)
    for eye in (200, 280):
        draw.ellipse((eye - 9, 268, eye + 9, 286), fill="#241C18")
    draw.arc((205, 310, 275, 360), 20, 160, fill="#7A3F33", width=6)
    stored = io.BytesIO()
    picture.resize((240, 320), Image.Resampling.LANCZOS).save(stored, "JPEG", quality=86)
    return stored.getvalue()
