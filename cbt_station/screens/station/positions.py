"""A position as its applicants know it: the title that the session publishes for a roster's id."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cbt_station.delivery.session_folder import SessionFolder


def titles_in(folder: "SessionFolder") -> Callable[[str], str]:
    """Gives a position's title, read when it is asked for; the id where the session's folder holds no title."""

    def title(position: str) -> str:
        from cbt_station.artefacts import names
        from cbt_station.artefacts.pool import read_positions

        name = names.positions(folder.session)
        if not folder.has(name):
            return position
        listed = read_positions(folder.read(name)).positions
        return next((one.title for one in listed if one.id == position), position)

    return title
