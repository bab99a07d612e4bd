"""What the database itself refuses, on both databases: to delete a case, to rewrite what was noted of it."""

from __future__ import annotations

import pytest
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import text

from huanyu.errors import Conflict
from huanyu.store.tables import contacts
from huanyu.store.tables import documents
from huanyu.store.tables import extensions
from huanyu.store.tables import follow_ups
from huanyu.store.tables import identity_reads
from huanyu.store.tables import prints

REFUSED = (
    "DELETE FROM cases",
    "UPDATE cases SET number = 'HY2026-000009'",
    "UPDATE cases SET public_id = 'bcd'",
    "UPDATE cases SET opened_at = learned_at",
    "DELETE FROM case_events",
    "UPDATE case_events SET note = '另一种说法'",
    "DELETE FROM results",
    "UPDATE results SET found = '未见异常'",
    "UPDATE results SET public_answer = '另一种说法'",
    "DELETE FROM assignments",
    "DELETE FROM extensions",
    "DELETE FROM documents WHERE state = 'issued'",
    "UPDATE documents SET fields = '{}' WHERE state = 'issued'",
    "UPDATE documents SET serial = '聊环督〔2026〕2号', number = 2 WHERE state = 'issued'",
    "DELETE FROM prints",
    "UPDATE prints SET reason = '另一种说法'",
    "DELETE FROM identity_reads",
    "UPDATE identity_reads SET reason = '另一种说法'",
    "DELETE FROM contacts",
    "UPDATE contacts SET told = '另一种说法'",
    "DELETE FROM follow_ups",
    "UPDATE follow_ups SET satisfied = '满意'",
)
ALLOWED = (
    "UPDATE cases SET state = 'closed', title = '更正后的标题'",
    "UPDATE results SET verdict = 'accepted', reviewed_by = 'wangmin'",
    "UPDATE assignments SET ended_at = given_at",
    "UPDATE extensions SET decision = 'refused'",
    "UPDATE documents SET fields = '{}' WHERE state = 'draft'",
    "UPDATE documents SET state = 'void' WHERE state = 'issued'",  # its number stays taken
    "DELETE FROM documents WHERE state = 'draft'",
)


@pytest.fixture
def noted(store, make, now):
    """A handled case about which everything has been noted."""
    case_id = make.handled().id
    mine = {"case_id": case_id, "actor": "wangmin", "at": now}
    paper = {"kind": "督办函", "fields": {"事由": "超期"}, "case_id": case_id, "made_at": now, "year": 2026}
    with store._database.write() as tx:
        tx.execute(insert(contacts).values(**mine, way="电话", told="已受理"))
        tx.execute(insert(follow_ups).values(**mine, satisfied="不满意"))
        tx.execute(insert(identity_reads).values(**mine, reason="回访"))
        tx.execute(insert(prints).values(**mine, form="redacted", mark="BCDF"))
        tx.execute(
            insert(extensions).values(
                case_id=case_id, asked_at=now, old_due=now, new_due=now, reason="待检测"
            )
        )
        tx.execute(insert(documents).values(**paper, state="draft"))
        tx.execute(
            insert(documents).values(
                **paper, state="issued", serial="聊环督〔2026〕1号", number=1, issued_at=now
            )
        )
    return case_id


def test_no_program_rewrites_what_was_noted(store, noted):
    for statement in REFUSED:
        with pytest.raises(Conflict), store._database.write() as tx:
            tx.execute(text(statement))


def test_what_goes_on_may_go_on(store, noted):
    with store._database.write() as tx:
        for statement in ALLOWED:
            assert tx.execute(text(statement)).rowcount == 1


def test_the_database_says_why(store, noted):
    with pytest.raises(Conflict) as told, store._database.write() as tx:
        tx.execute(text("DELETE FROM cases"))
    assert "a case is never deleted, only closed" in str(told.value.__cause__.orig)


def test_a_number_of_a_document_is_drawn_once_and_drafts_have_none(store, noted, now):
    again = {"kind": "督办函", "state": "issued", "fields": {}, "made_at": now, "year": 2026, "number": 1}
    with pytest.raises(Conflict), store._database.write() as tx:
        tx.execute(insert(documents).values(**again))
    with store._database.write() as tx:
        for _ in range(2):
            tx.execute(insert(documents).values(**again | {"state": "draft", "number": 0}))
        assert len(tx.execute(select(documents.c.id).where(documents.c.number == 0)).all()) == 3


def test_the_same_work_order_twice_is_one_item_and_its_parts_share_its_number(store, make):
    first, second, part = make.case("1"), make.case("2"), make.case("3")
    name = "UPDATE cases SET channel = '12345', external_number = 'LC-77' WHERE id = "
    with store._database.write() as tx:
        tx.execute(text(f"{name}{first.id}"))
        tx.execute(text(f"UPDATE cases SET parent_id = {first.id} WHERE id = {part.id}"))
        tx.execute(text(f"{name}{part.id}"))
    with pytest.raises(Conflict), store._database.write() as tx:
        tx.execute(text(f"{name}{second.id}"))
    assert store.cases.get(part.id).parent_id == first.id
