"""Paying rewards: who is to be paid, for whoever pays alone, each look a line; what was paid, once."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from datetime import date
from datetime import datetime
from typing import Final

import cases.rewards
from flow import permits
from flow import rewards
from flow.desk import Desk
from flow.typed import tidy
from huanyu.cells import Cell
from huanyu.cells import workbook
from huanyu.clock import local
from huanyu.errors import BadInput
from huanyu.errors import NotFound
from huanyu.redact import mask
from huanyu.store.unsealing import Lost
from huanyu.types import Claimant
from huanyu.types import Payment
from huanyu.types import Reward
from huanyu.types import User

SHORTEST, LONGEST = 4, 200  # characters of a reason
HEAD: Final = (
    "序号",
    "奖励编号",
    "种类",
    "姓名",
    "身份证号码",
    "手机号码",
    "开户银行",
    "银行卡号",
    "金额（元）",
)


def look(desk: Desk, user: User, reward_id: int, version: int, reason: str, now: datetime) -> Claimant:
    """Who is to be paid, once a reason is given; the look stands in the history."""
    reward, _ = rewards.asked(desk, user, reward_id, version, "read")
    told = _reason(desk, [reward], reason)
    found = desk.store.rewards.claimants([reward], "read", told, user.name, now)
    if reward.id not in found:
        raise NotFound("领取信息已不再保存", reward=reward.id)
    who = found[reward.id]
    if isinstance(who, Lost):
        raise BadInput(who.told)
    return who


def sheet(desk: Desk, user: User, reason: str, now: datetime) -> tuple[str, bytes]:
    """Everybody who waits for money, as a workbook; raises BadInput where nobody does."""
    permits.demand_to_write(user, "pay_reward")
    lines = [one.reward for one in rewards.listing(desk, user, "claimed") if _mine(user, one.reward)]
    if not lines:
        raise BadInput("没有待支付的奖励")
    lines = sorted(lines, key=lambda one: one.id)
    told = _reason(desk, lines, reason)
    people = desk.store.rewards.claimants(lines, "listed", told, user.name, now)
    day = local(now).date().isoformat()
    return f"奖励支付清单 {day}.xlsx", workbook({"支付清单": rows(desk, lines, people)})


def rows(
    desk: Desk, lines: Sequence[Reward], people: Mapping[int, Claimant | Lost]
) -> list[tuple[Cell, ...]]:
    """The list with its total, in the order given; one whose claimant is kept no more is left out.

    Where a claim cannot be opened the line says so and is not in the total: nobody can be paid by it.
    """
    found: list[tuple[Cell, ...]] = [HEAD]
    known = [one for one in lines if one.id in people]
    for at, one in enumerate(known, start=1):
        name = desk.bureau.rewards.name_of(one.scheme)
        found.append((at, one.number, name, *_cells(people[one.id]), one.amount_cents / 100))
    payable = [one for one in known if not isinstance(people[one.id], Lost)]
    total = sum(one.amount_cents for one in payable) / 100
    return [*found, ("合计", f"{len(payable)} 件", *("",) * 6, total)]


def _cells(who: Claimant | Lost) -> tuple[Cell, ...]:
    if isinstance(who, Lost):
        return who.told, "", "", "", ""
    return who.name, who.id_number, who.phone, who.bank, who.account


def pay(
    desk: Desk, user: User, reward_id: int, version: int, paid_on: date, voucher: str, now: datetime
) -> Reward:
    """已支付: the day and the voucher; told twice it is one payment."""
    permits.demand_to_write(user, "pay_reward")
    number = tidy("凭证号", voucher).strip()
    if not number or len(number) > 60:
        raise BadInput("请填写凭证号")
    if paid_on > local(now).date():
        raise BadInput("支付日期不能晚于今天")
    reward = desk.store.rewards.get(reward_id)
    payment = Payment(
        reward_id=reward_id,
        amount_cents=reward.amount_cents,
        paid_on=paid_on,
        voucher=number,
        actor=user.name,
        at=now,
    )
    if reward.state != "paid":
        reward, case = rewards.asked(desk, user, reward_id, version, "pay")
        rewards.demand_single(desk, case, reward)
        if reward.approved_at is not None and paid_on < local(reward.approved_at).date():
            raise BadInput("支付日期不能早于审批之日")
        cases.rewards.check(reward.state, "paid")
        cases.rewards.demand_second(user.name, (reward.proposed_by, reward.approved_by))
    note = f"{cases.rewards.masked_amount(reward.amount_cents)}，凭证 {number}"
    values = {"state": "paid", "ended_at": now}
    return desk.store.rewards.pay(reward, values, payment, note, user.name, now)


def _mine(user: User, reward: Reward) -> bool:
    return user.name not in {reward.proposed_by, reward.approved_by}


def _reason(desk: Desk, lines: Sequence[Reward], text: str) -> str:
    """As it may stand in the history, which more people read than may know who claims."""
    told = tidy("理由", text).strip()
    if not SHORTEST <= len(told) <= LONGEST:
        raise BadInput(f"请写明理由，{SHORTEST} 到 {LONGEST} 字；每次查看都留有记录")
    return mask(told, names=desk.store.rewards.names([one.id for one in lines]))
