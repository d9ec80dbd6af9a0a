"""`SESSION.pool`: ids, cells, units, fixed flags and the blueprint, no texts. Published with the reveal.

And `SESSION.positions`: the positions of the session with their quotas, public from the start.
"""

from msgspec import Struct

from cbt_station.errors import Refusal, Tampered
from cbt_station.exam.blueprint import Blueprint
from cbt_station.exam.form import PoolItem, check_pool
from cbt_station.exam.interactions import is_shuffled, ordered_options
from cbt_station.exam.item import ShownItem
from cbt_station.sealing import strict_json
from cbt_station.sealing.body import Mode


class Pool(Struct, frozen=True, forbid_unknown_fields=True, tag="cbt-station/pool/v1", tag_field="type"):
    """The draw's whole input besides the share, the draw and a commitment. `salt`: 16 bytes, hex."""

    mode: Mode
    session: str
    salt: str
    edition: str
    blueprint: Blueprint
    items: tuple[PoolItem, ...]

    def item(self, item_id: str) -> PoolItem:
        """The pool's entry of an item, or Tampered("pool-mismatch")."""
        for item in self.items:
            if item.id == item_id:
                return item
        raise Tampered("pool-mismatch", item=item_id)


class Position(Struct, frozen=True, forbid_unknown_fields=True):
    """A position that candidates apply for."""

    id: str
    title: str
    quota: int


class Positions(
    Struct, frozen=True, forbid_unknown_fields=True, tag="cbt-station/positions/v1", tag_field="type"
):
    """The session's positions, by id."""

    mode: Mode
    session: str
    positions: tuple[Position, ...]

    def quotas(self) -> dict[str, int]:
        return {position.id: position.quota for position in self.positions}


def write_pool(pool: Pool) -> bytes:
    return strict_json.encode(pool)


def read_pool(data: bytes) -> Pool:
    """A pool as it was written. That it gives a form to everyone is `require_drawable`."""
    return strict_json.decode(data, Pool, "pool")


def require_drawable(pool: Pool) -> None:
    """Tampered("pool-undrawable") where a draw could fail: sealing refuses such a pool, so a signed one is false."""
    try:
        check_pool(pool.blueprint, pool.items)
    except Refusal as refusal:
        raise Tampered("pool-undrawable", where=refusal.where, reason=refusal.code) from refusal


def write_positions(positions: Positions) -> bytes:
    return strict_json.encode(positions)


def read_positions(data: bytes) -> Positions:
    """The positions, each once and with a quota that can be filled."""
    positions = strict_json.decode(data, Positions, "positions")
    ids = [position.id for position in positions.positions]
    if len(set(ids)) != len(ids) or any(position.quota < 0 for position in positions.positions):
        raise Tampered("malformed", where="positions")
    return positions


def require_agreement(pool: Pool, item: ShownItem) -> None:
    """An item of the package offers exactly the options that the pool lists, else Tampered("pool-mismatch")."""
    listed = pool.item(item.id)
    for shown in item.languages.values():
        offered = tuple((option.id, option.fixed) for option in ordered_options(shown.interaction))
        if (
            offered != tuple((option.id, option.fixed) for option in listed.options)
            or is_shuffled(shown.interaction) != listed.shuffle
            or item.stimulus != listed.stimulus
        ):
            raise Tampered("pool-mismatch", item=item.id)
