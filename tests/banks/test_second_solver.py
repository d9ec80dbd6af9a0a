"""Every keyed item of these banks was solved again from a listing without keys, with the same option as result.

Each file's head says who solved and when, and which items were reworded since. Where the author solved again
(general-en), this finds slips of the key, not faults of judgement that both passes share. A key that is changed, or an
item that is added, must be solved again before this passes.
"""

import pytest
import yaml

from tests.banks.item_files import BANKS, read_item

SOLVED = {
    "skd-id/second-solver/tiu.yaml": ["tiu"],
    "skd-id/second-solver/twk.yaml": ["twk"],
    "general-en/second-solver.yaml": ["verbal", "numeric"],
}


@pytest.mark.parametrize("file", SOLVED)
def test_solving_again_agrees_with_every_key(file):
    solved = yaml.safe_load((BANKS / file).read_text(encoding="utf-8"))
    items = [
        path.stem
        for folder in SOLVED[file]
        for path in (BANKS / file.split("/")[0] / "items" / folder).glob("*.md")
    ]
    assert solved == {item: read_item(item).key for item in items}
