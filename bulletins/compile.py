"""From one read of the store to one bulletin: every number a figure, every sentence with its sources.

Pure: the issue number and the time come from outside; looks belong to the renderers.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bulletins import blocks
from bulletins import evidence
from bulletins import wording
from bulletins.evidence import case_ids
from bulletins.evidence import differences
from bulletins.evidence import figure_keys
from bulletins.sections import Desk
from bulletins.sections import safe
from huanyu.bureau import BureauRow
from huanyu.periods import Period
from huanyu.series import SeriesRow
from huanyu.types import Bulletin
from huanyu.types import Figure
from huanyu.types import Figures
from huanyu.types import Remark
from huanyu.types import Row
from huanyu.types import Search
from huanyu.types import Section

__all__ = ["case_ids", "differences", "figure_keys", "paper"]

CLASSIFIED = re.compile(
    "绝密|机密|秘密"
)  # the three levels of the Secrets Act; such papers bear a copy number
_LABELS = {
    "weibo": "微博",
    "wechat": "微信",
    "forum": "论坛",
    "news": "新闻",
    "platform": "监测平台",
    "hotline": "热线",
    "letter": "来信",
    "report": "随手拍等自有渠道",
    "negative": "负面",
    "neutral": "中性",
    "positive": "正面",
    "cases_opened": "新立投诉",
    "cases_earlier": "新立投诉中源于此前信息的",
    "cases_appended": "并入已有事项的信息",
    "cases_answered": "公开答复",
    "cases_closed": "办结",
    "cases_open": "在办",
    "cases_overdue": "超期",
    "year_cases": "本年累计立件",
    "year_answered": "本年已答复",
    "replies_sent": "发出答复",
    "samples_judged": "人工抽查",
    "samples_missed": "抽查发现漏判",
    "cases_returned": "退单",
    "rechecks_overdue": "整改期满未复查",
    "cases_told_again": "被再次反映",
    "cases_reopened": "复发",
    "answered_again": "答复后又被反映",
    "reposts_new": "转载或重复刊发",
    "praise_new": "正面评价",
    "weibo_received": "微博舆情",
    "platform_received": "平台舆情",
    "petitions_received": "信访投诉",
    "bulletins_issued": "编发期数",
}


def paper(
    series: SeriesRow,
    figures: Figures,
    number: int,
    total: int,
    bureau: BureauRow,
    names: Mapping[str, str],
    issued_at: datetime,
    late: bool = False,
    areas: Sequence[str] = (),
    remarks: Sequence[Remark] = (),
    topic: str = "",
    scope: str = "",
    search: Search | None = None,
    replaces: Bulletin | None = None,
) -> Bulletin:
    """Compile one issue from its figures; `names` of keys, `areas` in official order; raises Blocked, NotFound."""
    desk = _desk(series, figures, _labeller(names), areas, remarks, topic)
    words = _words(series, figures, bureau, topic, desk)
    known = tuple(_labelled(figure, desk.label) for figure in evidence.measured(figures))
    bulletin = Bulletin(
        series=series.key,
        series_name=series.name,
        year=figures.day.year,
        number=number,
        total=total,
        day=figures.day,
        title=blocks.title(series.title, words),
        bureau=bureau.name,
        office=bureau.office,
        mark=bureau.bulletin_mark,
        issued_at=issued_at,
        sections=_supported(blocks.write(series.template, desk, words), known, figures, remarks),
        figures=known,
        trend=figures.trend,
        kinds=tuple(_named(row, desk.label) for row in figures.by_kind),
        audit_head=figures.audit_head,
        late_note=_replaces(replaces) + (_late(figures, issued_at) if late else ""),
        masthead=series.masthead,
        distribution=bureau.bulletin_to,
        copy_number=_first_copy(bureau.bulletin_mark),
        copies=series.copies,
        signatory=bureau.signatory,
        first_day=figures.first_day,
        span=figures.span,
        scope=scope,
        search=search,
    )
    return _only_used(bulletin)


def copy_number(number: int) -> str:
    """份号: six digits (GB/T 9704-2012, 7.2.1)."""
    return f"{number:06d}"


def _first_copy(mark: str) -> str:
    return copy_number(1) if CLASSIFIED.search(mark) else ""


def _only_used(bulletin: Bulletin) -> Bulletin:
    """The bulletin with those figures its text and tables rest on."""
    used = set(figure_keys(bulletin))
    return replace(bulletin, figures=tuple(one for one in bulletin.figures if one.key in used))


def _desk(
    series: SeriesRow,
    figures: Figures,
    label: Callable[[str], str],
    areas: Sequence[str],
    remarks: Sequence[Remark],
    topic: str,
) -> Desk:
    return Desk(
        figures=figures,
        counts={figure.key: figure for figure in figures.counts},
        label=label,
        areas=tuple(areas),
        manner=wording.manner(figures.span, figures.day, series.small_base),
        cells={figure.key: figure for figure in figures.cells},
        remarks=tuple(remarks),
        topic=topic,
    )


def _supported(
    parts: tuple[Section, ...], known: Sequence[Figure], figures: Figures, remarks: Sequence[Remark]
) -> tuple[Section, ...]:
    """The sections, all of whose numbers have a source; raises Blocked."""
    cases = (line.case_id for line in evidence.lines(figures))
    evidence.refuse_unsupported(parts, known, cases, [one.text for one in remarks])
    return parts


def _period(figures: Figures) -> Period:
    return Period(figures.span, figures.first_day or figures.day, figures.day)


def _words(series: SeriesRow, figures: Figures, bureau: BureauRow, topic: str, desk: Desk) -> dict[str, str]:
    """What the blocks of a template that are words stand for."""
    day = figures.day
    return {
        "时段": _period(figures).name(),
        "本期": desk.manner.now,
        "单位": bureau.name,
        "科室": bureau.office,
        "系列": series.name,
        "年": str(day.year),
        "月": str(day.month),
        "日": str(day.day),
        "专题": topic or _matter(desk),
    }


def _matter(desk: Desk) -> str:
    """What an issue about one matter is about."""
    found = desk.figures.new_cases
    return safe(found[0], desk.label).title if len(found) == 1 else ""


def _labeller(names: Mapping[str, str]) -> Callable[[str], str]:
    def label(key: str) -> str:
        return names.get(key) or _LABELS.get(key) or key

    return label


def _labelled(figure: Figure, label: Callable[[str], str]) -> Figure:
    """The figure with a Chinese label: by its label, its key, or the last part of its key."""
    last = figure.key.rpartition(":")[2].removeprefix("complaints_")
    keys = (figure.label, figure.key, last)
    return replace(figure, label=next((label(key) for key in keys if label(key) != key), figure.label))


def _named(row: Row, label: Callable[[str], str]) -> Row:
    key = evidence.row_key(row)
    return replace(row, label=label(key), key=key)


def _replaces(before: Bulletin | None) -> str:
    if before is None:
        return ""
    return (
        f"本期重新编发，代替{before.year}年第{before.number}期；第{before.number}期作废，期号保留不再使用。"
    )


def _late(figures: Figures, issued_at: datetime) -> str:
    return (
        f"本期为补编：统计时段仍为{_period(figures).name()}，"
        f"实际编发于{wording.minute(issued_at)}，其间新情况见后续各期。"
    )
