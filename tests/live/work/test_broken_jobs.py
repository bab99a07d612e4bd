"""Rows of the engine's table that are broken: each is set aside and told, the others are worked off."""

from __future__ import annotations

import pytest

from flow import condition
from flow.work import UNREAD
from flow.work import arguments
from huanyu import clock
from tests.flow.office import NOW
from tests.flow.office import TEXTS
from tests.flow.office import raw
from tests.live.work.conftest import Cluster
from tests.live.work.conftest import end

PUT = "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, args, scheduled_at, priority) VALUES "
#: What stands in the row beside its queue, and is done before anything else.
BROKEN = {
    "a list": "('understand', 'understand', NULL, '[1, 2]', NULL, 9)",
    "a text": """('cases', 'turn', 'turn cases', '"cases"', NULL, 9)""",
    "nothing": "('cases', 'turn', 'turn cases', 'null', NULL, 9)",
    "digits": "('understand', 'understand', NULL, ('{\"first\": ' || repeat('9', 5000) || '}')::jsonb, NULL, 9)",
    "brackets": "('cases', 'turn', NULL, (repeat('[', 1500) || repeat(']', 1500))::jsonb, NULL, 9)",
    "words": """('understand', 'understand', NULL, '{"first": "eins", "last": "zwei"}', NULL, 9)""",
    "names": """('understand', 'understand', NULL, '{"von": 1}', NULL, 9)""",
    "a queue": """('cases', 'turn', 'turn cases', '{"timestamp": 1, "queue": "nichts"}', NULL, 9)""",
    "a task": "('cases', 'nichts', 'turn cases', '{}', NULL, 9)",
    "too early": "('cases', 'turn', 'turn cases', '{}', '-infinity', 9)",
    "before Christ": "('understand', 'understand', NULL, '{}', '0044-03-15 BC', 9)",
    "never": "('cases', 'turn', 'turn cases', '{}', 'infinity', 9)",
}
LEFT = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'"


def test_broken_jobs_are_set_aside_and_told_and_the_rest_goes_on(cluster: Cluster) -> None:
    with cluster.open() as desk:
        desk.store.jobs.set_up()
        cluster.do(*(PUT + one for one in BROKEN.values()))
        desk.store.posts.add([raw(number, text) for number, text in enumerate(TEXTS)], now=NOW)
        worker = cluster.work("--queues", "understand,cases")
        cluster.until(lambda: cluster.ask("SELECT count(*) > 0 FROM cases WHERE unit <> ''") == [(True,)])
        cluster.until(lambda: cluster.ask(LEFT) == [(len(BROKEN),)])
        assert worker.poll() is None and end(worker) == 0
        assert (
            cluster.ask("SELECT id FROM procrastinate_jobs WHERE priority = 9 AND status <> 'failed'") == []
        )
        told = condition.left_jobs(desk, clock.now())
    assert len(told) == len(BROKEN) and all("没有做成" in one for one in told)
    assert cluster.logs(1_000_000).count("broken_job") == 3  # those whose time cannot be read, once each


def test_one_that_comes_while_they_work_is_set_aside_too(cluster: Cluster) -> None:
    with cluster.open() as desk:
        desk.store.jobs.set_up()
        worker = cluster.work("--queues", "understand,cases")
        cluster.until(lambda: cluster.ask("SELECT count(*) > 0 FROM procrastinate_workers") == [(True,)])
        cluster.do(*(PUT + BROKEN[name] for name in ("too early", "never", "digits", "a text")))
        desk.store.posts.add([raw(number, text) for number, text in enumerate(TEXTS)], now=NOW)
        cluster.until(lambda: cluster.ask("SELECT count(*) > 0 FROM cases WHERE unit <> ''") == [(True,)])
        cluster.until(lambda: cluster.ask(LEFT) == [(4,)])
        assert worker.poll() is None and end(worker) == 0


def test_a_job_in_a_queue_that_nobody_works_is_told_of(cluster: Cluster) -> None:
    with cluster.open() as desk:
        desk.store.jobs.set_up()
        cluster.do(PUT + "('nichts', 'turn', NULL, '{}', NULL, 0)")
        assert condition.left_jobs(desk, clock.now()) == []
        (told,) = condition.left_jobs(desk, clock.now() + 2 * condition.WAITED)
    assert "队列 nichts" in told and "没有进程来做" in told


@pytest.mark.parametrize(
    ("told", "read"),
    [
        (b'{"first": 1, "last": 2}', {"first": 1, "last": 2}),
        (b"{}", {}),
        (b"[1]", {UNREAD: "list"}),
        (b"null", {UNREAD: "NoneType"}),
        (b'{"first": ' + b"9" * 5000 + b"}", {UNREAD: "ValueError"}),
        (b"[" * 100_000, {UNREAD: "RecursionError"}),
    ],
    ids=["arguments", "none", "list", "null", "digits", "brackets"],
)
def test_arguments_that_are_none_are_marked(told: bytes, read: dict[str, object]) -> None:
    assert arguments(told) == read
