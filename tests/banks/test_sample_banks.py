"""The banks that ship with the product have no fault, and every blueprint beside them yields forms.

The figures of SKD 2024 are held here to the regulation, so that no edit of a file changes them unseen.
"""

from collections import Counter
from pathlib import Path

import pytest

from cbt_station.banks.blueprint_file import read_blueprint
from cbt_station.banks.compiling import compile_bank, pool_items, require_languages
from cbt_station.banks.kinds import KINDS, kind_of
from cbt_station.banks.lint import lints
from cbt_station.banks.native import faults, read_bank
from cbt_station.banks.writing import checked_media, item_text, write_bank
from cbt_station.exam.form import check_pool, draw_form
from cbt_station.exam.interactions import Composite
from cbt_station.exam.scoring import check_scoring

BANKS = Path(__file__).parents[2] / "question_banks"
BLUEPRINTS = sorted(BANKS.glob("*/blueprints/*.yaml"))


@pytest.mark.parametrize("bank", ["skd-id", "general-en", "interactions"])
def test_a_bank_that_ships_has_no_fault_and_reads_back_the_same(bank, tmp_path):
    assert [str(fault) for fault in faults(BANKS / bank)] == []
    write_bank(read_bank(BANKS / bank), tmp_path)
    again = read_bank(tmp_path)
    assert again.items == read_bank(BANKS / bank).items
    assert compile_bank(again).edition == compile_bank(read_bank(BANKS / bank)).edition


@pytest.mark.parametrize("path", BLUEPRINTS, ids=lambda path: path.stem)
def test_a_blueprint_that_ships_yields_a_form(path):
    blueprint = read_blueprint(path)
    compiled = compile_bank(read_bank(path.parent.parent))
    require_languages(compiled, blueprint)
    pool = pool_items(compiled)
    check_pool(blueprint, pool)
    assert len(draw_form(blueprint, pool, lambda n: n - 1).items) == blueprint.count


@pytest.mark.parametrize("path", BLUEPRINTS, ids=lambda path: path.stem)
def test_the_most_that_a_blueprint_prints_is_what_its_items_can_bring(path):
    blueprint = read_blueprint(path)
    compiled = compile_bank(read_bank(path.parent.parent))
    check_scoring(blueprint, pool_items(compiled), {item.id: item.rule for item in compiled.items})
    assert all(section.most is not None for section in blueprint.sections if section.scored)


def test_the_bank_of_every_interaction_has_two_items_of_each_and_nothing_to_advise():
    bank = read_bank(BANKS / "interactions")
    kinds = Counter(
        "composite" if isinstance(item.first.interaction, Composite) else kind_of(item.first.interaction)
        for item in bank.items
    )
    assert kinds == dict.fromkeys((*KINDS, "composite"), 2)
    assert lints(bank) == ()
    assert all(list(item.languages) == ["id", "en"] for item in bank.items)


def test_every_item_of_that_bank_is_written_as_its_author_wrote_it():
    """The files are a model: what the program writes and what a person should write are the same text."""
    bank = read_bank(BANKS / "interactions")
    media = checked_media(bank.media)
    for item in bank.items:
        assert item_text(bank.head, item, media) == (BANKS / "interactions" / item.file).read_text("utf-8")


def test_skd_2024_says_what_the_regulation_says():
    skd = read_blueprint(BANKS / "skd-id/blueprints/skd-2024.yaml")
    assert [(section.id, section.count, section.most) for section in skd.sections] == [
        ("TWK", 30, 150),
        ("TIU", 35, 175),
        ("TKP", 45, 225),
    ]
    minutes = [
        ms // 60_000
        for ms in (skd.allotted_ms, skd.allotted_for(("additionalTestingTime",)), *skd.warnings_ms)
    ]
    assert minutes == [100, 130, 30, 15, 5, 1]
    thresholds = {
        name: {need.outcome: need.least for need in needs} for name, needs in skd.thresholds.items()
    }
    assert thresholds == {
        "general": {"TWK": 65, "TIU": 80, "TKP": 166},
        "cum-laude": {"total": 311, "TIU": 85},
        "diaspora": {"total": 311, "TIU": 85},
        "disability": {"total": 286, "TIU": 60},
        "papua": {"total": 286, "TIU": 60},
        "remote": {"total": 286, "TIU": 60},
    }
    assert (skd.ranking.quota_multiple, skd.ranking.order) == (3, ("total", "TKP", "TIU", "TWK"))
    assert skd.show_score
