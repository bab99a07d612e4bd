"""From a record to drafts: results, stages before the result, and what only a person may write.

A case whose people speak of a hurt child, illness, suicide or threats gets no template: somebody is told at once.
"""

from __future__ import annotations

from datetime import datetime

import publisher.draft
import publisher.sensitive
import publisher.stages
from cases.forms import ACCOUNT
from flow import permits
from flow.alarms import INTERNAL
from flow.alarms import press_office
from flow.batch import each
from flow.desk import Desk
from flow.steps import BATCH
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
OPEN = frozenset(
    {"accepted", "assigned", "signed", "paused", "handled", "replying", "transferred", "returned"}
)


def draft_replies(desk: Desk, now: datetime) -> int:
    """Draft the reply of every handled case for each account, and let it wait for review."""

    def draft_one(case: Case) -> None:
        if needs_person(desk, case, now):
            return
        drafts = publisher.draft.reply(case, desk.bureau)
        author = case.result.recorded_by if case.result else ""
        desk.store.outbox.add_drafts(case, drafts, to="replying", author=author, now=now)
        drafted.append(case.id)

    drafted: list[int] = []
    each("draft", desk.store.cases.handled(BATCH), draft_one)
    return len(drafted)


def needs_person(desk: Desk, case: Case, now: datetime) -> bool:
    """Whether a person answers this case; where its posts say so for the first time, the press office is told."""
    if desk.store.published.taken_over(case.id):
        return True
    posts = desk.store.cases.posts(case.id)
    signs = [sign for post in posts for sign in publisher.sensitive.signs(post.text, desk.bureau.words)]
    if not signs:
        return False
    reason = "；".join(dict.fromkeys(signs)) + "。不用句式答复，请专人接手"
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
    turn = f"{stage}:{case.id}:{case.version}:{now:%Y%m%d%H%M}"
    return _put(desk, user, drafts, turn, now)


def write_by_hand(desk: Desk, user: User, case_id: int, text: str, now: datetime) -> list[int]:
    """自拟答复: the result of a case in a person's own words, where no template may be used."""
    permits.demand(user, "edit_draft")
    case, text = _open_case(desk, user, case_id), normalise(text)
    if case.state != "handled" or case.result is None:
        raise IllegalMove("承办单位反馈结果之后才能拟答复", case=case.number)
    if not SHORTEST <= len(text) <= LONGEST:
        raise BadInput(f"答复应在 {SHORTEST} 到 {LONGEST} 字之间")
    drafts = publisher.draft.by_hand(case, desk.bureau, text)
    return desk.store.outbox.add_drafts(
        case, drafts, to="replying", author=user.name, now=now, actor=user.name
    )


def _open_case(desk: Desk, user: User, case_id: int) -> Case:
    case = desk.store.cases.get(case_id)
    permits.demand_case(user, case)
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
