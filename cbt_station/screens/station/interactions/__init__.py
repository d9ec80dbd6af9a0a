"""The ways of answering, on the screen: one module a kind, each by mouse, by keys alone, and by a screen reader.

A widget asks (`respond(value)`) and draws what the view says (`show_response`); it decides nothing and keeps nothing but
what is being typed or carried. `make` is the table from an interaction to its widget.
"""

from typing import Any, Final

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
from cbt_station.screens.look import Look
from cbt_station.screens.media import Media
from cbt_station.screens.station.interactions.associate import AssociateWidget
from cbt_station.screens.station.interactions.base import InteractionWidget, Respond
from cbt_station.screens.station.interactions.choice import ChoiceWidget
from cbt_station.screens.station.interactions.entry import NumberEntryWidget, TextEntryWidget
from cbt_station.screens.station.interactions.extended_text import ExtendedTextWidget
from cbt_station.screens.station.interactions.gap_match import GapMatchWidget
from cbt_station.screens.station.interactions.graphic_gap_match import GraphicGapMatchWidget
from cbt_station.screens.station.interactions.hotspot import HotspotWidget
from cbt_station.screens.station.interactions.hottext import HottextWidget
from cbt_station.screens.station.interactions.inline_choice import InlineChoiceWidget
from cbt_station.screens.station.interactions.match import MatchWidget
from cbt_station.screens.station.interactions.ordering import OrderWidget
from cbt_station.screens.station.interactions.select_point import SelectPointWidget
from cbt_station.screens.station.interactions.slider import SliderWidget

_WIDGETS: Final[dict[type, Any]] = {
    ChoiceInteraction: ChoiceWidget,
    ChoicesInteraction: ChoiceWidget,
    InlineChoiceInteraction: InlineChoiceWidget,
    TextEntryInteraction: TextEntryWidget,
    NumberEntryInteraction: NumberEntryWidget,
    ExtendedTextInteraction: ExtendedTextWidget,
    MatchInteraction: MatchWidget,
    AssociateInteraction: AssociateWidget,
    OrderInteraction: OrderWidget,
    GapMatchInteraction: GapMatchWidget,
    HottextInteraction: HottextWidget,
    HotspotInteraction: HotspotWidget,
    GraphicGapMatchInteraction: GraphicGapMatchWidget,
    SliderInteraction: SliderWidget,
    SelectPointInteraction: SelectPointWidget,
}


def make(
    look: Look, interaction: Simple, media: Media, order: tuple[str, ...] | None, respond: Respond
) -> InteractionWidget:
    """The widget of an interaction; `order` is the form's order of its options, None for the item's own."""
    made: InteractionWidget = _WIDGETS[type(interaction)](look, interaction, media, order, respond)
    return made
