"""What every command over sealed results is given: the tree, the session's folder, the committee's files, the key."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from cbt_station.cli.console import folder, open_keys

if TYPE_CHECKING:
    from cbt_station.sealing.age import HybridIdentity
    from cbt_station.sealing.trust import Trust

Tree = Annotated[Path, typer.Argument(help="the tree of sealed results: notes/, sealed/, proofs/")]
SessionDir = Annotated[Path, typer.Option("--session", help="the session's folder")]
CommitteeDir = Annotated[
    Path, typer.Option("--committee", help="the committee's files: pool, scoring, decisions")
]
OpensKey = Annotated[Path, typer.Option("--key", "--results-key", help="the results key file")]
ResultsKey = Annotated[Path, typer.Option("--results-key", help="the results key file")]
OutDir = Annotated[Path, typer.Option("--out", help="the folder to write to")]
Pin = Annotated[str | None, typer.Option(help="id of the first trust list, as it was printed")]


class Given(NamedTuple):
    """What the options name, read: the folders by file name, the session's and the committee's as one."""

    tree: Mapping[str, bytes]
    files: Mapping[str, bytes]
    trust: "Trust"
    key: "HybridIdentity"


def given(tree: Path, session: Path, committee: Path, key: Path, pin: str | None) -> Given:
    """Read what the options name. Nothing of it is checked but the trust list."""
    from cbt_station.results.opening import merged
    from cbt_station.verify.session import read_trust

    files = folder(session)
    trust = read_trust(files, pin)
    (keys,) = open_keys([key])
    return Given(folder(tree), merged(files, folder(committee)), trust, keys.require_identity())
