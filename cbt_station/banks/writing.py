"""Writing a bank in our own format; what was written reads back as the same bank.

Nothing is written before every text was put into words and compared, and a folder that holds anything is refused.
"""

import json
import re
from pathlib import Path
from typing import Any, Final

import msgspec

from cbt_station.banks.bank import Bank, BankHead, BankItem, BankStimulus
from cbt_station.banks.formulas import PREFIX
from cbt_station.banks.markdown_writer import body_text, stimulus_text
from cbt_station.banks.native import HEAD, MEDIA
from cbt_station.errors import Refusal, Trouble
from cbt_station.exam.blueprint import Blueprint

_PLAIN: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ._/-]*[A-Za-z0-9.])?")


def write_bank(bank: Bank, directory: Path, blueprints: dict[str, Blueprint] | None = None) -> None:
    """Write a bank and its blueprints (by file name) into an empty or new folder."""
    files: dict[str, bytes] = {HEAD: head_text(bank.head).encode()}
    files |= {item.file: item_text(bank.head, item).encode() for item in bank.items}
    files |= {stimulus.file: _stimulus(bank.head, stimulus).encode() for stimulus in bank.stimuli}
    files |= {f"{MEDIA}/{name}": data for name, data in bank.media.items() if not name.startswith(PREFIX)}
    files |= {f"blueprints/{name}": blueprint_text(one).encode() for name, one in (blueprints or {}).items()}
    write_files(files, directory)


def write_files(files: dict[str, bytes], directory: Path) -> None:
    """Write files into an empty or new folder."""
    try:
        if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
            raise Refusal("bank-folder-not-empty", where=str(directory))
        for name, data in sorted(files.items()):
            path = directory / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    except OSError as error:
        raise Trouble("bank-not-written", where=str(directory), reason=error.strerror or "") from error


def head_text(head: BankHead) -> str:
    """The text of `bank.yaml`."""
    values: dict[str, Any] = {
        "id": head.id,
        "title": head.title,
        "licence": head.licence,
        "author": head.author,
        "languages": list(head.languages),
        "sections": {},
    }
    for section in head.sections.values():
        points = {} if section.right is None else {"right": str(section.right), "wrong": str(section.wrong)}
        values["sections"][section.id] = {
            "title": section.title,
            **points,
            "topics": list(section.topics),
            "levels": list(section.levels),
        }
    return yaml_text(values)


def item_text(head: BankHead, item: BankItem) -> str:
    """The text of an item's file."""
    values: dict[str, Any] = {
        "id": item.id,
        "section": item.section,
        "topic": item.topic,
        "level": item.level,
        "key": item.key,
        "scores": None if item.scores is None else {name: str(score) for name, score in item.scores.items()},
        "enemies": item.enemies,
        "stimulus": item.stimulus,
        "fixed": list(item.fixed) if item.shuffle else "all",
        "source": item.source,
        "note": item.note,
    }
    parts = {
        language: body_text(text.stem, text.options, f"{item.file}")
        for language, text in item.languages.items()
    }
    return _file(head, {name: value for name, value in values.items() if value}, parts)


def _stimulus(head: BankHead, stimulus: BankStimulus) -> str:
    values = {"id": stimulus.id, "source": stimulus.source, "note": stimulus.note}
    parts = {language: stimulus_text(blocks, stimulus.file) for language, blocks in stimulus.content.items()}
    return _file(head, {name: value for name, value in values.items() if value}, parts)


def _file(head: BankHead, values: dict[str, Any], parts: dict[str, str]) -> str:
    marked = list(parts) != [head.languages[0]]
    body = "\n".join(f"# {language}\n\n{text}" if marked else text for language, text in parts.items())
    return f"---\n{yaml_text(values)}---\n{body}"


def blueprint_text(blueprint: Blueprint) -> str:
    """The text of a blueprint's file; whole minutes are written as minutes, defaults are left out."""
    values = msgspec.to_builtins(blueprint)
    default = {field.name: field.default for field in msgspec.structs.fields(Blueprint)}
    return yaml_text(
        {
            name: value
            for name, value in _with_minutes(values).items()
            if value != default.get(name, msgspec.NODEFAULT)
        }
    )


def _with_minutes(value: Any) -> Any:
    if isinstance(value, dict):
        shown = {}
        for name, inner in value.items():
            short = {"allotted_ms": "allotted", "warnings_ms": "warnings"}.get(name)
            minutes = _minutes(inner) if short else None
            if inner is None or (name == "items" and not inner):
                continue
            shown[short if short and minutes else name] = minutes or _with_minutes(inner)
        return shown
    return [_with_minutes(inner) for inner in value] if isinstance(value, list | tuple) else value


def _minutes(value: Any) -> str | list[str] | None:
    if isinstance(value, list | tuple):
        all_minutes = [f"{ms // 60_000} min" for ms in value if ms % 60_000 == 0 and ms]
        return all_minutes if len(all_minutes) == len(value) else None
    return f"{value // 60_000} min" if value and value % 60_000 == 0 else None


def yaml_text(values: dict[str, Any], indent: str = "") -> str:
    """Our strict YAML: mappings and lists of plain values on one line where they are short."""
    return "".join(_entry(name, value, indent) for name, value in values.items())


def _entry(name: str, value: Any, indent: str) -> str:
    flow = _flow(value)
    if not isinstance(value, dict | list) or (
        len(flow) <= 90 and "{" not in flow[1:] and "[" not in flow[1:]
    ):
        return f"{indent}{_scalar(name)}: {flow}\n"
    if isinstance(value, dict):
        return f"{indent}{_scalar(name)}:\n{yaml_text(value, indent + '  ')}"
    lines = [f"{indent}{_scalar(name)}:\n"]
    for item in value:
        text = yaml_text(item, indent + "    ") if isinstance(item, dict) else f"{indent}    {_flow(item)}\n"
        lines.append(f"{indent}  - {text.removeprefix(indent + '    ')}")
    return "".join(lines)


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_scalar(name)}: {_flow(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_flow(inner) for inner in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return _scalar(str(value))


def _scalar(text: str) -> str:
    """A text as it stands where YAML reads it so, in double quotes otherwise."""
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)
