"""A blueprint as a `qti-assessment-test`: sections, which items, how many are drawn, in which order, how long.

Thresholds, ranking, extra time and what else a test cannot say stay in our own file of the package.
"""

from lxml import etree

from cbt_station.banks.bank import Bank, BankItem
from cbt_station.banks.qti.writing.content import LANG
from cbt_station.banks.qti.writing.identifiers import as_name
from cbt_station.banks.qti.writing.item import QTI, document
from cbt_station.banks.safe_xml import Element
from cbt_station.exam.blueprint import Blueprint, BlueprintCell, Section


def assessment_xml(blueprint: Blueprint, bank: Bank) -> bytes:
    """The test's file."""
    language = blueprint.languages[0]
    title = blueprint.title.get(language, blueprint.id)
    root = etree.Element("qti-assessment-test", {"identifier": as_name(blueprint.id), "title": title})
    root.set("xmlns", QTI)
    root.set(LANG, language)
    score = {"identifier": "SCORE", "cardinality": "single", "base-type": "float"}
    etree.SubElement(root, "qti-outcome-declaration", score)
    etree.SubElement(root, "qti-time-limits", {"max-time": _seconds(blueprint.allotted_ms)})
    part = {"identifier": "part-1", "navigation-mode": "nonlinear", "submission-mode": "simultaneous"}
    holder = etree.SubElement(root, "qti-test-part", part)
    used: set[str] = set()
    for section in blueprint.sections:
        _section(holder, section, bank, language, used)
    processing = etree.SubElement(root, "qti-outcome-processing")
    total = etree.SubElement(processing, "qti-set-outcome-value", {"identifier": "SCORE"})
    etree.SubElement(
        etree.SubElement(total, "qti-sum"), "qti-test-variables", {"variable-identifier": "SCORE"}
    )
    return document(root)


def _section(parent: Element, section: Section, bank: Bank, language: str, used: set[str]) -> None:
    made = _opened(parent, section.id, section.title.get(language, section.id))
    if len(section.cells) == 1:
        _filled(made, section, section.cells[0], bank, used)
        return
    _ordered(made, section)
    for number, cell in enumerate(section.cells, start=1):
        inner = _opened(
            made, f"{section.id}-{number}", " ".join(filter(None, (cell.topic, cell.level))) or section.id
        )
        inner.set("visible", "false")
        _filled(inner, section, cell, bank, used)


def _opened(parent: Element, name: str, title: str) -> Element:
    return etree.SubElement(
        parent, "qti-assessment-section", {"identifier": as_name(name), "title": title, "visible": "true"}
    )


def _filled(made: Element, section: Section, cell: BlueprintCell, bank: Bank, used: set[str]) -> None:
    items = list(cell.items) or [item.id for item in bank.items if _fits(item, section, cell)]
    if cell.count < len(items):
        etree.SubElement(made, "qti-selection", {"select": str(cell.count)})
    _ordered(made, section)
    for item in items:
        name, number = item, 1
        while name in used:
            number += 1
            name = f"{item}-{number}"
        used.add(name)
        etree.SubElement(
            made, "qti-assessment-item-ref", {"identifier": as_name(name), "href": f"../items/{item}.xml"}
        )


def _ordered(made: Element, section: Section) -> None:
    etree.SubElement(made, "qti-ordering", {"shuffle": "true" if section.order == "shuffled" else "false"})


def _fits(item: BankItem, section: Section, cell: BlueprintCell) -> bool:
    return (
        item.section == section.id and cell.topic in (None, item.topic) and cell.level in (None, item.level)
    )


def _seconds(ms: int) -> str:
    return f"{ms / 1000:.3f}".rstrip("0").rstrip(".")
