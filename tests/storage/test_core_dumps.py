"""No memory on the disk: neither a core file nor a dumpable process, told by the kernel itself."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a switch of Linux")

_PROGRAM = """
import os, resource, sys
from cbt_station.storage.core_dumps import forbid_core_dumps, may_dump
most = resource.getrlimit(resource.RLIMIT_CORE)[1]
resource.setrlimit(resource.RLIMIT_CORE, (most if most == 0 else 1 << 20, most))  # the beginning of a core is enough
before = may_dump()
if "forbid" in sys.argv:
    forbid_core_dumps()
print(before, may_dump(), open("/proc/self/limits").read().split("Max core file size")[1].split()[:2], flush=True)
os.abort()
"""


def run(folder: Path, *arguments: str) -> list[str]:
    ran = subprocess.run(
        [sys.executable, "-c", _PROGRAM, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    assert ran.returncode == -6, ran.stderr
    return ran.stdout.split()


def cores(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if "core" in path.name]


def test_a_process_that_forbids_it_leaves_no_core_when_it_dies(tmp_path: Path) -> None:
    before, after, *limits = run(tmp_path, "forbid")
    assert (before, after) == ("True", "False")
    assert "".join(limits) == "['0','0']"
    assert cores(tmp_path) == []


def test_the_same_process_would_have_left_one(tmp_path: Path) -> None:
    """Otherwise the test above proves nothing; where the machine writes cores elsewhere, it cannot be seen."""
    _, after, *limits = run(tmp_path)
    pattern = Path("/proc/sys/kernel/core_pattern").read_text()
    if "1048576" not in "".join(limits) or pattern.startswith(("|", "/")):
        pytest.skip("this machine writes no core files here")
    assert after == "True"
    assert cores(tmp_path)
