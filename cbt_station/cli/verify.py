"""`verify`: a sheet, a note, a receipt, a result, a tree, or a whole published session, in numbered steps."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from cbt_station.cli.console import AsJson, folder, give, read, words
from cbt_station.errors import Trouble
from cbt_station.sealing.trust import Trust
from cbt_station.verify.steps import Step

MARKS = {"true": "✓", "false": "✗", "refused": "✗", "not-checkable": "?"}
EXITS = {"true": 0, "refused": 1, "false": 3, "not-checkable": 4}


def register(app: typer.Typer) -> None:
    """Hang the command into the application."""
    app.command("verify")(verify)


def verify(
    paths: Annotated[
        list[Path], typer.Argument(help="sheets, notes, proofs, results, trees, session folders")
    ],
    trust: Annotated[
        Path | None, typer.Option(help="trust-1.note, or the folder with the chain of lists")
    ] = None,
    pin: Annotated[str | None, typer.Option(help="id of the first trust list, as it was printed")] = None,
    session: Annotated[
        Path | None, typer.Option(help="the session's folder, to check results against")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check from the outside what the rooms checked inside. Trust comes from the trust list, never from the artefact."""
    from cbt_station.verify.anything import check_path_files

    trusted = _trust(trust, pin, session, paths)
    known = folder(session) if session else None
    every: list[Step] = []
    worst = 0
    for path in paths:
        files: Mapping[str, bytes] = folder(path) if path.is_dir() else {path.name: read(path)}
        steps = check_path_files(files, trusted, known)
        typer.echo(str(path), err=True)
        for step in steps.done:
            _show(step)
        every += steps.done
        worst = max(worst, EXITS[steps.verdict], key=[0, 4, 1, 3].index)
    verdict = next(name for name, code in EXITS.items() if code == worst)
    typer.echo(words()(f"verify.verdict.{verdict}"), err=True)
    give(as_json, verdict=verdict, **({"steps": [_as_row(step) for step in every]} if as_json else {}))
    raise typer.Exit(worst)


def _trust(given: Path | None, pin: str | None, session: Path | None, paths: list[Path]) -> Trust | None:
    """The trust list that was given, else the one of the session's folder; none means "not checkable"."""
    from cbt_station.sealing.trust import open_trust
    from cbt_station.verify.session import read_trust

    if given is not None and given.is_file():
        return open_trust([read(given)], pin)
    for place in (given, session, *(path for path in paths if path.is_dir())):
        if place is None:
            continue
        try:
            return read_trust(folder(place), pin)
        except Trouble:
            continue
    return None


def _show(step: Step) -> None:
    sentence = words()(f"verify.{step.name}")
    line = f"  {MARKS[step.verdict]} {step.number}. {sentence}: {step.subject}"
    if step.code:
        reason = words()(f"error.{step.code}", **step.facts)
        line += f"\n      {step.where + ': ' if step.where else ''}{reason}"
    typer.echo(line, err=True)


def _as_row(step: Step) -> dict[str, object]:
    return {
        "number": step.number,
        "name": step.name,
        "subject": step.subject,
        "verdict": step.verdict,
        "code": step.code,
        "where": step.where,
    }
