"""Every candidate gets the time that is theirs: tried before a session is sealed, not hoped for on the day.

1. Names   an accommodation is known, and one that means extra time is written as the blueprint writes it, there once;
           extra time is not less time.
2. Trust   the trust list still holds when the last sitting that may begin would end.
3. Clock   each time that somebody of the rosters gets × start (first, middle, last moment of the window) × what may go
           wrong (crashes, power cuts, sleep, pauses, grants, all together) is played through `exam.clock` and
           `exam.sitting`, and the time in which an answer could be given is counted apart: it is allotted + granted,
           to a second.

The window gates the start and nothing else: a sitting that begins in its last moment has all of its time. What a crash
gives back in favour of the candidate (up to 2 s, since the last reading that was durable) is not counted here.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final, Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import asdict

from cbt_station.errors import Refusal, Tampered
from cbt_station.exam import clock as clocks
from cbt_station.exam import sitting
from cbt_station.exam.blueprint import Blueprint
from cbt_station.exam.clock import ExamClock, Gap, Reading
from cbt_station.exam.events import ActDone, Event, GapFound, SittingEnded, SittingStarted

TOLERANCE_MS: Final = 1_000
LONGEST_MS: Final = 24 * 3_600_000
COARSE_MS: Final = 9_000
"""Below `clock.LONGEST_STEP_MS`, beyond which the program is taken to have hung."""
FINE_MS: Final = 500
ACCOMMODATIONS: Final = (
    "additionalTestingTime", "answerMasking", "braille", "colorStyle", "invertDisplayPolarity", "lineReader",
    "longDescription", "magnification", "spoken", "structuredNavigation",
)  # fmt: skip
"""What a candidate may have besides what the blueprint grants time for, by 1EdTech PNP 3.0 names."""
_EXTRA_TIME: Final = "additionaltestingtime"
What: TypeAlias = Literal["crash", "power", "suspend", "pause", "grant"]


class Happening(Struct, frozen=True):
    """At a part of the allotted time (in thousandths) something goes wrong for `length_ms`; a grant gives `minutes`."""

    at: int
    what: What
    length_ms: int = 0
    minutes: int = 0


Course: TypeAlias = tuple[Happening, ...]
COURSES: Final[dict[str, Course]] = {
    "calm": (),
    "crash": (Happening(500, "crash", 90_000),),
    "power": (Happening(333, "power", 1_200_000),),
    "suspend": (Happening(500, "suspend", 900_000),),
    "pause": (Happening(250, "pause", 600_000),),
    "grant": (Happening(999, "grant", minutes=5),),
    "many": tuple(Happening(at, "crash", 15_000) for at in range(25, 1000, 50)),
    "all": (
        Happening(0, "crash", 1_000),
        Happening(100, "pause", 61_000),
        Happening(100, "crash", 30_000),
        Happening(400, "grant", minutes=15),
        Happening(400, "power", 3_600_000),
        Happening(700, "suspend", 28_800_000),
        Happening(700, "pause", 300_000),
        Happening(990, "grant", minutes=1),
        Happening(999, "power", 60_000),
    ),
}


def check_timing(
    blueprint: Blueprint,
    accommodations: Iterable[tuple[str, ...]],
    opens: dt.datetime,
    closes: dt.datetime,
    trusted_until: dt.datetime,
) -> None:
    """Raise Refusal where somebody could not get their time; `accommodations` are those of each candidate.

    Codes: timing-accommodation-unknown, timing-accommodation-unmatched, timing-extra-twice, timing-extra-less, timing-too-long, timing-trust-expires, timing-off.
    """
    sets = {(), *accommodations, *((extra.accommodation,) for extra in blueprint.extra_time)}
    _require_names(blueprint, sets)  # 1
    owed = {tuple(one): _owed_ms(blueprint, one) for one in sorted(sets)}
    last_end = closes + dt.timedelta(milliseconds=max(owed.values()))
    if trusted_until < last_end:  # 2
        raise Refusal("timing-trust-expires", expires=trusted_until.isoformat(), needed=last_end.isoformat())
    starts = {"first": opens, "middle": opens + (closes - opens) / 2, "last": closes}
    tried: set[int] = set()
    for whose, owed_ms in owed.items():  # 3
        where = ", ".join(whose) or blueprint.id
        allotted_ms = blueprint.allotted_for(whose)
        if allotted_ms != owed_ms:
            raise Refusal("timing-off", where=where, owed_ms=owed_ms, got_ms=allotted_ms, case="allotted")
        if owed_ms not in tried:
            _require_given(owed_ms, starts, where)
        tried.add(owed_ms)


def _require_names(blueprint: Blueprint, sets: Iterable[tuple[str, ...]]) -> None:
    extras = {extra.accommodation for extra in blueprint.extra_time}
    alike = {_squashed(name): name for name in extras} | {_EXTRA_TIME: ""}
    for name in sorted({name for one in sets for name in one} - extras):
        if _squashed(name) in alike:
            meant = alike[_squashed(name)] or "–"
            raise Refusal("timing-accommodation-unmatched", where=blueprint.id, name=name, meant=meant)
        if name not in ACCOMMODATIONS:
            known = ", ".join(sorted(extras | {*ACCOMMODATIONS}))
            raise Refusal("timing-accommodation-unknown", where=blueprint.id, name=name, known=known)
    if len(extras) < len(blueprint.extra_time):
        raise Refusal("timing-extra-twice", where=blueprint.id)
    for extra in blueprint.extra_time:
        if extra.allotted_ms < blueprint.allotted_ms:
            raise Refusal("timing-extra-less", where=extra.accommodation, allotted_ms=extra.allotted_ms)
    longest = max([blueprint.allotted_ms, *(extra.allotted_ms for extra in blueprint.extra_time)])
    if longest > LONGEST_MS:
        raise Refusal("timing-too-long", where=blueprint.id, allotted_ms=longest)


def _squashed(name: str) -> str:
    """additionalTestingTime, additional-testing-time and "Additional testing time" mean one thing."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _owed_ms(blueprint: Blueprint, accommodations: tuple[str, ...]) -> int:
    """What the blueprint's table says, read apart from `allotted_for`: the most of what is theirs."""
    owed = blueprint.allotted_ms
    for extra in blueprint.extra_time:
        if extra.accommodation in accommodations and extra.allotted_ms > owed:
            owed = extra.allotted_ms
    return owed


def _require_given(owed_ms: int, starts: dict[str, dt.datetime], where: str) -> None:
    for start, at in starts.items():
        for name, course in COURSES.items():
            total_ms = owed_ms + sum(one.minutes for one in course) * sitting.MINUTE_MS
            try:
                got_ms = _Seat(owed_ms, at).sit(course)
            except Tampered as error:
                raise Refusal(
                    "timing-off", where=where, owed_ms=total_ms, got_ms=0, case=f"{start}, {name}"
                ) from error
            if abs(got_ms - total_ms) > TOLERANCE_MS:
                raise Refusal(
                    "timing-off", where=where, owed_ms=total_ms, got_ms=got_ms, case=f"{start}, {name}"
                )


class _Seat:
    """One simulated sitting. `usable_ms` is the truth: real time in which the program ran and nobody had paused it."""

    def __init__(self, allotted_ms: int, start: dt.datetime) -> None:
        self._allotted_ms, self._start = allotted_ms, start
        self._passed_ms, self._slept_ms, self._boots, self._booted_ms = 0, 0, 0, 0
        self.usable_ms = self._granted_ms = 0
        self._clock: ExamClock = clocks.started(allotted_ms, self._now())
        self._seq = 0
        self._state: sitting.SittingState | None = None
        self._do(
            SittingStarted, sitting="s", start="", form="", allotted_ms=allotted_ms, language="id", fence=1
        )

    def sit(self, course: Course) -> int:
        """Until the clock ends it; the time in which answers counted."""
        for happening in course:
            self._run_until(self._allotted_ms * happening.at // 1000)
            self._suffer(happening)
        while not self._is_over():
            left = self._owed_ms - self.usable_ms
            if left < -2 * TOLERANCE_MS:
                return self.usable_ms  # the clock lets them go on for ever
            self._run(COARSE_MS if left > 2 * COARSE_MS else FINE_MS)
        self._clock = self._clock.paused(self._now())
        self._do(SittingEnded, by="clock")
        return self.usable_ms

    @property
    def _owed_ms(self) -> int:
        return self._allotted_ms + self._granted_ms

    def _run_until(self, usable_ms: int) -> None:
        while self.usable_ms < usable_ms and not self._is_over():
            self._run(min(COARSE_MS, usable_ms - self.usable_ms))

    def _is_over(self) -> bool:
        return self._clock.left_ms(self._now()) == 0

    def _run(self, ms: int) -> None:
        self._passed_ms += ms
        self.usable_ms += ms
        self._clock, gap = clocks.ticked(self._clock, self._now())
        self._found(gap)

    def _suffer(self, happening: Happening) -> None:
        match happening.what:
            case "pause":
                self._clock = self._clock.paused(self._now())
                self._act("pause")
                for ms in _steps(happening.length_ms):
                    self._passed_ms += ms
                    self._clock, _ = clocks.ticked(self._clock, self._now())
                self._clock = self._clock.resumed(self._now())
                self._act("resume")
            case "grant":
                ms = happening.minutes * sitting.MINUTE_MS
                self._clock = self._clock.advanced(self._now()).granted(ms)
                self._granted_ms += ms
                self._act("grant", happening.minutes)
            case "suspend":
                self._passed_ms += happening.length_ms
                self._slept_ms += happening.length_ms
                self._clock, gap = clocks.ticked(self._clock, self._now())
                self._found(gap)
            case what:
                self._passed_ms += happening.length_ms
                if what == "power":
                    self._boots, self._booted_ms = self._boots + 1, self._passed_ms
                self._clock, gap = clocks.reopened(self._clock, self._now())
                self._found(gap)

    def _found(self, gap: Gap | None) -> None:
        if gap is not None:
            self._do(GapFound, **asdict(gap))

    def _act(self, act: str, minutes: int = 0) -> None:
        self._do(ActDone, act=act, minutes=minutes, id="", note="")

    def _do(self, kind: type[Event], **own: Any) -> None:
        now, self._seq = self._now(), self._seq + 1
        left_ms = self._clock.left_ms(now)
        common: dict[str, Any] = {
            "seq": self._seq,
            "mono_ms": now.mono_ms,
            "boot": now.boot,
            "wall": now.wall,
            "left_ms": left_ms,
        }
        self._state = sitting.apply(self._state, kind(**common, **own))

    def _now(self) -> Reading:
        wall = self._start + dt.timedelta(milliseconds=self._passed_ms)
        return Reading(self._passed_ms - self._booted_ms, str(self._boots), wall.isoformat(), self._slept_ms)


def _steps(length_ms: int) -> Iterator[int]:
    while length_ms > 0:
        yield min(COARSE_MS, length_ms)
        length_ms -= COARSE_MS
