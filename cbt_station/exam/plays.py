"""How often each recording was played in a sitting, and which play an interruption gives back.

A play counts from its beginning, so that nobody gains by stopping it. It is over when as much exam time has passed as it
is long: a pause stops both. Where the program did not run, or the sitting moved, before that, nobody can say how much was
heard: the play is given back, **once for each recording**, so that a power cut costs no listening and pulling the plug
gains at most one. A second interruption gives nothing back by itself. Counts are by recording, which may stand in several
questions. A play that was refused since the disk failed in it, but stands in the journal all the same, counts for nothing
(the next event says so). Times are milliseconds of exam time (allotted + granted - left); how often is allowed stands in
the item.
"""

from msgspec import Struct


class Plays(Struct, frozen=True, forbid_unknown_fields=True):
    """`counted` is what a limit is compared with; `sounding`: the exam time at which the last play of each is over."""

    counted: dict[str, int] = {}
    sounding: dict[str, int] = {}
    given_back: frozenset[str] = frozenset()

    def begun(self, media: str, length_ms: int, now_ms: int) -> "Plays":
        """A recording begins to sound."""
        counted = {**self.counted, media: self.counted.get(media, 0) + 1}
        return Plays(counted, {**self.sounding, media: now_ms + length_ms}, self.given_back)

    def interrupted(self, now_ms: int) -> "Plays":
        """Whatever sounds does not sound any more."""
        if not self.sounding:
            return self
        unheard = {media for media, over_ms in self.sounding.items() if over_ms > now_ms} - self.given_back
        counted = {media: count - (media in unheard) for media, count in self.counted.items()}
        return Plays(counted, {}, self.given_back | unheard)


class Begun(Struct, frozen=True, forbid_unknown_fields=True):
    """The play that event `seq` is, and what counted before it: what counts again where it never sounded."""

    seq: int
    item: str
    media: str
    before: Plays
