"""What the short forms of a head mean: the points of answers, right, wrong, partly right, and of none.

That every rule is written and read back is in test_any_item.py; faults of heads are in test_interaction_faults.py.
"""

from dataclasses import replace
from decimal import Decimal

import pytest

from cbt_station.banks.native import read_bank
from cbt_station.banks.writing import checked_media, item_text
from cbt_station.exam.item import HandMarked
from cbt_station.exam.rules import building
from cbt_station.exam.scoring import most_of, score_item
from tests.banks.interaction_items import HEAD, item
from tests.banks.small_bank import put, square

COMPOSITE = (
    "responses:\n  p: {interaction: inline-choice, key: b, points: 2}\n"
    "  q: {interaction: number, key: 7, points: 3}\n"
    "  r: {interaction: order, key: [a, b, c], points: 1}"
)
UNSCORED = COMPOSITE.replace(", key: [a, b, c], points: 1", "")


def one_item(directory, text: str):
    """The bank of one item, and the item."""
    bank = read_bank(
        put(
            directory,
            {"bank.yaml": HEAD.encode(), "items/i.md": text.encode(), "media/persegi.png": square()},
        )
    )
    return bank, bank.items[0]


CASES = [
    # kind, head, {response: points}, the most
    ("choice", "key: b", {"b": 5, "a": 0, None: 0}, 5),
    ("choice", "scores: {a: 1, b: 5, c: -2}", {"a": 1, "b": 5, "c": -2, None: 0}, 5),
    ("inline-choice", "key: b", {"b": 5, "c": 0}, 5),
    ("choices", "key: [a, c]", {("a", "c"): 5, ("c", "a"): 5, ("a",): 0, ("a", "b", "c"): 0, None: 0}, 5),
    ("choices", "key: [a]\npoints: 2.5", {("a",): 2.5, ("b",): 0}, "2.5"),
    ("choices", "scores: {a: 2, b: -3, c: 1}", {("a", "c"): 3, ("a", "b"): 0, ("b",): 0, ("a",): 2, None: 0}, 3),
    ("choices", "most: 1\nscores: {a: 2, b: 3}", {("a",): 2, ("b",): 3, ("c",): 0}, 3),
    ("text", "key: Jakarta", {"Jakarta": 5, "jakarta": 5, " JAKARTA ": 5, "Bandung": 0, None: 0}, 5),
    ("text", "key: [Jakarta, Kota Jakarta]\ncase: exact", {"Kota Jakarta": 5, "kota jakarta": 0}, 5),
    ("text", 'scores: {Jakarta: 4, "Kota, Jakarta": 1}', {"jakarta": 4, "kota, jakarta": 1, "x": 0}, 4),
    ("number", "key: 3.14\ntolerance: 0.01", {"3.14": 5, "3.15": 5, "3.13": 5, "3.1501": 0, None: 0}, 5),
    ("number", "key: [2, -2]", {"2": 5, "2.0": 5, "-2": 5, "1": 0}, 5),
    ("number", "scores: {10: 5, 11: 2}", {"10": 5, "11": 2, "12": 0}, 5),
    ("slider", "key: 50\ntolerance: 5\npoints: 2", {"45": 2, "55": 2, "44": 0}, 2),
    ("order", "key: [b, a, c]", {("b", "a", "c"): 5, ("a", "b", "c"): 0, None: 0}, 5),
    ("order", "key: [b, a, c]\neach: 2", {("b", "a", "c"): 6, ("b", "c", "a"): 2, ("b",): 2}, 6),
    ("match", "key: [a x, b y, c y]", {("a x", "b y", "c y"): 5, ("c y", "b y", "a x"): 5, ("a x", "b y"): 0}, 5),
    ("match", "key: [a x, b y]\neach: 1", {("a x", "b y"): 2, ("a x", "b x"): 1, ("a y",): 0, None: 0}, 2),
    ("match", "scores: {a x: 3, a y: 1, b y: -1}", {("a x",): 3, ("a y",): 1, ("b y",): 0, ("a x", "b y"): 2}, 3),
    ("associate", "key: [a b]", {("a b",): 5, ("b a",): 5, ("a c",): 0}, 5),
    ("associate", "key: [a b]\neach: 2", {("b a",): 2, ("b c",): 0}, 2),
    ("gap-match", "key: [a x, b y]", {("a x", "b y"): 5, ("a y", "b x"): 0}, 5),
    ("gap-match", "key: [a x, b y]\neach: 1.5", {("a x", "c y"): "1.5"}, 3),
    ("hottext", "key: [b]", {("b",): 5, ("a",): 0, None: 0}, 5),
    ("hotspot", "key: [b]", {("b",): 5, ("c",): 0}, 5),
    ("hotspot", "most: 2\nscores: {a: 1, b: 3, c: 2}", {("b", "c"): 5, ("a", "b"): 4}, 5),
    ("graphic-gap-match", "key: [a x, c y]", {("a x", "c y"): 5, ("a x",): 0}, 5),
    ("select-point", "key: circle 60 50 20", {("60 50",): 5, ("80 50",): 5, ("81 50",): 0, None: 0}, 5),
    ("select-point", "key: [rect 0 0 9 9, circle 60 50 2]", {("5 5",): 5, ("60 51",): 5, ("20 20",): 0}, 5),
    ("select-point", "most: 2\nkey: [rect 0 0 9 9, circle 60 50 2]\neach: 2", {("5 5", "60 50"): 4, ("5 5", "6 6"): 2}, 4),
    ("select-point", "scores: {rect 0 0 9 9: 1, circle 60 50 2: 3}", {("1 1",): 1, ("60 50",): 3}, 3),
    ("composite", COMPOSITE, {None: 0}, 6),
    ("composite", UNSCORED, {None: 0}, 5),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "head", "answers", "most"), CASES, ids=[f"{kind} {head}" for kind, head, _, _ in CASES]
)
def test_a_short_form_means_these_points_and_is_written_again_as_it_was(tmp_path, kind, head, answers, most):
    text = item(kind, head)
    bank, read = one_item(tmp_path, text)
    assert {answer: score_item(read.rule, answer) for answer in answers} == {
        answer: Decimal(str(points)) for answer, points in answers.items()
    }
    assert most_of(read.rule) == Decimal(most)
    written = item_text(bank.head, read, checked_media(bank.media))
    for line in head.split("\n"):
        assert line.strip() in written
    assert "processing" not in written


@pytest.mark.parametrize(
    ("answer", "points"),
    [
        ({"p": "b", "q": "7", "r": ("a", "b", "c")}, 6),
        ({"p": "b"}, 2),
        ({"p": "a", "q": "7"}, 3),
        ({"r": ("b", "a", "c")}, 0),
    ],
)
def test_a_composite_item_is_worth_the_sum_of_its_parts(tmp_path, answer, points):
    assert score_item(one_item(tmp_path, item("composite", COMPOSITE))[1].rule, answer) == points


def test_each_part_of_a_composite_item_keeps_its_own_short_form(tmp_path):
    """Numbers and tolerances of one part are not those of another."""
    lines = (
        "  p: {interaction: number, key: 7, points: 2}",
        "  q: {interaction: number, key: 9, points: 3, tolerance: 0.5}",
        "  r: {interaction: slider, low: 0, high: 9, key: 9, points: 1, tolerance: 2}",
    )
    text = item("composite", "\n".join(["responses:", *lines]), body="Apa {{p}} dan {{q}}?\n\n{{r}}\n")
    bank, read = one_item(tmp_path, text)
    assert item_text(bank.head, read, {}) == text


EMPTY = Decimal(0)
NOTHING_IS_RIGHT = {
    "text": building.texts({}),
    "choices": building.match_correct("identifier", (), Decimal(5)),
    "select-point": building.points([], several=True, lower=EMPTY, most=EMPTY),
}


@pytest.mark.parametrize("kind", NOTHING_IS_RIGHT)
def test_a_rule_for_which_nothing_is_right_has_no_short_form_and_is_written_out(tmp_path, kind):
    bank, read = one_item(tmp_path, item(kind, "hand-marked: 1"))
    odd = replace(read, rule=NOTHING_IS_RIGHT[kind])
    assert "processing:" in item_text(bank.head, odd, checked_media(bank.media))


def test_a_part_that_nothing_scores_is_asked_and_brings_nothing(tmp_path):
    rule = one_item(tmp_path, item("composite", UNSCORED))[1].rule
    assert score_item(rule, {"p": "b", "q": "7", "r": ("a", "b", "c")}) == 5


@pytest.mark.parametrize(
    ("kind", "key", "right", "wrong"),
    [
        ("choice", "key: b", "b", "a"),
        ("choices", "key: [a, c]", ("a", "c"), ("a",)),
        ("order", "key: [b, a, c]", ("b", "a", "c"), ("a", "b", "c")),
        ("match", "key: [a x, b y]", ("a x", "b y"), ("a x",)),
        ("text", "key: Jakarta", "Jakarta", "Bandung"),
        ("number", "key: 3", "3", "4"),
    ],
)
def test_where_a_wrong_answer_takes_points_away_no_answer_takes_none(tmp_path, kind, key, right, wrong):
    rule = one_item(tmp_path, item(kind, key, section="MINUS"))[1].rule
    assert [score_item(rule, answer) for answer in (right, wrong, None)] == [4, -1, 0]


def test_a_long_text_is_marked_by_a_person(tmp_path):
    assert one_item(tmp_path, item("extended-text", "hand-marked: 10"))[1].rule == HandMarked(Decimal(10))


def test_points_of_its_own_let_an_item_have_a_key_where_the_section_gives_none(tmp_path):
    rule = one_item(tmp_path, item("choices", "key: [a]\npoints: 3", section="KOSONG"))[1].rule
    assert score_item(rule, ("a",)) == 3
