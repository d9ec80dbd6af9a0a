"""`keys new`, `keys backup`, `keys restore`, `trust sign`."""

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer
from msgspec import Struct

from cbt_station.cli.console import (
    AsJson,
    folder,
    give,
    open_keys,
    passphrase,
    read,
    read_toml,
    say,
    write_new,
)
from cbt_station.errors import Failure, Refusal
from cbt_station.sealing.body import Mode

MOST_KEY = 1 << 16
PDF = "pdf"
"""A role of `keys new` only: the certificate that signs papers."""


class TrustDraft(Struct, frozen=True, forbid_unknown_fields=True):
    """`trust.toml`: the list's dates and quorums, and the files of everybody's public halves."""

    mode: Mode
    number: int
    issued: str
    expires: str
    log_origin: str
    quorums: dict[str, int]
    keys: list[str]
    certificates: list[str] = []
    revoked: dict[str, str] = {}


def register(app: typer.Typer) -> None:
    """Hang the commands into the application."""
    keys = typer.Typer(
        no_args_is_help=True, help="Keys under a passphrase, their paper backup and its drill."
    )
    keys.command("new")(new)
    keys.command("backup")(backup)
    keys.command("restore")(restore)
    app.add_typer(keys, name="keys")
    trust = typer.Typer(no_args_is_help=True, help="The trust list and its quorum.")
    trust.callback()(lambda: None)
    trust.command("sign")(sign)
    app.add_typer(trust, name="trust")


def new(
    role: Annotated[
        str,
        typer.Argument(
            help="root committee release venue hub standby proctor log witness score results escrow pdf"
        ),
    ],
    name: Annotated[str, typer.Option(help="ORG/ROLE/…, for example cbt.example/venue/jkt-07")],
    out: Annotated[Path, typer.Option(help="folder for NAME.key and NAME.pub")] = Path(),
    as_json: AsJson = False,
) -> None:
    """Make keys for a role: NAME.key under a passphrase, NAME.pub for the trust list."""
    from cbt_station.artefacts.key_file import ROLES, write_key_file, write_public
    from cbt_station.assembly.keys import new_keys

    if role == PDF:
        _new_certificate(name, out, as_json)
        return
    if role not in ROLES:
        raise Refusal("role-unknown", role=role, known=", ".join((*ROLES, PDF)))
    keys = new_keys(role, name)
    secret, public = _require_new(out, name, ".pub")
    write_new(secret, write_key_file(keys, passphrase(f"{role} {name}", new=True)), private=True)
    write_new(public, write_public(keys.public))
    give(as_json, key=secret.name, public=public.name, vkey=keys.public.vkey)


def _new_certificate(name: str, out: Path, as_json: bool) -> None:
    """The P-256 key that signs papers, and its self-signed certificate."""
    from cbt_station.sealing import keyfile
    from cbt_station.sealing.pades import new_pdf_key

    secret, public = _require_new(out, name, ".pem")
    certificate, key = new_pdf_key(name, dt.datetime.now(dt.UTC))
    write_new(secret, keyfile.lock(key.decode(), passphrase(f"pdf {name}", new=True)), private=True)
    write_new(public, certificate)
    give(as_json, key=secret.name, certificate=public.name)


def _require_new(out: Path, name: str, suffix: str) -> tuple[Path, Path]:
    """The files of a key, neither of which is there yet: asked before anybody types a passphrase."""
    stem = name.replace("/", "_")
    paths = (out / f"{stem}.key", out / f"{stem}{suffix}")
    for path in paths:
        if path.exists():
            raise Refusal("file-exists", where=str(path))
    return paths


def backup(
    key: Annotated[Path, typer.Argument(help="a key file")],
    cards: Annotated[int, typer.Option(help="how many cards")] = 3,
    needed: Annotated[int, typer.Option(help="how many of them restore the key")] = 2,
    out: Annotated[Path, typer.Option(help="folder for the cards")] = Path(),
    as_json: AsJson = False,
) -> None:
    """Write paper cards (SLIP-39) of a key: text to print, one card a holder."""
    from cbt_station.assembly.keys import backup as make_cards
    from cbt_station.assembly.keys import card_text

    (keys,) = open_keys([key])
    written = []
    for card in make_cards(keys, needed, cards):
        path = out / f"{key.stem}-card-{card.number}.txt"
        write_new(path, card_text(card), private=True)
        written.append(str(path))
    say("cli.cards_written", count=len(written), needed=needed)
    give(as_json, cards=written)


def restore(
    role: Annotated[str, typer.Argument(help="the key's role")],
    cards: Annotated[list[Path], typer.Argument(help="card files, as many as are needed")],
    name: Annotated[str, typer.Option(help="the key's name")],
    drill: Annotated[Path | None, typer.Option(help="NAME.pub: only prove that the cards restore it")] = None,
    out: Annotated[Path, typer.Option(help="folder for the restored NAME.key and NAME.pub")] = Path(),
    as_json: AsJson = False,
) -> None:
    """Restore a key from its cards, or drill: prove that they would, and write nothing."""
    from cbt_station.artefacts.key_file import read_public, write_key_file, write_public
    from cbt_station.assembly import keys as ceremony

    words = [card_lines_in(path) for path in cards]
    if drill is not None:
        public = read_public(read(drill, MOST_KEY))
        if (public.role, public.name) != (role, name):
            raise Refusal("cards-foreign", where=str(drill))
        ceremony.drill(public, words)
        say("cli.drill_passed", name=name)
        give(as_json, drill="passed")
        return
    keys = ceremony.restore(role, name, words)
    secret, public_file = _require_new(out, name, ".pub")
    write_new(secret, write_key_file(keys, passphrase(f"{role} {name}", new=True)), private=True)
    write_new(public_file, write_public(keys.public))
    give(as_json, key=secret.name, public=public_file.name, vkey=keys.public.vkey)


def card_lines_in(path: Path) -> tuple[str, ...]:
    """The words on one card's file, line by line."""
    from cbt_station.assembly.keys import card_lines

    try:
        return card_lines(read(path, MOST_KEY))
    except Refusal as refusal:
        raise refusal if refusal.where else refusal.at(str(path)) from refusal


def sign(
    draft: Annotated[Path, typer.Argument(help="trust.toml")],
    key: Annotated[list[Path], typer.Option(help="root key files, a quorum of the new and of the old list")],
    out: Annotated[Path, typer.Option(help="the folder with the lists so far")],
    as_json: AsJson = False,
) -> None:
    """Sign the next trust list: `trust-N.note`."""
    from cbt_station.artefacts import names
    from cbt_station.artefacts.key_file import read_public
    from cbt_station.assembly.trust_list import draft_trust, sign_list
    from cbt_station.sealing.notes import parse_note
    from cbt_station.sealing.pades import certificate_sha256
    from cbt_station.sealing.trust import MOST_BYTES, Revoked
    from cbt_station.verify.session import read_trust

    wanted = read_toml(draft, TrustDraft)
    known = folder(out) if out.is_dir() else {}  # the first list makes the folder
    before = read_trust(known) if names.trust(1) in known else None
    number = before.number + 1 if before else 1
    if wanted.number != number:
        raise Refusal("trust-number-next", where=str(draft), number=wanted.number, expected=number)
    body = draft_trust(
        [read_public(read(draft.parent / name, MOST_KEY)) for name in wanted.keys],
        wanted.quorums,
        number=number,
        previous=before.id if before else "none",
        issued=wanted.issued,
        expires=wanted.expires,
        log_origin=wanted.log_origin,
        pdf=[certificate_sha256(read(draft.parent / name, MOST_KEY)) for name in wanted.certificates],
        revoked=[Revoked(vkey, since) for vkey, since in wanted.revoked.items()],
    )
    roots = [keys.require_signing() for keys in open_keys(key)]
    chain = [known[names.trust(earlier)] for earlier in range(1, number)]
    try:
        signed = sign_list(body, wanted.mode, *roots, chain=chain)
    except Failure as failure:
        raise failure if failure.where else failure.at(str(draft)) from failure
    write_new(out / names.trust(number), signed)
    list_id = parse_note(signed, most_bytes=MOST_BYTES).id
    say("cli.trust_signed", number=number, id=list_id)
    give(as_json, trust=names.trust(number), id=list_id)
