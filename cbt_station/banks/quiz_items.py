"""Questions of Moodle's kinds as interactions and rules of ours: what Moodle XML, GIFT and (in part) Word share.

A worth is what an answer brings of the item's points. Fractions such as 33.33333 % are meant as thirds: they are taken
as such, with the six decimals that a bank holds, and the last of several takes what rounding left, so that all the
right answers together bring exactly the item's points.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from string import ascii_lowercase
from typing import Final, TypeAlias

from cbt_station.banks.foreign import MOST_NOTE, QuestionRefused, Remark, remark, require_options
from cbt_station.errors import Refusal
from cbt_station.exam.content import Block, Blocks, Inline, Paragraph, Slot, Span, Text, as_text
from cbt_station.exam.interactions import (
    RESPONSE,
    Associable,
    ChoiceInteraction,
    ChoicesInteraction,
    ExtendedTextInteraction,
    GapMatchInteraction,
    InlineChoiceInteraction,
    Interaction,
    MatchInteraction,
    NumberEntryInteraction,
    Option,
    Simple,
    TextEntryInteraction,
)
from cbt_station.exam.item import HandMarked, OptionScores, ScoringRule, Shown, ShownItem, require_modest_item
from cbt_station.exam.processing import Node, OutcomeDeclaration, Processing, ResponseDeclaration
from cbt_station.exam.rules.building import NumberAnswer, as_processing, mapped, numbers, pairs, texts
from cbt_station.exam.rules.trees import SCORE, assign, first_of, is_null, number, variable
from cbt_station.words import Words

Made: TypeAlias = tuple[Simple, ScoringRule]
ZERO: Final = Decimal(0)
WHOLE: Final = Fraction(1)
_PLACES: Final = Decimal("0.000001")
_BLANK: Final = re.compile(r"_{5,}")
MOST_TEXT: Final = 200
MOST_PATTERN: Final = 800


@dataclass(frozen=True)
class QuizAnswer:
    """An answer with its share of the points, 1 for a whole right one."""

    content: Blocks
    share: Fraction


def share_of(percent: Decimal) -> Fraction:
    """A fraction in percent as what was meant by it: 33.33333 is a third."""
    said = Fraction(percent) / 100
    for parts in range(1, 13):
        near = Fraction(round(said * parts), parts)
        if abs(said - near) < Fraction(1, 100_000):
            return near
    return said


def worth(points: Decimal, share: Fraction) -> Decimal:
    """What a share of the points is, with six decimals at most."""
    with localcontext() as context:
        context.prec = 40
        exact = Decimal(share.numerator) * points / Decimal(share.denominator)
        rounded = exact.quantize(_PLACES, ROUND_HALF_UP)
    return rounded.normalize() if rounded % 1 else rounded.quantize(Decimal(1))


def portions(points: Decimal, shares: Sequence[Fraction]) -> list[Decimal]:
    """What each share of the points is; together exactly what all of them are together."""
    found = [worth(points, share) for share in shares]
    return [*found[:-1], worth(points, sum(shares, Fraction(0))) - sum(found[:-1], ZERO)]


def equal_portions(points: Decimal, count: int) -> list[Decimal]:
    """The points in `count` parts."""
    return portions(points, [Fraction(1, count)] * count)


def option_name(index: int) -> str:
    """The id of an option by its place: a, b, … z, x26 …"""
    return ascii_lowercase[index] if index < len(ascii_lowercase) else f"x{index}"


def one_choice(
    answers: Sequence[QuizAnswer], points: Decimal, lose: Callable[[Remark], None], *, shuffle: bool
) -> Made:
    """One answer of several; `lose` hears of one that is left out because it says the same as another."""
    _require_right(answers)
    kept = require_options([answer.content for answer in answers], [answer.share for answer in answers], lose)
    answers = [answers[place] for place in kept]
    options = _named(answers)
    scores = {option.id: worth(points, answer.share) for option, answer in zip(options, answers, strict=True)}
    return ChoiceInteraction(options, shuffle), OptionScores(scores)


def inline_choice(
    answers: Sequence[QuizAnswer], points: Decimal, lose: Callable[[Remark], None], *, shuffle: bool = False
) -> Made:
    """The same from a list within a line."""
    choice, scores = one_choice(answers, points, lose, shuffle=shuffle)
    assert isinstance(choice, ChoiceInteraction)  # noqa: S101 - `one_choice` makes nothing else
    return InlineChoiceInteraction(choice.options, shuffle), scores


def several_choices(answers: Sequence[QuizAnswer], points: Decimal, *, shuffle: bool) -> Made:
    """Several answers: their shares are summed, never below nothing."""
    _require_right(answers)
    require_options([answer.content for answer in answers])
    options = _named(answers)
    good = portions(points, [answer.share for answer in answers if answer.share > 0])[::-1]
    worths = {
        option.id: good.pop() if answer.share > 0 else worth(points, answer.share)
        for option, answer in zip(options, answers, strict=True)
    }
    right = tuple(name for name, value in worths.items() if value > 0)
    rule = mapped(
        "identifier", worths, several=True, lower=ZERO, upper=points, right_value=right if right else None
    )
    return ChoicesInteraction(options, shuffle), rule


def _require_right(answers: Sequence[QuizAnswer]) -> None:
    if not any(answer.share > 0 for answer in answers):
        raise QuestionRefused(remark("answers-none-right"))


def _named(answers: Sequence[QuizAnswer]) -> tuple[Option, ...]:
    return tuple(Option(option_name(index), answer.content) for index, answer in enumerate(answers))


def short_text(answers: Sequence[tuple[str, Fraction]], points: Decimal, *, case_sensitive: bool) -> Made:
    """A typed text; `*` stands for any characters, and an answer that is nothing but that is for any other."""
    given = [(" ".join(text.split()), share) for text, share in answers]
    if not given:
        raise QuestionRefused(remark("answers-missing"))
    reachable: list[tuple[str, Decimal]] = []
    other = ZERO
    for text, share in given:
        if text == "*":
            other = worth(points, share)
            break
        if not text:
            raise QuestionRefused(remark("answer-empty"))
        if len(text) > MOST_TEXT:
            raise QuestionRefused(remark("too-long", most=MOST_TEXT))
        reachable.append((text, worth(points, share)))
    longest = max((len(text) for text, _ in reachable), default=20)
    entry = TextEntryInteraction(width=min(max(10, longest + 5), 60))
    if not any(_has_wildcard(text) for text, _ in reachable):
        return entry, texts(_first_spellings(reachable, case_sensitive), other, case_sensitive=case_sensitive)
    return entry, _patterns(reachable, other, case_sensitive)


def _first_spellings(answers: list[tuple[str, Decimal]], case_sensitive: bool) -> dict[str, Decimal]:
    """The first answer that fits counts, so a later spelling of the same is none."""
    found: dict[str, Decimal] = {}
    seen: set[str] = set()
    for text, value in answers:
        plain = text.replace(r"\*", "*")
        key = plain if case_sensitive else plain.casefold()
        if key not in seen:
            seen.add(key)
            found[plain] = value
    return found


def _has_wildcard(text: str) -> bool:
    return "*" in text.replace(r"\*", "")


def _patterns(answers: list[tuple[str, Decimal]], other: Decimal, exact: bool) -> Processing:
    """The first answer whose pattern the text is of."""
    response = variable(RESPONSE)
    cases = [(is_null(response), (assign(SCORE, number(ZERO)),))]
    for text, value in answers:
        pattern = "".join(_as_pattern(part, exact) for part in re.findall(r"\\\*|.", text))
        if len(pattern) > MOST_PATTERN:
            raise QuestionRefused(remark("too-long", most=MOST_TEXT))
        test = Node("pattern-match", (response,), {"pattern": pattern})
        cases.append((test, (assign(SCORE, number(value)),)))
    rules = (first_of(tuple(cases), (assign(SCORE, number(other)),)),)
    most = max([value for _, value in answers] + [other, ZERO])
    declared = ResponseDeclaration("single", "string")
    outcome = OutcomeDeclaration("single", "float", default=("0",))
    return Processing({RESPONSE: declared}, {SCORE: outcome}, rules, most)


def _as_pattern(part: str, exact: bool) -> str:
    if part == "*":
        return ".*"
    character = "*" if part == r"\*" else part
    if not exact and character.isalpha():
        both = {character.lower(), character.upper()}
        if len(both) == 2 and all(len(one) == 1 for one in both):
            return f"[{''.join(sorted(both))}]"
    return f"\\{character}" if character in "\\|.?*+(){}-[]^$" else character


def typed_number(
    answers: Sequence[tuple[Decimal, Decimal, Fraction]], points: Decimal, other: Fraction = Fraction(0)
) -> Made:
    """A typed number: value, tolerance and share of each answer, and the share of any other number."""
    if not answers:
        raise QuestionRefused(remark("answers-missing"))
    for value, tolerance, _ in answers:
        if not is_modest(value) or not is_modest(tolerance) or tolerance < 0:
            raise QuestionRefused(remark("number-unreadable", number=str(value)[:40]))
    accepted = [NumberAnswer(value, tolerance, worth(points, share)) for value, tolerance, share in answers]
    return NumberEntryInteraction(), numbers(accepted, worth(points, other))


def is_modest(value: Decimal) -> bool:
    """Whether a number is one that a question may ask for: up to 10²⁰, with at most twenty decimals."""
    exponent = value.as_tuple().exponent  # a letter for what is no number; a comparison of those would raise
    return isinstance(exponent, int) and exponent >= -20 and value.copy_abs() <= 10**20


def matching(
    rows: Sequence[tuple[Blocks, int]], columns: Sequence[Blocks], points: Decimal, *, shuffle: bool
) -> Made:
    """Rows, each with the place of its column: each right pair brings its part of the points."""
    if not rows or len(columns) < 2:
        raise QuestionRefused(remark("options-few", count=len(columns)))
    interaction = MatchInteraction(
        rows=tuple(Associable(f"r{index}", row) for index, (row, _) in enumerate(rows, 1)),
        columns=tuple(Associable(f"c{index}", column, most=0) for index, column in enumerate(columns, 1)),
        shuffle=shuffle,
    )
    each = equal_portions(points, len(rows))
    worths = {
        f"r{index} c{column + 1}": own
        for index, ((_, column), own) in enumerate(zip(rows, each, strict=True), 1)
    }
    return interaction, pairs(worths, upper=points, most=points)


def gap_match(
    content: Blocks,
    gaps: Sequence[str],
    options: Sequence[tuple[str, Blocks, int]],
    right: dict[str, str],
    points: Decimal,
    *,
    shuffle: bool,
) -> Made:
    """Options (id, content, how often) put into the gaps of a text; `right` says which belongs into which gap."""
    interaction = GapMatchInteraction(
        content,
        tuple(gaps),
        tuple(Associable(name, shown, most=most) for name, shown, most in options),
        shuffle,
    )
    each = equal_portions(points, len(gaps))
    worths = {f"{right[gap]} {gap}": own for gap, own in zip(gaps, each, strict=True)}
    return interaction, pairs(worths, upper=points, most=points)


def essay(points: Decimal, lines: int = 6) -> Made:
    """A long text, marked by hand."""
    return ExtendedTextInteraction(lines=min(max(lines, 2), 40)), HandMarked(points)


def as_part(made: Made) -> Processing:
    """The rule of a part of a composite item. Raises QuestionRefused for one that is marked by hand."""
    interaction, rule = made
    if isinstance(rule, OptionScores):
        return as_processing(rule, several=isinstance(interaction, ChoicesInteraction))
    if isinstance(rule, Processing):
        return rule
    raise QuestionRefused(remark("part-hand-marked"))


def with_slot(stem: Blocks, response: str = RESPONSE) -> Blocks:
    """A stem with the place to type in: where five underscores stand, else in a line of its own."""
    blocks: list[Block] = list(stem)
    for index, block in enumerate(blocks):
        if isinstance(block, Paragraph):
            content, done = _slotted(block.content, response)
            if done:
                blocks[index] = Paragraph(content)
                return tuple(blocks)
    return (*blocks, Paragraph((Slot(response),)))


def _slotted(content: tuple[Inline, ...], response: str) -> tuple[tuple[Inline, ...], bool]:
    from msgspec.structs import replace

    for index, part in enumerate(content):
        before, after = content[:index], content[index + 1 :]
        if isinstance(part, Span):
            inner, done = _slotted(part.content, response)
            if done:
                return (*before, replace(part, content=inner), *after), True
        found = _BLANK.search(part.text) if isinstance(part, Text) and not part.code else None
        if found and isinstance(part, Text):
            texts = (
                replace(part, text=part.text[: found.start()]),
                replace(part, text=part.text[found.end() :]),
            )
            first, last = ((one,) if one.text else () for one in texts)
            return (*before, *first, Slot(response), *last, *after), True
    return content, False


def shown(stem: Blocks, interaction: Interaction) -> Shown:
    """An item in one language. Raises QuestionRefused where it is empty or no page could hold it."""
    if not as_text(stem).strip() and not isinstance(interaction, GapMatchInteraction):
        raise QuestionRefused(remark("stem-empty"))
    made = Shown(stem, interaction)
    try:
        require_modest_item(ShownItem("x", {"id": made}))
    except Refusal as refusal:
        facts = refusal.facts
        raise QuestionRefused(
            remark("content-too-much", what=facts.get("what", ""), most=facts.get("most", ""))
        ) from refusal
    return made


@dataclass(frozen=True)
class Reading:
    """What a text reads as; `whole`: words say all of it (a picture is none)."""

    text: str = ""
    whole: bool = True


class Notes:
    """What a file says to reviewers, line by line: it goes into the item's note, and no candidate sees it."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._lines: list[str] = []
        self._answers: list[str] = []
        self._has_feedback = False
        self._is_whole = True

    def add(self, key: str, text: str, **facts: str) -> None:
        """A line under the words of `import.KEY`, if there is anything in it."""
        said = " ".join(text.split())
        if said:
            shown = {name: " ".join(value.split()) for name, value in facts.items()}
            self._lines.append(f"{self._words(f'import.{key}', **shown)}: {said}")

    def add_feedback(self, key: str, said: Reading, answer: Reading | None = None) -> None:
        """The same for what Moodle would have shown to whoever answered, and to which answer it belongs."""
        if not said.text.strip() and said.whole:
            return
        if answer is None:
            self.add(key, said.text)
        else:
            self.add(key, said.text, answer=answer.text)
            self._answers.append(" ".join(answer.text.split()))
        self._has_feedback = True
        self._is_whole = self._is_whole and said.whole

    @property
    def loss(self) -> Remark | None:
        """Feedback of which the note does not hold every word and what it belongs to."""
        is_told_apart = all(self._answers) and len(set(self._answers)) == len(self._answers)
        is_kept = self._is_whole and is_told_apart and len(self.text or "") <= MOST_NOTE
        return remark("feedback-in-note") if self._has_feedback and not is_kept else None

    @property
    def kept(self) -> Remark | None:
        """Feedback that the note holds word for word (docs/decisions/0012)."""
        return remark("feedback-kept") if self._has_feedback and self.loss is None else None

    @property
    def text(self) -> str | None:
        """All of it."""
        return "\n".join(self._lines) or None
