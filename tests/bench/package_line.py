"""A 50 MB package to its first question, beside decrypting the whole of it."""

import hashlib
import io
import os
from collections.abc import Iterable
from pathlib import Path

from cbt_station.artefacts.package import Package, PackageHead, write_package
from cbt_station.artefacts.pool import Pool, write_pool
from cbt_station.exam.blueprint import Blueprint, BlueprintCell, Ranking, Section
from cbt_station.exam.content import Paragraph, Picture, Text
from cbt_station.exam.form import PoolItem, PoolOption
from cbt_station.exam.interactions import ChoiceInteraction, Option
from cbt_station.exam.item import Shown, ShownItem
from cbt_station.sealing.age import HybridIdentity, SealedFile, decrypt, encrypt, opening_hash
from tests.bench.harness import Line, compare, timed

MEGABYTES = 50


def _package(identity: HybridIdentity) -> tuple[bytes, str]:
    """A package of 110 items with a picture each, MEGABYTES in all; and the pool's hash."""
    size = MEGABYTES * 1_000_000 // 110
    media = {f"p{at}.png": os.urandom(size) for at in range(110)}
    items = {
        f"i{at:03}": ShownItem(
            f"i{at:03}",
            {
                "id": Shown(
                    (Paragraph((Text("Perhatikan gambar."),)), Picture(f"p{at}.png", 640, 480, "gambar")),
                    ChoiceInteraction(tuple(Option(name, (Paragraph((Text(name),)),)) for name in "abcde")),
                )
            },
        )
        for at in range(110)
    }
    section = Section("S", {"id": "S"}, (BlueprintCell(110),))
    blueprint = Blueprint(
        "bench", {"id": "bench"}, ("id",), 6_000_000, (section,), {"general": ()}, Ranking(3, ("total",))
    )
    pool_items = tuple(
        PoolItem(name, "S", "t", "l", tuple(PoolOption(option) for option in "abcde")) for name in items
    )
    pool = write_pool(Pool("test", "bench", "00" * 16, "00" * 32, blueprint, pool_items))
    plain = write_package(PackageHead("test", "bench", "00" * 32), pool, items, {}, media)
    return encrypt(plain, identity.recipient), hashlib.sha256(pool).hexdigest()


def measure(folder: Path) -> Line:
    """Both read from the page cache: the disk is the same for both and is not what is measured."""
    identity = HybridIdentity.generate()
    sealed, pool_hash = _package(identity)
    path = folder / "exam.age"
    path.write_bytes(sealed)
    opening = opening_hash(io.BytesIO(sealed))

    def first_question() -> None:
        with path.open("rb") as file:
            package = Package(SealedFile(file, identity, opening=opening))
            package.pool(pool_hash)
            item = package.item("i057")
            assert len(package.media("p57.png")) > 1000
            assert item.id == "i057"

    def whole() -> None:
        assert len(decrypt(path.read_bytes(), identity)) > MEGABYTES * 1_000_000

    def product(_: int) -> Iterable[int]:
        return [timed(first_question) for _ in range(40)]

    def reference(_: int) -> Iterable[int]:
        return [timed(whole) for _ in range(5)]

    return compare("package to first question", product, reference, goal="≤ 0.10×")
