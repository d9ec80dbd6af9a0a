"""The kinds of interaction as an author names them: what each has in its head and in its body, and back.

A head says what is the same in every language (`interaction`, `least`, `spots` …), a body what is read: options and
targets as lists, a picture, a text with gaps or hot words. `build` puts both together for one language; `settings_of`
and `body_of` take an interaction apart again, and hold for each kind that `build` of them is the same interaction.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from cbt_station.exam import interactions as kinds
from cbt_station.exam.content import Blocks, Hot, Picture, every
from cbt_station.exam.interactions import Associable, Option, Simple, Spot

Layout: TypeAlias = tuple[Literal["text", "picture", "options", "targets"], ...]
Shape: TypeAlias = Literal["rect", "circle", "ellipse", "poly", "default"]


@dataclass(frozen=True)
class SpotPlace:
    """Where a spot lies: the same in every language."""

    shape: Shape
    coords: tuple[int, ...]

    def __str__(self) -> str:
        return " ".join([self.shape, *map(str, self.coords)])


@dataclass(frozen=True)
class Head:
    """What the head says of one interaction beside the settings of its kind."""

    kind: str = "choice"
    fixed: tuple[str, ...] = ()
    shuffle: bool = True
    most_each: Mapping[str, int] = field(default_factory=dict)
    least_each: Mapping[str, int] = field(default_factory=dict)
    spots: Mapping[str, SpotPlace] = field(default_factory=dict)


@dataclass(frozen=True)
class Body:
    """What the body says of one interaction, in one language; gaps in the order in which they are read."""

    options: dict[str, Blocks] = field(default_factory=dict)
    targets: dict[str, Blocks] = field(default_factory=dict)
    text: Blocks = ()
    gaps: tuple[str, ...] = ()
    picture: Picture | None = None


@dataclass(frozen=True)
class Setting:
    """One setting: the field of the interaction, its kind of value, and what it is where the head is silent."""

    field: str
    value: Literal["count", "number", "yes", "text"]
    default: Any = None
    """None: it must be said."""


@dataclass(frozen=True)
class Kind:
    """One kind of interaction."""

    type: type[Simple]
    layout: Layout = ()
    settings: Mapping[str, Setting] = field(default_factory=dict)
    most_each: tuple[int, int] | None = None
    """How often an option and a target may be used where the head is silent; None where nothing is put together."""
    shuffles: bool = False
    inline: bool = False
    least_options: int = 1


def _counts(least: int = 0, most: int = 0) -> dict[str, Setting]:
    return {"least": Setting("least", "count", least), "most": Setting("most", "count", most)}


KINDS: Final[dict[str, Kind]] = {
    "choice": Kind(kinds.ChoiceInteraction, ("options",), shuffles=True, least_options=2),
    "choices": Kind(kinds.ChoicesInteraction, ("options",), _counts(), shuffles=True),
    "inline-choice": Kind(kinds.InlineChoiceInteraction, ("options",), shuffles=True, inline=True),
    "text": Kind(
        kinds.TextEntryInteraction,
        settings={
            "width": Setting("width", "count", 20),
            "most-characters": Setting("most_characters", "count", 200),
            "pattern": Setting("pattern", "text", ""),
        },
        inline=True,
    ),
    "number": Kind(
        kinds.NumberEntryInteraction,
        settings={
            "width": Setting("width", "count", 10),
            "most-characters": Setting("most_characters", "count", 40),
        },
        inline=True,
    ),
    "extended-text": Kind(
        kinds.ExtendedTextInteraction,
        settings={
            "lines": Setting("lines", "count", 6),
            "most-characters": Setting("most_characters", "count", 10_000),
            "least-characters": Setting("least_characters", "count", 0),
        },
    ),
    "match": Kind(kinds.MatchInteraction, ("options", "targets"), _counts(), most_each=(1, 0), shuffles=True),
    "associate": Kind(kinds.AssociateInteraction, ("options",), _counts(), most_each=(1, 1), shuffles=True),
    "order": Kind(kinds.OrderInteraction, ("options",), _counts(), shuffles=True),
    "gap-match": Kind(kinds.GapMatchInteraction, ("text", "options"), most_each=(1, 1), shuffles=True),
    "hottext": Kind(kinds.HottextInteraction, ("text",), _counts(0, 1)),
    "hotspot": Kind(kinds.HotspotInteraction, ("picture", "options"), _counts(0, 1), most_each=(1, 1)),
    "graphic-gap-match": Kind(
        kinds.GraphicGapMatchInteraction,
        ("picture", "options", "targets"),
        most_each=(1, 1),
        shuffles=True,
    ),
    "slider": Kind(
        kinds.SliderInteraction,
        settings={
            "low": Setting("low", "number"),
            "high": Setting("high", "number"),
            "step": Setting("step", "number", "1"),
            "vertical": Setting("vertical", "yes", False),
            "reverse": Setting("reverse", "yes", False),
        },
    ),
    "select-point": Kind(kinds.SelectPointInteraction, ("picture",), _counts(0, 1)),
}
"""By the name in `interaction:`."""

STEMLESS: Final = (
    "gap-match",
    "hottext",
    "match",
    "associate",
    "order",
    "hotspot",
    "graphic-gap-match",
    "select-point",
)
"""Kinds whose own text or picture may be all that is read."""
SPOTTED: Final = {"hotspot": "options", "graphic-gap-match": "targets"}
"""Which list of the body labels the spots of the picture."""
NAMES: Final[dict[type[Simple], str]] = {kind.type: name for name, kind in KINDS.items()}


def kind_of(interaction: Simple) -> str:
    """The name of an interaction's kind."""
    return NAMES[type(interaction)]


def settings_of(interaction: Simple) -> dict[str, Any]:
    """Every setting of an interaction that is not its kind's default, by its name in the head."""
    found = {}
    for name, setting in KINDS[kind_of(interaction)].settings.items():
        value = getattr(interaction, setting.field)
        if value != setting.default:
            found[name] = value
    return found


def build(head: Head, values: Mapping[str, Any], body: Body, label: Callable[[Blocks], str]) -> Simple:
    """The interaction of a head (with its settings as values, by field) and a body. `label` reads a spot's label."""
    kind = KINDS[head.kind]
    given: dict[str, Any] = dict(values)
    if kind.shuffles:
        given["shuffle"] = head.shuffle
    if "picture" in kind.layout:
        given["picture"] = body.picture
    if "text" in kind.layout:
        given["content"] = body.text
    if head.kind == "gap-match":
        given["gaps"] = body.gaps
    if head.kind in SPOTTED:
        labels = body.options if SPOTTED[head.kind] == "options" else body.targets
        given["spots"] = tuple(
            Spot(name, place.shape, place.coords, label(labels.get(name, ())), head.most_each.get(name, 1))
            for name, place in head.spots.items()
        )
    if head.kind == "match":
        given["rows"] = _associables(head, body.options, 0)
        given["columns"] = _associables(head, body.targets, 1)
    elif head.kind != "hotspot" and "options" in kind.layout:
        given["options"] = (
            _associables(head, body.options, 0)
            if kind.most_each
            else tuple(Option(name, content, name in head.fixed) for name, content in body.options.items())
        )
    return kind.type(**given)


def _associables(head: Head, contents: dict[str, Blocks], side: int) -> tuple[Associable, ...]:
    default = (KINDS[head.kind].most_each or (1, 1))[side]
    return tuple(
        Associable(
            name,
            content,
            name in head.fixed,
            head.most_each.get(name, default),
            head.least_each.get(name, 0),
        )
        for name, content in contents.items()
    )


def head_of(interaction: Simple) -> Head:
    """What the head must say of an interaction beside `settings_of`."""
    name = kind_of(interaction)
    sides = (
        *((one, 0) for one in _offered(interaction)),
        *((one, 1) for one in getattr(interaction, "columns", ())),
    )
    defaults = KINDS[name].most_each
    spots: tuple[Spot, ...] = getattr(interaction, "spots", ())
    most = {
        one.id: one.most
        for one, side in sides
        if isinstance(one, Associable) and one.most != (defaults or (1, 1))[side]
    }
    return Head(
        kind=name,
        fixed=tuple(one.id for one, _ in sides if one.fixed),
        shuffle=bool(getattr(interaction, "shuffle", True)),
        most_each=most | {spot.id: spot.most for spot in spots if spot.most != 1},
        least_each={one.id: one.least for one, _ in sides if isinstance(one, Associable) and one.least},
        spots={spot.id: SpotPlace(spot.shape, spot.coords) for spot in spots},
    )


def body_of(interaction: Simple, labelled: Callable[[str], Blocks]) -> Body:
    """What the body must say of an interaction. `labelled` makes content of a spot's label."""
    labels = {spot.id: labelled(spot.label) for spot in getattr(interaction, "spots", ())}
    name = kind_of(interaction)
    options = {one.id: one.content for one in _offered(interaction)}
    targets = {one.id: one.content for one in getattr(interaction, "columns", ())}
    return Body(
        options=labels if SPOTTED.get(name) == "options" else options,
        targets=labels if SPOTTED.get(name) == "targets" else targets,
        text=getattr(interaction, "content", ()),
        gaps=getattr(interaction, "gaps", ()),
        picture=getattr(interaction, "picture", None),
    )


def _offered(interaction: Simple) -> tuple[Option | Associable, ...]:
    rows: tuple[Associable, ...] = getattr(interaction, "rows", ())
    return rows or tuple(getattr(interaction, "options", ()))


def ids_of(interaction: Simple) -> tuple[tuple[str, ...], ...]:
    """Every id of an interaction, list by list: what must be the same in every language. Gaps and hot words may stand
    in another order there.
    """
    return (
        tuple(one.id for one in _offered(interaction)),
        tuple(one.id for one in getattr(interaction, "columns", ())),
        tuple(spot.id for spot in getattr(interaction, "spots", ())),
        tuple(sorted(getattr(interaction, "gaps", ()))),
        tuple(sorted(hot.id for hot in every(Hot, getattr(interaction, "content", ())))),
    )
