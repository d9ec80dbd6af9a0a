"""What goes over HTTP between a tree and the centre. Files travel as they are; only lists and failures have a type.

    PUT /sync/offer        Offer -> Answer: "here is my list; send me what you lack"
    PUT /tree/NAME         a file by its name in the tree -> 200 or 201 with the note's proof, 204 for a sealed file
    GET /proof/ID          the proof of a registered note
    anything else          Said, with the status of its kind

All of it may be repeated. JSON by msgspec, strict; every list is bounded.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from cbt_station.errors import Failure

MOST_OFFERED = 2000
MOST_JSON = 1 << 20
JSON = "application/json"
PROOF = "application/octet-stream"
Name = Annotated[str, Meta(max_length=300)]
Kind = Literal["refusal", "trouble", "tampered"]
STATUS: dict[str, int] = {"refusal": 409, "tampered": 422, "trouble": 503}


class Offer(Struct, frozen=True, forbid_unknown_fields=True, tag="cbt-station/offer/v1", tag_field="type"):
    """Names of the sender's tree."""

    names: Annotated[tuple[Name, ...], Meta(max_length=MOST_OFFERED)]


class Answer(Struct, frozen=True, forbid_unknown_fields=True, tag="cbt-station/answer/v1", tag_field="type"):
    """Those of the offered names that are lacking, in the order of the offer."""

    lacking: Annotated[tuple[Name, ...], Meta(max_length=MOST_OFFERED)]


class Said(Struct, frozen=True, forbid_unknown_fields=True, tag="cbt-station/failure/v1", tag_field="type"):
    """A failure of the other side: its code is a claim in somebody else's words, shown and never acted upon."""

    kind: Kind
    code: Annotated[str, Meta(pattern="^[a-z0-9]([a-z0-9-]{0,60}[a-z0-9])?$")]
    where: Annotated[str, Meta(max_length=400)] = ""
    facts: Annotated[
        dict[Annotated[str, Meta(max_length=60)], Annotated[str, Meta(max_length=400)]], Meta(max_length=16)
    ] = {}


def said(failure: Failure) -> Said:
    """A failure as it goes over the wire."""
    kind: Kind = (
        "refusal" if failure.kind == "refusal" else "tampered" if failure.kind == "tampered" else "trouble"
    )
    facts = {name[:60]: str(fact)[:400] for name, fact in list(failure.facts.items())[:16]}
    return Said(kind, failure.code, failure.where[:400], facts)
