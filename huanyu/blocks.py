"""The names a bulletin's template may use between { and }: sections, words of the issue, figures.

Names and template lines only; what a section says is written in `bulletins`. Nothing here runs what it reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping
from difflib import get_close_matches
from types import MappingProxyType
from typing import Final

_BLOCK = re.compile(r"\{([^{}]*)\}")
_BRACE = re.compile(r"[{}]")
_DIGIT = re.compile(r"\d")
HEADING = "#"  # begins a line that is a heading of the bureau's own
CHANGE = "比较"  # {新立投诉:比较} tells 环比 and 同比 with their bases

#: block on a line of its own -> section of bulletins.blocks
SECTIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "概况": "overview",
        "限时答复清单": "deadlines",
        "超期情况": "overdue",
        "重点事项": "hot",
        "信息来源": "channels",
        "类别与情绪": "kinds",
        "投诉区域": "places",
        "事项类别": "case_kinds",
        "事项区域": "case_places",
        "事项等级": "levels",
        "在办事项": "open_matters",
        "退单情况": "returned",
        "单位办理情况": "units",
        "重复与复发": "repeated",
        "公开答复": "answered",
        "反响与效果": "echo",
        "来源覆盖": "coverage",
        "统计": "statistics",
        "事项": "matter",
        "转办单": "slips",
        "研判与建议": "remarks",
    }
)
#: block inside a line -> word of the issue
WORDS: Final[tuple[str, ...]] = ("时段", "本期", "单位", "科室", "系列", "年", "月", "日", "专题")
DATED: Final = frozenset({"时段", "年", "月", "日"})
#: block inside a line -> key of a figure
FIGURES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "新立投诉": "cases_opened",
        "并入信息": "cases_appended",
        "公开答复件数": "cases_answered",
        "办结": "cases_closed",
        "在办": "cases_open",
        "超期": "cases_overdue",
        "退单": "cases_returned",
        "整改未复查": "rechecks_overdue",
        "复发": "cases_reopened",
        "发出答复": "replies_sent",
        "本年立件": "year_cases",
        "本年答复": "year_answered",
        "转载": "reposts_new",
        "正面评价": "praise_new",
        "微博舆情": "weibo_received",
        "平台舆情": "platform_received",
        "信访投诉": "petitions_received",
        "编发期数": "bulletins_issued",
        "新挂账": "ledger_entered",
        "报进展": "ledger_told",
        "退回整改": "ledger_sent_back",
        "销号": "ledger_cancelled",
        "在账": "ledger_open",
    }
)


def alone(line: str) -> str:
    """The name of the block that stands alone on a line, "" where there is none."""
    found = _BLOCK.fullmatch(line.strip())
    return found[1].strip() if found else ""


def inside(line: str) -> Iterator[tuple[str, bool]]:
    """The blocks inside a line: name, and whether its comparison is asked for."""
    for found in _BLOCK.finditer(line):
        name, _, more = found[1].strip().partition(":")
        yield name.strip(), more.strip() == CHANGE


def faults(template: str) -> Iterator[tuple[int, str]]:
    """What is wrong in a template: number of the line, from 1, and what, in Chinese."""
    for number, line in enumerate(template.splitlines(), start=1):
        text = _BLOCK.sub("", line)
        if _BRACE.search(text):
            yield number, "花括号不成对"
        if _DIGIT.search(text):
            yield number, "文字中不能写数字: 数字只能由块给出, 以便逐一核对"
        if alone(line) in SECTIONS:
            continue
        names = [name for name, _ in inside(line)]
        if DATED & set(names) and not set(names) & set(FIGURES) and not line.startswith(HEADING):
            yield number, "写日期的话里要有至少一个数字块, 日期才有出处"
        for found in _BLOCK.finditer(line):
            if told := _fault(found[1], heading=line.startswith(HEADING)):
                yield number, told


def title_fault(title: str) -> str:
    """What is wrong in a title, "" when nothing is."""
    unknown = [name for name, _ in inside(title) if name not in WORDS]
    if unknown:
        return f"标题中没有名为 {{{unknown[0]}}} 的块, 可用: {'、'.join(WORDS)}"
    return "花括号不成对" if _BRACE.search(_BLOCK.sub("", title)) else ""


def _fault(block: str, heading: bool) -> str:
    name, colon, more = (part.strip() for part in block.partition(":"))
    if name in SECTIONS and name not in FIGURES:
        return f"块 {{{name}}} 是一节, 要独占一行"
    known = [*WORDS, *([] if heading else FIGURES)]
    if name not in known:
        listed = [*SECTIONS, *known]
        near = get_close_matches(name, listed, n=2, cutoff=0.4)
        hint = f"是否为 {'、'.join(f'{{{one}}}' for one in near)}? " if near else ""
        return f"没有名为 {{{name}}} 的块, {hint}可用: {'、'.join(listed)}"
    if colon and (more != CHANGE or name not in FIGURES):
        return f"块 {{{block}}} 冒号后只能写“{CHANGE}”, 且只用于数字"
    return ""
