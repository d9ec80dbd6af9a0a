"""The catalogues of words, held to each other and to the code: no failure without a sentence, no sentence without a use.

What a sentence says is read by people; here only that it is there, in every language, with facts that it really gets.
"""

import re
import string
from collections import Counter

import pytest

from cbt_station.assembly.roster_sheet import ACCOMMODATIONS
from cbt_station.words import LANGUAGES, in_language, words_in
from tests.words.source import PACKAGE, asked, literals, patterns, raised

ENTRY = re.compile(r'^msgid "((?:[^"\\]|\\.)+)"\nmsgstr "((?:[^"\\]|\\.)*)"$', re.MULTILINE)


def catalogue(lang: str) -> dict[str, str]:
    return dict(ENTRY.findall((PACKAGE / "words" / f"{lang}.po").read_text()))


def holders(sentence: str) -> set[str]:
    """The place-holders of a sentence, bare names only."""
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def error_keys() -> list[str]:
    return sorted({f"error.{one.code}" for one in raised() if one.code})


def test_both_catalogues_have_the_same_keys() -> None:
    first, second = (catalogue(lang) for lang in LANGUAGES)
    assert first.keys() == second.keys()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_key_stands_twice(lang: str) -> None:
    keys = re.findall(r'^msgid "(.+)"$', (PACKAGE / "words" / f"{lang}.po").read_text(), re.MULTILINE)
    assert [key for key, times in Counter(keys).items() if times > 1] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_entry_is_one_line_with_a_sentence_and_is_what_the_program_reads(lang: str) -> None:
    entries = catalogue(lang)
    source = (PACKAGE / "words" / f"{lang}.po").read_text()
    assert source.count("\nmsgid ") == len(entries)  # the head's msgid is the first line
    for key, sentence in entries.items():
        assert sentence.strip(), key
        plain = sentence.replace('\\"', '"').replace("\\n", "\n").replace("\\\\", "\\")
        assert words_in(lang)._catalogue.gettext(key) == plain, key


def test_both_languages_use_the_same_facts() -> None:
    first, second = (catalogue(lang) for lang in LANGUAGES)
    assert {key: holders(text) for key, text in first.items()} == {
        key: holders(text) for key, text in second.items()
    }


def test_every_code_is_a_literal_where_the_failure_is_born() -> None:
    assert [one.place for one in raised() if not isinstance(one.code, str)] == []


def test_every_code_that_is_raised_has_a_sentence() -> None:
    missing = {key for key in error_keys() if not words_in("id").knows(key)}
    assert sorted(missing) == []


def test_every_sentence_of_a_failure_uses_only_facts_that_it_always_gets() -> None:
    lacking = {}
    for one in raised():
        sentence = catalogue("id").get(f"error.{one.code}", "")
        if one.facts is not None and holders(sentence) - one.facts:
            lacking[one.place] = (one.code, sorted(holders(sentence) - one.facts))
    assert lacking == {}


def test_every_key_that_is_asked_for_has_a_sentence() -> None:
    missing = {key: place for key, place in asked().items() if "." in key and not words_in("id").knows(key)}
    assert missing == {}


def test_every_accommodation_of_a_roster_has_words_under_its_own_name() -> None:
    prefix = "station.accommodation_"
    named = {key.removeprefix(prefix) for key in catalogue("id") if key.startswith(prefix)}
    assert named == set(ACCOMMODATIONS)


def test_every_sentence_is_used() -> None:
    codes = {one.code for one in raised()}
    orphans = [
        key
        for key in catalogue("id")
        if not (
            key in literals()
            or key.removeprefix("error.") in codes | literals()  # an alarm travels as its code
            or any(pattern.fullmatch(key) for pattern in patterns() if not key.startswith("error."))
        )
    ]
    assert orphans == []


def test_a_sentence_whose_fact_is_missing_still_says_something() -> None:
    assert words_in("en")("error.too-early") == catalogue("en")["error.too-early"]
    assert words_in("en")("no.such.key") == "no.such.key"
    assert words_in("xx").lang == "id"


def test_what_is_said_in_several_languages_is_read_in_the_wanted_one_or_the_first() -> None:
    said = {"jv": "Wacan", "id": "Bacaan"}
    assert [in_language(said, wanted, "-") for wanted in ("id", "jv", "en")] == ["Bacaan", "Wacan", "Wacan"]
    assert in_language({"id": "", "en": "Reading"}, "id", "-") == ""
    assert in_language({}, "id", "READ") == "READ"
