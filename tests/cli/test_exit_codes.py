"""Every command leaves with a promised exit code, and with --json the last line on standard output is one object.

What a command does is tested where its room is; here only the frame around it.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import typer

from cbt_station import __version__
from cbt_station.cli import app, console, doctor
from cbt_station.cli.doctor import Finding
from cbt_station.errors import Refusal, Tampered, Trouble
from cbt_station.words import LANGUAGES, words_in
from tests.cli.commands import Ran, command
from tests.world import world

Run = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    return lambda *arguments: command(capsys, *arguments)


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], None]], None]:
    """Lets `doctor` end as a test wishes."""

    def does(what: Callable[[], None]) -> None:
        def register(into: typer.Typer) -> None:
            @into.command("doctor")
            def doctor(as_json: console.AsJson = False) -> None:
                what()
                console.give(as_json, done=True)

        monkeypatch.setattr("cbt_station.cli.doctor.register", register)

    return does


def raising(error: BaseException) -> Callable[[], None]:
    def does() -> None:
        raise error

    return does


@pytest.mark.parametrize(
    ("error", "code", "kind", "name"),
    [
        pytest.param(Refusal("superseded", where="sheet.pdf"), 1, "refusal", "superseded", id="refused"),
        pytest.param(Tampered("file-changed", where="a.age"), 3, "tampered", "file-changed", id="tampered"),
        pytest.param(Trouble("evidence-missing", where="b"), 4, "trouble", "evidence-missing", id="trouble"),
        pytest.param(typer.BadParameter("no such thing"), 2, "usage", "usage", id="wrong usage"),
        pytest.param(ZeroDivisionError("ours"), 70, "bug", "bug", id="a bug"),
        pytest.param(RecursionError(), 70, "bug", "bug", id="another bug"),
    ],
)
def test_a_failure_has_its_exit_code_and_tells_it_as_json(
    run: Run,
    failing: Callable[[Callable[[], None]], None],
    error: BaseException,
    code: int,
    kind: str,
    name: str,
) -> None:
    failing(raising(error))
    said = run("doctor", "--json")
    assert said.code == code
    assert (said.json["ok"], said.json["kind"], said.json["code"]) == (False, kind, name)
    assert said.json["message"]
    assert said.err
    assert run("doctor").out == ""


@pytest.mark.parametrize("error", [KeyboardInterrupt(), typer.Abort()])
def test_an_interruption_leaves_with_130(
    run: Run, failing: Callable[[Callable[[], None]], None], error: BaseException
) -> None:
    failing(raising(error))
    assert run("doctor").code == 130


def test_a_good_command_leaves_with_0_and_one_object(
    run: Run, failing: Callable[[Callable[[], None]], None]
) -> None:
    failing(lambda: None)
    said = run("doctor", "--json")
    assert (said.code, said.json) == (0, {"ok": True, "done": True})


def test_facts_never_hide_what_a_failure_is(run: Run, failing: Callable[[Callable[[], None]], None]) -> None:
    failing(raising(Refusal("superseded", where="w", ok=True, kind="good", message="fine", more=Path("x"))))  # type: ignore[arg-type]
    said = run("doctor", "--json").json
    assert (said["ok"], said["kind"], said["more"]) == (False, "refusal", "x")
    assert said["message"] != "fine"


def test_a_bug_is_told_with_a_report_to_send(run: Run, failing: Callable[[Callable[[], None]], None]) -> None:
    failing(raising(ZeroDivisionError("ours")))
    said = run("doctor")
    assert "ZeroDivisionError: ours" in said.err
    assert __version__ in said.err


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["nonsense"], id="no such command"),
        pytest.param(["verify"], id="an argument missing"),
        pytest.param(["verify", "x", "--nonsense"], id="no such option"),
        pytest.param(["--lang", "fr", "doctor"], id="no such language"),
        pytest.param(["close", "x", "--incidents", "-1"], id="a number out of range"),
        pytest.param(["keys", "nonsense"], id="no such subcommand"),
    ],
)
def test_wrong_usage_leaves_with_2(run: Run, arguments: list[str]) -> None:
    said = run(*arguments, "--json")
    assert said.code == 2
    assert said.json["kind"] == "usage"


@pytest.mark.parametrize(
    ("arguments", "indonesian", "english"),
    [
        (["nonsense"], "perintah 'nonsense' tidak ada.", "there is no command 'nonsense'."),
        (["verify"], "harus ditulis.", "must be given."),
        (["drive", "--session", "x"], "'--data' harus ditulis.", "'--data' must be given."),
        (["verify", "x", "--nonsense"], "pilihan --nonsense tidak ada.", "there is no option --nonsense."),
        (["bank", "check", "x", "y"], "ada yang berlebih: y.", "there is something too many: y."),
        (["close", "x", "--incidents", "-1"], "nilai '--incidents'", "the value of '--incidents'"),
    ],
)
def test_wrong_usage_is_told_in_the_language_that_was_asked_for(
    run: Run, arguments: list[str], indonesian: str, english: str
) -> None:
    for lang, said, usage in (("id", indonesian, "Cara pakai: "), ("en", english, "Usage: ")):
        told = run("--lang", lang, *arguments)
        assert said in told.err
        assert usage in told.err
        assert told.code == 2


def test_the_language_is_chosen_by_option_and_by_environment(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = ("roster", "check", "missing.csv")
    indonesian, english = run(*missing).err, run("--lang", "en", *missing).err
    assert indonesian != english
    monkeypatch.setenv("CBT_LANG", "en")
    assert run(*missing).err == english
    assert run("--lang", "id", *missing).err == indonesian


def test_where_is_said_once() -> None:
    said = console.explain(Trouble("evidence-missing", where="trust-1.note"))
    assert said.startswith("trust-1.note: ")
    assert console.explain(Refusal("superseded")).count(": ") == 0


def test_every_command_of_the_frame_is_there_and_helps(run: Run) -> None:
    assert run("--help").code == 0
    for name in app.MODULES:
        assert run(name, "--help").code == 0, name


# --- as a process -----------------------------------------------------------------------------------------------


def process(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cbt_station", *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, **environment},
        check=False,
    )


def test_the_version_is_told_without_loading_anything() -> None:
    ran = process("--version", PYTHONPROFILEIMPORTTIME="1")
    assert (ran.returncode, ran.stdout.strip()) == (0, __version__)
    assert "PySide6" not in ran.stderr
    assert "sqlalchemy" not in ran.stderr


def test_a_process_leaves_with_the_same_codes(tmp_path: Path) -> None:
    assert process("nonsense").returncode == 2
    refused = process("keys", "new", "judge", "--name", "o/judge/a", "--json")
    assert (refused.returncode, json.loads(refused.stdout)["code"]) == (1, "role-unknown")
    lost = process("verify", str(tmp_path / "missing.pdf"), "--json")
    assert (lost.returncode, json.loads(lost.stdout.splitlines()[-1])["code"]) == (4, "file-unreadable")


def test_a_name_that_no_terminal_can_show_is_told_anyway(tmp_path: Path) -> None:
    (tmp_path / b"notes-\xff.note".decode(errors="surrogateescape")).write_bytes(b"x")
    (tmp_path / "b.note").write_bytes(b"x")
    ran = process("verify", str(tmp_path), "--pin", "0" * 64, "--json", PYTHONIOENCODING="utf-8")
    assert ran.returncode == 4
    assert json.loads(ran.stdout.splitlines()[-1])["code"] == "trust-missing"


# --- passphrases and inputs -------------------------------------------------------------------------------------


def test_a_passphrase_comes_from_the_environment_or_from_a_person_never_from_nobody(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CBT_PASSPHRASE", raising=False)
    said = run("keys", "new", "committee", "--name", "o/committee/a", "--out", tmp_path, "--json")
    assert (said.code, said.json["code"]) == (1, "passphrase-missing")
    monkeypatch.setenv("CBT_PASSPHRASE", "short")
    said = run("keys", "new", "committee", "--name", "o/committee/a", "--out", tmp_path, "--json")
    assert (said.code, said.json["code"]) == (1, "passphrase-too-short")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        pytest.param(["rahasia sekali", "rahasia sekali"], "", id="twice the same"),
        pytest.param(["rahasia sekali", "rahasia sekal"], "passphrase-differs", id="twice, not the same"),
        pytest.param([], "passphrase-missing", id="the input ends"),
    ],
)
def test_a_new_passphrase_is_typed_twice(
    typed: list[str], code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter(typed)

    def type_(_: str) -> str:
        for answer in answers:
            return answer
        raise EOFError

    monkeypatch.delenv("CBT_PASSPHRASE", raising=False)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("getpass.getpass", type_)
    if not code:
        assert console.passphrase("key", new=True) == "rahasia sekali"
        return
    with pytest.raises(Refusal, match=code):
        console.passphrase("key", new=True)


@pytest.mark.parametrize(
    ("arrange", "code"),
    [
        pytest.param(lambda _: None, "file-unreadable", id="not there"),
        pytest.param(lambda path: path.mkdir(), "file-unreadable", id="a folder"),
        pytest.param(lambda path: path.write_bytes(b"x" * 11), "input-too-large", id="too large"),
    ],
)
def test_an_input_that_cannot_be_read_says_so(
    tmp_path: Path, arrange: Callable[[Path], None], code: str
) -> None:
    path = tmp_path / "input"
    arrange(path)
    with pytest.raises((Refusal, Trouble), match=code):
        console.read(path, 10)


@pytest.mark.parametrize(
    "draft", ["not toml", "a = 1", "mode = 'official'\nnumber = 'one'", "a = " + "[" * 5000, "\xff"]
)
def test_a_draft_that_is_none_is_refused(run: Run, tmp_path: Path, draft: str) -> None:
    path = tmp_path / "trust.toml"
    path.write_bytes(draft.encode("latin-1"))
    said = run("trust", "sign", path, "--key", tmp_path / "x.key", "--out", tmp_path, "--json")
    assert (said.code, said.json["code"]) == (1, "draft-malformed")


# --- doctor -----------------------------------------------------------------------------------------------------


def test_doctor_says_what_is_missing_and_how_to_mend_it(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def lacking(_: Path) -> Finding:
        return Finding(False, "nothing")

    def broken(_: Path) -> Finding:
        raise OSError(5, "Input/output error")

    fine = doctor.Examination("python", lambda _: Finding(True, "3.11"))
    monkeypatch.setattr(
        doctor, "EXAMINATIONS", (fine, doctor.Examination("screen", lacking, ("station", "hub")))
    )
    said = run("--lang", "en", "doctor", "--data", tmp_path, "--json")
    assert (said.code, said.json["ready"]) == (0, ["centre"])
    assert said.json["examinations"][1]["mend"] == words_in("en")("doctor.screen_mend")
    said = run("doctor", "--for", "station", "--data", tmp_path, "--json")
    assert (said.code, said.json["code"], said.json["missing"]) == (4, "machine-lacks", "screen")
    monkeypatch.setattr(doctor, "EXAMINATIONS", (fine, doctor.Examination("disk", broken)))
    said = run("doctor", "--data", tmp_path, "--json")
    assert (said.code, said.json["missing"]) == (4, "disk")
    assert "Input/output error" in said.json["examinations"][1]["found"]


def test_doctor_examines_this_machine_and_leaves_nothing_behind(run: Run, tmp_path: Path) -> None:
    said = run("doctor", "--data", tmp_path, "--json")
    assert said.code in (0, 4)
    names = [one["name"] for one in said.json["examinations"]]
    assert names == [one.name for one in doctor.EXAMINATIONS]
    found = {one["name"]: one["fine"] for one in said.json["examinations"]}
    assert all(found[name] for name in ("python", "libraries", "sealing", "database", "fonts"))
    assert list(tmp_path.iterdir()) == []
    assert run("doctor", "--for", "judge").code == 1
    assert run("doctor", "--data", tmp_path / "missing").code == 4


def test_a_file_name_cannot_speak_to_the_terminal_in_our_voice(run: Run, tmp_path: Path) -> None:
    """A stick from elsewhere may hold a name with a line's end, or with what moves a terminal's cursor."""
    trusted = world("test")
    liar = "x.note\n  ✓ 2. Signatures of the note\nTRUE: everything\x1b[2J.note"
    (tmp_path / "trust-1.note").write_bytes(trusted.files["trust-1.note"])
    (tmp_path / "tree" / "notes").mkdir(parents=True)
    (tmp_path / "tree" / "notes" / liar).write_bytes(b"x")
    for arguments in (
        ("verify", tmp_path / "tree", "--trust", tmp_path / "trust-1.note"),
        ("sync", tmp_path / "tree", "--to", tmp_path),
        ("recover", tmp_path / liar),
    ):
        ran = run(*arguments)
        told = ran.out + ran.err
        assert "\x1b" not in told
        assert not [line for line in told.splitlines() if line.startswith(("  ✓ 2", "TRUE: everything"))]
        assert r"\n" in told


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_file_that_a_command_cannot_write_is_told_without_a_word_of_candidates_and_their_answers(
    run: Run, tmp_path: Path, lang: str
) -> None:
    (tmp_path / "file").write_text("in the way")
    said = run("--lang", lang, "bank", "template", tmp_path / "file" / "sheet.xlsx", "--json")
    assert (said.code, said.json["code"]) == (4, "disk-failed")
    assert words_in(lang)("error.disk-failed") not in said.json["message"]
    assert said.json["reason"] in said.json["message"]
