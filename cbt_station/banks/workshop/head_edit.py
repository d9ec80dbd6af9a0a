"""`bank.yaml` with more languages, sections, topics and levels than before; every other line stays as its author wrote it."""

from collections.abc import Iterable

from cbt_station.banks import strict_yaml
from cbt_station.banks.bank import BankHead, SectionHead
from cbt_station.banks.faults import FaultList
from cbt_station.banks.native import HEAD, read_head
from cbt_station.banks.strict_yaml import Mapping, Node, Scalar, Sequence
from cbt_station.banks.workshop.layout import comment_lines
from cbt_station.banks.writing import head_text
from cbt_station.banks.yaml_writer import yaml_text
from cbt_station.errors import Refusal


def extended(text: str, wanted: BankHead) -> str:
    """The text of a head that says what is wanted, which is what it says and more.

    Raises Refusal("workshop-head-not-extended") where its author's lines could not be kept.
    """
    lines = text.split("\n")
    mapping = strict_yaml.load(text, HEAD, FaultList())
    if mapping is not None:
        _extend(lines, mapping, wanted)
    new = "\n".join(lines)
    if _read(new) == wanted:
        return new
    whole = head_text(wanted)
    if any(comment_lines(text)) or _read(whole) != wanted:
        raise Refusal("workshop-head-not-extended", where=HEAD)
    return whole


def _read(text: str) -> BankHead | None:
    faults = FaultList()
    head = read_head(text, faults)
    return None if faults.found else head


def _extend(lines: list[str], mapping: Mapping, wanted: BankHead) -> None:
    """From the end of the file to its beginning, so that the lines of what is above stay where they are."""
    sections = _value(mapping, "sections")
    if isinstance(sections, Mapping) and sections.entries:
        known = {key.text: value for key, value in sections.entries}
        end = _end_of(mapping, "sections", lines)
        first = lines[sections.entries[0][0].line - 1]
        indent = first[: len(first) - len(first.lstrip(" "))]
        added = "".join(
            yaml_text({name: _said(section)}, indent)
            for name, section in wanted.sections.items()
            if name not in known
        )
        lines[end:end] = added.split("\n")[:-1]
        for name, value in reversed(sections.entries):
            if isinstance(value, Mapping):
                section = wanted.sections[name.text]
                lists = [(key, _value(value, key)) for key in ("topics", "levels")]
                for key, node in sorted(lists, key=lambda one: -(one[1].line if one[1] else 0)):
                    _add(lines, node, section.topics if key == "topics" else section.levels)
    _add(lines, _value(mapping, "languages"), wanted.languages)


def _said(section: SectionHead) -> dict[str, object]:
    points = {} if section.right is None else {"right": str(section.right), "wrong": str(section.wrong)}
    return {"title": section.title, **points, "topics": list(section.topics), "levels": list(section.levels)}


def _value(mapping: Mapping, name: str) -> Node | None:
    return next((value for key, value in mapping.entries if key.text == name), None)


def _end_of(mapping: Mapping, name: str, lines: list[str]) -> int:
    """The number of lines up to the end of a key's value; blank lines and comments before the next key are the next one's."""
    starts = [key.line for key, _ in mapping.entries]
    own = next(key.line for key, _ in mapping.entries if key.text == name)
    end = min((start - 1 for start in starts if start > own), default=len(lines))
    while end > own and (not lines[end - 1].strip() or lines[end - 1].startswith("#")):
        end -= 1
    return end


def _add(lines: list[str], node: Node | None, wanted: Iterable[str]) -> None:
    """Write the missing values after the last one of a list, in its own style."""
    items = [one for one in node.items if isinstance(one, Scalar)] if isinstance(node, Sequence) else []
    known = {one.text for one in items}
    added = [value for value in wanted if value not in known]
    if not items or not added:
        return
    at, last = items[-1].line - 1, items[-1].text
    line = lines[at]
    if line.lstrip().startswith("- "):
        indent = line[: len(line) - len(line.lstrip(" "))]
        lines[at + 1 : at + 1] = [f"{indent}- {value}" for value in added]
        return
    end = line.rfind(last) + len(last)
    end += line[end : end + 1] in ("'", '"')
    lines[at] = line[:end] + "".join(f", {value}" for value in added) + line[end:]
