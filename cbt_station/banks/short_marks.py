"""From a rule back to the short form of `marks.py` that means exactly it, or none.

Candidates are read out of the rule's declarations and numbers; each is built again and compared, so that what is
written is what is meant, whoever built the rule.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final

from cbt_station.banks.faults import Faulty
from cbt_station.banks.fields import DECIMAL, NUMBER
from cbt_station.banks.kinds import kind_of
from cbt_station.banks.marks import ZERO, Marks, Points, composite_rule, offered, rule_of
from cbt_station.exam.interactions import RESPONSE, Composite, ExtendedTextInteraction, Interaction, Simple
from cbt_station.exam.item import OptionScores, ScoringRule
from cbt_station.exam.processing import AreaEntry, Node, Processing, ResponseDeclaration
from cbt_station.exam.rules.trees import SCORE

_MOST_NUMBERS: Final = 4
"""A rule that a key means gives right, wrong and nothing, and their most; one with thousands of numbers is no key's."""


def marks_of(rule: ScoringRule, interaction: Interaction, points: Points) -> dict[str, Marks] | None:
    """The short forms by response that mean exactly this rule, or None where they cannot say it."""
    if isinstance(interaction, Composite):
        return _marks_of_parts(rule, interaction, points) if isinstance(rule, Processing) else None
    if isinstance(rule, OptionScores):
        return _marks_of_choice(rule, interaction, points)
    if not isinstance(rule, Processing) or set(rule.responses) != {RESPONSE}:
        return None
    declared = rule.responses[RESPONSE]
    worths = [rule.most, *_assigned(rule.rules, SCORE), *_worths(declared)]
    for marks in _candidates(kind_of(interaction), declared, rule.rules, worths):
        if _meant(marks, interaction, points) == rule:
            return {RESPONSE: marks}
    return None


def _marks_of_choice(rule: OptionScores, part: Simple, points: Points) -> dict[str, Marks] | None:
    if (
        kind_of(part) not in ("choice", "inline-choice")
        or rule.blank
        or set(rule.scores) != set(offered(part))
    ):
        return None
    for option in rule.scores:
        marks = Marks(key=(option,))
        meant = _meant(marks, part, points)
        # As text too: 5 and 5.0 are equal, and would be another edition.
        if isinstance(meant, OptionScores) and str(sorted(meant.scores.items())) == str(
            sorted(rule.scores.items())
        ):
            return {RESPONSE: marks}
    return {RESPONSE: Marks(scores=rule.scores)}


def _meant(marks: Marks, part: Simple, points: Points) -> OptionScores | Processing | None:
    """The rule that the marks mean, if they mean one."""
    if isinstance(part, ExtendedTextInteraction):  # scored by a person, or by rules that are written out
        return None
    try:
        return rule_of(marks, part, points)
    except Faulty:
        return None


def _marks_of_parts(rule: Processing, item: Composite, points: Points) -> dict[str, Marks] | None:
    """Part by part: each that has a short form of its own is taken for scored, the others for only asked."""
    found: dict[str, Marks] = {}
    rules = {}
    for name, part in item.parts.items():
        declared = rule.responses.get(name)
        if declared is None:
            return None
        own = tuple(node for node in rule.rules[:-1] if _speaks_of(node, name))  # the last one is the sum
        worths = [*_assigned(own, f"{SCORE}_{name}"), *_worths(declared)]
        for marks in _candidates(kind_of(part), declared, own, worths):
            meant = _meant(marks, part, points)
            if meant is None:
                continue
            one = composite_rule({name: meant}, {})
            if one.responses[name] == declared and all(node in rule.rules for node in one.rules[:-1]):
                found[name], rules[name] = marks, meant
                break
    if not rules:
        return None
    others = {name: part for name, part in item.parts.items() if name not in rules}
    return found if composite_rule(rules, others) == rule else None


def _speaks_of(node: Node, response: str) -> bool:
    return any(one.args.get("identifier") == response for one in _nodes((node,)))


def _worths(declared: ResponseDeclaration) -> list[Decimal]:
    found = [entry.worth for entry in declared.mapping.entries] if declared.mapping else []
    return found + ([entry.worth for entry in declared.areas.entries] if declared.areas else [])


def _candidates(
    kind: str, declared: ResponseDeclaration, rules: tuple[Node, ...], worths: Iterable[Decimal]
) -> Iterator[Marks]:
    """Short forms that may mean a rule, the shortest first."""
    mapping = declared.mapping
    tolerances = [ZERO, *_tolerances(rules)[:1]]
    bases: list[Decimal | None] = [None, *dict.fromkeys(worths)][: _MOST_NUMBERS + 1]
    if kind in ("number", "slider"):
        for tolerance in tolerances:
            answers = _numbers(rules)
            yield from (Marks(tuple(answers), points=one, tolerance=tolerance or None) for one in bases)
            yield Marks(scores=answers, tolerance=tolerance or None)
        return
    if kind in ("choice", "inline-choice") and mapping is not None:
        for entry in mapping.entries:
            yield Marks((entry.key,))
            yield Marks((entry.key,), points=entry.worth)
    keys = declared.correct
    if keys is None and declared.areas is not None:
        keys = tuple(_area_text(area) for area in declared.areas.entries)
    if mapping is not None and keys is None:
        keys = tuple(entry.key for entry in mapping.entries)
    for exact in (False, True):
        for one in bases:
            yield Marks(keys, points=one, exact_case=exact)
            if one is not None:
                yield Marks(keys, each=one, exact_case=exact)
        if mapping is not None:
            yield Marks(scores={entry.key: entry.worth for entry in mapping.entries}, exact_case=exact)
    if declared.areas is not None:
        yield Marks(scores={_area_text(area): area.worth for area in declared.areas.entries})


def _area_text(area: AreaEntry) -> str:
    return " ".join([area.shape, *map(str, area.coords)])


def _nodes(rules: Iterable[Node]) -> Iterator[Node]:
    for node in rules:
        yield node
        yield from _nodes(node.of)


def _assigned(rules: Iterable[Node], outcome: str) -> list[Decimal]:
    """Every plain number that is given to an outcome."""
    found = []
    for node in _nodes(rules):
        if node.op == "set-outcome-value" and node.args.get("identifier") == outcome:
            found += [Decimal(one.value) for one in _nodes(node.of) if _is_number(one)]
    return found


def _is_number(node: Node) -> bool:
    return node.op == "base-value" and bool(DECIMAL.fullmatch(node.value))


def _tolerances(rules: Iterable[Node]) -> list[Decimal]:
    texts = [node.args.get("tolerance", "").split(" ")[0] for node in _nodes(rules) if node.op == "equal"]
    return [Decimal(text) for text in dict.fromkeys(texts) if DECIMAL.fullmatch(text)]


def _numbers(rules: Iterable[Node]) -> dict[str, Decimal]:
    """The numbers that a rule compares with, and what each brings."""
    found = {}
    for node in _nodes(rules):
        if node.of and node.of[0].op == "equal" and node.of[0].of and node.op.startswith("response-"):
            value = node.of[0].of[0].value
            worth = next((one for one in _nodes(node.of[1:]) if _is_number(one)), None)
            if NUMBER.fullmatch(value) and worth is not None:
                found[value] = Decimal(worth.value)
    return found
