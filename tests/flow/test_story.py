"""One complaint through the whole bureau, as S4 tells it: a clue from a chat group at night, a hidden pipe, power cut off.

Each step is what a person or the clock does; the case, its limits, papers and texts are looked at on the way.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from datetime import date
from datetime import datetime
from datetime import timedelta
from pathlib import Path

import pytest

from flow import cycle
from flow import documents
from flow import exporting
from flow import findings
from flow import identities
from flow import life
from flow import recusing
from flow import registering
from flow import revisiting
from flow import rights
from flow import supervising
from flow.registering import Entry
from huanyu.errors import BadInput
from huanyu.errors import NotAllowed
from huanyu.types import Case
from huanyu.types import Measurement
from huanyu.types import MessageState
from huanyu.types import Result
from huanyu.types import User
from tests.flow.office import NOW
from tests.flow.office import Office
from tests.flow.office import at_work
from tests.flow.office import colleague
from tests.flow.office import everything

SQUAD, BRANCH = "zhifa", "gaoxinqu"
EVENING = NOW.replace(hour=20, minute=10)
REPORTER = {"name": "柳闻莺", "phone": "13906350177", "handle": "湖畔闻莺"}
CLUE = (
    "许营镇赵庄北头的鑫岭纸制品厂后墙有暗管，一到夜里就往沟里偷排黑水，味道刺鼻，庄稼都死了一片，"
    "我叫柳闻莺，电话13906350177，群里老秦也看见了"
)
WITNESS = "许营镇赵庄北头那家纸厂后墙暗管夜里往沟里排黑水，好几户都闻到了"
ANSWER = "经查，您反映的情况属实。厂区后墙暗管已封堵，供电部门已对其断电，依法取缔，欢迎继续监督。"


@dataclass
class Story:
    """The office and where the story has got to."""

    office: Office
    now: datetime = EVENING
    case_id: int = 0
    said: list[str] = field(default_factory=list)  #: everything that left or can be taken out

    @property
    def case(self) -> Case:
        return self.office.desk.store.cases.get(self.case_id)

    def at(self, hour: int, minute: int, days: int = 0) -> datetime:
        self.now = EVENING.replace(hour=hour, minute=minute) + timedelta(days=days)
        return self.now

    @property
    def handler(self) -> User:
        return self.office.handler(self.case.unit)


@pytest.fixture
def story(tmp_path: Path, store_url: str) -> Iterator[Story]:
    with at_work(tmp_path, store_url) as office:
        yield Story(office)


def test_from_a_clue_in_a_chat_group_to_a_closed_case_and_back(story: Story) -> None:
    registered(story)
    a_second_witness(story)
    handed_to_a_unit(story)
    talked_to(story)
    signed_and_on_the_spot(story)
    found_and_reported(story)
    supervised(story)
    accepted_and_answered(story)
    asked_afterwards_and_closed(story)
    told_again(story)
    nobody_learned_who_reported(story)


def registered(story: Story) -> None:
    """群聊线索, 登记编号: sealed reporter, the clocks run from when it was said in the group."""
    entry = Entry(
        token="ab" * 16,
        type="complaint",
        channel="group",
        text=CLUE,
        learned_at=story.now - timedelta(minutes=5),
        place="许营镇赵庄",
        kinds=("water.industrial",),
        fast=True,
        reporter=REPORTER,
        hide="老秦",
    )
    desk = story.office.desk
    looked = registering.look(desk, story.office.press, entry, story.now)
    assert not [one for one in (*REPORTER.values(), "老秦") if one in looked.masked]
    case = registering.register(desk, story.office.press, entry, story.now)
    story.case_id = case.id
    assert (case.number, case.state, case.lane) == ("HY2026-000001", "pending", "fast")
    assert case.learned_at == entry.learned_at


def a_second_witness(story: Story) -> None:
    entry = Entry(
        token="cd" * 16,
        type="complaint",
        channel="group",
        text=WITNESS,
        learned_at=story.now,
        place="许营镇赵庄",
    )
    near = registering.look(story.office.desk, story.office.press, entry, story.now).near
    assert [one.matter.case_id for one in near] == [story.case_id]
    registering.register(story.office.desk, story.office.press, entry, story.now, into=story.case.number)
    assert story.case.posts == 2
    assert story.office.desk.store.cases.count() == 1


def handed_to_a_unit(story: Story) -> None:
    """Routed in the evening, a slip in the outbox, an assisting unit named by the office."""
    cycle.turn(story.office.desk, story.now, ("route", "incident_watch"))
    case = story.case
    assert case.state == "assigned"
    assert {clock.name for clock in case.clocks} >= {"first_response", "handling", "sign"}
    assert case.unit == SQUAD, "a hidden pipe at night is the squad's"
    helping, press = BRANCH, story.office.press
    life.dispatch(story.office.desk, press, case.id, case.version, SQUAD, story.now, assist=(helping,))
    assert (story.case.unit, story.case.assisting) == (SQUAD, (helping,))
    neighbour = story.office.handler(helping)
    with pytest.raises(NotAllowed):
        life.sign(story.office.desk, neighbour, case.id, story.case.version, story.now)
    supervising.opine(story.office.desk, neighbour, case.id, "已通知村委会夜间在场", story.now)
    assert story.office.desk.store.incidents.going_on() == []


def talked_to(story: Story) -> None:
    """与举报人沟通 by hand in the group meets the limit of the first response."""
    desk, case = story.office.desk, story.case
    supervising.tell(desk, story.office.press, case.id, "群内", "accepted", "已受理，当晚派人去查", story.now)
    assert [one.way for one in desk.store.duties.contacts(case.id)] == ["群内"]


def signed_and_on_the_spot(story: Story) -> None:
    desk, now = story.office.desk, story.at(21, 2)
    with pytest.raises(NotAllowed):
        life.sign(
            desk, colleague(desk, "wairen", "handler", "guanxian"), story.case_id, story.case.version, now
        )
    life.sign(desk, story.handler, story.case_id, story.case.version, now)
    now = story.at(22, 15)
    life.arrive(desk, story.handler, story.case_id, story.case.version, "夜查，暗管正在排水", now)
    assert (story.case.state, story.case.arrived_at) == ("onsite", now)


def found_and_reported(story: Story) -> None:
    """查处: a first try of empty words is refused, then facts, a value over its limit, and the power cut off."""
    desk, now = story.office.desk, story.at(23, 40)
    told = {
        "finding": "属实",
        "visited_at": story.at(22, 15),
        "found": "厂区北墙根埋有一根暗管，夜间向沟渠排放未经处理的生产废水，采样化学需氧量212毫克每升",
        "measure": "会同供电公司停电，当场封堵暗管，予以取缔",
        "public_answer": ANSWER,
        "internal_report": "该厂此前换过两次名字，拟移交公安。",
    }
    with pytest.raises(BadInput):
        empty = Result(**(told | {"found": "已整改到位", "measure": "已整改到位"}))
        findings.record_result(desk, story.handler, story.case_id, story.case.version, empty, now)
    value = Measurement(
        item="化学需氧量", value="212", unit="mg/L", limit_value="50", limit_source="GB 3544", exceeded=True
    )
    full = Result(
        **told,
        people=("苏文清", "陆平川"),
        measures=("cut_power", "ban"),
        outcome="取缔关闭",
        rectify_by=date(2026, 3, 12),
    )
    findings.record_result(desk, story.handler, story.case_id, story.case.version, full, now, (value,))
    case = story.case
    assert case.state == "reported", "the fast lane is reviewed by a person"
    assert case.result.measures == ("cut_power", "ban")


def supervised(story: Story) -> None:
    """督办函 in its own series: drafted, signed by the leader, numbered when it is issued."""
    desk, now = story.office.desk, story.at(8, 40, 1)
    case, _, fields = documents.prefilled(desk, story.office.press, story.case_id, "supervision_letter", now)
    typed = fields | {"limit": "2026-03-12", "delay": "群众反映强烈，须当日办结", "addressee": "执法支队"}
    made = documents.draft(desk, story.office.press, case.id, "supervision_letter", typed, now)
    with pytest.raises(NotAllowed):
        documents.sign(desk, story.office.press, made.id, "", now)
    seen = documents.proof(desk, story.office.leader, made.id)
    documents.sign(desk, story.office.leader, made.id, seen.document.digest, now)
    issued = documents.issue(desk, story.office.press, made.id, now)
    assert issued.serial == "聊环督〔2026〕1号"
    for form in ("docx", "pdf"):
        _, body = documents.file(desk, story.office.press, made.id, form, redacted=False)
        assert len(body) > 1000
        story.said.append(body.decode("latin-1"))


def accepted_and_answered(story: Story) -> None:
    """审核通过, 拟稿, 三审, 发布: the answer is the unit's public one, and nothing of the internal report."""
    desk, now = story.office.desk, story.at(9, 5, 1)
    revisiting.accept_result(desk, story.office.press, story.case_id, story.case.version, now)
    cycle.run(desk, "draft", now)
    assert story.case.state == "replying"
    replies = story.office.replies(story.case)
    assert replies
    assert all("断电" in one.text and "换过两次名字" not in one.text for one in replies.values())
    story.office.approve(replies, now)
    cycle.run(desk, "deliver", now)
    assert MessageState.SENT in {one.state for one in story.office.replies(story.case).values()}
    assert story.case.state == "answered"


def asked_afterwards_and_closed(story: Story) -> None:
    desk, now = story.office.desk, story.at(15, 0, 2)
    press = story.office.press
    revisiting.visit(desk, press, story.case_id, story.case.version, "群内", "满意", "沟里清了", now)
    life.close(desk, press, story.case_id, story.case.version, "取缔到位，回访满意", now)
    assert (story.case.state, story.case.satisfied) == ("closed", "满意")
    (row,) = csv.DictReader(
        io.StringIO(exporting.case_list(desk, press, (), "", "", now).decode("utf-8-sig"), newline="")
    )
    assert (row["编号"], row["结论"], row["满意度"]) == (story.case.number, "属实", "满意")


def told_again(story: Story) -> None:
    """死灰复燃: nine days later the same case is opened again, a second round with all its history."""
    desk, now = story.office.desk, story.at(10, 0, 9)
    before = story.case.version
    life.reopen(desk, story.office.press, story.case_id, before, "夜里又排了，气味和上次一样", now)
    assert (story.case.state, story.case.round) == ("pending", 2)
    assert desk.store.cases.history(story.case_id)[0].action == "opened"
    cycle.run(desk, "route", now)
    assert story.case.state == "assigned"
    assert min(clock.due for clock in story.case.clocks) > now


def nobody_learned_who_reported(story: Story) -> None:
    """The handler never sees the reporter, the press office does with a reason, a recused leader nothing at all."""
    desk, store, office = story.office.desk, story.office.desk.store, story.office
    with pytest.raises(NotAllowed):
        identities.read(desk, story.handler, story.case_id, "想知道是谁", story.now)
    looks = len(store.people.identity_reads(story.case_id))
    told = identities.read(desk, office.press, story.case_id, "回访核实", story.now)
    assert "柳闻莺" in repr(told)
    assert len(store.people.identity_reads(story.case_id)) == looks + 1
    recusing.recuse(desk, office.press, story.case_id, office.leader.name, "与被反映人有亲属关系", story.now)
    assert not store.cases.listing(seer=rights.seer(office.leader))
    story.said += [exporting.case_list(desk, office.press, (), "", "", story.now).decode()]
    story.said += [f"{one.title}{one.text}" for one in store.outbox.listing(limit=500)]
    story.said += [page.read_text(encoding="utf-8") for page in desk.config.site_dir.glob("**/*.html")]
    # A number in the text itself is kept in the post and the words of its verdict, and masked for all but the office.
    kept = everything(desk, without=("identities", "posts", "verdicts"))
    story.said += [row for name in kept for row in kept[name]]
    told = [(one, text[:300]) for one in (*REPORTER.values(), "老秦") for text in story.said if one in text]
    assert not told
    assert store.audit.verify() == []
