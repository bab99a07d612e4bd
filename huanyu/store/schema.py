"""Brings a database to the present schema with the migrations shipped inside the package."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from huanyu.errors import ConfigError
from huanyu.store.migrating import PATIENCE
from huanyu.store.migrating import Patience
from huanyu.store.migrating import migrate
from huanyu.store.session import Database
from huanyu.store.tables import is_ours
from huanyu.store.tables import metadata
from huanyu.store.tables.shape import ONLY

FOLDER = Path(__file__).resolve().parent / "migrations"


def upgrade(database: Database, patience: Patience = PATIENCE) -> None:
    """Run the migrations this database lacks, all or nothing, also while others are at work.

    Raises ConfigError for a newer database, StoreAway where others never let go of a table.
    """
    script = scripts()
    if not _is_current(database, script):
        migrate(database, lambda connection: _run(connection, script), patience)


def upgrade_to(connection: Connection, revision: str) -> None:
    """Make an empty database what it was at `revision`; raises ConfigError where this program knows no such one."""
    script = scripts()
    if revision not in {step.revision for step in script.walk_revisions()}:
        raise ConfigError("备份由更新版本的程序所作, 请先升级程序", revision=revision)
    _run(connection, script, revision)


def revision(connection: Connection) -> str:
    """Where the database stands, "" before the first migration."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def demand(database: Database) -> None:
    """Raise ConfigError unless the database has the present schema."""
    if not _is_current(database, scripts()):
        raise ConfigError("数据库结构与程序版本不符, 请先升级数据库")


def differences(connection: Connection) -> list[Any]:
    """What the migrated database lacks of the tables in the code, or has beside them."""
    opts = {"compare_type": True, "include_name": _proper, "include_object": _here(connection.dialect.name)}
    context = MigrationContext.configure(connection, opts=opts)
    return list(compare_metadata(context, metadata))


def _here(dialect: str) -> Callable[..., bool]:
    """Whether something of the code is to stand in a database of this kind."""
    return lambda found, *_: getattr(found, "info", {}).get(ONLY, dialect) == dialect


def _proper(name: str | None, kind: str, _parents: object) -> bool:
    """The index of the full-text search is the database's own, the jobs are the engine's: Alembic knows no word for them."""
    return kind != "table" or not (is_ours(name) or (name or "").startswith("procrastinate_"))


@cache
def scripts() -> ScriptDirectory:
    """The migrations shipped with the program; their files are read once, as every store that opens asks for them."""
    config = Config()
    config.set_main_option("script_location", FOLDER.as_posix().replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return ScriptDirectory.from_config(config)


def _is_current(database: Database, script: ScriptDirectory) -> bool:
    with database.read() as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
    known = {step.revision for step in script.walk_revisions()}
    if revision is not None and revision not in known:
        raise ConfigError("数据库由更新版本的程序建立, 请先升级程序", revision=revision)
    return revision == script.get_current_head()


def _run(connection: Connection, script: ScriptDirectory, to: str = "head") -> None:
    config = Config()
    environment = EnvironmentContext(
        config, script, fn=lambda revision, _context: script._upgrade_revs(to, revision)
    )
    environment.configure(connection=connection, target_metadata=metadata)
    environment.run_migrations()
