"""Which unit handles a case: the first rule of routes.toml that fits, and why.

Pure: facts and tables in, a Route out. Law, departments and word lists stand in the table, never here.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from datetime import time
from typing import Final

from cases.calendar import LIBRARY_FIRST
from cases.calendar import LIBRARY_LAST
from cases.words import first
from huanyu.bureau import PlaceRow
from huanyu.bureau import RouteRow
from huanyu.bureau import UnitRow
from huanyu.clock import SHANGHAI
from huanyu.clock import local
from huanyu.errors import BadInput
from huanyu.kinds import FAMILY_LABEL
from huanyu.kinds import LEAVES
from huanyu.kinds import covers
from huanyu.kinds import label
from huanyu.text import fold
from huanyu.types import Route

NIGHT_FROM: Final = time(22)  # 噪声污染防治法 88: 22:00–06:00
NIGHT_TO: Final = time(6)
KNOWN_KINDS: Final = frozenset({*LEAVES, *FAMILY_LABEL})
CITY_ITSELF: Final = frozenset({"", "市直", "市级", "市直部门", "全市"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What routing may look at; None and "" mean not known."""

    text: str = ""
    kinds: tuple[str, ...] = ()  #: most important first
    area: str = ""  #: county code or zone name
    built_up: bool | None = None  #: inside 城市建成区
    at: datetime | None = None  #: when the nuisance happened

    @property
    def night(self) -> bool | None:
        if self.at is None:
            return None
        hour = local(self.at).time()
        return hour >= NIGHT_FROM or hour < NIGHT_TO


def route(facts: Facts, routes: Sequence[RouteRow], units: Sequence[UnitRow], day: date) -> Route:
    """The unit for a case by the rules in force on `day`.

    Kinds are tried in their order, rules in the table's; the departments of further kinds assist. No rule, or
    no unit of the department: `unit` is "" and the case stays in the visible list.
    """
    text = fold(facts.text)
    valid = [row for row in routes if row.valid_on(day)]
    found = {kind: row for kind in facts.kinds or ("",) if (row := _first(valid, facts, kind, text))}
    if not found:
        return Route(unit="", department="", assist=(), rule="", why=_unmatched(facts))
    (kind, row), *others = found.items()
    unit, where = _unit(row, facts, [unit for unit in units if unit.valid_on(day)])
    return Route(
        unit=unit.key if unit else "",
        department=row.department,
        assist=_assist(row, [other for _, other in others]),
        rule=row.id,
        why="；".join([_because(row, kind, facts, text), where, *_also(row, others)]),
    )


def facts_from(record: Mapping[str, object], places: Sequence[PlaceRow], day: date) -> Facts:
    """Facts from one line of `huanyu route`; everything may be missing. Raises BadInput naming the key.

    `county` may be a name, an old name, a code or a zone; a time of day alone belongs to `day`, and one
    without a zone is Asia/Shanghai.
    """
    return Facts(
        text=_string(record, "text"),
        kinds=_kinds(record),
        area=area_of(_string(record, "county"), places),
        built_up=_built_up(record),
        at=_moment(_string(record, "time"), day),
    )


def area_of(name: str, places: Sequence[PlaceRow]) -> str:
    """County code or zone for a name, an old name or a code; what nobody knows comes back as it is.

    高新区 wins over 东昌府区 where both are named: the zones lie inside that county's code.
    """
    rows = sorted(
        (row for row in places if row.level in {"county", "zone"}), key=lambda row: row.level, reverse=True
    )
    exact = {row.code: row.unit for row in rows} | {row.unit: row.unit for row in rows}
    if name in exact:
        return exact[name]
    for row in rows:
        if any(known in name for known in (row.name, row.unit, *_aliases(row))):
            return row.unit
    cities = {
        known for row in places if row.level == "city" for known in (row.name, row.code, *_aliases(row))
    }
    return "" if name in cities | CITY_ITSELF else name


def _aliases(row: PlaceRow) -> list[str]:
    """Other names; the gazetteer's mark for "only with context" does not matter in a column for counties."""
    return [alias.removesuffix("?") for alias in row.aliases]


def _first(routes: Sequence[RouteRow], facts: Facts, kind: str, text: str) -> RouteRow | None:
    return next((row for row in routes if _fits(row, facts, kind, text)), None)


def _fits(row: RouteRow, facts: Facts, kind: str, text: str) -> bool:
    return (
        (not row.kinds or any(covers(pattern, kind) for pattern in row.kinds))
        and (not row.areas or facts.area in row.areas)
        and (row.built_up is None or row.built_up is facts.built_up)
        and (row.night is None or row.night is facts.night)
        and (not row.words or first(row.words, text) is not None)
        and first(row.not_words, text) is None
    )


def _unit(row: RouteRow, facts: Facts, units: Sequence[UnitRow]) -> tuple[UnitRow | None, str]:
    """The unit of the rule's department: of the area, else of the city; the table's first one counts."""
    ours = [unit for unit in units if unit.department == row.department]
    in_area = next((unit for unit in ours if facts.area and unit.area == facts.area), None)
    in_city = next((unit for unit in ours if not unit.area), None)
    if row.to == "city":
        return (
            in_city,
            f"由市级承办：{in_city.name}" if in_city else f"市级没有{row.department}单位，请人工转办",
        )
    if in_area:
        return in_area, f"属地承办：{in_area.name}"
    gap = f"辖区“{facts.area}”没有{row.department}单位" if facts.area else "未能确定县（市、区）"
    return in_city, f"{gap}，{f'先交{in_city.name}' if in_city else '请人工转办'}"


def _assist(row: RouteRow, others: Sequence[RouteRow]) -> tuple[str, ...]:
    names = [*row.assist, *(other.department for other in others)]
    return tuple(dict.fromkeys(name for name in names if name != row.department))


def _because(row: RouteRow, kind: str, facts: Facts, text: str) -> str:
    told = [label(kind)] if kind else []
    if row.built_up is not None:
        told.append("建成区内" if row.built_up else "建成区外")
    if row.night is not None:
        told.append("夜间" if row.night else "昼间")
    if word := first(row.words, text):
        told.append(f"文中有“{word}”")
    if row.areas:
        told.append(facts.area)
    seen = f"{'、'.join(told)}：" if told else ""
    return f"{seen}{row.why}（{row.source}）"


def _also(row: RouteRow, others: Sequence[tuple[str, RouteRow]]) -> list[str]:
    return [
        f"另涉{label(kind)}，{other.department}协办"
        for kind, other in others
        if other.department != row.department
    ]


def _unmatched(facts: Facts) -> str:
    kinds = "、".join(label(kind) for kind in facts.kinds)
    return (
        f"没有适用“{kinds}”的转办规则，请人工转办"
        if kinds
        else "问题类别不明，没有适用的转办规则，请人工转办"
    )


def _string(record: Mapping[str, object], key: str) -> str:
    value = record.get(key)
    if value is None:
        return ""
    if isinstance(value, str | int) and not isinstance(value, bool):
        return str(value).strip()
    raise BadInput(f"键 {key} 应为文字，实为 {value!r}")


def _kinds(record: Mapping[str, object]) -> tuple[str, ...]:
    value = record.get("kinds")
    if value is None:
        return ()
    told = [value] if isinstance(value, str) else value
    if not isinstance(told, list | tuple) or not all(isinstance(kind, str) for kind in told):
        raise BadInput(f"键 kinds 应为类别代码的列表，实为 {value!r}")
    unknown = [kind for kind in told if kind not in KNOWN_KINDS]
    if unknown:
        raise BadInput(f"键 kinds 中没有这种类别：{unknown[0]}")
    return tuple(told)


def _built_up(record: Mapping[str, object]) -> bool | None:
    value = record.get("built_up")
    if value is None or isinstance(value, bool):
        return value
    raise BadInput(f"键 built_up 应为 true、false 或 null，实为 {value!r}")


def _moment(value: str, day: date) -> datetime | None:
    if not value:
        return None
    try:
        moment = (
            datetime.combine(day, time.fromisoformat(value))
            if len(value) <= len("22:30:00")
            else datetime.fromisoformat(value)
        )
    except ValueError as problem:
        raise BadInput(f"键 time 不是可识别的时间：{value}") from problem
    first_year, last_year = LIBRARY_FIRST, max(LIBRARY_LAST, day.year) + 1
    if not first_year <= moment.year <= last_year:
        raise BadInput(f"键 time 超出日历范围（{first_year}年至{last_year}年）：{value}")
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
