"""README, ARCHITECTURE and docs/ held to the tree: rooms, layers, commands, targets of make, notes, and every link.

Pages that are written out of the code have their own tests: tests/cli/test_commands_page.py, tests/words/test_error_codes.py,
tests/exam (events).
"""

import re
import tomllib
from pathlib import Path

import pytest

from cbt_station.artefacts.entry import LOGGED_KINDS
from tests.cli.usage import commands

ROOT = Path(__file__).parents[1]
PAGES = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "tests").rglob("*.md")],
    key=lambda page: page.as_posix(),
)


def read(name: str) -> str:
    return (ROOT / name).read_text()


def rooms() -> set[str]:
    """The package's rooms, as they stand on the disk."""
    inside = (path for path in (ROOT / "cbt_station").iterdir() if not path.name.startswith("__"))
    return {f"{path.name}/" if path.is_dir() else path.name for path in inside if path.name != "py.typed"}


def rows(page: str, heading: str) -> list[list[str]]:
    """The cells of the first table below a heading."""
    table = page.split(heading, 1)[1].split("\n| ", 1)[1].split("\n\n", 1)[0]
    return [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in table.splitlines()[2:]]


def test_the_map_has_every_room_and_no_other() -> None:
    told = {
        name for row in rows(read("ARCHITECTURE.md"), "## Rooms") for name in re.findall("`(.+?)`", row[0])
    }
    assert told == rooms()


def test_the_map_has_the_layers_that_the_contract_holds() -> None:
    contracts = tomllib.loads(read("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    line = read("ARCHITECTURE.md").split("**One rule:**")[1].split("\n\n")[0]
    chain = " ".join(line.split("each other.")[1].split(". And")[0].split())
    assert chain == " → ".join(f"`{layer}`" for layer in layers)


def test_the_front_page_names_commands_that_exist() -> None:
    known = set(commands()) | {name.partition(" ")[0] for name in commands()}
    who = {
        name
        for row in rows(read("README.md"), "## Who uses which part")
        for name in re.findall("`(.+?)`", row[-1])
    }
    assert who <= known
    assert {name.partition(" ")[0] for name in commands()} - who <= {"demo", "drive", "recover"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_commands_and_targets_in_a_page_exist(page: Path) -> None:
    text = page.read_text()
    first = {name.partition(" ")[0] for name in commands()}
    called = set(re.findall(r"(?:^|`)cbt-station ([a-z]+)", text, re.MULTILINE))
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    made = set(re.findall(r"(?:^|`)make ([a-z]+)", text, re.MULTILINE))
    assert called <= first
    assert made <= targets


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_and_named_files_of_a_page_are_there(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
    text = re.sub(r"`[^`]*\]\([^`]*`", "", text)  # a link that is shown, not followed
    links = {link.partition("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link}
    assert {link for link in links if link and not (page.parent / link).exists()} == set()
    named = set(re.findall(r"`((?:cbt_station|tests|docs|question_banks|packaging|assets)/[\w./-]+)`", text))
    assert {name for name in named if not (ROOT / name).exists()} == set()


def test_every_note_of_the_log_is_told_of() -> None:
    page = read("docs/artefacts.md")
    assert {kind for kind in LOGGED_KINDS if not re.search(rf"`(?:notes/)?{kind}-[^`]*\.note`", page)} == {
        "score"
    }
    assert "| score note |" in page


def test_decisions_are_numbered_without_a_hole() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    for number, page in enumerate(pages, start=1):
        assert page.read_text().startswith(f"# {number}. ")
