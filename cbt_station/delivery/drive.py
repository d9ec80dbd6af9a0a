"""The station without its screen: JSON lines in, JSON lines out, by the same `Station` that the screen uses.

The protocol is the table in `docs/commands.md`. A line is answered after what it asked for is durable, in order. The
time of an answer is when its line arrived. When the time ends, the line about the sealed result comes by itself.

In test mode an act may also be given by its parts: `{"do": "act", "act": "grant", "minutes": 5, "words": "…"}`.

A start that is refused as `second-place-needed` is answered by `{"do": "second-place-lost", "note": "…"}`, two proctors'
act. With `take_over` the start moves the sitting here from its second copy, if nothing here is to be resumed.
"""

import queue
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import msgspec

from cbt_station.artefacts.result import slip_code
from cbt_station.delivery.acts import SECOND_LOST
from cbt_station.delivery.clock import Clock
from cbt_station.delivery.station import Station
from cbt_station.delivery.station_inside import ScoreWith
from cbt_station.delivery.views import ScoreView, SealedView, SittingView
from cbt_station.errors import Failure, Refusal, Trouble
from cbt_station.exam.clock import Reading
from cbt_station.exam.interactions import Response

TICK_S = 0.9
"""Below a second, so that with every second tick kept no durable reading is older than 2 s."""
PATIENCE_S = 2.0
"""For the second place: a robot can wait longer than a person."""
MOST_LINE = 1 << 20
MOST_WAITING = 64
"""Lines that were read and not answered yet; who sends faster waits in the pipe, and no memory is filled."""
Out = dict[str, Any]


class Command(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line in."""

    do: str
    item: str = ""
    answer: Response = ""
    on: bool = True
    language: str = ""
    media: str = ""
    length_ms: int = 0
    note: str = ""
    act: str = ""
    minutes: int = 0
    words: str = "-"


@dataclass(frozen=True)
class DriveOptions:
    """What the command line knows; secrets come from options or the environment."""

    session: Path
    data: Path
    venue_key: bytes
    passphrase: str
    candidate: str
    code: str = ""
    score_code: str = ""
    second: Path | None = None
    language: str = ""
    take_over: bool = False
    """Move the sitting here; `proctor_key` and `pin` may be left out in a test."""
    proctor_key: bytes | None = None
    pin: str = ""
    cause: str = "technical"


def run_drive(
    stdin: TextIO,
    stdout: TextIO,
    options: DriveOptions,
    *,
    clock: Clock,
    score_with: ScoreWith | None = None,
) -> int:
    """Serve until the input ends. The exit code: 0, or that of the failure that let no sitting begin."""
    try:
        station = Station.open(
            options.session,
            options.data,
            clock=clock,
            second=options.second,
            patience_s=PATIENCE_S,
            score_with=score_with,
        )
    except Failure as failure:
        _say(stdout, failed(failure))
        return failure.exit_code
    try:
        return _Drive(station, stdout, options, clock).serve(stdin)
    finally:
        station.close()


def failed(failure: Failure) -> Out:
    """A failure as a line: kind, code, place and facts."""
    facts = {name: value for name, value in failure.facts.items() if isinstance(value, str | int | bool)}
    return {"ok": False, "kind": failure.kind, "code": failure.code, "where": failure.where, "facts": facts}


class _Drive:
    def __init__(self, station: Station, stdout: TextIO, options: DriveOptions, clock: Clock) -> None:
        self._station, self._stdout, self._options, self._clock = station, stdout, options, clock
        self._lines: queue.Queue[tuple[str, Reading] | None] = queue.Queue()
        self._arriving = threading.Lock()
        self._room = threading.Semaphore(MOST_WAITING)
        self._begun = False
        self._sealed: Out | None = None
        self._exit_code = 0

    def serve(self, stdin: TextIO) -> int:
        threading.Thread(target=self._read, args=(stdin,), daemon=True).start()
        while True:
            try:
                got = self._lines.get(timeout=TICK_S)
            except queue.Empty:
                self._tick()
                continue
            if got is None:
                return 0 if self._begun else self._exit_code
            self._room.release()
            _say(self._stdout, self._answer(*got))
            if self._lines.empty():
                self._tick()

    def _read(self, stdin: TextIO) -> None:
        """In its own thread: a line's time is when it arrived, however long the one before it takes."""
        try:
            while line := stdin.readline(MOST_LINE + 1):
                _skip_rest(stdin, line)
                if line.strip():
                    self._room.acquire()
                    with self._arriving:  # a line's time and its place in the queue are of one moment
                        self._lines.put((line, self._clock.read()))
        finally:  # also where the input is no text: the driver ends
            self._lines.put(None)

    def _tick(self) -> None:
        if self._begun and self._sealed is None:
            with self._arriving:
                if not self._lines.empty():
                    return  # what arrived before this tick is done before it
                asked = self._clock.read()
            view = self._station.tick(given=asked)
            if view.phase == "sealed":
                _say(self._stdout, self._sealed_line(self._station.finish()))

    def _answer(self, line: str, given: Reading) -> Out:
        try:
            return self._do(_read_command(line), given)
        except Failure as failure:
            if not self._begun:
                self._exit_code = failure.exit_code
            return failed(failure)

    def _do(self, command: Command, given: Reading) -> Out:
        if command.do == "start":
            return self._start(command)
        if not self._begun and command.do == SECOND_LOST:
            note = command.note.encode() or self._station.unsigned_act(SECOND_LOST, 0, command.words)
            return self._begun_with(self._station.second_place_lost(note))
        if not self._begun:
            raise Refusal("no-sitting")
        if self._sealed is not None:
            if command.do == "finish":
                return self._sealed
            raise Refusal("sitting-ended")
        if command.do == "finish":
            return self._sealed_line(self._station.finish())
        view = self._change(command, given)
        if view.phase == "sealed":
            return self._sealed_line(self._station.finish())
        return {
            "ok": True,
            "seq": view.seq,
            "saved": view.saved.level,
            "left_ms": view.left_ms,
            "head": self._station.head,
        }

    def _change(self, command: Command, given: Reading) -> SittingView:  # noqa: PLR0911 - one a command
        station = self._station
        match command.do:
            case "choose":
                return station.choose(command.item, command.answer, given=given)
            case "clear":
                return station.clear(command.item, given=given)
            case "flag":
                return station.flag(command.item, command.on)
            case "show":
                return station.show(command.item)
            case "play":
                return station.play(command.item, command.media, command.length_ms)
            case "language":
                return station.set_language(command.language)
            case "act":
                return station.act(self._act_note(command))
            case _:
                raise Refusal("command-unknown", command=command.do)

    def _act_note(self, command: Command) -> bytes:
        if command.act and not command.note:
            return self._station.unsigned_act(command.act, command.minutes, command.words)
        return command.note.encode()

    def _start(self, command: Command) -> Out:
        """Go on with what was cut off, or check in and start."""
        if self._sealed is not None:
            return self._sealed
        try:
            view = self._station.view() if self._begun else self._begin(command)
        except Refusal as refusal:
            result = refusal.facts.get("result")
            if refusal.code != "number-already-sat" or not result:
                raise
            self._begun, self._sealed = True, _sealed_line(str(result))
            return self._sealed
        return self._begun_with(view)

    def _begun_with(self, view: SittingView) -> Out:
        self._begun = True
        if view.phase == "sealed":
            return self._sealed_line(self._station.finish())
        return {
            "ok": True,
            "seq": view.seq,
            "state": view.phase,
            "left_ms": view.left_ms,
            "saved": view.saved.level,
            "answers": view.answers,
            "plays": view.plays,
            "items": [
                {"id": cell.item, "section": cell.section, "options": view.option_order[cell.item]}
                for cell in view.cells
            ],
        }

    def _begin(self, command: Command) -> SittingView:
        options, station = self._options, self._station
        resumable = station.info.resumable
        if resumable is not None:
            if resumable != options.candidate:
                raise Refusal("another-sitting-open", number=resumable)
            view = station.resume()
            if view is not None:
                return view
        if station.info.phase == "locked":
            if not options.code:
                raise Refusal("code-not-given")
            station.unlock(options.venue_key, options.passphrase, options.code)
        if options.take_over:
            return station.take_over(
                options.candidate, options.second, options.proctor_key, options.pin, options.cause
            )
        station.check_in_unasked(options.candidate)
        language = command.language or options.language or station.info.languages[0]
        return station.start(language)

    def _sealed_line(self, sealed: SealedView) -> Out:
        line = _sealed_line(sealed.result) | {
            "ended_by": sealed.ended_by,
            "answered": sealed.answered,
            "unanswered": sealed.unanswered,
        }
        if sealed.score_offered and self._options.score_code:
            try:
                score = self._station.score_code(
                    self._options.score_code, self._options.venue_key, self._options.passphrase
                )
                line["score"] = _score(score)
            except Failure as failure:
                line["score_failed"] = failed(failure)
        self._sealed = line
        return line


def _skip_rest(stdin: TextIO, line: str) -> None:
    """Of a line that is too long the beginning is kept, to be refused."""
    while len(line) > MOST_LINE and not line.endswith("\n"):
        line = stdin.readline(MOST_LINE + 1)


def _read_command(line: str) -> Command:
    if len(line) > MOST_LINE:
        raise Refusal("command-malformed")
    try:
        return msgspec.json.decode(line, type=Command)
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        raise Refusal("command-malformed") from error


def _sealed_line(result: str) -> Out:
    return {"ok": True, "state": "sealed", "result": result, "slip": slip_code(result)}


def _score(score: ScoreView) -> Out:
    return {
        "total": str(score.total),
        "outcomes": {line.id: {"score": str(line.score), "met": line.met} for line in score.outcomes},
    }


def _say(stdout: TextIO, out: Out) -> None:
    """One line, at once. A reader that went away is the driver's own business."""
    try:
        stdout.write(msgspec.json.encode(out).decode() + "\n")
        stdout.flush()
    except OSError as error:
        raise Trouble("output-closed") from error
