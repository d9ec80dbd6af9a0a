"""What is in memory stays there: no core dump of a process that holds items, answers or keys.

A limit of zero keeps the kernel from writing a core file, but not from piping one to a crash reporter (core(5): a pipe
in core_pattern ignores the limit); a process that is not dumpable gives neither, and no other process of the same user
can read its memory. A program that is started from here is dumpable again, the limit stays.

Linux only. On Windows dumps are a setting of the machine (off unless somebody turns Error Reporting's local dumps on).
Swap is the machine's business too: the documents ask for encrypted swap or none.
"""

import ctypes
import sys
from typing import Final

_PR_GET_DUMPABLE: Final = 3
_PR_SET_DUMPABLE: Final = 4


def forbid_core_dumps() -> None:
    """For this process and for good. Where the system has no such switch, nothing happens."""
    if sys.platform != "linux":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def may_dump() -> bool:
    """Whether this process could leave its memory behind."""
    if sys.platform != "linux":
        return True
    import resource

    return resource.getrlimit(resource.RLIMIT_CORE) != (0, 0) or bool(
        ctypes.CDLL(None).prctl(_PR_GET_DUMPABLE, 0, 0, 0, 0)
    )
