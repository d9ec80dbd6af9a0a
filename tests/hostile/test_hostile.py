"""Every hostile case through the program: nothing outside is read, nobody is called, nothing is hidden, no code has changed.

The times are a matter of `python -m tests.hostile`; here only what never ends is ended. What each reader does with honest
files has its tests in tests/banks and tests/screens.
"""

import pytest

from tests.hostile.__main__ import uncaught
from tests.hostile.campaign import Run, play_all
from tests.hostile.corpus import all_cases
from tests.hostile.judging import complaints, expected, outcome

pytestmark = pytest.mark.skipif("sys.platform != 'linux'", reason="forks, and reads /proc")


@pytest.fixture(scope="module")
def run() -> Run:
    """Once for all cases of this process; strace is for the command, which costs three times as much."""
    return play_all(kernel=False)


def test_the_watch_catches_every_planted_fault():
    assert uncaught(play_all(["planted"])) == []


def test_every_case_becomes_what_is_expected_and_does_nothing_else(run):
    wrong = {}
    for case in all_cases():
        found = complaints(case, run.played[case.name], run.world, timed=False)
        now = outcome(run.played[case.name], run.world)
        if now != expected().get(case.name):
            found.append(f"became {now!r}, expected {expected().get(case.name)!r}")
        if found:
            wrong[case.name] = found
    assert wrong == {}
    assert run.calls == []


def test_the_corpus_is_as_large_as_promised():
    names = [case.name for case in all_cases()]
    assert len(names) >= 300
    assert sum(name.startswith("station/") for name in names) >= 40
    assert set(expected()) == set(names)
