"""Every series on a real desk: 快报 at once, 简报 and 专报 at a signature, weeks and months by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from datetime import timedelta
from pathlib import Path

import pytest

from flow import circulation
from flow import cycle
from flow import issues
from flow import morning
from flow import papers
from flow import redelivery
from flow import unsigned
from flow import verifying
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import IllegalMove
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


@pytest.fixture(scope="module")
def filled(pattern_url: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A working day's posts and cases, made once."""
    with at_work(tmp_path_factory.mktemp("filled"), pattern_url) as opened:
        opened.fill()


@pytest.fixture
def office(filled: None, copied_url: str, tmp_path: Path) -> Iterator[Office]:
    with at_work(tmp_path, copied_url) as opened:
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
    for one in (RIVER, PAINT):  # whatever the model thinks of them
        office.desk.store.moves.grade(office.case(one=one), "重大", "饮用水", NOW)
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
    office.desk.store.moves.grade(plain, "重大", "饮用水", SOON)
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


def test_a_special_is_verified_by_the_search_it_was_issued_with(office):
    desk, first = office.desk, NOW.date() - timedelta(days=9)
    found = papers.save_search(desk, office.press, Search(id=0, name="水环境", kinds=("water",)), SOON)
    stored = papers.sign_special(desk, office.leader, "special", found.id, first, NOW.date(), SOON)
    assert stored.bulletin.search == found
    desk.store.writing.save_search(Search(id=found.id, name="水环境", areas=("371581",)), "press", SOON)
    assert morning.verify(desk, stored.id) == []
    assert verifying.verify(desk, stored.id).holds


def test_a_special_tells_the_hot_topics_of_its_search_and_of_nothing_else(office):
    desk, first = office.desk, NOW.date() - timedelta(days=9)
    for name, kinds, told in (("大气", ("air",), True), ("水", ("water",), False)):
        found = papers.save_search(desk, office.press, Search(id=0, name=name, kinds=kinds), SOON)
        stored = papers.sign_special(desk, office.leader, "special", found.id, first, NOW.date(), SOON)
        topics = [one.label for one in stored.bulletin.figures if one.key.startswith("topic:")]
        assert any("许营镇" in label for label in topics) is told
        assert verifying.verify(desk, stored.id).holds


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
    stored = issues.issue(office.desk, issues.subject(office.desk, "weekly", date(2026, 3, 15)), MONDAY)
    assert {figure.previous for figure in stored.bulletin.figures} == {None}


def test_remarks_are_typed_before_the_issue_and_printed_in_it(office):
    desk = office.desk
    papers.remark(desk, office.leader, "weekly", NOW.date(), "judgement", "夜间异味约占3成。", SOON)
    about = issues.subject(desk, "weekly", NOW.date())
    assert "夜间异味约占3成" in "".join(
        one.text for part in issues.preview(desk, about, MONDAY).sections for one in part.sentences
    )
    assert desk.store.bulletins.unfinished() == []
    stored = issues.issue(desk, about, MONDAY)
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


def test_what_is_proposed_waits_on_the_list_until_it_is_signed_or_taken_back(office):
    desk, ids = office.desk, [office.case(one=RIVER).id, office.case(one=PAINT).id]
    scope = papers.cases_scope(desk, ids)
    papers.propose(desk, office.press, "brief", NOW.date(), scope, SOON, "请审签")
    papers.propose(desk, office.press, "brief", NOW.date(), papers.cases_scope(desk, ids[:1]), SOON)
    assert [(one.name, one.asked.text) for one in unsigned.asked(desk)] == [
        ("2 件", "请审签"),
        ("1 件", "请签发"),
    ]
    assert listed(office, "brief") == []
    papers.take_back(desk, office.press, "brief", NOW.date(), papers.cases_scope(desk, ids[:1]), SOON)
    assert len(unsigned.asked(desk)) == unsigned.count(desk) == 1
    stored = papers.sign_brief(desk, office.leader, "brief", ids, SOON)
    assert unsigned.asked(desk) == []
    assert "请审签" not in text(stored), "a word to whoever signs is not printed"
    assert desk.store.archive.unsigned() == []


def test_what_comes_by_itself_is_listed_with_its_hour_until_it_is_out(office):
    desk = office.desk
    cycle.run(desk, "bulletin", MORNING)
    coming = {(one.about.series.key, one.about.period.last): one for one in unsigned.coming(desk, MORNING)}
    assert ("daily", NOW.date()) not in coming
    assert coming[("weekly", date(2026, 3, 15))].comes_at == MONDAY
    assert coming[("yearly", date(2026, 12, 31))].comes_at.date() == date(2027, 1, 10)
    assert [one.title for one in desk.store.archive.unsigned()] == ["3月10日环保舆情"]


def test_a_proof_that_reads_differently_by_now_is_not_signed(office):
    desk, ids = office.desk, [office.case(one=RIVER).id]
    about = papers.about(desk, "brief", SOON.date(), papers.cases_scope(desk, ids))
    seen = papers.proof(desk, about, SOON).seen
    assert papers.proof(desk, about, SOON + timedelta(minutes=9)).seen == seen, "time alone changes nothing"
    office.handle(office.case(one=RIVER))
    with pytest.raises(Conflict, match="内容有变化"):
        papers.sign(desk, office.leader, about, SOON + timedelta(minutes=9), seen)
    assert listed(office, "brief") == []
    assert desk.store.bulletins.unfinished() == []


def test_the_same_matters_are_issued_anew_only_after_a_withdrawal(office):
    desk, ids = office.desk, [office.case(one=RIVER).id]
    first = papers.sign_brief(desk, office.leader, "brief", ids, SOON)
    circulation.withdraw(desk, office.leader, first.id, "承办单位写错了", SOON)
    second = papers.sign_brief(desk, office.leader, "brief", ids, SOON)
    assert (second.bulletin.number, second.bulletin.scope) == (2, f"{first.bulletin.scope}#2")
    with pytest.raises(Conflict):
        papers.sign_brief(desk, office.leader, "brief", ids, SOON)
    assert verifying.verify(desk, second.id).holds


def test_a_search_that_an_issue_rests_on_stays_as_it_is(office):
    desk = office.desk
    saved = papers.save_search(desk, office.press, Search(id=0, name=" 水 环境", kinds=("water",)), SOON)
    changed = papers.save_search(desk, office.press, replace(saved, words=("黑水", "黑水")), SOON)
    assert (changed.name, changed.words) == ("水 环境", ("黑水",))
    papers.sign_special(desk, office.leader, "special", saved.id, NOW.date(), NOW.date(), SOON)
    with pytest.raises(Conflict, match="换一个名称另存"):
        papers.save_search(desk, office.press, replace(saved, kinds=("air",)), SOON)
    with pytest.raises(BadInput, match="没有 wine 这个类别"):
        papers.save_search(desk, office.press, Search(id=0, name="酒", kinds=("wine",)), SOON)


@pytest.mark.parametrize("arrived", [True, False])
def test_a_delivery_nobody_is_sure_of_goes_again_only_after_a_person_asked(office, arrived):
    desk = office.desk
    cycle.run(desk, "deliver", NOW)  # the slips to the units
    made = papers.sign_brief(desk, office.leader, "brief", [office.case(one=RIVER).id], SOON)
    office.platforms.mail.fail_next("drop_after_data")
    cycle.run(desk, "deliver", SOON)
    stuck = next(one for one in desk.store.archive.standing(made.id).deliveries if one.state == "unknown")
    with pytest.raises(IllegalMove, match="先向对方核实"):
        redelivery.retry(desk, office.press, stuck.id, SOON)
    with pytest.raises(NotAllowed):
        redelivery.settle(desk, office.handler("any"), stuck.id, arrived, SOON)
    redelivery.settle(desk, office.press, stuck.id, arrived, SOON)
    before = len(office.platforms.mail.published)
    cycle.run(desk, "deliver", SOON + timedelta(minutes=1))
    assert len(office.platforms.mail.published) - before >= (not arrived)
    assert desk.store.archive.delivery(stuck.id).state == "sent"
    with pytest.raises(IllegalMove, match="已经送出"):
        redelivery.retry(desk, office.press, stuck.id, SOON)


def daily(office):
    """The bulletin of the working day, compiled by itself the next morning."""
    cycle.run(office.desk, "bulletin", MORNING)
    made = office.desk.store.bulletins.by_day("daily", NOW.date())
    assert made is not None
    return made


def test_a_withdrawn_day_is_issued_again_under_the_next_number_and_says_whose_place_it_takes(office):
    desk, first = office.desk, daily(office)
    circulation.sign(desk, office.leader, first.id, MORNING)
    with pytest.raises(Conflict, match="请先撤回"):
        papers.anew(desk, office.press, first.id, MORNING)
    circulation.withdraw(desk, office.leader, first.id, "引文里有反映人的信息", MORNING)
    cycle.turn(desk, MORNING + timedelta(hours=1), ("bulletin",))
    assert [head.number for head in listed(office, "daily")] == [first.bulletin.number], (
        "a person's word only"
    )
    second = papers.sign(desk, office.leader, papers.anew(desk, office.press, first.id, MORNING), MORNING)
    assert second.bulletin.number == first.bulletin.number + 1
    assert second.bulletin.late_note.startswith(f"本期重新编发，代替2026年第{first.bulletin.number}期；")
    assert (second.bulletin.day, second.bulletin.title) == (first.bulletin.day, first.bulletin.title)
    assert verifying.verify(desk, second.id).holds
    assert issues.successor(desk, first.bulletin).id == second.id
    assert issues.predecessor(desk, "daily", second.bulletin.scope).id == first.id
    with pytest.raises(Conflict, match="此前已经印发"):
        papers.sign(desk, office.leader, papers.about(desk, "daily", NOW.date()), MORNING)
    circulation.withdraw(desk, office.leader, second.id, "还有一处没有隐去", MORNING)
    third = papers.sign(desk, office.leader, papers.anew(desk, office.press, first.id, MORNING), MORNING)
    assert third.bulletin.scope == f"period:{NOW.date()}#3"
    assert verifying.verify(desk, third.id).holds


def test_judgement_is_added_to_what_is_compiled_and_not_signed_by_compiling_it_again(office):
    desk, first = office.desk, daily(office)
    with pytest.raises(Conflict, match="补写后重编"):
        papers.remark(desk, office.press, "daily", NOW.date(), "judgement", "以夜间异味为主。", MORNING)
    about = papers.anew(desk, office.press, first.id, MORNING)
    last = about.period.last
    papers.remark(
        desk, office.press, "daily", last, "judgement", "以夜间异味为主。", MORNING, scope=about.scope
    )
    assert desk.store.archive.standing(first.id).withdrawn is None, "nothing is numbered or void before"
    seen = papers.proof(desk, about, MORNING).seen
    second = papers.sign(desk, office.leader, about, MORNING, seen)
    assert "以夜间异味为主" in text(second)
    void = desk.store.archive.standing(first.id).withdrawn
    assert void.note == f"重新编发，由《每日舆情》2026年第{second.bulletin.number}期代替。"
    assert desk.store.archive.standing(second.id).signed.actor == "leader"
    assert [row.withdrawn for row in desk.store.archive.listing(series="daily")] == [False, True]
    copied = papers.anew(desk, office.press, first.id, MORNING)
    assert papers.is_out(desk, copied), "once signed there is nothing left to take its place"


def test_what_was_typed_goes_along_with_its_author_and_an_urgent_matter_is_told_anew(office):
    desk, case = office.desk, office.case(one=RIVER)
    office.desk.store.moves.grade(case, "重大", "饮用水", NOW)
    scope = f"{issues.CASE}:{case.id}"
    papers.remark(desk, office.press, "flash", NOW.date(), "advice", "请立即到场。", NOW, scope=scope)
    cycle.run(desk, "flash", SOON)
    first = desk.store.bulletins.by_scope("flash", scope)
    assert case.title in first.bulletin.title
    about = papers.anew(desk, office.leader, first.id, SOON)
    assert [
        (one.text, one.author) for one in desk.store.writing.remarks("flash", about.period.last, about.scope)
    ] == [("请立即到场。", office.press.full_name)]
    second = papers.sign(desk, office.leader, about, SOON)
    assert second.bulletin.scope == f"{scope}#2"
    assert cycle.run(desk, "flash", SOON + timedelta(minutes=5)) == 0
    assert verifying.verify(desk, second.id).holds


def test_a_new_issue_that_was_cut_off_after_its_number_is_finished_and_still_says_whose_place_it_takes(
    office,
):
    desk, first = office.desk, daily(office)
    about = papers.anew(desk, office.press, first.id, MORNING)
    desk.store.bulletins.reserve("daily", about.period.last, now=MORNING, scope=about.scope)
    cycle.run(desk, "bulletin", MORNING + timedelta(minutes=5))
    second = issues.successor(desk, first.bulletin)
    assert second.bulletin.late_note.startswith("本期重新编发")
    circulation.sign(desk, office.leader, second.id, MORNING + timedelta(minutes=9))
    assert desk.store.archive.standing(first.id).withdrawn is not None


def test_the_yearly_paper_tells_what_each_unit_did_and_it_recomputes(office):
    handled = office.handle(office.case("assigned", RIVER))
    desk, later = office.desk, NOW.replace(year=2027, month=1, day=12)
    stored = issues.issue(desk, issues.subject(desk, "yearly", date(2026, 12, 31)), later)
    (part,) = [one for one in stored.bulletin.sections if one.heading == "承办单位办理情况"]
    name = desk.bureau.unit(handled.unit).short
    (row,) = [row for row in part.table if row[0] == name]
    assert row[5] == "1天（1件）"
    assert "不足五件的只列件数" in part.sentences[0].text
    assert f"unit_met:{handled.unit}" in {one.key for one in stored.bulletin.figures}
    assert morning.verify(desk, stored.id) == []
