"""Whoever takes several cases waits for whoever does so already: PostgreSQL need end neither of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from collections.abc import Iterator
from concurrent.futures import Future
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import text

from flow import matters
from flow import press_log
from flow import routing
from flow import row_corrections
from flow import splitting
from flow import steps
from flow.batch import each
from flow.desk import Desk
from huanyu.types import CaseAction
from huanyu.types import CasePlan
from huanyu.types import Post
from tests.flow.office import NOW
from tests.flow.office import PAINT
from tests.flow.office import RIVER
from tests.flow.office import TEXTS
from tests.flow.office import Office
from tests.flow.office import raw
from tests.flow.test_row_corrections import a_log

pytestmark = pytest.mark.parametrize("store_url", ["postgres"], indirect=True)

PATIENCE = 240.0  # seconds: the machine may be busy with other tests
AGAIN = TEXTS[8]  # the same workshop once more
WAIT = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


def somebody_waits(desk: Desk, other: Future[object]) -> None:
    """Return once the server keeps somebody waiting for a lock."""
    end = time.monotonic() + PATIENCE
    while True:
        with desk.store._database.engine.connect() as connection:
            if connection.execute(WAIT).scalar_one():
                return
        assert not other.done(), f"nobody was kept waiting: {other.exception() or other.result()}"
        assert time.monotonic() < end
        time.sleep(0.05)


def join(office: Office) -> object:
    later = office.case(one=RIVER)
    into = office.case(one=PAINT).number
    return matters.join(office.desk, office.press, later.id, later.version, into, "同一件事", NOW)


def take_apart(office: Office) -> object:
    case = office.case(one=PAINT)
    second = office.desk.store.cases.posts(case.id)[1]
    return matters.take_apart(office.desk, office.press, case.id, case.version, second.id, "另一家", NOW)


@pytest.mark.parametrize(("clerk", "held"), [(join, 2), (take_apart, 1)], ids=["join", "take_apart"])
def test_neither_a_batch_nor_a_clerk_is_told_to_try_again(
    office: Office, threads: ThreadPoolExecutor, clerk: Callable[[Office], object], held: int
) -> None:
    """The batch holds what the clerk wants, and is about to want what the clerk would hold."""
    desk = office.desk
    office.fill((PAINT, RIVER, AGAIN))
    paint, river = office.case(one=PAINT).id, office.case(one=RIVER).id
    desk.store.posts.add([raw(one, f"{PAINT}第{one}回") for one in (900, 901, 902)], now=NOW)
    steps.understand(desk, NOW)
    posts = [desk.store.posts.get(one) for one in (4, 5, 6)]
    plans = dict(zip((one.id for one in posts), plans_of(posts, paint, river), strict=True))
    begun, go_on = Event(), Event()

    def carry_out(post: Post) -> None:
        desk.store.cases.apply(plans[post.id], now=NOW)
        if post is posts[held - 1]:
            begun.set()
            assert go_on.wait(PATIENCE)

    batch = threads.submit(each, "open", posts, carry_out, desk.store.in_line)
    try:
        assert begun.wait(PATIENCE)
        act = threads.submit(clerk, office)
        somebody_waits(desk, act)
    finally:
        go_on.set()
    assert batch.result(PATIENCE) == len(posts)
    assert act.result(PATIENCE)


def plans_of(posts: list[Post], paint: int, river: int) -> Iterator[CasePlan]:
    """A new case, which takes the counter; a witness of one, then of the other."""
    new, *others = posts
    yield CasePlan(post_id=new.id, action=CaseAction.NEW, reason="试", title="试")
    for post, case_id in zip(others, (paint, river), strict=True):
        yield CasePlan(post_id=post.id, action=CaseAction.APPEND, reason="试", case_id=case_id)


def split(office: Office) -> object:
    case = office.case(one=RIVER)
    parts = [("zhifa", "查排口"), ("linqing", "查河道")]
    return splitting.split(office.desk, office.press, case.id, case.version, parts, NOW)


def opened(office: Office) -> object:
    return steps.open_cases(office.desk, NOW)


def routed(office: Office) -> object:
    return routing.route(office.desk, NOW)


def corrected(office: Office) -> object:
    (row,) = office.desk.store.rejects.heads(source=press_log.SOURCE)
    return row_corrections.correct(office.desk, office.press, row.id, {"日期": "2026-02-28"}, NOW)


@pytest.mark.parametrize(
    "act", [opened, routed, join, split, corrected], ids=["open", "route", "join", "split", "correct"]
)
def test_each_of_them_waits_for_the_others(
    office: Office, threads: ThreadPoolExecutor, tmp_path: Path, act: Callable[[Office], object]
) -> None:
    desk = office.desk
    if act is corrected:
        a_log(office, tmp_path)
    office.fill((PAINT, RIVER))
    desk.store.posts.add([raw(900, TEXTS[1])], now=NOW)
    steps.understand(desk, NOW)
    if act is routed:
        steps.open_cases(desk, NOW)
    with desk.store.in_line():
        done = threads.submit(act, office)
        somebody_waits(desk, done)
    assert done.result(PATIENCE)
