"""Whether a hand-over has reached its unit: which ways were tried, and what became of each.

Pure: values in, values out. Must not know where slips are kept or who is told.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from huanyu.bureau import UnitRow
from huanyu.types import HandOverSlip
from huanyu.types import Message
from huanyu.types import MessageState

MAIL: Final = "mail"
NAME: Final[Mapping[str, str]] = MappingProxyType(
    {"mail": "邮件", "wecom": "企业微信", "dingtalk": "钉钉", "feishu": "飞书"}
)
TOLD: Final[Mapping[MessageState, str]] = MappingProxyType(
    {
        MessageState.APPROVED: "待发出",
        MessageState.SENDING: "发送中",
        MessageState.SENT: "已发出",
        MessageState.REHEARSED: "只演练，没有真正发出",
        MessageState.REFUSED: "没有发出",
        MessageState.UNKNOWN: "结果不明，待核实",
        MessageState.CANCELLED: "已取消",
    }
)
#: Not there yet, and not given up: UNKNOWN is told to a person by itself.
ON_ITS_WAY: Final = frozenset({MessageState.APPROVED, MessageState.SENDING, MessageState.UNKNOWN})
NOT_OUT: Final = frozenset({MessageState.APPROVED, MessageState.SENDING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way to a unit and what became of it."""

    name: str  #: 邮件
    told: str  #: 已发出
    arrived: bool = False
    waits: bool = False
    refused: bool = False
    message_id: int | None = None


def ways(
    unit: UnitRow, slips: Sequence[Message | HandOverSlip], staff: int, late: datetime
) -> tuple[Way, ...]:
    """Every way this unit has, with its latest slip; `staff`: people of the unit who may come in.

    A slip from before `late` that has not left yet is waited for no longer.
    """
    latest = {slip.channel: slip for slip in slips if is_for(unit, slip)}
    found = [_slip(slip, late) for slip in latest.values()]
    if unit.mail and MAIL not in latest:
        found.append(Way(name=NAME[MAIL], told="还没有发过"))
    if unit.robot and not latest.keys() - {MAIL}:
        found.append(Way(name="工作群机器人", told="还没有发过"))
    if unit.login:
        told = f"{staff} 人可登录签收" if staff else "单位还没有可登录的人员"
        found.append(Way(name="控制台", told=told, arrived=staff > 0))
    return tuple(found)


def is_for(unit: UnitRow, slip: Message | HandOverSlip) -> bool:
    """Whether this slip went to this unit."""
    by_mail = slip.channel == MAIL and bool(unit.mail) and slip.recipient == unit.mail
    return by_mail or (bool(unit.robot) and slip.account == unit.robot)


def missing(unit: UnitRow, slips: Iterable[Message | HandOverSlip]) -> tuple[str, ...]:
    """Ways the unit has and no slip has taken: "mail", "chat"."""
    mine = [slip for slip in slips if is_for(unit, slip)]
    mailed = any(slip.channel == MAIL for slip in mine)
    said = any(slip.account == unit.robot for slip in mine)
    wanted = (("mail", bool(unit.mail) and not mailed), ("chat", bool(unit.robot) and not said))
    return tuple(way for way, lacks in wanted if lacks)


def is_lost(found: Iterable[Way]) -> bool:
    """Whether no way has arrived and none still may: a person has to call."""
    return not any(way.arrived or way.waits for way in found)


def _slip(slip: Message | HandOverSlip, late: datetime) -> Way:
    told = TOLD.get(slip.state, str(slip.state))
    stuck = slip.state in NOT_OUT and slip.created_at < late
    if stuck:
        told = f"迟迟没有发出{f'：{slip.note}' if slip.note else ''}"
    if slip.state is MessageState.REFUSED and slip.note:
        told = f"{told}：{slip.note}"
    return Way(
        name=NAME.get(slip.channel, slip.channel),
        told=told,
        arrived=slip.state is MessageState.SENT,
        waits=slip.state in ON_ITS_WAY and not stuck,
        refused=slip.state is MessageState.REFUSED,
        message_id=slip.id,
    )
