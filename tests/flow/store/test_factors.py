"""Second factors and the sessions they open: sealed, confirmed once, each code taken once, whoever is faster."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text

from huanyu import totp
from huanyu.errors import Conflict
from huanyu.errors import HuanyuError
from huanyu.errors import NotFound
from huanyu.store.entrances import Coming
from huanyu.types import Proof

SHEET = ("abcdefghjk", "mnpqrstuvw")
IDLE = timedelta(minutes=30)


@pytest.fixture
def wang(store, now):
    return store.people.add_user("wangfang", "王芳", "reviewer", "", "hash1", now)


@pytest.fixture
def secret(store, wang, now):
    """A confirmed factor."""
    drawn = totp.new_secret()
    store.factors.begin(wang.id, drawn, "wangfang", now)
    store.factors.confirm(wang.id, 100, SHEET, "wangfang", now)
    return drawn


def coming(name, now):
    return Coming(token_hash=name, expires=now + timedelta(hours=12), device="Chrome", address="10.0.0.7")


def test_a_secret_waits_for_its_first_code_and_not_for_ever(store, wang, now):
    store.factors.begin(wang.id, "AAAA", "wangfang", now)
    store.factors.begin(wang.id, "BBBB", "wangfang", now)
    assert store.factors.pending(wang.id, now - timedelta(minutes=30)) == "BBBB"
    assert store.factors.pending(wang.id, now) == ""
    assert store.factors.confirmed(wang.id) is None
    assert not store.people.user("wangfang")[0].second_factor


def test_a_confirmed_factor_is_neither_replaced_nor_confirmed_again(store, wang, secret, now):
    assert store.factors.confirmed(wang.id) == (secret, 100)
    assert store.people.user("wangfang")[0].second_factor
    for again in (
        lambda: store.factors.begin(wang.id, "CCCC", "wangfang", now),
        lambda: store.factors.confirm(wang.id, 101, SHEET, "wangfang", now),
    ):
        with pytest.raises(Conflict):
            again()
    assert store.factors.confirmed(wang.id) == (secret, 100)


def test_no_table_holds_a_secret_or_a_recovery_code_in_the_clear(store, wang, secret):
    with store._database.read() as tx:
        for table in ("second_factors", "recovery_codes", "audit", "account_news"):
            told = repr(tx.execute(text(f"SELECT * FROM {table}")).all())
            assert secret not in told
            assert SHEET[0] not in told


def test_confirming_ends_the_sessions_that_began_without_it(store, wang, now):
    for token in ("here", "elsewhere"):
        store.people.start_session(wang.id, token, now + timedelta(hours=8), now)
    store.factors.begin(wang.id, "AAAA", "wangfang", now)
    store.factors.confirm(wang.id, 1, SHEET, "wangfang", now, keep="here")
    assert store.people.session("here", now) is not None
    assert store.people.session("elsewhere", now) is None


def test_a_half_session_opens_nothing_and_becomes_a_whole_one_under_another_token(store, wang, secret, now):
    store.entrances.begin(wang.id, "half", now + timedelta(minutes=5), now)
    assert store.people.session("half", now) is None
    assert store.entrances.waiting("half", now).id == wang.id
    assert store.entrances.listing(wang.id, now, IDLE) == []
    store.entrances.enter("half", Proof(step=101), coming("whole", now), now)
    assert store.entrances.waiting("half", now) is None
    (found,) = store.entrances.listing(wang.id, now, IDLE)
    assert (found.handle, found.device, found.address) == ("whole", "Chrome", "10.0.0.7")
    assert store.people.session("whole", now).second_factor


def test_too_late_for_the_code_is_told(store, wang, secret, now):
    store.entrances.begin(wang.id, "half", now + timedelta(minutes=5), now)
    late = now + timedelta(minutes=5)
    assert store.entrances.waiting("half", late) is None
    with pytest.raises(NotFound):
        store.entrances.enter("half", Proof(step=101), coming("whole", now), late)


@pytest.mark.parametrize("proof", [Proof(step=100), Proof(step=99), Proof(digest="nobody's")])
def test_an_old_code_opens_nothing_and_leaves_the_step_open(store, wang, secret, now, proof):
    store.entrances.begin(wang.id, "half", now + timedelta(minutes=5), now)
    with pytest.raises(Conflict):
        store.entrances.enter("half", proof, coming("whole", now), now)
    assert store.people.session("whole", now) is None
    assert store.entrances.waiting("half", now) is not None


@pytest.mark.parametrize("kind", ["code", "recovery"])
def test_of_many_who_show_one_code_at_once_one_comes_in(store, wang, secret, now, kind):
    digest = store.factors.digest(wang.id, SHEET[0])
    proof = Proof(step=101) if kind == "code" else Proof(digest=digest)
    start = threading.Barrier(6)

    def spend(_):
        start.wait()
        try:
            store.factors.spend(wang.id, proof, "test", "wangfang", now)
        except HuanyuError as problem:
            return type(problem)
        return None

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(spend, range(6)))
    assert answers.count(None) == 1
    assert answers.count(Conflict) == 5
    assert store.factors.codes_left(wang.id) == (2 if kind == "code" else 1)


def test_a_recovery_code_belongs_to_one_person_and_is_told_to_them(store, wang, secret, now):
    other = store.people.add_user("li", "李岚", "press", "", "h", now)
    assert store.factors.digest(wang.id, SHEET[0]) != store.factors.digest(other.id, SHEET[0])
    store.factors.spend(
        wang.id, Proof(digest=store.factors.digest(wang.id, SHEET[0])), "test", "wangfang", now
    )
    latest = store.news.of(wang.id)[0]
    assert (latest.kind, latest.seen_at) == ("code_used", None)


def test_an_administrator_takes_a_factor_away_and_its_owner_is_told(store, wang, secret, now):
    store.factors.remove(wang.id, "guanli", now)
    assert store.factors.confirmed(wang.id) is None
    assert store.factors.codes_left(wang.id) == 0
    store.people.start_session(wang.id, "t", now + timedelta(hours=1), now)
    assert store.people.session("t", now).unread == 1
    news = store.news.of(wang.id)[0]
    assert (news.kind, news.actor) == ("factor_reset", "guanli")
    store.news.read(wang.id, news.id, "wangfang", now)
    assert store.people.session("t", now).unread == 0
    with pytest.raises(NotFound):
        store.factors.remove(wang.id, "guanli", now)


def test_the_same_news_is_told_once_while_it_is_unread(store, wang, secret, now):
    for _ in range(3):
        store.entrances.refuse(wang.id, True, now)
    assert [one.kind for one in store.news.of(wang.id)].count("code_blocked") == 1


def test_a_session_nobody_uses_is_over_and_one_that_is_used_is_not(store, wang, now):
    for token in ("left", "used"):
        store.people.start_session(wang.id, token, now + timedelta(hours=12), now)
    later = now + timedelta(minutes=20)
    assert store.people.session("used", later, IDLE, used=True) is not None
    assert store.people.session("left", later, IDLE) is not None  # a look that is no use
    latest = now + timedelta(minutes=40)
    assert store.people.session("used", latest, IDLE) is not None
    assert store.people.session("left", latest, IDLE) is None
    assert store.entrances.was_idle("left", latest, IDLE)
    assert [one.handle for one in store.entrances.listing(wang.id, latest, IDLE)] == ["used"]
    assert store.people.session("used", now + timedelta(hours=12), IDLE) is None, "however often it is used"


def test_one_session_or_all_the_others_are_ended(store, wang, now):
    for token in ("a", "b", "c"):
        store.people.start_session(wang.id, token, now + timedelta(hours=12), now)
    other = store.people.add_user("li", "李岚", "press", "", "h", now)
    with pytest.raises(NotFound):
        store.entrances.end(other.id, "a", "li", now)
    store.entrances.end(wang.id, "a", "wangfang", now)
    assert store.people.session("a", now) is None
    assert store.entrances.end_all(wang.id, "wangfang", now, keep="b") == 1
    assert store.people.session("b", now) is not None


def test_another_role_ends_all_sessions_and_is_told(store, wang, now):
    store.people.start_session(wang.id, "t", now + timedelta(hours=8), now)
    store.people.set_role(wang.id, "press", "", "guanli", now)
    assert store.people.session("t", now) is None
    assert store.people.user("wangfang")[0].role == "press"
    assert store.news.of(wang.id)[0].kind == "role"


def test_it_is_known_when_somebody_came_last(store, wang, secret, now):
    assert store.entrances.attendance(now, IDLE)[wang.id].last_login is None
    store.people.start_session(wang.id, "t", now + timedelta(hours=8), now)
    store.people.end_session("t", now)
    found = store.entrances.attendance(now, IDLE)[wang.id]
    assert (found.last_login, found.open_sessions, found.factor_since) == (now, 0, now)
