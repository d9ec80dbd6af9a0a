"""Signed sheets with one lie in them, and whatever else is handed to the public's check."""

import io
from functools import cache
from typing import Any

import pytest
from reportlab.pdfgen.canvas import Canvas

from cbt_station.artefacts import names
from cbt_station.artefacts.files import sha256_hex
from cbt_station.artefacts.score import ScoreNote
from cbt_station.artefacts.signed import read, sign
from cbt_station.assembly.trust_list import sign_list
from cbt_station.sealing.notes import parse_note
from cbt_station.sealing.pades import certificate_sha256, new_pdf_key, sign_pdf
from cbt_station.sealing.trust import open_trust
from cbt_station.verify.anything import check_path_files
from cbt_station.verify.sheet import check_sheet
from tests.verify.honest import HEX, ONE, TWO, put, score, whole, without
from tests.world import (
    AFTER,
    SESSION,
    Log,
    moment,
    proctor,
    quorum,
    trust_body,
    world,
)


@cache
def page() -> bytes:
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(99, 99), invariant=1)
    canvas.showPage()
    canvas.save()
    return target.getvalue()


def sheet_problems(
    attached: dict[str, bytes], superseded: frozenset[str] | None = frozenset()
) -> dict[str, str]:
    certificate, key = new_pdf_key("Panitia", moment(AFTER))
    body = trust_body("official", pdf=(certificate_sha256(certificate),))
    trust = open_trust([sign_list(body, "official", *quorum("root"))], None)
    _, steps = check_sheet(sign_pdf(page(), certificate, key, attached, moment(AFTER)), trust, superseded)
    return {step.name: step.code for step in steps.done if step.verdict != "true" and not step.optional}


def attachments(**changes: bytes | None) -> dict[str, bytes]:
    one = ONE()
    kept = {
        "score.note": score(),
        "result.note": one.result,
        "start.note": one.start,
        "admit.note": one.admit,
    }
    given = {name.replace("_", "."): data for name, data in changes.items()}
    return {name: data for name, data in {**kept, **given}.items() if data is not None}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({}, {}, id="as it should be"),
        pytest.param({"score_note": None}, {"score": "evidence-missing"}, id="no score note"),
        pytest.param({"start_note": None}, {"result": "evidence-missing"}, id="no start note"),
        pytest.param({"score_note": b"x"}, {"score": "note-malformed"}, id="a score note that is none"),
        pytest.param(
            {"score_note": lambda: score(result=HEX)},
            {"result": "score-of-another-result"},
            id="another result's score",
        ),
        pytest.param(
            {"score_note": lambda: score(session="other")},
            {"result": "score-of-another-result"},
            id="a score of another session",
        ),
        pytest.param({"score_note": lambda: score(result=None, scores=None, verdict="TH")}, {}, id="absent"),
        pytest.param(
            {"result_note": lambda: TWO().result}, {"result": "result-of-another-sitting"}, id="two sittings"
        ),
        pytest.param(
            {"score_note": lambda: score(result=None)}, {"score": "malformed"}, id="scores out of no result"
        ),
        pytest.param({"score_note": lambda: score(scores=None)}, {"score": "malformed"}, id="no scores"),
        pytest.param({"score_note": lambda: score(scoring=0)}, {"score": "malformed"}, id="no such scoring"),
        pytest.param({"score_tlog-proof": b"x"}, {"logged": "proof-malformed"}, id="a proof that is none"),
    ],
)
def test_a_sheet_is_read_from_what_is_attached(changes: dict[str, Any], expected: dict[str, str]) -> None:
    made = {name: data() if callable(data) else data for name, data in changes.items()}
    assert sheet_problems(attachments(**made)) == expected


def test_a_superseded_sheet_is_refused() -> None:
    note_id = parse_note(score()).id
    assert sheet_problems(attachments(), frozenset({note_id})) == {"newest": "superseded"}
    certificate_unknown = check_sheet(
        sign_pdf(page(), *new_pdf_key("Lain", moment(AFTER)), attachments(), moment(AFTER)),
        world("official").trust,
    )[1]
    assert certificate_unknown.done[0].code == "pdf-certificate-unknown"


def test_a_page_with_other_numbers_is_true_as_a_paper_and_the_report_says_the_notes_numbers() -> None:
    """Who holds only the papers' key can print anything around a true note: what is told is the note's, never the page's."""
    certificate, key = new_pdf_key("Panitia", moment(AFTER))
    trust = open_trust(
        [
            sign_list(
                trust_body("official", pdf=(certificate_sha256(certificate),)), "official", *quorum("root")
            )
        ],
        None,
    )
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(200, 99), invariant=1)
    canvas.drawString(9, 50, "BUDI: total 550, P/L")
    canvas.showPage()
    canvas.save()
    forged = sign_pdf(target.getvalue(), certificate, key, attachments(), moment(AFTER))
    _, steps = check_sheet(forged, trust)
    assert steps.done[1].subject == "26-0001 SITI: total 15; P/L (score.note)"


def test_what_is_about_a_manifest_is_checked_with_the_session_at_hand() -> None:
    here = world("official")
    for name in (names.draw(SESSION), names.release(SESSION)):
        alone = check_path_files({name: here.files[name]}, here.trust)
        assert (alone.verdict, alone.done[0].code) == ("not-checkable", "evidence-missing")
        assert check_path_files({name: here.files[name]}, here.trust, here.files).verdict == "true"
    package = {names.package(SESSION): here.files[names.package(SESSION)]}
    assert check_path_files(package, here.trust).verdict == "not-checkable"
    assert check_path_files(package, here.trust, here.files).verdict == "true"
    package = {names.package(SESSION): b"x"}
    assert check_path_files(package, here.trust, here.files).verdict == "false"


def test_nothing_is_checkable_without_a_trust_list() -> None:
    here = world("official")
    assert check_path_files(here.files, None).verdict == "not-checkable"


def test_a_sealed_result_alone_is_named_by_its_hash() -> None:
    here, one = world("official"), ONE()
    name = names.tree_sealed(sha256_hex(one.sealed)).rpartition("/")[2]
    assert check_path_files({name: one.sealed}, here.trust).verdict == "true"
    assert check_path_files({name: one.sealed + b"x"}, here.trust).verdict == "not-checkable"


def test_a_superseded_sheet_is_refused_beside_the_note_that_supersedes_it() -> None:
    certificate, key = new_pdf_key("Panitia", moment(AFTER))
    body = trust_body("official", pdf=(certificate_sha256(certificate),))
    trust = open_trust([sign_list(body, "official", *quorum("root"))], None)
    newer = score(supersedes=parse_note(score()).id, scores="total 20")
    folder = put(
        {"lembar.pdf": sign_pdf(page(), certificate, key, attachments(), moment(AFTER))}, "score", newer
    )
    steps = check_path_files(folder, trust)
    assert {step.code for step in steps.done if step.verdict == "refused"} == {"superseded"}
    forged = sign(read(newer, ScoreNote).body, "official", proctor())
    steps = check_path_files(put(without(folder, "notes/"), "score", forged), trust)
    assert {step.name: step.code for step in steps.done if step.verdict != "true" and not step.optional} == {
        "note": "authority-missing"
    }


def test_a_note_of_another_kind_in_a_tree_is_not_true_by_its_name_alone() -> None:
    here = world("official")
    steps = check_path_files(
        put(whole(), "score", sign(read(score(), ScoreNote).body, "official", proctor())), here.trust
    )
    assert [step.code for step in steps.done if step.verdict == "false"] == ["authority-missing"]


def test_a_log_that_shows_two_trees_is_found_by_who_has_a_proof_of_each() -> None:
    here, mine, yours = world("official"), Log("official"), Log("official")
    one, two = parse_note(ONE().result).id, parse_note(TWO().result).id
    mine.add("result", one)
    yours.add("result", two)
    proofs = {names.tree_proof(one): mine.proof("result", one)}
    assert check_path_files(proofs, here.trust).verdict == "true"
    proofs[names.tree_proof(two)] = yours.proof("result", two)
    steps = check_path_files(proofs, here.trust)
    assert [(step.name, step.code) for step in steps.done if step.verdict == "false"] == [
        ("one-log", "log-forked")
    ]
    mine.add("result", two)
    proofs[names.tree_proof(two)] = mine.proof("result", two)
    assert check_path_files(proofs, here.trust).verdict == "true"
