"""The writer of second copies as a thread of this process: the same code over the same pipes.

For tests that break the disk under it from inside, and for recorders that see one process only.
"""

import os
import threading

from cbt_station.delivery import second_place
from cbt_station.delivery.second_writer import serve
from cbt_station.delivery.writer_process import Writer


def start_in_thread() -> Writer:
    asked, asks = os.pipe2(os.O_CLOEXEC)
    answers, answered = os.pipe2(os.O_CLOEXEC)

    def work() -> None:
        try:
            serve(asked, answered)
        finally:
            os.close(asked)
            os.close(answered)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return Writer(asks, answers, lambda: thread.join(0.5))


def write_in_threads() -> None:
    """From here on, for this process."""
    second_place.start_writer = start_in_thread
