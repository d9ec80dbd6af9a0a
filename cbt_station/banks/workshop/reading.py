"""One text as the bank would read it, without writing anything: what the live preview draws."""

from dataclasses import dataclass, field

from cbt_station.banks.bank import BankItem, BankStimulus
from cbt_station.banks.body import BodyReader
from cbt_station.banks.faults import BankFault, FaultList
from cbt_station.banks.item_file import Source, read_item, read_stimulus
from cbt_station.banks.lint import BankLint
from cbt_station.banks.native import BankFolder, BankText
from cbt_station.banks.source_text import check_source
from cbt_station.banks.workshop.rows import What
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


def read_alone(
    folder: BankFolder, file: str, name: str, data: bytes, what: What
) -> tuple[BankText, tuple[BankFault, ...]]:
    """One text against the rest of the bank, and its faults."""
    faults = FaultList()
    text = check_source(data, file, faults)
    if text is None:
        return BankText(file, None, {}), faults.sorted()
    source = Source(file, name, text, folder.head, faults, BodyReader(file, faults, folder.media))
    content: BankItem | BankStimulus | None
    content = read_item(source, folder.stimulus_names) if what == "item" else read_stimulus(source)
    return BankText(file, content, source.body.media), faults.sorted()


def shown_reading(
    name: str,
    text: BankText,
    faults: tuple[BankFault, ...],
    lints: tuple[BankLint, ...],
    stimulus: BankText | None,
) -> Reading:
    """What a screen needs of a text that was read; `stimulus` is the one that it names."""
    content = text.content
    media = dict(text.media) | (stimulus.media if stimulus else {})
    if isinstance(content, BankStimulus):
        return Reading(name, None, None, _compiled(content), None, media, faults, lints)
    shared = stimulus.content if stimulus and isinstance(stimulus.content, BankStimulus) else None
    compiled = None if shared is None else _compiled(shared)
    if content is None:
        return Reading(name, stimulus=compiled, media=media, faults=faults, lints=lints)
    shown = ShownItem(content.id, content.languages, content.stimulus)
    return Reading(name, content, shown, compiled, content.rule, media, faults, lints)


def _compiled(stimulus: BankStimulus) -> Stimulus:
    return Stimulus(stimulus.id, stimulus.content)
