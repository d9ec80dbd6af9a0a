"""A form never changes what it was not asked to change, and never loses what it has no field for.

The law holds over every item of `question_banks`; what a form refuses is a case each. How the form looks on the screen
is in tests/screens/committee.
"""

import difflib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cbt_station.banks.bank import BankItem
from cbt_station.banks.kinds import KINDS
from cbt_station.banks.native import BankFolder, read_folder
from cbt_station.banks.workshop.draft import Draft, DraftText, NoDraft
from cbt_station.banks.workshop.forms import draft_of, draft_text
from cbt_station.banks.workshop.reading import read_alone
from tests.banks.small_bank import PLAIN, RICH, SCORED
from tests.banks.workshop.bench import BANKS, NAMES, at, later, small

FOLDERS = {name: read_folder(BANKS / name) for name in NAMES}
ITEMS = [pytest.param(name, item, id=item.id) for name, folder in FOLDERS.items() for item in folder.items]
FORM_KINDS = {
    "choice", "choices", "inline-choice", "text", "number", "extended-text", "order", "match", "hottext",
}  # fmt: skip


def said(name: str, item: BankItem) -> str:
    return (BANKS / name / item.file).read_text(encoding="utf-8")


def first_language(folder: BankFolder) -> str:
    assert folder.head
    return folder.head.languages[0]


def form(text: str, language: str = "id") -> Draft:
    draft = draft_of(text, language)
    assert isinstance(draft, Draft), draft
    return draft


@pytest.mark.parametrize(("name", "item"), ITEMS)
def test_an_item_written_from_its_form_is_the_same_item(name: str, item: BankItem) -> None:
    folder, text = FOLDERS[name], said(name, item)
    language = first_language(folder)
    written = draft_text(form(text, language), language)
    read, faults = read_alone(folder, item.file, item.id, written.encode(), "item")
    assert (read.content, faults) == (item, ())


@pytest.mark.parametrize(("name", "item"), ITEMS)
def test_a_form_that_says_nothing_new_changes_no_byte(name: str, item: BankItem) -> None:
    text, language = said(name, item), first_language(FOLDERS[name])
    assert draft_text(form(text, language), language, text) == text


@pytest.mark.parametrize(("name", "item"), ITEMS)
def test_one_field_is_one_line(name: str, item: BankItem) -> None:
    text, language = said(name, item), first_language(FOLDERS[name])
    now = draft_text(replace(form(text, language), level="lain"), language, text)
    changed = [line for line in difflib.ndiff(text.split("\n"), now.split("\n")) if line[0] in "+-"]
    assert changed == [f"- level: {item.level}", "+ level: lain"]


def test_every_way_to_answer_that_a_form_has_fields_for_goes_through_it() -> None:
    kinds = {
        form(said(name, item), first_language(FOLDERS[name])).kind for name, item in (p.values for p in ITEMS)
    }  # type: ignore[misc]
    assert kinds >= FORM_KINDS | {"composite"}


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        pytest.param(
            PLAIN.replace("level:", "# mudah saja\nlevel:"), "comment", 5, id="a comment on its own line"
        ),
        pytest.param(PLAIN.replace("key: b", "key: b  # pasti"), "comment", 6, id="a comment after a value"),
        pytest.param(PLAIN.replace("---\nid", "---\n# awal\nid", 1), "comment", 2, id="a comment at the top"),
        pytest.param(
            RICH.replace("note: |", "note: | # catatan"), "comment", 10, id="a comment after a block's mark"
        ),
        pytest.param("---\n{id: x, section: TIU}\n---\nApa?\n", "head", 2, id="a head in braces"),
        pytest.param("Apa?\n", "head", 1, id="no head"),
        pytest.param("---\nid: x\nApa?\n", "head", 1, id="a head that does not end"),
        pytest.param("---\n---\nApa?\n", "head", 2, id="an empty head"),
        pytest.param(PLAIN.replace("key: b", "key: b\nkey: c"), "head", 7, id="a key twice"),
        pytest.param(PLAIN.replace("key: b", "interaction: tari"), "kind", 6, id="an unknown way to answer"),
        pytest.param(PLAIN.replace("- [b] ", "- "), "option", 11, id="an option without an id"),
        pytest.param(PLAIN.replace("- [c]", "- [a]"), "option", 0, id="an option twice"),
        pytest.param(
            RICH.replace("- [c] none", "- [d] none"), "option", 0, id="languages with other options"
        ),
        pytest.param(
            PLAIN.replace("- [c] 2\n", "- [c] 2\n\n[x]: http://a.example\n"),
            "layout",
            14,
            id="a line after the list",
        ),
        pytest.param(
            PLAIN.replace("- [", "* [").replace("?\n\n* [a]", "?\n\n- satu\n\n* [a]"),
            "layout",
            0,
            id="a list before the options that would become one with them",
        ),
        pytest.param(
            PLAIN.replace("- [", "* [").replace("?\n\n* [a]", "?\n\n- [x] satu\n\n* [a]"),
            "layout",
            0,
            id="a list before the options that would become options with them",
        ),
        pytest.param(RICH.replace("# id", "Pembuka.\n\n# id", 1), "layout", 14, id="words before a language"),
        pytest.param(RICH.replace("# en", "# id"), "layout", 34, id="a language twice"),
    ],
)
def test_what_a_form_cannot_keep_is_edited_as_text(text: str, code: str, line: int) -> None:
    assert draft_of(text, "id") == NoDraft(code, line)


def test_a_comment_among_lines_without_a_field_stays() -> None:
    text = PLAIN.replace("key: b", "interaction: choices\nleast: 1 # satu saja\nkey: [b]")
    draft = form(text)
    assert draft.lines == "least: 1 # satu saja\n"
    assert "least: 1 # satu saja\n" in draft_text(replace(draft, level="sulit"), "id", text)


def test_a_form_shows_the_fields_of_the_head_and_the_options_of_every_language() -> None:
    draft = form(RICH)
    assert (draft.id, draft.section, draft.topic, draft.level) == ("tiu-002", "TIU", "hitung", "sulit")
    assert (draft.stimulus, draft.source, draft.note) == (
        "teks",
        "Buku: halaman 3",
        "Baris satu.\nBaris dua.",
    )
    assert [one.id for one in draft.options if one.is_key] == ["a"]
    assert [one.id for one in draft.options if one.is_fixed] == ["c"]
    assert draft.languages["en"] == DraftText("Look.", ("right", "wrong", "none"))
    assert draft.languages["id"].options[1] == "![Lingkaran](media/lingkaran.svg)"


def test_scores_stand_beside_their_options() -> None:
    draft = form(SCORED)
    assert (draft.marking, draft.all_fixed) == ("scores", True)
    assert [one.points for one in draft.options] == ["1", "5", "3"]
    better = replace(draft, options=(replace(draft.options[0], points="2"), *draft.options[1:]))
    assert draft_text(better, "id", SCORED) == SCORED.replace("a: 1", "a: 2")


@pytest.mark.parametrize("marks", ["key: [c, a]", "scores: {c: 2, a: 1}"])
def test_marks_in_another_order_than_the_options_stay_as_they_stand(marks: str) -> None:
    text = PLAIN.replace("key: b", f"interaction: choices\n{marks}")
    draft = form(text)
    assert (draft.marking, draft.lines) == ("lines", f"{marks}\n")
    assert marks in draft_text(draft, "id")


def test_an_option_more_is_a_line_more() -> None:
    draft = form(PLAIN)
    longer = replace(
        draft,
        options=(*draft.options, replace(draft.options[0], id="d", is_key=False)),
        languages={"id": replace(draft.languages["id"], options=(*draft.languages["id"].options, "7"))},
    )
    assert draft_text(longer, "id", PLAIN) == PLAIN + "- [d] 7\n"


def test_an_option_of_several_paragraphs_keeps_them() -> None:
    text = PLAIN.replace("- [c] 2\n", "- [c] dua\n\n  | a | b |\n  |---|---|\n  | 1 | 2 |\n")
    draft = form(text)
    assert draft.languages["id"].options[2] == "dua\n\n| a | b |\n|---|---|\n| 1 | 2 |"
    assert draft_text(replace(draft, languages=dict(draft.languages), level="sulit"), "id").endswith(
        "- [c] dua\n\n  | a | b |\n  |---|---|\n  | 1 | 2 |\n"
    )


def test_a_language_more_marks_both() -> None:
    draft = form(PLAIN)
    both = replace(draft, languages=draft.languages | {"en": DraftText("Half of $3$?", ("1", "1.5", "2"))})
    text = draft_text(both, "id", PLAIN)
    assert form(text) == both
    assert "\n# id\n\nBerapa *setengah* dari $3$?\n" in text
    assert text.endswith("\n# en\n\nHalf of $3$?\n\n- [a] 1\n- [b] 1.5\n- [c] 2\n")


@pytest.mark.parametrize("kind", [*KINDS, "composite"])
def test_a_new_item_of_each_kind_has_a_form_and_needs_only_words(kind: str, tmp_path: Path) -> None:
    with at(small(tmp_path), "Rina") as workshop:
        draft = workshop.new_item("TIU", kind)
        text = workshop.draft_text(draft)
        assert workshop.draft(text) == draft
        workshop.save(draft.id, text, later(0), was=None)
        row = workshop.row(draft.id)
    assert row.kinds == (("choice", "choices") if kind == "composite" else (kind,))
    assert {fault.code for fault in row.faults} <= {
        "key-missing-or-scores", "option-empty", "stem-empty", "interaction-picture-missing", "hand-marked-missing",
    }  # fmt: skip


TEXTS = [said(name, item) for name, item in (p.values for p in ITEMS[::7])] + [PLAIN, RICH, SCORED]  # type: ignore[misc]


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_whatever_a_hand_does_to_a_text_the_form_keeps_it_or_refuses_it(data: st.DataObject) -> None:
    """The law again, over texts with lines taken out, doubled, moved in and broken by marks that mean something."""
    text = data.draw(st.sampled_from(TEXTS))
    lines = text.split("\n")
    for _ in range(data.draw(st.integers(1, 3))):
        index = data.draw(st.integers(0, len(lines) - 1))
        deed = data.draw(st.sampled_from(["take", "double", "indent", "blank", "put"]))
        if deed == "take":
            del lines[index]
            lines = lines or [""]
        elif deed == "put":
            at_ = data.draw(st.integers(0, len(lines[index])))
            mark = data.draw(
                st.sampled_from(["#", " #", ":", "- ", "[", "|", "\\", "'", '"', "# en", "`", "*", "$"])
            )
            lines[index] = lines[index][:at_] + mark + lines[index][at_:]
        else:
            said_ = {"double": lines[index], "indent": f"  {lines[index]}", "blank": ""}[deed]
            lines.insert(index, said_)
    broken = "\n".join(lines)
    draft = draft_of(broken, "id")
    if isinstance(draft, NoDraft):
        return
    assert draft_text(draft, "id", broken) == broken
    assert draft_of(draft_text(draft, "id"), "id") == draft
    changed = draft_text(replace(draft, title="Judul baru"), "id", broken)
    assert draft_of(changed, "id") == replace(draft, title="Judul baru")
