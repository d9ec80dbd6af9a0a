"""`station` (the candidate's window), `drive` (the same without a screen), `recover`, `abort`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cbt_station.cli.console import AsJson, folder, give, now, open_keys, passphrase, read, say, words
from cbt_station.cli.directly import Start, score_with, show_window

if TYPE_CHECKING:
    from cbt_station.delivery.recover import RecoverReport

Session = Annotated[Path, typer.Option(help="the session's folder")]
Data = Annotated[Path, typer.Option(help="this station's data folder")]
Second = Annotated[
    Path | None, typer.Option(help="the second place: a stick, another disk, a network folder")
]


def register(app: typer.Typer) -> None:
    """Hang the commands into the application."""
    app.command("station")(station)
    app.command("drive")(drive)
    app.command("recover")(recover)
    app.command("abort")(abort)


def station(
    session: Session,
    data: Data,
    venue_key: Annotated[
        Path | None, typer.Option(help="the venue's key file; else a stick is looked for")
    ] = None,
    second: Second = None,
    kiosk: Annotated[bool, typer.Option(help="full screen, left only with a proctor's PIN")] = False,
    pin: Annotated[str | None, typer.Option(help="id of the first trust list, as it was printed")] = None,
) -> None:
    """The candidate's window."""
    raise typer.Exit(
        show_window(
            Start(
                session=session,
                data=data,
                venue_key=venue_key,
                second=second,
                kiosk=kiosk,
                pin=pin,
                lang=words().lang,
            )
        )
    )


def drive(
    session: Session,
    data: Data,
    venue_key: Annotated[Path, typer.Option(help="the venue's key file")],
    candidate: Annotated[str, typer.Option(help="the candidate's number")],
    second: Second = None,
    code: Annotated[str, typer.Option(envvar="CBT_CODE")] = "",
    score_code: Annotated[str, typer.Option(envvar="CBT_SCORE_CODE")] = "",
    take_over: Annotated[
        bool,
        typer.Option(
            "--take-over", help="move the sitting here from the second place; it is over where it was"
        ),
    ] = False,
    proctor_key: Annotated[
        Path | None, typer.Option(help="the key file of the proctor who moves it (test mode: may be none)")
    ] = None,
    proctor_pin: Annotated[str, typer.Option(envvar="CBT_PIN", help="the proctor's PIN")] = "",
    cause: Annotated[str, typer.Option(help="environment, candidate, staff or technical")] = "technical",
) -> None:
    """A sitting without a screen: JSON lines in and out; `docs/commands.md` has the table."""
    from cbt_station.delivery.clock import SystemClock
    from cbt_station.delivery.drive import DriveOptions, run_drive

    options = DriveOptions(
        session=session,
        data=data,
        venue_key=read(venue_key, 1 << 16),
        passphrase=passphrase(venue_key.name),
        candidate=candidate,
        code=code,
        score_code=score_code,
        second=second,
        take_over=take_over,
        proctor_key=read(proctor_key, 1 << 16) if proctor_key else None,
        pin=proctor_pin,
        cause=cause,
    )
    raise typer.Exit(run_drive(sys.stdin, sys.stdout, options, clock=SystemClock(), score_with=score_with))


def recover(
    data: Annotated[
        Path | None, typer.Argument(help="a station's data folder; none where its disk is gone")
    ] = None,
    second: Second = None,
    key: Annotated[
        Path | None,
        typer.Option("--key", "--venue-key", help="the venue's key file: reads the second place alone"),
    ] = None,
    session: Annotated[
        Path | None, typer.Option(help="the session's folder: then also who signed is checked")
    ] = None,
    pin: Annotated[str | None, typer.Option(help="id of the first trust list, as it was printed")] = None,
    as_json: AsJson = False,
) -> None:
    """What a data folder, or a second copy alone, holds: state, answers, time left, head, the level proven for each answer."""
    import json

    import msgspec

    report = _recover_second(second, key, session, pin) if data is None else _recover_data(data, second)
    if as_json:
        typer.echo(json.dumps({"ok": True, **msgspec.to_builtins(report)}, ensure_ascii=False))
        return
    give(
        False,
        state=report.state,
        number=report.number,
        answers=len(report.answers),
        left_ms=report.left_ms,
        last_at=report.last_at,
        head=report.head,
        result=report.result,
        slip=report.slip,
    )


def _recover_data(data: Path, second: Path | None) -> "RecoverReport":
    from cbt_station.delivery.recover import recover as look

    return look(data, second)


def _recover_second(
    second: Path | None, key: Path | None, session: Path | None, pin: str | None
) -> "RecoverReport":
    from cbt_station.delivery.recover import recover_second
    from cbt_station.verify.session import read_trust

    if second is None or key is None:
        raise typer.BadParameter("DATA | --second --key")
    trust = read_trust(folder(session), pin) if session else None
    (keys,) = open_keys([key])
    return recover_second(second, keys.require_identity(), trust)


def abort(
    session: Session,
    second: Annotated[Path, typer.Option(help="the place with the second copy: a stick, another disk")],
    venue_key: Annotated[Path, typer.Option(help="the venue's key file")],
    sitting: Annotated[str, typer.Option(help="the sitting, as `recover` tells it")],
    cause: Annotated[str, typer.Option(help="why it cannot go on, in words")],
    proctor_key: Annotated[
        list[Path] | None, typer.Option(help="two proctors' key files (test mode: may be none)")
    ] = None,
    tree: Annotated[
        Path | None, typer.Option(help="the tree that leaves the venue; else the one beside the copy")
    ] = None,
    pin: Annotated[str | None, typer.Option(help="id of the first trust list, as it was printed")] = None,
    as_json: AsJson = False,
) -> None:
    """Seal a sitting that cannot go on from its second copy, without a result. Nobody goes on with it afterwards."""
    from cbt_station import __version__
    from cbt_station.delivery.aborting import abort_sitting
    from cbt_station.delivery.session_folder import open_session
    from cbt_station.delivery.unlocking import open_venue_key

    opened = open_session(session, pinned=pin, version=__version__)
    key = open_venue_key(opened, read(venue_key, 1 << 16), passphrase(venue_key.name))
    proctors = [keys.require_signing() for keys in open_keys(proctor_key or [])]
    aborted = abort_sitting(opened, key, proctors, sitting, second, tree or second / "tree", cause, now())
    say("cli.aborted", sitting=sitting, size=aborted.body.size)
    give(as_json, aborted=aborted.id, sitting=sitting, size=aborted.body.size, sealed=aborted.body.sealed)
