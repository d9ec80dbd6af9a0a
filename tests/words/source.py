"""What the program's own source says: every failure that is raised, and every key that is asked of the words."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

PACKAGE = Path(__file__).parents[2] / "cbt_station"
KINDS = ("Refusal", "Trouble", "Tampered")
ASKS = ("words", "say", "knows", "_words", "name_of_key")
"""What is called with a key: `words("…")`, `self.words("…")`, `words()("…")`, `say("…")`."""


class Raised(NamedTuple):
    """One place where a failure is born. `facts` (with `where`, if it says one) is None where they come in as a mapping."""

    code: str | None
    kind: str
    facts: frozenset[str] | None
    place: str


@cache
def modules() -> dict[str, ast.Module]:
    """Every module by its path below the repository."""
    return {
        path.relative_to(PACKAGE.parent).as_posix(): ast.parse(path.read_text())
        for path in sorted(PACKAGE.rglob("*.py"))
    }


@cache
def templates() -> dict[str, str]:
    """Every page of the centre."""
    return {
        path.relative_to(PACKAGE.parent).as_posix(): path.read_text()
        for path in sorted(PACKAGE.rglob("*.html"))
    }


@cache
def raised() -> tuple[Raised, ...]:
    """Every `Refusal(…)`, `Trouble(…)` and `Tampered(…)`."""
    found = []
    for path, call in _calls():
        kind = _name(call.func)
        if kind not in KINDS or not call.args:
            continue
        code = call.args[0].value if isinstance(call.args[0], ast.Constant) else None
        names = [keyword.arg for keyword in call.keywords]
        facts = None if None in names else frozenset(name for name in names if name)
        found.append(Raised(code, kind, facts, f"{path}:{call.lineno}"))
    return tuple(found)


@cache
def asked() -> dict[str, str]:
    """Every literal key that is asked of the words, with its place."""
    found = {}
    for path, call in _calls():
        if call.args and isinstance(call.args[0], ast.Constant) and _asks_words(call.func):
            key = call.args[0].value
            if isinstance(key, str):
                found[key] = f"{path}:{call.lineno}"
    for path, text in templates().items():
        found |= dict.fromkeys(re.findall(r't\("([^"]+)"[,)]', text), path)
    return found


@cache
def literals() -> frozenset[str]:
    """Every string that stands in the source as a whole: a key or code may travel through a table."""
    in_pages = {
        text for page in templates().values() for text in re.findall(r"[a-z]+(?:\.[a-z0-9_-]+)+", page)
    }
    return frozenset(in_pages) | {
        node.value
        for tree in modules().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


@cache
def patterns() -> tuple[re.Pattern[str], ...]:
    """Every key that is put together, such as f"station.{key}_title", as what it matches."""
    found = {
        f"{re.escape(start)}[a-z0-9_.-]+"
        for page in templates().values()
        for start in re.findall(r't\("([^"]+)" ~', page)
    }
    for tree in modules().values():
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                found.add(
                    "".join(
                        re.escape(str(part.value)) if isinstance(part, ast.Constant) else "[A-Za-z0-9_.-]+"
                        for part in node.values
                    )
                )
    # A family has a name of its own before the first dot: f"{a}.{b}" would match everything.
    return tuple(re.compile(text) for text in sorted(found) if re.match(r"[a-z_]+\\\.", text))


def _calls() -> Iterator[tuple[str, ast.Call]]:
    for path, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield path, node


def _asks_words(func: ast.expr) -> bool:
    if isinstance(func, ast.Call):  # words()("…")
        return _name(func.func) in ("words", "words_in")
    return _name(func) in ASKS


def _name(func: ast.expr) -> str:
    return func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""
