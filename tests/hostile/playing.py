"""One case through the program itself: its importers, its native reader, its compiler, its screen.

What comes back is what was said and what was made; an exception that is no failure of ours is a crash of the program.
"""

import traceback
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from cbt_station.banks.blueprint_file import read_blueprint
from cbt_station.banks.compiling import CompiledBank, compile_bank
from cbt_station.banks.foreign import Remark
from cbt_station.banks.import_report import REPORT, ImportedQuestion
from cbt_station.banks.importing import import_bank, judged, recognised
from cbt_station.banks.native import faults, read_bank
from cbt_station.errors import Failure
from cbt_station.exam.content import as_text
from cbt_station.exam.item import Shown, ShownItem, contents
from cbt_station.sealing import strict_json
from cbt_station.words import words_in
from tests.hostile.case import Case, Screen, World

SECRET_PIXEL: Final = (0xF1, 0x03, 0xB7)
"""The colour of the picture outside."""


class Played(Struct):
    """What became of a case. `said`: the report's words; `shown`: what a candidate would read."""

    outcome: str
    codes: list[str] = []
    said: str = ""
    shown: str = ""
    leaks: list[str] = []
    crash: str = ""


def play(case: Case, source: Path | Screen, target: Path, world: World) -> Played:
    """The case, once, the way it goes."""
    try:
        if isinstance(source, Screen):
            from tests.hostile.on_screen import show

            return show(source)
        if case.way == "planted":
            from tests.hostile.planted import FAULTS

            return FAULTS[case.name.partition("/")[2]][0](target, world)
        return {"import": _imported, "bank": _read, "blueprint": _blueprint}[case.way](source, target, world)
    except Failure as failure:
        return Played("refused", [failure.code], _sentence(failure))
    except BaseException:  # noqa: BLE001 - a crash of the program is what is looked for
        return Played("crash", crash=traceback.format_exc()[-2_000:])


def _imported(source: Path, target: Path, world: World) -> Played:
    try:
        report = import_bank(source, target)
    except Failure as failure:
        if failure.code != "import-nothing":
            raise
        questions = judged(recognised(source))
        return Played(
            "refused", [failure.code, *_codes(questions)], f"{_sentence(failure)} {_told(questions)}"
        )
    told = report_of(target)
    codes = [*_codes(report.questions), *(loss.code for loss in report.losses)]
    worst = "lossy" if report.losses or any(one.outcome != "exact" for one in report.questions) else "exact"
    bank = compile_bank(read_bank(target))
    return _shown(Played(worst, codes, told), bank, target, world)


def report_of(target: Path) -> str:
    """The report that the import wrote."""
    path = target / REPORT
    return path.read_text("utf-8") if path.exists() else ""


def _codes(questions: Iterable[ImportedQuestion]) -> list[str]:
    """Each code once, refusals before losses before remarks."""
    found: dict[str, None] = {}
    for kind in ("refused", "lossy", "exact"):
        found |= {f"{kind}:{one.code}": None for q in questions if q.outcome == kind for one in q.reasons}
    found |= {f"remark:{one.code}": None for question in questions for one in question.remarks}
    return list(found)


def _told(questions: Iterable[ImportedQuestion]) -> str:
    return " ".join(f"{q.place}: {_words(q.reasons)} {_words(q.remarks)}" for q in questions)


def _words(remarks: Iterable[Remark]) -> str:
    return " ".join(one.sentence(words_in("id")) for one in remarks)


def _read(source: Path, target: Path, world: World) -> Played:
    found = faults(source)
    if found:
        said = "\n".join(f"{fault.place}: {fault.sentence(words_in('id'))}" for fault in found)
        return Played("refused", list(dict.fromkeys(fault.code for fault in found)), said)
    return _shown(Played("exact"), compile_bank(read_bank(source)), target, world)


def _blueprint(source: Path, _target: Path, _world: World) -> Played:
    return Played("exact", shown=str(read_blueprint(source)))


def _sentence(failure: Failure) -> str:
    return (
        words_in("id")(f"error.{failure.code}", **{"where": failure.where} | dict(failure.facts))
        + f" {failure.where}"
    )


# What came in, compiled and drawn


def _shown(played: Played, bank: CompiledBank, target: Path, world: World) -> Played:
    from tests.hostile.on_screen import draw

    played.shown = "\n".join(_texts(bank))
    for name, data in [("compiled", strict_json.encode(bank.items)), *bank.media.items()]:
        if world.secret.encode() in data:
            played.leaks.append(f"the secret is in {name}")
    stimuli = {one.id: one for one in bank.stimuli}
    for item in bank.items:
        stimulus = stimuli.get(item.shown.stimulus or "")
        played.leaks += draw(Screen(item.shown, bank.media, stimulus)).leaks
    return played


def _texts(bank: CompiledBank) -> Iterator[str]:
    for stimulus in bank.stimuli:
        yield from (as_text(blocks) for blocks in stimulus.content.values())
    for item in bank.items:
        yield text_of(item.shown)


def text_of(item: ShownItem) -> str:
    """Everything that an item says in words, labels of spots too."""
    return "\n".join(_text(shown) for shown in item.languages.values())


def _text(shown: Shown) -> str:
    words = [as_text(blocks) for blocks in contents(shown)]
    spots: Iterable[Any] = getattr(shown.interaction, "spots", ())
    return "\n".join([*words, *(spot.label for spot in spots)])
