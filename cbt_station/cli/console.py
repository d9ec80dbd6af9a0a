"""What every command shares: the language, one JSON object at the end, failures in words, passphrases."""

import datetime as dt
import getpass
import json
import os
import re
import shlex
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, TypeVar

import typer

from cbt_station import __version__
from cbt_station.errors import Failure, Refusal, Trouble
from cbt_station.words import LANGUAGES, Words, words_in

if TYPE_CHECKING:
    from cbt_station.artefacts.key_file import Keys

T = TypeVar("T")
AsJson = Annotated[bool, typer.Option("--json", help="The last line on standard output is one JSON object.")]
_WORDS: Final = {
    "disk-full": "cli.disk_full",
    "disk-read-only": "cli.disk_read_only",
    "disk-failed": "cli.disk_failed",
}
"""Codes whose own sentence speaks to a candidate whose answer was not saved; here nobody sits."""
_SAID: Final = {
    r"No such command (.*)\.": "cli.usage_no_command",
    r"Got unexpected extra argument(?:\(s\)|s?) \((.*)\)": "cli.usage_extra",
}
"""What the command line's library says of wrong usage in words alone."""
_language = os.environ.get("CBT_LANG", "id")


def choose_language(lang: str) -> None:
    """The language of everything printed from now on ("id" or "en")."""
    global _language  # noqa: PLW0603 (one process, one command, one language)
    _language = lang


def words() -> Words:
    return words_in(_language)


def say(key: str, /, **facts: object) -> None:
    """Print a sentence for a person. On standard error, so that standard output stays for programs."""
    typer.echo(words()(key, **_plain_facts(facts)), err=True)


def plain(text: object) -> str:
    """Text from elsewhere (a stick's file names, a note) for a terminal: nothing in it acts, or begins a line of ours."""
    return "".join(ch if ch.isprintable() else ch.encode("unicode_escape").decode() for ch in str(text))


def _plain_facts(facts: Mapping[str, object]) -> dict[str, object]:
    return {name: plain(fact) if isinstance(fact, str | Path) else fact for name, fact in facts.items()}


def program() -> str:
    """The command that started this one, as a shell takes it: a line that we print can be pasted and runs."""
    name = Path(sys.argv[0])
    if name.name == "__main__.py" or not name.name.startswith("cbt-station"):
        started = [sys.executable, "-m", "cbt_station"]
    else:
        found = shutil.which(name.stem)
        started = [name.stem if found and Path(found).resolve() == name.resolve() else sys.argv[0]]
    asked = [] if _language == os.environ.get("CBT_LANG", LANGUAGES[0]) else ["--lang", _language]
    return shlex.join([*started, *asked])


def give(as_json: bool, **result: object) -> None:
    """The command's result: one JSON object, or a line a value for a person."""
    if as_json:
        _last_line({"ok": True, **result})
        return
    for name, value in result.items():
        if isinstance(value, list | tuple):
            for entry in value:
                typer.echo(f"{name}: {plain(entry)}")
        elif not isinstance(value, Mapping):
            typer.echo(f"{name}: {plain(value)}")


def explain(failure: Failure) -> str:
    """A failure in words: where, what happened, what to do."""
    where = plain(failure.where)
    key = _WORDS.get(failure.code, f"error.{failure.code}")
    sentence = words()(key, **{"where": where, **_plain_facts(failure.facts)})
    return f"{where}: {sentence}" if where and where not in sentence else sentence


def fail(failure: Failure, as_json: bool) -> int:
    """Tell of a failure; returns its exit code."""
    message = explain(failure)
    typer.echo(message, err=True)
    if as_json:
        shape = {
            "ok": False,
            "kind": failure.kind,
            "code": failure.code,
            "where": failure.where,
            "message": message,
        }
        _last_line({**shape, **{name: fact for name, fact in failure.facts.items() if name not in shape}})
    return failure.exit_code


def misused(error: typer.TyperException, as_json: bool) -> int:
    """Tell of wrong usage: how the command is written, and what was wrong; returns the exit code 2."""
    message = words()("cli.usage", reason=_reason(error))
    context = getattr(error, "ctx", None)
    if context is not None:
        typer.echo(context.get_usage().replace("Usage:", words()("cli.usage_line"), 1), err=True)
        typer.echo(words()("cli.usage_help", command=context.command_path), err=True)
    typer.echo(message, err=True)
    if as_json:
        _last_line({"ok": False, "kind": "usage", "code": "usage", "message": message})
    return 2


def _reason(error: typer.TyperException) -> str:
    """What is wrong, in our language where the command line's library says it by kind, else as it words it."""
    said, param = error.format_message(), getattr(error, "param", None)
    hint = param.get_error_hint() if param is not None else getattr(error, "param_hint", None)
    match type(error).__name__:
        case "MissingParameter" if hint:
            return words()("cli.usage_missing", name=hint)
        case "NoSuchOption":
            return words()("cli.usage_no_option", name=getattr(error, "option_name", ""))
        case "BadParameter" if hint:
            return words()("cli.usage_value", name=hint, reason=error.message)
    for pattern, key in _SAID.items():
        found = re.fullmatch(pattern, said)
        if found:
            return words()(key, name=found[1])
    return said


def tell_bug(as_json: bool) -> int:
    """Tell of a bug of ours, whose report was printed; returns the exit code 70."""
    message = words()("cli.bug", version=__version__)
    typer.echo(message, err=True)
    if as_json:
        _last_line({"ok": False, "kind": "bug", "code": "bug", "message": message})
    return 70


def _last_line(told: Mapping[str, object]) -> None:
    typer.echo(json.dumps(told, ensure_ascii=False, default=str))


def passphrase(what: str, *, new: bool = False) -> str:
    """A passphrase from CBT_PASSPHRASE, or typed (twice where it is new)."""
    given = os.environ.get("CBT_PASSPHRASE")
    if given is not None:
        return given
    if not sys.stdin.isatty():
        raise Refusal("passphrase-missing", where=what)
    try:
        typed = getpass.getpass(f"{what}: ")
        again = getpass.getpass(f"{what} ({words()('cli.again')}): ") if new else typed
    except EOFError as error:
        raise Refusal("passphrase-missing", where=what) from error
    if again != typed:
        raise Refusal("passphrase-differs")
    return typed


def read(path: Path, most: int = 1 << 30) -> bytes:
    """A file's bytes, or Trouble("file-unreadable"), Refusal("input-too-large")."""
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
        if len(data) > most:
            raise Refusal("input-too-large", where=str(path), most=most)
        return data
    except OSError as error:
        raise Trouble("file-unreadable", where=str(path), reason=error.strerror or "") from error


def read_toml(path: Path, of: type[T]) -> T:
    """A draft that people write, as TOML of a given type; Refusal("draft-malformed") with the place."""
    import tomllib

    import msgspec

    try:
        return msgspec.convert(tomllib.loads(read(path, 1 << 20).decode()), of)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError, RecursionError) as error:
        raise Refusal("draft-malformed", where=str(path), reason=str(error)) from error


def folder(path: Path) -> Mapping[str, bytes]:
    """A folder's files by relative name, read when asked for."""
    from cbt_station.storage.folder import Folder

    return Folder(path)


def now() -> str:
    """This moment with its zone, as notes say it."""
    return dt.datetime.now().astimezone().isoformat(timespec="seconds")


def write_new(path: Path, data: bytes, *, private: bool = False) -> None:
    """A durable file that was not there before, or Refusal("file-exists")."""
    from cbt_station.storage.files import make_folder, write_durably

    if path.exists():
        raise Refusal("file-exists", where=str(path))
    make_folder(path.parent)
    write_durably(path, data, private=private)


def open_keys(paths: Sequence[Path]) -> list["Keys"]:
    """Key files, each under its passphrase; a program that holds keys leaves no core dump."""
    from cbt_station.artefacts.key_file import read_key_file
    from cbt_station.storage.core_dumps import forbid_core_dumps

    forbid_core_dumps()
    return [read_key_file(read(path, 1 << 16), passphrase(path.name)) for path in paths]
