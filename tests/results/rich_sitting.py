"""A sitting in which everything happened that a journal can tell: acts, gaps, grants, changes, a late answer."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from cbt_station.artefacts.act import ActNote
from cbt_station.artefacts.names import pool as pool_name
from cbt_station.artefacts.signed import sign
from cbt_station.exam.events import (
    ActDone,
    AnswerChosen,
    AnswerCleared,
    AudioPlayed,
    AudioUnheard,
    Event,
    GapFound,
    ItemFlagged,
    ItemShown,
    LanguageChosen,
    SittingEnded,
    SittingStarted,
    TimeWarned,
    WallClockJumped,
)
from cbt_station.exam.sitting import SittingState, apply
from cbt_station.results.evidence import EvidenceRoom
from cbt_station.sealing.body import Mode, write_body
from cbt_station.sealing.notes import SigningKey, parse_note
from tests.world import SESSION, Sat, act_body, identity, proctor, records_of, sit, sitting_key, world

Change: TypeAlias = Callable[[list[Event]], list[Event]]
BEGAN = dt.datetime.fromisoformat("2026-12-01T08:10:00+07:00")


@dataclass
class Story:
    """Events with their time, one after the other."""

    events: list[Event] = field(default_factory=list)
    state: SittingState | None = None
    passed_ms: int = 0
    boot: str = "b1"

    def do(self, kind: type[Event], after_ms: int = 0, *, idle_ms: int = 0, **own: Any) -> "Story":
        """After `after_ms` of exam time and `idle_ms` that nobody is charged for."""
        self.passed_ms += after_ms + idle_ms
        left = self.state.left_ms if self.state else own["allotted_ms"]
        if kind is ActDone and own["act"] == "grant":
            left += own["minutes"] * 60_000
        wall = BEGAN + dt.timedelta(milliseconds=self.passed_ms)
        event = kind(
            seq=len(self.events) + 1,
            mono_ms=self.passed_ms,
            boot=self.boot,
            wall=wall.isoformat(timespec="milliseconds"),
            left_ms=left - after_ms,
            **own,
        )
        self.events.append(event)
        self.state = apply(self.state, event)
        return self

    def act(
        self, body: ActNote, mode: Mode, *keys: SigningKey, after_ms: int = 0, idle_ms: int = 0
    ) -> "Story":
        """Signed by `keys`; by nobody: the bare text, as a driver in test mode does."""
        text = write_body(body, mode)
        note = sign(body, mode, *keys).decode() if keys else text
        note_id = parse_note(note.encode()).id if keys else parse_note_id(text)
        own = {"act": body.act, "minutes": body.minutes, "id": note_id, "note": note}
        return self.do(ActDone, after_ms, idle_ms=idle_ms, **own)


def parse_note_id(text: str) -> str:
    import hashlib

    return hashlib.sha256(text.encode()).hexdigest()


def rich_sitting(
    mode: Mode = "official",
    number: str = "26-0001",
    *,
    signed: bool = True,
    more: int = 0,
    change: Change = lambda events: events,
) -> Sat:
    """`more` adds so many looks from item to item, for a long journal; `change` makes it a dishonest one."""
    here = world(mode)
    first, second, third = (entry.item for entry in here.form(number).items[:3])
    keys, key = (proctor(),) if signed else (), sitting_key(here, number)
    answers: dict[str, str] = {}

    def happen(events: list[Event]) -> list[Event]:
        start = events[0]
        assert isinstance(start, SittingStarted)
        story = Story()
        common: dict[str, Any] = {
            "sitting": start.sitting,
            "start": start.start,
            "form": start.form,
            "fence": 1,
        }
        story.do(SittingStarted, allotted_ms=start.allotted_ms, language="id", **common)
        story.do(ItemShown, 1_200, item=first).do(AnswerChosen, 30_000, item=first, answer="a")
        story.do(ItemShown, 800, item=second).do(ItemFlagged, 5_000, item=second, on=True)

        def act(what: str, number: int, **changes: Any) -> ActNote:
            head = records_of(story.events, mode, start.sitting, key)[1].root
            kept = {"nonce": f"{number:032x}", "sitting": start.sitting, "minutes": 0, "head": head}
            return act_body(here, act=what, **{**kept, **changes})

        words = "Lampu padam di ruang 3"
        story.act(act("pause", 1, cause="environment", words=words), mode, *keys, after_ms=61_000)
        story.act(act("resume", 2, cause="environment", words="Menyala lagi"), mode, *keys, idle_ms=183_400)
        story.act(act("grant", 3, minutes=5, cause="technical", words="Gangguan"), mode, *keys, after_ms=900)
        story.do(AnswerChosen, 12_345, item=second, answer="c").do(ItemFlagged, item=second, on=False)
        story.do(AudioPlayed, item=second, media="lagu.ogg", length_ms=61_000)
        story.do(AudioUnheard, item=second, media="lagu.ogg")
        story.do(AudioPlayed, item=second, media="dialog.ogg", length_ms=61_000)
        before = story.events[-1].wall
        story.do(
            GapFound,
            1_500,
            idle_ms=42_000,
            cause="crash",
            length_ms=42_000,
            wall_before=before,
            mono_before_ms=1,
        )
        story.boot = "b2"
        before = story.events[-1].wall
        story.do(
            GapFound, idle_ms=600_000, cause="power", length_ms=None, wall_before=before, mono_before_ms=1
        )
        story.do(WallClockJumped, 10, by_ms=-7_200_000).do(LanguageChosen, 100, language="id")
        story.do(ItemShown, 2_000, item=first).do(AnswerChosen, 4_000, item=first, answer="b")
        story.do(ItemShown, 500, item=third).do(AnswerChosen, 3_000, item=third, answer="d")
        story.do(AnswerCleared, 700, item=third)
        for turn in range(more):
            story.do(ItemShown, 3_000, item=(first, second, third)[turn % 3])
        assert story.state is not None
        story.do(TimeWarned, story.state.left_ms - 299_700, at_ms=300_000)
        story.do(AnswerChosen, 299_700, item=second, answer="e", late_ms=400)
        story.do(SittingEnded, 0, by="clock")
        answers.update({first: "b", second: "e"})
        return change(story.events)

    notes: Mapping[str, Any] = {"granted_ms": 300_000, "left_ms": 0, "ended_by": "clock", "level": "second"}
    return sit(here, number, change_events=happen, bundle_changes={"answers": answers}, note_changes=notes)


def room(sat: Sat, mode: Mode = "official") -> EvidenceRoom:
    here = world(mode)
    folder = {**here.files, **here.sealed.committee}
    assert pool_name(SESSION) in folder
    return EvidenceRoom(sat.tree(), folder, here.trust, identity("results", "1"))
