"""A blueprint as people write it: strict YAML with the fields of `exam.blueprint.Blueprint`.

Times may be written with their unit: `allotted: 100 min` is `allotted_ms: 6000000`, and `warnings: [30 min, 90 s]` is
`warnings_ms`. Units: `min` and `s`. Every other field has the name and the meaning that the type gives it.
"""

import re
from pathlib import Path
from typing import Any, Final

import msgspec

from cbt_station.banks import strict_yaml
from cbt_station.banks.faults import BankFault, FaultList
from cbt_station.banks.fields import DECIMAL
from cbt_station.banks.source_text import check_source, read_source
from cbt_station.banks.strict_yaml import Mapping, Node, Scalar, Sequence
from cbt_station.errors import Failure, Refusal
from cbt_station.exam.blueprint import Blueprint, Requirement, check

_DURATION: Final = re.compile(r"([1-9][0-9]{0,6}) (min|s)")
_MS: Final = {"min": 60_000, "s": 1_000}
_TIMES: Final = {"allotted": "allotted_ms", "warnings": "warnings_ms"}
_POINTS: Final = ("least", "most")
"""Exact decimals as people write them; the type would also take `NaN` and `1e5`."""
_STEP: Final = re.compile(r"\.(\w+)|\[(\d+)\]|(\[\.\.\.\])")


def read_blueprint(path: Path) -> Blueprint:
    """The blueprint in a file, checked. Refusal("blueprint-file-faulty") names file and line."""
    faults = FaultList()
    return _blueprint(read_source(path, path.name, faults), path.name, faults)


def blueprint_in(data: bytes, name: str) -> Blueprint:
    """The same of what a file of that name holds."""
    faults = FaultList()
    return _blueprint(check_source(data, name, faults), name, faults)


def _blueprint(text: str | None, file: str, faults: FaultList) -> Blueprint:
    mapping = None if text is None else strict_yaml.load(text, file, faults)
    values = None if mapping is None else _plain(mapping, file, faults)
    if mapping is None or faults.found:
        raise _refusal(faults.sorted())
    try:
        blueprint = msgspec.convert(values, Blueprint, strict=False)
    except msgspec.ValidationError as error:
        raise _refusal((_fault(file, mapping, str(error)),)) from error
    try:
        check(blueprint)
    except Failure as failure:
        raise failure.at(file) from failure
    return blueprint


def _refusal(faults: tuple[BankFault, ...]) -> Refusal:
    first = faults[0]
    return Refusal(
        "blueprint-file-faulty",
        where=first.place,
        problem=dict(first.facts).get("problem", first.code),
        count=len(faults),
        faults=faults,
    )


def _plain(node: Node, file: str, faults: FaultList) -> Any:
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return [_plain(item, file, faults) for item in node.items]
    values: dict[str, Any] = {}
    for key, value in node.entries:
        name = _TIMES.get(key.text, key.text)
        if name in values:
            faults.add(file, key.line, "key-twice", key=name, first_line=node.line)
        values[name] = _times(value, file, faults) if key.text in _TIMES else _plain(value, file, faults)
        if key.text in _POINTS and not (isinstance(value, Scalar) and DECIMAL.fullmatch(value.text)):
            faults.add(file, value.line, "number-malformed", key=key.text, value=values[name])
    return values


def _times(node: Node, file: str, faults: FaultList) -> Any:
    """Milliseconds of a duration or of each duration of a list."""
    if isinstance(node, Sequence):
        return [_times(item, file, faults) for item in node.items]
    found = _DURATION.fullmatch(node.text) if isinstance(node, Scalar) else None
    if found is None:
        faults.add(file, node.line, "duration-malformed", value=node.text if isinstance(node, Scalar) else "")
        return 0
    return int(found[1]) * _MS[found[2]]


def _is_requirements(node: Node) -> bool:
    try:
        msgspec.convert(_plain(node, "", FaultList()), tuple[Requirement, ...], strict=False)
    except msgspec.ValidationError:
        return False
    return True


def _fault(file: str, root: Mapping, problem: str) -> BankFault:
    """The place of what msgspec found: its message ends in a path like `$.sections[0].cells[1].count`."""
    reason, _, path = problem.partition(" - at `$")
    node: Node = root
    line = root.line
    for name, index, any_key in _STEP.findall(path):
        if any_key and isinstance(node, Mapping):
            # msgspec does not say which key of a mapping it means: the only mapping of lists is `thresholds`.
            key, node = next(
                (pair for pair in node.entries if not _is_requirements(pair[1])), node.entries[0]
            )
            line = key.line
            continue
        if name and isinstance(node, Mapping):
            entry = next(
                (pair for pair in node.entries if _TIMES.get(pair[0].text, pair[0].text) == name), None
            )
            if entry is None:
                break
            line, node = entry[0].line, entry[1]
        elif index and isinstance(node, Sequence) and int(index) < len(node.items):
            node = node.items[int(index)]
            line = node.line
        else:
            break
    return BankFault(file, line, "blueprint-value", (("problem", reason),))
