"""Item files of the sample banks as plain text, for tests that compute answers anew.

Deliberately apart from `cbt_station.banks`: the items are checked even where the product's own reader is wrong.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import isclose, sqrt
from pathlib import Path

import yaml

BANKS = Path(__file__).resolve().parents[2] / "question_banks"
_OPTION = re.compile(r"^- \[([a-z])\] (.*)$", re.MULTILINE)

Number = Fraction | float
Reader = Callable[[str], Number | str]


@dataclass(frozen=True)
class ItemFile:
    """One item: its key, its stem and its options as written."""

    id: str
    key: str
    stem: str
    options: dict[str, str]


def read_item(item: str) -> ItemFile:
    """The item of that id, from whichever sample bank has it."""
    (path,) = BANKS.glob(f"*/items/**/{item}.md")
    _, head, body = path.read_text(encoding="utf-8").split("---\n", 2)
    options = list(_OPTION.finditer(body))
    stem = body[: options[0].start()].strip()
    return ItemFile(item, str(yaml.safe_load(head)["key"]), stem, {found[1]: found[2] for found in options})


def number_in(text: str, decimal_comma: bool) -> Number:
    """The number in an option: whole, decimal, percentage (as its number), `$\\frac{}{}$` or `$n\\sqrt{m}$`."""
    bare = text.replace("$", "").replace("{,}", ",")
    if root := re.fullmatch(r"(\d*)\\sqrt\{(\d+)\}", bare):
        return int(root[1] or 1) * sqrt(int(root[2]))
    if broken := re.fullmatch(r"(\d*)\\frac\{(\d+)\}\{(\d+)\}", bare):
        return int(broken[1] or 0) + Fraction(int(broken[2]), int(broken[3]))
    found = re.search(r"\d[\d.,]*", bare)
    assert found, f"no number in {text!r}"
    digits = found[0].rstrip(".,")
    if decimal_comma:
        digits = digits.replace(".", "").replace(",", ".")
    return Fraction(digits)


def indonesian(text: str) -> Number:
    """A number as Indonesian writes it: 1.250,5."""
    return number_in(text, decimal_comma=True)


def english(text: str) -> Number:
    """A number as English writes it: 1250.5."""
    return number_in(text, decimal_comma=False)


def minutes(text: str) -> Number:
    """A time of day or a length of time, in minutes: `10.15`, `10:15`, `3 jam 45 menit`."""
    hours, rest = re.findall(r"\d+", text)
    return Fraction(int(hours) * 60 + int(rest))


def words(text: str) -> str:
    """The option itself."""
    return text


def require_only_key(item: ItemFile, expected: Number | str, read: Reader) -> None:
    """Assert that the keyed option says `expected`, and no other does."""
    right = [option for option, text in item.options.items() if _same(read(text), expected)]
    assert right == [item.key], f"{item.id}: {expected} is said by {right}, the key is {item.key}"


def _same(one: Number | str, other: Number | str) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    return isclose(one, other, rel_tol=1e-12)
