"""`exam-SESSION.age`, inside: a ZIP (stored, fixed dates) whose first member is an index of sizes and hashes.

Any ZIP tool reads it. A station reads single members through the index without reading the rest: offsets count from
the end of the index, each member is checked against its hash when it is read. So that both ways read the same, the
members stand where `write_package` puts them, one after the other in the order below, with no byte between them: index,
local headers and central directory must all say so.

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
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from typing import Final, Protocol, TypeVar

from msgspec import Struct

from cbt_station.artefacts.names import hex_bytes
from cbt_station.artefacts.pool import Pool, read_pool
from cbt_station.errors import Refusal, Tampered
from cbt_station.exam.item import ShownItem, Stimulus, require_modest_item, require_modest_stimulus
from cbt_station.sealing import strict_json
from cbt_station.sealing.body import Mode

INDEX, HEAD, POOL = "index.json", "package.json", "pool.json"
MOST_INDEX = 8 << 20
MOST_MEMBER = 32 << 20
_NAME: Final = r"[A-Za-z0-9][A-Za-z0-9._-]{0,120}"
_MEMBER: Final = re.compile(rf"package\.json|pool\.json|(?:items|stimuli)/{_NAME}\.json|media/{_NAME}")
_PLACES: Final = ("package.json", "pool.json", "items", "stimuli", "media")
_LOCAL: Final = struct.Struct("<4s5H3L2H")
_CENTRAL: Final = struct.Struct("<4s4B4H3L5H2L")
_END: Final = struct.Struct("<4s4H2LH")
_DATE: Final = 0x21
"""1 January 1980, the first day that a ZIP knows."""
_UNIX: Final = 3
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
    """The same bytes for the same content.

    Refusal("name-malformed") for an id that cannot be a member's name, ("content-too-much") for what no page can hold.
    """
    for one in items.values():
        _modest(one.id, require_modest_item, one)
    for text in stimuli.values():
        _modest(text.id, require_modest_stimulus, text)
    members = {HEAD: strict_json.encode(head), POOL: pool}
    members |= {f"items/{name}.json": strict_json.encode(items[name]) for name in sorted(items)}
    members |= {f"stimuli/{name}.json": strict_json.encode(stimuli[name]) for name in sorted(stimuli)}
    members |= {f"media/{name}": media[name] for name in sorted(media)}
    offset, listed = 0, []
    for name, data in members.items():
        if not _MEMBER.fullmatch(name):
            raise Refusal("name-malformed", where="package", name=name)
        offset += _LOCAL.size + len(name)  # a stored member's local header and its name, no extra field
        listed.append(Member(name, offset, len(data), hashlib.sha256(data).hexdigest()))
        offset += len(data)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as container:
        for name, data in {INDEX: strict_json.encode(PackageIndex(tuple(listed))), **members}.items():
            member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            member.create_system = _UNIX  # else a file sealed on Windows has other bytes
            container.writestr(member, data)
    return target.getvalue()


class Package:
    """A package opened for reading, member by member."""

    def __init__(self, source: Source) -> None:
        self._source = source
        header = source.read_at(0, _LOCAL.size + len(INDEX))
        size = int.from_bytes(header[22:26], "little")
        if size > MOST_INDEX:
            raise Tampered("malformed", where="package index")
        raw = source.read_at(len(header), size)
        if header != _local_header(INDEX, raw):
            raise Tampered("malformed", where="package")
        index = strict_json.decode(raw, PackageIndex, "package index")
        self._start = len(header) + size
        self.members = {member.name: member for member in index.members}
        self._require_layout(index)
        self._require_directory(index, size)
        self.head = self._read_json(HEAD, PackageHead)
        hex_bytes(self.head.share, 32, "package: share")

    def _require_layout(self, index: PackageIndex) -> None:
        """The index lists known places in order, each member once, one right after the other."""
        names = [member.name for member in index.members]
        if len(self.members) != len(names) or names != sorted(names, key=_place):
            raise Tampered("malformed", where="package index")
        offset = 0
        for member in index.members:
            offset += _LOCAL.size + len(member.name)
            if not _MEMBER.fullmatch(member.name) or member.offset != offset:
                raise Tampered("malformed", where="package index")
            if not 0 <= member.size <= MOST_MEMBER:
                raise Tampered("malformed", where=f"package: {member.name}")
            offset += member.size
        self._directory = self._start + offset

    def _require_directory(self, index: PackageIndex, index_size: int) -> None:
        """What any other ZIP tool reads (the central directory, at the end) names the same members at the same places."""
        places = [(INDEX, 0, index_size)]
        places += [
            (one.name, self._start + one.offset - _LOCAL.size - len(one.name), one.size)
            for one in index.members
        ]
        length = sum(_CENTRAL.size + len(name) for name, _, _ in places)
        if self._source.size != self._directory + length + _END.size:
            raise Tampered("malformed", where="package directory")
        data = self._source.read_at(self._directory, length + _END.size)
        at, expected = 0, b""
        for name, offset, size in places:
            expected += _central_header(name, data[at + 16 : at + 20], offset, size)
            at = len(expected)
        expected += _END.pack(b"PK\x05\x06", 0, 0, len(places), len(places), length, self._directory, 0)
        if data != expected:
            raise Tampered("malformed", where="package directory")

    def read(self, name: str) -> bytes:
        """One member's bytes, checked against the index."""
        member = self.members.get(name)
        if member is None:
            raise Tampered("package-member-missing", where=name)
        before = _LOCAL.size + len(name)
        data = self._source.read_at(self._start + member.offset - before, before + member.size)
        header, data = data[:before], data[before:]
        if header != _local_header(name, data) or len(data) != member.size:
            raise Tampered("package-member-changed", where=name)
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
        _require_modest(item_id, require_modest_item, item)
        return item

    def stimulus(self, stimulus_id: str) -> Stimulus:
        stimulus = self._read_json(f"stimuli/{stimulus_id}.json", Stimulus)
        if stimulus.id != stimulus_id:
            raise Tampered("malformed", where=f"package: {stimulus_id}")
        _require_modest(stimulus_id, require_modest_stimulus, stimulus)
        return stimulus

    def media(self, name: str) -> bytes:
        return self.read(f"media/{name}")

    def _read_json(self, name: str, of: type[T]) -> T:
        return strict_json.decode(self.read(name), of, f"package: {name}")


def _modest(name: str, check: Callable[[T], None], content: T) -> None:
    try:
        check(content)
    except Refusal as refusal:
        raise refusal.at(name) from refusal


def _require_modest(name: str, check: Callable[[T], None], content: T) -> None:
    """Sealing refuses what no page can hold, so a package with it is false."""
    try:
        check(content)
    except Refusal as refusal:
        raise Tampered("malformed", where=f"package: {name}") from refusal


def _place(name: str) -> tuple[int, str]:
    """Where a member stands: by its place, then by its id or name."""
    place, _, rest = name.partition("/")
    return (
        _PLACES.index(place) if place in _PLACES else -1
    ), rest if place == "media" else rest.removesuffix(".json")


def _local_header(name: str, data: bytes) -> bytes:
    """What stands before a stored member."""
    raw = name.encode("ascii", "replace")
    size = len(data)
    return _LOCAL.pack(b"PK\x03\x04", 20, 0, 0, 0, _DATE, zlib.crc32(data), size, size, len(raw), 0) + raw


def _central_header(name: str, crc: bytes, offset: int, size: int) -> bytes:
    """What the directory says of it; its CRC-32 is left as it is found, the local header's was checked."""
    raw = name.encode("ascii", "replace")
    attributes = 0o600 << 16
    fixed = _CENTRAL.pack(
        b"PK\x01\x02",
        20,
        _UNIX,
        20,
        0,
        0,
        0,
        0,
        _DATE,
        0,
        size,
        size,
        len(raw),
        0,
        0,
        0,
        0,
        attributes,
        offset,
    )
    return fixed[:16] + crc + fixed[20:] + raw
