"""The command line's frame: only the module of the command that was called is loaded.

Whatever happens, `run` leaves with one of the exit codes that `docs/commands.md` promises, and with `--json` the last
line on standard output is one JSON object.
"""

import importlib
import io
import sys
import traceback
from typing import Annotated

import typer

from cbt_station import __version__
from cbt_station.cli import console
from cbt_station.errors import Failure
from cbt_station.words import LANGUAGES

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
    "abort": "station",
    "committee": "committee",
    "close": "closing",
    "sync": "syncing",
    "server": "server",
    "results": "results",
    "verify": "verify",
}
INTERRUPTED = 130


def make_app(command: str | None) -> typer.Typer:
    """The application with the module of one command, or with all of them (for help)."""
    app = typer.Typer(
        no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, name="cbt-station"
    )

    @app.callback()
    def root(
        lang: Annotated[str, typer.Option(envvar="CBT_LANG", help=" or ".join(LANGUAGES))] = LANGUAGES[0],
        version: Annotated[bool, typer.Option("--version", is_eager=True, callback=_show_version)] = False,  # noqa: ARG001 (handled by its callback)
    ) -> None:
        """Sealed exams, durable answers, results that anybody can check."""
        if lang not in LANGUAGES:
            raise typer.BadParameter(", ".join(LANGUAGES), param_hint="--lang")
        console.choose_language(lang)

    wanted = [MODULES[command]] if command in MODULES else list(dict.fromkeys(MODULES.values()))
    for name in wanted:
        importlib.import_module(f"cbt_station.cli.{name}").register(app)
    return app


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


def run(argv: list[str] | None = None, early: BaseException | None = None) -> None:
    """Run one command and leave with its exit code; `early` is how it ended where it ran already (`directly`)."""
    arguments = sys.argv[1:] if argv is None else argv
    if isinstance(sys.stdout, io.TextIOWrapper):  # a file's name may hold what no terminal can show
        sys.stdout.reconfigure(errors="backslashreplace")
    as_json = "--json" in arguments
    if "--version" in arguments[:1]:  # asked by programs: nothing needs to be loaded for it
        typer.echo(__version__)
        sys.exit(0)
    if arguments[:1] == ["--lang"] and arguments[1:2] and arguments[1] in LANGUAGES:
        console.choose_language(arguments[1])  # before a command that there is not can be told of
    try:
        if early is not None:
            raise early
        code = make_app(_command_in(arguments))(arguments, standalone_mode=False)
    except Failure as failure:
        code = console.fail(failure, as_json)
    except typer.TyperException as error:
        code = console.misused(error, as_json)
    except (typer.Abort, KeyboardInterrupt):
        code = INTERRUPTED
    except BrokenPipeError:  # `| head` has seen enough
        sys.stdout = None
        code = 0
    except Exception:  # noqa: BLE001 (the last resort: a bug of ours, told loudly and with a report to send)
        typer.echo(traceback.format_exc(), err=True)
        code = console.tell_bug(as_json)
    sys.exit(code if isinstance(code, int) else 0)


def _command_in(arguments: list[str]) -> str | None:
    """The first word that is not an option (nor the language): what is asked for."""
    words = iter(arguments)
    for word in words:
        if word == "--lang":
            next(words, None)
        elif not word.startswith("-"):
            return word
    return None
