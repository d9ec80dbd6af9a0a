"""Dates as people read them, held to Unicode's own data through Babel. Times and zones on a sheet are in test_page.py."""

import datetime as dt

import pytest
from babel.dates import format_date

from cbt_station.paper.dates import day
from cbt_station.words import LANGUAGES


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_month_is_written_as_unicode_has_it(lang):
    for month in range(1, 13):
        date = dt.date(2026, month, month)
        assert day(date, lang) == format_date(date, "d MMMM y", locale=lang)
