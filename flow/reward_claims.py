"""Telling a reporter of a reward, and taking the claim: on the public page by number and code, or by telephone.

Name, identity number and account are sealed at once; nothing told here comes back to whoever may read the case.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from datetime import timedelta
from typing import Final

from flow import entering
from flow import permits
from flow import public_progress
from flow import rewards
from flow import talk_items
from flow.desk import Desk
from flow.typed import tidy
from huanyu.clock import local
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import IllegalMove
from huanyu.errors import NotFound
from huanyu.personal import checks
from huanyu.personal import is_identity
from huanyu.personal import luhn
from huanyu.store.audit import SYSTEM
from huanyu.store.public_reports import ACTOR
from huanyu.text import normalise
from huanyu.types import Claimant
from huanyu.types import PublicReport
from huanyu.types import Reward
from huanyu.types import User

WEB: Final = "网页"
PHONE: Final = "电话"
#: field of a claim -> what it is called, in the order of the form
FIELDS: Final = {
    "name": "姓名",
    "id_number": "身份证号码",
    "phone": "手机号码",
    "bank": "开户银行",
    "account": "银行卡号",
}
_HAN: Final = "㐀-鿿\U00020000-\U000323af"  # rare characters of names stand in the supplementary planes
_NAME: Final = re.compile(rf"[{_HAN}·]{{2,20}}|[A-Za-z][A-Za-z .'-]{{1,40}}")
_MOBILE: Final = re.compile(r"1[3-9][0-9]{9}")
_CARD: Final = re.compile(r"[0-9]{12,19}")
_BANK: Final = re.compile(r"[㐀-鿿A-Za-z0-9（）()·]{4,40}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What the public page says of a reward to whoever holds the code."""

    state: str  #: notified | claimed | paid | forfeited
    text: str
    fields: tuple[str, ...] = ()  #: of the form, empty where nothing can be claimed now


def notify(desk: Desk, user: User, reward_id: int, version: int, now: datetime) -> Reward:
    """通知: from now on the public page tells whoever has the code; the time to claim begins."""
    reward, case = rewards.asked(desk, user, reward_id, version, "notify")
    rewards.demand_single(desk, case, reward)
    return _told(desk, user, reward, "notified", "", now)


def renew(desk: Desk, user: User, reward_id: int, version: int, note: str, now: datetime) -> Reward:
    """There was a good reason for being late: the time begins anew."""
    reward, case = rewards.asked(desk, user, reward_id, version, "renew")
    rewards.demand_single(desk, case, reward)
    return _told(desk, user, reward, "renewed", rewards.needed(note), now)


def _told(desk: Desk, user: User, reward: Reward, action: str, note: str, now: datetime) -> Reward:
    if reward.post_id is None:
        raise IllegalMove("还没有认定最先举报的一条", reward=reward.id)
    until = _until(desk, reward, now)
    with desk.store.together():
        report = _vouched(desk, reward.post_id, user, now)
        values = {"report_number": report.number, "notified_at": now, "claim_until": until, "ended_at": None}
        told = note or f"申领截止 {until.isoformat()}"
        return rewards.move(desk, user, reward, "notified", action, told, now, values)


def code_of(desk: Desk, user: User, reward: Reward) -> str:
    """The 校验码 of a report that was told us, for the clerk to hand on; "" where the reporter has one of his own."""
    permits.demand(user, "judge_reward")
    if reward.post_id is None or not reward.report_number:
        return ""
    code = entering.code_of(desk, desk.store.posts.get(reward.post_id))
    return code if desk.store.public.find(reward.report_number, code) else ""


def notice(desk: Desk, reward: Reward) -> str:
    """The words of the notice, as the table has them."""
    table, until = desk.bureau.rewards, reward.claim_until
    told = {
        "{number}": reward.report_number,
        "{scheme}": table.name_of(reward.scheme),
        "{until}": f"{until.year}年{until.month}月{until.day}日" if until else "",
        "{page}": f"{desk.config.public_url}/progress",
        "{phone}": desk.bureau.bureau.phone,
    }
    text = table.notice
    for word, value in told.items():
        text = text.replace(word, value)
    return text


def offer(desk: Desk, number: str, code: str, now: datetime) -> Offer | None:
    """What there is to claim for the report of this number and code; None for nothing, a wrong code, or a closed matter."""
    report = public_progress.find(desk, number, code)
    reward = _of(desk, report) if report else None
    if reward is None:
        return None
    if reward.state == "notified":
        late = reward.claim_until is not None and local(now).date() > reward.claim_until
        if not late:
            return Offer(state="notified", text=notice(desk, reward), fields=asked_of(desk, reward))
        return Offer(state="forfeited", text=_TOLD["forfeited"])
    return Offer(state=reward.state, text=_TOLD[reward.state])


_TOLD: Final[Mapping[str, str]] = {
    "claimed": "领取信息已经收到，核对后支付。",
    "paid": "已经支付，请留意到账。",
    "forfeited": "申领期限已过，视为放弃；确有正当理由的，请打电话说明。",
}


def claim(desk: Desk, number: str, code: str, typed: Mapping[str, str], now: datetime) -> Reward:
    """The citizen's own claim; the same sent twice is one. Raises NotFound, BadInput or IllegalMove."""
    report = public_progress.find(desk, number, code)
    reward = _of(desk, report) if report else None
    if reward is None:
        raise NotFound("受理编号或校验码不对")
    if reward.state == "claimed":
        return reward
    claimant = read(asked_of(desk, reward), typed)
    try:
        return _take(desk, reward, claimant, WEB, ACTOR, now)
    except Conflict:  # clicked twice: the other click was taken this very moment
        found = desk.store.rewards.get(reward.id)
        if found.state != "claimed":
            raise
        return found


def take(
    desk: Desk, user: User, reward_id: int, version: int, typed: Mapping[str, str], now: datetime
) -> Reward:
    """A claim that somebody told on the telephone or in the office."""
    reward, _ = rewards.asked(desk, user, reward_id, version, "take_claim")
    return _take(desk, reward, read(asked_of(desk, reward), typed), PHONE, user.name, now)


def send_back(desk: Desk, user: User, reward_id: int, version: int, note: str, now: datetime) -> Reward:
    """What was told of the account will not do: the form opens again, what stood in it is removed."""
    reward, _ = rewards.asked(desk, user, reward_id, version, "return")
    told = rewards.needed(note, desk.store.rewards.names([reward.id]))
    until = max(_until(desk, reward, now), reward.claim_until or date.min)
    values = {"claimed_at": None, "claim_until": until}
    return rewards.move(desk, user, reward, "notified", "returned", told, now, values, forget=True)


def lapse(desk: Desk, now: datetime) -> int:
    """逾期放弃: what nobody claimed in time; returns how many."""
    gone = 0
    for one in desk.store.rewards.late(local(now).date()):
        try:
            rewards.move(desk, None, one, "forfeited", "forfeited", "", now, {"ended_at": now})
        except Conflict:  # claimed, or looked at by another process, this very moment
            continue
        gone += 1
    return gone


def asked_of(desk: Desk, reward: Reward) -> tuple[str, ...]:
    """The fields of a claim: for credit of a telephone no more than whose it is."""
    row = next((one for one in desk.bureau.rewards.scheme if one.key == reward.scheme), None)
    return ("name", "phone") if row is not None and row.pays == "phone" else tuple(FIELDS)


def read(fields: Collection[str], typed: Mapping[str, str]) -> Claimant:
    """Who claims, as typed; raises BadInput naming every field that will not do, without repeating what stands there."""
    said = dict.fromkeys(FIELDS, "")
    said |= {name: normalise(tidy(FIELDS[name], typed.get(name, ""))).strip() for name in fields}
    for name in ("id_number", "phone", "account"):
        said[name] = re.sub(r"[\s-]", "", said[name]).upper()
    wrong = [told for name, (fits, told) in _CHECKS.items() if name in fields and not fits(said[name])]
    if wrong:
        raise BadInput("；".join(wrong))
    return Claimant(**said)


def _is_resident(number: str) -> bool:
    return len(number) == 18 and is_identity(number) and checks(number)


_CHECKS: Final[Mapping[str, tuple[Callable[[str], bool], str]]] = {
    "name": (lambda text: bool(_NAME.fullmatch(text)), "姓名请按身份证填写"),
    "id_number": (_is_resident, "身份证号码不对，请核对 18 位号码"),
    "phone": (lambda text: bool(_MOBILE.fullmatch(text)), "手机号码应为 11 位"),
    "bank": (lambda text: bool(_BANK.fullmatch(text)), "请写明开户银行，例如“某某银行某某支行”"),
    "account": (lambda text: bool(_CARD.fullmatch(text)) and luhn(text), "银行卡号不对，请核对"),
}


def _take(desk: Desk, reward: Reward, claimant: Claimant, way: str, actor: str, now: datetime) -> Reward:
    if reward.state != "notified":
        raise IllegalMove("这件举报现在没有可以申领的奖励", reward=reward.id)
    if reward.claim_until is not None and local(now).date() > reward.claim_until:
        raise IllegalMove("申领期限已过", reward=reward.id)
    staff = {one.full_name for one in desk.store.people.users() if one.active}
    alike = "；与本局在册人员同名，支付前请核实" if claimant.name in staff else ""
    values = {"state": "claimed", "claimed_at": now}
    return desk.store.rewards.claim(reward, values, claimant, f"{way}{alike}", actor, now)


def _until(desk: Desk, reward: Reward, now: datetime) -> date:
    """The last day to claim; who earned a reward before its scheme stopped claims it by its last row."""
    table, today = desk.bureau.rewards, local(now).date()
    rows = [row for row in table.scheme if row.key == reward.scheme]
    row = table.scheme_on(reward.scheme, today) or (rows[-1] if rows else None)
    if row is None:
        raise BadInput("没有这种奖励办法")
    return today + timedelta(days=row.claim_days)


def _vouched(desk: Desk, post_id: int, user: User, now: datetime) -> PublicReport:
    """The number and code of the report, made now where its sender has none."""
    kept = desk.store.public.of_post(post_id)
    if kept is not None:
        return kept
    post, who = desk.store.posts.get(post_id), user.name or SYSTEM
    if (talk := talk_items.talk_of(desk, post)) is not None:  # the number and code the chat gave out already
        number, code = desk.store.talks.number(talk), desk.store.talks.code(talk)
        return desk.store.public.vouch(post_id, code, True, who, now, number=number)
    return desk.store.public.vouch(post_id, entering.code_of(desk, post), True, who, now)


def _of(desk: Desk, report: PublicReport) -> Reward | None:
    """The reward this very report may claim; who reported later learns nothing of it."""
    found = desk.store.rewards.of_post(report.post_id) if report.post_id else []
    told = [one for one in found if one.state in {"notified", "claimed", "paid", "forfeited"}]
    if not told or desk.store.cases.get(told[-1].case_id).restricted:
        return None
    return told[-1]
