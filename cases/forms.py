"""The slips of the case work as texts for mail: 转办单 and 催办单.

A slip carries the matter, never the reporter: no name, no account, no link to the post (信访工作条例 30).
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from cases.clocks import YELLOW
from huanyu.bureau import BureauRow
from huanyu.bureau import UnitRow
from huanyu.clock import local
from huanyu.kinds import label
from huanyu.redact import mask
from huanyu.text import shorten
from huanyu.types import Case
from huanyu.types import Clock
from huanyu.types import Draft
from huanyu.types import Route
from huanyu.types import SourceKind

ACCOUNT: Final = "mail"  #: key in accounts.toml
QUOTE: Final = 300  # characters of the citizen's text; the whole stands in the console
#: Stands for the one-time link of a unit without log-in, which is drawn when the slip leaves and kept nowhere.
ONE_TIME: Final = "〔一次性链接，发出时写入〕"

SOURCE_LABEL: Final[Mapping[str, str]] = MappingProxyType(
    {
        SourceKind.WEIBO: "微博",
        SourceKind.WECHAT: "微信",
        SourceKind.FORUM: "网络论坛",
        SourceKind.NEWS: "新闻媒体",
        SourceKind.PLATFORM: "舆情监测平台",
        SourceKind.HOTLINE: "热线工单",
        SourceKind.LETTER: "来信",
        SourceKind.REPORT: "群众举报",
    }
)
TAKEN_IN: Final = "accept"  #: handing over is taking in: the unit owes nothing of it
CARD_LABEL: Final[Mapping[str, str]] = MappingProxyType(
    {
        "yellow": "黄牌提醒",
        "red": "红牌催办",
        "up1": "逾期上报（一级）",
        "up2": "逾期上报（二级）",
        "up3": "逾期上报（三级）",
        "again": "逾期续催",
    }
)
CLOCK_LABEL: Final[Mapping[str, str]] = MappingProxyType(
    {
        "first_response": "首次回应",
        "press": "新闻发布",
        "handling": "办结反馈",
        "sign": "签收",
        "accept": "受理",
        "inform": "受理告知",
        "check": "阶段性办结后的核查",
        "arrive": "到场",
        "opinion": "协办意见",
        "rectify": "整改复查",
        "revisit": "回访",
        "reexamine": "信访复查",
        "reverify": "信访复核",
    }
)
#: What is asked of whoever owes the limit, where that is not to go on with the work.
DEMANDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "opinion": "请向承办单位提出协办意见。",
        "rectify": "请到现场复查整改情况并登记；没有完成的，写明原因和新的整改期限。",
        "revisit": "请回访反映人并登记；无法回访的，写明原因后办结。",
        "reexamine": "请在期限内作出复查意见，书面答复反映人并登记。",
        "reverify": "请在期限内作出复核意见，书面答复反映人并登记。",
    }
)
#: Limits that are the office's own, whatever unit has the case.
OF_OFFICE: Final = frozenset({"revisit", "reexamine", "reverify"})


@dataclass(frozen=True, slots=True)
class Reminder:
    """A card: the line for the case's history and, where the unit has a mailbox, the letter."""

    note: str
    draft: Draft | None


def notice(
    case: Case,
    unit: UnitRow,
    found: Route,
    clocks: Iterable[Clock],
    bureau: BureauRow,
    console_url: str,
    now: datetime,
    objection: Clock | None = None,
) -> Draft | None:
    """The 转办单 for the unit that is to handle a case; None when the unit has no mailbox."""
    parts = [
        f"{unit.name}：",
        "",
        "现将下列事项转你单位办理。",
        "",
        *_matter(case, unit, found, now),
        "",
        "时限：",
        *[f"  {line}" for line in limits(one for one in clocks if one.name != TAKEN_IN)],
        _objection(objection),
        "",
        *_demands(),
        "",
        _signing(unit, case, console_url, bureau),
        "",
        *_signature(bureau, now),
    ]
    return _mail(case, unit, f"【转办单】{case.number} {case.title}", parts, console_url)


def assist_notice(
    case: Case,
    unit: UnitRow,
    found: Route,
    bureau: BureauRow,
    console_url: str,
    now: datetime,
    until: Clock | None = None,
    asked: str = "",
) -> Draft | None:
    """The 协办 slip for a unit that assists; None when it has no mailbox.

    `until`: when its opinion is due; `asked`: what exactly it is to help with.
    """
    parts = [
        f"{unit.name}：",
        "",
        "下列事项请你单位协助办理，并向承办单位提出意见。",
        "",
        *_matter(case, unit, found, now, role="协办单位"),
        *([f"请协办：{mask(asked, names=_reporter(case))}"] if asked else []),
        *([f"时限：{CLOCK_LABEL[until.name]} {_when(until)}（{until.why}）"] if until else []),
        "",
        *_demands(),
        "",
        _signing(unit, case, console_url, bureau, what="签收和填写协办意见"),
        "",
        *_signature(bureau, now),
    ]
    return _mail(case, unit, f"【协办单】{case.number} {case.title}", parts, console_url)


def chat_notice(case: Case, unit: UnitRow, channel: str, console_url: str) -> Draft:
    """The line for the robot of a unit's group: number and link, nothing of the matter."""
    where = link(case, console_url) if unit.login else ONE_TIME
    return Draft(
        channel=channel,
        account=unit.robot,
        purpose="notice",
        text=f"第{case.number}号转办单，请签收：{where}",
        case_id=case.id,
    )


def reminder(
    case: Case,
    unit: UnitRow | None,
    clock: Clock,
    stage: str,
    bureau: BureauRow,
    console_url: str,
    now: datetime,
    handled_by: UnitRow | None = None,
    duty: str = "",
) -> Reminder:
    """A card for one limit of a case: to its unit, or to whoever sees to it that `handled_by` does it.

    `duty` names who is on duty there.
    """
    what, note = CLOCK_LABEL.get(clock.name, clock.name), card_note(clock, stage)
    if unit is None:
        return Reminder(note, None)
    own = (handled_by is None and bool(case.unit)) or clock.name in OF_OFFICE
    role = "协办单位" if clock.owed_by else "承办单位"
    parts = [
        f"{unit.name}：",
        *([f"值班人员：{duty}"] if duty else []),
        "",
        f"{case.number}《{case.title}》的{what}时限为{_when(clock)}，{_tail(stage)}。",
        f"依据：{clock.why}",
        _demand_of(stage, clock)
        if own
        else f"{role}：{handled_by.name if handled_by else '尚未派单'}。请督促办理。",
        "",
        _signing(unit, case, console_url, bureau, what=_what_to_do(clock))
        if own
        else _look(unit, case, console_url, bureau),
        "",
        *_signature(bureau, now),
    ]
    title = f"【{CARD_LABEL[stage]}】{case.number} {case.title}"
    return Reminder(note, _mail(case, unit, title, parts, console_url))


def card_note(clock: Clock, stage: str) -> str:
    """The line of a card in the history of its case."""
    what = CLOCK_LABEL.get(clock.name, clock.name)
    return f"{CARD_LABEL[stage]}：{what}{_tail(stage)}（{_when(clock)}）"


def _what_to_do(clock: Clock) -> str:
    if clock.owed_by:
        return "填写协办意见"
    return "登记" if clock.name in DEMANDS else "签收、退单和反馈"


def _tail(stage: str) -> str:
    return "即将到期" if stage == YELLOW else "已逾期"


def _demand_of(stage: str, clock: Clock) -> str:
    if clock.name in DEMANDS:
        return DEMANDS[clock.name]
    if stage == YELLOW:
        return "请按时办理，确需延期的请提前提出。"
    return "请说明原因并抓紧办理。"


def _look(unit: UnitRow, case: Case, console_url: str, bureau: BureauRow) -> str:
    return f"办理情况：{link(case, console_url)}" if unit.login else f"办理情况请致电 {bureau.phone}。"


def joined(
    case: Case,
    unit: UnitRow,
    into: Case,
    by: UnitRow | None,
    bureau: BureauRow,
    console_url: str,
    now: datetime,
) -> Draft | None:
    """The word to a unit that its case goes on under another number; None when it has no mailbox."""
    here = by is not None and by.key == unit.key
    who = "仍由你单位办理，请合并办理" if here else f"由{by.name}办理" if by else f"由{bureau.office}另行转办"
    found = f"已查明的情况请{'填入' if here else '转告承办'}{into.number}{'' if here else '的单位'}"
    parts = [
        f"{unit.name}：",
        "",
        f"{case.number}《{case.title}》与{into.number}《{into.title}》反映的是同一事项，已并入{into.number}，{who}。",
        f"{case.number}不再单独计时、催办和反馈；{found}。",
        "",
        *_signature(bureau, now),
    ]
    return _mail(case, unit, f"【并案告知】{case.number} 并入 {into.number}", parts, console_url)


def taken_away(
    case: Case, unit: UnitRow, to: UnitRow, because: str, bureau: BureauRow, console_url: str, now: datetime
) -> Draft | None:
    """The word to a unit that its case is another one's from now on; None when it has no mailbox."""
    parts = [
        f"{unit.name}：",
        "",
        f"{case.number}《{case.title}》改由{to.name}办理，你单位不再承办，原时限不再计算。",
        f"改派原因：{mask(because, names=_reporter(case))}。",
        "已查明的情况请转告新的承办单位。",
        "",
        *_signature(bureau, now),
    ]
    return _mail(case, unit, f"【改派告知】{case.number} 改由{to.short}办理", parts, console_url)


def let_go(
    case: Case, unit: UnitRow, because: str, bureau: BureauRow, console_url: str, now: datetime
) -> Draft | None:
    """The word to a unit that it assists no longer; None when it has no mailbox."""
    parts = [
        f"{unit.name}：",
        "",
        f"{case.number}《{case.title}》不再请你单位协办，协办意见的时限不再计算。",
        f"原因：{mask(because, names=_reporter(case))}。",
        "",
        *_signature(bureau, now),
    ]
    return _mail(case, unit, f"【撤销协办】{case.number}", parts, console_url)


def limits(clocks: Iterable[Clock]) -> list[str]:
    """One line for each limit, the nearest first."""
    return [
        f"{CLOCK_LABEL.get(clock.name, clock.name)}：{_when(clock)}{'，暂定' if clock.provisional else ''}（{clock.why}）"
        for clock in sorted(clocks, key=lambda clock: clock.due)
        if not clock.owed_by
    ]


def _matter(case: Case, unit: UnitRow, found: Route, now: datetime, role: str = "承办单位") -> list[str]:
    # Masked whole, then cut: half a number is no longer recognised as one.
    quote = shorten(mask(case.first_text, names=_reporter(case)), QUOTE)
    kinds = "、".join(label(kind) for kind in case.kinds) or "未分类"
    return [
        f"编号：{case.number}",
        f"转办日期：{_moment(now)}",
        f"来源：{SOURCE_LABEL.get(case.source_kind, case.source_kind or '其他')}（{case.posts} 人次反映）",
        f"类别：{kinds}",
        f"等级：{case.level}{'，紧急' if case.urgent else ''}",
        f"地点：{case.place or '见摘要'}",
        f"{role}：{unit.name}",
        f"协办部门：{'、'.join(found.assist) or '无'}",
        f"转办理由：{found.why}",
        f"摘要（已隐去个人信息）：{quote}",
    ]


def _objection(clock: Clock | None) -> str:
    until = f"于{_when(clock)}" if clock else "尽快"
    return f"不属你单位职责的，请{until}说明理由退回{f'（{clock.why}）' if clock else ''}，未经同意不得自行转出。"


def _demands() -> list[str]:
    return [
        "办理要求：",
        "  1. 到现场核查，写明时间、查明的事实、是否属实、采取的措施和依据。",
        "  2. 内部情况报告与拟公开的答复分开填写；公开答复由宣教部门审核后发布。",
        "  3. 不得打听反映人身份，不得将反映材料透露或转给被反映的单位和个人（信访工作条例第三十条）。",
        "  4. 经办人与本事项有直接利害关系的应当回避（信访工作条例第二十八条）。",
    ]


def _signing(
    unit: UnitRow, case: Case, console_url: str, bureau: BureauRow, what: str = "签收、退单和反馈"
) -> str:
    if unit.login:
        return f"{what}：{link(case, console_url)}"
    days = f"{bureau.link_days} 天内有效，打开即可办理，请勿转给承办以外的人"
    by_hand = f"打不开的，请回复本邮件或致电 {bureau.phone}，由{bureau.office}代为登记。"
    return f"{what}（{days}）：\n{ONE_TIME}\n{by_hand}"


def link(case: Case, console_url: str) -> str:
    """The page of a case in the console."""
    return f"{console_url.rstrip('/')}/cases/{case.id}"


def _mail(case: Case, unit: UnitRow, title: str, parts: Iterable[str], console_url: str) -> Draft | None:
    if not unit.mail:
        return None
    return Draft(
        channel="mail",
        account=ACCOUNT,
        purpose="notice",
        title=title,
        text="\n".join(parts),
        case_id=case.id,
        recipient=unit.mail,
        link=link(case, console_url) if unit.login else "",
    )


def _signature(bureau: BureauRow, now: datetime) -> list[str]:
    here = local(now)
    return [f"{bureau.name}{bureau.office}", f"{here.year}年{here.month}月{here.day}日"]


def _reporter(case: Case) -> tuple[str, ...]:
    return (case.first_author,) if case.first_author else ()


def _when(clock: Clock) -> str:
    return f"{_moment(clock.due)}前"


def _moment(moment: datetime) -> str:
    here = local(moment)
    return f"{here.year}年{here.month}月{here.day}日{here:%H:%M}"
