"""Texts in Moodle's formats as blocks: `html`, `markdown`, `plain_text` and Moodle's own, which is text with some HTML.

In Moodle's own format an empty line begins a paragraph, a new line stays one, and HTML works as it stands.
"""

import html
import re
from typing import Final

from markdown_it import MarkdownIt

from cbt_station.banks.foreign import QuestionRefused, Remark, plain_blocks
from cbt_station.banks.gift_grammar import GiftText
from cbt_station.banks.html import HtmlReader, fragment
from cbt_station.banks.moodle_languages import in_one_language
from cbt_station.banks.quiz_items import Reading
from cbt_station.exam.content import Blocks, Inline, Paragraph, as_text, media_in

_KINDS: Final = {
    "html": "html",
    "1": "html",
    "markdown": "markdown",
    "4": "markdown",
    "plain": "plain",
    "plain_text": "plain",
    "2": "plain",
}
_TAG: Final = re.compile(r"<[a-zA-Z/!][^<>]*>")
_TAG_BEGINS: Final = re.compile(r"<[a-zA-Z/]")


class Formatted:
    """Reads the texts of one question with one reader."""

    def __init__(self, reader: HtmlReader) -> None:
        self.reader = reader

    def blocks(self, text: str, written: str) -> Blocks:
        """A text as blocks. Raises QuestionRefused."""
        if _KINDS.get(written) == "plain":
            return self.plain(text)
        return self.reader.html(self.as_html(text, written))

    def as_html(self, text: str, written: str) -> str:
        """A text as the HTML that Moodle would make of it, in one language."""
        text = in_one_language(text, self.reader.language, self.reader.lose)
        kind = _KINDS.get(written, "moodle")
        if kind == "html":
            return text
        if kind == "markdown":
            markdown = MarkdownIt("commonmark", {"html": True, "maxNesting": 60}).enable("table")
            return str(markdown.render(text))
        if kind == "plain":
            return f"<p>{html.escape(text, quote=False)}</p>".replace("\n", "<br>")
        return re.sub(r"\s+", _line_end, text.replace("\r\n", "\n").strip())

    def plain(self, text: str) -> Blocks:
        """Text in which nothing means anything but itself."""
        losses: list[Remark] = []
        text = in_one_language(text, self.reader.language, self.reader.lose)
        blocks = plain_blocks(text.strip(), losses)
        for loss in losses:
            self.reader.lose(loss)
        return blocks

    def line(self, text: str) -> tuple[Inline, ...]:
        """HTML within a line."""
        return self.reader.line(fragment(in_one_language(text, self.reader.language, self.reader.lose)))

    def line_block(self, text: str) -> Blocks:
        """HTML as a paragraph of its own, nothing for nothing."""
        line = self.line(text)
        return (Paragraph(line),) if line else ()

    def reading(self, text: GiftText | None) -> Reading:
        """What a text reads as, for a note: its pictures are not looked for."""
        return Reading() if text is None else reading(text.text, text.format, self.reader.language)


def _line_end(found: re.Match[str]) -> str:
    """White space of Moodle's own format as HTML: a line that ends beside a tag is none of its own."""
    lines = found.group().count("\n")
    if not lines:
        return found.group()
    if found.string.endswith(">", 0, found.start()) or _TAG_BEGINS.match(found.string, found.end()):
        return " "
    return "<br>" if lines == 1 else "<br><br>"


def reading(text: str, written: str, language: str) -> Reading:
    """What a text reads as. What cannot be shown is left as it was written, without its tags."""
    if not text.strip():
        return Reading()
    reader = HtmlReader(_any_picture, language=language, latex=False)
    try:
        blocks = Formatted(reader).blocks(text, written)
    except QuestionRefused:
        return Reading(html.unescape(_TAG.sub(" ", text)), whole=False)
    dropped = any(loss.code not in _LOOKS for loss in reader.losses)
    return Reading(as_text(blocks), whole=not media_in(blocks) and not dropped)


_LOOKS: Final = ("style-dropped",)
"""Losses of a text whose words are all there."""
_PIXEL: Final = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xff\xff\xff\x7f\x00\t\xfb\x03\xfd*\x86\xe3\x8a\x00\x00\x00\x00IEND\xaeB`\x82"
)


def _any_picture(_name: str) -> bytes:
    return _PIXEL
