"""`python -m tests.hostile`: every hostile case through the program, and a table of what became of them.

    --workers N     processes (2)
    --only BEGIN    only cases whose names begin so; may be given several times
    --write         write what became of the cases into expected.json, to be looked over by a person
    --show          also print what the report said of each case
    --no-kernel     without strace

Exit code 1 where a planted fault was not caught, where something was read, called, written or kept that must not be, where
a case took more than a second of processor time or 512 MiB, or where what became of it is not what is expected.
"""

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

from tests.hostile.campaign import Run, play_all
from tests.hostile.corpus import all_cases
from tests.hostile.judging import EXPECTED, complaints, expected, outcome
from tests.hostile.planted import FAULTS, PLANTED


def main(arguments: list[str]) -> int:
    options = _options(arguments)
    if not options.only:
        bad = uncaught(play_all(["planted"], options.workers, kernel=not options.no_kernel))
        _say("\n".join(bad) or f"{len(PLANTED)} planted faults were caught")
    else:
        bad = []
    run = play_all(options.only, options.workers, kernel=not options.no_kernel)
    cases = [case for case in all_cases() if case.name in run.played]
    found = {case.name: complaints(case, run.played[case.name], run.world, timed=True) for case in cases}
    now = {case.name: outcome(run.played[case.name], run.world) for case in cases}
    if options.write:
        kept = {
            name: said for name, said in expected().items() if name in {case.name for case in all_cases()}
        }
        EXPECTED.write_text(
            json.dumps(kept | now, indent=1, sort_keys=True, ensure_ascii=True) + "\n", "utf-8"
        )
    for name, said in now.items():
        if expected().get(name) != said:
            found[name].append(f"became {said!r}, expected {expected().get(name)!r}")
    if options.show:
        for case in cases:
            _say(f"{case.name} [{now[case.name]}]\n    {run.played[case.name].get('said', '')[:600]!r}")
    _table(run)
    for name, wrong in found.items():
        for one in wrong:
            _say(f"BROKEN {name}: {one}")
    if run.calls:
        _say(f"BROKEN somebody called {len(run.calls)} times")
    if run.strace:
        _say(f"the kernel was not watched: {run.strace}")
    broken = bool(bad or run.calls or any(found.values()))
    _say(f"{len(cases)} cases, {sum(map(bool, found.values()))} broken")
    return 1 if broken else 0


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def uncaught(run: Run) -> list[str]:
    """The planted faults that nothing complained about."""
    missed = []
    for case in PLANTED:
        said = complaints(case, run.played[case.name], run.world, timed=True)
        wanted = FAULTS[case.name.partition("/")[2]][1]
        beneath = "beneath" in case.name or "share" in case.name
        if not any(wanted in one for one in said) and not (run.strace and beneath):
            missed.append(f"BROKEN {case.name}: {wanted!r} was not caught: {said}")
    return missed


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.hostile")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--no-kernel", action="store_true")
    return parser.parse_args(arguments)


def _table(run: Run) -> None:
    families: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for name, one in run.played.items():
        families[name.partition("/")[0]].append(one)
    _say(
        f"{'family':<16}{'cases':>6}{'refused':>9}{'lossy':>7}{'exact':>7}{'shown':>7}{'slowest ms':>12}{'most MiB':>10}"
    )
    for family, ones in sorted(families.items()):
        kinds = Counter(one["outcome"] for one in ones)
        slowest, largest = max(one["cpu_ms"] for one in ones), max(one["mib"] for one in ones)
        _say(
            f"{family:<16}{len(ones):>6}{kinds['refused']:>9}{kinds['lossy']:>7}{kinds['exact']:>7}{kinds['shown']:>7}"
            f"{slowest:>12}{largest:>10}"
        )
    for what, unit in (("cpu_ms", "ms"), ("mib", "MiB")):
        worst = sorted(run.played.values(), key=lambda one: -float(one[what]))[:5]
        _say("  ".join(f"{one['name']} {one[what]} {unit}" for one in worst))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
