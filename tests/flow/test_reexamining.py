"""信访 复查 and 复核: thirty days to ask, thirty to decide, each once, of a case that is closed, too."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from datetime import datetime
from pathlib import Path

import pytest

from cases import clocks
from flow import cycle
from flow import documents
from flow import life
from flow import reexamining
from flow import registering
from flow.entries import Entry
from huanyu.clock import SHANGHAI
from huanyu.errors import BadInput
from huanyu.errors import IllegalMove
from huanyu.errors import NotAllowed
from tests.flow.office import MANY
from tests.flow.office import NOW
from tests.flow.office import PAINT
from tests.flow.office import at_work

STEPS = ("recalendar", "plan_cards", "cards")
WHY = "现场没有查到夜间生产，要求重新核查"
ENTRY = Entry(
    token="6b" * 16,
    type="complaint",
    channel="petition",
    text=PAINT,
    place="许营镇赵庄西头",
    learned_at=NOW,
    external_number="LXF2026030007",
)


def at(*when: int) -> datetime:
    return datetime(*when, tzinfo=SHANGHAI)


@pytest.fixture
def office(tmp_path: Path, store_url: str):
    with at_work(tmp_path / "office", store_url) as opened:
        yield opened


def closed(office, channel="petition"):
    """A petition that was answered on 10 March and closed."""
    registering.register(office.desk, office.press, replace(ENTRY, channel=channel), NOW)
    cycle.turn(office.desk, NOW, ("open", "route"))
    case = office.handle(office.desk.store.cases.listing(limit=1)[0])
    moves = office.desk.store.moves
    case = moves.move(case, "answered", action="answered", note="已书面答复", now=NOW)
    return life.close(office.desk, office.press, case.id, case.version, "已书面答复", NOW)


def ask(office, case, on=date(2026, 3, 20), now=None):
    now = now or at(2026, 3, 20, 15)
    return reexamining.ask(office.desk, office.press, case.id, case.version, on, WHY, now)


def limit(case, name):
    return next(one for one in case.clocks if one.name == name)


def test_a_closed_petition_is_looked_at_again_within_thirty_days_by_its_article(office):
    case = ask(office, closed(office))
    one = limit(case, "reexamine")
    assert case.state == "closed"
    assert one.due == at(2026, 4, 20, 17, 30), "the thirtieth day is a Sunday"
    assert one.why == "信访复查：30日（信访工作条例（2022）第三十五条）"
    assert clocks.runs(one, case)


def test_the_office_is_warned_before_the_day_and_the_leader_after_it(office):
    case = ask(office, closed(office))
    cycle.turn(office.desk, at(2026, 3, 20, 15), STEPS)
    cycle.turn(office.desk, at(2026, 4, 17, 9), STEPS)
    cycle.turn(office.desk, at(2026, 4, 21, 9), STEPS)
    told = [
        one
        for one in office.desk.store.outbox.listing(purpose="notice", limit=MANY)
        if "信访复查" in one.text
    ]
    office_mail = office.desk.bureau.unit("xuanjiao").mail
    assert {one.title.partition("】")[0] for one in told if one.recipient == office_mail} >= {
        "【黄牌提醒",
        "【红牌催办",
    }
    assert all("书面答复反映人" in one.text for one in told if one.recipient == office_mail)
    assert case.number in told[0].title


def test_after_the_decision_the_next_stage_and_then_nothing_more(office):
    case = ask(office, closed(office))
    with pytest.raises(IllegalMove):
        ask(office, case)
    say = ("维持原处理意见", "市政府复查〔2026〕3号，邮寄送达")
    case = reexamining.decide(office.desk, office.press, case.id, case.version, *say, at(2026, 4, 1, 10))
    assert limit(case, "reexamine").met_how == "reexamined"
    here = reexamining.stage(office.desk, case, at(2026, 4, 2, 9))
    assert here.label == "复核"
    assert here.until.due.date() >= date(2026, 5, 1)
    case = ask(office, case, date(2026, 4, 9), at(2026, 4, 9, 10))
    assert "第三十六条" in limit(case, "reverify").why
    case = reexamining.decide(office.desk, office.press, case.id, case.version, *say, at(2026, 4, 20, 10))
    here = reexamining.stage(office.desk, case, at(2026, 4, 21, 9))
    assert (here.name, here.until, here.waits) == ("", None, None)
    with pytest.raises(IllegalMove):
        ask(office, case, date(2026, 4, 21), at(2026, 4, 21, 10))


def asked_for(office, case, now):
    return [row.key for row in documents.wanted(office.desk, office.press, case, now)]


def test_each_stage_asks_for_its_papers_filled_from_what_was_registered(office):
    case = ask(office, closed(office))
    assert asked_for(office, case, at(2026, 3, 20, 16)) == ["appeal_notice"]
    _, _, notice = documents.prefilled(
        office.desk, office.press, case.id, "appeal_notice", at(2026, 3, 20, 16)
    )
    assert (notice["stage"], notice["asked"], notice["limit"]) == ("复查", "2026年3月20日", "2026年4月20日前")
    say = ("变更处理意见", "当面送达")
    case = reexamining.decide(office.desk, office.press, case.id, case.version, *say, at(2026, 4, 1, 10))
    assert asked_for(office, case, at(2026, 4, 1, 11)) == ["appeal_notice", "reexamine_opinion"]
    _, _, paper = documents.prefilled(
        office.desk, office.press, case.id, "reexamine_opinion", at(2026, 4, 1, 11)
    )
    assert (paper["outcome"], paper["why"], paper["number"]) == ("变更处理意见", WHY, case.number)
    fields = paper | {"addressee": "苏映雪", "original": "维持", "facts": "查明", "ground": "理由"}
    made = documents.draft(
        office.desk, office.press, case.id, "reexamine_opinion", fields, at(2026, 4, 1, 12)
    )
    assert made.title == "信访事项复查意见书"
    case = ask(office, office.desk.store.cases.get(case.id), date(2026, 4, 9), at(2026, 4, 9, 10))
    _, _, early = documents.prefilled(
        office.desk, office.press, case.id, "reverify_opinion", at(2026, 4, 9, 11)
    )
    assert early["outcome"] == "", "the first stage's opinion is not the second's"
    case = reexamining.decide(office.desk, office.press, case.id, case.version, *say, at(2026, 4, 20, 10))
    assert asked_for(office, case, at(2026, 4, 20, 11)) == ["appeal_notice", "reverify_opinion"]


@pytest.mark.parametrize(
    ("on", "now", "told"),
    [
        (date(2026, 3, 9), at(2026, 3, 20, 15), "告知结果之日"),
        (date(2026, 3, 21), at(2026, 3, 20, 15), "今天之间"),
        (date(2026, 4, 30), at(2026, 5, 6, 10), "逾期不再受理"),
    ],
)
def test_a_request_before_the_answer_in_the_future_or_too_late_is_refused_with_the_reason(
    office, on, now, told
):
    with pytest.raises(BadInput, match=told):
        ask(office, closed(office), on, now)


def test_what_is_no_petition_has_no_such_stage(office):
    case = closed(office, channel="letter")
    assert reexamining.stage(office.desk, case, NOW) is None
    with pytest.raises(IllegalMove):
        ask(office, case)


def test_only_the_office_keeps_the_requests(office):
    case = closed(office)
    with pytest.raises(NotAllowed):
        reexamining.ask(
            office.desk,
            office.handler(case.unit),
            case.id,
            case.version,
            date(2026, 3, 20),
            WHY,
            at(2026, 3, 20, 15),
        )
