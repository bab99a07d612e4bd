"""An incident from its first post to its final report: proposed by night, declared by a person, publishing kept back."""

from __future__ import annotations

from datetime import datetime
from datetime import timedelta

import pytest
from sqlalchemy import text

from flow import cycle
from flow import gates
from flow import grading
from flow import incidents
from flow import registering
from flow import switches
from flow import teaching
from flow.entries import Entry
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import IllegalMove
from huanyu.errors import NotAllowed
from huanyu.types import Case
from huanyu.types import Incident
from huanyu.types import Message
from huanyu.types import MessageState
from huanyu.types import PostType
from tests.flow.office import NOW
from tests.flow.office import PAINT
from tests.flow.office import RIVER
from tests.flow.office import Office
from tests.flow.office import raw

NIGHT = NOW.replace(hour=2, minute=40)
TANKER = "许营镇化工园区罐车侧翻，柴油泄漏淌进路边沟，味道刺鼻呛得人睡不着，环保局快来管管"
LINE = "事故已得到控制，周边水质正在监测，后续情况由市政府统一发布"


def watched(office: Office) -> tuple[Incident, Case]:
    """The paint shop's case, which a person finds to be an incident."""
    office.fill((PAINT,))
    case = office.case("assigned", PAINT)
    found = incidents.propose(office.desk, office.press, case.id, case.version, "车间爆燃，有人送医", NOW)
    return office.desk.store.incidents.get(found), office.desk.store.cases.get(case.id)


def declared(office: Office, now: datetime = NOW) -> tuple[Incident, Case]:
    found, case = watched(office)
    incidents.declare(office.desk, office.leader, found.id, "重大", "", now)
    return office.desk.store.incidents.get(found.id), case


def full(office: Office, found: Incident, kind: str) -> str:
    return incidents.outline(office.desk, found, kind)


def test_what_looks_like_one_is_proposed_in_the_night_and_told_once(office: Office) -> None:
    fetched(office, TANKER, NIGHT)
    cycle.turn(office.desk, NIGHT, ("open", "route", "incident_watch"))
    (found,) = office.desk.store.incidents.going_on()
    (case,) = office.desk.store.incidents.cases(found.id)
    assert (found.confirmed_at, found.number) == (None, "TF2026-001")
    assert found.known_at == case.learned_at
    (first,) = office.desk.store.incidents.reports(found.id)
    assert found.level == "一般"
    assert (first.kind, first.due) == ("初报", case.learned_at + timedelta(hours=4))
    cycle.turn(office.desk, NIGHT, ("incident_watch", "incident_watch"))
    assert len(told(office, "突发事件提请")) == 2, "the office and the bureau, each once"
    cycle.run(office.desk, "deliver", NIGHT)
    assert {one.state for one in told(office, "突发事件提请")} == {MessageState.SENT}, "at night, too"


def test_what_was_looked_at_is_not_looked_at_again_before_somebody_says_more(office: Office) -> None:
    office.fill((PAINT,))
    assert cycle.run(office.desk, "incident_watch", NOW) == 1
    assert cycle.run(office.desk, "incident_watch", NOW) == 0
    assert office.desk.store.incidents.going_on() == []
    with office.desk.store._database.write() as tx:
        tx.execute(text("UPDATE cases SET posts = posts + 1"))
    assert cycle.run(office.desk, "incident_watch", NOW) == 1


def test_only_a_leader_declares_and_the_hours_run_from_when_it_was_known(office: Office) -> None:
    found, case = watched(office)
    with pytest.raises(NotAllowed):
        incidents.declare(office.desk, office.press, found.id, "重大", "", NOW)
    later = NOW + timedelta(minutes=50)
    incidents.declare(office.desk, office.leader, found.id, "较大", "喷漆房爆燃", later)
    (first,) = office.desk.store.incidents.reports(found.id)
    assert first.due == found.known_at + timedelta(hours=4) == NOW + timedelta(hours=4)
    with pytest.raises(Conflict):
        incidents.declare(office.desk, office.leader, found.id, "重大", "", later)
    told = [one.note for one in office.desk.store.cases.history(case.id) if one.action == "incident"]
    assert len(told) == 2


def test_publicity_stays_back_while_one_goes_on_and_thaws_with_the_last(office: Office) -> None:
    found, _ = declared(office)
    office.fill((PAINT, RIVER), NOW)
    other = office.case("assigned", RIVER)
    frozen = switches.freeze(office.desk)
    assert frozen is not None
    assert found.number in frozen.reason
    assert gates.held_classes(office.desk) == {"press"}
    with pytest.raises(Conflict, match="事件终止后自动解除"):
        switches.lift_freeze(office.desk, office.leader, "想发稿", NOW)
    second = incidents.propose(office.desk, office.leader, other.id, other.version, "另一起", NOW)
    incidents.declare(office.desk, office.leader, second, "一般", "", NOW)
    end(office, found)
    assert switches.freeze(office.desk) is not None, "one is left"
    end(office, office.desk.store.incidents.get(second))
    assert switches.freeze(office.desk) is None


def test_answers_about_it_wait_for_the_line_and_no_others_do(office: Office) -> None:
    office.fill()
    case, messages = office.replying()
    office.approve(messages)
    now = office.desk.store.cases.get(case.id)
    found = incidents.propose(office.desk, office.press, now.id, now.version, "有人送医", NOW)
    cycle.run(office.desk, "deliver", NOW)
    assert set(office.states(case).values()) == {MessageState.APPROVED}, "already while it is only proposed"
    incidents.declare(office.desk, office.leader, found, "重大", "", NOW)
    one = next(iter(office.replies(case).values()))
    assert "口径还没有定" in gates.waits(office.desk, one, NOW).why
    claimed = office.desk.store.outbox.claim(one, NOW, worker="w")
    assert claimed is None, "nor by a worker that asked for it earlier"
    with pytest.raises(NotAllowed):
        incidents.set_line(office.desk, office.press, found, LINE, NOW)
    with pytest.raises(BadInput):
        incidents.set_line(office.desk, office.leader, found, "已处置", NOW)
    incidents.set_line(office.desk, office.leader, found, LINE, NOW)
    cycle.run(office.desk, "deliver", NOW)
    assert MessageState.SENT in set(office.states(case).values())


def test_what_is_not_declared_lets_the_answers_go(office: Office) -> None:
    office.fill()
    case, messages = office.replying()
    office.approve(messages)
    now = office.desk.store.cases.get(case.id)
    found = incidents.propose(office.desk, office.press, now.id, now.version, "有人送医", NOW)
    incidents.dismiss(office.desk, office.leader, found, "核实为误传", NOW)
    cycle.run(office.desk, "deliver", NOW)
    assert MessageState.SENT in set(office.states(case).values())
    assert switches.freeze(office.desk) is None


def test_a_report_says_all_that_is_asked_for_and_is_kept_as_it_went(office: Office) -> None:
    found, _ = declared(office)
    told = full(office, found, "初报")
    for part in ("发生时间", "监测数据", "人员受害情况", "拟采取的措施"):
        assert part in told
    with pytest.raises(BadInput, match="监测数据"):
        incidents.report(
            office.desk, office.press, found.id, "初报", "市政府", told.replace("监测数据：", "数据："), NOW
        )
    incidents.report(office.desk, office.press, found.id, "初报", "市政府", told, NOW)
    with pytest.raises(Conflict):
        incidents.report(office.desk, office.press, found.id, "初报", "市政府", told, NOW)
    further = full(office, found, "续报")
    for _ in range(2):
        incidents.report(office.desk, office.press, found.id, "续报", "市政府", further, NOW)
    kept = office.desk.store.incidents.reports(found.id)
    assert sorted((row.kind, row.number) for row in kept) == [("初报", 1), ("续报", 1), ("续报", 2)]
    assert {row.text for row in kept if row.kind == "初报"} == {told}


def test_a_report_that_is_nearly_due_and_one_that_is_late_are_each_said_once(office: Office) -> None:
    found, _ = declared(office)
    due = found.known_at + timedelta(hours=2)
    for minutes in (-61, -59, -30, 1, 60):
        cycle.run(office.desk, "incident_watch", due + timedelta(minutes=minutes))
    assert len(told(office, "初报即将到期")) == 2
    assert len(told(office, "初报已经超时")) == 2
    incidents.report(office.desk, office.press, found.id, "初报", "市政府", full(office, found, "初报"), due)
    assert office.desk.store.incidents.waiting(due + timedelta(days=3)) == []


def test_it_ends_after_the_first_report_only_and_the_final_one_is_due(office: Office) -> None:
    found, _ = declared(office)
    with pytest.raises(IllegalMove, match="初报还没有报送"):
        incidents.close(office.desk, office.leader, found.id, "处置完毕", NOW)
    end(office, found)
    ((again, row),) = office.desk.store.incidents.waiting(NOW + timedelta(days=2))
    assert (again.id, row.kind) == (found.id, "处理结果报告")
    ended = office.desk.store.incidents.get(found.id)
    incidents.report(
        office.desk, office.press, found.id, row.kind, "市政府", full(office, ended, row.kind), NOW
    )
    assert office.desk.store.incidents.waiting(NOW + timedelta(days=2)) == []


def fetched(office: Office, said: str, now: datetime) -> None:
    """A post that a spider handed in, understood, a complaint."""
    (post,) = office.desk.store.posts.add([raw(77, said, now)], now=now).new
    cycle.run(office.desk, "understand", now)
    verdict = office.desk.store.posts.verdict(post)
    if verdict.unsure or not verdict.is_complaint:
        teaching.correct_label(office.desk, office.press, post, PostType.COMPLAINT, verdict.kinds, now)


def end(office: Office, found: Incident) -> None:
    incidents.report(office.desk, office.press, found.id, "初报", "市政府", full(office, found, "初报"), NOW)
    incidents.close(office.desk, office.leader, found.id, "处置完毕", NOW)


def told(office: Office, words: str) -> list[Message]:
    listed = office.desk.store.outbox.listing(purpose="internal", limit=100)
    return [one for one in listed if words in one.title]


def test_what_was_not_declared_is_proposed_again_by_what_is_heard_afterwards_only(office: Office) -> None:
    fetched(office, TANKER, NIGHT)
    cycle.turn(office.desk, NIGHT, ("open", "route", "incident_watch"))
    (found,) = office.desk.store.incidents.going_on()
    incidents.dismiss(office.desk, office.leader, found.id, "现场核实没有泄漏", NIGHT + timedelta(minutes=20))
    (case,) = office.desk.store.incidents.cases(found.id)
    witness(office, case, 501, "许营镇那辆罐车已经拖走了，路边还有点味", NIGHT + timedelta(hours=1))
    cycle.run(office.desk, "incident_watch", NIGHT + timedelta(hours=1))
    assert office.desk.store.incidents.going_on() == []
    later = NIGHT + timedelta(hours=2)
    witness(office, case, 502, "许营镇化工园区又有罐车侧翻，柴油泄漏淌进沟里", later)
    cycle.run(office.desk, "incident_watch", later + timedelta(minutes=30))
    (again,) = office.desk.store.incidents.going_on()
    assert again.number == "TF2026-002"
    assert again.known_at == later


def test_the_hours_run_from_the_post_that_first_told_of_it_not_from_a_later_one(office: Office) -> None:
    fetched(office, TANKER, NIGHT)
    cycle.turn(office.desk, NIGHT, ("open", "route"))
    (case,) = office.desk.store.cases.listing()
    witness(office, case, 503, "许营镇那边还是有味道", NIGHT + timedelta(hours=3))
    cycle.run(office.desk, "incident_watch", NIGHT + timedelta(hours=3))
    (found,) = office.desk.store.incidents.going_on()
    assert found.known_at == case.learned_at


def test_a_case_that_a_person_raises_to_the_gravest_level_is_looked_at_again(office: Office) -> None:
    office.fill((PAINT,))
    cycle.run(office.desk, "incident_watch", NOW)
    case = office.case("assigned", PAINT)
    later = NOW + timedelta(hours=1)
    grading.confirm_level(office.desk, office.leader, case.id, case.version, "特别重大", "多人中毒", later)
    cycle.run(office.desk, "incident_watch", later)
    (found,) = office.desk.store.incidents.going_on()
    assert found.level == "特别重大"


def test_a_case_leaves_no_incident_that_goes_on_for_the_line_of_another(office: Office) -> None:
    found, _ = declared(office)
    incidents.set_line(office.desk, office.leader, found.id, LINE, NOW)
    office.fill((PAINT, RIVER), NOW)
    case = office.case("assigned", RIVER)
    other = incidents.propose(office.desk, office.press, case.id, case.version, "河面大片死鱼", NOW)
    case = office.desk.store.cases.get(case.id)
    with pytest.raises(IllegalMove):
        incidents.attach(office.desk, office.press, case.id, case.version, found.id, NOW)
    incidents.dismiss(office.desk, office.leader, other, "与罐车侧翻是同一起", NOW)
    case = office.desk.store.cases.get(case.id)
    incidents.attach(office.desk, office.press, case.id, case.version, found.id, NOW)
    assert office.desk.store.cases.get(case.id).incident_id == found.id


def witness(office: Office, case: Case, number: int, said: str, now: datetime) -> None:
    """A further post of the case, heard of at `now`."""
    token = f"{number:032d}"
    entry = Entry(
        token=token, type="complaint", channel="group", text=said, learned_at=now, place="许营镇化工园区"
    )
    registering.register(office.desk, office.press, entry, now, into=case.number)
