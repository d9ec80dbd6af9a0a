"""Patterns of XML Schema: what they match, what is none, and that no pattern makes a text take long.

Python's `re` is the second judge where the two languages agree.
"""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cbt_station.errors import Refusal
from cbt_station.exam.rules.patterns import Pattern


@pytest.mark.parametrize(
    ("pattern", "matching", "not_matching"),
    [
        ("", "", "a"),
        ("abc", "abc", "abcd"),
        ("a|bc|", "bc", "b"),
        ("a?b*c+", "bbc", "ab"),
        ("(ab){2}", "abab", "ab"),
        ("a{2,}", "aaaa", "a"),
        ("a{1,3}", "aaa", "aaaa"),
        ("a{0}b", "b", "ab"),
        ("[a-cx]", "b", "d"),
        ("[^a-c]", "d", "a"),
        ("[a-z-[aeiou]]+", "xyz", "xyza"),
        (r"[\d\-.]+", "1-2.3", "1+2"),
        (r"\d{4}-\d{2}", "2026-11", "2026-1"),
        (r"\s\S", " a", "  "),
        (r"\w+", "aÀ5", "a b"),
        (r"\i\c*", "_a-1", "-a"),
        (r"\p{Lu}\P{Lu}", "Aa", "AA"),
        (r".", "a", "\n"),
        (r"\.\*\\", ".*\\", "a*\\"),
        (r"\n\t", "\n\t", "nt"),
        ("[-a]", "-", "b"),
        ("[a-]", "-", "b"),
        ("(a|b)*abb", "babb", "bab"),
        ("^a$", "^a$", "a"),
        ("()*", "", "a"),
        ("(a*)*", "aaa", "b"),
    ],
)
def test_a_pattern_matches_the_whole_text(pattern: str, matching: str, not_matching: str) -> None:
    assert Pattern(pattern).matches(matching)
    assert not Pattern(pattern).matches(not_matching)


@pytest.mark.parametrize(
    "pattern",
    ["(", ")", "a)", "[", "[]", "[a", "[b-a]", r"[a-\d]", "*a", "a**", "a{", "a{2", "a{3,2}", "a{501}", "\\", "\\q", "]",
     r"\p{IsGreek}", r"\p{", r"\p", "(?=a)", "a{,3}", "[a-z-[a]b]", "(" * 50 + ")" * 50],
)  # fmt: skip
def test_what_is_no_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(Refusal, match=r"^rule-pattern"):
        Pattern(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        "(a{400}){400}",
        "((((a{99}){99}){99}){99}){99}",
        "(){500}" * 99,
        "(" * 30 + ")" + "{500})" * 29 + "{500}",
        "a" * 1001,
    ],
)
def test_a_pattern_that_would_grow_is_refused_before_anything_is_matched(pattern: str) -> None:
    with pytest.raises(Refusal, match=r"^rule-(too-much|pattern)"):
        Pattern(pattern)


@pytest.mark.parametrize(
    "pattern", ["(a+)+b", "(a|aa)+b", "(a*)*b", "(.*)(.*)(.*)(.*)(.*)b", "(a?){200}a{200}b"]
)
def test_what_makes_others_try_for_years_is_one_step_a_character(pattern: str) -> None:
    assert not Pattern(pattern).matches("a" * 5_000)


ATOMS = st.sampled_from(["a", "b", "[ab]", "[^a]", ".", r"\d", "(a|b)", "(ab)"])
PATTERNS = st.lists(st.tuples(ATOMS, st.sampled_from(["", "?", "*", "+", "{2}", "{1,2}"])), max_size=5).map(
    lambda parts: "".join(atom + times for atom, times in parts)
)


@settings(max_examples=200, deadline=None)
@given(PATTERNS, st.text("ab1", max_size=8))
def test_it_agrees_with_another_matcher(pattern: str, text: str) -> None:
    assert Pattern(pattern).matches(text) == (re.fullmatch(pattern, text) is not None)


@settings(max_examples=300, deadline=None)
@given(st.text("ab()[]{}*+?|^-\\,0123dp.", max_size=20), st.text("ab1", max_size=10))
def test_any_text_is_a_pattern_or_refused(pattern: str, text: str) -> None:
    try:
        Pattern(pattern).matches(text)
    except Refusal:
        return
