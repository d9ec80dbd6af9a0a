"""Changing the texts of a bank, each step durable before the next: history first, then the text, then the review.

A power cut between two steps costs nothing: the history then holds a text that is still there, or the review's file says
less than follows from the hashes, which is what counts (`reviews.holds`).
"""

import re
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Final

from cbt_station.banks.blueprint_file import read_blueprint
from cbt_station.banks.faults import Faulty
from cbt_station.banks.fields import ID
from cbt_station.banks.import_names import slugged
from cbt_station.banks.native import MEDIA, check_media
from cbt_station.banks.pictures import NAME
from cbt_station.banks.recordings import RECORDING
from cbt_station.banks.source_text import is_device, read_bytes
from cbt_station.banks.workshop.deciding import begin, settle
from cbt_station.banks.workshop.desk import Desk
from cbt_station.banks.workshop.disk import FOLDERS, HISTORY, hash_of, place, put
from cbt_station.banks.workshop.history import MOST_BYTES, Change, Deed
from cbt_station.banks.workshop.listing import media_rows, said_in, stimulus_rows
from cbt_station.banks.workshop.rows import What
from cbt_station.banks.workshop.shelf import bytes_of
from cbt_station.errors import Failure, Refusal
from cbt_station.storage.files import make_folder, remove_durably, rename_durably

_ID_LINE: Final = re.compile(r"^id:.*$", re.MULTILINE)
_MOST_NAME: Final = 50


def encoded(name: str, text: str) -> bytes:
    """The bytes of a text. Raises Refusal("workshop-text-too-large", "workshop-text-unwritable")."""
    try:
        data = text.encode()
    except UnicodeEncodeError as error:
        raise Refusal("workshop-text-unwritable", where=name) from error
    if len(data) > MOST_BYTES:
        raise Refusal("workshop-text-too-large", where=name, most=MOST_BYTES)
    return data


def save(
    desk: Desk, name: str, data: bytes, at: datetime, was: str | None, what: What, deed: Deed = "saved"
) -> None:
    """Write a text in place of the one whose hash is `was`, or a new one."""
    with desk.writing():
        if name not in desk.shelf.files[what] and was is None:
            require_free(desk, name, what)
            _write_new(desk, name, data, at, what, "created" if deed == "saved" else deed)
            return
        before = _before(desk, name, data, was, what)
        if before != data:
            change = Change(deed, desk.by, at, hash_of(before), hash_of(data))
            desk.history.keep(name, what, before, change)
            put(desk.directory, desk.shelf.file(name, what), data)
        desk.put_back(desk.shelf.with_text(name, what, data))
        if what == "item":
            settle(desk, name, at)


def _before(desk: Desk, name: str, data: bytes, was: str | None, what: What) -> bytes:
    """The bytes that will be replaced: what the editor began from, or already what is to be written."""
    if not ID.fullmatch(name):
        raise Refusal("workshop-id-malformed", where=name)
    file = desk.shelf.file(name, what)
    if was is None:
        raise Refusal("workshop-item-exists", where=name)
    before = bytes_of(desk.directory, file)
    if hash_of(before) not in (was, hash_of(data)):
        raise Refusal("workshop-changed-meanwhile", where=name, hash=hash_of(before))
    return before


def require_free(desk: Desk, name: str, what: What) -> None:
    """Raise Refusal("workshop-id-malformed", "workshop-item-exists"). A device's name is no file's: its text would be lost."""
    if not ID.fullmatch(name) or is_device(name):
        raise Refusal("workshop-id-malformed", where=name)
    files = desk.shelf.files[what].values()
    if name.casefold() in {Path(file).stem.casefold() for file in files}:
        raise Refusal("workshop-item-exists", where=name)


def _write_new(desk: Desk, name: str, data: bytes, at: datetime, what: What, deed: Deed) -> None:
    file = f"{folder_for(desk, data, what)}/{name}.md"
    if place(desk.directory, file).exists():
        raise Refusal("workshop-item-exists", where=name)
    if what == "item":
        begin(desk, name, at)  # what is left of an item of this id that was deleted approves nothing
    desk.history.keep(name, what, None, Change(deed, desk.by, at, now=hash_of(data)))
    put(desk.directory, file, data)
    desk.read_again()


def folder_for(desk: Desk, data: bytes, what: What) -> str:
    """Where a new text goes: for an item, where most of its section lie."""
    if what == "stimulus":
        return FOLDERS[what]
    section = said_in(data.decode("utf-8", "replace")).section
    files = {text.file: text.content for text in desk.shelf.folder.texts}
    there = Counter(
        file.rpartition("/")[0]
        for file, content in files.items()
        if content is not None and getattr(content, "section", None) == section
    )
    if there:
        return max(sorted(there), key=lambda folder: there[folder])
    return f"{FOLDERS[what]}/{slugged(section)}".rstrip("/")


def with_id(item: str, data: bytes, new: str) -> bytes:
    """A text that says another id. Raises Refusal("workshop-id-line") where none is said in a line of its own."""
    text = data.decode("utf-8", "surrogateescape")
    head, mark, body = text.partition("\n---\n")
    if not mark or len(_ID_LINE.findall(head)) != 1:
        raise Refusal("workshop-id-line", where=item)
    return (_ID_LINE.sub(f"id: {new}", head) + mark + body).encode("utf-8", "surrogateescape")


def require_in_no_blueprint(desk: Desk, item: str) -> None:
    """Raise Refusal("workshop-item-in-blueprint")."""
    for path in sorted((desk.directory / "blueprints").glob("*.yaml")):
        try:
            blueprint = read_blueprint(path)
        except Failure:
            continue  # it names nothing that could be drawn
        if any(item in cell.items for section in blueprint.sections for cell in section.cells):
            raise Refusal("workshop-item-in-blueprint", where=item, blueprint=path.name)


def delete(desk: Desk, name: str, at: datetime, what: What) -> None:
    """Keep the text in the history, then remove it."""
    with desk.writing():
        file = desk.shelf.file(name, what)
        if what == "item":
            require_in_no_blueprint(desk, name)
        else:
            _require_unnamed(desk, name)
        before = bytes_of(desk.directory, file)
        own = name if ID.fullmatch(name) else slugged(Path(file).stem) or "tanpa-id"
        desk.history.keep(own, what, before, Change("deleted", desk.by, at, hash_of(before)))
        remove_durably(place(desk.directory, file))
        desk.read_again()


def _require_unnamed(desk: Desk, stimulus: str) -> None:
    items = next((row.items for row in stimulus_rows(desk.shelf) if row.id == stimulus), ())
    if items:
        raise Refusal("workshop-stimulus-named", where=stimulus, items=", ".join(items))


def restore(desk: Desk, name: str, number: int, at: datetime, what: What) -> None:
    """Make an earlier text the present one."""
    with desk.writing():
        if name not in desk.shelf.files[what]:
            save(desk, name, _earlier(desk, name, number, what), at, None, what, "restored")
            return
        now = desk.shelf.on_disk(name, what)
        versions = desk.history.versions(name, what, now)
        if versions and versions[-1].number == number:
            return
        save(desk, name, _earlier(desk, name, number, what), at, hash_of(now), what, "restored")


def _earlier(desk: Desk, name: str, number: int, what: What) -> bytes:
    """An earlier text under the id that the item has now."""
    data = desk.history.text(name, number, what)
    head = data.partition(b"\n---\n")[0].decode("utf-8", "replace")
    said = [line.removeprefix("id:").strip() for line in _ID_LINE.findall(head)]
    return data if len(said) != 1 or said[0] == name else with_id(name, data, name)


def add_media(desk: Desk, name: str, data: bytes) -> str:
    """Put a checked file among the media; the name it got."""
    with desk.writing():
        ending = "." + Path(name).suffix.lower().lstrip(".").replace("jpeg", "jpg")
        stem = slugged(Path(name).stem)[:_MOST_NAME].strip("-") or "berkas"
        fits = NAME.fullmatch(stem + ending) or RECORDING.fullmatch(stem + ending)
        if not fits or is_device(stem):
            raise Refusal("workshop-media-name", where=name)
        try:
            check_media(stem + ending, data)
        except Faulty as faulty:
            raise Refusal("bank-media-faulty", where=name, problem=faulty.code) from faulty
        own = _free_media(desk, stem, ending, data)
        if not place(desk.directory, MEDIA, own).exists():
            put(desk.directory, f"{MEDIA}/{own}", data)
            desk.read_again()
        return own


def _free_media(desk: Desk, stem: str, ending: str, data: bytes) -> str:
    """A name that is free, or has this very file already."""
    number = 1
    while True:
        name = f"{stem}{ending}" if number == 1 else f"{stem}-{number}{ending}"
        path = place(desk.directory, MEDIA, name)
        if not path.exists() or read_bytes(path, len(data)) == data:
            return name
        number += 1


def remove_media(desk: Desk, name: str) -> None:
    """Lay a file that no text names into the history."""
    with desk.writing():
        row = next((one for one in media_rows(desk.shelf) if one.name == name), None)
        if row is None:
            raise Refusal("workshop-item-unknown", where=name)
        said = f"{MEDIA}/{name}".encode()
        named = sorted(file for file, data in desk.shelf.data.items() if said in data)
        if named:
            raise Refusal("workshop-media-named", where=name, texts=", ".join(named))
        kept = place(desk.directory, HISTORY, MEDIA, f"{hash_of(row.data)[:16]}-{name}")
        make_folder(kept.parent)
        rename_durably(place(desk.directory, MEDIA, name), kept)
        desk.read_again()
