"""How far a bank's items have come, for whoever checks a bank without opening a workshop: nothing is written or locked."""

from dataclasses import dataclass
from pathlib import Path

from cbt_station.banks.faults import BankFault
from cbt_station.banks.lint import BankLint
from cbt_station.banks.workshop.disk import REVIEWS
from cbt_station.banks.workshop.rows import State
from cbt_station.banks.workshop.shelf import read_shelf


@dataclass(frozen=True)
class Standing:
    """How many items are in which state, advice on those that are not approved, and what is wrong with review files."""

    counts: dict[State, int]
    lints: tuple[BankLint, ...]
    faults: tuple[BankFault, ...]


def standing(directory: Path) -> Standing | None:
    """Where the items stand; None for a bank that nobody reviews."""
    if not (directory / REVIEWS).is_dir():
        return None
    shelf = read_shelf(directory)
    states = {item: shelf.review(item).state for item in sorted(shelf.files["item"])}
    lints = tuple(
        BankLint(shelf.file(item, "item"), "not-approved", (("id", item), ("state", state)))
        for item, state in states.items()
        if state != "approved"
    )
    return Standing(shelf.counts, lints, shelf.review_faults)
