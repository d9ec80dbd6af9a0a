"""The rules hold no float, no figure of one exam, and nothing that reads a clock, a disk or chance.

Import directions are held by the contracts in pyproject.toml; this reads the source of the room.
"""

import ast
from pathlib import Path

import pytest

import cbt_station.exam

SOURCES = sorted(Path(cbt_station.exam.__file__).parent.glob("*.py"))
OUTSIDE = {"time", "datetime", "random", "secrets", "os", "pathlib", "socket", "uuid"}


def inexact(source: str) -> list[int]:
    """Lines with a float, the name `float` or a true division."""
    return sorted(
        node.lineno
        for node in ast.walk(ast.parse(source))
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.Name) and node.id == "float")
        or (isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div))
    )


def test_the_search_finds_what_it_looks_for() -> None:
    assert inexact("a = 0.5\nb = float(a)\nc = a / 2\na /= 3\nd = 7 // 2") == [1, 2, 3, 4]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_no_float_is_in_the_rules(path: Path) -> None:
    assert inexact(path.read_text()) == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_the_rules_import_nothing_of_the_world(path: Path) -> None:
    tree = ast.parse(path.read_text())
    names = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert not OUTSIDE & {name.partition(".")[0] for name in names}
    assert all(
        name.startswith(("cbt_station.exam", "cbt_station.errors"))
        for name in names
        if name.startswith("cbt_station")
    )


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_no_exam_s_own_section_or_figure_is_in_code(path: Path) -> None:
    """SKD's sections, its thresholds and its time are data; prose may name them as examples."""
    tree = ast.parse(path.read_text())
    prose = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    values = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and node not in prose]
    own = {"TWK", "TIU", "TKP", "SKD", "SKB", 65, 80, 166, 311, 286, 110, 550, 6_000_000, 7_800_000}
    assert not own & set(values)
