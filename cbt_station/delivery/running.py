"""A sitting that goes on: what a candidate and a proctor do, as events in its journal.

Every method reads the clock, asks `exam` whether it counts, and returns when the event is durable. Order of each:
1. what happened since the last reading is recorded: a gap (the machine slept, the program hung), which is not consumed,
   and a wall clock that moved, which decides nothing;
2. the rules are asked: Refusal, and nothing was written;
3. the event is appended with the clock: Trouble, and nothing was acknowledged, nor ever will be. Where the station's
   disk fails and the second place is well, that keeps the sitting alone, from this very event on;
4. the second place follows; it never stops the sitting.

An answer counts by when it was given (`given`, read at the key press), if it is recorded at most 2 s after the end. A
tick too: asked for before the end it does not end the sitting, so that no answer before it in the queue comes too late.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from msgspec.structs import asdict

from cbt_station.artefacts.act import ActNote
from cbt_station.artefacts.handover import HandoverNote
from cbt_station.artefacts.journal import read_line
from cbt_station.artefacts.signed import Signed, read
from cbt_station.delivery.clock import Clock
from cbt_station.delivery.journal import Journal, KeptResult
from cbt_station.delivery.sealing_result import publish
from cbt_station.delivery.second_place import SecondPlace
from cbt_station.delivery.sitting_folder import OpenSitting
from cbt_station.delivery.views import CellView, Level, SectionView
from cbt_station.delivery.wall_watch import WallWatch
from cbt_station.errors import Failure, Refusal, Tampered, Trouble
from cbt_station.exam.clock import ExamClock, Gap, Reading, noticed, reopened
from cbt_station.exam.events import (
    ActDone,
    AnswerChosen,
    AnswerCleared,
    AudioPlayed,
    AudioUnheard,
    Event,
    GapFound,
    ItemFlagged,
    ItemShown,
    LanguageChosen,
    SeatMoved,
    SittingEnded,
    TimeWarned,
    WallClockJumped,
)
from cbt_station.exam.form import FormItem
from cbt_station.exam.interactions import Interaction, OptionId, Response
from cbt_station.exam.item import ItemId
from cbt_station.exam.responding import is_complete
from cbt_station.exam.sitting import (
    MINUTE_MS,
    SittingState,
    apply,
    due_warning,
    require_answerable,
    require_open,
)

LONGEST_PLAY_MS = 30 * 60_000
KEEP_AFTER_MS = 1_000
"""A tick this long after the last durable reading keeps its own: the next, within a second, would be later than 2 s."""
E = TypeVar("E", bound=Event)


class RunningSitting:
    """One sitting at this station, from its first event to its end."""

    def __init__(
        self,
        opened: OpenSitting,
        clock: Clock,
        second: SecondPlace | None,
        interaction_of: Callable[[ItemId], Interaction],
    ) -> None:
        """`interaction_of`: how an item is answered, as the package shows it."""
        self.opened, self.second = opened, second
        self._interaction_of = interaction_of
        self._completeness: dict[ItemId, tuple[Response, bool]] = {}
        self.journal, self.facts = opened.journal, opened.journal.facts
        self._clock = clock
        self._wall = WallWatch(opened.journal.clock.at)
        self._cells_of: SittingState | None = None
        self._cells = [CellView(item="", number=0, section="")] * len(self.facts.form.items)
        self.warning: int | None = None
        """The blueprint's mark that the last tick passed."""

    @property
    def state(self) -> SittingState:
        return self.journal.state

    @property
    def level(self) -> Level:
        """Where everything up to the last event is durable."""
        is_caught_up = self.second is not None and self.second.is_caught_up
        return "second" if is_caught_up or self.journal.has_more_elsewhere else "station"

    @cached_property
    def sections(self) -> tuple[SectionView, ...]:
        return tuple(
            SectionView(id=section.id, title=section.title) for section in self.facts.blueprint.sections
        )

    @cached_property
    def option_order(self) -> dict[ItemId, tuple[OptionId, ...]]:
        return {entry.item: entry.options for entry in self.facts.form.items}

    def cells(self) -> tuple[CellView, ...]:
        """The palette's cells. Those of items for which nothing changed since the last view are the same objects."""
        state, before = self.state, self._cells_of
        if state is not before:
            places, entries = self._places, self.facts.form.items
            for item in places if before is None else _changed_items(before, state):
                self._cells[places[item]] = self._cell(places[item] + 1, entries[places[item]])
            self._cells_of = state
        return tuple(self._cells)

    @cached_property
    def _places(self) -> dict[ItemId, int]:
        return {entry.item: at for at, entry in enumerate(self.facts.form.items)}

    def _cell(self, number: int, entry: FormItem) -> CellView:
        state, item = self.state, entry.item
        is_complete = self.is_complete(item)
        return CellView(
            item=item,
            number=number,
            section=entry.section,
            seen=item in state.seen,
            answered=is_complete,
            flagged=item in state.flagged,
            begun=item in state.answers and not is_complete,
        )

    def is_complete(self, item: ItemId) -> bool:
        """Whether an item is answered in full. An option that was chosen is; anything else is looked at once."""
        answer = self.state.answers.get(item)
        if answer is None or (isinstance(answer, str) and answer in self.option_order[item]):
            return answer is not None
        known = self._completeness.get(item)
        if known is None or known[0] != answer:
            try:
                known = answer, is_complete(self._interaction_of(item), answer)
            except Failure:  # the package cannot be read: the item itself says so where it is shown
                return True
            self._completeness[item] = known
        return known[1]

    def left_ms(self) -> int:
        """The time left now; where nothing can be written any more, as of the last reading that is durable."""
        at = self.journal.clock.at if self.journal.is_stopped else self._clock.read()
        return self.journal.clock.left_ms(at)

    def durable_left_ms(self) -> int:
        """The time left as of the last durable reading: what a restart would find."""
        return self.journal.clock.left_ms(self.journal.clock.at)

    def revive(self) -> None:
        """Where nothing could be written: go on in the second place, if that came back. First of all it keeps what was lost."""
        if self.journal.is_stopped:
            with suppress(Trouble):
                self.go_on_in_second()

    def go_on_in_second(self, *, in_time: bool = False) -> None:
        """The journal's database failed: what it did not take, and all that comes, is kept in the second place alone.

        `in_time`: who asked for it still waits. Else it was refused, and a play that was never sounded.
        """
        if self.second is not None and self._can_go_on_in_second:
            also = [] if in_time else _unheard(self.refused_play)
            self.journal.go_on_elsewhere(self.second.keep_alone, also)

    @property
    def refused_play(self) -> AudioPlayed | None:
        """A play that may stand on the failed disk, while whoever asked for it was told that it does not."""
        waiting = self.journal.waiting
        return waiting[-1] if waiting and isinstance(waiting[-1], AudioPlayed) else None

    @property
    def _can_go_on_in_second(self) -> bool:
        return self.journal.failure is not None and self.second is not None and self.second.failure is None

    def go_on(self, without_second: Signed[ActNote] | None = None) -> None:
        """After a restart or a move: record the gap, which is not consumed.

        Nothing to do where the sitting has ended at this seat. `without_second`: two proctors' act that the second place
        is lost; it goes into the same transaction, so that nothing is written before it.
        """
        now, before = self._clock.read(), self.journal.clock
        clock, gap = reopened(before, now)
        events: list[Event] = []
        if self.state.fence < self.facts.fence:
            events.append(self._moved(now, clock, before.at))
        elif self.state.status != "ended":
            events += self._noticed(now, clock, gap, _unheard(self._refused_play_here()))
        if without_second is not None:
            act, note = without_second.body, without_second.raw.decode()
            own = {"act": act.act, "minutes": act.minutes, "id": without_second.id, "note": note}
            events.append(self._event(ActDone, now, clock, events, **own))
        if events:
            self._append(events, clock)

    def _refused_play_here(self) -> AudioPlayed | None:
        """The play that this program refused before it opened the journal anew, where the disk had taken it all the same."""
        play = self.opened.refused_play
        return play if play is not None and read_line(self.journal.records[-1].line) == play else None

    def _moved(self, now: Reading, clock: ExamClock, before: Reading) -> SeatMoved:
        """The first event of a seat that a sitting was moved to."""
        handover = read(self.facts.moves[-1].handover.encode(), HandoverNote)
        return self._event(
            SeatMoved,
            now,
            clock,
            handover=handover.id,
            fence=handover.body.fence,
            wall_before=before.wall,
            mono_before_ms=before.mono_ms,
        )

    # --- what a candidate does ----------------------------------------------------------------------------------

    def show(self, item: str) -> None:
        now = self._clock.read()
        require_open(self.state, self.facts.form, item)
        self._do(now, ItemShown, item=item)

    def flag(self, item: str, on: bool) -> None:
        now = self._clock.read()
        require_open(self.state, self.facts.form, item)
        self._do(now, ItemFlagged, item=item, on=on)

    def set_language(self, language: str) -> None:
        now = self._clock.read()
        if language not in self.facts.blueprint.languages:
            raise Refusal("language-unknown", language=language)
        require_open(self.state, self.facts.form, self.facts.form.items[0].item)
        self._do(now, LanguageChosen, language=language)

    def play(self, item: str, media: str, length_ms: int, most: int) -> None:
        """A recording is about to sound, for `length_ms`; it may `most` times in all (0: as often as one likes)."""
        now = self._clock.read()
        require_open(self.state, self.facts.form, item)
        if most and self.state.plays.counted.get(media, 0) >= most:
            raise Refusal("plays-used", most=most)
        if not 0 <= length_ms <= LONGEST_PLAY_MS:
            raise Refusal("recording-length", length_ms=length_ms)
        self._do(now, AudioPlayed, item=item, media=media, length_ms=length_ms)

    def answer(self, item: str, answer: Response | None, given: Reading | None = None) -> None:
        """Choose, or (None) take back."""
        recorded = self._clock.read()
        given = given or recorded
        require_answerable(self.state, self.facts.form, item, answer, self._interaction_of)
        before = self.journal.clock
        before.late_ms(given, given)  # raises time-is-up, whatever lay between
        clock, events = self._since_last(recorded)
        late_ms = clock.late_ms(given if clock is before else recorded, recorded)
        clock = clock.advanced(recorded)
        if answer is None:
            events.append(self._event(AnswerCleared, recorded, clock, events, item=item, late_ms=late_ms))
        else:
            events.append(
                self._event(AnswerChosen, recorded, clock, events, item=item, answer=answer, late_ms=late_ms)
            )
        self._append(events, clock)

    def end(self) -> None:
        """The candidate is done. Nothing happens if the sitting has ended already: the end comes once."""
        if self.state.status == "ended":
            return
        if self.state.status == "paused":
            raise Refusal("sitting-paused")
        now = self._clock.read()
        clock, events = self._since_last(now)
        by = "clock" if clock.left_ms(now) == 0 else "candidate"
        clock = clock.paused(now)
        self._append([*events, self._event(SittingEnded, now, clock, events, by=by)], clock)

    # --- what a proctor and the clock do --------------------------------------------------------------------------

    def act(self, act: str, minutes: int, note_id: str, note: str) -> None:
        """A checked act takes effect. Refusal("act-twice"), or ("act-out-of-order") where it changes nothing."""
        if any(f'"id":"{note_id}"' in record.line for record in self.journal.records):
            raise Refusal("act-twice")
        now = self._clock.read()
        clock, events = self._since_last(now)
        clock = _clock_after(act, minutes, clock, now)
        done = self._event(ActDone, now, clock, events, act=act, minutes=minutes, id=note_id, note=note)
        events.append(done)
        if act == "end":
            clock = clock.paused(now)
            events.append(self._event(SittingEnded, now, clock, events, by="proctor"))
        try:
            state = self.state
            for event in events:
                state = apply(state, event)
        except Tampered as error:
            raise Refusal("act-out-of-order", act=act, status=self.state.status) from error
        self._append(events, clock)

    def tick(self, given: Reading | None = None) -> None:
        """About once a second, at least: keep the time, warn, end by the clock. `given` is when it was asked for."""
        self.warning = None
        now = self._clock.read()
        try:
            if self.state.status != "ended":
                self._tick(given or now, now)
        finally:  # a second place that comes back is what can save a sitting whose disk failed
            self._follow(now)
        if self.journal.failure is None:
            self.journal.checkpoint_if_due()

    def _tick(self, asked: Reading, now: Reading) -> None:
        before = self.journal.clock.at
        now = _as_of(asked, before, now)
        clock, events = self._since_last(now)
        clock = clock.advanced(now)
        left_ms = clock.left_ms(now)
        warning = due_warning(self.state, self.facts.blueprint.warnings_ms, left_ms)
        if self.state.status == "running" and clock.is_over(asked):
            clock = clock.paused(now)
            events.append(self._event(SittingEnded, now, clock, events, by="clock"))
        elif warning is not None:
            events.append(self._event(TimeWarned, now, clock, events, at_ms=warning))
        if events or before.boot != now.boot or now.mono_ms - before.mono_ms >= KEEP_AFTER_MS:
            self._append(events, clock)
        self.warning = warning

    # --- one layer down -----------------------------------------------------------------------------------------

    def _do(self, now: Reading, kind: type[E], **own: Any) -> None:
        """An event that needs time to be left."""
        clock, events = self._since_last(now)
        clock.late_ms(now, now)  # raises time-is-up
        clock = clock.advanced(now)
        self._append([*events, self._event(kind, now, clock, events, **own)], clock)

    def _since_last(self, now: Reading) -> tuple[ExamClock, list[Event]]:
        """The clock to ask at `now`, and the events of what happened since its last reading."""
        before = self.journal.clock
        clock, gap = noticed(before, now) if self.state.status != "ended" else (before, None)
        return clock, self._noticed(now, clock, gap)

    def _noticed(
        self, now: Reading, clock: ExamClock, gap: Gap | None, before: Sequence[Event] = ()
    ) -> list[Event]:
        """These events, and what happened since the clock's last reading."""
        events = [*before]
        at_now = clock.advanced(now)
        if gap is not None:
            events.append(self._event(GapFound, now, at_now, events, **asdict(gap)))
        by_ms = self._wall.moved_ms(self.journal.clock.at, now)
        if by_ms:
            events.append(self._event(WallClockJumped, now, at_now, events, by_ms=by_ms))
        return events

    def _event(
        self, kind: type[E], now: Reading, clock: ExamClock, before: list[Event] | None = None, **own: Any
    ) -> E:
        """The next event, after those of `before` that go into the same transaction."""
        seq = self.state.seq + 1 + len(before or ())
        left_ms = clock.left_ms(now)
        return kind(seq=seq, mono_ms=now.mono_ms, boot=now.boot, wall=now.wall, left_ms=left_ms, **own)

    def _append(self, events: list[Event], clock: ExamClock) -> None:
        before, is_second_to_another = self.journal.clock.at, self.journal.is_waiting
        try:
            self.journal.append(events, clock)
        except Trouble:
            if is_second_to_another or not self._can_go_on_in_second:
                raise
            self.go_on_in_second(in_time=True)
        told = [event.by_ms for event in events if isinstance(event, WallClockJumped)]
        self._wall.tell(before, clock.at, sum(told))
        self._follow(clock.at)

    def _follow(self, now: Reading) -> None:
        if self.second is not None:
            self.second.follow(now)

    def put_result_in_second(self) -> None:
        """Step 3 of sealing: the result in the second place too, if that is there. It is safe here already."""
        result, journal = self.journal.result, self.journal
        if self.second is not None and result is not None:
            self.second.put_result(lambda folder: _publish(result, journal, folder))

    def close(self) -> None:
        if self.second is not None:
            self.second.close()
        self.journal.close()


def _unheard(play: AudioPlayed | None) -> list[Event]:
    """That a play never sounded: the event after it, of the same reading."""
    if play is None:
        return []
    return [
        AudioUnheard(
            seq=play.seq + 1,
            mono_ms=play.mono_ms,
            boot=play.boot,
            wall=play.wall,
            left_ms=play.left_ms,
            item=play.item,
            media=play.media,
        )
    ]


def _changed_items(before: SittingState, state: SittingState) -> set[ItemId]:
    changed = {*(state.seen ^ before.seen), *(state.flagged ^ before.flagged)}
    if state.answers is not before.answers:
        now, then = state.answers, before.answers
        changed |= {item for item in now if now[item] is not then.get(item)}
        changed |= then.keys() - now.keys()
    return changed


def _clock_after(act: str, minutes: int, clock: ExamClock, now: Reading) -> ExamClock:
    match act:
        case "pause":
            return clock.paused(now)
        case "resume":
            return clock.resumed(now)
        case "reopen":
            reopened_clock = clock.resumed(now)
            return reopened_clock.granted(minutes * MINUTE_MS) if minutes else reopened_clock
        case "grant":
            return clock.advanced(now).granted(minutes * MINUTE_MS)
        case _:
            return clock.advanced(now)


def _as_of(asked: Reading, kept: Reading, now: Reading) -> Reading:
    """When something was asked for; not before what was kept since, or time would go back."""
    is_overtaken = asked.boot == kept.boot == now.boot and asked.mono_ms < kept.mono_ms <= now.mono_ms
    return kept if is_overtaken else asked


def _publish(result: KeptResult, journal: Journal, folder: Path) -> None:
    publish(result, journal, folder / "tree")
