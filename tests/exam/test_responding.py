"""What a candidate can give to each interaction, what is refused by which code, and when a question counts as answered.

The order of events and the clock are in test_sitting.py; what a response is worth in test_item_rules.py.
"""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cbt_station.errors import Refusal
from cbt_station.exam.content import Hot, Paragraph, Picture, Slot, Text
from cbt_station.exam.interactions import (
    Associable,
    AssociateInteraction,
    ChoiceInteraction,
    ChoicesInteraction,
    Composite,
    ExtendedTextInteraction,
    GapMatchInteraction,
    GraphicGapMatchInteraction,
    HotspotInteraction,
    HottextInteraction,
    InlineChoiceInteraction,
    Interaction,
    MatchInteraction,
    NumberEntryInteraction,
    Option,
    OrderInteraction,
    SelectPointInteraction,
    SliderInteraction,
    Spot,
    TextEntryInteraction,
    ordered_options,
)
from cbt_station.exam.responding import is_complete, require_response

OPTIONS = tuple(Option(name, ()) for name in "abc")
PAIRED = tuple(Associable(name, ()) for name in "abc")
PICTURE = Picture("p.png", 300, 200, "a map")
SPOTS = tuple(Spot(name, "rect", (0, 0, 9, 9), name) for name in ("x", "y"))
WORDS = (Paragraph((Text("the "), Hot("h1", (Text("cat"),)), Text(" sat "), Hot("h2", (Text("up"),)))),)
GAPS = (Paragraph((Slot("g1"), Text(" and "), Slot("g2"))),)

CHOICE = ChoiceInteraction(OPTIONS)
CHOICES = ChoicesInteraction(OPTIONS, least=2, most=2)
INLINE = InlineChoiceInteraction(OPTIONS)
TEXT = TextEntryInteraction(most_characters=5)
NUMBER = NumberEntryInteraction(most_characters=6)
ESSAY = ExtendedTextInteraction(most_characters=20, least_characters=3)
MATCH = MatchInteraction(PAIRED, (Associable("k", (), most=2), Associable("l", (), most=0)))
ASSOCIATE = AssociateInteraction((*PAIRED, Associable("d", (), most=2)), least=2)
ORDER = OrderInteraction(OPTIONS)
SOME_IN_ORDER = OrderInteraction(OPTIONS, least=1, most=2)
GAP_MATCH = GapMatchInteraction(GAPS, ("g1", "g2"), PAIRED)
HOTTEXT = HottextInteraction(WORDS, most=1)
HOTSPOT = HotspotInteraction(PICTURE, SPOTS, most=1)
GRAPHIC = GraphicGapMatchInteraction(PICTURE, SPOTS, PAIRED)
SHORT_MATCH = MatchInteraction(PAIRED, (Associable("k", ()), Associable("l", ())))
SHORT_GAPS = GapMatchInteraction(GAPS, ("g1", "g2"), PAIRED[:1])
SHORT_GRAPHIC = GraphicGapMatchInteraction(PICTURE, SPOTS, PAIRED[:1])
SLIDER = SliderInteraction("0", "1", "0.1")
POINTS = SelectPointInteraction(PICTURE, most=2)
COMPOSITE = Composite({"A": CHOICE, "B": TEXT, "C": MATCH})

GOOD: dict[str, tuple[Interaction, Any, bool]] = {
    "one option": (CHOICE, "b", True),
    "several options": (CHOICES, ("c", "a"), True),
    "fewer options than asked for": (CHOICES, ("c",), False),
    "an option in a line": (INLINE, "a", True),
    "a short text": (TEXT, "é ü", True),
    "a number": (NUMBER, "-3.25", True),
    "a long text with lines": (ESSAY, "a\n\tbc", True),
    "a text that is too short": (ESSAY, "ab", False),
    "every row": (MATCH, ("a k", "b k", "c l"), True),
    "not every row": (MATCH, ("a k", "b k"), False),
    "as many rows as the columns take": (SHORT_MATCH, ("a k", "c l"), True),
    "fewer rows than the columns take": (SHORT_MATCH, ("a k",), False),
    "as many gaps as there are options": (SHORT_GAPS, ("a g2",), True),
    "as many places as there are options": (SHORT_GRAPHIC, ("a x",), True),
    "pairs without a direction": (ASSOCIATE, ("a d", "d b"), True),
    "fewer pairs than asked for": (ASSOCIATE, ("a b",), False),
    "all in order": (ORDER, ("c", "a", "b"), True),
    "not all in order": (ORDER, ("c", "a"), False),
    "some in order": (SOME_IN_ORDER, ("c",), True),
    "every gap": (GAP_MATCH, ("a g2", "c g1"), True),
    "a gap left": (GAP_MATCH, ("a g2",), False),
    "a word": (HOTTEXT, ("h2",), True),
    "a place": (HOTSPOT, ("y",), True),
    "every place of a picture": (GRAPHIC, ("a x", "b y"), True),
    "a place left": (GRAPHIC, ("a x",), False),
    "a point of a scale": (SLIDER, "0.3", True),
    "the end of a scale": (SLIDER, "1.0", True),
    "points of a picture": (POINTS, ("0 0", "300 200"), True),
    "every part": (COMPOSITE, {"A": "a", "B": "x", "C": ("a k", "b l", "c l")}, True),
    "some parts": (COMPOSITE, {"B": "x"}, False),
    "every part, one of them not whole": (COMPOSITE, {"A": "a", "B": "x", "C": ("a k",)}, False),
}
BAD: dict[str, tuple[Interaction, Any, str]] = {
    "an option of another item": (CHOICE, "z", "option-unknown"),
    "nothing": (CHOICE, "", "response-malformed"),
    "several where one is asked for": (CHOICE, ("a",), "response-malformed"),
    "parts where there are none": (CHOICE, {"RESPONSE": "a"}, "response-malformed"),
    "one where several are asked for": (CHOICES, "a", "response-malformed"),
    "none of several": (CHOICES, (), "response-malformed"),
    "one twice": (CHOICES, ("a", "a"), "response-malformed"),
    "too many": (CHOICES, ("a", "b", "c"), "response-too-many"),
    "a text that is too long": (TEXT, "abcdef", "response-too-long"),
    "a text longer than any scoring reads": (
        ExtendedTextInteraction(most_characters=10**9), "a" * 100_001, "response-too-long",
    ),
    "a text of spaces": (TEXT, "  ", "response-malformed"),
    "a line break in a short text": (TEXT, "a\nb", "response-characters"),
    "a control character": (ESSAY, "a\x00", "response-characters"),
    "half a character": (ESSAY, "a\ud800", "response-characters"),
    "a text that turns the line around": (ESSAY, "a\u202eb", "response-characters"),
    "a comma": (NUMBER, "3,5", "response-not-a-number"),
    "an exponent": (NUMBER, "1e5", "response-not-a-number"),
    "a number without end": (NUMBER, "1" * 50, "response-too-long"),
    "digits of another script": (NUMBER, "٣", "response-not-a-number"),
    "no pair": (MATCH, ("a",), "response-malformed"),
    "three of a pair": (MATCH, ("a k l",), "response-malformed"),
    "a pair the wrong way round": (MATCH, ("k a",), "option-unknown"),
    "a pair twice": (MATCH, ("a k", "a k"), "response-malformed"),
    "a row used twice": (MATCH, ("a k", "a l"), "response-too-many"),
    "a column used too often": (
        MatchInteraction(PAIRED, (Associable("k", (), most=2),)),
        ("a k", "b k", "c k"),
        "response-too-many",
    ),
    "a pair both ways": (ASSOCIATE, ("a d", "d a"), "response-malformed"),
    "an option used too often": (ASSOCIATE, ("a b", "b c"), "response-too-many"),
    "one twice in order": (ORDER, ("a", "a", "b"), "response-malformed"),
    "too many in order": (SOME_IN_ORDER, ("a", "b", "c"), "response-too-many"),
    "two options in one gap": (GAP_MATCH, ("a g1", "b g1"), "response-too-many"),
    "no such gap": (GAP_MATCH, ("a g3",), "option-unknown"),
    "no such word": (HOTTEXT, ("h3",), "option-unknown"),
    "no such place": (HOTSPOT, ("z",), "option-unknown"),
    "two labels on one place": (GRAPHIC, ("a x", "b x"), "response-too-many"),
    "beside the scale": (SLIDER, "1.1", "response-off-scale"),
    "between two steps": (SLIDER, "0.25", "response-off-scale"),
    "no number on a scale": (SLIDER, "half", "response-not-a-number"),
    "a scale that is none": (SliderInteraction("0", "x", "0"), "0", "response-off-scale"),
    "outside the picture": (POINTS, ("301 0",), "response-outside"),
    "no point": (POINTS, ("-1 0",), "response-malformed"),
    "a point twice": (POINTS, ("1 1", "1 1"), "response-malformed"),
    "too many points": (POINTS, ("1 1", "2 2", "3 3"), "response-too-many"),
    "points without end": (SelectPointInteraction(PICTURE, most=0), tuple(f"{n} 0" for n in range(257)), "response-too-many"),
    "one answer to many parts": (COMPOSITE, "a", "response-malformed"),
    "no part": (COMPOSITE, {}, "response-malformed"),
    "an unknown part": (COMPOSITE, {"Z": "a"}, "response-malformed"),
    "a bad part": (COMPOSITE, {"A": "z"}, "option-unknown"),
}  # fmt: skip


def order_of(interaction: Interaction) -> tuple[str, ...]:
    return tuple(option.id for option in ordered_options(interaction))


@pytest.mark.parametrize("name", GOOD)
def test_what_can_be_given_and_whether_it_is_all(name: str) -> None:
    interaction, response, complete = GOOD[name]
    require_response(interaction, response, order_of(interaction))
    assert is_complete(interaction, response) is complete


@pytest.mark.parametrize("name", BAD)
def test_what_nobody_can_have_given_is_refused(name: str) -> None:
    interaction, response, code = BAD[name]
    with pytest.raises(Refusal) as refused:
        require_response(interaction, response, order_of(interaction))
    assert refused.value.code == code


def test_a_refused_part_is_named() -> None:
    with pytest.raises(Refusal) as refused:
        require_response(COMPOSITE, {"A": "a", "B": "abcdef"}, ())
    assert refused.value.where == "B"


def test_the_form_says_what_is_offered() -> None:
    require_response(CHOICE, "a", ("a", "b"))
    with pytest.raises(Refusal, match=r"^option-unknown"):
        require_response(CHOICE, "c", ("a", "b"))


@pytest.mark.parametrize("name", GOOD)
def test_nothing_is_never_complete(name: str) -> None:
    assert not is_complete(GOOD[name][0], None)


VALUES: st.SearchStrategy[Any] = st.text(max_size=8) | st.lists(
    st.text(max_size=4) | st.sampled_from(["a", "a k", "1 1", "h1", "x"]), max_size=4
).map(tuple)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(sorted(GOOD)),
    VALUES | st.dictionaries(st.sampled_from(["A", "B", "C", "D"]), VALUES, max_size=3),
)
def test_anything_is_taken_or_refused_and_what_is_taken_can_be_judged(name: str, response: Any) -> None:
    interaction = GOOD[name][0]
    try:
        require_response(interaction, response, order_of(interaction))
    except Refusal:
        return
    is_complete(interaction, response)
