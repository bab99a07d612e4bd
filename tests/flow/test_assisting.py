"""协办 added and taken out without 改派: the unit that leads keeps its case, its signature and its limits."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from cases import clocks
from flow import assisting
from flow import changes
from flow import cycle
from flow import life
from flow import rerouting
from flow import supervising
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import IllegalMove
from huanyu.errors import NotAllowed
from huanyu.errors import NotFound
from tests.flow.office import MANY
from tests.flow.office import NOW
from tests.flow.office import TEXTS
from tests.flow.office import at_work
from tests.flow.office import colleague

DUNG = next(one for one in TEXTS if "养殖场" in one)
HELPER = "guanxian-chengguan"
LATER = NOW + timedelta(hours=3)


@pytest.fixture
def texts() -> tuple[str, ...]:
    return (DUNG,)


@pytest.fixture
def office(tmp_path: Path, filled_url: str):
    with at_work(tmp_path / "office", filled_url) as opened:
        yield opened


def signed(office):
    case = office.case("assigned", DUNG)
    return life.sign(office.desk, office.handler(case.unit), case.id, case.version, NOW)


def add(office, case, unit=HELPER, asked="清运村东沟里的粪污", now=NOW):
    return assisting.add(office.desk, office.press, case.id, case.version, unit, asked, now)


def opinion(case, unit=HELPER):
    return next(one for one in case.clocks if (one.name, one.owed_by) == ("opinion", unit))


def mails(office, unit=HELPER):
    whom = office.desk.bureau.unit(unit).mail
    return [
        one for one in office.desk.store.outbox.listing(purpose="notice", limit=MANY) if one.recipient == whom
    ]


def test_one_more_unit_assists_and_the_unit_that_leads_keeps_all_it_had(office):
    before = signed(office)
    after = add(office, before, now=LATER)
    assert (after.unit, after.state, after.signed_at) == (before.unit, before.state, before.signed_at)
    assert after.assisting == (HELPER,)
    kept = {(one.name, one.due) for one in after.clocks if not one.owed_by}
    assert kept == {(one.name, one.due) for one in before.clocks}
    hands = {one.unit: one for one in office.desk.store.duties.of_case(after.id)}
    assert hands[before.unit].signed_at == NOW
    assert (hands[HELPER].part, hands[HELPER].given_at, hands[HELPER].signed_at) == ("assist", LATER, None)


def test_the_unit_gets_a_slip_that_says_what_and_until_when(office):
    case = add(office, signed(office))
    (slip,) = mails(office)
    assert slip.title.startswith("【协办单】")
    assert "请协办：清运村东沟里的粪污" in slip.text
    assert "协办意见 2026年3月12日17:30前" in slip.text
    assert opinion(case).due.isoformat() == "2026-03-12T17:30:00+08:00"
    cycle.run(office.desk, "hand_over_watch", LATER)
    assert len(mails(office)) == 1, "the watch sends no second one"


def test_it_says_its_opinion_and_its_limit_is_met(office):
    case = add(office, signed(office))
    person = colleague(office.desk, "helper", "handler", HELPER)
    said = supervising.opine(office.desk, person, case.id, "已派车清运", LATER)
    assert opinion(said).met_at == LATER


def test_a_unit_taken_out_is_told_why_and_owes_and_sees_nothing_any_more(office):
    case = add(office, signed(office))
    person = colleague(office.desk, "helper", "handler", HELPER)
    out = assisting.take_out(
        office.desk, office.press, case.id, case.version, HELPER, "粪污由养殖户自行清运", LATER
    )
    assert (out.assisting, out.unit, out.state) == ((), case.unit, case.state)
    assert not clocks.runs(opinion(out), out)
    word = next(one for one in mails(office) if one.title.startswith("【撤销协办】"))
    assert "粪污由养殖户自行清运" in word.text
    with pytest.raises(NotAllowed):
        supervising.opine(office.desk, person, case.id, "已派车清运", LATER)
    with pytest.raises(NotFound):
        assisting.take_out(office.desk, office.press, out.id, out.version, HELPER, "再撤一次", LATER)


def test_a_unit_that_comes_back_owes_a_new_opinion_though_it_gave_one_before(office):
    case = add(office, signed(office))
    person = colleague(office.desk, "helper", "handler", HELPER)
    supervising.opine(office.desk, person, case.id, "已派车清运", NOW)
    out = assisting.take_out(office.desk, office.press, case.id, case.version, HELPER, "已清完", NOW)
    again = add(office, out, now=LATER)
    assert clocks.runs(opinion(again), again)
    assert opinion(again).from_at == LATER


def test_while_a_case_is_paused_what_a_new_unit_owes_stands_still(office):
    case = signed(office)
    paused = office.desk.store.moves.move(
        case, "paused", action="paused", note="等监测报告", now=NOW, kind=""
    )
    added = add(office, paused, now=LATER)
    assert not clocks.runs(opinion(added), added)


def test_both_acts_stand_in_the_history_and_the_second_person_sees_them(office):
    case = signed(office)
    added = add(office, case)
    with pytest.raises(Conflict):
        assisting.take_out(office.desk, office.press, case.id, case.version, HELPER, "看错了", LATER)
    since = changes.of_case(office.desk, office.press, case.id, case.version)
    (told,) = since.changes
    assert told.done == "增加协办"
    short = office.desk.bureau.unit(HELPER).short
    assert any(name == "协办" and short in after for name, _, after in told.fields)
    assert added.version == since.version


def test_the_rules_look_again_and_leave_who_a_person_named(office):
    case = add(office, signed(office))
    edit = rerouting.Edit(
        kinds=case.kinds,
        area=case.area,
        place=f"{case.place}东头",
        built_up=case.built_up,
        happened_at=case.happened_at,
    )
    rerouting.edit_facts(office.desk, office.press, case.id, case.version, edit, "补全地点", LATER)
    cycle.run(office.desk, "reroute", LATER)
    looked = office.desk.store.cases.get(case.id)
    assert looked.changed_at is None
    assert looked.assisting == (HELPER,)
    assert HELPER in looked.assist


@pytest.mark.parametrize(
    ("unit", "told"), [("nobody", "没有这个单位"), ("guanxian", "已在办理"), ("", "没有这个单位")]
)
def test_who_cannot_assist_is_refused_with_the_reason(office, unit, told):
    case = signed(office)
    assert case.unit == "guanxian"
    with pytest.raises((NotFound, BadInput), match=told):
        add(office, case, unit=unit)


def test_only_who_may_dispatch_may_say_who_assists_and_not_before_or_after_the_work(office):
    case = signed(office)
    for user in (office.handler(case.unit), office.reviewer):
        with pytest.raises(NotAllowed):
            assisting.add(office.desk, user, case.id, case.version, HELPER, "", NOW)
    closed = office.desk.store.moves.move(case, "closed", action="closed", note="办结", now=NOW)
    with pytest.raises(IllegalMove):
        add(office, closed)


def test_a_case_for_few_gets_nobody_to_assist(office):
    case = signed(office)
    few = office.desk.store.duties.act(case, "edited", "限定范围", "x", NOW, values={"restricted": True})
    with pytest.raises(BadInput, match="限定范围"):
        assisting.add(office.desk, office.leader, few.id, few.version, HELPER, "", NOW)
