"""States and votes: `reviews/ID.yaml` beside the items, strict YAML that a person can read and write.

    state: review
    by: Rina
    at: 2026-03-02T08:15:00Z
    approved: 9f86…            the hash on which it was approved last, if it ever was
    votes:
      - by: Agus
        vote: for
        comment: Kuncinya benar.
        at: 2026-03-02T09:00:00Z
        on: 9f86…

A vote belongs to what was voted on: the item's text, its shared text and its pictures, named by one hash (`subject_hash`).
So what an edit does to a state follows from the hash, also where the edit was made outside the workshop.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

from cbt_station.banks import strict_yaml
from cbt_station.banks.faults import FaultList
from cbt_station.banks.fields import Fields
from cbt_station.banks.source_text import check_source, read_bytes
from cbt_station.banks.strict_yaml import Mapping as YamlMapping
from cbt_station.banks.strict_yaml import Sequence
from cbt_station.banks.workshop.disk import REVIEWS, SETTINGS, hash_of, place
from cbt_station.banks.workshop.people import is_same, moment_of, moment_text
from cbt_station.banks.workshop.rows import State
from cbt_station.banks.yaml_writer import yaml_text

Choice: TypeAlias = Literal["for", "against"]
NEEDED: Final = 2
"""Votes for an approval where `workshop.yaml` says nothing."""
_MOST_NEEDED: Final = 9
_MOST_BYTES: Final = 1 << 20
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_STATES: Final[dict[str, State]] = {"draft": "draft", "review": "review", "approved": "approved"}
_VOTES: Final[dict[str, Choice]] = {"for": "for", "against": "against"}


@dataclass(frozen=True)
class Vote:
    """One vote. `on` is the hash of what was voted on."""

    by: str
    vote: Choice
    comment: str
    at: datetime
    on: str


@dataclass(frozen=True)
class Review:
    """Where an item stands. `state` is what holds now: an edit after approval makes it "review" again."""

    state: State
    on: str
    """The hash of the item as it is now."""
    votes: tuple[Vote, ...] = ()
    """On the item as it is now, the last one of each person."""
    earlier: tuple[Vote, ...] = ()
    """On an earlier text, or replaced by a later vote."""
    needed: int = NEEDED
    changed_since_approved: bool = False
    by: str = ""
    """Who brought the item into the state that the file says, and when."""
    at: datetime | None = None

    def count(self, vote: Choice) -> int:
        """How many votes are for it, or against it."""
        return sum(one.vote == vote for one in self.votes)


@dataclass(frozen=True)
class ReviewFile:
    """What `reviews/ID.yaml` says."""

    state: State = "draft"
    by: str = ""
    at: datetime | None = None
    approved: str = ""
    votes: tuple[Vote, ...] = ()


def subject_hash(item: bytes, stimuli: Mapping[str, bytes], media: Mapping[str, bytes]) -> str:
    """The hash of what a reviewer judges: of the lines `item SHA256`, `stimulus ID SHA256`, `media NAME SHA256`, the last
    by name, each ending in a newline.
    """
    lines = [f"item {hash_of(item)}"]
    lines += [f"stimulus {name} {hash_of(data)}" for name, data in sorted(stimuli.items())]
    lines += [f"media {name} {hash_of(data)}" for name, data in sorted(media.items())]
    return hash_of("".join(f"{line}\n" for line in lines).encode())


def holds(file: ReviewFile, on: str, needed: int, *, is_faulty: bool) -> Review:
    """What holds now of what the file says: an approval holds for what was approved, and while the votes on it carry it."""
    changed = bool(file.approved) and file.approved != on
    votes = [
        vote
        for index, vote in enumerate(file.votes)
        if vote.on == on
        and not any(later.on == on and is_same(later.by, vote.by) for later in file.votes[index + 1 :])
    ]
    earlier = tuple(vote for vote in file.votes if vote not in votes)
    state = file.state
    if state == "approved" and (file.approved != on or not _carries(votes, needed)):
        state = "review"
    if is_faulty:
        state = "draft"
    return Review(state, on, tuple(votes), earlier, needed, changed, file.by, file.at)


def _carries(votes: list[Vote], needed: int) -> bool:
    return len(votes) >= needed and all(one.vote == "for" for one in votes)


def review_name(item: str) -> str:
    """The file of an item's review, as it is called inside the bank."""
    return f"{REVIEWS}/{item}.yaml"


def read_review(directory: Path, item: str, faults: FaultList) -> ReviewFile | None:
    """What the file says; without a file an item is a draft. None after faults were noted."""
    name, before = review_name(item), len(faults.found)
    fields = _fields(place(directory, name), name, faults)
    if fields is None:
        return None if len(faults.found) > before else ReviewFile()
    reader = _Reader(name, faults)
    state = reader.one_of(fields, "state", _STATES)
    found = ReviewFile(
        state=state or "draft",
        by=fields.text("by") or "",
        at=reader.moment(fields) if fields.node("at") is not None else None,
        approved=reader.hash(fields, "approved") if fields.node("approved") is not None else "",
        votes=reader.votes(fields),
    )
    fields.done()
    if state == "approved" and not found.approved and len(faults.found) == before:
        faults.add(name, fields.line("state"), "key-missing", key="approved")
    return None if len(faults.found) > before else found


def review_text(file: ReviewFile) -> str:
    """The text of a review's file."""
    values: dict[str, Any] = {"state": file.state, "by": file.by}
    values |= {"at": moment_text(file.at) if file.at else "", "approved": file.approved}
    values["votes"] = [
        {"by": vote.by, "vote": vote.vote}
        | ({"comment": vote.comment} if vote.comment else {})
        | {"at": moment_text(vote.at), "on": vote.on}
        for vote in file.votes
    ]
    return yaml_text({key: value for key, value in values.items() if value})


def read_needed(directory: Path, faults: FaultList) -> int:
    """`approvals_needed` of `workshop.yaml`; the usual number where the file is not there or has faults."""
    fields = _fields(place(directory, SETTINGS), SETTINGS, faults)
    if fields is None:
        return NEEDED
    needed = fields.count("approvals_needed")
    fields.done()
    if needed is not None and not 1 <= needed <= _MOST_NEEDED:
        line = fields.line("approvals_needed")
        faults.add(SETTINGS, line, "number-malformed", key="approvals_needed", value=needed)
        return NEEDED
    return NEEDED if needed is None else needed


def _fields(path: Path, name: str, faults: FaultList) -> Fields | None:
    """The fields of a small file, or None: it is not there, or its fault was noted."""
    if not path.is_file():
        return None
    data = read_bytes(path, _MOST_BYTES)
    if data is None:
        faults.add(name, 0, "file-too-large", most_bytes=_MOST_BYTES)
        return None
    text = check_source(data, name, faults, most=_MOST_BYTES)
    mapping = None if text is None else strict_yaml.load(text, name, faults)
    return None if mapping is None else Fields(mapping, name, faults)


class _Reader:
    """Values of a review's fields, each surprise a fault at its line."""

    def __init__(self, name: str, faults: FaultList) -> None:
        self._name, self._faults = name, faults

    def one_of(self, fields: Fields, key: str, known: Mapping[str, Any]) -> Any:
        text = fields.text(key, required=True)
        if text is not None and text not in known:
            expected = ", ".join(known)
            self._faults.add(self._name, fields.line(key), "value-kind", key=key, expected=expected)
        return known.get(text or "")

    def moment(self, fields: Fields) -> datetime | None:
        text = fields.text("at", required=True)
        at = None if text is None else moment_of(text)
        if text is not None and at is None:
            self._faults.add(self._name, fields.line("at"), "value-kind", key="at", expected="time")
        return at

    def hash(self, fields: Fields, key: str) -> str:
        text = fields.text(key, required=True)
        if text is not None and not _HASH.fullmatch(text):
            self._faults.add(self._name, fields.line(key), "value-kind", key=key, expected="hash")
        return text or ""

    def votes(self, fields: Fields) -> tuple[Vote, ...]:
        node = fields.node("votes")
        if node is None:
            return ()
        if not isinstance(node, Sequence):
            self._faults.add(self._name, fields.line("votes"), "value-kind", key="votes", expected="list")
            return ()
        found = (self._vote(Fields(one, self._name, self._faults)) for one in self._mappings(node))
        return tuple(vote for vote in found if vote is not None)

    def _mappings(self, node: Sequence) -> list[YamlMapping]:
        for one in node.items:
            if not isinstance(one, YamlMapping):
                self._faults.add(self._name, one.line, "value-kind", key="votes", expected="mapping")
        return [one for one in node.items if isinstance(one, YamlMapping)]

    def _vote(self, fields: Fields) -> Vote | None:
        by, vote = fields.text("by", required=True), self.one_of(fields, "vote", _VOTES)
        comment = fields.text("comment")
        at, on = self.moment(fields), self.hash(fields, "on")
        fields.done()
        return Vote(by, vote, comment or "", at, on) if by and vote and at is not None else None
