"""Faults that the killing of windows must catch before it may be believed; planted into the process by their names."""

from collections.abc import Callable

from cbt_station.delivery.writer_process import Writer
from tests.delivery.planted_faults import acknowledge_before_commit, keep_no_time


def second_told_before_it_is_durable() -> None:
    """What the second copy's writer was asked for counts as done."""

    def ask(self: Writer, kind: bytes, body: bytes) -> None:
        if kind == b"A" and self.most_wait_s is None:
            from cbt_station.delivery.second_writer import frame

            self._send(frame(kind, body))
            return
        asked(self, kind, body)

    asked = Writer._ask
    Writer._ask = ask  # type: ignore[method-assign]


def question_not_kept() -> None:
    """Which question is on the screen is kept in memory alone."""
    from msgspec.structs import replace

    from cbt_station.delivery.journal import Journal
    from cbt_station.exam.events import ItemShown

    kept = Journal.append

    def append(self, events, clock):  # type: ignore[no-untyped-def]
        if len(events) == 1 and isinstance(events[0], ItemShown) and self.state.current is not None:
            self.state = replace(self.state, current=events[0].item)
            return
        kept(self, events, clock)

    Journal.append = append  # type: ignore[method-assign]


FAULTS: dict[str, Callable[[], None]] = {
    fault.__name__: fault
    for fault in (
        acknowledge_before_commit,
        keep_no_time,
        second_told_before_it_is_durable,
        question_not_kept,
    )
}
