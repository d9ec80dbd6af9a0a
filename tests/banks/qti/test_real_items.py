"""Real items and packages of other programs: nothing crashes, nothing is lost silently, scores stay the same.

What they are is told a second time from the bare names in their XML (`bare_qti.py`), and what a response is worth from
the rules as `processing.py` reads them from the source. The counts of the whole collection are made by
`python -m tests.banks.corpus`.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cbt_station.banks.foreign import ForeignQuestion
from cbt_station.banks.importing import import_bank, judged
from cbt_station.banks.native import read_bank
from cbt_station.banks.qti.markup import parse
from cbt_station.banks.qti.processing import read_processing
from cbt_station.banks.qti.reading import read
from cbt_station.errors import Failure, Refusal
from cbt_station.exam.interactions import (
    RESPONSE,
    ChoiceInteraction,
    InlineChoiceInteraction,
    Response,
    Simple,
    parts_of,
)
from cbt_station.exam.item import HandMarked, ScoringRule
from cbt_station.exam.processing import Processing
from cbt_station.exam.rules.response import score
from cbt_station.exam.scoring import score_item
from tests.banks.bare_qti import Bare, bare_items
from tests.shared import shared

FOLDERS = (
    "1edtech-qti-examples",
    "citolab-qti-components",
    "citolab-qti-scoring-engine",
    "instructure-qti",
    "kennisnet-php-qti3",
    "oat-sa-qti-sdk",
    "pie-qti",
    "qtiworks",
    "rqti",
    "tao-itemqti",
    "tao-testqti",
)
LEAST_EXACT = 0.95
"""Of the valid items inside the fourteen whose files are all there. The rest is named in docs/import-counts.md."""
_NONE = Bare((), inside=False)
FILES_MISSING = ("file-missing", "file-remote", "file-outside", "file-unreadable")


def sources(folder: str) -> Iterator[Path]:
    yield from (
        path
        for path in sorted(shared(f"data/{folder}").rglob("*"))
        if path.suffix in (".xml", ".qti", ".zip")
    )


def items(path: Path) -> Iterator[tuple[ForeignQuestion, Bare]]:
    """The items of a file that holds some, each with what a second look says of it."""
    try:
        bank, bare = read(path), bare_items(path)
    except Failure:
        return
    for question in bank.questions if bank is not None else ():
        own = bare.get(question.place) or (next(iter(bare.values())) if len(bare) == 1 else None)
        if own is not None:
            yield question, own


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_interaction_of_a_real_item_is_in_our_item_or_the_item_is_refused(folder: str) -> None:
    seen = 0
    for path in sources(folder):
        for question, bare in items(path):
            seen += 1
            if question.item is None:
                assert question.fault is not None, question.place
                continue
            (shown,) = question.item.languages.values()
            parts = parts_of(shown.interaction)
            found = bare.responses if len(bare.responses) > 1 else (RESPONSE,)
            assert sorted(parts) in (sorted(found), sorted(bare.responses)), question.place
    assert seen


def test_most_well_formed_items_inside_come_in_exactly() -> None:
    exact, inside = 0, 0
    for folder in FOLDERS:
        for path in sources(folder):
            bare = {question.place: own for question, own in items(path) if own.inside}
            bank = read(path) if bare else None
            for row in judged(bank) if bank is not None else ():
                missing = any(reason.code in FILES_MISSING for reason in row.reasons)
                out = row.outcome == "refused" and (missing or bool(bare.get(row.place, _NONE).broken))
                if row.place in bare and not out:
                    exact, inside = exact + (row.outcome == "exact"), inside + 1
    assert exact >= LEAST_EXACT * inside, f"{exact} of {inside}"


@pytest.mark.parametrize("folder", ["citolab-qti-components", "pie-qti", "qtiworks", "tao-itemqti"])
def test_what_is_scored_after_an_import_is_what_the_source_scores(folder: str, tmp_path: Path) -> None:
    compared = 0
    for number, path in enumerate(sources(folder)):
        if path.suffix != ".xml" or len(bare_items(path)) != 1:
            continue
        target = tmp_path / str(number)
        try:
            import_bank(path, target)
        except Refusal:
            continue
        (item,) = read_bank(target).items
        if isinstance(item.rule, HandMarked):
            continue
        source = read_processing(parse(path.read_bytes()))
        for response in tried(item.first.interaction, source):  # type: ignore[arg-type]  # of one part, or none
            ours, theirs = response, as_in_source(response, source)
            assert score_of(item.rule, ours) == score(source, theirs), (path.name, response)
            compared += 1
    assert compared > 20


def score_of(rule: ScoringRule, response: Response | None) -> object:
    return score_item(rule, response)


def tried(interaction: Simple, source: Processing) -> Iterator[Response | None]:
    """Nothing, what is declared correct, and each option where one is chosen; of a composite, all that is correct."""
    yield None
    parts = parts_of(interaction)
    correct = {
        name: one.correct if one.cardinality in ("multiple", "ordered") else one.correct[0]
        for name, one in source.responses.items()
        if one.correct
    }
    if len(parts) > 1:
        good = {name: value for name, value in correct.items() if name in parts}
        if good:
            yield good
        return
    yield from (value for value in correct.values() if len(source.responses) == 1)
    if isinstance(interaction, ChoiceInteraction | InlineChoiceInteraction):
        yield from (option.id for option in interaction.options)


def as_in_source(response: Response | None, source: Processing) -> Response | None:
    """An item with one response calls it by its own name in the source."""
    if response is None or isinstance(response, dict) or RESPONSE in source.responses:
        return response
    (name, *_) = source.responses
    return {name: response}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        pytest.param("qtiworks/**/ZipSlip.zip", "zip-name-outside", id="upwards"),
        pytest.param("qtiworks/**/BadManifest.zip", "source-manifest", id="a manifest cut off"),
        pytest.param("tao-itemqti/**/MalformedManifest.zip", "source-manifest", id="a manifest of bad XML"),
    ],
)
def test_a_real_package_that_is_broken_is_refused_by_name(name: str, code: str) -> None:
    folder, _, pattern = name.partition("/**/")
    (path,) = shared(f"data/{folder}").rglob(pattern)
    with pytest.raises(Refusal) as refused:
        read(path)
    assert refused.value.code == code
