"""What is wrong with a routing table: rules that can never fire, doubles, departments nobody has.

Shown when the table is loaded or saved; sentences for the civil servant who edits it, never an exception.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from datetime import time
from itertools import product
from typing import Final

from cases import hours
from cases.facts import Facts
from cases.facts import night
from cases.hours import Span
from cases.level import LEVELS
from cases.routing import Matter
from cases.routing import fits
from cases.words import first
from cases.words import unmatchable
from huanyu.bureau import HintRow
from huanyu.bureau import PlaceRow
from huanyu.bureau import RouteRow
from huanyu.bureau import UnitRow
from huanyu.kinds import FAMILY_LABEL
from huanyu.kinds import LEAVES
from huanyu.kinds import covers
from huanyu.text import fold
from huanyu.types import PostType

#: Times people tell: none, by day, in the evening, at night.
TIMES: Final = (None, time(15), time(20), time(23))
LANES: Final = ("fast",)  #: 环境投诉“110”
TRIES: Final = 8  #: words added to one text to get past earlier rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the facts of a case can hold as things are: a rule that asks for more never fires."""

    areas: tuple[str, ...] = ()
    built_up: tuple[bool | None, ...] = (True, False, None)
    types: tuple[str, ...] = tuple(str(one) for one in PostType)
    levels: tuple[str, ...] = LEVELS
    campaigns: tuple[str, ...] = ()
    lanes: tuple[str, ...] = ()
    items: tuple[str, ...] = ()


def known_of(places: Iterable[PlaceRow], campaigns: Iterable[str] = (), items: Iterable[str] = ()) -> Known:
    """What the desk can tell of a case with this gazetteer, these campaigns and types of item."""
    rows = list(places)
    told = {row.built_up for row in rows if row.level not in {"elsewhere", "no_place", "product"}}
    return Known(
        areas=tuple(dict.fromkeys(row.unit for row in rows if row.unit)),
        built_up=tuple(one for one in (True, False, None) if one in told or one is None),
        campaigns=tuple(campaigns),
        lanes=LANES,
        items=tuple(items),
    )


def problems(routes: Sequence[RouteRow], units: Sequence[UnitRow], known: Known | None = None) -> list[str]:
    """Everything wrong with the table, one Chinese sentence each; empty when it is sound.

    With `known`, also the rules that no case of this desk can ever reach.
    """
    told = [f"规则 {row.id}：{what}" for row in routes for what in _faults(row, routes, units)]
    told += conflicts(routes)
    return told + unreached(routes, known) if known else told


def hint_problems(hints: Sequence[HintRow]) -> list[str]:
    """Hints that name a kind nobody knows, or words that can never be found."""
    told = []
    for number, row in enumerate(hints, start=1):
        name = f"类别提示第 {number} 条（{row.words[0]}）"
        if row.kind not in LEAVES:
            told.append(f"{name}：没有这种类别 {row.kind}")
        for word in unmatchable((*row.words, *row.and_words, *row.not_words)):
            told.append(f"{name}：“{word}”含繁体、全角或空格，永远匹配不上")
    return told


def conflicts(routes: Sequence[RouteRow]) -> list[str]:
    """Doubled ids, and rules that never fire because an earlier one always fires first."""
    told = []
    for number, row in enumerate(routes):
        if any(row.id == other.id for other in routes[:number]):
            told.append(f"规则 {row.id}：编号重复")
        hiding = _hiding(routes, number)
        if hiding:
            same = "结论相同，可删去" if hiding.department == row.department else "结论不同，请调整次序"
            told.append(f"规则 {row.id}：永远轮不到，前面的 {hiding.id} 总是先适用（{same}）")
    return told


def unreached(routes: Sequence[RouteRow], known: Known) -> list[str]:
    """Rules that ask for what the desk never knows, and rules that several earlier ones hide together."""
    told = []
    for number, row in enumerate(routes):
        if lacking := _lacking(row, known):
            told.append(f"规则 {row.id}：永远轮不到，要求{lacking}，本系统的办件目前没有这一项")
        elif not _hiding(routes, number) and not _reached(row, routes[:number], known):
            told.append(f"规则 {row.id}：永远轮不到，前面的几条规则合起来总是先适用，请调整次序")
    return told


def shadows(earlier: RouteRow, later: RouteRow) -> bool:
    """Whether `earlier` fits everything that `later` fits; when in doubt, no."""
    return (
        earlier.adds is later.adds is False
        and _kinds_within(later, earlier)
        and all(_within(getattr(later, name), getattr(earlier, name)) for name in _LISTS)
        and (earlier.built_up is None or earlier.built_up is later.built_up)
        and (earlier.night is None or earlier.night is later.night)
        and (earlier.from_time is None or _times(earlier) == _times(later))
        and all(
            not getattr(earlier, name)
            or (bool(getattr(later, name)) and _each_holds(getattr(later, name), getattr(earlier, name)))
            for name in ("words", "and_words")
        )
        and _each_holds(earlier.not_words, later.not_words)
        and (earlier.valid_from or date.min) <= (later.valid_from or date.min)
        and (earlier.valid_to or date.max) >= (later.valid_to or date.max)
    )


#: Conditions that are lists of what may be: empty is anything.
_LISTS: Final = ("beside", "areas", "types", "levels", "campaigns", "lanes", "items")


def _hiding(routes: Sequence[RouteRow], number: int) -> RouteRow | None:
    return next((other for other in routes[:number] if shadows(other, routes[number])), None)


def _faults(row: RouteRow, routes: Sequence[RouteRow], units: Sequence[UnitRow]) -> Iterator[str]:
    areas = {unit.area for unit in units if unit.area}
    yield from (
        f"没有这种类别 {kind}" for kind in (*row.kinds, *row.beside) if kind not in {*LEAVES, *FAMILY_LABEL}
    )
    yield from (f"没有单位设在辖区 {area}" for area in row.areas if area not in areas)
    yield from _unknown_names(row, routes, units)
    yield from (
        f"“{word}”含繁体、全角或空格，永远匹配不上"
        for word in unmatchable((*row.words, *row.and_words, *row.not_words))
    )
    for word in (*row.words, *row.and_words):
        if any(barred in word for barred in row.not_words):
            yield f"“{word}”同时被 not_words 排除"
    if row.valid_from and row.valid_to and row.valid_from > row.valid_to:
        yield f"生效日 {row.valid_from} 晚于失效日 {row.valid_to}"
    if not row.source:
        yield "没有写明依据 (source)"


def _unknown_names(row: RouteRow, routes: Sequence[RouteRow], units: Sequence[UnitRow]) -> Iterator[str]:
    departments, keys = {unit.department for unit in units}, {unit.key for unit in units}
    for name in (row.department, *row.assist):
        if name not in departments:
            yield f"units.toml 中没有“{name}”的单位"
    yield from (
        f"units.toml 中没有键为 {key} 的单位" for key in (row.unit, *row.sections) if key and key not in keys
    )
    if row.to == "township" and not any(unit.place and unit.department == row.department for unit in units):
        yield f"units.toml 中没有乡镇（街道）的“{row.department}”单位"
    ids = {other.id for other in routes} - {row.id}
    yield from (f"also 中的 {other} 不是另一条规则" for other in row.also if other not in ids)


def _lacking(row: RouteRow, known: Known) -> str:
    """What a rule asks for and no case can hold, as the civil servant calls it."""
    asked = (
        ("类型", row.types, known.types),
        ("等级", row.levels, known.levels),
        ("专项行动", row.campaigns, known.campaigns),
        ("办理通道", row.lanes, known.lanes),
        ("事项类型", row.items, known.items),
        ("辖区", row.areas, known.areas),
    )
    for name, wanted, given in asked:
        if wanted and not any(str(one) in given for one in wanted):
            return f"{name}“{'、'.join(str(one) for one in wanted)}”"
    if row.built_up is not None and row.built_up not in known.built_up:
        return f"建成区{'内' if row.built_up else '外'}"
    return ""


def _reached(row: RouteRow, earlier: Sequence[RouteRow], known: Known) -> bool:
    """Whether some case comes to this rule: kinds, places, hours and the rule's own words are tried."""
    last = row.valid_to or date.max
    rivals = [other for other in earlier if other.valid_on(last) and not (other.adds or row.adds)]
    hours_tried = [hours.at(one) for one in (*TIMES, row.from_time) if one]
    return any(
        _gets_past(row, rivals, facts, kind, spans)
        for facts, kind in _cases(row, known)
        for spans in ((), *((one,) for one in hours_tried))
    )


def _cases(row: RouteRow, known: Known) -> Iterator[tuple[Facts, str]]:
    """Cases a rule is made for, the plainest first."""
    kinds = [leaf for leaf in LEAVES if any(covers(one, leaf) for one in row.kinds)] or list(LEAVES)
    inside = [row.built_up] if row.built_up is not None else list(known.built_up)[::-1]
    words = list(product(row.words or ("",), row.and_words or ("",)))
    for kind, built_up, told in product(kinds, inside, words):
        facts = Facts(
            text="，".join(part for part in told if part),
            kinds=(kind, *(one for one in row.beside[:1] if one != kind)),
            area=next(iter(row.areas), ""),
            built_up=built_up,
            type=str(next(iter(row.types), PostType.COMPLAINT)),
            level=next(iter(row.levels), LEVELS[0]),
            campaigns=row.campaigns,
            lane=next(iter(row.lanes), ""),
            item=next(iter(row.items), ""),
        )
        yield facts, kind


def _gets_past(
    row: RouteRow, rivals: Sequence[RouteRow], facts: Facts, kind: str, spans: tuple[Span, ...]
) -> bool:
    """Whether the case fits the rule and no earlier one, with a word added that keeps an earlier one away."""
    text = facts.text
    for _ in range(TRIES):
        folded = fold(text)
        now = hours.told(folded) or spans
        matter = Matter(facts, folded, now, night(now))
        if not fits(row, matter, kind):
            return False
        rival = next((one for one in rivals if fits(one, matter, kind)), None)
        if rival is None:
            return True
        word = next((one for one in rival.not_words if first(row.not_words, fold(one)) is None), None)
        if word is None:
            return False
        text = f"{text}，{word}"
    return False


def _times(row: RouteRow) -> tuple[object, object]:
    return row.from_time, row.to_time


def _within(later: Sequence[str], earlier: Sequence[str]) -> bool:
    return not earlier or (bool(later) and set(later) <= set(earlier))


def _kinds_within(later: RouteRow, earlier: RouteRow) -> bool:
    if not earlier.kinds:
        return True
    return bool(later.kinds) and all(
        any(covers(pattern, kind) for pattern in earlier.kinds) for kind in later.kinds
    )


def _each_holds(longer: Sequence[str], shorter: Sequence[str]) -> bool:
    """Whether each of `longer` contains one of `shorter`."""
    return all(any(part in word for part in shorter) for word in longer)
