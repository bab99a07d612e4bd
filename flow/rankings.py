"""Rankings of places as they stand: by the desk's own cases or by a table handed in; each sees what is theirs to see.

What was put up, signed and printed is `flow.ranking_papers`; how a table gets in `flow.ranking_import`.
"""

from __future__ import annotations

from collections import Counter
from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from typing import Final

import cases.case_boards
import cases.table_boards
from cases.boards import Board
from cases.boards import Spot
from cases.boards import read
from cases.case_boards import Past
from cases.ranks import Rule
from cases.ranks import Share
from flow import inspections
from flow import permits
from flow import rights
from flow.desk import Desk
from huanyu.bureau import PlaceRow
from huanyu.clock import local
from huanyu.errors import BadInput
from huanyu.errors import NotAllowed
from huanyu.errors import NotFound
from huanyu.periods import Period
from huanyu.periods import called
from huanyu.ranking_rows import RankingRow
from huanyu.store.rankings import ENDED
from huanyu.store.rankings import REPEATED
from huanyu.store.rankings import SETTLED
from huanyu.types import Case
from huanyu.types import Place
from huanyu.types import Ranking
from huanyu.types import RankingSheet
from huanyu.types import User

#: figure -> groups of the store's counts: the part and the whole
GROUPS: Final[Mapping[str, tuple[str, str]]] = {
    "response": ("unit_sign_met", "unit_sign_due"),
    "on_time": ("unit_met", "unit_due"),
    "settled": (SETTLED, "unit_due"),
    "satisfied": ("unit_content", "unit_asked"),
    "returned": ("unit_returned", "unit_given"),
    "repeated": (REPEATED, ENDED),
}
MOST: Final = 1000  #: cases of a list
CITY, NOWHERE, OTHERS = "市直单位办理", "看不出在哪个乡镇（街道）", "不在名单里"


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A ranking as one person sees it."""

    row: RankingRow
    period: Period
    board: Board
    own: bool  #: only lines of the own county or zone are shown
    finished: bool  #: the period is over
    sheet: RankingSheet | None  #: the table behind it
    issued: Ranking | None  #: what was last issued of the period


def rows(desk: Desk, now: datetime) -> tuple[RankingRow, ...]:
    """The rankings in force today, in the order of the table."""
    today = local(now).date()
    return tuple(row for row in desk.bureau.rankings.ranking if row.valid_on(today))


def row_of(desk: Desk, key: str) -> RankingRow:
    """Raises NotFound."""
    found = desk.bureau.rankings.row(key)
    if found is None:
        raise NotFound("没有这种排名", ranking=key)
    return found


def rule(desk: Desk) -> Rule:
    told = desk.bureau.rankings
    return Rule(told.few, told.ties, told.after_ties, told.digits)


def period_of(row: RankingRow, year: int, part: str, now: datetime) -> Period:
    """The period: part is 1 to 12, q1 to q4, or "" for the year; raises BadInput."""
    span, number = ("year", 1) if not part else ("quarter", part[1:]) if part[0] == "q" else ("month", part)
    most = {"year": 1, "quarter": 4, "month": 12}[span]
    ordinal = int(number) if str(number).isdecimal() and len(str(number)) <= len("12") else 0
    if not (2000 <= year <= local(now).year and 1 <= ordinal <= most):
        raise BadInput("没有这个时段")
    if span not in row.spans:
        raise BadInput(f"{row.name}不按{SPANS[span]}排名")
    month = (ordinal - 1) * 3 + 1 if span == "quarter" else ordinal
    found = Period.holding(span, date(year, month, 1))
    if found.first > local(now).date():
        raise BadInput(f"{found.name()}还没有开始")
    return found


SPANS: Final = {"month": "月", "quarter": "季度", "year": "年"}


def part_of(period: Period) -> str:
    """What `period_of` makes the period of."""
    if period.span == "year":
        return ""
    return f"q{(period.first.month + 2) // 3}" if period.span == "quarter" else str(period.first.month)


def view(
    desk: Desk, user: User, key: str, year: int, part: str, now: datetime, compared: bool = True
) -> View:
    """A ranking as known now; whoever may not see all of it sees the own lines. Raises BadInput, NotFound.

    `compared`: whether the ranks before are wanted; both periods are counted for them.
    """
    permits.demand(user, "see_rankings")
    row = row_of(desk, key)
    period = period_of(row, year, part, now)
    found = board(desk, row, period, now, compared)
    own = not permits.may(user, "see_all_rankings")
    return View(
        row=row,
        period=period,
        board=narrowed(desk, user, found) if own else found,
        own=own,
        finished=period.last < local(now).date(),
        sheet=desk.store.rankings.sheet(key, period) if row.of == "table" else None,
        issued=desk.store.rankings.issued(key, period),
    )


def narrowed(desk: Desk, user: User, found: Board) -> Board:
    """Only the lines of the county or zone this person works for, without the words about the others."""
    return Board(
        key=found.key,
        name=found.name,
        period=found.period,
        value_name=found.value_name,
        value_unit=found.value_unit,
        heads=found.heads,
        figures=found.figures,
        before=found.before,
        lines=found.of(own_areas(desk, user)),
        notes=found.notes,
        words=(),
    )


def own_areas(desk: Desk, user: User) -> frozenset[str]:
    """The counties and zones this person works for, or stands in for."""
    units = (desk.bureau.unit(one.unit) for one in rights.selves(user))
    return frozenset(unit.area for unit in units if unit and unit.area)


def board(desk: Desk, row: RankingRow, period: Period, now: datetime, compared: bool = True) -> Board:
    """The ranking of a period as known now, compared with the period before and a year ago."""
    before = called(period.span)[1]
    ranked = spots(desk, row, period.last)
    past = _past(desk, row, period, now) if compared else Past()
    if row.of == "table":
        return cases.table_boards.board(
            row,
            ranked,
            _values(desk, row, period),
            _values(desk, row, period.year_before()),
            past,
            period.name(),
            before,
            rule(desk),
        )
    shares, beside = counted(desk, row, ranked, period, now)
    return cases.case_boards.board(row, ranked, shares, beside, past, period.name(), before, rule(desk))


def spots(desk: Desk, row: RankingRow, day: date) -> tuple[Spot, ...]:
    """The places that are ranked, in the official order."""
    found = [*_areas(desk, day), *_townships(desk, day)]
    wanted = [one for one in found if one.level in row.levels]
    if not row.only:
        return tuple(wanted)
    names = desk.bureau.areas()
    chosen = set(row.only)
    return tuple(
        one for one in wanted if chosen & {one.key, one.name, f"{names.get(one.area, '')}{one.name}"}
    )


def behind(
    desk: Desk, user: User, found: Board, place: str, figure: str
) -> tuple[list[Case], list[Case], int]:
    """The cases of one figure: those of the part, the others of the whole, and how many this person may not see.

    Of each as many as a page can list, the oldest first. Raises NotAllowed for another county's, NotFound where
    there is no such figure.
    """
    line = next((one for one in found.lines if one.spot.key == place), None)
    if line is None and not permits.may(user, "see_all_rankings"):
        raise NotAllowed(f"只能看本{desk.bureau.areas_called()}的办件", user=user.name)
    if line is None or figure not in line.shares:
        raise NotFound("没有这个数")
    share = line.shares[figure]
    part = set(share.part)
    others = sorted(set(share.whole) - part)
    known = desk.store.cases.of_ids([*sorted(part)[:MOST], *others[:MOST]])
    seen = {key for key, case in known.items() if permits.may_see(user, case)}
    return (
        [known[key] for key in known if key in seen and key in part],
        [known[key] for key in known if key in seen and key not in part],
        len(known) - len(seen),
    )


def counted(
    desk: Desk, row: RankingRow, ranked: Iterable[Spot], period: Period, now: datetime
) -> tuple[dict[str, dict[str, Share]], dict[str, int]]:
    """What each place's figures count, and the cases that no place of the list answers for, by why."""
    cells = desk.store.rankings.counted(period, now)
    wanted = {name for one in row.figures for name in GROUPS[one.key]}
    groups = {name: cells.get(name, {}) for name in wanted}
    everything = {one for units in groups.values() for ids in units.values() for one in ids}
    lies = _lies(desk, everything, period.last) if row.count_by == "place" else {}
    known = {one.key for one in ranked}
    found: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    left: dict[str, set[int]] = defaultdict(set)
    for name, units in groups.items():
        for unit, ids in units.items():
            area = _area_of(desk, unit)
            for one in ids:
                key = lies.get(one, "") if row.count_by == "place" else area
                if key in known:
                    found[key][name].append(one)
                else:
                    why = OTHERS if key else NOWHERE if row.count_by == "place" else CITY
                    left[why].add(one)
    shares: dict[str, dict[str, Share]] = {
        key: {one.key: Share(*(tuple(lists[name]) for name in GROUPS[one.key])) for one in row.figures}
        for key, lists in found.items()
    }
    return shares, {why: len(ids) for why, ids in sorted(left.items())}


def _past(desk: Desk, row: RankingRow, period: Period, now: datetime) -> Past:
    return Past(
        before=_ranks(desk, row, period.before(), now),
        year_before=_ranks(desk, row, period.year_before(), now) if period.span != "year" else None,
    )


def _ranks(desk: Desk, row: RankingRow, period: Period, now: datetime) -> Mapping[str, int] | None:
    """As they were issued, else as they are counted today; None before there were records."""
    told = desk.store.rankings.issued(row.key, period)
    if told is not None:
        return read(told.content["board"]).ranks()
    ranked = spots(desk, row, period.last)
    if row.of == "table":
        return cases.table_boards.standings(row, ranked, _values(desk, row, period), rule(desk)) or None
    since = desk.bureau.bureau.records_from
    if since is not None and period.first < since:
        return None
    shares, _ = counted(desk, row, ranked, period, now)
    return cases.case_boards.standings(row, ranked, shares, rule(desk)) or None


def _values(desk: Desk, row: RankingRow, period: Period) -> Mapping[str, Mapping[str, str]]:
    found = desk.store.rankings.sheet(row.key, period)
    return {} if found is None else found.rows


def _area_of(desk: Desk, unit: str) -> str:
    found = desk.bureau.unit(unit)
    return found.area if found else ""


def _areas(desk: Desk, day: date) -> list[Spot]:
    """Counties and zones; a city without counties has but its townships."""
    rows_ = {
        row.unit: row
        for row in desk.bureau.places
        if row.is_area and row.level != "township" and row.valid_on(day)
    }
    order = [key for key in inspections.areas(desk) if key in rows_]
    return [Spot(key, rows_[key].name, rows_[key].level, key) for key in order]


def townships(desk: Desk, day: date) -> dict[str, PlaceRow]:
    """The townships of a day by key: their code, or area and name where a zone's has only its county's code."""
    rows_ = [row for row in desk.bureau.places if row.level == "township" and row.unit and row.valid_on(day)]
    codes = Counter(row.code for row in rows_)
    own = {row.code for row in rows_ if len(row.code) == TOWNSHIP_CODE and codes[row.code] == 1}
    return {row.code if row.code in own else f"{row.unit}{row.name}": row for row in rows_}


TOWNSHIP_CODE: Final = 9  #: digits


def _townships(desk: Desk, day: date) -> list[Spot]:
    """In the order of their areas; a name that several areas have is told with the area's."""
    names = desk.bureau.areas()
    order = {key: at for at, key in enumerate(inspections.areas(desk))}
    found = townships(desk, day)
    told = Counter(row.name for row in found.values())
    listed = sorted(found.items(), key=lambda item: order.get(item[1].unit, len(order)))
    return [
        Spot(
            key,
            row.name if told[row.name] == 1 else f"{names.get(row.unit, '')}{row.name}",
            "township",
            row.unit,
        )
        for key, row in listed
    ]


def _lies(desk: Desk, ids: Iterable[int], day: date) -> dict[int, str]:
    """Of each case the key of the township its place names, or a village of it; where townships are areas, its area."""
    names, known = desk.bureau.areas(), townships(desk, day)
    told = desk.store.rankings.where(ids)
    sure = {one: area for one, (area, _) in told.items() if area in known}
    where = {one: said for one, said in told.items() if said[1] and one not in sure}
    texts = sorted(set(where.values()))
    surveys = desk.gazetteer.survey_all([f"{names.get(area, '')}{place}" for area, place in texts])
    keys = {
        said: next((_key(one, known) for one in survey.places if one.level in ("township", "village")), "")
        for said, survey in zip(texts, surveys, strict=True)
    }
    return sure | {one: key for one, said in where.items() if (key := keys[said])}


def _key(place: Place, known: Mapping[str, PlaceRow]) -> str:
    """Of a township, or of a village's; "" where it is none of these."""
    if place.code in known:
        return place.code
    same = [key for key, row in known.items() if (row.code, row.unit) == (place.code, place.unit)]
    return same[0] if len(same) == 1 else next((key for key in same if known[key].name == place.name), "")
