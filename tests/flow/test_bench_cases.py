"""A few days of the bench over cases: every card as an independent walk over the calendar expects it."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from datetime import date
from datetime import datetime
from datetime import timedelta
from pathlib import Path
from time import sleep

import chinese_calendar
import pytest

from demo import bench_cases
from demo import bench_cases_walk
from demo.bench_cases import Wanted
from demo.bench_cases_kept import ANSWERS
from demo.bench_cases_kept import DAYS
from demo.bench_cases_kept import Kept
from demo.bench_cases_seen import Outcome
from demo.bench_cases_walk import Life
from huanyu.clock import SHANGHAI
from huanyu.errors import BadInput


def test_every_card_of_some_days_is_given_once_and_in_time(bare_url: str) -> None:
    seen = bench_cases.run(Wanted(a_day=2, days=5, database=bare_url, seed=7, fill=20))
    assert not (seen.missing or seen.superfluous or seen.gaps or seen.audit_faults or seen.other), (
        seen.lines()
    )
    assert seen.cases == 10
    assert seen.due == seen.given > 5
    assert [count for count, _ in seen.growth] == [1, 2, 6, 20]
    assert seen.filled == 10


def test_a_program_that_is_killed_in_the_midst_goes_on_where_it_was(tmp_path: Path) -> None:
    database = f"sqlite:///{(tmp_path / 'bench.db').as_posix()}"
    seen = bench_cases.run(Wanted(a_day=4, days=3, database=database, seed=11, kills=4))
    assert seen.kills == 4
    assert seen.holds, seen.lines()
    assert seen.cases == 12


def _begun_and_killed(wanted: Wanted, far_enough: Callable[[], bool]) -> None:
    run = multiprocessing.get_context("forkserver").Process(target=bench_cases.run, args=(wanted,))
    run.start()
    while not far_enough():
        assert run.is_alive(), "it was over before it could be killed"
        sleep(0.01)
    run.kill()
    run.join()


def test_a_run_that_is_kept_goes_on_after_each_kill_and_holds_over_all_its_days(tmp_path: Path) -> None:
    answers, days = tmp_path / ANSWERS, tmp_path / DAYS
    wanted = Wanted(a_day=5, days=4, seed=13, kept=tmp_path)

    def known(count: int) -> bool:
        return answers.exists() and answers.read_bytes().count(b"\n") > count

    _begun_and_killed(wanted, lambda: known(30))  # in the midst of the first days
    whole = answers.read_bytes().splitlines(keepends=True)
    answers.write_bytes(b"".join(whole[:-1]) + whole[-1][:9])  # done, and not noted to the end
    _begun_and_killed(
        wanted, lambda: len(days.read_text(encoding="utf-8").splitlines()) >= 3
    )  # a day is over
    seen = bench_cases.run(Wanted(a_day=5, days=4, kept=tmp_path))
    assert seen.holds, seen.lines()
    assert (seen.cases, seen.seed) == (20, 13)
    assert answers.read_bytes().startswith(b"".join(whole[:-1]))
    assert [line[:10] for line in days.read_text(encoding="utf-8").splitlines()] == [
        f"2025-01-0{day}" for day in (1, 2, 3, 4)
    ]
    told = answers.read_bytes()
    again = bench_cases.run(wanted)
    assert answers.read_bytes() == told  # nothing was left to be asked
    assert (again.due, again.given, again.growth) == (seen.due, seen.given, seen.growth)


def test_a_folder_of_another_run_is_refused(tmp_path: Path) -> None:
    bench_cases.run(Wanted(a_day=1, days=1, seed=5, kept=tmp_path))
    with pytest.raises(BadInput, match="同样的选项"):
        bench_cases.run(Wanted(a_day=2, days=1, kept=tmp_path))
    lines = (tmp_path / ANSWERS).read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / ANSWERS).write_text("".join([lines[0], *lines[2:]]), encoding="utf-8")
    with pytest.raises(BadInput, match="第 2 行"):
        bench_cases.run(Wanted(a_day=1, days=1, kept=tmp_path))


def test_two_runs_do_not_share_a_folder(tmp_path: Path) -> None:
    with Kept(tmp_path), pytest.raises(BadInput, match="另一个进程"):
        bench_cases.run(Wanted(a_day=1, days=1, kept=tmp_path))


def test_copies_and_kills_of_its_own_have_no_place_in_a_kept_run(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="--fill"):
        bench_cases.run(Wanted(a_day=1, days=1, fill=9, kept=tmp_path))


def test_a_grave_matter_wakes_whoever_is_on_duty() -> None:
    """Learned on a Friday night: due after five hours, said at once, at that second and an hour later."""
    learned = datetime(2025, 3, 7, 22, 0, tzinfo=SHANGHAI)
    life = Life(learned=learned, assigned=learned, level="重大")
    found = bench_cases_walk.expected(life, datetime(2025, 3, 10, tzinfo=SHANGHAI))
    at = {(name, stage): permitted for (name, _, stage), (permitted, _) in found.items()}
    assert at["first_response", "yellow"] == learned
    assert at["first_response", "red"] == datetime(2025, 3, 8, 3, 0, 1, tzinfo=SHANGHAI)
    assert at["first_response", "up1"] == datetime(2025, 3, 8, 4, 0, 1, tzinfo=SHANGHAI)
    assert at["press", "red"] == datetime(2025, 3, 8, 22, 0, 1, tzinfo=SHANGHAI)
    assert ("first_response", "up2") not in at  # that one waits for the office


def test_what_is_granted_and_what_stands_still_are_added_up() -> None:
    """Due on Wednesday 12 March; two days more, then four working days of pause."""
    learned = datetime(2025, 3, 5, 9, 0, tzinfo=SHANGHAI)
    life = Life(learned=learned, assigned=learned, more=[(datetime(2025, 3, 6, 9, 0, tzinfo=SHANGHAI), 2)])
    life.pauses.append((datetime(2025, 3, 7, 9, 0, tzinfo=SHANGHAI), datetime(2025, 3, 13, tzinfo=SHANGHAI)))
    runs = bench_cases_walk.handling(life, datetime(2025, 4, 1, tzinfo=SHANGHAI))
    assert [run.due.date() for run in runs] == [date(2025, 3, day) for day in (12, 14, 20)]


def test_a_card_that_was_not_given_is_found() -> None:
    seen = Outcome(1, "SQLite", due=1, lateness=[0.0])
    assert seen.holds
    seen.missing.append("HY2025-000001 sign 01-03 17:30 red 01-06 08:30:00")
    assert not seen.holds
    assert "HY2025-000001" in dict(seen.lines())["漏发"]


def test_a_card_given_too_late_is_found() -> None:
    seen = Outcome(1, "SQLite", due=1, lateness=[61.0])
    assert not seen.holds


def test_the_walk_knows_the_spring_festival() -> None:
    """Learned on Friday 24 January 2025; Sunday the 26th is worked, 28 January to 4 February are off."""
    learned = datetime(2025, 1, 24, 16, 0, tzinfo=SHANGHAI)
    found = bench_cases_walk.expected(
        Life(learned=learned, assigned=learned), datetime(2025, 2, 12, tzinfo=SHANGHAI)
    )
    at = {(name, stage): permitted for (name, _, stage), (permitted, _) in found.items()}
    assert at["first_response", "yellow"] == datetime(
        2025, 1, 24, 16, 0, tzinfo=SHANGHAI
    )  # due on Sunday at 16:00
    assert at["first_response", "red"] == datetime(2025, 1, 26, 16, 0, 1, tzinfo=SHANGHAI)
    assert at["sign", "red"] == datetime(2025, 1, 27, 8, 30, tzinfo=SHANGHAI)
    assert at["handling", "yellow"] == datetime(2025, 2, 6, 8, 30, tzinfo=SHANGHAI)  # due on the 7th
    assert at["handling", "red"] == datetime(2025, 2, 8, 8, 30, tzinfo=SHANGHAI)  # a Saturday that is worked
    assert bench_cases_walk.worked_between(date(2025, 1, 24), date(2025, 2, 8)) == 6


def test_more_days_than_the_walk_knows_are_refused() -> None:
    with pytest.raises(BadInput, match="2025"):
        bench_cases.run(Wanted(a_day=1, days=366))


def test_the_plain_walk_knows_the_days_off_its_limits_may_meet() -> None:
    days = [date(2025, 1, 1) + timedelta(days=one) for one in range(365 + 31)]
    assert [day for day in days if bench_cases_walk.works(day) != chinese_calendar.is_workday(day)] == []
    assert bench_cases_walk.workday(date(2025, 12, 31), 1) == date(2026, 1, 4)
