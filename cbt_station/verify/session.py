"""A session's folder, checked from the trust list down.

1. trust      the chain of trust lists, back to the pinned one
2. manifest   exactly the committee's quorum signed it
3. files      the files list hashes to what the manifest says, and every listed file that is here is what it lists
4. package    opening hash and size
5. draw       signed, announced by the manifest, for this manifest
6. logged     the manifest was in the log before the draw (else not checkable: it stops no start)
7. release    signed by the officers' quorum
8. reveal     the share is the one committed to, and the pool is the one the manifest signed

A station runs 1 to 5 strictly before it opens anything; the public runs all.
"""

import base64
import binascii
import io
from collections.abc import Callable, Mapping
from typing import TypeVar

from msgspec import Struct

from cbt_station.artefacts import names
from cbt_station.artefacts.commitments import read_commitments
from cbt_station.artefacts.draw import DrawNote, check_draw
from cbt_station.artefacts.entry import write_entry
from cbt_station.artefacts.files import FileEntry, read_files, sha256_hex
from cbt_station.artefacts.manifest import Manifest, check_manifest
from cbt_station.artefacts.pool import Pool, Positions, read_pool, read_positions
from cbt_station.artefacts.release import ReleaseNote, RevealNote, check_release, check_reveal
from cbt_station.artefacts.signed import Signed
from cbt_station.errors import Refusal, Tampered, Trouble
from cbt_station.sealing import proof as tlog_proof
from cbt_station.sealing.age import opening_hash
from cbt_station.sealing.checkpoint import Checkpoint, verify_checkpoint
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
        raise Trouble("session-missing")
    if len(found) > 1:
        raise Refusal("session-several", sessions=", ".join(sorted(found)))
    return found[0].removeprefix("exam-").removesuffix(".note")


def check_session(files: Files, trust: Trust, *, strict: bool = False) -> tuple[CheckedSession | None, Steps]:
    """Run steps 2 to 8; None where the manifest or the files list is not true."""
    steps = Steps(strict=strict)
    session = session_in(files)
    manifest = steps.check(
        "manifest", session, lambda: check_manifest(files[names.manifest(session)], trust)
    )  # 2
    if manifest is None:
        return None, steps
    if manifest.body.session != session:
        raise Tampered("manifest-of-another-session", session=manifest.body.session)
    listed = steps.check("files", session, lambda: check_listed(files, manifest.body))  # 3
    if listed is None:
        return None, steps
    commitments = steps.check("commitments", session, _commitments, files, manifest)
    positions = steps.check("positions", session, read_positions, _present(files, names.positions(session)))
    if names.package(session) in files:
        steps.check(
            "package", session, lambda: check_package(files[names.package(session)], manifest.body)
        )  # 4
    draw = _optional(
        steps, "draw", session, files, names.draw(session), lambda raw: check_draw(raw, trust, manifest)
    )
    _check_logged(steps, files, trust, manifest, draw)  # 6
    release = _optional(
        steps,
        "release",
        session,
        files,
        names.release(session),
        lambda raw: check_release(raw, trust, manifest),
    )
    reveal = _optional(
        steps, "reveal", session, files, names.reveal(session), lambda raw: check_reveal(raw, trust, manifest)
    )
    pool = _optional(
        steps, "pool", session, files, names.pool(session), lambda raw: check_pool(raw, manifest.body)
    )
    if commitments is None or positions is None:
        return None, steps
    return CheckedSession(trust, manifest, listed, commitments, positions, draw, release, reveal, pool), steps


def check_listed(files: Files, manifest: Manifest) -> dict[str, FileEntry]:
    """The files list is the manifest's, and no file that is here differs from it."""
    data = _present(files, names.files(manifest.session))
    if sha256_hex(data) != manifest.files:
        raise Tampered("file-changed", where=names.files(manifest.session))
    listed, _ = read_files(data)
    for name, entry in listed.items():
        if name in files:
            check_file(files[name], entry)
    return listed


def check_file(data: bytes, entry: FileEntry) -> None:
    """A file has its listed size and hash, else Tampered("file-changed")."""
    if len(data) != entry.size or sha256_hex(data) != entry.sha256:
        raise Tampered("file-changed", where=entry.name)


def check_package(data: bytes, manifest: Manifest) -> None:
    """Size and opening hash are the manifest's."""
    if len(data) != manifest.package_size or opening_hash(io.BytesIO(data)) != manifest.package_opening:
        raise Tampered("package-changed", where=names.package(manifest.session))


def check_pool(data: bytes, manifest: Manifest) -> Pool:
    """The pool that the manifest signed."""
    if sha256_hex(data) != manifest.pool:
        raise Tampered("file-changed", where=names.pool(manifest.session))
    return read_pool(data)


def _commitments(files: Files, manifest: Signed[Manifest]) -> frozenset[str]:
    name = names.commitments(manifest.body.session)
    commitments, mode = read_commitments(_present(files, name))
    if mode != manifest.mode:
        raise Tampered("mode-mixed", where=name, mode=mode, expected=manifest.mode)
    return commitments


def _present(files: Files, name: str) -> bytes:
    return need(files.get(name), name)


def _optional(
    steps: Steps, name: str, session: str, files: Files, file_name: str, does: Callable[[bytes], T]
) -> T | None:
    if file_name not in files:
        steps.missing(name, session, file_name)
        return None
    return steps.check(name, session, does, files[file_name])


def _check_logged(
    steps: Steps, files: Files, trust: Trust, manifest: Signed[Manifest], draw: Signed[DrawNote] | None
) -> None:
    """The manifest's proof verifies, and the checkpoint that the draw names is not younger than the draw says."""
    session, name = manifest.body.session, names.tree_proof(manifest.id)
    if draw is None or draw.body.checkpoint is None or name not in files:
        steps.missing("logged-before-draw", session, name)
        return
    steps.check(
        "logged-before-draw",
        session,
        lambda: _logged(files[name], trust, manifest, draw.body.checkpoint or ""),
    )


def _logged(raw: bytes, trust: Trust, manifest: Signed[Manifest], checkpoint: str) -> None:
    try:
        named = base64.b64decode(checkpoint, validate=True)
    except binascii.Error as error:
        raise Tampered("malformed", where="draw: checkpoint") from error
    proven = check_proof(raw, trust, "exam", manifest.id)
    before = verify_log_checkpoint(named, trust)
    if (before.size, before.root) != (proven.size, proven.root):
        raise Tampered("proof-of-another-checkpoint")


def check_proof(raw: bytes, trust: Trust, kind: str, note_id: str) -> Checkpoint:
    """The log holds exactly this note; returns the checkpoint that proves it."""
    entry = write_entry(trust.mode, kind, note_id)
    parsed = tlog_proof.parse(raw)
    failure: Tampered | None = None
    for log in trust.verifiers("log"):
        try:
            tlog_proof.verify(parsed, entry, log, trust.log_origin, (), 0)
            return verify_log_checkpoint(parsed.checkpoint, trust)
        except Tampered as error:
            failure = error
    raise failure or Tampered("authority-missing", where="log")


def verify_log_checkpoint(raw: bytes, trust: Trust) -> Checkpoint:
    """A checkpoint that one of the trust list's log keys signed."""
    failure: Tampered | None = None
    for log in trust.verifiers("log"):
        try:
            return verify_checkpoint(raw, log, trust.log_origin)
        except Tampered as error:
            failure = error
    raise failure or Tampered("authority-missing", where="log")
