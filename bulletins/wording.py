"""Numbers in words: values with their unit, change against the day before, and what they rest on.

Knows figures and grammar only: no section, no layout, no clock.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from datetime import timedelta
from decimal import ROUND_HALF_UP
from decimal import Decimal

from huanyu.errors import NotFound
from huanyu.periods import called
from huanyu.types import Figure
from huanyu.types import Sentence

_SLOT = re.compile(r"\{(\w+)(?::(change))?\}")


def percent(value: int, base: int) -> Decimal:
    """Growth of `value` over `base` in percent, one decimal, half up; `base` is not zero."""
    growth = Decimal(value - base) * 100 / Decimal(base)
    return growth.quantize(Decimal("0.1"), ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Manner:
    """What the period, its end and those it is compared with are called, and how small a base may be."""

    now: str = "当日"
    before: str = "前一日"
    a_year_ago: str = "上年同日"
    end: str = "当日24时"
    small: int = 1  #: no percentage of fewer than this


DAILY = Manner()


def manner(span: str, last: date, small: int = 1) -> Manner:
    """How a period of that span, which ends with `last`, is spoken of."""
    now, before, a_year_ago = called(span)
    end = "当日24时" if span == "day" else f"{last.month}月{last.day}日24时"
    return Manner(now, before, a_year_ago, end, small)


def change(figure: Figure, spoken: Manner = DAILY) -> str:
    """环比 and 同比 in words, each with its base shown; "" where nothing was counted before."""
    told = (
        _compared(figure, figure.previous, spoken.before, "环比", spoken.small),
        _compared(figure, figure.year_before, spoken.a_year_ago, "同比", spoken.small),
    )
    return "；".join(one for one in told if one)


def _compared(figure: Figure, base: int | None, whom: str, ratio: str, small: int) -> str:
    now, unit = figure.value, figure.unit
    if base is None:
        return ""
    if base == now:
        return f"与{whom}持平（{whom}{base}{unit}）"
    if base == 0:
        return f"比{whom}增加{now}{unit}（{whom}为零，不计百分比）"
    direction, step = ("增加", "上升") if now > base else ("减少", "下降")
    difference = f"比{whom}{direction}{abs(now - base)}{unit}"
    if base < small:
        return f"{difference}（{whom}{base}{unit}，基数小，不计百分比）"
    return f"{difference}、{ratio}{step}{abs(percent(now, base))}%（{whom}{base}{unit}）"


def share(part: int, whole: int) -> Decimal:
    """`part` of `whole` in percent, one decimal, half up; `whole` is not zero."""
    return (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.1"), ROUND_HALF_UP)


def points(now: Decimal, before: Decimal, whom: str) -> str:
    """A change of a share, which is told in percentage points and never in percent."""
    difference = now - before
    if not difference:
        return f"与{whom}持平"
    return f"比{whom}{'上升' if difference > 0 else '下降'}{abs(difference)}个百分点"


def step(figure: Figure) -> str:
    """The change as a table cell: +3, −2, 0, or — where nothing was counted before."""
    if figure.previous is None:
        return "—"
    difference = figure.value - figure.previous
    return f"{difference:+d}".replace("-", "−") if difference else "0"


def growth(figure: Figure, small: int = 1) -> str:
    """The change in percent as a table cell; — where there is no base, one of zero or a small one."""
    return _growth(figure.value, figure.previous, small)


def growth_in_a_year(figure: Figure, small: int = 1) -> str:
    """同比 as a table cell, by the same rules."""
    return _growth(figure.value, figure.year_before, small)


def _growth(value: int, base: int | None, small: int) -> str:
    if not base or base < small:
        return "—"
    if value == base:
        return "持平"
    return f"{percent(value, base):+}%".replace("-", "−")


def figure_of(figures: Mapping[str, Figure], key: str) -> Figure:
    """The figure `key`; NotFound where the store gave none."""
    figure = figures.get(key)
    if figure is None:
        raise NotFound("简报所需的统计数字缺失", figure=key)
    return figure


def say(
    template: str, figures: Mapping[str, Figure], cases: Sequence[int] = (), spoken: Manner = DAILY
) -> Sentence:
    """Fill `{key}` (value and unit) and `{key:change}` (环比 and 同比, with a leading comma) and note the keys used.

    Raises NotFound where the store gave no such figure: a gap is never printed as zero.
    """
    used: list[str] = []

    def fill(slot: re.Match[str]) -> str:
        figure = figure_of(figures, slot[1])
        used.append(figure.key)
        if slot[2]:
            words = change(figure, spoken)
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
