"""Ten thousand items on a rough site, twenty kill -9: nothing lost, nothing doubled, the pace never exceeded."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator

import pytest

from huanyu import clock
from tests.live.crawl.rough_site import BOARD
from tests.live.crawl.rough_site import LATER
from tests.live.crawl.rough_site import STATUSES
from tests.live.crawl.rough_site import RoughSite

SEED = 20_261_121
KILLS = 20
PACE = (
    0.04  # seconds; small, so that the test ends, and large beside what a busy machine delays on the average
)
WINDOW = 50  # requests over which the pace is measured: one late wake-up of the server is no sin of ours
LATE = 0.5  # seconds the server itself may be late within a window
ENOUGH = 60  # visits after the last kill; more means that the backlog does not end
SOURCES = ("weibo", "forum")


@pytest.fixture
def site() -> Iterator[RoughSite]:
    with RoughSite(clock.now(), SEED) as found:
        yield found


@pytest.mark.timeout(900)
def test_twenty_kills_on_a_rough_site_lose_nothing_and_double_nothing(desk, site):
    desk.source("weibo", "weibo", "weibo", base_url=f"{site.url}/2", secret="weibo", pace=PACE, max_pages=10)
    desk.source(
        "forum", "discuz", base_url=site.url, boards=[str(BOARD)], encoding="gbk", pace=PACE, max_pages=4
    )
    killed = kill_often(desk, site)
    assert killed == KILLS
    read_to_the_end(desk)
    assert not +site.left, "every trouble has been met"
    assert site.later == 0
    store = desk.store()
    posts = [post for post, _ in store.posts.iterate(None)]
    changed = [post.native_id for post in posts if store.posts.versions(post.id)]
    store.close()
    found = Counter(post.native_id for post in posts)
    assert len(site.truth) == 10_000
    assert set(found) - site.truth == set()
    assert site.truth - set(found) == set()
    assert [one for one, times in found.items() if times > 1] == []
    assert changed == [], "nobody edited anything"
    assert too_fast(site.times) == []


def kill_often(desk, site: RoughSite) -> int:
    """Visits of both sources at once, one of them killed after some requests, again and again."""
    dice = random.Random(SEED)
    running = {}
    kills = 0
    try:
        while kills < KILLS:
            for key in SOURCES:
                if key not in running or not running[key].runs():
                    running[key] = desk.start(key)
            wanted = len(site.times) + dice.randint(3, 40)
            victim = dice.choice(SOURCES)
            while len(site.times) < wanted and running[victim].runs():
                time.sleep(0.005)
            time.sleep(dice.random() * 0.05)
            if running[victim].runs():
                running[victim].kill()
                kills += 1
    finally:
        for child in running.values():
            child.kill()
    return kills


def read_to_the_end(desk) -> None:
    """Visits until each source has twice been read whole without anything new."""
    for key in SOURCES:
        quiet = 0
        for _ in range(ENOUGH):
            report = desk.crawl(key, timeout=300)
            quiet = quiet + 1 if report.finished and report.state == "ok" and not report.new else 0
            if quiet == 2:
                break
        assert quiet == 2, f"{key} is not read whole after {ENOUGH} visits: {report}"


def too_fast(times: list[float]) -> list[tuple[int, float]]:
    """Windows in which the site was asked more often than the pace allows."""
    spans = [(start, times[start + WINDOW] - times[start]) for start in range(len(times) - WINDOW)]
    return [(start, span) for start, span in spans if span < WINDOW * PACE - LATE]


def test_the_measure_of_pace_would_notice_a_site_asked_twice_as_fast():
    assert too_fast([n * PACE * 1.05 for n in range(500)]) == []
    assert too_fast([n * PACE / 2 for n in range(500)])


def test_the_rough_site_has_what_it_promises():
    assert STATUSES + LATER < 10_000
