"""Moodle's and GIFT's questions looked at by their bare names: a second reader that shares nothing with the importer.

A question is inside where Moodle's core could show it with an interaction of the fourteen: a plug-in type is none of
them, and a text without a question asks nothing.
"""

import re
from pathlib import Path
from typing import Final

from lxml import etree

PLUG_INS: Final = frozenset(["stack", "formulas", "coderunner", "drawing", "recordrtc"])


def inside(path: Path, kind: str) -> list[bool]:
    """For each question of a file, in order, whether it is inside; nothing for a format that is not looked at."""
    if kind == "moodle-xml":
        root = etree.parse(str(path)).getroot()
        types = [str(one.get("type")) for one in root.iter("question")]
        return [one != "description" and one not in PLUG_INS for one in types if one != "category"]
    if kind == "gift":
        return _gift(path.read_text(encoding="utf-8", errors="replace"))
    return []


def _gift(text: str) -> list[bool]:
    """Blocks between blank lines, without comments and categories: one without braces asks nothing."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith(("//", "$CATEGORY"))]
    blocks = re.split(r"\n\s*\n", "\n".join(lines))
    return [re.search(r"(?<!\\)\{", block) is not None for block in blocks if block.strip()]
