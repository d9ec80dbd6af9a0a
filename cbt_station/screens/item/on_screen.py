"""An item as it goes from a station, or from an open bank, to the screen."""

from msgspec import Struct

from cbt_station.exam.item import ShownItem, Stimulus


class OnScreen(Struct, frozen=True):
    """An item with everything that is needed to draw it."""

    shown: ShownItem
    stimulus: Stimulus | None
    media: dict[str, bytes]
