"""Which of our three rules an item's response processing is.

`Processing` is QTI's own rules as data and always right. It becomes `OptionScores` only where the two give the same score
for every response and nothing else of the processing is left over, and `HandMarked` where a person has to judge: an
extended text that no rule looks at, or an outcome that the file says a human scores.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Final

from msgspec.structs import replace

from cbt_station.banks.foreign import RIGHT_POINTS, QuestionRefused, Remark, remark
from cbt_station.banks.qti import attributes as of
from cbt_station.banks.qti.markup import children, first, words
from cbt_station.banks.qti.names import local
from cbt_station.banks.qti.page import Page, cut
from cbt_station.banks.qti.processing import read_processing, read_rules
from cbt_station.banks.safe_xml import Element
from cbt_station.errors import Refusal
from cbt_station.exam.interactions import (
    RESPONSE,
    ChoiceInteraction,
    ExtendedTextInteraction,
    InlineChoiceInteraction,
    Interaction,
    parts_of,
)
from cbt_station.exam.item import HandMarked, OptionScores, ScoringRule
from cbt_station.exam.processing import Node, Processing, ResponseDeclaration
from cbt_station.exam.rules.response import score
from cbt_station.exam.rules.trees import MAXSCORE, SCORE, TEMPLATES

_WRITES: Final = frozenset(["set-outcome-value", "lookup-outcome-value"])


def rules_for(root: Element, interactions: Mapping[str, Element]) -> Processing:
    """The item's processing. What only texts for people are answered with needs no rules that can be followed."""
    try:
        return read_processing(root)
    except Refusal as refusal:
        for_people = all(local(one) == "extended-text-interaction" for one in interactions.values())
        if for_people and (refusal.code == "rule-missing" or "highest" in str(refusal.facts.get("what", ""))):
            return _without_rules(root)
        raise refused(refusal) from refusal


def _without_rules(root: Element) -> Processing:
    for element in list(children(root, "response-processing")):
        cut(element)
    try:
        return read_rules(root)
    except Refusal as refusal:
        raise refused(refusal) from refusal


def refused(refusal: Refusal) -> QuestionRefused:
    """Rules that cannot be followed: the operator or the variable that is in the way."""
    return QuestionRefused(_as_remark(refusal))


def _as_remark(refusal: Refusal) -> Remark:
    facts = refusal.facts
    if refusal.code == "scoring-item-most":
        return remark("qti-key-worthless", found=facts["found"])
    if refusal.code == "rule-variable":
        return remark("qti-variable-unknown", name=str(facts["name"])[:60])
    if refusal.code in ("qti-unsupported", "rule-operator"):
        return remark("qti-unsupported", what=facts.get("what") or facts.get("op") or "")
    shown = {name: str(value)[:100] for name, value in facts.items()}
    said = ", ".join(f"{name}: {value}" for name, value in shown.items())
    return remark("qti-rules", failure=refusal.code, problem=said[:200], **shown)


def rule_of(root: Element, interaction: Interaction, processing: Processing, page: Page) -> ScoringRule:
    """The rule that scores the item."""
    written = [
        name for name, part in parts_of(interaction).items() if isinstance(part, ExtendedTextInteraction)
    ]
    unread = [name for name in written if not _is_judged(processing, name)]
    if _is_scored_by_people(root) or (unread and len(unread) == len(parts_of(interaction))):
        return HandMarked(_most(root, page))
    if unread and not processing.rules:
        return HandMarked(_most(root, page))
    for name in unread:
        page.lose_as(remark("qti-part-unmarked", response=name))
    if not processing.rules:
        page.remark(remark("qti-unscored"))
    plain = _as_option_scores(interaction, processing)
    return processing if plain is None else plain


def named_response(processing: Processing, old: str) -> Processing:
    """The same rules with one response called RESPONSE."""
    if old == RESPONSE or old not in processing.responses:
        return processing
    responses = {RESPONSE if name == old else name: one for name, one in processing.responses.items()}
    return replace(
        processing, responses=responses, rules=tuple(_renamed(rule, old) for rule in processing.rules)
    )


def _renamed(node: Node, old: str) -> Node:
    args = {
        name: RESPONSE
        if value == old and name == "identifier" and node.op not in _WRITES
        else f"{{{RESPONSE}}}"
        if value == f"{{{old}}}"
        else value
        for name, value in node.args.items()
    }
    return replace(node, of=tuple(_renamed(one, old) for one in node.of), args=args)


def _nodes(rules: Iterable[Node]) -> Iterator[Node]:
    for node in rules:
        yield node
        yield from _nodes(node.of)


def _is_judged(processing: Processing, response: str) -> bool:
    """Whether some rule looks at what was written: more than whether anything was, or a key that is not declared."""
    declared = processing.responses[response]
    return any(_looks_at(node, response, declared) for node in processing.rules)


def _looks_at(node: Node, response: str, declared: ResponseDeclaration) -> bool:
    named = node.args.get("identifier") == response
    if node.op == "is-null" or (
        node.op == "match" and declared.correct is None and _has_correct(node, response)
    ):
        return False
    if node.op in ("map-response", "map-response-point") and named:
        return declared.mapping is not None and bool(declared.mapping.entries)
    if node.op == "variable" and named:
        return True
    return any(_looks_at(one, response, declared) for one in node.of)


def _has_correct(node: Node, response: str) -> bool:
    return any(one.op == "correct" and one.args.get("identifier") == response for one in _nodes(node.of))


def _is_scored_by_people(root: Element) -> bool:
    return any(
        of.text(one, "identifier") == SCORE and of.text(one, "external-scored") == "human"
        for one in children(root, "outcome-declaration")
    )


def _most(root: Element, page: Page) -> Decimal:
    """The most that a person can give: MAXSCORE, or the score's normal maximum; else the usual, with a remark."""
    found: dict[str, str] = {}
    for declared in children(root, "outcome-declaration"):
        name, default = of.text(declared, "identifier"), first(declared, "default-value")
        if name == MAXSCORE and default is not None:
            found[MAXSCORE] = next((words(value) for value in children(default, "value")), "")
        if name == SCORE:
            found[SCORE] = of.text(declared, "normal-maximum")
    for name in (MAXSCORE, SCORE):
        most = _number(found.get(name, ""))
        if most is not None and most > 0:
            return most
    page.remark(remark("qti-most-assumed", points=RIGHT_POINTS))
    return RIGHT_POINTS


def hand_marked(points: Decimal | None, page: Page) -> HandMarked:
    """Marked by hand up to the points that a file gives; else the usual, with a remark."""
    if points is None or points <= 0:
        page.remark(remark("qti-most-assumed", points=RIGHT_POINTS))
        return HandMarked(RIGHT_POINTS)
    return HandMarked(points)


def plain_choice(interaction: Interaction, processing: Processing) -> OptionScores | None:
    """Scores by option for one choice of several: each response that can be given is tried. For rules without feedback."""
    if not isinstance(interaction, ChoiceInteraction) or set(processing.outcomes) != {SCORE}:
        return None
    ids = [option.id for option in interaction.options]
    return OptionScores({one: score(processing, one) for one in ids}, score(processing, None))


def _number(text: str) -> Decimal | None:
    plain = text.removeprefix("+")
    return (
        Decimal(plain)
        if plain.replace(".", "", 1).isascii() and plain.replace(".", "", 1).isdigit()
        else None
    )


def _as_option_scores(interaction: Interaction, processing: Processing) -> OptionScores | None:
    """Scores by option where they say all that the processing says; None where they do not."""
    if not isinstance(interaction, ChoiceInteraction | InlineChoiceInteraction) or processing.score != SCORE:
        return None
    if set(processing.responses) != {RESPONSE} or not _only_scores(processing):
        return None
    declared = processing.responses[RESPONSE]
    ids = [option.id for option in interaction.options]
    if processing.rules == TEMPLATES["match_correct"]:
        scores = _of_correct(ids, declared)
    elif processing.rules == TEMPLATES["map_response"]:
        scores = _of_mapping(ids, declared)
    else:
        return None
    return None if scores is None or max(scores.values()) != processing.most else OptionScores(scores)


def _only_scores(processing: Processing) -> bool:
    """Whether there is no outcome but the score, from nothing or 0, and its declared most."""
    outcomes = dict(processing.outcomes)
    score, most = outcomes.pop(SCORE, None), outcomes.pop(MAXSCORE, None)
    if score is None or outcomes or score.default not in (None, ("0",), ("0.0",)) or score.lookup is not None:
        return False
    return most is None or (most.default is not None and _number(most.default[0]) == processing.most)


def _of_correct(ids: list[str], declared: ResponseDeclaration) -> dict[str, Decimal] | None:
    if declared.mapping is not None or declared.correct is None or len(declared.correct) != 1:
        return None
    right = declared.correct[0]
    return {one: Decimal(one == right) for one in ids} if right in ids else None


def _of_mapping(ids: list[str], declared: ResponseDeclaration) -> dict[str, Decimal] | None:
    mapping = declared.mapping
    if mapping is None or not all(entry.case_sensitive and entry.key in ids for entry in mapping.entries):
        return None
    worths = {entry.key: entry.worth for entry in reversed(mapping.entries)}
    scores = {one: worths.get(one, mapping.default) for one in ids}
    for one, worth in scores.items():
        low = worth if mapping.lower is None else max(worth, mapping.lower)
        scores[one] = low if mapping.upper is None else min(low, mapping.upper)
    best = [one for one, worth in scores.items() if worth == max(scores.values())]
    is_key_kept = declared.correct is None or list(declared.correct) == best
    return scores if is_key_kept else None
