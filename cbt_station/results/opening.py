"""Opening the sealed results of a session, on the committee's machine, with the results key.

1. session   folder and committee's files are the manifest's; the pool gives the blueprint, the rosters the candidates
2. tree      the public's own check of every note, name, sealed file and count
3. result    opened, its journal folded and held to its note, its candidate to the roster, its form to the draw
4. score     by the scoring file that the manifest, or the last decision, names
5. standing  present, absent, unfinished or disqualified: every candidate of a roster has one

Something false stops nothing here: it becomes a `Problem`, and its candidate counts as unfinished. Ranking and printing
ask for a session without problems (`require_complete`).
"""

import io
from collections.abc import Iterator, Mapping
from typing import Literal

from msgspec import Struct

from cbt_station.artefacts import names
from cbt_station.artefacts.commitments import commitment
from cbt_station.artefacts.form import form_of
from cbt_station.artefacts.package import Package
from cbt_station.artefacts.release import require_share
from cbt_station.artefacts.result import ResultBundle, form_hash, read_bundle
from cbt_station.artefacts.roster import Roster, RosterEntry, read_roster
from cbt_station.errors import Failure, Refusal, Tampered, Trouble
from cbt_station.exam.blueprint import Blueprint
from cbt_station.exam.form import Form
from cbt_station.exam.interactions import Response
from cbt_station.exam.ranking import Standing
from cbt_station.exam.scoring import Scores
from cbt_station.results.decided import Decided, read_decisions
from cbt_station.sealing.age import HybridIdentity, decrypt
from cbt_station.sealing.sealed_file import SealedFile
from cbt_station.sealing.trust import Trust
from cbt_station.verify.rescoring import rescore
from cbt_station.verify.result import CheckedResult, check_bound, check_bundle, check_sealed
from cbt_station.verify.session import CheckedSession, Files, check_session
from cbt_station.verify.steps import Step, need
from cbt_station.verify.tree import CheckedTree, check_tree


class Problem(Struct, frozen=True):
    """Something that was not true, or not there: as a step of `verify` reports it."""

    name: str
    subject: str
    kind: Literal["tampered", "trouble", "refusal"]
    code: str
    where: str
    facts: dict[str, str]


class OpenedResult(Struct, frozen=True):
    """A result that was true outside and inside. `identity` is R."""

    notes: CheckedResult
    form: Form
    answers: dict[str, Response]
    identity: str


class Candidate(Struct, frozen=True):
    """One candidate of a roster, with what came of the sitting. `scores` go with the result that counts."""

    entry: RosterEntry
    venue: str
    venue_title: str
    standing: Standing
    result: OpenedResult | None = None
    scores: Scores | None = None


class OpenedSession(Struct, frozen=True):
    """A session's results, opened and scored; candidates by number."""

    session: CheckedSession
    blueprint: Blueprint
    decided: Decided
    candidates: tuple[Candidate, ...]
    problems: tuple[Problem, ...]

    @property
    def name(self) -> str:
        return self.session.manifest.body.session


def open_tree(tree: Files, folder: Files, trust: Trust, key: HybridIdentity) -> OpenedSession:
    """Run the steps. `folder`: the session's folder and the committee's files, together."""
    session, done = check_session(folder, trust)  # 1
    done.require_none_false()
    if session is None:
        raise Refusal("session-incomplete", where=", ".join(sorted(folder)[:3]))
    return open_under(tree, folder, session, read_decisions(folder, session, key), key)


def open_under(
    tree: Files, folder: Files, session: CheckedSession, decided: Decided, key: HybridIdentity
) -> OpenedSession:
    """Steps 2 to 5 under decisions that were read, or that are about to be signed."""
    pool = need(session.pool, names.pool(session.manifest.body.session))
    rosters = read_rosters(folder, session, key)
    checked, steps = check_tree(tree, session.trust, session, decided.counting)  # 2
    inside = _Inside(tree, folder, session, pool.blueprint, rosters, key)
    problems = [_as_reported(step) for step in steps.done if _is_problem(step)]
    problems += _unclosed(checked, rosters)
    false = {problem.subject for problem in problems}
    results: dict[str, tuple[OpenedResult, Scores]] = {}
    for note_id, notes in sorted(checked.results.items()):
        if {note_id, notes.result.body.sitting} & false or note_id in checked.set_aside:
            continue
        try:
            result = inside.open(notes)  # 3
            scores = rescore(pool.blueprint, result.form, decided.scoring, result.answers)  # 4
            results[notes.result.body.commitment] = (result, scores)
        except Failure as failure:
            problems.append(_as_problem("inside", note_id, failure))
    started = _started(checked, session)
    candidates = tuple(
        _candidate(entry, roster, results.get(entry.commitment), decided, started)  # 5
        for roster in rosters
        for entry in (*roster.candidates, *inside.walk_ins(roster.venue))
    )
    ordered = tuple(sorted(candidates, key=lambda one: one.entry.number))
    return OpenedSession(session, pool.blueprint, decided, ordered, tuple(problems))


def require_complete(opened: OpenedSession) -> None:
    """Raise Refusal("results-problems") while anything of the evidence is false, missing or not counted."""
    if opened.problems:
        first = opened.problems[0]
        raise Refusal(
            "results-problems",
            where=first.where or first.subject,
            count=len(opened.problems),
            first=first.code,
        )


def identity_of(opened: OpenedSession) -> HybridIdentity:
    """R, from any result; Refusal("results-none") where there is none yet."""
    for candidate in opened.candidates:
        if candidate.result is not None:
            return HybridIdentity.parse(candidate.result.identity)
    raise Refusal("results-none")


def open_package(folder: Files, session: CheckedSession, identity: HybridIdentity) -> Package:
    """The session's package, with R; its share is the one that the manifest committed to."""
    manifest = session.manifest.body
    name = names.package(manifest.session)
    if identity.recipient.text != manifest.package_recipient:
        raise Tampered("identity-foreign")
    data = io.BytesIO(need(folder.get(name), name))
    package = Package(SealedFile(data, identity, opening=manifest.package_opening))
    require_share(package.head.share, manifest)
    return package


class _Inside:
    """Step 3 for one result after another: the rosters and the share are opened once."""

    def __init__(
        self,
        tree: Files,
        folder: Files,
        session: CheckedSession,
        blueprint: Blueprint,
        rosters: list[Roster],
        key: HybridIdentity,
    ) -> None:
        self._tree, self._folder, self._session, self._key = tree, folder, session, key
        self._blueprint = blueprint
        self._entries = {entry.commitment: entry for roster in rosters for entry in roster.candidates}
        self._spare = {commitment(slot.salt, slot.slot) for roster in rosters for slot in roster.spare}
        self._walk_ins: dict[str, list[RosterEntry]] = {}
        self._shares: dict[str, bytes] = {}

    def open(self, notes: CheckedResult) -> OpenedResult:
        note = notes.result.body
        check_bound(notes, self._session)
        name = names.tree_sealed(note.sealed)
        sealed = need(self._tree.get(name), name)
        check_sealed(sealed, note)
        bundle = read_bundle(decrypt(sealed, self._key))
        check_bundle(bundle, notes, self._session.trust, self._blueprint)
        self._require_drawn(bundle, note.commitment)
        self._require_listed(bundle.candidate, note.venue)
        return OpenedResult(notes, bundle.form, bundle.answers, bundle.identity)

    def walk_ins(self, venue: str) -> list[RosterEntry]:
        """Who sat on a spare slot of a venue."""
        return self._walk_ins.get(venue, [])

    def _require_listed(self, entry: RosterEntry, venue: str) -> None:
        listed = self._entries.get(entry.commitment)
        if listed is None and entry.commitment in self._spare:
            self._walk_ins.setdefault(venue, []).append(entry)
        elif listed != entry:
            raise Tampered("candidate-not-listed", where=entry.number)

    def _require_drawn(self, bundle: ResultBundle, candidate: str) -> None:
        """The form is the one that pool, share and draw give this commitment, and no other."""
        if self._session.draw is None or self._session.pool is None:
            return
        if bundle.identity not in self._shares:
            identity = HybridIdentity.parse(bundle.identity)
            package = open_package(self._folder, self._session, identity)
            self._shares[bundle.identity] = bytes.fromhex(package.head.share)
        drawn = form_of(
            self._session.pool,
            self._shares[bundle.identity],
            self._session.draw.body.value,
            candidate,
        )
        if form_hash(drawn) != form_hash(bundle.form):
            raise Tampered("form-not-drawn", sitting=bundle.sitting)


def read_rosters(folder: Files, session: CheckedSession, key: HybridIdentity) -> list[Roster]:
    """Every venue's roster; the files list holds their hashes, and none may be missing."""
    name = session.manifest.body.session
    prefix, rosters = names.roster(name, "").removesuffix(".age"), list[Roster]()
    for file in sorted(session.listed):
        if not file.startswith(prefix):
            continue
        try:
            roster = read_roster(decrypt(need(folder.get(file), file), key))
        except Refusal as error:
            raise Refusal("results-key-wrong", where=file) from error
        if (roster.mode, roster.session, names.roster(name, roster.venue)) != (
            session.manifest.mode,
            name,
            file,
        ):
            raise Tampered("roster-of-another-session", where=file)
        rosters.append(roster)
    return rosters


def _candidate(
    entry: RosterEntry,
    roster: Roster,
    scored: tuple[OpenedResult, Scores] | None,
    decided: Decided,
    started: frozenset[str],
) -> Candidate:
    result, scores = scored or (None, None)
    standing = standing_of(entry.number, scored is not None, entry.commitment in started, decided)
    return Candidate(entry, roster.venue, roster.title, standing, result, scores)


def standing_of(number: str, has_result: bool, started: bool, decided: Decided) -> Standing:
    """Disqualified by decision; else present with a result, unfinished if only begun, or absent."""
    if number in decided.disqualified:
        return "disqualified"
    if has_result:
        return "present"
    return "unfinished" if started else "absent"


def _started(checked: CheckedTree, session: CheckedSession) -> frozenset[str]:
    """The commitments of everybody who began, by a true start or aborted note of this session."""
    begun = [(one.body.session, one.body.commitment) for one in checked.starts]
    begun += [(one.body.session, one.body.commitment) for one in checked.aborted.values()]
    name = session.manifest.body.session
    return frozenset(commitment for session_name, commitment in begun if session_name == name)


def _unclosed(checked: CheckedTree, rosters: list[Roster]) -> Iterator[Problem]:
    """A venue without a closing: nobody has said that these are all of its results."""
    closed = {closing.body.venue for closing in checked.closings}
    for roster in rosters:
        if roster.venue not in closed:
            yield _as_problem("counted", roster.venue, Trouble("closing-missing", where=roster.venue))


def _is_problem(step: Step) -> bool:
    """Whatever is not true, or lacks what it needs. A sitting without an end is none: it is a standing, unfinished."""
    return step.verdict != "true" and not step.optional and step.name != "ended"


def _as_reported(step: Step) -> Problem:
    kind: Literal["tampered", "trouble"] = "tampered" if step.verdict == "false" else "trouble"
    return Problem(step.name, step.subject, kind, step.code, step.where, dict(step.facts))


def _as_problem(name: str, subject: str, failure: Failure) -> Problem:
    kind: Literal["tampered", "trouble", "refusal"] = (
        "tampered" if isinstance(failure, Tampered) else "trouble" if failure.kind == "trouble" else "refusal"
    )
    facts = {key: str(fact) for key, fact in failure.facts.items()}
    return Problem(name, subject, kind, failure.code, failure.where, facts)


def merged(*folders: Files) -> Mapping[str, bytes]:
    """Several folders as one; a file in two of them must be the same: Refusal("file-exists")."""
    together: dict[str, Files] = {}
    for folder in folders:
        for name in folder:
            if name in together and together[name][name] != folder[name]:
                raise Refusal("file-exists", where=name)
            together.setdefault(name, folder)
    return _Merged(together)


class _Merged(Mapping[str, bytes]):
    def __init__(self, holders: dict[str, Files]) -> None:
        self._holders = holders

    def __getitem__(self, name: str) -> bytes:
        return self._holders[name][name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._holders)

    def __len__(self) -> int:
        return len(self._holders)

    def __contains__(self, name: object) -> bool:
        return name in self._holders
