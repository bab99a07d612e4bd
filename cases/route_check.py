"""What is wrong with a routing table: rules that can never fire, doubles, departments nobody has.

Shown when the table is loaded or saved; sentences for the civil servant who edits it, never an exception.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence
from datetime import date

from cases.words import unmatchable
from huanyu.bureau import RouteRow
from huanyu.bureau import UnitRow
from huanyu.kinds import FAMILY_LABEL
from huanyu.kinds import LEAVES
from huanyu.kinds import covers


def problems(routes: Sequence[RouteRow], units: Sequence[UnitRow]) -> list[str]:
    """Everything wrong with the table, one Chinese sentence each; empty when it is sound."""
    departments = {unit.department for unit in units}
    areas = {unit.area for unit in units if unit.area}
    told = [f"规则 {row.id}：{what}" for row in routes for what in _faults(row, departments, areas)]
    return [*told, *conflicts(routes)]


def conflicts(routes: Sequence[RouteRow]) -> list[str]:
    """Doubled ids, and rules that never fire because an earlier one always fires first."""
    told = []
    for number, row in enumerate(routes):
        earlier = routes[:number]
        if any(row.id == other.id for other in earlier):
            told.append(f"规则 {row.id}：编号重复")
        hiding = next((other for other in earlier if shadows(other, row)), None)
        if hiding:
            same = "结论相同，可删去" if hiding.department == row.department else "结论不同，请调整次序"
            told.append(f"规则 {row.id}：永远轮不到，前面的 {hiding.id} 总是先适用（{same}）")
    return told


def shadows(earlier: RouteRow, later: RouteRow) -> bool:
    """Whether `earlier` fits everything that `later` fits; when in doubt, no."""
    return (
        _kinds_within(later, earlier)
        and (not earlier.areas or (bool(later.areas) and set(later.areas) <= set(earlier.areas)))
        and (earlier.built_up is None or earlier.built_up is later.built_up)
        and (earlier.night is None or earlier.night is later.night)
        and (not earlier.words or (bool(later.words) and _each_holds(later.words, earlier.words)))
        and _each_holds(earlier.not_words, later.not_words)
        and (earlier.valid_from or date.min) <= (later.valid_from or date.min)
        and (earlier.valid_to or date.max) >= (later.valid_to or date.max)
    )


def _faults(row: RouteRow, departments: set[str], areas: set[str]) -> Iterator[str]:
    known = {*LEAVES, *FAMILY_LABEL}
    yield from (f"没有这种类别 {kind}" for kind in row.kinds if kind not in known)
    yield from (f"没有单位设在辖区 {area}" for area in row.areas if area not in areas)
    for name in (row.department, *row.assist):
        if name not in departments:
            yield f"units.toml 中没有“{name}”的单位"
    yield from (
        f"“{word}”含繁体、全角或空格，永远匹配不上" for word in unmatchable((*row.words, *row.not_words))
    )
    for word in row.words:
        if any(barred in word for barred in row.not_words):
            yield f"“{word}”同时被 not_words 排除"
    if row.valid_from and row.valid_to and row.valid_from > row.valid_to:
        yield f"生效日 {row.valid_from} 晚于失效日 {row.valid_to}"
    if not row.source:
        yield "没有写明依据 (source)"


def _kinds_within(later: RouteRow, earlier: RouteRow) -> bool:
    if not earlier.kinds:
        return True
    return bool(later.kinds) and all(
        any(covers(pattern, kind) for pattern in earlier.kinds) for kind in later.kinds
    )


def _each_holds(longer: Sequence[str], shorter: Sequence[str]) -> bool:
    """Whether each of `longer` contains one of `shorter`."""
    return all(any(part in word for part in shorter) for word in longer)
