"""GIFT read as it stands, held field by field to what another reader of the format says of its own examples.

The examples and their parses stand in `../shared/data/gift-grammar-peg`. What becomes of a question as an item is in
test_gift.py.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from cbt_station.banks.gift_grammar import GiftNumber, GiftQuestion, GiftText, questions_in
from tests.shared import SHARED, shared

FIXTURES = "data/gift-grammar-peg/tests/questions"
EXAMPLES = sorted(path.stem for path in (SHARED / FIXTURES).glob("*.gift"))
WITHOUT_PARSE = {"totara_moodle_truefalse_true_answer2"}
"""Its JSON is an empty file."""


def as_text(text: GiftText | None) -> Any:
    return None if text is None else {"format": text.format, "text": text.text}


def as_number(number: GiftNumber) -> dict[str, Any]:
    if number.kind == "high-low":
        return {"type": number.kind, "numberHigh": float(number.high), "numberLow": float(number.low)}
    if number.kind == "range":
        return {"type": "range", "number": float(number.number), "range": float(number.tolerance)}
    return {"type": number.kind, "number": float(number.number)}


def as_json(question: GiftQuestion) -> dict[str, Any]:
    """A question in the words of the other reader."""
    if question.kind == "Category":
        return {"type": "Category", "title": question.title}
    found: dict[str, Any] = {
        "id": question.id,
        "tags": list(question.tags) or None,
        "type": question.kind,
        "title": question.title,
        "stem": as_text(question.stem),
        "hasEmbeddedAnswers": question.has_gap,
    }
    if question.kind != "Description":
        found["globalFeedback"] = as_text(question.general)
    if question.kind == "TF":
        first, second = question.feedback
        found |= {
            "isTrue": question.is_true,
            "trueFeedback": as_text(first),
            "falseFeedback": as_text(second),
        }
    if question.kind == "Matching":
        found["matchPairs"] = [
            {"subquestion": as_text(left), "subanswer": right} for left, right in question.pairs
        ]
    if question.kind in ("MC", "Short", "Numerical"):
        found["choices"] = as_choices(question)
    return found


def as_choices(question: GiftQuestion) -> Any:
    alone = question.kind == "Numerical" and len(question.answers) == 1
    if alone and question.answers[0].weight is None and question.answers[0].feedback is None:
        assert question.answers[0].number
        return as_number(question.answers[0].number)
    return [
        {
            "isCorrect": answer.is_correct,
            "weight": None if answer.weight is None else float(answer.weight),
            "text": as_number(answer.number) if answer.number else as_text(answer.text),
            "feedback": as_text(answer.feedback),
        }
        for answer in question.answers
    ]


@pytest.mark.skipif(not EXAMPLES, reason="../shared/data does not stand beside this checkout")
@pytest.mark.parametrize("name", EXAMPLES or ["none"])
def test_every_example_is_read_as_its_parse_says(name):
    folder: Path = shared(FIXTURES)
    if name in WITHOUT_PARSE:
        assert not (folder / f"{name}.json").exists() or not (folder / f"{name}.json").read_text().strip()
        return
    text = (folder / f"{name}.gift").read_text(encoding="utf-8")
    assert [as_json(question) for question in questions_in(text)] == json.loads(
        (folder / f"{name}.json").read_text(encoding="utf-8")
    )
