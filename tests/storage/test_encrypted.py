"""The encrypted database: what a commit promises, and what is refused.

Power cuts of the real process are in tests/delivery; here are the settings that make them survivable, rollback, and the
wrong key, the wrong version and the broken disk.
"""

import pytest
import sqlalchemy as sa

from cbt_station.errors import Refusal, Trouble
from cbt_station.storage.encrypted import Commits, open_database

KEY = bytes(range(32))


@pytest.fixture
def database(tmp_path):
    path = tmp_path / "answers.db"
    engine = open_database(path, KEY, must_exist=False)
    commits = Commits(engine, path)
    with commits.transaction() as connection:
        connection.exec_driver_sql("CREATE TABLE answer (item TEXT)")
    yield path, engine, commits
    engine.dispose()


def count(engine: sa.Engine) -> int:
    with engine.connect() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM answer").scalar_one())


def test_a_rolled_back_record_is_gone(database):
    _, engine, commits = database

    def write_and_fail():
        with commits.transaction() as connection:
            connection.exec_driver_sql("INSERT INTO answer VALUES ('a')")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    assert count(engine) == 0
    with commits.transaction() as connection:
        connection.exec_driver_sql("INSERT INTO answer VALUES ('b')")
    assert count(engine) == 1


def test_every_setting_that_keeps_answers_is_on_again_after_reopening(database):
    path, engine, _ = database
    engine.dispose()
    again = open_database(path, KEY, must_exist=True)
    with again.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "mmap_size", "cell_size_check", "trusted_schema")
        }
    again.dispose()
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "mmap_size": 0,
        "cell_size_check": 1,
        "trusted_schema": 0,
    }


def test_nothing_of_an_answer_is_readable_in_the_files(database):
    path, _, commits = database
    with commits.transaction() as connection:
        connection.exec_driver_sql("INSERT INTO answer VALUES ('a very recognisable answer')")
    for file in path.parent.iterdir():
        assert b"recognisable" not in file.read_bytes(), file.name


def test_the_wrong_key_is_trouble_and_changes_nothing(database):
    path, engine, _ = database
    engine.dispose()
    before = path.read_bytes()
    with pytest.raises(Trouble) as refused:
        open_database(path, bytes(32), must_exist=True)
    assert refused.value.code == "database-unreadable"
    assert path.read_bytes() == before


def test_an_older_program_refuses_newer_data(tmp_path):
    path = tmp_path / "answers.db"
    open_database(path, KEY, must_exist=False, schema=2).dispose()
    with pytest.raises(Refusal) as refused:
        open_database(path, KEY, must_exist=True, schema=1)
    assert (refused.value.code, refused.value.facts) == ("data-too-new", {"found": 2, "known": 1})
    open_database(path, KEY, must_exist=True, schema=3).dispose()


def test_a_database_that_must_be_there_is_not_made(tmp_path):
    with pytest.raises(Trouble) as refused:
        open_database(tmp_path / "answers.db", KEY, must_exist=True)
    assert refused.value.code == "database-missing"
    assert list(tmp_path.iterdir()) == []


def test_a_failed_commit_is_final_for_that_database(database):
    _, engine, commits = database
    connections = []

    def fail(connection):
        connections.append(connection)
        raise sa.exc.OperationalError("COMMIT", None, Exception("disk I/O error"))

    sa.event.listen(engine, "commit", fail)
    with pytest.raises(Trouble) as refused, commits.transaction() as connection:
        connection.exec_driver_sql("INSERT INTO answer VALUES ('a')")
    assert refused.value.code == "disk-failed"
    sa.event.remove(engine, "commit", fail)
    with pytest.raises(Trouble), commits.transaction():
        pytest.fail("a database that failed once is not written again")
    with pytest.raises(Trouble):
        commits.checkpoint()


def test_a_damaged_page_is_trouble(database):
    path, engine, commits = database
    with commits.transaction() as connection:
        connection.exec_driver_sql("INSERT INTO answer VALUES ('a')")
    engine.dispose()
    data = bytearray(path.read_bytes())
    data[4096 + 100] ^= 1
    path.write_bytes(data)
    again = open_database(path, KEY, must_exist=True)
    with pytest.raises(Trouble) as refused, Commits(again, path).transaction() as connection:
        connection.exec_driver_sql("SELECT * FROM answer").all()
    again.dispose()
    assert refused.value.code in ("database-damaged", "database-unreadable", "disk-failed")
