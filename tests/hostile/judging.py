"""What is wrong with what became of a case: everything that is forbidden, everything that was not said, every code that changed."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from tests.hostile.case import Case, World

EXPECTED: Final = Path(__file__).with_name("expected.json")
MOST_MS: Final = 1_000
MOST_MIB: Final = 512


def expected() -> dict[str, str]:
    """What becomes of each case, as it was looked over by a person."""
    found: dict[str, str] = json.loads(EXPECTED.read_text("utf-8")) if EXPECTED.exists() else {}
    return found


def outcome(played: Mapping[str, Any], world: World) -> str:
    """What became of a case, in one line."""
    return world.plain(f"{played['outcome']}: {', '.join(played.get('codes', ()))}".rstrip(": "))


def complaints(case: Case, played: Mapping[str, Any], world: World, *, timed: bool) -> list[str]:
    """Everything that is wrong. `timed`: also more processor time than a case may take; no test asks for that."""
    found = [world.plain(one) for one in played["complaints"]]
    if played.get("crash"):
        found.append(f"no failure of ours: {played['crash'].strip().splitlines()[-1]}")
    if timed and played["cpu_ms"] > MOST_MS:
        found.append(f"{played['cpu_ms']} ms of the processor, at most {MOST_MS}")
    if played["mib"] > MOST_MIB:
        found.append(f"{played['mib']} MiB, at most {MOST_MIB}")
    said = world.plain(played.get("shown", "") if case.kept else played.get("said", ""))
    found += [
        f"the report does not name {words!r}"
        for words in case.names
        if not any(word in said for word in words.split("|"))
    ]
    if case.kept and played.get("outcome") == "refused":
        found.append("was refused")
    if (
        not case.kept
        and played.get("outcome") == "exact"
        and not any(
            code.startswith("remark:") and code != "remark:points-assumed" for code in played.get("codes", ())
        )
    ):
        found.append("came in as if nothing was")
    return found
