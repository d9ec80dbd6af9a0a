r"""The sheet that people fill: its headings, an example of each kind, lists to choose from, and a page that explains it.

What we write here `sheets.py` reads, and `export_xlsx.py` writes the same headings.
"""

import csv
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from cbt_station.banks.sheet_columns import TEMPLATE
from cbt_station.banks.sheet_kinds import known_words
from cbt_station.errors import Refusal

if TYPE_CHECKING:
    import xlsxwriter

MOST_FILLED: Final = 2_000
"""Rows that have the lists to choose from."""
_WIDE: Final = ("Teks Soal", "Teks Pembahasan")
_MIDDLE: Final = ("Opsi", "Pasangan")

_EXAMPLES: Final[tuple[dict[str, str], ...]] = (
    {
        "Segmen": "TWK", "Topik": "nasionalisme", "Tingkat": "mudah", "Jenis": "pilihan ganda",
        "Teks Soal": "Semboyan bangsa Indonesia yang tertulis pada lambang negara adalah …",
        "Opsi A": "Tut wuri handayani", "Opsi B": "Bhinneka Tunggal Ika", "Opsi C": "Jer basuki mawa beya",
        "Opsi D": "Rawe-rawe rantas", "Opsi E": "Ing ngarsa sung tuladha", "Kunci": "B",
        "Teks Pembahasan": "Pasal 36A UUD 1945",
    },
    {
        "Segmen": "TKP", "Topik": "pelayanan-publik", "Tingkat": "sedang", "Jenis": "pilihan ganda",
        "Teks Soal": "Seorang warga datang sesaat sebelum loket ditutup. Anda …",
        "Opsi A": "meminta warga datang lagi besok", "Opsi B": "melayani warga sampai selesai",
        "Opsi C": "meminta rekan melayaninya", "Opsi D": "mencatat keperluannya untuk besok",
        "Opsi E": "bertanya dahulu kepada atasan",
        "Nilai A": "1", "Nilai B": "5", "Nilai C": "3", "Nilai D": "4", "Nilai E": "2",
    },
    {
        "Segmen": "TIU", "Jenis": "pilihan banyak", "Teks Soal": "Pilih semua bilangan genap.",
        "Opsi A": "18", "Opsi B": "21", "Opsi C": "24", "Opsi D": "35", "Kunci": "A, C",
    },
    {
        "Segmen": "TIU", "Jenis": "benar/salah", "Teks Soal": "Pernyataan ini benar atau salah? \\(2^5 = 32\\)",
        "Kunci": "benar",
    },
    {
        "Segmen": "TWK", "Jenis": "isian singkat", "Teks Soal": "Proklamasi dibacakan di kota _____.",
        "Opsi A": "Jakarta", "Opsi B": "Kota Jakarta",
    },
    {
        "Segmen": "TIU", "Jenis": "angka", "Teks Soal": "Luas lingkaran berjari-jari 5 m adalah _____ meter persegi.",
        "Kunci": "78.5", "Poin": "4", "Toleransi": "0.5",
    },
    {
        "Segmen": "TWK", "Jenis": "uraian", "Teks Soal": "Jelaskan makna sila ketiga Pancasila.",
        "Poin": "10", "Setelan": "lines: 8", "Teks Pembahasan": "Menyebut persatuan: 5. Memberi contoh: 5.",
    },
    {
        "Segmen": "TWK", "Jenis": "menjodohkan", "Teks Soal": "Jodohkan provinsi dengan ibu kotanya.",
        "Opsi A": "Bali", "Opsi B": "Aceh", "Opsi C": "Riau", "Nilai A": "2", "Nilai B": "2", "Nilai C": "2",
        "Pasangan 1": "Denpasar", "Pasangan 2": "Banda Aceh", "Pasangan 3": "Pekanbaru", "Pasangan 4": "Medan",
    },
    {
        "Segmen": "TIU", "Jenis": "urutan", "Teks Soal": "Urutkan dari yang terkecil.",
        "Opsi A": "0,2", "Opsi B": "0,75", "Opsi C": "0,5", "Kunci": "A, C, B",
    },
    {
        "Segmen": "TIU", "Jenis": "isi rumpang",
        "Teks Soal": "Lengkapi kalimat ini.\n\nAir laut [[1]] dan turun sebagai [[2]].",
        "Opsi A": "menguap", "Opsi B": "hujan", "Opsi C": "salju",
    },
)  # fmt: skip
_HELP: Final = (
    "Satu baris satu soal. Hapus baris-baris contoh sebelum lembar ini diimpor. Pilihan yang tidak dipakai dikosongkan.",
    "Gambar: letakkan di atas selnya, atau tulis nama berkas yang ada di folder lembar ini. Alamat internet ditolak.",
    "Semua sel berformat teks: 1/2 tetap 1/2. Jangan mengubah format sel. Rumus LaTeX: $$\\frac{1}{2}$$",
    "Poin: nilai untuk jawaban yang seluruhnya benar; kosong berarti 5. Jawaban lain bernilai 0.",
    "Jenis kosong atau “pilihan ganda”: satu jawaban. Isi Kunci dengan hurufnya, atau Nilai A–E dengan skor tiap pilihan.",
    "“pilihan banyak”: Kunci A, C berarti keduanya dan tidak yang lain; atau isi Nilai A–E, yang dijumlahkan (tidak kurang dari 0).",
    "“benar/salah”: Kunci “benar” atau “salah”; pilihan tidak perlu diisi.",
    "“isian singkat” dan “angka”: tempat menjawab ditulis _____ (lima garis bawah). Jawaban di Kunci, jawaban lain di Opsi A–E.",
    "Bila skor jawaban berbeda-beda: semua jawaban di Opsi, skornya di Nilai. Toleransi: selisih angka yang masih benar.",
    "“pilihan dalam kalimat”: daftar Opsi muncul di tempat _____ dalam kalimat.",
    "“uraian”: dinilai oleh penilai, dari 0 sampai Poin. Kunci dan pembahasan hanya dibaca penilai.",
    "“menjodohkan”: Opsi A dengan Pasangan 1, Opsi B dengan Pasangan 2, dan seterusnya; atau menurut Kunci A 2, B 1.",
    "Nilai A–E pada “menjodohkan”: nilai pasangan tiap opsi; bila kosong, Poin diberikan bila semuanya benar.",
    "“memasangkan”: opsi dengan opsi, Kunci A C, B D. “urutan”: Kunci C, A, B dari yang pertama; kosong berarti A, B, C.",
    "“isi rumpang”: bagian kosong ditulis [[1]], [[2]]; Opsi A mengisi [[1]], Opsi B mengisi [[2]], atau menurut Kunci A 2, B 1.",
    "“penggeser”: angka pada skala, Setelan low: 0; high: 100; step: 5.",
    "Setelan, bila perlu: tetap: semua (pilihan tidak diacak); tetap: E; tiap: 2 (nilai tiap pasangan atau tempat); baris: 8;",
    "huruf: persis (huruf besar dan kecil dibedakan). Beberapa setelan dipisah titik koma. Nama lain ada di docs/bank-format.md.",
    "One row is one question; delete the example rows. “Jenis” may be English too: multiple choice, multiple answer, true/false,",
    "short answer, numeric, essay, matching, order, gap match, inline choice, associate, slider. Kunci: the right option, answer,",
    "pairs (A 2, B 1) or order; Nilai A–E: a score each; Poin: points for a right answer (5 where it is empty).",
)
_HELP_BEFORE: Final = "Satu baris satu soal. Hapus dua baris contoh sebelum lembar ini diimpor."
"""Begins the page of a template that an earlier release wrote."""


def is_help(cells: Sequence[str]) -> bool:
    """Whether these are the cells of the page that explains the template."""
    return list(cells) == list(_HELP) or cells[0] == _HELP_BEFORE


def write_template(suffix: str) -> bytes:
    """A sheet of questions with an example of each kind: `.xlsx` (with a page that explains it) or `.csv`."""
    rows = [{"No": f"{number}"} | row for number, row in enumerate(_EXAMPLES, 1)]
    if suffix == ".csv":
        target = io.StringIO()
        csv.writer(target, lineterminator="\n").writerows(
            [TEMPLATE, *([row.get(name, "") for name in TEMPLATE] for row in rows)]
        )
        return target.getvalue().encode("utf-8-sig")
    if suffix == ".xlsx":
        return _template_workbook(rows)
    raise Refusal("sheet-format", suffix=suffix, known=".csv, .xlsx")


def _template_workbook(rows: Sequence[dict[str, str]]) -> bytes:
    import xlsxwriter

    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet, text = question_sheet(book, TEMPLATE)
        for down, row in enumerate(rows, start=1):
            for at, name in enumerate(TEMPLATE):
                sheet.write_string(down, at, row.get(name, ""), text)
        offer_lists(sheet, TEMPLATE)
        page = book.add_worksheet("petunjuk")
        page.set_column(0, 0, 110, text)
        for down, line in enumerate(_HELP):
            page.write_string(down, 0, line, text)
    return target.getvalue()


def question_sheet(book: "xlsxwriter.Workbook", columns: Sequence[str]) -> tuple[Any, Any]:
    """The sheet `soal` with its headings, and the format of its cells: all are text."""
    text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    heading = book.add_format({"bold": True, "bg_color": "#E8EEF7", "bottom": 1, "num_format": "@"})
    sheet = book.add_worksheet("soal")
    sheet.freeze_panes(1, 0)
    for at, name in enumerate(columns):
        wide = 48 if name in _WIDE else 24 if name.startswith(_MIDDLE) else 12
        sheet.set_column(at, at, wide, text)
        sheet.write_string(0, at, name, heading)
    return sheet, text


def offer_lists(sheet: Any, columns: Sequence[str]) -> None:
    """Lists to choose from. A key may be something else than a letter, so its list hinders nobody."""
    kinds = {"validate": "list", "source": list(known_words()), "error_title": "Jenis"}
    kinds["error_message"] = "Pilih jenis soal dari daftar; lihat lembar petunjuk."
    at = columns.index("Jenis")
    sheet.data_validation(1, at, MOST_FILLED, at, kinds)
    at = columns.index("Kunci")
    letters = {"validate": "list", "source": list("ABCDE"), "show_error": False}
    sheet.data_validation(1, at, MOST_FILLED, at, letters)
