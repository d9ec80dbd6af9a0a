"""QR codes of papers: bytes as they are, error level M, one fixed mask (as legal as the best of eight, five times faster).

At most version 17: 504 bytes, whose modules are 0.45 mm at the least printed width of 40 mm. From ISO/IEC 18004.
"""

from functools import lru_cache
from typing import Final, TypeAlias

import qrcode
from qrcode import constants, exceptions
from qrcode.util import QRData

from cbt_station.errors import Refusal

MOST_VERSION: Final = 17
LEAST_WIDTH_MM: Final = 40.0
QUIET_MODULES: Final = 4
_MASK: Final = 2
_BYTES: Final = 4
Run: TypeAlias = tuple[int, int, int]
"""Dark modules side by side: row, first column, how many."""


@lru_cache(maxsize=64)
def modules(data: bytes) -> tuple[int, tuple[Run, ...]]:
    """How many modules a side has, and the dark runs; Refusal("qr-too-long") beyond version 17."""
    code = qrcode.QRCode(error_correction=constants.ERROR_CORRECT_M, mask_pattern=_MASK, border=0)
    code.add_data(QRData(data, mode=_BYTES, check_data=False))
    try:
        code.make(fit=True)
    except (exceptions.DataOverflowError, ValueError) as error:
        raise Refusal("qr-too-long", size=len(data)) from error
    if code.version > MOST_VERSION:
        raise Refusal("qr-too-long", size=len(data))
    rows = code.modules
    return len(rows), tuple(run for at, row in enumerate(rows) for run in _runs(at, row))


def _runs(at: int, row: list[bool | None]) -> list[Run]:
    runs: list[Run] = []
    first: int | None = None
    for column, dark in enumerate([*row, False]):
        if dark and first is None:
            first = column
        elif not dark and first is not None:
            runs.append((at, first, column - first))
            first = None
    return runs
