"""From a crash state the sitting really goes on: the station opens, resumes, takes an answer, and seals one result."""

from pathlib import Path

from cbt_station.artefacts.result import ResultBundle
from cbt_station.delivery.station import Station
from cbt_station.errors import Refusal
from tests.delivery.hand_clock import HandClock
from tests.delivery.small_session import PASSPHRASE, SmallSession
from tests.torture.oracle import BrokenPromiseError, Told, Truth, find
from tests.torture.recorder import NUMBER


def require_it_goes_on(
    folder: Path, session: SmallSession, told: Told, truth: Truth | None, *, second: bool
) -> None:
    """Raise BrokenPromiseError, or whatever the station raises: here nothing may fail."""
    clock = HandClock()
    clock.boot, clock.mono_ms = "a boot after the cut", 5_000
    station = Station.open(
        session.path,
        folder / "station" / "data",
        clock=clock,
        second=folder / "stick" if second else None,
        patience_s=30.0,
    )
    try:
        sealed_before = _play(station, session, clock, told)
    finally:
        station.close()
    if sealed_before:
        return
    found = find(folder, session)
    if found.report is None or found.report.state != "sealed" or found.bundle is None:
        raise BrokenPromiseError(f"after going on there is no result: {found}")
    if truth is not None:
        _require_begun_with(found.bundle, told, truth)


def _play(station: Station, session: SmallSession, clock: HandClock, told: Told) -> bool:
    """Go on, or begin; answer, and end. True where the sitting was over already."""
    view = station.resume()
    if view is None:
        if told.result:
            return True
        try:
            _begin(station, session, clock)
        except Refusal as refusal:
            if refusal.code == "number-already-sat":  # sealed, and nobody had been told yet
                return True
            raise
        view = station.view()
    if view.phase == "paused":
        view = station.act(station.unsigned_act("resume", 0, "lanjut"))
    if view.phase == "running":
        _answer(station, view.cells[-1].item)
    station.finish()
    return False


def _answer(station: Station, item: str) -> None:
    try:
        kept = station.choose(item, "e").answers.get(item)
    except Refusal as refusal:
        if refusal.code != "time-is-up":  # the cut came between the last answer and the end
            raise
    else:
        if kept != "e":
            raise BrokenPromiseError("an answer after the cut is not kept")


def _begin(station: Station, session: SmallSession, clock: HandClock) -> None:
    try:
        station.unlock(session.venue_key, PASSPHRASE, session.code)
    except Refusal as refusal:  # the cut came while the code was tried
        if refusal.code != "code-wait":
            raise
        clock.forward(400_000)
        station.unlock(session.venue_key, PASSPHRASE, session.code)
    station.check_in_unasked(NUMBER)
    station.start("id")


def _require_begun_with(bundle: ResultBundle, told: Told, truth: Truth) -> None:
    """What was there before the cut is the beginning of the result."""
    common = 0
    for ours, theirs in zip(bundle.journal, truth.records, strict=False):
        if ours != theirs:
            break
        common += 1
    if common < told.seq:
        raise BrokenPromiseError(f"the result begins with {common} of {told.seq} acknowledged events")
