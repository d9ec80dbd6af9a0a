"""Vectors and real banks that stand beside a checkout (`../shared`), or a skip that says so."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


def shared(name: str) -> Path:
    """The file or folder `../shared/NAME`; the test is skipped where it does not stand beside the checkout."""
    found = SHARED / name
    if not found.exists():
        pytest.skip(f"../shared/{name} does not stand beside this checkout")
    return found
