"""What programs ask of the centre over HTTP, as a plain ASGI application: the wire types are `sync.wire`'s.

    PUT /sync/offer   PUT /tree/NAME   GET|HEAD /tree/NAME   GET|HEAD /proof/ID
    GET|HEAD /checkpoint   GET|HEAD /tile/…   GET|HEAD /session/NAME/FILE   GET|HEAD /trust/trust-N.note

No framework's route stands before these: they carry a nation's results, and a raw route takes several times the load.
Every path has one exact shape, every body a bound known before it is read, every read a limit in time. The centre's
work runs in a few threads. Anything that is not one of these paths goes to the pages.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any, Final

import anyio
import anyio.to_thread

from cbt_station.artefacts import names
from cbt_station.errors import Failure, Refusal, Tampered, Trouble
from cbt_station.sealing import strict_json
from cbt_station.server.centre import Centre
from cbt_station.sync import tree
from cbt_station.sync.wire import JSON, MOST_JSON, PROOF, STATUS, Answer, Offer, said

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
ASGI = Callable[[Scope, Receive, Send], Awaitable[None]]

SILENCE_S: Final = 30.0
BODY_S: Final = 300.0
THREADS: Final = 8
SMALL_BODY: Final = 1 << 20
MOST_OF_LARGE: Final = 512 << 20
"""Bytes of larger bodies that may be in memory at once; small ones (nearly every result is one) are always taken."""
_TILE = re.compile(r"tile/(?:entries|[0-5]?[0-9]|6[0-3])/(?:x[0-9]{3}/){0,4}[0-9]{3}(?:\.p/[0-9]{1,3})?")
_PLAIN: Final = "text/plain; charset=utf-8"
_FOREVER: Final = "public, max-age=31536000, immutable"
_FRESH: Final = "no-cache"


class Reply(Exception):
    """A whole answer."""

    def __init__(self, status: int, body: bytes = b"", kind: str = _PLAIN, cache: str = _FRESH) -> None:
        super().__init__(status)
        self.status, self.body, self.kind, self.cache = status, body, kind, cache


class Ingest:
    """Answers the paths above; `pages` answers the others."""

    def __init__(self, centre: Centre, pages: ASGI) -> None:
        self._centre = centre
        self._pages = pages
        self._threads = anyio.CapacityLimiter(THREADS)
        self._room = _Room()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _is_ours(scope["path"]):
            await self._pages(scope, receive, send)
            return
        try:
            reply = await self._answer(scope["method"], scope["path"], scope, receive)
        except Reply as thrown:
            reply = thrown
        except Failure as failure:
            reply = _failed(failure)
        await respond(send, reply, bodiless=scope["method"] == "HEAD")

    async def _answer(self, method: str, path: str, scope: Scope, receive: Receive) -> Reply:
        if method == "PUT":
            return await self._put(path, scope, receive)
        return await anyio.to_thread.run_sync(self._get, path, limiter=self._threads)

    async def _put(self, path: str, scope: Scope, receive: Receive) -> Reply:
        if path == "/sync/offer":
            body = await read_body(scope, receive, MOST_JSON)
            return await anyio.to_thread.run_sync(self._offer, body, limiter=self._threads)
        if not path.startswith("/tree/"):
            raise Reply(405)
        name = path.removeprefix("/tree/")
        entry = tree.read_name(name)
        with self._room.share() as share:
            body = await read_body(scope, receive, tree.most_bytes(entry), share)
            receipt = await anyio.to_thread.run_sync(self._centre.put, name, body, limiter=self._threads)
        if receipt is None:
            return Reply(204)
        return Reply(201 if receipt.new else 200, receipt.proof, PROOF)

    def _offer(self, body: bytes) -> Reply:
        offer = strict_json.decode(body, Offer, "offer", most_bytes=MOST_JSON)
        return Reply(200, strict_json.encode(Answer(self._centre.lacking(offer.names))), JSON)

    def _get(self, path: str) -> Reply:
        if path == "/checkpoint":
            return Reply(200, self._centre.checkpoint())
        place, _, rest = path[1:].partition("/")
        if place == "tile" and _TILE.fullmatch(path[1:]):
            return _found(lambda: self._centre.log.fetch(path[1:]), PROOF, _FOREVER)
        if place == "proof" and names.is_id(rest):
            return Reply(200, self._centre.proof(rest), PROOF)
        if place == "tree":
            return _found(lambda: self._of_tree(rest), _PLAIN, _FOREVER)
        if place == "session":
            session, _, name = rest.partition("/")
            return _found(lambda: self._centre.session_file(session, name), _PLAIN, _FRESH)
        if place == "trust":
            return _found(lambda: self._of_trust(rest), _PLAIN, _FRESH)
        raise Reply(404)

    def _of_tree(self, name: str) -> bytes:
        """A registered note. Sealed results are handed to nobody: they are the committee's to open."""
        entry = tree.read_name(name)
        if entry.place != names.NOTES or name not in self._centre.files:
            raise Trouble("not-registered", where=name)
        return self._centre.files[name]

    def _of_trust(self, name: str) -> bytes:
        for number, (_, note) in enumerate(self._centre.trust.chain, start=1):
            if name == names.trust(number):
                return note.raw
        raise Trouble("file-missing", where=name[:80])


class _Room:
    """How much memory large bodies take now. One event loop, so no lock."""

    def __init__(self) -> None:
        self._taken = 0

    @contextmanager
    def share(self) -> Iterator[Callable[[int], None]]:
        """What a body calls with its size so far; 503 where there is no more room. Given back at the end."""
        mine = 0

        def grown_to(size: int) -> None:
            nonlocal mine
            more = max(0, size - SMALL_BODY) - mine
            if more > 0 and self._taken + more > MOST_OF_LARGE:
                raise Reply(503)
            mine, self._taken = mine + more, self._taken + more

        try:
            yield grown_to
        finally:
            self._taken -= mine


async def respond(send: Send, reply: Reply, *, bodiless: bool = False) -> None:
    """Send a whole answer."""
    headers = [(b"content-length", str(len(reply.body)).encode()), (b"cache-control", reply.cache.encode())]
    if reply.body:
        headers.append((b"content-type", reply.kind.encode()))
    if reply.status == 204:
        headers = headers[1:]
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if bodiless else reply.body})


async def read_body(
    scope: Scope, receive: Receive, most: int, grown_to: Callable[[int], None] = lambda _size: None
) -> bytes:
    """The request's body: of a length that is said before, at most `most`, within its time. Raises `Reply`.

    `grown_to` is told the size so far. A body framed in two ways could be read in two ways by a proxy and by us.
    """
    framed = [value for name, value in scope["headers"] if name == b"content-length"]
    if len(framed) != 1 or any(name == b"transfer-encoding" for name, _ in scope["headers"]):
        raise Reply(411)
    length = framed[0]
    if not length.isdigit() or len(length) > 12 or int(length) > most:
        raise Reply(413)
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_S):
            while True:
                message = await asyncio.wait_for(receive(), SILENCE_S)
                if message["type"] != "http.request":
                    raise Reply(400)
                body += message.get("body", b"")
                if len(body) > most:
                    raise Reply(413)
                grown_to(len(body))
                if not message.get("more_body", False):
                    return bytes(body)
    except TimeoutError as error:
        raise Reply(408) from error


def _is_ours(path: str) -> bool:
    first = path[1:].partition("/")[0]
    if first == "session":
        return path.count("/") >= 3
    return path == "/checkpoint" or (
        first in ("sync", "tree", "tile", "proof", "trust") and path.count("/") >= 2
    )


def _found(fetch: Callable[[], bytes], kind: str, cache: str) -> Reply:
    try:
        return Reply(200, fetch(), kind, cache)
    except Trouble as trouble:
        if trouble.code in ("file-missing", "not-registered"):
            raise Reply(404) from trouble
        raise
    except (Refusal, Tampered) as failure:
        raise Reply(404) from failure


def _failed(failure: Failure) -> Reply:
    status = 404 if failure.code == "not-registered" else STATUS[failure.kind]
    return Reply(status, strict_json.encode(said(failure)), JSON)
