r"""LaTeX in the cells of a sheet: `\(…\)`, `\[…\]` and `$$…$$` become formulas, everything else stays plain text."""

from msgspec.structs import replace

from cbt_station.banks import mathml
from cbt_station.banks.foreign import QuestionRefused, remark
from cbt_station.banks.foreign_media import ForeignMedia
from cbt_station.banks.html_text import LATEX
from cbt_station.exam.content import Blocks, Formula, Inline, Paragraph, Text


def with_formulas(blocks: Blocks, files: ForeignMedia) -> Blocks:
    """The paragraphs with their formulas drawn. Raises QuestionRefused for one that cannot be drawn."""
    return tuple(
        Paragraph(_line(block.content, files)) if isinstance(block, Paragraph) else block for block in blocks
    )


def _line(content: tuple[Inline, ...], files: ForeignMedia) -> tuple[Inline, ...]:
    found: list[Inline] = []
    for part in content:
        found += _parts(part, files) if isinstance(part, Text) else [part]
    if len(found) == 1 and isinstance(found[0], Formula):
        return (_drawn(found[0].latex, files, alone=True),)
    return tuple(found)


def _parts(text: Text, files: ForeignMedia) -> list[Inline]:
    found: list[Inline] = []
    start = 0
    for one in LATEX.finditer(text.text):
        source = " ".join(one.group(one.lastgroup or 0).split())
        if not source:
            continue
        found += [replace(text, text=text.text[start : one.start()]), _drawn(source, files, alone=False)]
        start = one.end()
    found.append(replace(text, text=text.text[start:]))
    return [part for part in found if not isinstance(part, Text) or part.text]


def _drawn(latex: str, files: ForeignMedia, *, alone: bool) -> Formula:
    if latex.startswith(mathml.START):
        raise QuestionRefused(remark("formula-refused", formula=latex[:80], problem="<math"))
    return files.formula(latex, alone=alone)
