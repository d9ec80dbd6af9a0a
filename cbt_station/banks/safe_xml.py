"""XML from elsewhere into elements, for every reader of banks: no entity is resolved, nothing is loaded, nothing repaired.

lxml keeps its own bounds on depth and on the length of one text (`huge_tree=False`); how much a reader takes is its own
affair. Comments and processing instructions are left out: to a candidate they say nothing.
"""

from typing import Final, TypeAlias

from lxml import etree
from lxml.etree import _Element

Element: TypeAlias = _Element
"""An element: lxml has no public name for it."""


MOST_MARKS: Final = 1_500_000
"""Elements and attributes of one document: each takes a hundred bytes or more, however short it is written."""


class NotXml(Exception):
    """The bytes are no well-formed XML; `line` is where, 0 where nobody knows."""

    def __init__(self, problem: str, line: int) -> None:
        super().__init__(problem)
        self.problem, self.line = problem, line


def parse(data: bytes | str) -> Element:
    """The root element. Raises NotXml. An entity that was not resolved is still there: see `is_entity`."""
    less, equal = ("<", "=") if isinstance(data, str) else (b"<", b"=")
    if data.count(less) + data.count(equal) > MOST_MARKS:  # type: ignore[arg-type] # both of one kind
        raise NotXml(f"elements > {MOST_MARKS}", 0)
    try:
        return etree.fromstring(data, _parser())
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        problem = str(error).partition(" (<string>")[0]  # the place that only the parser knows
        raise NotXml(problem[:160], getattr(error, "lineno", 0) or 0) from error


def _parser() -> etree.XMLParser:
    """A new one each time: a parser keeps what it met."""
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
        strip_cdata=True,
    )


def is_entity(node: Element) -> bool:
    """Whether a node is an entity that was not resolved: a text that would be missing."""
    tag: object = node.tag  # a function for what is no element, which lxml's types do not say
    return tag is etree.Entity


def local_name(element: Element) -> str:
    """An element's name without its namespace, in lower case; empty for what is none (a comment, an entity)."""
    if not isinstance(element.tag, str):
        return ""
    # An HTML parser keeps the prefix as part of the name.
    return str(etree.QName(element).localname).rpartition(":")[2].lower()
