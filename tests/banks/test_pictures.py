"""The keys of the figural items, computed from the data that their pictures are drawn from.

Whether a picture looks right, people see; here: the stored pictures are those the script draws, and turning, folding,
laying over each other and counting give the keyed option and no other.
"""

import re
import runpy
from collections.abc import Callable
from fractions import Fraction
from itertools import combinations, pairwise

import pytest
from PIL import Image, ImageChops, ImageStat

from tests.banks.item_files import BANKS, ItemFile, indonesian, read_item, require_only_key

MEDIA = BANKS / "skd-id" / "media"
DRAWN = runpy.run_path(str(MEDIA.parent / "make_pictures.py"))
SHEETS = DRAWN["all_pictures"]()


def picture(text: str) -> str:
    """The name of the picture that an option is."""
    found = re.search(r"\(media/(.+)\.png\)", text)
    assert found, text
    return found[1]


def matching(item: ItemFile, shows: Callable[[str], bool]) -> list[str]:
    """The options whose picture shows what is wanted."""
    return [option for option, text in item.options.items() if shows(picture(text))]


@pytest.mark.parametrize("name", sorted(SHEETS))
def test_stored_picture_is_the_drawn_one(name, tmp_path):
    SHEETS[name].save(tmp_path / "drawn.png")
    with Image.open(tmp_path / "drawn.png") as drawn, Image.open(MEDIA / f"{name}.png") as stored:
        assert (stored.size, stored.mode) == (drawn.size, drawn.mode)
        # Another Pillow may smooth an edge otherwise; a dot or a line in another place is far above this.
        differences = ImageStat.Stat(ImageChops.difference(stored, drawn)).mean
        assert max(differences) < 0.5


def test_no_other_picture_is_stored():
    assert {path.stem for path in MEDIA.glob("*.png")} == set(SHEETS)


def test_arrow_turns_on_by_the_same_angle():
    series = DRAWN["ARROW_SERIES"]
    (step,) = {(after - before) % 360 for before, after in pairwise(series)}
    item = read_item("tiu-048")
    wanted = (series[-1] + step) % 360
    assert matching(item, lambda name: DRAWN["ARROW_OPTIONS"][name] == wanted) == [item.key]


def test_polygon_loses_a_side_and_changes_its_filling():
    assert picture(read_item("tiu-049").options[read_item("tiu-049").key]) == "segitiga-hitam"


def test_dots_walk_on():
    ring = [(0, 0), (1, 0), (2, 0), (2, 1), (2, 2), (1, 2), (0, 2), (0, 1)]
    walks = list(zip(*DRAWN["DOT_SERIES"], strict=True))
    wanted = []
    for walk in walks:
        places = [ring.index(place) for place in walk]
        (step,) = {(after - before) % 8 for before, after in pairwise(places)}
        wanted.append(ring[(places[-1] + step) % 8])
    item = read_item("tiu-051")
    assert matching(item, lambda name: DRAWN["DOT_OPTIONS"][name] == tuple(wanted)) == [item.key]


def test_matrix_lacks_one_shape_and_one_filling():
    matrix = DRAWN["MATRIX"]
    shapes, fills = {"circle", "square", "triangle"}, {"white", "striped", "black"}
    for line in (matrix[2], tuple(row[2] for row in matrix)):
        known = [cell for cell in line if cell]
        assert shapes - {shape for shape, _ in known} == {"square"}
        assert fills - {fill for _, fill in known} == {"white"}
    item = read_item("tiu-052")
    assert item.options[item.key].startswith("![Persegi putih]")


def test_one_shape_is_no_turn_of_the_others():
    turned, mirrored, shape = DRAWN["turned"], DRAWN["mirrored"], DRAWN["SHAPE"]
    shown = {name: turned(shape, quarters) for name, quarters in DRAWN["TURNED"].items()}
    shown |= {name: turned(mirrored(shape), quarters) for name, quarters in DRAWN["MIRRORED"].items()}
    item = read_item("tiu-053")

    def stands_alone(name: str) -> bool:
        turns = {turned(shown[name], quarters) for quarters in range(4)}
        return sum(other in turns for other in shown.values()) == 1

    assert matching(item, stands_alone) == [item.key]


def test_shared_lines_vanish():
    rows = DRAWN["STROKE_ROWS"]
    assert all(set(one) ^ set(other) == set(third) for one, other, third in rows[:2])
    item, wanted = read_item("tiu-054"), set(rows[2][0]) ^ set(rows[2][1])
    assert matching(item, lambda name: set(DRAWN["STROKE_OPTIONS"][name]) == wanted) == [item.key]


def folded(net: dict[tuple[int, int], str]) -> dict[tuple[int, int, int], str]:
    """The faces of a folded net by the direction they look."""
    start = min(net)
    found = {(0, 0, 1): net[start]}
    # Each face: where it looks, where its right edge lies, where its lower edge lies.
    walk = [(start, (0, 0, 1), (1, 0, 0), (0, -1, 0))]
    seen = {start}
    while walk:
        (x, y), out, right, down = walk.pop()
        steps = {
            (x + 1, y): (right, _back(out), down),
            (x - 1, y): (_back(right), out, down),
            (x, y + 1): (down, right, _back(out)),
            (x, y - 1): (_back(down), right, out),
        }
        for place, sides in steps.items():
            if place in net and place not in seen:
                seen.add(place)
                found[sides[0]] = net[place]
                walk.append((place, *sides))
    return found


def _back(direction: tuple[int, int, int]) -> tuple[int, int, int]:
    x, y, z = direction
    return (-x, -y, -z)


def test_face_opposite_the_star():
    cube = folded(DRAWN["NET"])
    assert len(cube) == 6
    (star,) = [direction for direction, name in cube.items() if name == "bintang"]
    require_only_key(read_item("tiu-055"), cube[_back(star)], str)


def test_triangles_are_counted():
    feet, levels = [Fraction(round(3 * foot), 3) for foot in DRAWN["FAN_FEET"]], DRAWN["FAN_LEVELS"]
    # A line is a·x + b·y = c with the apex at (0, 0), y growing downwards to the base at 1.
    rays = [(Fraction(1), Fraction(1, 2) - foot, Fraction(0)) for foot in feet]
    lines = [*rays, *((Fraction(0), Fraction(1), Fraction(str(level))) for level in levels)]
    count = sum(_meet_in_three_points(*three) for three in combinations(lines, 3))
    require_only_key(read_item("tiu-056"), Fraction(count), indonesian)


def _meet_in_three_points(*lines: tuple[Fraction, Fraction, Fraction]) -> bool:
    points = set()
    for (a, b, c), (d, e, f) in combinations(lines, 2):
        area = a * e - b * d
        if area == 0:
            return False
        points.add(((c * e - b * f) / area, (a * f - c * d) / area))
    return len(points) == 3
