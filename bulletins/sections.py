"""The parts of the daily 舆情, one function each: figures in, headed sections out.

Order and wording are here; fonts, pages and files are not. No total over channels is printed: the overlap of,
say, Weibo and an outside platform is unknown. Trend, kinds and areas do come counted over all channels.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from datetime import timedelta

from bulletins import wording
from bulletins.evidence import row_key
from bulletins.topics import with_topics
from huanyu.redact import mask
from huanyu.text import normalise
from huanyu.text import shorten
from huanyu.types import CaseLine
from huanyu.types import Figure
from huanyu.types import Figures
from huanyu.types import Row
from huanyu.types import Section
from huanyu.types import Sentence
from huanyu.types import SourceKind

TOP = 10  # a leader reads ten matters; the others stand in the table of open matters
LISTED = 20  # one page of table; the ledger has the rest
QUOTE = 120  # about four lines of print
TITLE = 40
#: cases are counted on the day they were opened, posts on the day they were said: the two never add up
BY_POST = "按当日发布的投诉信息条数计，与新立件数口径不同。"
_ADDRESS = re.compile(r"(?:https?://|www\.|(?:m\.)?weibo\.c(?:om|n)/|t\.cn/)[!-~]+")
UNSEEN = frozenset({"wall", "login_needed", "robots_closed", "silent", "failing"})
SOURCE_STATES = {
    "ok": "正常",
    "slow": "偏慢",
    "wall": "遇验证墙",
    "login_needed": "需登录",
    "robots_closed": "站点不许抓取",
    "silent": "静默",
    "failing": "读取失败",
    "paused": "已停用",
}


@dataclass(frozen=True, slots=True)
class Desk:
    """All that the sections are written from."""

    figures: Figures
    counts: Mapping[str, Figure]
    label: Callable[[str], str]
    areas: tuple[str, ...]  #: official order; every one is listed, with zero too


def safe(line: CaseLine, label: Callable[[str], str]) -> CaseLine:
    """The line as it may be printed: Chinese labels, personal data masked, texts cleaned and shortened.

    A citizen's post is never linked: its address carries their account, and the paper goes to every unit
    (信访工作条例 30). The case number leads those who may see it to the post.
    """
    return replace(
        line,
        title=_shown(line.title, TITLE) or "（无标题）",
        quote=_shown(line.quote, QUOTE),
        kinds=tuple(label(kind) for kind in line.kinds),
        area=label(line.area) if line.area else "地点待核",
        source_kind=label(line.source_kind),
        state=label(line.state),
        unit=label(line.unit) if line.unit else "待分派",
        url=normalise(line.url) if line.source_kind == SourceKind.NEWS else "",
        answered_url=normalise(line.answered_url),
    )


def _shown(text: str, limit: int) -> str:
    """A citizen's words without what names or leads to a person."""
    return shorten(_ADDRESS.sub("", mask(normalise(text))), limit)


def overview(desk: Desk) -> Section:
    """What happened in the period and where things stand at its end."""
    quiet = all(wording.figure_of(desk.counts, key).value == 0 for key in ("cases_opened", "cases_appended"))
    opening = (
        "当日未新立环境投诉（{cases_opened}{cases_opened:change}），亦无信息并入已有事项（{cases_appended}）。"
        if quiet
        else "当日新立环境投诉{cases_opened}{cases_opened:change}；另有{cases_appended}信息并入已有事项。"
    )
    earlier = "新立投诉中，{cases_earlier}源于此前发布、当日才收到或研判的信息。"
    templates = (
        opening,
        *((earlier,) if wording.figure_of(desk.counts, "cases_earlier").value else ()),
        "当日公开答复{cases_answered}{cases_answered:change}；办结{cases_closed}。",
        "各公开渠道当日共发出答复{replies_sent}，一件可在多个渠道答复。",
        "截至当日24时，在办{cases_open}，其中超期{cases_overdue}。",
        "本年累计立件{year_cases}，已答复{year_answered}。",
    )
    sentences = [wording.say(template, desk.counts) for template in templates]
    if _unseen(desk):
        sentences.append(Sentence(text="当日有信息来源未能读取，未见不等于没有，详见本期“来源覆盖”。"))
    trend = tuple(f"trend:{row_key(row)}" for row in desk.figures.trend)
    note = Sentence(text="走势图按新立投诉件数绘制，同一事项只计一件。", figures=trend)
    return Section(heading="当日概况", sentences=(*sentences, note), chart="trend" if trend else "")


def deadlines(desk: Desk) -> Section:
    """What must be answered by when: the 24 h / 48 h list, most urgent first."""
    waiting = sorted(
        (line for line in desk.figures.unanswered if line.due), key=lambda line: (line.due, line.case_id)
    )
    if not waiting:
        return Section(
            heading="限时答复清单", sentences=(Sentence(text="目前没有等待首次答复且时限已定的事项。"),)
        )
    told = Sentence(
        text="截至当日24时尚未答复的事项，按最先到期的时限排列，距时限自当日24时起算。",
        cases=tuple(line.case_id for line in waiting),
    )
    rows = tuple(_deadline_row(desk, line) for line in waiting[:LISTED])
    return Section(
        heading="限时答复清单",
        sentences=(told, *_rest(len(waiting), told.cases)),
        table_head=("最近时限", "距时限", "事项", "承办单位", "编号"),
        table=rows,
    )


def _deadline_row(desk: Desk, line: CaseLine) -> tuple[str, ...]:
    shown = safe(line, desk.label)
    title = f"【紧急】{shown.title}" if shown.urgent else shown.title
    end = desk.figures.period_to
    due = line.due or end
    return (wording.minute(due), _left(due - end), title, shown.unit, shown.number)


def _left(left: timedelta) -> str:
    if left < timedelta(0):
        return f"已超{wording.span(left)}"
    if left <= timedelta(hours=24):
        return "24小时内"
    if left <= timedelta(hours=48):
        return "48小时内"
    return f"余{wording.span(left)}"


def overdue(desk: Desk) -> Section:
    """Who is late, by unit, longest first."""
    by_unit: dict[str, list[CaseLine]] = defaultdict(list)
    for line in desk.figures.overdue:
        by_unit[line.unit].append(line)
    if not by_unit:
        told = wording.say("截至当日24时，超期事项{cases_overdue}。", desk.counts)
        return Section(heading="超期情况", sentences=(told,))
    told = wording.say(
        "截至当日24时，超期事项{cases_overdue}{cases_overdue:change}，按承办单位列下。",
        desk.counts,
        [line.case_id for line in desk.figures.overdue],
    )
    rows = [_late_row(desk, unit, late) for unit, late in by_unit.items()]
    rows.sort(key=lambda row: (-int(row[1]), row[0]))
    return Section(
        heading="超期情况",
        sentences=(told,),
        table_head=("承办单位", "件数", "最长超期", "编号"),
        table=tuple(rows),
    )


def _late_row(desk: Desk, unit: str, late: Sequence[CaseLine]) -> tuple[str, ...]:
    ends = [desk.figures.period_to - line.due for line in late if line.due]
    longest = wording.span(max(ends)) if ends else "—"
    numbers = "、".join(line.number for line in late)
    return (desk.label(unit) if unit else "待分派", str(len(late)), longest, numbers)


def hot(desk: Desk) -> Section:
    """The new matters worth a leader's minute, urgent first, then the most talked about; and the day's topics."""
    ranked = sorted(
        desk.figures.new_cases, key=lambda line: (not line.urgent, -line.posts, line.opened_at, line.case_id)
    )
    if not ranked:
        quiet = Section(heading="重点事项", sentences=(Sentence(text="当日没有新立事项。"),))
        return with_topics(quiet, desk.figures.topics)
    top = tuple(safe(line, desk.label) for line in ranked[:TOP])
    words = "按紧急程度和信息量排列，引文已隐去个人信息并作删节。"
    if len(ranked) > TOP:
        words = f"新立事项较多，仅列前{TOP}件，其余见“在办事项”。" + words
    told = Sentence(text=words, cases=tuple(line.case_id for line in ranked))
    return with_topics(Section(heading="重点事项", sentences=(told,), items=top), desk.figures.topics)


def channels(desk: Desk) -> Section:
    """By source kind, side by side with the day before; there is no total line on purpose."""
    shown = [figure for figure in _channels(desk) if figure.value or figure.previous]
    if not shown:
        return Section(
            heading="信息来源", sentences=(Sentence(text="当日及前一日各来源均未见环境投诉信息。"),)
        )
    told = Sentence(
        text=f"{BY_POST}各来源口径不同，同一事项可能在多个来源出现，重叠多少未知，故分列而不相加。",
        figures=tuple(figure.key for figure in shown),
    )
    rows = tuple(
        (
            desk.label(figure.key.removeprefix("complaints_")),
            f"{figure.value}{figure.unit}",
            "—" if figure.previous is None else f"{figure.previous}{figure.unit}",
            wording.step(figure),
            wording.growth(figure),
        )
        for figure in shown
    )
    return Section(
        heading="信息来源",
        sentences=(told,),
        table_head=("来源", "当日投诉信息", "前一日", "增减", "环比"),
        table=rows,
    )


def _channels(desk: Desk) -> list[Figure]:
    """Complaints per source kind; the store's sum over all of them is left out."""
    return [
        figure
        for key, figure in desk.counts.items()
        if key.startswith("complaints_") and key != "complaints_new"
    ]


def kinds(desk: Desk) -> Section:
    """By kind (one item may have several) and by mood."""
    rows = sorted(
        (row for row in desk.figures.by_kind if row.count), key=lambda row: (-row.count, row_key(row))
    )
    mood = _mood(desk)
    if not rows:
        empty = Sentence(text="当日未见可归类的环境投诉信息。")
        return Section(heading="投诉类别与情绪", sentences=(empty, *mood))
    note = Sentence(
        text=f"{BY_POST}一条信息可同时涉及多个类别，各类条数之和可大于信息条数，占比之和可超过百分之百。",
        figures=tuple(f"kind:{row_key(row)}" for row in rows),
    )
    return Section(
        heading="投诉类别与情绪",
        sentences=(note, *mood),
        table_head=("类别", "条数") * 2,
        table=_folded([(desk.label(row_key(row)), str(row.count)) for row in rows]),
    )


def _mood(desk: Desk) -> tuple[Sentence, ...]:
    rows = [row for row in desk.figures.by_sentiment if row.count]
    if not rows:
        return ()
    words = "、".join(f"{desk.label(row_key(row))}{row.count}条" for row in rows)
    return (
        Sentence(
            text=f"当日已研判信息（含非投诉信息）的情绪倾向：{words}。",
            figures=tuple(f"sentiment:{row_key(row)}" for row in rows),
        ),
    )


def places(desk: Desk) -> Section:
    """By county and zone in the official order; those without a complaint are listed with zero."""
    counted = {row_key(row): row for row in desk.figures.by_area}
    order = [*desk.areas, *sorted(key for key in counted if key not in desk.areas)]
    if not order:
        return Section(heading="投诉区域", sentences=(Sentence(text="当日没有可列的区域。"),))
    known = [key for key in order if key in counted]
    cells = [(desk.label(key) if key else "地点待核", str(_count(counted.get(key)))) for key in order]
    note = Sentence(
        text=f"{BY_POST}依行政区划惯用顺序排列；地点未能从文中认定的另列。",
        figures=(*(f"area:{key}" for key in known), *(figure.key for figure in _channels(desk))),
    )
    return Section(
        heading="投诉区域", sentences=(note,), table_head=("区域", "条数") * 2, table=_folded(cells)
    )


def _count(row: Row | None) -> int:
    return row.count if row else 0


def _folded(cells: Sequence[tuple[str, str]]) -> tuple[tuple[str, ...], ...]:
    """A long two-column list as two halves side by side, read down the left half first."""
    half = (len(cells) + 1) // 2
    right = [*cells[half:], ("", "")]
    return tuple((*left, *right[place]) for place, left in enumerate(cells[:half]))


def open_matters(desk: Desk) -> Section:
    """Handling state of everything open."""
    states = [row for row in desk.figures.by_state if row.count]
    summary = wording.say("在办事项共{cases_open}{cases_open:change}。", desk.counts)
    if states:
        words = "、".join(f"{desk.label(row_key(row))}{row.count}件" for row in states)
        keys = tuple(f"state:{row_key(row)}" for row in states)
        summary = replace(
            summary, text=f"{summary.text}办理状态：{words}。", figures=(*summary.figures, *keys)
        )
    ranked = sorted(
        desk.figures.open_cases,
        key=lambda line: (line.due is None, line.due or desk.figures.period_to, line.case_id),
    )
    ids = tuple(line.case_id for line in ranked)
    return Section(
        heading="在办事项",
        sentences=(replace(summary, cases=ids), *_rest(len(ranked), ids)),
        table_head=("编号", "事项", "承办单位", "状态", "时限") if ranked else (),
        table=tuple(_open_row(desk, line) for line in ranked[:LISTED]),
    )


def _open_row(desk: Desk, line: CaseLine) -> tuple[str, ...]:
    shown = safe(line, desk.label)
    due = wording.minute(line.due) if line.due else "—"
    return (shown.number, shown.title, shown.unit, shown.state, due)


def _rest(number: int, cases: tuple[int, ...]) -> tuple[Sentence, ...]:
    if number <= LISTED:
        return ()
    return (
        Sentence(
            text=f"下表只列时限最近的{LISTED}件，其余{number - LISTED}件见舆情台案件列表。", cases=cases
        ),
    )


def answered(desk: Desk) -> Section:
    """What was answered in public during the period."""
    shown = [safe(line, desk.label) for line in desk.figures.answered]
    told = wording.say(
        "当日公开答复{cases_answered}。", desk.counts, [line.case_id for line in desk.figures.answered]
    )
    return Section(
        heading="公开答复",
        sentences=(told,),
        table_head=("编号", "事项", "承办单位", "答复页面") if shown else (),
        table=tuple((line.number, line.title, line.unit, line.answered_url or "—") for line in shown),
    )


def coverage(desk: Desk) -> Section:
    """What each source gave, and what this issue did not see."""
    listed = desk.figures.sources
    if not listed:
        return Section(
            heading="来源覆盖", sentences=(Sentence(text="尚未配置信息来源，本期内容不反映网上情况。"),)
        )
    unseen = _unseen(desk)
    keys = tuple(
        key for line in listed for key in (f"source_posts:{line.key}", f"source_complaints:{line.key}")
    )
    words = f"本期未能读取：{'、'.join(unseen)}。" if unseen else "本期各信息来源均已读取。"
    rows = tuple(
        (
            normalise(line.name),
            desk.label(line.kind),
            str(line.posts),
            str(line.complaints),
            normalise(line.sentence) or SOURCE_STATES.get(line.state, line.state),
        )
        for line in listed
    )
    return Section(
        heading="来源覆盖",
        sentences=(Sentence(text=words, figures=keys), *_sampled(desk)),
        table_head=("来源", "类型", "信息", "投诉", "状况"),
        table=rows,
    )


def _sampled(desk: Desk) -> tuple[Sentence, ...]:
    """What people found among posts that were called no complaint; nothing on a day when nobody looked."""
    judged = desk.counts.get("samples_judged")
    if judged is None or not judged.value:
        return ()
    words = "当日人工抽查未判为投诉的信息{samples_judged}，其中漏判投诉{samples_missed}。"
    return (wording.say(words, desk.counts),)


def _unseen(desk: Desk) -> list[str]:
    return [normalise(line.name) for line in desk.figures.sources if line.state in UNSEEN]
