"""The score sheet: what it carries and prints, that its QR is the note byte for byte, and that nothing can be changed.

The signature around it is tested in tests/sealing/test_pades.py, the note's size in test_score_notes.py.
"""

import datetime as dt
import random
import re
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from cbt_station.artefacts import names
from cbt_station.errors import Refusal
from cbt_station.results.issuing import Issuer, Look, Sheet
from cbt_station.results.opening import OpenedSession, open_tree
from cbt_station.results.placing import place
from cbt_station.results.sheet import ScoreRow, SheetContent, draw_sheet
from cbt_station.sealing.pades import PdfSigner, check_pdf, new_pdf_key
from cbt_station.verify.sheet import check_sheet
from tests.results.small_results import NOW, PEOPLE, RESULTS, SCORE, Chance, World, key, log_proofs


def issuer(world: World, opened: OpenedSession, lang: str = "id", **other: object) -> Issuer:
    placings = {placing.number: placing for placing in place(opened)}
    given = {"score_key": SCORE, "signer": world.signer, "look": Look("Badan Contoh Negara", lang), **other}
    return Issuer(opened, placings, given["score_key"], given["signer"], given["look"], NOW, Chance("sheets"))  # type: ignore[arg-type]


def steps_of(pdf: bytes, world: World, superseded: frozenset[str] | None = None) -> dict[str, str]:
    _, steps = check_sheet(pdf, world.trust, superseded)
    return {step.name: step.verdict for step in steps.done}


def text_of(pdf: bytes, folder: Path) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed")
    file = folder / "text.pdf"
    file.write_bytes(pdf)
    return subprocess.run(
        ["pdftotext", "-raw", str(file), "-"], capture_output=True, text=True, check=True
    ).stdout


def picture_of(pdf: bytes, folder: Path, dots: int) -> Image.Image:
    if shutil.which("pdftoppm") is None:
        pytest.skip("pdftoppm is not installed")
    file = folder / "picture.pdf"
    file.write_bytes(pdf)
    subprocess.run(["pdftoppm", "-r", str(dots), "-png", str(file), str(folder / "picture")], check=True)
    return Image.open(max(folder.glob("picture-*.png")))


def test_everybody_gets_a_sheet_also_who_was_absent_or_not_finished(printed: dict[str, Sheet]) -> None:
    assert list(printed) == sorted(PEOPLE)
    assert len({sheet.file for sheet in printed.values()}) == len(PEOPLE)
    assert printed["24-0001"].file == "skd-kecil-1-test-24-0001.pdf"


@pytest.mark.parametrize(
    ("number", "attached"),
    [
        ("24-0001", {"score.note", "result.note", "start.note", "admit.note"}),
        ("24-0005", {"score.note", "result.note", "start.note", "admit.note"}),
        ("24-0007", {"score.note"}),
        ("24-0008", {"score.note"}),
    ],
)
def test_a_sheet_carries_the_notes_and_is_true(
    sealed_world: World, printed: dict[str, Sheet], number: str, attached: set[str]
) -> None:
    sheet = printed[number]
    paper = check_pdf(sheet.pdf, sealed_world.trust.pdf)
    assert set(paper.attachments) == attached
    assert paper.attachments["score.note"] == sheet.note
    steps = steps_of(sheet.pdf, sealed_world)
    assert {steps["paper"], steps["score"]} == {"true"}
    assert steps.get("result", "true") == "true"


@pytest.mark.parametrize("number", ["24-0001", "24-0005", "24-0007"])
@pytest.mark.parametrize("dots", [150, 300])
def test_a_scanner_reads_the_note_from_the_page_byte_for_byte(
    printed: dict[str, Sheet], tmp_path: Path, number: str, dots: int
) -> None:
    (code,) = zxingcpp.read_barcodes(picture_of(printed[number].pdf, tmp_path, dots))
    assert code.bytes == printed[number].note


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("24-0001", ["SITI RAHMAWATI", "Lulus ke tahap berikutnya", "Analis Kebijakan", "Kantor Regional jkt-07", "Peringkat 1", "08.00–08.07 WIB"]),
        ("24-0003", ["Memenuhi ambang batas, di luar kuota", "urutan ditentukan oleh nilai TIU", "sama dengan 1 peserta lain"]),
        ("24-0005", ["Tidak memenuhi ambang batas", "TWK: 0 di bawah ambang batas 5", "Tidak memenuhi"]),
        ("24-0007", ["Tidak hadir", "TH"]),
        ("24-0008", ["Tidak selesai", "TS"]),
    ],
)  # fmt: skip
def test_a_sheet_says_in_words_what_its_letters_mean(
    printed: dict[str, Sheet], tmp_path: Path, number: str, said: list[str]
) -> None:
    text = " ".join(text_of(printed[number].pdf, tmp_path).split())
    assert [part for part in [*said, "UJI COBA"] if part not in text] == []
    assert not any(other in text for other in PEOPLE if other != number), "another candidate's number"


def test_the_sheet_speaks_english_when_asked(
    sealed_world: World, opened: OpenedSession, tmp_path: Path
) -> None:
    sheet = next(issuer(sealed_world, opened, "en").issue_all({}, {}))
    text = text_of(sheet.pdf, tmp_path)
    assert "SCORE SHEET" in text
    assert "Passed to the next stage" in text


def test_every_changed_byte_is_refused_or_carries_the_same_note(
    sealed_world: World, printed: dict[str, Sheet]
) -> None:
    sheet, dice = printed["24-0001"], random.Random(7)  # noqa: S311 (which bytes are tried, the same every time)
    for place_ in dice.sample(range(len(sheet.pdf)), 120):
        changed = bytearray(sheet.pdf)
        changed[place_] ^= 1 << dice.randrange(8)
        checked, steps = check_sheet(bytes(changed), sealed_world.trust)
        if steps.verdict != "false":
            assert checked is not None
            assert checked.score.raw == sheet.note, place_


def test_printing_again_keeps_the_note_and_takes_in_the_proofs(
    sealed_world: World, opened: OpenedSession, printed: dict[str, Sheet]
) -> None:
    issued = {sheet.note_file: sheet.note for sheet in printed.values()}
    logged = [("score", sheet.note_id) for sheet in printed.values()]
    logged += [("result", result) for result in sealed_world.sealed.values()]
    proofs = log_proofs(logged)
    again = list(
        issuer(sealed_world, opened).issue_all({**issued, **proofs}, {**sealed_world.tree, **proofs})
    )
    assert [sheet.note for sheet in again] == [sheet.note for sheet in printed.values()]
    assert not any(sheet.new for sheet in again)
    steps = steps_of(again[0].pdf, sealed_world, frozenset())
    assert set(steps.values()) == {"true"}
    assert {"score.tlog-proof", "result.tlog-proof"} < set(
        check_pdf(again[0].pdf, sealed_world.trust.pdf).attachments
    )


def test_a_sheet_that_a_newer_one_supersedes_is_refused(
    sealed_world: World, printed: dict[str, Sheet]
) -> None:
    sheet = printed["24-0001"]
    assert steps_of(sheet.pdf, sealed_world, frozenset({sheet.note_id}))["newest"] == "refused"


def test_two_notes_of_one_number_stop_the_printing(
    sealed_world: World, opened: OpenedSession, printed: dict[str, Sheet]
) -> None:
    other = next(Issuer(
        opened, {one.number: one for one in place(opened)}, SCORE, sealed_world.signer, Look("x"), NOW, Chance("other")
    ).issue_all({}, {}))  # fmt: skip
    issued = {sheet.note_file: sheet.note for sheet in (printed["24-0001"], other)}
    with pytest.raises(Refusal) as caught:
        list(issuer(sealed_world, opened).issue_all(issued, {}))
    assert caught.value.code == "score-note-twice"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        pytest.param({"score_key": key("contoh.example/score/2")}, "score-key-unlisted", id="score key"),
        pytest.param(
            {"signer": PdfSigner(*new_pdf_key("x", dt.datetime(2026, 1, 1, tzinfo=dt.UTC)))},
            "pdf-certificate-unlisted",
            id="certificate",
        ),
    ],
)
def test_keys_that_the_trust_list_does_not_name_print_nothing(
    sealed_world: World, opened: OpenedSession, given: dict[str, object], code: str
) -> None:
    with pytest.raises(Refusal) as caught:
        issuer(sealed_world, opened, **given)
    assert caught.value.code == code


def content(**other: object) -> SheetContent:
    row = ScoreRow({"id": "Tes Wawasan Kebangsaan"}, Decimal(100), Decimal(150), Decimal(65))
    given: dict[str, object] = {
        "mode": "official",
        "issuer": "Badan Contoh Negara",
        "exam": {"id": "Seleksi"},
        "session": "skd-1",
        "source": "",
        "name": "SITI",
        "number": "24-0001",
        "position": "Analis",
        "category": "general",
        "venue": "Jakarta",
        "photo": b"",
        "rows": (row, row),
        "status": "P/L",
        "rank": 1,
        "cut": 3,
        "why": "",
        "issued": dt.date(2026, 11, 26),
        "note": b"x" * 500,
        "note_id": "9c" * 32,
        "supersedes": None,
        "scoring": 1,
        "trust": "3f" * 32,
        "score_key": "contoh.example/score/1",
    }
    return SheetContent(**{**given, **other})  # type: ignore[arg-type]


LONG = "PENGELOLA PENGADAAN BARANG DAN JASA AHLI PERTAMA PADA DIREKTORAT JENDERAL PERIMBANGAN KEUANGAN WILAYAH TIMUR"


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize(
    "other",
    [
        pytest.param({}, id="short"),
        pytest.param({"name": LONG, "position": LONG, "venue": LONG, "issuer": LONG, "exam": {"id": LONG}}, id="long words"),
        pytest.param({"name": "X" * 120, "position": "Y" * 200}, id="words without a space"),
        pytest.param({"why": f"{LONG} " * 8}, id="a long reason"),
        pytest.param({"rows": tuple(ScoreRow({"id": LONG}, Decimal("12.5"), Decimal(100), Decimal(30)) for _ in range(24))}, id="many sections"),
        pytest.param({"mode": "test", "status": "TH", "rows": (), "rank": None}, id="absent, test"),
    ],
)  # fmt: skip
def test_everything_stays_on_the_page_and_nothing_is_lost(
    tmp_path: Path, lang: str, other: dict[str, object]
) -> None:
    """No word outside the margins, and every letter of what was given is on the paper."""
    drawn = content(**other)
    pdf = draw_sheet(drawn, lang)
    file = tmp_path / "sheet.pdf"
    file.write_bytes(pdf)
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed")
    boxes = subprocess.run(
        ["pdftotext", "-bbox", str(file), "-"], capture_output=True, text=True, check=True
    ).stdout
    edges = [
        tuple(map(float, edge))
        for edge in re.findall(r'xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)"', boxes)
    ]
    assert edges
    inside = [(left >= 56, right <= 540, top >= 0, bottom <= 830) for left, top, right, bottom in edges]
    across = 1 if drawn.mode == "test" else 0  # the word across the page of a test
    assert sum(not all(one) for one in inside) <= across * 2
    letters = re.sub(r"\s", "", text_of(pdf, tmp_path))
    for value in (drawn.name, drawn.position):
        assert all(re.sub(r"\s", "", word) in letters for word in value.split() if len(word) < 20)
    assert letters.count("X" * 120) == 0 or drawn.name.startswith("X")


@pytest.mark.parametrize("mode", ["official", "test"])
def test_a_usual_sheet_is_one_page_even_at_its_fullest(tmp_path: Path, mode: str) -> None:
    row = ScoreRow({"id": "Tes Wawasan Kebangsaan"}, Decimal(100), Decimal(150), Decimal(65))
    times = {"started": "2026-11-24T08:00:00+07:00", "ended": "2026-11-24T09:40:00+07:00"}
    ids = dict.fromkeys(("result", "form", "edition", "supersedes"), "a1" * 32)
    why = "Nilai total sama dengan peserta di atasnya; urutan ditentukan oleh nilai TKP. Semua nilai sama dengan 2 peserta lain, sehingga peringkatnya sama."
    full = content(mode=mode, rows=(row,) * 4, why=why, status="P", engine="1.0.0", **times, **ids)
    assert "Halaman 1 dari 1" in text_of(draw_sheet(full, "id"), tmp_path)


def test_a_disqualified_candidate_gets_a_sheet_without_scores(world: World, tmp_path: Path) -> None:
    from tests.results.test_deciding import decided

    decided(world, what="disqualify", number="24-0001")
    opened = open_tree(world.tree, world.folder, world.trust, RESULTS)
    sheet = next(issuer(world, opened).issue_all({}, world.tree))
    assert b"\nscores " not in sheet.note
    assert b"\nresult " not in sheet.note
    text = text_of(sheet.pdf, tmp_path)
    assert "Didiskualifikasi" in text
    assert set(steps_of(sheet.pdf, world).values()) <= {"true", "not-checkable"}
    assert set(check_pdf(sheet.pdf, world.trust.pdf).attachments) == {"score.note"}


def test_the_sheets_notes_are_named_as_in_the_tree(printed: dict[str, Sheet]) -> None:
    sheet = printed["24-0001"]
    assert sheet.note_file == names.tree_note("score", sheet.note_id)
