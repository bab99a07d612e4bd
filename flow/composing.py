"""From a record to drafts: results, stages before the result, and what only a person may write.

A case whose people speak of a hurt child, illness, suicide or threats gets no template: somebody is told at once.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from datetime import timedelta

import publisher.draft
import publisher.sensitive
import publisher.stages
from cases.forms import ACCOUNT
from flow import permits
from flow.alarms import INTERNAL
from flow.alarms import press_office
from flow.batch import BATCH
from flow.batch import each
from flow.desk import Desk
from huanyu.errors import BadInput
from huanyu.errors import IllegalMove
from huanyu.errors import NotAllowed
from huanyu.text import normalise
from huanyu.types import Case
from huanyu.types import Draft
from huanyu.types import User
from publisher.stages import Said

LONGEST = 10_000  # characters of one text
SHORTEST = 20  # of an answer a person writes; less says nothing
ANSWERED = "answered"
OPEN = frozenset(
    {
        *("accepted", "assigned", "signed", "onsite", "paused", "reported", "handled"),
        *("replying", "interim", "transferred", "returned"),
    }
)

TOLD = frozenset({ANSWERED, "visited"})  #: the public has its answer
HANDED_OVER = OPEN | TOLD | {"pending"}  # states of a case that is given to a person
LATELY = timedelta(days=1)
MANY = 10_000  # texts looked at in one turn, the newest: no turn brings as many, so each is looked at


def draft_replies(desk: Desk, now: datetime) -> int:
    """Draft the reply of every handled case for each account, and let it wait for review.

    A case that only a person may answer is a person's as soon as its text came in, not when its result does.
    """

    def draft_one(case: Case) -> None:
        if needs_person(desk, case, now):
            return
        drafts = publisher.draft.reply(case, desk.bureau)
        author = case.result.recorded_by if case.result else ""
        desk.store.outbox.add_drafts(case, drafts, to="replying", author=author, now=now)
        drafted.append(case.id)

    drafted: list[int] = []
    handed = _hand_over(desk, now)
    each("draft", desk.store.cases.handled(BATCH), draft_one)
    return len(drafted) + handed


def _hand_over(desk: Desk, now: datetime) -> int:
    """Give every case to a person into which a text came lately that no template may answer; returns how many."""
    signs = publisher.sensitive.reader(desk.bureau.words)
    found = desk.store.composing.unseen(now - LATELY, MANY)
    grave = {case_id for case_id, text in found if signs(text)}
    given: list[int] = []

    def give(case: Case) -> None:
        reason = _reason(desk, case)
        if reason and desk.store.composing.hand_over(case.id, reason, _mail(desk, case, reason), now):
            given.append(case.id)

    cases = [case for case in map(desk.store.cases.get, sorted(grave)) if case.state in HANDED_OVER]
    each("hand_over", cases, give)
    return len(given)


def _reason(desk: Desk, case: Case) -> str:
    """Why only a person may answer a case; "" where a template may."""
    texts = [f"{post.title}\n{post.text}" for post in desk.store.cases.posts(case.id)]
    signs = [sign for text in texts for sign in publisher.sensitive.signs(text, desk.bureau.words)]
    return "；".join(dict.fromkeys(signs)) + "。不用句式答复，请专人接手" if signs else ""


def needs_person(desk: Desk, case: Case, now: datetime) -> bool:
    """Whether a person answers this case; where its posts say so for the first time, the press office is told."""
    if desk.store.published.taken_over(case.id):
        return True
    if not (reason := _reason(desk, case)):
        return False
    desk.store.composing.hand_over(case.id, reason, _mail(desk, case, reason), now)
    return True


def propose_stage(desk: Desk, user: User, case_id: int, stage: str, said: Said, now: datetime) -> list[int]:
    """拟阶段答复: 受理, 转办, 进展 or 不属本部门, to be reviewed like any reply; none where a person has to answer."""
    permits.demand(user, "edit_draft")
    case = _open_case(desk, user, case_id)
    if needs_person(desk, case, now):
        raise NotAllowed("这一件须由专人答复，不用句式", case=case.number)
    drafts = publisher.stages.staged(case, desk.bureau, stage, said)
    if not drafts:
        raise BadInput("这一件没有可以答复的原帖，也没有启用网站，不能拟这一阶段的答复", case=case.number)
    return _put(desk, user, drafts, _turn(case, stage, now), now)


def write_by_hand(desk: Desk, user: User, case_id: int, text: str, now: datetime) -> list[int]:
    """自拟答复: the result of a case in a person's own words, where no template may be used.

    Whoever took over an answered case, because people are unhappy with the answer, answers them once more.
    """
    permits.demand(user, "edit_draft")
    case, text = desk.store.cases.get(case_id), normalise(text)
    permits.demand_on(user, "edit_draft", case)
    if not SHORTEST <= len(text) <= LONGEST:
        raise BadInput(f"答复应在 {SHORTEST} 到 {LONGEST} 字之间")
    takeover = desk.store.heard.takeover(case.id) if case.state in TOLD else None
    if takeover is not None:
        if takeover.taken_at is None:
            raise IllegalMove("请先由一人接手，再写答复", case=case.number)
        return _answer_again(desk, user, case, text, now)
    if _open_case(desk, user, case_id).state != "handled" or case.result is None:
        raise IllegalMove("承办单位反馈结果之后才能拟答复", case=case.number)
    drafts = publisher.draft.by_hand(case, desk.bureau, text)
    return desk.store.outbox.add_drafts(
        case, drafts, to="replying", author=user.name, now=now, actor=user.name
    )


def _answer_again(desk: Desk, user: User, case: Case, text: str, now: datetime) -> list[int]:
    """On top of the page, and under the citizen's own post; nobody else is told again."""
    made = publisher.draft.by_hand(case, desk.bureau, text)
    wanted = [replace(one, stage="progress") for one in made if one.channel == "site" or one.reply_to]
    return _put(desk, user, tuple(wanted), _turn(case, "again", now), now)


def _turn(case: Case, stage: str, now: datetime) -> str:
    """What the keys begin with: the same as of the result's, by which our site knows whose page it is."""
    return f"reply:{case.id}:{stage}:{case.version}:{now:%Y%m%d%H%M}"


def _open_case(desk: Desk, user: User, case_id: int) -> Case:
    case = desk.store.cases.get(case_id)
    permits.demand_on(user, "edit_draft", case)
    if case.state not in OPEN:
        raise IllegalMove("这一件已经办结或还没有受理，不能再拟答复", case=case.number)
    return case


def _put(desk: Desk, user: User, drafts: tuple[Draft, ...], turn: str, now: datetime) -> list[int]:
    keyed = [(f"{turn}:{draft.account}", draft) for draft in drafts]
    return desk.store.composing.put_up(keyed, author=user.name, now=now, actor=user.name)


def _mail(desk: Desk, case: Case, reason: str) -> tuple[str, Draft] | None:
    office = press_office(desk)
    if office is None:
        return None
    parts = [
        f"案件 {case.number}“{case.title}”：{reason}。",
        "怎么办：请立即指定专人联系、核实，必要时报局领导并通知公安、卫健、教育等部门；答复由人写，在案件页“自拟答复”。",
        f"{desk.config.settings.console_url}/cases/{case.id}",
    ]
    draft = Draft(
        channel="mail",
        account=ACCOUNT,
        purpose=INTERNAL,
        title=f"【专人接手】{case.number} 不用句式答复",
        text="\n".join((f"{office.name}：", *parts)),
        recipient=office.mail,
        case_id=case.id,
    )
    return f"sensitive:{case.id}", draft
