"""`cbt-station station` past the command line's frame, which takes as long to load as the window itself.

A candidate may be waiting in front of this start, after a power cut. So the plain case, known options each with its value,
is read here; anything else (help, a misspelt option, a missing one) is None and goes to the frame, which says it in the
usual words. That both read the same options is held by a test. Absent on purpose: typer, and any sentence.
"""

import os
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from cbt_station.words import LANGUAGES


class Start(Struct, frozen=True, kw_only=True):
    """What the command `station` was given."""

    session: Path
    data: Path
    venue_key: Path | None = None
    second: Path | None = None
    kiosk: bool = False
    pin: str | None = None
    lang: str = LANGUAGES[0]


_PATHS = ("session", "data", "venue_key", "second")
_NEEDED = {"session", "data"}


def read_start(arguments: Sequence[str]) -> Start | None:
    """The start that is asked for, or None where the frame has to look at it."""
    words = list(arguments)
    found: dict[str, str | bool] = {"lang": os.environ.get("CBT_LANG", LANGUAGES[0])}
    if words[:1] == ["--lang"]:
        found["lang"], words = (words[1:2] or [""])[0], words[2:]
    if words[:1] != ["station"] or not _read_options(words[1:], found):
        return None
    if found["lang"] not in LANGUAGES or not found.keys() >= _NEEDED:
        return None
    return Start(**{name: Path(str(value)) if name in _PATHS else value for name, value in found.items()})  # type: ignore[arg-type]  # names and kinds were checked above


def _read_options(words: Sequence[str], found: dict[str, str | bool]) -> bool:
    """Put each option into `found`; False at the first that is not plain."""
    left = iter(words)
    for word in left:
        name, equals, value = word.partition("=")
        field = name.removeprefix("--").replace("-", "_")
        if not name.startswith("--") or field not in Start.__struct_fields__ or field == "lang":
            return False
        if field == "kiosk":
            if equals:
                return False
            found[field] = True
            continue
        value = value if equals else next(left, "")
        if not value or value.startswith("-"):
            return False
        found[field] = value
    return True


def show_window(start: Start) -> int:
    """The candidate's window until it is closed; gives the exit code."""
    from cbt_station.delivery.clock import SystemClock
    from cbt_station.delivery.station import Station
    from cbt_station.screens.station import LOOK, run
    from cbt_station.screens.station.positions import titles_in
    from cbt_station.storage.files import read_bounded

    clock = SystemClock()
    station = Station.open(
        start.session, start.data, clock=clock, second=start.second, score_with=score_with, pinned=start.pin
    )
    try:
        key = read_bounded(start.venue_key, 1 << 16) if start.venue_key else None
        return run(
            station,
            venue_key=key,
            kiosk=start.kiosk,
            clock=clock,
            language=start.lang,
            position_title=titles_in(station.folder),
            look_file=start.data / LOOK,
        )
    finally:
        station.close()


def score_with(*asked):  # type: ignore[no-untyped-def]  # the signature is delivery's ScoreWith
    """What scores is loaded when a score is asked for, not when a station starts."""
    from cbt_station.results.on_screen import score_view

    return score_view(*asked)
