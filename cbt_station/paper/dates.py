"""Dates, times and numbers as people read them, in Indonesian and English; times always with their zone.

The months stand here and not in a library of all languages: the locked station shows a date before anything else.
"""

import datetime as dt
from decimal import Decimal

from cbt_station.errors import Tampered

_MONTHS = {
    "id": [
        "Januari",
        "Februari",
        "Maret",
        "April",
        "Mei",
        "Juni",
        "Juli",
        "Agustus",
        "September",
        "Oktober",
        "November",
        "Desember",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
_ZONES = {7: "WIB", 8: "WITA", 9: "WIT"}


def moment(text: str) -> dt.datetime:
    """An RFC 3339 time with its offset, or Tampered("malformed")."""
    try:
        at = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise Tampered("malformed", where="time") from error
    if at.tzinfo is None:
        raise Tampered("malformed", where="time without zone")
    return at


def zone(at: dt.datetime) -> str:
    """WIB, WITA or WIT for Indonesia's offsets, UTC±hh:mm for any other."""
    offset = at.utcoffset() or dt.timedelta()
    hours, rest = divmod(int(offset.total_seconds()), 3600)
    return (
        _ZONES[hours]
        if not rest and hours in _ZONES
        else f"UTC{at.strftime('%z')[:3]}:{at.strftime('%z')[3:5]}"
    )


def day(at: dt.date, lang: str) -> str:
    """24 November 2026."""
    return f"{at.day} {_MONTHS[lang][at.month - 1]} {at.year}"


def span(start: dt.datetime, end: dt.datetime, lang: str) -> str:
    """24 November 2026, 08.00–09.40 WIB."""
    shape = "%H.%M" if lang == "id" else "%H:%M"
    first = f"{day(start, lang)}, {start.strftime(shape)}"
    if start.date() == end.date() and start.utcoffset() == end.utcoffset():
        return f"{first}–{end.strftime(shape)} {zone(start)}"
    return f"{first} {zone(start)} – {day(end, lang)}, {end.strftime(shape)} {zone(end)}"


def number(value: Decimal, lang: str) -> str:
    """A score as it is printed: 412, or 2,5 (Indonesian) and 2.5 (English); never 1E+1 or 5.00."""
    text = format(value.normalize(), "f")
    text = "0" if text in {"-0", ""} else text
    return text.replace(".", ",") if lang == "id" else text
