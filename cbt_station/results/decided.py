"""What the committee's decisions say together: the scoring that holds, who is disqualified, which result counts.

Decisions are numbered from 1 without a gap; each names the scoring file before and after it, so the chain begins at
the manifest's. A new scoring file is the old one but for the one item that the signed difference names.
"""

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from cbt_station.artefacts import names
from cbt_station.artefacts.difference import Difference, read_difference
from cbt_station.artefacts.files import sha256_hex
from cbt_station.artefacts.score import DecisionNote, check_decision
from cbt_station.artefacts.scoring import ScoringFile
from cbt_station.artefacts.signed import Signed
from cbt_station.errors import Refusal, Tampered
from cbt_station.sealing.age import HybridIdentity
from cbt_station.verify.rescoring import open_scoring
from cbt_station.verify.session import CheckedSession, Files
from cbt_station.verify.steps import need


class Decided(Struct, frozen=True):
    """`scoring_hash` names the sealed scoring file that holds; `counting` maps a sitting to the result that counts."""

    scoring: ScoringFile
    scoring_hash: str
    notes: tuple[Signed[DecisionNote], ...] = ()
    disqualified: frozenset[str] = frozenset()
    counting: Mapping[str, str] = {}


def read_decisions(folder: Files, session: CheckedSession, key: HybridIdentity) -> Decided:
    """Scoring revision 1, then every decision in order."""
    manifest = session.manifest.body
    scoring = _open(folder, session, 1, manifest.scoring, key)
    decided = Decided(scoring, manifest.scoring)
    number = 1
    while (raw := folder.get(names.decision(manifest.session, number))) is not None:
        decided = _apply(folder, session, decided, raw, number, key)
        number += 1
    prefix = names.decision(manifest.session, 0).removesuffix("0.note")
    if number <= sum(file.startswith(prefix) and file.endswith(".note") for file in folder):
        raise Tampered("decision-missing", where=names.decision(manifest.session, number))
    return decided


def _apply(
    folder: Files, session: CheckedSession, decided: Decided, raw: bytes, number: int, key: HybridIdentity
) -> Decided:
    name, where = session.manifest.body.session, names.difference(session.manifest.body.session, number)
    signed = check_decision(raw, session.trust)
    body = signed.body
    data = need(folder.get(where), where)
    if sha256_hex(data) != body.difference:
        raise Tampered("file-changed", where=where)
    difference = read_difference(data)
    expected = (signed.mode, name, number, name, number, decided.scoring_hash)
    if expected != (
        difference.mode,
        difference.session,
        difference.decision,
        body.session,
        body.number,
        body.old_scoring,
    ):
        raise Tampered("decision-of-another-session", where=where)
    scoring = _next_scoring(folder, session, decided, body, difference, key)
    advanced = advance(decided, difference, scoring, body.new_scoring)
    return replace(advanced, notes=(*decided.notes, signed))


def advance(decided: Decided, difference: Difference, scoring: ScoringFile, scoring_hash: str) -> Decided:
    """What holds after one more difference."""
    disqualified, counting = set(decided.disqualified), dict(decided.counting)
    if difference.what == "disqualify" and difference.number is not None:
        disqualified.add(difference.number)
    if difference.what == "count-result" and difference.sitting is not None and difference.result is not None:
        counting[difference.sitting] = difference.result
    return Decided(scoring, scoring_hash, decided.notes, frozenset(disqualified), counting)


def _next_scoring(
    folder: Files,
    session: CheckedSession,
    decided: Decided,
    body: DecisionNote,
    difference: Difference,
    key: HybridIdentity,
) -> ScoringFile:
    if difference.item is None or difference.rule_after is None:
        if body.new_scoring != body.old_scoring:
            raise Tampered("decision-differs", where=names.difference(body.session, body.number))
        return decided.scoring
    before = decided.scoring
    scoring = _open(folder, session, before.revision + 1, body.new_scoring, key)
    expected = replace(
        before, revision=before.revision + 1, rules={**before.rules, difference.item: difference.rule_after}
    )
    if scoring != expected or before.rules.get(difference.item) != difference.rule_before:
        raise Tampered("decision-differs", where=names.difference(body.session, body.number))
    return scoring


def _open(
    folder: Files, session: CheckedSession, revision: int, sha256: str, key: HybridIdentity
) -> ScoringFile:
    manifest = session.manifest.body
    name = names.scoring(manifest.session, revision)
    try:
        scoring = open_scoring(need(folder.get(name), name), sha256, key, manifest.edition)
    except Refusal as error:
        raise Refusal("results-key-wrong", where=name) from error
    if (scoring.mode, scoring.session, scoring.revision) != (
        session.manifest.mode,
        manifest.session,
        revision,
    ):
        raise Tampered("scoring-of-another-session", where=name)
    return scoring
