"""What every request and every answer of the centre passes through first and last.

Methods are GET, HEAD and PUT; addresses are short, plain and without climbing; bodies only where `ingest` reads them, by
its bounds. Every answer carries the headers that keep a browser from doing what a page did not mean: no script at all,
nothing from elsewhere, no frame around it, no referrer that tells which code was looked up.
"""

from typing import Final

from cbt_station.server.ingest import ASGI, Receive, Reply, Scope, Send, respond

METHODS: Final = ("GET", "HEAD", "PUT")
MOST_ADDRESS: Final = 2048
POLICY: Final = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Final = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
    (b"strict-transport-security", b"max-age=31536000"),
)


class Guard:
    """Stands before an application."""

    def __init__(self, inside: ASGI) -> None:
        self._inside = inside

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._inside(scope, receive, send)
            return

        async def guarded(message: dict[str, object]) -> None:
            if message["type"] == "http.response.start":
                own = message.get("headers") or []
                assert isinstance(own, list)  # noqa: S101 (ASGI says so)
                message = {**message, "headers": [*own, *HEADERS]}
            await send(message)

        refusal = _refused(scope)
        if refusal is not None:
            await respond(guarded, refusal, bodiless=scope["method"] == "HEAD")  # type: ignore[arg-type]  # a plain dict
            return
        await self._inside(scope, receive, guarded)  # type: ignore[arg-type]  # as above


def _refused(scope: Scope) -> Reply | None:
    path, raw, query = scope["path"], scope.get("raw_path") or b"", scope.get("query_string", b"")
    if scope["method"] not in METHODS or (
        scope["method"] == "PUT" and not path.startswith(("/tree/", "/sync/"))
    ):
        return Reply(405)
    if len(raw) + len(query) > MOST_ADDRESS:
        return Reply(414)
    if not path.isascii() or not path.isprintable() or "\\" in path or "//" in path or b"%" in raw:
        return Reply(404)
    if any(part in (".", "..") for part in path.split("/")):
        return Reply(404)
    return None
