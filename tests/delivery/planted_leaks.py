"""Leaks that the search for canaries must find before it may be believed: each is planted into the real process."""

import base64
import os
import pickle
import tempfile
from collections.abc import Callable
from pathlib import Path

from cbt_station.delivery import station as stations
from cbt_station.delivery.running import RunningSitting
from cbt_station.delivery.session_folder import Content
from cbt_station.delivery.sitting_folder import SittingFolder


def item_in_a_temporary_file() -> None:
    """A cache of items, to be faster."""
    kept = Content.item

    def item(self, item_id):  # type: ignore[no-untyped-def]
        shown = kept(self, item_id)
        with tempfile.NamedTemporaryFile(delete=False) as file:
            pickle.dump(shown, file)
        return shown

    Content.item = item  # type: ignore[method-assign]


def item_in_an_unlinked_file() -> None:
    """The same in a file without a name."""
    kept, files = Content.item, []

    def item(self, item_id):  # type: ignore[no-untyped-def]
        shown = kept(self, item_id)
        file = tempfile.TemporaryFile()  # noqa: SIM115 - it stays open on purpose
        file.write(repr(shown).encode())
        file.flush()
        files.append(file)
        return shown

    Content.item = item  # type: ignore[method-assign]


def name_in_a_log() -> None:
    """A log line at check-in, as Windows programs write them."""
    kept = stations.view_candidate  # type: ignore[attr-defined]

    def view_candidate(entry):  # type: ignore[no-untyped-def]
        Path("station.log").write_text(f"check-in {entry.name}", encoding="utf-16")
        return kept(entry)

    stations.view_candidate = view_candidate  # type: ignore[attr-defined]


def photo_beside_the_data() -> None:
    """A cached picture."""
    kept = stations.view_candidate  # type: ignore[attr-defined]

    def view_candidate(entry):  # type: ignore[no-untyped-def]
        (Path(os.environ["HOME"]) / "photo.jpg").write_bytes(base64.b64decode(entry.photo))
        return kept(entry)

    stations.view_candidate = view_candidate  # type: ignore[attr-defined]


def code_on_standard_error() -> None:
    """A helpful trace."""
    kept = stations.unlock_session  # type: ignore[attr-defined]

    def unlock_session(folder, store, data, passphrase, code, now, **more):  # type: ignore[no-untyped-def]
        os.write(2, f"unlock with {code}\n".encode())
        return kept(folder, store, data, passphrase, code, now, **more)

    stations.unlock_session = unlock_session  # type: ignore[attr-defined]


def key_kept_in_base64() -> None:
    """R in a file of its own, so that a restart is faster."""
    kept = stations.start_sitting  # type: ignore[attr-defined]

    def start_sitting(folder, store, unlocked, *more):  # type: ignore[no-untyped-def]
        (store.path / "r.b64").write_bytes(base64.b64encode(b"R " + unlocked.identity.seed))
        return kept(folder, store, unlocked, *more)

    stations.start_sitting = start_sitting  # type: ignore[attr-defined]


def answers_in_the_second_place() -> None:
    """A plain copy of each line on the stick, for people to read."""
    kept = RunningSitting._append

    def append(self, events, clock):  # type: ignore[no-untyped-def]
        kept(self, events, clock)
        if self.second is not None:
            (self.second.folder / "jawaban.txt").write_text(self.facts.candidate.number)

    RunningSitting._append = append  # type: ignore[method-assign]


def database_key_beside_the_journal() -> None:
    """The journal's key in hex, for a repair tool."""
    kept = stations.Station._enter

    def enter(self, opened, *where):  # type: ignore[no-untyped-def]
        (opened.folder.path / "key.hex").write_text(opened.database_key.hex())
        return kept(self, opened, *where)

    stations.Station._enter = enter  # type: ignore[method-assign]


def keys_stay_after_sealing() -> None:
    """Nothing is destroyed."""
    SittingFolder.destroy_keys = lambda _self: None  # type: ignore[method-assign, assignment]


def core() -> None:
    """Core dumps stay allowed."""
    stations.forbid_core_dumps = lambda: None  # type: ignore[attr-defined]


LEAKS: dict[str, tuple[Callable[[], None], str]] = {
    function.__name__: (function, moment)
    for function, moment in (
        (item_in_a_temporary_file, "after start"),
        (item_in_an_unlinked_file, "after start"),
        (name_in_a_log, "after check-in"),
        (photo_beside_the_data, "after check-in"),
        (code_on_standard_error, "after unlock"),
        (key_kept_in_base64, "after start"),
        (answers_in_the_second_place, "second copy on the stick"),
        (database_key_beside_the_journal, "after start"),
        (keys_stay_after_sealing, "after sealing"),
        (core, "the beginning"),
    )
}
"""By name: what plants it, and the moment at which it has to be found."""
