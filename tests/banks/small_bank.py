"""A small good bank as files, for tests that break one thing of it."""

import io
from pathlib import Path

from PIL import Image

HEAD = """\
id: kecil
title: {id: Bank kecil, en: Small bank}
licence: CC0-1.0
author: Penguji
languages: [id, en]
sections:
  TIU:
    title: {id: Inteligensia, en: Intelligence}
    right: 5
    wrong: 0
    topics: [deret, hitung]
    levels: [mudah, sulit]
  TKP:
    title: {id: Pribadi, en: Personal}
    topics: [layanan]
    levels: [mudah]
"""

PLAIN = """\
---
id: tiu-001
section: TIU
topic: deret
level: mudah
key: b
---
Berapa *setengah* dari $3$?

- [a] 1
- [b] $\\frac{3}{2}$
- [c] 2
"""

RICH = """\
---
id: tiu-002
section: TIU
topic: hitung
level: sulit
key: a
stimulus: teks
fixed: [c]
source: "Buku: halaman 3"
note: |
  Baris satu.
  Baris dua.
---
# id

Lihat **tabel** dan gambar, H~2~O, x^2^, `kode`, harga \\$5\\
baris baru.

![Persegi hitam](media/persegi.png)

| Kota | Penduduk |
|------|---------:|
| A    | $x + 1$  |

1. satu
2. dua

> Kutipan *miring*.

- [a] benar
- [b] ![Lingkaran](media/lingkaran.svg)
- [c] tidak ada

# en

Look.

- [a] right
- [b] wrong
- [c] none
"""

SCORED = """\
---
id: tkp-001
section: TKP
topic: layanan
level: mudah
scores: {a: 1, b: 5, c: 3}
fixed: all
---
Apa yang Anda lakukan?

- [a] Pergi
- [b] Membantu
- [c] Menunggu
"""

STIMULUS = "# id\n\nSebuah teks.\n\n# en\n\nA text.\n"

CIRCLE = """\
<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40" viewBox="0 0 40 40">
  <circle cx="20" cy="20" r="15" fill="none" stroke="black" stroke-width="2"/>
</svg>
"""


def square(colour: str = "black", side: int = 8) -> bytes:
    """A PNG."""
    out = io.BytesIO()
    Image.new("RGB", (side, side), colour).save(out, "PNG")
    return out.getvalue()


def files() -> dict[str, bytes]:
    """The small bank, by file name."""
    return {
        "bank.yaml": HEAD.encode(),
        "items/tiu/tiu-001.md": PLAIN.encode(),
        "items/tiu/tiu-002.md": RICH.encode(),
        "items/tkp/tkp-001.md": SCORED.encode(),
        "stimuli/teks.md": STIMULUS.encode(),
        "media/persegi.png": square(),
        "media/lingkaran.svg": CIRCLE.encode(),
    }


def put(directory: Path, content: dict[str, bytes]) -> Path:
    """Write files in the given order."""
    for name, data in content.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return directory
