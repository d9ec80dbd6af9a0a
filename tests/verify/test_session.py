"""A session's folder with one thing wrong: the step that says so, and what the whole is then worth.

Who signs what is in tests/artefacts/test_signers.py; single flipped bytes are in test_flips.py.
"""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from msgspec.structs import replace

from cbt_station.artefacts import names
from cbt_station.artefacts.commitments import write_commitments
from cbt_station.artefacts.draw import DrawNote
from cbt_station.artefacts.files import FileEntry, read_files, sha256_hex, write_files
from cbt_station.artefacts.manifest import Manifest, require_engine, require_window
from cbt_station.artefacts.pool import write_pool, write_positions
from cbt_station.artefacts.signed import sign
from cbt_station.errors import Refusal, Tampered, Trouble
from cbt_station.sealing.age import encrypt
from cbt_station.verify.session import check_proof, check_session, read_trust, session_in
from cbt_station.verify.steps import Step
from tests.world import (
    BEFORE,
    CLOSES,
    DRAW,
    OPENS,
    SESSION,
    Log,
    World,
    b64,
    identity,
    moment,
    quorum,
    world,
)

Change = Callable[[World, dict[str, bytes]], Mapping[str, bytes | None]]


def folder(change: Change = lambda *_: {}) -> dict[str, bytes]:
    here = world("official")
    files = {**here.files, **here.revealed}
    files |= change(here, files)  # type: ignore[arg-type]  # None takes a file away
    return {name: data for name, data in files.items() if data is not None}


def worst(files: dict[str, bytes]) -> dict[str, str]:
    """The steps that are not true, by name, with their codes."""
    session, steps = check_session(files, world("official").trust)
    assert (session is None) == any(
        step.verdict != "true"
        for step in steps.done
        if step.name in {"manifest", "files", "commitments", "positions"}
    )
    return {step.name: step.code for step in steps.done if step.verdict != "true"}


def signed(here: World, **changes: Any) -> bytes:
    return sign(replace(here.manifest.body, **changes), "official", *quorum("committee"))


def resealed(here: World, name: str, data: bytes, **changes: Any) -> dict[str, bytes]:
    """A file of the session changed, with a files list and a manifest that fit (as a committee could)."""
    listed, mode = read_files(here.files[names.files(SESSION)])
    listed[name] = FileEntry(name, len(data), sha256_hex(data))
    listing = write_files(listed.values(), mode)
    manifest = signed(here, files=sha256_hex(listing), **changes)
    return {name: data, names.files(SESSION): listing, names.manifest(SESSION): manifest}


def pool_of(here: World, **changes: Any) -> dict[str, bytes]:
    data = write_pool(replace(here.pool, **changes))
    return resealed(here, names.pool(SESSION), data, pool=sha256_hex(data))


def test_a_whole_session_is_true_step_by_step() -> None:
    session, steps = check_session(folder(), world("official").trust)
    assert session is not None
    assert [step.name for step in steps.done] == [
        "manifest", "files", "commitments", "positions", "package", "draw", "logged-before-draw", "release", "reveal",
        "pool",
    ]  # fmt: skip
    assert {step.verdict for step in steps.done} == {"true"}
    assert steps.verdict == "true"


MANIFEST, FILES, POOL = names.manifest(SESSION), names.files(SESSION), names.pool(SESSION)
PROOF = names.tree_proof(world("official").manifest.id)
OTHER = sha256_hex(b"other")

CASES: dict[str, tuple[Change, dict[str, str]]] = {
    "no package here": (lambda *_: {names.package(SESSION): None}, {}),
    "no roster here": (lambda here, _: dict.fromkeys(name for name in here.files if "roster" in name), {}),
    "a package of the same size": (
        lambda _, files: {names.package(SESSION): files[names.package(SESSION)][:-1] + b"\0"},
        {"files": "file-changed"},
    ),
    "another package": (
        lambda *_: {names.package(SESSION): encrypt(b"x", identity("results", "1").recipient)},
        {"files": "file-changed", "package": "package-changed"},
    ),
    "a package that is not age": (
        lambda *_: {names.package(SESSION): b"PK"},
        {"files": "file-changed", "package": "package-changed"},
    ),
    "a roster of another venue in its place": (
        lambda _, files: {names.roster(SESSION, "jkt-07"): files[names.roster(SESSION, "sby-01")]},
        {"files": "file-changed"},
    ),
    "another files list": (
        lambda *_: {FILES: write_files([], "official")},
        {"files": "file-changed"},
    ),
    "no files list": (lambda *_: {FILES: None}, {"files": "evidence-missing"}),
    "no commitments": (lambda *_: {names.commitments(SESSION): None}, {"commitments": "evidence-missing"}),
    "other commitments, unlisted by nobody": (
        lambda *_: {names.commitments(SESSION): write_commitments([OTHER], "official")},
        {"files": "file-changed", "commitments": "file-changed"},
    ),
    "a manifest under another name": (
        lambda _, files: {MANIFEST: None, "exam-other.note": files[MANIFEST]},
        {"manifest": "manifest-of-another-session"},
    ),
    "a manifest that is none": (lambda *_: {MANIFEST: b"x"}, {"manifest": "note-malformed"}),
    "a draw as the manifest": (
        lambda _, files: {MANIFEST: files[names.draw(SESSION)]},
        {"manifest": "note-type"},
    ),
    "no draw yet": (
        lambda *_: {names.draw(SESSION): None},
        {"draw": "evidence-missing", "logged-before-draw": "evidence-missing"},
    ),
    "a draw that names no checkpoint": (
        lambda here, _: {names.draw(SESSION): draw(here, None)},
        {"logged-before-draw": "evidence-missing"},
    ),
    "a draw whose checkpoint is no base64": (
        lambda here, _: {names.draw(SESSION): draw(here, "*")},
        {"logged-before-draw": "malformed"},
    ),
    "a draw whose checkpoint is another": (
        lambda here, _: {names.draw(SESSION): draw(here, b64(later_checkpoint()))},
        {"logged-before-draw": "proof-of-another-checkpoint"},
    ),
    "no proof of the manifest": (lambda *_: {PROOF: None}, {"logged-before-draw": "evidence-missing"}),
    "a proof of something else": (
        lambda here, _: {PROOF: here.log.proof("trust", here.trust.id)},
        {"logged-before-draw": "inclusion"},
    ),
    "no release": (lambda *_: {names.release(SESSION): None}, {"release": "evidence-missing"}),
    "no reveal": (
        lambda *_: {names.reveal(SESSION): None, POOL: None},
        {"reveal": "evidence-missing", "pool": "evidence-missing"},
    ),
    "another pool": (lambda here, _: {POOL: write_pool(replace(here.pool, salt="00" * 16))}, {"files": "file-changed", "pool": "file-changed"}),
    "a signed pool that no form can be drawn from": (
        lambda here, _: only(pool_of(here, items=here.pool.items[:2])),
        {"pool": "pool-undrawable"},
    ),
    "a signed pool of another session": (
        lambda here, _: only(pool_of(here, session="other")),
        {"pool": "file-of-another-session"},
    ),
    "a signed pool of test mode": (
        lambda here, _: only(pool_of(here, mode="test")),
        {"pool": "file-of-another-session"},
    ),
    "signed positions of another session": (
        lambda here, _: only(positions_of(here, session="other")),
        {"positions": "file-of-another-session"},
    ),
    "signed commitments of test mode": (
        lambda here, _: only(commitments_of(here)),
        {"commitments": "mode-mixed"},
    ),
    "a signed files list of test mode": (
        lambda here, files: only(list_of_test_mode(here, files)),
        {"files": "mode-mixed"},
    ),
}  # fmt: skip


def only(files: dict[str, bytes]) -> dict[str, bytes | None]:
    """A session that was sealed anew: what was about the old manifest is taken away."""
    gone = (names.draw(SESSION), names.release(SESSION), names.reveal(SESSION), PROOF)
    return {**files, **dict.fromkeys(gone)}


def positions_of(here: World, **changes: Any) -> dict[str, bytes]:
    session, _ = check_session(here.files, here.trust)
    assert session is not None
    data = write_positions(replace(session.positions, **changes))
    return resealed(here, names.positions(SESSION), data, positions=sha256_hex(data))


def commitments_of(here: World) -> dict[str, bytes]:
    data = write_commitments([OTHER], "test")
    return resealed(here, names.commitments(SESSION), data, commitments=sha256_hex(data))


def list_of_test_mode(here: World, files: dict[str, bytes]) -> dict[str, bytes]:
    listing = write_files(read_files(files[FILES])[0].values(), "test")
    return {FILES: listing, MANIFEST: signed(here, files=sha256_hex(listing))}


def draw(here: World, checkpoint: str | None) -> bytes:
    body = DrawNote(
        trust=1,
        session=SESSION,
        manifest=here.manifest.id,
        source=here.manifest.body.coming_draw,
        value=DRAW,
        at=BEFORE,
        checkpoint=checkpoint,
    )
    return sign(body, "official", *quorum("committee"))


def later_checkpoint() -> bytes:
    log = Log("official")
    log.entries = [*world("official").log.entries, b"later"]
    return log.checkpoint()


@pytest.mark.parametrize("case", CASES)
def test_the_step_that_is_wrong_says_so(case: str) -> None:
    change, expected = CASES[case]
    found = worst(folder(change))
    optional = {"draw", "logged-before-draw", "release", "reveal"}
    kept = {
        name: code
        for name, code in found.items()
        if name in expected or not (name in optional and code == "evidence-missing")
    }
    assert kept == expected


def test_a_tampered_step_makes_the_whole_false_and_a_missing_one_does_not() -> None:
    here = world("official")
    for change, verdict in (
        (CASES["no reveal"][0], "true"),
        (CASES["no commitments"][0], "not-checkable"),
        (CASES["a signed pool that no form can be drawn from"][0], "false"),
    ):
        assert check_session(folder(change), here.trust)[1].verdict == verdict


def test_a_folder_holds_one_session() -> None:
    with pytest.raises(Trouble, match="session-missing"):
        session_in({"a.note": b""})
    with pytest.raises(Refusal, match="session-several"):
        session_in({"exam-a.note": b"", "exam-b.note": b""})
    assert session_in({"exam-a.note": b"", "sub/exam-b.note": b"", "exam-a.age": b""}) == "a"
    with pytest.raises(Trouble, match="trust-missing"):
        read_trust({})
    with pytest.raises(Tampered, match="trust-pin"):
        read_trust(world("official").files, OTHER)
    with pytest.raises(Tampered, match="mode-mixed"):
        check_session(world("official").files, world("test").trust)[1].require_none_false()


@pytest.mark.parametrize(
    ("kind", "note", "code"),
    [
        pytest.param("exam", None, "", id="as it is"),
        pytest.param("draw", None, "inclusion", id="another kind"),
        pytest.param("exam", OTHER, "inclusion", id="another note"),
    ],
)
def test_a_proof_is_of_one_note_of_one_kind(kind: str, note: str | None, code: str) -> None:
    here = world("official")
    raw = here.files[PROOF]
    if not code:
        assert check_proof(raw, here.trust, kind, here.manifest.id).size == 2
        return
    with pytest.raises(Tampered, match=code):
        check_proof(raw, here.trust, kind, note or here.manifest.id)


def test_a_proof_of_the_other_modes_log_is_false() -> None:
    here, other = world("official"), world("test")
    with pytest.raises(Tampered, match="checkpoint-origin"):
        check_proof(other.log.proof("exam", other.manifest.id), here.trust, "exam", other.manifest.id)


@pytest.mark.parametrize(
    ("at", "code"),
    [
        ("2026-12-01T07:59:59.999+07:00", "too-early"),
        (OPENS, ""),
        ("2026-12-01T01:00:00Z", ""),
        (CLOSES, ""),
        ("2026-12-01T10:00:01+07:00", "too-late"),
    ],
)
def test_the_window_gates_the_start(at: str, code: str) -> None:
    manifest = world("official").manifest.body
    if not code:
        require_window(manifest, moment(at))
        return
    with pytest.raises(Refusal, match=code):
        require_window(manifest, moment(at))


@pytest.mark.parametrize(
    ("needed", "have", "good"),
    [
        ("0.1.0", "0.1.0", True), ("0.1", "0.1.0", True), ("0.1.0", "0.1", True), ("0.2.0", "0.10.0", True),
        ("0.10.0", "0.9.9", False), ("1", "0.99", False), ("0.1.0.1", "0.1.0", False),
    ],
)  # fmt: skip
def test_a_program_that_is_too_old_is_refused(needed: str, have: str, good: bool) -> None:
    manifest: Manifest = replace(world("official").manifest.body, engine=needed)
    if good:
        require_engine(manifest, have)
        return
    with pytest.raises(Refusal, match="program-too-old"):
        require_engine(manifest, have)


def test_a_step_is_a_plain_value() -> None:
    _, steps = check_session(folder(CASES["no files list"][0]), world("official").trust)
    assert isinstance(steps.done[1], Step)
    assert steps.done[1].where == FILES
