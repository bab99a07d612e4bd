"""The ranking of places by how they handled the desk's own cases: a score of weighted rates, each beside its whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from cases import boards
from cases.boards import LEVELS
from cases.boards import Board
from cases.boards import Line
from cases.boards import Spot
from cases.ranks import NONE
from cases.ranks import Rule
from cases.ranks import Share
from cases.ranks import enough
from cases.ranks import moved
from cases.ranks import ranks
from cases.ranks import rounded
from cases.ranks import sums
from cases.ranks import told
from huanyu.ranking_rows import LESS_IS_BETTER
from huanyu.ranking_rows import FigureRow
from huanyu.ranking_rows import RankingRow

#: What each figure counts: of the whole, and the part.
MEANING: Final[Mapping[str, str]] = MappingProxyType(
    {
        "response": "签收时限在其间办到或者到期的件中按时签收的",
        "on_time": "办结时限在其间办到或者到期的件中按时反馈办理结果的",
        "settled": "办结时限在其间办到或者到期的件中，到期末已经反馈办理结果的，退回重办的不算",
        "satisfied": "其间回访得到评价的件中满意和基本满意的",
        "returned": "其间转办的件中退回的，越低越好",
        "repeated": "其间答复或者办结（以先到的为准，只计一次）的件中，到统计时又被反映、重新办理的，越低越好",
    }
)
Shares = Mapping[str, Mapping[str, Share]]  #: place -> figure -> what it counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """The ranks it is compared with; None where there is nothing to compare with."""

    before: Mapping[str, int] | None = None
    year_before: Mapping[str, int] | None = None


def score(shares: Mapping[str, Share], figures: Sequence[FigureRow], rule: Rule) -> Fraction | None:
    """0 to 100: the weighted mean of the rates of enough; a rate that should be low counts by what is left of it.

    None where a figure that is needed has too few, or none has enough.
    """
    if any(row.needed and not enough(shares.get(row.key, Share()), rule) for row in figures):
        return None
    points, weights = Fraction(0), 0
    for row in figures:
        share = shares.get(row.key, Share())
        rate = share.rate
        if rate is None or not row.weight or not enough(share, rule):
            continue
        points += row.weight * (1 - rate if row.key in LESS_IS_BETTER else rate)
        weights += row.weight
    return points / weights * 100 if weights else None


def standings(row: RankingRow, spots: Sequence[Spot], shares: Shares, rule: Rule) -> dict[str, int]:
    """The ranks of those that are ranked, each level by itself where the row says so."""
    scores = {one.key: score(shares.get(one.key, {}), row.figures, rule) for one in spots}
    groups: dict[str, dict[str, Fraction]] = defaultdict(dict)
    for one in spots:
        if (value := scores[one.key]) is not None:
            groups[one.level if row.apart else ""][one.key] = value
    return {
        key: rank for found in groups.values() for key, rank in ranks(found, rule.digits, False, rule).items()
    }


def board(
    row: RankingRow,
    spots: Sequence[Spot],
    shares: Shares,
    beside: Mapping[str, int],
    past: Past,
    period: str,
    before: str,
    rule: Rule,
) -> Board:
    """The ranking of these places; `beside` are cases that no place of it answers for, by why."""
    ranked = standings(row, spots, shares, rule)
    lines = boards.ordered(
        _line(row, one, shares.get(one.key, {}), ranked.get(one.key), past, rule) for one in spots
    )
    return Board(
        key=row.key,
        name=row.name,
        period=period,
        value_name="综合得分",
        value_unit="分",
        heads=tuple(one.name for one in row.figures),
        figures=tuple(one.key for one in row.figures),
        before=before,
        lines=lines,
        notes=_notes(row, beside, rule),
        words=_words(row, lines, beside, period, before, rule),
    )


def _line(
    row: RankingRow, spot: Spot, shares: Mapping[str, Share], rank: int | None, past: Past, rule: Rule
) -> Line:
    value = score(shares, row.figures, rule)
    mine: dict[str, Share] = {one.key: shares.get(one.key, Share()) for one in row.figures}
    return Line(
        spot=spot,
        rank=rank,
        value=NONE if value is None else str(rounded(value, rule.digits)),
        cells=tuple(told(mine[one.key], rule) for one in row.figures),
        moved=moved((past.before or {}).get(spot.key), rank),
        moved_year=moved((past.year_before or {}).get(spot.key), rank),
        shares=mine,
    )


def _words(
    row: RankingRow,
    lines: Sequence[Line],
    beside: Mapping[str, int],
    period: str,
    before: str,
    rule: Rule,
) -> tuple[str, ...]:
    everybody = "表列各单位合计" if row.only or any(beside.values()) else "全市"
    whole = "，".join(
        f"{one.name}{told(share, rule)}"
        for one in row.figures
        if (share := sums([line.shares[one.key] for line in lines])).whole
    )
    first = f"{period}，{everybody}{whole}。" if whole else f"{period}，没有可以统计的办件。"
    named = [
        (f"{LEVELS[level]}中，" if row.apart else "") + sentence
        for level in (row.levels if row.apart else ("",))
        if (
            sentence := boards.best_and_worst(
                [line for line in lines if not level or line.spot.level == level],
                "综合得分",
                "分",
                row.best,
                row.worst,
            )
        )
    ]
    return tuple(filter(None, (first, *named, _risen(lines, before), _unranked(lines, rule), row.demand)))


def _risen(lines: Sequence[Line], before: str) -> str:
    """Who went up or down most."""
    parts = []
    for word in ("上升", "下降"):
        steps = {
            line.spot.name: int(line.moved.removeprefix(word).removesuffix("位"))
            for line in lines
            if line.moved.startswith(word)
        }
        if steps:
            most = max(steps.values())
            names = "、".join(name for name, step in steps.items() if step == most)
            parts.append(f"位次{word}最多的是{names}（{word}{most}位）")
    return f"与{before}相比，{'；'.join(parts)}。" if parts else ""


def _unranked(lines: Sequence[Line], rule: Rule) -> str:
    none = [
        line.spot.name
        for line in lines
        if line.rank is None and not any(x.whole for x in line.shares.values())
    ]
    few = [line.spot.name for line in lines if line.rank is None and line.spot.name not in none]
    parts = [
        f"基数不足{rule.few}件，只列件数、不排名的：{'、'.join(few)}" if few else "",
        f"没有办件，不排名的：{'、'.join(none)}" if none and len(none) <= MOST_NAMED else "",
        f"没有办件，不排名的{len(none)}个" if len(none) > MOST_NAMED else "",
    ]
    return f"{'；'.join(filter(None, parts))}。" if any(parts) else ""


MOST_NAMED: Final = 12  #: places without cases are named up to so many


def _notes(row: RankingRow, beside: Mapping[str, int], rule: Rule) -> tuple[str, ...]:
    meaning = "；".join(f"{one.name}为{MEANING[one.key]}" for one in row.figures)
    weights = "、".join(f"{one.name}{one.weight}" for one in row.figures if one.weight)
    needed = "、".join(one.name for one in row.figures if one.needed)
    where = (
        "按牵头（主办）单位所在的县（市、区）、市属开发区计，一件由几个单位办理的计入主办单位一家，拆分出的子件计入各自的主办单位"
        if row.count_by == "unit"
        else "按事发地所在的乡镇（街道）计"
    )
    ties = "印出的数相同即并列" if rule.ties == "printed" else "数值完全相等才并列"
    after = "并列之后的位次空出" if rule.after_ties == "skip" else "并列之后的位次接排"
    left = "、".join(f"{why}{many}件" for why, many in beside.items() if many)
    return tuple(
        filter(
            None,
            (
                f"时段按北京时间，一项时限只计一次；{meaning}。括号内为件数和基数。",
                f"{where}。{f'未列入的：{left}。' if left else ''}",
                f"综合得分为各项按权重（{weights}）加权平均，越低越好的项按其余部分计；基数不足{rule.few}件的项不计，其余各项按权重折算"
                f"{f'；{needed}基数不足{rule.few}件的不排名' if needed else ''}。",
                f"{ties}，{after}。",
            ),
        )
    )
