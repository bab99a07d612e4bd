"""Who is visited when: plans that survive a restart and a crash, pauses, shared sites, a table edited meanwhile."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from datetime import datetime
from datetime import timedelta

import pytest

from flow import crawls
from flow.desk import Desk
from flow.source_table import SourceTable
from huanyu import clock
from huanyu.config import Config
from huanyu.types import SourceState

EMPTY = b'<?xml version="1.0"?><rss version="2.0"><channel><title>t</title></channel></rss>'


@pytest.fixture
def opened(desk) -> Iterator[Desk]:
    """The desk's own side; opened after the sources are written down."""
    made: list[Desk] = []

    class Late:
        def __getattr__(self, name: str) -> object:
            if not made:
                made.append(Desk.open(Config.load(desk.config_path)))
            return getattr(made[0], name)

    yield Late()
    for one in made:
        one.close()


@pytest.fixture
def site(serve, answer):
    return serve(lambda path, headers: answer(EMPTY, 200, "application/xml", {"ETag": '"v1"'}))


def due(opened: Desk, now: datetime, **more: object) -> list[str]:
    return [row.key for row in crawls.due(opened, opened.bureau.sources, now, **more)]


def visited(opened: Desk, key: str, at: datetime, next_at: datetime) -> None:
    state = SourceState(source=key, state="ok", since=at, sentence="", last_try=at, next_at=next_at)
    opened.store.sources.save_state(state, at)


def test_a_visit_leaves_its_plan_and_a_restart_does_not_come_back_early(desk, opened, site):
    desk.source("a", "feed", "news", urls=[f"{site.url}/a.xml"])
    assert due(opened, clock.now()) == ["a"]
    assert crawls.read(opened, "a").state == "ok"
    state = opened.store.sources.state("a")
    assert timedelta(seconds=600) <= state.next_at - state.last_try <= timedelta(hours=6)
    again = Desk.open(Config.load(desk.config_path))
    assert due(again, state.next_at - timedelta(seconds=1)) == []
    assert due(again, state.next_at) == ["a"]
    again.close()


def test_each_visit_is_one_row_of_the_log(desk, opened, site):
    desk.source("a", "feed", "news", urls=[f"{site.url}/a.xml"])
    report = crawls.read(opened, "a")
    [found] = opened.store.sources.visits("a")
    assert (found.state, found.pages, found.new, found.finished) == ("ok", 1, 0, True)
    assert found.sentence == report.sentence and found.seconds == report.seconds


def visits(of: str = "") -> set[int]:
    """The processes this one has started and those they have, the visits: another test's browser may be among them."""
    parents = of or str(os.getpid())
    asked = subprocess.run(["pgrep", "-P", parents], capture_output=True, text=True, check=False)
    born = asked.stdout.split()
    return {int(pid) for pid in born} | visits(",".join(born)) if born else set()


def test_a_killed_visit_is_a_failure_on_record_and_the_cursor_stays(desk, opened, serve, answer):
    held, asked = threading.Event(), threading.Event()

    def respond(path: str, headers: dict[str, str]):
        asked.set()
        held.wait(25)
        return answer(EMPTY, 200, "application/xml", {"ETag": '"v1"'})

    site = serve(respond)
    desk.source("a", "feed", "news", urls=[f"{site.url}/a.xml"])
    held.set()
    crawls.read(opened, "a")
    before = opened.store.sources.state("a")
    assert '"v1"' in before.cursor.values()
    held.clear()
    asked.clear()
    reports = []
    elsewhere = visits()
    reading = threading.Thread(target=lambda: reports.append(crawls.read(opened, "a")))
    reading.start()
    assert asked.wait(60)
    for child in visits() - elsewhere:
        os.kill(child, signal.SIGKILL)
    held.set()
    reading.join(60)
    after = opened.store.sources.state("a")
    assert (after.state, after.failures, after.cursor) == ("failing", 1, before.cursor)
    assert after.last_ok == before.last_ok and after.since > before.since
    assert after.next_at >= after.last_try + timedelta(seconds=2 * 600)
    assert "意外退出" in after.sentence == reports[0].sentence
    assert [visit.state for visit in opened.store.sources.visits("a")] == ["failing", "ok"]


def test_a_source_that_keeps_crashing_is_tried_ever_more_rarely(desk, opened):
    desk.source("a", "feed", "news", mode="no such mode", urls=["https://a.example/r"])
    spans = []
    for _ in range(3):
        report = crawls.read(opened, "a")
        state = opened.store.sources.state("a")
        spans.append(state.interval)
        assert report.state == "failing" and "no such mode" in state.sentence
    assert spans == [1200, 2400, 4800]


def test_a_paused_source_is_not_visited_until_it_is_resumed(desk, opened):
    desk.source("a", "feed", "news", urls=["https://a.example/r"])
    now = clock.now()
    opened.store.sources.pause("a", "网站改版", "王主任", now)
    assert due(opened, now) == []
    opened.store.sources.resume("a", "王主任", now)
    assert due(opened, now) == ["a"]


def test_two_sources_of_one_site_are_visited_one_after_the_other_the_longest_waiting_first(desk, opened):
    for key, host in (("a", "x"), ("b", "x"), ("c", "y")):
        desk.source(key, "feed", "news", urls=[f"https://{host}.example/{key}"])
    now = clock.now()
    for key, late in (("a", 1), ("b", 2), ("c", 3)):
        visited(opened, key, now - timedelta(hours=1), now - timedelta(minutes=late))
    assert due(opened, now) == ["c", "b"]
    assert due(opened, now, reading=["b"]) == ["c"]
    assert due(opened, now, reading=["c"]) == ["b"]


def test_switched_off_and_imported_sources_are_never_due(desk, opened):
    desk.source("a", "feed", "news", urls=["https://a.example/r"], enabled=False)
    desk.source("b", "import", "hotline")
    assert due(opened, clock.now()) == []


def test_a_row_added_or_changed_while_the_desk_runs_is_picked_up(desk, opened):
    desk.source("a", "feed", "news", urls=["https://a.example/r"])
    table = SourceTable(Config.load(desk.config_path))
    now = clock.now()
    visited(opened, "a", now - timedelta(minutes=20), now + timedelta(hours=5))
    table.look()
    assert crawls.due(opened, table.rows, now, changed=table.changed) == []
    desk.sources[0] += "max_pages = 9\n"
    desk.source("b", "feed", "news", urls=["https://b.example/r"])
    table.look()
    assert [one.key for one in crawls.due(opened, table.rows, now, changed=table.changed)] == ["b", "a"]
    assert [one.max_pages for one in table.rows] == [9, 5]


def test_a_broken_edit_leaves_the_sources_as_they_were_until_it_is_mended(desk):
    desk.source("a", "feed", "news", urls=["https://a.example/r"])
    table = SourceTable(Config.load(desk.config_path))
    path = desk.folder / "tables" / "sources.toml"
    path.write_text("[[source]]\nkey = ", encoding="utf-8")
    table.look()
    assert [one.key for one in table.rows] == ["a"] and not table.changed
    path.write_text(desk.sources[0].replace('"a"', '"b"'), encoding="utf-8")
    table.look()
    assert [one.key for one in table.rows] == ["b"] and table.changed == {"b"}


def test_a_dead_login_is_seen_at_the_first_refusal_and_looked_at_rarely(desk, opened, serve, answer):
    site = serve(lambda path, headers: answer(b"", 401))
    desk.source("a", "feed", "news", urls=[f"{site.url}/a.xml"])
    assert crawls.read(opened, "a").state == "login_needed"
    state = opened.store.sources.state("a")
    assert state.interval == 21_600 and len(site.asked) == 1
