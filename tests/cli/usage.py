"""Writes the table of docs/commands.md from the commands themselves: `python -m tests.cli.usage`."""

from pathlib import Path
from typing import Any

import typer

from cbt_station.cli.app import make_app

PAGE = Path(__file__).parents[2] / "docs" / "commands.md"
BEGIN, END = "<!-- commands, from the code -->\n", "<!-- end of commands -->\n"
EVERYWHERE = ("lang", "version", "help")


def commands() -> dict[str, Any]:
    """Every command by its whole name."""
    root = typer.main.get_command(make_app(None))
    found: dict[str, Any] = {}
    for name, command in _children(root).items():
        for part, child in (_children(command) or {"": command}).items():
            found[f"{name} {part}".strip()] = child
    return found


def table() -> str:
    rows = [
        f"| `{_usage(name, command)}` | {_says(command)} |" for name, command in sorted(commands().items())
    ]
    return "\n".join(["| command | does |", "|---|---|", *rows]) + "\n"


def page() -> str:
    """The whole page with the table as the code gives it."""
    before, _, rest = PAGE.read_text().partition(BEGIN)
    return before + BEGIN + "\n" + table() + "\n" + END + rest.partition(END)[2]


def _children(command: Any) -> dict[str, Any]:
    return dict(getattr(command, "commands", {}))


def _usage(name: str, command: Any) -> str:
    """`draw --session PATH --value TEXT …`: arguments first, then what is required, then what is not."""
    parts = sorted((param for param in command.params if param.name not in EVERYWHERE), key=_rank)
    return " ".join([name, *map(_part, parts)]).replace("|", "\\|")


def _rank(param: Any) -> int:
    return 0 if param.param_type_name == "argument" else 1 if param.required else 2


def _part(param: Any) -> str:
    if param.param_type_name == "argument":
        shown = str(param.name).upper().rstrip("_")
        shown = f"{shown}…" if param.nargs == -1 else shown
        return shown if param.required else f"[{shown}]"
    option = "/".join((max(param.opts, key=len), *param.secondary_opts))
    takes = "" if param.is_flag else f" {_kind(param)}"
    many = "…" if param.multiple else ""
    return f"{option}{takes}{many}" if param.required else f"[{option}{takes}{many}]"


def _kind(param: Any) -> str:
    """What an option takes, in one word."""
    kind = str(param.bare_type())
    return "PATH" if "Path" in kind else "N" if "int" in kind else "TEXT"


def _says(command: Any) -> str:
    """The first paragraph of a command's own words."""
    paragraph = (command.help or "").strip().partition("\n\n")[0]
    return " ".join(paragraph.split()).replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page())
