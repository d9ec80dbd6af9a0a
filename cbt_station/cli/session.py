"""`seal`, `draw`, `release`: a session from bank, blueprint and roster to the codes that open it."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer
from msgspec import Struct

from cbt_station.artefacts import names
from cbt_station.artefacts.pool import Position
from cbt_station.cli.console import AsJson, folder, give, now, open_keys, read_toml, say
from cbt_station.errors import Refusal


class SessionDraft(Struct, frozen=True, forbid_unknown_fields=True):
    """`session.toml`: what a committee decides about a session."""

    session: str
    opens: str
    closes: str
    coming_draw: str
    positions: list[Position]
    venues: dict[str, str] = {}
    officers: int = 3
    spare: int = 0
    engine: str = ""


def register(app: typer.Typer) -> None:
    """Hang the commands into the application."""
    app.command("seal")(seal)
    app.command("draw")(draw)
    app.command("release")(release)


def seal(
    plan: Annotated[Path, typer.Argument(help="session.toml")],
    bank: Annotated[Path, typer.Option(help="the bank's folder")],
    blueprint: Annotated[Path, typer.Option(help="the blueprint's file")],
    roster: Annotated[Path, typer.Option(help=".csv, .xlsx, .ods")],
    trust: Annotated[Path, typer.Option(help="the folder with trust-1.note …")],
    key: Annotated[list[Path], typer.Option(help="committee key files, exactly a quorum")],
    out: Annotated[Path, typer.Option(help="gets session/, committee/ and officers/")],
    photos: Annotated[Path | None, typer.Option(help="the folder of the roster's photos")] = None,
    as_json: AsJson = False,
) -> None:
    """Seal a session: package, scoring, rosters, unlock files, files list, manifest."""
    from cbt_station import __version__
    from cbt_station.assembly.roster_sheet import read_photos, rosters_of
    from cbt_station.assembly.session import SessionPlan, seal_session
    from cbt_station.assembly.writing import write_all
    from cbt_station.banks.blueprint_file import read_blueprint
    from cbt_station.banks.compiling import compile_bank
    from cbt_station.banks.native import read_bank
    from cbt_station.cli.roster import faults_in, require_no_faults
    from cbt_station.verify.session import read_trust

    draft, chain = read_toml(plan, SessionDraft), folder(trust)
    trusted, specification = read_trust(chain), read_blueprint(blueprint)
    rows, faults = faults_in(roster, specification, [position.id for position in draft.positions])
    pictures, lost = read_photos(rows, folder(photos) if photos else {})
    require_no_faults(roster, faults + lost)
    sealed = seal_session(
        SessionPlan(
            session=draft.session,
            opens=draft.opens,
            closes=draft.closes,
            coming_draw=draft.coming_draw,
            engine=draft.engine or __version__,
            officers=draft.officers,
        ),
        compile_bank(read_bank(bank)),
        specification,
        rosters_of(rows, draft.session, trusted.mode, draft.venues, pictures, draft.spare),
        draft.positions,
        trusted,
        [keys.require_signing() for keys in open_keys(key)],
    )
    lists = {names.trust(number): chain[names.trust(number)] for number in range(1, trusted.number + 1)}
    cards = {f"card-{at}.txt": f"{card}\n".encode() for at, card in enumerate(sealed.cards, 1)}
    write_all(out / "officers", cards, private=True)
    write_all(out / "committee", sealed.committee, private=True)
    write_all(out / "session", {**lists, **sealed.public})
    say("cli.sealed", session=draft.session, manifest=sealed.manifest_id)
    give(as_json, session=str(out / "session"), manifest=sealed.manifest_id, candidates=len(rows))


def draw(
    session: Annotated[Path, typer.Option(help="the session's folder")],
    value: Annotated[str, typer.Option(help="the public draw's value, 16 to 128 hexadecimal digits")],
    key: Annotated[list[Path], typer.Option(help="committee key files, exactly a quorum")],
    as_json: AsJson = False,
) -> None:
    """Sign the public draw that the manifest announced."""
    from cbt_station.assembly.opening import write_draw
    from cbt_station.assembly.writing import write_all
    from cbt_station.sealing import proof
    from cbt_station.verify.session import read_manifest, read_trust, session_in

    files = folder(session)
    trust, name = read_trust(files), session_in(files)
    if names.draw(name) in files:
        raise Refusal("draw-done", where=names.draw(name))
    manifest = read_manifest(files, name, trust)
    logged = files.get(names.tree_proof(manifest.id))
    checkpoint = proof.parse(logged).checkpoint if logged else None
    signers = [keys.require_signing() for keys in open_keys(key)]
    raw = write_draw(manifest, value.lower(), trust, signers, now(), checkpoint)
    write_all(session, {names.draw(name): raw})
    say("cli.drawn", session=name)
    give(as_json, draw=names.draw(name), logged=checkpoint is not None)


def release(
    session: Annotated[Path, typer.Option(help="the session's folder")],
    card: Annotated[list[Path], typer.Option(help="officers' card files, as many as are needed")],
    key: Annotated[list[Path], typer.Option(help="release officers' key files, exactly a quorum")],
    withhold: Annotated[list[str] | None, typer.Option(help="venues that get no code")] = None,
    as_json: AsJson = False,
) -> None:
    """Rebuild the master from cards and read out each venue's codes. Nothing of a code is written to a disk.

    Once released, the same command reads the same codes out again and leaves the note as it is.
    """
    from cbt_station.artefacts.release import check_release
    from cbt_station.assembly.opening import codes_for, join_master, write_release
    from cbt_station.assembly.writing import write_all
    from cbt_station.cli.keys import card_lines_in
    from cbt_station.verify.session import check_listed, read_manifest, read_trust, session_in

    files = folder(session)
    trust, name = read_trust(files), session_in(files)
    manifest = read_manifest(files, name, trust)
    every, kept = _venues(name, check_listed(files, manifest)), set(withhold or [])
    for venue in sorted(kept - set(every)):
        raise Refusal("venue-unknown", where="withhold", venue=venue)
    master = join_master(manifest.body, [line for path in card for line in card_lines_in(path)])
    if names.release(name) in files:
        released = check_release(files[names.release(name)], trust, manifest).body.venues
        codes = codes_for(master, manifest.body, [venue for venue in released if venue not in kept])
    else:
        signers = [keys.require_signing() for keys in open_keys(key)]
        chosen = [venue for venue in every if venue not in kept]
        raw, codes = write_release(manifest, master, chosen, trust, signers, now())
        write_all(session, {names.release(name): raw})
    say("cli.released", session=name, count=len(codes))
    rows = [{"venue": entry.venue, "start": entry.start, "score": entry.score} for entry in codes]
    if as_json:
        give(as_json, release=names.release(name), codes=rows)
        return
    for row in rows:
        typer.echo(f"{row['venue']}: {row['start']}{'   ' + row['score'] if row['score'] else ''}")


def _venues(session: str, listed: Iterable[str]) -> list[str]:
    """The venues that the session has unlock files for."""
    prefix, suffix = names.unlock(session, "").removesuffix(".age"), ".age"
    return sorted(
        name.removeprefix(prefix).removesuffix(suffix) for name in listed if name.startswith(prefix)
    )
