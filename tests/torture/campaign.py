"""Record a sitting, cut its power at every operation, ask recovery, ask the oracle: one recording after the other.

A recording is cut at each of its operations in many ways (`crash_states`). From some of its crash states the sitting is
played on, and that recording is tortured too: a power cut on top of a power cut.
"""

import shutil
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from cbt_station.delivery import second_place
from cbt_station.delivery import station as station_module
from cbt_station.storage.reserve import Reserve
from tests.delivery.small_session import SmallSession
from tests.delivery.writer_thread import write_in_threads
from tests.torture.crash_states import CrashState, states_of
from tests.torture.goes_on import require_it_goes_on
from tests.torture.model import ASKED, chance_of
from tests.torture.oracle import (
    BrokenPromiseError,
    Found,
    Told,
    Truth,
    find,
    require_kept,
    require_told_is_true,
    require_true_time,
    truth_of,
)
from tests.torture.player import SMALL_RESERVE, Fail, Plan
from tests.torture.recorder import Recorder, Recording, Sessions, any_plan, require_nothing_escaped
from tests.torture.tampering import require_tampering_is_seen

GOES_ON_EVERY = 20
"""How likely a state is played to its end: one in so many, ever less likely among many states of one operation."""
CUT_AGAIN = 3
"""So many crash states of a recording are played on and tortured in turn."""
KILLED, MOST_OPERATIONS = 0.4, 300
"""How often the recorded process is killed and another goes on, and at which operation."""
Step = Callable[[bytes], None]
"""Called with the digest of each state that recovery was asked about: across recordings the first few are the same."""


@dataclass
class Tally:
    """What was done, and what was found."""

    states: int = 0
    """Different ones in each recording."""
    judged: int = 0
    """Every judgement; a state that recurs after a further acknowledgement is judged again."""
    recordings: int = 0
    operations: int = 0
    played_on: int = 0
    tampered: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    was_stopped: bool = False
    findings: list[str] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        self.states += other.states
        self.judged += other.judged
        self.recordings += other.recordings
        self.operations += other.operations
        self.played_on += other.played_on
        self.tampered += other.tampered
        self.findings += other.findings


@dataclass
class Campaign:
    """Everything that a worker needs. `keep`: where a state that breaks a promise is kept to be looked at."""

    recorder: Recorder
    sessions: Sessions
    place: Path
    keep: Path | None = None
    fault: str | None = None
    stop_at_first: bool = False

    def torture(self, seed: int, most: int, step: Step = lambda _: None) -> Tally:
        """One sitting by chance, and what becomes of its crash states, in about `most` states."""
        plan, chance = any_plan(seed), chance_of("torture", seed)
        session = self._session(plan, chance)
        second = session is self.sessions.two_places or chance.random() < 0.5
        dies = (Fail.kill_at(chance.randint(1, MOST_OPERATIONS)),) if chance.random() < KILLED else ()
        recording = self.recorder.record(session, plan, second=second, fault=self.fault, lives=(*dies, None))
        return self.cut(recording, Told(), most, chance, step, cut_again=CUT_AGAIN)

    def cut(
        self, recording: Recording, before: Told, most: int, chance: Random, step: Step, *, cut_again: int = 0
    ) -> Tally:
        """Every operation of a recording, in about `most` states."""
        one = _Cutting(self, recording, before, chance, step)
        later: list[tuple[Path, Told]] = []
        try:
            if one.examine():
                share = max(6, 3 * (most if not cut_again else most // 2) // max(1, len(recording.ops)))
                later = one.cut_everywhere(share, cut_again)
        finally:
            self.recorder.drop(recording)
        for folder, told in later:
            if not (self.stop_at_first and one.tally.findings):
                one.tally.add(self._cut_again(recording, folder, told, most // (2 * cut_again), chance, step))
            shutil.rmtree(folder, ignore_errors=True)
        return one.tally

    def _cut_again(
        self, of: Recording, folder: Path, told: Told, most: int, chance: Random, step: Step
    ) -> Tally:
        ends = of.plan.end if of.plan.end == "clock" else chance.choice(("finish", "die", "close"))
        plan = Plan(
            seed=chance.randrange(1 << 30),
            answers=chance.randint(1, 5),
            end=ends,
            checkpoint_every=of.plan.checkpoint_every,
            step_ms=of.plan.step_ms,
            mono_ms=of.plan.mono_ms if chance.random() < 0.5 else 5_000,
            boot=of.plan.boot + "'",
        )
        recording = self.recorder.record(of.session, plan, second=of.second, before=folder, fault=self.fault)
        return self.cut(recording, told, most, chance, step)

    def _session(self, plan: Plan, chance: Random) -> SmallSession:
        if plan.end == "clock":
            return self.sessions.short
        return self.sessions.two_places if chance.random() < 0.2 else self.sessions.plain


class _Cutting:
    """One recording, while it is cut."""

    def __init__(
        self, campaign: Campaign, recording: Recording, before: Told, chance: Random, step: Step
    ) -> None:
        self._campaign, self._recording, self._before = campaign, recording, before
        self._chance, self._step = chance, step
        self._truth: Truth | None = None
        self._found: dict[bytes, Found] = {}
        self._judged: set[tuple[bytes, int]] = set()
        self._place = campaign.place / "state"
        self._new_here = 0
        self.tally = Tally(recordings=1, operations=len(recording.ops))

    def examine(self) -> bool:
        """What can be said of the recording itself. False where it is not worth cutting any more."""
        recording = self._recording
        if recording.traces:
            self._broken(f"the station crashed: {recording.traces[0]}", None)
            return False
        require_nothing_escaped(recording)
        try:
            self._truth = truth_of(recording.after, recording.session)
            if self._truth is None:
                return True
            require_told_is_true(recording.ops, self._truth, self._before)
            require_true_time(self._truth)
            self.tally.tampered += require_tampering_is_seen(
                recording.after, self._campaign.place / "tampered"
            )
        except BrokenPromiseError as broken:
            self._broken(str(broken), None)
            return False
        return True

    def cut_everywhere(self, share: int, keep: int) -> list[tuple[Path, Told]]:
        """Cut at every operation, about `share` states each; `keep` some of the states to be played on."""
        disk, told, later = self._recording.disk(), self._before, []
        keep_at = set(
            self._chance.sample(range(len(self._recording.ops)), min(keep, len(self._recording.ops)))
        )
        for number, op in enumerate(self._recording.ops):
            disk.apply(op)
            told = told.after(op)
            if op.kind == ASKED:
                continue
            self._new_here = 0
            for state in states_of(disk, self._chance, share):
                self._judge(state, told)
                if self._campaign.stop_at_first and self.tally.findings:
                    return later
            if number in keep_at:
                folder = self._campaign.place / f"later-{number}"
                folder.mkdir()
                state.write(folder)
                later.append((folder, told))
        return later

    def _judge(self, state: CrashState, told: Told) -> None:
        """Once for each state and each number of acknowledgements; recovery is asked once for each state."""
        if (state.digest, told.number) in self._judged:
            return
        self._judged.add((state.digest, told.number))
        self.tally.judged += 1
        try:
            found = self._found.get(state.digest)
            if found is None:
                found = self._found[state.digest] = self._recovered(state, told)
                self.tally.states += 1
                self._step(state.digest)
            require_kept(found, told, self._truth, waits_for_second=self._waits)
        except BrokenPromiseError as broken:
            self._broken(str(broken), state)

    def _recovered(self, state: CrashState, told: Told) -> Found:
        self._make(state)
        self._new_here += 1
        if self._chance.randrange(GOES_ON_EVERY + 2 * self._new_here) == 0:
            self._goes_on(told)
            self._make(state)
        return find(self._place, self._recording.session)

    def _goes_on(self, told: Told) -> None:
        self.tally.played_on += 1
        second, session = self._recording.second, self._recording.session
        try:
            require_it_goes_on(self._place, session, told, self._truth, second=second)
        except BrokenPromiseError:
            raise
        except Exception as error:
            raise BrokenPromiseError(f"the sitting does not go on: {traceback.format_exc()}") from error

    def _make(self, state: CrashState) -> None:
        shutil.rmtree(self._place, ignore_errors=True)
        self._place.mkdir(parents=True)
        state.write(self._place)

    @property
    def _waits(self) -> bool:
        return self._recording.session is self._campaign.sessions.two_places

    def _broken(self, what: str, state: CrashState | None) -> None:
        where = ""
        if self._campaign.keep is not None and state is not None:
            kept = self._campaign.keep / state.digest.hex()
            shutil.rmtree(kept, ignore_errors=True)
            kept.mkdir(parents=True)
            state.write(kept)
            where = f" (kept in {kept})"
        self.tally.findings.append(f"seed {self._recording.plan.seed}: {what}{where}")


@contextmanager
def small_station() -> Iterator[None]:
    """States are opened many times: 64 KiB of reserve instead of 32 MiB, and the second copy's writer in a thread."""
    kept = station_module.Reserve, second_place.start_writer
    station_module.Reserve = lambda path: Reserve(path, SMALL_RESERVE)  # type: ignore[assignment,misc]
    write_in_threads()
    try:
        yield
    finally:
        station_module.Reserve, second_place.start_writer = kept  # type: ignore[misc]
