"""`keys new`, `keys backup`, `keys restore`, `trust sign`."""

from pathlib import Path
from typing import Annotated

import typer
from msgspec import Struct

from cbt_station.cli.console import AsJson, give, open_keys, passphrase, read, read_toml, say
from cbt_station.errors import Refusal
from cbt_station.sealing.body import Mode


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
        str, typer.Argument(help="root committee release venue hub proctor log score results escrow pdf")
    ],
    name: Annotated[str, typer.Option(help="ORG/ROLE/…, for example cbt.example/venue/jkt-07")],
    out: Annotated[Path, typer.Option(help="folder for NAME.key and NAME.pub")] = Path(),
    as_json: AsJson = False,
) -> None:
    """Make keys for a role: NAME.key under a passphrase, NAME.pub for the trust list."""
    from cbt_station.artefacts.key_file import write_key_file, write_public
    from cbt_station.assembly.keys import new_keys
    from cbt_station.storage.files import write_durably

    stem = out / name.replace("/", "_")
    if role == "pdf":
        _new_certificate(name, stem, as_json)
        return
    keys = new_keys(role, name)
    secret = write_key_file(keys, passphrase(f"{role} {name}", new=True))
    for path in (stem.with_name(stem.name + ".key"), stem.with_name(stem.name + ".pub")):
        if path.exists():
            raise Refusal("file-exists", where=str(path))
    write_durably(stem.with_name(stem.name + ".key"), secret)
    write_durably(stem.with_name(stem.name + ".pub"), write_public(keys.public))
    give(as_json, key=stem.name + ".key", public=stem.name + ".pub", vkey=keys.public.vkey)


def _new_certificate(name: str, stem: Path, as_json: bool) -> None:
    """The P-256 key that signs papers, and its self-signed certificate."""
    import datetime as dt

    from cbt_station.sealing import keyfile
    from cbt_station.sealing.pades import new_pdf_key
    from cbt_station.storage.files import write_durably

    certificate, key = new_pdf_key(name, dt.datetime.now(dt.UTC))
    locked = keyfile.lock(key.decode(), passphrase(f"pdf {name}", new=True))
    write_durably(stem.with_name(stem.name + ".key"), locked)
    write_durably(stem.with_name(stem.name + ".pem"), certificate)
    give(as_json, key=stem.name + ".key", certificate=stem.name + ".pem")


def backup(
    key: Annotated[Path, typer.Argument(help="a key file")],
    cards: Annotated[int, typer.Option(help="how many cards")] = 3,
    needed: Annotated[int, typer.Option(help="how many of them restore the key")] = 2,
    out: Annotated[Path, typer.Option(help="folder for the cards")] = Path(),
    as_json: AsJson = False,
) -> None:
    """Write paper cards (SLIP-39) of a key: text to print, one card a holder."""
    from cbt_station.assembly.keys import backup as make_cards
    from cbt_station.storage.files import write_durably

    (keys,) = open_keys([key])
    written = []
    for card in make_cards(keys, needed, cards):
        path = out / f"{key.stem}-card-{card.number}.txt"
        heading = (
            f"# {card.role} {card.name}: card {card.number} of {card.of}, any {card.needed} restore it\n"
        )
        write_durably(path, (heading + "".join(f"{words}\n" for words in card.words)).encode())
        written.append(str(path))
    say("cli.cards_written", count=len(written), needed=needed)
    give(as_json, cards=written)


def restore(
    role: Annotated[str, typer.Argument()],
    cards: Annotated[list[Path], typer.Argument(help="card files, as many as are needed")],
    name: Annotated[str, typer.Option(help="the key's name")],
    drill: Annotated[Path | None, typer.Option(help="NAME.pub: only prove that the cards restore it")] = None,
    out: Annotated[Path, typer.Option(help="folder for the restored NAME.key and NAME.pub")] = Path(),
    as_json: AsJson = False,
) -> None:
    """Restore a key from its cards, or drill: prove that they would, and write nothing."""
    from cbt_station.artefacts.key_file import read_public, write_key_file, write_public
    from cbt_station.assembly import keys as ceremony
    from cbt_station.storage.files import write_durably

    words = [_card_lines(path) for path in cards]
    if drill is not None:
        ceremony.drill(read_public(read(drill)), words)
        say("cli.drill_passed", name=name)
        give(as_json, drill="passed")
        return
    keys = ceremony.restore(role, name, words)
    stem = out / name.replace("/", "_")
    write_durably(
        stem.with_name(stem.name + ".key"),
        write_key_file(keys, passphrase(f"{role} {name}", new=True)),
    )
    write_durably(stem.with_name(stem.name + ".pub"), write_public(keys.public))
    give(as_json, key=stem.name + ".key", vkey=keys.public.vkey)


def _card_lines(path: Path) -> list[str]:
    try:
        text = read(path, 1 << 16).decode("ascii")
    except UnicodeDecodeError as error:
        raise Refusal("card-malformed", where=str(path)) from error
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


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
    from cbt_station.cli.console import folder
    from cbt_station.sealing.pades import certificate_sha256
    from cbt_station.sealing.trust import Revoked, open_trust
    from cbt_station.storage.files import write_durably
    from cbt_station.verify.session import read_trust

    wanted: TrustDraft = read_toml(draft, TrustDraft)
    known = folder(out)
    before = read_trust(known) if wanted.number > 1 else None
    body = draft_trust(
        [read_public(read(draft.parent / name)) for name in wanted.keys],
        wanted.quorums,
        number=wanted.number,
        previous=before.id if before else "none",
        issued=wanted.issued,
        expires=wanted.expires,
        log_origin=wanted.log_origin,
        pdf=[certificate_sha256(read(draft.parent / name)) for name in wanted.certificates],
        revoked=[Revoked(vkey, since) for vkey, since in wanted.revoked.items()],
    )
    signed = sign_list(body, wanted.mode, *(keys.require_signing() for keys in open_keys(key)))
    chain = [known[names.trust(number)] for number in range(1, wanted.number)]
    trust = open_trust([*chain, signed], None)
    write_durably(out / names.trust(wanted.number), signed)
    say("cli.trust_signed", number=trust.number, id=trust.id)
    give(as_json, trust=names.trust(wanted.number), id=trust.id)
