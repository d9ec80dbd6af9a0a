"""`committee`: the committee's bank workshop."""

from pathlib import Path
from typing import Annotated

import typer

from cbt_station.cli.console import words
from cbt_station.errors import Trouble


def register(app: typer.Typer) -> None:
    """Hang the command into the application."""
    app.command("committee")(committee)


def committee(
    bank: Annotated[
        Path | None, typer.Argument(help="the bank's folder; else one is chosen in the window")
    ] = None,
    by: Annotated[
        str, typer.Option("--by", envvar="CBT_BY", help="who works here: stands in versions and votes")
    ] = "",
) -> None:
    """The bank workshop's window: write, preview, review, import and export questions."""
    from cbt_station.screens.application import window_refused
    from cbt_station.screens.committee import run
    from cbt_station.screens.committee.memory import state_folder

    if reason := window_refused():
        raise Trouble("screen-missing", where=reason)

    raise typer.Exit(run(bank, by=by, language=words().lang, memory=state_folder()))
