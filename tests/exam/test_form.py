"""Forms: what every draw keeps, that it is fair, and what sealing refuses so that no draw can fail.

The stream here is a counter under SHA-256; the real one, and the published vector, are in tests/artefacts.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cbt_station.errors import Refusal
from cbt_station.exam.blueprint import Blueprint, BlueprintCell, Ranking, Section
from cbt_station.exam.form import Form, PoolItem, PoolOption, check_pool, draw_form
from tests.exam.counted import below_from
from tests.exam.exams import PPPK, PPPK_POOL, SKD, SKD_POOL

FORMS = 1_000
# Upper 0.001 quantiles of chi-square (NIST/SEMATECH e-Handbook, 1.3.6.7.4).
CHI_SQUARE_999 = {2: 13.816, 3: 16.266, 19: 43.820, 23: 49.728}


def blueprint(*sections: Section) -> Blueprint:
    return Blueprint(
        id="b",
        title={"id": "B"},
        languages=("id",),
        allotted_ms=6_000_000,
        sections=sections,
        thresholds={},
        ranking=Ranking(quota_multiple=1, order=("total",)),
    )


def section(*cells: BlueprintCell, order: str = "shuffled", name: str = "S") -> Section:
    return Section(
        id=name, title={"id": name}, cells=cells, order="fixed" if order == "fixed" else "shuffled"
    )


def item(
    name: str,
    topic: str = "t",
    level: str = "l",
    *,
    stimulus: str | None = None,
    enemies: str | None = None,
    options: str = "abcd",
    section: str = "S",
    shuffle: bool = True,
) -> PoolItem:
    """Options written in capitals are fixed."""
    return PoolItem(
        id=name,
        section=section,
        topic=topic,
        level=level,
        options=tuple(PoolOption(id=letter.lower(), fixed=letter.isupper()) for letter in options),
        shuffle=shuffle,
        stimulus=stimulus,
        enemies=enemies,
    )


GRID = blueprint(
    section(
        BlueprintCell(count=3, topic="deret", level="mudah"),
        BlueprintCell(count=4, topic="teks"),
        BlueprintCell(count=2, topic="lawan"),
        BlueprintCell(count=3, topic="tetap", items=("fix-2", "fix-1", "fix-9")),
    ),
    section(BlueprintCell(count=2), order="fixed", name="P"),
)
GRID_POOL = (
    *(item(f"der-{n}", "deret", "mudah", options="abcdE") for n in range(6)),
    *(item(f"der-sulit-{n}", "deret", "sulit") for n in range(4)),
    *(item(f"teks-{n}", "teks", ("mudah", "sulit")[n % 2], stimulus=f"bacaan-{n // 2}") for n in range(8)),
    *(item(f"law-{n}", "lawan", enemies=f"set-{n // 2}") for n in range(6)),
    item("law-sendiri", "lawan"),
    item("fix-1", "tetap", stimulus="bacaan-tetap"),
    item("fix-2", "tetap", stimulus="bacaan-tetap"),
    item("fix-9", "tetap", shuffle=False),
    *(item(f"pilot-{n}", section="P", options="AbcD") for n in range(4)),
)


def forms(exam: Blueprint, pool: tuple[PoolItem, ...], count: int = FORMS) -> Iterator[Form]:
    check_pool(exam, pool)
    for number in range(count):
        yield draw_form(exam, pool, below_from(f"forms/{number}"))


def chi_square(observed: dict[object, int], places: int) -> float:
    expected = sum(observed.values()) / places
    absent = places - len(observed)
    return sum((count - expected) ** 2 / expected for count in observed.values()) + absent * expected


def test_a_thousand_forms_meet_every_cell_and_keep_enemies_apart_and_groups_together() -> None:
    by_id = {entry.id: entry for entry in GRID_POOL}
    for form in forms(GRID, GRID_POOL):
        names = [entry.item for entry in form.items]
        items = [by_id[name] for name in names]
        assert len(set(names)) == GRID.count
        assert sum((one.topic, one.level) == ("deret", "mudah") for one in items) == 3
        assert sum(one.topic == "teks" for one in items) == 4
        assert sum(one.topic == "lawan" for one in items) == 2
        enemies = [one.enemies for one in items if one.enemies]
        assert len(set(enemies)) == len(enemies)
        for first in (name for name in names if name.startswith("teks-") and int(name[-1]) % 2 == 0):
            assert names[names.index(first) + 1] == f"teks-{int(first[-1]) + 1}"
        assert sum(one.topic == "teks" and int(one.id[-1]) % 2 == 0 for one in items) == 2
        # A fixed cell's stimulus group stays together too, in the order that the blueprint names.
        assert names[names.index("fix-2") + 1] == "fix-1"
        assert "fix-9" in names
        # Sections follow each other in blueprint order.
        assert [entry.section for entry in form.items] == ["S"] * 12 + ["P"] * 2


def test_fixed_options_keep_their_place_and_free_ones_share_the_others() -> None:
    by_id = {entry.id: entry for entry in GRID_POOL}
    for form in forms(GRID, GRID_POOL, 200):
        for entry in form.items:
            options = by_id[entry.item].options
            assert sorted(entry.options) == sorted(option.id for option in options)
            for place, option in enumerate(options):
                if option.fixed or not by_id[entry.item].shuffle:
                    assert entry.options[place] == option.id


def test_positions_of_free_options_are_uniform() -> None:
    exam = blueprint(section(BlueprintCell(count=1)))
    pool = (item("one", options="abcdE"),)
    orders = [form.items[0].options for form in forms(exam, pool, 4_800)]
    assert chi_square(Counter(orders), 24) < CHI_SQUARE_999[23]
    assert len(set(orders)) == len(list(permutations("abcd")))
    for place in range(4):
        assert chi_square(Counter(order[place] for order in orders), 4) < CHI_SQUARE_999[3]


def test_items_and_their_places_are_uniform() -> None:
    exam = blueprint(section(BlueprintCell(count=2)))
    pool = tuple(item(name) for name in "vwxyz")
    pairs = Counter(tuple(entry.item for entry in form.items) for form in forms(exam, pool, 2_000))
    assert chi_square(pairs, 20) < CHI_SQUARE_999[19]


def test_members_of_an_enemy_set_are_uniform_and_a_set_weighs_as_much_as_an_item() -> None:
    exam = blueprint(section(BlueprintCell(count=1)))
    pool = (*(item(f"e{n}", enemies="e") for n in range(3)), item("f"), item("g"))
    drawn = Counter(form.items[0].item for form in forms(exam, pool, 3_000))
    units = {"set": sum(drawn[f"e{n}"] for n in range(3)), "f": drawn["f"], "g": drawn["g"]}
    assert chi_square(dict(units), 3) < CHI_SQUARE_999[2]
    assert chi_square({n: drawn[f"e{n}"] for n in range(3)}, 3) < CHI_SQUARE_999[2]


def test_the_chi_square_test_finds_a_biased_shuffle() -> None:
    """The harness proves itself: the well-known wrong shuffle (every place swapped with any place) is caught."""

    def biased(number: int) -> tuple[str, ...]:
        below = below_from(f"biased/{number}")
        order = list("abcd")
        for i in range(4):
            j = below(4)
            order[i], order[j] = order[j], order[i]
        return tuple(order)

    assert chi_square(Counter(biased(number) for number in range(4_800)), 24) > CHI_SQUARE_999[23]


def test_a_form_is_drawn_by_the_published_procedure() -> None:
    """The whole procedure by hand, with a stream that is read aloud."""
    exam = blueprint(
        section(BlueprintCell(count=2, topic="t"), BlueprintCell(count=1, items=("fix",))),
    )
    pool = (
        item("b", options="abc"),
        item("d", enemies="x", options="abC"),
        item("a", options="ab", shuffle=False),
        item("c", enemies="x", options="abC"),
        item("fix", "other", options="ab"),
    )
    # One number of the set c, d; then units a, b, d: from the front 0 + 2 (d, b, a), 1 + 1 (d, a);
    # the section's order from the end, i = 2: below(3) = 0 (fix, a, d), i = 1: below(2) = 1;
    # fix: below(2) = 0 (b, a); a: nothing; d: below(2) = 1.
    script = iter([(2, 1), (3, 2), (2, 1), (3, 0), (2, 1), (2, 0), (2, 1)])

    def below(n: int) -> int:
        asked, answer = next(script)
        assert asked == n
        return answer

    check_pool(exam, pool)
    form = draw_form(exam, pool, below)
    assert [(entry.item, "".join(entry.options)) for entry in form.items] == [
        ("fix", "ba"),
        ("a", "ab"),
        ("d", "abc"),
    ]
    assert next(script, None) is None


def test_a_fixed_exam_without_shuffle_draws_nothing() -> None:
    exam = blueprint(section(BlueprintCell(count=2, items=("b", "a")), order="fixed"))
    pool = (item("a", shuffle=False), item("b", options="ABCD"))

    def below(n: int) -> int:
        raise AssertionError(f"asked for a number below {n}")

    check_pool(exam, pool)
    assert [entry.item for entry in draw_form(exam, pool, below).items] == ["b", "a"]


@settings(max_examples=30, deadline=None)
@given(st.permutations(GRID_POOL), st.integers(0, 2**32))
def test_the_pool_s_order_does_not_matter(shuffled: list[PoolItem], seed: int) -> None:
    check_pool(GRID, tuple(shuffled))
    assert draw_form(GRID, tuple(shuffled), below_from(str(seed))) == draw_form(
        GRID, GRID_POOL, below_from(str(seed))
    )


@pytest.mark.parametrize(("exam", "pool"), [(SKD, SKD_POOL), (PPPK, PPPK_POOL)], ids=["SKD", "PPPK"])
def test_whole_exams_get_all_their_items(exam: Blueprint, pool: tuple[PoolItem, ...]) -> None:
    for form in forms(exam, pool, 20):
        assert Counter(entry.section for entry in form.items) == {
            part.id: part.count for part in exam.sections
        }
        assert len({entry.item for entry in form.items}) == exam.count


ANY = section(BlueprintCell(count=2))
BY_TOPIC = section(BlueprintCell(count=1, topic="t"), BlueprintCell(count=1, topic="u"))


@pytest.mark.parametrize(
    ("code", "parts", "pool"),
    [
        pytest.param("pool-item-twice", ANY, (item("a"), item("a")), id="one id for two items"),
        pytest.param(
            "pool-option-twice", ANY, (item("a", options="aba"), item("b")), id="one id for two options"
        ),
        pytest.param(
            "pool-item-in-two-groups", ANY, (item("a", stimulus="s", enemies="e"), item("b")), id="two groups"
        ),
        pytest.param("pool-cell-short", ANY, (item("a"),), id="too few items"),
        pytest.param("pool-cell-short", ANY, (), id="no items at all"),
        pytest.param(
            "pool-cell-short", ANY, (item("a", enemies="e"), item("b", enemies="e")), id="a set is one item"
        ),
        pytest.param("pool-cell-short", ANY, (item("a"), item("b", section="T")), id="of another section"),
        pytest.param(
            "pool-unit-sizes",
            ANY,
            (item("a", stimulus="s"), item("b", stimulus="s"), item("c"), item("d")),
            id="a group beside single items",
        ),
        pytest.param(
            "pool-unit-sizes",
            ANY,
            tuple(item(f"a{n}", stimulus=f"s{n // 3}") for n in range(6)),
            id="two items cannot be made of threes",
        ),
        pytest.param(
            "pool-item-in-two-cells",
            section(BlueprintCell(count=1, topic="t"), BlueprintCell(count=1, level="l")),
            (item("a"), item("b", "u"), item("c", level="m")),
            id="cells that overlap",
        ),
        pytest.param(
            "pool-item-in-two-cells",
            section(BlueprintCell(count=1), BlueprintCell(count=1, items=("a",))),
            (item("a"), item("b")),
            id="a fixed item that could be drawn too",
        ),
        pytest.param(
            "pool-enemies-across-cells",
            BY_TOPIC,
            (item("a", enemies="e"), item("b", "u", enemies="e"), item("c"), item("d", "u")),
            id="enemies in two cells",
        ),
        pytest.param(
            "pool-stimulus-across-cells",
            BY_TOPIC,
            (item("a", stimulus="s"), item("b", "u", stimulus="s")),
            id="a stimulus in two cells",
        ),
        pytest.param(
            "pool-stimulus-across-cells",
            section(BlueprintCell(count=1, topic="t")),
            (item("a", stimulus="s"), item("b", "u", stimulus="s")),
            id="a stimulus half outside",
        ),
        pytest.param(
            "pool-stimulus-across-cells",
            section(BlueprintCell(count=3, items=("a", "b", "c"))),
            (item("a", stimulus="s"), item("b"), item("c", stimulus="s")),
            id="a fixed cell that parts a group",
        ),
        pytest.param(
            "pool-enemies-meet",
            section(BlueprintCell(count=2, items=("a", "b"))),
            (item("a", enemies="e"), item("b", enemies="e")),
            id="a fixed cell with enemies",
        ),
        pytest.param(
            "pool-item-unknown",
            section(BlueprintCell(count=1, items=("z",))),
            (item("a"),),
            id="an unknown item",
        ),
        pytest.param(
            "pool-item-unknown",
            section(BlueprintCell(count=1, items=("z",))),
            (item("z", section="T"),),
            id="a fixed item of another section",
        ),
        pytest.param(
            "blueprint-item-twice",
            section(BlueprintCell(count=2, items=("a", "a"))),
            (item("a"),),
            id="a fixed item twice",
        ),
    ],
)
def test_a_pool_that_no_fair_draw_could_serve_is_refused(
    code: str, parts: Section, pool: tuple[PoolItem, ...]
) -> None:
    with pytest.raises(Refusal) as refused:
        check_pool(blueprint(parts), pool)
    assert refused.value.code == code
    assert refused.value.where


def test_items_that_no_cell_asks_for_do_no_harm() -> None:
    exam = blueprint(section(BlueprintCell(count=1, topic="t")))
    pool = (item("a", enemies="e"), item("b", "u", enemies="e"), item("c", section="T", stimulus="s"))
    assert [entry.item for form in forms(exam, pool, 5) for entry in form.items] == ["a"] * 5


GROUPS = (None, None, None, "s1", "s2", "e1", "e2")


@st.composite
def grids(draw: st.DrawFn) -> tuple[Blueprint, tuple[PoolItem, ...]]:
    """Random pools, and cells that part them in ways that mostly can be met."""
    pool = []
    for number in range(draw(st.integers(4, 16))):
        topic = draw(st.sampled_from("tuf"))
        group = draw(st.sampled_from(GROUPS))
        pool.append(
            item(
                f"i{number}",
                topic,
                draw(st.sampled_from("lm")),
                stimulus=f"{topic}{group}" if group and group[0] == "s" else None,
                enemies=group if group and group[0] == "e" else None,
                section=draw(st.sampled_from("SSP")),
                options=draw(st.sampled_from(["ab", "abC", "AB", "a"])),
            )
        )
    parts = [section(*draw(cells_of(pool, name)), name=name) for name in ("S", "P")]
    return blueprint(*parts[: draw(st.integers(1, 2))]), tuple(pool)


def cells_of(pool: list[PoolItem], name: str) -> st.SearchStrategy[list[BlueprintCell]]:
    """One cell for all, or some of: a cell for a topic, two for its levels, and the topic f as a fixed cell."""
    fixed = tuple(entry.id for entry in pool if (entry.section, entry.topic) == (name, "f"))
    few = st.integers(1, 2)
    parted = [
        st.builds(BlueprintCell, count=few, topic=st.just("t")),
        st.builds(BlueprintCell, count=few, topic=st.just("u"), level=st.just("l")),
        st.builds(BlueprintCell, count=few, topic=st.just("u"), level=st.just("m")),
        st.permutations(fixed).map(lambda names: BlueprintCell(count=max(1, len(names)), items=tuple(names))),
    ]
    some = st.lists(st.sampled_from(range(4)), min_size=1, max_size=3, unique=True).flatmap(
        lambda chosen: st.tuples(*(parted[place] for place in chosen)).map(list)
    )
    return st.one_of(st.builds(BlueprintCell, count=few).map(lambda cell: [cell]), some)


@settings(max_examples=300, deadline=None)
@given(grids(), st.integers(0, 2**32))
def test_a_pool_is_refused_or_every_draw_of_it_is_whole(
    grid: tuple[Blueprint, tuple[PoolItem, ...]], seed: int
) -> None:
    exam, pool = grid
    try:
        check_pool(exam, pool)
    except Refusal:
        return
    form = draw_form(exam, pool, below_from(str(seed)))
    by_id = {entry.id: entry for entry in pool}
    names = [entry.item for entry in form.items]
    assert len(set(names)) == exam.count
    enemies = [by_id[name].enemies for name in names if by_id[name].enemies]
    assert len(set(enemies)) == len(enemies)
    for name in {stimulus for entry in names if (stimulus := by_id[entry].stimulus)}:
        together = [place for place, entry in enumerate(names) if by_id[entry].stimulus == name]
        assert len(together) == sum(entry.stimulus == name for entry in pool)
        assert together == list(range(together[0], together[0] + len(together)))
