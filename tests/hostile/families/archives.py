"""QTI packages that lie as archives: names that leave them, links, shared bytes, sizes that explode, lists that contradict."""

import io
import stat
import struct
import zipfile
import zlib
from functools import partial
from typing import Final

from tests.hostile.building import manifest, package, qti3, zipped
from tests.hostile.case import Case, file

_GOOD: Final = {"imsmanifest.xml": manifest("satu.xml"), "satu.xml": qti3("")}
_PNG: Final = '<img src="x.png" alt="x"/>'


def _with(name: str) -> bytes:
    return zipped(_GOOD | {name: "x"})


def _linked(target: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("imsmanifest.xml", manifest("satu.xml"))
        made.writestr("satu.xml", qti3(_PNG))
        entry = zipfile.ZipInfo("x.png")
        entry.create_system, entry.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        made.writestr(entry, target)
    return out.getvalue()


def _special(kind: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, text in _GOOD.items():
            made.writestr(name, text)
        entry = zipfile.ZipInfo("x.png")
        entry.create_system, entry.external_attr = 3, (kind | 0o777) << 16
        made.writestr(entry, "x")
    return out.getvalue()


def _bomb(size: int) -> bytes:
    return zipped(_GOOD | {"x.png": b"\0" * size})


def _overlapping() -> bytes:
    """Many entries of the list share the bytes of one file (David Fifield, "A better zip bomb", with fewer kernels)."""
    data = bytearray(package({"x.bin": b"\0" * 900_000}))
    end = data.rindex(b"PK\x05\x06")
    count, size, start = (
        struct.unpack_from("<H", data, end + 10)[0],
        *struct.unpack_from("<2L", data, end + 12),
    )
    entry = bytes(data[data.rindex(b"PK\x01\x02", 0, end) : end])
    more = b"".join(entry.replace(b"x.bin", b"%05d" % number) for number in range(500))
    made = data[:end] + more + data[end:]
    struct.pack_into("<2H2L", made, len(made) - 14, count + 500, count + 500, size + len(more), start)
    return bytes(made)


def _encrypted() -> bytes:
    data = bytearray(package({}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := data.find(mark, at + 1)) >= 0:
            data[at + place] |= 1
    return bytes(data)


def _wrong_sum() -> bytes:
    return package({}).replace(struct.pack("<L", zlib.crc32(qti3("").encode())), b"\1\2\3\4")


def _patched(place_in_list: int, what: bytes) -> bytes:
    """The last entry of the list says something else."""
    data = bytearray(package({"satu.xml": qti3(_PNG), "x.png": b"x"}))
    at = data.rindex(b"PK\x01\x02")
    data[at + place_in_list : at + place_in_list + len(what)] = what
    return bytes(data)


def _end_says(place: int, what: bytes) -> bytes:
    data = bytearray(package({}))
    at = data.rindex(b"PK\x05\x06")
    data[at + place : at + place + len(what)] = what
    return bytes(data)


def _other_local_name() -> bytes:
    """The list says satu.xml, the entry itself another name."""
    data = package({})
    at = data.index(b"satu.xml", data.index(qti3("")[:0].encode() or b"PK\x03\x04", 4))
    return data[:at] + b"dua0.xml" + data[at + 8 :]


def _two_lists() -> bytes:
    """Behind the first archive a second one with other words, whose list counts."""
    second = zipped({"imsmanifest.xml": manifest("satu.xml"), "satu.xml": qti3("<p>Soal lain.</p>")})
    return package({}) + second


def _quine() -> bytes:
    """An archive in an archive in an archive."""
    data = package({})
    for number in range(30):
        data = zipped({f"{number}.zip": data})
    return data


def _locator() -> bytes:
    """A list of zip64 far behind the end of the file."""
    data = package({})
    end = data.rindex(b"PK\x05\x06")
    sixty_four = struct.pack(
        "<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 1 << 40, 1 << 40, 1 << 50, 1 << 60
    )
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
    made = bytearray(data[:end] + sixty_four + locator + data[end:])
    made[-14:-2] = b"\xff" * 12
    return bytes(made)


def _many(count: int) -> bytes:
    return zipped(_GOOD | {f"f{number}.txt": b"" for number in range(count)}, zipfile.ZIP_STORED)


def _claims_many() -> bytes:
    return _end_says(8, struct.pack("<2H", 65_535, 65_535))


_NAMES: Final[dict[str, tuple[str, str]]] = {
    "above": ("../jahat.png", "../jahat.png"),
    "far-above": ("a/../../../../jahat.png", "jahat.png"),
    "above-by-backslash": ("..\\jahat.png", "jahat.png"),
    "absolute": ("/srv/jahat.png", "jahat.png"),
    "absolute-by-backslash": ("\\jahat.png", "jahat.png"),
    "share": ("\\\\server\\share\\jahat.png", "jahat.png"),
    "share-in-slashes": ("//server/share/jahat.png", "jahat.png"),
    "drive": ("C:\\jahat.png", "jahat.png"),
    "drive-without-slash": ("C:jahat.png", "jahat.png"),
    "long-path-prefix": ("\\\\?\\C:\\jahat.png", "jahat.png"),
    "newline": ("a\njahat.png", "jahat"),
    "escape-sequence": ("\x1b[31mjahat.png", "jahat"),
    "very-long": ("a" * 3_000 + ".png", "aaaa"),
    "very-deep": ("a/" * 2_000 + "x.png", "a/a/a"),
}

CASES: Final = (
    *(
        Case(f"archive/name-{name}", "import", file("paket.zip", partial(_with, entry)), (said,))
        for name, (entry, said) in _NAMES.items()
    ),
    Case(
        "archive/name-twice",
        "import",
        file("paket.zip", lambda: zipped([*_GOOD.items(), ("satu.xml", qti3("<p>Lain.</p>"))])),
        ("satu.xml",),
    ),
    Case(
        "archive/name-twice-in-capitals",
        "import",
        file("paket.zip", lambda: zipped([*_GOOD.items(), ("SATU.XML", qti3("<p>Lain.</p>"))])),
        ("SATU.XML",),
    ),
    Case(
        "archive/name-twice-decomposed",
        "import",
        file(
            "paket.zip",
            lambda: zipped(
                {
                    "imsmanifest.xml": manifest("soal\u00e9.xml"),
                    "soal\u00e9.xml": qti3(""),
                    "soale\u0301.xml": qti3("<p>Lain.</p>"),
                }
            ),
        ),
        ("soale\u0301.xml",),
    ),
    Case(
        "archive/name-twice-by-a-dot",
        "import",
        file("paket.zip", lambda: zipped([*_GOOD.items(), ("./satu.xml", qti3("<p>Lain.</p>"))])),
        ("satu.xml",),
    ),
    Case(
        "archive/name-and-folder",
        "import",
        file("paket.zip", lambda: zipped([*_GOOD.items(), ("satu.xml/x.png", "x")])),
        ("satu.xml",),
    ),
    Case("archive/link-to-a-file", "import", file("paket.zip", lambda: _linked("/etc/passwd")), ("x.png",)),
    Case(
        "archive/link-above",
        "import",
        file("paket.zip", lambda: _linked("../../../o/rahasia.png")),
        ("x.png",),
    ),
    Case("archive/device", "import", file("paket.zip", lambda: _special(stat.S_IFCHR)), ("x.png",)),
    Case("archive/pipe", "import", file("paket.zip", lambda: _special(stat.S_IFIFO)), ("x.png",)),
    Case("archive/overlapping", "import", file("paket.zip", _overlapping), ("x.bin",)),
    Case("archive/thousand-to-one", "import", file("paket.zip", lambda: _bomb(30 << 20)), ("x.png",)),
    Case(
        "archive/larger-than-a-file-may-be", "import", file("paket.zip", lambda: _bomb(40 << 20)), ("x.png",)
    ),
    Case(
        "archive/many-large-files",
        "import",
        file("paket.zip", lambda: zipped(_GOOD | {f"{n}.bin": b"\0" * (1 << 20) for n in range(600)})),
        ("536870912",),
    ),
    Case("archive/many-files", "import", file("paket.zip", lambda: _many(30_000)), ("20000",)),
    Case("archive/says-many-files", "import", file("paket.zip", _claims_many), ("20000",)),
    Case("archive/encrypted", "import", file("paket.zip", _encrypted), ("imsmanifest.xml",)),
    Case("archive/wrong-sum", "import", file("paket.zip", _wrong_sum), ("satu.xml",)),
    Case(
        "archive/says-a-smaller-size",
        "import",
        file("paket.zip", lambda: _patched(24, struct.pack("<L", 0))),
        ("x.png",),
    ),
    Case(
        "archive/says-a-larger-size",
        "import",
        file("paket.zip", lambda: _patched(20, struct.pack("<2L", 1 << 30, 1 << 30))),
        ("x.png",),
    ),
    Case(
        "archive/unknown-packing",
        "import",
        file("paket.zip", lambda: _patched(10, struct.pack("<H", 99))),
        ("x.png",),
    ),
    Case(
        "archive/offset-outside",
        "import",
        file("paket.zip", lambda: _patched(42, struct.pack("<L", 1 << 31))),
        ("x.png",),
    ),
    Case(
        "archive/list-outside",
        "import",
        file("paket.zip", lambda: _end_says(16, struct.pack("<L", 1 << 31))),
        ("paket.zip|imsmanifest.xml",),
    ),
    Case(
        "archive/list-of-a-gigabyte",
        "import",
        file("paket.zip", lambda: _end_says(12, struct.pack("<L", 1 << 30))),
        ("paket.zip",),
    ),
    Case("archive/zip64-that-lies", "import", file("paket.zip", _locator), ("paket.zip",)),
    Case("archive/another-name-inside", "import", file("paket.zip", _other_local_name), ("satu.xml",)),
    Case("archive/two-archives-in-one", "import", file("paket.zip", _two_lists), ("imsmanifest.xml",)),
    Case(
        "archive/comment-with-an-end-in-it",
        "import",
        file("paket.zip", lambda: _end_says(20, struct.pack("<H", 22)) + b"PK\5\6" + b"\0" * 18),
        ("paket.zip",),
    ),
    Case("archive/only-archives-in-it", "import", file("paket.zip", _quine), ("paket.zip",)),
    Case("archive/cut", "import", file("paket.zip", lambda: package({})[:-30]), ("paket.zip",)),
    Case("archive/only-its-beginning", "import", file("paket.zip", lambda: b"PK\3\4"), ("paket.zip",)),
    Case("archive/empty", "import", file("paket.zip", lambda: zipped({})), ("paket.zip",)),
)
