"""The readable timeline of one sitting: who did what and when, with gaps, pauses, grants, warnings and the end.

Everything is read from a checked result: the journal's lines, the acts embedded in them, the notes around them. Nothing
is judged. What the evidence does not hold is said: the journal does not record where else each answer was durable when
it was acknowledged, only the level at which the whole was sealed.

Wall times are the station's own clock and decide nothing; the order, and the time left, are the journal's.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct

from cbt_station.artefacts.act import ActNote
from cbt_station.artefacts.result import slip_code
from cbt_station.errors import Tampered
from cbt_station.exam.dwell import measure
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
    SeatMoved,
    SittingEnded,
    SittingStarted,
    TimeWarned,
    WallClockJumped,
)
from cbt_station.exam.form import Form
from cbt_station.exam.interactions import Response
from cbt_station.exam.plays import Plays
from cbt_station.exam.sitting import SittingState, apply
from cbt_station.paper import dates
from cbt_station.results.evidence import Evidence
from cbt_station.sealing.body import Mode, read_body
from cbt_station.sealing.notes import Note, parse_note
from cbt_station.words import Words

LETTERS: Final = "ABCDEFGH"
"""What the screen writes beside the options, in the order in which they are shown."""


class Fact(Struct, frozen=True):
    """One line of the summary."""

    label: str
    value: str


class Line(Struct, frozen=True):
    """One event in words. `day` is said where it is another than the line's before; `marked` lines stand out."""

    seq: int
    day: str
    time: str
    left: str
    text: str
    marked: bool


class Timeline(Struct, frozen=True):
    """A sitting in one language."""

    title: str
    number: str
    name: str
    mode: Mode
    result: str
    facts: tuple[Fact, ...]
    lines: tuple[Line, ...]
    about: str
    """What this is, and is not."""


def tell(evidence: Evidence, words: Words) -> Timeline:
    """The timeline in the language of `words`."""
    entry = evidence.bundle.candidate
    return Timeline(
        title=words("timeline.title"),
        number=entry.number,
        name=entry.name,
        mode=evidence.notes.result.mode,
        result=evidence.result,
        facts=tuple(Fact(words(f"timeline.fact.{key}"), value) for key, value in _facts(evidence, words)),
        lines=tuple(_lines(evidence, words)),
        about=words("timeline.about", result=evidence.result),
    )


def as_text(timeline: Timeline, words: Words) -> str:
    """For a terminal or a letter: UTF-8 lines."""
    rule, room = "-" * 78, max(len(fact.label) for fact in timeline.facts)
    rows = [timeline.title, f"{timeline.number}  {timeline.name}"]
    if timeline.mode == "test":
        rows.append(words("results.mode.band"))
    rows += [rule, *(f"{fact.label:<{room}}  {fact.value}" for fact in timeline.facts), rule]
    number, time, left, what = (words(f"timeline.column.{name}") for name in ("seq", "time", "left", "what"))
    rows.append(f"  {number:>4}  {time:<8}  {left:>8}  {what}")
    for line in timeline.lines:
        if line.day:
            rows.append(f"  {line.day}")
        mark = "*" if line.marked else " "
        rows.append(f"{mark} {line.seq:>4}  {line.time:<8}  {line.left:>8}  {line.text}")
    return "\n".join([*rows, rule, timeline.about]) + "\n"


# --- the summary ------------------------------------------------------------------------------------------------


def _facts(evidence: Evidence, words: Words) -> Iterator[tuple[str, str]]:
    note, state, bundle = evidence.notes.result.body, evidence.state, evidence.bundle
    began, ended = dates.moment(note.started_at), dates.moment(note.ended_at)
    yield "session", note.session
    yield "venue", f"{evidence.venue_title} ({note.venue})"
    yield "station", note.station
    yield "seat", bundle.candidate.seat or "–"
    yield "admitted", ", ".join(line.name for line in evidence.notes.admit.note.signatures)
    yield "begun", ", ".join(line.name for line in evidence.notes.start.note.signatures)
    yield "span", dates.span(began, ended, words.lang)
    yield "ended", words(f"timeline.ended.{note.ended_by}")
    yield "accommodations", ", ".join(bundle.candidate.accommodations) or "–"
    yield "allotted", length(note.allotted_ms, words)
    yield "granted", length(note.granted_ms, words)
    yield "consumed", length(state.consumed_ms, words)
    yield "left", length(note.left_ms, words)
    yield "pauses", _spans(list(pauses(evidence.events)), words)
    for cause in ("power", "crash", "suspend", "stall"):
        yield f"gaps_{cause}", _spans([gap.length_ms for gap in state.gaps if gap.cause == cause], words)
    timing = measure([entry.item for entry in bundle.form.items], evidence.events)
    answered = words("timeline.answered", answered=len(state.answers), items=len(bundle.form.items))
    changed = words("timeline.changed", changes=sum(item.changes for item in timing.items))
    yield "answers", f"{answered}; {changed}"
    yield "level", words(f"timeline.level.{note.level}")
    yield "engine", note.engine
    yield "journal", words("timeline.journal", size=note.size)
    yield "root", note.root
    yield "result", evidence.result
    yield "slip", slip_code(evidence.result)


def pauses(events: Iterable[Event]) -> Iterator[int | None]:
    """How long each pause was, by the station's monotonic clock; None where the machine was started anew in it."""
    paused: ActDone | None = None
    for event in events:
        if isinstance(event, ActDone) and event.act == "pause":
            paused = event
        elif paused is not None and (
            isinstance(event, SittingEnded) or (isinstance(event, ActDone) and event.act == "resume")
        ):
            yield event.mono_ms - paused.mono_ms if event.boot == paused.boot else None
            paused = None


def _spans(lengths: list[int | None], words: Words) -> str:
    """How many, and how long together; said openly where a clock cannot tell."""
    if not lengths:
        return words("timeline.none")
    known = [one for one in lengths if one is not None]
    told = [words("timeline.spans", count=len(known), length=length(sum(known), words))] if known else []
    if len(known) < len(lengths):
        told.append(words("timeline.spans_unmeasured", count=len(lengths) - len(known)))
    return "; ".join(told)


# --- the lines --------------------------------------------------------------------------------------------------


def _lines(evidence: Evidence, words: Words) -> Iterator[Line]:
    teller = _Teller(evidence.bundle.form, words)
    day = ""
    for event in evidence.events:
        at = dates.moment(event.wall)
        today = f"{dates.day(at, words.lang)} ({dates.zone(at)})"
        yield Line(
            seq=event.seq,
            day=today if today != day else "",
            time=_clock(at, words),
            left=countdown(event.left_ms),
            text=teller.tell(event),
            marked=not isinstance(
                event, ItemShown | AnswerChosen | AnswerCleared | ItemFlagged | LanguageChosen | AudioPlayed
            ),
        )
        day = today


class _Teller:
    """Turns one event after another into a sentence; remembers what was before, to say what was changed."""

    def __init__(self, form: Form, words: Words) -> None:
        self._words = words
        self._places = {entry.item: place for place, entry in enumerate(form.items, start=1)}
        self._options = {entry.item: entry.options for entry in form.items}
        self._answers: dict[str, Response] = {}
        self._state: SittingState | None = None

    def tell(self, event: Event) -> str:
        before = self._state.plays if self._state is not None else Plays()
        self._state = apply(self._state, event)
        told = self._event(event)
        if isinstance(event, GapFound | SeatMoved):
            told += self._given_back(before, self._state.plays)
        return told

    def _event(self, event: Event) -> str:  # noqa: C901, PLR0911, PLR0912 - one return a kind of event
        words = self._words
        match event:
            case SittingStarted():
                allotted = length(event.allotted_ms, words)
                return words("timeline.event.started", allotted=allotted, language=event.language)
            case ItemShown(item=item):
                return words("timeline.event.shown", item=self._item(item))
            case AnswerChosen():
                return self._chosen(event)
            case AnswerCleared(item=item):
                before = self._answers.pop(item, None)
                facts = {"item": self._item(item), "before": self._answer(item, before)}
                return words("timeline.event.cleared", **facts) + self._late(event.late_ms)
            case ItemFlagged(item=item, on=on):
                return words(f"timeline.event.{'flagged' if on else 'unflagged'}", item=self._item(item))
            case LanguageChosen(language=language):
                return words("timeline.event.language", language=language)
            case AudioPlayed():
                return self._played(event)
            case AudioUnheard(item=item, media=media):
                return words("timeline.event.audio_unheard", item=self._item(item), recording=media)
            case TimeWarned(at_ms=at_ms):
                return words("timeline.event.warned", left=length(at_ms, words))
            case GapFound():
                return self._gap(event)
            case SeatMoved():
                before, after = (_clock(dates.moment(one), words) for one in (event.wall_before, event.wall))
                which = event.handover[:12]
                return words("timeline.event.moved", fence=event.fence, before=before, after=after, id=which)
            case WallClockJumped(by_ms=by_ms):
                way = "forward" if by_ms >= 0 else "back"
                return words(f"timeline.event.wall_{way}", by=length(abs(by_ms), words))
            case ActDone():
                return self._act(event)
            case SittingEnded(by=by):
                return words("timeline.event.ended", by=words(f"timeline.ended.{by}"))

    def _chosen(self, event: AnswerChosen) -> str:
        before = self._answers.get(event.item)
        self._answers[event.item] = event.answer
        facts = {"item": self._item(event.item), "answer": self._answer(event.item, event.answer)}
        if before is None:
            told = self._words("timeline.event.chosen", **facts)
        else:
            told = self._words("timeline.event.changed", before=self._answer(event.item, before), **facts)
        return told + self._late(event.late_ms)

    def _late(self, late_ms: int) -> str:
        return " " + self._words("timeline.late", late=length(late_ms, self._words)) if late_ms else ""

    def _played(self, event: AudioPlayed) -> str:
        count = self._state.plays.counted[event.media] if self._state is not None else 1
        facts = {"item": self._item(event.item), "recording": event.media, "count": count}
        return self._words(
            "timeline.event.audio_played", length=length(event.length_ms, self._words), **facts
        )

    def _given_back(self, before: Plays, after: Plays) -> str:
        """What an interruption did to the recordings that were sounding."""
        told = ""
        for media in sorted(before.counted):
            if after.counted[media] < before.counted[media]:
                told += self._words("timeline.play_given_back", recording=media)
        return told

    def _gap(self, event: GapFound) -> str:
        words = self._words
        cause = words(f"timeline.gap.{event.cause}")
        if event.length_ms is not None:
            return words("timeline.event.gap", cause=cause, length=length(event.length_ms, words))
        before, after = (_clock(dates.moment(one), words) for one in (event.wall_before, event.wall))
        return words("timeline.event.gap_unmeasured", cause=cause, before=before, after=after)

    def _act(self, event: ActDone) -> str:
        words = self._words
        act, signers = _read_act(event)
        what = words(f"timeline.act.{event.act}")
        if event.minutes:
            what += " " + words("timeline.granted", minutes=event.minutes)
        who = words("timeline.by", who=", ".join(signers)) if signers else words("timeline.unsigned")
        if act is None:
            return words("timeline.event.acted_bare", what=what, who=who)
        cause = words(f"timeline.cause.{act.cause}")
        return words(
            "timeline.event.acted", what=what, who=who, cause=cause, words=act.words, id=event.id[:12]
        )

    def _item(self, item: str) -> str:
        return self._words("timeline.item", place=self._places.get(item, "?"), item=item)

    def _answer(self, item: str, answer: Response | None) -> str:
        """An answer by its options' ids, and by the letters that the candidate saw."""
        if answer is None:
            return "–"
        chosen = (answer,) if isinstance(answer, str) else answer
        order = self._options.get(item, ())
        return ", ".join(
            self._words("timeline.option", option=one, letter=LETTERS[order.index(one)])
            if one in order[: len(LETTERS)]
            else one
            for one in chosen
        )


def _read_act(event: ActDone) -> tuple[ActNote | None, tuple[str, ...]]:
    """The act that the line embeds, and who signed it; in test mode an act may be unsigned, or say nothing at all."""
    if not event.note:
        return None, ()
    try:
        note = parse_note(event.note.encode())
    except Tampered:
        note = Note(event.note, ())
    return read_body(note.text, ActNote)[0], tuple(line.name for line in note.signatures)


# --- times ------------------------------------------------------------------------------------------------------


def length(ms: int, words: Words) -> str:
    """1 hour 40 minutes, 2 minutes 12.3 seconds, 0 seconds: in whole tenths of a second."""
    hours, rest = divmod(ms, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    whole, tenths = divmod(rest // 100, 10)
    seconds = f"{whole}{',' if words.lang == 'id' else '.'}{tenths}" if tenths else str(whole)
    parts = [words("timeline.hours", count=hours)] if hours else []
    parts += [words("timeline.minutes", count=minutes)] if minutes else []
    if seconds != "0" or not parts:
        parts.append(words("timeline.seconds", count=seconds))
    return " ".join(parts)


def countdown(ms: int) -> str:
    """1:39:58, as the candidate's screen counts: a begun second counts."""
    seconds = -(-ms // 1000)
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _clock(at: dt.datetime, words: Words) -> str:
    return at.strftime("%H.%M.%S" if words.lang == "id" else "%H:%M:%S")
