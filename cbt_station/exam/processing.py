"""Response processing as QTI defines it, as data: declarations of variables, and rules as a tree of named nodes.

`Node` mirrors QTI 3's element names without their "qti-" (`set-outcome-value`, `response-condition`, `match`, …), its
attributes by their QTI 3 names, its text as `value`. Values stay in QTI's lexical forms until they are used.
Source: 1EdTech, QTI 3.0 Assessment, Section and Item Information Model, chapters on processing.
"""

from decimal import Decimal
from typing import Literal, TypeAlias

from msgspec import Struct

Cardinality: TypeAlias = Literal["single", "multiple", "ordered", "record"]
BaseType: TypeAlias = Literal[
    "identifier", "boolean", "integer", "float", "string", "point", "pair", "directedPair", "duration", "uri"
]


class Node(Struct, frozen=True, forbid_unknown_fields=True):
    """One rule or expression with its operands."""

    op: str
    of: tuple["Node", ...] = ()
    args: dict[str, str] = {}
    value: str = ""


class MapEntry(Struct, frozen=True, forbid_unknown_fields=True):
    """What one value of a response is worth."""

    key: str
    worth: Decimal
    case_sensitive: bool = True


class Mapping(Struct, frozen=True, forbid_unknown_fields=True):
    """From values to a number: their worths summed, `default` for a value without an entry, within the bounds."""

    entries: tuple[MapEntry, ...]
    default: Decimal = Decimal(0)
    lower: Decimal | None = None
    upper: Decimal | None = None


class AreaEntry(Struct, frozen=True, forbid_unknown_fields=True):
    """What a point within an area is worth; shape and coordinates as those of a `Spot`."""

    shape: Literal["rect", "circle", "ellipse", "poly", "default"]
    coords: tuple[int, ...]
    worth: Decimal


class AreaMapping(Struct, frozen=True, forbid_unknown_fields=True):
    """From points to a number: each area counts once."""

    entries: tuple[AreaEntry, ...]
    default: Decimal = Decimal(0)
    lower: Decimal | None = None
    upper: Decimal | None = None


class ResponseDeclaration(Struct, frozen=True, forbid_unknown_fields=True):
    """A response variable: its kind, and what its correct value and its mapping are where it has them."""

    cardinality: Cardinality
    base: BaseType
    correct: tuple[str, ...] | None = None
    mapping: Mapping | None = None
    areas: AreaMapping | None = None


class LookupEntry(Struct, frozen=True, forbid_unknown_fields=True):
    """A row of a lookup table: for a match table `source` is the whole number, for an interpolation table the least."""

    source: Decimal
    target: str
    included: bool = True


class Lookup(Struct, frozen=True, forbid_unknown_fields=True):
    """A table from a number to a value."""

    kind: Literal["match", "interpolation"]
    entries: tuple[LookupEntry, ...]
    default: str | None = None


class OutcomeDeclaration(Struct, frozen=True, forbid_unknown_fields=True):
    """An outcome variable and the value it begins with."""

    cardinality: Cardinality
    base: BaseType
    default: tuple[str, ...] | None = None
    lookup: Lookup | None = None


class Processing(Struct, frozen=True, forbid_unknown_fields=True, tag="processing", tag_field="is"):
    """An item's whole way from responses to outcomes. `score` names the outcome that is its score; `most` its highest."""

    responses: dict[str, ResponseDeclaration]
    outcomes: dict[str, OutcomeDeclaration]
    rules: tuple[Node, ...]
    most: Decimal
    score: str = "SCORE"
