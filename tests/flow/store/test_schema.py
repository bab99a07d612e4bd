"""The migrations make exactly the tables in the code, on both databases, and only where they are needed."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine
from sqlalchemy import text

from huanyu.errors import ConfigError
from huanyu.errors import HuanyuError
from huanyu.errors import StoreAway
from huanyu.store import Store
from huanyu.store import schema
from huanyu.store import snapshots
from huanyu.store.session import Database
from huanyu.store.tables import metadata

SHAPE = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL",
    "postgresql": (
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' UNION ALL"
        " SELECT conrelid::regclass || conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE connamespace = 'public'::regnamespace UNION ALL"
        " SELECT table_name || '.' || column_name, data_type || is_nullable || coalesce(column_default, '')"
        " FROM information_schema.columns WHERE table_schema = 'public' UNION ALL"
        " SELECT tgrelid::regclass || tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal"
    ),
}


def shape(connection) -> dict[str, list[str]]:
    rows = connection.execute(text(SHAPE[connection.dialect.name]))
    return {
        name: sorted(part.rstrip(")") for part in "".join(str(told).split()).replace('"', "").split(","))
        for name, told in rows
        if "alembic_version" not in f"{name}{told}"
    }


def test_the_migrations_and_the_code_agree(store):
    with store._database.read() as tx:
        assert schema.differences(tx) == []


def test_migrated_and_created_tables_are_the_same_to_the_last_condition(bare_url, store_key):
    """Also what Alembic does not compare: conditions of partial indexes, checks, defaults."""
    Store.open(bare_url, store_key).close()
    engine = create_engine(bare_url)
    with engine.begin() as connection:
        migrated = shape(connection)
        metadata.drop_all(connection)
        metadata.create_all(connection)
        assert shape(connection) == migrated
        assert len(migrated) > len(metadata.tables)
    engine.dispose()


def test_opening_a_migrated_database_again_changes_nothing(store, store_url, store_key):
    with store._database.read() as tx:
        before = shape(tx)
    with Store.open(store_url, store_key) as again, again._database.read() as tx:
        assert shape(tx) == before


def test_without_leave_to_migrate_an_empty_database_is_refused(bare_url, store_key):
    if file := snapshots.file_of(bare_url):
        with pytest.raises(StoreAway):
            Store.open(bare_url, store_key, migrate=False)
        assert not file.exists()
        file.touch()
    with pytest.raises(ConfigError):
        Store.open(bare_url, store_key, migrate=False)
    with Store.open(bare_url, store_key):
        Store.open(bare_url, store_key, migrate=False).close()


def test_a_database_of_a_newer_program_is_left_alone(store, store_url, store_key):
    with store._database.write() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ConfigError, match="9999"):
        Store.open(store_url, store_key)


@pytest.mark.parametrize(
    "url", ["", "nonsense", "mysql://host/db", "sqlite://", "sqlite:///:memory:", "nosuch+driver://host/db"]
)
def test_an_address_that_cannot_be_used_is_told(url):
    with pytest.raises(ConfigError):
        Store.open(url, "key")


def test_a_password_in_an_address_is_not_told():
    with pytest.raises(ConfigError) as told:
        Store.open("nosuch://user:geheim@host/db", "key")
    assert "geheim" not in str(told.value)


def test_a_database_that_cannot_be_reached_is_told_in_our_own_words(tmp_path):
    with pytest.raises(HuanyuError):
        Store.open(f"sqlite:///{(tmp_path / 'no' / 'such' / 'folder.db').as_posix()}", "key")
    with pytest.raises(HuanyuError):
        Store.open("postgresql+psycopg://nobody@127.0.0.1:1/none", "key")


def test_errors_of_the_database_name_no_values(store):
    with pytest.raises(HuanyuError) as told, store._database.write() as tx:
        tx.execute(text("INSERT INTO nowhere VALUES (:words)"), {"words": "刺鼻"})
    assert "刺鼻" not in str(told.value)
    assert "刺鼻" not in str(told.value.__cause__)


def test_waiting_work_is_found_through_its_index(tmp_path, store_key):
    plans = {
        "ix_posts_without_verdict": "SELECT id FROM posts WHERE judged_at IS NULL ORDER BY id",
        "ix_verdicts_unsure": "SELECT post_id FROM verdicts WHERE unsure = 1 ORDER BY post_id DESC",
        "ix_cases_unrouted": "SELECT id FROM cases WHERE routed_at IS NULL",
        "ix_cases_state_id": "SELECT * FROM cases WHERE state = 'handled' ORDER BY id",
        "COVERING INDEX ix_cases_state_id": (
            "SELECT count(*) FROM cases WHERE state IN ('closed') AND (unit = 'zhifa' OR restricted = 0 OR owner = '李')"
        ),
        "COVERING INDEX ix_assignments_helping": (
            "SELECT case_id FROM assignments WHERE unit = 'zhifa' AND part = 'assist' AND ended_at IS NULL"
        ),
        "COVERING INDEX ix_recusals_user_id": (
            "SELECT case_id FROM recusals WHERE user_id = 3 AND lifted_at IS NULL"
        ),
        "ix_cases_changed": "SELECT id FROM cases WHERE changed_at IS NOT NULL ORDER BY id",
        "ix_cases_unit_id": "SELECT * FROM cases WHERE unit = 'zhifa' AND id < 900 ORDER BY id DESC",
        "ix_clocks_unplanned": "SELECT id FROM clocks WHERE planned_at IS NULL AND ended_at IS NULL",
        "ix_clocks_provisional": "SELECT id FROM clocks WHERE provisional = 1 AND ended_at IS NULL",
        "ix_cards_waiting": (
            "SELECT id FROM cards WHERE at <= '2026-03-10' AND given_at IS NULL AND dropped_at IS NULL"
        ),
        "ix_assignments_unit_ended_at": (
            "SELECT id FROM assignments WHERE unit = 'zhifa' AND ended_at IS NULL ORDER BY id"
        ),
        "ix_assignments_unsigned": (
            "SELECT id FROM assignments WHERE signed_at IS NULL AND ended_at IS NULL AND given_at <= '2026-03-10'"
        ),
        "ix_outbox_approved": "SELECT id FROM outbox WHERE state = 'approved' AND due_at <= '2026-03-10'",
        "ix_outbox_undone": (
            "SELECT * FROM outbox WHERE state IN ('draft') AND state NOT IN ('cancelled', 'rehearsed', 'sent')"
        ),
        "ix_clocks_running": ("SELECT case_id FROM clocks WHERE ended_at IS NULL AND due < '2026-03-10'"),
        "ix_case_events_pauses": "SELECT * FROM case_events WHERE case_id = 3 AND action = 'pause_asked'",
        "ix_audit_batch": "SELECT id FROM audit WHERE batch IS NULL",
    }
    url = f"sqlite:///{(tmp_path / 'plans.db').as_posix()}"
    with Store.open(url, store_key) as store, store._database.read() as tx:
        for index, query in plans.items():
            told = " ".join(str(row) for row in tx.execute(text(f"EXPLAIN QUERY PLAN {query}")))
            assert index in told


def test_sqlite_is_set_up_for_several_writers_and_for_power_cuts(tmp_path):
    database = Database(f"sqlite:///{(tmp_path / 'a.db').as_posix()}")
    with database.read() as tx:
        told = [tx.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "synchronous")]
        assert tx.execute(text("PRAGMA foreign_keys")).scalar() == 1
        assert tx.execute(text("PRAGMA busy_timeout")).scalar() >= 10_000
    database.close()
    assert told == ["wal", 2]
