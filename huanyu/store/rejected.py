"""How a bad item is kept: sealed, for bad rows of an export name people, and once while nobody has dealt with it."""

from __future__ import annotations

import zlib

from sqlalchemy import Connection

from huanyu.store.keys import Keys
from huanyu.store.session import insert_new
from huanyu.store.tables import rejects
from huanyu.types import Reject


def put_reject(tx: Connection, keys: Keys, item: Reject) -> int | None:
    """Keep one bad item; None while the same one is open already."""
    statement = insert_new(tx, rejects).values(
        source=item.source,
        where=item.where,
        reason=item.reason,
        payload=keys.seal_bytes(zlib.compress(item.payload)),
        at=item.at,
        callback=item.callback,
        meta=item.meta,
        digest=digest_of(keys, item.source, item.where, item.reason, item.payload),
    )
    return tx.execute(statement.returning(rejects.c.id)).scalar()


def digest_of(keys: Keys, source: str, where: str, reason: str, payload: bytes) -> str:
    """By which the same bad item is known again."""
    return keys.digest(source, where, reason, payload.hex())
