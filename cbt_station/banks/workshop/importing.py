"""Foreign questions into a bank that is there already: as drafts, all or nothing."""

from dataclasses import dataclass, field

from cbt_station.banks.import_report import ImportReport


@dataclass(frozen=True)
class ItemsImported:
    """What came in, and under which names; the mappings are from the source's names to ours."""

    report: ImportReport
    """What became of each question, as `bank import` says it; its `item` is the id before `items` renamed it."""
    items: dict[str, str] = field(default_factory=dict)
    stimuli: dict[str, str] = field(default_factory=dict)
    media: dict[str, str] = field(default_factory=dict)
    sections_added: tuple[str, ...] = ()
    topics_added: tuple[str, ...] = ()
    levels_added: tuple[str, ...] = ()
    languages_added: tuple[str, ...] = ()
