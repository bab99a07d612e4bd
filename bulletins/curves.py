"""Charts of measured ratios: bars beside their limits, and what a thing costs as it grows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair
import vl_convert

from bulletins.charts import FONT
from bulletins.charts import INK
from bulletins.charts import RED
from bulletins.charts import RULE
from bulletins.charts import WIDE
from bulletins.charts import register_fonts

BAR = 26  # pixels
DASHES = ([1, 0], [6, 4], [2, 3], [8, 3, 2, 3])


@dataclass(frozen=True, slots=True)
class Bar:
    """One ratio."""

    label: str
    value: float
    limit: float | None = None


@dataclass(frozen=True, slots=True)
class Curve:
    """Ratios by size."""

    label: str
    points: tuple[tuple[int, float], ...]


def bars(rows: Sequence[Bar]) -> bytes:
    """SVG: a bar a ratio on a scale of powers, the peer at 1 as a line, each limit as a red stroke."""
    data = [
        {
            "label": row.label,
            "value": max(row.value, 1e-6),
            "told": f"{row.value:.3g}",
            "limit": row.limit,
            "one": 1,
        }
        for row in rows
    ]
    base = altair.Chart(_values(data)).encode(
        y=altair.Y("label:N", sort=None, title=None).axis(labelLimit=WIDE)
    )
    across = altair.X("value:Q", title="与同一次运行中的对照之比（对数）").scale(type="log")
    marks = base.mark_point(filled=True, size=70, color=INK).encode(x=across)
    numbers = base.mark_text(align="left", dx=7, fontSize=11, color=INK).encode(x=across, text="told:N")
    peer = base.mark_rule(color=INK, strokeDash=[3, 3]).encode(
        x="one:Q", y=altair.value(0), y2=altair.value(BAR * len(rows))
    )
    limits = base.transform_filter("datum.limit != null").mark_tick(color=RED, thickness=3, size=BAR - 8)
    return _drawn(altair.layer(peer, marks, limits.encode(x="limit:Q"), numbers), BAR * len(rows))


def curves(lines: Sequence[Curve]) -> bytes:
    """SVG: each curve by its dash, the size on a scale of powers, the ratio from zero."""
    data = [
        {"label": line.label, "size": size, "value": value} for line in lines for size, value in line.points
    ]
    labels = [line.label for line in lines]
    base = altair.Chart(_values(data)).encode(
        x=altair.X("size:Q", title="已有的信息（条，对数）").scale(type="log", nice=False).axis(format="~s"),
        y=altair.Y("value:Q", title="每条的用时为只研判的几倍").scale(zero=True),
        strokeDash=altair.StrokeDash("label:N", title=None).scale(
            domain=labels, range=[DASHES[at % len(DASHES)] for at in range(len(labels))]
        ),
    )
    return _drawn(
        base.mark_line(point=altair.OverlayMarkDef(color=INK, size=26), color=INK, strokeWidth=2), 240
    )


def _values(data: list[dict[str, Any]]) -> altair.Data:
    return altair.Data(values=data)  # type: ignore[no-untyped-call]


def _drawn(chart: Any, height: int) -> bytes:
    register_fonts()
    sized = chart.properties(width=WIDE, height=height).configure(font=FONT, background="white", padding=8)
    sized = sized.configure_axis(labelFontSize=12, labelColor=INK, titleFontSize=12, gridColor=RULE)
    sized = sized.configure_legend(orient="top", symbolType="stroke", symbolSize=400, labelFontSize=12)
    return str(vl_convert.vegalite_to_svg(sized.to_dict(validate=False))).encode()
