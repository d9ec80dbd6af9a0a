"""Reads the JSON in which PPPK practice questions are passed around: subjects with lists of questions.

    {"teknis": [{"pertanyaan": "…", "pilihan": ["…", "…"], "jawaban": 2}, …], "manajerial": […]}

`jawaban` is the index of the right option, from 0. Anything else in a question is named as a loss; a question that is
not of this shape is refused alone. Recognised by its shape, never by the file's name.
"""

import json
from collections import Counter
from pathlib import Path
from typing import Any, Final

from cbt_station.banks.foreign import ForeignBank, ForeignQuestion, Remark, remark, title_of
from cbt_station.banks.source_text import read_bytes
from cbt_station.errors import Refusal

FORMAT: Final = "p3k-json"
MOST_BYTES: Final = 32 << 20
_STEM, _OPTIONS, _KEY = "pertanyaan", "pilihan", "jawaban"


class _Twice(dict[str, Any]):
    """An object in which a key (`twice`) stands twice: which of the two counts, nobody can say."""

    twice = ""


def read(source: Path) -> ForeignBank | None:
    """The bank in a file, or None for a file of another format. Refusal("import-malformed") for broken JSON."""
    if source.suffix.lower() != ".json" or not source.is_file():
        return None
    values = _json(source)
    if not isinstance(values, dict) or not any(_looks_like_questions(value) for value in values.values()):
        return None
    if isinstance(values, _Twice):  # the questions of one of the two would be gone
        raise Refusal("import-malformed", where=source.name, problem=f"{values.twice[:60]} × 2")
    questions = [question for subject, value in values.items() for question in _subject(subject, value)]
    return ForeignBank(
        format=FORMAT,
        name=source.stem,
        title=title_of(source.stem),
        language="id",
        sections={subject: subject.replace("_", " ").strip().title() or subject for subject in values},
        questions=tuple(questions),
    )


def _json(source: Path) -> Any:
    data = read_bytes(source, MOST_BYTES)
    if data is None:
        raise Refusal("import-too-large", where=source.name, most_bytes=MOST_BYTES)
    try:
        return json.loads(data.decode("utf-8-sig"), object_pairs_hook=_object)
    except UnicodeDecodeError as error:
        raise Refusal("import-malformed", where=source.name, problem="UTF-8") from error
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 0)
        raise Refusal(
            "import-malformed", where=f"{source.name}:{line}", problem=getattr(error, "msg", "")
        ) from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) == len(pairs):
        return values
    several = _Twice(values)
    several.twice = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
    return several


def _looks_like_questions(value: object) -> bool:
    return isinstance(value, list) and any(isinstance(one, dict) and _STEM in one for one in value)


def _subject(subject: str, value: object) -> list[ForeignQuestion]:
    if not isinstance(value, list):
        return [ForeignQuestion(subject, subject, fault=remark("not-a-list"))]
    return [_question(f"{subject}[{index}]", subject, one) for index, one in enumerate(value)]


def _question(place: str, subject: str, value: object) -> ForeignQuestion:
    fault = _fault(value)
    if fault is not None or not isinstance(value, dict):
        return ForeignQuestion(place, subject, fault=fault or remark("not-a-question"))
    losses = [remark("field-dropped", field=name) for name in value if name not in (_STEM, _OPTIONS, _KEY)]
    return ForeignQuestion(place, subject, value[_STEM], tuple(value[_OPTIONS]), value[_KEY], tuple(losses))


def _fault(value: object) -> Remark | None:
    if not isinstance(value, dict):
        return remark("not-a-question")
    if isinstance(value, _Twice):
        return remark("field-twice")
    for name in (_STEM, _OPTIONS, _KEY):
        if name not in value:
            return remark("field-missing", field=name)
    return _wrong_kind(value[_STEM], value[_OPTIONS], value[_KEY])


def _wrong_kind(stem: object, options: object, key: object) -> Remark | None:
    if not isinstance(stem, str):
        return remark("field-kind", field=_STEM)
    if not isinstance(options, list) or not all(isinstance(option, str) for option in options):
        return remark("field-kind", field=_OPTIONS)
    if not isinstance(key, int) or isinstance(key, bool):
        return remark("field-kind", field=_KEY)
    return None
