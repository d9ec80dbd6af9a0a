"""The same promises through SQLAlchemy, whose defaults break them; the bare database is in test_encrypted.py."""

import pytest
import sqlalchemy as sa

from cbt_station.errors import Refusal, Trouble
from cbt_station.storage.encrypted import open_database
from cbt_station.storage.engine import Commits, open_engine

KEY = bytes(range(32))


@pytest.fixture
def database(tmp_path):
    path = tmp_path / "registry.db"
    engine = open_engine(path, KEY, must_exist=False)
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


def test_its_connection_has_the_settings_too(database):
    _, engine, _ = database
    with engine.connect() as connection:
        names = ("journal_mode", "synchronous", "trusted_schema")
        found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names]
    assert found == ["wal", 2, 0]


def test_an_older_program_refuses_newer_data(tmp_path):
    path = tmp_path / "registry.db"
    open_engine(path, None, must_exist=False, schema=2).dispose()
    with pytest.raises(Refusal, match="data-too-new"):
        open_engine(path, None, must_exist=True, schema=1)


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


def test_each_way_in_opens_what_the_other_wrote(database):
    path, engine, commits = database
    with commits.transaction() as connection:
        connection.exec_driver_sql("INSERT INTO answer VALUES ('a')")
    engine.dispose()
    bare = open_database(path, KEY, must_exist=True)
    with bare.transaction():
        bare.execute("INSERT INTO answer VALUES ('b')")
    assert bare.read("SELECT item FROM answer") == [("a",), ("b",)]
    bare.close()
    again = open_engine(path, KEY, must_exist=True)
    assert count(again) == 2
    again.dispose()
