"""Where the second copy of a sitting goes, and whether it is there.

It never stops the sitting: what the place refuses is remembered, shown (`alarm`), and tried again in a new file every
10 s, so that a stick that was pulled out can be put back. Only what the place has confirmed counts as "second".
"""

from pathlib import Path

from cbt_station.artefacts.result import as_base64
from cbt_station.delivery.second_copy import SecondCopy, SecondHead, reopen_copy
from cbt_station.delivery.sitting_folder import OpenSitting
from cbt_station.errors import Failure, Tampered, Trouble
from cbt_station.exam.clock import Reading

TRY_AGAIN_MS = 10_000
LAG_MS = 10_000
LAG_EVENTS = 3


class SecondPlace:
    """The second place of one sitting."""

    def __init__(self, folder: Path, opened: OpenSitting, now: Reading) -> None:
        """Attach at once. Tampered where the place holds another journal of this sitting."""
        self.folder = folder
        self._opened = opened
        self._copy: SecondCopy | None = None
        self.failure: Failure | None = None
        self._tried_at = now
        self._caught_up_at = now
        self._attach(now, fresh=False)

    @property
    def events(self) -> int:
        """How many events this place has confirmed since it was last attached."""
        return self._copy.events if self._copy is not None else 0

    @property
    def is_caught_up(self) -> bool:
        return self._copy is not None and self.events == len(self._opened.journal.records)

    def is_lagging(self, now: Reading) -> bool:
        """10 s or three answers behind."""
        behind = len(self._opened.journal.records) - self.events
        since = now.mono_ms - self._caught_up_at.mono_ms
        return behind >= LAG_EVENTS or (behind > 0 and since >= LAG_MS)

    def follow(self, now: Reading) -> None:
        """Bring the place up to the journal, if it can be reached."""
        if self._copy is not None:
            try:
                self._copy.follow(self._opened.journal)
            except Trouble as trouble:
                self._lose(trouble)
        elif now.boot != self._tried_at.boot or now.mono_ms - self._tried_at.mono_ms >= TRY_AGAIN_MS:
            self._attach(now, fresh=True)
        if self.is_caught_up:
            self._caught_up_at = now

    def remove(self) -> None:
        """The result is safe here too: the copies of the journal go."""
        if self._copy is not None:
            self._copy.remove()
            self._copy = None

    def close(self) -> None:
        if self._copy is not None:
            self._copy.close()
            self._copy = None

    def _attach(self, now: Reading, *, fresh: bool) -> None:
        self._tried_at = now
        try:
            self._copy = reopen_copy(
                self.folder, self._opened.journal, self._opened.database_key, self._head, fresh=fresh
            )
            self.failure = None
        except Tampered:
            if not fresh:
                raise
        except Failure as failure:
            if self._opened.journal.failure is not None:
                raise
            self._lose(failure)

    def _lose(self, failure: Failure) -> None:
        if self._copy is not None:
            self._copy.close()
            self._copy = None
        self.failure = failure

    def _head(self) -> SecondHead:
        facts = self._opened.journal.facts
        venue, committee = self._opened.folder.wraps()
        return SecondHead(
            mode=facts.mode,
            session=facts.session,
            sitting=facts.sitting,
            admit=facts.admit,
            start=facts.start,
            venue_wrap=as_base64(venue),
            committee_wrap=as_base64(committee),
        )
