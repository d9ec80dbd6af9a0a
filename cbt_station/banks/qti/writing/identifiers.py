"""Identifiers as QTI wants them: a name of XML without a colon, which begins with a letter or `_`. Ours may begin with a digit.

One that is none gets a `_` before it, and so does one that would then be read as such; `as_ours` takes it away again, so
that every id comes back as it was. Source: QTI 3.0 ASI information model, "Identifier"; W3C, Namespaces in XML, NCName.
"""

import re
from collections.abc import Callable
from typing import Final

from lxml import etree

from cbt_station.banks.qti.names import local
from cbt_station.banks.safe_xml import Element

_NAME: Final = re.compile(r"[^\W\d][\w.-]*")
_HELD: Final = frozenset(["identifier", "response-identifier"])
_NAMED_BASES: Final = frozenset(["identifier", "pair", "directedPair"])
_VARIABLE: Final = re.compile(r"\{([^{}]+)\}")
Rename = Callable[[str], str]


def as_name(own: str) -> str:
    """An id of ours as QTI has it."""
    return f"_{own}" if _is_changed(own) else own


def as_ours(name: str) -> str:
    """The id that `as_name` made a name of."""
    return name[1:] if name.startswith("_") and _is_changed(name[1:]) else name


def _is_changed(own: str) -> bool:
    return not _NAME.fullmatch(own) or (own.startswith("_") and _is_changed(own[1:]))


def renamed(root: Element, rename: Rename) -> None:
    """Every identifier in an item's elements (and `root`) under the name that `rename` gives it."""
    for element in root.iter(etree.Element):
        for key in _HELD & set(map(str, element.attrib)):
            element.set(key, rename(str(element.get(key))))
        if local(element) in ("response-declaration", "outcome-declaration"):
            _values_renamed(element, rename)
        elif local(element) == "base-value" and element.get("base-type") in _NAMED_BASES:
            element.text = _each(element.text, rename)
    for rules in (one for one in root if local(one) == "response-processing"):
        for rule in rules.iterdescendants(etree.Element):
            _variables_renamed(rule, rename)


def _variables_renamed(rule: Element, rename: Rename) -> None:
    """A number of a rule may be a variable's, written `{NAME}`."""
    for key, value in rule.attrib.items():
        found = _VARIABLE.fullmatch(str(value))
        if found is not None and key != "pattern":
            rule.set(key, f"{{{rename(found[1])}}}")


def _values_renamed(declared: Element, rename: Rename) -> None:
    if declared.get("base-type") not in _NAMED_BASES:
        return
    for element in declared.iterdescendants(etree.Element):
        for key in ("map-key", "target-value"):
            if element.get(key):
                element.set(key, _each(element.get(key), rename))
        if local(element) == "value":
            element.text = _each(element.text, rename)


def _each(text: str | None, rename: Rename) -> str:
    """One identifier, or the two of a pair."""
    return " ".join(rename(name) for name in (text or "").split())
