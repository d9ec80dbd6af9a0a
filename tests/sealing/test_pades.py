"""A signed paper: what poppler says of it, what it carries, and that nobody can change it.

What stands in a score sheet is tested in tests/results/test_sheets.py.
"""

import datetime as dt
import io
import random
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from pyhanko.pdf_utils import embed
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers

from cbt_station.errors import Refusal, Tampered
from cbt_station.paper.page import Paper
from cbt_station.sealing.pades import PdfSigner, certificate_sha256, check_pdf, new_pdf_key, sign_pdf

NOW = dt.datetime(2026, 11, 26, 2, 0, tzinfo=dt.UTC)
ATTACHED = {
    "score.note": b"cbt-station/score/v1 test\n\xe2\x80\x94 x\n",
    "result.note": b"cbt-station/result/v1 test\n",
}
KEY = new_pdf_key("contoh.example/pdf/1", NOW)
STRANGER = new_pdf_key("contoh.example/pdf/1", NOW)
TRUSTED = (certificate_sha256(KEY[0]),)


def unsigned() -> bytes:
    paper = Paper("Contoh", "id", "Badan Contoh", "Ujian")
    paper.text(20, 20, "Nilai 400", 12)
    return paper.finish()


@pytest.fixture(scope="module")
def signed() -> bytes:
    return sign_pdf(unsigned(), *KEY, ATTACHED, NOW)


def poppler(tool: str, *arguments: str) -> str:
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed")
    return subprocess.run([tool, *arguments], capture_output=True, text=True, check=True).stdout


def test_a_signed_paper_gives_back_what_was_attached(signed: bytes) -> None:
    checked = check_pdf(signed, TRUSTED)
    assert checked.attachments == ATTACHED
    assert checked.certificate == TRUSTED[0]


def test_poppler_finds_the_signature_valid_over_the_whole_document(signed: bytes, tmp_path: Path) -> None:
    file = tmp_path / "sheet.pdf"
    file.write_bytes(signed)
    said = poppler("pdfsig", str(file))
    assert "Signature is Valid" in said
    assert "Total document signed" in said


def test_poppler_lists_and_detaches_the_attachments(signed: bytes, tmp_path: Path) -> None:
    file = tmp_path / "sheet.pdf"
    file.write_bytes(signed)
    assert "2 embedded files" in poppler("pdfdetach", "-list", str(file))
    poppler("pdfdetach", "-saveall", "-o", str(tmp_path), str(file))
    assert {name: (tmp_path / name).read_bytes() for name in ATTACHED} == ATTACHED


def test_every_changed_byte_is_refused_or_changes_nothing(signed: bytes) -> None:
    """The padding of the signature and names of its own objects may differ; what the paper carries may not."""
    dice = random.Random(20261126)  # noqa: S311 (which bytes are tried, the same every time)
    refused = 0
    places = dice.sample(range(len(signed)), 220)
    for place in places:
        changed = bytearray(signed)
        changed[place] ^= 1 << dice.randrange(8)
        try:
            assert check_pdf(bytes(changed), TRUSTED).attachments == ATTACHED, place
        except Tampered:
            refused += 1
    assert refused > 0.7 * len(places)


@pytest.mark.parametrize("cut", [0, 1, 5, 1000, -9000, -1])
def test_a_cut_paper_is_refused(signed: bytes, cut: int) -> None:
    with pytest.raises(Tampered):
        check_pdf(signed[:cut], TRUSTED)


def test_an_unsigned_paper_is_refused() -> None:
    with pytest.raises(Tampered) as caught:
        check_pdf(unsigned(), TRUSTED)
    assert caught.value.code == "pdf-unsigned"


def test_another_certificate_of_the_same_name_is_refused() -> None:
    with pytest.raises(Tampered) as caught:
        check_pdf(sign_pdf(unsigned(), *STRANGER, ATTACHED, NOW), TRUSTED)
    assert caught.value.code == "pdf-certificate-unknown"


class Careless(signers.PdfSigner):
    """A tool that does not care that the first signature forbids all changes."""

    def _enforce_certification_constraints(self, reader: PdfFileReader) -> None:
        pass


def test_a_second_signature_is_refused(signed: bytes) -> None:
    """By the same, trusted key: a paper is signed once."""
    meta = signers.PdfSignatureMetadata(field_name="Second", md_algorithm="sha256")
    target = io.BytesIO()
    Careless(
        meta,
        signer=PdfSigner(*KEY)._signer,
        new_field_spec=fields.SigFieldSpec("Second"),
    ).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(signed)), output=target, bytes_reserved=8192)
    with pytest.raises(Tampered):
        check_pdf(target.getvalue(), TRUSTED)


def test_a_signature_with_room_to_hide_something_in_is_refused() -> None:
    """By the trusted key: what lies outside the signed range is the signature's own digits and nothing else."""
    meta = signers.PdfSignatureMetadata(field_name="CBTStation", md_algorithm="sha256", certify=True)
    meta = replace(
        meta, docmdp_permissions=fields.MDPPerm.NO_CHANGES, subfilter=fields.SigSeedSubFilter.PADES
    )
    target = io.BytesIO()
    Careless(meta, signer=PdfSigner(*KEY)._signer, new_field_spec=fields.SigFieldSpec("CBTStation")).sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(unsigned())), output=target, bytes_reserved=16384
    )
    with pytest.raises(Tampered) as caught:
        check_pdf(target.getvalue(), TRUSTED)
    assert caught.value.code == "pdf-changed"


def test_an_attachment_added_after_signing_is_refused(signed: bytes) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    stored = embed.EmbeddedFileObject.from_file_data(writer, b"forged", mime_type="text/plain")
    embed.embed_file(writer, embed.FileSpec("score.note", "score.note", stored))
    target = io.BytesIO()
    writer.write(target)
    with pytest.raises(Tampered):
        check_pdf(target.getvalue(), TRUSTED)


@pytest.mark.parametrize("tail", [b"\n", b"%%EOF\n", b"\x00" * 64])
def test_bytes_behind_the_end_are_refused(signed: bytes, tail: bytes) -> None:
    with pytest.raises(Tampered):
        check_pdf(signed + tail, TRUSTED)


def test_content_of_another_paper_under_this_signature_is_refused(signed: bytes) -> None:
    other = sign_pdf(
        unsigned(), *KEY, {**ATTACHED, "score.note": b"cbt-station/score/v1 fest\n\xe2\x80\x94 x\n"}, NOW
    )
    start, end = signed.rindex(b"/Contents <"), signed.rindex(b"/Contents <") + 8200
    moved = other.replace(other[other.rindex(b"/Contents <") :][:8200], signed[start:end])
    with pytest.raises(Tampered):
        check_pdf(moved, TRUSTED)


@pytest.mark.parametrize("pair", [(b"", b""), (b"no PEM", KEY[1]), (KEY[0], b"no PEM"), (KEY[1], KEY[0])])
def test_a_key_that_is_none_is_a_refusal(pair: tuple[bytes, bytes]) -> None:
    with pytest.raises(Refusal) as caught:
        PdfSigner(*pair)
    assert caught.value.code == "certificate-malformed"
