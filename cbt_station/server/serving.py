"""Running the centre's application under uvicorn, with its limits; TLS and the world's traffic belong to a proxy before it.

uvicorn waits for ever for a request that was begun: as many connections as may be open at once, each with half a line,
would shut everybody out. Here a connection on which no request comes is closed.
"""

import asyncio
import socket
from collections.abc import Callable
from typing import Final, cast

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from cbt_station.errors import Trouble
from cbt_station.server.app import make_app
from cbt_station.server.centre import Centre

MOST_AT_ONCE = 256
KEEP_ALIVE_S = 10
MOST_HEADERS = 16 << 10
NO_REQUEST_S: Final = 10.0
"""A connection without a whole request for this long (twice as long at most) is closed."""


class _Impatient(H11Protocol):
    """uvicorn's connection, with an end to waiting for the lines of a request."""

    _look_again: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as its parent
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._look_again is not None:
            self._look_again.cancel()
        super().connection_lost(exc)

    def _wait(self) -> None:
        cycle = cast("RequestResponseCycle | None", self.cycle)  # None before the first request
        idle = cycle is None or cycle.response_complete
        self._look_again = self.loop.call_later(NO_REQUEST_S, self._look, cycle, idle)

    def _look(self, before: RequestResponseCycle | None, was_idle: bool) -> None:
        """Idle then and now, and no request between: nothing is coming."""
        if was_idle and self.cycle is before:
            self.transport.close()
        else:
            self._wait()


def make_server(centre: Centre) -> uvicorn.Server:
    """The server over an open centre; `run(sockets=[listen(…)])` runs it."""
    config = uvicorn.Config(
        make_app(centre),
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=True,
        lifespan="off",
        http=_Impatient,
        ws="none",
        limit_concurrency=MOST_AT_ONCE,
        timeout_keep_alive=KEEP_ALIVE_S,
        h11_max_incomplete_event_size=MOST_HEADERS,
        timeout_graceful_shutdown=10,
        proxy_headers=False,
    )
    return uvicorn.Server(config)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket, or Trouble("address-in-use")."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise Trouble("address-in-use", address=f"{host}:{port}", reason=error.strerror or "") from error
    listening.set_inheritable(True)
    return listening


def address_of(listening: socket.socket) -> str:
    """Where a browser finds it."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(centre: Centre, host: str, port: int, listening_at: Callable[[str], None]) -> None:
    """Serve until it is told to stop (Ctrl+C, SIGTERM); answers that were begun are ended."""
    listening = listen(host, port)
    try:
        listening.listen()  # who reads the address and calls at once waits, and is not turned away
        listening_at(address_of(listening))
        make_server(centre).run(sockets=[listening])
    finally:
        listening.close()
