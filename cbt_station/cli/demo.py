"""`demo`: one whole session on this machine, from bank to verified score sheets."""

import datetime as dt
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from cbt_station.cli.console import AsJson, give, say, words


def register(app: typer.Typer) -> None:
    """Hang the command into the application."""
    app.command("demo")(demo)


def demo(
    headless: Annotated[bool, typer.Option("--headless", help="robots at the window, offscreen")] = False,
    out: Annotated[
        Path | None, typer.Option(help="an empty folder; a fresh temporary one if not given")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="another seed, other candidates and answers")] = 1,
    candidates: Annotated[int, typer.Option(min=1, max=200)] = 3,
    screenshots: Annotated[
        Path | None, typer.Option(help="where pictures go; DIR/pictures if not given")
    ] = None,
    bank: Annotated[Path | None, typer.Option(help="a bank's folder, or a file to import")] = None,
    blueprint: Annotated[Path | None, typer.Option(help="a blueprint; the bank's first if not given")] = None,
    short: Annotated[
        bool | None, typer.Option("--short/--full", help="a short form, or the whole exam")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Play a whole session: bank, keys, sealing, draw, sittings, closing, centre, results, sheets, and the public's check."""
    from cbt_station.rehearsal.demo import DemoOptions, run_demo
    from cbt_station.screens.station.application import has_screen
    from cbt_station.travelling import travelling

    if not headless and not has_screen():
        say("demo.no_screen")
        headless = True
    folder = out or Path(tempfile.mkdtemp(prefix="cbt-station-demo-"))
    source = bank or travelling("question_banks") / "skd-id"
    if not headless and short is None:
        short = typer.confirm(words()("demo.ask_short"), default=True)
    if blueprint is None and bank is None:
        blueprint = source / "blueprints" / ("skd-short.yaml" if short else "skd-2024.yaml")
    evening = run_demo(
        DemoOptions(
            out=folder,
            bank=source,
            blueprint=blueprint,
            candidates=candidates,
            seed=seed,
            lang=words().lang,
            pictures=screenshots or folder / "pictures",
            in_person=not headless,
        ),
        dt.datetime.now().astimezone(),
        say,
        bar,
    )
    say("demo.verified", true=evening.verified)
    for name in evening.not_true:
        say("demo.not_true", name=name)
    give(
        as_json,
        folder=str(folder),
        sheets=[str(sheet) for sheet in evening.sheets],
        pictures=str(screenshots or folder / "pictures"),
        verified=evening.verified,
        not_true=list(evening.not_true),
    )
    raise typer.Exit(3 if evening.not_true else 0)


@contextmanager
def bar(key: str, total: int) -> Iterator[Callable[[], None]]:
    """A bar on standard error; a line at the end where that is no terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(file=sys.stderr), transient=False) as progress:
        task = progress.add_task(words()(key), total=total)
        yield lambda: progress.advance(task)
