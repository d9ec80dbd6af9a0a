"""What a sync did, file by file where something was not ordinary. It goes on after a bad file and says so at the end."""

from typing import NoReturn

from msgspec import Struct

from cbt_station.errors import Failure, Refusal, Tampered, Trouble


class Kept(Struct, frozen=True):
    """A file that did not go through. `kind` is the failure's, `where` the file's name in the tree."""

    where: str
    kind: str
    code: str
    facts: dict[str, str] = {}


class Report(Struct, frozen=True, kw_only=True):
    """`receipts`: proofs brought back and verified; `twins`: named, and kept apart where they went."""

    sent: int = 0
    already: int = 0
    receipts: int = 0
    unproven: int = 0
    """Receipts that could have come but for a trust list to check them with."""
    twins: tuple[Kept, ...] = ()
    failed: tuple[Kept, ...] = ()
    strangers: tuple[str, ...] = ()
    """Names in the source that belong to no tree: not followed, not copied."""

    def require_clean(self) -> None:
        """Raise the worst of what did not go through: false evidence first, then trouble, then a refusal."""
        for kind in ("tampered", "trouble", "refusal"):
            for one in (*self.twins, *self.failed):
                if one.kind == kind:
                    raise_again(one)


def kept(where: str, failure: Failure) -> Kept:
    return Kept(where, failure.kind, failure.code, {name: str(fact) for name, fact in failure.facts.items()})


def raise_again(one: Kept) -> NoReturn:
    """The failure that a report carries: its kind, code and facts as they were."""
    kinds: dict[str, type[Failure]] = {"refusal": Refusal, "tampered": Tampered, "trouble": Trouble}
    raise kinds[one.kind](one.code, where=one.where, **one.facts)
