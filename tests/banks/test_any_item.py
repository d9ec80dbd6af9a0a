"""Whatever our types can hold is written as text and read back as the same: every interaction, every kind of content, any rule.

The laws are over items that are drawn; what each fault is called stands in test_interaction_faults.py, what the short
forms mean in test_marks.py.
"""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cbt_station.banks.bank import Bank, BankHead, BankItem, BankStimulus, SectionHead
from cbt_station.banks.faults import FaultList
from cbt_station.banks.foreign import ForeignItem
from cbt_station.banks.kinds import KINDS
from cbt_station.banks.marks import Points
from cbt_station.banks.native import read_bank
from cbt_station.banks.processing_text import ProcessingReader, processing_text
from cbt_station.banks.settling import settled, settled_blocks
from cbt_station.banks.strict_yaml import load
from cbt_station.banks.writing import item_text, stimulus_text, write_bank
from cbt_station.errors import Refusal
from cbt_station.exam.content import Blocks, Paragraph, Text
from cbt_station.exam.interactions import ChoiceInteraction, Option
from cbt_station.exam.item import OptionScores, Shown
from tests.banks import any_bank

POINTS = Points(Decimal(5))
HEAD = BankHead(
    "b",
    {"id": "B", "en": "B"},
    "CC0-1.0",
    "P",
    ("id", "en"),
    {"S": SectionHead("S", {"id": "S"}, ("t",), ("l",), Decimal(5))},
)
SLOW = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def bank_item(languages: dict[str, Shown], name: str = "i") -> BankItem:
    """An item as an importer brings it, with a rule that any item can have."""
    first = next(iter(languages.values()))
    foreign = settled(ForeignItem(languages, any_bank.plain_rule(first)), section=POINTS)
    return BankItem(name, f"items/{name}.md", "S", "t", "l", foreign.languages, foreign.rule)


@pytest.mark.parametrize("kind", [*KINDS, "composite"])
@given(data=st.data())
@SLOW
def test_any_item_reads_back_as_the_same_item(kind, data):
    item = bank_item({"id": data.draw(any_bank.shown(kind))})
    try:
        item_text(HEAD, item, any_bank.FILES)  # which reads it again and compares
    except Refusal as refusal:
        if refusal.facts["problem"] != "content-too-much":  # more than a page holds is refused by that name
            raise


@given(any_bank.BLOCKS)
@settings(SLOW, max_examples=150)
def test_any_content_reads_back_as_the_same_content(blocks: Blocks):
    stimulus = BankStimulus("s", "stimuli/s.md", {"en": (*settled_blocks(blocks), Paragraph((Text("."),)))})
    stimulus_text(HEAD, stimulus, any_bank.FILES)


@given(any_bank.PROCESSINGS)
@settings(SLOW, max_examples=150)
def test_any_rule_reads_back_as_the_same_rule(rule):
    """Whether it can be computed is asked when it is read as an item's; here only that nothing of it changes."""
    faults = FaultList()
    mapping = load(processing_text(rule), "a.md", faults, deep=("processing",))
    assert mapping is not None, faults.found
    read = ProcessingReader("a.md", faults).read(mapping.entries[0][1])
    assert not faults.found
    assert read == rule


@given(st.lists(st.sampled_from([*KINDS, "composite"]), min_size=1, max_size=3), st.data())
@settings(SLOW, max_examples=15)
def test_any_bank_reads_back_as_the_same_bank(tmp_path_factory, kinds, data):
    items = tuple(
        bank_item({"id": data.draw(any_bank.shown(kind))}, f"i{number}") for number, kind in enumerate(kinds)
    )
    directory = tmp_path_factory.mktemp("bank")
    try:
        write_bank(Bank(HEAD, items, media=any_bank.MEDIA), directory)
    except Refusal:
        return
    read = read_bank(directory)
    assert read.items == items
    assert set(read.media) - {name for name in read.media if name.startswith("formula-")} <= set(
        any_bank.MEDIA
    )


@given(any_bank.BLOCKS)
@settings(SLOW, max_examples=60)
def test_settled_content_is_settled(blocks):
    once = settled_blocks(blocks)
    assert settled_blocks(once) == once


def test_what_cannot_be_said_is_refused_and_never_changed():
    unsettled = (Paragraph((Text("a"), Text("b"))),)
    shown = Shown(unsettled, ChoiceInteraction((Option("a", unsettled[:0]), Option("b", ()))))
    item = BankItem(
        "i", "items/i.md", "S", "t", "l", {"id": shown}, OptionScores({"a": Decimal(5), "b": Decimal(0)})
    )
    with pytest.raises(Refusal, match="bank-text-not-writable"):
        item_text(HEAD, item, {})
