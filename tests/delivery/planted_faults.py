"""Faults that a harness must catch before it may be believed: each is planted into the real process by its name."""

from collections.abc import Callable
from pathlib import Path

from cbt_station.delivery import sitting_folder
from cbt_station.delivery.journal import Journal, KeptResult
from cbt_station.exam.clock import Reading
from cbt_station.exam.events import AnswerChosen
from cbt_station.exam.sitting import apply
from cbt_station.storage import encrypted, files


def acknowledge_before_commit() -> None:
    """An answer is told as kept when only the next one brings it to the disk."""
    kept, waiting = Journal.append, []

    def append(self, events, clock):  # type: ignore[no-untyped-def]
        if not (events and isinstance(events[-1], AnswerChosen)) or waiting:
            first = waiting.pop() if waiting else ()
            self.state = self._state_before if first else self.state
            kept(self, [*first, *events], clock)
            return
        waiting.append(tuple(events))
        self._state_before = self.state
        for event in events:
            self.state = apply(self.state, event)

    Journal.append = append  # type: ignore[method-assign]


def keep_no_time() -> None:
    """The clock's slot is not written with the answers: a restart gives the time back."""
    kept = Journal._signed_slot

    def signed_slot(self, clock, size):  # type: ignore[no-untyped-def]
        early = Reading(0, clock.at.boot, clock.at.wall)
        return kept(self, type(clock)(clock.allotted_ms, clock.granted_ms, 0, early, clock.running), size)

    Journal._signed_slot = signed_slot  # type: ignore[method-assign]


def forget_the_result() -> None:
    """The result is not written into the journal before it leaves: a cut makes a second one."""

    def keep_result(self, note, sealed):  # type: ignore[no-untyped-def]
        self.result = KeptResult(note, sealed)

    Journal.keep_result = keep_result  # type: ignore[method-assign]


def synchronous_normal() -> None:
    """The write-ahead log is not synced with a commit."""
    encrypted._SET_AND_READ_BACK = tuple(  # type: ignore[misc]
        ("synchronous", "NORMAL", 1) if name == "synchronous" else (name, value, expected)
        for name, value, expected in encrypted._SET_AND_READ_BACK
    )


def no_folder_sync() -> None:
    """Names of new files and folders are not made durable."""
    for module in (files, encrypted, sitting_folder):
        module.sync_folder = _do_nothing  # type: ignore[attr-defined]


def _do_nothing(folder: Path) -> None:
    """What a program does that never heard of fsync on a folder."""


def seat_before_fence() -> None:
    """A moved sitting exists at the new seat before the second place tells the old one."""
    from cbt_station.delivery import moving

    kept = moving.create_sitting  # type: ignore[attr-defined]

    def create(*arguments, **more):  # type: ignore[no-untyped-def]
        *rest, fence_others_out = arguments
        begun = kept(*rest, **more)
        fence_others_out()
        return begun

    moving.create_sitting = create  # type: ignore[attr-defined]


def old_time_forgotten() -> None:
    """A moved sitting's time begins where the candidate sits down, not where the old seat read it last."""
    from msgspec.structs import replace

    from cbt_station.delivery import moving

    kept = moving.find_sitting  # type: ignore[attr-defined]

    def find(*arguments):  # type: ignore[no-untyped-def]
        found = kept(*arguments)
        clock = replace(found.clock, consumed_ms=found.clock.consumed_ms + 1)
        return type(found)(**{**found.__dict__, "clock": clock})

    moving.find_sitting = find  # type: ignore[attr-defined]


FAULTS: dict[str, Callable[[], None]] = {
    fault.__name__: fault
    for fault in (
        acknowledge_before_commit,
        keep_no_time,
        forget_the_result,
        synchronous_normal,
        no_folder_sync,
        seat_before_fence,
        old_time_forgotten,
    )
}
