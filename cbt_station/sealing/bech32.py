"""Bech32 as age spells its keys: BIP 173 without its limit of length.

Strict: one spelling a key. The prefix comes from the caller, in the case in which age writes it (recipients lower,
identities upper), and what decodes must encode back to the same text. No error-correction, no Bech32m.
"""

from functools import reduce
from operator import xor

from cbt_station.errors import Refusal

_ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_VALUE = {letter: value for value, letter in enumerate(_ALPHABET)}
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECKSUM_LETTERS = 6
_FOLDED = tuple(
    reduce(xor, (generator for bit, generator in enumerate(_GENERATORS) if top >> bit & 1), 0)
    for top in range(32)
)
"""What the five bits that fall out of the checksum add to it."""


def encode(prefix: str, data: bytes) -> str:
    """The text of a key; upper case throughout if the prefix is."""
    values = _to_fives(data)
    text = prefix.lower() + "1" + "".join(_ALPHABET[value] for value in values + _checksum(prefix, values))
    return text.upper() if prefix.isupper() else text


def decode(prefix: str, text: str, length: int) -> bytes:
    """The `length` bytes behind a text, or Refusal("age-key-malformed")."""
    letters = text[len(prefix) + 1 : -_CHECKSUM_LETTERS].lower()
    values = [_VALUE[letter] for letter in letters if letter in _VALUE]
    data = _from_fives(values, length)
    # One comparison holds prefix, case, length, padding bits, alphabet and checksum.
    if encode(prefix, data) != text:
        raise Refusal("age-key-malformed", expected=f"{prefix}1…")
    return data


def _to_fives(data: bytes) -> list[int]:
    bits = len(data) * 8
    padding = -bits % 5
    number = int.from_bytes(data) << padding
    return [number >> shift & 31 for shift in range(bits + padding - 5, -1, -5)]


def _from_fives(values: list[int], length: int) -> bytes:
    """The first `length` bytes in the values (zeros where values are missing: encoding back shows it)."""
    number = 0
    for value in values[: (length * 8 + 4) // 5]:
        number = number << 5 | value
    return (number >> (-length * 8 % 5)).to_bytes(length)


def _checksum(prefix: str, values: list[int]) -> list[int]:
    lower = prefix.lower()
    spread = [ord(letter) >> 5 for letter in lower] + [0] + [ord(letter) & 31 for letter in lower]
    mixed = _polymod([*spread, *values, *[0] * _CHECKSUM_LETTERS]) ^ 1
    return [mixed >> 5 * (5 - place) & 31 for place in range(_CHECKSUM_LETTERS)]


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        check = (check & 0x1FFFFFF) << 5 ^ value ^ _FOLDED[check >> 25]
    return check
