"""A process that runs `run_drive`, for tests that kill it, starve it or break its disk.

`python -m tests.delivery.drive_process SESSION DATA KEY_FILE PASSPHRASE NUMBER CODE [SECOND]`
"""

import os
import sys
from pathlib import Path

from cbt_station.delivery.clock import SystemClock
from cbt_station.delivery.drive import DriveOptions, run_drive


def main(arguments: list[str]) -> int:
    session, data, venue_key, passphrase, number, code, *second = arguments
    options = DriveOptions(
        session=Path(session),
        data=Path(data),
        venue_key=Path(venue_key).read_bytes(),
        passphrase=passphrase,
        candidate=number,
        code=code,
        second=Path(second[0]) if second else None,
        take_over=bool(os.environ.get("CBT_TAKE_OVER")),
    )
    if fault := os.environ.get("CBT_PLANTED_FAULT"):
        from tests.delivery.planted_faults import FAULTS

        FAULTS[fault]()
    return run_drive(sys.stdin, sys.stdout, options, clock=SystemClock())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
