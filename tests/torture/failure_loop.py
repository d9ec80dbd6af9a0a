"""The Nth operation of the station fails, for every N until none does: no false acknowledgement, no crash, words for it.

One sitting (start, six answers, a flag, the end; with a second place, or without one, so that it hides nothing that the
station's own disk lost) is played again and again, and each time another operation fails: a write (EIO), everything that
needs space (ENOSPC, from the Nth on, the first after half its bytes), everything that writes (EROFS, from the Nth on), a
sync (EIO); or the process is killed before it. The failing disk is the one that operation N belongs to; the other goes on.

Then the disk is well again, and another process goes on in the same folder, to the one result. The power may go after each
line that either of them said: the second process sees everything that the first one wrote, sure or not.
"""

import errno
import shutil
from dataclasses import dataclass
from pathlib import Path
from random import Random

import msgspec

from cbt_station.words import LANGUAGES, words_in
from tests.delivery.small_session import SmallSession
from tests.torture.crash_states import Pick, state_of
from tests.torture.goes_on import require_it_goes_on
from tests.torture.model import SAID, Disk, chance_of
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
from tests.torture.player import Fail, Plan
from tests.torture.recorder import Life, Recorder, Recording, require_nothing_escaped

WRITES, SYNCS, OPENS, NAMES = 1, 2, 4, 8
STATION = 1
"""The root of the data folder; the stick is 2."""
PLAIN = Plan(seed=1, plain=True)
PLAIN_DIES = msgspec.structs.replace(PLAIN, end="die")
POWER_CUTS = (("all", "all"), ("all", "none"), ("none", "none"), ("none", "all"), ("some", "torn"))


@dataclass(frozen=True)
class Kind:
    """One way in which a disk, or the program, fails."""

    name: str
    classes: int
    error: int
    sticky: bool
    dies: bool = False
    """The process does not close its files in the end: what it left in them stays as it is."""

    def at(self, number: int) -> Fail:
        return Fail.kill_at(number) if self.is_kill else Fail(self.classes, number, self.error, self.sticky)

    @property
    def is_kill(self) -> bool:
        return self.classes == 0


KINDS = (
    Kind("a write fails", WRITES, errno.EIO, sticky=False),
    Kind("no space", WRITES | OPENS, errno.ENOSPC, sticky=True),
    Kind("read-only", WRITES | OPENS | NAMES, errno.EROFS, sticky=True),
    Kind("a sync fails", SYNCS, errno.EIO, sticky=False),
    Kind("a sync fails, then killed", SYNCS, errno.EIO, sticky=False, dies=True),
    Kind("killed", 0, 0, sticky=False),
)


@dataclass
class FailureLoop:
    """Everything that the loop needs."""

    recorder: Recorder
    session: SmallSession
    place: Path
    fault: str | None = None
    second: bool = True

    def fail(self, kind: Kind, number: int) -> bool:
        """One sitting whose operation `number` fails. False where there are fewer operations than that."""
        recording = self.recorder.record(
            self.session,
            PLAIN_DIES if kind.dies else PLAIN,
            second=self.second,
            lives=(kind.at(number), None),
            fault=self.fault,
        )
        try:
            first = recording.lives[0]
            if not first.was_killed and first.report.failed_root < 0:
                return False
            self._require_kept(recording, chance_of(kind.name, number))
        except BrokenPromiseError as broken:
            raise BrokenPromiseError(f"{kind.name}, operation {number}: {broken}") from broken
        finally:
            self.recorder.drop(recording)
        return True

    def _require_kept(self, recording: Recording, chance: Random) -> None:
        # 1. No process crashed; the first one said what it could not do.
        if recording.traces:
            raise BrokenPromiseError(f"a crash: {recording.traces[0]}")
        require_nothing_escaped(recording)
        first, _ = recording.lives
        if not first.was_killed:
            _require_words(first, has_second=self.second)
        # 2. All that was said is true of the journal in the end, and there is a result.
        truth = truth_of(recording.after, self.session)
        if truth is None:
            raise BrokenPromiseError("there is no sitting in the end")
        require_told_is_true(recording.ops, truth, Told())
        require_true_time(truth)
        # 3. Also where the power goes.
        told = self._require_after_power_cuts(recording, truth, chance)
        if told.result is None:
            raise BrokenPromiseError("there is no result in the end")

    def _require_after_power_cuts(self, recording: Recording, truth: Truth, chance: Random) -> Told:
        disk, told = recording.disk(), Told()
        found: dict[bytes, tuple[Found, Truth, bool]] = {}
        for op in recording.ops:
            disk.apply(op)
            told = told.after(op)
            if op.kind == SAID:
                self._cut(disk, told, truth, chance, found)
        return told

    def _cut(
        self,
        disk: Disk,
        told: Told,
        truth: Truth,
        chance: Random,
        found: dict[bytes, tuple[Found, Truth, bool]],
    ) -> None:
        place = self.place / "state"
        for names, data in POWER_CUTS:
            state = state_of(disk, Pick(chance, names, data))
            if state.digest not in found:
                shutil.rmtree(place, ignore_errors=True)
                place.mkdir()
                state.write(place)
                here = find(place, self.session)
                journal = self._journal_of(here, place, truth)
                found[state.digest] = here, journal, self._waits_for_second(here, place, told, journal)
            try:
                here, journal, waits = found[state.digest]
                if journal.records[: told.seq] != truth.records[: told.seq]:
                    raise BrokenPromiseError(f"other events than the {told.seq} acknowledged ones")
                require_kept(here, told, journal, waits_for_second=waits)
            except BrokenPromiseError as broken:
                raise BrokenPromiseError(
                    f"power cut after {told.number} lines ({names} names, {data} data): {broken}"
                ) from broken

    def _waits_for_second(self, found: Found, place: Path, told: Told, journal: Truth) -> bool:
        """Whether it ended, and this journal's tail is in the second place alone; then the next start seals it."""
        if found.report is None or found.report.state != "ended":
            return False
        here = truth_of(place, self.session)
        if here is None or len(here.records) >= found.report.seq:
            return False
        require_it_goes_on(place, self.session, told, journal, second=self.second)
        return True

    def _journal_of(self, found: Found, place: Path, truth: Truth) -> Truth:
        """The truth, or what is found instead: an event whose commit failed was never told, and may be there or not."""
        report = found.report
        if report is None or (report.seq < len(truth.roots) and report.head == truth.roots[report.seq]):
            return truth
        return truth_of(place, self.session) or truth


def _require_words(life: Life, *, has_second: bool) -> None:
    """A failure of the station's disk was told, by a code that has sentences; one of the stick stopped nothing."""
    told, failures = Told(), []
    for op in life.ops:
        told = told.after(op)
        if op.kind == SAID and not (said := msgspec.json.decode(op.first))["ok"]:
            failures.append(said["code"])
    for code in failures:
        if not all(words_in(language).knows(f"error.{code}") for language in LANGUAGES):
            raise BrokenPromiseError(f"no words for {code}")
    if life.report.failed_root == STATION:
        if not failures and told.result is None:
            raise BrokenPromiseError("nobody was told that the disk fails")
        if has_second and told.second_seq != told.seq:
            raise BrokenPromiseError("the second place did not keep up")
    elif failures or told.result is None:
        raise BrokenPromiseError(f"the second place's failure stopped the sitting: {failures}")
