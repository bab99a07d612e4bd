"""The figures of units: each number beside its whole, decided once, told alike by page, paper and command."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from datetime import datetime
from datetime import timedelta
from pathlib import Path

import pytest

from flow import findings
from flow import life
from flow import resting
from flow import revisiting
from flow import unit_figures
from huanyu.clock import SHANGHAI
from huanyu.errors import BadInput
from huanyu.periods import Period
from huanyu.types import UnitCount
from huanyu.unit_words import cells
from huanyu.unit_words import rate
from tests.flow.office import NOW
from tests.flow.office import TEXTS
from tests.flow.office import at_work
from tests.flow.office import found

DUNG, DUST = (next(one for one in TEXTS if word in one) for word in ("养殖场", "渣土车"))
MARCH = Period.holding("month", date(2026, 3, 1))


def at(*when: int) -> datetime:
    return datetime(*when, tzinfo=SHANGHAI)


@pytest.fixture
def office(tmp_path: Path, store_url: str):
    with at_work(tmp_path / "office", store_url) as opened:
        opened.fill((DUNG,))
        yield opened


LATER = at(2026, 4, 3, 9)


def counted(office, now=LATER, period=MARCH):
    return {one.unit: one for one in office.desk.store.figures.units(period, now)}


def signed(office, now):
    case = office.case("assigned", DUNG)
    return life.sign(office.desk, office.handler(case.unit), case.id, case.version, now)


def reported(office, case, now):
    person = office.handler(case.unit)
    return findings.record_result(
        office.desk, person, case.id, case.version, replace(found(), visited_at=now), now
    )


def test_a_unit_that_keeps_its_days_and_pleases_the_reporter(office):
    case = reported(office, signed(office, at(2026, 3, 11, 9)), at(2026, 3, 13, 9))
    case = life.close(office.desk, office.press, case.id, case.version, "已当面答复", at(2026, 3, 13, 10))
    assert counted(office) == {
        case.unit: UnitCount(
            unit=case.unit, given=1, sign_due=1, sign_met=1, due=1, met=1, reported=1, days=3
        )
    }


def test_a_limit_that_runs_over_is_late_once_though_the_work_is_done_later(office):
    case = reported(office, signed(office, at(2026, 3, 12, 9)), at(2026, 3, 20, 9))
    late = counted(office)[case.unit]
    assert (late.sign_due, late.sign_met, late.due, late.met, late.days) == (1, 0, 1, 0, 10)
    before = counted(office, at(2026, 3, 11, 9))[case.unit]
    assert (before.given, before.sign_due, before.due) == (1, 0, 0)  # nothing decided yet
    back = life.send_to_unit(office.desk, office.press, case.id, case.version, "缺事实", at(2026, 3, 20, 10))
    reported(office, back, at(2026, 3, 23, 9))
    assert counted(office)[case.unit] == late


def test_a_pause_decides_nothing_and_what_is_left_counts_where_it_ends(office):
    case = signed(office, at(2026, 3, 11, 9))
    paused = resting.pause(office.desk, office.press, case.id, case.version, "等检测报告", at(2026, 3, 12, 9))
    assert counted(office)[case.unit].due == 0
    back = resting.resume(office.desk, office.press, case.id, paused.version, "", at(2026, 4, 1, 9))
    reported(office, back, at(2026, 4, 2, 9))
    assert counted(office)[case.unit].due == 0
    april = counted(office, at(2026, 5, 3, 9), Period.holding("month", date(2026, 4, 1)))
    assert (april[case.unit].due, april[case.unit].met, april[case.unit].given) == (1, 1, 0)


def test_what_is_sent_back_is_a_part_of_what_was_given_then(office):
    case = office.case("assigned", DUNG)
    person = office.handler(case.unit)
    back = life.send_away(office.desk, person, case.id, case.version, "属城管职责", at(2026, 3, 11, 9))
    life.dispatch(office.desk, office.press, case.id, back.version, "guanxian-chengguan", at(2026, 3, 11, 10))
    found = counted(office)
    assert (found[case.unit].given, found[case.unit].returned) == (1, 1)
    assert (found["guanxian-chengguan"].given, found["guanxian-chengguan"].returned) == (1, 0)
    assert found["guanxian-chengguan"].sign_due == 1  # nobody signed
    then = counted(office, at(2026, 3, 11, 9))  # as it was known before it came back
    assert (then[case.unit].given, then[case.unit].returned) == (1, 0)


def test_only_an_opinion_counts_as_asked(office):
    case = reported(office, signed(office, at(2026, 3, 11, 9)), at(2026, 3, 12, 9))
    desk, press = office.desk, office.press
    for said, when in (("未联系上", 13), ("满意", 16)):
        answered = replace(case, version=desk.store.cases.get(case.id).version, state="answered")
        desk.store.duties.visit(answered, "电话", said, "", press.name, at(2026, 3, when, 9))
    assert said in revisiting.SATISFIED
    one = counted(office)[case.unit]
    assert (one.asked, one.content) == (1, 1)


def test_the_page_the_command_and_the_sheet_tell_the_same(office):
    case = reported(office, signed(office, at(2026, 3, 11, 9)), at(2026, 3, 13, 9))
    told = unit_figures.of(office.desk, 2026, 3, at(2026, 4, 3, 9))
    name = office.desk.bureau.unit(case.unit).short
    assert [told.line(one) for one in told.counts] == [(name, "1", "0/1", "1/1", "1/1", "3天（1件）", "—")]
    assert f"{name},1,0,1,1,1,1,1,3,0,0" in unit_figures.as_csv(told).decode()
    for year, month in ((2026, 13), (1996, None), (2027, None)):
        with pytest.raises(BadInput, match="没有"):
            unit_figures.of(office.desk, year, month, NOW)


def test_the_figures_of_a_month_hold_when_they_are_counted_again(office):
    case = reported(office, signed(office, at(2026, 3, 11, 9)), at(2026, 3, 13, 9))
    issued = at(2026, 4, 1, 9)
    sources = office.desk.bureau.sources
    first = office.desk.store.figures.period(MARCH, sources, issued).cells
    keys = {one.key for one in first}
    assert {f"unit_days:{case.unit}", f"unit_met:{case.unit}", f"unit_sign_due:{case.unit}"} <= keys
    back = life.send_to_unit(
        office.desk, office.press, case.id, case.version, "缺事实", issued + timedelta(days=1)
    )
    reported(office, back, issued + timedelta(days=2))
    assert office.desk.store.figures.period(MARCH, sources, issued).cells == first


@pytest.mark.parametrize(
    ("part", "whole", "told"), [(0, 0, "—"), (3, 4, "3/4"), (2, 3, "2/3"), (9, 12, "9/12（75.0%）")]
)
def test_of_few_no_rate_is_told(part, whole, told):
    assert rate(part, whole) == told
    assert cells(UnitCount(unit="a", given=whole, returned=part))[1] == told
