"""`results timeline`, `results timing`, `results prove`, and `verify` on what they wrote, as people run them."""

import json
from pathlib import Path

import pytest

from cbt_station.artefacts import names
from cbt_station.artefacts.key_file import write_key_file
from tests.cli.commands import Ran, command
from tests.results.rich_sitting import rich_sitting
from tests.world import ORG, SESSION, keys, sit, world

PASSPHRASE = "delapan huruf"
HERE = world("official")


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """session/, committee/, tree/ with one rich sitting, and the results key."""
    monkeypatch.setenv("CBT_PASSPHRASE", PASSPHRASE)
    tree = rich_sitting().tree()
    for name, files in (("session", HERE.files), ("committee", HERE.sealed.committee), ("tree", tree)):
        for file, data in files.items():
            (tmp_path / name / file).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name / file).write_bytes(data)
    (tmp_path / "results.key").write_bytes(write_key_file(keys()[f"{ORG}/results/1"], PASSPHRASE, log_n=8))
    return tmp_path


def results(capsys: pytest.CaptureFixture[str], at: Path, what: str, *more: object) -> Ran:
    places = ["--session", at / "session", "--committee", at / "committee", "--key", at / "results.key"]
    return command(
        capsys, "--lang", "en", "results", what, at / "tree", *places, "--out", at / "out", "--json", *more
    )


def verify(capsys: pytest.CaptureFixture[str], at: Path, path: Path) -> Ran:
    return command(capsys, "verify", path, "--trust", at / "session" / names.trust(1), "--json")


def test_a_timeline_is_a_text_and_a_paper(capsys: pytest.CaptureFixture[str], folders: Path) -> None:
    ran = results(capsys, folders, "timeline", "--number", "26-0001")
    assert ran.code == 0, ran.err
    text, paper = (Path(one) for one in ran.json["files"])
    assert "Program stopped for 42 s" in text.read_text()
    assert paper.read_bytes().startswith(b"%PDF")
    again = results(capsys, folders, "timeline", "--number", "26-0001")
    assert again.json == ran.json
    refused = results(capsys, folders, "timeline", "--number", "26-0003")
    assert (refused.code, refused.json["code"]) == (1, "number-without-result")


@pytest.mark.parametrize("one", [[], ["--number", "26-0001"]], ids=["everybody", "one candidate"])
def test_times_are_a_table_and_a_document(
    capsys: pytest.CaptureFixture[str], folders: Path, one: list[str]
) -> None:
    ran = results(capsys, folders, "timing", *one)
    assert (ran.code, ran.json["sittings"]) == (0, 1)
    assert len((folders / "out" / "timing.csv").read_bytes().splitlines()) == 6
    assert json.loads((folders / "out" / "timing.json").read_text())["session"] == SESSION


def test_an_answer_is_proven_and_verify_says_true_of_it_alone(
    capsys: pytest.CaptureFixture[str], folders: Path
) -> None:
    item = HERE.form("26-0001").items[0].item
    ran = results(capsys, folders, "prove", "--number", "26-0001", "--item", item)
    assert ran.code == 0, ran.err
    assert json.loads(ran.json["line"])["answer"] == "b"
    proof, out = Path(ran.json["proof"]), folders / "out"
    assert sorted(path.suffix for path in out.rglob("*") if path.is_file()) == [
        ".answer-proof",
        *[".note"] * 3,
    ]
    told = verify(capsys, folders, out)
    assert (told.code, told.json["verdict"]) == (0, "true")
    assert f"{item} = b" in told.err
    assert verify(capsys, folders, proof).code == 4
    proof.write_text(proof.read_text().replace('\\"answer\\":\\"b\\"', '\\"answer\\":\\"c\\"'))
    assert verify(capsys, folders, out).code == 3


def test_a_line_is_proven_by_its_number_and_wrong_wishes_are_refused(
    capsys: pytest.CaptureFixture[str], folders: Path
) -> None:
    ran = results(capsys, folders, "prove", "--number", "26-0001", "--seq", 6)
    assert json.loads(ran.json["line"])["t"] == "acted"
    assert verify(capsys, folders, folders / "out").code == 0
    for more, code in ((["--seq", 99], "journal-line-unknown"), (["--item", "x"], "item-not-answered")):
        refused = results(capsys, folders, "prove", "--number", "26-0001", *more)
        assert (refused.code, refused.json["code"]) == (1, code)
    assert results(capsys, folders, "prove", "--number", "26-0001").code == 2
    assert results(capsys, folders, "prove", "--number", "26-0001", "--seq", 1, "--item", "x").code == 2


def test_of_two_results_one_has_to_be_named(capsys: pytest.CaptureFixture[str], folders: Path) -> None:
    twin = sit(HERE)
    for name, data in twin.tree().items():
        (folders / "tree" / name).write_bytes(data)
    refused = results(capsys, folders, "prove", "--number", "26-0001", "--seq", 1)
    assert (refused.code, refused.json["code"]) == (1, "result-not-one")
    named = refused.json["results"].split(", ")
    assert len(named) == 2
    ran = results(capsys, folders, "prove", "--number", "26-0001", "--seq", 1, "--result", named[1])
    assert (ran.code, ran.json["result"]) == (0, named[1])
