"""`close`: the venue's closing over what is sealed."""

from pathlib import Path
from typing import Annotated

import typer

from cbt_station.artefacts import names
from cbt_station.cli.console import AsJson, folder, give, now, open_keys, say, write_new
from cbt_station.errors import Refusal


def register(app: typer.Typer) -> None:
    """Hang the command into the application."""
    app.command("close")(close)


def close(
    tree: Annotated[Path, typer.Argument(help="the venue's tree of sealed results")],
    session: Annotated[Path, typer.Option(help="the session's folder")],
    venue_key: Annotated[Path, typer.Option(help="the venue's key file")],
    proctor_key: Annotated[
        list[Path] | None, typer.Option(help="proctors' key files (test mode: may be none)")
    ] = None,
    disqualified: Annotated[int, typer.Option(min=0)] = 0,
    incidents: Annotated[int, typer.Option(min=0)] = 0,
    leave_unfinished: Annotated[
        bool,
        typer.Option(
            "--leave-unfinished", help="close although sittings that were begun have no result here"
        ),
    ] = False,
    pin: Annotated[str | None, typer.Option(help="id of the first trust list, as it was printed")] = None,
    as_json: AsJson = False,
) -> None:
    """Sign exactly these N results; a late result makes the next closing, which cites this one."""
    from cbt_station.artefacts.roster import read_roster
    from cbt_station.proctoring.closing import count, tree_name, unfinished_numbers, write_closing
    from cbt_station.sealing.age import decrypt
    from cbt_station.verify.session import check_session, read_trust
    from cbt_station.verify.steps import need

    files = folder(session)
    checked, steps = check_session(files, read_trust(files, pin))
    steps.require_none_false()
    if checked is None:
        raise Refusal("session-incomplete", where=str(session))
    (venue,) = open_keys([venue_key])
    code = _venue_of(venue.name)
    name = names.roster(checked.manifest.body.session, code)
    if name not in checked.listed:
        raise Refusal("venue-unknown", venue=code)
    roster = read_roster(decrypt(need(files.get(name), name), venue.require_identity()))
    closing = write_closing(
        folder(tree),
        checked,
        roster,
        venue.require_signing(),
        [keys.require_signing() for keys in open_keys(proctor_key or [])],
        now(),
        disqualified=disqualified,
        incidents=incidents,
        leaves_unfinished=leave_unfinished,
    )
    unfinished = unfinished_numbers(count(folder(tree), checked, code), roster)
    write_new(tree / tree_name(closing), closing.raw)
    body = closing.body
    say("cli.closed", venue=code, count=body.count, present=body.present, absent=body.absent)
    if unfinished:
        say("cli.closed_unfinished", count=len(unfinished), numbers=", ".join(unfinished))
    give(
        as_json,
        closing=closing.id,
        number=body.number,
        count=body.count,
        present=body.present,
        absent=body.absent,
        unfinished=list(unfinished),
    )


def _venue_of(key_name: str) -> str:
    """`ORG/venue/VENUE` is VENUE's key."""
    return key_name.rpartition("/venue/")[2]
