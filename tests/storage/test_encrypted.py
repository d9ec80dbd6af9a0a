"""The encrypted database: what a commit promises, and what is refused.

Power cuts of the real process are in tests/delivery; here are the settings that make them survivable, rollback, and the
wrong key, the wrong version and the broken disk.
"""

import pytest

from cbt_station.errors import Refusal, Trouble
from cbt_station.storage.encrypted import open_database
from tests.storage.refusing_disk import RefusingDisk

KEY = bytes(range(32))


@pytest.fixture
def database(tmp_path):
    path = tmp_path / "answers.db"
    opened = open_database(path, KEY, must_exist=False)
    with opened.transaction():
        opened.execute("CREATE TABLE answer (item TEXT)")
    yield path, opened
    opened.close()


def count(opened) -> int:
    return opened.read("SELECT count(*) FROM answer")[0][0]


def test_a_rolled_back_record_is_gone(database):
    _, opened = database

    def write_and_fail():
        with opened.transaction():
            opened.execute("INSERT INTO answer VALUES ('a')")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    assert count(opened) == 0
    with opened.transaction():
        opened.execute_each("INSERT INTO answer VALUES (?)", [("b",), ("c",)])
    assert count(opened) == 2


def test_what_is_not_committed_is_not_there_for_the_next_program(database):
    path, opened = database
    transaction = opened.transaction()
    transaction.__enter__()
    opened.execute("INSERT INTO answer VALUES ('a')")
    opened.close()
    again = open_database(path, KEY, must_exist=True)
    assert count(again) == 0
    again.close()


def test_every_setting_that_keeps_answers_is_on_again_after_reopening(database):
    path, opened = database
    opened.close()
    again = open_database(path, KEY, must_exist=True)
    found = {
        name: again.read(f"PRAGMA {name}")[0][0]
        for name in ("journal_mode", "synchronous", "mmap_size", "cell_size_check", "trusted_schema")
    }
    again.close()
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "mmap_size": 0,
        "cell_size_check": 1,
        "trusted_schema": 0,
    }


def test_nothing_of_an_answer_is_readable_in_the_files(database):
    path, opened = database
    with opened.transaction():
        opened.execute("INSERT INTO answer VALUES ('a very recognisable answer')")
    for file in path.parent.iterdir():
        assert b"recognisable" not in file.read_bytes(), file.name


def test_the_wrong_key_is_trouble_and_changes_nothing(database):
    path, opened = database
    opened.close()
    before = path.read_bytes()
    with pytest.raises(Trouble) as refused:
        open_database(path, bytes(32), must_exist=True)
    assert refused.value.code == "database-unreadable"
    assert path.read_bytes() == before


def test_an_older_program_refuses_newer_data(tmp_path):
    path = tmp_path / "answers.db"
    open_database(path, KEY, must_exist=False, schema=2).close()
    with pytest.raises(Refusal) as refused:
        open_database(path, KEY, must_exist=True, schema=1)
    assert (refused.value.code, refused.value.facts) == ("data-too-new", {"found": 2, "known": 1})
    open_database(path, KEY, must_exist=True, schema=3).close()


def test_a_database_that_must_be_there_is_not_made(tmp_path):
    with pytest.raises(Trouble) as refused:
        open_database(tmp_path / "answers.db", KEY, must_exist=True)
    assert refused.value.code == "database-missing"
    assert list(tmp_path.iterdir()) == []


def test_a_failed_commit_is_final_for_that_database(database):
    path, opened = database
    well = opened._connection
    opened._connection = RefusingDisk(well)
    with pytest.raises(Trouble, match="disk-failed"), opened.transaction():
        opened.execute("INSERT INTO answer VALUES ('a')")
    opened._connection = well
    with pytest.raises(Trouble), opened.transaction():
        pytest.fail("a database that failed once is not written again")
    with pytest.raises(Trouble):
        opened.checkpoint()
    opened.close()
    again = open_database(path, KEY, must_exist=True)
    assert count(again) == 0
    again.close()


def test_a_damaged_page_is_trouble(database):
    path, opened = database
    with opened.transaction():
        opened.execute("INSERT INTO answer VALUES ('a')")
    opened.close()
    data = bytearray(path.read_bytes())
    data[4096 + 100] ^= 1
    path.write_bytes(data)
    again = open_database(path, KEY, must_exist=True)
    with pytest.raises(Trouble) as refused:
        again.read("SELECT * FROM answer")
    again.close()
    assert refused.value.code in ("database-damaged", "database-unreadable", "disk-failed")
