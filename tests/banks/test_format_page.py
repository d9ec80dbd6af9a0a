"""The page that describes the format shows items that the reader takes, of every kind, and the limits that the code has."""

import re
from pathlib import Path

import pytest

from cbt_station.banks import pictures, recordings, source_text
from cbt_station.banks.kinds import KINDS, kind_of
from cbt_station.banks.marks import NAMES
from cbt_station.banks.native import faults, read_bank
from cbt_station.exam.interactions import Composite, parts_of
from tests.banks.small_bank import put, square

PAGE = (Path(__file__).parents[2] / "docs" / "bank-format.md").read_text(encoding="utf-8")
HEAD = re.search(r"```yaml\n(.*?)```", PAGE, re.DOTALL)[1]
WHOLE, *EXAMPLES = re.findall(r"```markdown\n(.*?)```", PAGE, re.DOTALL)
LEFT_OUT = "section: TIU\ntopic: figural\nlevel: mudah\n"


def files(examples: list[str]) -> dict[str, bytes]:
    """A bank of the page's examples, with the lines that the page leaves out and the pictures that it names."""
    texts = {
        f"items/i{number}.md": text.replace("---\n", f"---\nid: i{number}\n{LEFT_OUT}", 1)
        for number, text in enumerate(examples)
    }
    media = {
        f"media/{name}": square() for text in examples for name in re.findall(r"media/([a-z]+\.png)", text)
    }
    return {"bank.yaml": HEAD.encode()} | {name: text.encode() for name, text in texts.items()} | media


def test_the_whole_example_on_the_page_is_a_good_bank(tmp_path):
    put(tmp_path, {"bank.yaml": HEAD.encode(), "items/tiu-014.md": WHOLE.encode()})
    assert faults(tmp_path) == ()
    assert list(read_bank(tmp_path).items[0].languages) == ["id", "en"]


def test_every_way_to_answer_has_an_example_that_the_reader_takes(tmp_path):
    put(tmp_path, files(EXAMPLES))
    assert [str(fault) for fault in faults(tmp_path)] == []
    items = read_bank(tmp_path).items
    shown = {kind_of(part) for item in items for part in parts_of(item.first.interaction).values()}
    assert shown | {"choice"} == set(KINDS)
    assert any(isinstance(item.first.interaction, Composite) for item in items)


def test_the_table_of_cells_and_columns_on_the_page_is_read(tmp_path):
    text = re.search(r"```\n(\| Hari.*?)```", PAGE, re.DOTALL)[1]
    put(tmp_path, files(EXAMPLES[:1]) | {"stimuli/s.md": text.encode()})
    (stimulus,) = read_bank(tmp_path).stimuli
    table, columns = stimulus.content["id"]
    assert [[(cell.columns, cell.rows) for cell in row] for row in table.rows[1:]] == [
        [(1, 1), (2, 2)],
        [(1, 1)],
    ]
    assert len(columns.columns) == 2


@pytest.mark.parametrize("kind", KINDS)
def test_every_setting_and_its_default_is_on_the_page(kind):
    row = re.search(rf"^\| `{kind}`[^|]*\|(.*)\|$", PAGE, re.MULTILINE)[1]
    for name, setting in KINDS[kind].settings.items():
        assert f"`{name}" in row
        if setting.value in ("count", "number") and setting.default not in (None, 0):
            assert f"({setting.default}" in row


def test_every_short_form_of_scoring_is_on_the_page():
    for name in {name for names in NAMES.values() for name in names}:
        assert re.search(rf"^\| `{name}: ", PAGE, re.MULTILINE), name


def test_the_limits_on_the_page_are_those_of_the_code():
    assert f"{source_text.MOST_TEXT_BYTES >> 10} KiB" in PAGE
    assert f"{pictures.MOST_BYTES >> 20} MiB" in PAGE
    assert f"{recordings.MOST_BYTES >> 20} MiB" in PAGE
    assert f"{pictures.MOST_SIDE:,} pixels a side" in PAGE
    assert f"{pictures.MOST_PIXELS // 1_000_000} million pixels" in PAGE
    assert f"{pictures.MOST_ELEMENTS:,} elements" in PAGE
    for element in pictures._ALLOWED:
        assert re.search(rf"\b{element}\b", PAGE)
