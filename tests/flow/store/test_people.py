"""People of the desk, and reporters whose identity nobody can read by accident."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import inspect
from sqlalchemy import make_url
from sqlalchemy import text

from huanyu.errors import BadInput
from huanyu.errors import ConfigError
from huanyu.errors import Conflict
from huanyu.errors import NotFound
from huanyu.store import Store

IDENTITY = '{"name": "孙小满", "phone": "13800000000"}'


@pytest.fixture
def wang(store, now):
    return store.people.add_user("wangfang", "王芳", "press", "", "hash1", now)


def test_a_user_is_known_by_name_with_the_password_hash(store, wang):
    assert store.people.user("wangfang") == (wang, "hash1")
    assert store.people.user("nobody") is None
    assert store.people.users() == [wang]


def test_a_name_is_given_once(store, wang, now):
    with pytest.raises(Conflict):
        store.people.add_user("wangfang", "另一人", "admin", "", "hash2", now)
    assert store.people.user("wangfang") == (wang, "hash1")


def test_the_first_set_up_happens_once(store, now):
    assert not store.people.any_user()
    store.people.add_user("a", "甲", "admin", "", "h", now, first=True)
    assert store.people.any_user()
    with pytest.raises(Conflict):
        store.people.add_user("b", "乙", "admin", "", "h", now, first=True)


def test_a_session_lasts_until_it_ends(store, wang, now):
    store.people.start_session(wang.id, "t1", now + timedelta(hours=8), now)
    assert store.people.session("t1", now) == wang
    assert store.people.session("t2", now) is None
    assert store.people.session("t1", now + timedelta(hours=8)) is None
    store.people.end_session("t1", now)
    store.people.end_session("t1", now)
    assert store.people.session("t1", now) is None


def test_a_new_password_or_a_closed_account_ends_all_sessions(store, wang, now):
    for change in (
        lambda: store.people.set_password(wang.id, "hash2", actor="admin", now=now),
        lambda: store.people.set_active(wang.id, False, actor="admin", now=now),
    ):
        store.people.start_session(wang.id, "t1", now + timedelta(hours=8), now)
        change()
        assert store.people.session("t1", now) is None
    assert store.people.user("wangfang") == (replace(wang, active=False), "hash2")
    store.people.start_session(wang.id, "t2", now + timedelta(hours=8), now)
    assert store.people.session("t2", now) is None
    with pytest.raises(NotFound):
        store.people.set_password(99, "h", actor="admin", now=now)


def test_ones_own_session_outlives_a_change_of_password(store, wang, now):
    for token in ("here", "elsewhere"):
        store.people.start_session(wang.id, token, now + timedelta(hours=8), now)
    store.people.set_password(wang.id, "hash2", actor="wangfang", now=now, keep="here")
    assert store.people.session("here", now) == wang
    assert store.people.session("elsewhere", now) is None


def test_a_password_given_by_somebody_else_is_marked_until_it_is_changed(store, wang, now):
    store.people.set_password(wang.id, "hash2", actor="admin", now=now, must_change=True)
    assert store.people.user("wangfang") == (replace(wang, must_change=True), "hash2")
    store.people.set_password(wang.id, "hash3", actor="wangfang", now=now)
    assert store.people.user("wangfang") == (wang, "hash3")
    new = store.people.add_user("li", "李岚", "press", "", "h", now, must_change=True)
    assert store.people.user("li") == (new, "h")
    assert new.must_change


def test_the_trail_names_who_came_and_who_left(store, wang, now):
    store.people.start_session(wang.id, "t1", now + timedelta(hours=8), now)
    store.people.end_session("t1", now)
    left, came, *_ = store.audit.listing(limit=3)
    assert (came.action, came.actor) == ("session.start", "wangfang")
    assert (left.action, left.actor) == ("session.end", "wangfang")
    with pytest.raises(NotFound):
        store.people.start_session(99, "t2", now + timedelta(hours=8), now)


def test_a_wrong_password_leaves_a_line_without_the_name_of_a_stranger(store, wang, now):
    for name in ("wangfang", "my-password-by-mistake", "my-password-by-mistake"):
        store.people.note_failed_login(name, now)
    again, stranger, known, *_ = store.audit.listing(limit=4)
    assert {line.action for line in (again, stranger, known)} == {"session.refused"}
    assert (known.ids, stranger.ids) == ((wang.id,), ())
    assert again.digest == stranger.digest != known.digest
    with store._database.read() as tx:
        told = repr(tx.execute(text("SELECT * FROM audit")).all())
    assert "my-password" not in told
    assert store.audit.verify(store.audit.seal(now)) == []


def test_a_reporter_is_read_with_a_reason_and_each_look_is_logged(store, make, now):
    case = make.case()
    post = store.cases.posts(case.id)[0]
    store.people.save_reporter(IDENTITY, now, case_id=case.id)
    store.people.save_reporter('{"name": "周立"}', now, post_id=post.id)
    assert store.people.has_reporter(case.id)
    assert store.people.identity_reads(case.id) == []
    read = store.people.read_reporter(case.id, actor="wangfang", reason="电话回访", now=now)
    assert read == (IDENTITY, '{"name": "周立"}')
    (look,) = store.people.identity_reads(case.id)
    assert (look.actor, look.reason, look.at) == ("wangfang", "电话回访", now)


def test_without_a_reason_nothing_is_shown(store, make, now):
    case = make.case()
    store.people.save_reporter(IDENTITY, now, case_id=case.id)
    with pytest.raises(BadInput):
        store.people.read_reporter(case.id, actor="wangfang", reason="  ", now=now)


def test_a_look_that_finds_nothing_is_logged_too(store, make, now):
    case = make.case()
    assert store.people.read_reporter(case.id, actor="wangfang", reason="核对", now=now) == ()
    assert len(store.people.identity_reads(case.id)) == 1
    assert not store.people.has_reporter(case.id)
    with pytest.raises(NotFound):
        store.people.read_reporter(99, actor="wangfang", reason="核对", now=now)


def test_an_identity_belongs_to_one_thing(store, now):
    with pytest.raises(ValueError, match="case or to a post"):
        store.people.save_reporter(IDENTITY, now)


def test_no_table_and_no_file_holds_an_identity_in_the_clear(store, store_url, make, now):
    store.people.save_reporter(IDENTITY, now, case_id=make.case().id)
    with store._database.read() as tx:
        for table in inspect(tx).get_table_names():
            told = "".join(repr(tuple(row)) for row in tx.execute(text(f'SELECT * FROM "{table}"')))
            assert "孙小满" not in told, table
            assert "13800000000" not in told, table
    url = make_url(store_url)
    if url.get_backend_name() == "sqlite":
        for path in Path(url.database).parent.glob("huanyu.db*"):
            assert "孙小满".encode() not in path.read_bytes()
            assert b"13800000000" not in path.read_bytes()


def test_another_key_does_not_open_the_store(store, store_url):
    with pytest.raises(ConfigError, match="store_key"):
        Store.open(store_url, "some other key")
    with pytest.raises(ConfigError):
        Store.open(store_url, "")


def test_a_damaged_seal_is_told(store, make, now):
    case = make.case()
    store.people.save_reporter(IDENTITY, now, case_id=case.id)
    with store._database.write() as tx:
        tx.execute(text("UPDATE identities SET sealed = :junk"), {"junk": b"junk"})
    with pytest.raises(ConfigError):
        store.people.read_reporter(case.id, actor="wangfang", reason="回访", now=now)
