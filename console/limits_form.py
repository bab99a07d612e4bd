"""What the case page shows of its limits: pauses, cards, extensions, and which more may be asked for or decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cases.clocks import AGREED
from cases.clocks import UNIT_LABEL
from cases.clocks import runs
from cases.forms import CARD_LABEL
from flow import limits
from flow import permits
from flow import reasons
from flow.desk import Desk
from huanyu.clock_rows import ExtendRow
from huanyu.types import Card
from huanyu.types import Case
from huanyu.types import Clock
from huanyu.types import Extension
from huanyu.types import User

#: How a limit was met, in the words of the page.
MET = {
    "accepted": "已受理答复",
    "forwarded": "已转办答复",
    "contact": "已与反映人联系",
    "reply": "已公开答复",
    "press_held": "已举行发布会",
    "arrived": "已到场",
    "opinion": "已提出意见",
    "rechecked": "已复查",
    "void": "不再适用",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One limit of the case."""

    clock: Clock
    runs: bool
    met: str
    cards: tuple[tuple[str, Card], ...]  #: given ones, with their names
    next_card: tuple[str, Card] | None
    more: ExtendRow | None  #: how much more time this person may ask for
    owed_by: str  #: name of the assisting unit whose limit it is


@dataclass(frozen=True, slots=True)
class Asked:
    """More time that was asked for, and what this person may do about it."""

    extension: Extension
    size: str
    agreed: bool
    decides: bool
    tells: bool


def offer(desk: Desk, user: User, case: Case, now: datetime) -> dict[str, Any]:
    """The values `case_limits.html` reads."""
    stops, extensions = desk.store.limits.agreed(case)
    cards = desk.store.limits.cards_of(case)
    unit = desk.bureau.unit(case.unit)
    by_proxy = unit is not None and not unit.login and permits.may_on(user, "proxy", case)
    asks = by_proxy or permits.may_on(user, "ask_extension", case)
    return {
        "runs": runs,
        "limit_lines": [_line(desk, case, clock, cards, asks, now) for clock in case.clocks],
        "stops": stops,
        "extensions": [_asked(desk, user, case, one) for one in extensions],
        "extend_reasons": reasons.reasons(desk, "extend", now) if asks else (),
        "clock_units": UNIT_LABEL,
        "holds_press": permits.may_on(user, "write_press", case),
    }


def _line(
    desk: Desk,
    case: Case,
    clock: Clock,
    cards: tuple[tuple[Clock, Card], ...],
    asks: bool,
    now: datetime,
) -> Line:
    named = [(CARD_LABEL[card.stage.partition(":")[0]], card) for of, card in cards if _same(of, clock)]
    waiting = [one for one in named if one[1].given_at is None and one[1].dropped_at is None]
    running = runs(clock, case) and clock.met_at is None
    return Line(
        clock=clock,
        runs=running,
        met=MET.get(clock.met_how, "") if clock.met_at else "",
        cards=tuple(one for one in named if one[1].given_at is not None),
        next_card=waiting[0] if waiting and running else None,
        more=limits.may_extend(desk, case, clock, now) if asks and running else None,
        owed_by=unit.short if (unit := desk.bureau.unit(clock.owed_by)) else "",
    )


def _same(one: Clock, other: Clock) -> bool:
    return (one.name, one.owed_by) == (other.name, other.owed_by)


def _asked(desk: Desk, user: User, case: Case, one: Extension) -> Asked:
    may = permits.may_on(user, "decide_extension", case)
    return Asked(
        extension=one,
        size=f"{one.amount} {UNIT_LABEL[one.unit]}",
        agreed=one.decision == AGREED,
        decides=may and one.decided_at is None and limits.decides(desk, user, case, one),
        tells=may and one.decision == AGREED and one.told_at is None,
    )
