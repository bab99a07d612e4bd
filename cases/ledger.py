"""The life of a line of the ledger (整改台账) as one table: from 未整改 to 销号, with the rule of each arrow.

Beside it the cards by its limit and the lots of a 抽查. Values in, values out; docs/ledger.md is printed from here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from collections.abc import Mapping
from datetime import date
from datetime import datetime
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from cases.arrows import page
from huanyu.errors import IllegalMove

START: Final = "pending"
END: Final = "cancelled"
LABEL: Final[Mapping[str, str]] = MappingProxyType(
    {
        "pending": "未整改",
        "working": "整改中",
        "checked": "已自验",
        "reviewed": "已复核",
        "drawn": "抽查中",
        "sampled": "待公示",
        "noticed": "公示中",
        "signing": "待签字",
        "cancelled": "已销号",
    }
)

LEDGER = "问题整改台账：实行销号管理"
INSPECTION = "督察整改方案：经自验、复核的问题进行抽查，未达到要求的责成责任单位进一步整改"
LEADING = "督察整改方案：由牵头单位组织验收审核，形成销号验收报告"
ON_SPOT = "督察整改方案：由市直主管部门组织现场核查，出具复核意见"
PUBLIC = "销号流程：验收后公示，公示反馈再销号；“谁验收、谁负责”"
SIGNED = "督察整改销号制度：党政主要负责人审核签字"
KEPT = "线索实行拉条挂帐：不删除，只销号；反弹的重新挂账"

#: state -> {next state: the rule that allows the arrow}
ALLOWED: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "pending": {"working": LEDGER},
        "working": {"checked": f"{LEADING}（自验）"},
        "checked": {"reviewed": ON_SPOT, "working": f"{ON_SPOT}；不同意的退回整改"},
        "reviewed": {
            "drawn": f"{INSPECTION}（抽中）",
            "sampled": f"{INSPECTION}（未抽中）",
            "working": f"{INSPECTION}；抽查前发现问题的退回",
        },
        "drawn": {"sampled": f"{INSPECTION}（抽查合格）", "working": INSPECTION},
        "sampled": {"noticed": PUBLIC, "working": f"{PUBLIC}；公示前发现问题的退回"},
        "noticed": {"signing": f"{PUBLIC}（期满无异议）", "working": f"{PUBLIC}；异议成立的退回整改"},
        "signing": {"cancelled": SIGNED, "working": f"{SIGNED}；签字人不同意的退回整改"},
        "cancelled": {"working": KEPT},
    }
)
#: States in which the work is done and looked at by others: the unit owes nothing now.
LOOKED_AT: Final = frozenset({"checked", "reviewed", "drawn", "sampled", "noticed", "signing"})
#: What a line must say before it stands in the ledger, and how it is called there.
MUST: Final[Mapping[str, str]] = MappingProxyType(
    {"unit": "责任单位", "person": "责任人", "due": "整改时限", "goal": "整改目标", "measures": "整改措施"}
)
#: What is done to a line, as its history calls it.
STEPS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "entered": "挂账",
        "amended": "修改",
        "told": "进展",
        "checked": "自验",
        "reviewed": "复核",
        "drawn": "抽查抽取",
        "sampled": "抽查合格",
        "notice_written": "拟定公示",
        "noticed": "公示",
        "notice_ended": "公示期满",
        "signed": "签字",
        "cancelled": "销号",
        "sent_back": "退回整改",
        "relapsed": "重新挂账",
        "listed": "挂牌督办",
        "unlisted": "摘牌",
        "charged": "包案",
        "uncharged": "解除包案",
        "visited": "包案领导到场",
    }
)
CARDS: Final[Mapping[str, str]] = MappingProxyType({"yellow": "黄牌", "red": "红牌"})


def check(state: str, to: str) -> None:
    """Let a line go from `state` to `to`, or raise IllegalMove in words for the person who tried."""
    if to not in ALLOWED.get(state, {}):
        here, there = LABEL.get(state, state), LABEL.get(to, to)
        raise IllegalMove(f"这一条处于“{here}”，不能改为“{there}”", state=state, to=to)


def card(state: str, due: date, done: date | None, today: date, yellow_days: int) -> str:
    """红牌 for what was, or is, not done in time, 黄牌 shortly before; "" for neither. `done`: 自验 of this round."""
    if state == END:
        return ""
    if (done or today) > due:
        return "red"
    if done is None and today + timedelta(days=yellow_days) >= due:
        return "yellow"
    return ""


def silent(state: str, told_at: datetime, now: datetime, days: int) -> bool:
    """Whether the unit should have told how it goes: work under way, and nothing heard for `days`."""
    return state not in LOOKED_AT and state != END and now - told_at > timedelta(days=days)


def draw(numbers: Iterable[str], seed: str, percent: int, least: int) -> tuple[str, ...]:
    """The lots of a 抽查: the numbers whose SHA-256 of "seed:number" is smallest, rounded up, in the order drawn.

    The same seed and the same numbers give the same lots on any machine, in any order of the numbers.
    """
    pool = sorted(set(numbers))
    many = min(len(pool), max(least, -(-len(pool) * percent // 100)))
    return tuple(sorted(pool, key=lambda number: _lot(seed, number))[:many])


def _lot(seed: str, number: str) -> str:
    return hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()


def unsigned(offices: Iterable[str], signed: Mapping[str, str]) -> tuple[str, ...]:
    """The offices whose signature is still missing, in their order; `signed`: office -> name."""
    return tuple(office for office in offices if office not in signed)


def document() -> str:
    """docs/ledger.md: the diagram and every arrow with its source."""
    return page("台账状态", "python -m cases.ledger > docs/ledger.md", LABEL, START, ALLOWED, {END})


if __name__ == "__main__":
    print(document(), end="")
