"""The station: what a screen or a driver asks, and the frozen views it gets. Thin: each step is a module of its own.

    Station.open      the session's folder is checked, the data folder held; a sitting that was cut off is found
    .resume           goes on with it, without a code, where it was not moved elsewhere
    .second_place_lost  two proctors say so, and it goes on without its second place
    .unlock           venue key and code                    locked   -> check-in
    .look_up          who has this number
    .check_in         it is them                            check-in -> ready
    .start            the sitting exists                    ready    -> running
    .take_over        it comes here from another station    check-in -> running
    .choose …         what a candidate does
    .tick             about once a second: time, warnings, the end by the clock
    .try_again        after a failure of this disk: the journal is opened anew, as after a restart
    .finish           the end, and the one result           running  -> sealed
    .score_code       where the exam shows scores

Every method returns after what it tells is durable, and raises `Refusal`, `Trouble` or `Tampered`. One call at a time
(a lock sees to it): call from one background thread, so that a stalled disk never freezes a key press; `item`,
`stimulus`, `media` may be called from any. `given` is the reading at the key press, if the call comes later.
"""

from collections.abc import Callable, Sequence
from functools import update_wrapper
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from cbt_station import __version__
from cbt_station.artefacts import names
from cbt_station.artefacts.commitments import sitting_id
from cbt_station.artefacts.result import ResultNote
from cbt_station.artefacts.roster import RosterEntry, require_identity
from cbt_station.artefacts.signed import read
from cbt_station.delivery.acts import (
    SECOND_LOST,
    act_for,
    checked_act,
    in_trust_order,
    make_act,
    unlock_signing_key,
    unsigned_act,
)
from cbt_station.delivery.clock import Clock
from cbt_station.delivery.fencing import (
    FencedOut,
    is_at_hand,
    require_not_begun_elsewhere,
)
from cbt_station.delivery.running import RunningSitting
from cbt_station.delivery.second_place import PATIENCE_S
from cbt_station.delivery.session_folder import open_session
from cbt_station.delivery.sitting_folder import SittingFolder, list_sittings, open_sitting
from cbt_station.delivery.sitting_view import view_candidate
from cbt_station.delivery.starting import admit_station, start_sitting
from cbt_station.delivery.station_inside import ScoreWith, StationInside
from cbt_station.delivery.station_store import StationStore
from cbt_station.delivery.unlocking import VenueKey, open_venue_key, try_code, unlock_session
from cbt_station.delivery.views import (
    CandidateView,
    CopyView,
    ScoreView,
    SealedView,
    SittingView,
    StationView,
)
from cbt_station.errors import Refusal, Tampered, Trouble
from cbt_station.exam.clock import Reading
from cbt_station.exam.interactions import Response
from cbt_station.exam.item import ShownItem, Stimulus
from cbt_station.sealing.age import decrypt
from cbt_station.sealing.notes import SigningKey
from cbt_station.storage.core_dumps import forbid_core_dumps
from cbt_station.storage.reserve import Reserve

P = ParamSpec("P")
T = TypeVar("T")


def _one_at_a_time(
    method: Callable[Concatenate["Station", P], T],
) -> Callable[Concatenate["Station", P], T]:
    def locked(self: "Station", /, *args: P.args, **kwargs: P.kwargs) -> T:
        with self._lock:
            return method(self, *args, **kwargs)

    update_wrapper(locked, method)
    return locked


class Station(StationInside):
    """One station with one session's folder. Made by `open`; `close` gives the data folder back."""

    @classmethod
    def open(
        cls,
        session_dir: Path,
        data_dir: Path,
        *,
        clock: Clock,
        second: Path | None = None,
        patience_s: float = PATIENCE_S,
        score_with: ScoreWith | None = None,
        pinned: str | None = None,
    ) -> "Station":
        """Check the session's folder and hold the data folder.

        `pinned` is the id of the first trust list; without it the one that this data folder saw first counts. An
        answer waits at most `patience_s` for the second place.
        """
        forbid_core_dumps()
        store = StationStore(data_dir)
        try:
            seen = store.pinned()
            if pinned is not None and seen is not None and pinned != seen:
                raise Tampered("trust-pin", id=seen, pinned=pinned)
            folder = open_session(session_dir, pinned=pinned or seen, version=__version__)
            store.pin(folder.trust.at(1).id)
            if second is not None:
                store.remember_second(second)
            station = cls(folder, store, clock, second, patience_s, score_with)
            station._find_cut_off()
        except BaseException:
            store.close()
            raise
        return station

    # --- before a sitting ---------------------------------------------------------------------------------------

    @property
    def info(self) -> StationView:
        manifest = self.folder.manifest.body
        venues = self.folder.venues()
        venue = self._unlocked.key.venue if self._unlocked else venues[0] if len(venues) == 1 else ""
        blueprint = self._blueprint()
        return StationView(
            session=manifest.session,
            title=blueprint.title if blueprint else {"id": manifest.exam},
            venue=self._here.running.facts.venue if self._here else venue,
            mode=self.folder.mode,
            window=f"{manifest.opens}/{manifest.closes}",
            languages=blueprint.languages if blueprint else (),
            phase=self._phase(),
            resumable=self._cut_off.journal.facts.candidate.number if self._cut_off else None,
        )

    @_one_at_a_time
    def unlock(self, venue_key: bytes, passphrase: str, code: str) -> StationView:
        """Open roster and package. A wrong code waits: 1 s, 2 s, 4 s …, kept on disk."""
        from cbt_station.delivery.found_copy import sittings_at

        moving = self._second is not None and self._second.is_dir() and bool(sittings_at(self._second))
        unlocked = unlock_session(
            self.folder, self._store, venue_key, passphrase, code, self._clock.read(), may_be_late=moving
        )
        if self._unlocked is not None:
            self._unlocked.content.close()
        self._unlocked = unlocked
        return self.info

    @_one_at_a_time
    def admit(self, proctor_key: bytes, pin: str) -> StationView:
        """A proctor admits this station to the session; in official mode before the first start."""
        venue, now = self._need_unlocked().key.venue, self._clock.read()
        proctor = unlock_signing_key(proctor_key, pin, self.folder.trust, "proctor", venue, now)
        admit_station(self.folder, self._store, venue, now, proctor)
        return self.info

    def kinds(self) -> frozenset[str]:
        """How the questions of this exam are answered, for a practice before it: tags of interactions."""
        return self._need_unlocked().content.kinds()

    @_one_at_a_time
    def look_up(self, number: str) -> CandidateView:
        """Who has this number. Refusal("number-unknown"), ("number-already-sat"), ("another-sitting-open")."""
        return view_candidate(self._entry(number))

    @_one_at_a_time
    def check_in(self, number: str, secret: str) -> CandidateView:
        """The candidate proves to be the one: Refusal("identity-mismatch") if not."""
        entry = self._entry(number)
        require_identity(entry, secret)
        return self._make_ready(entry)

    @_one_at_a_time
    def check_in_unasked(self, number: str) -> CandidateView:
        """Without the secret: for robots, in test mode only."""
        if self.folder.mode != "test":
            raise Refusal("test-mode-only")
        return self._make_ready(self._entry(number))

    @_one_at_a_time
    def start(self, language: str) -> SittingView:
        """Make the sitting of who is checked in; or go on with the one that was cut off."""
        if self._cut_off is not None:
            return self._resumed(self._cut_off)
        if self._here is not None and self._here.sealed is None:
            return self.view()
        unlocked, candidate = self._need_unlocked(), self._candidate
        if candidate is None:
            raise Refusal("nobody-checked-in")
        require_not_begun_elsewhere(self._second, sitting_id(self.folder.session, candidate.commitment))
        reserve = Reserve(self._store.reserve)
        begun = start_sitting(self.folder, self._store, unlocked, candidate, language, self._clock.read())
        self._content, self._candidate = unlocked.content, None
        opened = open_sitting(begun, self._store.existing_keys(unlocked.key.venue))
        return self._enter(opened, self._second, reserve).view()

    @_one_at_a_time
    def resume(self) -> SittingView | None:
        """Go on with a sitting that was cut off, at the same item, with its time, without a code. None if there is none.

        A sealing that was cut is finished: the view's phase is then "sealed", and `finish` gives the result.
        """
        return self._resumed(self._cut_off) if self._cut_off is not None else None

    # --- another seat -------------------------------------------------------------------------------------------

    @_one_at_a_time
    def copy_of(self, number: str, second: Path | None = None) -> CopyView | None:
        """What the second place holds of a candidate's sitting that began at another station; None where nothing."""
        from cbt_station.delivery.moving import (
            look_at,
        )  # not at the start, for which a candidate may be waiting

        place, unlocked = second or self._second, self._need_unlocked()
        entry = unlocked.roster.entry(number)
        if place is None or not is_at_hand(place, sitting_id(self.folder.session, entry.commitment)):
            return None
        return look_at(self.folder, self._store, unlocked, number, place).view

    @_one_at_a_time
    def take_over(
        self,
        number_or_sitting: str,
        second: Path | None = None,
        proctor_key: bytes | None = None,
        pin: str = "",
        cause: str = "technical",
    ) -> SittingView:
        """Move a sitting here from its second copy; the seat before is fenced out. Without a proctor in a test only."""
        from cbt_station.delivery.moving import look_at, move_here

        self._require_free()
        unlocked, place, now = self._need_unlocked(), second or self._second, self._clock.read()
        if place is None:
            raise Trouble("copy-missing")
        venue = unlocked.key.venue
        proctor = (
            unlock_signing_key(proctor_key, pin, self.folder.trust, "proctor", venue, now)
            if proctor_key is not None
            else None
        )
        movable = look_at(self.folder, self._store, unlocked, number_or_sitting, place)
        reserve = Reserve(self._store.reserve)
        self._second = place
        self._store.remember_second(place)
        begun = move_here(self.folder, self._store, unlocked, movable, place, proctor, cause, now)
        self._content, self._candidate = unlocked.content, None
        return self._go_on(open_sitting(begun, self._store.existing_keys(venue)), place, reserve)

    @_one_at_a_time
    def second_place_lost(self, note: bytes) -> SittingView:
        """Two proctors' act: the sitting that was cut off goes on without its second place (in a test also unsigned)."""
        opened = self._cut_off
        if opened is None:
            raise Refusal("no-sitting")
        act = checked_act(note, self.folder.trust, opened.journal)
        if act.body.act != SECOND_LOST:
            raise Refusal("act-out-of-order", act=act.body.act, status=opened.journal.state.status)
        return self._resumed(opened, act)

    @_one_at_a_time
    def declare_second_lost(self, proctors: Sequence[tuple[bytes, str]], words: str = "-") -> SittingView:
        """The same with the keys and PINs of two proctors, here and now."""
        facts, head = self._facts_and_head()
        now, trust = self._clock.read(), self.folder.trust
        keys = [unlock_signing_key(data, pin, trust, "proctor", facts.venue, now) for data, pin in proctors]
        body = act_for(facts, head, SECOND_LOST, 0, words, now)
        return self.second_place_lost(make_act(body, self.folder.mode, *in_trust_order(keys, trust)))

    # --- a sitting ----------------------------------------------------------------------------------------------

    def view(self, *, live: bool = False) -> SittingView:
        """The sitting as it stands; `live` counts the time down to now."""
        return self._need_here().view(live=live)

    @property
    def head(self) -> str:
        """The journal's newest root, hex."""
        return self._need_running().journal.head

    @_one_at_a_time
    def show(self, item: str) -> SittingView:
        return self._did(lambda running: running.show(item))

    @_one_at_a_time
    def choose(self, item: str, option: Response, *, given: Reading | None = None) -> SittingView:
        return self._did(lambda running: running.answer(item, option, given))

    @_one_at_a_time
    def clear(self, item: str, *, given: Reading | None = None) -> SittingView:
        return self._did(lambda running: running.answer(item, None, given))

    @_one_at_a_time
    def flag(self, item: str, on: bool) -> SittingView:
        return self._did(lambda running: running.flag(item, on))

    @_one_at_a_time
    def play(self, item: str, media: str, length_ms: int) -> SittingView:
        """A recording of this length may sound from now on: that it does is written. Refusal("plays-used")."""
        most = self._most_plays(self.item(item), media)
        return self._did(lambda running: running.play(item, media, length_ms, most))

    @_one_at_a_time
    def set_language(self, language: str) -> SittingView:
        return self._did(lambda running: running.set_language(language))

    @_one_at_a_time
    def act(self, note: bytes) -> SittingView:
        """A proctor's signed act (in test mode also unsigned). An end by proctors is sealed at once."""
        return self._at_here(lambda here: here.act(note))

    def unsigned_act(self, act: str, minutes: int, words: str) -> bytes:
        """The text of an act for this sitting, for robots in test mode."""
        facts, head = self._facts_and_head()
        return unsigned_act(act_for(facts, head, act, minutes, words, self._clock.read()))

    @_one_at_a_time
    def leave_full_screen(self, proctor_key: bytes, pin: str) -> None:
        """A proctor's key and PIN, checked against the trust list; journalled where a sitting runs."""
        proctor = self._proctor(proctor_key, pin)
        if self._here is not None and self._here.sealed is None:
            self._act_here("leave-full-screen", proctor)

    @_one_at_a_time
    def resume_here(self, proctor_key: bytes, pin: str, words: str = "-") -> SittingView:
        """A proctor ends a pause at this station, with key and PIN; no network is needed."""
        return self._act_here("resume", self._proctor(proctor_key, pin), words)

    @_one_at_a_time
    def tick(self, *, given: Reading | None = None) -> SittingView:
        """At least once a second. Never raises for the disk: the view's `alarm` says what failed."""
        return self._at_here(lambda here: here.tick(given))

    @_one_at_a_time
    def try_again(self) -> SittingView:
        """After a failure of this station's disk: what a restart does, in the same window. The time since is not used.

        Refusal("second-place-needed") where it then waits for its second place; after Trouble all is as it was.
        """
        return self._opened_anew()

    @_one_at_a_time
    def finish(self) -> SealedView:
        """End (if the clock did not) and seal. Once; asked again it gives the same.

        Refusal("second-copy-needed") where the exam asks for two places and one is missing: the answers are kept, and
        sealing waits.
        """
        return self._need_here().finish()

    @_one_at_a_time
    def score_code(self, code: str, venue_key: bytes | None = None, passphrase: str = "") -> ScoreView:
        """The score, where the exam shows it: after the result is sealed, with the second code."""
        here, recipient = self._need_here(), self.folder.manifest.body.scoring_recipient
        if here.sealed is None or not here.offers_score or recipient is None or not self._score_with:
            raise Refusal("score-not-offered")
        key = self._venue_key(venue_key, passphrase)
        sealed = self.folder.read(names.scoring_unlock(self.folder.session, key.venue))
        identity = try_code(self._store, sealed, key, code, recipient, self._clock.read())
        scoring = decrypt(self.folder.read(names.scoring(self.folder.session, 1)), identity)
        facts, answers = here.running.facts, here.running.state.answers
        return self._score_with(scoring, facts.blueprint, facts.form, answers, facts.candidate.category)

    # --- what is shown ------------------------------------------------------------------------------------------

    def item(self, item_id: str) -> ShownItem:
        """An item of the form."""
        if all(entry.item != item_id for entry in self._need_running().facts.form.items):
            raise Refusal("item-unknown", item=item_id)
        return self._need_content().item(item_id)

    def stimulus(self, stimulus_id: str) -> Stimulus:
        return self._need_content().stimulus(stimulus_id)

    def media(self, name: str) -> bytes:
        return self._need_content().media(name)

    # --- one layer down -----------------------------------------------------------------------------------------

    def _did(self, what: Callable[[RunningSitting], None]) -> SittingView:
        return self._at_here(lambda here: here.did(what))

    def _proctor(self, key: bytes, pin: str) -> SigningKey:
        venue = self.info.venue or None
        return unlock_signing_key(key, pin, self.folder.trust, "proctor", venue, self._clock.read())

    def _act_here(self, act: str, proctor: SigningKey, words: str = "-") -> SittingView:
        """A proctor's act, made and done at this station."""
        running = self._need_running()
        body = act_for(running.facts, running.journal.head, act, 0, words, self._clock.read())
        return self.act(make_act(body, self.folder.mode, proctor))

    def _entry(self, number: str) -> RosterEntry:
        self._require_free()
        entry = self._need_unlocked().roster.entry(number)
        sitting = sitting_id(self.folder.session, entry.commitment)
        for folder in list_sittings(self._store.sittings):
            if folder.sitting == sitting and folder.is_fenced_out:
                raise FencedOut(folder.fenced_out_by())
            if folder.sitting == sitting:
                raise Refusal("number-already-sat", number=number, result=_result_of(folder))
        return entry

    def _make_ready(self, entry: RosterEntry) -> CandidateView:
        view = view_candidate(entry)
        self._candidate = entry
        self._leave()
        return view

    def _venue_key(self, data: bytes | None, passphrase: str) -> VenueKey:
        if data is not None:
            return open_venue_key(self.folder, data, passphrase)
        return self._need_unlocked().key


def _result_of(folder: SittingFolder) -> str:
    """The id of a sealed sitting's result, else an empty text."""
    return read(folder.result_note(), ResultNote).id if folder.is_sealed else ""
