"""A database of its own on a server that is there, for a run whose data nobody keeps."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy.engine import make_url

from huanyu.errors import BadInput


@contextmanager
def database(server: str) -> Iterator[str]:
    """The address of an empty database beside the one named, gone afterwards; raises BadInput where none can be made."""
    name = f"huanyu_spare_{uuid.uuid4().hex[:12]}"
    _tell(server, f"CREATE DATABASE {name}")
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        _tell(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _tell(server: str, statement: str) -> None:
    address = make_url(server).set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        with psycopg.connect(address, autocommit=True) as admin:
            admin.execute(statement)
    except psycopg.Error as problem:
        raise BadInput(f"不能在这个 PostgreSQL 上新建、删去数据库: {problem}") from problem


def size(address: str) -> int:
    """Bytes of a database with its indexes."""
    plain = make_url(address).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain) as connection:
        row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
    return int(row[0]) if row else 0
