"""Two exams as data, and pools to draw them from: the rules room has to serve both without knowing either.

SKD's figures are those of KepmenPANRB 321/2024; PPPK's those of the 2024 selection (145 items, at most 670).
The blueprint files that ship are checked in tests/banks.
"""

from decimal import Decimal

from cbt_station.exam.blueprint import Blueprint, BlueprintCell, ExtraTime, Ranking, Requirement, Section
from cbt_station.exam.form import PoolItem, PoolOption
from cbt_station.exam.item import OptionScores

MINUTE_MS = 60_000
FIVE = ("a", "b", "c", "d", "e")
FOUR = ("a", "b", "c", "d")


def section(name: str, count: int, most: int) -> Section:
    return Section(id=name, title={"id": name}, cells=(BlueprintCell(count=count),), most=Decimal(most))


def at_least(**outcomes: int) -> tuple[Requirement, ...]:
    return tuple(Requirement(outcome=name, least=Decimal(least)) for name, least in outcomes.items())


GENERAL = at_least(TWK=65, TIU=80, TKP=166)
TOTAL_311 = at_least(total=311, TIU=85)
TOTAL_286 = at_least(total=286, TIU=60)

SKD = Blueprint(
    id="skd-2024",
    title={"id": "Seleksi Kompetensi Dasar"},
    languages=("id",),
    allotted_ms=100 * MINUTE_MS,
    extra_time=(ExtraTime(accommodation="additionalTestingTime", allotted_ms=130 * MINUTE_MS),),
    sections=(section("TWK", 30, 150), section("TIU", 35, 175), section("TKP", 45, 225)),
    thresholds={
        "general": GENERAL,
        "cum-laude": TOTAL_311,
        "diaspora": TOTAL_311,
        "disability": TOTAL_286,
        "papua": TOTAL_286,
        "remote": TOTAL_286,
    },
    ranking=Ranking(quota_multiple=3, order=("total", "TKP", "TIU", "TWK")),
    show_score=True,
    source="KepmenPANRB 321/2024",
)

PPPK = Blueprint(
    id="pppk-2024",
    title={"id": "Seleksi Kompetensi PPPK"},
    languages=("id",),
    allotted_ms=130 * MINUTE_MS,
    sections=(
        section("teknis", 90, 450),
        section("manajerial", 25, 100),
        section("sosio-kultural", 20, 80),
        section("wawancara", 10, 40),
    ),
    thresholds={"umum": ()},
    ranking=Ranking(quota_multiple=1, order=("total", "teknis", "manajerial")),
)


def pool_for(
    blueprint: Blueprint, options: dict[str, tuple[str, ...]], spare: int = 5
) -> tuple[PoolItem, ...]:
    """A pool with `spare` items more than each section asks for."""
    return tuple(
        PoolItem(
            id=f"{part.id.lower()}-{number:03}",
            section=part.id,
            topic="any",
            level="sedang",
            options=tuple(PoolOption(id=option) for option in options[part.id]),
        )
        for part in blueprint.sections
        for number in range(1, part.count + spare + 1)
    )


def one_key(options: tuple[str, ...], key: str, right: int = 5) -> OptionScores:
    return OptionScores(scores={option: Decimal(right if option == key else 0) for option in options})


def graded(options: tuple[str, ...]) -> OptionScores:
    """The first option gives 1, the next 2 and so on."""
    return OptionScores(scores={option: Decimal(place) for place, option in enumerate(options, start=1)})


SKD_POOL = pool_for(SKD, {"TWK": FIVE, "TIU": FIVE, "TKP": FIVE})
SKD_RULES = {item.id: graded(FIVE) if item.section == "TKP" else one_key(FIVE, "c") for item in SKD_POOL}
PPPK_POOL = pool_for(PPPK, {"teknis": FIVE, "manajerial": FOUR, "sosio-kultural": FOUR, "wawancara": FOUR})
PPPK_RULES = {item.id: one_key(FIVE, "a") if item.section == "teknis" else graded(FOUR) for item in PPPK_POOL}
