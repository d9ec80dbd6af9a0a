"""`demo`: one whole session on this machine, from bank to verified score sheets."""

import datetime as dt
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from cbt_station.cli.console import AsJson, give, program, say, words


def register(app: typer.Typer) -> None:
    """Hang the command into the application."""
    app.command("demo")(demo)


def demo(
    headless: Annotated[bool, typer.Option("--headless", help="robots at the window, offscreen")] = False,
    out: Annotated[
        Path | None, typer.Option(help="an empty folder; a fresh temporary one if not given")
    ] = None,
    seed: Annotated[
        int,
        typer.Option(min=0, max=(1 << 64) - 1, help="the same seed: the same people, forms, answers, scores"),
    ] = 1,
    candidates: Annotated[int, typer.Option(min=1, max=200)] = 3,
    screenshots: Annotated[
        Path | None, typer.Option(help="where pictures go; DIR/pictures if not given")
    ] = None,
    bank: Annotated[Path | None, typer.Option(help="a bank's folder, or a file to import")] = None,
    blueprint: Annotated[Path | None, typer.Option(help="a blueprint; the bank's first if not given")] = None,
    short: Annotated[
        bool | None, typer.Option("--short/--full", help="a bank's short form, or the whole exam")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Play a whole session: bank, keys, sealing, draw, sittings, closing, centre, results, sheets, and the public's check."""
    from cbt_station.rehearsal.demo import DemoOptions, run_demo
    from cbt_station.rehearsal.story import tell_story
    from cbt_station.travelling import travelling

    in_person = not headless and _person_can_sit()
    source = bank or travelling("question_banks") / "skd-id"
    folder = out or Path(tempfile.mkdtemp(prefix="cbt-station-demo-"))
    evening = run_demo(
        DemoOptions(
            out=folder,
            bank=source,
            blueprint=blueprint or _chosen(source, short, in_person),
            candidates=candidates,
            seed=seed,
            lang=words().lang,
            pictures=screenshots or folder / "pictures",
            in_person=in_person,
        ),
        dt.datetime.now().astimezone(),
        say,
        bar,
        lambda: typer.confirm(words()("demo.ask_again"), default=True, err=True),
    )
    say("demo.verified", true=evening.verified)
    for name in evening.not_true:
        say("demo.not_true", name=name)
    if evening.story is not None:
        tell_story(evening.story, say, program())
    give(
        as_json,
        folder=str(folder),
        sheets=[str(sheet) for sheet in evening.sheets],
        pictures=str(screenshots or folder / "pictures"),
        verified=evening.verified,
        not_true=list(evening.not_true),
        imported=evening.imported,
        first=evening.story.facts() if evening.story else {},
    )
    raise typer.Exit(3 if evening.not_true else 0)


def _person_can_sit() -> bool:
    """Whether a window opens here; where none does, that is said, and robots take every seat."""
    from cbt_station.screens.application import has_screen, window_refused

    if not has_screen():
        say("demo.no_screen")
        return False
    if reason := window_refused():
        say("demo.no_window", reason=reason, program=program())
        return False
    return True


def _chosen(source: Path, short: bool | None, in_person: bool) -> Path | None:
    """The blueprint of a native bank that was asked for; a person who named none is asked. None: whatever it has."""
    from cbt_station.banks.blueprint_file import read_blueprint
    from cbt_station.rehearsal.demo import first_blueprint

    if not (source / "bank.yaml").is_file():
        return None
    whole, brief = first_blueprint(source), first_blueprint(source, short=True)
    if short is None and in_person and brief != whole and sys.stdin.isatty():
        plan = read_blueprint(brief)
        items = sum(cell.count for section in plan.sections for cell in section.cells)
        asked = words()("demo.ask_short", items=items, minutes=plan.allotted_ms // 60_000)
        short = typer.confirm(asked, default=True, err=True)
    return brief if short else whole


@contextmanager
def bar(key: str, total: int) -> Iterator[Callable[[], None]]:
    """A bar on standard error; where that is no terminal, a line at the end of what took more than a second."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    caption, begun = words()(key), time.monotonic()
    if not sys.stderr.isatty():
        yield lambda: None
        if (took := time.monotonic() - begun) > 1:
            typer.echo(f"{caption}: {total} ({took:.0f} s)", err=True)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(file=sys.stderr), transient=True) as progress:
        task = progress.add_task(caption, total=total)
        yield lambda: progress.advance(task)
