"""The whole ceremony in files, as people do it with the commands: keys, cards, trust list, sealing, draw, release, verify.

Only the cost of passphrases is small here. What the rooms beneath refuse is in tests/assembly and tests/artefacts.
"""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cbt_station.artefacts import key_file, names
from cbt_station.assembly import session as sealing_session
from tests.cli.commands import Ran, command
from tests.world import Log, keys, sat, tree_of, world
from tests.world import closing_note as closing_of

ORG = "cbt.example"
PASSPHRASE = "empat kata yang mudah"
BANK = Path(__file__).resolve().parents[2] / "question_banks" / "general-en"
BLUEPRINT = BANK / "blueprints" / "general-short.yaml"
DRAW = "9d4f1c0a7e5b3d2f8a6c4e2b0d9f7a5c"
Run = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("CBT_PASSPHRASE", PASSPHRASE)
    monkeypatch.setitem(key_file.write_key_file.__kwdefaults__, "log_n", 10)
    monkeypatch.setitem(sealing_session.seal_session.__kwdefaults__, "log_n", 10)
    return lambda *arguments: command(capsys, *arguments)


HOLDERS = [
    ("root", "root/a"), ("root", "root/b"), ("committee", "committee/a"), ("committee", "committee/b"),
    ("release", "release/a"), ("release", "release/b"), ("venue", "venue/jkt-07"), ("results", "results/1"),
]  # fmt: skip


def key(folder: Path, name: str, suffix: str = ".key") -> Path:
    return folder / "keys" / f"{ORG}_{name.replace('/', '_')}{suffix}"


def make_keys(run: Run, folder: Path) -> None:
    for role, name in HOLDERS:
        assert run("keys", "new", role, "--name", f"{ORG}/{name}", "--out", folder / "keys").code == 0


def write_draft(folder: Path, number: int = 1, **changes: str) -> Path:
    publics = ", ".join(f'"keys/{key(folder, name, ".pub").name}"' for _, name in HOLDERS)
    lines = {
        "mode": '"test"',
        "number": str(number),
        "issued": '"2026-11-01T00:00:00+07:00"',
        "expires": '"2027-11-01T00:00:00+07:00"',
        "log_origin": f'"{names.log_origin("test", ORG)}"',
        "quorums": "{root = 2, committee = 2, release = 2}",
        "keys": f"[{publics}]",
        **changes,
    }
    draft = folder / f"trust-{number}.toml"
    draft.write_text("".join(f"{name} = {value}\n" for name, value in lines.items()))
    return draft


def two(folder: Path, role: str, who: str = "ab") -> list[object]:
    return [part for one in who for part in ("--key", key(folder, f"{role}/{one}"))]


def sign_trust(run: Run, folder: Path, number: int = 1, **changes: str) -> Ran:
    (folder / "trust").mkdir(exist_ok=True)
    draft = write_draft(folder, number, **changes)
    return run("trust", "sign", draft, *two(folder, "root"), "--out", folder / "trust", "--json")


def write_plan(folder: Path) -> Path:
    plan = folder / "session.toml"
    plan.write_text(
        'session = "umum-2026-1"\nopens = "2026-12-01T08:00:00+07:00"\ncloses = "2026-12-01T10:00:00+07:00"\n'
        'coming_draw = "drand quicknet 5000000"\nspare = 1\n\n[venues]\njkt-07 = "Jakarta"\n\n'
        '[[positions]]\nid = "analis-01"\ntitle = "Analis"\nquota = 2\n'
    )
    return plan


def write_roster(folder: Path, **changes: str) -> Path:
    row = {
        "number": "26-0001", "name": "SITI RAHMAWATI", "birth_date": "1999-04-21", "category": "general",
        "position": "analis-01", "venue": "jkt-07", **changes,
    }  # fmt: skip
    sheet = folder / "roster.csv"
    sheet.write_text(",".join(row) + "\n" + ",".join(row.values()) + "\n")
    return sheet


def seal(run: Run, folder: Path, **changes: str) -> Ran:
    return run(
        "seal", write_plan(folder), "--bank", BANK, "--blueprint", BLUEPRINT, "--roster", write_roster(folder, **changes),
        "--trust", folder / "trust", *two(folder, "committee", "ba"), "--out", folder / "out", "--json",
    )  # fmt: skip


def test_from_keys_to_codes(run: Run, tmp_path: Path) -> None:
    make_keys(run, tmp_path)
    signed = sign_trust(run, tmp_path)
    assert (signed.code, signed.json["trust"]) == (0, "trust-1.note")
    sealed = seal(run, tmp_path)
    assert sealed.code == 0, sealed.err
    session, officers = tmp_path / "out" / "session", tmp_path / "out" / "officers"
    assert (officers / "card-1.txt").stat().st_mode & 0o077 == 0
    # Nothing can be verified without a trust list that the reader brings.
    assert run("verify", session).code == 4
    pinned = ("--pin", signed.json["id"])
    assert run("verify", session, *pinned).code == 0
    assert run("verify", session, "--pin", "0" * 64).code == 3
    # The draw, once.
    draw = ("draw", "--session", session, "--value", DRAW.upper(), *two(tmp_path, "committee"), "--json")
    assert run(*draw).json["draw"] == "draw-umum-2026-1.note"
    again = run(*draw)
    assert (again.code, again.json["code"]) == (1, "draw-done")
    # The release; then the same codes again, from other cards.
    release = ["release", "--session", session, *two(tmp_path, "release"), "--json"]
    first = run(*release, "--card", officers / "card-1.txt", "--card", officers / "card-2.txt")
    codes = first.json["codes"]
    assert [one["venue"] for one in codes] == ["jkt-07"]
    assert (
        run(*release, "--card", officers / "card-3.txt", "--card", officers / "card-1.txt").json["codes"]
        == codes
    )
    for path in session.iterdir():
        assert codes[0]["start"].replace("-", "").encode() not in path.read_bytes().replace(b"-", b"")
    verdict = run("verify", session, "--trust", tmp_path / "trust" / "trust-1.note", "--json")
    assert (verdict.code, verdict.json["verdict"], verdict.json["trust"]) == (0, "true", signed.json["id"])
    # A changed byte.
    path = session / "exam-umum-2026-1.age"
    path.write_bytes(path.read_bytes()[:-1] + b"\0")
    assert run("verify", session, *pinned).code == 3


def test_a_release_needs_its_own_cards_and_known_venues(run: Run, tmp_path: Path) -> None:
    make_keys(run, tmp_path)
    sign_trust(run, tmp_path)
    seal(run, tmp_path)
    session, card = tmp_path / "out" / "session", tmp_path / "out" / "officers" / "card-1.txt"
    release = ["release", "--session", session, *two(tmp_path, "release"), "--json"]
    other = tmp_path / "card.txt"
    other.write_bytes(b"\xff")
    for more, code in (
        (["--card", card], "cards-too-few"),
        (["--card", card, "--card", card], "card-twice"),
        (["--card", card, "--card", other], "card-malformed"),
        (["--card", card, "--withhold", "sby-01"], "venue-unknown"),
    ):
        said = run(*release, *more)
        assert (said.code, said.json["code"]) == (1, code)
    assert not (session / "release-umum-2026-1.note").exists()


def test_a_faulty_roster_is_told_row_by_row(run: Run, tmp_path: Path) -> None:
    sheet = write_roster(tmp_path, birth_date="21/04/1999", category="special", position="x", venue="Jakarta")
    said = run(
        "--lang",
        "en",
        "roster",
        "check",
        sheet,
        "--blueprint",
        BLUEPRINT,
        "--plan",
        write_plan(tmp_path),
        "--json",
    )
    assert (said.code, said.json["code"], said.json["count"]) == (1, "roster-faulty", 4)
    assert {(one["row"], one["code"]) for one in said.json["faults"]} == {
        (2, "birth-date-malformed"), (2, "category-unknown"), (2, "position-unknown"), (2, "venue-malformed"),
    }  # fmt: skip
    assert "roster.csv:2 birth_date: The birth date" in said.err
    good = run("roster", "check", write_roster(tmp_path), "--blueprint", BLUEPRINT, "--json")
    assert (good.code, good.json["candidates"]) == (0, 1)
    template = tmp_path / "template.xlsx"
    assert run("roster", "template", template).code == 0
    assert run("roster", "template", template).code == 1
    assert run("roster", "check", template).code == 0


def test_keys_are_backed_up_on_cards_drilled_and_restored(run: Run, tmp_path: Path) -> None:
    make = ("keys", "new", "venue", "--name", f"{ORG}/venue/jkt-07", "--out", tmp_path / "keys")
    assert run(*make).code == 0
    assert (run(*make, "--json").code, run(*make, "--json").json["code"]) == (1, "file-exists")
    secret, public = key(tmp_path, "venue/jkt-07"), key(tmp_path, "venue/jkt-07", ".pub")
    assert secret.stat().st_mode & 0o077 == 0
    assert b"SCRYPT" not in public.read_bytes()
    cards = run("keys", "backup", secret, "--out", tmp_path / "cards", "--json").json["cards"]
    assert len(cards) == 3
    name = ("--name", f"{ORG}/venue/jkt-07")
    drill = run("keys", "restore", "venue", *cards[1:], *name, "--drill", public, "--json")
    assert (drill.code, drill.json["drill"]) == (0, "passed")
    restored = run("keys", "restore", "venue", *cards[:2], *name, "--out", tmp_path / "restored", "--json")
    assert restored.code == 0
    assert (tmp_path / "restored" / public.name).read_bytes() == public.read_bytes()
    for arguments, code in (
        (["venue", cards[0], *name], "cards-too-few"),
        (["venue", cards[0], cards[0], *name], "card-twice"),
        (["committee", *cards, *name], "cards-incomplete"),
        (["judge", *cards, *name], "role-unknown"),
        (["venue", *cards[:2], "--name", f"{ORG}/venue/sby-01", "--drill", str(public)], "cards-foreign"),
        (["venue", str(secret), *name], "cards-incomplete"),
        (["venue", *cards[:2], *name, "--out", str(tmp_path / "keys")], "file-exists"),
    ):
        said = run("keys", "restore", *arguments, "--json")
        assert (said.code, said.json["code"]) == (1, code), arguments


def test_a_key_file_opens_with_its_own_passphrase_only(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_keys(run, tmp_path)
    monkeypatch.setenv("CBT_PASSPHRASE", "another passphrase")
    said = sign_trust(run, tmp_path)
    assert (said.code, said.json["code"]) == (1, "passphrase-wrong")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param({"number": "2"}, "trust-number-next", id="number 2 without number 1"),
        pytest.param({"number": "0"}, "trust-number-next", id="number 0"),
        pytest.param(
            {"quorums": "{root = 3, committee = 2, release = 2}"}, "quorum-short", id="too large a quorum"
        ),
        pytest.param(
            {"quorums": "{root = 1, committee = 2, release = 2}"}, "trust-unfit", id="one root too many"
        ),
        pytest.param({"quorums": "{root = 2}"}, "trust-unfit", id="a quorum less"),
        pytest.param({"expires": '"2026-01-01T00:00:00Z"'}, "trust-unfit", id="expired before it begins"),
        pytest.param({"mode": '"real"'}, "draft-malformed", id="another mode"),
        pytest.param(
            {"keys": '["keys/missing.pub"]'}, "file-unreadable", id="a public half that is not there"
        ),
        pytest.param({"keys": '["trust-1.toml"]'}, "malformed", id="a public half that is none"),
    ],
)
def test_a_draft_that_cannot_be_signed_writes_nothing(
    run: Run, tmp_path: Path, changes: dict[str, str], code: str
) -> None:
    make_keys(run, tmp_path)
    said = sign_trust(run, tmp_path, **changes)
    assert said.json["code"] == code
    assert said.code in {1, 3, 4}
    assert not list((tmp_path / "trust").iterdir())


def test_the_second_list_follows_the_first_and_no_list_is_signed_twice(run: Run, tmp_path: Path) -> None:
    make_keys(run, tmp_path)
    first = sign_trust(run, tmp_path)
    assert sign_trust(run, tmp_path).json["code"] == "trust-number-next"
    second = sign_trust(run, tmp_path, 2)
    assert (first.code, second.code) == (0, 0)
    other_mode = sign_trust(run, tmp_path, 3, mode='"official"')
    assert (other_mode.code, other_mode.json["code"]) == (1, "trust-unfit")
    # The second list is found beside the first, or in the folder that is checked.
    note = tmp_path / "trust" / "trust-2.note"
    said = run("verify", note, "--trust", tmp_path / "trust" / "trust-1.note", "--json")
    assert (said.code, said.json["trust"]) == (0, first.json["id"])
    alone = tmp_path / "alone"
    alone.mkdir()
    (alone / "trust-1.note").write_bytes((tmp_path / "trust" / "trust-1.note").read_bytes())
    assert run("verify", note, "--trust", alone / "trust-1.note").code == 3


def test_a_certificate_for_papers_is_made_and_listed(run: Run, tmp_path: Path) -> None:
    said = run("keys", "new", "pdf", "--name", "Panitia Contoh", "--out", tmp_path / "keys", "--json")
    assert said.code == 0
    make_keys(run, tmp_path)
    certificate = f'["keys/{said.json["certificate"]}"]'
    assert sign_trust(run, tmp_path, certificates=certificate).code == 0
    assert run("keys", "new", "pdf", "--name", "Panitia Contoh", "--out", tmp_path / "keys").code == 1
    # Its key is none of ours: no cards.
    backup = run("keys", "backup", tmp_path / "keys" / said.json["key"], "--json")
    assert (backup.code, backup.json["code"]) == (1, "key-file-of-papers")


# --- close and verify, over the tests' own session --------------------------------------------------------------


def put(folder: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def write_key(folder: Path, *parts: str) -> Path:
    path = folder / f"{'-'.join(parts)}.key"
    path.write_bytes(key_file.write_key_file(keys()["/".join((ORG, *parts))], PASSPHRASE))
    return path


def test_a_venue_closes_once_over_exactly_what_is_sealed(run: Run, tmp_path: Path) -> None:
    here = world("official")
    session = put(tmp_path / "session", here.files)
    tree = put(tmp_path / "tree", tree_of(here, [sat("official")], logged=False))
    venue, ani = write_key(tmp_path, "venue", "jkt-07"), write_key(tmp_path, "proctor", "jkt-07", "ani")
    close = ["close", tree, "--session", session, "--venue-key", venue, "--json"]
    alone = run(*close)
    assert (alone.code, alone.json["code"]) == (1, "signers-wrong")
    said = run(*close, "--proctor-key", ani)
    assert (said.code, said.json["count"], said.json["absent"], said.json["number"]) == (0, 1, 2, 1)
    same = run(*close, "--proctor-key", ani)
    assert (same.code, same.json["code"]) == (1, "closing-same")
    # A result that comes late makes the second closing, which cites the first.
    put(tree, tree_of(here, [sat("official", "26-0002")], logged=False))
    second = run(*close, "--proctor-key", ani)
    assert (second.code, second.json["number"], second.json["count"]) == (0, 2, 2)
    trust = ("--trust", session / "trust-1.note", "--session", session)
    assert run("verify", tree, *trust).code == 0
    # A result taken away.
    for path in (tree / "notes").glob("result-*"):
        path.unlink()
        break
    assert run("verify", tree, *trust).code == 3


def test_a_key_of_another_venue_closes_nothing(run: Run, tmp_path: Path) -> None:
    here = world("official")
    session = put(tmp_path / "session", here.files)
    tree = put(tmp_path / "tree", tree_of(here, [sat("official")], logged=False))
    closing = ["close", tree, "--session", session, "--json"]
    other = run(*closing, "--venue-key", write_key(tmp_path, "proctor", "jkt-07", "ani"))
    assert other.code == 1
    hub = run(*closing, "--venue-key", write_key(tmp_path, "hub", "jkt-07"))
    assert hub.code == 1
    put(session, {names.trust(1): b"damaged"})
    assert run(*closing, "--venue-key", write_key(tmp_path, "venue", "jkt-07")).code == 3


@pytest.mark.parametrize(
    ("make", "code", "verdict"),
    [
        pytest.param(lambda: {"closing.note": _closing()}, 0, "true", id="a closing"),
        pytest.param(lambda: {"closing.note": _closing()[:-3] + b"AA\n"}, 3, "false", id="a changed closing"),
        pytest.param(
            lambda: {"result.note": sat("official").result}, 4, "not-checkable", id="a result alone"
        ),
        pytest.param(lambda: {"notes.note": b"hello"}, 3, "false", id="no note"),
        pytest.param(lambda: sat("official").tree(), 0, "true", id="a tree"),
        pytest.param(
            lambda: {name: data for name, data in sat("official").tree().items() if "start" not in name},
            4,
            "not-checkable",
            id="a tree without the start note",
        ),
        pytest.param(
            lambda: {**sat("official").tree(), "notes/result-1.note": b""},
            3,
            "false",
            id="a tree, a wrong name",
        ),
        pytest.param(
            lambda: {"a.note": _closing(), "b.note": _closing()}, 0, "true", id="two notes side by side"
        ),
        pytest.param(
            lambda: {"proof.tlog-proof": b"x"}, 4, "not-checkable", id="a proof of nobody knows what"
        ),
        pytest.param(lambda: dict([_proof()]), 0, "true", id="a proof"),
        pytest.param(
            lambda: {_proof()[0]: _proof()[1].replace(b"index 1", b"index 0")}, 3, "false", id="a false proof"
        ),
    ],
)
def test_verify_says_what_is_true(
    run: Run, tmp_path: Path, make: Callable[[], dict[str, bytes]], code: int, verdict: str
) -> None:
    here = world("official")
    trust = put(tmp_path / "trust", {names.trust(1): here.files[names.trust(1)]}) / "trust-1.note"
    files = make()
    folder = put(tmp_path / "what", files)
    path = folder if len(files) > 1 else folder / next(iter(files))
    said = run("verify", path, "--trust", trust, "--json")
    assert (said.code, said.json["verdict"]) == (code, verdict), said.err
    assert said.json["steps"][0]["number"] == 1
    assert json.dumps(said.json)


def _closing() -> bytes:
    return closing_of(world("official"), [sat("official")])


def _proof() -> tuple[str, bytes]:
    log: Log = world("official").log
    note_id = world("official").manifest.id
    return f"{note_id}.tlog-proof", log.proof("exam", note_id)


def test_verify_of_nothing_says_so(run: Run, tmp_path: Path) -> None:
    here = world("official")
    trust = put(tmp_path / "trust", {names.trust(1): here.files[names.trust(1)]}) / "trust-1.note"
    (tmp_path / "empty").mkdir()
    (tmp_path / "picture.jpg").write_bytes(b"\xff\xd8\xff")
    for path in (tmp_path / "empty", tmp_path / "picture.jpg"):
        said = run("verify", path, "--trust", trust, "--json")
        assert (said.code, said.json["code"]) == (4, "nothing-to-verify")
