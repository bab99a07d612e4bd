"""口径 and 答问: written, approved by another person until a day, withdrawn; one transaction and one audit row a write."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import insert
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import update

from huanyu.errors import Conflict
from huanyu.errors import NotFound
from huanyu.store.audit import Trail
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.tables import press_answers as answers
from huanyu.store.tables import press_conference_answers as links
from huanyu.types import Answer
from huanyu.types import AnswerEntry

GONE = "这一条刚被他人改过，请刷新后再试"


class PressAnswers:
    """The library of what may be said, over all conferences."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail

    def add(self, entry: AnswerEntry, author: str, now: datetime) -> Answer:
        values = {
            **asdict(entry),
            "state": "draft",
            "author": author,
            "made_at": now,
            "approver": "",
            "version": 1,
        }
        with self._database.write() as tx:
            row = insert(answers).values(**values).returning(answers.c.id)
            found = int(tx.execute(row).scalar_one())
            self._trail.record(
                tx, "press.answer", "press_answer", [found], [entry.question, entry.answer], author, now
            )
            return _one(tx, found)

    def rewrite(self, one: Answer, entry: AnswerEntry, author: str, now: datetime) -> Answer:
        """Other words: nobody has approved them yet. Raises Conflict."""
        values = {
            **asdict(entry),
            "state": "draft",
            "author": author,
            "approver": "",
            "approved_at": None,
            "override": "",
        }
        return self._write(one, "press.answer", values, [entry.question, entry.answer], author, now)

    def approve(self, one: Answer, override: str, actor: str, now: datetime) -> Answer:
        """May be said until its day; `override`: why, against a finding. Raises Conflict."""
        values = {"state": "approved", "approver": actor, "approved_at": now, "override": override}
        told = [one.question, one.answer, one.valid_until.isoformat(), override]
        return self._write(one, "press.approve_answer", values, told, actor, now)

    def withdraw(self, one: Answer, why: str, actor: str, now: datetime) -> Answer:
        """May be said no more. Raises Conflict."""
        return self._write(one, "press.withdraw_answer", {"state": "withdrawn"}, why, actor, now)

    def get(self, answer_id: int) -> Answer:
        with self._database.read() as tx:
            return _one(tx, answer_id)

    def search(self, words: Sequence[str] = (), limit: int = 200) -> list[Answer]:
        """Entries with all of these words, the newest first."""
        query = select(answers).order_by(answers.c.id.desc()).limit(limit)
        for word in words:
            fits = (
                column.contains(word, autoescape=True) for column in (answers.c.question, answers.c.answer)
            )
            query = query.where(or_(*fits))
        with self._database.read() as tx:
            return [noun(Answer, row) for row in tx.execute(query).mappings()]

    def of_conference(self, conference_id: int) -> list[Answer]:
        """What is prepared for a conference, in the order it was added."""
        joined = answers.join(links, links.c.answer_id == answers.c.id)
        query = select(answers).select_from(joined).where(links.c.conference_id == conference_id)
        with self._database.read() as tx:
            return [noun(Answer, row) for row in tx.execute(query.order_by(links.c.id)).mappings()]

    def _write(
        self, one: Answer, action: str, values: Mapping[str, Any], told: object, actor: str, now: datetime
    ) -> Answer:
        with self._database.write() as tx:
            mine = (answers.c.id == one.id, answers.c.version == one.version)
            anew = {**values, "version": one.version + 1}
            if not tx.execute(update(answers).where(*mine).values(**anew)).rowcount:
                raise Conflict(GONE, answer=one.id)
            self._trail.record(tx, action, "press_answer", [one.id], told, actor, now)
            return _one(tx, one.id)


def _one(tx: Connection, answer_id: int) -> Answer:
    row = tx.execute(select(answers).where(answers.c.id == answer_id)).mappings().first()
    if row is None:
        raise NotFound("没有这一条口径", answer=answer_id)
    return noun(Answer, row)
