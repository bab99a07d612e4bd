"""What tests of every folder start from, and in which order their files are begun."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from tests.compiled import share_compiled
from tests.fresh import migrate
from tests.slowest import SLOWEST
from tests.standing import stand_in_memory

share_compiled()
stand_in_memory()  # before anybody asks for a temporary folder

RANK = {name: rank for rank, name in enumerate(SLOWEST)}
TESTS = Path(__file__).parent
SELDOM = 20_000, 20, 20  # as `gc.set_threshold` takes them


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The slowest files first, so that none of them is begun when the others are done; else the order they came in."""
    items.sort(key=lambda item: RANK.get(item.path.relative_to(TESTS).as_posix(), len(RANK)))


def pytest_collection_finish() -> None:
    """What is loaded by now is needed to the end: looking through it for garbage took a tenth of the processors' time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SELDOM)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes are told by their argument's name: packed ones hold the second they were packed in, and a test whose name
    differs between two workers stops the whole run."""
    return argname if isinstance(val, bytes) else None


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file."""
    return migrate(tmp_path_factory.mktemp("template"))
