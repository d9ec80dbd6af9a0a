"""Names of people as they were typed, and moments as they are written."""

import unicodedata
from datetime import UTC, datetime
from typing import Final

from cbt_station.artefacts.signed import instant
from cbt_station.banks.source_text import hidden_character
from cbt_station.errors import Refusal, Tampered

MOST_NAME: Final = 80
MOST_COMMENT: Final = 2_000


def person(name: str) -> str:
    """A name as it is kept. Raises Refusal("reviewer-name")."""
    name = " ".join(name.split())
    if not name or len(name) > MOST_NAME or hidden_character(name):
        raise Refusal("reviewer-name", most=MOST_NAME)
    return name


def is_same(one: str, other: str) -> bool:
    """Whether two names are one person's, whatever their capital letters and spaces."""
    return _compared(one) == _compared(other)


def _compared(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def comment_text(comment: str) -> str:
    """A comment without what no eye can see. Raises Refusal("review-comment-long")."""
    lines = ("".join(" " if hidden_character(one) else one for one in line) for line in comment.splitlines())
    text = "\n".join(line.rstrip() for line in lines).strip()
    if len(text) > MOST_COMMENT:
        raise Refusal("review-comment-long", length=len(text), most=MOST_COMMENT)
    return text


def moment(at: datetime) -> datetime:
    """A moment as it is kept: in UTC, to the second."""
    return at.astimezone(UTC).replace(microsecond=0)


def moment_text(at: datetime) -> str:
    """RFC 3339."""
    return moment(at).isoformat(timespec="seconds").replace("+00:00", "Z")


def moment_of(text: str) -> datetime | None:
    """The moment that a text names, or None."""
    try:
        return instant(text)
    except Tampered:
        return None
