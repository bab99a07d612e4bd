"""Sources' health and the desk's switches."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from huanyu.types import SourceState


def test_a_source_keeps_its_latest_state_and_cursor(store, now):
    state = SourceState(
        source="dongchang_forum",
        state="ok",
        since=now,
        sentence="运行正常",
        last_ok=now,
        last_new=12,
        cursor={"etag": 'W/"1"', "since_id": "501"},
    )
    assert store.sources.state("dongchang_forum") is None
    store.sources.save_state(state, now)
    assert store.sources.state("dongchang_forum") == state
    walled = replace(state, state="wall", sentence="被要求登录", since=now + timedelta(hours=1), cursor={})
    store.sources.save_state(walled, now)
    assert store.sources.states() == [walled]


def test_the_same_state_again_writes_nothing(store, now):
    state = SourceState(source="s", state="ok", since=now, sentence="正常")
    store.sources.save_state(state, now)
    store.sources.save_state(state, now + timedelta(minutes=1))
    assert len(store.audit.listing()) == 1


def test_a_switch_keeps_its_last_position(store, now):
    assert store.settings.get("kill_switch") is None
    store.settings.put("kill_switch", "on", now, actor="王芳")
    store.settings.put("kill_switch", "on", now, actor="赵青")
    assert len(store.audit.listing()) == 1
    store.settings.put("kill_switch", "off", now, actor="王芳")
    assert store.settings.get("kill_switch") == "off"
