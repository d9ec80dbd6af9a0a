"""Reading a booklet back with programs that did not write it: poppler for words and pages, pyHanko for what is no page."""

import io
import shutil
import subprocess
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader

from cbt_station.banks.bank import Bank, BankHead, BankItem, SectionHead
from cbt_station.banks.booklet.pages import export_booklet
from cbt_station.banks.native import read_bank
from cbt_station.exam.content import Blocks, Paragraph, Text
from cbt_station.exam.interactions import ChoiceInteraction, Interaction, Option
from cbt_station.exam.item import OptionScores, ScoringRule, Shown

BANKS = Path(__file__).parents[3] / "question_banks"
YES_NO = ChoiceInteraction(
    (Option("a", (Paragraph((Text("setuju"),)),)), Option("b", (Paragraph((Text("menolak"),)),)))
)
ONE = OptionScores({"a": Decimal(1), "b": Decimal(0)})
SECTION = SectionHead("S", {"id": "Bagian"}, ("t",), ("l",), Decimal(1))
HEAD = BankHead("uji", {"id": "Bank uji"}, "CC0-1.0", "Penguji", ("id",), {"S": SECTION})


@cache
def sample(name: str) -> Bank:
    """A bank of the repository."""
    return read_bank(BANKS / name)


@cache
def booklet(name: str, language: str | None = None, *, key: bool = False) -> bytes:
    """Its booklet."""
    return export_booklet(sample(name), language, key=key)[0]


def bank_of(*stems: Blocks, interaction: Interaction = YES_NO, rule: ScoringRule = ONE) -> Bank:
    """A bank of these questions."""
    return Bank(
        HEAD,
        tuple(
            BankItem(f"s-{at}", "f", "S", "t", "l", {"id": Shown(stem, interaction)}, rule)
            for at, stem in enumerate(stems)
        ),
    )


def said(*words: str) -> Blocks:
    """Paragraphs."""
    return tuple(Paragraph((Text(one),)) for one in words)


def pages(pdf: bytes, tmp_path: Path) -> list[str]:
    """The words of every page in the order in which they were drawn, without its head and foot."""
    return ["\n".join(page.splitlines()[1:-1]) for page in whole_pages(pdf, tmp_path)]


def whole_pages(pdf: bytes, tmp_path: Path) -> list[str]:
    """All words of every page."""
    _need("pdftotext")
    file = tmp_path / "booklet.pdf"
    file.write_bytes(pdf)
    done = subprocess.run(
        ["pdftotext", "-raw", "-enc", "UTF-8", str(file), "-"], capture_output=True, check=True
    )
    assert not done.stderr, done.stderr
    return done.stdout.decode().split("\f")[:-1]


def squeezed(text: str) -> str:
    """Without spaces, and without the marks of direction that poppler adds."""
    return "".join(ch for ch in text if not ch.isspace() and ch not in "\u202a\u202b\u202c\u200e\u200f")


def drawn(pdf: bytes, tmp_path: Path, dots: int = 36) -> Iterator[Image.Image]:
    """Every page as a grey picture."""
    _need("pdftoppm")
    file = tmp_path / "booklet.pdf"
    file.write_bytes(pdf)
    subprocess.run(
        ["pdftoppm", "-r", str(dots), "-gray", str(file), str(tmp_path / "page")],
        check=True,
        capture_output=True,
    )
    for path in sorted(tmp_path.glob("page-*.pgm")):
        with Image.open(path) as page:
            yield page.copy()
        path.unlink()


def reader(pdf: bytes) -> PdfFileReader:
    """The document's objects."""
    return PdfFileReader(io.BytesIO(pdf))


def outline(pdf: bytes) -> list[str]:
    """The titles of its bookmarks, in order."""
    root = reader(pdf).root
    if "/Outlines" not in root:
        return []
    found: list[str] = []
    entry, follow = root["/Outlines"], "/First"
    while follow in entry:
        entry, follow = entry[follow], "/Next"
        found.append(str(entry["/Title"]))
    return found


def _need(program: str) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
