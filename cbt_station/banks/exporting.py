"""Banks out of our own format: one row a format in `FORMATS`."""

from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

from cbt_station.banks.bank import Bank
from cbt_station.banks.booklet.pages import export_booklet
from cbt_station.banks.export_qti3 import export_qti3
from cbt_station.banks.export_report import ExportReport
from cbt_station.banks.export_xlsx import export_xlsx
from cbt_station.banks.native import read_bank
from cbt_station.errors import Refusal
from cbt_station.words import words_in

_REASONS: Final = 3


class Wish(NamedTuple):
    """What is asked of a format: one of the bank's languages, the language of our own words, and the key."""

    language: str | None
    lang: str
    key: bool


Writer: TypeAlias = Callable[[Path, Bank, Wish], tuple[bytes, ExportReport]]
FORMATS: Final[dict[str, Writer]] = {
    "qti3": lambda directory, bank, _wish: export_qti3(directory, bank),
    "xlsx": lambda _directory, bank, wish: export_xlsx(bank, wish.language),
    "booklet": lambda _directory, bank, wish: export_booklet(
        bank, wish.language, lang=wish.lang, key=wish.key
    ),
}
"""By the name after `--to`."""
KEYED: Final = ("booklet",)
"""Formats that are without the key unless it is asked for; the others are always whole."""


def export_bank(
    directory: Path, to: str, language: str | None = None, *, lang: str = "id", key: bool = False
) -> tuple[bytes, ExportReport]:
    """The file, and what became of each item; `lang` is what a refusal gives its reasons in, and what a booklet
    says in our own words where it is in a language that we do not speak.

    Raises Refusal("export-format", "export-no-key", "export-nothing", "export-language").
    """
    writer = FORMATS.get(to)
    if writer is None:
        raise Refusal("export-format", where=to, known=", ".join(FORMATS))
    if key and to not in KEYED:
        raise Refusal("export-no-key", to=to, known=", ".join(KEYED))
    bank = read_bank(directory)
    if language is not None and language not in bank.head.languages:
        raise Refusal(
            "export-language", where=bank.head.id, language=language, known=", ".join(bank.head.languages)
        )
    data, report = writer(directory, bank, Wish(language, lang, key))
    if report.items and report.counts["refused"] == len(report.items):
        raise Refusal("export-nothing", where=bank.head.id, to=to, reasons=_first_reasons(report, lang))
    return data, report


def _first_reasons(report: ExportReport, lang: str) -> str:
    """Why the first few were refused, in words."""
    words = words_in(lang)
    said = [
        f"{one.item}: {reason.sentence(words)}" for one in report.items[:_REASONS] for reason in one.reasons
    ]
    return " ".join(said) + (" …" if len(report.items) > _REASONS else "")
