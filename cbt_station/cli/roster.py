"""`roster template`, `roster check`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cbt_station.cli.console import AsJson, give, plain, read, read_toml, say, words, write_new
from cbt_station.errors import Refusal

if TYPE_CHECKING:
    from cbt_station.assembly.roster_sheet import SheetFault, SheetRow
    from cbt_station.exam.blueprint import Blueprint


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

    write_new(file, write_template(file.suffix.lower()))
    give(as_json, template=str(file))


def check(
    file: Annotated[Path, typer.Argument(help=".csv, .xlsx or .ods")],
    blueprint: Annotated[
        Path | None, typer.Option(help="check categories and accommodations against it")
    ] = None,
    plan: Annotated[Path | None, typer.Option(help="session.toml: check positions against it")] = None,
    as_json: AsJson = False,
) -> None:
    """Every fault of a roster, with its row."""
    from cbt_station.banks.blueprint_file import read_blueprint
    from cbt_station.cli.session import SessionDraft

    specification = read_blueprint(blueprint) if blueprint else None
    positions = [position.id for position in read_toml(plan, SessionDraft).positions] if plan else []
    rows, faults = faults_in(file, specification, positions)
    require_no_faults(file, faults)
    say("cli.roster_good", count=len(rows))
    give(as_json, candidates=len(rows), faults=[])


def faults_in(
    file: Path, blueprint: "Blueprint | None", positions: list[str]
) -> "tuple[list[SheetRow], list[SheetFault]]":
    """A sheet's rows and every fault that can be known of them."""
    from cbt_station.assembly.roster_sheet import check_rows, read_rows
    from cbt_station.banks.workbook import MOST_SHEET

    rows, faults = read_rows(read(file, MOST_SHEET), file.suffix.lower())
    categories = tuple(blueprint.thresholds) if blueprint else ()
    timed = [extra.accommodation for extra in blueprint.extra_time] if blueprint else []
    return rows, faults + check_rows(rows, categories, positions, timed)


def require_no_faults(file: Path, faults: "list[SheetFault]") -> None:
    """Print every fault with its place and refuse, if there is one."""
    told = [
        {
            "row": fault.row,
            "column": fault.column,
            "code": fault.code,
            "reason": fault.sentence(words()),
        }
        for fault in sorted(faults, key=lambda fault: (fault.row, fault.column))
    ]
    for fault in told:
        typer.echo(
            f"{plain(file)}:{fault['row']} {plain(fault['column'])}: {plain(fault['reason'])}", err=True
        )
    if told:
        raise Refusal("roster-faulty", where=str(file), count=len(told), faults=told)
