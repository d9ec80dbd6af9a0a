"""How often each recording was played, as the sitting says, and the asking for one more.

A play is asked for before it sounds, and may sound when the answer comes. Where nobody keeps a sitting (a preview), it is
counted here, for as long as the window lives.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import TypeAlias

from PySide6.QtCore import QObject, Signal

from cbt_station.errors import Failure

Then: TypeAlias = Callable[[], None]
Refused: TypeAlias = Callable[[Failure], None]
Ask: TypeAlias = Callable[[str, int, Then, Refused], None]
"""The recording and its length in ms; then either of the two is called."""


class Plays(QObject):
    """Counts by the name of the recording, which may stand in several questions. `changed`: they are others now."""

    changed = Signal()

    def __init__(self, ask: Ask | None = None) -> None:
        super().__init__()
        self._ask = ask
        self._counted: Counter[str] = Counter()

    def counted(self, media: str) -> int:
        return self._counted[media]

    def tell(self, counted: Mapping[str, int]) -> None:
        """What a view of the sitting says."""
        if self._counted != Counter(counted):
            self._counted = Counter(counted)
            self.changed.emit()

    def begin(self, media: str, length_ms: int, then: Then, refused: Refused) -> None:
        if self._ask is not None:
            self._ask(media, length_ms, then, refused)
            return
        self._counted[media] += 1
        then()
