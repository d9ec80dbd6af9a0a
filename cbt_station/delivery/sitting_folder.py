"""A sitting's folder on the station: its journal, and the keys to it, each a file of its own.

    start.note       who sits here, signed
    journal.db       the journal, encrypted with a random key of its own
    station.wrap     that key, sealed to this station    } go when the result is safe
    venue.wrap       … to the venue                       }
    committee.wrap   … to the results keys
    sitting.key      the sitting's signing key, sealed to this station; destroyed when the result is safe
    result.note      the result's note: the sitting is over for good
    reached-second   it was, or may have been, in a second place: it goes on only with that at hand (`fencing`)
    fenced-out.note  the hand-over that moved it to another seat: here it is over for good, and the sitting's key is gone

A folder is made whole under another name, with the first event in its journal, and then renamed: before that moment the
sitting does not exist, after it everything is there. What a cut left half-made is thrown away at the next start, and
nothing in it was ever acknowledged.
"""

import re
import secrets
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cbt_station.artefacts.handover import HandoverNote
from cbt_station.artefacts.journal import JournalRecord
from cbt_station.artefacts.signed import Signed, read
from cbt_station.artefacts.start import StartNote
from cbt_station.delivery.journal import Journal, SittingFacts, create_journal, open_journal
from cbt_station.delivery.station_store import StationKeys
from cbt_station.errors import Failure, Refusal, Trouble
from cbt_station.exam.clock import ExamClock
from cbt_station.exam.events import AudioPlayed, SittingStarted
from cbt_station.sealing.age import Recipient, decrypt, encrypt
from cbt_station.sealing.notes import SigningKey
from cbt_station.storage.encrypted import KEY_BYTES
from cbt_station.storage.files import (
    destroy,
    disk_troubles,
    make_folder,
    read_bounded,
    remove_durably,
    rename_durably,
    sync_folder,
    write_durably,
)

UNFINISHED = ".new-"
MOST_SMALL = 1 << 20
_SITTING = re.compile(r"[0-9a-f]{32}")
START, JOURNAL, RESULT = "start.note", "journal.db", "result.note"
REACHED, FENCED = "reached-second", "fenced-out.note"
ONLY_MARKED = b"begun\n"
STATION_WRAP, VENUE_WRAP, COMMITTEE_WRAP, SITTING_KEY = (
    "station.wrap",
    "venue.wrap",
    "committee.wrap",
    "sitting.key",
)


@dataclass(frozen=True)
class SittingFolder:
    """A sitting that was begun here."""

    path: Path
    start: Signed[StartNote]

    @property
    def sitting(self) -> str:
        return self.start.body.sitting

    @property
    def is_sealed(self) -> bool:
        return (self.path / RESULT).is_file()

    @property
    def can_open(self) -> bool:
        """Whether this station still holds the key to the journal."""
        return (self.path / STATION_WRAP).is_file()

    def result_note(self) -> bytes:
        return read_bounded(self.path / RESULT, MOST_SMALL)

    def wraps(self) -> tuple[bytes, bytes]:
        """The journal's key sealed to the venue and to the committee."""
        return tuple(read_bounded(self.path / name, MOST_SMALL) for name in (VENUE_WRAP, COMMITTEE_WRAP))  # type: ignore[return-value]  # two names, two values

    def keep_result_note(self, note: bytes) -> None:
        """From here on the sitting is over for good."""
        write_durably(self.path / RESULT, note)

    @property
    def has_reached_second(self) -> bool:
        return (self.path / REACHED).is_file()

    def mark_second(self) -> None:
        """Before the first byte goes to a second place."""
        if not self.has_reached_second:
            write_durably(self.path / REACHED, ONLY_MARKED)

    def confirm_second(self, marks: Sequence[str]) -> None:
        """A copy is durable at a place whose copies bear these marks, the newest last: written down where it is another.

        Trouble where it cannot be: then that place may not take over, or a start with the one before would not know of it.
        """
        if not self.knows_second(marks):
            write_durably(self.path / REACHED, marks[-1].encode() if marks else b"")

    def knows_second(self, marks: Sequence[str]) -> bool:
        """Whether a place with these marks is the last that was written to."""
        return self._second_mark in marks

    def names_another_second(self, marks: Sequence[str]) -> bool:
        """Whether another place was written to after this one. A sitting that was just moved here names none.

        A place whose copies are all torn (no marks) says nothing: it may be the very one, which a power cut left so.
        """
        return bool(marks) and bool(self._second_mark) and not self.knows_second(marks)

    @property
    def _second_mark(self) -> str:
        kept = read_bounded(self.path / REACHED, MOST_SMALL) if self.has_reached_second else b""
        return "" if kept == ONLY_MARKED else kept.decode("ascii", "replace")

    @property
    def is_only_marked(self) -> bool:
        """The power went before a first copy was confirmed: nothing was ever told to be in two places."""
        return self.has_reached_second and read_bounded(self.path / REACHED, MOST_SMALL) == ONLY_MARKED

    def forget_second(self) -> None:
        """Nothing reached it, or two people have said that it is lost."""
        remove_durably(self.path / REACHED)

    @property
    def is_fenced_out(self) -> bool:
        return (self.path / FENCED).is_file()

    def fenced_out_by(self) -> Signed[HandoverNote]:
        """The move to another seat, checked when it was kept."""
        return read(read_bounded(self.path / FENCED, MOST_SMALL), HandoverNote)

    def fence_out(self, handover: bytes) -> None:
        """For good: the journal stays as evidence, and nothing more can be signed here."""
        if not self.is_fenced_out:
            write_durably(self.path / FENCED, handover)
        self.void_key()

    def void_key(self) -> None:
        destroy(self.path / SITTING_KEY)

    @property
    def is_over(self) -> bool:
        """Sealed here, or gone on elsewhere."""
        return self.is_sealed or self.is_fenced_out

    def destroy_keys(self) -> None:
        """The sitting key first, so that nothing can be signed for it; then the wraps of station and venue.

        The result's note is sure before any of them goes, also where a program was killed before it synced the folder.
        """
        sync_folder(self.path)
        self.void_key()
        for name in (STATION_WRAP, VENUE_WRAP):
            destroy(self.path / name)


def list_sittings(
    root: Path, unreadable: Callable[[str, Failure], None] | None = None
) -> tuple[SittingFolder, ...]:
    """The sittings that were begun here, oldest first. Clears away what was never begun; what is no sitting is left alone.

    One whose start note cannot be read is told to `unreadable`, or raised: a station that went on without it could let
    somebody sit twice.
    """
    with disk_troubles(root):
        found = [path for path in root.iterdir() if path.is_dir()]
    for path in found:
        if path.name.startswith(UNFINISHED):
            shutil.rmtree(path, ignore_errors=True)
    folders = []
    for path in sorted(path for path in found if _SITTING.fullmatch(path.name)):
        try:
            folders.append(SittingFolder(path, read(read_bounded(path / START, MOST_SMALL), StartNote)))
        except Failure as failure:
            if unreadable is None:
                raise failure.at(path.name) from failure
            unreadable(path.name, failure)
    return tuple(sorted(folders, key=lambda folder: (folder.start.body.at, folder.sitting)))


def create_sitting(
    root: Path,
    facts: SittingFacts,
    sitting_key: SigningKey,
    begin: SittingStarted | Sequence[JournalRecord],
    clock: ExamClock,
    station: StationKeys,
    venue: Recipient,
    committee: Sequence[Recipient],
    database_key: bytes,
    before_it_exists: Callable[[], None] = lambda: None,
) -> SittingFolder:
    """Make a sitting's folder whole, with its first event; it exists from the rename on."""
    final, folder = root / facts.sitting, root / f"{UNFINISHED}{facts.sitting}"
    if final.exists():
        raise Refusal("number-already-sat", number=facts.candidate.number)
    shutil.rmtree(folder, ignore_errors=True)
    make_folder(folder)
    to_station = station.identity.recipient
    write_durably(folder / START, facts.start.encode())
    for name, recipients in (
        (STATION_WRAP, [to_station]),
        (VENUE_WRAP, [venue]),
        (COMMITTEE_WRAP, committee),
    ):
        write_durably(folder / name, encrypt(database_key, *recipients), private=True)
    write_durably(folder / SITTING_KEY, encrypt(sitting_key.text.encode(), to_station), private=True)
    create_journal(folder / JOURNAL, database_key, facts, sitting_key, begin, clock)
    if facts.moves:
        write_durably(folder / REACHED, b"")
    sync_folder(folder)
    before_it_exists()
    try:
        rename_durably(folder, final)
    except Trouble:
        with suppress(OSError):  # nobody knows where it is: a second try makes it anew
            final.rename(folder)
        raise
    return SittingFolder(final, read(facts.start.encode(), StartNote))


@dataclass(frozen=True)
class OpenSitting:
    """A sitting's journal with the key of its database (the second copy's key comes from it).

    `refused_play`: one that this very program wrote and refused before it opened the journal anew.
    """

    folder: SittingFolder
    journal: Journal
    database_key: bytes
    refused_play: AudioPlayed | None = None


def open_sitting(folder: SittingFolder, station: StationKeys) -> OpenSitting:
    """The same at first start, at resume and in `recover`. Trouble("database-key-missing") where no wrap is left."""
    if not folder.can_open:
        raise Trouble("database-key-missing", where=folder.sitting)
    database_key = decrypt(read_bounded(folder.path / STATION_WRAP, MOST_SMALL), station.identity)
    if len(database_key) != KEY_BYTES:
        raise Trouble("database-key-missing", where=folder.sitting)
    key_path = folder.path / SITTING_KEY
    sitting_key = None
    if key_path.is_file():
        text = decrypt(read_bounded(key_path, MOST_SMALL), station.identity)
        sitting_key = SigningKey.parse(text.decode("ascii", "replace"))
    journal = open_journal(folder.path / JOURNAL, database_key, sitting_key)
    return OpenSitting(folder, journal, database_key)


def new_database_key() -> bytes:
    return secrets.token_bytes(KEY_BYTES)
