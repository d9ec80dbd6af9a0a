"""The score sheet of one candidate on paper: A4, in Indonesian with English beneath, or the other way round.

Only drawing: what stands here was decided elsewhere, and the numbers that count are those of the attached note. Long
names get smaller, then break; many sections run on to a second page; nothing is clipped. Lengths are millimetres.
"""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from msgspec import Struct

from cbt_station.artefacts.result import slip_code
from cbt_station.exam.ranking import PlacingStatus
from cbt_station.paper import dates, fonts, page
from cbt_station.paper.fonts import Face
from cbt_station.paper.page import ACCENT, GOLD, INK, LINE, MUTED, TINT, WIDTH, Block, Paper
from cbt_station.results.placing import STATUS_KEYS
from cbt_station.sealing.body import Mode
from cbt_station.words import Words, in_language, words_in

LEFT: Final = 20.0
ROOM: Final = WIDTH - 2 * LEFT
BOTTOM: Final = 280.0
QR_WIDTH: Final = 46.0
PHOTO: Final = (30.0, 40.0)
LABEL_ROOM: Final = 42.0
CORAL: Final = "#a4561b"
_COLOURS: Final[dict[PlacingStatus, tuple[str, str]]] = {
    "P/L": ("#1d6b3f", "#eef6f0"),
    "P": (ACCENT, "#eef3f9"),
    "TL": ("#8a4b08", "#faf3ea"),
    "TS": ("#4a5563", "#f2f4f6"),
    "TH": ("#4a5563", "#f2f4f6"),
    "DIS": ("#8c1d2f", "#faeef0"),
}
_COLUMNS: Final = (89.0, 113.0, 138.0, 143.0)
"""Where score, most and threshold end, and where the remark begins, from the left margin."""

_SHORT_FACTS: Final = ((0.0, 46.0), (87.0, 113.0), (130.0, 160.0))
"""Where label and value of a short fact begin, from the left margin."""


class ScoreRow(Struct, frozen=True):
    """A section, or the total: what was scored, the most, the threshold (None: there is none)."""

    title: dict[str, str]
    scored: Decimal
    most: Decimal
    least: Decimal | None


class SheetContent(Struct, frozen=True, kw_only=True):
    """Everything that the paper says. `why` is in the paper's language; times are RFC 3339."""

    mode: Mode
    issuer: str
    exam: dict[str, str]
    session: str
    source: str
    name: str
    number: str
    position: str
    category: str
    venue: str
    photo: bytes
    rows: tuple[ScoreRow, ...]
    status: PlacingStatus
    rank: int | None
    cut: int
    why: str
    issued: dt.date
    note: bytes
    note_id: str
    supersedes: str | None
    scoring: int
    trust: str
    score_key: str
    started: str | None = None
    ended: str | None = None
    result: str | None = None
    form: str | None = None
    edition: str | None = None
    engine: str | None = None
    emblem: bytes = b""


def draw_sheet(content: SheetContent, lang: str) -> bytes:
    """The unsigned PDF: the same bytes for the same content."""
    return _Sheet(content, words_in(lang), words_in("en" if lang == "id" else "id")).draw()


class _Sheet:
    def __init__(self, content: SheetContent, words: Words, beneath: Words) -> None:
        self.content, self.words, self.beneath = content, words, beneath
        self.lang = words.lang
        title = f"{words('results.sheet.title')} {content.number} {content.name}"
        self.paper = Paper(title, self.lang, content.issuer, self._in(content.exam))
        room = ROOM - 48
        self._heads = (
            page.fitted(content.issuer.upper(), 14, room, "bold", least=11),
            page.fitted(self._in(content.exam), 11.5, room, least=9.5),
        )
        # A letterhead of two single lines needs no more than its usual place.
        self._head_room = sum((len(lines) - 1) * page.leading(size) for size, lines in self._heads)

    def draw(self) -> bytes:
        blocks = [self._candidate(), *self._scores(), self._verdict(), self._authenticity(), self._facts()]
        first, following = self._first_top(), self._next_top()
        pages = page.paginate(blocks, BOTTOM - first, BOTTOM - following)
        for number, placed in enumerate(pages, start=1):
            if number > 1:
                self.paper.next_page()
            top = self._letterhead() if number == 1 else self._continued()
            for block in placed:
                block.draw(self.paper, top)
                top += block.height
            self._footer(number, len(pages))
        return self.paper.finish()

    # --- what every page has

    @property
    def _test_room(self) -> float:
        return 5.0 if self.content.mode == "test" else 0.0

    def _first_top(self) -> float:
        return 53.5 + self._test_room + self._head_room

    def _next_top(self) -> float:
        return 24.0 + self._test_room

    def _band(self) -> None:
        if self.content.mode == "test":
            self.paper.across(self.words("results.mode.across"), 92, "#f6ede4")
            self.paper.box(0, 0, WIDTH, 9, fill=CORAL)
            text = f"{self.words('results.mode.band')}  ·  {self.beneath('results.mode.band')}"
            self.paper.text(WIDTH / 2, 5.9, text, 9.5, "bold", "#ffffff", "middle")
            return
        self.paper.box(0, 0, WIDTH, 4, fill=ACCENT)
        self.paper.box(0, 4, WIDTH, 0.7, fill=GOLD)

    def _letterhead(self) -> float:
        content, paper = self.content, self.paper
        self._band()
        top = self._test_room
        if content.emblem:
            paper.picture(LEFT, top + 8.5, 20, 20, content.emblem)
        y = top + 15.5
        for (size, lines), face in zip(self._heads, ("bold", "text"), strict=True):
            for line in lines:
                paper.text(WIDTH / 2, y, line, size, "bold" if face == "bold" else "text", INK, "middle")
                y += page.leading(size)
            y += 0.6
        paper.text(WIDTH / 2, y, self._session_line(), 8.5, "text", MUTED, "middle")
        top += self._head_room
        paper.rule(LEFT, top + 31, ROOM, 0.8, INK)
        paper.rule(LEFT, top + 32.1, ROOM, 0.2, INK)
        title = self.words("results.sheet.title").upper()
        paper.text(WIDTH / 2, top + 41, title, 18, "bold", ACCENT, "middle")
        number = f"{self.words('results.sheet.number')} {slip_code(content.note_id)}"
        beneath = f"{self.beneath('results.sheet.title')}  ·  {number}"
        paper.text(WIDTH / 2, top + 47, beneath, 9.5, "text", MUTED, "middle")
        return self._first_top()

    def _session_line(self) -> str:
        session = f"{self.words('results.sheet.session')} {self.content.session}"
        return f"{session}  ·  {self.content.source}" if self.content.source else session

    def _continued(self) -> float:
        self._band()
        y = self._test_room + 14
        whose = f"{self.content.number}  ·  {self.content.name}"
        size, lines = page.fitted(whose, 10.5, ROOM - 50, "bold", least=7.5, most_lines=1)
        self.paper.text(LEFT, y, lines[0] + (" …" if lines[1:] else ""), size, "bold")
        self.paper.text(LEFT + ROOM, y, self.words("results.sheet.continued"), 9, "text", MUTED, "end")
        self.paper.rule(LEFT, y + 3, ROOM, 0.3, INK)
        return self._next_top()

    def _footer(self, number: int, count: int) -> None:
        paper = self.paper
        paper.rule(LEFT, 282, ROOM, 0.3, LINE)
        paper.lines(
            LEFT,
            285.6,
            fonts.wrapped(self.words("results.sheet.footer"), "text", 7, (ROOM - 42) / page.POINT),
            7,
            "text",
            MUTED,
        )
        paper.text(
            LEFT + ROOM,
            285.6,
            self.words("results.sheet.page", number=number, count=count),
            8,
            "bold",
            MUTED,
            "end",
        )
        paper.text(LEFT + ROOM, 289.2, slip_code(self.content.note_id), 7.5, "code", MUTED, "end")

    # --- the blocks

    def _candidate(self) -> Block:
        content = self.content
        facts: list[tuple[str, str, float, Face]] = [
            ("name", content.name, 13.0, "bold"),
            ("candidate_number", content.number, 11.0, "bold"),
        ]
        facts += [("position", content.position, 10.5, "text"), ("category", self._category(), 10.5, "text")]
        facts += [("venue", content.venue, 10.5, "text")]
        if content.started and content.ended:
            taken = dates.span(dates.moment(content.started), dates.moment(content.ended), self.lang)
            facts += [("time", taken, 10.5, "text")]
        room = ROOM - LABEL_ROOM - PHOTO[0] - 6
        rows = [
            self._fact_row(f"results.sheet.{key}", value, size, face, room)
            for key, value, size, face in facts
        ]
        height = max(sum(row.height for row in rows), PHOTO[1]) + 4

        def draw(paper: Paper, top: float) -> None:
            self._photo(LEFT + ROOM - PHOTO[0], top)
            for row in rows:
                row.draw(paper, top)
                top += row.height

        return Block(height, draw)

    def _photo(self, x: float, y: float) -> None:
        if self.content.photo:
            self.paper.picture(x, y, *PHOTO, self.content.photo)
        else:
            self.paper.box(x, y, *PHOTO, fill=TINT)
            self.paper.text(
                x + PHOTO[0] / 2, y + 21, self.words("results.sheet.no_photo"), 8, "text", MUTED, "middle"
            )
        self.paper.box(x, y, *PHOTO, stroke=LINE)

    def _fact_row(self, key: str, value: str, size: float, face: Face, room: float) -> Block:
        chosen, lines = page.fitted(value or "–", size, room, face)
        height = max(7.4, len(lines) * page.leading(chosen) + 2.4)

        def draw(paper: Paper, top: float) -> None:
            paper.text(LEFT, top + 3.4, self.words(key), 9, "text", MUTED)
            paper.text(LEFT, top + 6.1, self.beneath(key), 6.8, "italic", MUTED)
            paper.lines(LEFT + LABEL_ROOM, top + 4, lines, chosen, face)

        return Block(height, draw)

    def _scores(self) -> list[Block]:
        if not self.content.rows:
            return []
        heading = Block(9.5, self._draw_table_heading)
        *sections, total = self.content.rows
        rows = [self._score_row(row, heading) for row in sections]
        return [
            heading,
            *rows,
            self._score_row(total, heading, total=True),
            Block(4.5, lambda _paper, _top: None),
        ]

    def _draw_table_heading(self, paper: Paper, top: float) -> None:
        paper.box(LEFT, top, ROOM, 9.5, fill=ACCENT)
        ends: Sequence[tuple[str, float, page.Align]] = (
            ("section", 3.0, "start"),
            ("score", _COLUMNS[0], "end"),
            ("most", _COLUMNS[1], "end"),
            ("least", _COLUMNS[2], "end"),
            ("remark", _COLUMNS[3], "start"),
        )
        for key, x, align in ends:
            paper.text(LEFT + x, top + 4.2, self.words(f"results.sheet.{key}"), 9, "bold", "#ffffff", align)
            paper.text(
                LEFT + x, top + 7.6, self.beneath(f"results.sheet.{key}"), 6.8, "italic", "#dbe5f0", align
            )

    def _score_row(self, row: ScoreRow, heading: Block, *, total: bool = False) -> Block:
        face: Face = "bold" if total else "text"
        size = 12.0 if total else 10.5
        chosen, lines = page.fitted(self._in(row.title), size, _COLUMNS[0] - 18, face, least=8.5)
        height = len(lines) * page.leading(chosen) + (4.2 if total else 3.2)

        def draw(paper: Paper, top: float) -> None:
            if total:
                paper.box(LEFT, top, ROOM, height, fill=TINT)
                paper.rule(LEFT, top, ROOM, 0.4, ACCENT)
            base = top + (5.6 if total else 4.9)
            paper.lines(LEFT + 3, base, lines, chosen, face)
            least = "–" if row.least is None else self._figure(row.least)
            for x, text, style in (
                (_COLUMNS[0], self._figure(row.scored), "bold"),
                (_COLUMNS[1], self._figure(row.most), "text"),
                (_COLUMNS[2], least, "text"),
            ):
                shown: Face = "bold" if style == "bold" else face
                paper.text(LEFT + x, base, text, size, shown, INK, "end")
            self._remark(row, base)
            paper.rule(LEFT, top + height, ROOM, 0.4 if total else 0.2, ACCENT if total else LINE)

        return Block(height, draw, heading)

    def _remark(self, row: ScoreRow, base: float) -> None:
        if row.least is None:
            return
        met = row.scored >= row.least
        key = "results.sheet.met" if met else "results.sheet.unmet"
        colour = _COLOURS["P/L" if met else "TL"][0]
        size, lines = page.fitted(self.words(key), 9.5, ROOM - _COLUMNS[3], "bold", least=7, most_lines=1)
        self.paper.text(LEFT + _COLUMNS[3], base, lines[0], size, "bold", colour)

    def _verdict(self) -> Block:
        content = self.content
        ink, tint = _COLOURS[content.status]
        key = STATUS_KEYS[content.status]
        sentences = [self.words(f"results.means.{key}", cut=content.cut)]
        if content.rank is not None:
            sentences.append(self.words("results.sheet.rank", rank=content.rank, cut=content.cut))
        text = " ".join([*sentences, content.why]).strip()
        room = ROOM - 42
        lines = fonts.wrapped(text, "text", 9.5, room / page.POINT)
        size, title = page.fitted(self.words(f"results.verdict.{key}"), 13, room, "bold", least=10)
        beneath = fonts.wrapped(self.beneath(f"results.verdict.{key}"), "italic", 8.5, room / page.POINT)
        inside = (
            len(title) * page.leading(size)
            + len(beneath) * page.leading(8.5)
            + len(lines) * page.leading(9.5)
        )
        height = max(22.0, inside + 7.5)

        def draw(paper: Paper, top: float) -> None:
            paper.box(LEFT, top, ROOM, height, fill=tint, radius=1.5)
            paper.box(LEFT, top, 32, height, fill=ink, radius=1.5)
            paper.text(LEFT + 16, top + height / 2 + 1.2, content.status, 26, "bold", "#ffffff", "middle")
            paper.text(
                LEFT + 16,
                top + height / 2 + 7,
                self.words("results.sheet.status"),
                8,
                "text",
                "#ffffff",
                "middle",
            )
            y = paper.lines(LEFT + 37, top + 6.4, title, size, "bold", ink)
            y = paper.lines(LEFT + 37, y - 0.8, beneath, 8.5, "italic", MUTED)
            paper.lines(LEFT + 37, y + 0.9, lines, 9.5)

        return Block(height + 4, draw)

    def _authenticity(self) -> Block:
        room = ROOM - QR_WIDTH - 11
        steps = [
            self.words(f"results.sheet.step_{step}", trust=self.content.trust[:16]) for step in (1, 2, 3)
        ]
        wrapped = [fonts.wrapped(step, "text", 9, (room - 6) / page.POINT) for step in steps]
        signed = self._signed()
        inside = (
            9 + sum(len(lines) * page.leading(9) + 1.2 for lines in wrapped) + len(signed) * page.leading(9)
        )
        height = max(QR_WIDTH + 5, inside)

        def draw(paper: Paper, top: float) -> None:
            paper.qr(LEFT + 2.5, top + 2.5, QR_WIDTH, self.content.note)
            x = LEFT + QR_WIDTH + 11
            paper.text(x, top + 4.6, self.words("results.sheet.authenticity"), 11, "bold", ACCENT)
            beneath = self.beneath("results.sheet.authenticity")
            paper.text(LEFT + ROOM, top + 4.6, beneath, 7.5, "italic", MUTED, "end")
            y = top + 11
            for number, lines in enumerate(wrapped, start=1):
                paper.text(x, y, f"{number}.", 9, "bold", ACCENT)
                y = paper.lines(x + 6, y, lines, 9) + 1.2
            paper.lines(
                x, max(y + 1, top + QR_WIDTH + 2.5 - (len(signed) - 1) * page.leading(9)), signed, 9, "bold"
            )

        return Block(height + 3, draw)

    def _signed(self) -> list[str]:
        text = self.words(
            "results.sheet.signed", date=dates.day(self.content.issued, self.lang), issuer=self.content.issuer
        )
        return fonts.wrapped(text, "bold", 9, (ROOM - QR_WIDTH - 11) / page.POINT)

    def _facts(self) -> Block:
        """What a verifier compares: short facts side by side in one line, hashes below each other."""
        content, step = self.content, 3.35
        slip = slip_code(content.result) if content.result else None
        short = _given(("slip", slip), ("engine", content.engine), ("scoring", str(content.scoring)))
        long = _given(
            ("result", content.result),
            ("form", content.form),
            ("edition", content.edition),
            ("key", content.score_key),
            ("note", content.note_id),
            ("supersedes", content.supersedes),
        )

        def draw(paper: Paper, top: float) -> None:
            paper.rule(LEFT, top, ROOM, 0.2, LINE)
            y = top + 4
            for (key, value), (x, at) in zip(short, _SHORT_FACTS, strict=False):
                paper.text(LEFT + x, y, self.words(f"results.fact.{key}"), 7.5, "text", MUTED)
                paper.text(LEFT + at, y, value, 7.5, "code")
            for key, value in long:
                y += step
                paper.text(LEFT, y, self.words(f"results.fact.{key}"), 7.5, "text", MUTED)
                size, lines = page.fitted(
                    value, 7.5, ROOM - _SHORT_FACTS[0][1], "code", least=5, most_lines=1
                )
                paper.text(LEFT + _SHORT_FACTS[0][1], y, lines[0], size, "code")

        return Block((1 + len(long)) * step + 3, draw)

    # --- words

    def _in(self, titles: dict[str, str]) -> str:
        return in_language(titles, self.lang, "")

    def _category(self) -> str:
        key = f"results.category.{self.content.category}"
        return self.words(key) if self.words.knows(key) else self.content.category

    def _figure(self, value: Decimal) -> str:
        return dates.number(value, self.lang)


def _given(*facts: tuple[str, str | None]) -> list[tuple[str, str]]:
    return [(key, value) for key, value in facts if value]
