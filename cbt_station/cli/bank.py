"""`bank check`, `bank import`, `bank export`, `bank template`."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cbt_station.cli.console import AsJson, give, plain, say, words, write_new
from cbt_station.errors import Refusal

if TYPE_CHECKING:
    from cbt_station.banks.foreign import Remark


def register(app: typer.Typer) -> None:
    """Hang the commands into the application."""
    bank = typer.Typer(no_args_is_help=True, help="Question banks in and out.")
    bank.command("check")(check)
    bank.command("import")(import_)
    bank.command("export")(export)
    bank.command("template")(template)
    app.add_typer(bank, name="bank")


def check(folder: Annotated[Path, typer.Argument()], as_json: AsJson = False) -> None:
    """Every fault of a bank with file, line and reason; then what a committee should look at (lints)."""
    from cbt_station.banks.compiling import compile_bank
    from cbt_station.banks.lint import lints
    from cbt_station.banks.native import faults, read_bank
    from cbt_station.banks.workshop.standing import standing

    found = [
        {"file": fault.file, "line": fault.line, "code": fault.code, "reason": fault.sentence(words())}
        for fault in faults(folder)
    ]
    for fault in found:
        typer.echo(f"{plain(fault['file'])}:{fault['line']}: {plain(fault['reason'])}", err=True)
    if found:
        first = f"{found[0]['file']}:{found[0]['line']}"
        raise Refusal("bank-faulty", where=str(folder), count=len(found), first=first, faults=found)
    bank = read_bank(folder)
    compiled = compile_bank(bank)
    warnings = [lint.sentence(words()) for lint in lints(bank)]
    reviewed = standing(folder)
    if reviewed:
        warnings += [f"{plain(fault.place)}: {plain(fault.sentence(words()))}" for fault in reviewed.faults]
        warnings += [lint.sentence(words()) for lint in reviewed.lints]
    for warning in warnings:
        typer.echo(warning, err=True)
    if reviewed:
        say("cli.bank_states", **reviewed.counts)
    say("cli.bank_good", items=len(compiled.items), edition=compiled.edition[:16])
    states = {"states": reviewed.counts} if reviewed else {}
    give(as_json, items=len(compiled.items), edition=compiled.edition, faults=[], lints=warnings, **states)


def import_(
    source: Annotated[Path, typer.Argument(help="a file or folder in any supported format")],
    target: Annotated[Path, typer.Argument(help="the new bank's folder")],
    as_json: AsJson = False,
) -> None:
    """Any supported format into a native bank; each question ends as exact, lossy or refused."""
    import msgspec

    from cbt_station.banks.import_report import REPORT
    from cbt_station.banks.importing import import_bank

    report = import_bank(source, target, lang=words().lang)
    _tell(((question.place, question.reasons) for question in report.questions), report.losses)
    say("cli.imported", **report.counts)
    if (target / REPORT).is_file():  # a package of ours comes back as the bank that it was, and no file more
        say("cli.import_report", file=target / REPORT)
    give(
        as_json,
        counts=report.counts,
        questions=msgspec.to_builtins(report.questions) if as_json else (),
        losses=msgspec.to_builtins(report.losses) if as_json else (),
    )


def export(
    folder: Annotated[Path, typer.Argument(help="the bank's folder")],
    target: Annotated[Path, typer.Argument(help="a new file")],
    to: Annotated[str, typer.Option("--to", help="qti3, xlsx or booklet")],
    language: Annotated[
        str | None, typer.Option("--language", help="one of the bank's, where a format can carry one alone")
    ] = None,
    key: Annotated[bool, typer.Option("--key", help="the booklet with its key at the end")] = False,
    as_json: AsJson = False,
) -> None:
    """A bank in another format, or as a printed booklet; each item ends as exact, lossy or refused."""
    import msgspec

    from cbt_station.banks.exporting import export_bank

    data, report = export_bank(folder, to, language, lang=words().lang, key=key)
    write_new(target, data)
    _tell(((item.item, item.reasons) for item in report.items), report.losses)
    say("cli.exported", **report.counts)
    give(
        as_json,
        file=str(target),
        counts=report.counts,
        items=msgspec.to_builtins(report.items) if as_json else (),
        losses=msgspec.to_builtins(report.losses) if as_json else (),
    )


def _tell(of: Iterable[tuple[str, Sequence["Remark"]]], whole: Sequence["Remark"]) -> None:
    """What was lost or refused, each with its place; then what was lost of the whole."""
    for place, reasons in of:
        for reason in reasons:
            typer.echo(f"{plain(place)}: {plain(reason.sentence(words()))}", err=True)
    for loss in whole:
        typer.echo(plain(loss.sentence(words())), err=True)


def template(
    file: Annotated[Path, typer.Argument(help=".xlsx or .csv, a new file")], as_json: AsJson = False
) -> None:
    """A sheet of questions for people to fill, with an example of each kind; `bank import` takes it back."""
    from cbt_station.banks.sheet_template import write_template

    write_new(file, write_template(file.suffix.lower()))
    give(as_json, template=str(file))
