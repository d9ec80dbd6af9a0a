"""Running text in lines: styles, scripts in both directions, formulas and pictures in the line, gaps to write in.

A text becomes *words* of *pieces*; lines are filled word by word and each line puts its pieces into the order in which
they stand from the left. A word that is wider than its room is cut between letters.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, groupby, takewhile
from typing import Final, Literal, NamedTuple, TypeAlias

from cbt_station.banks.booklet import bidi, drawings, faces
from cbt_station.banks.booklet.ink import BLACK, FAINT, Ink
from cbt_station.banks.booklet.pieces import ROUNDING, Piece, Style, Word, cut, hold
from cbt_station.banks.booklet.setting import Gap, Setting
from cbt_station.banks.booklet.shaping import shaped
from cbt_station.banks.booklet.slabs import Slab, Slabs
from cbt_station.exam.content import Formula, Hot, Inline, InlinePicture, LineBreak, Slot, Span, Text
from cbt_station.exam.punctuation import closes, opens

LEADING: Final = 1.36
_ABOVE: Final = 0.95
_BELOW: Final = 0.28
"""How far letters reach above and below the baseline, of their size: what a line needs at the least."""
_SMALL: Final = 0.68
_RAISED: Final = 0.36
_LOWERED: Final = 0.16
_WRITTEN: Final = 0.7
"""How wide a letter is that a hand writes, of the size of ours."""
_NEVER_ENDING: Final = 48
"""A run of letters without a space is cut into parts of so many before lines are filled."""
Align: TypeAlias = Literal["start", "center", "end"]


class _Look(NamedTuple):
    """All that letters of one font need to be set again."""

    style: Style
    level: int
    font: str
    size: float
    rise: float
    language: str


@dataclass(frozen=True)
class _Bit:
    """A character, or an object, with its style and level; a line break is neither."""

    style: Style
    level: int
    text: str = ""
    thing: Formula | InlinePicture | Gap | None = None


def lines(
    content: Sequence[Inline | Gap], setting: Setting, align: Align = "start", base: Style | None = None
) -> Slabs:
    """The lines of a text, in `setting.room`."""
    leftwards = _is_leftwards(content, setting)
    rows = _filled(words_of(content, setting, base, leftwards=leftwards), setting)
    return tuple(_slab(row, setting, align, leftwards=leftwards) for row in rows)


def widths(
    content: Sequence[Inline | Gap], setting: Setting, base: Style | None = None
) -> tuple[float, float]:
    """The width of the widest word, and that of the longest line if nothing has to be broken."""
    words = words_of(content, setting, base, leftwards=False)
    longest, line = 0.0, 0.0
    for word in words:
        line += word.width + (word.space.width if word.space else 0.0)
        longest = max(longest, line)
        line = 0.0 if word.ends else line
    return max((word.width for word in words), default=0.0), longest


def words_of(
    content: Sequence[Inline | Gap], setting: Setting, base: Style | None, *, leftwards: bool
) -> list[Word]:
    """A text cut where a line may end."""
    words = [Word()]
    for token in _tokens(_bits(content, setting, base or Style(), int(leftwards))):
        if token[0].text == "\n":
            words[-1].ends = True
            words.append(Word())
        elif token[0].text.isspace() and not token[0].thing:
            if words[-1].pieces or words[-1].space is None:
                words.append(Word(space=_space(token[0], setting)))
        else:
            if words[-1].pieces and token[0].text != "\u2060":
                words.append(Word())
            words[-1].pieces = _pieces(token, setting)
    return words


def _is_leftwards(content: Sequence[Inline | Gap], setting: Setting) -> bool:
    if len(content) == 1 and isinstance(content[0], Span) and content[0].direction:
        return content[0].direction == "rtl"
    return bidi.reads_leftwards(_plain(content), setting.leftwards)


def _plain(content: Iterable[Inline | Gap]) -> str:
    """A character for each character and object of the text."""
    return "".join(
        part.text
        if isinstance(part, Text)
        else _plain(part.content)
        if isinstance(part, Hot) or (isinstance(part, Span) and not _stands_alone(part))
        else bidi.OBJECT
        for part in content
    )


def _stands_alone(span: Span) -> bool:
    return bool(span.language or span.direction)


def _bits(content: Sequence[Inline | Gap], setting: Setting, style: Style, base: int) -> list[_Bit]:
    levels = iter(bidi.levels(_plain(content), base))
    return list(_leveled(content, setting, style, base, levels))


def _leveled(
    content: Iterable[Inline | Gap], setting: Setting, style: Style, base: int, levels: Iterator[int]
) -> Iterator[_Bit]:
    for part in content:
        if isinstance(part, Text):
            own = replace(
                style,
                bold=style.bold or part.bold,
                italic=style.italic or part.italic,
                code=style.code or part.code,
                sub=style.sub or part.sub,
                sup=style.sup or part.sup,
            )
            for character in part.text:
                yield _Bit(own, next(levels), " " if character in "\n\r\t\u2028\u2029" else character)
        elif isinstance(part, Hot):
            yield from _leveled(part.content, setting, replace(style, hot=part.id), base, levels)
            if part.id in setting.marks:
                mark = Text(setting.marks[part.id], sup=True, bold=True)
                yield from _bits((mark,), setting, style, base)
        elif isinstance(part, Span):
            yield from _spanned(part, setting, style, base, levels)
        elif isinstance(part, LineBreak):
            yield _Bit(style, next(levels), "\n")
        elif isinstance(part, Slot):
            next(levels)
            yield from _bits(setting.slots.get(part.response, (Gap(8.0),)), setting, style, base)
        else:
            yield _Bit(style, next(levels), thing=part)


def _spanned(span: Span, setting: Setting, style: Style, base: int, levels: Iterator[int]) -> Iterator[_Bit]:
    style = replace(
        style,
        language=span.language or style.language,
        underline=style.underline or span.underline,
        strike=style.strike or span.strike,
    )
    if not _stands_alone(span):
        yield from _leveled(span.content, setting, style, base, levels)
        return
    next(levels)
    leftwards = span.direction == "rtl" if span.direction else bidi.reads_leftwards(_plain(span.content))
    inner = base + 1 if (base + 1) % 2 == int(leftwards) else base + 2
    yield from _bits(span.content, setting, style, inner)


def _tokens(bits: Sequence[_Bit]) -> Iterator[list[_Bit]]:
    """Runs without a place to break, spaces (one for many), breaks."""
    for kind, group in groupby(bits, key=_kind):
        found = list(group)
        if kind == "break":
            yield from ([bit] for bit in found)
        elif kind == "space":
            yield found[:1]
        else:
            yield from _parts(found)


def _kind(bit: _Bit) -> str:
    if bit.text == "\n":
        return "break"
    return "space" if bit.text and bit.text.isspace() and bit.text != "\u00a0" else "word"


def _parts(bits: list[_Bit]) -> Iterator[list[_Bit]]:
    """A run of letters, cut between Han characters, after hyphens and strokes, and where it never ends."""
    part: list[_Bit] = []
    for at, bit in enumerate(bits):
        part.append(bit)
        after = bits[at + 1] if at + 1 < len(bits) else None
        if after is None or not _may_end(bit, after, len(part)):
            continue
        yield part
        part = []
    if part:
        yield part


def _may_end(bit: _Bit, after: _Bit, count: int) -> bool:
    if after.text and (not faces.clusters("x" + after.text)[1:]):
        return False  # a mark or joiner belongs to its letter
    if hold(bit.text, after.text):
        return False
    if faces.is_of_readers(bit.text) or faces.is_of_readers(after.text):
        return True
    if bit.text and closes(bit.text) and (after.thing or opens(after.text)):
        return True
    if bit.text in ("-", "/", "–", "—", "‐") and after.text.isalnum() and count > 2:
        return True
    return count >= _NEVER_ENDING


def _pieces(bits: Sequence[_Bit], setting: Setting) -> list[Piece]:
    found: list[Piece] = []
    for (style, level, is_text), group in groupby(
        bits, key=lambda bit: (bit.style, bit.level, bit.thing is None)
    ):
        run = list(group)
        if is_text:
            found += _letters("".join(bit.text for bit in run), style, level, setting)
        else:
            found += [_object(bit, setting.narrower(_held_width(bits, bit, setting))) for bit in run]
    return found


def _held_width(bits: Sequence[_Bit], thing: _Bit, setting: Setting) -> float:
    """How wide the signs are, at the most, that no line parts from an object."""
    at = next(place for place, bit in enumerate(bits) if bit is thing)
    after = takewhile(lambda bit: bit.text and closes(bit.text), bits[at + 1 :])
    before = takewhile(lambda bit: bit.text and opens(bit.text), bits[:at][::-1])
    return sum(1 for _ in chain(before, after)) * setting.size


def _letters(text: str, style: Style, level: int, setting: Setting) -> list[Piece]:
    size = setting.size * (_SMALL if style.sub or style.sup else 1.0)
    rise = setting.size * (_RAISED if style.sup else -_LOWERED if style.sub else 0.0)
    language = style.language or setting.language
    runs = faces.font_runs(text, (style.bold, style.italic, style.code), language)
    return [_run(part, _Look(style, level, font, size, rise, language)) for font, part in runs]


def _run(text: str, look: _Look) -> Piece:
    """Letters of one font: plain ones and those of a reader's font as text, others as HarfBuzz sets them."""
    above, below = look.size * _ABOVE + look.rise, look.size * _BELOW - look.rise

    def again(part: str) -> Piece:
        return _run(part, look)

    if look.font == faces.LACKING:
        return replace(_boxes(text, look, above, below), again=again)
    if not (look.level % 2 or faces.is_shaped(look.font, text)):
        wide = faces.width(text, look.font, look.size)
        return Piece(wide, above, below, look.level, look.style, look.font, look.size, text, again=again)
    if faces.is_reader_font(look.font):
        return replace(_turned(text, look, above, below), again=again)
    run = shaped(text, look.font, leftwards=bool(look.level % 2), language=look.language)
    tall = look.size * 0.25 if faces.is_shaped(look.font, text) else 0.0  # marks stack above and below

    def draw(ink: Ink, x: float, y: float) -> None:
        ink.shaped(x, y - look.rise, run, look.size)

    wide = run.width * look.size / 1000
    return Piece(
        wide, above + tall, below + tall, look.level, look.style, letters=text, draw=draw, again=again
    )


def _turned(text: str, look: _Look, above: float, below: float) -> Piece:
    """Signs in a text from the right whose font is the reader's: they are turned, and cannot be shaped."""
    shown = bidi.turned(faces.clusters(text))

    def draw(ink: Ink, x: float, y: float) -> None:
        ink.text(x, y - look.rise, shown, look.font, look.size)

    wide = faces.width(text, look.font, look.size)
    return Piece(wide, above, below, look.level, look.style, letters=text, draw=draw)


def _boxes(text: str, look: _Look, above: float, below: float) -> Piece:
    """A box for each character that no font has."""
    count, wide = len(faces.clusters(text)), look.size * faces.BOX

    def draw(ink: Ink, x: float, y: float) -> None:
        for at in range(count):
            ink.box(
                x + at * wide + 0.8, y - look.rise - look.size * 0.7, wide - 1.6, look.size * 0.7, line=0.6
            )

    return Piece(count * wide, above, below, look.level, look.style, letters=text, draw=draw)


def _object(bit: _Bit, setting: Setting) -> Piece:
    thing = bit.thing
    if isinstance(thing, Gap):
        return _gap(thing, bit, setting)
    if isinstance(thing, Formula):
        drawing = drawings.formula(thing, setting)
    elif isinstance(thing, InlinePicture):
        drawing = drawings.picture(thing.media, thing.width, thing.height, setting)
    else:
        raise TypeError(thing)
    above = drawing.height - drawing.depth
    return Piece(drawing.width, above, drawing.depth, bit.level, bit.style, draw=drawing.draw)


def _gap(gap: Gap, bit: _Bit, setting: Setting) -> Piece:
    label = _label(gap.label, setting)
    across = sum(piece.width for piece in label) + (2 if label else 0)
    wide = max(min(gap.ems * setting.size * _WRITTEN, setting.room - across - 2), setting.size)

    def draw(ink: Ink, x: float, y: float) -> None:
        at = x + 1
        for piece in label:
            ink.text(at, y, piece.text, piece.font, piece.size)
            at += piece.width
        if gap.boxed:
            ink.box(x + across, y - setting.size * 1.25, wide, setting.size * 1.75, line=0.7, radius=2)
        else:
            ink.line(x + across, y + 2, x + across + wide, y + 2, 0.7)

    return Piece(across + wide + 2, setting.size * 1.4, setting.size * 0.6, bit.level, bit.style, draw=draw)


def _label(text: str, setting: Setting) -> list[Piece]:
    return _letters(text, Style(bold=True), 0, setting.smaller(0.85)) if text else []


def _space(bit: _Bit, setting: Setting) -> Piece:
    """The space of a style, as wide as its letters make it."""
    plain = replace(bit.style, sub=False, sup=False)
    font = faces.font_runs(" ", (plain.bold, plain.italic, plain.code))[0][0]
    wide = faces.width(" ", font, setting.size)
    return Piece(wide, 0, 0, bit.level, plain, font, setting.size, " ")


@dataclass
class _Line:
    pieces: list[Piece] = field(default_factory=list)
    width: float = 0.0

    def add(self, word: Word) -> None:
        if word.space is not None and self.pieces:
            self.pieces.append(word.space)
            self.width += word.space.width
        self.pieces += word.pieces
        self.width += word.width


def _filled(words: Sequence[Word], setting: Setting) -> list[_Line]:
    rows = [_Line()]
    for word in words:
        space = word.space.width if word.space is not None and rows[-1].pieces else 0.0
        if rows[-1].pieces and rows[-1].width + space + word.width > setting.room + ROUNDING:
            rows.append(_Line())
        for at, part in enumerate(cut(word, setting.room)):
            if at:
                rows.append(_Line())
            rows[-1].add(part)
        if word.ends:
            rows.append(_Line())
    return rows if rows[-1].pieces or len(rows) == 1 else rows[:-1]


def _slab(line: _Line, setting: Setting, align: Align, *, leftwards: bool) -> Slab:
    above = max([setting.size * _ABOVE, *(piece.above for piece in line.pieces)])
    below = max([setting.size * _BELOW, *(piece.below for piece in line.pieces)])
    height = max(above + below + setting.size * 0.18, setting.size * LEADING)
    baseline = above + (height - above - below) / 2
    free = max(setting.room - line.width, 0.0)
    share = {"start": 1.0 if leftwards else 0.0, "center": 0.5, "end": 0.0 if leftwards else 1.0}[align]
    pieces = _joined(bidi.visual(line.pieces, lambda piece: piece.level))

    def draw(ink: Ink, x: float, y: float) -> None:
        at = x + free * share
        for piece in pieces:
            _draw_piece(ink, at, y + baseline, piece, setting.size)
            at += piece.width
        _draw_hot(ink, x + free * share, y + baseline, pieces, setting.size)

    return Slab(height, draw, baseline=baseline)


def _joined(pieces: Iterable[Piece]) -> list[Piece]:
    """Letters of one font side by side as one run."""
    found: list[Piece] = []
    for piece in pieces:
        last = found[-1] if found else None
        if (
            last is not None
            and piece.text
            and last.text
            and (last.font, last.size, last.style, last.level)
            == (piece.font, piece.size, piece.style, piece.level)
            and not piece.level % 2
        ):
            found[-1] = replace(last, text=last.text + piece.text, width=last.width + piece.width)
        else:
            found.append(piece)
    return found


def _draw_piece(ink: Ink, x: float, y: float, piece: Piece, size: float) -> None:
    style = piece.style
    rise = size * (_RAISED if style.sup else -_LOWERED if style.sub else 0.0)
    if piece.draw is not None:
        piece.draw(ink, x, y)
    elif piece.text.strip() or not piece.level % 2:
        ink.text(x, y - rise, piece.text, piece.font, piece.size)
    if style.underline:
        ink.line(x, y + size * 0.14, x + piece.width, y + size * 0.14, size * 0.06, BLACK)
    if style.strike:
        ink.line(x, y - size * 0.28, x + piece.width, y - size * 0.28, size * 0.06, BLACK)


def _draw_hot(ink: Ink, x: float, y: float, pieces: Iterable[Piece], size: float) -> None:
    """A frame around the words that can be chosen."""
    for hot, group in groupby(pieces, key=lambda piece: piece.style.hot):
        wide = sum(piece.width for piece in group)
        if hot:
            ink.box(x - 1.2, y - size * 0.92, wide + 2.4, size * 1.24, stroke=FAINT, line=0.7, radius=2)
        x += wide
