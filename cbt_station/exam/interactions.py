"""The ways in which an item is answered: fourteen interactions of QTI 3 (and the number entry), each a frozen value.

A response is what a candidate gave to one interaction, in QTI's lexical forms: an identifier, "A B" for a pair, "x y"
for a point, the plain decimal text of a number, or what was typed. An interaction that takes one value has a `str`,
one that takes several a tuple of them in the order given; nothing given is no response at all, never an empty one.
An item with one interaction is answered by its response (whose id is `RESPONSE`); a composite item by a mapping from
response ids to responses. `exam.responding` says what is a good response.

Counts named `most` are the most that may be given, 0 for any number; `least` what must be given to be complete.
Lengths in pictures are in pixels of the picture at 100 %.
"""

from collections.abc import Iterator
from typing import Final, Literal, TypeAlias

from msgspec import Struct

from cbt_station.exam.content import Blocks, Picture

RESPONSE: Final = "RESPONSE"
OptionId: TypeAlias = str
ResponseId: TypeAlias = str
Value: TypeAlias = str | tuple[str, ...]
Response: TypeAlias = str | tuple[str, ...] | dict[ResponseId, Value]
"""An answer to an item: one value, several in the order given, or (composite items) one of these for each response id."""


class Option(Struct, frozen=True, forbid_unknown_fields=True):
    """One choice."""

    id: OptionId
    content: Blocks
    fixed: bool = False
    """Keeps its place when the others are shuffled ("all of the above")."""


class Associable(Struct, frozen=True, forbid_unknown_fields=True):
    """A choice that is put together with others, in at most `most` pairs (0: any number)."""

    id: OptionId
    content: Blocks
    fixed: bool = False
    most: int = 1
    least: int = 0


class Spot(Struct, frozen=True, forbid_unknown_fields=True):
    """A place in a picture. `coords` as QTI has them: rect l,t,r,b; circle x,y,r; ellipse x,y,h,v; poly x1,y1,x2,y2 ….

    `label` names it for a screen reader and for the list of places beside the picture. `most` as for an `Associable`.
    """

    id: OptionId
    shape: Literal["rect", "circle", "ellipse", "poly", "default"]
    coords: tuple[int, ...]
    label: str
    most: int = 1


class ChoiceInteraction(Struct, frozen=True, forbid_unknown_fields=True, tag="choice", tag_field="is"):
    """QTI's choiceInteraction with one choice; `shuffle` off keeps every option's place."""

    options: tuple[Option, ...]
    shuffle: bool = True


class ChoicesInteraction(Struct, frozen=True, forbid_unknown_fields=True, tag="choices", tag_field="is"):
    """QTI's choiceInteraction with several choices: a set of option ids."""

    options: tuple[Option, ...]
    shuffle: bool = True
    least: int = 0
    most: int = 0


class InlineChoiceInteraction(
    Struct, frozen=True, forbid_unknown_fields=True, tag="inline-choice", tag_field="is"
):
    """One choice from a list that opens within a sentence, where the content has its `Slot`."""

    options: tuple[Option, ...]
    shuffle: bool = True


class TextEntryInteraction(Struct, frozen=True, forbid_unknown_fields=True, tag="text", tag_field="is"):
    """A short text typed within a sentence; `width` in characters, at most `most_characters`."""

    width: int = 20
    most_characters: int = 200
    pattern: str = ""
    """What the text must look like, for the hint only; never used to judge."""


class NumberEntryInteraction(Struct, frozen=True, forbid_unknown_fields=True, tag="number", tag_field="is"):
    """A number typed within a sentence; comma and point both part the decimals, the response has a point."""

    width: int = 10
    most_characters: int = 40


class ExtendedTextInteraction(
    Struct, frozen=True, forbid_unknown_fields=True, tag="extended-text", tag_field="is"
):
    """A long text, marked by hand."""

    lines: int = 6
    most_characters: int = 10_000
    least_characters: int = 0


class MatchInteraction(Struct, frozen=True, forbid_unknown_fields=True, tag="match", tag_field="is"):
    """Rows put together with columns: pairs "row column". The form orders the rows."""

    rows: tuple[Associable, ...]
    columns: tuple[Associable, ...]
    shuffle: bool = True
    least: int = 0
    most: int = 0


class AssociateInteraction(Struct, frozen=True, forbid_unknown_fields=True, tag="associate", tag_field="is"):
    """Options of one set put together two by two: pairs "a b" without a direction."""

    options: tuple[Associable, ...]
    shuffle: bool = True
    least: int = 0
    most: int = 0


class OrderInteraction(Struct, frozen=True, forbid_unknown_fields=True, tag="order", tag_field="is"):
    """Options put into an order: their ids from first to last (all of them where `most` is 0)."""

    options: tuple[Option, ...]
    shuffle: bool = True
    least: int = 0
    most: int = 0


class GapMatchInteraction(Struct, frozen=True, forbid_unknown_fields=True, tag="gap-match", tag_field="is"):
    """Options put into the gaps of a text (`Slot`s of `content` by gap id): pairs "option gap"; a gap holds one."""

    content: Blocks
    gaps: tuple[str, ...]
    options: tuple[Associable, ...]
    shuffle: bool = True


class HottextInteraction(Struct, frozen=True, forbid_unknown_fields=True, tag="hottext", tag_field="is"):
    """Words of a text (`Hot` runs of `content`) that are chosen: a set of their ids."""

    content: Blocks
    least: int = 0
    most: int = 1


class HotspotInteraction(Struct, frozen=True, forbid_unknown_fields=True, tag="hotspot", tag_field="is"):
    """Places of a picture that are chosen: a set of their ids."""

    picture: Picture
    spots: tuple[Spot, ...]
    least: int = 0
    most: int = 1


class GraphicGapMatchInteraction(
    Struct, frozen=True, forbid_unknown_fields=True, tag="graphic-gap-match", tag_field="is"
):
    """Options put onto places of a picture: pairs "option spot"."""

    picture: Picture
    spots: tuple[Spot, ...]
    options: tuple[Associable, ...]
    shuffle: bool = True


class SliderInteraction(Struct, frozen=True, forbid_unknown_fields=True, tag="slider", tag_field="is"):
    """A number set on a scale: low, low + step … high, as plain decimal texts."""

    low: str
    high: str
    step: str = "1"
    vertical: bool = False
    reverse: bool = False


class SelectPointInteraction(
    Struct, frozen=True, forbid_unknown_fields=True, tag="select-point", tag_field="is"
):
    """Points of a picture: "x y" in whole pixels."""

    picture: Picture
    least: int = 0
    most: int = 1


Simple: TypeAlias = (
    ChoiceInteraction
    | ChoicesInteraction
    | InlineChoiceInteraction
    | TextEntryInteraction
    | NumberEntryInteraction
    | ExtendedTextInteraction
    | MatchInteraction
    | AssociateInteraction
    | OrderInteraction
    | GapMatchInteraction
    | HottextInteraction
    | HotspotInteraction
    | GraphicGapMatchInteraction
    | SliderInteraction
    | SelectPointInteraction
)


class Composite(Struct, frozen=True, forbid_unknown_fields=True, tag="composite", tag_field="is"):
    """Several interactions in one item, by response id. The stem's `Slot`s and `Place`s say where each stands.

    Nothing of a composite is shuffled: a form orders one list of options an item.
    """

    parts: dict[ResponseId, Simple]


Interaction: TypeAlias = Simple | Composite
INLINE: Final = (InlineChoiceInteraction, TextEntryInteraction, NumberEntryInteraction)
"""These stand within a line, at their `Slot`; all others are blocks."""


def parts_of(interaction: Interaction) -> dict[ResponseId, Simple]:
    """The interactions of an item by response id; an item with one has `RESPONSE`."""
    return interaction.parts if isinstance(interaction, Composite) else {RESPONSE: interaction}


def ordered_options(interaction: Interaction) -> tuple[Option | Associable, ...]:
    """The options whose order a form says; none where it orders nothing."""
    if isinstance(interaction, MatchInteraction):
        return interaction.rows
    if isinstance(interaction, Composite | HottextInteraction | HotspotInteraction):
        return ()
    return tuple(getattr(interaction, "options", ()))


def is_shuffled(interaction: Interaction) -> bool:
    """Whether a draw may change the order of `ordered_options`."""
    return bool(getattr(interaction, "shuffle", True))


def contents_of(interaction: Interaction) -> Iterator[Blocks]:
    """Every piece of content that an interaction shows, its picture as a block of its own."""
    for part in parts_of(interaction).values():
        if isinstance(part, GapMatchInteraction | HottextInteraction):
            yield part.content
        if isinstance(part, HotspotInteraction | GraphicGapMatchInteraction | SelectPointInteraction):
            yield (part.picture,)
        if isinstance(part, MatchInteraction):
            yield from (option.content for option in (*part.rows, *part.columns))
        elif not isinstance(part, HottextInteraction):
            yield from (option.content for option in getattr(part, "options", ()))
