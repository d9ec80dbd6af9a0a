"""Every case, by family."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Final

from tests.hostile.case import Case

FAMILIES: Final = tuple(
    sorted(path.stem for path in (Path(__file__).parent / "families").glob("*.py") if path.stem != "__init__")
)


def all_cases() -> Iterator[Case]:
    """Each family's cases in order; no name twice."""
    seen: set[str] = set()
    for family in FAMILIES:
        for case in import_module(f"tests.hostile.families.{family}").CASES:
            if case.name in seen:
                raise ValueError(f"two cases are called {case.name}")
            seen.add(case.name)
            yield case
