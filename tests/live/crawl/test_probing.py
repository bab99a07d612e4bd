"""Known posts: once a day a visit also opens their pages, whatever it meets there is no state of the source."""

from __future__ import annotations

from datetime import datetime
from datetime import timedelta

from huanyu.clock import SHANGHAI

NOW = datetime(2026, 3, 10, 9, 30, tzinfo=SHANGHAI)
EMPTY = b'<?xml version="1.0"?><rss version="2.0"><channel><title>t</title></channel></rss>'
WORDS = "夜里又有刺鼻气味"
PAGES = {
    "/rss.xml": EMPTY,
    "/there": "<html><body><p>许营镇<b>夜里又有</b>刺鼻气味</p></body></html>".encode(),
    "/changed": "<html><body><p>本帖已修改</p></body></html>".encode(),
}


def watch(desk, *urls: str) -> None:
    with desk.store() as store:
        for url in urls:
            store.probes.add("news", url, "", WORDS, None, "李岚", NOW)


def checks(desk) -> dict[int, tuple[bool | None, str]]:
    with desk.store() as store:
        return {check.probe_id: (check.readable, check.note) for check in store.probes.checks(NOW.date())}


def test_pages_of_known_posts_are_opened_once_a_day_after_the_visit(desk, serve, answer):
    site = serve(lambda path, headers: answer(PAGES[path], 200) if path in PAGES else answer(b"", 404))
    other = serve(lambda path, headers: answer(PAGES["/there"]))
    desk.source("news", "feed", "news", urls=[f"{site.url}/rss.xml"])
    watch(desk, f"{site.url}/there", f"{site.url}/changed", f"{site.url}/gone", f"{other.url}/there")
    report = desk.crawl("news", at=NOW)
    assert (report.state, report.pages, report.rejects) == ("ok", 1, 0)
    assert site.paths[0] == "/rss.xml"
    assert sorted(site.paths) == ["/changed", "/gone", "/rss.xml", "/there"]
    assert other.asked == []
    found = checks(desk)
    assert found[1] == (True, "")
    assert [readable for readable, _ in found.values()] == [True, False, False]
    assert all(note for readable, note in found.values() if not readable)

    site.asked.clear()
    desk.crawl("news", at=NOW + timedelta(hours=1))
    assert site.paths == ["/rss.xml"]
    desk.crawl("news", at=NOW + timedelta(days=1))
    assert len(site.paths) == 1 + 4


def test_a_page_that_robots_txt_closes_is_not_opened(desk, serve, answer):
    site = serve(lambda path, headers: answer(EMPTY), robots="User-agent: *\nDisallow: /there\n")
    desk.source("news", "feed", "news", urls=[f"{site.url}/rss.xml"])
    watch(desk, f"{site.url}/there")
    assert desk.crawl("news", at=NOW).state == "ok"
    assert site.paths == ["/rss.xml"]
    ((readable, note),) = checks(desk).values()
    assert readable is False and "robots.txt" in note


def test_after_a_wall_no_known_post_is_opened_and_nothing_is_said_of_it(desk, serve, answer):
    site = serve(lambda path, headers: answer(b"", 429, headers={"Retry-After": "7200"}))
    desk.source("news", "feed", "news", urls=[f"{site.url}/rss.xml"])
    watch(desk, f"{site.url}/there")
    assert desk.crawl("news", at=NOW).state == "slow"
    assert site.paths == ["/rss.xml"]
    assert checks(desk) == {}
