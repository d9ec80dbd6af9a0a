"""A folder that somebody else filled: what is read of it is bounded, and nothing outside it is read."""

from pathlib import Path

import pytest

from cbt_station.errors import Tampered
from cbt_station.storage.folder import MOST_NOTE, Folder


def test_a_note_that_is_larger_than_any_note_fills_no_memory(tmp_path: Path) -> None:
    with (tmp_path / "exam-x.note").open("wb") as file:
        file.truncate(MOST_NOTE + 1)  # sparse: costs nothing on the stick
    with pytest.raises(Tampered, match="file-too-large"):
        Folder(tmp_path)["exam-x.note"]


def test_links_and_what_lies_behind_them_are_no_files_of_a_folder(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.note").write_bytes(b"x")
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "link.note").symlink_to(outside / "secret.note")
    (inside / "notes").symlink_to(outside)
    (inside / "loop").symlink_to(inside)
    assert dict(Folder(inside)) == {}
