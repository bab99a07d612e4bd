"""The demo's first chapter, what happens in it: one clue from a chat group, told to its end (群聊线索 → 停电取缔 → 回复).

Every act looks at the record before each write, so that the chapter goes on where a kill left it and repeats nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Iterator
from datetime import datetime
from datetime import timedelta

from demo.story import PHOTO
from demo.story import POWER
from demo.story import SQUAD
from demo.story import Story
from flow import by_link
from flow import documents
from flow import doubts
from flow import findings
from flow import life
from flow import limits
from flow import link_making
from flow import outgoing
from flow import papers
from flow import registering
from flow import reviewing
from flow import revisiting
from flow import splitting
from flow import supervising
from flow.case_files import Upload
from huanyu.clock import local
from huanyu.types import Assignment
from huanyu.types import Document
from huanyu.types import Measurement
from huanyu.types import Message
from huanyu.types import MessageState
from huanyu.types import Result
from publisher.review import Shown

LINK = re.compile(r"/l/([A-Za-z0-9_-]{22})")
REVIEWERS = ("press", "reviewer", "leader")


def registered(story: Story, now: datetime) -> str:
    """登记编号, the screenshot with it; a neighbour's word becomes a further witness."""
    case = story.case
    if case.posts == 1:
        registering.register(story.desk, story.press, story.witness(now), now, into=case.number)
    return f"群聊线索登记为 {case.number}, 附截图 1 张, 举报人加密另存; 邻居的话并入同一件"


def handed_over(story: Story, now: datetime) -> str:
    """受理, 转办: the office accepts at night and names the squad and who assists it; the slips leave."""
    case, press = story.case, story.press
    if case.state == "pending":
        case = life.accept(story.desk, press, case.id, case.version, now)
    if case.state == "accepted":
        life.dispatch(
            story.desk, press, case.id, case.version, SQUAD, now, assist=(story.city.branch, story.city.town)
        )
    story.turn(now)
    limit = next(clock.due for clock in story.case.clocks if clock.name == "handling")
    lead, *beside = (story.short(key) for key in (SQUAD, story.city.branch, story.city.town))
    told = f"受理, 转办{lead}, {'、'.join(beside)}协办, 转办单已发出"
    return f"{told}; 办结时限 {local(limit):%m月%d日 %H:%M}"


def first_word(story: Story, now: datetime) -> str:
    """与举报人沟通: the first response is given in the group."""
    if not story.desk.store.duties.contacts(story.case_id):
        supervising.tell(
            story.desk, story.press, story.case_id, "群内", "accepted", story.words["first_word"], now
        )
    return f"群内首次回应: “{story.words['first_word']}”"


def briefed(story: Story, now: datetime) -> str:
    """编入舆情简报, 审签, 印发."""
    if not story.desk.store.bulletins.listing(series="brief"):
        papers.sign_brief(story.desk, story.leader, "brief", [story.case_id], now)
    story.turn(now)
    issue = story.desk.store.bulletins.listing(series="brief")[0]
    return f"编入《舆情简报》第 {issue.number} 期, {story.leader.full_name}签发, 已印发"


def town_answers(story: Story, now: datetime) -> str:
    """The town has no log-in: it signs and answers by the one-time link of its slip."""
    given = next(
        one for one in story.desk.store.hand_overs.of_case(story.case_id) if one.unit == story.city.town
    )
    if given.answered_at is None:
        token = _link_of(story, given, now)
        if given.signed_at is None:
            by_link.sign(story.desk, token, now)
        by_link.give_opinion(story.desk, token, story.words["opinion"], now)
    return f"{story.short(story.city.town)}不登录, 凭转办单里的一次性链接签收并回复协办意见"


def on_the_spot(story: Story, now: datetime) -> str:
    """当日赴现场."""
    if not story.has("signed"):
        life.sign(story.desk, story.squad, story.case_id, story.case.version, now - timedelta(minutes=70))
    if not story.has("arrived"):
        life.arrive(story.desk, story.squad, story.case_id, story.case.version, story.words["arrived"], now)
    return f"{story.short(SQUAD)} 21:05 签收, 当晚到场: 暗管正在排水"


def power_cut(story: Story, now: datetime) -> str:
    """停电 is the power company's: a part with a number, a slip and limits of its own."""
    desk, power, case = story.desk, story.crew.handler(POWER), story.case
    if story.part() is None:
        splitting.split(desk, story.press, case.id, case.version, [(POWER, story.words["cut_off"])], now)
    story.turn(now)
    part = story.part()
    assert part is not None
    if part.state == "assigned":
        part = life.sign(desk, power, part.id, part.version, now)
    if part.state == "signed":
        result = Result(visited_at=now, **story.words["power"])
        findings.record_result(desk, power, part.id, part.version, result, now)
    return f"拆出子件 {part.number} 给供电公司, 当晚停电上锁"


def more_time(story: Story, now: datetime) -> str:
    """延期: asked by the unit, refused by the leader."""
    latest = story.desk.store.documents.latest_extension
    case, squad, leader = story.case, story.squad, story.leader
    if latest(case.id) is None:
        limits.ask(story.desk, squad, case.id, case.version, "handling", 1, story.words["limit_reason"], now)
    asked = latest(case.id)
    if asked is not None and not asked.decision:
        limits.decide(story.desk, leader, asked.id, False, story.words["refused"], now)
    return f"支队申请延期 1 个工作日, {leader.full_name}不同意: “{story.words['refused']}”"


def found(story: Story, now: datetime) -> str:
    """查处: facts, a value over its limit, a photo; power cut off, the place closed down."""
    case = story.case
    if case.result is None:
        people, measures = (story.squad.full_name, "陪同村干部"), ("cut_power", "ban")
        result = Result(
            visited_at=story.at(0, 22, 15), people=people, measures=measures, **story.words["result"]
        )
        value = Measurement(at=story.at(0, 22, 20), point="暗管出口", exceeded=True, **story.words["sample"])
        photo = Upload(name=PHOTO.name, body=PHOTO.read_bytes(), caption="后墙暗管出口")
        findings.record_result(
            story.desk, story.squad, case.id, case.version, result, now, (value,), (photo,)
        )
    return "反馈: 属实, 化学需氧量超标, 封堵暗管、停电、取缔, 附照片; 内部情况与公开答复分开填写"


def supervised(story: Story, now: datetime) -> str:
    """督办函 in its own series: drafted, signed by the leader, numbered when it is issued."""
    paper = next(iter(story.desk.store.documents.of_case(story.case_id)), None) or _letter(story, now)
    if paper.state == "draft":
        paper = documents.sign(story.desk, story.leader, paper.id, paper.digest, now)
    if paper.state == "signed":
        paper = documents.issue(story.desk, story.press, paper.id, now)
    return f"督办函 {paper.serial}, {story.leader.full_name}签发, 已印发 (DOCX、PDF)"


def accepted(story: Story, now: datetime) -> str:
    """审核: somebody of the office reads what the units reported; the part is closed, the whole carries an answer."""
    desk, press = story.desk, story.press
    part = story.part()
    if part is not None and part.state == "reported":
        part = revisiting.accept_result(desk, press, part.id, part.version, now)
    if part is not None and part.state != "closed":
        life.close(desk, press, part.id, part.version, "", now, "part_done")
    case = story.case
    if case.state == "reported":
        revisiting.accept_result(desk, press, case.id, case.version, now, story.words["accepted"])
    return f"{press.full_name}审核通过, 子件办结"


def answered(story: Story, now: datetime) -> str:
    """拟稿, 逐步审核, 发布: the unit's public answer, and nothing of the internal report."""
    story.turn(now, ("draft",))
    for message in story.replies():
        _sign_off(story, message, now)
    story.turn(now)
    out = [one for one in story.replies() if one.state is MessageState.SENT]
    names = {row.key: row.name for row in story.desk.bureau.accounts}
    return f"拟稿, 两人审核, 答复已公开: {'、'.join(names.get(one.account, one.account) for one in out)}"


def asked_and_closed(story: Story, now: datetime) -> str:
    """回访, 办结."""
    desk, press = story.desk, story.press
    if story.case.state == "answered":
        revisiting.visit(
            desk, press, story.case_id, story.case.version, "群内", "满意", story.words["satisfied"], now
        )
    if story.case.state == "visited":
        life.close(desk, press, story.case_id, story.case.version, story.words["closing"], now)
    return f"群内回访: 满意, “{story.words['satisfied']}”; 办结"


Act = Callable[[Story, datetime], str]
#: day of the chapter, hour, minute, what happens
CHAPTER: tuple[tuple[int, int, int, Act], ...] = (
    (0, 20, 10, registered),
    (0, 20, 14, handed_over),
    (0, 20, 18, first_word),
    (0, 20, 40, briefed),
    (0, 20, 52, town_answers),
    (0, 22, 15, on_the_spot),
    (0, 22, 50, power_cut),
    (0, 22, 55, more_time),
    (0, 23, 40, found),
    (1, 8, 40, supervised),
    (1, 9, 0, accepted),
    (1, 9, 20, answered),
    (2, 10, 0, asked_and_closed),
)


def play(story: Story) -> Iterator[tuple[datetime, str]]:
    """The chapter, act by act: when it was, and what became of it."""
    doubts.sweep(story.desk, story.at(0, 20, 0))
    for day, hour, minute, act in CHAPTER:
        now = story.at(day, hour, minute)
        yield now, act(story, now)


def _link_of(story: Story, given: Assignment, now: datetime) -> str:
    """The one-time link of the town's slip; where its mailbox has forgotten the mail, one made by the office."""
    unit = story.desk.bureau.unit(given.unit)
    assert unit is not None
    mails = [mail.text for mail in story.mail.published if unit.mail in mail.recipients]
    address = next((text for text in mails if story.case.number in text and LINK.search(text)), "")
    if not address:
        address = link_making.make(story.desk, story.press, story.case_id, given.id, now)
    link = LINK.search(address)
    assert link is not None
    return link[1]


def _letter(story: Story, now: datetime) -> Document:
    desk, press = story.desk, story.press
    case, form, fields = documents.prefilled(desk, press, story.case_id, "supervision_letter", now)
    typed = fields | story.words["letter"] | {"limit": f"{story.at(2, 18, 0):%Y-%m-%d}"}
    return documents.draft(desk, press, case.id, form.key, typed, now)


def _sign_off(story: Story, message: Message, now: datetime) -> None:
    """Every step of its reviews that is left, each by somebody who may take it."""
    while message.state is MessageState.DRAFT:
        people = [story.crew.of_office(role) for role in REVIEWERS]
        seen = [(one, reviewing.of(story.desk, one, message, story.case)) for one in people]
        able = next(one for one, review in seen if review is not None and review.is_mine)
        shown = Shown(message.account, message.reply_to)
        message = outgoing.approve(story.desk, able, message.id, message.version, now, shown=shown)
