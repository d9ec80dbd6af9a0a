"""`demo` keeps what it promises: one whole session on this machine, whose sheets a stranger finds true.

What the single rooms do is tested there; here that the demo calls them in the right order, stays in its folder, can be
played again, and says so when something is false.
"""

import subprocess
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from cbt_station.artefacts import names
from cbt_station.artefacts.result import ResultNote, slip_code
from cbt_station.artefacts.signed import read
from cbt_station.rehearsal.afterwards import verify_all
from cbt_station.sealing import proof
from cbt_station.sealing.notes import parse_note
from tests.rehearsal.playing import Played, play

SHORT = ("--short", "--candidates", 2)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    return play(tmp_path_factory.mktemp("demo"), *SHORT)


def results(played: Played) -> dict[str, ResultNote]:
    """The result notes on the stick by id."""
    return {
        parse_note(raw).id: read(raw, ResultNote).body
        for name, raw in played.notes.items()
        if name.startswith("notes/result-")
    }


def test_every_sheet_is_true_for_a_stranger(played: Played) -> None:
    assert played.code == 0, played.said
    assert len(played.sheets) == 2
    for sheet in played.sheets:
        steps = played.verify(sheet)
        assert steps.verdict == "true"
        assert [step.verdict for step in steps.done if step.name == "logged"] == ["true", "true"]
    assert (played.told["verified"], played.told["not_true"]) == (4, [])  # session, stick and two sheets


def test_nothing_is_written_but_under_its_folder(played: Played) -> None:
    assert played.around == ()


def test_every_answer_reached_the_second_place(played: Played) -> None:
    assert {note.level for note in results(played).values()} == {"second"}
    assert {folder.name for folder in (played.folder / "sticks").iterdir()} == {"A-01", "A-02"}
    assert all(any(folder.iterdir()) for folder in (played.folder / "sticks").iterdir())


@pytest.mark.parametrize(
    "name", ["locked", "check-in", "confirm", "practice", "rules", "question-tiu", "review", "finish", "sealed", "score"]
)  # fmt: skip
def test_a_picture_of_every_page_shows_something(played: Played, name: str) -> None:
    with Image.open(played.folder / "pictures" / f"{name}.png") as picture:
        assert picture.size == (1366, 768)
        greys = picture.convert("L").histogram()
    assert sum(count > 20 for count in greys) > 30  # text and lines, not one plain ground


def test_a_scanner_reads_the_score_note_from_a_sheet_at_150_dpi(played: Played, tmp_path: Path) -> None:
    for sheet in played.sheets:
        drawn = tmp_path / sheet.stem
        subprocess.run(["pdftoppm", "-r", "150", "-png", "-singlefile", sheet, drawn], check=True)
        with Image.open(drawn.with_suffix(".png")) as page:
            codes = zxingcpp.read_barcodes(page)
        notes = {path.read_bytes() for path in (played.folder / "results" / "notes").iterdir()}
        assert [code.bytes in notes for code in codes] == [True]


def test_the_story_says_what_the_evidence_says(played: Played) -> None:
    story = played.told["first"]
    note = results(played)[story["result"]]
    assert (story["events"], story["head"], story["sealed"]) == (note.size, note.root, note.sealed)
    assert story["slip"] == slip_code(story["result"])
    sealed = played.folder / "stick" / names.tree_sealed(note.sealed)
    assert story["sealed_size"] == sealed.stat().st_size
    receipt = proof.parse((played.folder / "stick" / names.tree_proof(story["result"])).read_bytes())
    assert story["log_index"] == receipt.index < story["log_size"]
    assert Path(story["sheet"]) == played.sheets[0]
    for fact in (story["slip"], story["head"][:16], story["sealed"][:16], story["sheet"], story["data"]):
        assert fact in played.said


def test_the_line_that_checks_it_can_be_pasted_as_it_was_printed(played: Played, tmp_path: Path) -> None:
    line = next(line for line in played.said.splitlines() if " verify " in line)
    done = subprocess.run(["sh", "-c", line], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, "verdict: true" in done.stdout) == (0, True), done.stderr
    assert "TRUE: everything" in done.stderr  # in the language in which it was told


def test_a_person_reads_it_in_indonesian_and_sees_no_key_for_a_sentence(tmp_path: Path) -> None:
    played = play(tmp_path, "--short", "--candidates", 1, lang="id")
    assert "Apa yang terjadi dengan jawaban SITI RAHMAWATI" in played.said
    assert "demo." not in played.said.replace("demo.example", "")
    assert "story." not in played.said


def test_a_folder_that_holds_something_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "letter.txt").write_text("mine")
    played = play(tmp_path, *SHORT)
    assert (played.code, played.told["code"]) == (1, "folder-not-empty")
    assert [path.name for path in played.folder.iterdir()] == ["letter.txt"]


def test_the_same_seed_gives_the_same_people_forms_answers_and_scores(played: Played, tmp_path: Path) -> None:
    again, other = play(tmp_path / "again", *SHORT), play(tmp_path / "other", *SHORT, "--seed", 2)

    def kept(one: Played) -> tuple[object, ...]:
        forms = {note.commitment: note.form for note in results(one).values()}
        table = (one.folder / "results" / "gladi-1-ranking.csv").read_text().splitlines()
        ranking = [line.rpartition(",")[0] for line in table]  # the last column is the result's id
        code = [line for line in one.said.splitlines() if "jkt-07:" in line]
        return forms, ranking, code, one.told["first"]["answered"], one.told["first"]["total"]

    assert kept(again) == kept(played)
    assert all(mine != theirs for mine, theirs in zip(kept(played)[:3], kept(other)[:3], strict=True))
    assert not results(again).keys() & results(played).keys()  # times, salts and keys of a sitting are new


def test_a_changed_byte_in_a_sheet_is_named(played: Played, tmp_path: Path) -> None:
    good, bad = played.sheets[0], tmp_path / played.sheets[1].name
    changed = bytearray(played.sheets[1].read_bytes())
    changed[len(changed) // 2] ^= 1
    bad.write_bytes(changed)
    session, stick = played.folder / "session", played.folder / "stick"
    true, not_true = verify_all(played.trust, session, stick, [good, bad], lambda: None)
    assert (true, not_true) == (3, (bad.name,))


def test_a_demo_whose_sheet_is_false_leaves_with_3_and_names_it(tmp_path: Path) -> None:
    breaks = """
from cbt_station.rehearsal import afterwards
def write(path, data, real=afterwards.write_durably):
    middle = len(data) // 2
    real(path, data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1:] if path.suffix == '.pdf' else data)
afterwards.write_durably = write
"""
    played = play(tmp_path, "--short", "--candidates", 1, begin=breaks)
    assert played.code == 3, played.said
    assert played.told["not_true"] == [played.sheets[0].name]
    assert f"NOT TRUE: {played.sheets[0].name}" in played.said
