"""Run as a program: migrates a database and kills itself, without warning, just before its Nth statement.

python cut_migration.py URL KEY N
"""

from __future__ import annotations

import sys

from huanyu.store import Store
from tests.flow.store.cut import _die_before

if __name__ == "__main__":
    url, key, statement = sys.argv[1:]
    _die_before(int(statement))
    Store.open(url, key).close()
