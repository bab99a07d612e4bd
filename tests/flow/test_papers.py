"""Every series on a real desk: 快报 at once, 简报 and 专报 at a signature, weeks and months by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from datetime import timedelta
from pathlib import Path

import pytest

from flow import cycle
from flow import issues
from flow import morning
from flow import papers
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import NotAllowed
from huanyu.errors import NotFound
from huanyu.types import Search
from tests.flow.office import MORNING
from tests.flow.office import NOW
from tests.flow.office import PAINT
from tests.flow.office import RIVER
from tests.flow.office import Office
from tests.flow.office import at_work

SOON = NOW + timedelta(minutes=5)
MONDAY = NOW.replace(hour=8, minute=30) + timedelta(days=6)


@pytest.fixture
def office(store_url: str, tmp_path: Path) -> Iterator[Office]:
    with at_work(tmp_path, store_url) as opened:
        opened.fill()
        yield opened


def text(stored) -> str:
    return "\n".join(one.text for part in stored.bulletin.sections for one in part.sentences)


def listed(office, series):
    return office.desk.store.bulletins.listing(series=series)


def grave(office):
    """The cases a 快报 is due for, by the table."""
    row = office.desk.bureau.series("flash")
    return office.desk.store.writing.calling("flash", row.levels, row.urgent, NOW - timedelta(hours=1))


def test_a_grave_case_is_told_at_once_and_once(office):
    due = grave(office)
    assert office.case(one=RIVER).id in [case.id for case in due]
    assert office.case(one=PAINT).id in [case.id for case in due]
    assert cycle.run(office.desk, "flash", SOON) == len(due)
    assert cycle.run(office.desk, "flash", SOON + timedelta(minutes=5)) == 0
    assert [head.number for head in reversed(listed(office, "flash"))] == list(range(1, len(due) + 1))
    stored = office.desk.store.bulletins.by_scope("flash", f"case:{office.case(one=RIVER).id}")
    assert office.case(one=RIVER).number in text(stored)
    assert stored.bulletin.issued_at - NOW <= timedelta(minutes=5)
    assert all(morning.verify(office.desk, head.id) == [] for head in listed(office, "flash"))


def test_a_case_that_becomes_grave_later_is_told_then(office):
    cycle.run(office.desk, "flash", SOON)
    told = len(listed(office, "flash"))
    plain = next(
        case for case in office.desk.store.cases.listing() if case.level == "一般" and not case.urgent
    )
    office.desk.store.cases.grade(plain, "重大", "饮用水", SOON)
    assert cycle.run(office.desk, "flash", SOON + timedelta(minutes=5)) == 1
    assert len(listed(office, "flash")) == told + 1


def test_an_old_case_is_no_news(office):
    assert cycle.run(office.desk, "flash", NOW + timedelta(days=2)) == 0


def test_a_brief_is_numbered_at_the_signature_and_is_verified(office):
    ids = [office.case(one=RIVER).id, office.case(one=PAINT).id]
    assert listed(office, "brief") == []
    stored = papers.sign_brief(office.desk, office.leader, "brief", ids, SOON)
    assert stored.bulletin.number == 1
    slips = stored.bulletin.sections[0]
    assert {row[0] for row in slips.table} == {office.case(one=RIVER).number, office.case(one=PAINT).number}
    assert {row[4] for row in slips.table} == {"已转办"}
    assert office.desk.store.archive.standing(stored.id).signed.actor == office.leader.name
    assert morning.verify(office.desk, stored.id) == []
    with pytest.raises(Conflict):
        papers.sign_brief(office.desk, office.leader, "brief", [*reversed(ids), ids[0]], SOON)
    assert papers.sign_brief(office.desk, office.leader, "brief", ids[:1], SOON).bulletin.number == 2


@pytest.mark.parametrize(
    ("ids", "problem"), [([], BadInput), ([99999], NotFound), (list(range(1, 99)), BadInput)]
)
def test_a_brief_about_nothing_known_takes_no_number(office, ids, problem):
    with pytest.raises(problem):
        papers.sign_brief(office.desk, office.leader, "brief", ids, SOON)
    assert office.desk.store.bulletins.unfinished() == []


def test_only_who_may_issue_signs_types_or_saves(office):
    handler = office.handler("any")
    with pytest.raises(NotAllowed):
        papers.sign_brief(office.desk, handler, "brief", [1], SOON)
    with pytest.raises(NotAllowed):
        papers.remark(office.desk, handler, "weekly", NOW.date(), "advice", "派员", SOON)
    with pytest.raises(NotAllowed):
        papers.save_search(office.desk, handler, Search(id=0, name="水", kinds=("water",)), SOON)
    with pytest.raises(BadInput, match="不是签发时编号"):
        papers.sign_period(office.desk, office.leader, "daily", NOW.date() - timedelta(days=1), SOON)


def test_a_special_tells_one_topic_and_nothing_else(office):
    found = papers.save_search(office.desk, office.press, Search(id=0, name="水环境", kinds=("water",)), SOON)
    first = NOW.date() - timedelta(days=9)
    stored = papers.sign_special(office.desk, office.leader, "special", found.id, first, NOW.date(), SOON)
    assert stored.bulletin.title == "关于“水环境”的舆情专报（3月1日至10日）"
    named = {line.number for part in stored.bulletin.sections for line in part.items}
    assert office.case(one=RIVER).number in named
    assert office.case(one=PAINT).number not in named
    assert morning.verify(office.desk, stored.id) == []
    with pytest.raises(BadInput, match="时段"):
        papers.sign_special(office.desk, office.leader, "special", found.id, NOW.date(), first, SOON)
    with pytest.raises(BadInput, match="至少写一项"):
        papers.save_search(office.desk, office.press, Search(id=0, name="空"), SOON)


def test_weeks_months_quarters_and_years_come_by_themselves(office):
    desk = office.desk
    assert [series.key for series, _ in morning.due(desk, MONDAY - timedelta(minutes=1))].count("weekly") == 0
    later = MONDAY.replace(year=2027, month=1, day=11)
    due = {}
    for series, period in morning.due(desk, later):
        due.setdefault(series.key, []).append(period.last)
    assert due.pop("daily") == [later.date() - timedelta(days=back) for back in range(7, 0, -1)]
    assert due == {
        "weekly": [date(2026, 12, 20), date(2026, 12, 27), date(2027, 1, 3), date(2027, 1, 10)],
        "monthly": [date(2026, 11, 30), date(2026, 12, 31)],
        "quarterly": [date(2026, 12, 31)],
        "yearly": [date(2026, 12, 31)],
    }
    assert "yearly" not in {series.key for series, _ in morning.due(desk, later - timedelta(days=2))}


def test_an_issue_of_a_year_bears_that_years_number_and_is_verified(office):
    desk, later = office.desk, MONDAY.replace(year=2027, month=1, day=11)
    stored = issues.issue(desk, issues.subject(desk, "yearly", date(2026, 12, 31)), later)
    assert (stored.bulletin.year, stored.bulletin.number) == (2026, 1)
    assert "补编" in stored.bulletin.late_note
    assert "2026年" in stored.bulletin.title
    assert morning.verify(desk, stored.id) == []


def test_a_week_before_the_desk_began_is_compared_with_by_nobody(office):
    cycle.run(office.desk, "bulletin", MONDAY)
    stored = office.desk.store.bulletins.by_day("weekly", date(2026, 3, 15))
    assert {figure.previous for figure in stored.bulletin.figures} == {None}


def test_remarks_are_typed_before_the_issue_and_printed_in_it(office):
    desk = office.desk
    papers.remark(desk, office.leader, "weekly", NOW.date(), "judgement", "夜间异味约占3成。", SOON)
    about = issues.subject(desk, "weekly", NOW.date())
    assert "夜间异味约占3成" in "".join(
        one.text for part in issues.preview(desk, about, MONDAY).sections for one in part.sentences
    )
    assert desk.store.bulletins.unfinished() == []
    cycle.run(desk, "bulletin", MONDAY)
    stored = desk.store.bulletins.by_day("weekly", date(2026, 3, 15))
    assert f"【研判，{office.leader.full_name}撰写，非程序生成】夜间异味约占3成。" in text(stored)
    with pytest.raises(Conflict):
        papers.remark(desk, office.leader, "weekly", NOW.date(), "advice", "派员", MONDAY)
    with pytest.raises(BadInput):
        papers.remark(desk, office.leader, "monthly", NOW.date(), "guess", "派员", MONDAY)


def test_an_issue_that_was_cut_off_after_its_number_is_finished_under_it(office):
    desk, case = office.desk, office.case(one=RIVER)
    cut = desk.store.bulletins.reserve("flash", NOW.date(), NOW, scope=f"case:{case.id}")
    brief = desk.store.bulletins.reserve("brief", NOW.date(), NOW, scope=f"cases:{case.id}")
    cycle.run(desk, "bulletin", MORNING)
    assert desk.store.bulletins.unfinished() == []
    assert desk.store.bulletins.get(cut.id).bulletin.day == NOW.date()
    assert desk.store.bulletins.get(brief.id).bulletin.number == brief.number
    cycle.run(desk, "flash", SOON)
    assert desk.store.bulletins.by_scope("flash", f"case:{case.id}").id == cut.id
    assert morning.verify(desk, cut.id) == []
