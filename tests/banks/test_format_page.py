"""The page that describes the format shows a bank that the reader takes, and the limits that the code has."""

import re
from pathlib import Path

from cbt_station.banks import pictures, source_text
from cbt_station.banks.native import faults, read_bank
from tests.banks.small_bank import put

PAGE = (Path(__file__).parents[2] / "docs" / "bank-format.md").read_text(encoding="utf-8")


def test_the_example_on_the_page_is_a_good_bank(tmp_path):
    head = re.search(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    item = re.search(r"```markdown\n(.*?)```", PAGE, re.DOTALL)
    put(tmp_path, {"bank.yaml": head[1].encode(), "items/tiu-014.md": item[1].encode()})
    assert faults(tmp_path) == ()
    assert list(read_bank(tmp_path).items[0].languages) == ["id", "en"]


def test_the_limits_on_the_page_are_those_of_the_code():
    assert f"{source_text.MOST_TEXT_BYTES >> 10} KiB" in PAGE
    assert f"{pictures.MOST_BYTES >> 20} MiB" in PAGE
    assert f"{pictures.MOST_SIDE:,} pixels a side" in PAGE
    assert f"{pictures.MOST_PIXELS // 1_000_000} million pixels" in PAGE
    assert f"{pictures.MOST_ELEMENTS:,} elements" in PAGE
    for element in pictures._ALLOWED:
        assert re.search(rf"\b{element}\b", PAGE)
