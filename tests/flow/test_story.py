"""One complaint through the whole bureau, as S4 tells it: a clue from a chat group at night, a hidden pipe, power cut off.

Each step is what a person or the clock does; the case, its limits, papers and texts are looked at on the way.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from datetime import timedelta
from pathlib import Path

import pytest

from cases.happened import ACT
from flow import by_link
from flow import case_files
from flow import cycle
from flow import documents
from flow import exporting
from flow import findings
from flow import identities
from flow import life
from flow import limits
from flow import morning
from flow import papers
from flow import recusing
from flow import registering
from flow import revisiting
from flow import rights
from flow import splitting
from flow import supervising
from flow import teaching
from flow.case_files import Upload
from flow.entries import Entry
from huanyu.config import SHIPPED
from huanyu.errors import BadInput
from huanyu.errors import IllegalMove
from huanyu.errors import NotAllowed
from huanyu.types import Measurement
from huanyu.types import MessageState
from huanyu.types import PostType
from huanyu.types import Result
from tests.flow.office import at_work
from tests.flow.office import colleague
from tests.flow.office import everything
from tests.flow.office import raw
from tests.flow.told import AGAIN
from tests.flow.told import ANSWER
from tests.flow.told import BRANCH
from tests.flow.told import CLUE
from tests.flow.told import LINK
from tests.flow.told import NIGHTLY
from tests.flow.told import POWER
from tests.flow.told import POWER_MAIL
from tests.flow.told import REPORTER
from tests.flow.told import SQUAD
from tests.flow.told import TOWN
from tests.flow.told import TOWN_MAIL
from tests.flow.told import UNITS
from tests.flow.told import WITNESS
from tests.flow.told import Story
from tests.flow.told import docx_text
from tests.flow.told import pdf_text
from tests.photos import GPS
from tests.photos import SECRETS
from tests.photos import jpeg


@pytest.fixture
def story(tmp_path: Path, store_url: str) -> Iterator[Story]:
    tables = tmp_path / "config"
    tables.mkdir()
    shipped = (SHIPPED / "units.toml").read_text(encoding="utf-8")
    (tables / "units.toml").write_text(shipped + UNITS, encoding="utf-8")
    with at_work(tmp_path, store_url) as office:
        yield Story(office)


def test_from_a_clue_in_a_chat_group_to_a_closed_case_and_back(story: Story) -> None:
    registered(story)
    a_second_witness(story)
    handed_to_a_unit(story)
    talked_to(story)
    put_into_a_brief(story)
    the_town_answers_by_its_link(story)
    signed_and_on_the_spot(story)
    power_is_a_part_of_its_own(story)
    more_time_is_refused(story)
    found_and_reported(story)
    supervised(story)
    the_part_that_nobody_signs_goes_up_once(story)
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
    life.dispatch(story.office.desk, press, case.id, case.version, SQUAD, story.now, assist=(helping, TOWN))
    assert (story.case.unit, story.case.assisting) == (SQUAD, (helping, TOWN))
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


def put_into_a_brief(story: Story) -> None:
    """编入简报, 审签, 印发: numbered at the signature, sent to the list, every figure of it verified."""
    desk, now = story.office.desk, story.at(20, 30)
    stored = papers.sign_brief(desk, story.office.leader, "brief", [story.case_id], now)
    assert stored.bulletin.number == 1
    assert story.case.number in {row[0] for row in stored.bulletin.sections[0].table}
    assert morning.verify(desk, stored.id) == []
    cycle.turn(desk, now, NIGHTLY)
    assert story.mails("dangzu@sthj.example.org", stored.bulletin.title)
    story.said += [stored.html.decode(), docx_text(stored.docx), pdf_text(stored.pdf)]


def the_town_answers_by_its_link(story: Story) -> None:
    """The assisting town has no log-in: it signs and answers by the link of its slip, each once."""
    desk, now = story.office.desk, story.at(20, 48)
    (slip,) = story.mails(TOWN_MAIL, story.case.number)
    assert "许营镇" in slip
    assert not [key for key in (SQUAD, BRANCH, TOWN) if f"、{key}" in slip or f"：{key}" in slip], (
        "names, no keys"
    )
    found = LINK.search(slip)
    assert found
    shown = by_link.look(desk, found[1], now)
    assert shown.acts == {"sign", "opinion"}
    story.said.append(repr((shown.said, shown.title, slip)))
    by_link.sign(desk, found[1], now)
    with pytest.raises(IllegalMove):
        by_link.sign(desk, found[1], now)
    by_link.give_opinion(desk, found[1], "镇村干部已到北头路口带路，沟渠闸口已关", now)
    (given,) = [one for one in desk.store.hand_overs.of_case(story.case_id) if one.unit == TOWN]
    assert (given.signed_at, given.opinion) == (now, "镇村干部已到北头路口带路，沟渠闸口已关")
    assert story.case.state == "assigned", "the squad signs for itself"


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


def power_is_a_part_of_its_own(story: Story) -> None:
    """停电 is the power company's: a part with a number, a slip and limits of its own."""
    desk, now = story.office.desk, story.at(22, 40)
    part = [(POWER, "对赵庄北头厂房停止供电")]
    (made,) = splitting.split(desk, story.office.press, story.case_id, story.case.version, part, now)
    assert (made.number, made.unit) == (f"{story.case.number}-1", POWER)
    assert {"handling", "sign"} <= {clock.name for clock in made.clocks}
    cycle.turn(desk, now, NIGHTLY)
    assert len(story.mails(POWER_MAIL, made.number)) == 1


def more_time_is_refused(story: Story) -> None:
    """延期: asked by the unit, refused by the leader with a reason; the limit stays where it was."""
    desk, now = story.office.desk, story.at(22, 50)
    case = story.case
    before = {clock.name: clock.due for clock in case.clocks}
    asked = limits.ask(
        desk, story.handler, case.id, case.version, "handling", 1, "取样化验结果还没有出来", now
    )
    with pytest.raises(NotAllowed):
        limits.decide(desk, story.handler, asked, True, "", now)
    limits.decide(desk, story.office.leader, asked, False, "群众反映强烈，按期办结", now)
    assert {clock.name: clock.due for clock in story.case.clocks} == before


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
    photo = Upload(name="暗管.jpg", body=jpeg(), caption="后墙暗管出口")
    handler, version = story.handler, story.case.version
    findings.record_result(desk, handler, story.case_id, version, full, now, (value,), (photo,))
    case = story.case
    (kept,) = case_files.of_case(desk, handler, case)
    _, inside = case_files.fetch(desk, handler, case.id, kept.id, clean=False)
    _, outside = case_files.fetch(desk, handler, case.id, kept.id, clean=True)
    assert inside == photo.body
    assert GPS in inside
    assert not [one for one in SECRETS if one in outside]
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
    for form, text_of in (("docx", docx_text), ("pdf", pdf_text)):
        _, body = documents.file(desk, story.office.press, made.id, form, redacted=False)
        assert story.case.number in text_of(body)
        story.said.append(text_of(body))


def the_part_that_nobody_signs_goes_up_once(story: Story) -> None:
    """The power company signed nothing: its red card, then one to those above it, each once; then it answers."""
    desk, press = story.office.desk, story.office.press
    (part,) = desk.store.splits.children(story.case_id)
    for day, hour in ((0, 23), (1, 8), (1, 9), (1, 18), (2, 8), (2, 8)):
        cycle.turn(desk, story.at(hour, 45, day), NIGHTLY)
    told = [event.note for event in desk.store.cases.history(part.id) if event.action == "reminded"]
    for card in ("红牌催办：签收", "逾期上报（一级）：签收"):
        assert len([note for note in told if note.startswith(card)]) == 1, told
    power = story.office.handler(POWER)
    now = story.at(8, 50, 2)
    part = life.sign(desk, power, part.id, desk.store.cases.get(part.id).version, now)
    done = Result(
        finding="属实",
        visited_at=story.at(23, 10),
        found="接执法支队通知后，对赵庄北头厂房专线停止供电，现场挂牌上锁",
        measure="停止供电，未经许可不得恢复",
    )
    part = findings.record_result(desk, power, part.id, part.version, done, now)
    if part.state == "reported":
        part = revisiting.accept_result(desk, press, part.id, part.version, now)
    assert life.close(desk, press, part.id, part.version, "", now, "part_done").state == "closed"


def accepted_and_answered(story: Story) -> None:
    """审核通过, 拟稿, 三审, 发布: the answer is the unit's public one, and nothing of the internal report."""
    desk, now = story.office.desk, story.at(9, 5, 2)
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
    desk, now = story.office.desk, story.at(15, 0, 3)
    press = story.office.press
    revisiting.visit(desk, press, story.case_id, story.case.version, "群内", "满意", "沟里清了", now)
    life.close(desk, press, story.case_id, story.case.version, "取缔到位，回访满意", now)
    assert (story.case.state, story.case.satisfied) == ("closed", "满意")
    listed = exporting.case_list(desk, press, (), "", "", now).decode("utf-8-sig")
    row = next(
        row for row in csv.DictReader(io.StringIO(listed, newline="")) if row["编号"] == story.case.number
    )
    assert (row["编号"], row["结论"], row["满意度"]) == (story.case.number, "属实", "满意")


def told_again(story: Story) -> None:
    """死灰复燃: nine days later somebody tells of the same firm, and the machine opens the case a second time."""
    desk, now = story.office.desk, story.at(10, 0, 9)
    desk.store.posts.add([raw(900, AGAIN, now)], now=now)
    cycle.run(desk, "understand", now)
    (post, verdict), *_ = desk.store.posts.listing(limit=1)
    if verdict is None or not verdict.is_complaint:
        teaching.correct_label(
            desk, story.office.press, post.id, PostType.COMPLAINT, ("water.industrial",), now
        )
    cycle.run(desk, "open", now)
    assert (story.case.state, story.case.round, story.case.posts) == ("pending", 2, 3)
    history = desk.store.cases.history(story.case_id)
    assert [history[0].action, history[-1].action] == ["opened", "reopened"]
    assert {"signed", "arrived", "closed"} <= {event.action for event in history}, "all of round one is there"
    assert {event.action for event in history} - {"accepted"} <= set(ACT), "each has its word on the page"
    cycle.run(desk, "route", now)
    assert story.case.state == "assigned"
    assert min(clock.due for clock in story.case.clocks) >= now, "half an hour to accept it, and it was"


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
    assert not store.cases.listing(seer=rights.seer(office.leader)), "nor of its part"
    story.said += [exporting.case_list(desk, office.press, (), "", "", story.now).decode()]
    story.said += [f"{one.title}{one.text}" for one in store.outbox.listing(limit=500)]
    story.said += [page.read_text(encoding="utf-8") for page in desk.config.site_dir.glob("**/*.html")]
    # A number in the text itself is kept in the post and the words of its verdict, and masked for all but the office.
    kept = everything(desk, without=("identities", "posts", "verdicts"))
    story.said += [row for name in kept for row in kept[name]]
    told = [(one, text[:300]) for one in (*REPORTER.values(), "老秦") for text in story.said if one in text]
    assert not told
    assert store.audit.verify() == []
