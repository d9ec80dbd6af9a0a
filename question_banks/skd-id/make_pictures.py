"""The pictures of the figural items, drawn again by `python make_pictures.py [FOLDER]`.

Nothing here reads a clock, a font or chance: the same Pillow draws the same pixels. Lengths are pixels of the finished
picture; every picture is drawn four times as large and made smaller, so that edges are smooth. Meaning is never
carried by colour alone: a filling is white, black, striped, or (for a whole picture) one shade. What a picture shows as data (cells, lines, faces)
stands in a named constant, and the tests of the bank compute the answers from these constants.
"""

import sys
from collections.abc import Callable, Iterable
from math import cos, pi, radians, sin
from pathlib import Path

from PIL import Image, ImageDraw

Point = tuple[float, float]
Cells = frozenset[tuple[int, int]]

SCALE = 4
INK = "#16213a"
PAPER = "#ffffff"
FRAME = "#8a94a8"
SHADE = "#c9d3e6"
LINE = 3.0
BOX = 112
"""The side of one frame, of a series as of an option."""

# Directions of the arrow, in degrees clockwise from "up"; the fifth is asked for.
ARROW_SERIES = (0, 135, 270, 45)
ARROW_OPTIONS = {
    "panah-bawah": 180,
    "panah-kanan-bawah": 135,
    "panah-kiri-bawah": 225,
    "panah-kanan": 90,
    "panah-kiri-atas": 315,
}

# Places of the black and the white dot, column and row of a 3 × 3 grid; the fifth pair is asked for.
DOT_SERIES = (((0, 0), (1, 2)), ((2, 0), (2, 2)), ((2, 2), (2, 1)), ((0, 2), (2, 0)))
DOT_OPTIONS = {
    "titik-2": ((0, 0), (1, 0)),
    "titik-1": ((0, 0), (0, 1)),
    "titik-3": ((0, 0), (1, 2)),
    "titik-4": ((0, 1), (1, 0)),
    "titik-5": ((2, 0), (0, 0)),
}

# A shape of five squares; the options show it turned by quarter turns, and one turned mirror image.
SHAPE: Cells = frozenset({(1, 0), (2, 0), (0, 1), (1, 1), (1, 2)})
TURNED = {"putar-1": 0, "putar-2": 3, "putar-5": 1, "putar-4": 2}
MIRRORED = {"putar-3": 1}

# The lines of a square: top, bottom, left, right, falling and rising diagonal, horizontal and vertical middle.
STROKES: dict[str, tuple[Point, Point]] = {
    "T": ((0, 0), (1, 0)),
    "B": ((0, 1), (1, 1)),
    "L": ((0, 0), (0, 1)),
    "R": ((1, 0), (1, 1)),
    "D": ((0, 0), (1, 1)),
    "U": ((0, 1), (1, 0)),
    "H": ((0, 0.5), (1, 0.5)),
    "V": ((0.5, 0), (0.5, 1)),
}
STROKE_ROWS = (("TLD", "TR", "LRD"), ("BDH", "BLD", "LH"), ("TLBH", "TRBLD", None))
STROKE_OPTIONS = {
    "gabung-1": "HRD",
    "gabung-2": "TBLRHD",
    "gabung-3": "TLB",
    "gabung-4": "HD",
    "gabung-5": "HRU",
}

# The net of a cube: column, row and the sign on each face.
NET = {
    (0, 0): "segitiga",
    (1, 0): "bintang",
    (1, 1): "lingkaran",
    (2, 1): "silang",
    (2, 2): "wajik",
    (3, 2): "bulan sabit",
}

# Lines from the apex meet the base at these fractions; level lines lie at these fractions of the height.
FAN_FEET = (0.0, 1 / 3, 2 / 3, 1.0)
FAN_LEVELS = (0.42, 0.71, 1.0)


class Sheet:
    """A white picture on which everything is given in finished pixels."""

    def __init__(self, width: int, height: int) -> None:
        self.size = (width, height)
        self.image = Image.new("RGB", (width * SCALE, height * SCALE), PAPER)
        self.draw = ImageDraw.Draw(self.image)

    def line(self, points: Iterable[Point], width: float = LINE, ink: str = INK) -> None:
        """A line with round joints and round ends."""
        scaled = [(x * SCALE, y * SCALE) for x, y in points]
        self.draw.line(scaled, fill=ink, width=round(width * SCALE), joint="curve")
        radius = width * SCALE / 2
        for x, y in scaled:
            self.draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=ink)

    def polygon(self, corners: list[Point], fill: str) -> None:
        """A closed outline; `fill` is "white", "black", "shaded" or "striped"."""
        scaled = [(x * SCALE, y * SCALE) for x, y in corners]
        if fill == "striped":
            self._stripes(lambda mask: mask.polygon(scaled, fill=255))
        else:
            self.draw.polygon(scaled, fill={"white": PAPER, "black": INK, "shaded": SHADE}[fill])
        self.line([*corners, corners[0]])

    def circle(self, centre: Point, radius: float, fill: str) -> None:
        """A circle with the outline of a polygon."""
        (x, y), outer = centre, radius + LINE / 2
        box = tuple(value * SCALE for value in (x - outer, y - outer, x + outer, y + outer))
        self.draw.ellipse(box, fill=INK)
        if fill == "black":
            return
        inner = radius - LINE / 2
        hollow = tuple(value * SCALE for value in (x - inner, y - inner, x + inner, y + inner))
        self.draw.ellipse(hollow, fill=PAPER)
        if fill == "striped":
            self._stripes(lambda mask: mask.ellipse(hollow, fill=255))

    def _stripes(self, cut: Callable[[ImageDraw.ImageDraw], None]) -> None:
        mask = Image.new("L", self.image.size, 0)
        cut(ImageDraw.Draw(mask))
        stripes = Image.new("RGB", self.image.size, PAPER)
        pen = ImageDraw.Draw(stripes)
        width, height = self.image.size
        for start in range(-height, width, 9 * SCALE):
            pen.line((start, height, start + height, 0), fill=INK, width=round(2.6 * SCALE))
        self.image.paste(stripes, mask=mask)

    def frame(self, corner: Point, side: float = BOX) -> Point:
        """A thin rounded frame; returns its centre."""
        x, y = corner
        box = tuple(value * SCALE for value in (x + 1, y + 1, x + side - 1, y + side - 1))
        self.draw.rounded_rectangle(box, radius=10 * SCALE, outline=FRAME, width=round(1.6 * SCALE))
        return (x + side / 2, y + side / 2)

    def question_mark(self, centre: Point) -> None:
        """A question mark made of an arc, a stem and a dot: no font is read."""
        x, y = centre
        arc = [(x + 13 * cos(radians(a)), y - 14 + 13 * sin(radians(a))) for a in range(180, 421, 6)]
        self.line([*arc, (x, y + 4), (x, y + 10)], width=6)
        self.circle((x, y + 24), 2.6, "black")

    def save(self, path: Path) -> None:
        """The finished picture as PNG."""
        self.image.resize(self.size, Image.Resampling.LANCZOS).save(path, optimize=True)


def around(centre: Point, radius: float, corners: int, first: float = -90.0) -> list[Point]:
    """The corners of a regular polygon; one stands at `first` degrees (clockwise from the right)."""
    steps = [radians(first) + 2 * pi * step / corners for step in range(corners)]
    return [(centre[0] + radius * cos(a), centre[1] + radius * sin(a)) for a in steps]


def shape(sheet: Sheet, centre: Point, name: str, radius: float, fill: str) -> None:
    """A named shape; triangles and squares are a little larger so that all look equally big."""
    x, y = centre
    if name == "circle":
        sheet.circle(centre, radius, fill)
    elif name == "triangle":
        sheet.polygon(around((x, y + radius * 0.2), radius * 1.2, 3), fill)
    elif name == "square":
        sheet.polygon(around(centre, radius * 1.25, 4, -45), fill)
    elif name == "hexagon":
        sheet.polygon(around(centre, radius * 1.08, 6, 0), fill)
    else:
        sheet.polygon(around(centre, radius * 1.08, {"pentagon": 5, "heptagon": 7}[name]), fill)


def arrow(sheet: Sheet, centre: Point, degrees: float) -> None:
    """An arrow through the centre of its frame, pointing `degrees` clockwise from "up"."""
    turn = radians(degrees)

    def at(along: float, across: float) -> Point:
        return (
            centre[0] + along * sin(turn) + across * cos(turn),
            centre[1] - along * cos(turn) + across * sin(turn),
        )

    sheet.line([at(-36, 0), at(18, 0)], width=6)
    sheet.polygon([at(38, 0), at(12, 15), at(12, -15)], "black")


def dots(sheet: Sheet, centre: Point, places: tuple[tuple[int, int], tuple[int, int]]) -> None:
    """One black and one white dot in a 3 × 3 grid of places."""
    for (column, row), fill in zip(places, ("black", "white"), strict=True):
        sheet.circle((centre[0] + (column - 1) * 34, centre[1] + (row - 1) * 34), 10, fill)


def turned(cells: Cells, quarters: int) -> Cells:
    """Cells of a 3 × 3 grid after quarter turns clockwise."""
    for _ in range(quarters % 4):
        cells = frozenset((2 - row, column) for column, row in cells)
    return cells


def mirrored(cells: Cells) -> Cells:
    """Cells of a 3 × 3 grid as in a mirror, left for right."""
    return frozenset((2 - column, row) for column, row in cells)


def squares(sheet: Sheet, centre: Point, cells: Cells, side: float = 29) -> None:
    """Shaded squares side by side."""
    for column, row in sorted(cells):
        x, y = centre[0] + (column - 1.5) * side, centre[1] + (row - 1.5) * side
        sheet.polygon([(x, y), (x + side, y), (x + side, y + side), (x, y + side)], "shaded")


def strokes(sheet: Sheet, centre: Point, names: str, side: float = 66) -> None:
    """Some of the lines of a square."""
    for name in names:
        ends = [(centre[0] + (x - 0.5) * side, centre[1] + (y - 0.5) * side) for x, y in STROKES[name]]
        sheet.line(ends, width=4)


def sign(sheet: Sheet, centre: Point, name: str) -> None:
    """The sign on a face of the cube."""
    x, y = centre
    if name == "bintang":
        outer, inner = around(centre, 30, 5), around(centre, 12, 5, -54)
        sheet.polygon([corner for pair in zip(outer, inner, strict=True) for corner in pair], "black")
    elif name == "silang":
        sheet.line([(x - 20, y - 20), (x + 20, y + 20)], width=9)
        sheet.line([(x - 20, y + 20), (x + 20, y - 20)], width=9)
    elif name == "wajik":
        sheet.polygon([(x, y - 29), (x + 19, y), (x, y + 29), (x - 19, y)], "white")
    elif name == "bulan sabit":
        full = [(x - 3 + 27 * cos(radians(a)), y + 27 * sin(radians(a))) for a in range(50, 311, 4)]
        hollow = [(x + 7 + 20.6 * cos(radians(a)), y + 20.6 * sin(radians(a))) for a in range(285, 74, -4)]
        sheet.polygon([*full, *hollow], "black")
    else:
        shape(sheet, centre, {"segitiga": "triangle", "lingkaran": "circle"}[name], 23, "white")


def series(drawings: list[Callable[[Sheet, Point], None]]) -> Sheet:
    """Frames in a row, the last with a question mark."""
    sheet = Sheet(640, 144)
    for place, draw in enumerate([*drawings, Sheet.question_mark]):
        draw(sheet, sheet.frame((8 + place * (BOX + 16), 16)))
    return sheet


def option(draw: Callable[[Sheet, Point], None]) -> Sheet:
    """One frame."""
    sheet = Sheet(BOX + 8, BOX + 8)
    draw(sheet, sheet.frame((4, 4)))
    return sheet


def nested(outer: str, outer_fill: str, inner: str, inner_fill: str) -> Callable[[Sheet, Point], None]:
    """A small shape within a big one."""

    def draw(sheet: Sheet, centre: Point) -> None:
        shape(sheet, centre, outer, 36, outer_fill)
        x, y = centre
        middle = (x, y + 6) if outer == "triangle" else centre
        if outer_fill == "black":
            shape(sheet, middle, inner, 15, "white")
        shape(sheet, middle, inner, 13, inner_fill)

    return draw


def one(name: str, fill: str, radius: float = 34) -> Callable[[Sheet, Point], None]:
    """A single shape."""
    return lambda sheet, centre: shape(sheet, centre, name, radius, fill)


def pointing(degrees: float) -> Callable[[Sheet, Point], None]:
    """A single arrow."""
    return lambda sheet, centre: arrow(sheet, centre, degrees)


def dotted(places: tuple[tuple[int, int], tuple[int, int]]) -> Callable[[Sheet, Point], None]:
    """A pair of dots."""
    return lambda sheet, centre: dots(sheet, centre, places)


def celled(cells: Cells) -> Callable[[Sheet, Point], None]:
    """A shape of squares."""
    return lambda sheet, centre: squares(sheet, centre, cells)


def stroked(names: str | None) -> Callable[[Sheet, Point], None]:
    """Lines of a square, or the question mark."""
    if names is None:
        return Sheet.question_mark
    return lambda sheet, centre: strokes(sheet, centre, names)


def grid(rows: Iterable[Iterable[Callable[[Sheet, Point], None]]]) -> Sheet:
    """Three rows of three frames."""
    sheet = Sheet(3 * BOX + 40, 3 * BOX + 40)
    for y, row in enumerate(rows):
        for x, draw in enumerate(row):
            draw(sheet, sheet.frame((8 + x * (BOX + 12), 8 + y * (BOX + 12))))
    return sheet


def analogy() -> Sheet:
    """First to second as third to the question mark."""
    sheet = Sheet(640, 144)
    drawings = [
        nested("square", "white", "circle", "black"),
        nested("circle", "white", "square", "black"),
        nested("triangle", "white", "hexagon", "black"),
        Sheet.question_mark,
    ]
    for left, draw in zip((24, 176, 352, 504), drawings, strict=True):
        draw(sheet, sheet.frame((left, 16)))
    for x in (156, 484):
        sheet.circle((x, 62), 3, "black")
        sheet.circle((x, 82), 3, "black")
    for y in (64, 80):
        sheet.line([(308, y), (332, y)], width=5)
    return sheet


def net() -> Sheet:
    """Six square faces and their signs."""
    side = 96
    sheet = Sheet(4 * side + 24, 3 * side + 24)
    for (column, row), name in NET.items():
        x, y = 12 + column * side, 12 + row * side
        sheet.polygon([(x, y), (x + side, y), (x + side, y + side), (x, y + side)], "white")
        sign(sheet, (x + side / 2, y + side / 2), name)
    return sheet


def fan() -> Sheet:
    """A triangle cut by lines from its apex and by level lines."""
    sheet = Sheet(400, 280)
    apex, (left, right), base = (200.0, 16.0), (24.0, 376.0), 260.0
    feet = [(left + (right - left) * part, base) for part in FAN_FEET]
    for foot in feet:
        sheet.line([apex, foot])
    for level in FAN_LEVELS:
        ends = [
            tuple(a + (f - a) * level for a, f in zip(apex, foot, strict=True))
            for foot in (feet[0], feet[-1])
        ]
        sheet.line([(x, y) for x, y in ends])
    return sheet


MATRIX = (
    (("circle", "white"), ("square", "striped"), ("triangle", "black")),
    (("square", "black"), ("triangle", "white"), ("circle", "striped")),
    (("triangle", "striped"), ("circle", "black"), None),
)


def all_pictures() -> dict[str, Sheet]:
    """Every picture by the name of its file."""
    polygons = [("heptagon", "black"), ("hexagon", "white"), ("pentagon", "black"), ("square", "white")]
    matrix = [[Sheet.question_mark if cell is None else one(*cell) for cell in row] for row in MATRIX]
    stems = {
        "panah-deret": series([pointing(degrees) for degrees in ARROW_SERIES]),
        "segi-deret": series([one(*polygon) for polygon in polygons]),
        "titik-deret": series([dotted(places) for places in DOT_SERIES]),
        "analogi-soal": analogy(),
        "matriks-soal": grid(matrix),
        "gabung-soal": grid([[stroked(names) for names in row] for row in STROKE_ROWS]),
        "kubus-jaring": net(),
        "segitiga-hitung": fan(),
    }
    options = {
        "segitiga-hitam": one("triangle", "black"),
        "segitiga-putih": one("triangle", "white"),
        "segi-empat-hitam": one("square", "black"),
        "segi-lima-putih": one("pentagon", "white"),
        "lingkaran-hitam": one("circle", "black"),
        "analogi-4": nested("hexagon", "white", "triangle", "black"),
        "analogi-2": nested("hexagon", "black", "triangle", "white"),
        "analogi-3": nested("triangle", "black", "hexagon", "white"),
        "analogi-1": nested("hexagon", "white", "triangle", "white"),
        "analogi-5": nested("hexagon", "white", "hexagon", "black"),
        "matriks-5": one("square", "white"),
        "matriks-2": one("square", "striped"),
        "matriks-3": one("square", "black"),
        "matriks-4": one("triangle", "white"),
        "matriks-1": one("circle", "white"),
        **{name: pointing(degrees) for name, degrees in ARROW_OPTIONS.items()},
        **{name: dotted(places) for name, places in DOT_OPTIONS.items()},
        **{name: celled(turned(SHAPE, quarters)) for name, quarters in TURNED.items()},
        **{name: celled(turned(mirrored(SHAPE), quarters)) for name, quarters in MIRRORED.items()},
        **{name: stroked(names) for name, names in STROKE_OPTIONS.items()},
    }
    return stems | {name: option(draw) for name, draw in options.items()}


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "media"
    for name, sheet in all_pictures().items():
        sheet.save(folder / f"{name}.png")
