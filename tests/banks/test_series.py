"""The keys of the number series, computed from rules that stand apart from the items.

A series item whose stem does not show its rule's own terms, or whose key is not the rule's next term, fails here.
"""

import re
from fractions import Fraction
from itertools import islice

import pytest

from tests.banks.item_files import BANKS, indonesian, read_item, require_only_key
from tests.banks.series_rules import SERIES


@pytest.mark.parametrize("item", SERIES)
def test_next_term_is_the_keyed_option_and_no_other(item):
    series = SERIES[item]
    (answer,) = islice(series.terms(), series.asked, series.asked + 1)
    require_only_key(read_item(item), Fraction(answer), indonesian)


@pytest.mark.parametrize("item", SERIES)
def test_stem_shows_the_terms_of_the_rule(item):
    series = SERIES[item]
    shown = re.findall(r"\\frac\{\d+\}\{\d+\}|\d+", read_item(item).stem)
    assert [indonesian(term) for term in shown] == [
        Fraction(term) for term in islice(series.terms(), series.shown)
    ]


def test_every_series_item_has_its_rule():
    topics = re.compile(r"^topic: (numerik-deret|series)$", re.MULTILINE)
    items = {
        path.stem for path in BANKS.glob("*/items/**/*.md") if topics.search(path.read_text(encoding="utf-8"))
    }
    assert items == set(SERIES)
