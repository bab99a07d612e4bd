"""A program killed in the middle of its migrations leaves the database as it was; the next start ends what it began."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import inspect

from huanyu.store import Store
from huanyu.store import schema
from huanyu.store.session import Database

SCRIPT = Path(__file__).with_name("cut_migration.py")
ROOT = str(Path(__file__).parents[3])
STATEMENTS = (30, 150, 400)  # of some hundreds, in several migrations


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is POSIX")
def test_a_migration_killed_anywhere_leaves_nothing_and_the_next_start_ends_it(bare_url, store_key):
    for statement in STATEMENTS:
        killed = subprocess.run(
            [sys.executable, str(SCRIPT), bare_url, store_key, str(statement)],
            env=os.environ | {"PYTHONPATH": ROOT},
            timeout=600,
        )
        assert killed.returncode == -signal.SIGKILL, f"the migrations ended before statement {statement}"
        assert tables(bare_url) == []
    Store.open(bare_url, store_key).close()
    database = Database(bare_url)
    with database.read() as connection:
        assert schema.revision(connection) == schema.scripts().get_current_head()
        assert schema.differences(connection) == []
    database.close()


def tables(url: str) -> list[str]:
    database = Database(url)
    with database.engine.connect() as connection:
        found = inspect(connection).get_table_names()
    database.close()
    return found
