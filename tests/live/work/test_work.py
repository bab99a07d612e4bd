"""Several processes work for one desk: each thing is done once, whoever dies, and whatever becomes of the database."""

from __future__ import annotations

import os
import random
import re
import signal
import socket
import time
from contextlib import closing
from pathlib import Path

import pytest

from flow import cycle
from flow import work
from flow.run import Embedded
from huanyu import clock
from huanyu.errors import Conflict
from huanyu.store import snapshots
from huanyu.store.session import Database
from tests.flow.office import NOW
from tests.flow.office import TEXTS
from tests.flow.office import raw
from tests.flow.office import reader
from tests.live.conftest import Here
from tests.live.crawl.conftest import Answer
from tests.live.crawl.conftest import Site
from tests.live.work.conftest import Cluster
from tests.live.work.conftest import end
from tests.live.work.conftest import write
from tests.live.work.conftest import write_source

SEED = 20261122
KILLS = 10
A_KILL = 100  # posts that come in before each
A_JOB = 25  # and how many of them are one job
#: Jobs of posts, and jobs of processes that are dead.
IN_HAND = "SELECT id FROM procrastinate_jobs WHERE task_name = 'understand' OR (status = 'doing' AND worker_id IS NULL)"
#: Processes that are known to work, and how many of them have given a sign of life since.
ALIVE = "SELECT count(*), count(*) FILTER (WHERE last_heartbeat > '{}') FROM procrastinate_workers"
#: What a post counted twice, a case opened, given or limited twice would show; none of it is ruled out by a key.
TWICE = {
    "witnesses": "SELECT id, posts FROM cases WHERE posts <>"
    " (SELECT count(*) FROM case_posts WHERE case_id = cases.id)",
    "steps": "SELECT id, action FROM cases, (VALUES ('opened'), ('routed')) AS once (action) WHERE 1 <>"
    " (SELECT count(*) FROM case_events WHERE case_id = cases.id AND case_events.action = once.action)",
    "limits": "SELECT case_id, name, count(*) FROM clocks WHERE ended_at IS NULL GROUP BY 1, 2 HAVING count(*) > 1",
    "cards": "SELECT case_id, note, count(*) FROM case_events WHERE action = 'reminded' GROUP BY 1, 2 HAVING count(*) > 1",
}
FEED = '<?xml version="1.0"?><rss version="2.0"><channel><title>鲁西新闻</title>{}</channel></rss>'
CUT = (
    "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity"  # and waits: a lock is held to the very end
    " WHERE pid <> pg_backend_pid() AND datname = current_database()"
)
WORKED = ("--queues", "understand,cases")


def put(cluster: Cluster, many: int, begin: int = 0, at_once: int = 100) -> None:
    """Posts as crawls bring them: some at a time, all different, one in two a complaint about the same few places."""
    with cluster.open() as desk:
        for start in range(begin, begin + many, at_once):
            numbers = range(start, start + at_once)
            desk.store.posts.add([raw(one, text_of(one)) for one in numbers], now=NOW)


def text_of(number: int) -> str:
    return f"{TEXTS[number % len(TEXTS)]} {number}"


def is_done(cluster: Cluster) -> bool:
    return cluster.ask(
        "SELECT (SELECT count(*) FROM posts WHERE judged_at IS NULL) = 0"
        " AND (SELECT count(*) FROM posts JOIN verdicts ON post_id = posts.id WHERE is_complaint AND NOT unsure"
        "      AND NOT out_of_town AND planned_at IS NULL) = 0"
        " AND (SELECT count(*) FROM cases WHERE unit IS NULL OR unit = '') = 0"
    ) == [(True,)]


@pytest.mark.timeout(1800)  # processes begin one after the other: 6 minutes on a busy machine
def test_ten_kills_at_random_moments_lose_double_and_stop_nothing(cluster: Cluster) -> None:
    """Posts keep coming; one of two workers is killed and another begun, ten times over."""
    with cluster.open() as desk:
        desk.store.jobs.set_up()
    chance = random.Random(SEED)
    moments = [(chance.randrange(2), chance.uniform(0, 1.5)) for _ in range(KILLS)]
    print(f"seed {SEED}: {[(worker, round(after, 2)) for worker, after in moments]}")
    workers = [cluster.work(*WORKED), cluster.work(*WORKED)]
    for number, (killed, after) in enumerate(moments):
        put(cluster, A_KILL, begin=number * A_KILL, at_once=A_JOB)
        time.sleep(after)  # the moment is random: no state is waited for
        workers[killed].send_signal(signal.SIGKILL)
        workers[killed].wait()
        workers[killed] = cluster.work(*WORKED)
    cluster.until(lambda: is_done(cluster))
    ((since,),) = cluster.ask("SELECT now()")  # nobody who was killed has given a sign of life later
    cluster.until(lambda: cluster.ask(ALIVE.format(since)) == [(2, 2)])  # the one begun last is known, too
    cluster.until(lambda: cluster.ask(IN_HAND) == [])
    assert [end(worker) for worker in workers] == [0, 0]
    print(f"given back: {cluster.logs(100_000).count('job_of_a_dead_process')} jobs")
    assert (
        cluster.ask("SELECT task_name, args FROM procrastinate_jobs WHERE status IN ('doing', 'failed')")
        == []
    )
    assert read(cluster) == as_read()
    assert {what: cluster.ask(query) for what, query in TWICE.items()} == {what: [] for what in TWICE}
    with cluster.open() as desk:
        assert desk.store.audit.verify() == []
        assert desk.store.registry.gaps() == []


def read(cluster: Cluster) -> dict[str, tuple[object, ...]]:
    """What each post was taken for, and in how many cases or questions to a person it stands."""
    rows = cluster.ask(
        "SELECT native_id, type, is_complaint, unsure,"
        " (SELECT count(*) FROM case_posts WHERE case_posts.post_id = posts.id)"
        " + (SELECT count(*) FROM suggestions WHERE suggestions.post_id = posts.id)"
        " FROM posts LEFT JOIN verdicts ON verdicts.post_id = posts.id"
    )
    return {native: tuple(held) for native, *held in rows}


def as_read() -> dict[str, tuple[object, ...]]:
    """The same of the texts that were put, read here at once."""
    texts = [raw(one, text_of(one)) for one in range(KILLS * A_KILL)]
    found = reader().read([post.text for post in texts], [post.kind for post in texts])
    return {
        post.native_id: (
            one.type,
            one.is_complaint,
            one.unsure,
            int(one.is_complaint and not one.unsure and not one.out_of_town),
        )
        for post, one in zip(texts, found, strict=True)
    }


def judged(cluster: Cluster) -> int:
    return int(cluster.ask("SELECT count(*) FROM verdicts")[0][0])


def test_a_turn_is_planned_once_however_many_work(cluster: Cluster) -> None:
    with cluster.open() as desk:
        desk.store.jobs.set_up()
    cluster.do(
        "CREATE TABLE planned (what text, at bigint, PRIMARY KEY (what, at), times int NOT NULL DEFAULT 1)",
        "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " INSERT INTO planned VALUES (NEW.task_name || ' ' || coalesce(NEW.args ->> 'queue', ''),"
        " (NEW.args ->> 'timestamp')::bigint) ON CONFLICT (what, at) DO UPDATE SET times = planned.times + 1;"
        " RETURN NEW; END $$",
        "CREATE TRIGGER noted AFTER INSERT ON procrastinate_jobs FOR EACH ROW"
        " WHEN (NEW.args ? 'timestamp') EXECUTE FUNCTION note()",
    )
    workers = [cluster.work(), cluster.work(), cluster.work("--queues", "care")]
    cluster.until(
        lambda: cluster.ask("SELECT count(*) > 2 FROM planned WHERE what = 'turn cases'") == [(True,)]
    )
    assert [end(worker) for worker in workers] == [0, 0, 0]
    assert cluster.ask("SELECT what, at FROM planned WHERE times > 1") == []
    assert {"turn cases", "turn deliver", "plan "} <= {
        what for (what,) in cluster.ask("SELECT DISTINCT what FROM planned")
    }


def test_work_goes_on_when_the_database_comes_back(cluster: Cluster) -> None:
    with cluster.open() as desk:
        desk.store.jobs.set_up()
    worker = cluster.work(*WORKED)
    put(cluster, 200)
    cluster.until(lambda: judged(cluster) == 200)
    cluster.do(CUT)
    put(cluster, 200, begin=200)
    cluster.until(lambda: is_done(cluster))
    assert worker.poll() is None
    assert end(worker) == 0
    assert judged(cluster) == 400


def test_posts_and_their_jobs_are_kept_together_or_not_at_all(cluster: Cluster) -> None:
    with cluster.open() as desk:
        desk.store.posts.add([raw(0, TEXTS[0])], now=NOW)  # before there is an engine
        desk.store.jobs.set_up()
        desk.store.jobs.set_up()
        with pytest.raises(RuntimeError), desk.store.together():
            desk.store.posts.add([raw(1, TEXTS[1])], now=NOW)
            raise RuntimeError
        assert desk.store.jobs.waiting() == []
        desk.store.posts.add([raw(2, TEXTS[2]), raw(3, TEXTS[3])], now=NOW)
        desk.store.posts.add([raw(2, TEXTS[2])], now=NOW)  # nothing new, nothing to do
        [waiting] = desk.store.jobs.waiting()
    assert (waiting.queue, waiting.state, waiting.many) == ("understand", "todo", 1)
    [(ids,)] = cluster.ask(
        "SELECT array_agg(id ORDER BY id) FROM posts WHERE native_id <> '5151000900000000'"
    )
    assert cluster.ask("SELECT (args ->> 'first')::int, (args ->> 'last')::int FROM procrastinate_jobs") == [
        tuple(ids)
    ]


def test_every_step_is_worked_in_one_queue(cluster: Cluster) -> None:
    assert sorted(name for names in work.QUEUES.values() for name in names) == sorted(cycle.STEPS)
    with cluster.open() as desk:
        planned = work.Work(desk, clock.now).planned
    assert planned == {*cycle.SLOW, *work.EVERY, "plan", "tidy"}


@pytest.mark.parametrize(
    ("settings", "told"),
    [('engine = "embedded"\n', "请先在 huanyu.toml 写"), ('engine = "jobs"\n', "需要 PostgreSQL")],
)
def test_where_it_cannot_work_it_says_so(settings: str, told: str, tmp_path: Path, here: Here) -> None:
    (tmp_path / "huanyu.toml").write_text(settings)
    done = here("work", folder=tmp_path)
    assert done.code == 78 and told in done.err


def test_an_unknown_queue_is_named(cluster: Cluster, here: Here) -> None:
    done = here("work", "--queues", "cases,nichts", folder=cluster.folder)
    assert done.code == 1 and "没有这样的队列: nichts" in done.err


def test_a_source_is_read_by_one_of_them(cluster: Cluster) -> None:
    items = "".join(
        f"<item><title>{text[:20]}</title><link>SITE/{number}.html</link><description>{text}</description>"
        f"<pubDate>Fri, 20 Nov 2026 0{number % 10}:00:00 GMT</pubDate></item>"
        for number, text in enumerate(TEXTS)
    )
    told = {"items": ""}
    answer = lambda _path, _headers: Answer(FEED.format(told["items"]).encode(), type="application/xml")  # noqa: E731
    with closing(Site(answer)) as site:
        told["items"] = items.replace("SITE", site.url)
        write_source(cluster.folder, "feed", "feed", [f"{site.url}/rss.xml"])
        workers = [cluster.work(), cluster.work()]
        cluster.until(lambda: cluster.ask("SELECT count(*) > 0 FROM visits") == [(True,)])
        cluster.until(lambda: is_done(cluster))
        assert [end(worker) for worker in workers] == [0, 0]
    assert cluster.ask("SELECT count(*) FROM visits") == [(1,)]
    assert cluster.ask("SELECT count(*), count(DISTINCT native_id) FROM posts") == [(len(TEXTS), len(TEXTS))]


def test_one_data_folder_has_one_clockwork(cluster: Cluster) -> None:
    write(cluster.folder, cluster.url, engine="embedded")
    with cluster.open() as desk, cluster.open() as again:
        first, second = Embedded(desk, clock.now), Embedded(again, clock.now)
        first.start()
        try:
            with pytest.raises(Conflict, match=rf"已经在运行 \(主机 .+, 进程号 {os.getpid()}, 自 .+ 起\)"):
                second.start()
        finally:
            first.stop()
        second.start()
        second.stop()


def test_one_database_has_one_clockwork_and_the_second_is_told_who_has_it(
    cluster: Cluster, tmp_path: Path
) -> None:
    write(cluster.folder, cluster.url, engine="embedded")
    (tmp_path / "other").mkdir()
    other = Cluster(tmp_path / "other", cluster.url)
    write(other.folder, cluster.url, engine="embedded")
    who = (
        rf"已经有程序在用 \(主机 {re.escape(socket.gethostname())}, 进程号 {os.getpid()}, 自 \d{{4}}-.* 起\)"
    )
    with cluster.open() as desk, other.open() as again:
        first, second = Embedded(desk, clock.now), Embedded(again, clock.now)
        first.start()
        try:
            with pytest.raises(Conflict, match=who):
                second.start()
        finally:
            first.stop()
        second.start()
        second.stop()


def test_a_clockwork_whose_connection_was_cut_takes_its_lock_anew_or_rests(cluster: Cluster) -> None:
    with cluster.open() as desk, cluster.open() as other:
        assert desk.store.alone.take("huanyu@a:1") is None
        cluster.do(CUT)
        assert desk.store.alone.still("huanyu@a:1") is None  # taken anew
        cluster.do(CUT)
        assert other.store.alone.take("huanyu@b:2") is None
        holder = desk.store.alone.still("huanyu@a:1")
        assert holder is not None and holder.name == "huanyu@b:2"
        other.store.alone.give_back()
        assert desk.store.alone.still("huanyu@a:1") is None
        desk.store.alone.give_back()


def test_jobs_are_no_part_of_a_backup(cluster: Cluster, tmp_path: Path) -> None:
    with cluster.open() as desk:
        desk.store.jobs.set_up()
        desk.store.posts.add([raw(0, TEXTS[0])], now=NOW)
    with closing(Database(cluster.url)) as database, snapshots.taken(database, tmp_path) as (outline, parts):
        names = {name.removeprefix(snapshots.TABLES).partition("/")[0] for name, _, _ in parts}
    assert "posts" in names and "posts" in outline.tables
    told = [*names, *outline.tables, *outline.rows, *outline.sequences]
    assert [name for name in told if "procrastinate" in name] == []
