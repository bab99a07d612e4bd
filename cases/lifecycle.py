"""The life of a case as one table: states, arrows, and who says that the arrow may exist.

Must not know who moves a case or where it is kept; docs/states.md is printed from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from huanyu.errors import IllegalMove

LABEL: Final[Mapping[str, str]] = MappingProxyType(
    {
        "pending": "待受理",
        "accepted": "已受理",
        "assigned": "已转办",
        "signed": "已签收",
        "returned": "已退单",
        "paused": "暂停",
        "handled": "已反馈",
        "replying": "待答复",
        "answered": "已答复",
        "closed": "已办结",
        "refused": "不予受理",
        "transferred": "已移送",
        "joined": "已并案",
    }
)

START: Final = "pending"
ENDS: Final = frozenset({"closed", "refused", "transferred", "joined"})
#: 并案 ends these; a case the public has been answered about keeps its own end
JOINS: Final = ("pending", "accepted", "assigned", "signed", "returned", "paused", "handled")

XINFANG = "信访工作条例（2022）"
HOTLINE = "山东省政务服务热线管理办法（2020）"
LOOP = "国办发〔2020〕53号"
GRADED = "国办发〔2018〕123号"
HOUSE = "本局工作规定（待核实）"
MERGED = "国办函〔2025〕66号：重复诉求并单"
REPORTS = "环保举报热线工作管理办法（效力待核实）"

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
        },
        "assigned": {
            "signed": f"{HOUSE}：承办单位签收",
            "returned": f"{HOTLINE}：不属本单位的，两个工作日内说明理由退回",
            "handled": f"{HOUSE}：无登录权限的单位直接反馈，视同签收",
            "paused": f"{HOUSE}：待检测结果或停产复工等客观原因，说明理由",
            "assigned": f"{HOUSE}：办理条件变化（地点、类别更正），改派",
        },
        "signed": {
            "handled": f"{LOOP}：办理并反馈",
            "returned": f"{XINFANG}第二十三条：对转送有异议的，说明理由退回，经同意后移交",
            "paused": f"{HOUSE}：待检测结果或停产复工等客观原因，说明理由",
            "assigned": "国办函〔2025〕66号：改派",
        },
        "returned": {
            "assigned": "国办函〔2025〕66号：派单异议审核后改派",
            "transferred": "国办函〔2025〕66号：派单异议审核，不属本部门的移送",
            "refused": f"{HOUSE}：异议审核后认定不予受理，告知理由",
        },
        "paused": {
            "assigned": f"{HOUSE}：原因消除，恢复计时",
            "signed": f"{HOUSE}：原因消除，恢复计时",
        },
        "handled": {
            "replying": "环办〔2009〕101号：内部报告与答复意见分列，拟写公开答复",
            "signed": f"{HOUSE}：反馈缺事实、时间或措施（表面整改），退回补充",
            "closed": f"{HOUSE}：反映人要求不公开或无公开渠道，已个别答复",
        },
        "replying": {
            "answered": f"{GRADED}：先审后发，审核通过并已发布",
            "handled": f"{GRADED}：审核不通过，重新拟写",
            "signed": f"{HOUSE}：审核认为事实不清，退回承办单位补充",
        },
        "answered": {
            "closed": f"{LOOP}：办结、回访",
            "pending": f"{HOUSE}：答复后问题复发",
        },
        "closed": {"pending": f"{HOUSE}：办结后问题复发（死灰复燃）"},
        "refused": {"pending": f"{HOUSE}：补充了新的事实或地点"},
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


def check(state: str, to: str) -> None:
    """Let a case go from `state` to `to`, or raise IllegalMove in words for the person who tried."""
    if state not in LABEL or to not in LABEL:
        raise IllegalMove(f"没有这种办件状态：{state} → {to}", state=state, to=to)
    if to not in ALLOWED[state]:
        raise IllegalMove(f"办件处于“{LABEL[state]}”，不能改为“{LABEL[to]}”", state=state, to=to)


def is_open(state: str) -> bool:
    """Whether somebody still owes something on a case in this state."""
    return state not in ENDS


def mermaid() -> str:
    """The table as a Mermaid state diagram."""
    lines = ["stateDiagram-v2"]
    lines += [f"    {state} : {name}" for state, name in LABEL.items()]
    lines += [f"    [*] --> {START}"]
    lines += [f"    {state} --> {to}" for state, arrows in ALLOWED.items() for to in arrows]
    lines += [f"    {state} --> [*]" for state in LABEL if state in ENDS]
    return "\n".join(lines)


def document() -> str:
    """docs/states.md: the diagram and every arrow with its source."""
    rows = [
        f"| {LABEL[state]} `{state}` | {LABEL[to]} `{to}` | {source} |"
        for state, arrows in ALLOWED.items()
        for to, source in arrows.items()
    ]
    head = "<!-- Made by `python -m cases.lifecycle > docs/states.md`; a test compares. -->"
    table = ["| 从 | 到 | 依据 |", "|---|---|---|", *rows]
    return "\n".join(["# 办件状态", "", head, "", "```mermaid", mermaid(), "```", "", *table, ""])


if __name__ == "__main__":
    print(document(), end="")
