"""The evidence of single sittings, opened for a person who has to read it: bundle, events and notes, all checked.

`opening` scores a whole session and keeps no journal; this opens one result after another and keeps nothing. A result
that is not true in every step is not told about: Tampered. Two results of one sitting are both evidence, and both given.
"""

from collections.abc import Iterator

from msgspec import Struct

from cbt_station.artefacts import names
from cbt_station.artefacts.commitments import commitment
from cbt_station.artefacts.journal import read_line
from cbt_station.artefacts.result import ResultBundle, ResultNote, read_bundle
from cbt_station.artefacts.signed import read
from cbt_station.errors import Refusal
from cbt_station.exam.blueprint import Blueprint
from cbt_station.exam.events import Event
from cbt_station.exam.sitting import SittingState
from cbt_station.results.opening import read_rosters
from cbt_station.sealing.age import HybridIdentity, decrypt
from cbt_station.sealing.trust import Trust
from cbt_station.verify.result import CheckedResult, check_bound, check_bundle, check_sealed
from cbt_station.verify.session import CheckedSession, Files, check_session
from cbt_station.verify.steps import need
from cbt_station.verify.tree import chain_of, notes_in


class Evidence(Struct, frozen=True):
    """One finished sitting, checked outside and inside; `state` is what its events fold to."""

    notes: CheckedResult
    bundle: ResultBundle
    blueprint: Blueprint
    events: tuple[Event, ...]
    state: SittingState
    venue_title: str

    @property
    def result(self) -> str:
        return self.notes.result.id


class EvidenceRoom:
    """A session's folder and tree with the results key: sittings are opened when asked for."""

    def __init__(self, tree: Files, folder: Files, trust: Trust, key: HybridIdentity) -> None:
        """Check the session. `folder`: the session's folder and the committee's files, together."""
        session, steps = check_session(folder, trust)
        steps.require_none_false()
        self._session: CheckedSession = need(session, names.manifest("SESSION"))
        self._blueprint = need(self._session.pool, names.pool(self._session.manifest.body.session)).blueprint
        self._tree, self._key = tree, key
        self._titles: dict[str, str] = {}
        self._numbers: dict[str, str] = {}
        for roster in read_rosters(folder, self._session, key):
            self._titles[roster.venue] = roster.title
            self._numbers |= {one.number: one.commitment for one in roster.candidates}
            self._numbers |= {one.slot: commitment(one.salt, one.slot) for one in roster.spare}

    @property
    def session(self) -> CheckedSession:
        return self._session

    def of(self, number: str) -> tuple[Evidence, ...]:
        """A candidate's sitting; more than one where it has twins.

        Refusal("number-unknown"), or ("number-without-result").
        """
        if number not in self._numbers:
            raise Refusal("number-unknown", number=number)
        found = tuple(self._opened(note) for note in self._results(self._numbers[number]))
        if not found:
            raise Refusal("number-without-result", number=number)
        return found

    def every(self) -> Iterator[Evidence]:
        """All sittings of the tree, by result."""
        return (self._opened(note) for note in self._results(None))

    def _results(self, of: str | None) -> Iterator[bytes]:
        for name, (kind, _) in notes_in(self._tree).items():
            if kind == "result":
                raw = self._tree[name]
                if of is None or read(raw, ResultNote).body.commitment == of:
                    yield raw

    def _opened(self, raw: bytes) -> Evidence:
        notes = chain_of(self._tree, raw, self._session.trust)
        check_bound(notes, self._session)
        note = notes.result.body
        name = names.tree_sealed(note.sealed)
        sealed = need(self._tree.get(name), name)
        check_sealed(sealed, note)
        bundle = read_bundle(decrypt(sealed, self._key))
        state = check_bundle(bundle, notes, self._session.trust, self._blueprint)
        events = tuple(read_line(record.line) for record in bundle.journal)
        title = self._titles.get(note.venue, note.venue)
        return Evidence(notes, bundle, self._blueprint, events, state, title)
