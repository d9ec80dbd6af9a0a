"""The deterministic random stream from which forms are drawn, so that anyone can draw them again.

HMAC_DRBG with SHA-256 (NIST SP 800-90A Rev. 1, section 10.1.2) without reseeding, and `Stream`, which makes whole
numbers of it. Not for keys: those come from the system's randomness.
"""

import hmac

MOST_BYTES_A_REQUEST = 1 << 16
_WORDS = 1 << 32


class HmacDrbg:
    """HMAC_DRBG-SHA256. Each `generate` is one request: two of 16 bytes give other bytes than one of 32."""

    def __init__(self, entropy: bytes, nonce: bytes, personalisation: bytes = b"") -> None:
        self._key, self._value = bytes(32), b"\x01" * 32
        self._update(entropy + nonce + personalisation)

    def generate(self, length: int, additional: bytes = b"") -> bytes:
        """The next `length` bytes, at most 65,536. Forms use no additional input; NIST's vectors do."""
        if not 0 < length <= MOST_BYTES_A_REQUEST:
            raise ValueError(f"one request gives 1 to {MOST_BYTES_A_REQUEST} bytes, not {length}")
        if additional:
            self._update(additional)
        output = b""
        while len(output) < length:
            self._value = self._hmac(self._value)
            output += self._value
        self._update(additional)
        return output[:length]

    def _update(self, data: bytes) -> None:
        for round_mark in (b"\x00", b"\x01") if data else (b"\x00",):
            self._key = self._hmac(self._value + round_mark + data)
            self._value = self._hmac(self._value)

    def _hmac(self, message: bytes) -> bytes:
        return hmac.digest(self._key, message, "sha256")


class Stream:
    """Whole numbers from a generator, each value as likely as any other.

    The generator is asked for exactly 32 bytes at a time and only when the last ones are used up. They are read as
    eight numbers of 4 bytes, big-endian. A number from ⌊2³²/n⌋·n up is thrown away; else the answer is it mod n.
    A published vector is in tests/sealing/test_drbg.py.
    """

    def __init__(self, drbg: HmacDrbg) -> None:
        self._drbg = drbg
        self._unread = b""

    def below(self, n: int) -> int:
        """A number from 0 to n - 1. Also below(1) uses up a number."""
        if not 1 <= n <= _WORDS:
            raise ValueError(f"a number below {n} cannot be drawn from 32 bits")
        fair = _WORDS // n * n
        while (drawn := self._next_word()) >= fair:
            pass
        return drawn % n

    def _next_word(self) -> int:
        if not self._unread:
            self._unread = self._drbg.generate(32)
        word, self._unread = self._unread[:4], self._unread[4:]
        return int.from_bytes(word)
