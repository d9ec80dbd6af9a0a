"""Secret keys in a file under a passphrase: armored age with scrypt, so that `age -d` opens it too.

The content is text, a key a line; what the lines mean is the caller's business, as is the file itself.
"""

import io
import unicodedata

from cbt_station.errors import Refusal, Tampered
from cbt_station.sealing.age import Passphrase, armor, dearmor, decrypt, encrypt
from cbt_station.sealing.age_header import read_header

_MOST_BYTES = 1 << 20


def lock(secret_lines: str, passphrase: str, log_n: int = 18) -> bytes:
    """The file's bytes. At the default cost opening takes about a second and 256 MiB."""
    return armor(encrypt(secret_lines.encode(), _typed(passphrase, log_n))).encode("ascii")


def unlock(data: bytes, passphrase: str) -> str:
    """The lines, or Refusal("passphrase-wrong"); Tampered if the file is not one of these or was changed."""
    if len(data) > _MOST_BYTES:
        raise Tampered("keyfile-malformed")
    sealed = dearmor(data)
    if not any(stanza.kind == "scrypt" for stanza in read_header(io.BytesIO(sealed)).stanzas):
        raise Tampered("keyfile-malformed")  # locked to a key: no passphrase will ever do
    try:
        plain = decrypt(sealed, _typed(passphrase))
    except Refusal as refusal:
        if refusal.code != "age-no-match":
            raise
        raise Refusal("passphrase-wrong") from refusal
    try:
        return plain.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Tampered("keyfile-malformed") from error


def _typed(passphrase: str, log_n: int = 18) -> Passphrase:
    """One spelling of what was typed: keyboards differ in how they compose é."""
    return Passphrase(unicodedata.normalize("NFC", passphrase), log_n)
