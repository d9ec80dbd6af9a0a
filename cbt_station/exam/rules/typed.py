"""What a typed number is recorded as, where its response is a record.

Source: QTI 3.0 ASI Information Model, stringInteraction: the fields of a record bound to a text entry.
"""

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from cbt_station.exam.rules.values import Held, read_number, same_text

_PARTS: Final = re.compile(r"[+-]?([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]{1,3}))?")


def record_of(text: str) -> Mapping[str, Held]:
    """The text as it was typed, and where it is a number, the number and how it was written."""
    typed = same_text(text.strip())
    fields: dict[str, Held] = {"stringValue": (typed,) if typed else None}
    number, parts = read_number(typed), _PARTS.fullmatch(typed)
    if number is None or parts is None:
        return fields
    left, right, exponent = parts[1] or "", parts[2] or "", parts[3]
    significant = (left + right).lstrip("0")
    fields |= {
        "floatValue": (number,),
        "leftDigits": (Fraction(len(left)),),
        "rightDigits": (Fraction(len(right)),),
        "ndp": (Fraction(max(0, len(right) - int(exponent or 0))),),
        "nsf": (Fraction(len(significant) or 1),),
    }
    if parts[2] is None and exponent is None:
        fields["integerValue"] = (number,)
    if exponent is not None:
        fields["exponent"] = (Fraction(int(exponent)),)
    return fields
