"""A whole sitting in which every interaction is answered: by the driver, into the journal, cut off, resumed, scored.

How each looks on the screen is in tests/screens; single rules are in tests/exam.
"""

import datetime as dt
import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from cbt_station.artefacts import names
from cbt_station.banks.blueprint_file import read_blueprint
from cbt_station.banks.compiling import CompiledBank, CompiledItem, compile_bank
from cbt_station.banks.native import read_bank
from cbt_station.delivery.clock import SystemClock
from cbt_station.delivery.drive import DriveOptions, run_drive
from cbt_station.exam.interactions import Response, ordered_options
from cbt_station.exam.item import HandMarked
from cbt_station.exam.scoring import most_of, score_item
from cbt_station.rehearsal.answering import best_answer, plausible_answer
from cbt_station.rehearsal.cast import ORGANISATION, PASSPHRASE, make_cast, make_roster
from cbt_station.rehearsal.stage import SESSION, Stage, set_stage
from cbt_station.results.on_screen import score_view
from cbt_station.server.centre import Centre

BANK = Path(__file__).parents[2] / "question_banks" / "interactions"


@pytest.fixture(scope="module")
def bank() -> CompiledBank:
    return compile_bank(read_bank(BANK))


@pytest.fixture(scope="module")
def stage(bank: CompiledBank, tmp_path_factory: pytest.TempPathFactory) -> Stage:
    folder, now = tmp_path_factory.mktemp("stage"), dt.datetime.now().astimezone()
    blueprint = replace(read_blueprint(BANK / "blueprints" / "every-interaction.yaml"), show_score=True)
    cast = make_cast(7, now)
    roster = make_roster(SESSION, 3, blueprint, 7)
    log_key = cast.keys[names.log_origin("test", ORGANISATION)].require_signing()
    with Centre.open(folder / "centre", cast.trust, log_key) as centre:
        return set_stage(folder, cast, bank, blueprint, roster, centre, now, lambda *_, **__: None)


def driven(stage: Stage, data: Path, candidate: int, *lines: dict[str, Any]) -> list[dict[str, Any]]:
    options = DriveOptions(
        stage.session,
        data,
        stage.venue_key.read_bytes(),
        PASSPHRASE,
        stage.roster.candidates[candidate].number,
        stage.codes.start,
        stage.codes.score,
    )
    told = io.StringIO()
    asked = io.StringIO("\n".join(json.dumps(line) for line in ({"do": "start"}, *lines)))
    run_drive(asked, told, options, clock=SystemClock(), score_with=score_view)
    return [json.loads(line) for line in told.getvalue().splitlines()]


def answered(item: CompiledItem, best: bool, seed: int = 0) -> Response:
    interaction = next(iter(item.shown.languages.values())).interaction
    order = tuple(option.id for option in ordered_options(interaction))
    dice = [(seed * 41 + place * 13) % 256 for place in range(8)]
    found = best_answer(item.rule, interaction, order) if best else None
    found = found or plausible_answer(interaction, order, lambda n: dice[:n])
    assert found is not None
    return found


def test_the_best_answers_to_everything_bring_the_printed_most(
    stage: Stage, bank: CompiledBank, tmp_path: Path
) -> None:
    answers = {item.id: answered(item, best=True) for item in bank.items}
    choose = [{"do": "choose", "item": item, "answer": answer} for item, answer in answers.items()]
    cut = driven(stage, tmp_path, 0, *choose[:20])
    assert [one["ok"] for one in cut] == [True] * 21
    resumed = driven(stage, tmp_path, 0, *choose[20:], {"do": "finish"})
    assert resumed[0]["answers"] == json.loads(json.dumps(dict(list(answers.items())[:20])))
    assert all(one["ok"] for one in resumed), resumed
    score = resumed[-1]["score"]
    most = sum(most_of(item.rule) for item in bank.items if not isinstance(item.rule, HandMarked))
    assert Decimal(score["total"]) == most == sum(section.most or 0 for section in stage.blueprint.sections)
    assert resumed[-1]["answered"] == len(bank.items)


def test_other_answers_bring_what_their_rules_give(stage: Stage, bank: CompiledBank, tmp_path: Path) -> None:
    answers = {
        item.id: answered(item, best=number % 3 == 0, seed=number) for number, item in enumerate(bank.items)
    }
    choose = [{"do": "choose", "item": item, "answer": answer} for item, answer in answers.items()]
    told = driven(stage, tmp_path, 1, *choose, {"do": "finish"})
    rules = {item.id: item.rule for item in bank.items if not isinstance(item.rule, HandMarked)}
    assert Decimal(told[-1]["score"]["total"]) == sum(
        score_item(rule, answers[item]) for item, rule in rules.items()
    )


@pytest.mark.parametrize(
    ("item", "answer", "code"),
    [
        ("number-1", "3,5", "response-not-a-number"),
        ("text-1", "a\u202eb", "response-characters"),
        ("order-1", "a", "response-malformed"),
        ("match-1", ["no pair at all"], "response-malformed"),
        ("composite-1", {"NONE": "a"}, "response-malformed"),
        ("slider-1", "1000000", "response-off-scale"),
        ("select-point-1", ["99999 1"], "response-outside"),
    ],
)
def test_what_nobody_can_have_given_is_not_written(
    stage: Stage, tmp_path: Path, item: str, answer: Any, code: str
) -> None:
    told = driven(stage, tmp_path, 2, {"do": "choose", "item": item, "answer": answer})
    assert (told[1]["ok"], told[1]["code"], told[1]["facts"]["item"]) == (False, code, item)
