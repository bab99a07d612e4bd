"""来信邮件: which mails were looked at and what each became, so that one mail is one item however often it is shown.

Mails and senders are keyed digests here; what was said stands with the post, who said it sealed beside that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

from huanyu.store.audit import Trail
from huanyu.store.keys import Keys
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.tables import letters as table

ITEM: Final = "item"
BAD: Final = "bad"  #: not read; the only state from which a letter may still become something
ASKED: Final = 500  # marks in one statement


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptLetter:
    """What became of a mail."""

    id: int
    source: str
    mark: str
    sender: str
    became: str  #: item | added | post | aside | bad
    why: str  #: Chinese
    case_id: int | None
    post_id: int | None
    at: datetime


class Letters:
    """Mails that were looked at."""

    def __init__(self, database: Database, trail: Trail, keys: Keys) -> None:
        self._database = database
        self._trail = trail
        self._keys = keys

    def mark(self, message_id: str) -> str:
        """By which a mail is known again."""
        return self._keys.digest("letter", message_id)

    def sender(self, address: str) -> str:
        """By which a sender is known again."""
        return self._keys.digest("letter sender", address.strip().lower())

    def known(self, marks: list[str]) -> set[str]:
        """Which of these mails were looked at."""
        found: set[str] = set()
        with self._database.read() as tx:
            for at in range(0, len(marks), ASKED):
                query = select(table.c.mark).where(table.c.mark.in_(marks[at : at + ASKED]))
                found |= set(tx.execute(query).scalars())
        return found

    def get(self, mark: str) -> KeptLetter | None:
        """What became of this mail; None for one never seen."""
        with self._database.read() as tx:
            row = tx.execute(select(table).where(table.c.mark == mark)).mappings().first()
        return None if row is None else noun(KeptLetter, row)

    def last_of(self, sender: str, case_id: int) -> KeptLetter | None:
        """The latest letter of a sender that belongs to a case."""
        mine = (table.c.sender == sender, table.c.case_id == case_id)
        query = select(table).where(*mine).order_by(table.c.id.desc()).limit(1)
        with self._database.read() as tx:
            row = tx.execute(query).mappings().first()
        return None if row is None else noun(KeptLetter, row)

    def told(self, sender: str, since: datetime) -> int:
        """How many letters of a sender became an item since then."""
        mine = (table.c.sender == sender, table.c.at >= since, table.c.became == ITEM)
        with self._database.read() as tx:
            return int(tx.scalar(select(func.count()).select_from(table).where(*mine)) or 0)

    def note(
        self,
        source: str,
        mark: str,
        sender: str,
        became: str,
        why: str,
        actor: str,
        now: datetime,
        case_id: int | None = None,
        post_id: int | None = None,
    ) -> bool:
        """What became of a mail, once; only one that could not be read may become something later."""
        values = {"source": source, "sender": sender, "became": became, "why": why, "at": now}
        values |= {"case_id": case_id, "post_id": post_id}
        with self._database.write() as tx:
            query = select(table.c.id, table.c.became).where(table.c.mark == mark).with_for_update()
            row = tx.execute(query).mappings().first()
            if row is not None and row["became"] != BAD:
                return False
            if row is None:
                new = insert(table).values(mark=mark, **values).returning(table.c.id)
                letter_id = tx.execute(new).scalar_one()
            else:
                letter_id = row["id"]
                tx.execute(update(table).where(table.c.id == letter_id).values(**values))
            self._trail.record(tx, "letter.note", "letter", [letter_id], [became, why, case_id], actor, now)
            return True
