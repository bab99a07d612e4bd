"""One post is one row, whichever source found it, and an old database learns that on upgrade."""

from __future__ import annotations

import hashlib
import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.runtime.environment import EnvironmentContext
from sqlalchemy import create_engine
from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import text

from huanyu.store import Store
from huanyu.store import arrivals
from huanyu.store import schema
from huanyu.store.session import Database
from huanyu.store.tables import metadata
from huanyu.store.tables import posts
from huanyu.store.tables import sightings

MID = "5123456789012345"


def status(make, source="weibo_mentions", **more):
    return make.raw(MID, source=source, identity=f"weibo/{MID}", **more)


def shown_by(store) -> list[str]:
    with store._database.read() as tx:
        return sorted(tx.execute(select(sightings.c.source)).scalars())


def only(store):
    ((post, _),) = store.posts.iterate()
    return post


def later(now, minutes=10):
    return now + timedelta(minutes=minutes)


# --- identity


def test_a_post_found_by_two_sources_is_one_row_with_two_sightings(store, make, now):
    first = store.posts.add([status(make, likes=1)], now)
    again = store.posts.add([status(make, "weibo_search", likes=7, fetched_at=later(now))], later(now))
    assert (len(first.new), first.first_seen) == (1, 1)
    assert (again.new, again.seen, again.changed, again.first_seen) == ((), 1, 0, 1)
    assert (only(store).source, only(store).likes) == ("weibo_mentions", 7)
    assert shown_by(store) == ["weibo_mentions", "weibo_search"]


def test_a_post_found_twice_in_one_batch_is_one_row(store, make, now):
    added = store.posts.add([status(make), status(make, "weibo_search"), status(make)], now)
    assert (len(added.new), added.seen, added.first_seen) == (1, 0, 1)
    assert shown_by(store) == ["weibo_mentions", "weibo_search"]


def test_seeing_it_again_shows_nothing_for_the_first_time_and_writes_no_line(store, make, now):
    store.posts.add([status(make), status(make, "weibo_search")], now)
    lines = len(store.audit.listing())
    again = store.posts.add([status(make), status(make, "weibo_search")], now)
    assert (again.seen, again.first_seen) == (1, 0)
    assert len(store.audit.listing()) == lines


def test_without_a_name_of_its_platform_a_post_is_known_by_its_source(store, make, now):
    store.posts.add([make.raw("1"), make.raw("1", source="tieba")], now)
    assert store.posts.count() == 2


def test_what_the_first_source_did_not_tell_is_filled_in_by_the_second(store, make, now):
    store.posts.add([status(make, posted_at=None)], now)
    said = now - timedelta(hours=5)
    told = {"link": f"weibo/{MID}", "event_at": now, "event_words": "昨晚", "posted_at": said}
    store.posts.add([status(make, "weibo_search", fetched_at=later(now), **told)], later(now))
    post = only(store)
    assert (post.link, post.event_at, post.event_words, post.posted_at) == (f"weibo/{MID}", now, "昨晚", said)
    assert post.said_at == said


def test_a_list_that_cuts_a_text_off_does_not_shorten_it(store, make, now):
    whole = "许营镇夜里有刺鼻气味, 从化工园方向飘来, 孩子咳嗽"
    store.posts.add([status(make, text=whole)], now)
    for turn, (source, cut) in enumerate(
        [
            ("weibo_search", whole[:12]),
            ("weibo_search", whole[:12] + "…"),
            ("weibo_mentions", whole[:12] + "...全文"),
        ]
    ):
        raw = status(make, source, text=cut, fetched_at=later(now, turn))
        assert store.posts.add([raw], later(now, turn)).changed == 0
    assert only(store).text == whole


def test_an_author_may_shorten_his_own_text(store, make, now):
    store.posts.add([status(make, text="许营镇夜里有刺鼻气味。孩子咳嗽。")], now)
    shorter = status(make, text="许营镇夜里有刺鼻气味。", fetched_at=later(now))
    assert store.posts.add([shorter], later(now)).changed == 1


def test_two_sources_that_spell_a_post_differently_come_to_rest(store, make, now):
    spellings = {"weibo_mentions": "夜里又有气味[怒]", "weibo_search": "夜里又有气味"}
    changes = [
        store.posts.add([status(make, source, text=told, fetched_at=later(now, turn))], now).changed
        for turn, (source, told) in enumerate(list(spellings.items()) * 5)
    ]
    assert sum(changes) <= 2
    assert changes[-6:] == [0] * 6


def test_an_edit_is_taken_from_any_source(store, make, now):
    store.posts.add([status(make), status(make, "weibo_search")], now)
    edited = status(make, "weibo_search", text="更正: 气味来自污水站", fetched_at=later(now))
    assert store.posts.add([edited], later(now)).changed == 1
    assert only(store).text == "更正: 气味来自污水站"
    assert [told for _, told in store.posts.versions(only(store).id)] == [make.raw(MID).text]


def test_many_writers_find_the_same_posts_and_none_is_doubled(store, make, now):
    mids = [str(int(MID) + n) for n in range(40)]

    def write(writer: int) -> int:
        order = random.Random(writer).sample(mids, len(mids))
        raws = [
            make.raw(mid, source=f"source_{writer % 4}", identity=f"weibo/{mid}", link=f"weibo/{mid}")
            for mid in order
        ]
        return sum(len(store.posts.add(raws[start : start + 8], now).new) for start in range(0, 40, 8))

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(write, range(8))) == 40
    assert store.posts.count() == 40
    assert len(shown_by(store)) == 4 * 40
    assert all(post.same_as is None for post, _ in store.posts.iterate())


# --- its pictures


def test_pictures_that_come_later_are_added_and_none_is_dropped(store, make, now):
    pictures = [f"https://img.example.org/{name}" for name in ("a.jpg", "b.jpg", "c.jpg")]
    for turn, shown in enumerate(([0], [0, 1], [], [2, 1])):
        raw = status(make, images=tuple(pictures[at] for at in shown), fetched_at=later(now, turn))
        store.posts.add([raw], later(now, turn))
    assert only(store).images == tuple(pictures)
    gone = status(make, deleted=True, images=("https://img.example.org/gone.png",), fetched_at=later(now, 9))
    store.posts.add([gone], later(now, 9))
    assert only(store).images == tuple(pictures)


# --- one page in two places


def test_a_later_post_with_the_page_of_an_earlier_one_points_to_it(store, make, now):
    page = "bbs.example.org/thread/7"
    (thread,) = store.posts.add([make.raw("7", source="forum", link=page)], now).new
    feed, other = store.posts.add(
        [make.raw("a", source="feed", link=page), make.raw("b", source="feed", link="x.example.org/b")], now
    ).new
    assert (store.posts.get(feed).same_as, store.posts.get(feed).same_why) == (thread, "link")
    assert store.posts.get(other).same_as is None
    (third,) = store.posts.add([make.raw("c", source="news", link=page)], now).new
    assert store.posts.get(third).same_as == thread


def test_within_one_batch_too_and_what_has_no_page_points_nowhere(store, make, now):
    page = "news.example.org/a"
    raws = [make.raw(str(n), source=f"s{n}", link=page if n < 3 else "") for n in range(6)]
    first, *rest = store.posts.add(raws, now).new
    assert [store.posts.get(post_id).same_as for post_id in rest] == [first, first, None, None, None]


def test_a_page_that_is_told_only_later_is_known_as_the_same_too(store, make, now):
    page = "bbs.example.org/thread/7"
    (first, nameless, repeat) = store.posts.add(
        [make.raw("1", link=page), make.raw("2"), make.raw("3")], now
    ).new
    store.reposts.save({repeat: nameless}, now)
    store.posts.add([make.raw("2", link=page, fetched_at=later(now))], later(now))
    assert [store.posts.get(one).same_as for one in (first, nameless, repeat)] == [None, first, first]
    lines = store.audit.listing()
    assert set(lines[0].ids) == {nameless, repeat}


def test_a_repeat_whose_original_learns_its_page_later_goes_in_no_circle(store, make, now):
    page = "news.example.org/a"
    original, repeat = store.posts.add([make.raw("1"), make.raw("2", link=page)], now).new
    store.reposts.save({repeat: original}, now)
    store.posts.add([make.raw("1", link=page, fetched_at=later(now))], later(now))
    assert [store.posts.get(one).same_as for one in (original, repeat)] == [None, original]


def test_writers_who_store_one_page_at_once_agree_which_was_first(store, make, now):
    def write(writer: int) -> None:
        for turn in range(10):
            raw = make.raw(f"{writer}-{turn}", source=f"s{writer}", link=f"news.example.org/{turn}")
            store.posts.add([raw], now)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, range(6)))
    found = [post for post, _ in store.posts.iterate()]
    for turn in range(10):
        told = [post.same_as for post in found if post.link == f"news.example.org/{turn}"]
        assert told.count(None) == 1 and len(set(told)) == 2


# --- what it was read from


def test_a_payload_is_hashed_whole_and_kept_up_to_a_bound(store, make, now):
    body = b"<p>" + b"x" * arrivals.RAW_MOST
    (post_id,) = store.posts.add([make.raw("1", raw=body, raw_type="text/html")], now).new
    (kept,) = store.evidence.raws(post_id)
    assert (kept.sha256, kept.media) == (hashlib.sha256(body).hexdigest(), "text/html")
    assert store.posts.raw(post_id) == body[: arrivals.RAW_MOST]


# --- a database from before


@pytest.fixture
def old_url(bare_url, now) -> str:
    """A database as 0001 made it, with posts of two sources in it."""
    _migrate(bare_url, "0001")
    engine = create_engine(bare_url)
    with engine.begin() as connection:
        for number, (source, native_id) in enumerate(
            [("weibo_mentions", MID), ("weibo_search", MID), ("forum", "tid7"), ("platform", MID[:6])], 1
        ):
            connection.execute(
                text(OLD_POST), {"id": number, "source": source, "native_id": native_id, "at": now}
            )
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT setval(pg_get_serial_sequence('posts', 'id'), 10)"))
    engine.dispose()
    return bare_url


OLD_POST = (
    "INSERT INTO posts (id, source, kind, native_id, url, title, text, author, author_id, year_inferred, said_at,"
    " fetched_at, seen_at, stored_at, parent_id, region, images, deleted) VALUES (:id, :source, 'weibo',"
    " :native_id, '', '', '许营镇有气味', '', '', false, :at, :at, :at, :at, '', '', '[]', false)"
)


def _migrate(url: str, revision: str) -> None:
    database, script = Database(url), schema.scripts()
    with database.write() as connection:
        environment = EnvironmentContext(
            Config(), script, fn=lambda at, _context: script._upgrade_revs(revision, at)
        )
        environment.configure(connection=connection, target_metadata=metadata)
        environment.run_migrations()
        assert MigrationContext.configure(connection).get_current_revision() == revision
    database.close()


def test_an_old_database_upgrades_and_knows_its_posts(old_url, store_key, make, now):
    with Store.open(old_url, store_key) as store:
        assert store.posts.count() == 4
        assert len(shown_by(store)) == 4
        same = {post.source: post.same_as for post, _ in store.posts.iterate()}
        assert same == {"weibo_mentions": None, "weibo_search": 1, "forum": None, "platform": None}
        raws = [status(make), status(make, "weibo_search"), status(make, "weibo_timeline")]
        again = store.posts.add([*raws, make.raw("tid7", source="forum", identity="bbs.example.org/7")], now)
        assert again.new == ()
        assert store.posts.count() == 4
        with store._database.read() as tx:
            names = dict(tx.execute(select(posts.c.source, posts.c.identity)).all())
        assert names["weibo_mentions"] == f"weibo/{MID}"
        assert names["forum"] == "bbs.example.org/7"
        assert names["platform"] == f"platform/{MID[:6]}"


def test_a_name_that_another_row_has_taken_stays_there(store, make, now):
    """Two rows of one post from before names were kept: the first takes the name, the second is left alone."""
    row = {"kind": make.raw().kind, "url": "", "images": (), "said_at": now, "fetched_at": now}
    with store._database.write() as tx:
        for source in ("weibo_mentions", "weibo_search"):
            old = {"source": source, "native_id": MID, "identity": f"{source}/{MID}", "text": "气味"}
            tx.execute(insert(posts).values(**row, **old, seen_at=now, stored_at=now))
    for source in ("weibo_search", "weibo_mentions", "weibo_search"):
        assert store.posts.add([status(make, source)], now).new == ()
    with store._database.read() as tx:
        assert tx.scalar(select(func.count()).where(posts.c.identity == f"weibo/{MID}")) == 1


def test_posts_seen_again_do_not_wait_for_a_batch_that_makes_cases_of_them(store, make, now):
    """Nor the batch for them: each holding some of the other's, PostgreSQL would end one of the two."""
    if store._database.is_sqlite:
        pytest.skip("SQLite has one writer at a time")
    post_id, later = make.post("1"), now + timedelta(hours=1)
    with ThreadPoolExecutor(1) as pool, store.together():
        store.cases.apply(make.plan(post_id), now)
        again = pool.submit(store.posts.add, [make.raw("1", likes=7, fetched_at=later)], later)
        assert again.result(timeout=240).seen == 1
    assert store.posts.get(post_id).likes == 7
    assert store.cases.count() == 1
