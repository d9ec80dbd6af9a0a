"""`verify`: a sheet, a note, a receipt, a result, a tree, or a whole published session, in numbered steps."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from cbt_station.cli.console import AsJson, folder, give, plain, read, say, words
from cbt_station.errors import Failure, Trouble
from cbt_station.sealing.trust import Trust
from cbt_station.verify.steps import Step, Verdict

MARKS = {"true": "✓", "false": "✗", "refused": "✗", "not-checkable": "?"}
EXITS = {"false": 3, "refused": 1, "not-checkable": 4, "true": 0}
"""The exit code of each verdict, the worst first."""


def register(app: typer.Typer) -> None:
    """Hang the command into the application."""
    app.command("verify")(verify)


def verify(
    paths: Annotated[
        list[Path], typer.Argument(help="sheets, notes, proofs, results, trees, session folders")
    ],
    trust: Annotated[
        Path | None,
        typer.Option(envvar="CBT_TRUST", help="trust-1.note, or the folder with the chain of lists"),
    ] = None,
    pin: Annotated[
        str | None,
        typer.Option(envvar="CBT_PIN", help="id of the first trust list, as it was printed at installation"),
    ] = None,
    session: Annotated[
        Path | None,
        typer.Option(help="the session's folder, to check results against; else one among what is checked"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check from the outside what the rooms checked inside.

    Trust never comes from what is checked: without --trust or --pin nothing is checkable.
    """
    from cbt_station.verify.anything import check_path_files

    trusted = _trust(trust, pin, [place for place in (session, *paths) if place and place.is_dir()])
    found = session or next((path for path in paths if path.is_dir() and _is_session(path)), None)
    known = folder(found) if found else None
    every: list[Step] = []
    verdicts: list[Verdict] = []
    for path in paths:
        files: Mapping[str, bytes] = folder(path) if path.is_dir() else {path.name: read(path)}
        try:
            # A session that was not asked for is not told again before every sheet.
            alone = path == found or (session is None and path.suffix == ".pdf")
            steps = check_path_files(files, trusted, None if alone else known)
        except Failure as failure:
            raise failure.at(str(path)) from failure
        typer.echo(plain(path), err=True)
        for step in steps.done:
            _show(step)
        every += steps.done
        verdicts.append(steps.verdict)
    verdict = min(verdicts, key=list(EXITS).index)
    say(f"verify.verdict.{verdict}" if trusted else "verify.no_trust")
    first = trusted.chain[0][1].id if trusted else ""
    give(
        as_json,
        verdict=verdict,
        trust=first,
        **({"steps": [_as_row(step) for step in every]} if as_json else {}),
    )
    raise typer.Exit(EXITS[verdict])


def _is_session(path: Path) -> bool:
    return any(path.glob("exam-*.note"))


def _trust(given: Path | None, pin: str | None, places: list[Path]) -> Trust | None:
    """The chain from the list that was given or pinned; None means "not checkable".

    Later lists may lie anywhere: each is signed by a quorum of the roots before it.
    """
    from cbt_station.artefacts import names
    from cbt_station.sealing.notes import parse_note
    from cbt_station.sealing.trust import MOST_BYTES, open_trust

    if given is None and pin is None:
        return None
    folders = [folder(place) for place in ([given] if given and given.is_dir() else []) + places]
    chain: list[bytes] = []
    if given is not None and not given.is_dir():
        chain.append(read(given, MOST_BYTES))
        pin = pin or parse_note(chain[0], most_bytes=MOST_BYTES).id
    while (found := _list_named(names.trust(len(chain) + 1), given, folders)) is not None:
        chain.append(found)
    if not chain:
        raise Trouble("trust-missing")
    return open_trust(chain, pin)


def _list_named(name: str, given: Path | None, folders: list[Mapping[str, bytes]]) -> bytes | None:
    """A trust list beside the one that was given, or in one of the folders."""
    if given is not None and not given.is_dir() and (given.parent / name).is_file():
        return read(given.parent / name)
    return next((files[name] for files in folders if name in files), None)


def _show(step: Step) -> None:
    sentence = words()(f"verify.{step.name}")
    line = f"  {MARKS[step.verdict]} {step.number}. {sentence}: {plain(step.subject)}"
    if step.code:
        where, facts = plain(step.where), {name: plain(fact) for name, fact in step.facts.items()}
        reason = words()(f"error.{step.code}", **{"where": where, **facts})
        line += f"\n      {where + ': ' if where else ''}{reason}"
    typer.echo(line, err=True)


def _as_row(step: Step) -> dict[str, object]:
    return {
        "number": step.number,
        "name": step.name,
        "subject": step.subject,
        "verdict": step.verdict,
        "code": step.code,
        "where": step.where,
        "optional": step.optional,
    }
