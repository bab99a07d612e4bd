"""Sealed rows one by one: what cannot be opened under the key of the desk is said by number and day, the rest is read."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final
from typing import TypeVar

import structlog
from sqlalchemy import Column
from sqlalchemy import Table
from sqlalchemy import null
from sqlalchemy import select

from huanyu.clock import local
from huanyu.errors import ConfigError
from huanyu.store.broken import FAULTS
from huanyu.store.keys import Keys
from huanyu.store.session import Database
from huanyu.store.tables import entry_drafts
from huanyu.store.tables import identities
from huanyu.store.tables import info_applicants
from huanyu.store.tables import press_contacts
from huanyu.store.tables import rejects
from huanyu.store.tables import reward_claims
from huanyu.store.tables import second_factors
from huanyu.store.tables import stations
from huanyu.store.tables import talk_messages

log = structlog.get_logger()

T = TypeVar("T")

RANGE: Final = 200  # rows a look: a kept page may have megabytes
#: Tables of which something stands sealed, and what a row of each is called.
CALLED: Final = MappingProxyType(
    {
        "identities": "举报人信息",
        "info_applicants": "信息公开申请人信息",
        "reward_claims": "奖励领取人信息",
        "talk_messages": "聊天来话",
        "press_contacts": "媒体联系人的电话、邮箱",
        "entry_drafts": "登记草稿",
        "second_factors": "动态码",
        "stations": "监测站点的密钥",
        "rejects": "读不懂的内容",
    }
)
#: Each with its number, what is sealed, and since when it is kept where the row says so.
_SEALED: Final[tuple[tuple[Table, Column[int], Column[bytes], Column[datetime] | None], ...]] = (
    (identities, identities.c.id, identities.c.sealed, identities.c.at),
    (info_applicants, info_applicants.c.id, info_applicants.c.sealed, None),
    (reward_claims, reward_claims.c.id, reward_claims.c.sealed, reward_claims.c.at),
    (talk_messages, talk_messages.c.id, talk_messages.c.sealed, talk_messages.c.at),
    (press_contacts, press_contacts.c.id, press_contacts.c.sealed, None),
    (entry_drafts, entry_drafts.c.id, entry_drafts.c.sealed, entry_drafts.c.saved_at),
    (second_factors, second_factors.c.user_id, second_factors.c.sealed, second_factors.c.made_at),
    (stations, stations.c.id, stations.c.secret, stations.c.made_at),
    (rejects, rejects.c.id, rejects.c.payload, rejects.c.at),
)
#: What stands behind a seal where it is no text.
_READ: Final[Mapping[str, Callable[[bytes], object]]] = MappingProxyType({"rejects": zlib.decompress})


@dataclass(frozen=True, slots=True)
class Lost:
    """A sealed row that cannot be opened."""

    table: str
    number: int
    at: datetime | None  #: since when it is kept; None where the row does not say

    @property
    def told(self) -> str:
        """In Chinese: what it is, and what to do."""
        day = f"{local(self.at):%Y-%m-%d}" if self.at else ""
        kept, key = (f"（{day} 保存）", f" {day} 当时的") if day else ("", "保存当时的")
        head = f"{CALLED[self.table]} {self.number} 号{kept}解不开：密钥不对，或者内容已损坏。"
        return f"{head}请程序的维护人用{key}台账密钥（store_key）核对，或从完好的备份里找回这一行"


class Unsealer:
    """Opens sealed rows; each that cannot be opened is logged once, by table and number."""

    def __init__(self, database: Database, keys: Keys) -> None:
        self._database = database
        self._keys = keys
        self._known: set[tuple[str, int]] = set()

    def read(
        self, table: str, number: int, at: datetime | None, sealed: bytes, read: Callable[[str], T]
    ) -> T | Lost:
        """What `read` makes of the sealed text."""
        return self.read_bytes(table, number, at, sealed, lambda opened: read(opened.decode()))

    def read_bytes(
        self, table: str, number: int, at: datetime | None, sealed: bytes, read: Callable[[bytes], T]
    ) -> T | Lost:
        """What `read` makes of the sealed bytes."""
        try:
            found = read(self._keys.open_bytes(sealed))
        except (ConfigError, zlib.error, *FAULTS) as problem:
            self._tell(table, number, type(problem).__name__)
            return Lost(table, number, at)
        if (table, number) in self._known:
            self._known.discard((table, number))
            log.warning("broken_seal_mended", table=table, number=number)
        return found

    def lost(self) -> Iterator[Lost]:
        """Every row that cannot be opened; reads them all and keeps nothing of what they say."""
        for table, number, sealed, at in _SEALED:
            yield from self._lost(table, number, sealed, at)

    def _lost(
        self, table: Table, number: Column[int], sealed: Column[bytes], at: Column[datetime] | None
    ) -> Iterator[Lost]:
        last = 0
        query = select(number, sealed, null() if at is None else at).where(sealed.is_not(None))
        while True:
            with self._database.read() as tx:
                rows = tx.execute(query.where(number > last).order_by(number).limit(RANGE)).all()
            for key, kept, since in rows:
                one = self.read_bytes(table.name, key, since, kept, _READ.get(table.name, bytes.decode))
                if isinstance(one, Lost):
                    yield one
            if len(rows) < RANGE:
                return
            last = rows[-1][0]

    def _tell(self, table: str, number: int, why: str) -> None:
        if (table, number) not in self._known:
            self._known.add((table, number))
            log.error("broken_seal", table=table, number=number, why=why)
