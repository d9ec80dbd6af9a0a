"""A session's folder, checked from the trust list down.

1. trust      the chain of trust lists, back to the pinned one
2. manifest   exactly the committee's quorum signed it
3. files      the files list hashes to what the manifest says, every listed file that is here is what it lists;
              commitments and positions are the manifest's
4. package    opening hash and size
5. draw       signed, announced by the manifest, for this manifest
6. logged     the manifest was in the log before the draw (else not checkable: it stops no start)
7. release    signed by the officers' quorum
8. reveal     the share is the one committed to, and the pool is the one the manifest signed
9. decision   each decision that lies beside it, of the committee's quorum, for this session

Steps 4 to 9 are of what is there. A station takes the same steps one by one, and needs more of them to be there
(`delivery.session_folder`).
"""

import io
from collections.abc import Callable, Mapping
from typing import BinaryIO, TypeVar

from msgspec import Struct

from cbt_station.artefacts import names
from cbt_station.artefacts.commitments import read_commitments
from cbt_station.artefacts.draw import DrawNote, check_draw
from cbt_station.artefacts.entry import write_entry
from cbt_station.artefacts.files import FileEntry, read_files, sha256_hex
from cbt_station.artefacts.manifest import Manifest, check_manifest
from cbt_station.artefacts.pool import Pool, Positions, read_pool, read_positions, require_drawable
from cbt_station.artefacts.release import ReleaseNote, RevealNote, check_release, check_reveal
from cbt_station.artefacts.score import DecisionNote, check_decision
from cbt_station.artefacts.signed import Signed
from cbt_station.errors import Refusal, Tampered, Trouble
from cbt_station.sealing import proof as tlog_proof
from cbt_station.sealing.age import opening_hash
from cbt_station.sealing.checkpoint import Checkpoint, verify_checkpoint
from cbt_station.sealing.notes import Verifier, unbase64
from cbt_station.sealing.trust import Trust, open_trust
from cbt_station.verify.steps import Steps, need

T = TypeVar("T")
Files = Mapping[str, bytes]
"""A folder's files by name, such as `notes/…`; reading one may be lazy."""


class CheckedSession(Struct, frozen=True):
    """A session whose every present part was true. What is not there is None."""

    trust: Trust
    manifest: Signed[Manifest]
    listed: dict[str, FileEntry]
    commitments: frozenset[str]
    positions: Positions
    draw: Signed[DrawNote] | None
    release: Signed[ReleaseNote] | None
    reveal: Signed[RevealNote] | None
    pool: Pool | None
    decisions: tuple[Signed[DecisionNote], ...] = ()


def read_trust(files: Files, pinned: str | None = None) -> Trust:
    """The chain `trust-1.note` … of a folder, opened."""
    chain: list[bytes] = []
    while (data := files.get(names.trust(len(chain) + 1))) is not None:
        chain.append(data)
    return open_trust(chain, pinned)


def session_in(files: Files) -> str:
    """The name of the one session whose manifest lies in a folder."""
    found = [
        name for name in files if name.startswith("exam-") and name.endswith(".note") and "/" not in name
    ]
    if not found:
        raise Trouble("session-missing", where="exam-SESSION.note")
    if len(found) > 1:
        raise Refusal("session-several", sessions=", ".join(sorted(found)))
    return found[0].removeprefix("exam-").removesuffix(".note")


def check_session(files: Files, trust: Trust) -> tuple[CheckedSession | None, Steps]:
    """Run steps 2 to 9; None where the manifest or what it names first is not true."""
    steps, session = Steps(), session_in(files)
    manifest = steps.check("manifest", session, read_manifest, files, session, trust)  # 2
    if manifest is None:
        return None, steps
    listed = steps.check("files", session, check_listed, files, manifest)  # 3
    commitments = steps.check("commitments", session, check_commitments, files, manifest)
    positions = steps.check("positions", session, _positions, files, manifest)
    if names.package(session) in files:  # 4
        package = io.BytesIO(files[names.package(session)])
        steps.check("package", session, check_package, package, manifest.body)

    def optional(name: str, file_name: str, does: Callable[[bytes], T]) -> T | None:
        if file_name not in files:
            steps.missing(name, session, file_name)
            return None
        return steps.check(name, session, lambda: does(files[file_name]))

    draw = optional("draw", names.draw(session), lambda raw: check_draw(raw, trust, manifest))  # 5
    if draw is not None and draw.body.checkpoint is not None:  # 6
        named = draw.body.checkpoint
        optional(
            "logged-before-draw",
            names.tree_proof(manifest.id),
            lambda raw: _logged(raw, trust, manifest, named),
        )
    else:
        steps.missing("logged-before-draw", session, names.tree_proof(manifest.id))
    release = optional(
        "release", names.release(session), lambda raw: check_release(raw, trust, manifest)
    )  # 7
    reveal = optional("reveal", names.reveal(session), lambda raw: check_reveal(raw, trust, manifest))  # 8
    pool = optional("pool", names.pool(session), lambda raw: check_pool(raw, manifest))
    decisions = [
        steps.check("decision", name, check_decision_of, files[name], trust, session)  # 9
        for name in sorted(files)
        if names.is_decision(name, session)
    ]
    if listed is None or commitments is None or positions is None:
        return None, steps
    true = tuple(one for one in decisions if one is not None)
    checked = CheckedSession(
        trust, manifest, listed, commitments, positions, draw, release, reveal, pool, true
    )
    return checked, steps


def read_manifest(files: Files, session: str, trust: Trust) -> Signed[Manifest]:
    """The manifest of the session that its file name says."""
    manifest = check_manifest(files[names.manifest(session)], trust)
    if manifest.body.session != session:
        raise Tampered("manifest-of-another-session", session=manifest.body.session)
    return manifest


def read_listed(files: Files, manifest: Signed[Manifest]) -> dict[str, FileEntry]:
    """The files list that the manifest names. The files themselves NOT checked."""
    name = names.files(manifest.body.session)
    listed, mode = read_files(_named(files, name, manifest.body.files))
    if mode != manifest.mode:
        raise Tampered("mode-mixed", where=name, mode=mode, expected=manifest.mode)
    return listed


def check_listed(files: Files, manifest: Signed[Manifest]) -> dict[str, FileEntry]:
    """The files list is the manifest's, and no file that is here differs from it."""
    listed = read_listed(files, manifest)
    for file_name, entry in listed.items():
        if file_name in files:
            check_file(files[file_name], entry)
    return listed


def check_file(data: bytes, entry: FileEntry) -> None:
    """A file has its listed size and hash, else Tampered("file-changed")."""
    if len(data) != entry.size or sha256_hex(data) != entry.sha256:
        raise Tampered("file-changed", where=entry.name)


def check_package(package: BinaryIO, manifest: Manifest) -> None:
    """Size and opening hash are the manifest's; the file is not read whole."""
    size = package.seek(0, io.SEEK_END)
    package.seek(0)
    if size != manifest.package_size or opening_hash(package) != manifest.package_opening:
        raise Tampered("package-changed", where=names.package(manifest.session))


def check_pool(data: bytes, manifest: Signed[Manifest]) -> Pool:
    """The pool that the manifest signed; it gives a form to everyone."""
    name = names.pool(manifest.body.session)
    if sha256_hex(data) != manifest.body.pool:
        raise Tampered("file-changed", where=name)
    pool = read_pool(data)
    about = (manifest.mode, manifest.body.session, manifest.body.edition, manifest.body.exam)
    if (pool.mode, pool.session, pool.edition, pool.blueprint.id) != about:
        raise Tampered("file-of-another-session", where=name)
    require_drawable(pool)
    return pool


def check_commitments(files: Files, manifest: Signed[Manifest]) -> frozenset[str]:
    """Everybody's commitments, as the manifest names them."""
    name = names.commitments(manifest.body.session)
    commitments, mode = read_commitments(_named(files, name, manifest.body.commitments))
    if mode != manifest.mode:
        raise Tampered("mode-mixed", where=name, mode=mode, expected=manifest.mode)
    return commitments


def check_decision_of(data: bytes, trust: Trust, session: str | None) -> Signed[DecisionNote]:
    """A decision, and where a session is at hand, of that one."""
    decision = check_decision(data, trust)
    if session is not None and decision.body.session != session:
        raise Tampered("decision-of-another-session", where=decision.body.session)
    return decision


def _positions(files: Files, manifest: Signed[Manifest]) -> Positions:
    name = names.positions(manifest.body.session)
    positions = read_positions(_named(files, name, manifest.body.positions))
    if (positions.mode, positions.session) != (manifest.mode, manifest.body.session):
        raise Tampered("file-of-another-session", where=name)
    return positions


def _named(files: Files, name: str, sha256: str) -> bytes:
    """A file that the manifest names by its hash."""
    data = need(files.get(name), name)
    if sha256_hex(data) != sha256:
        raise Tampered("file-changed", where=name)
    return data


def _logged(raw: bytes, trust: Trust, manifest: Signed[Manifest], checkpoint: str) -> None:
    """The log held the manifest at the very checkpoint that the draw names."""
    named = unbase64(checkpoint)
    if named is None:
        raise Tampered("malformed", where="draw: checkpoint")
    proven = check_proof(raw, trust, "exam", manifest.id)
    before = _by_any_log(trust, lambda log, origin: verify_checkpoint(named, log, origin))
    if (before.size, before.root) != (proven.size, proven.root):
        raise Tampered("proof-of-another-checkpoint")


def check_proof(raw: bytes, trust: Trust, kind: str, note_id: str) -> Checkpoint:
    """The log holds exactly this note; returns the checkpoint that proves it."""
    entry, proof = write_entry(trust.mode, kind, note_id), tlog_proof.parse(raw)
    return _by_any_log(trust, lambda log, origin: tlog_proof.verify(proof, entry, log, origin))


def _by_any_log(trust: Trust, does: Callable[[Verifier, str], T]) -> T:
    """What is true by one of the log keys that any list of the chain names and none revokes."""
    revoked = {one.vkey for one in trust.revoked}
    logs = {
        (log, listed.log_origin): None
        for listed in (trust.at(number) for number in range(trust.number, 0, -1))
        for log in listed.verifiers("log")
        if log.text not in revoked
    }
    failure: Tampered | None = None
    for log, origin in logs:
        try:
            return does(log, origin)
        except Tampered as tampered:
            failure = failure or tampered  # the newest list's key says best what is wrong
    if failure is None:
        raise Trouble("evidence-missing", where="log key in the trust list")
    raise failure
