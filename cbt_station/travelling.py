"""What travels beside the code: `assets/` (fonts, icons) and `question_banks/`, in a checkout and in a wheel.

Only paths; nothing here opens a file. Imports `errors` only.
"""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from cbt_station.errors import Trouble

_CHECKOUT = Path(__file__).resolve().parents[1]


@cache
def travelling(name: str) -> Path:
    """The folder `assets` or `question_banks`; Trouble("assets-missing") where the program was installed without it."""
    if (_CHECKOUT / "pyproject.toml").is_file() and (_CHECKOUT / name).is_dir():
        return _CHECKOUT / name
    spec = find_spec("cbt_station_data")
    for place in (spec.submodule_search_locations or []) if spec else []:
        if (Path(place) / name).is_dir():
            return Path(place) / name
    raise Trouble("assets-missing", where=name)
