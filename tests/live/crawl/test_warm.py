"""Visits forked from a warm process: what one does to itself touches no other, and neither does the death of that process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.forked import possible
from crawler.forked import warm
from crawler.run import crawl

ROOT = Path(__file__).resolve().parents[3]
FEED = (
    '<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>'
    "<item><title>水城夜话</title><guid>{path}</guid><link>https://a.example{path}</link></item></channel></rss>"
)

forks = pytest.mark.skipif(not possible(), reason="without pidfds (Linux) every visit is a Python of its own")


@pytest.fixture
def held() -> Iterator[threading.Event]:
    """Until it is set, a site does not answer under /held."""
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture
def site(serve, answer, held):
    def respond(path: str, headers: dict[str, str]):
        if path.startswith("/held"):
            held.wait(60)
        return answer(FEED.format(path=path).encode(), 200, "application/rss+xml")

    return serve(respond)


@pytest.fixture
def news(desk, site):
    """A desk with a source that waits for its site and one that does not."""
    for key in ("held", "free"):
        desk.source(key, "feed", "news", mode="summary", urls=[f"{site.url}/{key}.xml"])
    return desk


def warm_pid() -> int:
    """The process this one forks its visits from."""
    named = ["pgrep", "-P", str(os.getpid()), "-f", "crawler.warm"]
    [pid] = subprocess.run(named, capture_output=True, text=True, check=True).stdout.split()
    return int(pid)


def visit_pid() -> int:
    [pid] = subprocess.run(["pgrep", "-P", str(warm_pid())], capture_output=True, text=True).stdout.split()
    return int(pid)


def until(true: Callable[[], object]) -> None:
    for _ in range(6_000):
        if true():
            return
        time.sleep(0.01)
    raise AssertionError("it never came")


def waiting(desk, site):
    """A visit whose request is on its way."""
    visit = desk.start("held")
    until(lambda: "/held.xml" in site.paths or not visit.runs())
    return visit


def test_a_visit_that_kills_itself_is_told_by_its_code_and_harms_no_other(news, site):
    visit = waiting(news, site)
    visit.kill()
    assert visit.wait() == -signal.SIGKILL
    assert news.crawl("free").new == 1


@forks
def test_a_visit_that_hangs_holds_up_nobody_and_can_be_killed(news, site):
    visit = waiting(news, site)
    os.kill(visit_pid(), signal.SIGSTOP)
    assert news.crawl("free").new == 1
    assert visit.runs()
    visit.kill()
    assert visit.wait() == -signal.SIGKILL


def test_a_visit_that_breaks_is_told_by_its_code_and_harms_no_other(news):
    news.source("broken", "feed", "news", mode="no such mode", urls=["https://a.example/r"])
    report = news.crawl("broken")
    assert report.crashed and "代码 2" in report.sentence and "no such mode" in report.sentence
    assert news.crawl("free").new == 1


def test_the_end_of_a_visit_is_seen_while_a_younger_one_runs(news, site, held):
    first = waiting(news, site)
    news.source("too", "feed", "news", mode="summary", urls=[f"{site.url}/held/too.xml"])
    second = news.start("too")
    first.kill()
    assert second.runs()
    held.set()
    assert second.wait(60) in {0, 2}


@forks
def test_visits_outlive_the_process_they_were_forked_from_and_the_next_has_a_new_one(news, site, held):
    news.crawl("free")
    before = warm_pid()
    news.source("too", "feed", "news", mode="summary", urls=[f"{site.url}/held/too.xml"])
    reports: list = []
    reading = threading.Thread(target=lambda: reports.append(news.crawl("held")))
    reading.start()
    other = news.start("too")
    until(lambda: {"/held.xml", "/held/too.xml"} <= set(site.paths))
    os.kill(before, signal.SIGKILL)
    assert other.runs()
    other.kill()
    assert other.wait() not in {0, None}
    held.set()
    reading.join(60)
    assert (reports[0].state, reports[0].new) == ("ok", 1)
    assert news.crawl("free").state == "ok"
    assert warm_pid() != before


@forks
def test_a_warm_process_that_answers_nobody_is_given_up(news, monkeypatch):
    news.crawl("free")
    before = warm_pid()
    os.kill(before, signal.SIGSTOP)
    monkeypatch.setattr("crawler.forked.PATIENCE", 0.5)
    assert news.crawl("free").state == "ok"
    assert not Path(f"/proc/{before}").exists()


def test_where_processes_cannot_be_named_for_sure_a_visit_is_a_python_of_its_own(news, monkeypatch):
    monkeypatch.delattr(os, "pidfd_open", raising=False)
    visit = news.start("free")
    assert isinstance(visit.child, subprocess.Popen)
    assert visit.wait(60) == 0
    store = news.store()
    assert [(one.state, one.new) for one in store.sources.visits("free")] == [("ok", 1)]
    store.close()


def test_what_keeps_a_visit_from_loading_is_told_in_its_report_and_the_mend_is_noticed(
    news, tmp_path, monkeypatch
):
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "scrapy.py").write_text('raise ImportError("this Scrapy is broken")')
    warm().close()
    with monkeypatch.context() as bad:
        bad.setenv("PYTHONPATH", f"{tmp_path / 'broken'}{os.pathsep}{os.environ.get('PYTHONPATH', ROOT)}")
        report = news.crawl("free")
    assert report.crashed and "this Scrapy is broken" in report.sentence
    assert news.crawl("free").new == 1


def test_a_visit_has_the_environment_and_the_folder_of_its_moment(news, tmp_path, monkeypatch):
    news.crawl("free")
    monkeypatch.chdir(tmp_path)
    assert crawl("free").state == "ok", "the settings of this folder"
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    monkeypatch.delenv("HUANYU_CONFIG", raising=False)
    assert crawl("free").crashed, "there are none here"
    monkeypatch.setenv("HUANYU_CONFIG", str(news.config_path))
    assert crawl("free").state == "ok"


TWO_VISITS = """
import os, socket, subprocess, sys
from pathlib import Path
from crawler.run import crawl

ours = socket.create_server(("127.0.0.1", 0))
ours.set_inheritable(True)
for _ in range(2):
    print(crawl("free", Path(sys.argv[1])).state)
print(*(name for name in ("scrapy", "twisted", "sqlalchemy") if name in sys.modules))
named = ["pgrep", "-P", str(os.getpid()), "-f", "crawler.warm"]
[pid] = subprocess.run(named, capture_output=True, text=True, check=True).stdout.split()
process = Path("/proc", pid)
print(*sorted(os.readlink(end).split(":")[0] for end in (process / "fd").iterdir()))
print(*(line for line in (process / "status").read_text().splitlines() if line.startswith("Threads")))
print(pid, flush=True)
os.kill(os.getpid(), 9)
"""


@forks
def test_one_process_that_holds_nothing_of_its_desk_serves_all_visits_and_ends_with_it(news):
    command = [sys.executable, "-c", TWO_VISITS, str(news.config_path)]
    said = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False).stdout
    first, second, loaded, ends, threads, pid = said.splitlines()
    assert (first, second) == ("ok", "ok")
    assert loaded == "", "the desk itself has loaded nothing of it"
    assert ends == "/dev/null /dev/null /dev/null socket", "the door, and no socket of the desk"
    assert threads.split() == ["Threads:", "1"]
    until(lambda: not Path(f"/proc/{pid}").exists())
