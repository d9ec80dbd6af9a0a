r"""Content as cells of a sheet: text with LaTeX between `\(` and `\)`, pictures over the cell, and what that loses."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from cbt_station.banks import mathml
from cbt_station.banks.bank import Bank
from cbt_station.banks.foreign import QuestionRefused, Remark, remark
from cbt_station.banks.html_text import LATEX
from cbt_station.banks.pictures import check_picture
from cbt_station.exam.content import (
    Blocks,
    Formula,
    Heading,
    Inline,
    LineBreak,
    Paragraph,
    Picture,
    Slot,
    Span,
    Text,
)

FORMAT: Final = "xlsx"


@dataclass
class RowCells:
    """One item on its way into the sheet; `number` counts rows of the sheet from 1, the headings' included."""

    number: int
    cells: dict[str, str] = field(default_factory=dict)
    pictures: dict[str, list[str]] = field(default_factory=dict)
    losses: list[Remark] = field(default_factory=list)


@dataclass(frozen=True)
class CellWriter:
    """Writes the contents of one item. `slots`: how a place to answer in is written."""

    row: RowCells
    bank: Bank
    slots: Mapping[str, str]

    def write(self, column: str, blocks: Blocks, place: str) -> None:
        """Paragraphs as lines with a blank one between them, then the pictures over the cell."""
        texts: list[str] = []
        pictures: list[str] = []
        for block in blocks:
            match block:
                case Paragraph(content=content):
                    if pictures:
                        self._lose("export-picture-place")
                    texts.append(self._line(content))
                case Heading(content=content):
                    self._lose("export-style", styles="heading")
                    texts.append(self._line(content))
                case Picture():
                    pictures.append(block.media)
                    self._check(block, place)
                case _:
                    raise QuestionRefused(remark("export-block", block=type(block).__name__.lower()))
        self.row.cells[column] = "\n\n".join(texts)
        self.row.pictures[column] = pictures

    def _check(self, picture: Picture, place: str) -> None:
        file = check_picture(picture.media, self.bank.media[picture.media])
        if picture.alt != f"Gambar {place}":
            self._lose("export-picture-words")
        if (picture.width, picture.height) != (file.width, file.height):
            self._lose("export-picture-size")
        if picture.media.endswith(".svg"):
            self._lose("svg-as-picture", picture=picture.media, problem=FORMAT)

    def _line(self, content: Iterable[Inline]) -> str:
        return "".join(self._inline(part) for part in content)

    def _inline(self, part: Inline) -> str:
        match part:
            case Text(text=text):
                if part.sub or part.sup:
                    raise QuestionRefused(remark("export-block", block="sub" if part.sub else "sup"))
                styles = [name for name in ("bold", "italic", "code") if getattr(part, name)]
                if styles:
                    self._lose("export-style", styles=", ".join(styles))
                if LATEX.search(text):
                    raise QuestionRefused(remark("export-latex", text=text[:40]))
                return text
            case LineBreak():
                return "\n"
            case Formula(latex=latex):
                if latex.startswith(mathml.START) or "\\)" in latex:
                    raise QuestionRefused(remark("export-block", block="mathml"))
                return f"\\({latex}\\)"
            case Slot(response=name) if name in self.slots:
                return self.slots[name]
            case Span(content=inner):
                self._lose("export-style", styles="span")
                return self._line(inner)
            case _:
                raise QuestionRefused(remark("export-block", block=type(part).__name__.lower()))

    def _lose(self, code: str, /, **facts: str) -> None:
        self.row.losses.append(remark(code, **facts))
