"""Whether what recovery finds in a crash state keeps every promise that was made before the power went.

Two sources, neither of which is recovery: what the driver *told* (its lines, each with its place among the operations, and
what the script had asked for), and the *truth*, the whole journal as the recorded sitting left it in the end. Then:

- what is found is a beginning of the truth, by its Merkle root: nothing changed, reordered, doubled or made up;
- it reaches at least as far as what was told, in two places where two were told;
- no more time is left than was told, granted time apart; no more was consumed than in the end;
- a result that was told is there; there is never a second one, and it opens to the same journal;
- whatever the state, recovery raises nothing but what may be raised before anything was told.
"""

import functools
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import msgspec

from cbt_station.artefacts import names
from cbt_station.artefacts.journal import JournalRecord, read_line
from cbt_station.artefacts.result import ResultBundle, ResultNote, read_bundle
from cbt_station.delivery.recover import RecoverReport, recover
from cbt_station.delivery.sitting_folder import SittingFolder, list_sittings, open_sitting
from cbt_station.delivery.station_store import StationStore
from cbt_station.errors import Failure
from cbt_station.exam.events import Event
from cbt_station.exam.sitting import SittingState, apply
from cbt_station.sealing.age import HybridIdentity, decrypt
from cbt_station.sealing.merkle import Frontier
from tests.delivery.small_session import SmallSession
from tests.exam.second_fold import FalseTimeError, fold_lines
from tests.torture.model import ASKED, SAID, Op
from tests.torture.quick import read_note

KEYS = ("sitting.key", "station.wrap", "venue.wrap")


class BrokenPromiseError(AssertionError):
    """What the harness is there to find."""


@dataclass(frozen=True)
class Told:
    """Everything that the driver had acknowledged at one moment."""

    number: int = 0
    begun: bool = False
    seq: int = 0
    head: str = ""
    answers: dict[str, Any] = field(default_factory=dict)
    flagged: frozenset[str] | None = None
    """None where nobody can know: after a cut, a mark that was asked for may be there or not."""
    left_ms: int | None = None
    second_seq: int = 0
    result: str | None = None
    asked: dict[str, Any] = field(default_factory=dict)

    def after(self, op: Op) -> "Told":
        if op.kind == ASKED:
            return replace(self, asked=msgspec.json.decode(op.first))
        if op.kind != SAID:
            return self
        said = msgspec.json.decode(op.first)
        return self._heard(said) if said["ok"] else self

    def _heard(self, said: dict[str, Any]) -> "Told":
        told = replace(self, number=self.number + 1, begun=True)
        if said.get("state") == "sealed":
            return replace(told, result=said["result"])
        told = replace(told, seq=said["seq"], left_ms=said["left_ms"], head=said.get("head", ""))
        if said["saved"] == "second":
            told = replace(told, second_seq=said["seq"])
        if "answers" in said:
            return replace(told, answers=said["answers"], flagged=frozenset() if told.seq == 1 else None)
        return told._with(self.asked)

    def _with(self, asked: dict[str, Any]) -> "Told":
        item = asked.get("item", "")
        match asked["do"]:
            case "choose":
                return replace(self, answers=self.answers | {item: asked["answer"]})
            case "clear":
                return replace(
                    self, answers={one: answer for one, answer in self.answers.items() if one != item}
                )
            case "flag" if self.flagged is not None:
                marked = self.flagged | {item} if asked.get("on", True) else self.flagged - {item}
                return replace(self, flagged=marked)
            case _:
                return self


@dataclass(frozen=True)
class Truth:
    """The journal of a sitting as it was in the end; `states[n]` and `roots[n]` are those after n events."""

    records: tuple[JournalRecord, ...]
    events: tuple[Event, ...]
    states: tuple[SittingState | None, ...]
    roots: tuple[str, ...]

    @classmethod
    def of(cls, records: Sequence[JournalRecord]) -> "Truth":
        events = tuple(read_line(record.line) for record in records)
        frontier, state = Frontier(), None
        states: list[SittingState | None] = [None]
        roots = [frontier.root().hex()]
        for record, event in zip(records, events, strict=True):
            state = apply(state, event)
            frontier.append(record.leaf)
            states.append(state)
            roots.append(frontier.root().hex())
        return cls(tuple(records), events, tuple(states), tuple(roots))


def truth_of(folder: Path, session: SmallSession) -> Truth | None:
    """Read what a recorded sitting left, sealed or not; None if there is none. Opening changes the folder."""
    data = folder / "station" / "data"
    if not (data / "format").is_file():
        return None
    try:
        store = StationStore(data)
        try:
            sittings = list_sittings(store.sittings)
            return _truth_of(sittings, store, session) if sittings else None
        finally:
            store.close()
    except Failure as failure:
        raise BrokenPromiseError(f"what the sitting left does not open: {failure}") from failure


def _truth_of(sittings: Sequence[SittingFolder], store: StationStore, session: SmallSession) -> Truth:
    (sitting,) = sittings
    if sitting.is_sealed:
        return Truth.of(_bundle(store.tree, session).journal)
    opened = open_sitting(sitting, store.existing_keys(sitting.start.body.venue))
    try:
        return Truth.of(opened.journal.records)
    finally:
        opened.journal.close()


def require_told_is_true(ops: Sequence[Op], truth: Truth, before: Told) -> None:
    """Every acknowledgement agrees with the journal in the end, and time only passes."""
    told = before
    for op in ops:
        told, earlier = told.after(op), told
        if told.number == earlier.number or told.result:
            continue
        if told.seq > len(truth.records):
            raise BrokenPromiseError(f"event {told.seq} was told and is not there in the end")
        state = truth.states[told.seq]
        assert state is not None
        if told.head and told.head != truth.roots[told.seq]:
            raise BrokenPromiseError(f"event {told.seq}: another head was told")
        if told.answers != state.answers or told.flagged not in {None, state.flagged}:
            raise BrokenPromiseError(f"event {told.seq}: other answers were told")
        if earlier.left_ms is not None:
            _require_no_more_time(truth, earlier, told.seq, told.left_ms or 0, "between two acknowledgements")


def require_true_time(truth: Truth) -> None:
    """Every event says the time left that the second, independent fold makes of the lines before it."""
    try:
        fold_lines(record.line for record in truth.records)
    except FalseTimeError as false:
        raise BrokenPromiseError(f"false time: {false}") from false


@dataclass(frozen=True)
class Found:
    """What recovery made of a crash state, and what it left behind."""

    report: RecoverReport | None
    failure: str = ""
    """The code of a Failure."""
    bug: str = ""
    """The traceback of anything else."""
    results: tuple[str, ...] = ()
    sealed_files: int = 0
    bundle: ResultBundle | None = None
    keys_left: tuple[str, ...] = ()


def find(folder: Path, session: SmallSession) -> Found:
    """Recover what lies in `folder`, with the station's own code."""
    data = folder / "station" / "data"
    try:
        report = recover(data, folder / "stick")
        tree = data / "tree"
        results = tuple(
            sorted(path.stem.removeprefix("result-") for path in tree.glob("notes/result-*.note"))
        )
        sealed = len(list(tree.glob("sealed/*.age")))
        bundle = _bundle(tree, session) if len(results) == 1 else None
        keys = (data / "sittings").glob("*/*") if report.state == "sealed" else ()
        left = tuple(path.name for path in keys if path.name in KEYS)
        return Found(report, results=results, sealed_files=sealed, bundle=bundle, keys_left=left)
    except Failure as failure:
        return Found(None, failure=failure.code)
    except Exception:  # noqa: BLE001 - a bug of ours is what we look for
        return Found(None, bug=traceback.format_exc())


def require_kept(found: Found, told: Told, truth: Truth | None, *, waits_for_second: bool = False) -> None:
    """Raise BrokenPromiseError where a promise was broken."""
    if found.bug:
        raise BrokenPromiseError(f"a crash: {found.bug}")
    report = found.report
    if report is None or report.state == "empty":
        if told.begun or found.failure not in {"", "data-folder-missing"}:
            raise BrokenPromiseError(f"nothing is found: {found.failure or 'empty'}")
        return
    if len(report.sittings) != 1 or report.state == "unreadable" or truth is None:
        raise BrokenPromiseError(f"not one readable sitting: {report.state} {report.failure}")
    if not told.seq <= report.seq <= len(truth.records) or report.seq < 1:
        raise BrokenPromiseError(f"{report.seq} events are found, {told.seq} were acknowledged")
    if report.head != truth.roots[report.seq]:
        raise BrokenPromiseError(f"another journal of {report.seq} events is found")
    _require_time(report, told, truth)
    if report.state == "sealed":
        _require_one_result(found, told, truth)
    else:
        _require_running(found, told, truth, waits_for_second)


def _require_running(found: Found, told: Told, truth: Truth, waits_for_second: bool) -> None:
    report = found.report
    assert report is not None
    state = truth.states[report.seq]
    assert state is not None
    if told.result or found.results or found.sealed_files:
        raise BrokenPromiseError("a result was told or published, and the sitting is not sealed")
    if report.state != state.status:
        raise BrokenPromiseError(f"{report.state} instead of {state.status}")
    if report.state == "ended" and not waits_for_second:
        raise BrokenPromiseError("it has ended, and is not sealed")
    if report.answers != state.answers or set(report.flagged) != state.flagged:
        raise BrokenPromiseError("other answers are found")
    proven = sum(1 for one in report.acknowledged if one.level == "second")
    if proven < told.second_seq:
        raise BrokenPromiseError(f"{told.second_seq} events were told to be in two places, {proven} are")


def _require_one_result(found: Found, told: Told, truth: Truth) -> None:
    report, bundle = found.report, found.bundle
    assert report is not None
    if len(found.results) != 1 or found.sealed_files != 1 or bundle is None:
        raise BrokenPromiseError(f"{len(found.results)} results, {found.sealed_files} sealed files")
    if found.results[0] != report.result or (told.result and told.result != report.result):
        raise BrokenPromiseError("another result than was told")
    state = truth.states[report.seq]
    assert state is not None
    if tuple(bundle.journal) != truth.records[: report.seq] or bundle.answers != state.answers:
        raise BrokenPromiseError("the result holds another journal")
    if found.keys_left:
        raise BrokenPromiseError(f"sealed, and the keys are left: {found.keys_left}")


def _require_time(report: RecoverReport, told: Told, truth: Truth) -> None:
    left_ms = report.left_ms or 0
    if told.left_ms is not None:
        _require_no_more_time(truth, told, report.seq, left_ms, "after the cut")
    if left_ms > truth.events[report.seq - 1].left_ms:
        raise BrokenPromiseError(f"{left_ms} ms left, more than at the last event")


def _require_no_more_time(truth: Truth, told: Told, size: int, left_ms: int, when: str) -> None:
    """Time left may grow by a grant only."""
    state, earlier = truth.states[size], truth.states[told.seq]
    granted = (state.granted_ms if state else 0) - (earlier.granted_ms if earlier else 0)
    if told.left_ms is not None and left_ms > told.left_ms + granted:
        raise BrokenPromiseError(f"{left_ms} ms left {when}, {told.left_ms} ms were told")


def _bundle(tree: Path, session: SmallSession) -> ResultBundle:
    (path,) = tree.glob("notes/result-*.note")
    note = read_note(path.read_bytes(), ResultNote)
    return _opened((tree / names.tree_sealed(note.body.sealed)).read_bytes(), session.results.text)


@functools.lru_cache(maxsize=64)
def _opened(sealed: bytes, identity: str) -> ResultBundle:
    return read_bundle(decrypt(sealed, HybridIdentity.parse(identity)))
