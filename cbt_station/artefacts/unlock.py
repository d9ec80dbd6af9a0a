"""`unlock-SESSION-VENUE.age`: age to the venue, around age scrypt(code), around an identity.

AND by nesting: whoever opens it needs the venue's key and the code. The code's layer is inside, so that outsiders
cannot even start guessing. Wrong code and another venue's code look alike. The same shape holds S with the score code
(`scoring-unlock-…`), and with a quorum's secret in place of a code (`quorum-…`).
"""

from cbt_station.errors import Refusal, Tampered
from cbt_station.sealing.age import HybridIdentity, HybridRecipient, Passphrase, decrypt, encrypt

MOST_BYTES = 16_384


def write_unlock(identity: HybridIdentity, code: str, venue: HybridRecipient, *, log_n: int = 18) -> bytes:
    """Seal `identity` to the venue and the code (12 characters, upper case, no hyphens)."""
    inner = encrypt(identity.text.encode(), Passphrase(code, log_n))
    return encrypt(inner, venue)


def open_unlock(data: bytes, venue: HybridIdentity, code: str, recipient: str) -> HybridIdentity:
    """The identity, or Refusal("venue-key-wrong"), Refusal("code-wrong"), Tampered("unlock-foreign")."""
    if len(data) > MOST_BYTES:
        raise Tampered("malformed", where="unlock file")
    try:
        inner = decrypt(data, venue)
    except Refusal as refusal:
        raise Refusal("venue-key-wrong") from refusal
    try:
        text = decrypt(inner, Passphrase(code))
    except Refusal as refusal:
        if refusal.code == "age-work-factor":  # no code will ever do
            raise Tampered("malformed", where="unlock file") from refusal
        raise Refusal("code-wrong") from refusal
    try:
        identity = HybridIdentity.parse(text.decode("ascii"))
    except (UnicodeDecodeError, Refusal, Tampered) as error:
        raise Tampered("malformed", where="unlock file") from error
    if identity.recipient.text != recipient:
        raise Tampered("unlock-foreign")
    return identity
