"""The harness itself: does it refuse what it must, and report what it was given? The lines are run by `make bench`."""

import itertools

from tests.bench.harness import compare, percentile


def test_a_steady_reference_gives_the_ratio_of_medians() -> None:
    line = compare("x", lambda _: [30, 30, 30], lambda _: [10, 10, 10], goal="≤ 3×")

    assert (line.ratio_p50, line.ratio_p99, line.samples) == (3.0, 3.0, 15)
    assert "3.00×" in str(line)


def test_an_unsteady_reference_is_refused_after_a_second_try() -> None:
    rounds = itertools.count()
    line = compare("x", lambda _: [30], lambda _: [10 if next(rounds) % 2 else 20], goal="≤ 3×")

    assert line.unsteady == 2.0
    assert "refused" in str(line)
    assert next(rounds) == 10


def test_a_slow_tail_shows_in_the_p99_and_not_in_the_median() -> None:
    assert percentile([*range(1, 100), 5000], 50) == 51
    assert percentile([*range(1, 100), 5000], 99) == 5000


def test_reference_and_product_are_interleaved() -> None:
    order: list[str] = []
    compare("x", lambda _: [order.append("p") or 1], lambda _: [order.append("r") or 1], goal="", rounds=2)

    assert order == ["r", "p", "r", "p"]
