"""What the public pages show, read from the centre into frozen values: no page asks the centre itself.

A page may say only what the registry, a registered note or a signed closing says, and says from which.
Absent on purpose: names, numbers and scores of candidates: the centre's pages know codes and ids only.
"""

import base64
from typing import Literal

from msgspec import Struct

from cbt_station.artefacts import names
from cbt_station.artefacts.closing import ClosingNote, pairs_hash
from cbt_station.artefacts.result import AbortedNote, ResultNote, slip_code, slip_prefix
from cbt_station.artefacts.signed import Signed, read
from cbt_station.errors import Failure
from cbt_station.server.centre import Centre
from cbt_station.server.checking import REGISTERED_KINDS, sitting_slot, superseding_slot
from cbt_station.server.registry import Registered, Twin

NEWEST = 20
VenueState = Literal["complete", "waiting", "differs", "open", "more"]
"""Closed and all here; closed and some missing; same number but not the closed ones; not closed; more than closed."""


class VenueView(Struct, frozen=True):
    """One venue of a session: what it closed, and what is here."""

    venue: str
    state: VenueState
    received: int
    closing: Signed[ClosingNote] | None

    @property
    def closed(self) -> int | None:
        return self.closing.body.count if self.closing else None


class SessionView(Struct, frozen=True):
    """A session. `notes`: its manifest, draw, release and reveal, as far as they are registered."""

    name: str
    exam: str
    opens: str
    closes: str
    notes: tuple[Registered, ...]
    venues: tuple[VenueView, ...]
    twins: tuple[Twin, ...]
    decisions: tuple[Registered, ...]
    files: tuple[str, ...]

    @property
    def received(self) -> int:
        return sum(venue.received for venue in self.venues)

    @property
    def closed(self) -> int:
        return sum(venue.closed or 0 for venue in self.venues)


class ResultView(Struct, frozen=True):
    """What is known of one result. `counted`: whether the venue's closing can be shown to count it."""

    code: str
    row: Registered
    note: ResultNote | AbortedNote
    aborted: bool
    venue: VenueView
    counted: bool
    twins: tuple[Twin, ...]
    scores: int
    current_score: str


class SlipView(Struct, frozen=True):
    """The answer to a typed code. `problem` says why there is none."""

    typed: str
    problem: Literal["", "malformed", "unknown"] = ""
    results: tuple[ResultView, ...] = ()
    twins: tuple[Twin, ...] = ()


class LogView(Struct, frozen=True):
    """The log's published head and its newest notes."""

    origin: str
    size: int
    root: str
    checkpoint: str
    verifiers: tuple[str, ...]
    first_trust: str
    newest: tuple[Registered, ...]
    totals: dict[str, int]


class HomeView(Struct, frozen=True):
    log: LogView
    sessions: tuple[SessionView, ...]


def home(centre: Centre) -> HomeView:
    return HomeView(log(centre), tuple(session(centre, name) for name in centre.registry.sessions()))


def log(centre: Centre) -> LogView:
    """The log as it is published."""
    head, raw, totals = centre.head(), centre.checkpoint(), centre.registry.totals()
    return LogView(
        origin=head.origin,
        size=head.size,
        root=base64.b64encode(head.root).decode(),
        checkpoint=raw.decode(),
        verifiers=tuple(one.text for one in centre.trust.verifiers("log")),
        first_trust=centre.trust.chain[0][1].id,
        newest=tuple(row for row in centre.registry.newest(NEWEST) if row.log_index < head.size),
        totals={kind: totals[kind] for kind in REGISTERED_KINDS if kind in totals},
    )


def slip(centre: Centre, typed: str) -> SlipView:
    """What is known of a slip code, however it was typed."""
    try:
        prefix = slip_prefix(typed)
    except Failure:
        return SlipView(typed, "malformed")
    shown = slip_code(prefix + "0" * 44)
    rows = [
        *centre.registry.beginning_with(prefix, "result"),
        *centre.registry.beginning_with(prefix, "aborted"),
    ]
    registered = {row.id for row in rows}
    twins = tuple(one for one in centre.registry.twins_beginning_with(prefix) if one.id not in registered)
    results = tuple(result(centre, row) for row in rows)
    return SlipView(shown, "" if results or twins else "unknown", results, twins)


def result(centre: Centre, row: Registered) -> ResultView:
    raw = centre.files[names.tree_note(row.kind, row.id)]
    note = read(raw, ResultNote).body if row.kind == "result" else read(raw, AbortedNote).body
    venue = _venue(centre, row.session, row.venue)
    scores = centre.registry.about(row.id, "score")
    superseded = {one.id for one in scores if centre.registry.in_slot(superseding_slot(one.id)) is not None}
    twins = centre.registry.twins_in_slot(sitting_slot(row.session, note.sitting))
    return ResultView(
        code=slip_code(row.id),
        row=row,
        note=note,
        aborted=row.kind == "aborted",
        venue=venue,
        counted=venue.state == "complete",
        twins=tuple(one for one in twins if one.id != row.id),
        scores=len(scores),
        current_score=next((one.id for one in reversed(scores) if one.id not in superseded), ""),
    )


def session(centre: Centre, name: str) -> SessionView:
    """A session that the centre was given; Trouble("session-unknown") for any other."""
    manifest = centre.session(name).manifest.body
    registry = centre.registry
    kinds = ("exam", "draw", "release", "reveal")
    places = {
        *registry.count(name, "result"),
        *registry.count(name, "aborted"),
        *registry.count(name, "closing"),
    }
    return SessionView(
        name=name,
        exam=manifest.exam,
        opens=manifest.opens,
        closes=manifest.closes,
        notes=tuple(row for kind in kinds for row in registry.of_session(name, kind)),
        venues=tuple(_venue(centre, name, venue) for venue in sorted(places)),
        twins=tuple(registry.twins_of_session(name)),
        decisions=tuple(registry.of_session(name, "decision")),
        files=centre.session_files(name),
    )


def _venue(centre: Centre, session_name: str, venue: str) -> VenueView:
    """The venue's newest closing against what is registered of it."""
    rows = [
        row for kind in ("result", "aborted") for row in centre.registry.of_venue(session_name, venue, kind)
    ]
    closings = [
        read(centre.files[names.tree_note("closing", row.id)], ClosingNote)
        for row in centre.registry.of_venue(session_name, venue, "closing")
    ]
    if not closings:
        return VenueView(venue, "open", len(rows), None)
    newest = max(closings, key=lambda one: one.body.number)
    pairs = pairs_hash((row.refers, "aborted" if row.kind == "aborted" else row.id) for row in rows)
    return VenueView(venue, _state(newest.body, len(rows), pairs), len(rows), newest)


def _state(closing: ClosingNote, received: int, pairs: str) -> VenueState:
    if pairs == closing.pairs:
        return "complete"
    if received < closing.count:
        return "waiting"
    return "more" if received > closing.count else "differs"
