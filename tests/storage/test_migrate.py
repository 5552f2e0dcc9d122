"""The tables come from the models on a new database, from the migrations on an old one: both ways are the same."""

import subprocess
import sys
import textwrap

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from storage import migrate
from storage.backend import BACKENDS
from storage.engine import open_database
from storage.errors import UnknownRevision
from storage.migrate import Schema, check, upgrade
from storage.store import Store
from storage.tables.every import METADATA, TABLES


def by_scripts(engine):
    with migrate._transaction(engine, BACKENDS[engine.dialect.name].begin) as connection:
        migrate._migrate(connection)


def sorted_text(options):
    return tuple(sorted((name, str(value)) for name, value in options.items()))


def shape(engine):
    with engine.connect() as connection:
        looked = inspect(connection)
        return {
            name: (
                {(c["name"], str(c["type"]), c["nullable"]) for c in looked.get_columns(name)},
                {
                    (i["name"], tuple(i["column_names"]), sorted_text(i["dialect_options"]))
                    for i in looked.get_indexes(name)
                },
                {(u["name"], tuple(u["column_names"])) for u in looked.get_unique_constraints(name)},
                tuple(looked.get_pk_constraint(name)["constrained_columns"]),
            )
            for name in looked.get_table_names()
        }


@pytest.fixture
def engine(empty_url):
    engine = open_database(empty_url)
    yield engine
    engine.dispose()


def test_a_new_database_gets_its_tables_once(engine):
    assert check(engine) is Schema.EMPTY
    assert upgrade(engine) is Schema.EMPTY
    assert upgrade(engine) is Schema.AT_HEAD
    assert set(inspect(engine).get_table_names()) == {t.name for t in TABLES} | {"alembic_version"}


def test_migrations_lead_to_the_models(engine):
    by_scripts(engine)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    assert check(engine) is Schema.AT_HEAD


def test_both_ways_lead_to_the_same_tables(engine, url):
    by_scripts(engine)
    created = open_database(url)
    try:
        assert shape(engine) == shape(created)
    finally:
        created.dispose()


def test_a_newer_schema_is_refused(engine):
    upgrade(engine)
    with engine.connect() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert check(engine) is Schema.UNKNOWN
    with pytest.raises(UnknownRevision, match="9999"):
        upgrade(engine)


def test_somebody_elses_tables_are_refused(engine):
    with engine.connect() as connection:
        connection.execute(text("CREATE TABLE wp_posts (id INTEGER)"))
    with pytest.raises(UnknownRevision, match="not Liaison's"):
        upgrade(engine)


def test_an_old_replica_notices_a_newer_schema(store):
    with store.read() as uow:
        assert uow.schema_is_ours()
    with store.engine.connect() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with store.read() as uow:
        assert not uow.schema_is_ours()


KILLED = """
    import os, sys
    from sqlalchemy import event
    from storage import migrate
    from storage.backend import BACKENDS
    from storage.engine import open_database

    engine = open_database(sys.argv[1])
    left = int(sys.argv[2])

    @event.listens_for(engine, "after_cursor_execute")
    def count(conn, cursor, statement, *_):
        global left
        if statement.lstrip().upper().startswith(("CREATE", "INSERT")):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), 9)

    with migrate._transaction(engine, BACKENDS[engine.dialect.name].begin) as connection:
        getattr(migrate, sys.argv[3])(connection)
"""


@pytest.mark.parametrize("way", ["_create", "_migrate"])
@pytest.mark.parametrize("statements", [1, 30])
def test_a_migration_killed_half_way_leaves_nothing(empty_url, statements, way):
    script = [sys.executable, "-c", textwrap.dedent(KILLED), empty_url, str(statements), way]
    assert subprocess.run(script, check=False, cwd=".", env={"PYTHONPATH": "."}).returncode == -9
    assert check(empty_url) is Schema.EMPTY
    assert upgrade(empty_url) is Schema.EMPTY
    assert check(empty_url) is Schema.AT_HEAD


def test_a_start_does_not_import_alembic(url):
    script = """
        import sys
        from storage.migrate import upgrade
        from storage.store import Store
        store = Store(sys.argv[1])
        upgrade(store.engine)
        with store.begin() as uow:
            uow.next_id("R")
        store.close()
        assert "alembic" not in sys.modules
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(script), url], check=True, env={"PYTHONPATH": "."})


def test_two_replicas_may_start_on_an_empty_database_at_once(empty_url):
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda _: upgrade(empty_url), range(4)))
    assert sorted(found) == [Schema.AT_HEAD] * 3 + [Schema.EMPTY]
    store = Store(empty_url)
    with store.read() as uow:
        assert uow.schema_is_ours()
    store.close()
