"""The sittings of a rehearsal: robots at the real window, offscreen, or a person at it.

A robot has an ability: how often it takes the option with the highest score. Everything follows from the seed.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

from cbt_station.artefacts.roster import RosterEntry
from cbt_station.banks.compiling import CompiledBank, CompiledItem
from cbt_station.delivery.clock import Clock, SystemClock
from cbt_station.delivery.station import Station
from cbt_station.delivery.views import SealedView
from cbt_station.exam.content import Blocks, Formula, Paragraph, Picture, Table
from cbt_station.exam.interactions import Interaction, Response
from cbt_station.exam.item import contents
from cbt_station.rehearsal.answering import best_answer, plausible_answer
from cbt_station.rehearsal.cast import PASSPHRASE, chance_of
from cbt_station.rehearsal.stage import Stage
from cbt_station.results.on_screen import score_view

CUT_AFTER = 7
"""Questions after which the second robot's power goes, to be switched on again and go on."""


def data_folder(stage: Stage, entry: RosterEntry) -> Path:
    """Each candidate sits at a station of its own."""
    return stage.folder / "stations" / entry.seat


def open_station(stage: Stage, entry: RosterEntry, clock: Clock) -> Station:
    """A station with a second place beside it, as a stick would be."""
    data, stick = data_folder(stage, entry), stage.folder / "sticks" / entry.seat
    stick.mkdir(parents=True, exist_ok=True)
    return Station.open(stage.session, data, clock=clock, second=stick, score_with=score_view)


def is_sealed(stage: Stage, entry: RosterEntry) -> bool:
    """Whether a candidate's result is there."""
    return any((data_folder(stage, entry) / "tree" / "sealed").glob("*"))


def play_all(
    stage: Stage,
    bank: CompiledBank,
    entries: Iterable[RosterEntry],
    lang: str,
    pictures: Path | None,
    done: Callable[[RosterEntry, SealedView], None],
) -> None:
    """Let robots sit the exam, one after the other, each through the real window, which nobody sees."""
    from cbt_station.screens.application import offscreen_application

    application = offscreen_application()
    for at, entry in enumerate(entries):
        sealed = None
        while sealed is None:
            cut = at == 1 and not data_folder(stage, entry).exists()
            sealed = _play_one(
                stage, bank, entry, lang, pictures if at == 0 else None, CUT_AFTER if cut else 0
            )
        done(entry, sealed)
    application.processEvents()


def _play_one(
    stage: Stage, bank: CompiledBank, entry: RosterEntry, lang: str, pictures: Path | None, stops_after: int
) -> SealedView | None:
    from cbt_station.screens.station import open_window
    from cbt_station.screens.station.playing import Script, picture_taker, play, put_away
    from cbt_station.screens.station.positions import titles_in

    clock = SystemClock()
    station = open_station(stage, entry, clock)
    window = open_window(
        station,
        venue_key=stage.venue_key.read_bytes(),
        clock=clock,
        language=lang,
        unseen=True,
        position_title=titles_in(station.folder),
    )
    window.resize(1366, 768)
    try:
        choose, doubt = robot(bank, stage.cast.seed, entry.number)
        script = Script(
            number=entry.number,
            secret=entry.birth_date,
            choose=choose,
            respond=responder(bank, stage.cast.seed, entry.number),
            doubt=doubt,
            passphrase=PASSPHRASE,
            code=stage.codes.start,
            score_code=stage.codes.score,
            practises=pictures is not None,
            stops_after=stops_after,
        )
        if pictures is None:
            return play(window, script)
        return play(window, script, picture_taker(window, pictures, worth_a_picture(bank)))
    finally:
        put_away(window)
        station.close()


def robot(
    bank: CompiledBank, seed: int, number: str
) -> tuple[Callable[[str, tuple[str, ...]], int | None], Callable[[str], bool]]:
    """How a robot answers, and what it doubts: the same for the same seed, candidate and item."""
    items, ability = _items_and_ability(bank, seed, number)

    def choose(item: str, options: tuple[str, ...]) -> int | None:
        luck, other, skips = chance_of(seed, f"{number} {item}")(3)
        if skips < 6:
            return None
        best = (
            best_answer(items[item].rule, _interaction_of(items[item]), options) if luck < ability else None
        )
        return options.index(best) if isinstance(best, str) and best in options else other % len(options)

    return choose, lambda item: chance_of(seed, f"doubt {number} {item}")(1)[0] < 20


def responder(
    bank: CompiledBank, seed: int, number: str
) -> Callable[[str, tuple[str, ...]], Response | None]:
    """How a robot answers what is no choice of one: the best answer as often as it is able to, else some other."""
    items, ability = _items_and_ability(bank, seed, number)

    def respond(item: str, options: tuple[str, ...]) -> Response | None:
        luck, skips = chance_of(seed, f"{number} {item}")(2)
        if skips < 6:
            return None
        interaction = _interaction_of(items[item])
        best = best_answer(items[item].rule, interaction, options) if luck < ability else None
        return best or plausible_answer(interaction, options, chance_of(seed, f"other {number} {item}"))

    return respond


def _items_and_ability(bank: CompiledBank, seed: int, number: str) -> tuple[dict[str, CompiledItem], int]:
    ability = 96 + chance_of(seed, f"ability {number}")(1)[0] % 128
    return {item.id: item for item in bank.items}, ability


def _interaction_of(item: CompiledItem) -> Interaction:
    return next(iter(item.shown.languages.values())).interaction


def worth_a_picture(bank: CompiledBank) -> dict[str, str]:
    """Which items show a formula, a table, a picture, or plain text: a name for each."""
    return {item.id: _kind(item) for item in bank.items}


def _kind(item: CompiledItem) -> str:
    shown = next(iter(item.shown.languages.values()))
    blocks: Blocks = tuple(block for content in contents(shown) for block in content)
    if any(isinstance(block, Table) for block in blocks):
        return "question-table"
    if any(isinstance(block, Picture) for block in blocks):
        return "question-picture"
    inlines = (part for block in blocks if isinstance(block, Paragraph) for part in block.content)
    return (
        "question-formula"
        if any(isinstance(part, Formula) for part in inlines)
        else f"question-{item.section.lower()}"
    )


def sit_in_person(stage: Stage, entry: RosterEntry, lang: str) -> None:
    """Open the window for a person, and wait until it is closed."""
    from cbt_station.screens.station import LOOK, run
    from cbt_station.screens.station.positions import titles_in

    clock = SystemClock()
    station = open_station(stage, entry, clock)
    try:
        run(
            station,
            venue_key=stage.venue_key.read_bytes(),
            clock=clock,
            language=lang,
            position_title=titles_in(station.folder),
            look_file=data_folder(stage, entry) / LOOK,
        )
    finally:
        station.close()
