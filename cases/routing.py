"""Which unit handles a case: the first rule of routes.toml that fits, and why.

Pure: facts and tables in, a Route out. Law, departments and word lists stand in the table, never here.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from cases import hours
from cases.facts import NIGHT_FROM
from cases.facts import NIGHT_TO
from cases.facts import Facts
from cases.facts import night
from cases.hours import Span
from cases.words import first
from huanyu.bureau import RouteRow
from huanyu.bureau import UnitRow
from huanyu.kinds import covers
from huanyu.kinds import label
from huanyu.text import fold
from huanyu.types import Route

#: Who assists where the township is not known by name.
SOME_TOWNSHIP: Final = "属地乡镇（街道）"
AWAY: Final = "所述地点不在本市，不属本市管辖，请人工转出并告知反映人"


@dataclass(frozen=True, slots=True)
class Matter:
    """Facts made ready for many comparisons: the folded text and the hours it tells."""

    facts: Facts
    text: str
    spans: tuple[Span, ...]
    night: bool | None


def matter_of(facts: Facts) -> Matter:
    """The facts, their text read once."""
    spans = facts.spans
    return Matter(facts, fold(facts.text), spans, night(spans))


def route(facts: Facts, routes: Sequence[RouteRow], units: Sequence[UnitRow], day: date) -> Route:
    """The unit for a case by the rules in force on `day`.

    Kinds are tried in their order, rules in the table's; the departments of further kinds assist, and so do
    those of the rules that the first one names in `also`, and of `adds` rules that fit. No rule, or no unit of
    the department: `unit` is "" and the case stays in the visible list. What happens in another city has no unit
    and no rule of ours, only the department that would have it here.
    """
    matter, valid = matter_of(facts), [row for row in routes if row.valid_on(day)]
    deciding = [row for row in valid if not row.adds]
    kinds = facts.kinds or ("",)
    found = {kind: row for kind in kinds if (row := _first(deciding, matter, kind))}
    if facts.away:
        return _elsewhere(next((row.department for row in found.values()), ""))
    if not found:
        return Route(unit="", department="", assist=(), rule="", why=_unmatched(facts))
    (kind, row), *others = found.items()
    current = [unit for unit in units if unit.valid_on(day)]
    unit, where = _unit(row, facts, current)
    joining = [*_alongside(row, valid, matter, kinds), *_adding(valid, matter, kinds)]
    told = [_because(row, kind, matter), where, *_shared(row, others), *map(_joined, joining)]
    return Route(
        unit=unit.key if unit else "",
        department=row.department,
        assist=_assist(row, [row, *(other for _, other in others), *joining], facts, current),
        rule=row.id,
        why="；".join(dict.fromkeys(told)),
    )


def helped_by(names: Iterable[str], units: Iterable[UnitRow]) -> tuple[str, ...]:
    """Who assists once these units do: each by its key, in the place of the plain names it goes by."""
    found = list(names)
    for unit in units:
        plain = {unit.key, unit.name, unit.short, unit.department}
        found = [*(name for name in found if name not in plain), unit.key]
    return tuple(found)


def fits(row: RouteRow, matter: Matter, kind: str) -> bool:
    """Whether every condition that a rule states holds for a matter of that kind."""
    return (
        (not row.kinds or any(covers(pattern, kind) for pattern in row.kinds))
        and (not row.beside or _is_also(row.beside, kind, matter.facts.kinds))
        and _fits_place_and_time(row, matter)
        and _fits_handling(row, matter.facts)
        and (not row.words or first(row.words, matter.text) is not None)
        and (not row.and_words or first(row.and_words, matter.text) is not None)
        and first(row.not_words, matter.text) is None
    )


def _is_also(beside: Sequence[str], kind: str, kinds: Iterable[str]) -> bool:
    return any(covers(pattern, other) for pattern in beside for other in kinds if other != kind)


def _fits_place_and_time(row: RouteRow, matter: Matter) -> bool:
    return (
        (not row.areas or matter.facts.area in row.areas)
        and (row.built_up is None or row.built_up is matter.facts.built_up)
        and (row.night is None or row.night is matter.night)
        and (row.from_time is None or _hour(row, matter) is not None)
    )


def _fits_handling(row: RouteRow, facts: Facts) -> bool:
    return (
        (not row.types or facts.type in row.types)
        and (not row.levels or facts.level in row.levels)
        and (not row.campaigns or any(one in row.campaigns for one in facts.campaigns))
        and (not row.lanes or facts.lane in row.lanes)
        and (not row.items or facts.item in row.items)
    )


def _hour(row: RouteRow, matter: Matter) -> Span | None:
    """The hours told that lie within the rule's."""
    if row.from_time is None or row.to_time is None:
        return None
    return hours.inside(matter.spans, row.from_time, row.to_time)


def _first(routes: Iterable[RouteRow], matter: Matter, kind: str) -> RouteRow | None:
    return next((row for row in routes if fits(row, matter, kind)), None)


def _alongside(
    row: RouteRow, valid: Sequence[RouteRow], matter: Matter, kinds: Sequence[str]
) -> Iterator[RouteRow]:
    """The rules that the deciding one names as its equals, where they fit as well."""
    for other in valid:
        if other.id in row.also and any(fits(other, matter, kind) for kind in kinds):
            yield other


def _adding(valid: Sequence[RouteRow], matter: Matter, kinds: Sequence[str]) -> Iterator[RouteRow]:
    for row in valid:
        if row.adds and any(fits(row, matter, kind) for kind in kinds):
            yield row


def _elsewhere(department: str) -> Route:
    """Nobody of ours: only who would have it here, so that a person knows whom to ask for over there."""
    here = f"；同类问题在本市由{department}负责，当地的分工以当地规定为准" if department else ""
    return Route(unit="", department=department, assist=(), rule="", why=f"{AWAY}{here}")


def _unit(row: RouteRow, facts: Facts, units: Sequence[UnitRow]) -> tuple[UnitRow | None, str]:
    """The very unit the rule names; else its department's of the area, else of the city; the first one counts."""
    named = next((unit for unit in units if unit.key == row.unit), None) if row.unit else None
    if named:
        return named, f"由{named.name}承办"
    if row.to == "township":
        return _of_township(row, facts, units)
    ours = of_department(row.department, units)
    in_area = next((unit for unit in ours if facts.area and unit.area == facts.area), None)
    in_city = next((unit for unit in ours if not unit.area), None)
    if row.to == "city":
        return (
            in_city,
            f"由市级承办：{in_city.name}" if in_city else f"市级没有{row.department}单位，请人工转办",
        )
    if in_area:
        return in_area, f"属地承办：{in_area.name}"
    if in_city and not any(unit.area for unit in ours):  # a bureau of one level: nobody's area is missing
        return in_city, f"由市级承办：{in_city.name}"
    gap = f"案发辖区没有{row.department}单位" if facts.area else "未能确定辖区"
    return in_city, f"{gap}，{f'先交{in_city.name}' if in_city else '请人工转办'}"


def of_department(name: str, units: Iterable[UnitRow]) -> list[UnitRow]:
    """The units that a department's name means: squads and townships have work from these, or by their own name."""
    return [unit for unit in units if unit.department == name and unit.kind != "squad" and not unit.place]


def _of_township(row: RouteRow, facts: Facts, units: Sequence[UnitRow]) -> tuple[UnitRow | None, str]:
    """The township's own; never another one's, so that an unknown one leaves the case on the visible list."""
    named = (unit.department == row.department and unit.place == facts.township != "" for unit in units)
    there = [unit for unit, fits_name in zip(units, named, strict=True) if fits_name]
    unit = next((one for one in there if not facts.area or one.area == facts.area), None)
    if unit is None or (not facts.area and len(there) > 1):
        return None, f"{facts.township or '事发地'}没有可交办的乡镇（街道），请人工转办"
    return unit, f"属地乡镇（街道）承办：{unit.name}"


def _assist(
    lead: RouteRow, rows: Sequence[RouteRow], facts: Facts, units: Sequence[UnitRow]
) -> tuple[str, ...]:
    """Departments, sections and the township beside the lead: those of its own rule first."""
    shorts = {unit.key: unit.short for unit in units}
    names = _branch(lead, facts, units)
    for row in rows:
        names += [row.department, *row.assist, *(shorts[key] for key in row.sections if key in shorts)]
        names += [facts.township or SOME_TOWNSHIP] if row.township else []
    return tuple(dict.fromkeys(name for name in names if name != lead.department))


def _branch(lead: RouteRow, facts: Facts, units: Sequence[UnitRow]) -> list[str]:
    """The branch on the spot, where the rule gives the matter to another unit of its department."""
    if not lead.unit or lead.to == "city" or not facts.area:
        return []
    ours = [unit for unit in of_department(lead.department, units) if unit.area == facts.area]
    return [unit.short for unit in ours[:1] if unit.key != lead.unit]


def _because(row: RouteRow, kind: str, matter: Matter) -> str:
    """What matched in one sentence: kind, place, time, words, and the law."""
    facts = matter.facts
    told = [label(kind)] if kind else []
    told += [f"同时涉及{label(one)}" for one in _seen_beside(row, kind, facts)]
    if facts.hint and kind == facts.kinds[0]:
        told[0] += f"（据文中“{facts.hint}”）"
    if facts.place:
        told.append(facts.place)
    if row.built_up is not None:
        told.append("建成区内" if row.built_up else "建成区外")
    told += _when(row, matter)
    told += [_said(words, matter.text) for words in (row.words, row.and_words) if words]
    if row.types:
        told.append("咨询" if facts.type == "question" else facts.type)
    told += [facts.level] if row.levels else []
    told += ["快速办理"] if row.lanes else []
    told += [one for one in facts.campaigns if one in row.campaigns]
    seen = f"{'、'.join(told)}：" if told else ""
    return f"{seen}{row.why}（{row.source}）"


def _seen_beside(row: RouteRow, kind: str, facts: Facts) -> list[str]:
    return [one for one in facts.kinds if one != kind and any(covers(told, one) for told in row.beside)][:1]


def _when(row: RouteRow, matter: Matter) -> list[str]:
    """The time of day, where the rule asks for it or the text tells it."""
    after_dark = hours.inside(matter.spans, NIGHT_FROM, NIGHT_TO)
    span = _hour(row, matter) or after_dark or next(iter(matter.spans), None)
    words = f"“{span.words}”" if span and span.words else ""
    part = {True: "夜间", False: "昼间", None: ""}[matter.night]
    return [f"{part}（{words}）" if part and words else part or f"时间{words}"] if part or words else []


def _said(words: Sequence[str], text: str) -> str:
    return f"文中有“{first(words, text)}”"


def _shared(row: RouteRow, others: Sequence[tuple[str, RouteRow]]) -> list[str]:
    return [
        f"另涉{label(kind)}，{other.department}协办"
        for kind, other in others
        if other.department != row.department
    ]


def _joined(row: RouteRow) -> str:
    return f"并{row.why}（{row.source}）"


def _unmatched(facts: Facts) -> str:
    kinds = "、".join(label(kind) for kind in facts.kinds)
    return (
        f"没有适用“{kinds}”的转办规则，请人工转办"
        if kinds
        else "问题类别不明，没有适用的转办规则，请人工转办"
    )
