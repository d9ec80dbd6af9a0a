"""`sync`: a tree of sealed results to a stick, a folder or the centre, and the receipts back."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cbt_station.cli.console import AsJson, explain, folder, give, say
from cbt_station.errors import Failure, Refusal

if TYPE_CHECKING:
    from cbt_station.sealing.trust import Trust
    from cbt_station.sync.copying import Progress
    from cbt_station.sync.report import Kept


def register(app: typer.Typer) -> None:
    """Hang the command into the application."""
    app.command("sync")(sync)


def sync(
    tree: Annotated[Path, typer.Argument(help="the tree: a folder with notes/, sealed/ and proofs/")],
    to: Annotated[str, typer.Option(help="a folder that is there, such as a stick's, or https://…")],
    trust: Annotated[
        Path | None,
        typer.Option(help="the folder with trust-1.note …: receipts are verified before they are kept"),
    ] = None,
    pin: Annotated[str | None, typer.Option(help="id of the first trust list, as it was printed")] = None,
    as_json: AsJson = False,
) -> None:
    """Send what is missing; safe to repeat, to interrupt, and to run twice at once."""
    from cbt_station.sync.copying import sync_to_folder
    from cbt_station.sync.upload import sync_to_url

    trusted = _trust(trust, pin)
    with _progress() as progress:
        if to.startswith(("http://", "https://")):
            report = sync_to_url(tree, to, trusted, progress)
        elif "://" in to:
            raise Refusal("url-malformed", where=to[:200])
        else:
            report = sync_to_folder(tree, Path(to), trusted, progress)
    for one in (*report.twins, *report.failed):
        _tell(one)
    for name in report.strangers:
        say("sync.stranger", name=name)
    if report.unproven:
        say("sync.unproven", count=report.unproven)
    report.require_clean()
    say("sync.done", sent=report.sent, already=report.already, receipts=report.receipts)
    give(
        as_json, sent=report.sent, already=report.already, receipts=report.receipts, unproven=report.unproven
    )


def _trust(given: Path | None, pin: str | None) -> "Trust | None":
    if given is None:
        return None
    from cbt_station.verify.session import read_trust

    return read_trust(folder(given), pin)


def _tell(one: "Kept") -> None:
    from cbt_station.sync.report import raise_again

    try:
        raise_again(one)
    except Failure as failure:
        typer.echo(explain(failure), err=True)


@contextmanager
def _progress() -> "Iterator[Progress]":
    """A bar on a person's terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _done, _all: None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("sync", total=None)
        yield lambda done, every: bar.update(task, completed=done, total=every)
