"""A stream of uniform whole numbers for tests: SHA-256 of a seed and a counter, read as artefacts' stream is read.

The real stream (HMAC_DRBG) belongs to `sealing`, which `exam` does not know.
"""

import hashlib

from cbt_station.exam.form import Below


def below_from(seed: str) -> Below:
    """A `below(n)` that gives the same numbers for the same seed."""
    count = 0

    def below(n: int) -> int:
        nonlocal count
        while True:
            count += 1
            number = int.from_bytes(hashlib.sha256(f"{seed}/{count}".encode()).digest()[:4])
            if number < 2**32 // n * n:
                return number % n

    return below
