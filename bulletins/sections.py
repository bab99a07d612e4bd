"""The first parts of a bulletin, one function each: figures in, headed sections out; the others stand beside.

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
from dataclasses import field
from dataclasses import replace
from datetime import timedelta

from bulletins import wording
from bulletins.evidence import row_key
from bulletins.topics import with_topics
from bulletins.wording import Manner
from huanyu.redact import mask
from huanyu.text import normalise
from huanyu.text import shorten
from huanyu.types import CaseLine
from huanyu.types import Figure
from huanyu.types import Figures
from huanyu.types import Remark
from huanyu.types import Section
from huanyu.types import Sentence
from huanyu.types import SourceKind

TOP = 10  # a leader reads ten matters; the others stand in the table of open matters
LISTED = 20  # one page of table; the ledger has the rest
QUOTE = 120  # about four lines of print
TITLE = 40
APART = "\n"  # before a sentence that begins a paragraph: a leader reads the overview in a minute
REPOSTS = "转载或重复刊发的投诉信息{reposts_new}，未重复计数。"
_ADDRESS = re.compile(r"(?:https?://|www\.|(?:m\.)?weibo\.c(?:om|n)/|t\.cn/)[!-~]+")
PARTLY = "partly"  # not seen at some time of the period
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
    PARTLY: "有时未能读取",
}


@dataclass(frozen=True, slots=True)
class Desk:
    """All that the sections are written from."""

    figures: Figures
    counts: Mapping[str, Figure]
    label: Callable[[str], str]
    areas: tuple[str, ...]  #: official order; every one is listed, with zero too
    manner: Manner = wording.DAILY
    cells: Mapping[str, Figure] = field(default_factory=dict)  #: figures of tables by key
    remarks: tuple[Remark, ...] = ()
    topic: str = ""  #: what a 专报 is about

    def say(self, template: str, cases: Sequence[int] = ()) -> Sentence:
        """A sentence of figures in the manner of this period."""
        return wording.say(template, self.counts, cases, self.manner)


def safe(line: CaseLine, label: Callable[[str], str]) -> CaseLine:
    """The line as it may be printed: Chinese labels, personal data masked, texts cleaned and shortened.

    A citizen's post is never linked: its address carries their account, and the paper goes to every unit
    (信访工作条例 30). The case number leads those who may see it to the post.
    """
    return replace(
        line,
        title=shown(line.title, TITLE) or "（无标题）",
        quote=shown(line.quote, QUOTE),
        kinds=tuple(label(kind) for kind in line.kinds),
        area=label(line.area) if line.area else "地点待核",
        source_kind=label(line.source_kind),
        state=label(line.state),
        unit=label(line.unit) if line.unit else "待分派",
        url=normalise(line.url) if line.source_kind == SourceKind.NEWS else "",
        answered_url=normalise(line.answered_url),
    )


def shown(text: str, limit: int) -> str:
    """A citizen's words without what names or leads to a person."""
    return shorten(_ADDRESS.sub("", mask(normalise(text))), limit)


def overview(desk: Desk) -> Section:
    """What happened in the period and where things stand at its end."""
    quiet = all(wording.figure_of(desk.counts, key).value == 0 for key in ("cases_opened", "cases_appended"))
    now, end = desk.manner.now, desk.manner.end
    opening = (
        f"{now}未新立环境投诉{{cases_opened:change}}；新立{{cases_opened}}，并入已有事项的信息{{cases_appended}}。"
        if quiet
        else f"{now}新立环境投诉{{cases_opened}}{{cases_opened:change}}；另有{{cases_appended}}信息并入已有事项。"
    )
    earlier = f"新立投诉中，{{cases_earlier}}源于此前发布、{now}才收到或研判的信息。"
    templates = (
        opening,
        *((earlier,) if wording.figure_of(desk.counts, "cases_earlier").value else ()),
        *((REPOSTS,) if wording.figure_of(desk.counts, "reposts_new").value else ()),
        f"{APART}{now}公开答复{{cases_answered}}{{cases_answered:change}}；办结{{cases_closed}}。",
        "各渠道共发出答复{replies_sent}，一件可在多个渠道答复。",
        f"{APART}截至{end}，在办{{cases_open}}，其中超期{{cases_overdue}}。",
        "本年累计立件{year_cases}，已答复{year_answered}。",
    )
    sentences = [desk.say(template) for template in templates]
    drawn = (*desk.figures.trend, *desk.figures.trend_before)
    trend = tuple(f"trend:{row_key(row)}" for row in drawn)
    sentences.append(Sentence(text="走势图中同一事项只计一件。", figures=trend))
    if _unseen(desk, PARTLY, *UNSEEN):
        sentences.append(Sentence(text=f"{APART}有来源未能读取，未见不等于没有，见“来源覆盖”。"))
    return Section(
        heading=f"{now}概况",
        sentences=tuple(sentences),
        chart="trend" if trend else "",
        chart_before=desk.figures.trend_before,
    )


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
        text=f"截至{desk.manner.end}尚未答复的事项，按最先到期的时限排列，距时限自{desk.manner.end}起算。",
        cases=tuple(line.case_id for line in waiting),
    )
    rows = tuple(_deadline_row(desk, line) for line in waiting[:LISTED])
    return Section(
        heading="限时答复清单",
        sentences=(told, *rest(len(waiting), told.cases)),
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
        told = desk.say(f"截至{desk.manner.end}，超期事项{{cases_overdue}}。")
        return Section(heading="超期情况", sentences=(told,))
    told = desk.say(
        f"截至{desk.manner.end}，超期事项{{cases_overdue}}{{cases_overdue:change}}，按承办单位列下。",
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
    """The new matters worth a leader's minute, urgent first, then the most talked about; and the period's topics."""
    ranked = sorted(
        desk.figures.new_cases, key=lambda line: (not line.urgent, -line.posts, line.opened_at, line.case_id)
    )
    if not ranked:
        quiet = Section(heading="重点事项", sentences=(_no_new(desk),))
        return with_topics(quiet, desk.figures)
    top = tuple(safe(line, desk.label) for line in ranked[:TOP])
    words = "按紧急程度和信息量排列，引文已隐去个人信息并作删节。"
    if len(ranked) > TOP:
        words = f"新立事项较多，仅列前{TOP}件，其余见“在办事项”。" + words
    told = Sentence(text=words, cases=tuple(line.case_id for line in ranked))
    return with_topics(Section(heading="重点事项", sentences=(told,), items=top), desk.figures)


def _no_new(desk: Desk) -> Sentence:
    """An empty period is told by its own name."""
    if desk.manner == wording.DAILY:
        return Sentence(text="当日没有新立事项。")
    return desk.say(f"{desk.manner.now}新立事项{{cases_opened}}。")


def rest(number: int, cases: tuple[int, ...]) -> tuple[Sentence, ...]:
    if number <= LISTED:
        return ()
    return (
        Sentence(
            text=f"下表只列时限最近的{LISTED}件，其余{number - LISTED}件见舆情台案件列表。", cases=cases
        ),
    )


def coverage(desk: Desk) -> Section:
    """What each source gave, and what this issue did not see."""
    listed = desk.figures.sources
    if not listed:
        return Section(
            heading="来源覆盖", sentences=(Sentence(text="尚未配置信息来源，本期内容不反映网上情况。"),)
        )
    unseen, partly = _unseen(desk, *UNSEEN), _unseen(desk, PARTLY)
    keys = tuple(
        key for line in listed for key in (f"source_posts:{line.key}", f"source_complaints:{line.key}")
    )
    words = f"本期未能读取：{'、'.join(unseen)}。" if unseen else ""
    words += f"本期有时未能读取：{'、'.join(partly)}。" if partly else ""
    words = words or "本期各信息来源均已读取。"
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
    """What people found among posts that were called no complaint; nothing where nobody looked."""
    judged = desk.counts.get("samples_judged")
    if judged is None or not judged.value:
        return ()
    words = "人工抽查未判为投诉的信息{samples_judged}，其中漏判投诉{samples_missed}。"
    return (desk.say(f"{desk.manner.now}{words}"),)


def _unseen(desk: Desk, *states: str) -> list[str]:
    return [normalise(line.name) for line in desk.figures.sources if line.state in states]
