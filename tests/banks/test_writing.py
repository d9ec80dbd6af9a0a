"""A bank that is written reads back as the same bank, and any text survives its Markdown.

The import of a real file is in test_importing.py.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cbt_station.banks.body import BodyReader
from cbt_station.banks.faults import FaultList
from cbt_station.banks.markdown_writer import body_text
from cbt_station.banks.native import read_bank
from cbt_station.banks.source_text import hidden_character
from cbt_station.banks.strict_yaml import Scalar, load
from cbt_station.banks.writing import write_bank, yaml_text
from cbt_station.errors import Refusal
from cbt_station.exam.content import LineBreak, Listing, Paragraph, Text
from tests.banks.small_bank import files, put

LINES = st.text(
    st.one_of(
        st.sampled_from("\\`*_{}[]()<>#+-.!|$~^&:=\"' \n19aZé"),
        st.characters(exclude_categories=("Cs", "Cc")),
    ),
    min_size=1,
    max_size=40,
)


def lines(text: str) -> list[str]:
    """The lines of a text as an importer has them: without spaces at their ends, none empty, nothing hidden."""
    return [line.strip() for line in text.split("\n") if line.strip() and not hidden_character(line)]


@given(LINES, LINES, LINES)
@settings(max_examples=300, deadline=None)
def test_any_text_survives_its_markdown(stem, first, second):
    paragraphs = tuple(Paragraph((Text(line),)) for line in lines(stem)) or (Paragraph((Text("?"),)),)
    options = {
        "a": (Paragraph((Text("A " + " ".join(lines(first)).strip()),)),),
        "b": (Paragraph((Text("B"),)),),
    }
    options["c"] = tuple(Paragraph((Text(line),)) for line in lines(second)) or (Paragraph((Text("C"),)),)
    options["a"] = (Paragraph((Text(options["a"][0].content[0].text.strip()),)),)
    text = body_text(paragraphs, options, "a.md")
    read = BodyReader("a.md", FaultList(), {}).item(text, 1)
    assert read.stem == paragraphs
    assert {option.id: option.content for option in read.options} == options


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
            (Paragraph((Text("a"), LineBreak(), Text("# b"), LineBreak(), Text("- c"))),), id="line starts"
        ),
        pytest.param((Paragraph((Text("`a` ``b``", code=True),)),), id="code with backticks"),
        pytest.param(
            (Listing(((Paragraph((Text("a"),)),),)), Listing(((Paragraph((Text("b"),)),),))),
            id="two lists in a row",
        ),
        pytest.param((Listing(((Listing(((Paragraph((Text("b"),)),),), 3),),)),), id="list in a list"),
    ],
)
def test_a_tree_is_written_as_it_is(stem):
    options = {"a": (Paragraph((Text("1"),)),), "b": (Paragraph((Text("2"),)),)}
    text = body_text(stem, options, "a.md")
    assert BodyReader("a.md", FaultList(), {}).item(text, 1).stem == stem


def test_a_tree_that_our_dialect_cannot_say_is_refused():
    options = {"a": (Paragraph((Text("1"),)),), "b": (Paragraph((Text("2"),)),)}
    with pytest.raises(Refusal, match="bank-text-not-writable"):
        body_text((Paragraph((Text(" a", bold=True),)),), options, "a.md")


def test_a_folder_that_holds_anything_is_refused(tmp_path):
    bank = read_bank(put(tmp_path / "one", files()))
    put(tmp_path / "two", {"catatan.txt": b"penting"})
    with pytest.raises(Refusal, match="bank-folder-not-empty"):
        write_bank(bank, tmp_path / "two")
    assert [path.name for path in (tmp_path / "two").iterdir()] == ["catatan.txt"]
