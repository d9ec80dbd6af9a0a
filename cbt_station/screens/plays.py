"""How often each recording was begun in a sitting: what a recording asks, and the plain count for practice and previews."""

from collections.abc import Callable
from typing import Protocol


class Plays(Protocol):
    """How often each recording was begun in this sitting."""

    def begun(self, media: str) -> int: ...

    def begin(self, media: str, length_ms: int, then: Callable[[], None]) -> None:
        """Count one, and call `then` when that is durable; never, where it is refused."""


class PlaysInMemory:
    """For practice and previews: counted, and kept nowhere."""

    def __init__(self) -> None:
        self._begun: dict[str, int] = {}

    def begun(self, media: str) -> int:
        return self._begun.get(media, 0)

    def begin(self, media: str, length_ms: int, then: Callable[[], None]) -> None:  # noqa: ARG002
        self._begun[media] = self.begun(media) + 1
        then()
