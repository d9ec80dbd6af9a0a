"""Writing a bank in our own format; what was written reads back as the same bank.

Nothing is written before every text was put into words and compared; how a folder comes to be there whole or not at all is
`whole_folder`.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from cbt_station.banks.bank import Bank, BankHead, BankItem, BankStimulus
from cbt_station.banks.blueprint_file import blueprint_in
from cbt_station.banks.body import BodyReader, Files
from cbt_station.banks.faults import FaultList, Faulty
from cbt_station.banks.formulas import PREFIX
from cbt_station.banks.head_writer import item_head_text
from cbt_station.banks.item_file import Source, read_item, read_stimulus
from cbt_station.banks.markdown_writer import body_text, content_text
from cbt_station.banks.native import HEAD, MEDIA, check_media
from cbt_station.banks.pictures import PictureFile
from cbt_station.banks.recordings import Recording
from cbt_station.banks.source_text import check_source
from cbt_station.banks.whole_folder import write_files
from cbt_station.banks.yaml_writer import yaml_text
from cbt_station.errors import Refusal
from cbt_station.exam.blueprint import Blueprint


def write_bank(
    bank: Bank,
    directory: Path,
    blueprints: Mapping[str, Blueprint] | None = None,
    others: Mapping[str, bytes] | None = None,
) -> None:
    """Write a bank, its blueprints (by file name) and other files into an empty or new folder."""
    files: dict[str, bytes] = {HEAD: head_text(bank.head).encode()}
    media = checked_media(bank.media)
    files |= {item.file: item_text(bank.head, item, media).encode() for item in bank.items}
    files |= {one.file: stimulus_text(bank.head, one, media).encode() for one in bank.stimuli}
    files |= {f"{MEDIA}/{name}": data for name, data in bank.media.items() if not name.startswith(PREFIX)}
    files |= {f"blueprints/{name}": blueprint_text(one).encode() for name, one in (blueprints or {}).items()}
    write_files(files | dict(others or {}), directory)


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


def item_text(head: BankHead, item: BankItem, files: Files) -> str:
    """The text of an item's file, which reads back as the same item, or Refusal("bank-text-not-writable").

    `files`: the checked media that the item names.
    """
    parts = {language: body_text(shown, files) for language, shown in item.languages.items()}
    text = _file(head, item_head_text(head, item), parts)
    source, faults = _source(head, item.file, item.id, text, files)
    read = None if source is None else read_item(source, frozenset({item.stimulus or ""}))
    if faults.found or read != item:
        raise _not_writable(item.file, faults)
    return text


def stimulus_text(head: BankHead, stimulus: BankStimulus, files: Files) -> str:
    """The text of a stimulus's file, which reads back as the same stimulus, or Refusal("bank-text-not-writable")."""
    values = {"id": stimulus.id, "source": stimulus.source, "note": stimulus.note}
    parts = {language: content_text(blocks, files) for language, blocks in stimulus.content.items()}
    text = _file(head, yaml_text({name: value for name, value in values.items() if value}), parts)
    source, faults = _source(head, stimulus.file, stimulus.id, text, files)
    if faults.found or (source is not None and read_stimulus(source)) != stimulus:
        raise _not_writable(stimulus.file, faults)
    return text


def _source(head: BankHead, file: str, name: str, text: str, files: Files) -> tuple[Source | None, FaultList]:
    """What was written, as a reader has it."""
    faults = FaultList()
    checked = check_source(text.encode("utf-8", "surrogatepass"), file, faults)
    if checked is None:
        return None, faults
    return Source(file, name, checked, head, faults, BodyReader(file, faults, files)), faults


def _not_writable(file: str, faults: FaultList) -> Refusal:
    problem = faults.found[0].code if faults.found else ""
    return Refusal("bank-text-not-writable", where=file, problem=problem)


def checked_media(media: Mapping[str, bytes]) -> Files:
    """The pictures and recordings of a bank as a reader has them; drawings of formulas are not among them.

    Raise Refusal("bank-media-faulty") for one that no bank may hold.
    """
    checked: dict[str, PictureFile | Recording | None] = {}
    for name, data in media.items():
        if name.startswith(PREFIX):
            continue
        try:
            checked[name] = check_media(name, data)
        except Faulty as faulty:
            raise Refusal("bank-media-faulty", where=name, problem=faulty.code) from faulty
    return checked


def _file(head: BankHead, head_lines: str, parts: dict[str, str]) -> str:
    marked = list(parts) != [head.languages[0]]
    body = "\n".join(f"# {language}\n\n{text}" if marked else text for language, text in parts.items())
    return f"---\n{head_lines}---\n{body}"


def blueprint_text(blueprint: Blueprint) -> str:
    """The text of a blueprint's file, which reads back as the same, or Refusal("bank-text-not-writable").

    Whole minutes are written as minutes, defaults are left out.
    """
    values = msgspec.to_builtins(blueprint)
    default = {field.name: field.default for field in msgspec.structs.fields(Blueprint)}
    text = yaml_text(
        {
            name: value
            for name, value in _with_minutes(values).items()
            if value != default.get(name, msgspec.NODEFAULT)
        }
    )
    try:
        read = blueprint_in(text.encode("utf-8", "surrogatepass"), blueprint.id)
    except Refusal as refusal:
        raise Refusal(
            "bank-text-not-writable", where=blueprint.id, problem=refusal.facts.get("problem", refusal.code)
        ) from refusal
    if read != blueprint:
        raise Refusal("bank-text-not-writable", where=blueprint.id, problem="")
    return text


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
