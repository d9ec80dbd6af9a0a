"""What a station's data folder holds, and what it proves: for whoever stands before a machine that died.

Opens journals by the same function as every start does. It changes nothing but this: a sealing that was cut is finished,
to the one result whose note the journal already holds, or, where the sitting had ended and nothing was sealed yet, to
its first. A sitting that is still running is only read; where its disk failed and the second place kept it alone, as far
as that is at hand.

With a second place and the venue's key nothing of the station is needed (`recover_second`): its disk may be gone.

An acknowledgement's level is what can be proven now: "second" where the second place is at hand and holds that event.
"""

from pathlib import Path
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from cbt_station.artefacts.result import ResultNote, slip_code
from cbt_station.artefacts.signed import read
from cbt_station.delivery.fencing import may_seal
from cbt_station.delivery.found_copy import find_sitting, require_signed, sittings_at
from cbt_station.delivery.sealing_result import finish_on_station
from cbt_station.delivery.second_copy import proven_events, read_on
from cbt_station.delivery.sitting_folder import OpenSitting, SittingFolder, list_sittings, open_sitting
from cbt_station.delivery.station_store import StationKeys, StationStore
from cbt_station.delivery.views import Level
from cbt_station.errors import Failure, Trouble
from cbt_station.exam.interactions import Response
from cbt_station.sealing.age import HybridIdentity
from cbt_station.sealing.trust import Trust
from cbt_station.storage.core_dumps import forbid_core_dumps

State: TypeAlias = Literal["empty", "running", "paused", "ended", "sealed", "fenced-out", "unreadable"]
_OVER = ("sealed", "fenced-out")


class Acknowledged(Struct, frozen=True):
    """One event that was acknowledged, and where it provably is."""

    seq: int
    level: Level


class RecoveredSitting(Struct, frozen=True, kw_only=True):
    """One sitting. After sealing the journal can no longer be read here: then only the result is told."""

    state: State
    sitting: str = ""
    session: str = ""
    number: str = ""
    seq: int = 0
    answers: dict[str, Response] = {}
    flagged: tuple[str, ...] = ()
    current: str | None = None
    left_ms: int | None = None
    allotted_ms: int | None = None
    granted_ms: int | None = None
    head: str | None = None
    last_at: str | None = None
    """Up to when it goes: the station's wall clock at the last durable reading."""
    acknowledged: tuple[Acknowledged, ...] = ()
    result: str | None = None
    slip: str | None = None
    failure: str | None = None
    """The code of what keeps this sitting from being read."""


class RecoverReport(RecoveredSitting, frozen=True, kw_only=True):
    """The newest sitting that is not over, else the newest; `sittings` has all of them, oldest first."""

    sittings: tuple[RecoveredSitting, ...] = ()


def recover(data_dir: Path, second: Path | None = None) -> RecoverReport:
    """Read a data folder. Trouble("data-folder-missing"), ("data-folder-in-use"); Refusal("data-too-new")."""
    forbid_core_dumps()
    if not (data_dir / "format").is_file():
        raise Trouble("data-folder-missing", where=str(data_dir))
    store = StationStore(data_dir)
    try:
        place = second or store.second_place()
        lost: list[RecoveredSitting] = []
        folders = list_sittings(
            store.sittings,
            lambda name, failure: lost.append(
                RecoveredSitting(state="unreadable", sitting=name, failure=failure.code)
            ),
        )
        sittings = (*lost, *(_recovered(folder, store, place) for folder in folders))
    finally:
        store.close()
    if not sittings:
        return RecoverReport(state="empty")
    newest = next((one for one in reversed(sittings) if one.state not in _OVER), sittings[-1])
    own = {name: getattr(newest, name) for name in RecoveredSitting.__struct_fields__}
    return RecoverReport(**own, sittings=sittings)


def recover_second(place: Path, venue: HybridIdentity, trust: Trust | None = None) -> RecoverReport:
    """What the copies at a place prove, with the venue's key alone. Trouble("medium-gone"), ("copy-missing").

    Every line, head and slot is checked against the sitting's keys; that those are whom the venue started and moved, only
    where a trust list is given. Nothing is changed.
    """
    forbid_core_dumps()
    sittings = tuple(_of_copy(place, sitting, venue, trust) for sitting in sittings_at(place))
    if not sittings:
        raise Trouble("copy-missing", where=str(place))
    newest = next((one for one in reversed(sittings) if one.state != "unreadable"), sittings[-1])
    own = {name: getattr(newest, name) for name in RecoveredSitting.__struct_fields__}
    return RecoverReport(**own, sittings=sittings)


def _of_copy(place: Path, sitting: str, venue: HybridIdentity, trust: Trust | None) -> RecoveredSitting:
    try:
        found = find_sitting(place, sitting, venue)
        if trust is not None:
            require_signed(found, trust)
    except Failure as failure:
        return RecoveredSitting(state="unreadable", sitting=sitting, failure=failure.code)
    state = found.state
    return RecoveredSitting(
        state=state.status,
        sitting=sitting,
        session=found.head.session,
        number=found.candidate.number,
        seq=state.seq,
        answers=state.answers,
        flagged=tuple(sorted(state.flagged)),
        current=state.current,
        left_ms=found.clock.left_ms(found.clock.at),
        allotted_ms=state.allotted_ms,
        granted_ms=state.granted_ms,
        head=found.tree.root,
        last_at=found.clock.at.wall,
        acknowledged=tuple(Acknowledged(seq, "second") for seq in range(1, state.seq + 1)),
    )


def _recovered(folder: SittingFolder, store: StationStore, place: Path | None) -> RecoveredSitting:
    if folder.is_sealed:
        folder.destroy_keys()
        return _sealed(folder, RecoveredSitting(state="sealed"))
    begun = folder.start.body
    try:
        station = store.existing_keys(begun.venue)
        opened = open_sitting(folder, station)
    except Failure as failure:
        return RecoveredSitting(
            state="unreadable", sitting=begun.sitting, session=begun.session, failure=failure.code
        )
    try:
        found, is_whole = _read(opened, place)
        if folder.is_fenced_out:  # evidence, if it went on
            return replace(found, state="fenced-out")
        ended = is_whole and opened.journal.state.status == "ended" and may_seal(opened, place)
        if not ended or not _finish(opened, station, found, store.tree):
            return found
    finally:
        opened.journal.close()
    folder.destroy_keys()
    return _sealed(folder, found)


def _read(opened: OpenSitting, place: Path | None) -> tuple[RecoveredSitting, bool]:
    """The sitting; and whether the journal here is known to hold all of it: else a start takes the rest home, and seals."""
    journal = opened.journal
    facts = journal.facts
    try:
        if place is not None:
            read_on(place, journal, opened.database_key)
        proven, is_whole = proven_events(place, journal, opened.database_key) if place else 0, True
    except Failure:  # a second place that cannot be read proves nothing, and may hold more
        proven, is_whole = 0, False
    state = journal.state
    found = RecoveredSitting(
        state=state.status,
        sitting=facts.sitting,
        session=facts.session,
        number=facts.candidate.number,
        seq=state.seq,
        answers=state.answers,
        flagged=tuple(sorted(state.flagged)),
        current=state.current,
        left_ms=journal.clock.left_ms(journal.clock.at),
        allotted_ms=state.allotted_ms,
        granted_ms=state.granted_ms,
        head=journal.head,
        last_at=journal.clock.at.wall,
        acknowledged=tuple(
            Acknowledged(seq, "second" if seq <= proven else "station") for seq in range(1, state.seq + 1)
        ),
    )
    return found, is_whole and not journal.has_read_on


def _finish(opened: OpenSitting, station: StationKeys, found: RecoveredSitting, tree: Path) -> bool:
    """Finish a sealing. False where it has to wait for the second place."""
    level = found.acknowledged[-1].level
    least = opened.journal.facts.blueprint.least_level
    if opened.journal.result is None and least == "second" and level != "second":
        return False
    finish_on_station(opened, station, level, tree)
    return True


def _sealed(folder: SittingFolder, found: RecoveredSitting) -> RecoveredSitting:
    result = read(folder.result_note(), ResultNote)
    known = {name: getattr(found, name) for name in RecoveredSitting.__struct_fields__}
    body = result.body
    known |= {
        "state": "sealed",
        "sitting": body.sitting,
        "session": body.session,
        "seq": body.size,
        "left_ms": body.left_ms,
        "allotted_ms": body.allotted_ms,
        "granted_ms": body.granted_ms,
        "head": body.root,
        "result": result.id,
        "slip": slip_code(result.id),
    }
    return RecoveredSitting(**known)
