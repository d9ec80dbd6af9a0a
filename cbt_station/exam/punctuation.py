"""Which signs hold on to what stands beside them: no line begins with one that closes, none ends with one that opens.

Unicode's rules for lines (UAX 14) allow a break on both sides of an object in a text, a formula or a field, but not before
its full stop nor after its bracket. Screen and paper fill their lines with different engines; this is what both ask.
Beyond the classes CL, CP, EX, IS, SY and QU a percent sign, a hyphen and the signs that no script begins a line with hold
on to an object too: a line of a form that begins with them is read as something else.
"""

import unicodedata
from typing import Final

_CLOSING: Final = frozenset("!,./:;?%‰°′″\"'-‐‑–—…‥‼⁇⁈⁉،؛؟٪۔।॥᭝᭞᭟᨞᨟꧇꧈꧉、。，．：；？！％‧・ー々〻ゝゞヽヾ")
_OPENING: Final = frozenset("¿¡")


def closes(sign: str) -> bool:
    """Whether a sign holds on to what stands before it. A straight quotation mark beside an object is taken to close."""
    return sign in _CLOSING or unicodedata.category(sign) in ("Pe", "Pf")


def opens(sign: str) -> bool:
    """Whether a sign holds on to what stands after it."""
    return sign in _OPENING or unicodedata.category(sign) in ("Ps", "Pi")
