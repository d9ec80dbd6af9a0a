"""Age files that were made once are kept: `encrypt` gives the one that is there for the same content and recipients.

age draws a fresh key for every file, so nobody makes the same bytes twice. With this the rest of the golden files, which
hold hashes of age files, comes out the same however often it is made.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from cbt_station.errors import Failure
from cbt_station.sealing import age
from cbt_station.sealing.age import HybridIdentity, Passphrase

_USERS = ("cbt_station.assembly.session", "cbt_station.artefacts.unlock", "tests.world", "tests.golden.make")


class Kept:
    """What lies in a folder, by content and first recipient."""

    def __init__(self, folder: Path, identities: list[HybridIdentity], passphrases: list[str]) -> None:
        self._identities, self._passphrases = identities, passphrases
        self._known: dict[tuple[bytes, str], bytes] = {}
        for path in sorted(folder.rglob("*.age")):
            self._open(path.read_bytes())

    def _open(self, sealed: bytes) -> None:
        for identity in self._identities:
            plain = _opened(sealed, identity)
            if plain is not None:
                self._known.setdefault((plain, identity.recipient.text), sealed)
                if plain.startswith(b"age-encryption.org/"):
                    self._open_inner(plain)

    def _open_inner(self, sealed: bytes) -> None:
        for passphrase in self._passphrases:
            plain = _opened(sealed, Passphrase(passphrase))
            if plain is not None:
                self._known.setdefault((plain, passphrase), sealed)

    def encrypt(self, plaintext: bytes, *recipients: age.Recipient) -> bytes:
        first = recipients[0]
        name = first.passphrase if isinstance(first, Passphrase) else first.text
        return self._known.get((plaintext, name)) or age.encrypt(plaintext, *recipients)


def _opened(sealed: bytes, identity: age.Identity) -> bytes | None:
    try:
        return age.decrypt(sealed, identity)
    except Failure:
        return None


@contextmanager
def keeping(folder: Path, identities: list[HybridIdentity], passphrases: list[str]) -> Iterator[None]:
    """Inside, whoever seals gets the files of `folder` again."""
    kept = Kept(folder, identities, passphrases)
    patches = [patch(f"{user}.encrypt", kept.encrypt) for user in _USERS]
    for one in patches:
        one.start()
    try:
        yield
    finally:
        for one in patches:
            one.stop()
