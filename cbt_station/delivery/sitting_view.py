"""Frozen views of a sitting, made from its state after that is durable."""

import base64
import binascii
from functools import lru_cache

from cbt_station.artefacts.journal import read_line
from cbt_station.artefacts.result import ResultNote, slip_code, slip_qr
from cbt_station.artefacts.roster import RosterEntry
from cbt_station.artefacts.signed import Signed
from cbt_station.delivery.acts import words_of
from cbt_station.delivery.clock import time_of_day
from cbt_station.delivery.running import RunningSitting
from cbt_station.delivery.views import (
    CandidateView,
    Phase,
    SavedView,
    SealedView,
    SittingView,
)
from cbt_station.errors import Tampered
from cbt_station.exam.clock import Reading
from cbt_station.exam.events import ActDone


def view_candidate(entry: RosterEntry) -> CandidateView:
    """Who the roster says this is."""
    try:
        photo = _decoded(entry.photo)
    except (binascii.Error, ValueError) as error:
        raise Tampered("malformed", where=f"roster: {entry.number}") from error
    return CandidateView(
        number=entry.number,
        name=entry.name,
        photo=photo,
        category=entry.category,
        position=entry.position,
        seat=entry.seat,
        accommodations=entry.accommodations,
        asks="pin" if entry.pin_check else "birth-date",
    )


@lru_cache(maxsize=2)
def _decoded(photo: str) -> bytes:
    """Once a candidate, not once an answer."""
    return base64.b64decode(photo, validate=True)


def view_sitting(
    running: RunningSitting,
    phase: Phase,
    now: Reading,
    *,
    live: bool,
    alarm: str | None,
    is_stopped: bool = False,
) -> SittingView:
    """The sitting as it stands. `live`: the time left now; else as of the last durable reading."""
    state, facts, second = running.state, running.facts, running.second
    form = facts.form
    return SittingView(
        phase=phase,
        seq=state.seq,
        left_ms=running.left_ms() if live else running.durable_left_ms(),
        allotted_ms=state.allotted_ms,
        granted_ms=state.granted_ms,
        sections=running.sections,
        cells=running.cells(),
        current=state.current or form.items[0].item,
        answers=state.answers,
        option_order=running.option_order,
        language=state.language,
        saved=SavedView(
            level=running.level,
            wall=time_of_day(running.journal.clock.at),
            seq=state.seq,
            alone=running.journal.is_elsewhere or running.journal.has_more_elsewhere,
        ),
        warning=running.warning,
        second_lagging=second is not None and second.is_lagging(now),
        alarm=alarm,
        stopped=is_stopped,
        candidate=view_candidate(facts.candidate),
        paused_because=_paused_because(running) if state.status == "paused" else "",
        plays=state.plays.counted,
    )


def view_sealed(running: RunningSitting, result: Signed[ResultNote], *, score_offered: bool) -> SealedView:
    """What the candidate takes home."""
    state, facts = running.state, running.facts
    answered = len(state.answers)
    return SealedView(
        result=result.id,
        slip=slip_code(result.id),
        qr_payload=slip_qr(result.id, facts.candidate.salt),
        sitting=facts.sitting,
        ended_by=result.body.ended_by,
        answered=answered,
        unanswered=len(facts.form.items) - answered,
        flagged=len(state.flagged),
        score_offered=score_offered,
    )


def _paused_because(running: RunningSitting) -> str:
    """The words of the act that paused it."""
    for record in reversed(running.journal.records):
        event = read_line(record.line)
        if isinstance(event, ActDone) and event.act == "pause":
            return words_of(event.note)
    return ""
