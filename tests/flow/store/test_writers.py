"""Several writers at once: nothing lost, nothing doubled, no number skipped, nobody told to come back later."""

from __future__ import annotations

import runpy
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from datetime import timedelta
from pathlib import Path

from huanyu.errors import Conflict
from huanyu.store import Store
from huanyu.types import CaseAction
from tests.agreed import approve

SCRIPT = Path(__file__).with_name("writer.py")
ROUNDS = 12
THREADS = 4
PROCESSES = 2


def test_threads_and_processes_write_at_once(store, store_url, store_key, now):
    write = runpy.run_path(str(SCRIPT))["write"]
    with ThreadPoolExecutor(THREADS + PROCESSES) as pool:
        others = [pool.submit(_program, store_url, store_key, f"p{n}", ROUNDS) for n in range(PROCESSES)]
        ours = [pool.submit(write, store, f"t{n}", ROUNDS) for n in range(THREADS)]
    for writer in (*others, *ours):
        writer.result()

    expected = ROUNDS * (2 * (THREADS + PROCESSES) + 1)
    assert store.posts.count() == expected
    numbers = sorted(case.number for case in store.cases.iterate())
    assert numbers == [f"HY2026-{n:06d}" for n in range(1, expected + 1)]
    assert store.posts.complaints_without_case(1) == []
    totals = sorted(
        store.bulletins.reserve("daily", date(2026, 1, 1) + timedelta(days=turn), now).total
        for turn in range(ROUNDS)
    )
    assert totals == list(range(1, ROUNDS + 1))
    assert max(post.likes for post, _ in store.posts.iterate()) == ROUNDS - 1


def _program(url, key, name, rounds):
    """Write from another process; its complaint is ours."""
    command = [sys.executable, str(SCRIPT), url, key, name, str(rounds)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr


def _eight_at_once(attempt):
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(lambda _: attempt(), range(8)))


def test_of_eight_who_plan_a_post_one_opens_the_case(store, make, now):
    post_id = make.post("1")
    case_ids = _eight_at_once(lambda: store.cases.apply(make.plan(post_id), now))
    assert len(set(case_ids)) == 1
    assert [event.action for event in store.cases.history(case_ids[0])] == ["opened"]


def test_of_eight_who_move_a_case_one_succeeds(store, make, now):
    case = make.assigned("1")

    def attempt():
        try:
            store.moves.move(case, "signed", action="signed", note="", actor="李岚", now=now)
        except Conflict:
            return False
        return True

    assert _eight_at_once(attempt).count(True) == 1


def test_of_eight_who_claim_a_message_one_gets_it(store, make, now):
    _, (site, _) = make.replying("1")
    message = approve(store, site, now)
    assert _eight_at_once(lambda: store.outbox.claim(message, now) is not None).count(True) == 1


def test_of_eight_who_give_a_card_one_does(store, make, now):
    case = make.assigned("1")
    one = next(one for one in store.limits.running(9) if one.clock.name == "sign")
    assert _eight_at_once(lambda: store.limits.plan(one, [("red", now, "unit")], now)).count(True) == 1
    (due,) = store.limits.waiting(now, 9)
    notice = make.notice(case)
    assert _eight_at_once(lambda: store.limits.give(due, "催", [notice], now)).count(True) == 1
    assert len(store.outbox.listing(purpose="notice")) == 2


def test_witnesses_arriving_together_are_all_counted(store, make, now):
    case = make.case("0")
    posts = [make.post(str(n)) for n in range(1, 9)]
    plans = [make.plan(post_id, CaseAction.APPEND, case_id=case.id) for post_id in posts]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda plan: store.cases.apply(plan, now), plans))
    assert store.cases.get(case.id).posts == len(store.cases.posts(case.id)) == 9


def test_sealing_while_others_write_leaves_a_whole_trail(store, now):
    def put(number):
        store.settings.put(f"s{number}", "on", now)
        return store.audit.seal(now) if number % 5 == 0 else ""

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(put, range(60)))
    assert store.audit.verify(store.audit.seal(now)) == []
    assert len(store.audit.listing(limit=1000)) == 60


def test_four_programs_may_start_on_an_empty_database_at_once(bare_url, store_key):
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: _program(bare_url, store_key, f"p{n}", 1), range(4)))
    with Store.open(bare_url, store_key) as store:
        assert store.posts.count() == 9
