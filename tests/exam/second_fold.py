"""The time of a sitting from its journal's lines alone: a second reading, written apart from the product's.

Only JSON and sums; nothing of `cbt_station` is imported, and `left_ms` is what is checked, never what is used.

consumed, between two events of a running sitting = the monotonic time between them, but
    gap "crash", "stall"   up to the last durable reading before it (`mono_before_ms`)
    gap "power"            the same, in the boot before; what a new boot shows is no time of this sitting
    gap "suspend"          without the length of the sleep
    paused, ended          nothing
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

MINUTE_MS = 60_000


@dataclass
class Told:
    """What the lines tell."""

    allotted_ms: int = 0
    granted_ms: int = 0
    consumed_ms: int = 0
    running: bool = False
    ends: int = 0
    answers: dict = field(default_factory=dict)
    gaps: list = field(default_factory=list)
    wall_moved_ms: list = field(default_factory=list)

    @property
    def left_ms(self) -> int:
        return self.allotted_ms + self.granted_ms - self.consumed_ms


class FalseTimeError(Exception):
    """A line says another time than the lines before it allow."""


def fold_lines(lines: Iterable[str]) -> Told:
    """Everything told; FalseTimeError at the first line whose `left_ms` is not what these rules give."""
    told, before = Told(), None
    for number, line in enumerate(lines, start=1):
        event = json.loads(line)
        if before is not None and told.running:
            told.consumed_ms = min(
                told.consumed_ms + _spent_ms(before, event), told.allotted_ms + told.granted_ms
            )
        _count(told, event)
        if (event["seq"], event["left_ms"]) != (number, told.left_ms):
            raise FalseTimeError(f"line {number} says {event['left_ms']} ms left, not {told.left_ms}: {line}")
        before = event
    return told


def _spent_ms(before: dict, event: dict) -> int:
    if event["t"] in ("gap", "moved") and event.get("cause") != "suspend":
        return max(0, event["mono_before_ms"] - before["mono_ms"])
    if event["boot"] != before["boot"]:
        return 0
    slept = event["length_ms"] if event["t"] == "gap" else 0
    return max(0, event["mono_ms"] - before["mono_ms"] - slept)


def _count(told: Told, event: dict) -> None:
    match event["t"]:
        case "started":
            told.allotted_ms, told.running = event["allotted_ms"], True
        case "acted":
            told.granted_ms += event["minutes"] * MINUTE_MS
            told.running = {"pause": False, "resume": True, "reopen": True}.get(event["act"], told.running)
        case "ended":
            told.running, told.ends = False, told.ends + 1
        case "chosen":
            told.answers[event["item"]] = event["answer"]
        case "cleared":
            told.answers.pop(event["item"], None)
        case "gap":
            told.gaps.append(event)
        case "wall-jumped":
            told.wall_moved_ms.append(event["by_ms"])
