"""Where the second copy of a sitting goes, and whether it is there.

It never stops the sitting. Writing is done by a process of its own (`second_writer`), which a thread here asks; an answer
waits for that only for a moment (`patience_s`): a stick that hangs keeps the level at "station", no more. What the place
refuses is remembered, shown, and tried again in a new file every 10 s, so that a stick that was pulled out can be put
back. A writer that died is started again after 1 s and goes on in its file, as after a power cut. Only what the place has
confirmed as durable counts as "second".

Where the station's own disk fails, the place keeps the sitting alone (`keep_alone`): then an answer waits until it is
durable here, or counts as not saved.
"""

import queue
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

from cbt_station.artefacts.files import sha256_hex
from cbt_station.artefacts.journal import JournalRecord
from cbt_station.delivery.journal import Journal, SignedSlot
from cbt_station.delivery.second_copy import (
    MOST_COPY,
    SecondCopy,
    SecondHead,
    begin_copy,
    continue_copy,
    copies_at,
    marks_at,
    own_copies,
    read_head,
    reopen_copy,
    take_home,
)
from cbt_station.delivery.sitting_folder import START, OpenSitting
from cbt_station.delivery.writer_process import Writer, start_writer
from cbt_station.errors import Failure, Tampered, Trouble
from cbt_station.exam.clock import Reading
from cbt_station.sealing.notes import base64_of
from cbt_station.storage.files import read_bounded, remove_durably

TRY_AGAIN_MS = 10_000
START_AGAIN_MS = 1_000
LONGEST_ATTACH_S = 5.0
"""When a sitting begins or goes on, for each thing that is asked of the place."""
LAG_MS = 10_000
LAG_EVENTS = 3
PATIENCE_S = 0.25
PATIENCE_ALONE_S = 2.0
Attach: TypeAlias = Callable[[Path, Journal, bytes, SecondHead, Writer], SecondCopy]


class SecondPlace:
    """The second place of one sitting."""

    def __init__(
        self,
        folder: Path,
        opened: OpenSitting,
        now: Reading,
        patience_s: float = PATIENCE_S,
        require_own_seat: Callable[[Path], None] = lambda _: None,
    ) -> None:
        """Attach at once. Tampered where the place holds another journal of this sitting.

        `require_own_seat` raises where a place says that the sitting goes on elsewhere: asked before anything is
        written there again.
        """
        self.folder, self._journal, self._sitting = folder, opened.journal, opened.folder
        self._require_own_seat = require_own_seat
        self._database_key, self._patience_s = opened.database_key, patience_s
        self._head = _head_of(opened)
        self._copy: SecondCopy | None = None
        self._writer: Writer | None = None
        self.failure: Failure | None = None
        self._tried_at = self._caught_up_at = now
        self._confirmed = 0
        self._attach_at_once()
        self._pending = 0
        self._changed = threading.Condition()
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._is_over = False
        threading.Thread(target=self._work, daemon=True).start()

    @property
    def writer(self) -> int:
        """The id of the process that writes; 0 where there is none."""
        return self._writer.pid if self._writer is not None else 0

    @property
    def is_caught_up(self) -> bool:
        return self.failure is None and self._confirmed == len(self._journal.records)

    def is_lagging(self, now: Reading) -> bool:
        """10 s or three answers behind."""
        behind = len(self._journal.records) - self._confirmed
        since = now.mono_ms - self._caught_up_at.mono_ms
        return behind >= LAG_EVENTS or (behind > 0 and since >= LAG_MS)

    def follow(self, now: Reading) -> None:
        """Bring the place up to the journal, if it can be reached; wait for it a moment."""
        if self.failure is None:
            self._do(self._follow)
        elif now.boot != self._tried_at.boot or now.mono_ms - self._tried_at.mono_ms >= self._wait_ms:
            self._tried_at = now
            self._do(self._attach_anew)
        if self.is_caught_up:
            self._caught_up_at = now

    def keep_alone(self, records: Sequence[JournalRecord], size: int, slot: SignedSlot) -> None:
        """What the station's disk does not take: returns when it is durable here, or raises Trouble.

        What comes too late may be here all the same; asked for again, it is not written twice.
        """
        if self.failure is not None:
            raise Trouble("second-copy-failed") from self.failure
        done: list[int] = []

        def job() -> None:
            if self._copy is None:
                raise Trouble("medium-gone", where=self.folder.name)
            self._copy.follow(records, size, slot)
            self._confirmed = self._copy.events
            done.append(size)

        self._do(job, max(self._patience_s, PATIENCE_ALONE_S))
        if not done:
            raise Trouble("second-copy-failed") from self.failure

    @property
    def _wait_ms(self) -> int:
        return START_AGAIN_MS if self._has_lost_writer else TRY_AGAIN_MS

    @property
    def _has_lost_writer(self) -> bool:
        """The medium is not at fault."""
        return self.failure is not None and self.failure.code == "second-writer-stopped"

    def put_result(self, put: Callable[[Path], None]) -> None:
        """Let `put` write the result here; then the copies of the journal, and the venue's wrap in them, go."""

        def job() -> None:
            if not self.folder.is_dir():  # and make no folder where a stick is not
                raise Trouble("medium-gone", where=self.folder.name)
            put(self.folder)
            self._close()
            self._remove_copies()

        self._do(job)

    def close(self) -> None:
        """After what is being written now, or at once where the place hangs."""
        self._do(self._close)
        self._is_over = True
        self._jobs.put(None)

    # --- in the thread of its own ---------------------------------------------------------------------------------

    def _follow(self) -> None:
        if self._copy is not None:
            size, slot = self._journal.kept_together()
            self._copy.follow(self._journal.records, size, slot)
            self._confirmed = self._copy.events

    def _attach_anew(self) -> None:
        """After a failure: a file that failed once is never written again; one whose writer died did not fail."""
        self._close()
        self._require_own_seat(self.folder)
        self._mark()
        attach = continue_copy if self._has_lost_writer else begin_copy
        self._copy = attach(self.folder, self._journal, self._database_key, self._head, self._begin_writing())
        self._sitting.confirm_second(marks_at(self.folder, self._sitting.sitting))
        self._confirmed = self._copy.events
        self.failure = None

    def _begin_writing(self, most_wait_s: float | None = None) -> Writer:
        """A writer that holds the sitting: what an earlier one had received is written by now."""
        if not self.folder.is_dir():
            raise Trouble("medium-gone", where=self.folder.name)
        self._writer = start_writer()
        self._writer.most_wait_s = most_wait_s
        self._writer.lock(self._sitting.path / START)
        return self._writer

    def _close(self) -> None:
        self._copy, self._confirmed = None, 0
        if self._writer is not None:
            self._writer.end()
            self._writer = None

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            try:
                job()
            except Failure as failure:
                self._close()
                self.failure = failure
            except BaseException:  # a bug of ours: this thread dies loudly, the sitting goes on
                self.failure, self._is_over = Trouble("second-copy-failed"), True
                self._close()
                raise
            finally:
                with self._changed:
                    self._pending -= 1
                    self._changed.notify_all()

    # --- in the station's thread ----------------------------------------------------------------------------------

    def _do(self, job: Callable[[], None], patience_s: float | None = None) -> None:
        with self._changed:
            if self._is_over:
                return
            self._pending += 1
            self._jobs.put(job)
            patience_s = self._patience_s if patience_s is None else patience_s
            self._changed.wait_for(lambda: self._pending == 0 or self._is_over, patience_s)

    def _attach_at_once(self) -> None:
        """Before the sitting goes on: what the place has and the journal lost must come back first.

        Also from a place that can only be read; Trouble where one that was ever confirmed cannot even be read. A journal
        whose database has failed in this process knows more than any place: it takes nothing home.
        """
        was_marked, is_well = self._sitting.has_reached_second, self._journal.failure is None
        was_confirmed = was_marked and not self._sitting.is_only_marked
        try:
            self._mark()
            self._copy = self._attached(reopen_copy if is_well else continue_copy)
            self._sitting.confirm_second(marks_at(self.folder, self._sitting.sitting))
            self._confirmed = self._copy.events
        except Tampered:
            self._close()
            raise
        except Failure as failure:
            self._close()
            if is_well and self._journal.failure is not None:  # it was the station's own disk
                raise
            self.failure = failure
            if is_well and was_confirmed:
                take_home(self.folder, self._journal, self._database_key)
            if not was_marked and self._holds_nothing():
                self._sitting.forget_second()

    def _attached(self, attach: Attach) -> SecondCopy:
        writer = self._begin_writing(LONGEST_ATTACH_S)
        copy = attach(self.folder, self._journal, self._database_key, self._head, writer)
        writer.most_wait_s = None  # from here on a thread waits, and nobody for it
        return copy

    def _holds_nothing(self) -> bool:
        """Whether this place, looked at now, has no copy: what failed was never here."""
        try:
            return self.folder.is_dir() and not copies_at(self.folder, self._sitting.sitting)
        except Failure:
            return False

    def _mark(self) -> None:
        """Write down on the station that something may be here, before something is."""
        if self.folder.is_dir():
            self._sitting.mark_second()

    def _remove_copies(self) -> None:
        """Of earlier seats those that were read; one that went on by itself is evidence, and stays."""
        facts = self._journal.facts
        own = own_copies(self.folder, self._journal)
        for path in copies_at(self.folder, facts.sitting):
            known = facts.copies_read.get(path.name)
            same = known is not None and sha256_hex(read_bounded(path, MOST_COPY)) == known
            if path in own or same or read_head(path) is None:  # a torn first frame holds nothing
                remove_durably(path)


def _head_of(opened: OpenSitting) -> SecondHead:
    facts = opened.journal.facts
    venue, committee = opened.folder.wraps()
    return SecondHead(
        mode=facts.mode,
        session=facts.session,
        sitting=facts.sitting,
        admit=facts.admit,
        start=facts.start,
        venue_wrap=base64_of(venue),
        committee_wrap=base64_of(committee),
        moves=facts.moves,
    )
