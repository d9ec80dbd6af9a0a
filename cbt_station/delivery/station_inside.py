"""The inside of a station: what it holds, and how a sitting comes to run here. `Station` is what is asked of it.

A sitting comes in by one way, whether it is new, was cut off, moved here, or is opened anew after a failure of the disk:
`_enter`. Before one that is older than this program goes on (`_resumed`), it is checked whose it is, that its second place
is at hand where it had one, and that this seat was not left. Nothing here locks: `Station` sees to one call at a time.
"""

import dataclasses
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

from cbt_station.artefacts.act import ActNote
from cbt_station.artefacts.admit import check_admit
from cbt_station.artefacts.handover import check_moves
from cbt_station.artefacts.roster import RosterEntry
from cbt_station.artefacts.signed import Signed
from cbt_station.artefacts.start import check_start
from cbt_station.delivery.clock import Clock
from cbt_station.delivery.fencing import (
    FencedOut,
    require_own_seat,
    require_second_at_hand,
)
from cbt_station.delivery.journal import SittingFacts
from cbt_station.delivery.running import RunningSitting
from cbt_station.delivery.sealing_result import publish_notes
from cbt_station.delivery.second_copy import take_home
from cbt_station.delivery.second_place import SecondPlace
from cbt_station.delivery.session_folder import Content, SessionFolder, open_content
from cbt_station.delivery.sitting_folder import OpenSitting, list_sittings, open_sitting
from cbt_station.delivery.sitting_here import SittingHere
from cbt_station.delivery.station_store import StationStore
from cbt_station.delivery.unlocking import Unlocked
from cbt_station.delivery.views import (
    Phase,
    ScoreView,
    SittingView,
)
from cbt_station.errors import Failure, Refusal, Tampered, Trouble
from cbt_station.exam.blueprint import Blueprint
from cbt_station.exam.content import Audio, every
from cbt_station.exam.form import Form
from cbt_station.exam.interactions import Interaction, Response
from cbt_station.exam.item import ShownItem, contents
from cbt_station.sealing.age import HybridIdentity
from cbt_station.storage.reserve import Reserve

ScoreWith: TypeAlias = Callable[[bytes, Blueprint, Form, dict[str, Response], str], ScoreView]
"""The opened scoring file, blueprint, form, answers, applicant category: what scores is handed in, never imported."""


class StationInside:
    """State, and the way in. Made by `Station.open`."""

    def __init__(
        self,
        folder: SessionFolder,
        store: StationStore,
        clock: Clock,
        second: Path | None,
        patience_s: float,
        score_with: ScoreWith | None,
    ) -> None:
        self.folder, self._store, self._clock = folder, store, clock
        self._second, self._patience_s, self._score_with = second, patience_s, score_with
        self._lock = threading.RLock()
        self._unlocked: Unlocked | None = None
        self._content: Content | None = None
        self._candidate: RosterEntry | None = None
        self._here: SittingHere | None = None
        self._cut_off: OpenSitting | None = None

    def close(self) -> None:
        """Give everything back. What is durable stays; a running sitting goes on at the next `open`."""
        with self._lock:
            self._leave()
            self._drop_cut_off()
            for content in (self._content, self._unlocked.content if self._unlocked else None):
                if content is not None:
                    content.close()
            self._content = self._unlocked = None
            self._store.close()

    def _find_cut_off(self) -> None:
        """The newest sitting of this session that is not sealed. Keys of sealed ones go, if a cut left them."""
        for folder in list_sittings(self._store.sittings):
            if folder.is_sealed:
                folder.destroy_keys()
            elif folder.is_fenced_out:
                folder.void_key()
            elif folder.start.body.session == self.folder.session:
                self._drop_cut_off()
                self._cut_off = open_sitting(folder, self._store.existing_keys(folder.start.body.venue))

    def _opened_anew(self) -> SittingView:
        """The journal of the sitting that is here, whose database failed, opened as a restart opens it."""
        here = self._need_here()
        running, place = here.running, here.running.second
        if running.journal.failure is None or here.sealed is not None:
            return here.view()
        running.journal.close()
        opened = open_sitting(running.opened.folder, self._store.existing_keys(running.facts.venue))
        refused = running.refused_play or running.opened.refused_play
        opened = dataclasses.replace(opened, refused_play=refused)
        if place is not None:
            place.close()
        try:
            return self._resumed(opened)
        except FencedOut:
            self._here = None
            raise
        except Refusal:  # from here on it is a sitting that was cut off
            self._here, self._cut_off = None, opened
            raise
        except Failure:
            if self._here is here:
                opened.journal.close()
                if place is not None:
                    here.attach(lambda: self._second_of(running.opened, place.folder))
            else:
                self._need_here().stays_stopped()
            raise

    def _resumed(self, opened: OpenSitting, without_second: Signed[ActNote] | None = None) -> SittingView:
        facts, trust = opened.journal.facts, self.folder.trust
        admit = check_admit(facts.admit.encode(), trust)
        start = check_start(facts.start.encode(), trust, admit)
        check_moves(facts.moves, trust, start)
        if start.body.manifest != self.folder.manifest.id:
            raise Tampered("sitting-of-another-manifest", where=facts.sitting)
        place = self._second or (self._store.second_place() if opened.folder.has_reached_second else None)
        if without_second is None:
            require_second_at_hand(opened, place)
        if place is not None:
            self._require_own_seat(opened, place)
        if self._content is None:
            self._content = open_content(self.folder, HybridIdentity.parse(facts.identity))
        reserve = None
        with suppress(Trouble):  # what space there is goes to the answers; the screen says so
            reserve = Reserve(self._store.reserve)
        self._cut_off = None
        try:
            return self._go_on(opened, place, reserve, without_second)
        except Failure:
            if self._here is None:  # it is still a sitting that was cut off, and its journal is read anew
                opened.journal.close()
                with suppress(Failure):
                    self._find_cut_off()
            raise

    def _go_on(
        self,
        opened: OpenSitting,
        place: Path | None,
        reserve: Reserve | None,
        without_second: Signed[ActNote] | None = None,
    ) -> SittingView:
        if without_second is not None and place is not None:
            with suppress(Trouble):  # an older copy may still know more than a disk that failed
                take_home(place, opened.journal, opened.database_key)
        here = self._enter(opened, place if without_second is None else None, reserve)
        here.running.go_on(without_second)
        if without_second is not None:
            opened.folder.forget_second()
            here.running.second = self._second_of(opened, place)  # a new one, from here on
        return here.seal_quietly() if here.phase == "ended" else here.view()

    def _enter(self, opened: OpenSitting, place: Path | None, reserve: Reserve | None) -> SittingHere:
        second = self._second_of(opened, place)
        self._leave()
        running = RunningSitting(opened, self._clock, second, self._interaction_of)
        shows = self._score_with is not None
        self._here = SittingHere(running, self.folder, self._store, self._clock, reserve, shows_score=shows)
        publish_notes(opened.journal, self._store.tree)
        return self._here

    def _interaction_of(self, item: str) -> Interaction:
        """How an item is answered: the same in every language."""
        return next(iter(self._need_content().item(item).languages.values())).interaction

    def _most_plays(self, item: ShownItem, media: str) -> int:
        """How often a recording of this item, or of what it is about, may be played; 0: as often as one likes."""
        content, language = self._need_content(), self._need_running().state.language
        about = content.stimulus(item.stimulus).content if item.stimulus else {}
        shown = item.languages.get(language) or next(iter(item.languages.values()))
        seen = (*contents(shown), about.get(language) or next(iter(about.values()), ()))
        found = next((one for one in every(Audio, seen) if one.media == media), None)
        if found is None:
            raise Refusal("recording-unknown", item=item.id, recording=media)
        return found.plays

    def _second_of(self, opened: OpenSitting, place: Path | None) -> SecondPlace | None:
        if place is None:
            return None
        trust, now = self.folder.trust, self._clock.read()
        return SecondPlace(
            place,
            opened,
            now,
            self._patience_s,
            lambda place: require_own_seat(place, opened.journal, trust),
        )

    def _require_own_seat(self, opened: OpenSitting, place: Path) -> None:
        """Where the sitting went on elsewhere, this seat is over for good, and free for others."""
        try:
            require_own_seat(place, opened.journal, self.folder.trust)
        except FencedOut as fenced:
            opened.folder.fence_out(fenced.handover.raw)
            opened.journal.close()
            self._cut_off = None
            raise

    def _facts_and_head(self) -> tuple[SittingFacts, str]:
        """Of the sitting that runs, or of the one that was cut off."""
        journal = self._cut_off.journal if self._cut_off is not None else self._need_running().journal
        return journal.facts, journal.head

    def _at_here(self, ask: Callable[[SittingHere], SittingView]) -> SittingView:
        """Ask the sitting; one that turns out to have moved away frees this seat."""
        try:
            return ask(self._need_here())
        except FencedOut:
            self._here = self._candidate = None
            raise

    def _require_free(self) -> None:
        if self._cut_off is not None or (self._here is not None and self._here.sealed is None):
            raise Refusal("another-sitting-open")

    def _leave(self) -> None:
        if self._here is not None:
            self._here.close()
            self._here = None

    def _drop_cut_off(self) -> None:
        if self._cut_off is not None:
            self._cut_off.journal.close()
            self._cut_off = None

    def _phase(self) -> Phase:
        if self._here is not None:
            return self._here.phase
        if self._candidate is not None:
            return "ready"
        return "check-in" if self._unlocked is not None else "locked"

    def _blueprint(self) -> Blueprint | None:
        content = self._unlocked.content if self._unlocked else self._content
        return content.pool.blueprint if content else None

    def _need_unlocked(self) -> Unlocked:
        if self._unlocked is None:
            raise Refusal("station-locked")
        return self._unlocked

    def _need_here(self) -> SittingHere:
        if self._here is None:
            raise Refusal("no-sitting")
        return self._here

    def _need_running(self) -> RunningSitting:
        return self._need_here().running

    @property
    def _running(self) -> RunningSitting | None:
        return self._here.running if self._here is not None else None

    def _need_content(self) -> Content:
        if self._content is None:
            raise Refusal("no-sitting")
        return self._content
