"""Our strict YAML, written: what `strict_yaml.py` reads back as the same values."""

import json
import re
from typing import Any, Final

_PLAIN: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ._/-]*[A-Za-z0-9.])?|-[0-9]+(?:\.[0-9]+)?")
_PLAIN_LINE: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 .,;/()=%+-]*[A-Za-z0-9.)])?|-[0-9]+(?:\.[0-9]+)?")
"""On a line of its own, where a comma parts nothing."""
_WIDTH: Final = 90
_WIDER: Final = 110


class Lines(dict[str, Any]):
    """A mapping with a line for each entry, however short it is: a change of one is a change of one line."""


def yaml_text(values: dict[str, Any], indent: str = "") -> str:
    """Our strict YAML: mappings and lists of plain values on one line where they are short."""
    return "".join(_entry(name, value, indent) for name, value in values.items())


def _entry(name: str, value: Any, indent: str) -> str:
    if isinstance(value, Lines):
        inner = "".join(_line_of(key, one, indent + "  ") for key, one in value.items())
        return f"{indent}{_scalar(name)}:\n{inner}"
    if not isinstance(value, dict | list):
        return f"{indent}{_scalar(name)}: {_line_scalar(value)}\n"
    flow = _flow(value)
    if len(flow) <= _WIDTH and "{" not in flow[1:] and "[" not in flow[1:]:
        return f"{indent}{_scalar(name)}: {flow}\n"
    if isinstance(value, dict):
        return f"{indent}{_scalar(name)}:\n{yaml_text(value, indent + '  ')}"
    lines = [f"{indent}{_scalar(name)}:\n"]
    for item in value:
        text = yaml_text(item, indent + "    ") if isinstance(item, dict) else f"{indent}    {_flow(item)}\n"
        lines.append(f"{indent}  - {text.removeprefix(indent + '    ')}")
    return "".join(lines)


def _line_of(name: str, value: Any, indent: str) -> str:
    """An entry of `Lines`: its whole value on its line, lists too, where that fits."""
    flow = _flow(value)
    if len(indent) + len(name) + len(flow) <= _WIDER and "{" not in flow[1:]:
        return f"{indent}{_scalar(name)}: {flow}\n"
    return _entry(name, value, indent)


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_scalar(name)}: {_flow(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_flow(inner) for inner in value) + "]"
    return _truth(value) if isinstance(value, bool) else _scalar(str(value))


def _line_scalar(value: Any) -> str:
    if isinstance(value, bool):
        return _truth(value)
    text = str(value)
    return text if _PLAIN_LINE.fullmatch(text) else _scalar(text)


def _truth(value: bool) -> str:
    return "true" if value else "false"


def _scalar(text: str) -> str:
    """A text as it stands where YAML reads it so, in double quotes otherwise."""
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)
