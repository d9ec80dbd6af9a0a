"""One text as the bank would read it, without writing anything: what the live preview draws."""

from dataclasses import dataclass, field

from cbt_station.banks.bank import BankItem
from cbt_station.banks.faults import BankFault
from cbt_station.banks.lint import BankLint
from cbt_station.exam.item import ScoringRule, ShownItem, Stimulus


@dataclass(frozen=True)
class Reading:
    """What a text is. `item`, `shown` and `rule` are None as soon as the text has a fault."""

    id: str
    item: BankItem | None = None
    shown: ShownItem | None = None
    """The item as the station gets it: `shown.languages[LANG]` is a `Shown`."""
    stimulus: Stimulus | None = None
    """The shared text that the item names, or of a stimulus's own text the stimulus."""
    rule: ScoringRule | None = None
    media: dict[str, bytes] = field(default_factory=dict)
    """Every picture, recording and drawn formula of the item and its stimulus, by name, as a RichView wants them."""
    faults: tuple[BankFault, ...] = ()
    lints: tuple[BankLint, ...] = ()
