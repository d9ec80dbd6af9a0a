"""An item that is answered in any other way than by one option: one fault is named alone, with its line, in both languages.

Faults of plain choices, of texts and of folders are in test_faults.py; what good heads mean is in test_marks.py.
"""

import re

import pytest

from cbt_station.banks.lint import lints
from cbt_station.banks.native import faults, read_bank
from cbt_station.words import LANGUAGES, words_in
from tests.banks.interaction_items import BODIES, HEAD, PICTURE, item
from tests.banks.small_bank import put, square

WAV = b"RIFF\x24\x00\x00\x00WAVEfmt "
BY_HAND = "hand-marked: 10"
COMPOSITE = "responses:\n  p: {interaction: inline-choice, key: b}\n  q: {interaction: number, key: 7}\n  r: {interaction: order}"


def body(kind: str, old: str, new: str) -> str:
    """The body of a kind with one place changed."""
    assert old in BODIES[kind]
    return BODIES[kind].replace(old, new, 1)


def bank(directory, text: str):
    """A bank of one item."""
    media = {"media/persegi.png": square(), "media/nada.wav": WAV}
    return put(directory, {"bank.yaml": HEAD.encode(), "items/i.md": text.encode()} | media)


TREE = 'processing:\n  most: 1\n  responses:\n    RESPONSE: {cardinality: single, base: float}\n  outcomes:\n    SCORE: {cardinality: single, base: float}\n  rules:\n    - {set-outcome-value: [{sum: [{base-value: "1", base-type: float}]}], identifier: SCORE}'


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        # the head
        pytest.param(item("choices", "key: [a]").replace("choices", "choise"), 6, "interaction-unknown", id="kind"),
        pytest.param(item("choices", "key: [a]", settings="lines: 3\n"), 7, "key-unknown", id="another kind's setting"),
        pytest.param(item("choices", "key: [a]", settings="most: two\n"), 7, "number-malformed", id="count in words"),
        pytest.param(item("choices", "key: a"), 7, "value-kind", id="one key where a list is"),
        pytest.param(item("choice", "key: [a]"), 6, "value-kind", id="a list where one key is"),
        pytest.param(item("choices", "key: [a, z]"), 7, "key-of-no-option", id="key of no option"),
        pytest.param(item("choices", "key: [a, a]"), 7, "value-twice", id="key twice"),
        pytest.param(item("choices", "most: 1\nkey: [a, b]"), 8, "key-more-than-most", id="more keys than may be"),
        pytest.param(item("choices", "scores: {z: 1}"), 7, "score-of-no-option", id="score of no option"),
        pytest.param(item("choices", "scores: {a: 1}\npoints: 2"), 8, "scores-and-points", id="scores and points"),
        pytest.param(item("order", "key: [b, a, c]\npoints: 2\neach: 1"), 9, "scores-and-points", id="points and each"),
        pytest.param(item("choices", "key: [a]", section="KOSONG"), 7, "key-without-points", id="no points"),
        pytest.param(item("order", "key: [a, b]"), 7, "key-not-all", id="half an order"),
        pytest.param(item("match", "key: [a z]"), 7, "pair-unknown", id="pair of no target"),
        pytest.param(item("match", "key: [a-x]"), 7, "pair-unknown", id="pair without a space"),
        pytest.param(item("match", "most-each: {q: 1}\nkey: [a x]"), 7, "each-of-no-option", id="uses of no option"),
        pytest.param(item("graphic-gap-match", "least-each: {x: 1}\nkey: [a x]"), 8, "each-of-no-option", id="least uses of a place"),
        pytest.param(item("graphic-gap-match", "fixed: [x]\nkey: [a x]"), 8, "fixed-of-no-option", id="a place fixed"),
        pytest.param(item("number", "key: seven"), 7, "number-malformed", id="key in words"),
        pytest.param(item("number", "key: 7\ntolerance: -1"), 8, "number-malformed", id="tolerance below 0"),
        pytest.param(item("text", "key: x\ncase: ignore"), 8, "value-kind", id="case"),
        pytest.param(item("slider", "key: 5", settings="low: 9\nhigh: 2\n"), 7, "scale-malformed", id="scale"),
        pytest.param(item("slider", "key: 5", settings="low: 0\nhigh: 10001\n"), 7, "scale-malformed", id="more steps than a hand can tell apart"),
        pytest.param(item("slider", "key: 5", settings="low: 9\n"), 2, "key-missing", id="no high"),
        pytest.param(item("slider", "key: 5\nvertical: no"), 10, "value-kind", id="vertical: no"),
        pytest.param(item("select-point", "key: circle 1 2"), 7, "area-malformed", id="circle without radius"),
        pytest.param(item("select-point", "most: 2\nkey: circle 1 2 3"), 8, "each-missing", id="points without each"),
        pytest.param(item("hotspot", "key: [a]").replace("60 50 20", "60 50"), 7, "area-malformed", id="spot"),
        pytest.param(item("extended-text", "note: x"), 6, "hand-marked-missing", id="nobody marks it"),
        pytest.param(item("extended-text", "hand-marked: 0"), 7, "number-malformed", id="marked by hand from 0 to 0"),
        pytest.param(item("text", "key: x\n" + BY_HAND), 8, "scoring-twice", id="key and person"),
        # the rule as a tree
        pytest.param(item("number", TREE.replace("sum", "solve")), 8, "processing-unsupported", id="operator"),
        pytest.param(item("number", TREE.replace("base: float", "base: pair", 1)), 8, "processing-unsupported", id="kind of answer"),
        pytest.param(item("number", TREE.replace("single", "triple", 1)), 10, "processing-value", id="cardinality"),
        pytest.param(item("number", TREE.replace("- {set", "- [x]\n    - {set")), 14, "processing-rule", id="no rule"),
        pytest.param(item("number", TREE.replace("most: 1", "most: NaN")), 8, "number-malformed", id="NaN"),
        pytest.param(item("number", TREE.replace("most: 1", "most: 1\n  score: POIN")), 9, "processing-value", id="a score that nothing declares"),
        pytest.param(item("number", TREE.replace("base: float}", "base: float, mapping: {entries: [{key: x, worth: 1e99}]}}", 1)), 10, "processing-value", id="a number beyond any score"),
        pytest.param(item("number", "processing: " + "[" * 2_000 + "]" * 2_000), 7, "yaml-too-deep", id="a rule without end"),
        pytest.param(item("number", "processing: x"), 7, "value-kind", id="no tree"),
        # lists, texts and pictures
        pytest.param(item("match", "key: [a x]", body=body("match", "+ [x] kiri\n+ [y] kanan\n", "")), 11, "targets-missing", id="no targets"),
        pytest.param(item("match", BY_HAND, body=body("match", "+ [x]", "+ [a]")), 15, "option-twice", id="one id in both lists"),
        pytest.param(item("order", "key: [a, b, c]", body=body("order", "dua", "satu")), 12, "options-equal", id="equal options"),
        pytest.param(item("gap-match", BY_HAND, body=BODIES["choices"]), 9, "interaction-text-missing", id="no text"),
        pytest.param(item("gap-match", BY_HAND, body=body("gap-match", "{{x}} dan {{y}}", "itu")), 11, "gaps-missing", id="no gap"),
        pytest.param(item("gap-match", "key: [a x]", body=body("gap-match", "{{y}}", "{{x}}")), 12, "slot-twice", id="a gap twice"),
        pytest.param(item("gap-match", BY_HAND, body=body("gap-match", "{{y}}", "{{a}}")), 12, "option-twice", id="a gap called as an option"),
        pytest.param(item("hottext", BY_HAND, body=body("hottext", "[[a|satu]], [[b|dua]] dan [[c|tiga]]", "itu")), 11, "hots-missing", id="no words"),
        pytest.param(item("hottext", "key: [a]", body=body("hottext", "[[b|", "[[a|")), 12, "hot-twice", id="words twice"),
        pytest.param(item("choices", "key: [a]", body=body("choices", "Apa?", "[[a|Apa]]?")), 9, "hot-outside", id="words outside"),
        pytest.param(item("hotspot", "key: [a]", body=body("hotspot", PICTURE, "Teks.\n")), 12, "interaction-picture-missing", id="no picture"),
        pytest.param(item("hotspot", "key: [a]", body=body("hotspot", "[b]", "[q]")), 14, "spots-differ", id="spots"),
        pytest.param(item("hotspot", "key: [a]", body=body("hotspot", "dua", "**dua**")), 15, "label-not-plain", id="label"),
        # places
        pytest.param(item("text", "key: x", body="Apa?\n"), 9, "slot-missing", id="no place"),
        pytest.param(item("text", "key: x", body="{{RESPONSE}} {{lain}}\n"), 9, "slot-unknown", id="unknown place"),
        pytest.param(item("text", "key: x", body="{{RESPONSE}} {{RESPONSE}}\n"), 9, "slot-twice", id="two places"),
        pytest.param(item("order", "key: [a, b, c]", body=body("order", "Apa?", "Apa {{RESPONSE}}?")), 9, "slot-of-block", id="a block in a line"),
        pytest.param(item("choices", "key: [a]", body=body("choices", "satu", "satu {{x}}")), 11, "slot-outside", id="place in an option"),
        pytest.param(item("composite", COMPOSITE, body=body("composite", "{{r}}\n\n", "")), 11, "slot-missing", id="no place of a part"),
        pytest.param(item("composite", COMPOSITE, body=body("composite", "response r", "response z")), 21, "response-unknown", id="unknown response"),
        pytest.param(item("composite", COMPOSITE, body=body("composite", "response r", "response p")), 21, "response-twice", id="response twice"),
        pytest.param(item("composite", COMPOSITE, body=BODIES["composite"] + "\nTeks.\n"), 27, "text-after-response", id="text after"),
        pytest.param(item("composite", COMPOSITE, body=body("composite", "::: response r\n", "::: response r\nTeks.\n\n")), 22, "text-in-response", id="text in a response"),
        pytest.param(item("composite", "interaction: text\n" + COMPOSITE), 6, "interaction-and-responses", id="both"),
        # content
        pytest.param(item("slider", "key: 5", body="##### Judul\n"), 11, "heading", id="heading of level 5"),
        pytest.param(item("slider", "key: 5", body="Apa?\n\n- - -\n"), 13, "rule", id="another rule"),
        pytest.param(item("slider", "key: 5", body="[kata]{lenguage=ar}\n"), 11, "attributes-unknown", id="misspelt braces"),
        pytest.param(item("slider", "key: 5", body="![a](media/persegi.png){width=big}\n"), 11, "attributes-unknown", id="width"),
        pytest.param(item("slider", "key: 5", body="![a](media/nada.wav){plays=0}\n"), 11, "attributes-unknown", id="plays"),
        pytest.param(item("slider", "key: 5", body="Dengar ![a](media/nada.wav)\n"), 11, "recording-in-line", id="recording in a line"),
        pytest.param(item("slider", "key: 5", body="Apa?\n\n::: kotak\nx\n:::\n"), 13, "block-unknown", id="block"),
        pytest.param(item("slider", "key: 5", body="Apa?\n\n::: columns\nx\n"), 13, "block-not-closed", id="block not closed"),
        pytest.param(item("slider", "key: 5", body="Apa?\n\n:::columns\n"), 13, "block-malformed", id="block without a space"),
        pytest.param(item("slider", "key: 5", body="::: columns\n::: column\nx\n:::\n:::\n"), 11, "columns-count", id="one column"),
        pytest.param(item("slider", "key: 5", body="::: columns\n::: column\nx\n:::\n::: column\nx\n:::\ny\n:::\n"), 18, "columns-of-column", id="text beside columns"),
        pytest.param(item("slider", "key: 5", body="| a | b |\n|---|---|\n| ^^ | << |\n| << | x |\n"), 13, "table-merge", id="cell merged with nothing"),
        pytest.param(item("slider", "key: 5", body="| a | << |\n|---|---|\n| ^^ | x |\n"), 13, "table-merge", id="half a cell reaches down"),
        pytest.param(item("slider", "key: 5", body="| a<br>b |\n|---|\n| x |\n\na<br>b\n"), 15, "raw-html", id="br outside a table"),
    ],
)  # fmt: skip
def test_one_fault_is_named_alone_with_its_line(tmp_path, text, line, code):
    found = faults(bank(tmp_path, text))
    assert [(fault.file, fault.line, fault.code) for fault in found] == [("items/i.md", line, code)]
    for lang in LANGUAGES:
        words = words_in(lang)
        assert words.knows(f"fault.{code}")
        assert not re.search(r"(?<!\{)\{[a-z_]+\}(?!\})", found[0].sentence(words))


def test_a_recording_of_another_kind_than_its_name_says_is_a_fault(tmp_path):
    bank(tmp_path, item("choice", "key: a"))
    (tmp_path / "media" / "nada.wav").write_bytes(b"OggS")
    assert [(fault.file, fault.code) for fault in faults(tmp_path)] == [("media/nada.wav", "recording-kind")]


def test_more_than_a_page_holds_is_a_fault(tmp_path):
    many = "".join(f"[kata]{{lang=ar}} x{number}\n" for number in range(2_000))
    assert {fault.code for fault in faults(bank(tmp_path, item("slider", "key: 5", body=many)))} == {
        "content-too-much"
    }


def test_more_than_a_page_holds_is_a_fault_of_a_stimulus_too(tmp_path):
    bank(tmp_path, item("choice", "key: a"))
    put(tmp_path, {"stimuli/s.md": "".join(f"[kata]{{lang=ar}} x{n}\n" for n in range(2_000)).encode()})
    assert [(fault.file, fault.code) for fault in faults(tmp_path)] == [("stimuli/s.md", "content-too-much")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param(
            item("choices", "key: [a]", settings="least: 3\nmost: 2\n"), "least-over-most", id="least"
        ),
        pytest.param(item("choices", "key: [a]", settings="most: 9\n"), "most-unreachable", id="most"),
        pytest.param(
            item("text", "key: Jakarta", body="Ibu kota Jakarta: {{RESPONSE}}\n"), "key-in-view", id="key"
        ),
    ],
)
def test_what_makes_no_sense_is_advised_against(tmp_path, text, code):
    found = [lint.code for lint in lints(read_bank(bank(tmp_path, text)))]
    assert code in found


def test_two_languages_may_order_gaps_and_words_as_they_need(tmp_path):
    one = BODIES["gap-match"]
    two = one.replace("Ini {{x}} dan {{y}}.", "{{y}} dan {{x}}.")
    text = item("gap-match", "key: [a x, b y]", body=f"# id\n\n{one}\n# en\n\n{two}")
    directory = bank(tmp_path, text)
    (directory / "bank.yaml").write_text(HEAD.replace("languages: [id]", "languages: [id, en]"))
    languages = read_bank(directory).items[0].languages
    assert [shown.interaction.gaps for shown in languages.values()] == [("x", "y"), ("y", "x")]
    (directory / "items/i.md").write_text(text.replace("{{y}} dan {{x}}", "{{y}} dan {{z}}"))
    assert [fault.code for fault in faults(directory)] == ["languages-differ"]
