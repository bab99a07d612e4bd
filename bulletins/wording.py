"""Numbers in words: values with their unit, change against the day before, and what they rest on.

Knows figures and grammar only: no section, no layout, no clock.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import datetime
from datetime import timedelta
from decimal import ROUND_HALF_UP
from decimal import Decimal

from huanyu.errors import NotFound
from huanyu.types import Figure
from huanyu.types import Sentence

_SLOT = re.compile(r"\{(\w+)(?::(change))?\}")


def percent(value: int, base: int) -> Decimal:
    """Growth of `value` over `base` in percent, one decimal, half up; `base` is not zero."""
    growth = Decimal(value - base) * 100 / Decimal(base)
    return growth.quantize(Decimal("0.1"), ROUND_HALF_UP)


def change(figure: Figure) -> str:
    """环比 in words with its base shown; "" where nothing was counted before."""
    before, now, unit = figure.previous, figure.value, figure.unit
    if before is None:
        return ""
    if before == now:
        return f"与前一日持平（前一日{before}{unit}）"
    if before == 0:
        return f"比前一日增加{now}{unit}（前一日为零，不计百分比）"
    direction, step = ("增加", "上升") if now > before else ("减少", "下降")
    growth = abs(percent(now, before))
    return f"比前一日{direction}{abs(now - before)}{unit}、环比{step}{growth}%（前一日{before}{unit}）"


def step(figure: Figure) -> str:
    """The change as a table cell: +3, −2, 0, or — where nothing was counted before."""
    if figure.previous is None:
        return "—"
    difference = figure.value - figure.previous
    return f"{difference:+d}".replace("-", "−") if difference else "0"


def growth(figure: Figure) -> str:
    """The change in percent as a table cell; — where there is no base, or a base of zero."""
    if not figure.previous:
        return "—"
    if figure.value == figure.previous:
        return "持平"
    return f"{percent(figure.value, figure.previous):+}%".replace("-", "−")


def figure_of(figures: Mapping[str, Figure], key: str) -> Figure:
    """The figure `key`; NotFound where the store gave none."""
    figure = figures.get(key)
    if figure is None:
        raise NotFound("简报所需的统计数字缺失", figure=key)
    return figure


def say(template: str, figures: Mapping[str, Figure], cases: Sequence[int] = ()) -> Sentence:
    """Fill `{key}` (value and unit) and `{key:change}` (环比, with a leading comma) and note the keys used.

    Raises NotFound where the store gave no such figure: a gap is never printed as zero.
    """
    used: list[str] = []

    def fill(slot: re.Match[str]) -> str:
        figure = figure_of(figures, slot[1])
        used.append(figure.key)
        if slot[2]:
            words = change(figure)
            return f"，{words}" if words else ""
        return f"{figure.value}{figure.unit}"

    return Sentence(text=_SLOT.sub(fill, template), figures=tuple(dict.fromkeys(used)), cases=tuple(cases))


def day(moment: datetime) -> str:
    """3月5日"""
    return f"{moment.month}月{moment.day}日"


def minute(moment: datetime) -> str:
    """3月5日 17:30"""
    return f"{day(moment)} {moment:%H:%M}"


def span(length: timedelta) -> str:
    """A length of time as a reader says it: 3天4小时, 5小时, 不足1小时; the sign is dropped."""
    hours = int(abs(length).total_seconds() // 3600)
    if hours == 0:
        return "不足1小时"
    days, rest = divmod(hours, 24)
    if days == 0:
        return f"{rest}小时"
    return f"{days}天{rest}小时" if rest else f"{days}天"
