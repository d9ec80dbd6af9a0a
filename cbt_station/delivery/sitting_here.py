"""The sitting at this station: what is asked of it, what is shown of it, and its one end. `station` hands it over.

What can go wrong with the disk, and what is then shown:

    it fails, the second place is well    that keeps the sitting alone: alarm `only-second-left`
    both fail                             the alarm names the disk's failure; nothing is acknowledged, the time shown stands
    … for 10 s                            the view is `stopped`: the questions are covered, and no time is used
    the second place comes back           the sitting goes on there, first of all with what had not been saved
    the disk is well again                `Station.try_again` opens the journal anew, as a restart does

An alarm is over when something was written durably after it. One call at a time: `Station` sees to it.
"""

from collections.abc import Callable
from contextlib import suppress

from msgspec.structs import replace

from cbt_station.artefacts import names
from cbt_station.delivery.acts import SECOND_LOST, checked_act
from cbt_station.delivery.clock import Clock
from cbt_station.delivery.fencing import FencedOut
from cbt_station.delivery.running import RunningSitting
from cbt_station.delivery.sealing_result import finish_on_station
from cbt_station.delivery.second_place import SecondPlace
from cbt_station.delivery.session_folder import SessionFolder
from cbt_station.delivery.sitting_view import view_sealed, view_sitting
from cbt_station.delivery.station_store import StationStore
from cbt_station.delivery.views import Phase, SealedView, SittingView
from cbt_station.errors import Failure, Refusal, Trouble
from cbt_station.exam.clock import Reading
from cbt_station.storage.reserve import Reserve, require_room_for

STOPPED_AFTER_MS = 10_000


class SittingHere:
    """One sitting that runs at this station, or ran here last."""

    def __init__(
        self,
        running: RunningSitting,
        folder: SessionFolder,
        store: StationStore,
        clock: Clock,
        reserve: Reserve | None,
        *,
        shows_score: bool,
    ) -> None:
        self.running, self._folder, self._store, self._clock = running, folder, store, clock
        self._reserve, self._shows_score = reserve, shows_score
        self.sealed: SealedView | None = None
        self._alarm: str | None = None
        self._room_alarm = None if reserve is not None else Trouble("disk-low").code
        self._stopped_at: Reading | None = None

    @property
    def phase(self) -> Phase:
        return "sealed" if self.sealed is not None else self.running.state.status

    def view(self, *, live: bool = False) -> SittingView:
        """As it stands; `live` counts the time down to now."""
        running = self.running
        return view_sitting(
            running,
            self.phase,
            running.journal.clock.at if running.second is None else self._clock.read(),
            live=live,
            alarm=self._alarm_shown(),
            is_stopped=self._is_stopped,
        )

    def did(self, what: Callable[[RunningSitting], None]) -> SittingView:
        """What a candidate or a proctor does, durably."""
        if self.sealed is not None:
            raise Refusal("sitting-ended")
        running = self.running
        running.warning = None
        self._write(lambda: what(running))
        self._require_still_here()
        return self.view()

    def act(self, note: bytes) -> SittingView:
        """A proctor's signed act (in test mode also unsigned). An end by proctors is sealed at once."""
        running = self.running
        act = checked_act(note, self._folder.trust, running.journal)
        if act.body.act == SECOND_LOST:
            self._lose_second()
        view = self.did(lambda running: running.act(act.body.act, act.body.minutes, act.id, note.decode()))
        if act.body.act == SECOND_LOST:
            running.opened.folder.forget_second()
        return self.seal_quietly() if running.state.status == "ended" else view

    def tick(self, given: Reading | None) -> SittingView:
        """At least once a second. Never raises for the disk: the view's `alarm` says what failed."""
        if self.sealed is not None:
            return self.view(live=True)
        self._look_for_room()
        with suppress(Trouble):
            self._write(lambda: self.running.tick(given))
        self._require_still_here()
        return self.seal_quietly() if self.running.state.status == "ended" else self.view(live=True)

    def finish(self) -> SealedView:
        """End (if the clock did not) and seal. Once; asked again it gives the same."""
        if self.sealed is None:
            self._write(self.running.end)
            self._seal()
        assert self.sealed is not None  # noqa: S101 - `_seal` set it or raised
        return self.sealed

    def seal_quietly(self) -> SittingView:
        """Seal what has ended; what stands in the way is shown, and tried again at the next tick."""
        try:
            self._seal()
        except (Refusal, Trouble) as failure:
            self._alarm = failure.code
        return self.view()

    def attach(self, second_place: Callable[[], SecondPlace | None]) -> None:
        """Another try with the second place, where the disk stays as it is."""
        with suppress(Failure):
            self.running.second = second_place()
            self.running.go_on_in_second()

    def stays_stopped(self) -> None:
        """What was tried again failed again: nobody reads on for another 10 s."""
        now = self._clock.read()
        self._stopped_at = replace(now, mono_ms=now.mono_ms - STOPPED_AFTER_MS)

    def close(self) -> None:
        self.running.close()

    # --- one layer down -----------------------------------------------------------------------------------------

    def _write(self, what: Callable[[], None]) -> None:
        """An alarm ends with the first thing that is durable after it."""
        journal = self.running.journal
        self.running.revive()
        before = journal.kept_together()
        try:
            what()
        except Trouble as trouble:
            self._alarm = trouble.code
            if self._stopped_at is None and journal.is_stopped:
                self._stopped_at = self._clock.read()
            raise
        if journal.kept_together() != before:
            self._alarm = self._stopped_at = None

    @property
    def _is_stopped(self) -> bool:
        """10 s after the first write that went nowhere nobody goes on reading questions."""
        since = self._stopped_at
        if since is None or not self.running.journal.is_stopped:
            return False
        now = self._clock.read()
        return now.boot != since.boot or now.mono_ms - since.mono_ms >= STOPPED_AFTER_MS

    def _look_for_room(self) -> None:
        try:
            if self._reserve is None:
                require_room_for(self._store.reserve)
                self._reserve = Reserve(self._store.reserve)
            self._reserve.require_room()
        except Trouble as trouble:
            self._room_alarm = trouble.code
        else:
            self._room_alarm = None

    def _require_still_here(self) -> None:
        """The second place came back and says that the sitting was moved meanwhile."""
        second = self.running.second
        fenced = second.failure if second is not None else None
        if isinstance(fenced, FencedOut):
            self.running.opened.folder.fence_out(fenced.handover.raw)
            self.running.close()
            self._give_back()
            raise fenced

    def _lose_second(self) -> None:
        """While it runs, only a second place that does not answer can be given up; not where the disk failed before it."""
        running = self.running
        if running.second is not None and running.second.failure is None:
            raise Refusal("second-place-here")
        if running.journal.failure is not None:
            raise running.journal.failure
        if running.second is not None:
            running.second.close()
            running.second = None

    def _seal(self) -> None:
        running = self.running
        least = running.facts.blueprint.least_level
        if running.journal.result is None and least == "second" and running.level != "second":
            raise Refusal("second-copy-needed")
        if running.journal.is_elsewhere:  # the answers are safe there; the result needs this disk, or another
            raise Trouble("sealing-needs-disk")
        opened = running.opened
        station = self._store.existing_keys(running.facts.venue)
        signed = finish_on_station(opened, station, running.level, self._store.tree)
        running.put_result_in_second()
        self.sealed = view_sealed(running, signed, score_offered=self.offers_score)
        running.close()
        opened.folder.destroy_keys()
        self._give_back()
        self._alarm = self._room_alarm = None

    def _give_back(self) -> None:
        if self._reserve is not None:
            self._reserve.give_back()

    def _alarm_shown(self) -> str | None:
        """The worst first."""
        journal, second = self.running.journal, self.running.second
        if journal.is_elsewhere:
            return self._alarm or Trouble("only-second-left").code
        if journal.failure is not None:
            return journal.failure.code
        if second is not None and second.failure is not None and self.sealed is None:
            return _named(second.failure)
        return self._alarm or self._room_alarm

    @property
    def offers_score(self) -> bool:
        facts, session = self.running.facts, self._folder.session
        return (
            self._shows_score
            and facts.blueprint.show_score
            and self._folder.has(names.scoring(session, 1))
            and self._folder.has(names.scoring_unlock(session, facts.venue))
        )


def _named(failure: Failure) -> str:
    """What the second place's failure is called: only what a person can do something about has its own name."""
    own = isinstance(failure, Refusal) or failure.code == "second-writer-stopped"
    return failure.code if own else Trouble("second-copy-failed").code
