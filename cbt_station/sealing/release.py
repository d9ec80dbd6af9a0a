"""What a session's master secret gives: the identities that open package and scoring, and each venue's codes.

M is 32 bytes, fresh for every session, and split by `quorum` among the release officers. Everything else follows:

    R = hybrid identity from HKDF-SHA256(M, no salt, info "identity", 32 bytes)
    S = hybrid identity from HKDF-SHA256(M, no salt, info "scoring identity", 32 bytes)
    code = the first 12 Crockford characters of HMAC-SHA256(M, "code" 0x00 session 0x00 venue)
    score code = the same with "score code"

A code has 60 bits, is read out by telephone and typed by hand. Whether it is right shows only when it opens the venue's
unlock file.
"""

import hmac

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from cbt_station.errors import Refusal
from cbt_station.sealing import crockford
from cbt_station.sealing.age_recipients import HybridIdentity, hybrid_from_seed

MASTER_BYTES = 32
CODE_CHARACTERS = 12


def identity(master: bytes) -> HybridIdentity:
    """R, which opens the package."""
    return hybrid_from_seed(_derived(master, b"identity"))


def scoring_identity(master: bytes) -> HybridIdentity:
    """S, which opens the scoring file."""
    return hybrid_from_seed(_derived(master, b"scoring identity"))


def code(master: bytes, session: str, venue: str) -> str:
    """A venue's release code, as it is read out: "ABCD-EFGH-JKMN"."""
    return _code(master, "code", session, venue)


def score_code(master: bytes, session: str, venue: str) -> str:
    """A venue's second code, after which scores are shown there."""
    return _code(master, "score code", session, venue)


def read_code(typed: str) -> str:
    """The 12 characters that were meant, upper case without hyphens, or Refusal("code-malformed")."""
    meant = crockford.meant(typed, CODE_CHARACTERS)
    if meant is None:
        raise Refusal("code-malformed")
    return meant


def _code(master: bytes, purpose: str, session: str, venue: str) -> str:
    _require_master(master)
    if "\0" in session + venue:
        raise ValueError("the parts are joined by 0x00, so none may contain it")
    digest = hmac.digest(master, f"{purpose}\0{session}\0{venue}".encode(), "sha256")
    bits = int.from_bytes(digest[:8]) >> 4  # 60 bits, the first 12 groups of five
    return crockford.spell(bits, CODE_CHARACTERS)


def _derived(master: bytes, info: bytes) -> bytes:
    _require_master(master)
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(master)


def _require_master(master: bytes) -> None:
    """Cards of another secret (a venue's quorum has 16 bytes) join as well as the officers' do."""
    if len(master) != MASTER_BYTES:
        raise Refusal("master-length", found=len(master), needed=MASTER_BYTES)
