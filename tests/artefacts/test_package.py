"""The package's container: two readers of the same bytes see the same content, or the package is refused.

Each fault is one lie, told by the index, by a local header or by the directory at the end. The age layer around it is
in tests/sealing/test_sealed_file.py.
"""

import io
import struct
import zipfile
from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

import pytest
from msgspec.structs import replace

from cbt_station.artefacts import package
from cbt_station.artefacts.files import sha256_hex
from cbt_station.artefacts.package import INDEX, Member, Package, PackageHead, PackageIndex, write_package
from cbt_station.artefacts.pool import require_agreement
from cbt_station.errors import Refusal, Tampered
from cbt_station.exam.content import (
    Audio,
    Blocks,
    Cell,
    Columns,
    Formula,
    Heading,
    InlinePicture,
    Listing,
    Paragraph,
    Picture,
    Quote,
    Span,
    Table,
    Text,
    Verbatim,
)
from cbt_station.exam.interactions import ChoiceInteraction, Option
from cbt_station.exam.item import Shown, ShownItem, Stimulus, require_modest_item
from cbt_station.sealing import strict_json
from tests.world import SESSION, MemorySource, bank, world

SHARE = "ab" * 32
MEDIA = {"gambar.png": b"\x89PNG", "segi.svg": b"<svg/>", "kosong.bin": b""}
POOL = b'{"pool":1}'


def written(**changes: Any) -> bytes:
    kept: dict[str, Any] = {
        "head": PackageHead("test", SESSION, SHARE),
        "pool": POOL,
        "items": {item.id: item.shown for item in bank().items},
        "stimuli": {"teks-1": Stimulus("teks-1", {"id": (Paragraph((Text("teks"),)),)})},
        "media": MEDIA,
    }
    return write_package(**{**kept, **changes})


def opened(data: bytes) -> Package:
    return Package(MemorySource(data))


def members_of(data: bytes) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as container:
        return [(name, container.read(name)) for name in container.namelist()]


def packed(members: Sequence[tuple[str, bytes]], compression: int = zipfile.ZIP_STORED) -> bytes:
    """Any members as the writer packs them."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compression) as container:
        for name, data in members:
            container.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, compression)
    return target.getvalue()


def with_index(change: Callable[[list[Member]], list[Member]]) -> bytes:
    """A package whose index says something else, everything around it fitting."""
    members = members_of(written())
    index = strict_json.decode(members[0][1], PackageIndex, "index")
    changed = strict_json.encode(PackageIndex(tuple(change(list(index.members)))))
    return packed([(INDEX, changed), *members[1:]])


def changed_at(data: bytes, name: str, place: int, value: bytes, marker: bytes) -> bytes:
    """The local (PK12) or central (PK34) header of a member, changed at a place."""
    at = 0
    while True:
        at = data.index(marker, at)
        length = 30 if marker == b"PK\x03\x04" else 46
        if data[at + length : at + length + len(name)] == name.encode():
            return data[: at + place] + value + data[at + place + len(value) :]
        at += 4


def everything_in(data: bytes) -> dict[str, bytes]:
    package = opened(data)
    return {name: package.read(name) for name in package.members}


# --- true packages ----------------------------------------------------------------------------------------------


def test_a_package_is_the_same_bytes_for_the_same_content_and_any_zip_tool_reads_the_same() -> None:
    data = written()
    items = {item.id: item.shown for item in reversed(bank().items)}
    assert written(items=items, media=dict(reversed(MEDIA.items()))) == data
    assert [(INDEX, members_of(data)[0][1]), *everything_in(data).items()] == members_of(data)


def test_single_members_are_read_by_what_they_are() -> None:
    package = opened(written())
    assert package.head == PackageHead("test", SESSION, SHARE)
    assert package.item("tiu-1").id == "tiu-1"
    assert package.stimulus("teks-1").id == "teks-1"
    assert package.media("kosong.bin") == b""
    for missing in ("items/none.json", "media/none.png", "index.json", "../etc"):
        with pytest.raises(Tampered) as caught:
            package.read(missing)
        assert caught.value.code == "package-member-missing"


def test_the_pool_is_the_one_that_the_manifest_signs_and_items_agree_with_it() -> None:
    here = world("official")
    pool = here.package.pool(here.manifest.body.pool)
    assert pool == here.pool
    for item in pool.items:
        require_agreement(pool, here.package.item(item.id))
    with pytest.raises(Tampered, match="pool-mismatch"):
        here.package.pool(sha256_hex(b"another"))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda item: replace(item, id="unknown"), id="an item that the pool does not list"),
        pytest.param(lambda item: replace(item, stimulus="teks-1"), id="another stimulus"),
        pytest.param(
            lambda item: replace(item, languages={"id": _with_options(item, slice(1, None))}),
            id="an option less",
        ),
        pytest.param(
            lambda item: replace(item, languages={"id": _with_options(item, slice(None, None, -1))}),
            id="another order",
        ),
        pytest.param(
            lambda item: replace(item, languages={"id": _turned_shuffle(item)}), id="shuffled or not"
        ),
        pytest.param(
            lambda item: replace(
                item, languages={**item.languages, "en": _with_options(item, slice(1, None))}
            ),
            id="one language less than the other",
        ),
    ],
)
def test_an_item_that_the_pool_does_not_know_is_false(change: Callable[[ShownItem], ShownItem]) -> None:
    here = world("official")
    with pytest.raises(Tampered, match="pool-mismatch"):
        require_agreement(here.pool, change(here.package.item("tiu-1")))


def _turned_shuffle(item: ShownItem) -> Shown:
    shown = item.languages["id"]
    interaction = shown.interaction
    assert isinstance(interaction, ChoiceInteraction)
    return replace(shown, interaction=replace(interaction, shuffle=not interaction.shuffle))


def _with_options(item: ShownItem, which: slice) -> Any:
    shown = item.languages["id"]
    return replace(shown, interaction=replace(shown.interaction, options=shown.interaction.options[which]))


@pytest.mark.parametrize("name", ["../x", ".hidden", "a/b", "a b", "é", "", "x" * 130])
def test_a_name_that_is_none_is_refused_when_it_is_written(name: str) -> None:
    with pytest.raises(Refusal, match="name-malformed"):
        written(media={name: b""})
    with pytest.raises(Refusal, match="name-malformed"):
        written(items={name: bank().items[0].shown})


# --- lies -------------------------------------------------------------------------------------------------------


def moved(members: list[Member], at: int, **changes: Any) -> list[Member]:
    members[at] = replace(members[at], **changes)
    return members


INDEX_LIES: dict[str, Callable[[list[Member]], list[Member]]] = {
    "an offset one further": lambda all_: moved(all_, 2, offset=all_[2].offset + 1),
    "an offset into another member": lambda all_: moved(all_, 2, offset=all_[3].offset),
    "an offset below zero": lambda all_: moved(all_, 2, offset=-30),
    "an offset beyond the end": lambda all_: moved(all_, 2, offset=1 << 40),
    "a size one more": lambda all_: moved(all_, 2, size=all_[2].size + 1),
    "a size below zero": lambda all_: moved(all_, 2, size=-1),
    "a size beyond measure": lambda all_: moved(all_, -1, size=1 << 70),
    "a member less": lambda all_: all_[:-1],
    "a member twice": lambda all_: [*all_, all_[-1]],
    "two names for one member": lambda all_: [*all_, replace(all_[-1], name="media/z.png")],
    "another order": lambda all_: [all_[1], all_[0], *all_[2:]],
    "a path upwards": lambda all_: moved(all_, -1, name="media/../../x"),
    "an absolute path": lambda all_: moved(all_, -1, name="/etc/passwd"),
    "an unknown place": lambda all_: moved(all_, -1, name="scripts/run.sh"),
    "an item that is no JSON": lambda all_: moved(all_, 2, name=all_[2].name.replace(".json", ".html")),
    "no head": lambda all_: all_[1:],
    "nothing": lambda _: [],
}


@pytest.mark.parametrize("lie", INDEX_LIES)
def test_an_index_that_lies_is_refused(lie: str) -> None:
    with pytest.raises(Tampered):
        everything_in(with_index(INDEX_LIES[lie]))


def test_an_index_that_lies_about_a_hash_is_refused_when_the_member_is_read() -> None:
    data = with_index(lambda members: moved(members, -1, sha256=sha256_hex(b"another")))
    package = opened(data)
    with pytest.raises(Tampered) as caught:
        package.read("media/segi.svg")
    assert caught.value.code == "package-member-changed"


LOCAL, CENTRAL = b"PK\x03\x04", b"PK\x01\x02"
HEADER_LIES: dict[str, tuple[int, bytes, bytes]] = {
    "local: compressed": (8, struct.pack("<H", 8), LOCAL),
    "local: encrypted": (6, struct.pack("<H", 1), LOCAL),
    "local: another size": (22, struct.pack("<L", 1), LOCAL),
    "local: another CRC": (14, b"\0\0\0\0", LOCAL),
    "local: another date": (12, b"\x22\0", LOCAL),
    "local: another name": (30, b"mediq", LOCAL),
    "central: compressed": (10, struct.pack("<H", 8), CENTRAL),
    "central: another place": (42, struct.pack("<L", 0), CENTRAL),
    "central: another size": (24, struct.pack("<L", 1), CENTRAL),
    "central: another name": (46, b"mediq", CENTRAL),
    "central: a link": (38, struct.pack("<L", 0o120777 << 16), CENTRAL),
}


@pytest.mark.parametrize("lie", HEADER_LIES)
def test_a_zip_tool_is_not_shown_something_else(lie: str) -> None:
    place, value, marker = HEADER_LIES[lie]
    data = changed_at(written(), "media/segi.svg", place, value, marker)
    assert data != written()
    with pytest.raises(Tampered):
        everything_in(data)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(lambda: b"", id="nothing"),
        pytest.param(lambda: b"PK", id="two bytes"),
        pytest.param(lambda: written()[:200], id="cut off"),
        pytest.param(lambda: written()[:-1], id="a byte less"),
        pytest.param(lambda: written() + b"\0", id="a byte more"),
        pytest.param(lambda: b"\0" + written(), id="a byte before"),
        pytest.param(lambda: written()[:-2] + b"\x03\0" + b"abc", id="a comment at the end"),
        pytest.param(lambda: packed(members_of(written()), zipfile.ZIP_DEFLATED), id="compressed"),
        pytest.param(lambda: packed(members_of(written())[1:]), id="no index"),
        pytest.param(
            lambda: packed([*members_of(written())[1:], members_of(written())[0]]), id="the index last"
        ),
        pytest.param(
            lambda: packed([*members_of(written()), ("media/zz.png", b"x")]), id="a member nobody lists"
        ),
        pytest.param(lambda: packed([("INDEX.json", members_of(written())[0][1])]), id="another first name"),
        pytest.param(lambda: packed([(INDEX, b"{}")]), id="an empty index"),
        pytest.param(lambda: packed([(INDEX, b"[" * 200)]), id="a deep index"),
        pytest.param(lambda: written(head=PackageHead("test", SESSION, "zz")), id="a share that is none"),
    ],
)
def test_what_is_no_package_is_refused(data: Callable[[], bytes]) -> None:
    with pytest.raises(Tampered):
        everything_in(data())


def test_an_item_or_stimulus_under_another_name_is_refused() -> None:
    shown = bank().items[0].shown
    package = opened(written(items={"other": shown}, stimuli={"other": Stimulus("teks-1", {})}))
    for read in (package.item, package.stimulus):
        with pytest.raises(Tampered, match="malformed"):
            read("other")
    empty = opened(written(items={"leer": ShownItem("leer", {})}))
    with pytest.raises(Tampered, match="malformed"):
        empty.item("leer")


def test_every_flipped_byte_is_refused_or_changes_nothing() -> None:
    data = written(items={}, media={"a.png": b"12345678"}, stimuli={})
    true = everything_in(data)
    for place in range(len(data)):
        flipped = data[:place] + bytes([data[place] ^ 0x21]) + data[place + 1 :]
        try:
            assert everything_in(flipped) == true, place
        except Tampered:
            continue
        # What is left is the directory's copy of a CRC, which no reader of ours uses.
        assert data[place - 19 :][:4] == CENTRAL or any(
            data[place - 16 - more : place - 12 - more] == CENTRAL for more in range(4)
        ), place


HEAVY: dict[str, Blocks] = {
    "a cell over two thousand million columns": (Table(((Cell((), columns=2_000_000_000),),)),),
    "a cell over no column": (Table(((Cell((), columns=0),),)),),
    "a number that no machine has": (Table(((Cell((), rows=1 << 70),),)),),
    "a table of ninety thousand cells": (Table((tuple(Cell(()) for _ in range(200)),) * 450),),
    "a line of three million letters": (Paragraph((Text("W" * 3_000_000),)),),
    "a formula of a thousand em": (Paragraph((Formula("x", 10**6, 10**6, 0, "x", "x"),)),),
    "a list that begins at two to the fortieth": (Listing(((),), start=1 << 40),),
    "a picture without a side": (Picture("x", 0, 10, "x"),),
    "more pictures than memory": tuple(Picture("x", 10, 10, "x") for _ in range(25)),
    "five thousand quotes": tuple(Quote(()) for _ in range(5000)),
    "quotes in quotes in quotes": reduce(lambda inside, _: (Quote(inside),), range(25), ()),
    "spans in spans in spans": (
        Paragraph(reduce(lambda inside, _: (Span(inside),), range(25), (Text("x"),))),
    ),
    "a table whose rows are all short but one": (Table(((Cell((), columns=200),), *((),) * 3_900)),),
    "sixty thousand lines": (Verbatim("\n" * 60_000),),
    "five columns": (Columns(((),) * 5),),
    "a heading of level nine": (Heading(9, ()),),
    "a recording for a hundred and one times": (Audio("x", "x", 101),),
    "more pictures in lines than memory": tuple(
        Paragraph((InlinePicture("x", 9, 9, "x"),)) for _ in range(25)
    ),
}


@pytest.mark.parametrize("blocks", HEAVY.values(), ids=HEAVY.keys())
def test_content_that_no_page_can_hold_is_neither_sealed_nor_opened(
    blocks: Blocks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Laid out, each of these stops the window for longer than an exam, or ends the program."""
    heavy = ShownItem("berat", {"id": Shown(blocks, ChoiceInteraction(()))})
    with pytest.raises(Refusal) as refused:
        written(items={"berat": heavy})
    assert (refused.value.code, refused.value.where) == ("content-too-much", "berat")
    monkeypatch.setattr(package, "_modest", lambda *_: None)  # a committee with a program of its own
    stimulus = Stimulus("teks-1", {"id": blocks})
    sealed = opened(written(items={"berat": heavy}, stimuli={"teks-1": stimulus}))
    for read in (lambda: sealed.item("berat"), lambda: sealed.stimulus("teks-1")):
        with pytest.raises(Tampered) as false:
            read()
        assert false.value.code == "malformed"


@pytest.mark.parametrize(
    "blocks",
    [
        pytest.param((Paragraph((Text("x"),) * 300),), id="runs"),
        pytest.param((Verbatim("x" * 9_000),), id="letters"),
        pytest.param((Picture("x", 10, 10, "x"),) * 2, id="pictures"),
    ],
)
def test_options_that_a_page_could_hold_one_by_one_but_not_together_are_not_sealed(blocks: Blocks) -> None:
    options = tuple(Option(f"o{number}", blocks) for number in range(64))
    for offered in (options[:10], options):
        shown = Shown((), ChoiceInteraction(offered))
        if offered is options:
            with pytest.raises(Refusal, match=r"^content-too-much"):
                require_modest_item(ShownItem("berat", {"id": shown}))
        else:
            require_modest_item(ShownItem("ringan", {"id": shown}))
