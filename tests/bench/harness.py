"""How a ratio is measured: reference and product interleaved, medians and p99 over all rounds, or no number at all.

A reference whose medians differ by more than 1.5 between rounds says that the machine is busy with something else; the
line is then measured once more and, if it still is unsteady, refused. Times are nanoseconds of `perf_counter_ns`.
"""

import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

STEADY = 1.5
ROUNDS = 5


@dataclass(frozen=True)
class Line:
    """One line of the report. Times in milliseconds; `goal` is the ratio of medians (and of p99) that is aimed at."""

    name: str
    product_p50: float
    product_p99: float
    reference_p50: float
    reference_p99: float
    samples: int
    goal: str
    unsteady: float = 0.0
    """The spread of the reference's medians where it is above STEADY; the line is then no claim."""

    @property
    def ratio_p50(self) -> float:
        return self.product_p50 / self.reference_p50

    @property
    def ratio_p99(self) -> float:
        return self.product_p99 / self.reference_p99

    def __str__(self) -> str:
        if self.unsteady:
            return f"{self.name:<34} refused: the reference varied {self.unsteady:.2f}× between rounds"
        return (
            f"{self.name:<34} {self.ratio_p50:6.2f}× p50 {self.ratio_p99:6.2f}× p99   "
            f"({self.product_p50:.3f} / {self.reference_p50:.3f} ms, p99 {self.product_p99:.3f} / "
            f"{self.reference_p99:.3f}, n={self.samples}; goal {self.goal})"
        )


def timed(does: Callable[[], object]) -> int:
    """How long one call takes."""
    start = time.perf_counter_ns()
    does()
    return time.perf_counter_ns() - start


def compare(
    name: str,
    product: Callable[[int], Iterable[int]],
    reference: Callable[[int], Iterable[int]],
    *,
    goal: str,
    rounds: int = ROUNDS,
    attempts: int = 2,
) -> Line:
    """Measure a line: each callable gives the times of one round (its number is handed in)."""
    line = _measure(name, product, reference, goal, rounds)
    while line.unsteady and attempts > 1:
        attempts -= 1
        line = _measure(name, product, reference, goal, rounds)
    return line


def _measure(
    name: str,
    product: Callable[[int], Iterable[int]],
    reference: Callable[[int], Iterable[int]],
    goal: str,
    rounds: int,
) -> Line:
    products: list[list[int]] = []
    references: list[list[int]] = []
    for number in range(rounds):
        references.append(list(reference(number)))
        products.append(list(product(number)))
    every = [taken for one in products for taken in one]
    bare = [taken for one in references for taken in one]
    medians = [statistics.median(one) for one in references]
    spread = max(medians) / min(medians)
    return Line(
        name,
        percentile(every, 50) / 1e6,
        percentile(every, 99) / 1e6,
        percentile(bare, 50) / 1e6,
        percentile(bare, 99) / 1e6,
        len(every),
        goal,
        spread if spread > STEADY else 0.0,
    )


def percentile(samples: Sequence[int], percent: int) -> float:
    """Nearest rank; of few samples the p99 is the largest."""
    ordered = sorted(samples)
    return float(ordered[min(len(ordered) - 1, len(ordered) * percent // 100)])
