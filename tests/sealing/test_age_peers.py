"""Files exchanged both ways with two other implementations of age: pyrage (Rust) and npm's age-encryption (TypeScript).

pyrage has no hybrid keys, age-encryption has; it is fetched by packaging/fetch_interop.sh.
"""

import base64
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pyrage
import pytest

from cbt_station.sealing.age import (
    HybridIdentity,
    HybridRecipient,
    Passphrase,
    X25519Identity,
    X25519Recipient,
    armor,
    decrypt,
    encrypt,
)

PACKAGE = Path(__file__).parents[2] / "build/interop/node_modules/age-encryption"
LENGTHS = [0, 1, 65_535, 65_536, 65_537, 200_000]


def content(length: int) -> bytes:
    return (b"Soal nomor 1: \xe2\x80\xa6\n" * (length // 18 + 1))[:length]


@pytest.mark.parametrize("length", LENGTHS)
def test_pyrage_opens_our_x25519_files(length: int) -> None:
    peer = pyrage.x25519.Identity.generate()
    sealed = encrypt(content(length), X25519Recipient.parse(str(peer.to_public())))
    assert pyrage.decrypt(sealed, [peer]) == content(length)


@pytest.mark.parametrize("length", LENGTHS)
def test_we_open_pyrage_s_x25519_files(length: int) -> None:
    ours = X25519Identity.generate()
    peer = pyrage.x25519.Recipient.from_str(ours.recipient.text)
    assert decrypt(pyrage.encrypt(content(length), [peer]), ours) == content(length)


def test_keys_are_spelled_as_pyrage_spells_them() -> None:
    ours = X25519Identity.generate()
    theirs = pyrage.x25519.Identity.from_str(ours.text)
    assert (str(theirs), str(theirs.to_public())) == (ours.text, ours.recipient.text)


def test_pyrage_opens_our_passphrase_files_also_armored() -> None:
    sealed = encrypt(b"kunci", Passphrase("kata sandi", log_n=10))
    assert pyrage.passphrase.decrypt(sealed, "kata sandi") == b"kunci"
    assert pyrage.passphrase.decrypt(armor(sealed).encode(), "kata sandi") == b"kunci"


Ask = Callable[..., dict[str, str]]


@pytest.fixture(scope="module")
def ask() -> Ask:
    """Put a request to age-encryption; bytes go and come as base64."""
    node = shutil.which("node")
    if node is None or not PACKAGE.is_dir():
        pytest.skip("needs node and npm's age-encryption: run packaging/fetch_interop.sh")

    def put(act: str, **fields: str) -> dict[str, str]:
        answer = subprocess.run(
            [node, str(Path(__file__).with_name("age_peer.mjs")), str(PACKAGE)],
            input=json.dumps({"act": act, **fields}).encode(),
            capture_output=True,
            check=True,
            timeout=60,
        )
        return json.loads(answer.stdout)

    return put


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


@pytest.mark.parametrize("length", [0, 65_536, 200_000])
def test_age_encryption_opens_our_hybrid_files(ask: Ask, length: int) -> None:
    ours = HybridIdentity.generate()
    sealed = encrypt(content(length), HybridIdentity.generate().recipient, ours.recipient)
    opened = ask("decrypt", identity=ours.text, data=b64(sealed))
    assert base64.b64decode(opened["data"]) == content(length)


@pytest.mark.parametrize("length", [0, 65_536, 200_000])
def test_we_open_age_encryption_s_hybrid_files(ask: Ask, length: int) -> None:
    keys = ask("keys")
    ours = HybridIdentity.parse(keys["identity"])
    assert ours.recipient == HybridRecipient.parse(keys["recipient"])
    sealed = ask("encrypt", recipient=keys["recipient"], data=b64(content(length)))
    assert decrypt(base64.b64decode(sealed["data"]), ours) == content(length)


def test_age_encryption_and_we_read_each_other_s_passphrase_files_and_armor(ask: Ask) -> None:
    sealed = encrypt(b"kunci", Passphrase("kata sandi", log_n=10))
    assert base64.b64decode(ask("dearmor", text=armor(sealed))["data"]) == sealed
    assert ask("decrypt", passphrase="kata sandi", data=b64(sealed))["data"] == b64(b"kunci")
    theirs = ask("encrypt", passphrase="kata sandi", data=b64(b"kunci"))
    assert decrypt(base64.b64decode(theirs["data"]), Passphrase("kata sandi")) == b"kunci"
