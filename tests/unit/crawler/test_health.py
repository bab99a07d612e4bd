"""A source that can be read and brings nothing is silent; one that cannot be read is not."""

from __future__ import annotations

from datetime import datetime
from datetime import timedelta

from crawler import health
from crawler import rhythm
from crawler.health import Visit
from crawler.walls import Wall
from huanyu.clock import SHANGHAI
from huanyu.types import SourceState

NOW = datetime(2026, 3, 11, 15, 0, tzinfo=SHANGHAI)
USUAL = rhythm.Usual(expected=(1.5,) * 168, limit=12.0)


def since(hours: float) -> SourceState:
    """A source whose last new item came so long ago."""
    last = NOW - timedelta(hours=hours)
    return SourceState(
        source="k", state="ok", since=last, sentence="", cursor={health.LAST_NEW: last.isoformat()}
    )


def judged(before, usual=USUAL, **more) -> SourceState:
    visit = Visit(**({"pages": 3, "new": 0, "seen": 5, "rejects": 0} | more))
    return health.judge("k", before, visit, usual, NOW)


def test_the_sentence_says_how_long_how_much_and_how_sure():
    found = judged(since(9))
    assert found.state == "silent"
    assert found.sentence == "已有 9 小时没有新内容, 平时这段时间约 14 条; 每年误报不超过 1 次, 请人工看一眼"
    assert found.last_ok == NOW


def test_below_the_limit_all_is_well():
    assert judged(since(7)).state == "ok"


def test_silence_stays_silence_until_something_comes():
    before = judged(since(9))
    later = health.judge(
        "k", before, Visit(pages=3, new=0, seen=5, rejects=0), USUAL, NOW + timedelta(days=90)
    )
    assert (later.state, later.since) == ("silent", NOW)
    assert "91" not in later.sentence and "90 天" in later.sentence
    assert judged(before, new=1).state == "ok"


def test_what_another_source_found_first_is_no_silence():
    found = judged(since(9), first_seen=2)
    assert found.state == "ok"
    assert found.cursor[health.LAST_NEW] == NOW.isoformat()


def test_visits_that_fail_are_failures_however_long_nothing_came():
    refused = Wall("failing", "网站拒绝连接", stop=False)
    assert judged(since(900), pages=0, seen=0, walls=(refused,)).state == "failing"
    assert judged(since(900), pages=0, seen=0).state == "failing"
    assert judged(since(900), walls=(Wall("login_needed", "登录已失效"),)).state == "login_needed"
    assert judged(since(900), seen=0, rejects=3).state == "failing"
    assert judged(since(900), pages=0, seen=0, forbidden=1).state == "robots_closed"


def test_nobody_who_knows_no_rhythm_speaks_of_silence():
    assert judged(since(900), usual=None).state == "ok"
