"""A bank that is written reads back as the same bank, and any text survives its Markdown.

The import of a real file is in test_importing.py.
"""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace as with_fields

from cbt_station.banks.bank import BankHead, BankItem, SectionHead
from cbt_station.banks.blueprint_file import blueprint_in, read_blueprint
from cbt_station.banks.faults import FaultList
from cbt_station.banks.native import read_bank
from cbt_station.banks.source_text import hidden_character
from cbt_station.banks.strict_yaml import Scalar, load
from cbt_station.banks.writing import blueprint_text, item_text, write_bank
from cbt_station.banks.yaml_writer import yaml_text
from cbt_station.errors import Refusal
from cbt_station.exam.content import Blocks, Columns, LineBreak, Listing, Paragraph, Text, Verbatim
from cbt_station.exam.interactions import ChoiceInteraction, Option
from cbt_station.exam.item import OptionScores, Shown
from tests.banks.small_bank import files, put

LINES = st.text(
    st.one_of(
        st.sampled_from("\\`*_{}[]()<>#+-.!|$~^&:=\"' \n19aZé"),
        st.characters(exclude_categories=("Cs", "Cc")),
    ),
    min_size=1,
    max_size=40,
)


HEAD = BankHead(
    "b",
    {"id": "B"},
    "CC0-1.0",
    "P",
    ("id",),
    {"S": SectionHead("S", {"id": "S"}, ("t",), ("l",), Decimal(5))},
)


def choice(stem: Blocks, options: dict[str, Blocks]) -> BankItem:
    """A plain item of these texts."""
    interaction = ChoiceInteraction(tuple(Option(name, content) for name, content in options.items()))
    scores = {name: Decimal(5 if name == "a" else 0) for name in options}
    return BankItem("i", "items/i.md", "S", "t", "l", {"id": Shown(stem, interaction)}, OptionScores(scores))


def lines(text: str) -> list[str]:
    """The lines of a text as an importer has them: without spaces at their ends, none empty, nothing hidden."""
    return [line.strip() for line in text.split("\n") if line.strip() and not hidden_character(line)]


@given(LINES, LINES, LINES)
@settings(max_examples=300, deadline=None)
def test_any_text_survives_its_markdown(stem, first, second):
    paragraphs = tuple(Paragraph((Text(line),)) for line in lines(stem)) or (Paragraph((Text("?"),)),)
    # Longer than any text that is drawn, or two options would now and then be equal.
    options = {
        "a": (Paragraph((Text("A" * 41 + " " + " ".join(lines(first)).strip()),)),),
        "b": (Paragraph((Text("B" * 41),)),),
    }
    options["c"] = tuple(Paragraph((Text(line),)) for line in lines(second)) or (Paragraph((Text("C"),)),)
    options["a"] = (Paragraph((Text(options["a"][0].content[0].text.strip()),)),)
    item_text(HEAD, choice(paragraphs, options), {})  # which reads it back and refuses any other item


@given(LINES)
@settings(max_examples=200, deadline=None)
def test_any_text_survives_its_yaml(text):
    if hidden_character(text):
        return
    faults = FaultList()
    mapping = load(yaml_text({"key": text, "list": [text, "x"]}), "a.yaml", faults)
    assert not faults.found
    assert mapping is not None
    value = mapping.entries[0][1]
    assert isinstance(value, Scalar)
    assert value.text == text


def test_the_small_bank_reads_back_the_same(tmp_path):
    bank = read_bank(put(tmp_path / "one", files()))
    write_bank(bank, tmp_path / "two")
    assert read_bank(tmp_path / "two") == bank


@pytest.mark.parametrize(
    "stem",
    [
        pytest.param(
            (Paragraph((Text("a ", bold=True), Text("b", bold=True, italic=True), Text(" c", bold=True))),),
            id="in",
        ),
        pytest.param(
            (Paragraph((Text(" a", bold=True), Text("b c", sup=True))),), id="spaces at the edge of a style"
        ),
        pytest.param((Paragraph((Text("\u00a0a "),)),), id="spaces at the ends of a line"),
        pytest.param(
            (Paragraph((Text("{{a}} [[b|c]] [d]{bold} ::: "),)),), id="text that looks like our marks"
        ),
        pytest.param(
            (Paragraph((Text("a"), LineBreak(), Text("# b"), LineBreak(), Text("- c"))),), id="line starts"
        ),
        pytest.param((Paragraph((Text("`a` ``b``", code=True),)),), id="code with backticks"),
        pytest.param(
            (Listing(((Paragraph((Text("a"),)),),)), Listing(((Paragraph((Text("b"),)),),))),
            id="two lists in a row",
        ),
        pytest.param(
            (Columns(((Verbatim(":::\n::: column"),), (Paragraph((Text("b"),)),))),),
            id="marks of blocks as lines",
        ),
        pytest.param((Listing(((Listing(((Paragraph((Text("b"),)),),), 3),),)),), id="list in a list"),
    ],
)
def test_a_tree_is_written_as_it_is(stem):
    options = {"a": (Paragraph((Text("1"),)),), "b": (Paragraph((Text("2"),)),)}
    item_text(HEAD, choice(stem, options), {})


def test_a_tree_that_our_dialect_cannot_say_is_refused():
    options = {"a": (Paragraph((Text("1"),)),), "b": (Paragraph((Text("2"),)),)}
    with pytest.raises(Refusal, match="bank-text-not-writable"):
        item_text(HEAD, choice((Paragraph((Text("a"), Text("b"))),), options), {})


BLUEPRINT = read_blueprint(Path(__file__).parents[2] / "question_banks/skd-id/blueprints/skd-2024.yaml")


def test_a_blueprint_is_written_as_it_is():
    assert blueprint_in(blueprint_text(BLUEPRINT).encode(), "b.yaml") == BLUEPRINT


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        pytest.param({"title": {"id": "Uji\u202ean"}}, "hidden-character", id="a hidden character"),
        pytest.param({"source": "x" * 70_000}, "file-too-large", id="more than a file holds"),
        pytest.param({"languages": ()}, "blueprint-no-language", id="no exam"),
    ],
)
def test_a_blueprint_that_nobody_could_read_again_is_not_written(tmp_path, changes, problem):
    bank = read_bank(put(tmp_path / "one", files()))
    with pytest.raises(Refusal, match="bank-text-not-writable") as refused:
        write_bank(bank, tmp_path / "two", {"b.yaml": with_fields(BLUEPRINT, **changes)})
    assert refused.value.facts["problem"] == problem
    assert not (tmp_path / "two").exists()


def test_a_folder_that_holds_anything_is_refused(tmp_path):
    bank = read_bank(put(tmp_path / "one", files()))
    put(tmp_path / "two", {"catatan.txt": b"penting"})
    with pytest.raises(Refusal, match="bank-folder-not-empty"):
        write_bank(bank, tmp_path / "two")
    assert [path.name for path in (tmp_path / "two").iterdir()] == ["catatan.txt"]
