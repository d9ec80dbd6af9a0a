"""The ways of answering, on the screen: one module a kind, each by mouse, by keys alone, and by a screen reader.

A widget asks (`respond(value)`) and draws what the view says (`show_response`); it decides nothing and keeps nothing but
what is being typed or carried. `make` is the table from an interaction to its widget; a kind is loaded when a question first
has it, since a candidate may be waiting for the window.
"""

from importlib import import_module
from typing import Final

from cbt_station.exam.interactions import (
    AssociateInteraction,
    ChoiceInteraction,
    ChoicesInteraction,
    ExtendedTextInteraction,
    GapMatchInteraction,
    GraphicGapMatchInteraction,
    HotspotInteraction,
    HottextInteraction,
    InlineChoiceInteraction,
    MatchInteraction,
    NumberEntryInteraction,
    OrderInteraction,
    SelectPointInteraction,
    Simple,
    SliderInteraction,
    TextEntryInteraction,
)
from cbt_station.screens.item.interactions.base import InteractionWidget, Respond
from cbt_station.screens.look import Look
from cbt_station.screens.rich.media import Media

WIDGETS: Final[dict[type, tuple[str, str]]] = {
    ChoiceInteraction: ("choice", "ChoiceWidget"),
    ChoicesInteraction: ("choice", "ChoiceWidget"),
    InlineChoiceInteraction: ("inline_choice", "InlineChoiceWidget"),
    TextEntryInteraction: ("entry", "TextEntryWidget"),
    NumberEntryInteraction: ("entry", "NumberEntryWidget"),
    ExtendedTextInteraction: ("extended_text", "ExtendedTextWidget"),
    MatchInteraction: ("match", "MatchWidget"),
    AssociateInteraction: ("associate", "AssociateWidget"),
    OrderInteraction: ("ordering", "OrderWidget"),
    GapMatchInteraction: ("gap_match", "GapMatchWidget"),
    HottextInteraction: ("hottext", "HottextWidget"),
    HotspotInteraction: ("hotspot", "HotspotWidget"),
    GraphicGapMatchInteraction: ("graphic_gap_match", "GraphicGapMatchWidget"),
    SliderInteraction: ("slider", "SliderWidget"),
    SelectPointInteraction: ("select_point", "SelectPointWidget"),
}
"""Module and class of each."""


def make(
    look: Look, interaction: Simple, media: Media, order: tuple[str, ...] | None, respond: Respond
) -> InteractionWidget:
    """The widget of an interaction; `order` is the form's order of its options, None for the item's own."""
    module, name = WIDGETS[type(interaction)]
    widget = getattr(import_module(f"{__name__}.{module}"), name)
    made: InteractionWidget = widget(look, interaction, media, order, respond)
    return made
