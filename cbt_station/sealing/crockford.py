"""Codes that people read aloud and type back, in Crockford's base 32: no I, L, O, U.

What is easily misheard or mistyped is read as what was meant. From https://www.crockford.com/base32.html.
"""

from typing import Final

_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MEANT: Final = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})
_MOST_TYPED: Final = 64


def spell(value: int, characters: int) -> str:
    """The last 5 x `characters` bits of a number, in groups of four: "ABCD-EFGH-JKMN"."""
    code = "".join(_LETTERS[value >> 5 * place & 31] for place in reversed(range(characters)))
    return "-".join(code[at : at + 4] for at in range(0, characters, 4))


def meant(typed: str, characters: int) -> str | None:
    """The characters that were meant, upper case without hyphens; None where they cannot be so many of ours."""
    # Bounded and ASCII first: upper-casing makes SS of ß.
    if len(typed) > _MOST_TYPED or not typed.isascii():
        return None
    code = typed.strip().upper().translate(_MEANT)
    return code if len(code) == characters and set(code) <= set(_LETTERS) else None


def value_of(code: str) -> int:
    """The number that characters from `meant` stand for."""
    value = 0
    for letter in code:
        value = value << 5 | _LETTERS.index(letter)
    return value
