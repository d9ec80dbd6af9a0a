"""The command line's frame: only the module of the command that was called is loaded."""

import importlib
import sys
import traceback
from typing import Annotated

import click
import typer

from cbt_station import __version__
from cbt_station.cli import console
from cbt_station.errors import Failure

MODULES = {
    "demo": "demo",
    "doctor": "doctor",
    "keys": "keys",
    "trust": "keys",
    "bank": "bank",
    "roster": "roster",
    "seal": "session",
    "draw": "session",
    "release": "session",
    "station": "station",
    "drive": "station",
    "recover": "station",
    "close": "closing",
    "sync": "syncing",
    "server": "server",
    "results": "results",
    "verify": "verify",
}
BUG = 70
INTERRUPTED = 130


def make_app(command: str | None) -> typer.Typer:
    """The application with the module of one command, or with all of them (for help)."""
    app = typer.Typer(
        no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, name="cbt-station"
    )

    @app.callback()
    def root(
        lang: Annotated[str, typer.Option(envvar="CBT_LANG", help="id or en")] = "id",
        version: Annotated[bool, typer.Option("--version", is_eager=True, callback=_show_version)] = False,  # noqa: ARG001 (handled by its callback)
    ) -> None:
        """Sealed exams, durable answers, results that anybody can check."""
        console.choose_language(lang)

    chosen = [MODULES[command]] if command in MODULES else list(dict.fromkeys(MODULES.values()))
    for name in chosen:
        importlib.import_module(f"cbt_station.cli.{name}").register(app)
    return app


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


def run(argv: list[str] | None = None) -> None:
    """Run one command and leave with its exit code."""
    arguments = sys.argv[1:] if argv is None else argv
    command = next((word for word in arguments if word in MODULES), None)
    as_json = "--json" in arguments
    try:
        code = make_app(command)(arguments, standalone_mode=False)
    except Failure as failure:
        sys.exit(console.fail(failure, as_json))
    except click.UsageError as error:
        error.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(INTERRUPTED)
    except Exception:  # noqa: BLE001 (the last resort: a bug of ours, told loudly and with a report to send)
        typer.echo(traceback.format_exc(), err=True)
        console.say("cli.bug", version=__version__)
        sys.exit(BUG)
    sys.exit(code if isinstance(code, int) else 0)
