"""`difference-SESSION-N.json`: what decision N changes, exactly. The committee's file; the decision signs its hash."""

from decimal import Decimal
from typing import Literal, TypeAlias

from msgspec import Struct

from cbt_station.exam.item import ScoringRule
from cbt_station.sealing import strict_json
from cbt_station.sealing.body import Mode

What: TypeAlias = Literal["drop-item", "change-key", "disqualify", "count-result"]


class Change(Struct, frozen=True, forbid_unknown_fields=True):
    """One candidate before and after: scores by outcome (None without a result that counts), and the status letters."""

    number: str
    scores_before: dict[str, Decimal] | None
    scores_after: dict[str, Decimal] | None
    status_before: str
    status_after: str


class Difference(
    Struct, frozen=True, forbid_unknown_fields=True, tag="cbt-station/difference/v1", tag_field="type"
):
    """`item` with its rule before and after (drop-item, change-key); `number` (disqualify); `sitting` and the
    `result` that counts for it (count-result).

    `changes` lists, by number, every candidate whose scores or status are others than before.
    """

    mode: Mode
    session: str
    decision: int
    what: What
    changes: tuple[Change, ...]
    item: str | None = None
    rule_before: ScoringRule | None = None
    rule_after: ScoringRule | None = None
    number: str | None = None
    sitting: str | None = None
    result: str | None = None


def write_difference(difference: Difference) -> bytes:
    return strict_json.encode(difference)


def read_difference(data: bytes) -> Difference:
    return strict_json.decode(data, Difference, "difference")
