"""Sync to a folder: a stick, a share, an archive. "Here is my list; you get what you lack."

1. both trees are listed; what a killed sync left half written in the target is cleared
2. sealed files, then notes in the order of `tree.KINDS`, then what is in quarantine, then proofs: each read and held to
   its name before it is written, each written durably
3. proofs that the target has of our notes come back, each verified against the trust list before it is stored

A twin (a second result of one sitting, another note under the same id) goes to `quarantine/` of the target and is
named: never merged, never dropped. Nothing of the target is ever overwritten but a sealed file or proof that is not
what its name says, and a sealed file is kept aside before. Any part may be done again, and two may run at once.
"""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from cbt_station.artefacts import names
from cbt_station.artefacts.result import AbortedNote, ResultNote
from cbt_station.artefacts.signed import read
from cbt_station.errors import Failure, Tampered, Trouble
from cbt_station.sealing.trust import Trust
from cbt_station.storage.files import read_bounded
from cbt_station.sync.placing import Target
from cbt_station.sync.report import Kept, Report, kept
from cbt_station.sync.tree import (
    QUARANTINE,
    Entry,
    Listing,
    list_tree,
    most_bytes,
    quarantine_name,
    read_entry,
)
from cbt_station.verify.session import check_proof

Progress = Callable[[int, int], None]
"""Told after each file: how many of how many."""


def sync_to_folder(
    source: Path, target: Path, trust: Trust | None = None, progress: Progress = lambda _done, _all: None
) -> Report:
    """Bring everything of `source` to `target`, and proofs back. The target folder must be there already.

    Trouble where a medium fails or goes: then some files have gone over whole and none in part; do it again.
    """
    place, mine = Target(target), list_tree(source)
    if source.resolve() == target.resolve():  # both are there, so no link goes in a circle
        raise Trouble("sync-onto-itself", where=str(target))
    with place.alone():
        copying = _Copying(source, place, trust, mine)
        place.clear()
        copying.learn(list_tree(target))
        for done, entry in enumerate(mine.entries, start=1):
            copying.one(entry)
            progress(done, len(mine.entries))
        copying.bring_back()
    return copying.report()


class _Copying:
    """One run: what the target holds, and what happened."""

    def __init__(self, source: Path, target: Target, trust: Trust | None, mine: Listing) -> None:
        self._source = source
        self._home = Target(source)
        self._target = target
        self._trust = trust
        self._mine = mine
        self._kinds = {entry.id: entry.kind for entry in mine.at(names.NOTES)}
        self._sittings: dict[tuple[str, str], str] = {}
        self._counts: Counter[str] = Counter()
        self._twins: list[Kept] = []
        self._failed: list[Kept] = []

    def learn(self, theirs: Listing) -> None:
        """Which sitting each result of the target is about."""
        for entry in theirs.at(names.NOTES):
            if entry.kind in ("result", "aborted"):
                try:
                    self._sittings.setdefault(
                        sitting_of(entry, read_entry(self._target.root, entry)), entry.id
                    )
                except Tampered as failure:  # damaged over there: ours will be kept beside it
                    self._failed.append(kept(f"{self._target.root.name}/{entry.name}", failure))

    def one(self, entry: Entry) -> None:
        """Step 2 for one file. A false file is named and the rest goes on; a medium that fails ends the run."""
        try:
            data = read_entry(self._source, entry)
            if entry.place == names.PROOFS and self._trust is not None:
                self._require_proof(entry, data, self._trust)
        except Tampered as failure:
            self._failed.append(kept(entry.name, failure))
            return
        if entry.place in (names.SEALED, names.NOTES):
            self._place_named(entry, data)
        elif not (self._target.root / entry.name).exists():
            self._send(entry.name, data)
        else:
            self._counts["already"] += 1
        if entry.place == QUARANTINE:
            self._twins.append(kept(entry.name, Tampered("twin-kept-apart")))

    def bring_back(self) -> None:
        """Step 3."""
        for note in self._mine.at(names.NOTES):
            proof = names.tree_proof(note.id)
            here, there = self._source / proof, self._target.root / proof
            if here.exists() or not there.is_file() or there.is_symlink():
                continue
            if self._trust is None:
                self._counts["unproven"] += 1
                continue
            try:
                data = read_bounded(there, most_bytes(Entry(proof, names.PROOFS, note.id)))
                check_proof(data, self._trust, note.kind, note.id)
            except Failure as failure:
                self._failed.append(kept(f"{self._target.root.name}/{proof}", failure))
                continue
            self._home.place(proof, data)
            self._counts["receipts"] += 1

    def report(self) -> Report:
        return Report(
            sent=self._counts["sent"],
            already=self._counts["already"],
            receipts=self._counts["receipts"],
            unproven=self._counts["unproven"],
            twins=tuple(self._twins),
            failed=tuple(self._failed),
            strangers=self._mine.strangers,
        )

    def _place_named(self, entry: Entry, data: bytes) -> None:
        there = self._target.root / entry.name
        found = self._read_there(entry)
        if found == data:
            self._counts["already"] += 1
        elif found is not None and entry.place == names.SEALED:  # rotten: ours is what the name says
            self._target.place(quarantine_name(entry, found), found)
            self._send(entry.name, data)
        elif found is not None or there.is_symlink():
            self._keep_apart(entry, data, entry.id)
        elif entry.kind in ("result", "aborted") and self._first_of_sitting(entry, data) != entry.id:
            self._keep_apart(entry, data, self._first_of_sitting(entry, data))
        else:
            self._send(entry.name, data)

    def _read_there(self, entry: Entry) -> bytes | None:
        there = self._target.root / entry.name
        if there.is_symlink() or not there.exists():
            return None
        return read_bounded(there, most_bytes(entry) + 1)

    def _first_of_sitting(self, entry: Entry, data: bytes) -> str:
        return self._sittings.setdefault(sitting_of(entry, data), entry.id)

    def _keep_apart(self, entry: Entry, data: bytes, first: str) -> None:
        name = quarantine_name(entry, data)
        if (self._target.root / name).exists():
            self._counts["already"] += 1
        else:
            self._send(name, data)
        if first == entry.id:
            self._twins.append(kept(entry.name, Tampered("twin-bytes", kept=name)))
        else:
            self._twins.append(kept(name, Tampered("twin-results", results=f"{first}, {entry.id}")))

    def _send(self, name: str, data: bytes) -> None:
        self._target.place(name, data)
        self._counts["sent"] += 1

    def _require_proof(self, entry: Entry, data: bytes, trust: Trust) -> None:
        """A proof goes over only if it proves the note beside it."""
        if entry.id not in self._kinds:
            raise Tampered("proof-without-note", where=entry.name)
        check_proof(data, trust, self._kinds[entry.id], entry.id)


def sitting_of(entry: Entry, data: bytes) -> tuple[str, str]:
    """Session and sitting of a result or aborted note, as it says; its signatures are `verify`'s."""
    if entry.kind == "aborted":
        aborted = read(data, AbortedNote).body
        return aborted.session, aborted.sitting
    result = read(data, ResultNote).body
    return result.session, result.sitting
