"""A program killed in the middle of a write leaves either all of it or nothing."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from huanyu.store.tables import metadata
from tests.agreed import approve

SCRIPT = Path(__file__).with_name("cut.py")


def everything(store) -> dict[str, list]:
    with store._database.read() as tx:
        return {
            table: sorted(map(repr, tx.execute(text(f'SELECT * FROM "{table}"')).all()))
            for table in metadata.tables
        }


def _before_apply(make, now):
    make.post("1")


def _before_draft(make, now):
    make.handled("1")


def _before_settle(make, now):
    _, (site, _) = make.replying("1")
    make.store.outbox.claim(approve(make.store, site, now), now)


BEFORE = {"apply": _before_apply, "draft": _before_draft, "settle": _before_settle, "seal": _before_draft}
# The write's first statement is somewhere among these; past the last one the program ends by itself.
STATEMENTS = {"apply": (4, 7, 10), "draft": (5, 8, 11), "settle": (5, 8, 12), "seal": (3, 5, 7)}


@pytest.mark.parametrize("what", list(BEFORE))
def test_a_write_cut_off_anywhere_leaves_nothing_and_runs_again(store, store_url, store_key, make, now, what):
    BEFORE[what](make, now)
    before = everything(store)

    def run(statement):
        return subprocess.run(
            [sys.executable, str(SCRIPT), store_url, store_key, what, str(statement)], timeout=240
        ).returncode

    for statement in STATEMENTS[what]:
        assert run(statement) == -signal.SIGKILL, f"the write ended before statement {statement}"
        assert everything(store) == before
    assert run(10_000) == 0
    assert everything(store) != before
    assert store.audit.verify(store.audit.seal(now)) == []
