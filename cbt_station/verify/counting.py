"""How many results there are, and which count: twins, the committee's word on them, and the venues' closings.

Steps 7 to 10 of `verify.tree`, over what was true of its notes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, product
from typing import NamedTuple, NoReturn

from cbt_station.artefacts import names
from cbt_station.artefacts.closing import ClosingNote, pairs_hash
from cbt_station.artefacts.result import AbortedNote
from cbt_station.artefacts.score import DecisionNote
from cbt_station.artefacts.signed import Signed
from cbt_station.artefacts.start import StartNote
from cbt_station.errors import Tampered, Trouble
from cbt_station.verify.result import CheckedResult
from cbt_station.verify.steps import Steps

MOST_CHOICES = 4096
"""Twelve decided sittings at one venue; what a closing counted among more is not sought."""


@dataclass(frozen=True)
class Found:
    """What was true so far of a tree's notes: results and aborted sittings by note id."""

    results: dict[str, CheckedResult] = field(default_factory=dict)
    aborted: dict[str, Signed[AbortedNote]] = field(default_factory=dict)
    starts: list[Signed[StartNote]] = field(default_factory=list)
    decisions: list[Signed[DecisionNote]] = field(default_factory=list)
    closings: list[Signed[ClosingNote]] = field(default_factory=list)

    def add(self, true: object) -> None:
        if isinstance(true, CheckedResult):
            self.results[true.result.id] = true
        elif isinstance(true, Signed) and isinstance(true.body, AbortedNote):
            self.aborted[true.id] = true
        elif isinstance(true, Signed) and isinstance(true.body, StartNote):
            self.starts.append(true)
        elif isinstance(true, Signed) and isinstance(true.body, DecisionNote):
            self.decisions.append(true)
        elif isinstance(true, Signed) and isinstance(true.body, ClosingNote):
            self.closings.append(true)


class _End(NamedTuple):
    """One end of a sitting: what a closing counts of it."""

    id: str
    sitting: str
    place: tuple[str, str]
    """Session and venue."""
    start: str
    counted: str
    """The result's id, or `aborted`."""
    granted_ms: int


def _ends(found: Found) -> Iterator[_End]:
    for note_id, checked in found.results.items():
        note = checked.result.body
        yield _End(note_id, note.sitting, (note.session, note.venue), note.start, note_id, note.granted_ms)
    for note_id, one in found.aborted.items():
        ended = one.body
        yield _End(note_id, ended.sitting, (ended.session, ended.venue), ended.start, "aborted", 0)


def chosen_by(found: Found) -> dict[str, str]:
    """The result that counts for a sitting, by the committee's newest word on it."""
    chosen = {}
    for decision in sorted(found.decisions, key=lambda one: one.body.number):
        counted = found.results.get(decision.body.counted or "")
        if counted is not None and counted.result.body.session == decision.body.session:
            chosen[counted.result.body.sitting] = counted.result.id
    return chosen


def check_twins(steps: Steps, found: Found, chosen: Mapping[str, str]) -> frozenset[str]:
    """One end and one begin for each sitting, or an end that was chosen. Returns the ids of what that sets aside."""
    ends: dict[str, list[_End]] = {}
    for end in _ends(found):
        ends.setdefault(end.sitting, []).append(end)
    begun: dict[str, list[str]] = {}
    for start in found.starts:
        begun.setdefault(start.body.sitting, []).append(start.id)
    set_aside: set[str] = set()
    for sitting, own in sorted(ends.items()):
        starts = begun.get(sitting, [])
        counted = next((end for end in own if end.id == chosen.get(sitting)), None)
        if counted is not None:
            others = {end.id for end in own} | set(starts)
            set_aside |= others - {counted.id, counted.start}
        elif len(own) > 1:
            steps.check("twin", sitting, _raise_twin, sitting, [end.id for end in own])
        elif len(starts) > 1:  # two seats, two journals: which one was sealed was somebody's choice
            steps.check("twin", sitting, _raise_begun_twice, sitting, starts)
    for note_id in sorted(set_aside):
        steps.check("set-aside", note_id, lambda: None)
    return frozenset(set_aside)


def _raise_twin(sitting: str, ids: list[str]) -> NoReturn:
    raise Tampered("twin-results", where=sitting, results=", ".join(sorted(ids)))


def _raise_begun_twice(sitting: str, ids: list[str]) -> NoReturn:
    raise Tampered("twin-starts", where=sitting, starts=", ".join(sorted(ids)))


def check_ended(steps: Steps, found: Found) -> None:
    """A start without an end is not checkable once its venue has closed; before that it may still be running."""
    ended = {checked.result.body.sitting for checked in found.results.values()}
    ended |= {one.body.sitting for one in found.aborted.values()}
    closed = {(closing.body.session, closing.body.venue) for closing in found.closings}
    for start in found.starts:
        if start.body.sitting in ended:
            continue
        if (start.body.session, start.body.venue) in closed:
            steps.check("ended", start.id, _raise_without_end, start.body.sitting)
        else:
            steps.missing("ended", start.id, start.body.sitting)


def _raise_without_end(sitting: str) -> NoReturn:
    raise Trouble("sitting-without-end", where=sitting)


def check_counts(steps: Steps, found: Found, chosen: Mapping[str, str]) -> None:
    """Each venue's closings follow each other, and its newest counts exactly what is here."""
    by_venue: dict[tuple[str, str], list[Signed[ClosingNote]]] = {}
    for closing in sorted(found.closings, key=lambda closing: closing.body.number):
        by_venue.setdefault((closing.body.session, closing.body.venue), []).append(closing)
    for place, own in sorted(by_venue.items()):
        steps.check("closing-chain", place[1], check_closings_follow, own)
        here: dict[str, list[_End]] = {}
        for end in _ends(found):
            if end.place == place:  # twins that nobody decided are counted one by one
                here.setdefault(end.sitting if end.sitting in chosen else end.id, []).append(end)
        steps.check("counted", place[1], _check_counted, list(here.values()), own[-1].body)


def check_closings_follow(closings: Sequence[Signed[ClosingNote]]) -> None:
    """A venue's closings, sorted by number: one of each, each citing the one before and counting more than it.

    A result that comes late is added; none that was counted is ever taken out or changed for another.
    """
    before: Signed[ClosingNote] | None = None
    for closing in closings:
        number, venue = closing.body.number, closing.body.venue
        if before is not None and before.body.number == number:
            raise Tampered("twin-closings", where=venue, number=number)
        if number > 1 and (before is None or before.body.number != number - 1):
            raise Trouble("evidence-missing", where=names.tree_note("closing", closing.body.cites or ""))
        if before is not None and closing.body.cites != before.id:
            raise Tampered("closing-chain", where=venue, number=number)
        if before is not None:
            require_grown(before.body, closing.body)
        before = closing


def require_grown(before: ClosingNote, closing: ClosingNote) -> None:
    """Closing K+1 counts more sittings than K, else Tampered("closing-shrinks")."""
    if closing.count <= before.count or closing.absent > before.absent:
        raise Tampered(
            "closing-shrinks",
            where=closing.venue,
            number=closing.number,
            before=before.count,
            now=closing.count,
        )


def _check_counted(here: list[list[_End]], closing: ClosingNote) -> None:
    """The venue counted these, and one of each of the twins: it could not know which one would be chosen."""
    if len(here) < closing.count:
        raise Tampered("results-missing", where=closing.venue, counted=closing.count, here=len(here))
    for ends in islice(product(*here), MOST_CHOICES):
        if pairs_hash([(end.start, end.counted) for end in ends]) == closing.pairs:
            break
    else:
        raise Tampered(
            "results-not-the-closed-ones", where=closing.venue, counted=closing.count, here=len(here)
        )
    aborted = sum(1 for end in ends if end.counted == "aborted")
    granted_ms = sum(end.granted_ms for end in ends)
    if (closing.aborted, closing.minutes_granted) != (aborted, granted_ms // 60_000):
        raise Tampered("closing-count", where=closing.venue)
