"""`station` (the candidate's window), `drive` (the same without a screen), `recover`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from cbt_station.cli.console import AsJson, give, passphrase, read, words
from cbt_station.cli.directly import Start, score_with, show_window

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
    )
    raise typer.Exit(run_drive(sys.stdin, sys.stdout, options, clock=SystemClock(), score_with=score_with))


def recover(
    data: Annotated[Path, typer.Argument(help="a station's data folder")],
    second: Second = None,
    as_json: AsJson = False,
) -> None:
    """What a station's data folder holds: state, answers, time left, head, the level proven for each answer."""
    import json

    import msgspec

    from cbt_station.delivery.recover import recover as look

    report = look(data, second)
    if as_json:
        typer.echo(json.dumps({"ok": True, **msgspec.to_builtins(report)}, ensure_ascii=False))
        return
    give(
        False,
        state=report.state,
        number=report.number,
        answers=len(report.answers),
        left_ms=report.left_ms,
        head=report.head,
        result=report.result,
        slip=report.slip,
    )
