"""The ranking of places by a table that was handed in: checked cell by cell, ranked by one column, compared with a year ago."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from cases import boards
from cases.boards import LEVELS
from cases.boards import Board
from cases.boards import Line
from cases.boards import Spot
from cases.case_boards import Past
from cases.ranks import NONE
from cases.ranks import Rule
from cases.ranks import improved
from cases.ranks import moved
from cases.ranks import ranks
from cases.ranks import rounded
from huanyu.ranking_rows import ColumnRow
from huanyu.ranking_rows import RankingRow
from huanyu.text import normalise

LAST: Final = "_last_year"  #: after the key of a column: the same figure a year ago
NUMBER: Final = re.compile(r"-?\d{1,9}(?:\.\d{1,20})?(?:[eE]-\d{1,2})?")
FINEST: Final = Decimal("1e-9")  #: what a computed cell has beyond is noise: 92.50000000000001
EQUAL: Final = Decimal("1e-6")
EMPTY: Final = frozenset({"", "-", "--", "—", "/", "无", "无数据", "缺测"})
PLACE_HEADS: Final = (
    *(
        "县（市、区）",
        "县（市区）",
        "县市区",
        "县区",
        "辖区",
        "区域",
        "行政区域",
        "行政区",
        "单位",
        "名称",
        "地区",
    ),
    *("乡镇（街道）", "乡（镇、街道）", "乡镇街道", "乡镇", "镇街", "镇（街道）"),
)
Values = Mapping[str, str]  #: key of the column -> the number as it is kept


@dataclass(frozen=True, slots=True)
class Cell:
    """What a column of a file is."""

    key: str
    head: str  #: as the file has it
    row: ColumnRow


def columns(row: RankingRow, head: Sequence[str]) -> tuple[list[Cell], list[str]]:
    """The columns of a file that the ranking knows, and what is wrong with its headings, in Chinese.

    A unit written in a heading must be the unit we know: milligrams are not micrograms.
    """
    found: list[Cell] = []
    wrong: list[str] = []
    for one in row.columns:
        for key, names in ((one.key, (one.name, *one.heads)), (f"{one.key}{LAST}", one.last_year)):
            name = next((each for each in head if _bare(each) in {_bare(known) for known in names}), None)
            if name is None:
                if key == one.key and one.needed:
                    wrong.append(f"表头里没有“{one.name}”列")
                continue
            unit = _unit(name, names)
            if unit and one.unit and unit != _plain(one.unit):
                wrong.append(f"“{name}”列的单位应为{one.unit}")
            found.append(Cell(key, name, one))
    return found, wrong


def read(row: RankingRow, cells: Sequence[Cell], line: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """The numbers of a row, and what is wrong with it by column, in Chinese."""
    values: dict[str, str] = {}
    wrong: list[str] = []
    for one in cells:
        written = normalise(line.get(one.head, "")).strip().replace(",", "")
        if written in EMPTY:
            if one.row.needed and one.key == one.row.key:
                wrong.append(f"“{one.head}”列没有填写")
            continue
        if not NUMBER.fullmatch(written):
            wrong.append(f"“{one.head}”列的“{written[:20]}”不是数字")
        elif not one.row.least <= float(written) <= one.row.most:
            wrong.append(
                f"“{one.head}”列的 {written} 不在 {one.row.least:g} 到 {one.row.most:g} 之间，请核对数值和单位"
            )
        else:
            values[one.key] = _kept(written)
    if not wrong and row.total_of and all(key in values for key in row.total_of):
        total = sum(Decimal(values[key]) for key in row.total_of)
        if row.by in values and abs(total - Decimal(values[row.by])) > EQUAL:
            names = "、".join(row.column(key).name for key in row.total_of)
            wrong.append(f"{names}合计 {total}，与“{row.column(row.by).name}”列的 {values[row.by]} 不符")
    return values, wrong


def _kept(written: str) -> str:
    """As written; without the noise of a computed cell."""
    value = Decimal(written)
    exponent = value.as_tuple().exponent
    if "e" not in written.lower() and isinstance(exponent, int) and exponent >= FINEST.adjusted():
        return written
    return f"{value.quantize(FINEST).normalize():f}"


def standings(
    row: RankingRow, spots: Sequence[Spot], rows: Mapping[str, Values], rule: Rule
) -> dict[str, int]:
    """The ranks of those the table has, each level by itself where the row says so."""
    by = row.column(row.by)
    groups: dict[str, dict[str, Fraction]] = defaultdict(dict)
    for one in spots:
        if (value := rows.get(one.key, {}).get(row.by)) is not None:
            groups[one.level if row.apart else ""][one.key] = Fraction(value)
    placed = (ranks(found, by.digits, by.less_is_better, rule) for found in groups.values())
    return {key: rank for found in placed for key, rank in found.items()}


def board(
    row: RankingRow,
    spots: Sequence[Spot],
    rows: Mapping[str, Values],
    a_year_ago: Mapping[str, Values],
    past: Past,
    period: str,
    before: str,
    rule: Rule,
) -> Board:
    """The ranking of these places; `a_year_ago` is last year's own table, where the file itself has no such column."""
    by = row.column(row.by)
    shown = [one for one in row.columns if one.key != row.by]
    better = {one.key: _better(row, one.key, rows, a_year_ago) for one in spots}
    known = {key: value for key, value in better.items() if value is not None}
    climbed = ranks(known, rule.digits, False, rule)
    ranked = standings(row, spots, rows, rule)

    def line(spot: Spot) -> Line:
        mine = rows.get(spot.key, {})
        figures = (_printed(each, mine.get(each.key)) for each in shown)
        return Line(
            spot=spot,
            rank=ranked.get(spot.key),
            value=_printed(by, mine.get(row.by)),
            cells=(*figures, _percent(better[spot.key], rule), str(climbed.get(spot.key, NONE))),
            moved=moved((past.before or {}).get(spot.key), ranked.get(spot.key)),
            moved_year=moved((past.year_before or {}).get(spot.key), ranked.get(spot.key)),
            shares={},
        )

    lines = boards.ordered(line(one) for one in spots)
    heads = (*map(_head, shown), "同比改善率", "改善位次")
    return Board(
        key=row.key,
        name=row.name,
        period=period,
        value_name=by.name,
        value_unit=by.unit,
        heads=heads,
        figures=("",) * len(heads),
        before=before,
        lines=lines,
        notes=_notes(row, rule),
        words=_words(row, lines, period, better, climbed, rule),
    )


def _head(column: ColumnRow) -> str:
    return f"{column.name}（{column.unit}）" if column.unit else column.name


def _better(
    row: RankingRow, key: str, rows: Mapping[str, Values], a_year_ago: Mapping[str, Values]
) -> Fraction | None:
    now = rows.get(key, {}).get(row.by)
    then = rows.get(key, {}).get(f"{row.by}{LAST}", a_year_ago.get(key, {}).get(row.by))
    if now is None or then is None:
        return None
    return improved(Fraction(then), Fraction(now), row.column(row.by).less_is_better)


def _printed(column: ColumnRow, value: str | None) -> str:
    return NONE if value is None else str(rounded(Fraction(value), column.digits))


def _percent(value: Fraction | None, rule: Rule) -> str:
    return NONE if value is None else f"{rounded(value, rule.digits)}%"


def _words(
    row: RankingRow,
    lines: Sequence[Line],
    period: str,
    better: Mapping[str, Fraction | None],
    climbed: Mapping[str, int],
    rule: Rule,
) -> tuple[str, ...]:
    by = row.column(row.by)
    named = [
        (f"{LEVELS[level]}中，" if row.apart else "")
        + boards.best_and_worst(
            [line for line in lines if not level or line.spot.level == level],
            by.name,
            by.unit,
            row.best,
            row.worst,
        )
        for level in (row.levels if row.apart else ("",))
    ]
    told = [one for one in named if one.endswith("。")]
    first = f"{period}，{told[0]}" if told else f"{period}，表中没有可以排名的数据。"
    missing = [line.spot.name for line in lines if line.rank is None]
    left = (
        f"没有报数、不排名的：{'、'.join(missing)}。"
        if missing and told and len(missing) <= len(lines) // 2
        else ""
    )
    return tuple(
        filter(None, (first, *told[1:], _improvement(lines, better, climbed, rule), left, row.demand))
    )


def _improvement(
    lines: Sequence[Line], better: Mapping[str, Fraction | None], climbed: Mapping[str, int], rule: Rule
) -> str:
    names = {line.spot.key: line.spot.name for line in lines}
    most = [key for key in names if climbed.get(key) == 1 and (better[key] or 0) > 0]
    worse = sum((better[key] or 0) < 0 for key in names)
    parts = [
        f"改善幅度最大的是{'、'.join(names[key] for key in most)}（改善{_percent(better[most[0]], rule)}）"
        if most
        else "",
        f"{worse}个同比变差" if worse else "",
    ]
    return f"与上年同期相比，{'；'.join(filter(None, parts))}。" if any(parts) else ""


def _notes(row: RankingRow, rule: Rule) -> tuple[str, ...]:
    by = row.column(row.by)
    order = "从低到高" if by.less_is_better else "从高到低"
    ties = "印出的数相同即并列" if rule.ties == "printed" else "数值完全相等才并列"
    after = "并列之后的位次空出" if rule.after_ties == "skip" else "并列之后的位次接排"
    total = f"{by.name}={'+'.join(row.column(key).name for key in row.total_of)}。" if row.total_of else ""
    return (
        f"按{by.name}{order}排名，{ties}，{after}；没有报数的不排名。{total}",
        f"同比改善率为{by.name}比上年同期改善的百分比，负数为变差；改善位次按同比改善率从高到低排。",
    )


def _bare(head: str) -> str:
    """A heading without its unit."""
    return re.sub(r"[（(](?:[^（()）]*/[^（()）]*|天|个|分|%|位)[)）]$", "", _plain(head))


def _unit(head: str, names: Sequence[str]) -> str:
    """The unit a heading has in brackets; "" where it has none or its name ends so."""
    plain = _plain(head)
    if plain in {_plain(one) for one in names}:
        return ""
    found = re.search(r"[（(]([^（()）]*)[)）]$", plain)
    return _plain(found.group(1)) if found else ""


def _plain(text: str) -> str:
    """Letters and signs as one writes them: μg/m3 is 微克/立方米."""
    told = re.sub(r"\s+", "", normalise(text)).lower().replace("(", "（").replace(")", "）")
    for sign in ("μg/m³", "µg/m³", "μg/m3", "µg/m3", "ug/m3"):
        told = told.replace(sign, "微克/立方米")
    return told.replace("mg/m³", "毫克/立方米").replace("mg/m3", "毫克/立方米")
