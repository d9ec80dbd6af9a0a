"""How often each recording was begun in a sitting, counted for as long as the window lives.

Nothing of it is written: after a restart, or at another station, the count begins anew (docs/bank-format.md says so).
"""

from collections import Counter


class Plays:
    """Counts by the name of the recording, which may stand in several questions."""

    def __init__(self) -> None:
        self._begun: Counter[str] = Counter()

    def begun(self, media: str) -> int:
        return self._begun[media]

    def begin(self, media: str) -> None:
        self._begun[media] += 1
