"""The centre: takes what venues send, checks it, registers it in the public log once, and answers with the log's proof.

A note goes this way, and after a power cut at any point the same way again:
1. its name is one of the tree's, and its bytes are what the name says;
2. it is true: the steps of `verify` against trust list, session and the registered notes that it cites (`checking`);
3. its slot is free, else it is a twin: kept under `quarantine/`, named, never registered, never merged;
4. its bytes are durable under `tree/`; then its number is, in the registry (one transaction);
5. the log is published up to the registry (`log`), and the proof is read from it.

A sealed file is taken before the note that names it, by its hash, up to a bound on what no note cites yet: beyond it the
oldest of these goes (its sender has it still), so that nobody who has no key can fill the centre and shut venues out.
Score notes carry names: their number and id are kept, their bytes are not.

    DATA/registry.db   numbers and slots        DATA/log/    checkpoint and tiles, public as they are
    DATA/tree/         notes and sealed files   DATA/sessions/NAME/   the public files of each session

One data folder, one program; every method may be called from any thread. Times come from `now`.
"""

import datetime as dt
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from cbt_station.artefacts import names
from cbt_station.artefacts.entry import write_entry
from cbt_station.artefacts.files import sha256_hex
from cbt_station.artefacts.score import DecisionNote
from cbt_station.artefacts.signed import read
from cbt_station.errors import Failure, Refusal, Tampered, Trouble
from cbt_station.sealing.body import Mode
from cbt_station.sealing.checkpoint import Checkpoint
from cbt_station.sealing.notes import SigningKey, parse_note
from cbt_station.sealing.trust import Trust
from cbt_station.server.checking import About, Known, check, session_missing
from cbt_station.server.log import Log, Write
from cbt_station.server.registry import DATABASE, Entry, Registered, Registry, Twin
from cbt_station.storage.files import make_folder, read_bounded, remove_durably, write_durably
from cbt_station.storage.folder_lock import FolderLock
from cbt_station.sync import tree
from cbt_station.verify.session import CheckedSession, check_session, session_in

MOST_WAITING = 8 << 30
"""Bytes of sealed files that no registered note cites yet."""
MOST_TWINS = 16
"""Twins that are kept of one slot: who can sign one can sign a thousand, and sixteen prove as much."""
MOST_SESSION_FILE = 64 << 20
WITHOUT_BYTES = frozenset({"score"})
_NOTE_KINDS = ("exam", "draw", "release", "reveal")


class Receipt(Struct, frozen=True):
    """A registered note: its number, and the log's proof against the newest checkpoint."""

    id: str
    kind: str
    index: int
    new: bool
    proof: bytes


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


class Centre:
    """The centre's data folder, opened. `close` gives it back."""

    def __init__(
        self, data: Path, trust: Trust, log_key: SigningKey, *, now: Callable[[], str], write: Write
    ) -> None:
        self.trust = trust
        self.data = data
        self._now = now
        self._write = write
        self._lock = threading.RLock()
        self._sessions: dict[str, CheckedSession] = {}
        _require_log_key(trust, log_key)
        make_folder(data)
        self._folder_lock = FolderLock(data)
        try:
            for folder in ("tree/notes", "tree/sealed", "tree/quarantine", "sessions"):
                make_folder(data / folder)
            self.registry = Registry(data / DATABASE)
            self.log = Log(data / "log", trust.log_origin, log_key, write)
            self.files: Mapping[str, bytes] = _RegisteredFiles(data / "tree", self.registry)
        except BaseException:
            self._folder_lock.release()
            raise

    @classmethod
    def open(cls, data: Path, trust: Trust, log_key: SigningKey) -> "Centre":
        """The centre of a data folder, made if it is new. `log_key` is a log key of the trust list."""
        return cls.open_at(data, trust, log_key, now=_now)

    @classmethod
    def open_at(
        cls,
        data: Path,
        trust: Trust,
        log_key: SigningKey,
        *,
        now: Callable[[], str],
        write: Write = write_durably,
    ) -> "Centre":
        """As `open`, with the time of day and the disk's writing handed in."""
        centre = cls(data, trust, log_key, now=now, write=write)
        try:
            centre._resume()
        except BaseException:
            centre.close()
            raise
        return centre

    def close(self) -> None:
        self.registry.close()
        self._folder_lock.release()

    def __enter__(self) -> "Centre":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def mode(self) -> Mode:
        return self.trust.mode

    # --- taking --------------------------------------------------------------------------------------------------

    def put(self, name: str, data: bytes) -> Receipt | None:
        """Take a file by its name in the tree; the receipt of a note, None for a sealed file. Safe to repeat.

        Raises the failure that keeps it out; Tampered("twin-results" or "twin-note") after it was put in quarantine.
        """
        entry = tree.read_name(name)
        if entry.place not in (names.SEALED, names.NOTES):
            raise Refusal("place-not-taken", where=name)
        tree.require_named(entry, data)  # 1
        if entry.place == names.SEALED:
            self._take_sealed(entry, data)
            return None
        row, new = self.registry.note(entry.id), False
        if row is None or self.files.get(entry.name) != data:
            about = check(entry.kind, data, self._known())  # 2
            row, new = self._register(entry, data, about)
        if entry.kind == "decision":
            self._release_twins(data)
        return self._receipt(row, new=new)

    def add_session(self, files: Mapping[str, bytes]) -> dict[str, bytes]:
        """Take a session's folder, checked from the manifest down; again whenever draw, release or reveal is added.

        Registers its notes and returns their proofs by file name (`proofs/ID.tlog-proof`). A file that differs from
        the one that is here is Tampered("session-differs").
        """
        checked = _true_session(files, self.trust)
        session = checked.manifest.body.session
        with self._lock:
            self._keep_session(session, files)
            self._sessions.pop(session, None)
        present = {
            kind: files[name]
            for kind, name in zip(_NOTE_KINDS, _note_names(session), strict=True)
            if name in files
        }
        proofs = {}
        for kind, raw in present.items():
            note_id = parse_note(raw).id
            self.put(names.tree_note(kind, note_id), raw)
            proofs[names.tree_proof(note_id)] = self.proof(note_id)
        return proofs

    # --- answering -----------------------------------------------------------------------------------------------

    def proof(self, note_id: str) -> bytes:
        """The tlog-proof of a registered note; Trouble("not-registered") where it is not."""
        row = self.registry.note(note_id)
        if row is None:
            raise Trouble("not-registered", where=note_id[:64])
        self._publish()
        return self.log.proof(row.log_index)

    def checkpoint(self) -> bytes:
        """The newest signed checkpoint."""
        raw = self.log.checkpoint()
        if raw is None:
            raise Trouble("log-empty")
        return raw

    def head(self) -> Checkpoint:
        return self.log.head()

    def lacking(self, offered: Sequence[str]) -> tuple[str, ...]:
        """Which of the offered names are not here; an unknown shape of name is Refusal("name-malformed")."""
        return tuple(name for name in offered if not self._has(tree.read_name(name)))

    def session(self, name: str) -> CheckedSession:
        """A session that the centre was given, or Trouble("session-unknown")."""
        with self._lock:
            if name not in self._sessions:
                self._sessions[name] = self._load_session(names.require_word(name, "session"))
            return self._sessions[name]

    def session_file(self, session: str, name: str) -> bytes:
        """A public file of a session, or Trouble("file-missing")."""
        if name not in _session_names(names.require_word(session, "session")):
            raise Trouble("file-missing", where=name[:120])
        return read_bounded(self.data / "sessions" / session / name, MOST_SESSION_FILE)

    def session_files(self, session: str) -> tuple[str, ...]:
        """The names of the session's public files that are here."""
        folder = self.data / "sessions" / names.require_word(session, "session")
        return tuple(name for name in _session_names(session) if (folder / name).exists())

    # --- registering ---------------------------------------------------------------------------------------------

    def _known(self) -> Known:
        return Known(self.trust, self.files, self.session)

    def _take_sealed(self, entry: tree.Entry, data: bytes) -> None:
        with self._lock:
            if self.registry.has_sealed(entry.id):
                return
            self._make_room(len(data))
            self._write(self.data / "tree" / entry.name, data)
            self.registry.add_sealed(entry.id, len(data))

    def _make_room(self, size: int) -> None:
        """Let the oldest sealed files go that no note cites. Row first: a file without one is taken anew at a start."""
        waiting = self.registry.waiting_bytes()
        if waiting + size <= MOST_WAITING:
            return
        paths = {one: self.data / "tree" / names.tree_sealed(one) for one in self.registry.waiting()}
        found = {one: path.stat() for one, path in paths.items() if path.is_file()}
        for one in sorted(found, key=lambda one: found[one].st_mtime_ns):
            if waiting + size <= MOST_WAITING:
                return
            self.registry.forget_waiting(one)
            remove_durably(paths[one])
            waiting -= found[one].st_size
        if waiting + size > MOST_WAITING:
            raise Trouble("too-much-waiting", waiting=waiting, most=MOST_WAITING)

    def _register(self, entry: tree.Entry, data: bytes, about: About) -> tuple[Registered, bool]:
        """Steps 3 and 4; the row, and whether it is new."""
        with self._lock:
            known = self.registry.note(entry.id)
            if known is not None:
                return known, False
            if about.sealed and not self.registry.has_sealed(about.sealed):  # gone since the note was checked
                raise Trouble("evidence-missing", where=names.tree_sealed(about.sealed))
            first = self.registry.in_slot(about.slot)
            if first is not None:
                self._quarantine(entry, data, about, first)
            if entry.kind not in WITHOUT_BYTES:
                self._write(self.data / "tree" / entry.name, data)
            row = self.registry.add(
                Entry(entry.id, entry.kind, about.slot, about.session, about.venue, about.refers, self._now())
            )
            if about.sealed:
                self.registry.cite_sealed(about.sealed)
            return row, True

    def _quarantine(self, entry: tree.Entry, data: bytes, about: About, first: Registered) -> None:
        """Keep a twin (of the first sixteen) and name it; always raises."""
        if len(self.registry.twins_in_slot(about.slot)) < MOST_TWINS:
            self._keep_twin(entry, data, about, first)
        if about.slot.startswith("sitting "):
            raise Tampered("twin-results", where=about.slot, results=f"{first.id}, {entry.id}")
        raise Tampered("twin-note", where=about.slot, first=first.id, twin=entry.id)

    def _keep_twin(self, entry: tree.Entry, data: bytes, about: About, first: Registered) -> None:
        kept = tree.quarantine_name(entry, data)
        if entry.kind not in WITHOUT_BYTES:
            self._write(self.data / "tree" / kept, data)
        twin = Twin(
            entry.id,
            sha256_hex(data),
            entry.kind,
            about.slot,
            about.session,
            about.venue,
            first.id,
            self._now(),
        )
        self.registry.add_twin(twin)
        if about.sealed:
            self.registry.cite_sealed(about.sealed)
        remove_durably(
            self.data / "tree" / entry.name
        )  # a power cut may have left it before its slot was taken

    def _release_twins(self, decision: bytes) -> None:
        """A signed decision that names a quarantined result lets it into the log, beside the first one."""
        for result in read(decision, DecisionNote).body.results:
            twin = self.registry.twin_of(result)
            if twin is None or self.registry.note(result) is not None:
                continue
            kept = self.data / "tree" / tree.QUARANTINE / f"{twin.kind}-{twin.id}.{twin.sha256}.note"
            name = names.tree_note(twin.kind, twin.id)
            data = read_bounded(kept, tree.MOST_NOTE)
            about = check(twin.kind, data, self._known())
            decided = About(f"decided {twin.id}", about.session, about.venue, about.refers, about.sealed)
            self._register(tree.read_name(name), data, decided)

    def _receipt(self, row: Registered, *, new: bool) -> Receipt:
        self._publish()  # 5
        return Receipt(row.id, row.kind, row.log_index, new, self.log.proof(row.log_index))

    def _publish(self) -> None:
        self.log.publish(self._entries, self.registry.size)

    def _entries(self, start: int, end: int) -> list[bytes]:
        return [write_entry(self.mode, row.kind, row.id) for row in self.registry.numbered(start, end)]

    def _has(self, entry: tree.Entry) -> bool:
        if entry.place == names.SEALED:
            return self.registry.has_sealed(entry.id)
        if entry.place == names.NOTES:
            return (
                self.registry.note(entry.id) is not None
            )  # a twin is asked for again: its sender hears of it again
        return True  # nobody is asked for proofs, or for what others hold in quarantine

    # --- starting and sessions -----------------------------------------------------------------------------------

    def _resume(self) -> None:
        """What every start does; after a power cut it is what was left to do.

        1. The log is one that this registry can go on with, and the trust lists are the registered ones.
        2. The trust lists are registered; that publishes whatever has a number.
        3. Notes that were durable without a number go the ordinary way again.
        4. Decisions let their twins in.

        What fails in 3 and 4 was never acknowledged: its sender has it still, and gets the reason when it comes again.
        """
        self.log.require_whole(self._entries, self.registry.size)  # 1
        self._require_same_trust()
        for _, note in self.trust.chain:  # 2
            self.put(names.tree_note("trust", note.id), note.raw)
        for entry in tree.list_tree(self.data / "tree").entries:  # 3
            if not self._has(entry):
                with suppress(Failure):
                    self.put(entry.name, tree.read_entry(self.data / "tree", entry))
        for row in self.registry.of_kind("decision"):  # 4
            with suppress(Failure):
                self._release_twins(self.files[names.tree_note("decision", row.id)])

    def _require_same_trust(self) -> None:
        """The lists that are registered are the ones handed in; a newer one may come, none may be missing."""
        known = {note.id for _, note in self.trust.chain}
        number = 0
        while (row := self.registry.in_slot(f"trust {number + 1}")) is not None:
            number += 1
            if number > len(known):
                raise Trouble("trust-outdated", given=len(known), registered=number)
            if row.id not in known:
                raise Tampered("trust-pin", id=self.trust.chain[number - 1][1].id, pinned=row.id)

    def _keep_session(self, session: str, files: Mapping[str, bytes]) -> None:
        folder = self.data / "sessions" / session
        here = {name: folder / name for name in _session_names(session) if name in files}
        if names.reveal(session) not in files:
            here.pop(names.pool(session), None)  # it stays with the committee until then
        for name, path in here.items():
            if path.exists() and read_bounded(path, MOST_SESSION_FILE) != files[name]:
                raise Tampered("session-differs", where=name)
        make_folder(folder)
        for name, path in here.items():
            if not path.exists():
                self._write(path, files[name])

    def _load_session(self, session: str) -> CheckedSession:
        folder = self.data / "sessions" / session
        files = {
            name: read_bounded(folder / name, MOST_SESSION_FILE)
            for name in _session_names(session)
            if (folder / name).exists()
        }
        if names.manifest(session) not in files:
            raise session_missing(session)
        return _true_session(files, self.trust)


class _RegisteredFiles(Mapping[str, bytes]):
    """The tree's notes that have a number, and its sealed files, read when asked for."""

    def __init__(self, root: Path, registry: Registry) -> None:
        self._root = root
        self._registry = registry

    def __getitem__(self, name: str) -> bytes:
        if name not in self:
            raise KeyError(name)
        return read_bounded(self._root / name, tree.most_bytes(tree.read_name(name)))

    def __contains__(self, name: object) -> bool:
        try:
            entry = tree.read_name(str(name))
        except Refusal:
            return False
        if entry.place == names.SEALED:
            return self._registry.has_sealed(entry.id)
        if entry.place != names.NOTES or entry.kind in WITHOUT_BYTES:
            return False
        row = self._registry.note(entry.id)
        return row is not None and row.kind == entry.kind

    def __iter__(self) -> Iterator[str]:
        return (entry.name for entry in tree.list_tree(self._root).entries if entry.name in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _true_session(files: Mapping[str, bytes], trust: Trust) -> CheckedSession:
    """A session of which nothing is false and what results are held to is there."""
    checked, steps = check_session(files, trust)
    steps.require_none_false()
    if checked is None:
        raise Refusal("session-incomplete", where=session_in(files))
    return checked


def _require_log_key(trust: Trust, log_key: SigningKey) -> None:
    if log_key.verifier not in trust.verifiers("log"):
        raise Refusal("log-key-unlisted", where=log_key.name)


def _note_names(session: str) -> tuple[str, ...]:
    """The files of a session's notes, in the order of `_NOTE_KINDS`."""
    return names.manifest(session), names.draw(session), names.release(session), names.reveal(session)


def _session_names(session: str) -> tuple[str, ...]:
    """What the centre keeps of a session: all that is public and small."""
    lists = names.files(session), names.positions(session), names.commitments(session), names.pool(session)
    return (*_note_names(session), *lists)
