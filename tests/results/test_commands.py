"""`results …` as people run it: a folder of files, key files, exit codes and the last line as JSON.

What the commands call is tested beside this page; here only that they call it, and with which exit code they leave.
"""

import json
from pathlib import Path

import pytest

from cbt_station.artefacts import names
from cbt_station.artefacts.key_file import Keys, write_key_file
from cbt_station.cli.app import run
from cbt_station.sealing import keyfile
from cbt_station.verify.session import check_session
from tests.results.small_results import COMMITTEE, ORG, PDF, RESULTS, SCORE, SESSION, World

PASSPHRASE = "delapan huruf"


@pytest.fixture
def folders(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """session/, committee/, tree/ and keys/, as a committee has them."""
    monkeypatch.setenv("CBT_PASSPHRASE", PASSPHRASE)
    for name, files in (("session", world.session), ("committee", world.committee), ("tree", world.tree)):
        for file, data in files.items():
            (tmp_path / name / file).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name / file).write_bytes(data)
    keys = {
        "results": Keys("results", f"{ORG}/results/a", None, RESULTS),
        "score": Keys("score", SCORE.name, SCORE),
        **{f"committee-{at}": Keys("committee", one.name, one) for at, one in enumerate(COMMITTEE)},
    }
    (tmp_path / "keys").mkdir()
    for name, one in keys.items():
        (tmp_path / "keys" / f"{name}.key").write_bytes(write_key_file(one, PASSPHRASE, log_n=8))
    (tmp_path / "keys" / "pdf.pem").write_bytes(PDF[0])
    (tmp_path / "keys" / "pdf.key").write_bytes(keyfile.lock(PDF[1].decode(), PASSPHRASE, 8))
    return tmp_path


def results(
    folders: Path, capsys: pytest.CaptureFixture[str], what: str, *more: str, tree: bool = True
) -> tuple[int, dict[str, object]]:
    """The exit code and the last line."""
    arguments = ["results", what, *([str(folders / "tree")] if tree else []), *more]
    arguments += ["--session", str(folders / "session"), "--committee", str(folders / "committee"), "--json"]
    with pytest.raises(SystemExit) as caught:
        run(arguments)
    lines = capsys.readouterr().out.splitlines()
    return int(caught.value.code or 0), json.loads(lines[-1]) if lines else {}


def test_open_rank_and_sheets_from_evidence_to_paper(
    folders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key, out = str(folders / "keys" / "results.key"), folders / "out"
    code, said = results(folders, capsys, "open", "--key", key, "--out", str(out))
    assert (code, said["results"], said["candidates"], said["problems"]) == (0, 6, 8, 0)
    assert json.loads((out / "opened.json").read_text())["session"] == SESSION
    code, said = results(folders, capsys, "rank", "--key", key, "--out", str(out))
    assert (code, said["counts"]) == (0, {"P": 2, "P/L": 3, "TH": 1, "TL": 1, "TS": 1})
    assert (out / "ranking.xlsx").is_file()
    keys = ["--results-key", key, "--key", str(folders / "keys" / "score.key")]
    keys += ["--pdf-key", str(folders / "keys" / "pdf.key"), "--out", str(folders / "sheets")]
    code, said = results(folders, capsys, "sheets", *keys, "--issuer", "Badan Contoh Negara")
    assert (code, len(said["sheets"]), len(said["new_notes"])) == (0, 8, 8)  # type: ignore[arg-type]
    code, said = results(folders, capsys, "sheets", *keys)
    assert (code, len(said["sheets"]), said["new_notes"]) == (0, 8, [])  # type: ignore[arg-type]


def test_what_is_false_leaves_with_3_and_ranks_only_when_told_so(
    folders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sealed = next((folders / "tree" / "sealed").iterdir())
    sealed.write_bytes(sealed.read_bytes()[:-1])
    key, out = str(folders / "keys" / "results.key"), str(folders / "out")
    code, said = results(folders, capsys, "open", "--key", key, "--out", out)
    assert (code, said["kind"], said["code"]) == (3, "tampered", "results-tampered")
    assert (folders / "out" / "opened.json").is_file()
    code, said = results(folders, capsys, "rank", "--key", key, "--out", out)
    assert (code, said["code"]) == (1, "results-problems")
    code, said = results(folders, capsys, "rank", "--key", key, "--out", out, "--provisional")
    assert (code, said["provisional"]) == (0, True)


def test_a_decision_is_signed_into_the_committees_folder(
    folders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    draft = folders / "decision.toml"
    draft.write_text('what = "disqualify"\nwhy = "joki"\nnumber = "24-0001"\n')
    key = [str(folders / "keys" / f"committee-{at}.key") for at in (0, 1)]
    more = [
        str(draft),
        "--tree",
        str(folders / "tree"),
        "--results-key",
        str(folders / "keys" / "results.key"),
    ]
    more += ["--key", key[0], "--key", key[1]]
    code, said = results(folders, capsys, "decide", *more, tree=False)
    assert code == 0
    assert {"number": "24-0001", "before": "P/L", "after": "DIS"} in said["changes"]  # type: ignore[operator]
    assert (folders / "committee" / names.decision(SESSION, 1)).is_file()
    draft.write_text('what = "burn"\nwhy = "x"\n')
    code, said = results(folders, capsys, "decide", *more, tree=False)
    assert (code, said["code"]) == (1, "draft-malformed")


def test_the_reveal_lets_anybody_rebuild_every_form(
    folders: Path, capsys: pytest.CaptureFixture[str], world: World
) -> None:
    more = ["--results-key", str(folders / "keys" / "results.key")]
    for at in (0, 1):
        more += ["--key", str(folders / "keys" / f"committee-{at}.key")]
    code, _ = results(folders, capsys, "reveal", *more)
    assert code == 0
    published = {path.name: path.read_bytes() for path in (folders / "session").iterdir()}
    checked, steps = check_session(published, world.trust)
    steps.require_none_false()
    assert checked is not None
    assert checked.reveal is not None
    assert checked.pool is not None
