"""QTI items looked at by their bare names: a second reader that shares nothing with the importer.

It knows only names: which element is an interaction, which response each names, what makes an item one of another kind.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lxml import etree

from tests.banks.bare_rules import bare_name, broken_rule

FOURTEEN: Final = frozenset(
    [
        "choice",
        "inlinechoice",
        "textentry",
        "extendedtext",
        "match",
        "associate",
        "order",
        "gapmatch",
        "hottext",
        "hotspot",
        "graphicgapmatch",
        "slider",
        "selectpoint",
    ]
)
"""QTI's names for them; a text entry of a number is the fourteenth."""
OTHER_KIND: Final = frozenset(["templatedeclaration", "templateprocessing", "customoperator"])


OLDER_OTHERS: Final = frozenset(
    [
        "text_only_question",
        "calculated_question",
        "file_upload_question",
        "hot_spot_question",
        "categorization_question",
    ]
)
"""Kinds of QTI 1.2, as Canvas names them, that are none of choice, short answer, essay and matching."""


@dataclass(frozen=True)
class Bare:
    """An item by its names: the responses of its interactions, and whether all of it is inside the fourteen."""

    responses: tuple[str, ...]
    inside: bool
    broken: str = ""
    """The rule of QTI that it breaks, as far as bare names tell (`bare_rules.py`); empty where it breaks none."""


def bare_items(path: Path) -> dict[str, Bare]:
    """The items of a zip or of one file by their names in it; what is no item is left out."""
    return {name: bare for name, data in _files(path) if (bare := bare_item(data)) is not None}


def bare_older(path: Path) -> dict[str, bool]:
    """The items of QTI 1.2 by their idents, and whether each is of the four kinds that are to come in."""
    found = {}
    for _, data in _files(path):
        try:
            root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
        except etree.XMLSyntaxError:
            continue
        for one in root.iter(etree.Element) if bare_name(root) == "questestinterop" else ():
            if bare_name(one) == "item":
                found[str(one.get("ident"))[:60]] = _is_of_the_four(one)
    return found


def _is_of_the_four(item: etree._Element) -> bool:
    names = {bare_name(one) for one in item.iter(etree.Element)}
    said = {(one.text or "").strip() for one in item.iter(etree.Element) if bare_name(one) == "fieldentry"}
    return "render_extension" not in names and said.isdisjoint(OLDER_OTHERS)


def _files(path: Path) -> Iterator[tuple[str, bytes]]:
    if not zipfile.is_zipfile(path):
        yield path.name, path.read_bytes()
        return
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            if name.lower().endswith((".xml", ".qti")):
                yield name, package.read(name)


def bare_item(data: bytes) -> Bare | None:
    """An item of QTI 2 or 3; one that is not well-formed is not inside; None for anything else."""
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return Bare((), inside=False) if re.search(rb"assessment-?item\b", data, re.IGNORECASE) else None
    if bare_name(root) != "assessmentitem":
        return None
    names = [bare_name(element) for element in root.iter(etree.Element)]
    interactions = [
        element for element in root.iter(etree.Element) if bare_name(element).endswith("interaction")
    ]
    kinds = {bare_name(element).removesuffix("interaction") for element in interactions}
    is_plain = root.get("adaptive", "false") not in ("true", "1") and OTHER_KIND.isdisjoint(names)
    responses = tuple(
        str(element.get("responseIdentifier") or element.get("response-identifier") or "")
        for element in interactions
    )
    return Bare(
        responses, bool(kinds) and kinds <= FOURTEEN and is_plain, broken_rule(root, interactions, responses)
    )
