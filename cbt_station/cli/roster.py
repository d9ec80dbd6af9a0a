"""`roster template`, `roster check`."""

from pathlib import Path
from typing import Annotated

import typer

from cbt_station.cli.console import AsJson, give, read, say, words
from cbt_station.errors import Refusal


def register(app: typer.Typer) -> None:
    """Hang the commands into the application."""
    roster = typer.Typer(
        no_args_is_help=True, help="The candidates of a session, from a sheet that people fill."
    )
    roster.command("template")(template)
    roster.command("check")(check)
    app.add_typer(roster, name="roster")


def template(file: Annotated[Path, typer.Argument(help=".csv or .xlsx")], as_json: AsJson = False) -> None:
    """Write a sheet for people to fill, with one example row."""
    from cbt_station.assembly.roster_sheet import write_template
    from cbt_station.storage.files import write_durably

    if file.exists():
        raise Refusal("file-exists", where=str(file))
    write_durably(file, write_template(file.suffix.lower()))
    give(as_json, template=str(file))


def check(
    file: Annotated[Path, typer.Argument()],
    blueprint: Annotated[Path | None, typer.Option(help="check categories against its thresholds")] = None,
    as_json: AsJson = False,
) -> None:
    """Every fault of a roster, with its row."""
    from cbt_station.assembly.roster_sheet import check_rows, read_rows
    from cbt_station.banks.blueprint_file import read_blueprint

    categories = tuple(read_blueprint(blueprint).thresholds) if blueprint else ()
    rows, faults = read_rows(read(file), file.suffix.lower())
    faults += check_rows(rows, categories)
    listed = [
        {
            "row": fault.row,
            "column": fault.column,
            "code": fault.code,
            "reason": words()(f"error.{fault.code}", **fault.facts),
        }
        for fault in faults
    ]
    for entry in listed:
        typer.echo(f"{file}: {entry['row']} {entry['column']}: {entry['reason']}", err=True)
    if listed:
        raise Refusal("roster-faulty", where=str(file), count=len(listed))
    say("cli.roster_good", count=len(rows))
    give(as_json, candidates=len(rows), faults=[])
