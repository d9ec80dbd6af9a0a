"""The golden files are what the script makes, and every one is judged as the index says.

Another implementation is checked by the same files: README.md beside them says how.
"""

import ast
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cbt_station.artefacts import names
from cbt_station.artefacts.act import check_act
from cbt_station.artefacts.admit import check_admit
from cbt_station.artefacts.commitments import read_commitments
from cbt_station.artefacts.draw import check_draw
from cbt_station.artefacts.files import read_files, sha256_hex
from cbt_station.artefacts.form import form_of
from cbt_station.artefacts.manifest import check_manifest
from cbt_station.artefacts.package import Package
from cbt_station.artefacts.pool import read_pool, require_drawable
from cbt_station.artefacts.release import check_release, check_reveal
from cbt_station.artefacts.result import check_result, read_bundle
from cbt_station.artefacts.roster import read_roster
from cbt_station.artefacts.score import check_decision, check_score
from cbt_station.artefacts.scoring import read_scoring
from cbt_station.artefacts.start import check_start
from cbt_station.artefacts.unlock import open_unlock
from cbt_station.errors import Failure, Tampered
from cbt_station.sealing import strict_json
from cbt_station.sealing.age import SealedFile, decrypt, hybrid_from_seed
from cbt_station.sealing.release import read_code
from cbt_station.sealing.trust import open_trust
from cbt_station.verify.result import check_bundle, check_chain
from cbt_station.verify.session import CheckedSession, check_pool, check_proof, check_session
from cbt_station.verify.tree import check_tree
from tests.golden import form_from_scratch
from tests.golden.make import made

HERE = Path(__file__).parent
INDEX: dict[str, Any] = json.loads((HERE / "index.json").read_text())
OPENINGS: dict[str, Any] = INDEX["openings"]
SESSION, VENUE = OPENINGS["session"], OPENINGS["venue"]


def good(name: str) -> bytes:
    return (HERE / "good" / name).read_bytes()


TRUST = open_trust([good("trust-1.note")], OPENINGS["trust_id"])
MANIFEST = check_manifest(good(names.manifest(SESSION)), TRUST)
ADMIT = check_admit(good("admit.note"), TRUST)
START = check_start(good("start.note"), TRUST, ADMIT)
RESULT = check_chain(good("admit.note"), good("start.note"), good("result.note"), TRUST)


def identity(name: str) -> Any:
    return hybrid_from_seed(bytes.fromhex(OPENINGS["seeds"][name]))


def session(**changed: bytes) -> CheckedSession | None:
    """The good session's folder with one file changed; raises what its first false step raised."""
    folder = {path.name: path.read_bytes() for path in (HERE / "good").iterdir()}
    taken = {name: data for name, data in folder.items() if not name.endswith(".tlog-proof")}
    given = {
        names.files(SESSION): "files",
        names.commitments(SESSION): "commitments",
        names.package(SESSION): "package",
    }
    files = {**taken, **{name: changed[kind] for name, kind in given.items() if kind in changed}}
    only = {name: data for name, data in files.items() if SESSION in name or name == "trust-1.note"}
    checked, steps = check_session(only, TRUST)
    steps.require_none_false()
    return checked


def unlock(data: bytes, code: str, recipient: str | None) -> object:
    return open_unlock(data, identity(f"venue/{VENUE}"), read_code(code), recipient or "")


def content(data: bytes, opening: str | None) -> object:
    opener = hybrid_from_seed(bytes.fromhex(OPENINGS["package_seed"]))
    package = Package(SealedFile(io.BytesIO(data), opener, opening=opening))
    return {name: package.read(name) for name in package.members}


def package(data: bytes, _: str) -> object:
    session(package=data)
    return content(data, MANIFEST.body.package_opening)


def closing(data: bytes, _: str) -> object:
    """The closing in a tree with the one good result."""
    tree = {
        **{
            names.tree_note(kind, signed.id): signed.raw
            for kind, signed in (("admit", ADMIT), ("start", START))
        },
        names.tree_note("result", RESULT.result.id): RESULT.result.raw,
        names.tree_note("closing", "0" * 64): data,
    }
    _, steps = check_tree(tree, TRUST, session())
    wrong = [
        step
        for step in steps.done
        if step.verdict != "true" and not step.optional and step.name not in {"name", "sealed"}
    ]
    for step in wrong:
        raise (Tampered if step.verdict == "false" else _Missing)(step.code, where=step.where)
    return True


class _Missing(Failure):
    kind, exit_code = "trouble", 4


def bundle(data: bytes, _: str) -> object:
    return check_bundle(read_bundle(decrypt(data, identity("results/1"))), RESULT, TRUST)


def proof(data: bytes, about: str) -> object:
    kind, _, note_id = about.partition(" ")
    return check_proof(data, TRUST, kind, note_id)


def pool(data: bytes, _: str) -> object:
    """First by itself, then as the one that the manifest signs."""
    require_drawable(read_pool(data))
    return check_pool(data, MANIFEST)


def listed(data: bytes, _: str) -> object:
    hashes = {entry.sha256 for entry in read_files(good(names.files(SESSION)))[0].values()}
    if sha256_hex(data) not in hashes:
        raise Tampered("file-not-listed")
    return True


def files_list(data: bytes, _: str) -> object:
    """By itself (with the manifest's mode), then by the hash that the manifest signs."""
    _, mode = read_files(data)
    if mode != MANIFEST.mode:
        raise Tampered("mode-mixed", where="files", mode=mode, expected=MANIFEST.mode)
    return session(files=data)


def commitments_list(data: bytes, _: str) -> object:
    _, mode = read_commitments(data)
    if mode != MANIFEST.mode:
        raise Tampered("mode-mixed", where="commitments", mode=mode, expected=MANIFEST.mode)
    return session(commitments=data)


CHECKS: dict[str, Callable[[bytes, str], object]] = {
    "trust": lambda data, _: open_trust([data], OPENINGS["trust_id"]),
    "manifest": lambda data, _: check_manifest(data, TRUST),
    "draw": lambda data, _: check_draw(data, TRUST, MANIFEST),
    "release": lambda data, _: check_release(data, TRUST, MANIFEST),
    "reveal": lambda data, _: check_reveal(data, TRUST, MANIFEST),
    "admit": lambda data, _: check_admit(data, TRUST),
    "start": lambda data, _: check_start(data, TRUST, ADMIT),
    "result": lambda data, _: check_result(data, TRUST, ADMIT, START),
    "act": lambda data, _: check_act(data, TRUST, VENUE, START.body.sitting),
    "score": lambda data, _: check_score(data, TRUST),
    "decision": lambda data, _: check_decision(data, TRUST),
    "closing": closing,
    "files": files_list,
    "commitments": commitments_list,
    "positions": lambda *_: session(),
    "pool": pool,
    "proof": proof,
    "listed": listed,
    "roster-json": lambda data, _: read_roster(data),
    "roster": lambda data, _: read_roster(decrypt(data, identity(f"venue/{VENUE}"))),
    "scoring": lambda data, _: read_scoring(decrypt(data, identity("results/1"))),
    "package": package,
    "package-content": lambda data, _: content(data, None),
    "unlock": lambda data, _: unlock(data, OPENINGS["code"], MANIFEST.body.package_recipient),
    "scoring-unlock": lambda data, _: unlock(data, OPENINGS["score_code"], MANIFEST.body.scoring_recipient),
    "sealed-result": bundle,
}


VERDICTS = {"tampered": "tampered", "refused": "refusal", "not-checkable": "trouble"}


@pytest.mark.parametrize("entry", INDEX["files"], ids=lambda entry: entry["file"])
def test_every_golden_file_is_judged_as_the_index_says(entry: dict[str, str]) -> None:
    data, check = (HERE / entry["file"]).read_bytes(), CHECKS[entry["kind"]]
    if entry["verdict"] == "true":
        check(data, entry.get("about", ""))
        return
    with pytest.raises(Failure) as caught:
        check(data, entry.get("about", ""))
    assert (caught.value.kind, caught.value.code) == (VERDICTS[entry["verdict"]], entry["code"])


def test_the_script_makes_exactly_these_files() -> None:
    files = made()
    there = {
        path.relative_to(HERE).as_posix()
        for path in HERE.rglob("*")
        if path.is_file() and path.suffix not in {".py", ".md", ".pyc"} and not path.name.startswith(".")
    }
    assert there == set(files)
    assert [name for name, data in files.items() if (HERE / name).read_bytes() != data] == []


def test_the_index_names_every_file_once_and_every_fault_is_in_a_name() -> None:
    listed_files = [entry["file"] for entry in INDEX["files"]]
    assert len(set(listed_files)) == len(listed_files)
    assert sorted(listed_files) == sorted(
        path.relative_to(HERE).as_posix()
        for folder in ("good", "faults")
        for path in (HERE / folder).iterdir()
    )
    assert all((entry["verdict"] == "true") == entry["file"].startswith("good/") for entry in INDEX["files"])


# --- the form's vector ------------------------------------------------------------------------------------------

VECTOR: dict[str, Any] = json.loads((HERE / "form-v1.json").read_text())


@pytest.mark.parametrize("at", range(len(VECTOR["forms"])))
def test_a_second_implementation_draws_the_same_forms(at: int) -> None:
    expected = VECTOR["forms"][at]
    assert form_from_scratch.form(VECTOR, expected["commitment"]) == expected["form"]


@pytest.mark.parametrize("at", range(len(VECTOR["forms"])))
def test_the_program_draws_the_forms_of_the_vector(at: int) -> None:
    expected = VECTOR["forms"][at]
    read = read_pool(json.dumps(VECTOR["pool"], separators=(",", ":"), ensure_ascii=False).encode())
    form = form_of(read, bytes.fromhex(VECTOR["share"]), VECTOR["draw"], expected["commitment"])
    assert json.loads(strict_json.encode(form)) == expected["form"]


def test_the_vector_has_everything_that_a_draw_knows() -> None:
    items = VECTOR["pool"]["items"]
    assert any(item["stimulus"] for item in items)
    assert any(item["enemies"] for item in items)
    assert any(not item["shuffle"] for item in items)
    assert len({json.dumps(one["form"]) for one in VECTOR["forms"]}) == len(VECTOR["forms"])


def test_the_second_implementation_knows_nothing_of_ours() -> None:
    tree = ast.parse(Path(form_from_scratch.__file__).read_text())
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    imported |= {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    assert imported == {"hmac", "collections.abc", "typing"}
