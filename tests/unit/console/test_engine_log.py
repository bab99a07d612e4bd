"""The engine's tracebacks of a database that is away are left out, and nothing else is."""

from __future__ import annotations

import logging
import sys

import psycopg
import pytest
from procrastinate.exceptions import ConnectorException
from psycopg_pool import PoolTimeout

from console.engine_log import UnlessAway


@pytest.mark.parametrize(
    ("name", "cause", "passes"),
    [
        ("procrastinate.worker.worker", psycopg.OperationalError("connection refused"), False),
        ("procrastinate.utils", psycopg.errors.AdminShutdown(), False),
        ("procrastinate.utils", psycopg.errors.UndefinedTable(), True),
        ("procrastinate.utils", None, True),
        ("asyncio", PoolTimeout("couldn't get a connection after 30.00 sec"), False),
        ("asyncio", None, True),
        ("uvicorn.error", psycopg.errors.AdminShutdown(), True),
    ],
    ids=[
        "refused",
        "shut down",
        "another error",
        "nothing known",
        "nobody asks",
        "such a task of another kind",
        "another library",
    ],
)
def test_what_passes(name, cause, passes):
    try:
        raise ConnectorException from cause
    except ConnectorException:
        record = logging.LogRecord(name, logging.ERROR, "", 0, "listener error", None, sys.exc_info())
    assert UnlessAway().filter(record) is passes


def test_a_line_without_an_error_passes():
    assert UnlessAway().filter(logging.LogRecord("procrastinate", logging.ERROR, "", 0, "late", None, None))
