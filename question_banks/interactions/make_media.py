"""Draws the pictures and sounds of this bank again: python question_banks/interactions/make_media.py

Lines and tones only, so that nothing in them depends on fonts; CC0-1.0 like the questions.
"""

import math
import struct
import wave
from pathlib import Path

from PIL import Image, ImageDraw

MEDIA = Path(__file__).parent / "media"
INK, SOFT, BLUE, RED, GREEN = "#22303a", "#dfe7ec", "#2b6cb0", "#c53030", "#2f855a"


def svg(name: str, width: int, height: int, *shapes: str) -> None:
    """Write a drawing."""
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
    ]
    (MEDIA / name).write_text(
        "\n".join([*lines, *(f"  {shape}" for shape in shapes), "</svg>", ""]), encoding="utf-8"
    )


def rect(x: int, y: int, w: int, h: int, fill: str = "white", stroke: str = INK) -> str:
    return (
        f'<rect x="{x}" y="{y}" width="{w}" height="{h}" fill="{fill}" stroke="{stroke}" stroke-width="2"/>'
    )


def line(x1: int, y1: int, x2: int, y2: int, stroke: str = INK, width: int = 2) -> str:
    return f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{stroke}" stroke-width="{width}"/>'


def circle(x: int, y: int, r: int, fill: str = "white", stroke: str = INK) -> str:
    return f'<circle cx="{x}" cy="{y}" r="{r}" fill="{fill}" stroke="{stroke}" stroke-width="2"/>'


def polygon(points: str, fill: str = "white", stroke: str = INK) -> str:
    return f'<polygon points="{points}" fill="{fill}" stroke="{stroke}" stroke-width="2"/>'


def plan() -> None:
    """A service office: waiting room, two counters, a meeting room, stairs."""
    svg(
        "denah.svg", 480, 300,
        rect(10, 10, 460, 280, SOFT),
        rect(10, 10, 200, 160), rect(210, 10, 130, 160), rect(340, 10, 130, 160), rect(10, 210, 140, 80),
        *(circle(50 + 40 * n, 60, 12, SOFT) for n in range(4)), *(circle(50 + 40 * n, 110, 12, SOFT) for n in range(4)),
        rect(235, 120, 80, 20, BLUE), rect(365, 120, 80, 20, BLUE),
        *(line(30 + 20 * n, 210, 30 + 20 * n, 290) for n in range(6)),
        polygon("440,215 440,275 400,245", GREEN), rect(440, 225, 26, 40, GREEN),
    )  # fmt: skip


def volcano() -> None:
    """A volcano cut open: crater, vent, chamber."""
    svg(
        "gunung-api.svg", 480, 320,
        rect(0, 0, 480, 320, "#eaf4fb", "#eaf4fb"),
        polygon("40,240 205,60 275,60 440,240", "#8d7b68"), rect(0, 240, 480, 80, "#6b5b4b"),
        polygon("205,60 275,60 255,90 225,90", RED), rect(230, 88, 20, 160, RED, RED),
        '<ellipse cx="240" cy="275" rx="110" ry="32" fill="#c53030" stroke="#22303a" stroke-width="2"/>',
    )  # fmt: skip


def shapes() -> None:
    """Six figures in a row."""
    svg(
        "bangun.svg", 540, 110,
        polygon("15,95 55,15 95,95"), rect(110, 20, 75, 75), circle(240, 57, 38), polygon("300,95 320,20 375,20 355,95"),
        polygon("400,57 440,15 480,57 440,99"), rect(495, 35, 36, 45),
    )  # fmt: skip


def sign() -> None:
    """A small warning sign, to stand within a line."""
    svg(
        "rambu.svg", 22, 20, polygon("11,1 21,19 1,19", "#f6c344"),
        '<rect x="10" y="7" width="2" height="6" fill="#22303a"/>', '<circle cx="11" cy="16" r="1.2" fill="#22303a"/>',
    )  # fmt: skip


def scale_bar() -> None:
    """A number line from 0 to 5 without numbers."""
    marks = [line(30 + 80 * n, 30, 30 + 80 * n, 50) for n in range(6)]
    svg("garis-bilangan.svg", 460, 80, line(20, 40, 440, 40), *marks)


def axes() -> None:
    """A coordinate grid of 10 by 10 squares, 36 pixels each; the origin is in the middle."""
    picture = Image.new("RGB", (361, 361), "white")
    draw = ImageDraw.Draw(picture)
    for step in range(11):
        at = step * 36
        draw.line([(at, 0), (at, 360)], fill="#cbd5dc")
        draw.line([(0, at), (360, at)], fill="#cbd5dc")
    draw.line([(180, 0), (180, 360)], fill=INK, width=3)
    draw.line([(0, 180), (360, 180)], fill=INK, width=3)
    for step in range(11):
        draw.line([(step * 36, 175), (step * 36, 185)], fill=INK, width=2)
        draw.line([(175, step * 36), (185, step * 36)], fill=INK, width=2)
    picture.save(MEDIA / "bidang.png", optimize=True)


def bars() -> None:
    """Three bars: 3, 5 and 2 units high."""
    picture = Image.new("RGB", (300, 220), "white")
    draw = ImageDraw.Draw(picture)
    for level in range(6):
        draw.line([(30, 200 - level * 36), (290, 200 - level * 36)], fill="#cbd5dc")
    for place, height in enumerate((3, 5, 2)):
        left = 60 + place * 80
        draw.rectangle(
            [(left, 200 - height * 36), (left + 44, 200)], fill=(BLUE, GREEN, RED)[place], outline=INK
        )
    draw.line([(30, 200), (290, 200)], fill=INK, width=3)
    draw.line([(30, 10), (30, 200)], fill=INK, width=3)
    picture.save(MEDIA / "diagram-batang.png", optimize=True)


RATE = 8_000


def tone(seconds: float, pitch: float) -> list[int]:
    """A tone that swells and fades, so that it does not click; pitch 0 is silence."""
    count = int(seconds * RATE)
    edge = max(1, min(count // 4, RATE // 100))
    return [
        round(90 * min(1, n / edge, (count - n) / edge) * math.sin(2 * math.pi * pitch * n / RATE))
        for n in range(count)
    ]


def sound(name: str, samples: list[int]) -> None:
    """Write 8-bit mono."""
    with wave.open(str(MEDIA / name), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(1)
        out.setframerate(RATE)
        out.writeframes(struct.pack(f"{len(samples)}B", *(128 + sample for sample in samples)))


def sounds() -> None:
    """Three short, three long, three short; and three notes that rise."""
    morse: list[int] = []
    for group in ((0.09,) * 3, (0.27,) * 3, (0.09,) * 3):
        for length in group:
            morse += tone(length, 600) + tone(0.09, 0)
        morse += tone(0.2, 0)
    sound("morse.wav", morse)
    sound("nada.wav", [sample for pitch in (262, 330, 392) for sample in tone(0.4, pitch) + tone(0.08, 0)])


if __name__ == "__main__":
    MEDIA.mkdir(exist_ok=True)
    for draw in (plan, volcano, shapes, sign, scale_bar, axes, bars, sounds):
        draw()
