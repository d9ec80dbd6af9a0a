"""A failure in a person's words: its sentence from the catalogue, with facts as people read them.

Milliseconds are given as minutes and seconds too (`left_ms=90000` also fills `{left}` with "1:30").
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
    return words(key, where=failure.where, **_readable(failure.facts))


def _readable(facts: dict[str, object]) -> dict[str, object]:
    spans = {
        name.removesuffix("_ms"): f"{value // 60_000}:{value // 1000 % 60:02d}"
        for name, value in facts.items()
        if name.endswith("_ms") and isinstance(value, int)
    }
    return spans | {name: value for name, value in facts.items() if name != "where"}
