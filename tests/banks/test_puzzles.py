"""The keys of the word puzzles, found by trying every arrangement: exactly one answer satisfies all conditions.

Only the puzzles' logic is here; that a condition is worded as it is computed, people read.
"""

from collections.abc import Callable, Iterator
from itertools import combinations, permutations

import pytest

from tests.banks.item_files import read_item, require_only_key, words

Places = dict[str, int]


def arrangements(names: str, first: int = 1) -> Iterator[Places]:
    """Every order of the names, as the place of each."""
    for order in permutations(names.split(", ")):
        yield {name: place for place, name in enumerate(order, first)}


def at(places: Places, wanted: int) -> str:
    """Who stands at a place."""
    return next(name for name, place in places.items() if place == wanted)


def queue() -> Iterator[str]:
    for p in arrangements("Ani, Beni, Citra, Dodi, Eka"):
        if p["Eka"] == 1 and p["Citra"] - p["Beni"] == 1 and p["Citra"] < p["Ani"] < p["Dodi"]:
            yield at(p, 3)


def services() -> Iterator[str]:
    for p in arrangements("kartu keluarga, KTP, akta kelahiran, pajak, paspor"):
        after = p["kartu keluarga"] - p["KTP"] == 1
        if p["pajak"] == 3 and after and p["akta kelahiran"] < p["KTP"] and p["paspor"] != 1:
            yield at(p, 2)


def speakers() -> Iterator[str]:
    days = {"Arif": {1, 3}, "Bunga": {2, 3, 5}, "Cakra": {1}, "Dian": {3, 4, 5}, "Endah": {1, 2}}
    for p in arrangements("Arif, Bunga, Cakra, Dian, Endah"):
        if all(p[name] in free for name, free in days.items()):
            yield at(p, 5)


def round_table() -> Iterator[str]:
    for p in arrangements("Rani, Surya, Tari, Umar, Vina, Wati", first=0):
        opposite = {name: at(p, (place + 3) % 6) for name, place in p.items()}
        beside = (p["Vina"] - p["Surya"]) % 6 in {1, 5}
        right = (p["Tari"] - p["Rani"]) % 6 == 1
        if opposite["Rani"] == "Surya" and opposite["Tari"] == "Umar" and right and not beside:
            yield at(p, (p["Umar"] + 1) % 6)


def team() -> Iterator[str]:
    offered = set(read_item("tiu-018").options.values())
    for three in combinations("PQRSTU", 3):
        rules = (
            "P" not in three or "Q" in three,
            not {"R", "S"} <= set(three),
            "T" not in three or "U" in three,
        )
        name = "{}, {}, dan {}".format(*three)
        if all(rules) and name in offered:
            yield name


def bearer_of_the_key() -> Iterator[str]:
    for bearer in ("Agus", "Bima", "Citra", "Dewi", "Eko"):
        said = (bearer != "Agus", bearer == "Dewi", bearer == "Bima", bearer != "Dewi", bearer != "Citra")
        if said.count(False) == 1:
            yield bearer


def floors() -> Iterator[str]:
    for p in arrangements("Arsip, Hukum, Humas, Kepegawaian, Keuangan, Perencanaan"):
        steps = p["Kepegawaian"] - p["Arsip"] == 1 and p["Keuangan"] - p["Hukum"] == 2
        if steps and p["Hukum"] > p["Kepegawaian"] and p["Humas"] % 2 == 0 and p["Perencanaan"] not in {1, 6}:
            yield at(p, 4)


def race() -> Iterator[str]:
    for p in arrangements("Ana, Ben, Cho, Dev, Eva"):
        if p["Eva"] < p["Cho"] < p["Ana"] and p["Dev"] - p["Ana"] == 1 and p["Ben"] < p["Eva"]:
            yield at(p, 3)


PUZZLES: dict[str, Callable[[], Iterator[str]]] = {
    "tiu-014": queue,
    "tiu-015": services,
    "tiu-016": speakers,
    "tiu-017": round_table,
    "tiu-018": team,
    "tiu-019": bearer_of_the_key,
    "tiu-020": floors,
    "verbal-009": race,
}


@pytest.mark.parametrize("item", PUZZLES)
def test_every_possible_arrangement_gives_the_keyed_option(item):
    (answer,) = set(PUZZLES[item]())
    require_only_key(read_item(item), answer, words)
