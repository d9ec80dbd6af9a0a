"""Another id for an item or a shared text; whatever names it follows.

Each step is durable before the next, and what was done stays sound without the rest: a power cut leaves the old text, or
both. Renamed once more, a shared text of which a part of the items followed is followed by the others too.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from cbt_station.banks.fields import ID
from cbt_station.banks.import_names import slugged
from cbt_station.banks.workshop.deciding import settle
from cbt_station.banks.workshop.desk import Desk
from cbt_station.banks.workshop.disk import FOLDERS, hash_of, place, put
from cbt_station.banks.workshop.editing import require_free, require_in_no_blueprint, with_id
from cbt_station.banks.workshop.history import Change
from cbt_station.banks.workshop.listing import items_by_stimulus, said_in
from cbt_station.banks.workshop.shelf import bytes_of
from cbt_station.errors import Refusal
from cbt_station.storage.files import remove_durably, rename_durably

_STIMULUS_LINE: Final = re.compile(r"^stimulus:.*$", re.MULTILINE)


def rename(desk: Desk, item: str, new: str, at: datetime) -> None:
    """Write the text under the new id, take review and history along, then remove the old one."""
    with desk.writing():
        if item.casefold() != new.casefold():
            require_free(desk, new, "item")
        if not ID.fullmatch(new) or new in desk.history.names("item"):
            raise Refusal("workshop-item-exists", where=new)
        file = desk.shelf.file(item, "item")
        target = f"{file.rpartition('/')[0]}/{new}.md"
        if place(desk.directory, target).exists():  # on some disks another name of this very file
            raise Refusal("workshop-item-exists", where=new)
        require_in_no_blueprint(desk, item)
        before = bytes_of(desk.directory, file)
        data = with_id(item, before, new)
        # The history goes under the new name at once where the old one is no name for it.
        own = item if ID.fullmatch(item) else new
        desk.history.keep(own, "item", before, Change("renamed", desk.by, at, hash_of(before), hash_of(data)))
        put(desk.directory, target, data)
        if own != new:
            _take_review(desk, item, new)
            desk.history.move(item, new, "item")
        remove_durably(place(desk.directory, file))
        desk.read_again()
        settle(desk, new, at)


def _take_review(desk: Desk, item: str, new: str) -> None:
    old = place(desk.directory, f"reviews/{item}.yaml")
    if old.is_file():
        rename_durably(old, place(desk.directory, f"reviews/{new}.yaml"))


def rename_stimulus(desk: Desk, stimulus: str, new: str, at: datetime) -> None:
    """Write the shared text under the new id, let each item name that, take the history along, then remove the old one."""
    with desk.writing():
        file = desk.shelf.file(stimulus, "stimulus")
        before = bytes_of(desk.directory, file)
        data = with_id(stimulus, before, new) if _says_id(before) else before
        _require_free_stimulus(desk, stimulus, new, data)
        followers = _followers(desk, stimulus, new)
        is_kept = new in desk.history.names(
            "stimulus"
        )  # the history went along before an earlier try was cut off
        own = stimulus if ID.fullmatch(stimulus) else new
        if not is_kept and data != before:  # else no text is replaced by another
            change = Change("renamed", desk.by, at, hash_of(before), hash_of(data))
            desk.history.keep(own, "stimulus", before, change)
        put(desk.directory, f"{file.rpartition('/')[0]}/{new}.md", data)
        for item, (was, now) in followers.items():
            _follow(desk, item, was, now, at)
        if own != new and not is_kept:
            desk.history.move(stimulus, new, "stimulus")
        remove_durably(place(desk.directory, file))
        desk.read_again()
        for item in followers:
            settle(desk, item, at)


def _says_id(data: bytes) -> bool:
    """A shared text need not have a head, nor say its id in it."""
    head = data.decode("utf-8", "replace").partition("\n---\n")[0].split("\n")
    return head[0] == "---" and any(line.startswith("id:") for line in head)


def _require_free_stimulus(desk: Desk, stimulus: str, new: str, data: bytes) -> None:
    """The name is free, or has what an earlier try was cut off after."""
    there = desk.shelf.files["stimulus"].get(new)
    if there is not None and new != stimulus and bytes_of(desk.directory, there) == data:
        return
    if stimulus.casefold() != new.casefold():
        require_free(desk, new, "stimulus")
    elif not ID.fullmatch(new) or place(desk.directory, f"{FOLDERS['stimulus']}/{new}.md").exists():
        raise Refusal(
            "workshop-item-exists", where=new
        )  # its own, on some disks whatever its capital letters
    if new in desk.history.names("stimulus"):
        raise Refusal("workshop-item-exists", where=new)


def _followers(desk: Desk, stimulus: str, new: str) -> Mapping[str, tuple[bytes, bytes]]:
    """Each item that names the shared text, with its bytes before and after; nothing is written before all can be."""
    found = {}
    for item in items_by_stimulus(desk.shelf).get(stimulus, ()):
        was = desk.shelf.on_disk(item, "item")
        head, mark, body = was.decode("utf-8", "surrogateescape").partition("\n---\n")
        now = _STIMULUS_LINE.sub(f"stimulus: {new}", head) + mark + body
        if len(_STIMULUS_LINE.findall(head)) != 1 or said_in(now).stimulus != new:
            raise Refusal("workshop-stimulus-line", where=item, stimulus=stimulus)
        found[item] = was, now.encode("utf-8", "surrogateescape")
    return found


def _follow(desk: Desk, item: str, was: bytes, now: bytes, at: datetime) -> None:
    file = desk.shelf.file(item, "item")
    own = item if ID.fullmatch(item) else slugged(Path(file).stem) or "tanpa-id"
    desk.history.keep(own, "item", was, Change("saved", desk.by, at, hash_of(was), hash_of(now)))
    put(desk.directory, file, now)
