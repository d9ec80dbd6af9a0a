"""Pictures that are answered on: their places outlined and named, or only framed."""

from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from cbt_station.banks.booklet import drawings, faces
from cbt_station.banks.booklet.ink import BLACK, FAINT, Ink
from cbt_station.banks.booklet.setting import Setting
from cbt_station.banks.booklet.slabs import MOST_HEIGHT, Slab
from cbt_station.exam.content import Picture

_TALLEST: Final = 0.5
_HALO: Final = "#ffffff"
_BOLD: Final = (True, False, False)


class Place(Protocol):
    """A spot, or an area of a rule."""

    @property
    def shape(self) -> str: ...

    @property
    def coords(self) -> tuple[int, ...]: ...


class _Named(Place, Protocol):
    @property
    def id(self) -> str: ...


def outlined(picture: Picture, spots: Sequence[_Named], names: Mapping[str, str], setting: Setting) -> Slab:
    """The picture in a thin frame, each spot with its outline and its name."""
    return with_places(picture, [(spot, names.get(spot.id, "")) for spot in spots], setting)


def with_places(
    picture: Picture, places: Sequence[tuple[Place, str]], setting: Setting, most: float = _TALLEST
) -> Slab:
    """The same for places that have no ids."""
    drawing = drawings.picture(picture.media, picture.width, picture.height, setting, most * MOST_HEIGHT)
    by = drawing.width / picture.width

    def draw(ink: Ink, x: float, y: float) -> None:
        drawing.draw(ink, x, y + drawing.height)
        ink.box(x, y, drawing.width, drawing.height, stroke=FAINT, line=0.5)

        def outlines(ink: Ink, x: float, y: float) -> None:
            for place, _ in places:
                for colour, line in ((_HALO, 2.6), (BLACK, 1.0)):  # seen on dark pictures too
                    _outline(ink, place, x, y, by, colour, line)

        ink.clipped(x, y, drawing.width, drawing.height, outlines)
        for place, name in places:
            if place.shape != "default":
                across, down = _middle(place, by)
                at = min(max(across, 0), drawing.width), min(max(down, 0), drawing.height)
                _tag(ink, x + at[0], y + at[1], name, setting.size)

    return Slab(drawing.height, draw)


def _outline(ink: Ink, place: Place, x: float, y: float, by: float, colour: str, line: float) -> None:
    at = [coordinate * by for coordinate in place.coords]
    if place.shape == "rect":
        ink.box(x + at[0], y + at[1], at[2] - at[0], at[3] - at[1], stroke=colour, line=line)
    elif place.shape in ("circle", "ellipse"):
        ink.oval(x + at[0], y + at[1], at[2], at[-1], stroke=colour, line=line)
    elif place.shape == "poly":
        corners = [(x + at[i], y + at[i + 1]) for i in range(0, len(at) - 1, 2)]
        ink.polygon(corners, stroke=colour, line=line)


def _middle(place: Place, by: float) -> tuple[float, float]:
    at = place.coords
    if place.shape in ("circle", "ellipse"):
        return at[0] * by, at[1] * by
    across, down = at[0::2], at[1::2]
    return (min(across) + max(across)) / 2 * by, (min(down) + max(down)) / 2 * by


def _tag(ink: Ink, x: float, y: float, name: str, size: float) -> None:
    if not name:
        return
    ((font, text), *_) = faces.font_runs(name, _BOLD)
    wide = faces.width(text, font, size)
    ink.oval(x, y, max(size * 0.72, wide / 2 + 3), size * 0.72, fill="#ffffff", line=0.8)
    ink.text(x - wide / 2, y + size * 0.34, text, font, size)
