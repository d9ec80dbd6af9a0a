"""What the candidate's window asks of a station, and nothing more.

`delivery.station.Station` is it; the practice before the exam is the smaller half; tests script one in memory.
Every method may raise a `Failure`; each returns only after what it did is durable.
"""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Protocol

from cbt_station.delivery.views import (
    CandidateView,
    CopyView,
    ScoreView,
    SealedView,
    SittingView,
    StationView,
)
from cbt_station.exam.clock import Reading
from cbt_station.exam.interactions import Response
from cbt_station.exam.item import ItemId, ShownItem, Stimulus


class SittingFace(Protocol):
    """One sitting: what the exam page needs, and what the practice has too."""

    def show(self, item: ItemId) -> SittingView: ...

    def choose(self, item: ItemId, option: Response, *, given: Reading | None = None) -> SittingView: ...

    def clear(self, item: ItemId, *, given: Reading | None = None) -> SittingView: ...

    def flag(self, item: ItemId, on: bool) -> SittingView: ...

    def play(self, item: ItemId, media: str, length_ms: int) -> SittingView: ...

    def set_language(self, language: str) -> SittingView: ...

    def tick(self, *, given: Reading | None = None) -> SittingView: ...

    def item(self, item: ItemId) -> ShownItem: ...

    def stimulus(self, stimulus: str) -> Stimulus: ...

    def media(self, name: str) -> bytes: ...


class StationFace(SittingFace, Protocol):
    """The station around it: release, check-in, start, end."""

    @property
    def info(self) -> StationView: ...

    def unlock(self, venue_key: bytes, passphrase: str, code: str) -> object: ...

    def admit(self, proctor_key: bytes, pin: str) -> object: ...

    def kinds(self) -> Collection[str]: ...

    def look_up(self, number: str) -> CandidateView: ...

    def check_in(self, number: str, secret: str) -> CandidateView: ...

    def start(self, language: str) -> SittingView: ...

    def resume(self) -> SittingView | None: ...

    def copy_of(self, number: str) -> CopyView | None: ...

    def take_over(
        self,
        number_or_sitting: str,
        second: Path | None = None,
        proctor_key: bytes | None = None,
        pin: str = "",
    ) -> SittingView: ...

    def declare_second_lost(self, proctors: Sequence[tuple[bytes, str]], words: str = "-") -> SittingView: ...

    def finish(self) -> SealedView: ...

    def score_code(self, code: str, venue_key: bytes | None = None, passphrase: str = "") -> ScoreView: ...

    def try_again(self) -> SittingView: ...

    def resume_here(self, proctor_key: bytes, pin: str) -> SittingView: ...

    def leave_full_screen(self, proctor_key: bytes, pin: str) -> object: ...
