"""The form of a candidate: joins seed and stream to `exam.form`. Anyone can run it again after the reveal.

seed   = HMAC-SHA256(share, draw's text ‖ 0x00 ‖ session)
stream = HMAC_DRBG(entropy = seed, nonce = the candidate's 32-byte commitment, personalisation `cbt-station/form/v1`)
"""

import hashlib
import hmac

from cbt_station.artefacts.names import is_id
from cbt_station.artefacts.pool import Pool
from cbt_station.errors import Tampered
from cbt_station.exam.form import Form, draw_form
from cbt_station.sealing.drbg import HmacDrbg, Stream

PERSONALISATION = b"cbt-station/form/v1"


def seed(share: bytes, draw_value: str, session: str) -> bytes:
    """The session's seed, in nobody's hand before the draw."""
    return hmac.new(share, draw_value.encode() + b"\x00" + session.encode(), hashlib.sha256).digest()


def form_of(pool: Pool, share: bytes, draw_value: str, candidate_commitment: str) -> Form:
    """The form that belongs to a commitment, and to no other."""
    if not is_id(candidate_commitment):
        raise Tampered("malformed", where="commitment")
    drbg = HmacDrbg(
        seed(share, draw_value, pool.session), bytes.fromhex(candidate_commitment), PERSONALISATION
    )
    return draw_form(pool.blueprint, pool.items, Stream(drbg).below)
