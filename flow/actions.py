"""What a person does: each function is one permission, one decision, one write. A console POST calls exactly one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from typing import cast

import cases.intake
import cases.lifecycle
import publisher.outbox
from classify.similar import likeness
from flow import permits
from flow import replies
from flow import reviewing
from flow.desk import Desk
from flow.steps import hand_over
from flow.steps import tighten
from huanyu.clock import local
from huanyu.errors import BadInput
from huanyu.errors import ChannelError
from huanyu.errors import IllegalMove
from huanyu.errors import NotAllowed
from huanyu.errors import NotFound
from huanyu.review_rows import PUBLIC
from huanyu.store.switches import KILL_SWITCH
from huanyu.text import normalise
from huanyu.types import Case
from huanyu.types import CaseAction
from huanyu.types import Message
from huanyu.types import MessageState
from huanyu.types import PostType
from huanyu.types import Receipt
from huanyu.types import Result
from huanyu.types import Route
from huanyu.types import Sentiment
from huanyu.types import User
from publisher.channels import ByHand
from publisher.review import Shown

MANY = 10_000
LONGEST = 10_000  # characters of one text
FARTHEST = timedelta(days=366)  # a text is scheduled for at the most
FINDINGS = ("属实", "部分属实", "不属实", "未发现")


def sign(desk: Desk, user: User, case_id: int, version: int, now: datetime) -> Case:
    """签收: the unit takes the case."""
    _demand_for_unit(desk, user, "sign", case_id)
    return _move(desk, user, case_id, version, "signed", "signed", "已签收", now)


def send_away(desk: Desk, user: User, case_id: int, version: int, reason: str, now: datetime) -> Case:
    """退单: not this unit's business, back to the press office with a reason."""
    _demand_for_unit(desk, user, "return", case_id)
    return _move(desk, user, case_id, version, "returned", "returned", _reason(reason), now)


def refuse(desk: Desk, user: User, case_id: int, version: int, reason: str, now: datetime) -> Case:
    """不受理, with a reason."""
    permits.demand(user, "refuse")
    return _move(desk, user, case_id, version, "refused", "refused", _reason(reason), now)


def close(desk: Desk, user: User, case_id: int, version: int, note: str, now: datetime) -> Case:
    """办结."""
    permits.demand(user, "close")
    return _move(desk, user, case_id, version, "closed", "closed", note or "办结", now)


def dispatch(desk: Desk, user: User, case_id: int, version: int, unit_key: str, now: datetime) -> Case:
    """A person names the unit of a case that no rule placed, or that came back."""
    permits.demand(user, "dispatch")
    case = _case(desk, user, case_id, version)
    unit = desk.bureau.unit(unit_key)
    if unit is None:
        raise NotFound("没有这个单位", unit=unit_key)
    cases.lifecycle.check(case.state, "assigned")
    found = Route(
        unit=unit.key,
        department=unit.department,
        assist=case.assist,
        rule="by_hand",
        why=f"由{user.full_name}指定",
    )
    return hand_over(desk, case, found, now, actor=user.name)


def record_result(desk: Desk, user: User, case_id: int, version: int, result: Result, now: datetime) -> Case:
    """What was found and done; the draft of the reply follows by itself."""
    _demand_for_unit(desk, user, "record_result", case_id)
    case = _case(desk, user, case_id, version)
    cases.lifecycle.check(case.state, "handled")
    tidy = _tidied(result)
    _check_result(tidy, case, now)
    signed = replace(tidy, recorded_by=user.name, recorded_at=now)
    return desk.store.cases.move(
        case,
        "handled",
        action="result",
        note=f"{result.finding}: {result.measure}",
        actor=user.name,
        result=signed,
        now=now,
    )


def send_to_unit(desk: Desk, user: User, case_id: int, version: int, reason: str, now: datetime) -> Case:
    """退回补充: the facts do not carry a reply; its drafts are void, the unit looks again."""
    permits.demand(user, "send_to_unit")
    return _move(desk, user, case_id, version, "signed", "sent_to_unit", _reason(reason), now)


def edit_draft(desk: Desk, user: User, message_id: int, version: int, text: str, now: datetime) -> Message:
    """Change the text of a draft; any approval it had is void, and the editor cannot review it."""
    permits.demand(user, "edit_draft")
    message = _reply(desk, user, message_id, version)
    text = _tidy("回复内容", text)
    if not text:
        raise BadInput("回复内容不能为空")
    if message.state is not MessageState.DRAFT:
        publisher.outbox.check(message.state, MessageState.DRAFT)
    return desk.store.outbox.move(
        message, MessageState.DRAFT, note="修改了文稿", text=text, actor=user.name, now=now
    )


def approve(
    desk: Desk,
    user: User,
    message_id: int,
    version: int,
    now: datetime,
    override: str = "",
    shown: Shown | None = None,
) -> Message:
    """审核通过: the next step of 三审三校; after the last one exactly this text goes out at the next allowed minute.

    `shown` is what the person confirmed at the last step: the account, and the post that is answered.
    """
    permits.demand(user, "review")
    return reviewing.take(desk, user, _reply(desk, user, message_id, version), now, override, shown)


def send_back(desk: Desk, user: User, message_id: int, version: int, reason: str, now: datetime) -> Message:
    """退回修改, with a reason."""
    permits.demand(user, "review")
    message = _reply(desk, user, message_id, version)
    publisher.outbox.check(message.state, MessageState.RETURNED)
    return desk.store.outbox.move(
        message, MessageState.RETURNED, note=_reason(reason), actor=user.name, now=now
    )


def release(
    desk: Desk, user: User, message_id: int, version: int, now: datetime, override: str = ""
) -> Message:
    """重新放行: what was only rehearsed, or refused before the account was repaired, goes out with its approved text."""
    permits.demand(user, "release")
    message = _message(desk, user, message_id, version)
    if message.state not in {MessageState.REHEARSED, MessageState.REFUSED}:
        raise IllegalMove("只有已演练或被拒绝的消息可以重新放行", message=message.key)
    if reviewing.is_public(message):
        return reviewing.release(desk, user, message, now, override)
    return desk.store.outbox.move(
        message, MessageState.APPROVED, note="重新放行", override=override, actor=user.name, now=now
    )


def schedule(desk: Desk, user: User, message_id: int, version: int, at: datetime, now: datetime) -> Message:
    """定时: the text leaves at this moment at the earliest; what was agreed to stays agreed."""
    permits.demand(user, "schedule")
    message = _reply(desk, user, message_id, version)
    if at < now:
        raise BadInput("发布时间不能早于现在")
    if at > now + FARTHEST:
        raise BadInput(f"发布时间最多排到 {FARTHEST.days} 天以后")
    note = f"定于 {local(at):%m月%d日 %H:%M} 发布"
    return desk.store.approvals.schedule(message, at, note, actor=user.name, now=now)


def settle_unknown(
    desk: Desk, user: User, message_id: int, version: int, is_out: bool, url: str, now: datetime
) -> Message:
    """A person looked at the platform: the message is out, or it is not and may be written and approved anew."""
    permits.demand(user, "settle_unknown")
    message = _message(desk, user, message_id, version)
    if message.state is not MessageState.UNKNOWN:
        raise IllegalMove("这条消息的结果已经明确", message=message.key)
    state = MessageState.SENT if is_out else MessageState.REFUSED
    publisher.outbox.check(message.state, state)
    # The platform's own name for it, if it told one; an address is none, and the next look or timeline finds it.
    receipt = Receipt(platform_id=message.platform_id, url=url, at=now) if is_out else None
    return desk.store.outbox.settle(
        message,
        state,
        receipt=receipt,
        note=f"{user.full_name}{'查看平台后确认已发出' if is_out else publisher.outbox.SEEN_NOT_OUT}",
        due_at=None,
        case_to="answered" if is_out and message.purpose == "reply" else None,
        actor=user.name,
        now=now,
    )


def posted(desk: Desk, user: User, message_id: int, version: int, url: str, now: datetime) -> Message:
    """已代发: a person posted what no program may post, and tells where it stands."""
    permits.demand(user, "settle_unknown")
    message = _message(desk, user, message_id, version)
    publisher.outbox.check(message.state, MessageState.SENT)
    if message.state is not MessageState.HANDED:
        raise IllegalMove("这条消息不由人工发布", message=message.key)
    try:
        receipt = cast(ByHand, replies.channel_of(desk, message)).posted(message, url)
    except ChannelError as problem:
        raise BadInput(str(problem.args[0])) from problem
    return desk.store.outbox.settle(
        message,
        MessageState.SENT,
        receipt=replace(receipt, at=now),
        note=f"{user.full_name}人工发布",
        due_at=None,
        case_to="answered" if message.purpose == "reply" else None,
        actor=user.name,
        now=now,
    )


def correct_label(
    desk: Desk,
    user: User,
    post_id: int,
    type_: PostType,
    kinds: tuple[str, ...],
    now: datetime,
    sentiment: Sentiment | None = None,
    urgent: bool | None = None,
) -> None:
    """A person knows better than the classifier; kept as training data. None: not asked, stays as it is."""
    permits.demand(user, "correct_label")
    desk.store.posts.correct(
        post_id, type_, kinds, actor=user.name, now=now, sentiment=sentiment, urgent=urgent
    )


def decide_suggestion(desk: Desk, user: User, suggestion_id: int, join: bool, now: datetime) -> int | None:
    """并件 or 另立: a person says whether a post belongs to the case it resembles."""
    permits.demand(user, "dispatch")
    found = next((one for one in desk.store.cases.suggestions(MANY) if one.id == suggestion_id), None)
    if found is None:
        raise NotFound("这条建议已经处理过", suggestion=suggestion_id)
    post, verdict = desk.store.posts.get(found.post_id), desk.store.posts.verdict(found.post_id)
    if verdict is None:
        raise NotFound("这条帖文还没有研判", post=found.post_id)
    apart = cases.intake.plan(post, verdict, (), likeness, now)
    joined = replace(
        apart, action=CaseAction.APPEND, case_id=found.case_id, score=found.score, reason="人工并入"
    )
    case_id = desk.store.cases.decide(found, joined if join else apart, actor=user.name, now=now)
    if join and case_id is not None:
        tighten(desk, case_id, post, now)
    return case_id


def kill_switch(desk: Desk, user: User, on: bool, now: datetime) -> None:
    """Stop or resume every account at once."""
    permits.demand(user, "kill_switch")
    desk.store.settings.put(KILL_SWITCH, "on" if on else "off", actor=user.name, now=now)


def resolve_reject(desk: Desk, user: User, reject_id: int, now: datetime) -> None:
    """Take a kept bad item off the list."""
    permits.demand(user, "replay")
    desk.store.posts.resolve_reject(reject_id, actor=user.name, now=now)


def _case(desk: Desk, user: User, case_id: int, version: int) -> Case:
    case = desk.store.cases.get(case_id)
    permits.demand_case(user, case)
    return replace(case, version=version)


def _message(desk: Desk, user: User, message_id: int, version: int) -> Message:
    message = desk.store.outbox.get(message_id)
    if message.case_id is None:
        permits.demand(user, "see_outbox")
    else:
        permits.demand_case(user, desk.store.cases.get(message.case_id))
    return replace(message, version=version)


def _reply(desk: Desk, user: User, message_id: int, version: int) -> Message:
    """A message people may write and review; a slip to a unit is a fixed text that nobody edits or stops."""
    message = _message(desk, user, message_id, version)
    if message.purpose not in PUBLIC:
        raise NotAllowed("转办和催办通知是固定文本，不能修改或撤回", message=message.key)
    return message


def _demand_for_unit(desk: Desk, user: User, action: str, case_id: int) -> None:
    """The unit's own people; for a unit without log-in the press office records what it tells."""
    unit = desk.bureau.unit(desk.store.cases.get(case_id).unit)
    if unit is not None and not unit.login and permits.may(user, "proxy"):
        return
    permits.demand(user, action)


def _move(
    desk: Desk, user: User, case_id: int, version: int, to: str, action: str, note: str, now: datetime
) -> Case:
    case = _case(desk, user, case_id, version)
    cases.lifecycle.check(case.state, to)
    return desk.store.cases.move(case, to, action=action, note=note, actor=user.name, now=now)


def _reason(text: str) -> str:
    if not text.strip():
        raise BadInput("请填写理由")
    return text.strip()


def _tidied(result: Result) -> Result:
    """The texts of a result without control characters and within bounds."""
    return replace(
        result,
        found=_tidy("查明情况", result.found),
        measure=_tidy("处理措施", result.measure),
        basis=_tidy("法律依据", result.basis),
        next_step=_tidy("后续", result.next_step),
        internal_report=_tidy("内部报告", result.internal_report),
        polluter=_tidy("污染主体", result.polluter),
    )


def _tidy(what: str, text: str) -> str:
    if len(text) > LONGEST:
        raise BadInput(f"{what}过长, 最多 {LONGEST} 字")
    return normalise(text)


def _check_result(result: Result, case: Case, now: datetime) -> None:
    """表面整改 starts with empty fields (domain 45): facts, measure and a plausible date are required."""
    problems = [
        (f"查处结论只能是{'、'.join(FINDINGS)}", result.finding not in FINDINGS),
        ("查明情况过短, 请写明查到的事实", len(result.found.strip()) < 10),
        ("处理措施过短, 请写明采取了什么措施", len(result.measure.strip()) < 4),
        ("现场检查时间晚于现在", result.visited_at > now),
        ("现场检查时间早于收件时间", local(result.visited_at).date() < local(case.learned_at).date()),
    ]
    found = [text for text, wrong in problems if wrong]
    if found:
        raise BadInput("；".join(found))
