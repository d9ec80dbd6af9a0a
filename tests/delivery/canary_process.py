"""A process that takes the real `Station` step by step, for the search of canaries; a line in, a line out.

`python -m tests.delivery.canary_process SESSION DATA VENUE_KEY [SECOND]`; secrets come with the lines, not in arguments.
`CBT_PLANTED_LEAK` plants a leak that the search has to find.
"""

import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from cbt_station.delivery import sitting_here
from cbt_station.delivery.clock import SystemClock
from cbt_station.delivery.station import Station
from cbt_station.delivery.views import SealedView
from cbt_station.storage.core_dumps import may_dump


class Steps:
    """What the test asks for, one method a step."""

    def __init__(self, station: Station, venue_key: Path) -> None:
        self.station, self.venue_key = station, venue_key.read_bytes()

    def hello(self) -> tuple[str, bool]:
        return self.station.info.phase, may_dump()

    def unlock(self, passphrase: str, code: str) -> str:
        return self.station.unlock(self.venue_key, passphrase, code).phase

    def check_in(self, number: str, secret: str) -> str:
        view = self.station.look_up(number)
        assert view.photo
        return self.station.check_in(number, secret).name and self.station.info.phase

    def start(self) -> str:
        return self._look(self.station.start("id"))

    def resume(self) -> str:
        return self._look(self.station.resume())

    def answer(self, count: int) -> int:
        for cell in self.station.view().cells[:count]:
            self.station.show(cell.item)
            self.station.item(cell.item)
            self.station.choose(cell.item, "b")
        return len(self.station.view().answers)

    def second(self) -> str:
        until = time.monotonic() + 20
        while self.station.view().saved.level != "second" and time.monotonic() < until:
            self.station.tick()
            time.sleep(0.05)
        return self.station.view().saved.level

    def end_and_die(self) -> None:
        """The power goes between the end and the sealing."""

        def die(*_: object) -> None:
            os.kill(os.getpid(), signal.SIGKILL)

        sitting_here.finish_on_station = die  # type: ignore[assignment, attr-defined]
        self.station.finish()

    def finish(self) -> str:
        sealed: SealedView = self.station.finish()
        return sealed.result

    def _look(self, view: Any) -> str:
        """As the screen does: the current item and its neighbours are read."""
        assert view is not None
        if view.phase == "running":
            for cell in view.cells:
                self.station.item(cell.item)
        return str(view.phase)


def main(arguments: list[str]) -> int:
    session, data, venue_key, *second = (Path(argument) for argument in arguments)
    if leak := os.environ.get("CBT_PLANTED_LEAK"):
        from tests.delivery.planted_leaks import LEAKS

        LEAKS[leak][0]()
    station = Station.open(
        session, data, clock=SystemClock(), second=second[0] if second else None, patience_s=10
    )
    steps = Steps(station, venue_key)
    for line in sys.stdin:
        step, *told = json.loads(line)
        if step == "quit":
            break
        sys.stdout.write(json.dumps(getattr(steps, step)(*told)) + "\n")
        sys.stdout.flush()
    station.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
