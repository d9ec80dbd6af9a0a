"""What the bench takes from the workshop: the bank as it is listed, and a text as its file has it. Plain frozen values."""

from datetime import datetime
from typing import TypeAlias

from msgspec import Struct

from cbt_station.banks.bank import BankHead
from cbt_station.banks.faults import BankFault
from cbt_station.banks.workshop.draft import Draft, NoDraft
from cbt_station.banks.workshop.rows import ItemRow, State, StimulusRow, What
from cbt_station.banks.workshop.workshop import Workshop

Form: TypeAlias = Draft | NoDraft


class Listing(Struct, frozen=True):
    """What the bank holds, as it was listed last."""

    head: BankHead | None
    rows: tuple[ItemRow, ...]
    stimuli: tuple[StimulusRow, ...]
    counts: dict[State, int]
    faults: tuple[BankFault, ...]
    needed: int


class OnBench(Struct, frozen=True):
    """The text on the bench as its file has it. `was` is None for one that has no file yet."""

    name: str
    what: What
    was: str | None
    text: str
    versions: int
    """How many texts there were, with this one."""
    saved_at: datetime | None


def fetch_text(workshop: Workshop, name: str, what: What) -> OnBench:
    """A text as its file has it now."""
    versions = workshop.versions(name, what)
    last = versions[-1] if versions else None
    return OnBench(
        name=name,
        what=what,
        was=workshop.text_hash(name, what),
        text=workshop.text(name, what),
        versions=max(1, len(versions)),
        saved_at=last.at if last else None,
    )


def form_of(workshop: Workshop, text: str, what: What) -> Form:
    """A shared text has no form of its own."""
    return workshop.draft(text) if what == "item" else NoDraft("")


def listed_now(workshop: Workshop) -> Listing:
    """The bank as it was read last."""
    return Listing(
        head=workshop.head,
        rows=workshop.rows(),
        stimuli=workshop.stimuli(),
        counts=workshop.counts(),
        faults=workshop.faults(),
        needed=workshop.needed,
    )
