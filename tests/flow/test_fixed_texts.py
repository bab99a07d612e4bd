"""已受理 and 已转办: nothing without two signatures, so many a day, once per case, gone with one word."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from flow import cycle
from flow import fixed_texts
from flow import life
from huanyu.errors import BadInput
from huanyu.errors import NotAllowed
from huanyu.types import MessageState
from tests.flow.office import MATTERS
from tests.flow.office import NOW
from tests.flow.office import RIVER
from tests.flow.office import Office
from tests.flow.office import at_work

S = MessageState
TEXT = "您反映的{place}{kind}问题（编号{number}）已于{day}转{unit}办理，联系电话{phone}。"
LATER = NOW + timedelta(minutes=20)


def new(**more) -> fixed_texts.NewRule:
    values = {
        "name": "微博转办告知",
        "stage": "forwarded",
        "accounts": ("weibo",),
        "template": TEXT,
        "per_day": 20,
        "valid_until": NOW + timedelta(days=90),
    }
    return fixed_texts.NewRule(**(values | more))


@pytest.fixture
def office(sqlite_template: Path, tmp_path: Path) -> Iterator[Office]:
    """Nine complaints, opened and routed after the rule's first day began."""
    target = tmp_path / "desk.db"
    target.write_bytes(sqlite_template.read_bytes())
    with at_work(tmp_path, f"sqlite:///{target.as_posix()}") as found:
        yield found


def rule(office: Office, signed: bool = True, **more):
    made = fixed_texts.propose(office.desk, office.press, new(**more), NOW - timedelta(hours=1))
    return fixed_texts.sign(office.desk, office.leader, made.id, NOW - timedelta(hours=1)) if signed else made


def told(office: Office):
    listed = office.desk.store.outbox.listing(purpose="reply", limit=1000)
    return [message for message in listed if message.stage == "forwarded"]


def test_without_both_signatures_not_a_word_leaves(office):
    rule(office, signed=False)
    office.fill()
    assert cycle.run(office.desk, "fixed_texts", NOW) == 0
    assert told(office) == []


def test_with_both_every_citizen_is_told_once_under_the_own_post(office):
    rule(office)
    office.fill()
    made = cycle.run(office.desk, "fixed_texts", NOW)
    assert 0 < made <= MATTERS  # a case whose place nobody knows is not told of a place
    cycle.turn(office.desk, LATER, ("fixed_texts", "deliver"))
    case = office.case(one=RIVER)
    (mine,) = [one for one in told(office) if one.case_id == case.id]
    assert case.number in mine.text
    assert mine.reply_to == case.first_native_id
    assert mine.state in {S.SENT, S.APPROVED}  # the quota of ten minutes may make it wait
    assert cycle.run(office.desk, "fixed_texts", LATER) == 0
    assert len(told(office)) == made
    said = {kept.status_id for kept in office.platforms.weibo.published}
    assert said <= {one.reply_to for one in told(office)}
    assert office.case(one=RIVER).state == "assigned"  # it was told, not answered


def test_no_more_than_the_day_holds(office):
    rule(office, per_day=2)
    office.fill()
    assert cycle.run(office.desk, "fixed_texts", NOW) == 2
    assert cycle.run(office.desk, "fixed_texts", LATER) == 0
    assert cycle.run(office.desk, "fixed_texts", NOW + timedelta(days=1)) == 2


def test_one_person_stops_it_at_once(office):
    found = rule(office)
    office.fill()
    cycle.run(office.desk, "fixed_texts", NOW)
    with pytest.raises(BadInput):
        fixed_texts.revoke(office.desk, office.press, found.id, " ", NOW)
    fixed_texts.revoke(office.desk, office.press, found.id, "文字要改", NOW)
    cycle.turn(office.desk, LATER, ("fixed_texts", "deliver"))
    for _ in told(office):
        cycle.run(office.desk, "deliver", LATER)
    assert not office.platforms.weibo.published
    assert {one.state for one in told(office)} == {S.DRAFT}  # people decide


def test_a_case_that_its_unit_took_on_is_still_told(office):
    rule(office)
    office.fill()
    cycle.run(office.desk, "fixed_texts", NOW)
    case = office.case(one=RIVER)
    life.sign(office.desk, office.handler(case.unit), case.id, case.version, NOW)
    assert {one.state for one in told(office) if one.case_id == case.id} == {S.APPROVED}
    case = office.case(one=RIVER)
    life.send_away(office.desk, office.handler(case.unit), case.id, case.version, "不属本辖区", NOW)
    assert {one.state for one in told(office) if one.case_id == case.id} == {S.CANCELLED}


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"template": "请联系{author}，编号{number}"}, "author"),
        ({"template": "已转办。"}, "编号"),
        ({"stage": "result"}, "已受理或已转办"),
        ({"accounts": ()}, "至少选择一个"),
        ({"accounts": ("site",)}, "不能在原帖下答复"),
        ({"per_day": 0}, "每天条数"),
        ({"valid_until": NOW - timedelta(days=2)}, "晚于今天"),
        ({"valid_until": NOW + timedelta(days=500)}, "最长"),
        ({"name": " "}, "名称"),
    ],
)
def test_a_rule_that_would_embarrass_is_refused_in_words(office, wrong, words):
    with pytest.raises(BadInput, match=words):
        fixed_texts.propose(office.desk, office.press, new(**wrong), NOW)


def test_the_second_signature_is_somebody_elses_and_of_rank(office):
    made = fixed_texts.propose(office.desk, office.leader, new(), NOW)
    with pytest.raises(NotAllowed, match="另一人"):
        fixed_texts.sign(office.desk, office.leader, made.id, NOW)
    with pytest.raises(NotAllowed):
        fixed_texts.sign(office.desk, office.press, made.id, NOW)
    assert fixed_texts.sign(office.desk, office.reviewer, made.id, NOW).in_force(NOW)
