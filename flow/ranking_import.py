"""A table for a ranking, taken in from a file: places known by name, numbers checked, bad rows kept and told.

A table that is handed in again for the same period counts in place of the earlier one, which is kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from pathlib import Path
from typing import Final

import cases.table_boards
from cases.boards import Spot
from cases.table_boards import PLACE_HEADS
from cases.table_boards import Cell
from crawler.import_columns import Meaning
from crawler.import_columns import squeezed
from crawler.import_files import tables
from crawler.import_table import Row
from flow import permits
from flow import rankings
from flow import rejected_rows
from flow.desk import Desk
from huanyu.errors import BadInput
from huanyu.ranking_rows import RankingRow
from huanyu.text import normalise
from huanyu.types import RankingSheet
from huanyu.types import User

SOURCE: Final = "排名用表"  #: under which rows that could not be taken are listed
TOTALS: Final = frozenset({"全市", "合计", "平均", "全市平均", "总计", "均值"})  #: lines that are no place


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of a table."""

    sheet: RankingSheet
    missing: tuple[str, ...]  #: places of the ranking that the table has not
    bad: tuple[tuple[str, str], ...]  #: where, and what is wrong
    unread: tuple[tuple[str, str], ...]  #: sheets that are no such table, and why


def take_in(desk: Desk, user: User, key: str, year: int, part: str, path: Path, now: datetime) -> Taken:
    """The table of a period; raises BadInput where the file as a whole will not do."""
    permits.demand(user, "keep_rankings")
    row = rankings.row_of(desk, key)
    if row.of != "table":
        raise BadInput(f"{row.name}由本系统的办件算，不用导入")
    period = rankings.period_of(row, year, part, now)
    ranked = rankings.spots(desk, row, period.last)
    known = _known(desk, ranked, period.last)
    bad: list[tuple[Row, str]] = []
    found: dict[str, list[tuple[Row, dict[str, str]]]] = defaultdict(list)
    rows, unread = _rows(row, desk.bureau.areas_called(), path)
    for line, heads, cells in rows:
        try:
            place = _place(line, heads, known)
            if place is None:
                continue
            read = _read(row, cells, line)
            found[place].append((line, read))
        except BadInput as problem:
            bad.append((line, str(problem)))
    values = _once(found, bad)
    if not values:
        told = "；".join(f"{line.place}：{why}" for line, why in bad[:3])
        raise BadInput(f"{path.name}: 没有一行可以取用。{told}")
    sheet = desk.store.rankings.take(key, period, path.name, values, len(bad), user.name, now)
    belongs = {"ranking": key, "year": str(year), "part": part}
    rejected_rows.keep(desk, SOURCE, path.name, bad, user, now, belongs)
    return Taken(
        sheet=sheet,
        missing=tuple(one.name for one in ranked if one.key not in values),
        bad=tuple((line.place, told) for line, told in bad),
        unread=tuple(unread),
    )


def take_row(desk: Desk, user: User, line: Row, belongs: Mapping[str, str], now: datetime) -> bool:
    """One kept row of a period's table, put right: the table as it counts now, with this place.

    `belongs` is what `take_in` kept beside the row. False where the table has those figures; raises BadInput where it
    has others.
    """
    permits.demand(user, "keep_rankings")
    row = rankings.row_of(desk, belongs["ranking"])
    period = rankings.period_of(row, int(belongs["year"]), belongs["part"], now)
    known = _known(desk, rankings.spots(desk, row, period.last), period.last)
    heads = _place_heads(tuple(line.cells))
    place = _place(line, heads, known)
    if place is None:
        raise BadInput("合计行不用取")
    cells, wrong = cases.table_boards.columns(row, tuple(line.cells))
    if wrong:
        raise BadInput("；".join(wrong))
    values, sheet = _read(row, cells, line), desk.store.rankings.sheet(row.key, period)
    rows = {} if sheet is None else dict(sheet.rows)
    if place in rows and rows[place] != values:
        raise BadInput("现用的表里这个单位已有别的数字：要换的请把整表再导入一遍")
    if place in rows:
        return False
    left = 0 if sheet is None else max(0, sheet.left - 1)
    name = belongs["file"] if sheet is None else sheet.name
    desk.store.rankings.take(row.key, period, name, {**rows, place: values}, left, user.name, now)
    return True


def _place_heads(head: Sequence[str]) -> tuple[str, ...]:
    known = {squeezed(one) for one in PLACE_HEADS}
    return tuple(one for one in head if squeezed(one) in known)


def _rows(
    row: RankingRow, called: str, path: Path
) -> tuple[list[tuple[Row, tuple[str, ...], list[Cell]]], list[tuple[str, str]]]:
    """Every row with the headings of its place and its columns, and the sheets that are no such table and why.

    Raises BadInput where none is.
    """
    missing: list[tuple[str, str]] = []
    found: list[tuple[Row, tuple[str, ...], list[Cell]]] = []
    meaning = Meaning({"text": PLACE_HEADS, "title": tuple(one.name for one in row.columns)})
    for table in tables(path, meaning):
        heads = _place_heads(table.head)
        cells, wrong = cases.table_boards.columns(row, table.head)
        wrong = [*([] if heads else [f"表头里没有“{called}”或者“乡镇（街道）”列"]), *wrong]
        if wrong:
            missing.append((f"{path.name} {table.place}".rstrip(), "；".join(wrong)))
            continue
        found += [(line, heads, cells) for line in table.rows]
    if not found:
        raise BadInput("；".join(f"{where}: {told}" for where, told in missing) or f"{path.name}: 文件是空的")
    return found, missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What places are called."""

    names: Mapping[str, str]  #: name -> key; "" where two have the name. A township goes with its area's, too
    areas: Mapping[str, str]  #: name of a county or zone -> its key
    within: Mapping[str, frozenset[str]]  #: key of a place -> the areas it may be told under


def _known(desk: Desk, ranked: Sequence[Spot], day: date) -> Known:
    areas, names = desk.bureau.areas(), dict[str, str]()
    rows = rankings.townships(desk, day) | {row.unit: row for row in desk.bureau.places if row.is_area}
    for one in ranked:
        aliases = rows[one.key].aliases if one.key in rows and rows[one.key].is_area else ()
        full = rows[one.key].name if one.key in rows else one.name
        short = areas.get(one.area, "")
        for name in {one.name, full, f"{short}{full}", *(alias.rstrip("?") for alias in aliases)}:
            names[name] = "" if names.get(name, one.key) != one.key else one.key
    return Known(
        names=names,
        areas={
            name.rstrip("?"): row.unit
            for row in desk.bureau.places
            if row.is_area
            for name in (row.name, *row.aliases)
        },
        within={
            one.key: frozenset({one.area, rows[one.key].code[:6]} if one.key in rows else {one.area})
            for one in ranked
        },
    )


def _place(line: Row, heads: Sequence[str], known: Known) -> str | None:
    """The key of the row's place; None for a line of totals. Raises BadInput where nobody knows it."""
    if line.problem:
        raise BadInput(line.problem)
    parts = [told for head in heads if (told := "".join(normalise(line.cells.get(head, "")).split()))]
    if not parts:
        raise BadInput(f"“{heads[-1]}”列没有填写")
    if TOTALS & set(parts):
        return None
    for name in ("".join(parts), parts[-1], *parts[:-1][::-1]):
        if key := known.names.get(name):
            for area in parts:
                if known.areas.get(area, key) not in {key, *known.within[key]}:
                    raise BadInput(f"“{name}”不在“{area}”，请核对")
            return key
        if name in known.names:
            raise BadInput(f"“{heads[-1]}”列的“{name}”有同名的，请连同所在辖区写全")
    raise BadInput(f"“{heads[-1]}”列的“{parts[-1][:20]}”不在排名的单位里")


def _read(row: RankingRow, cells: Sequence[Cell], line: Row) -> dict[str, str]:
    values, wrong = cases.table_boards.read(row, cells, line.cells)
    if wrong:
        raise BadInput("；".join(wrong))
    return values


def _once(
    found: Mapping[str, list[tuple[Row, dict[str, str]]]], bad: list[tuple[Row, str]]
) -> dict[str, dict[str, str]]:
    """Each place once; of one told twice with other figures nobody knows which is right, so neither is taken."""
    values: dict[str, dict[str, str]] = {}
    for key, lines in found.items():
        if all(one == lines[0][1] for _, one in lines):
            values[key] = lines[0][1]
            continue
        where = "、".join(line.place for line, _ in lines)
        bad += [(line, f"同一单位有几行，数字不同（{where}），都没有取") for line, _ in lines]
    return values
