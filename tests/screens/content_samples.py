"""Content of every kind that an item can hold, in Indonesian and English: for the pictures and for the tests of rendering.

Formulas are drawn by the bank's own compiler, so that what is looked at is what a venue shows.
"""

import io
import math
import struct
import wave
from collections.abc import Callable

from cbt_station.banks.formulas import draw
from cbt_station.exam.content import (
    Audio,
    Blocks,
    Cell,
    Columns,
    Formula,
    Heading,
    Hot,
    Inline,
    InlinePicture,
    LineBreak,
    Listing,
    Paragraph,
    Picture,
    Place,
    Quote,
    Separator,
    Slot,
    Span,
    Table,
    Text,
    Verbatim,
)
from tests.screens.sample_items import PICTURE


def tone(seconds: float, *, rate: int = 8_000) -> bytes:
    """A quiet hum as a WAV file."""
    samples = (int(4_000 * math.sin(2 * math.pi * 220 * at / rate)) for at in range(int(seconds * rate)))
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))
    return file.getvalue()


MEDIA: dict[str, bytes] = {"picture.svg": PICTURE, "dialog.wav": tone(3), "lagu.wav": tone(1)}

ARABIC = "قرأت الطالبةُ كتابًا عن البحر، ثم كتبت ملخّصًا من 3 صفحات."
HEBREW = "קרא את הקטע הבא וענה על השאלות: מהו הרעיון המרכזי?"
JAVANESE = "ꦱꦧꦼꦤ꧀ꦮꦺꦴꦁꦏꦭꦲꦶꦂꦫꦏꦺꦏꦤ꧀ꦛꦶꦩꦂꦢꦶꦏ"
BALINESE = "ᬲᬫᬶ ᬫᬦᬸᬲᬦᬾ ᬳᬾᬫ᭄ᬩᬲ᭄ ᬫᬳᬃᬤᬶᬓ"
SUNDANESE = "ᮞᮊᮥᮙ᮪ᮔ ᮏᮜᮨᮙ ᮌᮥᮘᮢᮌ᮪ ᮊ ᮃᮜᮙ᮪"
CHINESE = "阅读下面的短文，回答问题。"
JAPANESE = "次の文を読んで、質問に答えなさい。"
KOREAN = "다음 글을 읽고 물음에 답하시오."


def formula(latex: str, *, alone: bool = False) -> Formula:
    """A formula as the compiler of a bank makes it; its drawing goes into MEDIA."""
    made, data = draw(latex, alone=alone)
    MEDIA[made.media] = data
    return made


def line(*parts: str | Inline) -> tuple[Inline, ...]:
    return tuple(Text(text=part) if isinstance(part, str) else part for part in parts)


def words(*parts: str | Inline) -> Paragraph:
    return Paragraph(content=line(*parts))


def cell(*parts: str | Inline, **how: object) -> Cell:
    return Cell(content=line(*parts), **how)  # type: ignore[arg-type]


def _headings(language: str) -> Blocks:
    en = language == "en"
    return (
        Heading(level=1, content=line("Reading" if en else "Bacaan")),
        words("Plain text below a heading, long enough to wrap at the edge of a narrow page." if en else "Teks biasa di bawah judul, cukup panjang untuk berganti baris di tepi halaman yang sempit."),
        Heading(level=2, content=line("Second level " if en else "Tingkat dua ", formula(r"x^2"))),
        words(Text(text="bold" if en else "tebal", bold=True), ", ", Text(text="italic" if en else "miring", italic=True), ", ", Text(text="code", code=True), ", H", Text(text="2", sub=True), "O, m", Text(text="2", sup=True), ", ",
              Span(content=line("underlined" if en else "digarisbawahi"), underline=True), ", ", Span(content=line("struck out" if en else "dicoret"), strike=True), ", ",
              Span(content=(Text(text="both" if en else "keduanya", bold=True),), underline=True, strike=True), "."),
        Separator(),
        Heading(level=3, content=line("Third level" if en else "Tingkat tiga")),
        Verbatim(text="def total(n):\n    return sum(k for k in range(n)  if k % 3 == 0)\n\ttab = '→'"),
    )  # fmt: skip


def _formulas(language: str) -> Blocks:
    en = language == "en"
    return (
        words("The fraction " if en else "Pecahan ", formula(r"\frac{a+b}{c}"), ", the root " if en else ", akar ", formula(r"\sqrt{x^2+1}"), ", the sum " if en else ", jumlah ", formula(r"\sum_{k=1}^{n} k^2"), " and " if en else " dan ", formula(r"\int_0^1 x\,dx"), " stand on the line of the words around them: " if en else " berdiri di garis kata-kata di sekitarnya: ", formula("y"), " = y, ", formula("x"), " = x."),
        words(formula(r"\left(\begin{matrix} 1 & 2 \\ 3 & 4 \end{matrix}\right)\cdot\left(\begin{matrix} x \\ y \end{matrix}\right)=\left(\begin{matrix} 5 \\ 6 \end{matrix}\right)", alone=True)),
        words(formula(r"x_{1,2}=\frac{-b\pm\sqrt{b^2-4ac}}{2a}", alone=True)),
        Listing(entries=(
            (words("if " if en else "jika ", formula(r"a>0"), ";"),),
            (words(formula(r"\lim_{n\to\infty}\left(1+\frac{1}{n}\right)^n=e"),),),
        ), start=9),
    )  # fmt: skip


def _tables(language: str) -> Blocks:
    en = language == "en"
    return (
        words("Population of three cities." if en else "Jumlah penduduk tiga kota."),
        Table(rows=(
            (cell("City" if en else "Kota", heading=True, rows=2), cell("Year" if en else "Tahun", heading=True, columns=2, align="center"), cell("Growth" if en else "Pertumbuhan", heading=True, rows=2)),
            (cell("2010", heading=True, align="end"), cell("2020", heading=True, align="end")),
            (cell("Bandung"), cell("2.394.873", align="end"), cell("2.444.160", align="end"), cell(formula(r"\frac{49287}{2394873}"), align="center")),
            (cell("Surabaya"), cell("2.765.487", align="end"), cell("2.874.314", align="end"), cell(formula(r"\approx 3{,}9\,\%"), align="center")),
            (cell("Together, a cell that is wide" if en else "Bersama-sama, satu sel yang lebar", columns=4, align="center"),),
        )),
        words("A table that is wider than any page:" if en else "Tabel yang lebih lebar daripada halaman mana pun:"),
        Table(rows=(
            tuple(cell(month, heading=True) for month in ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember")),
            tuple(cell(f"{12_345 + 997 * n}", align="end") for n in range(12)),
        )),
    )  # fmt: skip


def _lists(language: str) -> Blocks:
    en = language == "en"
    return (
        words("Nested lists:" if en else "Daftar bertingkat:"),
        Listing(entries=(
            (words("first entry, long enough to reach the edge of a page and to begin again below its own beginning" if en else "butir pertama, cukup panjang untuk mencapai tepi halaman dan mulai lagi tepat di bawah awalnya sendiri"), Listing(entries=((words("one" if en else "satu"),), (words("two" if en else "dua"), Listing(entries=((words("deep" if en else "dalam"),),)))))),
            (words("second entry with a table:" if en else "butir kedua dengan tabel:"), Table(rows=((cell("a"), cell("b")), (cell("1"), cell("2")))), words("and words after it" if en else "dan kata-kata sesudahnya")),
            (Picture(media="picture.svg", width=210, height=80, alt="Tiga bangun"),),
        )),
        Listing(entries=((words("ninety-nine" if en else "sembilan puluh sembilan"),), (words("a hundred" if en else "seratus"),)), start=99),
        Quote(blocks=(words("“Who tends the river tends the city.”" if en else "“Siapa merawat sungai, merawat kota.”"), Listing(entries=((words("in a quotation" if en else "dalam kutipan"),),)))),
    )  # fmt: skip


def _scripts(language: str) -> Blocks:
    return (
        words(Span(content=line(ARABIC), language="ar", direction="rtl")),
        words(Span(content=line("مساحة المربع هي ", formula(r"\sqrt{a^2+b^2}"), " حيث ", Span(content=line("a = 3"), direction="ltr"), "."), language="ar", direction="rtl")),
        Listing(entries=((words(Span(content=line("أولاً"), language="ar")),), (words(Span(content=line("ثانيًا"), language="ar")),)), start=1),
        words(Span(content=line(HEBREW), language="he", direction="rtl")),
        words("Aksara Jawa: " if language == "id" else "Javanese: ", Span(content=line(JAVANESE), language="jv"), "."),
        words("Aksara Bali: " if language == "id" else "Balinese: ", Span(content=line(BALINESE), language="ban"), "."),
        words("Aksara Sunda: " if language == "id" else "Sundanese: ", Span(content=line(SUNDANESE), language="su"), "."),
        words("Kata ", Span(content=line("שלום"), language="he", direction="rtl"), " (3) di tengah kalimat." if language == "id" else " (3) within a sentence."),
    )  # fmt: skip


def _cjk(language: str) -> Blocks:
    return (
        words("Mandarin, Jepang, Korea:" if language == "id" else "Chinese, Japanese, Korean:"),
        words(Span(content=line(CHINESE), language="zh")),
        words(Span(content=line(JAPANESE), language="ja")),
        words(Span(content=line(KOREAN), language="ko")),
    )  # fmt: skip


def _beside(language: str) -> Blocks:
    en = language == "en"
    return (
        Columns(columns=(
            (Heading(level=3, content=line("Bahasa Indonesia")), words("Semua orang dilahirkan merdeka dan mempunyai martabat dan hak-hak yang sama.")),
            (Heading(level=3, content=line("English")), words("All human beings are born free and equal in dignity and rights.")),
        )),
        Columns(columns=(
            (Picture(media="picture.svg", width=420, height=160, alt="Tiga bangun"),),
            (words("The picture stands beside its words, and above them where the page is narrow." if en else "Gambar berdiri di samping kata-katanya, dan di atasnya bila halaman sempit."), Table(rows=((cell("a", heading=True), cell("b", heading=True)), (cell("1"), cell("2"))))),
        )),
        words("A picture ", InlinePicture(media="picture.svg", width=52, height=20, alt="tiga bangun"), " in a line." if en else " di dalam baris.", LineBreak(), "A new line." if en else "Baris baru."),
    )  # fmt: skip


def _widgets(language: str) -> Blocks:
    en = language == "en"
    return (
        words("The capital of East Java is " if en else "Ibu kota Jawa Timur adalah ", Slot(response="kota"), " and its governor’s office stands in " if en else " dan kantor gubernurnya berdiri di ", Slot(response="jalan"), ", a street with " if en else ", jalan dengan ", formula(r"\frac{3}{4}"), " of its trees." if en else " pohonnya."),
        Table(rows=((cell("x", heading=True), cell("f(x)", heading=True)), (cell("2"), cell(Slot(response="nilai"))))),
        Place(response="pilihan"),
        words("Choose the words that are verbs: " if en else "Pilihlah kata kerja: ", Hot(id="a", content=line("Ibu")), " ", Hot(id="b", content=line("memasak")), " dan ", Hot(id="c", content=line("adik saya yang paling kecil membantu mencuci semua piring kotor di dapur belakang")), "."),
    )  # fmt: skip


def _audio(language: str) -> Blocks:
    en = language == "en"
    return (
        words("Listen, then answer." if en else "Dengarkan, lalu jawablah."),
        Audio(media="dialog.wav", alt="Conversation at the station" if en else "Percakapan di stasiun", plays=2),
        Audio(media="lagu.wav", alt="A song" if en else "Sebuah lagu"),
    )  # fmt: skip


SAMPLES: dict[str, Callable[[str], Blocks]] = {
    "headings": _headings,
    "formulas": _formulas,
    "tables": _tables,
    "lists": _lists,
    "scripts": _scripts,
    "cjk": _cjk,
    "beside": _beside,
    "widgets": _widgets,
    "audio": _audio,
}
"""Content by name; each makes its blocks in a language ("id", "en")."""
