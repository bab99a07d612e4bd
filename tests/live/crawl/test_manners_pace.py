"""The pace of a site holds whoever of this desk reads it: two sources, two processes, a kill and a restart.

The gaps are measured by the site: from seeing one request, before it answers, to seeing the next one.
"""

from __future__ import annotations

import itertools
import time
from datetime import timedelta
from threading import Event

import pytest

PACE = 0.6


def feed(answer, articles: int, delay: float = 0.0):
    """A feed with so many articles on the same site, each answered after `delay`."""

    def respond(path: str, headers: dict[str, str]):
        time.sleep(delay)
        host = headers.get("Host") or headers.get("host")
        if path.endswith(".xml"):
            items = "".join(
                f"<item><title>稿件{n}</title><guid>{path}{n}</guid><link>http://{host}{path}/{n}</link></item>"
                for n in range(articles)
            )
            body = f'<rss version="2.0"><channel><title>t</title>{items}</channel></rss>'
            return answer(body.encode(), 200, "application/rss+xml")
        return answer(b"<html><body><p>" + "水城新闻网报道，".encode() * 30 + b"</p></body></html>")

    return respond


def gaps(times: list[float]) -> list[float]:
    return [later - earlier for earlier, later in itertools.pairwise(sorted(times))]


def test_two_sources_on_one_site_together_keep_the_slower_pace(desk, serve, answer):
    site = serve(feed(answer, 3))
    desk.source("a", "feed", "news", urls=[f"{site.url}/a.xml"], pace=PACE)
    desk.source("b", "feed", "news", urls=[f"{site.url}/b.xml"], pace=0.1)
    children = [desk.start(key) for key in ("a", "b")]
    assert [child.wait(120) for child in children] == [0, 0]
    assert {path[:2] for path in site.paths} == {"/a", "/b"} and len(site.paths) == 8
    assert min(gaps(site.times)) >= PACE


def test_the_pace_counts_from_the_end_of_a_slow_answer(desk, serve, answer):
    site = serve(feed(answer, 2, delay=0.4))
    desk.source("a", "feed", "news", urls=[f"{site.url}/a.xml"], pace=PACE)
    assert desk.crawl("a").state == "ok"
    assert min(gaps(site.times[1:])) >= PACE + 0.4  # its robots.txt is quick


@pytest.mark.parametrize("delay", [0.0, 1.0])
def test_a_killed_visit_and_its_successor_keep_the_pace(desk, serve, answer, delay):
    """Killed between two requests, and with a request on its way."""
    site = serve(feed(answer, 3, delay))
    pace = 8.0  # longer than a process takes to start
    desk.source("a", "feed", "news", urls=[f"{site.url}/a.xml"], pace=pace, permission="函")
    child = desk.start("a")
    while len(site.asked) < 1 and child.runs():
        time.sleep(0.01)
    child.kill()
    asked = len(site.times)
    again = desk.start("a")
    while len(site.times) == asked and again.runs():
        time.sleep(0.01)
    again.kill()
    assert len(site.times) > asked
    assert min(gaps(site.times)) >= pace


def test_one_source_is_visited_by_one_process_at_a_time(desk, serve, answer):
    respond, go_on = feed(answer, 2), Event()

    def slow(path: str, headers: dict[str, str]):
        go_on.wait(120)
        return respond(path, headers)

    site = serve(slow)
    desk.source("a", "feed", "news", urls=[f"{site.url}/a.xml"])
    first = desk.start("a")
    while not site.asked and first.runs():
        time.sleep(0.01)
    second = desk.crawl("a")
    go_on.set()
    assert first.wait(120) == 0
    assert "另一个进程" in second.sentence and not second.finished
    assert len(site.paths) == len(set(site.paths)) == 3
    store = desk.store()
    assert [(visit.finished, visit.new) for visit in store.sources.visits("a")] == [(True, 2)]
    store.close()


def test_a_site_that_asks_one_source_for_rest_is_left_alone_by_the_other(desk, serve, answer):
    respond = feed(answer, 1)

    def busy(path: str, headers: dict[str, str]):
        told = {"Retry-After": "3600"}
        return answer(status=503, headers=told) if path == "/a.xml" else respond(path, headers)

    site = serve(busy)
    desk.source("a", "feed", "news", urls=[f"{site.url}/a.xml"], pace=0.1)
    desk.source("b", "feed", "news", urls=[f"{site.url}/b.xml"], pace=0.1)
    desk.crawl("a")
    report = desk.crawl("b")
    assert site.paths == ["/a.xml"]
    assert report.state == "slow"
    store = desk.store()
    left = [state.next_at - state.last_try for state in store.sources.states()]
    store.close()
    assert min(left) > timedelta(minutes=55)


def test_a_crawl_delay_longer_than_the_pace_is_honoured(desk, serve, answer):
    site = serve(feed(answer, 2), robots=f"User-agent: *\nCrawl-delay: {PACE}\n")
    desk.source("a", "feed", "news", urls=[f"{site.url}/a.xml"], pace=0.05)
    assert desk.crawl("a").new == 2
    assert len(site.times) == 4 and min(gaps(site.times[1:])) >= PACE


def test_a_crawl_delay_nobody_can_live_with_is_told(desk, serve, answer):
    site = serve(feed(answer, 2), robots="User-agent: *\nCrawl-delay: 3600\n")
    desk.source("a", "feed", "news", urls=[f"{site.url}/a.xml"])
    report = desk.crawl("a")
    assert site.asked == [] and report.state == "slow" and "60 分钟" in report.sentence


def test_a_visit_told_to_stop_while_it_waits_for_its_turn_ends_at_once_and_is_no_failure(desk, serve, answer):
    site = serve(feed(answer, 2))
    desk.source("a", "feed", "news", urls=[f"{site.url}/a.xml"], pace=300.0)
    child = desk.start("a")
    while not site.times and child.runs():
        time.sleep(0.01)
    child.stop()
    assert child.wait(120) == 0
    store = desk.store()
    assert store.sources.state("a") is None
    store.close()


def test_a_visit_that_is_told_to_end_does_not_sleep_until_the_site_wants_it_back(desk, serve, answer):
    site = serve(lambda path, headers: answer(status=503, headers={"Retry-After": "55"}))
    desk.source("a", "feed", "news", urls=[f"{site.url}/a.xml"], permission="本机站点")
    report = desk.crawl("a", timeout=12)
    assert (report.state, report.crashed, len(site.asked)) == ("slow", False, 1)


def test_an_address_too_long_to_ask_for_is_told_and_its_entry_kept(desk, serve, answer):
    def respond(path: str, headers: dict[str, str]):
        item = f"<item><title>夜间施工</title><guid>1</guid><link>{site.url}/{'a' * 3000}</link></item>"
        feed = f'<rss version="2.0"><channel><title>t</title>{item}</channel></rss>'
        return answer(feed.encode(), 200, "application/xml")

    site = serve(respond)
    desk.source("a", "feed", "news", urls=[f"{site.url}/a.xml"])
    report = desk.crawl("a")
    assert (site.paths, report.new) == (["/a.xml"], 1)
    assert "网址太长" in report.sentence
