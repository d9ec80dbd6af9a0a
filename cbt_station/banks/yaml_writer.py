"""Our strict YAML, written: what `strict_yaml.py` reads back as the same values."""

import json
import re
from typing import Any, Final

_PLAIN: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ._/-]*[A-Za-z0-9.])?")


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
