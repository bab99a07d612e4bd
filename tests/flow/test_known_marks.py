"""What triggers mark is enough to know everything, whoever writes at the same time and whatever is taken back."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from contextlib import contextmanager
from datetime import timedelta
from time import monotonic
from time import sleep

import pytest
from sqlalchemy import Column
from sqlalchemy import event
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import text
from sqlalchemy.sql import visitors

from flow import cycle
from flow.known import MEMORY
from flow.known import Known
from huanyu.store.matters import _RAW
from huanyu.store.session import Database
from huanyu.store.tables import verdicts
from huanyu.store.tables.marking import TRIGGERS
from tests.flow.office import NOW
from tests.flow.office import PAINT
from tests.flow.office import TEXTS
from tests.flow.office import at_work
from tests.flow.office import raw

FIRST_POST = "(SELECT first_post_id FROM cases WHERE id = {})"
#: Another program: it knows the database, and nothing of who reads.
OTHER = """
import sys
from contextlib import closing
from sqlalchemy import text
from huanyu.store.session import Database
with closing(Database(sys.argv[1])) as database, database.write() as tx:
    assert tx.execute(text(sys.argv[2])).rowcount == 1
"""


@pytest.fixture
def office(store_url, tmp_path):
    with at_work(tmp_path, store_url) as found:
        found.fill(TEXTS)
        yield found


@pytest.fixture
def known(office):
    found = Known(office.desk.store)
    found.renew(NOW)
    assert found._index.matters == read_now(office)
    return found


def read_now(office, now=NOW):
    """All matters of these days, without anything kept."""
    return office.desk.store.cases.open_matters(since=now - MEMORY)


def ask(office, statement: str) -> None:
    with office.desk.store._database.write() as tx:
        tx.exec_driver_sql(statement)


@contextmanager
def hand(store_url):
    """A transaction of somebody else's that is not over; whoever must wait for another is ended, not the test."""
    with closing(Database(store_url)) as database, database.write() as tx:
        if not database.is_sqlite:
            tx.execute(text("SET LOCAL lock_timeout = '20s'"))
        yield tx


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE cases SET place = '沙镇' WHERE id = 1",
        f"UPDATE posts SET text = '换了一段话' WHERE id = {FIRST_POST.format(1)}",
        f"UPDATE verdicts SET places = '[]' WHERE post_id = {FIRST_POST.format(1)}",
    ],
    ids=["case", "post", "verdict"],
)
def test_what_another_process_changes_is_known_before_the_next_decision(office, known, statement, store_url):
    before = read_now(office)
    subprocess.run([sys.executable, "-c", OTHER, store_url, statement], check=True, timeout=240)
    known.renew(NOW)
    assert known._index.matters == read_now(office) != before


def test_a_case_another_process_closed_is_told_again_as_a_new_one(office, store_url):
    """The decision itself: the batch after the change goes by it."""
    with office.desk.memory.of(NOW):
        pass
    many = office.desk.store.cases.count()
    closing_it = f"UPDATE cases SET joined_into = 2 WHERE first_post_id = {FIRST_POST.format(1)}"
    subprocess.run([sys.executable, "-c", OTHER, store_url, closing_it], check=True, timeout=240)
    office.desk.store.posts.add([raw(90, PAINT)], now=NOW)
    cycle.turn(office.desk, NOW, ("understand", "open"))
    assert office.desk.store.cases.count() == many + 1


def test_what_was_begun_before_and_ended_after_a_look_is_not_passed_over(office, known, store_url):
    """On PostgreSQL numbers of transactions are given when they begin: the smaller one may be seen last."""
    with hand(store_url) as tx:
        tx.execute(text("UPDATE cases SET place = '沙镇' WHERE id = 1"))
        if not office.desk.store._database.is_sqlite:
            ask(office, "UPDATE cases SET place = '于集' WHERE id = 2")
        known.renew(NOW)
        assert known._index.matters == read_now(office)
        assert known._index.matters[0].place != "沙镇"
    known.renew(NOW)
    assert known._index.matters == read_now(office)
    assert known._index.matters[0].place == "沙镇"


def test_two_who_change_one_matter_at_once_do_not_wait_and_both_are_known(office, known, store_url):
    if office.desk.store._database.is_sqlite:
        pytest.skip("one writes at a time there")
    with hand(store_url) as one:
        one.execute(text(f"UPDATE posts SET title = '换了题目' WHERE id = {FIRST_POST.format(1)}"))
        with hand(store_url) as other:
            other.execute(text("UPDATE cases SET place = '沙镇' WHERE id = 1"))
        known.renew(NOW)
        assert known._index.matters[0].place == "沙镇"
    known.renew(NOW)
    assert known._index.matters == read_now(office)
    assert known._index.matters[0].text.startswith("换了题目")


def test_what_was_renewed_from_and_taken_back_is_unlearnt(office, known):
    """A mark that was taken back is given again, to somebody else's change."""
    store, before = office.desk.store, read_now(office)
    with pytest.raises(ZeroDivisionError), store.together():
        ask(office, "UPDATE cases SET place = '沙镇' WHERE id = 1")
        known.renew(NOW)
        assert known._index.matters != before
        raise ZeroDivisionError
    ask(office, "UPDATE cases SET place = '于集' WHERE id = 2")
    known.renew(NOW)
    assert known._index.matters == read_now(office)
    assert known._index.matters[0] == before[0]


def test_a_verdict_that_goes_and_comes_takes_the_matter_along(office, known):
    before = read_now(office)
    first = verdicts.c.post_id == office.desk.store.cases.posts(before[0].case_id)[0].id
    with office.desk.store._database.write() as tx:
        row = tx.execute(select(verdicts).where(first)).mappings().one()
        tx.execute(verdicts.delete().where(first))
    for _ in range(2):
        known.renew(NOW)
        assert known._index.matters == read_now(office) == before[1:]
    with office.desk.store._database.write() as tx:
        tx.execute(insert(verdicts).values(**row))
    known.renew(NOW)
    assert known._index.matters == before


def test_time_alone_takes_matters_away_and_a_clock_put_right_brings_them_back(office, known):
    later = NOW + MEMORY + timedelta(days=2)
    known.renew(later)
    assert known._index.matters == read_now(office, later) == []
    known.renew(NOW)
    assert known._index.matters == read_now(office) != []


def test_marks_that_are_lost_cost_one_look_at_everything(office, known):
    ask(office, "DELETE FROM matter_marks")
    ask(office, "UPDATE cases SET place = '沙镇' WHERE id = 1")
    known.renew(NOW)
    assert known._index.matters == read_now(office)


def test_whatever_is_read_of_a_matter_is_marked_when_it_changes():
    """A column that is read and marked by no trigger would be known as it once was for as long as the process lives."""
    read = {one for one in visitors.iterate(_RAW) if isinstance(one, Column) and not one.primary_key}
    marked = {
        table.c[name.strip()]
        for table, verb, _ in TRIGGERS.values()
        for name in verb.removeprefix("UPDATE OF").split(",")
        if verb.startswith("UPDATE OF")
    }
    assert {column.table.name for column in read} == {"cases", "posts", "verdicts"}
    assert read <= marked


def test_what_has_not_changed_is_not_read(office, known):
    """Otherwise a post costs the more, the more matters there are.

    On PostgreSQL it is read again while any transaction that began earlier goes on, in whichever database.
    """
    deadline = monotonic() + 240
    while asked_by_renewing(office, known, "FROM cases"):
        assert monotonic() < deadline
        sleep(0.05)
    assert asked_by_renewing(office, known, "FROM matter_marks")


def asked_by_renewing(office, known, words: str) -> bool:
    """Whether renewing asks the database in these words."""
    asked = []

    def note(_connection, _cursor, statement, _values, _context, _many):
        asked.append(statement)

    engine = office.desk.store._database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        known.renew(NOW)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return any(words in statement for statement in asked)


def test_a_matter_has_one_mark_however_often_it_changes(office):
    for number in range(4):
        ask(office, f"UPDATE cases SET place = '沙镇{number}' WHERE id = 1")
    with office.desk.store._database.read() as tx:
        query = text(f"SELECT count(*) FROM matter_marks WHERE post_id = {FIRST_POST.format(1)}")
        assert tx.scalar(query) == 1
