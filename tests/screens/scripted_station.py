"""A station in memory: the edge of the candidate's window, with delivery's views and delivery's failures.

It does what `delivery.station.Station` promises (every act returns a later view; a wrong code costs a growing wait; a
sealed sitting stays sealed) without a disk, keys or a clock: `left_ms` moves only when a test moves it. `fail_next`
makes the next call of a name raise; `slow` holds a call back until `let_go`.
"""

import base64
import threading
from decimal import Decimal

import msgspec

from cbt_station.delivery.views import (
    CandidateView,
    CellView,
    CopyView,
    SavedView,
    ScoreLine,
    ScoreView,
    SealedView,
    SectionView,
    SittingView,
    StationView,
)
from cbt_station.errors import Failure, Refusal
from cbt_station.exam.clock import Reading
from cbt_station.exam.interactions import Response
from cbt_station.exam.item import ShownItem, Stimulus
from tests.screens.sample_items import FORMULA, ITEMS, PHOTO, PICTURE, SECTIONS, STIMULUS

CODE = "ABCD-EFGH-JKMN"
PASSPHRASE = "kunci kota bandung"
VENUE_KEY = b"venue key"
NUMBER = "24-0001-0817"
BIRTH_DATE = "1999-03-07"
PIN = "4711"
SCORE_CODE = "SCRE-1234-5678"


class ScriptedStation:
    """One candidate, one sitting of the sample items."""

    def __init__(
        self,
        *,
        phase: str = "locked",
        languages: tuple[str, ...] = ("id", "en"),
        asks: str = "birth-date",
        count: int = 110,
        score_offered: bool = False,
        score: ScoreView | None = None,
    ) -> None:
        self.calls: list[tuple[object, ...]] = []
        self._fail: dict[str, list[Failure]] = {}
        self._held: dict[str, threading.Event] = {}
        self.tries = 0
        self.practised: frozenset[str] = frozenset({"choice"})
        self.given: Reading | None = None
        self.wall_seconds = 10 * 3600 + 42 * 60
        self.checked_in = False
        self.score_offered, self.score = score_offered, score
        self.candidate = CandidateView(
            number=NUMBER, name="Ni Luh Ayu Prameswari", photo=PHOTO, category="umum",
            position="Analis Kebijakan Ahli Pertama", seat="B-07", accommodations=("additionalTestingTime",),
            asks=asks,  # type: ignore[arg-type]
        )  # fmt: skip
        self.station = StationView(
            session="2026-11-24-pagi", title={"id": "Seleksi Kompetensi Dasar", "en": "Basic Competence Test"},
            venue="GOR Saparua, Bandung", mode="test", window="2026-11-24T08:00:00+07:00/2026-11-24T10:30:00+07:00",
            languages=languages, phase=phase,  # type: ignore[arg-type]
        )  # fmt: skip
        self.view = self._first_view(count)
        self.sealed: SealedView | None = None

    # The tester's hands

    def fail_next(self, call: str, failure: Failure) -> None:
        self._fail.setdefault(call, []).append(failure)

    def hold(self, call: str) -> None:
        self._held[call] = threading.Event()

    def let_go(self, call: str) -> None:
        self._held.pop(call).set()

    def change(self, **changed: object) -> SittingView:
        """What happens to a sitting from outside: time, pause, second copy, warnings."""
        self.view = msgspec.structs.replace(self.view, **changed)
        return self.view

    def done(self, call: str) -> list[tuple[object, ...]]:
        return [made for made in self.calls if made[0] == call]

    # StationFace

    @property
    def info(self) -> StationView:
        self._called("info")
        return self.station

    def unlock(self, venue_key: bytes, passphrase: str, code: str) -> None:
        self._called("unlock", venue_key, passphrase, code)
        if (venue_key, passphrase, code.upper()) != (VENUE_KEY, PASSPHRASE, CODE):
            self.tries += 1
            raise Refusal("code-wrong", wait_ms=5000 * 2 ** (self.tries - 1))
        self.station = msgspec.structs.replace(self.station, phase="check-in")

    def kinds(self) -> frozenset[str]:
        self._called("kinds")
        return self.practised

    def look_up(self, number: str) -> CandidateView:
        self._called("look_up", number)
        if number != self.candidate.number:
            raise Refusal("number-unknown", number=number)
        return self.candidate

    def check_in(self, number: str, secret: str) -> CandidateView:
        self._called("check_in", number, secret)
        if secret != (PIN if self.candidate.asks == "pin" else BIRTH_DATE):
            raise Refusal("identity-mismatch")
        self.checked_in = True
        return self.candidate

    def start(self, language: str) -> SittingView:
        self._called("start", language)
        self.station = msgspec.structs.replace(self.station, phase="running")
        return self._after(language=language, candidate=self.candidate)

    def resume(self) -> SittingView | None:
        self._called("resume")
        return self.view if self.station.phase in ("running", "paused", "ended") else None

    def show(self, item: str) -> SittingView:
        self._called("show", item)
        return self._after(current=item, cells=self._cells(item, seen=True))

    def choose(self, item: str, option: str, *, given: Reading | None = None) -> SittingView:
        self._called("choose", item, option)
        self.given = given
        self._require_running()
        return self._after(answers=self.view.answers | {item: option}, cells=self._cells(item, answered=True))

    def clear(self, item: str, *, given: Reading | None = None) -> SittingView:
        self._called("clear", item)
        self.given = given
        self._require_running()
        answers: dict[str, Response] = {name: a for name, a in self.view.answers.items() if name != item}
        return self._after(answers=answers, cells=self._cells(item, answered=False))

    def flag(self, item: str, on: bool) -> SittingView:
        self._called("flag", item, on)
        self._require_running()
        return self._after(cells=self._cells(item, flagged=on))

    def play(self, item: str, media: str, length_ms: int) -> SittingView:
        self._called("play", item, media, length_ms)
        self._require_running()
        plays = self.view.plays
        return self._after(plays=plays | {media: plays.get(media, 0) + 1})

    def set_language(self, language: str) -> SittingView:
        self._called("set_language", language)
        return self._after(language=language)

    def tick(self, *, given: Reading | None = None) -> SittingView:
        self._called("tick", given)
        return self.view

    def item(self, item: str) -> ShownItem:
        return msgspec.structs.replace(ITEMS[(self._number(item) - 1) % len(ITEMS)], id=item)

    def stimulus(self, stimulus: str) -> Stimulus:
        return {STIMULUS.id: STIMULUS}[stimulus]

    def media(self, name: str) -> bytes:
        return {"formula.svg": FORMULA, "picture.svg": PICTURE}[name]

    def finish(self) -> SealedView:
        self._called("finish")
        cells = self.view.cells
        answered = sum(cell.answered for cell in cells)
        self.sealed = SealedView(
            result="9a3f" * 16, slip="9J44-2MF7-WQX8-JCMA", sitting="s-1",
            qr_payload="CBT1 " + "9a3f" * 16 + " " + base64.b32encode(b"salt" * 8).decode().rstrip("="),
            ended_by="clock" if self.view.left_ms == 0 else "candidate", answered=answered,
            unanswered=len(cells) - answered, flagged=sum(cell.flagged for cell in cells),
            score=self.score, score_offered=self.score_offered,
        )  # fmt: skip
        self.station = msgspec.structs.replace(self.station, phase="sealed")
        return self.sealed

    def admit(self, proctor_key: bytes, pin: str) -> None:
        self._called("admit", proctor_key, pin)

    def copy_of(self, number: str) -> CopyView | None:
        self._called("copy_of", number)
        return CopyView(
            number=number, name="Siti", sitting="s-1", station="station/x/01", fence=1, answered=17, seq=40,
            left_ms=3_000_000, last_at="2026-12-01T10:11:12+07:00", status="running",
        )  # fmt: skip

    def take_over(
        self, number: str, second: object = None, proctor_key: bytes | None = None, pin: str = ""
    ) -> SittingView:
        self._called("take_over", number, second, proctor_key, pin)
        return self.start("id")

    def declare_second_lost(self, proctors: list[tuple[bytes, str]], words: str = "-") -> SittingView:
        assert words
        self._called("declare_second_lost", *proctors)
        return self.start("id")

    def score_code(self, code: str, venue_key: bytes | None = None, passphrase: str = "") -> ScoreView:
        self._called("score_code", code, venue_key, passphrase)
        if code != SCORE_CODE:
            raise Refusal("code-wrong", wait_ms=0)
        return SCORE

    def leave_full_screen(self, proctor_key: bytes, pin: str) -> None:
        self._called("leave_full_screen", proctor_key, pin)
        if pin != PIN:
            raise Refusal("passphrase-wrong")

    def try_again(self) -> SittingView:
        self._called("try_again")
        return self.change(stopped=False, alarm=None)

    def resume_here(self, proctor_key: bytes, pin: str) -> SittingView:
        self._called("resume_here", proctor_key, pin)
        if pin != PIN:
            raise Refusal("passphrase-wrong")
        return self.change(phase="running", paused_because="")

    # Inside

    def _called(self, name: str, *facts: object) -> None:
        if name in self._held:
            self._held[name].wait(10)
        if name != "tick":
            self.calls.append((name, *facts))
        if self._fail.get(name):
            raise self._fail[name].pop(0)

    def _require_running(self) -> None:
        if self.view.left_ms <= 0:
            raise Refusal("time-is-up", late_by_ms=12)

    def _number(self, item: str) -> int:
        return next(cell.number for cell in self.view.cells if cell.item == item)

    def _cells(self, item: str, **changed: bool) -> tuple[CellView, ...]:
        return tuple(msgspec.structs.replace(c, **changed) if c.item == item else c for c in self.view.cells)

    def _after(self, **changed: object) -> SittingView:
        self.wall_seconds += 7
        s, seq = self.wall_seconds, self.view.seq + 1
        wall = f"{s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}"
        saved = msgspec.structs.replace(self.view.saved, wall=wall, seq=seq)
        if str(self.view.alarm).startswith("disk-"):  # over with the first thing that is saved after it
            changed = {"alarm": None, **changed}
        return self.change(seq=seq, saved=saved, **changed)

    def _first_view(self, count: int) -> SittingView:
        names = [section for section, _, share in SECTIONS for _ in range(share)][:count]
        cells = tuple(
            CellView(item=f"soal-{n:03d}", number=n, section=s) for n, s in enumerate(names, start=1)
        )
        return SittingView(
            phase="running", seq=1, left_ms=5_530_000, allotted_ms=6_000_000, granted_ms=0,
            sections=tuple(SectionView(id=name, title=title) for name, title, _ in SECTIONS), cells=cells,
            current=cells[0].item, answers={}, language="id",
            option_order={cell.item: ("b", "a", "d", "c", "e") for cell in cells},
            saved=SavedView(level="station", wall="10:42:07", seq=1), candidate=self.candidate,
        )  # fmt: skip


SCORE = ScoreView(
    outcomes=(
        ScoreLine(id="TWK", title={"id": "Tes Wawasan Kebangsaan"}, score=Decimal(110), most=Decimal(150), threshold=Decimal(65), met=True),
        ScoreLine(id="TIU", title={"id": "Tes Intelegensia Umum"}, score=Decimal(75), most=Decimal(175), threshold=Decimal(80), met=False),
        ScoreLine(id="TKP", title={"id": "Tes Karakteristik Pribadi"}, score=Decimal(190), most=Decimal(225), threshold=Decimal(166), met=True),
    ),
    total=Decimal(375),
)  # fmt: skip
