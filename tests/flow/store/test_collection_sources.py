"""The log of visits and the pause switch of a source."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from huanyu.store.sources import VISITS_KEPT
from huanyu.types import SourceState
from huanyu.types import Visited


def visited(at, source="dongchang_forum", **more) -> Visited:
    values = {
        "source": source,
        "at": at,
        "seconds": 12.5,
        "state": "ok",
        "sentence": "读到 3 条, 其中新增 1 条",
    }
    return Visited(**(values | {"pages": 2, "new": 1, "seen": 2, "finished": True} | more))


def test_visits_come_back_newest_first(store, now):
    told = [visited(now - timedelta(hours=hours), rejects=hours) for hours in (2, 0, 1)]
    for one in told:
        store.sources.add_visit(one, now)
    store.sources.add_visit(visited(now, "weibo_mentions"), now)
    mine = store.sources.visits("dongchang_forum")
    assert mine == sorted(told, key=lambda one: one.at, reverse=True)
    assert store.sources.visits("dongchang_forum", since=now - timedelta(hours=1)) == mine[:2]
    assert store.sources.visits("dongchang_forum", limit=1) == mine[:1]
    assert len(store.sources.visits()) == 4


def test_every_visit_is_a_line_of_the_audit_trail(store, now):
    store.sources.add_visit(visited(now), now)
    assert [line.action for line in store.audit.listing()] == ["source.visit"]


def test_visits_nobody_looks_back_on_any_more_are_let_go(store, now):
    store.sources.add_visit(visited(now), now)
    store.sources.add_visit(visited(now, "weibo_mentions"), now)
    later = now + VISITS_KEPT + timedelta(days=1)
    store.sources.add_visit(visited(later), later)
    assert [one.at for one in store.sources.visits("dongchang_forum")] == [later]
    assert len(store.sources.visits("weibo_mentions")) == 1


def test_a_pause_says_who_when_and_why_until_it_is_lifted(store, now):
    assert store.sources.paused() == {}
    store.sources.pause("dongchang_forum", "论坛改版", "李岚", now)
    store.sources.pause("dongchang_forum", "再停一次", "赵青", now + timedelta(hours=1))
    store.sources.pause("weibo_%", "", "赵青", now)
    told = store.sources.paused()
    assert told["dongchang_forum"] == "李岚 于 3 月 10 日 09:30 暂停: 论坛改版"
    assert told["weibo_%"] == "赵青 于 3 月 10 日 09:30 暂停"
    store.sources.resume("dongchang_forum", "李岚", now)
    store.sources.resume("dongchang_forum", "李岚", now)
    assert list(store.sources.paused()) == ["weibo_%"]
    actions = [line.action for line in store.audit.listing()]
    assert actions == ["source.resume", "source.pause", "source.pause"]


def test_other_switches_are_no_pauses(store, now):
    store.settings.put("kill_switch", "on", now)
    assert store.sources.paused() == {}


def test_a_state_keeps_its_tries_and_when_it_is_next_visited(store, now):
    state = SourceState(source="s", state="failing", since=now, sentence="网站拒绝连接")
    full = replace(state, last_try=now, failures=3, interval=1200, next_at=now + timedelta(minutes=20))
    store.sources.save_state(full, now)
    assert store.sources.state("s") == full
