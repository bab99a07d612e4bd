"""媒体联系人: who they are in the open, telephone and mail sealed; every look at these is a line of the trail."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import Row
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import NotFound
from huanyu.store.audit import Trail
from huanyu.store.keys import Keys
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.tables import press_contacts as contacts
from huanyu.store.unsealing import Lost
from huanyu.store.unsealing import Unsealer
from huanyu.types import ContactEntry
from huanyu.types import MediaContact

GONE = "这位联系人刚被他人改过，请刷新后再试"
REACH = {"phone", "mail"}
OPEN = [column for column in contacts.c if column.name != "sealed"]


class PressContacts:
    """People of the press; who has left keeps a row with its last day."""

    def __init__(self, database: Database, trail: Trail, keys: Keys, sealed: Unsealer) -> None:
        self._database = database
        self._trail = trail
        self._keys = keys
        self._unsealer = sealed

    def all(self) -> list[MediaContact]:
        """By outlet and name."""
        query = select(*OPEN).order_by(contacts.c.outlet, contacts.c.name, contacts.c.id)
        with self._database.read() as tx:
            return [noun(MediaContact, row) for row in tx.execute(query).mappings()]

    def get(self, contact_id: int) -> MediaContact:
        with self._database.read() as tx:
            return _one(tx, contact_id)

    def add(self, entry: ContactEntry, phone: str, mail: str, actor: str, now: datetime) -> MediaContact:
        values = {
            **asdict(entry),
            **self._sealed(phone, mail),
            "made_by": actor,
            "made_at": now,
            "version": 1,
        }
        with self._database.write() as tx:
            row = insert(contacts).values(**values).returning(contacts.c.id)
            found = int(tx.execute(row).scalar_one())
            told = [entry.outlet, entry.kind, entry.name]
            self._trail.record(tx, "press.contact", "press_contact", [found], told, actor, now)
            return _one(tx, found)

    def change(
        self, one: MediaContact, entry: ContactEntry, reach: Mapping[str, str], actor: str, now: datetime
    ) -> MediaContact:
        """As told now; of `phone` and `mail` what `reach` does not hold stays as it is. Raises Conflict, BadInput."""
        values: dict[str, Any] = {**asdict(entry), "version": one.version + 1}
        with self._database.write() as tx:
            if reach:
                kept = {} if reach.keys() >= REACH else self._reach(_row(tx, one.id))
                values |= self._sealed(**{**kept, **reach})
            mine = (contacts.c.id == one.id, contacts.c.version == one.version)
            if not tx.execute(update(contacts).where(*mine).values(**values)).rowcount:
                raise Conflict(GONE, contact=one.id)
            told = [entry.outlet, entry.kind, entry.name, entry.valid_to and entry.valid_to.isoformat()]
            self._trail.record(tx, "press.contact", "press_contact", [one.id], told, actor, now)
            return _one(tx, one.id)

    def read(self, contact_id: int, actor: str, now: datetime) -> tuple[str, str]:
        """Telephone and mail; the look is written down before they are shown. Raises NotFound, BadInput."""
        with self._database.write() as tx:
            row = _row(tx, contact_id)
            self._trail.record(tx, "press.contact_read", "press_contact", [contact_id], "", actor, now)
        told = self._reach(row)
        return told["phone"], told["mail"]

    def _reach(self, row: Row[Any]) -> dict[str, str]:
        """What is sealed of a row; raises BadInput, saying what to do."""
        found = self._unsealer.read(contacts.name, row.id, None, row.sealed, _told)
        if isinstance(found, Lost):
            raise BadInput(f"{found.told}；或者把电话、邮箱都重新填一遍")
        return found

    def _sealed(self, phone: str, mail: str) -> dict[str, Any]:
        told = json.dumps({"phone": phone, "mail": mail}, ensure_ascii=False)
        return {"sealed": self._keys.seal(told), "reachable": bool(phone or mail)}


def _told(text: str) -> dict[str, str]:
    return dict(json.loads(text))


def _row(tx: Connection, contact_id: int) -> Row[Any]:
    row = tx.execute(select(contacts).where(contacts.c.id == contact_id)).first()
    if row is None:
        raise NotFound("没有这位联系人", contact=contact_id)
    return row


def _one(tx: Connection, contact_id: int) -> MediaContact:
    return noun(MediaContact, _row(tx, contact_id)._mapping)
