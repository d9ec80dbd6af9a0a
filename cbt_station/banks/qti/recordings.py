"""Recordings that may be played so often: QTI's media interaction, which asks nothing but counts how often it was played.

Where no rule looks at that count, the recording is a part of what is read, with the same limit of plays. A film, a count
that is scored, or an item that asks nothing else stays an interaction that we do not have.
"""

from typing import Final

from lxml import etree

from cbt_station.banks.qti import attributes as of
from cbt_station.banks.qti.markup import below, children, named_by_rules, words
from cbt_station.banks.qti.names import local
from cbt_station.banks.qti.page import Page
from cbt_station.banks.safe_xml import Element

MEDIA: Final = "media-interaction"
MOST_PLAYS: Final = 99


def recordings_as_content(root: Element, body: Element, page: Page) -> None:
    """Turn media interactions into the recordings that they show, as far as that says all of them."""
    others = [
        one
        for one in body.iterdescendants(etree.Element)
        if local(one).endswith("-interaction") and local(one) != MEDIA
    ]
    scored, counted = named_by_rules(root), set()
    for element in list(below(body, MEDIA)) if others else ():
        audio = _recording(element)
        name, plays = of.text(element, "response-identifier"), of.count(element, "max-plays", 0)
        if audio is None or name in scored or plays > MOST_PLAYS or element.get("coords"):
            continue
        _name_losses(element, page)
        _as_audio(audio, plays)
        element.tag = "div"
        element.attrib.clear()
        counted.add(name)
    for declared in list(children(root, "response-declaration")):
        if declared.get("identifier") in counted:
            root.remove(declared)


def _recording(element: Element) -> Element | None:
    held = [one for one in element.iterchildren(etree.Element) if local(one) in ("object", "audio", "video")]
    if len(held) != 1 or local(held[0]) == "video":
        return None
    is_audio = local(held[0]) == "audio" or of.text(held[0], "type").lower().startswith("audio/")
    return held[0] if is_audio else None


def _name_losses(element: Element, page: Page) -> None:
    if of.count(element, "min-plays", 0):
        page.lose("mediaInteraction", f"minPlays={of.text(element, 'min-plays')}")
    if of.truth(element, "loop"):
        page.lose("mediaInteraction", "loop=true")
    if of.truth(element, "autostart"):
        page.hint("mediaInteraction autostart")


def _as_audio(element: Element, plays: int) -> None:
    if local(element) == "object":
        said = of.text(element, "aria-label") or of.text(element, "title") or words(element)
        source, tail = of.text(element, "data"), element.tail
        element.clear()
        element.tag, element.tail = "audio", tail
        element.set("src", source)
        element.set("aria-label", said)
    if plays:
        element.set("data-max-plays", str(plays))
