"""None, True and False made immortal before Qt is used, on the Pythons where they are not yet.

WORKAROUND for PySide6 6.12: its wheels are built as for Python 3.12, where the three are immortal (PEP 683), and give
them back without taking a reference. On 3.11 every `setText` takes one reference to None away, and after some thousand
of them, in the middle of an exam, the interpreter aborts ("none_dealloc"; measured: 100 calls, 100 references).
So each gets more references than any program can use up. Goes when Python 3.11 goes, or when a wheel counts again
(`tests/screens/test_immortal.py` says so).
"""

import sys
from typing import Final

_MANY: Final = 1 << 40


def make_immortal() -> None:
    """Once a process, before the first call of Qt."""
    if sys.version_info >= (3, 12) or sys.implementation.name != "cpython":
        return
    import ctypes

    for single in (None, True, False):
        count = ctypes.c_ssize_t.from_address(id(single))  # the first field of every object before 3.12
        if count.value < _MANY:
            count.value += _MANY
