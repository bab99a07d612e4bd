"""已受理 and 已转办: fixed texts under standing rules that two people signed, as replies to the original post.

A rule lets out what its template says and nothing else, so many a day, until a day, and until anybody revokes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from typing import Final

import publisher.draft
import publisher.fixed
from flow import composing
from flow import permits
from flow.batch import each
from flow.checks import checked_for_release
from flow.desk import Desk
from huanyu.bureau import AccountRow
from huanyu.clock import local
from huanyu.errors import BadInput
from huanyu.text import normalise
from huanyu.types import Case
from huanyu.types import Draft
from huanyu.types import Message
from huanyu.types import MessageState
from huanyu.types import StandingRule
from huanyu.types import User

#: A stage is told while the case is in one of these states.
STATES: Final = {
    "accepted": ("accepted", "assigned", "signed", "onsite", "paused", "reported"),
    "forwarded": ("assigned", "signed", "onsite", "paused", "reported"),
}
#: The kind of source a case came from -> the channel whose accounts can answer there.
CHANNEL: Final = {"weibo": "weibo", "forum": "discuz"}
RECENT = timedelta(days=3)  # an older case is past being told that it was taken in
MOST_A_DAY = 200
MANY = 500  # cases looked at in one turn
LONGEST = timedelta(days=366)  # that a rule holds


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRule:
    """What is asked about a new standing rule."""

    name: str
    stage: str
    accounts: tuple[str, ...]
    template: str
    per_day: int
    valid_until: datetime


def fixed_texts(desk: Desk, now: datetime) -> int:
    """Compose the fixed texts that rules in force let out; returns how many."""
    return sum(_under(desk, rule, now) for rule in desk.store.standing.listing() if rule.in_force(now))


def propose(desk: Desk, user: User, new: NewRule, now: datetime) -> StandingRule:
    """Write a rule and sign it first; raises BadInput saying what is wrong with it."""
    permits.demand(user, "standing_rule")
    template = normalise(new.template)
    problems = [*_problems(desk, new, now), *publisher.fixed.faults(template)]
    if problems:
        raise BadInput("；".join(problems))
    return desk.store.standing.add(
        name=new.name.strip(),
        stage=new.stage,
        accounts=new.accounts,
        template=template,
        per_day=new.per_day,
        valid_until=new.valid_until,
        first=user.name,
        now=now,
    )


def sign(desk: Desk, user: User, rule_id: int, now: datetime) -> StandingRule:
    """会签: the second signature, by somebody else; from now on the rule lets texts out."""
    permits.demand(user, "sign_rule")
    roles = sorted(permits.PERMITS["standing_rule"])
    return desk.store.standing.sign(rule_id, user.name, roles, now)


def revoke(desk: Desk, user: User, rule_id: int, reason: str, now: datetime) -> StandingRule:
    """撤销: at once, by one person; what waits under the rule goes to people for review."""
    permits.demand(user, "revoke_rule")
    if not reason.strip():
        raise BadInput("请写明撤销的理由")
    return desk.store.standing.revoke(rule_id, reason.strip(), actor=user.name, now=now)


def usable(desk: Desk) -> list[AccountRow]:
    """Accounts that can answer under somebody's post."""
    return [row for row in desk.bureau.accounts if row.enabled and row.channel in CHANNEL.values()]


def _problems(desk: Desk, new: NewRule, now: datetime) -> list[str]:
    able = {row.key for row in usable(desk)}
    told = [
        ("请填写规则名称", not new.name.strip()),
        ("请选择已受理或已转办", new.stage not in publisher.fixed.STAGES),
        ("请至少选择一个能在原帖下答复的账号", not new.accounts),
        ("所选账号不存在、已停用或不能在原帖下答复", bool(set(new.accounts) - able)),
        (f"每天条数应在 1 到 {MOST_A_DAY} 之间", not 1 <= new.per_day <= MOST_A_DAY),
        ("有效期应晚于今天", new.valid_until <= now),
        (f"有效期最长 {LONGEST.days} 天，到期再签", new.valid_until > now + LONGEST),
    ]
    return [text for text, wrong in told if wrong]


def _under(desk: Desk, rule: StandingRule, now: datetime) -> int:
    """Texts of one rule, no more than its day still holds."""
    room = rule.per_day - desk.store.standing.composed(rule, now)
    if room <= 0:
        return 0
    accounts = [row for row in usable(desk) if row.key in rule.accounts]
    kinds = [kind for kind, channel in CHANNEL.items() if channel in {row.channel for row in accounts}]
    since = max(rule.second_at or now, now - RECENT)
    found = desk.store.standing.waiting(rule.stage, STATES[rule.stage], kinds, since, MANY) if kinds else []
    made = 0

    def compose(case: Case) -> None:
        nonlocal made
        if made >= room or composing.needs_person(desk, case, now):
            return
        draft = _draft(desk, rule, case, accounts, now)
        if draft is not None:
            clean = not checked_for_release(desk, _as_message(draft, now), now).all
            made += desk.store.standing.put(rule, draft, clean, now) is not None

    each("fixed_texts", found, compose)
    return made


def _draft(
    desk: Desk, rule: StandingRule, case: Case, accounts: Sequence[AccountRow], now: datetime
) -> Draft | None:
    """The reply under the citizen's own post; None where there is none, a person answers, or the record lacks a fact."""
    if desk.store.published.taken_over(case.id):
        return None
    account = next((row for row in accounts if publisher.draft.thread(case, row)), None)
    if account is None:
        return None
    text = publisher.fixed.fill(
        rule.template, case, desk.bureau, local(case.learned_at if rule.stage == "accepted" else now)
    )
    if text is None:
        return None
    return Draft(
        channel=account.channel,
        account=account.key,
        purpose="reply",
        content_class="petition",
        stage=rule.stage,
        text=text,
        case_id=case.id,
        reply_to=publisher.draft.thread(case, account),
        rule_id=rule.id,
    )


def _as_message(draft: Draft, now: datetime) -> Message:
    """What the checks look at, before there is a row."""
    return Message(
        id=0,
        key="",
        state=MessageState.DRAFT,
        channel=draft.channel,
        account=draft.account,
        purpose=draft.purpose,
        title=draft.title,
        text=draft.text,
        case_id=draft.case_id,
        reply_to=draft.reply_to,
        recipient="",
        link="",
        after="",
        author="",
        created_at=now,
        due_at=now,
        attempts=0,
        version=1,
        content_class=draft.content_class,
        stage=draft.stage,
    )
