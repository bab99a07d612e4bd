"""The life of a case as one table: states, arrows, and who says that the arrow may exist.

Beside it what may be done to a case without moving it. Must not know who moves a case or where it is kept;
docs/states.md is printed from here.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Final

from cases.arrows import page
from huanyu.errors import IllegalMove

LABEL: Final[Mapping[str, str]] = MappingProxyType(
    {
        "pending": "待受理",
        "accepted": "已受理",
        "assigned": "已转办",
        "signed": "已签收",
        "onsite": "已到场",
        "returned": "已退单",
        "paused": "暂停",
        "reported": "已反馈待审核",
        "handled": "已反馈",
        "replying": "待答复",
        "answered": "已答复",
        "interim": "阶段性办结",
        "visited": "已回访",
        "closed": "已办结",
        "refused": "不予受理",
        "transferred": "已移送",
        "joined": "已并案",
    }
)

START: Final = "pending"
ENDS: Final = frozenset({"closed", "refused", "transferred", "joined"})
#: 并案 ends these; a case the public has been answered about keeps its own end
JOINS: Final = (
    *("pending", "accepted", "assigned", "signed", "onsite", "returned"),
    *("paused", "reported", "handled"),
)

#: The straight way of a case; a step of DETOURS belongs to it only where the case took it.
WAY: Final = (
    *("pending", "assigned", "signed", "onsite", "reported"),
    *("handled", "replying", "answered", "visited", "closed"),
)
DETOURS: Final = frozenset({"onsite", "reported", "visited"})

XINFANG = "信访工作条例（2022）"
HOTLINE = "山东省政务服务热线管理办法（2020）"
LOOP = "国办发〔2020〕53号"
GRADED = "国办发〔2018〕123号"
HOUSE = "本局工作规定（待核实）"
MERGED = "国办函〔2025〕66号：重复诉求并单"
REPORTS = "环保举报热线工作管理办法（效力待核实）"
TWO_PARTS = "环办〔2009〕101号"
SHANDONG = "山东省级热线办理规则（2017，待核实）"
FAST = "环境投诉“110”模式（本局工作规定，待核实）"
CAMPAIGN = "督察信访件公开口径（已办结、阶段性办结、未办结）"
INCIDENT = "突发环境事件信息报告办法（环境保护部令第17号）"
_AWAY: Final = f"{XINFANG}第二十三条：查明属其他部门职责的，移送主管部门并告知"
_WAITING: Final = f"{HOUSE}：待检测结果或停产复工等客观原因，说明理由"
_RESUMED: Final = f"{HOUSE}：原因消除，恢复计时"

_ALLOWED: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "pending": {
            "accepted": f"{XINFANG}第二十三条：属本机关职责的，登记受理并告知",
            "assigned": f"{XINFANG}第二十三条：受理即转办，登记与交办一步完成",
            "refused": f"{REPORTS}：不属环境问题等不予受理的，告知理由",
            "transferred": f"{XINFANG}第二十三条、噪声法第三十一条：不属本部门的，移送并告知",
        },
        "accepted": {
            "assigned": f"{LOOP}：派单",
            "transferred": "噪声法第三十一条：受理后查明不属本部门的，移送并告知",
            "paused": f"{HOUSE}：待反映人补充地点、材料等客观原因，说明理由",
            "refused": f"{REPORTS}：受理后查明属于不予受理情形的，告知理由",
        },
        "assigned": {
            "signed": f"{HOUSE}：承办单位签收",
            "returned": f"{HOTLINE}：不属本单位的，两个工作日内说明理由退回",
            "onsite": f"{FAST}：当日到现场，先到场的视同签收",
            "reported": f"{HOUSE}：无登录权限的单位直接反馈，视同签收；反馈须经审核的先送审",
            "handled": f"{HOUSE}：无登录权限的单位直接反馈，视同签收",
            "paused": _WAITING,
            "transferred": _AWAY,
            "assigned": f"{HOUSE}：办理条件变化（地点、类别更正），改派",
        },
        "signed": {
            "onsite": f"{FAST}：当日到现场，记录到场时间",
            "reported": f"{TWO_PARTS}：调查处理结果先审核，再答复反映人",
            "handled": f"{LOOP}：办理并反馈",
            "returned": f"{XINFANG}第二十三条：对转送有异议的，说明理由退回，经同意后移交",
            "paused": _WAITING,
            "assigned": "国办函〔2025〕66号：改派",
            "transferred": _AWAY,
        },
        "onsite": {
            "reported": f"{TWO_PARTS}：调查处理结果先审核，再答复反映人",
            "handled": f"{LOOP}：办理并反馈",
            "returned": f"{XINFANG}第二十三条：到场查明不属本单位的，说明理由退回，经同意后移交",
            "paused": _WAITING,
            "assigned": f"{HOUSE}：到场查明地点、类别不符，改派",
            "transferred": _AWAY,
        },
        "returned": {
            "assigned": "国办函〔2025〕66号：派单异议审核后改派",
            "transferred": "国办函〔2025〕66号：派单异议审核，不属本部门的移送",
            "refused": f"{HOUSE}：异议审核后认定不予受理，告知理由",
        },
        "paused": {
            "accepted": _RESUMED,
            "assigned": _RESUMED,
            "signed": _RESUMED,
            "onsite": _RESUMED,
        },
        "reported": {
            "handled": f"{LOOP}：闭环管理，反馈经审核通过",
            "signed": f"{HOUSE}：反馈缺事实、时间或措施（表面整改），审核退回补充",
            "transferred": _AWAY,
        },
        "handled": {
            "replying": f"{TWO_PARTS}：内部报告与答复意见分列，拟写公开答复",
            "signed": f"{HOUSE}：反馈缺事实、时间或措施（表面整改），退回补充",
            "closed": f"{HOUSE}：反映人要求不公开或无公开渠道，已个别答复",
            "interim": f"{CAMPAIGN}：措施已落实、整改需较长时间的，写明下次核查日期",
            "transferred": _AWAY,
        },
        "replying": {
            "answered": f"{GRADED}：先审后发，审核通过并已发布",
            "handled": f"{GRADED}：审核不通过，重新拟写",
            "signed": f"{HOUSE}：审核认为事实不清，退回承办单位补充",
        },
        "answered": {
            "visited": f"{LOOP}：回访、评价",
            "interim": f"{CAMPAIGN}：已答复而整改未完成的，写明下次核查日期",
            "closed": f"{LOOP}：办结；匿名、无联系方式等无法回访的",
            "pending": f"{HOUSE}：答复后问题复发",
        },
        "interim": {
            "signed": f"{CAMPAIGN}：到核查日期未完成整改的，承办单位继续办理",
            "handled": f"{CAMPAIGN}：整改完成，反馈最终结果",
            "closed": f"{CAMPAIGN}：核查确认整改完成，办结",
        },
        "visited": {
            "closed": f"{LOOP}：回访后办结",
            "assigned": f"{SHANDONG}：回访不满意的，发督办单，由原单位重办",
            "pending": f"{HOUSE}：回访后问题复发",
        },
        "closed": {"pending": f"{HOUSE}：办结后问题复发（死灰复燃）"},
        "refused": {
            "pending": f"{HOUSE}：补充了新的事实或地点",
            "accepted": f"{XINFANG}第二十三条：复核认定属本机关职责的，予以受理并告知",
        },
        "transferred": {"pending": f"{HOUSE}：移送后同一问题复发或被退回"},
    }
)
#: state -> {next state: the rule that allows the arrow}
ALLOWED: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        state: {**arrows, **({"joined": MERGED} if state in JOINS else {})}
        for state, arrows in _ALLOWED.items()
    }
    | {"joined": {}}  # undone by giving the posts back, never by moving the case alone
)


@dataclass(frozen=True, slots=True)
class Act:
    """What may be done to a case without moving it, and the rule that allows it."""

    name: str
    what: str
    source: str


#: key -> act; the history of the case tells each, its state stays
ACTS: Final[Mapping[str, Act]] = MappingProxyType(
    {
        "extend": Act(
            "延期",
            "承办单位申请，按权限批准或不批准，告知反映人",
            f"{HOTLINE}：情况特别复杂的，延长不超过十个工作日；{XINFANG}第三十四条：延长不超过三十日，由负责人批准",
        ),
        "supervise": Act(
            "督办", "发督办函，写明新的要求和时限", f"{LOOP}：督办；{SHANDONG}：不满意的发督办单"
        ),
        "recuse": Act("回避", "有直接利害关系的人员不得办理、查看本件", f"{XINFANG}第二十八条：回避"),
        "regrade": Act(
            "改级", "改变等级并写明理由", f"{XINFANG}第二十五条：重大、紧急的立即报告；{HOUSE}：定级"
        ),
        "opine": Act("协办意见", "协办单位提出意见，主办单位不变", f"{HOUSE}：主办单位牵头，协办单位配合"),
        "own": Act("包案", "指定负责到底的领导或部门", f"{HOUSE}：重点事项由专人包案"),
        "declare": Act(
            "升级为突发环境事件",
            "由人认定，另按突发环境事件报告；本件继续办理",
            f"{INCIDENT}：分级、时限和初报、续报、处理结果报告",
        ),
    }
)


def check(state: str, to: str) -> None:
    """Let a case go from `state` to `to`, or raise IllegalMove in words for the person who tried."""
    if state not in LABEL or to not in LABEL:
        raise IllegalMove(f"没有这种办件状态：{state} → {to}", state=state, to=to)
    if to not in ALLOWED[state]:
        raise IllegalMove(f"办件处于“{LABEL[state]}”，不能改为“{LABEL[to]}”", state=state, to=to)


def check_record(state: str) -> None:
    """Let a unit record what it found, which makes the case `handled`, or raise IllegalMove."""
    check(state, "handled")
    if state == "reported":  # that arrow is the reviewer's
        raise IllegalMove("反馈正在审核；退回补充之后，才能再填查处结果", state=state, to="handled")


def is_open(state: str) -> bool:
    """Whether somebody still owes something on a case in this state."""
    return state not in ENDS


def way(state: str, been: Iterable[str]) -> tuple[str, ...]:
    """The straight way of a case that is in `state` and went through `been`, with the detours of this round only."""
    taken: set[str] = set()
    for before, after in pairwise(("", *been)):
        if after == START or (before, after) == ("visited", "assigned"):
            taken.clear()
        taken.add(after)
    return tuple(step for step in WAY if step not in DETOURS - taken or step == state)


def document() -> str:
    """docs/states.md: the diagram, every arrow with its source, and what moves nothing."""
    acts = [f"| {act.name} `{key}` | {act.what} | {act.source} |" for key, act in ACTS.items()]
    still = ["## 不改变状态的办理行为", "", "| 行为 | 内容 | 依据 |", "|---|---|---|", *acts]
    moving = page("办件状态", "python -m cases.lifecycle > docs/states.md", LABEL, START, ALLOWED, ENDS)
    return "\n".join([moving, *still, ""])


if __name__ == "__main__":
    print(document(), end="")
