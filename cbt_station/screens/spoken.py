"""Failures and times in a person's words: the catalogue's sentence, with facts as people read them.

A fact `left_ms=90000` also fills `{left}` with "1:30" and `{left_s}` with "90"; a time of the protocol
("2026-11-24T08:00:00+07:00") is shown as "24 November 2026, 08.00 WIB".
"""

from cbt_station.errors import Failure
from cbt_station.words import Words


def sentence_of(failure: Failure | str, words: Words) -> str:
    """The sentence of a failure or of a bare code; a code without one is named, so that it can be reported."""
    code = failure if isinstance(failure, str) else failure.code
    key = f"error.{code}"
    if not words.knows(key):
        return words("station.failure_unknown", code=code)
    if isinstance(failure, str):
        return words(key)
    return words(key, where=failure.where, **_readable(failure.facts, words.lang))


def span_of(window: str, language: str) -> str:
    """A session's window ("opens/closes") as a date with hours and zone; as it is, if it is not that."""
    from cbt_station.paper.dates import moment, span

    opens, _, closes = window.partition("/")
    try:
        return span(moment(opens), moment(closes), language)
    except Failure:
        return window


def _readable(facts: dict[str, object], language: str) -> dict[str, object]:
    shown: dict[str, object] = {}
    for name, value in facts.items():
        shown[name] = _time_of(value, language) if isinstance(value, str) else value
        if name.endswith("_ms") and isinstance(value, int):
            bare, seconds = name.removesuffix("_ms"), -(-value // 1000)
            shown[bare], shown[f"{bare}_s"] = f"{seconds // 60}:{seconds % 60:02d}", seconds
    shown.pop("where", None)
    return shown


def _time_of(value: str, language: str) -> str:
    if not (len(value) >= 20 and value[:4].isdigit() and value[10:11] == "T"):
        return value
    from cbt_station.paper.dates import day, moment, zone

    try:
        at = moment(value)
    except Failure:
        return value
    return f"{day(at, language)}, {at.strftime('%H.%M' if language == 'id' else '%H:%M')} {zone(at)}"
