"""Looking back over months and years: the statistics page, two issues side by side, the open data of a month."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from datetime import date
from datetime import datetime
from types import MappingProxyType

import bulletins.opendata
import bulletins.render_pdf
from bulletins.compile import copy_number
from bulletins.opendata import Cell
from bulletins.wording import percent
from flow import enclosures
from flow import issues
from flow.desk import Desk
from huanyu.clock import SHANGHAI
from huanyu.errors import BadInput
from huanyu.source_words import SOURCE_LABEL
from huanyu.types import Bulletin
from huanyu.types import Figure
from huanyu.types import YearCount

#: What a year's count is called; how it is counted stands beside it on the page.
YEARLY: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "weibo_received": ("官方微博接到网络舆情", "当年发布、经研判属环境投诉的微博"),
        "platform_received": ("舆情监控平台收到环保舆情", "监测平台交来、属环境投诉的信息"),
        "petitions_received": ("信访投诉", "热线、来信留言、随手拍等直接向本局反映的"),
        "complaints_wechat": ("微信", "当年发布、属环境投诉的信息"),
        "complaints_forum": ("论坛", "当年发布、属环境投诉的信息"),
        "complaints_news": ("新闻", "当年发布、反映环境问题的报道，转载不计"),
        "cases_opened": ("立案", "当年新立的件数；一件可有多个来源"),
        "cases_answered": ("公开答复", "当年答复过的件，答复两次只计一次"),
        "cases_closed": ("办结", "当年办结的件"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class YearLine:
    """One line of the statistics page; lines are never added up."""

    key: str
    name: str
    meaning: str
    count: YearCount
    growth: str  #: +11.7%, 持平, —


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """The statistics of a year, or of as much of it as is over."""

    year: int
    until: date  #: last day counted
    lines: tuple[YearLine, ...]
    issues: tuple[tuple[str, int, int], ...]  #: series, issues, of them withdrawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One figure in two issues of a series."""

    label: str
    key: str
    unit: str
    left: int | None
    right: int | None
    step: str
    growth: str

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to compare."""
        return not self.left and not self.right


def year(desk: Desk, wanted: int, now: datetime) -> Year:
    """Counts of a year up to today beside those of the same days a year before; raises BadInput."""
    if not 2000 <= wanted <= now.year:
        raise BadInput(f"没有 {wanted} 年的统计")
    start, end = datetime(wanted, 1, 1, tzinfo=SHANGHAI), datetime(wanted + 1, 1, 1, tzinfo=SHANGHAI)
    end = min(end, now)
    lines = [
        YearLine(
            key=one.key,
            name=YEARLY[one.key][0],
            meaning=YEARLY[one.key][1],
            count=one,
            growth=growth(one.value, one.previous),
        )
        for one in desk.store.counts.year(start, end)
    ]
    last = (end if end == now else datetime(wanted, 12, 31, tzinfo=SHANGHAI)).date()
    return Year(year=wanted, until=last, lines=tuple(lines), issues=tuple(desk.store.counts.issues(wanted)))


def growth(value: int, base: int) -> str:
    """Growth in percent; 持平 where nothing changed, — where there is no base."""
    if not base:
        return "—"
    return "持平" if value == base else f"{percent(value, base):+}%".replace("-", "−")


def compare(left: Bulletin, right: Bulletin) -> list[Pair]:
    """Every figure of either issue but the days of the trend, in the order of the first; raises BadInput for two series."""
    if left.series != right.series:
        raise BadInput("只能比较同一种简报的两期")
    mine, theirs = _by_key(left.figures), _by_key(right.figures)
    both = dict.fromkeys((*mine, *theirs))
    return [_pair(_in(mine, theirs, key), _in(theirs, mine, key)) for key in both]


def _by_key(figures: Sequence[Figure]) -> dict[str, Figure]:
    return {figure.key: figure for figure in figures if not figure.key.startswith("trend:")}


def _in(figures: Mapping[str, Figure], others: Mapping[str, Figure], key: str) -> Figure | None:
    """The figure in one of two issues; a line of a breakdown that only the other has counted nothing here."""
    if key in figures:
        return figures[key]
    return replace(others[key], value=0) if ":" in key and not key.startswith("source_") else None


def _pair(left: Figure | None, right: Figure | None) -> Pair:
    either = left or right
    if either is None:
        raise BadInput("没有可比的数字")
    step, rate = "—", "—"
    if left is not None and right is not None:
        difference = right.value - left.value
        step = f"{difference:+d}".replace("-", "−") if difference else "0"
        rate = growth(right.value, left.value)
    about = SORTS.get(either.key.partition(":")[0], "")
    return Pair(
        label=f"{either.label}{about}",
        key=either.key,
        unit=either.unit,
        left=left.value if left else None,
        right=right.value if right else None,
        step=step,
        growth=rate,
    )


def numbered_copy(desk: Desk, bulletin_id: int, number: int) -> tuple[str, bytes]:
    """One of the printed copies of a classified issue under its 份号, name and PDF; raises NotFound, BadInput."""
    stored = desk.store.bulletins.get(bulletin_id)
    made = stored.bulletin
    if not made.copy_number:
        raise BadInput("这一期没有密级，不编份号")
    if desk.store.archive.standing(bulletin_id).withdrawn:
        raise BadInput("这一期已经撤回，不再印发")
    if not 1 <= number <= (most := max(made.copies, 1)):
        raise BadInput(f"这一期共印 {most} 份，没有第 {number} 份")
    mark = copy_number(number)
    name = enclosures.file_name(stored, "pdf", f"份号{mark}")
    return name, bulletins.render_pdf.render(replace(made, copy_number=mark))


def month_of(text: str, now: datetime) -> date:
    """The first day of a finished month written 2026-03; raises BadInput."""
    try:
        first = datetime.strptime(text.strip(), "%Y-%m").replace(tzinfo=SHANGHAI).date()
    except ValueError as problem:
        raise BadInput(f"月份应写成 2026-03 的样子, 不是 {text!r}") from problem
    if _next_month(first) > now.date():
        raise BadInput(f"{first:%Y-%m} 还没有结束, 下个月才能公开")
    return first


def open_data(desk: Desk, month: date) -> tuple[Cell, ...]:
    """The publishable counts of a month."""
    start = datetime.combine(month, datetime.min.time(), SHANGHAI)
    end = datetime.combine(_next_month(month), datetime.min.time(), SHANGHAI)
    names = {**issues.names_of(desk.bureau), **SOURCE_LABEL}
    counts = desk.store.counts.month(start, end)
    return bulletins.opendata.cells(counts, lambda key: names.get(key, key))


def files(desk: Desk, month: date) -> dict[str, bytes]:
    """The month as files: name -> bytes."""
    found = open_data(desk, month)
    stem = f"环境投诉统计{month:%Y-%m}"
    return {
        f"{stem}.csv": bulletins.opendata.as_csv(month, found),
        f"{stem}.json": bulletins.opendata.as_json(month, found, desk.bureau.bureau.name),
    }


@dataclass(frozen=True, slots=True)
class Published:
    """A month as everybody may read it: groups with their cells, and both files."""

    groups: tuple[tuple[str, str, tuple[Cell, ...]], ...]  #: name, what it counts, cells
    csv: bytes
    json: bytes


def published(desk: Desk, month: date) -> Published:
    """The month counted once, for a page and both files."""
    found = open_data(desk, month)
    groups = tuple(
        (name, meaning, tuple(cell for cell in found if cell.group == key))
        for key, (name, meaning, _) in bulletins.opendata.GROUPS.items()
    )
    as_json = bulletins.opendata.as_json(month, found, desk.bureau.bureau.name)
    return Published(groups, bulletins.opendata.as_csv(month, found), as_json)


#: What two figures of one source are told apart by.
SORTS: Mapping[str, str] = MappingProxyType(
    {
        "source_posts": "：信息",
        "source_complaints": "：投诉",
        "unit_given": "：转办",
        "unit_returned": "：退单",
        "unit_sign_due": "：签收时限",
        "unit_sign_met": "：按时签收",
        "unit_due": "：办结时限",
        "unit_met": "：按时办结",
        "unit_reported": "：反馈",
        "unit_days": "：办理用时中位数",
        "unit_asked": "：回访评价",
        "unit_content": "：满意",
    }
)


def _next_month(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)
