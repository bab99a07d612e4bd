"""Bytes kept once by their hash, whoever needs them. Inside a transaction of somebody else."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy import insert
from sqlalchemy import select

from huanyu.store.session import insert_new
from huanyu.store.tables import blobs


def keep_blob(tx: Connection, digest: str, body: bytes, media: str, now: datetime) -> None:
    """The bytes, unless they are there; the row stays locked, so that nobody drops it as an orphan meanwhile."""
    row = {"sha256": digest, "media": media, "size": len(body), "body": body, "at": now}
    tx.execute(insert_new(tx, blobs).values(**row))
    if tx.execute(select(blobs.c.sha256).where(blobs.c.sha256 == digest).with_for_update()).first() is None:
        tx.execute(insert(blobs).values(**row))
