"""Sections of counts: channels, kinds, moods, places, levels, side by side with the periods before.

Posts and cases are counted apart; shares are told of cases only, because posts of several channels may overlap.
"""

from __future__ import annotations

from collections.abc import Sequence

from bulletins import wording
from bulletins.evidence import row_key
from bulletins.sections import Desk
from huanyu.types import Figure
from huanyu.types import Row
from huanyu.types import Section
from huanyu.types import Sentence

LEVELS = ("特别重大", "重大", "较大", "一般")
TOP_KINDS = 15  # lines of a table; the rest is told as one number of kinds


def by_post(desk: Desk) -> str:
    """Cases count on the day they were opened, posts on the day they were said: the two never add up."""
    return f"按{desk.manner.now}发布的投诉信息条数计，与新立件数口径不同。"


def channels(desk: Desk) -> Section:
    """By source kind, side by side with the period before; there is no total line on purpose."""
    spoken = desk.manner
    shown = [figure for figure in _channels(desk) if figure.value or figure.previous or figure.year_before]
    if not shown:
        nothing = f"{spoken.now}及{spoken.before}各来源均未见环境投诉信息。"
        return Section(heading="信息来源", sentences=(Sentence(text=nothing),))
    told = Sentence(
        text=f"{by_post(desk)}各来源口径不同，同一事项可能在多个来源出现，重叠多少未知，故分列而不相加。",
        figures=tuple(figure.key for figure in shown),
    )
    yearly = any(figure.year_before is not None for figure in shown)
    before = any(figure.previous is not None for figure in shown)  # else the columns were all dashes
    head: tuple[str, ...] = (
        "来源",
        f"{spoken.now}投诉信息",
        *((spoken.before, "增减", "环比") if before else ()),
    )
    rows = [_channel_row(desk, figure)[: len(head)] for figure in shown]
    if yearly:
        head = (*head, "同比")
        rows = [
            (*row, wording.growth_in_a_year(figure, spoken.small))
            for row, figure in zip(rows, shown, strict=True)
        ]
    told_apart = desk.figures.span != "day"  # a daily keeps to its first page
    return Section(
        heading="信息来源",
        sentences=(told,),
        table_head=head,
        table=tuple(rows),
        chart="channels" if told_apart else "",
        chart_rows=_points(desk, shown),
        chart_before=_points_before(desk, shown),
    )


def _points(desk: Desk, figures: Sequence[Figure]) -> tuple[Row, ...]:
    """What a chart draws of figures."""
    return tuple(Row(label=_drawn(desk, figure), count=figure.value, key=figure.key) for figure in figures)


def _points_before(desk: Desk, figures: Sequence[Figure]) -> tuple[Row, ...]:
    """The same of the period before, where it was counted."""
    return tuple(
        Row(label=_drawn(desk, figure), count=figure.previous, key=figure.key)
        for figure in figures
        if figure.previous is not None
    )


def _drawn(desk: Desk, figure: Figure) -> str:
    return desk.label(figure.key.rpartition(":")[2].removeprefix("complaints_")) or "地点待核"


def _channel_row(desk: Desk, figure: Figure) -> tuple[str, ...]:
    return (
        desk.label(figure.key.removeprefix("complaints_")),
        f"{figure.value}{figure.unit}",
        "—" if figure.previous is None else f"{figure.previous}{figure.unit}",
        wording.step(figure),
        wording.growth(figure, desk.manner.small),
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
        empty = Sentence(text=f"{desk.manner.now}未见可归类的环境投诉信息。")
        return Section(heading="投诉类别与情绪", sentences=(empty, *mood))
    note = Sentence(
        text=f"{by_post(desk)}一条信息可同时涉及多个类别，各类条数之和可大于信息条数，占比之和可超过百分之百。",
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
            text=f"{desk.manner.now}已研判信息（含非投诉信息）的情绪倾向：{words}。",
            figures=tuple(f"sentiment:{row_key(row)}" for row in rows),
        ),
    )


def places(desk: Desk) -> Section:
    """By county and zone in the official order; those without a complaint are listed with zero."""
    counted = {row_key(row): row for row in desk.figures.by_area}
    order = [*desk.areas, *sorted(key for key in counted if key not in desk.areas)]
    if not order:
        nothing = Sentence(text=f"{desk.manner.now}没有可列的区域。")
        return Section(heading="投诉区域", sentences=(nothing,))
    known = [key for key in order if key in counted]
    cells = [(desk.label(key) if key else "地点待核", str(_count(counted.get(key)))) for key in order]
    note = Sentence(
        text=f"{by_post(desk)}依行政区划惯用顺序排列；地点未能从文中认定的另列。",
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


def case_kinds(desk: Desk) -> Section:
    """Cases opened by kind, with shares of the cases and the change of the leading kind in percentage points."""
    found = sorted(_group(desk, "case_kind"), key=lambda figure: (-figure.value, figure.key))
    shown = [figure for figure in found if figure.value]
    heading = "新立事项类别"
    if not shown:
        return Section(heading=heading, sentences=(desk.say(f"{desk.manner.now}新立事项{{cases_opened}}。"),))
    whole = wording.figure_of(desk.counts, "cases_opened")
    words = f"按新立件数（{whole.value}件）计，一件可涉及多个类别，各类件数之和可大于新立件数，占比之和可超过百分之百。"
    if len(shown) > TOP_KINDS:
        words += f"仅列前{TOP_KINDS}类，共涉及{len(shown)}类。"
    keys = (whole.key, *(figure.key for figure in shown))
    return Section(
        heading=heading,
        sentences=(Sentence(text=words, figures=keys), *_leading(desk, shown[0], whole)),
        table_head=("类别", "件数", "占新立件数", *_compared_head(desk)),
        table=tuple(
            (_name(desk, figure), str(figure.value), _share(desk, figure, whole), *_compared(desk, figure))
            for figure in shown[:TOP_KINDS]
        ),
        chart="kinds",
        chart_rows=_points(desk, shown),
        chart_before=_points_before(desk, shown),
        chart_unit="件",
    )


def _leading(desk: Desk, first: Figure, whole: Figure) -> tuple[Sentence, ...]:
    small = desk.manner.small
    if whole.value < small:
        words = f"新立件数不足{small}件，基数小，不计占比。"
        return (Sentence(text=words, figures=(whole.key,)),)
    now = wording.share(first.value, whole.value)
    words = f"件数最多的是{_name(desk, first)}，{first.value}件，占{now}%"
    if first.previous is not None and whole.previous and whole.previous >= small:
        before = wording.share(first.previous, whole.previous)
        told = wording.points(now, before, desk.manner.before)
        words += f"，占比{told}（{desk.manner.before}{first.previous}件，占{before}%）"
    return (Sentence(text=f"{words}。", figures=(first.key, whole.key)),)


def _share(desk: Desk, figure: Figure, whole: Figure) -> str:
    return "—" if whole.value < desk.manner.small else f"{wording.share(figure.value, whole.value)}%"


def case_places(desk: Desk) -> Section:
    """Cases opened by county and zone in the official order, zeros too."""
    counted = {_last(figure): figure for figure in _group(desk, "case_area")}
    order = [*desk.areas, *sorted(key for key in counted if key not in desk.areas)]
    whole = wording.figure_of(desk.counts, "cases_opened")
    note = Sentence(
        text="按新立件数计，依行政区划惯用顺序排列；地点未能认定的另列。",
        figures=(whole.key, *(figure.key for figure in counted.values())),
    )
    rows = tuple(
        (desk.label(key) if key else "地点待核", *_numbers(desk, counted.get(key), whole)) for key in order
    )
    head = ("区域", "件数", *_compared_head(desk)) if rows else ()
    listed = [counted.get(key) or _none(f"case_area:{key}", whole) for key in order]
    return Section(
        heading="新立事项区域",
        sentences=(note,),
        table_head=head,
        table=rows,
        chart="areas" if rows else "",
        chart_rows=_points(desk, listed),
        chart_before=_points_before(desk, listed),
        chart_unit="件",
    )


def _none(key: str, whole: Figure) -> Figure:
    """A figure nothing was counted for, now or before."""
    earlier = None if whole.previous is None else 0
    return Figure(key=key, value=0, unit="件", label=key, query="", previous=earlier)


def _numbers(desk: Desk, figure: Figure | None, whole: Figure) -> tuple[str, ...]:
    if figure is None:  # neither now nor in the periods it is compared with
        had = (whole.previous is not None, whole.year_before is not None)
        return ("0", *(cell for told in had if told for cell in ("0", "—")))
    return (str(figure.value), *_compared(desk, figure))


def levels(desk: Desk) -> Section:
    """Cases opened by level, gravest first."""
    counted = {_last(figure): figure for figure in _group(desk, "case_level")}
    graver = [counted[level] for level in LEVELS if level in counted and counted[level].value]
    if not graver:
        told = desk.say(f"{desk.manner.now}新立事项{{cases_opened}}，无等级可列。")
        return Section(heading="事项等级", sentences=(told,))
    words = "、".join(f"{_last(figure)}{figure.value}件" for figure in graver)
    told = Sentence(
        text=f"{desk.manner.now}新立事项按等级：{words}。等级由程序按触发词提出，只升不降，由人确认。",
        figures=tuple(figure.key for figure in graver),
    )
    return Section(heading="事项等级", sentences=(told,))


def _compared_head(desk: Desk) -> tuple[str, ...]:
    whole = wording.figure_of(desk.counts, "cases_opened")
    head: tuple[str, ...] = ()
    if whole.previous is not None:
        head = (desk.manner.before, "环比")
    if whole.year_before is not None:
        head = (*head, desk.manner.a_year_ago, "同比")
    return head


def _compared(desk: Desk, figure: Figure) -> tuple[str, ...]:
    small = desk.manner.small
    cells: tuple[str, ...] = ()
    if figure.previous is not None:
        cells = (str(figure.previous), wording.growth(figure, small))
    if figure.year_before is not None:
        cells = (*cells, str(figure.year_before), wording.growth_in_a_year(figure, small))
    return cells


def _group(desk: Desk, group: str) -> list[Figure]:
    return [figure for key, figure in desk.cells.items() if key.startswith(f"{group}:")]


def _last(figure: Figure) -> str:
    return figure.key.partition(":")[2]


def _name(desk: Desk, figure: Figure) -> str:
    return desk.label(_last(figure))
