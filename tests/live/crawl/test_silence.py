"""A source that is read and brings nothing is called silent, by its own rhythm."""

from __future__ import annotations

from datetime import datetime
from datetime import timedelta

from huanyu.clock import SHANGHAI
from huanyu.types import RawPost
from huanyu.types import SourceKind

START = datetime(2026, 2, 2, 0, 20, tzinfo=SHANGHAI)
HOUR = timedelta(hours=1)
EMPTY = b'<?xml version="1.0"?><rss version="2.0"><channel><title>t</title></channel></rss>'


def fill(desk, key: str, hours: int) -> datetime:
    """A post every hour; returns when the last one came."""
    with desk.store() as store:
        for number in range(hours):
            at = START + number * HOUR
            raw = RawPost(
                source=key, kind=SourceKind.NEWS, native_id=str(number), url="", text="许营镇有气味",
                fetched_at=at, posted_at=at,
            )  # fmt: skip
            store.posts.add([raw], at)
    return START + (hours - 1) * HOUR


def test_a_source_that_stops_is_silent_by_its_own_rhythm(desk, serve, answer):
    site = serve(lambda path, headers: answer(EMPTY, 200, "application/xml"))
    desk.source("news", "feed", "news", urls=[f"{site.url}/rss.xml"])
    last = fill(desk, "news", 4 * 168)
    assert desk.crawl("news", at=last + HOUR).state == "ok"
    assert desk.crawl("news", at=last + 4 * HOUR).state == "ok"
    report = desk.crawl("news", at=last + 30 * HOUR)
    assert report.state == "silent"
    assert "已有 29 小时没有新内容" in report.sentence and "每年误报不超过 1 次" in report.sentence


def test_without_history_or_a_figure_nothing_is_silent(desk, serve, answer):
    site = serve(lambda path, headers: answer(EMPTY, 200, "application/xml"))
    desk.source("news", "feed", "news", urls=[f"{site.url}/rss.xml"])
    desk.source("told", "feed", "news", urls=[f"{site.url}/rss.xml"], expect_per_day=24)
    for key, state in (("news", "ok"), ("told", "silent")):
        assert desk.crawl(key, at=START).state == "ok"
        assert desk.crawl(key, at=START + timedelta(days=3)).state == state
