"""Rewards counted: by year, scheme and way in, in 件, 人次 and yuan; crossing sums are compared. Nobody is named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bulletins.opendata import SMALL
from flow import permits
from flow.desk import Desk
from huanyu.clock import SHANGHAI
from huanyu.types import Reward
from huanyu.types import User

UNJUDGED: Final = "尚未认定"  #: the way in, before it is


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One scheme and way in."""

    scheme: str  #: in words
    channel: str
    opened: int  #: 件, put down in the year
    refused: int  #: 件 of these
    paid: int  #: 人次, paid in the year
    cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """A year."""

    year: int
    lines: tuple[Line, ...]
    states: Mapping[str, int]  #: of those put down in the year
    opened: int
    paid: int
    cents: int
    faults: tuple[str, ...]  #: sums that do not agree, in words


@dataclass(frozen=True, slots=True, kw_only=True)
class Public:
    """A scheme in a year, as everybody may read it; small numbers are held back."""

    scheme: str
    paid: int
    cents: int
    held: bool  #: fewer than three: neither number nor sum is told


def year(desk: Desk, user: User, number: int) -> Figures:
    """The figures of a calendar year."""
    permits.demand(user, "see_rewards")
    return counted(desk, number)


def counted(desk: Desk, number: int) -> Figures:
    """The same, for whoever may ask already."""
    begin, end = (datetime(one, 1, 1, tzinfo=SHANGHAI) for one in (number, number + 1))
    opened = desk.store.rewards.opened(begin, end)
    paid = desk.store.rewards.paid(begin.date(), end.date())
    names = desk.bureau.rewards.name_of
    keys = sorted({(one.scheme, one.channel) for one in (*opened, *paid)})
    lines = tuple(_line(scheme, names(scheme), channel, opened, paid) for scheme, channel in keys)
    states = Counter(one.state for one in opened)
    cents = sum(one.amount_cents for one in paid)
    told = {
        "各渠道列入件数": (sum(one.opened for one in lines), len(opened)),
        "各状态件数": (sum(states.values()), len(opened)),
        "各渠道支付人次": (sum(one.paid for one in lines), len(paid)),
        "各渠道支付金额": (sum(one.cents for one in lines), cents),
    }
    faults = tuple(f"{name}合计 {a}，总数 {b}，对不上" for name, (a, b) in told.items() if a != b)
    return Figures(
        year=number,
        lines=lines,
        states=dict(states),
        opened=len(opened),
        paid=len(paid),
        cents=cents,
        faults=faults,
    )


def published(desk: Desk, number: int) -> tuple[Public, ...]:
    """A year by scheme, for everybody; of fewer than three not even the sum."""
    found = counted(desk, number).lines
    names = list(dict.fromkeys(one.scheme for one in found))
    sums = [
        (name, sum(one.paid for one in found if one.scheme == name), sum(one.cents for one in found if one.scheme == name))
        for name in names
    ]  # fmt: skip
    return tuple(
        Public(scheme=name, paid=0 if (held := paid < SMALL) else paid, cents=0 if held else cents, held=held)
        for name, paid, cents in sums
        if paid
    )


def _line(scheme: str, name: str, channel: str, opened: list[Reward], paid: list[Reward]) -> Line:
    """One row of the table, counted by itself."""
    mine = [one for one in opened if (one.scheme, one.channel) == (scheme, channel)]
    given = [one for one in paid if (one.scheme, one.channel) == (scheme, channel)]
    return Line(
        scheme=name,
        channel=channel or UNJUDGED,
        opened=len(mine),
        refused=sum(one.state == "refused" for one in mine),
        paid=len(given),
        cents=sum(one.amount_cents for one in given),
    )
