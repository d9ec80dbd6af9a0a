"""Where fonts, icons and pictures lie: beside a checkout, or in the wheel's data package.

Only paths; nothing here opens a file.
"""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from cbt_station.errors import Trouble

_CHECKOUT = Path(__file__).resolve().parents[2] / "assets"


@cache
def assets() -> Path:
    """The folder with `fonts/` and `icons/`; raises Trouble where the program was installed without it."""
    if (_CHECKOUT / "fonts").is_dir():
        return _CHECKOUT
    spec = find_spec("cbt_station_data")
    for place in (spec.submodule_search_locations or []) if spec else []:
        if (Path(place) / "assets" / "fonts").is_dir():
            return Path(place) / "assets"
    raise Trouble("assets-missing", where=str(_CHECKOUT))


def asset(*parts: str) -> Path:
    """One file of the assets: `asset("icons", "flag.svg")`."""
    return assets().joinpath(*parts)
