"""Items with everything that an item can show: formula, picture, table, list, quotation, stimulus, two languages."""

import struct
import zlib

from cbt_station.exam.content import (
    Blocks,
    Cell,
    Formula,
    Listing,
    Paragraph,
    Picture,
    Quote,
    Table,
    Text,
)
from cbt_station.exam.interactions import ChoiceInteraction, Option
from cbt_station.exam.item import Shown, ShownItem, Stimulus

SECTIONS = (
    ("TWK", {"id": "Tes Wawasan Kebangsaan", "en": "National Insight"}, 30),
    ("TIU", {"id": "Tes Intelegensia Umum", "en": "General Intelligence"}, 35),
    ("TKP", {"id": "Tes Karakteristik Pribadi", "en": "Personal Characteristics"}, 45),
)

FORMULA = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 46" width="24" height="46">'
    b'<path d="M2 22H22V24H2Z" fill="black"/><path d="M10 4L13 2V18H10Z" fill="black"/>'
    b'<path d="M7 30Q7 27 12 27T17 31Q17 34 7 42H17V44H6V42Q15 34 15 31Q15 29 12 29T9 31Z" fill="black"/></svg>'
)
PICTURE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 420 160">'
    b'<path d="M20 140L80 20L140 140Z" fill="none" stroke="#223" stroke-width="4"/>'
    b'<circle cx="220" cy="80" r="58" fill="#e8c468" stroke="#223" stroke-width="4"/>'
    b'<rect x="310" y="26" width="96" height="108" fill="#9cc5a1" stroke="#223" stroke-width="4"/></svg>'
)


def _png(width: int, height: int) -> bytes:
    """A small portrait-like picture, made here so that no real person's photo is in the tests."""
    rows = b"".join(
        b"\0" + b"".join(_pixel(x / width, y / height) for x in range(width)) for y in range(height)
    )
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", head)
        + _chunk(b"IDAT", zlib.compress(rows))
        + _chunk(b"IEND", b"")
    )


def _pixel(x: float, y: float) -> bytes:
    if (x - 0.5) ** 2 + (y - 0.42) ** 2 < 0.04:
        return bytes((222, 184, 150))
    if y > 0.66 and (x - 0.5) ** 2 + (y - 1.05) ** 2 < 0.16:
        return bytes((58, 92, 140))
    return bytes((206, 220, 232))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


PHOTO = _png(120, 150)


def text(*parts: str | Formula) -> Paragraph:
    return Paragraph(content=tuple(Text(text=part) if isinstance(part, str) else part for part in parts))


HALF = Formula(
    media="formula.svg", width=600, height=1150, depth=420, alt="satu per dua", latex=r"\frac{1}{2}"
)


def _item(
    name: str, id_stem: Blocks, en_stem: Blocks, options: tuple[tuple[Blocks, Blocks], ...], **more: str
) -> ShownItem:
    def shown(stem: Blocks, place: int) -> Shown:
        made = tuple(Option(id=i, content=texts[place]) for i, texts in zip("abcde", options, strict=True))
        return Shown(stem=stem, interaction=ChoiceInteraction(options=made))

    return ShownItem(id=name, languages={"id": shown(id_stem, 0), "en": shown(en_stem, 1)}, **more)


def _options(*texts: tuple[str, str]) -> tuple[tuple[Blocks, Blocks], ...]:
    return tuple(((text(a),), (text(b),)) for a, b in texts)


ITEMS = (
    _item(
        "pancasila",
        (
            text(
                "Dalam rapat warga, seorang pendatang yang berbeda keyakinan mengusulkan agar kerja bakti dipindahkan ke hari "
                "Sabtu. Sikap yang paling sesuai dengan sila keempat Pancasila adalah …"
            ),
        ),
        (
            text(
                "At a neighbourhood meeting a newcomer of another faith proposes to move the communal work to Saturday. "
                "The attitude that best fits the fourth principle of Pancasila is …"
            ),
        ),
        _options(
            ("Menolak usul itu karena pengusul belum lama tinggal di lingkungan tersebut.", "Reject the proposal because its author has not lived there for long."),
            ("Membicarakan usul itu bersama-sama sampai tercapai mufakat yang dapat diterima semua warga.", "Discuss the proposal together until everybody can agree."),
            ("Menyerahkan keputusan kepada ketua RT.", "Leave the decision to the head of the neighbourhood."),
            ("Melakukan pemungutan suara secepatnya.", "Vote as soon as possible."),
            ("Menunda pembicaraan sampai rapat bulan depan.", "Put the matter off until next month."),
        ),
    ),
    _item(
        "pecahan",
        (text("Jika ", HALF, " dari sebuah bilangan adalah 12, maka tiga kali bilangan itu sama dengan …"),),
        (text("If ", HALF, " of a number is 12, then three times the number is …"),),
        (((text("24"),), (text("24"),)), ((text("36"),), (text("36"),)), ((text("72"),), (text("72"),)),
         ((text("12", HALF),), (text("12", HALF),)), ((text("144"),), (text("144"),))),
    ),
    _item(
        "bangun",
        (text("Perhatikan gambar berikut."), Picture(media="picture.svg", width=420, height=160, alt="Segitiga, lingkaran, persegi panjang"), text("Bangun manakah yang tidak mempunyai sudut?")),
        (text("Look at the picture."), Picture(media="picture.svg", width=420, height=160, alt="Triangle, circle, rectangle"), text("Which figure has no corner?")),
        _options(("Segitiga", "Triangle"), ("Lingkaran", "Circle"), ("Persegi panjang", "Rectangle"), ("Semuanya", "All of them"), ("Tidak ada", "None")),
    ),
    _item(
        "tabel",
        (
            text("Tabel berikut memuat jumlah penduduk tiga kota."),
            Table(
                rows=(
                    (Cell(content=(Text(text="Kota"),), heading=True), Cell(content=(Text(text="2010"),), heading=True, align="end"), Cell(content=(Text(text="2020"),), heading=True, align="end")),
                    (Cell(content=(Text(text="Bandung"),)), Cell(content=(Text(text="2.394.873"),), align="end"), Cell(content=(Text(text="2.444.160"),), align="end")),
                    (Cell(content=(Text(text="Surabaya"),)), Cell(content=(Text(text="2.765.487"),), align="end"), Cell(content=(Text(text="2.874.314"),), align="end")),
                )
            ),
            text("Pernyataan yang benar adalah …"),
        ),
        (text("Which statement is true?"),),
        _options(("Bandung tumbuh lebih cepat.", "Bandung grew faster."), ("Surabaya tumbuh lebih cepat.", "Surabaya grew faster."), ("Keduanya menyusut.", "Both shrank."), ("Keduanya tetap.", "Neither changed."), ("Tidak dapat ditentukan.", "It cannot be said.")),
    ),
    _item(
        "bacaan",
        (text("Gagasan utama bacaan di atas adalah …"), Listing(entries=((text("menurut penulis;"),), (text("menurut pembaca."),)), start=1)),
        (text("The main idea of the text is …"),),
        _options(("Sungai", "Rivers"), ("Hutan", "Forests"), ("Laut", "Seas"), ("Kota", "Cities"), ("Desa", "Villages")),
        stimulus="teks-01",
    ),
)  # fmt: skip

STIMULUS = Stimulus(
    id="teks-01",
    content={
        "id": (
            text(
                "Sungai bukan hanya saluran air. Di sepanjang tepinya orang berdagang, belajar, dan merawat ingatan tentang "
                "kampung halaman. Ketika sungai dipersempit, yang hilang bukan hanya air, melainkan juga ruang bersama."
            ),
            Quote(blocks=(text("“Siapa merawat sungai, merawat kota.”"),)),
        ),
        "en": (text("A river is more than a channel. People trade, learn and remember along its banks."),),
    },
)
