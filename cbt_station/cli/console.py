"""What every command shares: the language, one JSON object at the end, failures in words, passphrases."""

import getpass
import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from cbt_station.errors import Failure, Refusal, Trouble
from cbt_station.words import Words, words_in

AsJson = Annotated[bool, typer.Option("--json", help="The last line on standard output is one JSON object.")]
_language = os.environ.get("CBT_LANG", "id")


def choose_language(lang: str) -> None:
    """The language of everything printed from now on ("id" or "en")."""
    global _language  # noqa: PLW0603 (one process, one command, one language)
    _language = lang


def words() -> Words:
    return words_in(_language)


def say(key: str, /, **facts: object) -> None:
    """Print a sentence for a person. On standard error, so that standard output stays for programs."""
    typer.echo(words()(key, **facts), err=True)


def give(as_json: bool, **result: object) -> None:
    """The command's result: one JSON object, or a line a value for a person."""
    if as_json:
        typer.echo(json.dumps({"ok": True, **result}, ensure_ascii=False, default=str))
        return
    for name, value in result.items():
        if isinstance(value, list | tuple):
            for entry in value:
                typer.echo(f"{name}: {entry}")
        elif not isinstance(value, Mapping):
            typer.echo(f"{name}: {value}")


def explain(failure: Failure) -> str:
    """A failure in words: where, what happened, what to do."""
    sentence = words()(f"error.{failure.code}", **failure.facts)
    return f"{failure.where}: {sentence}" if failure.where else sentence


def fail(failure: Failure, as_json: bool) -> int:
    """Tell of a failure; returns its exit code."""
    typer.echo(explain(failure), err=True)
    if as_json:
        facts = {name: value for name, value in failure.facts.items() if isinstance(value, str | int | bool)}
        shape = {"ok": False, "kind": failure.kind, "code": failure.code, "where": failure.where}
        typer.echo(json.dumps({**shape, "message": explain(failure), **facts}, ensure_ascii=False))
    return failure.exit_code


def passphrase(what: str, *, new: bool = False) -> str:
    """A passphrase from CBT_PASSPHRASE, or typed (twice where it is new)."""
    given = os.environ.get("CBT_PASSPHRASE")
    if given is not None:
        return given
    if not sys.stdin.isatty():
        raise Refusal("passphrase-missing", where=what)
    typed = getpass.getpass(f"{what}: ")
    if new and getpass.getpass(f"{what} ({words()('cli.again')}): ") != typed:
        raise Refusal("passphrase-differs")
    return typed


def read(path: Path, most: int = 1 << 30) -> bytes:
    """A file's bytes, or Trouble("file-unreadable")."""
    try:
        if path.stat().st_size > most:
            raise Refusal("file-too-large", where=str(path), most=most)
        return path.read_bytes()
    except OSError as error:
        raise Trouble("file-unreadable", where=str(path), reason=error.strerror or "") from error


def read_toml(path: Path, of: type[Any]) -> Any:
    """A draft that people write, as TOML of a given type; Refusal("draft-malformed") with the place."""
    import tomllib

    import msgspec

    try:
        return msgspec.convert(tomllib.loads(read(path).decode()), of)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise Refusal("draft-malformed", where=str(path), reason=str(error)) from error


def folder(path: Path) -> Mapping[str, bytes]:
    """A folder's files by relative name, read when asked for."""
    if not path.is_dir():
        raise Trouble("folder-missing", where=str(path))
    return Folder(path)


class Folder(Mapping[str, bytes]):
    """The regular files below a folder, by POSIX relative name; a link is not followed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._names = sorted(
            entry.relative_to(path).as_posix()
            for entry in path.rglob("*")
            if entry.is_file() and not entry.is_symlink()
        )
        self._known = frozenset(self._names)

    def __getitem__(self, name: str) -> bytes:
        if name not in self._known:
            raise KeyError(name)
        return read(self._path / name)

    def __contains__(self, name: object) -> bool:
        return name in self._known

    def __iter__(self) -> Any:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def open_keys(paths: Sequence[Path]) -> list[Any]:
    """Key files, each under its passphrase."""
    from cbt_station.artefacts.key_file import read_key_file

    return [read_key_file(read(path, 1 << 16), passphrase(path.name)) for path in paths]
