"""A new, empty bank: the folder and `bank.yaml` as a person would begin it; the rest comes with the items."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Final

from cbt_station.banks.bank import BankHead, SectionHead
from cbt_station.banks.native import HEAD
from cbt_station.banks.whole_folder import write_files
from cbt_station.banks.writing import head_text
from cbt_station.words import words_in

LICENCE: Final = "LicenseRef-All-Rights-Reserved"
"""Nobody's questions are given away by a default; SPDX's way to say so."""
RIGHT: Final = Decimal(5)


def make_bank(folder: Path, by: str, title: str, sections: str, languages: str) -> None:
    """Write a new bank into an empty or new folder. Raises as `write_files`."""
    write_files({HEAD: head_text(new_head(folder.name, by, title, sections, languages)).encode()}, folder)


def new_head(name: str, by: str, title: str, sections: str, languages: str) -> BankHead:
    """The head of a bank from a few words; what is no id becomes one."""
    spoken = tuple(dict.fromkeys(re.findall(r"[a-z]{2,3}", languages.lower()))) or ("id",)
    words = words_in(spoken[0])
    levels = tuple(words(f"committee.level_{level}") for level in ("easy", "medium", "hard"))
    found = {_id(part): " ".join(part.split()) for part in reversed(sections.split(","))}
    names = {part: found[part] for part in reversed(found) if part} or {"UMUM": "UMUM"}
    return BankHead(
        id=_id(name).lower() or "bank",
        title={spoken[0]: title or name},
        licence=LICENCE,
        author=by or title or name,
        languages=spoken,
        sections={
            section: SectionHead(
                id=section,
                title={spoken[0]: called},
                topics=(words("committee.topic_general"),),
                levels=levels,
                right=RIGHT,
            )
            for section, called in names.items()
        },
    )


def _id(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-")[:40]
