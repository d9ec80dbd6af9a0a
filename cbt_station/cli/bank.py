"""`bank check`, `bank import`, `bank export`."""

from pathlib import Path
from typing import Annotated

import typer

from cbt_station.cli.console import AsJson, give, say, words
from cbt_station.errors import Refusal


def register(app: typer.Typer) -> None:
    """Hang the commands into the application."""
    bank = typer.Typer(no_args_is_help=True, help="Question banks in and out.")
    bank.command("check")(check)
    bank.command("import")(import_)
    app.add_typer(bank, name="bank")


def check(folder: Annotated[Path, typer.Argument()], as_json: AsJson = False) -> None:
    """Every fault of a bank with file, line and reason; then what a committee should look at (lints)."""
    from cbt_station.banks.compiling import compile_bank
    from cbt_station.banks.lint import lints
    from cbt_station.banks.native import faults, read_bank

    found = faults(folder)
    listed = [
        {
            "file": fault.file,
            "line": fault.line,
            "code": fault.code,
            "reason": words()(f"error.{fault.code}", **dict(fault.facts)),
        }
        for fault in found
    ]
    for entry in listed:
        typer.echo(f"{entry['file']}:{entry['line']}: {entry['reason']}", err=True)
    if found:
        raise Refusal("bank-faulty", where=str(folder), count=len(found), faults=listed)
    bank = read_bank(folder)
    compiled = compile_bank(bank)
    warnings = [str(lint) for lint in lints(bank)]
    for warning in warnings:
        typer.echo(warning, err=True)
    say("cli.bank_good", items=len(compiled.items), edition=compiled.edition[:16])
    give(as_json, items=len(compiled.items), edition=compiled.edition, faults=[], lints=warnings)


def import_(
    source: Annotated[Path, typer.Argument()],
    target: Annotated[Path, typer.Argument()],
    as_json: AsJson = False,
) -> None:
    """Any supported format into a native bank; each question ends as exact, lossy or refused."""
    from cbt_station.banks.importing import import_bank

    report = import_bank(source, target)
    say("cli.imported", **report.counts)
    give(as_json, counts=report.counts, questions=report.as_rows())
