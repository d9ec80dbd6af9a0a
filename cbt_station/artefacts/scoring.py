"""`scoring-SESSION-REV.age`: the rules from responses to scores. Venues do not hold it in the open."""

from decimal import Decimal

from msgspec import Struct

from cbt_station.errors import Refusal, Tampered
from cbt_station.exam.blueprint import is_plain_number
from cbt_station.exam.item import OptionScores, ScoringRule
from cbt_station.exam.processing import Processing
from cbt_station.exam.rules.response import bounds_of
from cbt_station.sealing import strict_json
from cbt_station.sealing.body import Mode


class ScoringFile(
    Struct, frozen=True, forbid_unknown_fields=True, tag="cbt-station/scoring/v1", tag_field="type"
):
    """Every item's rule. Revision 1 is in the manifest; later ones come by a logged decision."""

    mode: Mode
    session: str
    revision: int
    edition: str
    rules: dict[str, ScoringRule]


def write_scoring(scoring: ScoringFile) -> bytes:
    return strict_json.encode(scoring)


def read_scoring(data: bytes) -> ScoringFile:
    scoring = strict_json.decode(data, ScoringFile, "scoring file")
    for item, rule in scoring.rules.items():
        scores = (*rule.scores.values(), rule.blank) if isinstance(rule, OptionScores) else (rule.most,)
        if not all(is_plain_number(score) for score in scores):
            raise Tampered("malformed", where=f"scoring file: {item}")
        if isinstance(rule, Processing):
            _require_computable(item, rule)
    return scoring


def _require_computable(item: str, rule: Processing) -> None:
    """Sealing lets no other rule through."""
    try:
        bounds_of(rule)
    except Refusal as refusal:
        raise Tampered("malformed", where=f"scoring file: {item}") from refusal


def plain(score: Decimal) -> str:
    """A score as people write it: 5, 2.5, -1; never 1E+1 or 5.00."""
    text = format(score.normalize(), "f")
    return "0" if text in {"-0", ""} else text
