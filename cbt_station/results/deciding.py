"""What may change scores afterwards, and only so: a decision, signed by the committee, with its exact difference.

1. The draft is complete, and would change something.
2. The rules after it: a dropped item gives everybody the most that it could give (so the printed maxima still hold);
   a changed key swaps the scores of options, or the correct value of a response. Sealing's own check of rules runs again.
3. The session is opened again under the new rules, by the code that will open it after the decision.
4. Difference (who changes, from what to what), decision note over its hash, new scoring file sealed to the results keys.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from cbt_station.artefacts import names
from cbt_station.artefacts.difference import Change, Difference, What, write_difference
from cbt_station.artefacts.files import sha256_hex
from cbt_station.artefacts.result import ResultNote
from cbt_station.artefacts.score import DecisionNote, check_decision
from cbt_station.artefacts.scoring import ScoringFile, write_scoring
from cbt_station.artefacts.signed import read, sign
from cbt_station.errors import Refusal
from cbt_station.exam.item import OptionScores, ScoringRule
from cbt_station.exam.processing import Processing
from cbt_station.exam.rules.building import dropped
from cbt_station.exam.rules.trees import operators_in
from cbt_station.exam.scoring import check_scoring, most_of
from cbt_station.results.decided import advance
from cbt_station.results.opening import Candidate, OpenedSession, open_under
from cbt_station.results.placing import place
from cbt_station.sealing.age import HybridIdentity, HybridRecipient, encrypt
from cbt_station.sealing.notes import SigningKey
from cbt_station.verify.session import Files
from cbt_station.verify.steps import need


class Draft(Struct, frozen=True, forbid_unknown_fields=True):
    """`decision.toml`. drop-item: `item`; change-key: `item` and `key` or `scores`; disqualify: `number`;
    count-result: `result`, the id of the one that counts for its sitting."""

    what: What
    why: str
    item: str | None = None
    key: str | None = None
    scores: dict[str, Decimal] | None = None
    number: str | None = None
    result: str | None = None


class Decision(Struct, frozen=True):
    """Bytes by file name for the committee's folder, and what they change."""

    files: dict[str, bytes]
    number: int
    difference: Difference


def decide(
    opened: OpenedSession,
    draft: Draft,
    tree: Files,
    folder: Files,
    key: HybridIdentity,
    committee: Sequence[SigningKey],
    at: str,
) -> Decision:
    """The next decision of a session, signed; nothing is written here."""
    session, before = opened.session, opened.decided
    number = len(before.notes) + 1
    draft_difference = _difference_of(opened, draft, tree, number)  # 1, 2
    scoring, sealed = _next_scoring(opened, draft_difference)
    scoring_hash = sha256_hex(sealed) if sealed else before.scoring_hash
    decided = advance(before, draft_difference, scoring, scoring_hash)
    after = open_under(tree, folder, session, decided, key)  # 3
    difference = replace(draft_difference, changes=_changes(opened, after))
    written = write_difference(difference)  # 4
    note = DecisionNote(
        trust=session.trust.number,
        session=opened.name,
        number=number,
        what=_in_public(draft),
        why=" ".join(draft.why.split()),
        old_scoring=before.scoring_hash,
        new_scoring=scoring_hash,
        results=_touched(opened, after, difference),
        difference=sha256_hex(written),
        at=at,
    )
    raw = check_decision(sign(note, session.trust.mode, *committee), session.trust).raw
    files = {names.decision(opened.name, number): raw, names.difference(opened.name, number): written}
    if sealed:
        files[names.scoring(opened.name, scoring.revision)] = sealed
    return Decision(files, number, difference)


def _difference_of(opened: OpenedSession, draft: Draft, tree: Files, number: int) -> Difference:
    """What the draft decides, complete; the changes come later."""
    empty = Difference(opened.session.manifest.mode, opened.name, number, draft.what, ())
    if not draft.why.strip():
        raise Refusal("decision-incomplete", what=draft.what, needed="why")
    if draft.what == "disqualify":
        return replace(empty, number=_to_disqualify(opened, draft))
    if draft.what == "count-result":
        return _to_count(opened, draft, tree, empty)
    rules = opened.decided.scoring.rules
    if draft.item not in rules:
        raise Refusal("decision-incomplete", what=draft.what, needed="item")
    old = rules[draft.item]
    new = _dropped(old) if draft.what == "drop-item" else _with_key(old, draft)
    if new == old:
        raise Refusal("decision-no-effect")
    return replace(empty, item=draft.item, rule_before=old, rule_after=new)


def _to_disqualify(opened: OpenedSession, draft: Draft) -> str:
    if draft.number is None or draft.number not in {one.entry.number for one in opened.candidates}:
        raise Refusal("decision-incomplete", what=draft.what, needed="number")
    if draft.number in opened.decided.disqualified:
        raise Refusal("decision-no-effect")
    return draft.number


def _to_count(opened: OpenedSession, draft: Draft, tree: Files, empty: Difference) -> Difference:
    if draft.result is None:
        raise Refusal("decision-incomplete", what=draft.what, needed="result")
    raw = tree.get(names.tree_note("result", draft.result))
    if raw is None:
        raise Refusal("result-unknown", result=draft.result)
    sitting = read(raw, ResultNote).body.sitting
    if opened.decided.counting.get(sitting) == draft.result:
        raise Refusal("decision-no-effect")
    return replace(empty, sitting=sitting, result=draft.result)


def _dropped(rule: ScoringRule) -> ScoringRule:
    most = most_of(rule)
    if isinstance(rule, OptionScores):
        return OptionScores(dict.fromkeys(rule.scores, most), most)
    if isinstance(rule, Processing):
        return dropped(rule)
    raise Refusal("decision-rule-kind")


def _with_key(rule: ScoringRule, draft: Draft) -> ScoringRule:
    if isinstance(rule, OptionScores):
        return _with_key_of_options(rule, draft)
    if isinstance(rule, Processing):
        return _with_key_of_processing(rule, draft)
    raise Refusal("decision-rule-kind")


def _with_key_of_options(rule: OptionScores, draft: Draft) -> OptionScores:
    if draft.scores is not None and set(draft.scores) == set(rule.scores):
        return OptionScores({option: draft.scores[option] for option in rule.scores}, rule.blank)
    if draft.key not in rule.scores:
        raise Refusal("decision-incomplete", what=draft.what, needed="key, scores")
    most, least = max(rule.scores.values()), min(rule.scores.values())
    return OptionScores(
        {option: most if option == draft.key else least for option in rule.scores}, rule.blank
    )


def _with_key_of_processing(rule: Processing, draft: Draft) -> Processing:
    """Another correct value, or other worths of the same values, for the one response whose rules ask for them.

    The correct value of a response that takes several is written with commas. What each number in a rule of its own
    would have to become is not for a decision to guess: such an item can be dropped.
    """
    if len(rule.responses) != 1:
        raise Refusal("decision-rule-kind")
    (name, declared), asked = next(iter(rule.responses.items())), set(operators_in(rule.rules))
    if declared.mapping is not None and "map-response" in asked:
        worths = {entry.key: entry.worth for entry in declared.mapping.entries}
        if draft.scores is None or set(draft.scores) != set(worths):
            raise Refusal("decision-incomplete", what=draft.what, needed="scores")
        entries = tuple(replace(entry, worth=draft.scores[entry.key]) for entry in declared.mapping.entries)
        mapping = replace(declared.mapping, entries=entries)
        correct = declared.correct if "correct" in asked else None
        return replace(rule, responses={name: replace(declared, mapping=mapping, correct=correct)})
    if declared.correct is None or "correct" not in asked:
        raise Refusal("decision-rule-kind")
    several = declared.cardinality in ("multiple", "ordered")
    key = (
        tuple(part.strip() for part in (draft.key or "").split(","))
        if several
        else ((draft.key or "").strip(),)
    )
    if not all(key):
        raise Refusal("decision-incomplete", what=draft.what, needed="key")
    return replace(rule, responses={name: replace(declared, correct=key)})


def _next_scoring(opened: OpenedSession, difference: Difference) -> tuple[ScoringFile, bytes]:
    """The scoring file after the decision, and its sealed bytes where it is a new one."""
    old = opened.decided.scoring
    if difference.item is None or difference.rule_after is None:
        return old, b""
    rules: Mapping[str, ScoringRule] = {**old.rules, difference.item: difference.rule_after}
    pool = need(opened.session.pool, names.pool(opened.name))
    check_scoring(opened.blueprint, pool.items, rules)
    scoring = replace(old, revision=old.revision + 1, rules=dict(rules))
    recipients = [HybridRecipient.parse(text) for text in opened.session.manifest.body.results_recipients]
    return scoring, encrypt(write_scoring(scoring), *recipients)


def _changes(before: OpenedSession, after: OpenedSession) -> tuple[Change, ...]:
    old, new = _states(before), _states(after)
    return tuple(
        Change(number, *_scores(old.get(number), new.get(number)), _status(old, number), _status(new, number))
        for number in sorted(old.keys() | new.keys())
        if old.get(number) != new.get(number)
    )


State = tuple[dict[str, Decimal] | None, str]


def _states(opened: OpenedSession) -> dict[str, State]:
    statuses = {placing.number: str(placing.status) for placing in place(opened)}
    return {
        one.entry.number: (one.scores.outcomes if one.scores else None, statuses[one.entry.number])
        for one in opened.candidates
    }


def _scores(
    old: State | None, new: State | None
) -> tuple[dict[str, Decimal] | None, dict[str, Decimal] | None]:
    return (old[0] if old else None), (new[0] if new else None)


def _status(states: Mapping[str, State], number: str) -> str:
    return states[number][1] if number in states else ""


def _touched(before: OpenedSession, after: OpenedSession, difference: Difference) -> tuple[str, ...]:
    """The results whose scores or standing change: public ids, nobody's name or number."""
    numbers = {change.number for change in difference.changes}
    found = {
        _result_id(one)
        for opened in (before, after)
        for one in opened.candidates
        if one.entry.number in numbers
    }
    return tuple(sorted(found - {""} | ({difference.result} if difference.result else set())))


def _result_id(candidate: Candidate) -> str:
    return candidate.result.notes.result.id if candidate.result else ""


def _in_public(draft: Draft) -> str:
    """What everybody may read: the item, or the result; a number stays in the committee's difference."""
    return " ".join(part for part in (draft.what, draft.item, draft.result) if part)
