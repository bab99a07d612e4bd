"""报道和活动台账: a record from a row of a list, and a year's figures by kind, number and month.

Values in, values out. Numbers of two units are never added; whatever is added up is added up twice.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from huanyu.errors import BadInput
from huanyu.press_rows import ActivityKindRow
from huanyu.press_rows import MeasureCount
from huanyu.text import normalise
from huanyu.types import Activity
from huanyu.types import ActivityEntry
from publisher import amounts
from publisher.amounts import Amount

MONTHS: Final = tuple(range(1, 13))
TONES: Final[Mapping[str, str]] = MappingProxyType(
    {"": "未填", "positive": "正面", "neutral": "中性", "negative": "负面"}
)
#: Field of a record -> headings of a list, the first as it is exported.
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "kind": ("类别", "种类", "类型"),
        "day": ("日期", "时间", "刊播日期", "活动日期"),
        "title": ("名称", "标题", "题目", "活动名称", "报道标题"),
        "amount": ("数量",),
        "place": ("地点",),
        "tags": ("标签",),
        "outlet": ("媒体", "刊播媒体"),
        "slot": ("栏目", "版面"),
        "author": ("作者", "通讯员"),
        "link": ("链接", "网址"),
        "evidence": ("佐证", "佐证材料"),
        "tone": ("倾向",),
        "note": ("备注",),
    }
)
NEEDED: Final = ("kind", "day", "title")
LONGEST: Final = 500
_DAY: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?( 00:00(:00)?)?")
_SEVERAL: Final = re.compile(r"[、，,;；/\s]+")
_LINK: Final = re.compile(r"https?://[^\s<>\"]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One number of one kind over a year."""

    kind: str
    group: str
    name: str
    unit: str
    months: tuple[Amount, ...]  #: twelve
    total: Amount
    before: Amount | None  #: the same days of the year before; None = nothing was kept of that year

    @property
    def label(self) -> str:
        return f"{self.name}（{self.unit}）"


def entry(
    told: Mapping[str, str], numbers: Mapping[str, str], kinds: Sequence[ActivityKindRow]
) -> ActivityEntry:
    """What a person or a row tells; raises BadInput naming everything that is missing or wrong.

    `numbers` are by name of the count, as written.
    """
    values = {name: normalise(told.get(name, "")).strip() for name in COLUMNS}
    row = _kind(values["kind"], kinds)
    faults = list(_faults(values, row))
    counted, wrong = _counted(row, values["amount"], numbers)
    if faults + wrong:
        raise BadInput("；".join([*faults, *wrong]))
    assert row is not None  # a fault otherwise
    return ActivityEntry(
        kind=row.key,
        day=_day(values["day"]) or date.min,
        amounts=counted,
        tags=tuple(dict.fromkeys(one for one in _SEVERAL.split(values["tags"]) if one)),
        tone=_tone(values["tone"]) or "",
        **{name: values[name] for name in ("title", "place", "outlet", "slot", "author", "link")},
        evidence=values["evidence"],
        note=values["note"],
    )


def token(one: ActivityEntry) -> str:
    """What tells two records apart: the same kind, day, title, outlet, column and place are one."""
    told = "\x1f".join((one.kind, one.day.isoformat(), one.title, one.outlet, one.slot, one.place))
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def amount_of(one: ActivityEntry, row: ActivityKindRow, count: MeasureCount) -> Amount | None:
    """How much of it a record is; None where it says nothing. It is one of the first where no other is said."""
    if count.name in one.amounts:
        return amounts.read(one.amounts[count.name])
    return Amount(1) if count == row.first else None


def figures(
    records: Iterable[Activity], kinds: Sequence[ActivityKindRow], year: int, until: date
) -> tuple[Line, ...]:
    """The year up to and with `until`, against the same days of the year before; kinds without records are left out."""
    standing = [one for one in records if one.struck_at is None]
    now = [one for one in standing if one.day.year == year and one.day <= until]
    ago = [one for one in standing if one.day.year == year - 1]
    same = [one for one in ago if (one.day.month, one.day.day) <= (until.month, until.day)]
    found = (
        _line(row, count, now, same if ago else None)
        for row in kinds
        for count in row.counts
        if any(one.kind == row.key and amount_of(one, row, count) for one in (*now, *same))
    )
    return tuple(found)


def by(
    records: Iterable[Activity], row: ActivityKindRow, what: Callable[[Activity], str]
) -> dict[str, Amount]:
    """The first number of a kind, by outlet or whatever else; the largest first."""
    parts: dict[str, list[Amount]] = {}
    for one in records:
        if one.kind == row.key and one.struck_at is None and (some := amount_of(one, row, row.first)):
            parts.setdefault(what(one) or "未写明", []).append(some)
    summed = {name: amounts.total(found) for name, found in parts.items()}
    return dict(sorted(summed.items(), key=lambda item: (-item[1].value, item[0])))


def faults(lines: Iterable[Line], parts: Mapping[tuple[str, str], Mapping[str, Amount]]) -> tuple[str, ...]:
    """Where the months, or the parts by outlet, do not add up to a year's number; `parts` by kind and count."""
    found = []
    for line in lines:
        sums = [("各月", sum(one.value for one in line.months))]
        if (key := (line.kind, line.name)) in parts:
            sums.append(("各媒体", sum(one.value for one in parts[key].values())))
        found += [
            f"{line.label}{what}合计{summed}，与总数{line.total.value}不符"
            for what, summed in sums
            if summed != line.total.value
        ]
    return tuple(found)


def sentence(lines: Iterable[Line]) -> str:
    """新闻发布会3场、媒体报道29条…; "" where there is nothing."""
    return "、".join(f"{line.name}{line.total.told(line.unit)}" for line in lines if line.total.value)


def _line(
    row: ActivityKindRow, count: MeasureCount, now: Sequence[Activity], before: Sequence[Activity] | None
) -> Line:
    mine = [
        (one.day.month, some) for one in now if one.kind == row.key and (some := amount_of(one, row, count))
    ]
    ago = (
        None
        if before is None
        else [some for one in before if one.kind == row.key and (some := amount_of(one, row, count))]
    )
    return Line(
        kind=row.key,
        group=row.group,
        name=count.name,
        unit=count.unit,
        months=tuple(amounts.total(some for at, some in mine if at == month) for month in MONTHS),
        total=amounts.total(some for _, some in mine),
        before=None if ago is None else amounts.total(ago),
    )


def _kind(told: str, kinds: Sequence[ActivityKindRow]) -> ActivityKindRow | None:
    return next((row for row in kinds if told in (row.key, row.name)), None)


def _faults(values: Mapping[str, str], row: ActivityKindRow | None) -> Iterable[str]:
    yield from (f"请填写“{COLUMNS[name][0]}”" for name in NEEDED if not values[name])
    if values["kind"] and row is None:
        yield f"没有“{values['kind']}”这一类"
    if values["day"] and _day(values["day"]) is None:
        yield f"“日期”应写成 2026-03-05，不是“{values['day']}”"
    if row is not None and row.outlet and not values["outlet"]:
        yield f"{row.name}要写明媒体"
    if values["link"] and not _LINK.fullmatch(values["link"]):
        yield "“链接”应以 http:// 或 https:// 开头"
    if _tone(values["tone"]) is None:
        yield f"“倾向”只能是正面、中性、负面，不是“{values['tone']}”"
    yield from (
        f"“{COLUMNS[name][0]}”最多 {LONGEST} 字" for name, text in values.items() if len(text) > LONGEST
    )


def _counted(
    row: ActivityKindRow | None, first: str, numbers: Mapping[str, str]
) -> tuple[dict[str, str], list[str]]:
    """The numbers as they are kept, in the order of the kind, and what is wrong with them."""
    if row is None:
        return {}, []
    told = {name: text.strip() for name, text in numbers.items() if text.strip()}
    if first and told.setdefault(row.first.name, first) != first:
        return {}, [f"“数量”就是“{row.first.name}”，两处写的不同，只写一处"]
    wrong = [f"{row.name}不计“{name}”" for name in told if name not in {one.name for one in row.counts}]
    counted = {}
    for count in row.counts:
        if written := told.get(count.name):
            try:
                counted[count.name] = amounts.read(written.removesuffix(count.unit)).told()
            except BadInput as problem:
                wrong.append(f"“{count.name}”：{problem}")
    return counted, wrong


def _day(written: str) -> date | None:
    found = _DAY.fullmatch(written)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def _tone(written: str) -> str | None:
    """The key of a tone; None for what is none."""
    keys = {name: key for key, name in TONES.items()} | {key: key for key in TONES}
    return keys.get(written)
