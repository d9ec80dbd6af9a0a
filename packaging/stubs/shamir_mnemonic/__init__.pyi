"""Types of shamir-mnemonic 0.3, as far as `sealing/quorum.py` uses it; the package has none."""

from collections.abc import Iterable, Sequence

from .shamir import EncryptedMasterSecret, ShareGroup
from .share import Share as Share

class MnemonicError(Exception): ...

def generate_mnemonics(
    group_threshold: int,
    groups: Sequence[tuple[int, int]],
    master_secret: bytes,
    passphrase: bytes = ...,
    extendable: bool = ...,
    iteration_exponent: int = ...,
) -> list[list[str]]: ...
def decode_mnemonics(mnemonics: Iterable[str]) -> dict[int, ShareGroup]: ...
def recover_ems(groups: dict[int, ShareGroup]) -> EncryptedMasterSecret: ...
