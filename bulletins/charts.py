"""The bulletin's charts: one specification each, as SVG for HTML and PDF and as PNG for DOCX.

Made to be read on a grey copy: what differs is told by dash, fill and printed number, never by colour alone.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import altair
import vl_convert

from bulletins.glyphs import FOLDER
from bulletins.glyphs import printable
from huanyu.errors import NotFound
from huanyu.periods import CALLED
from huanyu.types import Bulletin
from huanyu.types import Row
from huanyu.types import Section

FONT = "Noto Sans SC"
WIDE, NARROW = 590, 340  # pixels: the 156 mm type area with 12 px as 9 pt, and a phone
KEPT = 16  # drawings: more than one issue has
PNG_SCALE = 3  # about 290 dpi at 156 mm
RED, GREY, INK, RULE, PAPER = "#b3201d", "#b4b8bc", "#333333", "#e3e3e3", "#ffffff"
SHADES = ("#ffffff", "#e4e6e8", "#bfc3c7", "#6b7178", "#3a4046")  # none, then by quarters of the largest
BARS = 12  # more bars than this are a table
_DOTTED = 40  # more points than this are a line without dots
_LABELLED = 16  # more points than this carry no number each
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_NAMED = MappingProxyType({"kinds": "类别", "areas": "区域分布", "channels": "来源"})
_FRAMED = "实心为{now}，虚框为{before}"
_COMPARED = MappingProxyType(
    {
        "trend": "实线为{now}，虚线为{before}",
        "areas": "括号内为与{before}之差",
        "kinds": _FRAMED,
        "channels": _FRAMED,
    }
)
_Drawn = altair.LayerChart | altair.FacetChart


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart and what it is drawn from."""

    kind: str  #: trend | kinds | areas | channels
    rows: tuple[Row, ...]
    before: tuple[Row, ...]
    caption: str  #: for the line under it and for readers who cannot see it
    called: tuple[str, str] = ("本期", "上期")  #: the period and the one before, in the legend


def picture(bulletin: Bulletin, part: Section) -> Picture | None:
    """The section's chart; None where it has none or nothing to draw."""
    if not part.chart:
        return None
    if part.chart not in _CHARTS:
        raise NotFound("没有这种图", chart=part.chart)
    usual = {"trend": bulletin.trend, "kinds": bulletin.kinds}.get(part.chart, ())
    rows = part.chart_rows or usual
    if not any(row.count for row in (*rows, *part.chart_before)):
        return None
    caption = part.chart_caption or _caption(bulletin, part, rows)
    return Picture(part.chart, rows, part.chart_before, caption, _called(bulletin))


def gap(bulletin: Bulletin, part: Section) -> str:
    """What stands in the place of a chart that has nothing to draw; "" where none is wanted."""
    if not part.chart or picture(bulletin, part) is not None:
        return ""
    rows = part.chart_rows or {"trend": bulletin.trend, "kinds": bulletin.kinds}.get(part.chart, ())
    return "图中各项均为零，图从略。" if rows else "本期没有可供绘图的数据，图从略。"


@lru_cache(maxsize=KEPT)
def svg(drawn: Picture, width: int = WIDE) -> bytes:
    """The chart as SVG, `width` pixels wide; HTML, PDF and DOCX of one issue ask for the same one."""
    register_fonts()
    return str(vl_convert.vegalite_to_svg(specification(drawn, width))).encode()


def png(drawn: Picture) -> bytes:
    """The chart as PNG."""
    return bytes(vl_convert.svg_to_png(svg(drawn).decode(), scale=PNG_SCALE))


def _called(bulletin: Bulletin) -> tuple[str, str]:
    now, before, _ = CALLED.get(bulletin.span, CALLED["free"])
    return now, before


def _caption(bulletin: Bulletin, part: Section, rows: Sequence[Row]) -> str:
    unit = part.chart_unit or ("件" if part.chart == "trend" else "条")
    what = "新立事项" if unit == "件" else "投诉信息"
    now, _ = _called(bulletin)
    notes = "，".join((unit, *_notes(bulletin, part, rows, unit)))
    if part.chart == "trend":
        step = "月" if rows and _MONTH.fullmatch(_key(rows[0])) else "日"
        span = f"近{len(rows)}日" if bulletin.span == "day" else f"{now}逐{step}"
        return f"{span}新立环境投诉走势（{notes}）"
    return f"{now}{what}{_NAMED[part.chart]}（{notes}）"


def _notes(bulletin: Bulletin, part: Section, rows: Sequence[Row], unit: str) -> Iterator[str]:
    now, before = _called(bulletin)
    if part.chart == "kinds":
        yield f"一{unit}可涉多类"
    if part.chart == "kinds" and sum(1 for row in rows if row.count) > BARS:
        yield f"仅列前{BARS}类"
    if part.chart_before:
        yield _COMPARED[part.chart].format(now=now, before=before)
    elif part.chart == "trend" and bulletin.span == "day":
        yield "深色为当日"


@cache
def register_fonts() -> None:
    """Drawing uses the fonts that come with the program, once a process."""
    vl_convert.register_font_directory(str(FOLDER))


def specification(drawn: Picture, width: int = WIDE, check: bool = False) -> dict[str, Any]:
    """The chart in Vega-Lite; `check` holds it against the schema, which takes longer than drawing it."""
    draw = _CHARTS.get(drawn.kind)
    if draw is None:
        raise NotFound("没有这种图", chart=drawn.kind)
    chart = draw(drawn, width).configure(
        font=FONT, background="white", autosize={"type": "fit", "contains": "padding"}, padding=2
    )
    chart = chart.configure_view(stroke=None).configure_axis(
        labelFontSize=12, labelColor=INK, domainColor=INK, gridColor=RULE, ticks=False, labelPadding=5
    )
    chart = chart.configure_legend(
        orient="top", title=None, labelFontSize=12, labelColor=INK, symbolStrokeWidth=2, offset=4, padding=0
    )
    return dict(chart.to_dict(validate=check))


def _trend(drawn: Picture, width: int) -> _Drawn:
    return _lines(drawn, width) if drawn.before else _columns(drawn, width)


def _columns(drawn: Picture, width: int) -> _Drawn:
    """One period: a column a day, the last one dark, its number above."""
    rows = drawn.rows
    told = _told([row.count for row in rows], width)
    data = [
        {"place": place, "count": row.count, "last": place == len(rows) - 1, "told": told[place]}
        for place, row in enumerate(rows)
    ]
    base = _chart(data, width, 150).encode(x=_days(rows, width), y=_counts(rows, altair.Y))
    shade = altair.when(altair.datum.last).then(altair.value(RED)).otherwise(altair.value(GREY))
    bars = base.mark_bar(width={"band": 0.68}).encode(color=shade)
    numbers = base.mark_text(dy=-7, fontSize=11, color=INK).encode(text="told:N")
    return altair.layer(bars, numbers, width=width, height=150)


def _lines(drawn: Picture, width: int) -> _Drawn:
    """Two periods: this one solid with dots, the one before dashed."""
    rows, before = drawn.rows, drawn.before[: len(drawn.rows)]
    data = [
        {"place": place, "count": row.count, "when": when}
        for when, period in zip(drawn.called, (rows, before), strict=True)
        for place, row in enumerate(period)
    ]
    base = _chart(data, width, 170).encode(x=_days(rows, width), y=_counts((*rows, *before), altair.Y))
    line = base.mark_line(strokeWidth=2.2).encode(
        stroke=_of_period(drawn, altair.Stroke, [INK, "#70757a"]).legend(symbolType="stroke", symbolSize=500),
        strokeDash=_of_period(drawn, altair.StrokeDash, [[1, 0], [5, 4]]).legend(
            symbolType="stroke", symbolSize=500
        ),
    )
    size = 26 if len(rows) <= _DOTTED else 0
    dots = base.mark_point(filled=True, size=size, opacity=1, color=INK).transform_filter(
        altair.datum.when == drawn.called[0]
    )
    return altair.layer(line, dots, width=width, height=170)


def _bars(drawn: Picture, width: int) -> _Drawn:
    """Horizontal bars, largest first; the period before as a dashed frame under each."""
    rows = sorted((row for row in drawn.rows if row.count), key=lambda row: (-row.count, row.label))[:BARS]
    then = {_key(row): row.count for row in drawn.before}
    now, earlier = drawn.called
    rows = rows or [Row(label=row.label, count=0, key=row.key) for row in drawn.before[:BARS]]
    data = [{"label": printable(row.label), "count": row.count, "when": now} for row in rows]
    if then:
        data += [
            {"label": printable(row.label), "count": then.get(_key(row), 0), "when": earlier} for row in rows
        ]
    height = len(rows) * (30 if then else 24) + (24 if then else 0)
    largest = (*rows, *(Row(label="", count=then.get(_key(row), 0)) for row in rows))
    names = altair.Y("label:N", title=None, sort=None).axis(domain=False, labelLimit=width // 3)
    base = _chart(data, width, height).encode(x=_counts(largest, altair.X, room=1.08).axis(None), y=names)
    if then:
        base = base.encode(yOffset=altair.YOffset("when:N", sort=[now, earlier]))
    bars = base.mark_bar(height={"band": 0.78}, stroke=INK, strokeWidth=0.8).encode(
        fill=_of_period(drawn, altair.Fill, ["#5c6369", PAPER]),
        strokeDash=_of_period(drawn, altair.StrokeDash, [[1, 0], [3, 2]]),
    )
    numbers = base.mark_text(align="left", dx=4, fontSize=11, color=INK).encode(text="count:Q")
    return altair.layer(bars, numbers, width=width, height=height)


def _tiles(drawn: Picture, width: int) -> _Drawn:
    """Counties and zones as tiles in the order given, darker where more was said, the number in each."""
    across = 4 if width >= WIDE else 3
    down = math.ceil(len(drawn.rows) / across)
    most = max((row.count for row in drawn.rows), default=0)
    then = {_key(row): row.count for row in drawn.before}
    data = [_tile(row, place, across, most, then) for place, row in enumerate(drawn.rows)]
    base = _chart(data, width, 54 * down).encode(
        x=altair.X("column:O", title=None).axis(None).scale(paddingInner=0.04, paddingOuter=0.01),
        y=altair.Y("line:O", title=None).axis(None).scale(paddingInner=0.1, paddingOuter=0.04),
    )
    shade = altair.Fill("shade:N").scale(None)
    ink = altair.Color("ink:N").scale(None)
    boxes = base.mark_rect(stroke="#8b9095", strokeWidth=0.8).encode(fill=shade)
    names = base.mark_text(dy=-10, fontSize=12 if width >= WIDE else 11).encode(text="label:N", color=ink)
    counts = base.mark_text(dy=11, fontSize=16).encode(text="count:N", color=ink)
    return altair.layer(boxes, names, counts, width=width, height=54 * down)


def _tile(row: Row, place: int, across: int, most: int, then: Mapping[str, int]) -> dict[str, Any]:
    step = math.ceil(4 * row.count / most) if most else 0
    change = f"（{row.count - then.get(_key(row), 0):+d}）".replace("-", "−") if then else ""
    return {
        "column": place % across,
        "line": place // across,
        "label": printable(row.label),
        "count": f"{row.count}{change.replace('+0', '平')}",
        "shade": SHADES[step],
        "ink": PAPER if step > 2 else INK,
    }


def _chart(data: list[dict[str, Any]], width: int, height: int) -> altair.Chart:
    return altair.Chart(altair.Data(values=data), width=width, height=height)  # type: ignore[no-untyped-call]


def _of_period(drawn: Picture, channel: type[Any], looks: list[Any]) -> Any:
    coded = channel("when:N").scale(domain=list(drawn.called), range=looks)
    return coded if drawn.before else coded.legend(None)


def _counts(rows: Sequence[Row], channel: type[Any], room: float = 1.0) -> Any:
    """A count axis from zero with whole numbers only."""
    most = max((row.count for row in rows), default=0)
    axis = {"tickCount": min(max(most, 1), 5), "tickMinStep": 1, "format": "d", "domain": False}
    return channel("count:Q", title=None).axis(**axis).scale(domain=[0, max(most, 1) * room], nice=room == 1)


def _days(rows: Sequence[Row], width: int) -> Any:
    """The time axis; where there is no room for every day, every second or third, else the 1st, 11th and 21st."""
    step = math.ceil(26 * len(rows) / width) if rows else 1
    sparse = step > 3
    named = [
        label if (_begins(row) if sparse else place % step == 0) else ""
        for place, (row, label) in enumerate(zip(rows, _labels(rows), strict=True))
    ]
    words = ",".join(f"'{label}'" for label in named)
    axis: dict[str, Any] = {
        "labelAngle": 0,
        "labelExpr": f"[{words}][datum.value]",
        "labelOverlap": False,
        "labelPadding": 8,
    }
    return altair.X("place:O", title=None).axis(**axis)


def _begins(row: Row) -> bool:
    return _key(row)[-2:] in {"01", "11", "21"}


def _told(counts: Sequence[int], width: int) -> list[str]:
    """The number over each column; over many narrow ones only the largest and the last."""
    if len(counts) <= _LABELLED and width / max(len(counts), 1) > 20:
        return [str(count) for count in counts]
    return [
        str(count) if count == max(counts) or place == len(counts) - 1 else ""
        for place, count in enumerate(counts)
    ]


def _labels(rows: Sequence[Row]) -> list[str]:
    """Axis labels: 2月20日 at the start and where a month begins, otherwise the day alone; months as 2月."""
    labels = []
    for place, row in enumerate(rows):
        month = _MONTH.fullmatch(_key(row))
        try:
            day = date.fromisoformat(_key(row))
        except ValueError:
            plain = printable(row.label).replace("\\", "").replace("'", "’").replace("\n", " ")
            labels.append(f"{int(month[2])}月" if month else plain)
            continue
        labels.append(f"{day.month}月{day.day}日" if place == 0 or day.day == 1 else f"{day.day}")
    return labels


def _key(row: Row) -> str:
    return row.key or row.label


_CHARTS: Mapping[str, Callable[[Picture, int], _Drawn]] = MappingProxyType(
    {"trend": _trend, "kinds": _bars, "channels": _bars, "areas": _tiles}
)
