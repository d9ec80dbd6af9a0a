"""Banks out of our own format: one row a format in `FORMATS`."""

from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeAlias

from cbt_station.banks.bank import Bank
from cbt_station.banks.export_qti3 import export_qti3
from cbt_station.banks.export_report import ExportReport
from cbt_station.banks.export_xlsx import export_xlsx
from cbt_station.banks.native import read_bank
from cbt_station.errors import Refusal
from cbt_station.words import words_in

_REASONS: Final = 3

Writer: TypeAlias = Callable[[Path, Bank, str | None], tuple[bytes, ExportReport]]
FORMATS: Final[dict[str, Writer]] = {
    "qti3": lambda directory, bank, _language: export_qti3(directory, bank),
    "xlsx": lambda _directory, bank, language: export_xlsx(bank, language),
}
"""By the name after `--to`."""


def export_bank(
    directory: Path, to: str, language: str | None = None, *, lang: str = "id"
) -> tuple[bytes, ExportReport]:
    """The file, and what became of each item; `lang` is what a refusal gives its reasons in.

    Raises Refusal("export-format", "export-nothing", "export-language").
    """
    writer = FORMATS.get(to)
    if writer is None:
        raise Refusal("export-format", where=to, known=", ".join(FORMATS))
    bank = read_bank(directory)
    if language is not None and language not in bank.head.languages:
        raise Refusal(
            "export-language", where=bank.head.id, language=language, known=", ".join(bank.head.languages)
        )
    data, report = writer(directory, bank, language)
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
