"""Thousands of real texts go the whole way; what is printed at the end says how fast and where they went."""

from __future__ import annotations

import gzip
import json
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from flow import cycle
from flow import findings
from flow import life
from flow.desk import Desk
from huanyu.types import MessageState
from huanyu.types import RawPost
from huanyu.types import SourceKind
from tests.agreed import sign_off
from tests.flow.office import MORNING
from tests.flow.office import NOW
from tests.flow.office import Office
from tests.flow.office import at_work
from tests.flow.office import found

TEXTS = Path(__file__).parents[2].parent / "shared" / "data" / "texts" / "labelled.jsonl.gz"
POSTS = 3000
ANSWERED = 10
KINDS = {"weibo": SourceKind.WEIBO, "hotline": SourceKind.HOTLINE, "letter": SourceKind.LETTER}

pytestmark = pytest.mark.skipif(not TEXTS.exists(), reason="the shared texts are not here")


def posts() -> list[RawPost]:
    """Posts of two days, evenly taken from every part of the file."""
    with gzip.open(TEXTS, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    chosen = rows[:: max(1, len(rows) // POSTS)][:POSTS]
    return [raw(number, row) for number, row in enumerate(chosen)]


def raw(number: int, row: dict[str, str]) -> RawPost:
    said = NOW - timedelta(seconds=30 * (POSTS - number))
    return RawPost(
        source="import",
        kind=KINDS.get(row["source"], SourceKind.PLATFORM),
        native_id=row["id"],
        url=f"https://posts.example.org/{row['id']}",
        text=row["text"],
        author=f"网友{number}",
        posted_at=said,
        fetched_at=said + timedelta(seconds=20),
    )


def test_thousands_of_real_texts_go_the_whole_way(tmp_path, capsys):
    timed: dict[str, float] = {}

    def step(name, work):
        begun = time.perf_counter()
        work()
        timed[name] = time.perf_counter() - begun

    raws = posts()
    with at_work(tmp_path, f"sqlite:///{(tmp_path / 'huanyu.db').as_posix()}", live=False) as office:
        desk = office.desk
        step("add", lambda: desk.store.posts.add(raws, now=NOW))
        for name in ("understand", "open", "route"):
            step(name, lambda name=name: cycle.run(desk, name, NOW))
        step("answer", lambda: answer(office))
        step("bulletin", lambda: cycle.run(desk, "bulletin", MORNING))
        step("seal", lambda: cycle.run(desk, "seal", MORNING))
        with capsys.disabled():
            print(summary(desk, timed))
        check(office)


def answer(office: Office) -> None:
    """Some cases are handled, drafted and approved; then everything that waits goes out, rehearsing."""
    desk = office.desk
    for case in desk.store.cases.listing(states=("assigned",), limit=ANSWERED):
        person = office.handler(case.unit)
        signed = life.sign(desk, person, case.id, case.version, NOW)
        findings.record_result(desk, person, case.id, signed.version, found(), NOW)
    cycle.run(desk, "draft", NOW)
    for message in desk.store.outbox.listing(states=(MessageState.DRAFT,), limit=1000):
        sign_off(desk, (office.press, office.leader), message, NOW, override="批量测试放行")
    for minutes in range(0, 40, 10):  # an account says so much in ten minutes and no more
        cycle.run(desk, "deliver", NOW + timedelta(minutes=minutes))


def check(office: Office) -> None:
    desk = office.desk
    read = list(desk.store.posts.iterate())
    assert len(read) == POSTS
    assert all(verdict is not None for _, verdict in read)
    assert not desk.store.posts.complaints_without_case(10)
    cases = list(desk.store.cases.iterate())
    assert [case.number for case in cases] == [f"HY2026-{n:06d}" for n in range(1, len(cases) + 1)]
    assert not desk.store.cases.unrouted(10)
    placed = [case for case in cases if case.unit]
    assert {case.id for case in desk.store.cases.undispatched(POSTS)} == {case.id for case in cases} - {
        case.id for case in placed
    }
    assert len(desk.store.outbox.listing(purpose="notice", limit=POSTS * 2)) >= len(placed)
    replies = desk.store.outbox.listing(purpose="reply", limit=POSTS)
    assert len(replies) == 3 * ANSWERED
    assert {message.state for message in replies} == {MessageState.REHEARSED}
    assert office.is_silent()
    assert desk.store.bulletins.by_day("daily", NOW.date()) is not None
    assert desk.store.audit.verify() == []


def summary(desk: Desk, timed: dict[str, float]) -> str:
    cases = list(desk.store.cases.iterate())
    verdicts = [verdict for _, verdict in desk.store.posts.iterate()]
    units = Counter(desk.bureau.unit(case.unit).short if case.unit else "未派出" for case in cases)
    lines = [
        f"{len(verdicts)} posts, {sum(one.is_complaint for one in verdicts)} complaints, {len(cases)} cases, "
        f"{len(desk.store.cases.suggestions(POSTS))} suggestions, {sum(timed.values()):.1f} s",
        "  ".join(f"{name} {seconds:.1f} s" for name, seconds in timed.items()),
        "  ".join(f"{unit} {count}" for unit, count in units.most_common()),
    ]
    return "\n" + "\n".join(lines)
