"""The timeline on paper: A4, as many pages as the journal needs, its column headings on each.

Only drawing. The paper is signed by nobody and says so: what proves it is the result note and the sealed file. Lines
that are no ordinary answer (acts, gaps, warnings, the end) have a bar at their left and bold type. Lengths are millimetres.
"""

from typing import Final

from cbt_station.paper import fonts, page
from cbt_station.paper.fonts import Face
from cbt_station.paper.page import ACCENT, GOLD, INK, LINE, MUTED, TINT, WIDTH, Block, Paper
from cbt_station.results.timeline import Fact, Line, Timeline
from cbt_station.words import Words

LEFT: Final = 18.0
ROOM: Final = WIDTH - 2 * LEFT
BOTTOM: Final = 279.0
LABEL_ROOM: Final = 52.0
SEQ_END: Final = 11.0
TIME_AT: Final = 15.0
LEFT_END: Final = 48.0
WHAT_AT: Final = 53.0
"""Where the columns stand, from the left margin."""
SIZE: Final = 8.6
CORAL: Final = "#a4561b"


def draw_timeline(timeline: Timeline, words: Words) -> bytes:
    """The PDF: the same bytes for the same timeline."""
    return _Drawn(timeline, words).draw()


class _Drawn:
    def __init__(self, timeline: Timeline, words: Words) -> None:
        self.timeline, self.words = timeline, words
        title = f"{timeline.title} {timeline.number}"
        self.paper = Paper(title, words.lang, "CBT Station", timeline.result)

    def draw(self) -> bytes:
        heading = Block(8.0, self._draw_heading)
        rows = [self._row(line, heading) for line in self.timeline.lines]
        blocks = [
            *map(self._fact, self.timeline.facts),
            Block(4.0, lambda _paper, _top: None),
            heading,
            *rows,
        ]
        first, following = self._top_room + 22.0, self._top_room + 11.0
        pages = page.paginate(blocks, BOTTOM - first, BOTTOM - following)
        for number, placed in enumerate(pages, start=1):
            if number > 1:
                self.paper.next_page()
            self._head(number)
            top = first if number == 1 else following
            for block in placed:
                block.draw(self.paper, top)
                top += block.height
            self._foot(number, len(pages))
        return self.paper.finish()

    # --- what every page has

    @property
    def _top_room(self) -> float:
        return 14.0 if self.timeline.mode == "test" else 9.0

    def _head(self, number: int) -> None:
        paper, timeline, y = self.paper, self.timeline, self._top_room
        if timeline.mode == "test":
            paper.box(0, 0, WIDTH, 9, fill=CORAL)
            paper.text(WIDTH / 2, 5.9, self.words("results.mode.band"), 9.5, "bold", "#ffffff", "middle")
        else:
            paper.box(0, 0, WIDTH, 4, fill=ACCENT)
            paper.box(0, 4, WIDTH, 0.7, fill=GOLD)
        whose = f"{timeline.number}  ·  {timeline.name}"
        if number == 1:
            paper.text(LEFT, y + 7, timeline.title, 17, "bold", ACCENT)
            y += 8.5
        size, lines = page.fitted(whose, 12 if number == 1 else 10, ROOM, "bold", least=7.5, most_lines=1)
        paper.text(LEFT, y + 5.5, lines[0] + (" …" if lines[1:] else ""), size, "bold")
        paper.rule(LEFT, y + 8.5, ROOM, 0.4, INK)

    def _foot(self, number: int, count: int) -> None:
        paper = self.paper
        paper.rule(LEFT, 281.5, ROOM, 0.3, LINE)
        room = (ROOM - 26) / page.POINT
        paper.lines(LEFT, 285, fonts.wrapped(self.timeline.about, "text", 6.8, room), 6.8, "text", MUTED)
        told = self.words("results.sheet.page", number=number, count=count)
        paper.text(LEFT + ROOM, 285, told, 8, "bold", MUTED, "end")

    # --- the blocks

    def _fact(self, fact: Fact) -> Block:
        face: Face = "code" if _is_code(fact.value) else "text"
        size = 7.6 if face == "code" else 9.2
        lines = fonts.wrapped(fact.value, face, size, (ROOM - LABEL_ROOM) / page.POINT)
        height = max(4.7, len(lines) * page.leading(size) + 0.8)

        def draw(paper: Paper, top: float) -> None:
            paper.text(LEFT, top + 3.3, fact.label, 8.4, "text", MUTED)
            paper.lines(LEFT + LABEL_ROOM, top + 3.3, lines, size, face)

        return Block(height, draw)

    def _draw_heading(self, paper: Paper, top: float) -> None:
        paper.box(LEFT, top, ROOM, 6.2, fill=TINT)
        y = top + 4.3
        for key, x, end in (("seq", SEQ_END, True), ("time", TIME_AT, False), ("left", LEFT_END, True)):
            label = self.words(f"timeline.column.{key}")
            paper.text(LEFT + x, y, label, 7.8, "bold", ACCENT, "end" if end else "start")
        paper.text(LEFT + WHAT_AT, y, self.words("timeline.column.what"), 7.8, "bold", ACCENT)

    def _row(self, line: Line, heading: Block) -> Block:
        """The line, after its day where that is a new one; they stay together."""
        face: Face = "bold" if line.marked else "text"
        lines = fonts.wrapped(line.text, face, SIZE, (ROOM - WHAT_AT) / page.POINT)
        day_room = 6.2 if line.day else 0.0
        height = len(lines) * page.leading(SIZE) + 1.7

        def draw(paper: Paper, top: float) -> None:
            if line.day:
                paper.text(LEFT + TIME_AT, top + 4.2, line.day, 8.6, "bold", ACCENT)
                top += day_room
            y = top + 3.5
            if line.marked:
                paper.box(LEFT, top + 0.3, 0.9, height - 0.6, fill=GOLD)
            paper.text(LEFT + SEQ_END, y, str(line.seq), SIZE, "text", MUTED, "end")
            paper.text(LEFT + TIME_AT, y, line.time, SIZE)
            paper.text(LEFT + LEFT_END, y, line.left, SIZE, "text", INK, "end")
            paper.lines(LEFT + WHAT_AT, y, lines, SIZE, face)
            paper.rule(LEFT, top + height, ROOM, 0.1)

        return Block(height + day_room, draw, heading)


def _is_code(value: str) -> bool:
    """Ids and hashes, which people compare letter by letter."""
    return len(value) >= 19 and " " not in value.strip() and any(ch.isdigit() for ch in value)
