"""From one read of the store to one bulletin: every number a figure, every sentence with its sources.

Pure: the issue number and the time come from outside; looks belong to the renderers.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bulletins import evidence
from bulletins import sections
from bulletins import wording
from bulletins.evidence import case_ids
from bulletins.evidence import differences
from bulletins.evidence import figure_keys
from bulletins.sections import Desk
from huanyu.bureau import BureauRow
from huanyu.types import Bulletin
from huanyu.types import Figure
from huanyu.types import Figures
from huanyu.types import Row

__all__ = ["MASTHEAD", "case_ids", "daily", "differences", "figure_keys"]

MASTHEAD = "环保舆情简报"
_PARTS = (
    sections.overview,
    sections.deadlines,
    sections.overdue,
    sections.hot,
    sections.channels,
    sections.kinds,
    sections.places,
    sections.open_matters,
    sections.answered,
    sections.coverage,
)
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
}


def daily(
    figures: Figures,
    number: int,
    total: int,
    bureau: BureauRow,
    names: Mapping[str, str],
    issued_at: datetime,
    late: bool = False,
    areas: Sequence[str] = (),
) -> Bulletin:
    """Compile the 每日舆情 of `figures.day`.

    `names` turns keys (kinds, counties, units, states, source kinds) into Chinese; `areas` is the official order
    of counties and zones, all of which are then listed. Raises Blocked when a number has no source and
    NotFound when the store gave no such figure.
    """
    desk = Desk(
        figures=figures,
        counts={figure.key: figure for figure in figures.counts},
        label=_labeller(names),
        areas=tuple(areas),
    )
    parts = tuple(write(desk) for write in _PARTS)
    known = tuple(_labelled(figure, desk.label) for figure in evidence.measured(figures))
    evidence.refuse_unsupported(parts, known, (line.case_id for line in evidence.lines(figures)))
    bulletin = Bulletin(
        series="daily",
        series_name="每日舆情",
        year=figures.day.year,
        number=number,
        total=total,
        day=figures.day,
        title=f"{figures.day.month}月{figures.day.day}日环保舆情",
        bureau=bureau.name,
        office=bureau.office,
        mark=bureau.bulletin_mark,
        issued_at=issued_at,
        sections=parts,
        figures=known,
        trend=figures.trend,
        kinds=tuple(_named(row, desk.label) for row in figures.by_kind),
        audit_head=figures.audit_head,
        late_note=_late(figures, issued_at) if late else "",
        masthead=MASTHEAD,
        distribution=bureau.bulletin_to,
        signatory=bureau.signatory,
    )
    used = set(figure_keys(bulletin))
    return replace(bulletin, figures=tuple(figure for figure in known if figure.key in used))


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


def _late(figures: Figures, issued_at: datetime) -> str:
    return (
        f"本期为补编：统计时段仍为{wording.day(figures.period_from)}，"
        f"实际编发于{wording.minute(issued_at)}，其间新情况见后续各期。"
    )
