"""What a decision in the inbox does: each act is one function of the flow, the same that the record's own page calls."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from console.labels import fitting
from flow import grading
from flow import life
from flow import limits
from flow import matters
from flow import outgoing
from flow import permits
from flow import rerouting
from flow import resting
from flow import revisiting
from flow import sampling
from flow import teaching
from flow.desk import Desk
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import NotFound
from huanyu.store import Label
from huanyu.types import PostType
from huanyu.types import User
from publisher.review import Shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What was sent with the act."""

    act: str
    version: int = 0
    value: str = ""  #: a unit, a level, a type, a proposal
    reason: str = ""
    override: str = ""
    account: str = ""
    parent: str = ""
    kinds: tuple[str, ...] = ()


Act = Callable[[Desk, User, int, Given, datetime], None]


def _judge(desk: Desk, user: User, post_id: int, given: Given, now: datetime) -> None:
    permits.demand(user, "correct_label")
    verdict = desk.store.posts.verdict(post_id)
    if verdict is None:
        raise NotFound("这条帖文还没有研判", post=post_id)
    if not verdict.unsure:
        raise Conflict("这条帖文已有人判定", post=post_id)
    type_, kinds = teaching.judged(verdict, given.act == "yes")
    if given.act == "type":
        type_ = _type(given.value)
        kinds = fitting(type_, verdict.kinds)
    elif given.kinds and given.act == "yes":
        kinds = fitting(type_, given.kinds)
    teaching.correct_label(desk, user, post_id, type_, kinds, now)


def _type(value: str) -> PostType:
    try:
        return PostType(value)
    except ValueError as problem:
        raise BadInput("没有这个类型", type=value) from problem


def _take_back(desk: Desk, user: User, post_id: int, _given: Given, now: datetime) -> None:
    teaching.take_back(desk, user, post_id, now)


def _sample(desk: Desk, user: User, sample_id: int, given: Given, now: datetime) -> None:
    label = (
        Label(PostType.COMPLAINT, fitting(PostType.COMPLAINT, given.kinds)) if given.act == "yes" else None
    )
    sampling.judge(desk, user, sample_id, label, now)


def _suggestion(desk: Desk, user: User, suggestion_id: int, given: Given, now: datetime) -> None:
    matters.decide_suggestion(desk, user, suggestion_id, given.act == "yes", now)


def _dispatch(desk: Desk, user: User, case_id: int, given: Given, now: datetime) -> None:
    if not given.value:
        raise BadInput("请选择承办单位")
    life.dispatch(desk, user, case_id, given.version, given.value, now)


def _level(desk: Desk, user: User, case_id: int, given: Given, now: datetime) -> None:
    grading.confirm_level(desk, user, case_id, given.version, given.value, given.reason, now)


def _proposal(given: Given) -> int:
    if not (given.value.isascii() and given.value.isdecimal()) or len(given.value) > 10:
        raise BadInput("改派建议已变化，请重新打开这一件")
    return int(given.value)


def _route(desk: Desk, user: User, case_id: int, given: Given, now: datetime) -> None:
    if given.act == "yes":
        rerouting.accept(desk, user, case_id, given.version, _proposal(given), now)
    else:
        rerouting.refuse(desk, user, case_id, given.version, _proposal(given), given.reason, now)


def _sign(desk: Desk, user: User, case_id: int, given: Given, now: datetime) -> None:
    if given.act == "yes":
        life.sign(desk, user, case_id, given.version, now)
    else:
        life.send_away(desk, user, case_id, given.version, given.reason, now)


def _result(desk: Desk, user: User, case_id: int, given: Given, now: datetime) -> None:
    if given.act == "yes":
        revisiting.accept_result(desk, user, case_id, given.version, now)
    else:
        life.send_to_unit(desk, user, case_id, given.version, given.reason, now)


def _extension(desk: Desk, user: User, extension_id: int, given: Given, now: datetime) -> None:
    limits.decide(desk, user, extension_id, given.act == "yes", given.reason, now)


def _pause(desk: Desk, user: User, case_id: int, given: Given, now: datetime) -> None:
    if given.act == "yes":
        resting.pause(desk, user, case_id, given.version, given.reason, now)
    else:
        resting.refuse_pause(desk, user, case_id, given.version, given.reason, now)


def _draft(desk: Desk, user: User, message_id: int, given: Given, now: datetime) -> None:
    if given.act == "yes":
        shown = Shown(given.account, given.parent) if given.account or given.parent else None
        outgoing.approve(desk, user, message_id, given.version, now, override=given.override, shown=shown)
    else:
        outgoing.send_back(desk, user, message_id, given.version, given.reason, now)


#: (sort, act) -> what it does, and how it is told afterwards.
ACTS: Mapping[tuple[str, str], tuple[Act, str]] = MappingProxyType(
    {
        ("unsure", "yes"): (_judge, "已判为投诉"),
        ("unsure", "no"): (_judge, "已判为不是投诉"),
        ("unsure", "type"): (_judge, "已判定类型"),
        ("unsure", "undo"): (_take_back, "已撤回判定"),
        ("sample", "yes"): (_sample, "抽查：已判为投诉"),
        ("sample", "no"): (_sample, "抽查：已判为不是投诉"),
        ("suggestion", "yes"): (_suggestion, "已并入"),
        ("suggestion", "no"): (_suggestion, "已另立新件"),
        ("dispatch", "yes"): (_dispatch, "已派单"),
        ("level", "yes"): (_level, "等级已定"),
        ("route", "yes"): (_route, "已改派"),
        ("route", "no"): (_route, "已定为不改派"),
        ("sign", "yes"): (_sign, "已签收"),
        ("sign", "no"): (_sign, "已退单"),
        ("result", "yes"): (_result, "反馈已审核通过"),
        ("result", "no"): (_result, "反馈已退回补充"),
        ("extension", "yes"): (_extension, "延期已批准，请告知反映人"),
        ("extension", "no"): (_extension, "延期未批准"),
        ("pause", "yes"): (_pause, "已暂停计时"),
        ("pause", "no"): (_pause, "未同意暂停，继续计时"),
        ("draft", "yes"): (_draft, "这一步已审核通过"),
        ("draft", "no"): (_draft, "稿件已退回修改"),
    }
)


def do(desk: Desk, user: User, sort: str, item: int, given: Given, now: datetime) -> None:
    """Carry out one act; raises what the flow raises, NotFound for an act there is none of."""
    found = ACTS.get((sort, given.act))
    if found is None:
        raise NotFound("没有这个操作", sort=sort, act=given.act)
    found[0](desk, user, item, given, now)


def told(done: str) -> tuple[str, str, int]:
    """What `done` (sort-id.act) says was done: a sentence, the sort and the number; ("", "", 0) where it says nothing."""
    key, _, act = done.partition(".")
    sort, _, number = key.partition("-")
    if (sort, act) not in ACTS or not (number.isascii() and number.isdecimal()) or len(number) > 10:
        return "", "", 0
    return ACTS[sort, act][1], sort, int(number)
