"""`exam-SESSION.age`, inside: a ZIP (stored, fixed dates) whose first member is an index of sizes and hashes.

Any ZIP tool reads it. A station reads single members through the index without reading the rest: offsets count from
the end of the index, each member is checked against its hash when it is read.

    index.json            PackageIndex
    package.json          PackageHead
    pool.json             the bytes of SESSION.pool, whose hash the manifest signs
    items/ID.json         ShownItem
    stimuli/ID.json       Stimulus
    media/NAME            a picture or a formula
"""

import hashlib
import io
import re
import zipfile
from collections.abc import Mapping
from typing import Protocol, TypeVar

from msgspec import Struct

from cbt_station.artefacts.pool import Pool, read_pool
from cbt_station.errors import Tampered
from cbt_station.exam.item import ShownItem, Stimulus
from cbt_station.sealing import strict_json
from cbt_station.sealing.body import Mode

INDEX, HEAD, POOL = "index.json", "package.json", "pool.json"
MOST_INDEX = 8 << 20
MOST_MEMBER = 32 << 20
_MEMBER = re.compile(r"(?:items|stimuli|media)/[A-Za-z0-9][A-Za-z0-9._-]{0,120}|package\.json|pool\.json")
T = TypeVar("T")


class Member(Struct, frozen=True, forbid_unknown_fields=True):
    """Where a member's bytes lie (`offset` from the end of the index) and what they must hash to."""

    name: str
    offset: int
    size: int
    sha256: str


class PackageIndex(
    Struct, frozen=True, forbid_unknown_fields=True, tag="cbt-station/package/v1", tag_field="type"
):
    """Every member but the index itself."""

    members: tuple[Member, ...]


class PackageHead(Struct, frozen=True, forbid_unknown_fields=True):
    """What the package is. `share` is the seed share, 32 bytes in hex."""

    mode: Mode
    session: str
    share: str


class Source(Protocol):
    """Bytes that can be read at any place, such as `sealing.age.SealedFile`."""

    @property
    def size(self) -> int: ...

    def read_at(self, offset: int, length: int) -> bytes: ...


def write_package(
    head: PackageHead,
    pool: bytes,
    items: Mapping[str, ShownItem],
    stimuli: Mapping[str, Stimulus],
    media: Mapping[str, bytes],
) -> bytes:
    """The same bytes for the same content."""
    members = {HEAD: strict_json.encode(head), POOL: pool}
    members |= {f"items/{name}.json": strict_json.encode(items[name]) for name in sorted(items)}
    members |= {f"stimuli/{name}.json": strict_json.encode(stimuli[name]) for name in sorted(stimuli)}
    members |= {f"media/{name}": media[name] for name in sorted(media)}
    offset, listed = 0, []
    for name, data in members.items():
        offset += 30 + len(name)  # a stored member's local header: 30 bytes and its name, no extra field
        listed.append(Member(name, offset, len(data), hashlib.sha256(data).hexdigest()))
        offset += len(data)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as container:
        for name, data in {INDEX: strict_json.encode(PackageIndex(tuple(listed))), **members}.items():
            container.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data)
    return target.getvalue()


class Package:
    """A package opened for reading, member by member."""

    def __init__(self, source: Source) -> None:
        self._source = source
        header = source.read_at(0, 30 + len(INDEX))
        if (
            len(header) != 30 + len(INDEX)
            or header[:4] != b"PK\x03\x04"
            or header[8:10] != b"\x00\x00"
            or header[26:30] != bytes([len(INDEX), 0, 0, 0])
            or header[30:] != INDEX.encode()
        ):
            raise Tampered("malformed", where="package")
        size = int.from_bytes(header[22:26], "little")
        if size > MOST_INDEX:
            raise Tampered("malformed", where="package index")
        index = strict_json.decode(source.read_at(len(header), size), PackageIndex, "package index")
        self._start = len(header) + size
        self.members = {member.name: member for member in index.members}
        for member in index.members:
            end = self._start + member.offset + member.size
            if not _MEMBER.fullmatch(member.name) or min(member.offset, member.size) < 0 or end > source.size:
                raise Tampered("malformed", where="package index")
            if member.size > MOST_MEMBER:
                raise Tampered("malformed", where=f"package: {member.name}")
        self.head = self._read_json(HEAD, PackageHead)

    def read(self, name: str) -> bytes:
        """One member's bytes, checked against the index."""
        member = self.members.get(name)
        if member is None:
            raise Tampered("package-member-missing", where=name)
        data = self._source.read_at(self._start + member.offset, member.size)
        if hashlib.sha256(data).hexdigest() != member.sha256:
            raise Tampered("package-member-changed", where=name)
        return data

    def pool(self, expected_sha256: str) -> Pool:
        """The pool, whose bytes must hash to what the manifest says."""
        if POOL not in self.members or self.members[POOL].sha256 != expected_sha256:
            raise Tampered("pool-mismatch", item="")
        return read_pool(self.read(POOL))

    def item(self, item_id: str) -> ShownItem:
        item = self._read_json(f"items/{item_id}.json", ShownItem)
        if item.id != item_id or not item.languages:
            raise Tampered("malformed", where=f"package: {item_id}")
        return item

    def stimulus(self, stimulus_id: str) -> Stimulus:
        return self._read_json(f"stimuli/{stimulus_id}.json", Stimulus)

    def media(self, name: str) -> bytes:
        return self.read(f"media/{name}")

    def item_ids(self) -> tuple[str, ...]:
        """Every item of the pool, sorted."""
        names = (name for name in self.members if name.startswith("items/"))
        return tuple(sorted(name.removeprefix("items/").removesuffix(".json") for name in names))

    def _read_json(self, name: str, of: type[T]) -> T:
        return strict_json.decode(self.read(name), of, f"package: {name}")
