"""The bulletin's charts: one altair specification each, as SVG for HTML and PDF and as PNG for DOCX.

Reads only the bulletin; made to print in grey (the reported day is told by shade, not hue alone).
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any

import altair
import vl_convert

from bulletins.glyphs import FOLDER
from bulletins.glyphs import printable
from huanyu.errors import NotFound
from huanyu.types import Bulletin
from huanyu.types import Row

FONT = "Noto Sans SC"
WIDTH, HEIGHT = 520, 105  # pixels; 520 is what fits the 156 mm type area with axis labels
PNG_SCALE = 3  # about 290 dpi at 156 mm
RED, GREY, INK, RULE = "#b3201d", "#a9adb2", "#333333", "#e3e3e3"
KINDS = 12  # more bars than this are a table


def svg(bulletin: Bulletin, name: str) -> bytes:
    """The chart `name` (trend | kinds) as SVG."""
    _register()
    return str(vl_convert.vegalite_to_svg(_spec(bulletin, name))).encode()


def png(bulletin: Bulletin, name: str) -> bytes:
    """The chart `name` (trend | kinds) as PNG."""
    _register()
    return bytes(vl_convert.vegalite_to_png(_spec(bulletin, name), scale=PNG_SCALE))


def caption(bulletin: Bulletin, name: str) -> str:
    """What the chart shows, for the line under it and for readers who cannot see it."""
    if name == "trend":
        return f"近{len(bulletin.trend)}日新立环境投诉走势（件，深色为当日）"
    return "当日投诉信息类别（条，一条可涉多类）"


@cache
def _register() -> None:
    vl_convert.register_font_directory(str(FOLDER))


def _spec(bulletin: Bulletin, name: str) -> dict[str, Any]:
    draw = _CHARTS.get(name)
    if draw is None:
        raise NotFound("没有这种图", chart=name)
    chart = draw(bulletin).configure(font=FONT, background="white")
    chart = chart.configure_view(stroke=None).configure_axis(
        labelFontSize=12, labelColor=INK, domainColor=INK, gridColor=RULE, ticks=False, labelPadding=5
    )
    return dict(chart.to_dict())


def _trend(bulletin: Bulletin) -> altair.Chart:
    rows = bulletin.trend
    data = [
        {"place": place, "label": label, "count": row.count, "last": place == len(rows) - 1}
        for place, (row, label) in enumerate(zip(rows, _days(rows), strict=True))
    ]
    labels = [f"'{point['label']}'" for point in data]
    days = altair.X("place:O", title=None).axis(labelAngle=0, labelExpr=f"[{','.join(labels)}][datum.value]")
    shade = altair.when(altair.datum.last).then(altair.value(RED)).otherwise(altair.value(GREY))
    bars = _chart(data, width=WIDTH, height=HEIGHT).mark_bar(size=22)
    drawn: altair.Chart = bars.encode(x=days, y=_counts(rows, altair.Y), color=shade)
    return drawn


def _kinds(bulletin: Bulletin) -> altair.Chart:
    rows = sorted((row for row in bulletin.kinds if row.count), key=lambda row: (-row.count, row.label))
    data = [{"label": printable(row.label), "count": row.count} for row in rows[:KINDS]]
    names = altair.Y("label:N", title=None, sort=None).axis(domain=False, labelLimit=200)
    bars = _chart(data, width=WIDTH - 90, height=max(len(data), 1) * 22)
    drawn: altair.Chart = bars.mark_bar(size=13, color=GREY).encode(x=_counts(rows, altair.X), y=names)
    return drawn


def _chart(data: list[dict[str, Any]], width: int, height: int) -> altair.Chart:
    return altair.Chart(altair.Data(values=data), width=width, height=height)  # type: ignore[no-untyped-call]


def _counts(rows: Sequence[Row], channel: type[Any]) -> Any:
    """A count axis from zero with whole numbers only."""
    most = max((row.count for row in rows), default=0)
    axis = {"tickCount": min(max(most, 1), 5), "tickMinStep": 1, "format": "d", "domain": False}
    return channel("count:Q", title=None).axis(**axis).scale(domain=[0, max(most, 1)], nice=True)


def _days(rows: Sequence[Row]) -> list[str]:
    """Axis labels: 2月20日 at the start and where a month begins, otherwise the day alone."""
    labels = []
    for place, row in enumerate(rows):
        try:
            day = date.fromisoformat(row.key or row.label)
        except ValueError:
            labels.append(printable(row.label).replace("\\", "").replace("'", "’"))
            continue
        labels.append(f"{day.month}月{day.day}日" if place == 0 or day.day == 1 else f"{day.day}")
    return labels


_CHARTS: Mapping[str, Callable[[Bulletin], altair.Chart]] = MappingProxyType(
    {"trend": _trend, "kinds": _kinds}
)
