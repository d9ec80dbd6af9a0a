"""What became of an export, item by item: `exact`, `lossy` with its losses, or `refused` with its reason."""

from collections import Counter
from collections.abc import Iterable

from msgspec import Struct

from cbt_station.banks.foreign import Outcome, Remark


class ExportedItem(Struct, frozen=True, forbid_unknown_fields=True):
    """What became of one item: `reasons` are its losses, or why it is not there."""

    item: str
    outcome: Outcome
    reasons: tuple[Remark, ...] = ()


class ExportReport(Struct, frozen=True, forbid_unknown_fields=True):
    """What became of a bank. `losses`: what the format cannot say of the bank as a whole."""

    format: str
    items: tuple[ExportedItem, ...]
    losses: tuple[Remark, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """How many items came out in which way."""
        found = Counter(one.outcome for one in self.items)
        return {"exact": found["exact"], "lossy": found["lossy"], "refused": found["refused"]}


def exported(item: str, losses: Iterable[Remark]) -> ExportedItem:
    """An item that came out, each loss named once."""
    found = list(losses)
    named = tuple(loss for index, loss in enumerate(found) if loss not in found[:index])
    return ExportedItem(item, "lossy" if named else "exact", named)
