"""`server`: the centre."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cbt_station.cli.console import AsJson, folder, give, open_keys, say
from cbt_station.errors import Refusal, Trouble

if TYPE_CHECKING:
    from cbt_station.server.centre import Centre


def register(app: typer.Typer) -> None:
    """Hang the command into the application."""
    app.command("server")(server)


def server(
    data: Annotated[Path, typer.Option(help="the centre's data folder")],
    trust: Annotated[Path, typer.Option(help="the folder with trust-1.note …")],
    log_key: Annotated[Path, typer.Option(help="the log's key file")],
    session: Annotated[
        list[Path] | None,
        typer.Option(help="a session's folder: it is registered, and its proofs are written into it"),
    ] = None,
    host: Annotated[str, typer.Option(help="the address to listen at")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535)] = 8080,
    pin: Annotated[str | None, typer.Option(help="id of the first trust list, as it was printed")] = None,
    init: Annotated[bool, typer.Option("--init", help="begin a new log in an empty data folder")] = False,
    serve: Annotated[bool, typer.Option(help="--no-serve: register the sessions and end")] = True,
    as_json: AsJson = False,
) -> None:
    """Register what venues send in the public log, and show it. TLS is the business of what stands before it."""
    from cbt_station.server.centre import Centre
    from cbt_station.server.registry import DATABASE
    from cbt_station.verify.session import read_trust

    begun = (data / DATABASE).exists()
    if init and begun:
        raise Refusal("centre-exists", where=str(data))
    if not init and not begun:
        raise Trouble("centre-missing", where=str(data))
    trusted = read_trust(folder(trust), pin)
    (key,) = open_keys([log_key])
    with Centre.open(data, trusted, key.require_signing()) as centre:
        if init:
            say("server.made", where=str(data))
        _add_sessions(centre, session or [])
        head = centre.head()
        if serve:
            from cbt_station.server.serving import serve as run

            def listening(address: str) -> None:
                say("server.listening", address=address, origin=head.origin, size=head.size)
                if as_json:
                    give(True, address=address, origin=head.origin, size=head.size)

            run(centre, host, port, listening)
        give(as_json, origin=head.origin, size=centre.head().size)


def _add_sessions(centre: "Centre", sessions: Sequence[Path]) -> None:
    from cbt_station.storage.files import make_folder, write_durably
    from cbt_station.verify.session import session_in

    for path in sessions:
        files = folder(path)
        proofs = centre.add_session(files)
        new = {name: proof for name, proof in proofs.items() if name not in files}
        for name, proof in new.items():
            make_folder((path / name).parent)
            write_durably(path / name, proof)
        say("server.session_added", session=session_in(files), count=len(new))
