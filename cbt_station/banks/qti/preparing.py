"""An item's elements made ready to be read: what no candidate sees in an exam is taken out and kept for its reviewers.

Feedback is shown after an attempt, and by QTI's own default never once the test is over; a rubric for scorers is not for
candidates at all. Their words go into the item's note. What would be seen before any attempt (a feedback element whose
condition holds from the start, a rubric for candidates) belongs to the stem and stays.
"""

from typing import Final

from lxml import etree

from cbt_station.banks.foreign import QuestionRefused, remark
from cbt_station.banks.html import fragment
from cbt_station.banks.qti import attributes as of
from cbt_station.banks.qti.markup import below, children, first, words
from cbt_station.banks.qti.names import local, qti2
from cbt_station.banks.qti.page import Page, cut
from cbt_station.banks.safe_xml import Element

_READ: Final = frozenset(
    [
        "response-declaration",
        "outcome-declaration",
        "template-declaration",
        "template-processing",
        "response-processing",
        "context-declaration",
        "item-body",
        "assessment-stimulus-ref",
    ]
)
"""Children of an item that others read."""
MOST_PAGE: Final = 256 << 10
_MORE_THAN_WORDS: Final = frozenset(["img", "object", "audio", "video", "svg", "include"])


def prepare(root: Element, body: Element, page: Page) -> None:
    """Take apart what candidates see and what they do not."""
    for element in list(below(root, "feedback-inline", "feedback-block", "modal-feedback")):
        _feedback(root, element, page)
    for element in [*below(body, "rubric-block"), *children(root, "rubric-block")]:
        _rubric(element, page)
    for element in list(below(body, "info-control")):
        _info_control(element, page)
    for element in [*below(body, "catalog-info"), *children(root, "catalog-info")]:
        page.lose("catalogInfo")  # for candidates who need it: nobody else sees it, and ours do not get it
        page.keep("catalogInfo", page.words(element))
        cut(element)
    for element in list(below(body, "stylesheet")):
        page.hint(f"stylesheet {of.text(element, 'href').rpartition('/')[2][:40]}")
        cut(element)
    for element in list(below(body, "object")):
        if of.text(element, "type").lower() == "text/html":
            _in_place(element, page)
    for element in list(below(body, "content-body")):
        element.tag = "div"
    for element in list(children(root)):
        if local(element) not in _READ:
            _beside_the_body(element, page)
    for element in list(below(body, "prompt")):
        _before_its_interaction(element)


def _before_its_interaction(prompt: Element) -> None:
    """A prompt reads as the last part of the stem before the place of its interaction."""
    interaction = prompt.getparent()
    around = interaction.getparent() if interaction is not None else None
    if interaction is None or around is None or not local(interaction).endswith("-interaction"):
        prompt.tag = "div"
        return
    cut(prompt)
    prompt.tag, prompt.tail = "div", None
    around.insert(around.index(interaction), prompt)


def _in_place(element: Element, page: Page) -> None:
    """A page of its own that is shown within the item stands there as its words."""
    data = page.file(of.text(element, "data"))
    if len(data) > MOST_PAGE:
        raise QuestionRefused(remark("content-too-much", what="text", most=MOST_PAGE))
    tail = element.tail
    inside = fragment(data.decode("utf-8", "replace"))
    element.clear()
    element.tag, element.tail, element.text = "div", tail, inside.text
    element.extend(list(inside))


def _feedback(root: Element, element: Element, page: Page) -> None:
    name, outcome = qti2(local(element)), of.text(element, "outcome-identifier")
    within = "span" if local(element) == "feedback-inline" else "div"
    if local(element) != "modal-feedback" and is_shown_from_the_start(root, element):
        element.tag = within
        return
    condition = (
        f"{outcome}{'≠' if of.text(element, 'show-hide') == 'hide' else '='}{of.text(element, 'identifier')}"
    )
    _keep(element, f"{name} {condition}", page)
    page.remark(remark("feedback-kept"))
    cut(element)


def is_shown_from_the_start(root: Element, element: Element) -> bool:
    """Whether feedback's condition holds for the values that outcomes begin with."""
    outcome, identifier = of.text(element, "outcome-identifier"), of.text(element, "identifier")
    begin: list[str] = []
    for declared in children(root, "outcome-declaration"):
        default = first(declared, "default-value")
        if of.text(declared, "identifier") == outcome and default is not None:
            begin = [words(value) for value in children(default, "value")]
    return (identifier in begin) != (of.text(element, "show-hide", "show") == "hide")


def _rubric(element: Element, page: Page) -> None:
    views = of.text(element, "view", "candidate").split()
    parent = element.getparent()
    if "candidate" in views and parent is not None and local(parent) == "assessment-item":
        return  # beside the body nothing is shown: a loss by its name
    if "candidate" in views:
        element.tag = "div"
        return
    _keep(element, f"rubricBlock {' '.join(views)}", page)
    if words(element):
        page.remark(remark("qti-rubric-kept"))
    cut(element)


def _info_control(element: Element, page: Page) -> None:
    """A program of another's (a calculator, a ruler) is a tool; what is read at a click is lost, and kept in the note."""
    title = of.text(element, "title")
    if first(element, "portable-info-control") is not None:
        page.keep("infoControl", title or "–")
        page.remark(remark("qti-tool", what="infoControl", said=title[:60]))
    else:
        page.lose("infoControl", title[:40])
        _keep(element, f"infoControl {title}".strip(), page)
    cut(element)


def _keep(element: Element, heading: str, page: Page) -> None:
    """The words of an element as a note, formulas and tables as they read. What cannot be words is a named loss."""
    more = sorted({local(one) for one in element.iterdescendants(etree.Element)} & _MORE_THAN_WORDS)
    if more:
        page.lose(heading.split(" ", maxsplit=1)[0], ", ".join(more))
    page.keep(heading, page.words(element))


def _beside_the_body(element: Element, page: Page) -> None:
    name = local(element)
    if name == "stylesheet":
        page.hint(f"stylesheet {of.text(element, 'href').rpartition('/')[2][:40]}")
    elif name == "companion-materials-info":
        for tool in children(element):
            said = words(tool)
            page.keep(qti2(local(tool)), said or "–")
            page.remark(remark("qti-tool", what=qti2(local(tool)), said=said[:60]))
    elif len(element) or words(element):
        page.lose(qti2(name))
