"""The ways to answer that a row of a sheet can say: their names in the column `Jenis`, and their settings.

Names are those that teachers use, in Indonesian and English; the first of each is the one that we write. Settings stand
in one cell as `lines: 8; case: exact`, by the names of `docs/bank-format.md`. What a row's cells mean for a kind is in
`sheet_answers.py`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from cbt_station.banks.fields import COUNT, DECIMAL, NUMBER
from cbt_station.banks.foreign import QuestionRefused, remark
from cbt_station.banks.kinds import KINDS

TRUTH: Final = "truth"
"""A choice between true and false, which keep their order."""
KIND_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "choice": ("pilihan ganda", "", "1", "pg", "choice", "multiple choice", "single choice"),
    "choices": (
        "pilihan banyak", "pilihan ganda kompleks", "pgk", "choices", "multiple answer", "multiple answers",
        "multiple response",
    ),
    TRUTH: ("benar/salah", "benar salah", "bs", "true/false", "true false"),
    "inline-choice": ("pilihan dalam kalimat", "inline choice"),
    "text": ("isian singkat", "isian", "jawaban singkat", "short answer", "text"),
    "number": ("angka", "isian angka", "number", "numeric", "numerical"),
    "extended-text": ("uraian", "esai", "essay", "2", "5", "extended text"),
    "match": ("menjodohkan", "jodohkan", "match", "matching"),
    "associate": ("memasangkan", "associate"),
    "order": ("urutan", "mengurutkan", "order", "ordering"),
    "gap-match": ("isi rumpang", "rumpang", "gap match"),
    "slider": ("penggeser", "slider"),
}  # fmt: skip
"""By the kind's name in `kinds.py`; a cell that is empty says the first."""
_KINDS: Final = {word: kind for kind, words in KIND_WORDS.items() for word in words}
_SETTINGS: Final = {
    "tetap": "fixed", "tiap": "each", "baris": "lines", "lebar": "width", "huruf": "case",
    "paling sedikit": "least", "paling banyak": "most", "dari": "low", "sampai": "high", "langkah": "step",
}  # fmt: skip
_PAIRED: Final = ("each", "most-each", "least-each")
_OWN: Final[dict[str, tuple[str, ...]]] = dict.fromkeys(KIND_WORDS, ()) | {
    "text": ("case",),
    "order": ("each",),
    "match": _PAIRED,
    "associate": _PAIRED,
    "gap-match": _PAIRED,
}
"""Settings of a kind that are none of its interaction's own."""
_ALL: Final = ("all", "semua")
_YES: Final = ("yes", "ya")


@dataclass(frozen=True)
class Settings:
    """What the cell `Setelan` says. `values`: settings of the kind by the field of the interaction."""

    values: Mapping[str, Any]
    fixed: tuple[str, ...] = ()
    keeps_order: bool = False
    each: Decimal | None = None
    exact_case: bool = False
    most_each: Mapping[str, int] = field(default_factory=dict)
    least_each: Mapping[str, int] = field(default_factory=dict)


def kind_named(word: str) -> str:
    """The kind that a cell names. Raises QuestionRefused("kind-unknown")."""
    kind = _KINDS.get(" ".join(re.sub(r"[-_]", " ", word.casefold()).split()))
    if kind is None:
        raise QuestionRefused(remark("kind-unknown", kind=word[:40], known=", ".join(known_words())))
    return kind


def known_words() -> tuple[str, ...]:
    """What may stand in the column `Jenis`, as we write it."""
    return tuple(words[0] for words in KIND_WORDS.values())


def read_settings(text: str, kind: str) -> Settings:
    """The settings that a cell says. Raises QuestionRefused("setting-malformed") for one that the kind has not."""
    values: dict[str, Any] = {}
    own: dict[str, str] = {}
    known = KINDS["choice" if kind == TRUTH else kind]
    for one in filter(None, (part.strip() for part in text.split(";"))):
        name, _, said = (part.strip() for part in one.partition(":"))
        name = _SETTINGS.get(" ".join(name.casefold().split()), name.casefold())
        if name in known.settings:
            values[known.settings[name].field] = _value(known.settings[name].value, said, one)
        elif name in _OWN[kind] or (name == "fixed" and known.shuffles):
            own[name] = said
        else:
            raise _malformed(one)
    fixed = own.get("fixed", "").casefold()
    return Settings(
        values,
        () if fixed in _ALL else tuple(letters(fixed)),
        fixed in _ALL,
        decimal_of(own["each"]) if "each" in own else None,
        own.get("case", "").casefold() in ("exact", "persis"),
        _uses(own.get("most-each", "")),
        _uses(own.get("least-each", "")),
    )


def _uses(text: str) -> dict[str, int]:
    """How often each may be used: `A=2, 1=0`."""
    found = {}
    for one in filter(None, (part.strip() for part in text.split(","))):
        name, _, said = (part.strip() for part in one.partition("="))
        if not COUNT.fullmatch(said):
            raise _malformed(one)
        found[name.lower()] = int(said)
    return found


def _value(kind: str, said: str, whole: str) -> Any:
    match kind:
        case "count" if COUNT.fullmatch(said):
            return int(said)
        case "number" if NUMBER.fullmatch(said.replace(",", ".")):
            return with_point(said)
        case "yes" if said.casefold() in _YES:
            return True
        case "text" if said:
            return said
    raise _malformed(whole)


def decimal_of(text: str) -> Decimal:
    """Points as people type them: `2,5`. Raises QuestionRefused("setting-malformed")."""
    if not DECIMAL.fullmatch(text.replace(",", ".")):
        raise _malformed(text)
    return Decimal(with_point(text))


def with_point(text: str) -> str:
    """A number that people typed, with a point for its decimals; what is no number comes back as it is.

    `1.000` is a thousand where points part thousands (Indonesia), and one where they part decimals; `1,000` the other
    way round. Nobody can tell, so it is refused: `1000` and `1.0000` can be told apart. `0.500` and `1234.500` are no
    thousands. Raises QuestionRefused("number-ambiguous").
    """
    if _AMBIGUOUS.fullmatch(text):
        whole = re.sub("[.,]", "", text)
        raise QuestionRefused(remark("number-ambiguous", number=text, thousands=whole))
    plain = text.replace(",", ".")
    return plain[:-1] if _AMBIGUOUS.fullmatch(plain[:-1]) and plain.endswith("0") else plain


def said_number(text: str) -> str:
    """A number with a point as a cell says it, so that `with_point` can tell what it is."""
    return f"{text}0" if _AMBIGUOUS.fullmatch(text) else text


_AMBIGUOUS: Final = re.compile(r"[-+]?[1-9][0-9]{0,2}[.,][0-9]{3}")


def _malformed(text: str) -> QuestionRefused:
    return QuestionRefused(remark("setting-malformed", setting=text[:60]))


def letters(text: str) -> list[str]:
    """Option names in a cell, in small letters: `A, C`, `A C` or `AC`."""
    parts = [part for part in re.split(r"[,;\s.()]+", text.lower()) if part]
    return list(parts[0]) if len(parts) == 1 and re.fullmatch("[a-l]+", parts[0]) else parts


def pairs(text: str) -> list[tuple[str, str]]:
    """Pairs in a cell: `A 2, B 1`, `A-2; B-1`, `A2 B1`. Raises QuestionRefused("pair-malformed")."""
    found = []
    for part in re.split(r"[,;\n]+", text.lower()):
        for first, second in _PAIR.findall(part):
            found.append((first, second))
        if _PAIR.sub("", part).strip(" ."):
            raise QuestionRefused(remark("pair-malformed", pair=part.strip()[:40]))
    return found


_PAIR: Final = re.compile(r"([a-l])\s*[-–=:>]*\s*([a-l]|[0-9]{1,2})(?![a-z0-9])")


def settings_text(said: Mapping[str, Any]) -> str:
    """Settings by their names as the cell that says them."""
    return "; ".join(f"{name}: {_said(value)}" for name, value in said.items())


def _said(value: Any) -> str:
    if value is True:
        return "yes"
    return said_number(format(value, "f") if isinstance(value, Decimal) else str(value))
