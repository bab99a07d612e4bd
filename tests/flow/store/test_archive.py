"""Issued bulletins cannot be changed, not even in the database; any two characters they print find them."""

from __future__ import annotations

from datetime import date
from datetime import timedelta

import pytest
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from sqlalchemy import text

from bulletins.verify import RECEIVED
from flow.lookback import growth
from huanyu.errors import Conflict
from huanyu.errors import NotFound
from huanyu.store import Store
from huanyu.store import schema
from huanyu.store.bulletins import CONTENT
from huanyu.store.paper_words import digest
from huanyu.store.queries import PETITIONS
from huanyu.store.queries import QUERIES
from huanyu.store.session import Database
from huanyu.store.tables import metadata
from huanyu.types import Addressee
from huanyu.types import Section
from huanyu.types import Sentence
from huanyu.types import SourceKind
from tests.flow.store.test_bulletins import DAY
from tests.flow.store.test_bulletins import FILES
from tests.flow.store.test_bulletins import bulletin

CHANGES = (
    "UPDATE bulletins SET pdf = html",
    "UPDATE bulletins SET content = ''",
    "UPDATE bulletins SET number = number + 1",
    "UPDATE bulletins SET issued_at = NULL",
    "UPDATE bulletins SET scope = 'case:1'",
    "DELETE FROM bulletins",
    "UPDATE bulletin_seals SET digest = ''",
    "DELETE FROM bulletin_seals",
    "UPDATE bulletin_marks SET actor = 'nobody'",
    "DELETE FROM bulletin_marks",
)
READER = Addressee(key="group", name="局党组成员", channel="console", address="leader", form="link")


def issue(store, now, day=DAY, told="许营镇夜里有刺鼻气味", series="daily"):
    reserved = store.bulletins.reserve(series, day, now)
    section = Section(heading="一、情况", sentences=(Sentence(text=told),))
    made = bulletin(
        reserved, now, day=day, year=day.year, series=series, sections=(section,), title=f"{day}舆情"
    )
    return store.bulletins.issue(reserved.id, made, **FILES, now=now)


@pytest.mark.parametrize("change", CHANGES)
def test_the_database_itself_refuses_to_change_what_was_issued(store, now, change):
    issued = issue(store, now)
    store.circulation.sign(issued.id, [(READER, None)], actor="press", now=now)
    with pytest.raises(Conflict), store._database.write() as tx:
        tx.execute(text(change))
    assert store.bulletins.get(issued.id) == issued
    assert store.archive.standing(issued.id).whole


def test_what_is_only_reserved_can_still_be_filled_in(store, now):
    reserved = store.bulletins.reserve("daily", DAY, now)
    with store._database.write() as tx:
        tx.execute(text("UPDATE bulletins SET title = 'draft'"))
    store.bulletins.issue(reserved.id, bulletin(reserved, now), **FILES, now=now)


def test_bytes_that_were_changed_behind_the_triggers_back_are_noticed(store, now):
    issued = issue(store, now)
    assert store.archive.damaged() == []
    with store._database.write() as tx:
        tx.execute(
            text("DROP TRIGGER bulletins_stay" + ("" if store._database.is_sqlite else " ON bulletins"))
        )
        tx.execute(text("UPDATE bulletins SET pdf = html"))
    assert not store.archive.standing(issued.id).whole
    assert store.archive.damaged() == [f"序号 {issued.id} 的简报与编发时不符"]


def test_a_head_that_is_not_in_the_trail_is_noticed(store, make, now):
    make.case()
    head = store.audit.seal(now)
    for day, printed in ((DAY, head), (DAY - timedelta(days=1), "f" * 64)):
        reserved = store.bulletins.reserve("daily", day, now)
        made = bulletin(reserved, now, day=day, audit_head=printed)
        issued = store.bulletins.issue(reserved.id, made, **FILES, now=now)
        assert store.archive.standing(issued.id).chained is (printed == head)


@pytest.mark.parametrize("words", ["气味", "刺鼻", "鼻气", "许营镇 气味", "許營鎮", "氣味", "  气味 "])
def test_any_two_characters_find_it_whatever_words_they_belong_to(store, now, words):
    issued = issue(store, now)
    issue(store, now, day=DAY + timedelta(days=1), told="东昌湖边烧烤油烟")
    (found,) = store.archive.listing(words=words)
    assert found.id == issued.id
    assert "刺鼻气味" in found.snippet


@pytest.mark.parametrize("words", ["%", "_", "气_", "100%", "\\", "'"])
def test_signs_of_the_query_language_are_only_signs(store, now, words):
    issue(store, now)
    assert store.archive.listing(words=words) == []


def test_the_archive_is_kept_by_series_and_year(store, now):
    for series, day in (("daily", DAY), ("daily", date(2025, 12, 31)), ("weekly", DAY)):
        issue(store, now, day=day, series=series)
    archive = store.archive
    assert archive.shelves() == [("daily", 2026, 1), ("weekly", 2026, 1), ("daily", 2025, 1)]
    assert [row.day for row in archive.listing(series="daily")] == [DAY, date(2025, 12, 31)]
    assert [row.series for row in archive.listing(year=2025)] == ["daily"]
    assert len(archive.listing(limit=1, at=1)) == 1
    newest = archive.listing(series="daily")[0]
    assert [row.day for row in archive.neighbours(newest.id)] == [date(2025, 12, 31)]


def test_a_delivery_is_made_once_however_often_it_is_asked_for(store, now):
    issued = issue(store, now)
    assert store.circulation.deliver(issued.id, [(READER, None)], now) == 1
    assert store.circulation.deliver(issued.id, [(READER, None)], now) == 0
    assert store.circulation.sign(issued.id, [(READER, None)], actor="press", now=now) == 0
    assert len(store.archive.standing(issued.id).deliveries) == 1
    assert store.audit.verify() == []


def test_what_was_never_issued_is_neither_signed_nor_delivered(store, now):
    reserved = store.bulletins.reserve("daily", DAY, now)
    for number in (reserved.id, 99):
        with pytest.raises(NotFound):
            store.circulation.sign(number, [], actor="press", now=now)
        with pytest.raises(NotFound):
            store.archive.standing(number)


def test_bulletins_issued_before_are_sealed_by_the_migration(bare_url, store_key, now):
    before = bulletin(type("Numbers", (), {"number": 1, "total": 1}), now)
    content = CONTENT.dump_json(before).decode()
    database, script = Database(bare_url), schema.scripts()
    with database.write() as connection:
        environment = EnvironmentContext(
            Config(), script, fn=lambda revision, _context: script._upgrade_revs("0005", revision)
        )
        environment.configure(connection=connection, target_metadata=metadata)
        environment.run_migrations()
        connection.execute(
            text(
                "INSERT INTO bulletins (series, day, year, number, total, reserved_at, issued_at, title,"
                " audit_head, content, html, docx, pdf) VALUES ('daily', :day, 2026, 1, 1, :now, :now, 't', '',"
                " :content, :html, :docx, :pdf)"
            ),
            {"day": str(DAY), "now": now.isoformat(), "content": content, **FILES},
        )
    database.close()
    with Store.open(bare_url, store_key) as store:
        (row,) = store.archive.listing(words="刺鼻")
        standing = store.archive.standing(row.id)
    assert standing.whole
    assert standing.digest == digest(content, *FILES.values())


def test_a_year_counts_each_sort_of_source_in_its_own_unit_and_never_together(store, make, now):
    """118起, 90期, 241件: what the bureau of 2017 told of its year, told from a ledger of the same size."""
    for number in range(118):
        make.post(f"w{number}")
    for number in range(241):
        make.post(f"p{number}", kind=SourceKind.PLATFORM, source="platform")
    for number in range(90):
        issue(store, now, day=date(2026, 1, 1) + timedelta(days=number // 2), series=("a", "b")[number % 2])
    start = now.replace(month=1, day=1, hour=0, minute=0)
    counts = {one.key: f"{one.value}{one.unit}" for one in store.counts.year(start, now.replace(month=12))}
    assert (counts["weibo_received"], counts["platform_received"]) == ("118起", "241件")
    assert sum(issues for _, issues, _ in store.counts.issues(2026)) == 90
    assert "359" not in "".join(counts.values())


def test_a_year_is_compared_with_the_same_days_of_the_year_before(store, make, now):
    for number in range(1696):
        raws = [make.raw(f"h{number}", kind=SourceKind.HOTLINE, source="hotline", posted_at=now)]
        if number < 1518:
            before = now.replace(year=now.year - 1)
            raws.append(make.raw(f"b{number}", kind=SourceKind.HOTLINE, source="hotline", posted_at=before))
        made = store.posts.add(raws, now).new
        store.posts.save_verdicts([(post, make.verdict()) for post in made], now)
    late = make.raw("late", kind=SourceKind.HOTLINE, posted_at=now.replace(year=now.year - 1, month=11))
    (post,) = store.posts.add([late], now).new
    store.posts.save_verdicts([(post, make.verdict())], now)
    start = now.replace(month=1, day=1, hour=0, minute=0)
    counts = {one.key: one for one in store.counts.year(start, now + timedelta(days=1))}
    told = counts["petitions_received"]
    assert (told.value, told.previous, told.unit) == (1696, 1518, "件")
    assert growth(told.value, told.previous) == "+11.7%"


def test_the_check_knows_every_figure_that_counts_posts_under_another_unit():
    assert {key for key in QUERIES if key.endswith("_received")} == RECEIVED.keys()
    assert RECEIVED["petitions_received"] == {kind.value for kind in PETITIONS}
