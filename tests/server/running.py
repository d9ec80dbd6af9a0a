"""A real centre under uvicorn on a loopback port, in a thread of the test."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from cbt_station.server.centre import Centre
from cbt_station.server.serving import address_of, listen, make_server


@contextmanager
def running(centre: Centre) -> Iterator[str]:
    """The address of the served centre."""
    listening = listen("127.0.0.1", 0)
    listening.listen(64)
    server = make_server(centre)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield address_of(listening)
    finally:
        server.should_exit = True
        thread.join(timeout=30)
        listening.close()
