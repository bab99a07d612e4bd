"""Rewards: their life as one table, who was first, who may claim and how much. Values in, values out.

Every answer comes with its reasons, as a person reads them; docs/rewards.md is printed from here.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from types import MappingProxyType
from typing import Final

from cases.arrows import page
from huanyu.clock import local
from huanyu.errors import BadInput
from huanyu.errors import IllegalMove
from huanyu.kinds import covers
from huanyu.money import yuan
from huanyu.reward_rows import EntitledRow
from huanyu.reward_rows import RewardTable
from huanyu.reward_rows import SchemeRow
from huanyu.reward_rows import TierRow
from huanyu.types import Event
from huanyu.types import ReportKnown

START: Final = "pending"
LABEL: Final[Mapping[str, str]] = MappingProxyType(
    {
        "pending": "待认定",
        "proposed": "待审批",
        "approved": "待通知",
        "notified": "待领取",
        "claimed": "待支付",
        "paid": "已支付",
        "refused": "不予奖励",
        "forfeited": "逾期放弃",
        "revoked": "已撤销",
    }
)
ENDS: Final = frozenset({"paid", "refused", "forfeited", "revoked"})
#: Of these nobody gets anything.
NONE: Final = frozenset({"refused", "revoked"})
#: Once the reporter was told.
TOLD: Final = frozenset({"notified", "claimed", "paid", "forfeited"})

NATIONAL: Final = "关于实施生态环境违法行为举报奖励制度的指导意见（2020）"
SHANDONG: Final = "山东省生态环境违法行为举报奖励规定（鲁环发〔2023〕19号）"
HOUSE: Final = "本局工作规定（待核实）"
CONFIDENTIAL: Final = "环境保护法第五十七条：对举报人的相关信息予以保密"

#: state -> {next state: the rule that allows the arrow}
ALLOWED: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "pending": {
            "proposed": f"{SHANDONG}：经查证属实的，认定并提出金额",
            "refused": f"{NATIONAL}：不符合条件的不予奖励，写明理由",
        },
        "proposed": {
            "approved": f"{HOUSE}：由认定人以外的负责人审批",
            "pending": f"{HOUSE}：审批不同意的，退回重新认定",
        },
        "approved": {
            "notified": f"{SHANDONG}：通知举报人领取",
            "revoked": f"{HOUSE}：认定有误的撤销",
        },
        "notified": {
            "claimed": f"{SHANDONG}：举报人凭身份信息领取；{CONFIDENTIAL}",
            "forfeited": f"{SHANDONG}：无正当理由逾期未领取的，视为放弃",
            "revoked": f"{HOUSE}：认定有误的撤销",
        },
        "claimed": {
            "paid": f"{SHANDONG}：核对后发放，可以电子支付",
            "notified": f"{HOUSE}：领取信息有误的，退回补正",
            "revoked": f"{NATIONAL}：弄虚作假骗取奖励的撤销",
        },
        "paid": {},
        "refused": {"pending": f"{HOUSE}：举报人有异议的，重新认定"},
        "forfeited": {"notified": f"{HOUSE}：有正当理由的，准予再领一次"},
        "revoked": {"pending": f"{HOUSE}：更正后重新认定"},
    }
)
#: The public has its answer, or nobody owes anything: what is reported afterwards is a new matter.
_OVER: Final = frozenset({"closed", "refused", "transferred", "answered", "visited"})
#: What is done to a reward, as its history calls it.
STEPS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "opened": "列入",
        "proposed": "认定",
        "refused": "不予奖励",
        "approved": "审批同意",
        "sent_back": "审批退回",
        "notified": "通知",
        "claimed": "申领",
        "returned": "退回补正",
        "read": "查看领取信息",
        "listed": "导出支付清单",
        "paid": "支付",
        "forfeited": "逾期放弃",
        "renewed": "准予再领",
        "revoked": "撤销",
        "reopened": "重新认定",
    }
)


@dataclass(frozen=True, slots=True)
class Ground:
    """One thing that was asked, and how it stands."""

    holds: bool
    told: str  #: Chinese


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a case, for the question whether its reporter is rewarded."""

    type: str
    kinds: tuple[str, ...]
    finding: str  #: "" = nothing was found out yet, or it is not reviewed
    measures: tuple[str, ...]
    fine_cents: int | None
    restricted: bool
    reports: tuple[ReportKnown, ...]
    known_since: datetime | None = None  #: when the bureau knew of the facts without a report
    rewarded: str = ""  #: number of a reward for the same facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What follows for one scheme, with every reason."""

    scheme: SchemeRow
    grounds: tuple[Ground, ...]
    first: ReportKnown | None
    channel: str  #: name of the row that entitles, "" for none
    tier: TierRow | None

    @property
    def eligible(self) -> bool:
        return all(one.holds for one in self.grounds)

    @property
    def why_not(self) -> tuple[str, ...]:
        return tuple(one.told for one in self.grounds if not one.holds)


def check(state: str, to: str) -> None:
    """Let a reward go from `state` to `to`, or raise IllegalMove in words for the person who tried."""
    if to not in ALLOWED.get(state, {}):
        here, there = LABEL.get(state, state), LABEL.get(to, to)
        raise IllegalMove(f"这一件奖励处于“{here}”，不能改为“{there}”", state=state, to=to)


def first(reports: Sequence[ReportKnown]) -> ReportKnown | None:
    """The report that came first by the earliest known moment; of two of one moment the one with the smaller number."""
    return min(reports, key=lambda one: (one.at, one.post_id), default=None)


@dataclass(frozen=True, slots=True)
class Turn:
    """The end of one round and the beginning of the next."""

    over: datetime  #: the public had its answer, or nobody owed anything any more
    again: datetime


def turns(events: Sequence[Event]) -> tuple[Turn, ...]:
    """The turns of a case from round to round, in their order."""
    found: list[Turn] = []
    over: datetime | None = None
    for event in events:
        if event.state in _OVER:
            over = over or event.at
        elif event.state != "joined":  # a case leaves the one it was joined into as it was
            if over is not None and event.state != "interim":
                found.append(Turn(over, event.at))
            over = None
    return tuple(found)


def of_round(
    reports: Sequence[ReportKnown], turned: Sequence[Turn], round_: int, rewarded: Collection[int] = ()
) -> tuple[ReportKnown, ...]:
    """The reports a round is about. One that nobody's new report began goes on with the matter of the round before.

    `rewarded`: rounds whose reporters have their reward; they get no second one for the same facts.
    """
    until = turned[round_ - 1].over if len(turned) >= round_ else None
    since = None
    for number in range(min(round_ - 1, len(turned)), 0, -1):
        turn = turned[number - 1]
        if number in rewarded or any(turn.over < one.at <= turn.again for one in reports):
            since = turn.over
            break
    return tuple(
        one for one in reports if (since is None or one.at > since) and (until is None or one.at <= until)
    )


def same_person(reports: Sequence[ReportKnown], one: ReportKnown) -> tuple[ReportKnown, ...]:
    """All reports of whoever made this one, in the order they came; only itself where nobody knows who that is."""
    mine = (each for each in reports if each is one or (one.who and each.who == one.who))
    return tuple(sorted(mine, key=lambda each: (each.at, each.post_id)))


def copies(reports: Sequence[ReportKnown], one: ReportKnown) -> int:
    """How many later reports of others say the same in the same words."""
    alike = (each for each in reports if one.words and each.words == one.words)
    return sum(each is not one and not (one.who and each.who == one.who) for each in alike)


def judge(table: RewardTable, scheme: SchemeRow, facts: Facts, day: date) -> Judgement:
    """Whether the first reporter of these facts is rewarded under a scheme, and every reason for it.

    `day`: whose rows count, that of the first report: what is changed later is for what comes later.
    """
    earliest = first(facts.reports)
    mine = same_person(facts.reports, earliest) if earliest else ()
    fits = [(one, row) for one in mine for row in _entitling(table, scheme, one)]
    by, row = fits[0] if fits else (earliest, None)
    chosen = tier(table.tiers_on(scheme.key, day), facts)
    grounds = (
        _finding(scheme, facts),
        Ground(facts.type not in table.duty_types, "不是职务、交办来件" if facts.type not in table.duty_types
               else "属于职务行为或上级交办，不奖励"),
        Ground(not facts.restricted, "不是反映工作人员问题的件" if not facts.restricted
               else "反映工作人员问题的件不适用"),
        _first(facts, earliest),
        _channel(scheme, earliest, row),
        Ground(any(one.reachable for one in mine), "能联系到举报人" if any(one.reachable for one in mine)
               else "匿名且没有联系方式或校验码"),
        Ground(not facts.rewarded, f"同一事实已有奖励 {facts.rewarded}" if facts.rewarded else "同一事实没有奖励过"),
        Ground(chosen is not None, f"适用“{chosen.name}”一档" if chosen else "没有适用的档次"),
    )  # fmt: skip
    return Judgement(scheme=scheme, grounds=grounds, first=by, channel=row.name if row else "", tier=chosen)


def tier(rows: Sequence[TierRow], facts: Facts) -> TierRow | None:
    """The tier that pays most of those whose every condition holds, the first in the table of equals; None for none."""
    fits = [row for row in rows if _fits(row, facts)]
    return max(fits, key=lambda row: row.most_yuan, default=None)


def demand_amount(row: TierRow, scheme: SchemeRow, cents: int | None) -> int:
    """An amount that lies within the tier and the scheme; raises BadInput saying the bounds."""
    most = min(row.most_yuan, scheme.most_yuan)
    if cents is None or not row.least_yuan * 100 <= cents <= most * 100:
        bounds = f"{row.least_yuan:,} 元" if row.least_yuan == most else f"{row.least_yuan:,} 到 {most:,} 元"
        raise BadInput(f"“{row.name}”一档的金额为 {bounds}")
    return cents


def demand_second(person: str, others: Collection[str]) -> None:
    """Raise IllegalMove where the same person did the step before: four eyes."""
    if person in others:
        raise IllegalMove("认定、审批、支付须由不同的人办理", person=person)


def masked_amount(cents: int) -> str:
    """An amount with its unit."""
    return f"{yuan(cents)} 元"


def _finding(scheme: SchemeRow, facts: Facts) -> Ground:
    if not facts.finding:
        return Ground(False, "还没有查处结果")
    holds = facts.finding in scheme.findings
    return Ground(holds, f"查处结果为“{facts.finding}”" + ("" if holds else "，不在奖励范围"))


def _first(facts: Facts, one: ReportKnown | None) -> Ground:
    if one is None:
        return Ground(False, "没有举报")
    when = f"{local(one.at):%Y-%m-%d %H:%M}"
    if facts.known_since is not None and facts.known_since <= one.at:
        return Ground(False, f"{local(facts.known_since):%Y-%m-%d %H:%M} 已由本局掌握，早于 {when} 的举报")
    others, alike = len(facts.reports) - 1, copies(facts.reports, one)
    told = f"最先举报：{when}"
    if others:
        told += f"，另有 {others} 条在后" + (f"（{alike} 条文字相同）" if alike else "")
    return Ground(True, told)


def _entitling(table: RewardTable, scheme: SchemeRow, one: ReportKnown) -> list[EntitledRow]:
    """The rows that entitle a report by the day it came."""
    day = local(one.at).date()
    rows = table.entitled_to(scheme.key)
    return [row for row in rows if row.valid_on(day) and one.names.intersection(row.channels)]


def _channel(scheme: SchemeRow, one: ReportKnown | None, row: EntitledRow | None) -> Ground:
    if row is not None:
        return Ground(True, f"渠道“{row.name}”可以申领{scheme.name}")
    day = f"（{local(one.at):%Y-%m-%d}）" if one else ""
    return Ground(False, f"收到之日{day}，该渠道不在{scheme.name}的范围")


def _fits(row: TierRow, facts: Facts) -> bool:
    fine = facts.fine_cents or 0
    return (
        (not row.kinds or any(covers(row_kind, kind) for row_kind in row.kinds for kind in facts.kinds))
        and (not row.measures or not set(row.measures).isdisjoint(facts.measures))
        and (row.fine_from is None or fine >= row.fine_from * 100)
        and (row.fine_below is None or fine < row.fine_below * 100)
    )


def document() -> str:
    """docs/rewards.md: the diagram and every arrow with its source."""
    return page("举报奖励的状态", "python -m cases.rewards > docs/rewards.md", LABEL, START, ALLOWED, ENDS)


if __name__ == "__main__":
    print(document(), end="")
