"""一企一策: all the desk knows of one enterprise of the table; and 重复投诉热点. Enterprises and places only, never a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta

import cases.hotspots
from cases.hotspots import Hotspot
from flow import ledger
from flow import permits
from flow.desk import Desk
from flow.ledger import Standing
from huanyu.bureau import EnterpriseRow
from huanyu.clock import local
from huanyu.errors import NotFound
from huanyu.types import Case
from huanyu.types import Grid
from huanyu.types import User


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One enterprise: its cases as this person may see them, and what they come to."""

    row: EnterpriseRow
    grid: Grid | None  #: it lies in; None where the table or the list of grids has none
    cases: tuple[Case, ...]  #: newest first
    findings: Mapping[str, int]  #: 属实 … -> cases
    measures: Mapping[str, int]  #: name -> cases
    fines_cents: int
    recent: int  #: cases within the days of a hotspot
    again: int  #: cases that were taken up more than once
    lines: tuple[Standing, ...]  #: of the ledger


def profile(desk: Desk, user: User, name: str, now: datetime) -> Profile:
    """All about an enterprise of the table; raises NotFound."""
    permits.demand(user, "see_enterprises")
    row = next((one for one in desk.bureau.enterprises if one.name == name), None)
    if row is None:
        raise NotFound("企业表中没有这家企业")
    ids = desk.store.naming.of_enterprise(row.name)
    found = [case for case in desk.store.cases.of_ids(ids).values() if permits.may_see(user, case)]
    found.sort(key=lambda case: -case.id)
    since = now - timedelta(days=desk.bureau.supervision.hotspot_days)
    names = {one.key: one.name for one in desk.bureau.measures}
    results = [case.result for case in found if case.result]
    return Profile(
        row=row,
        grid=next((one for one in desk.store.grids.all() if row.grid and one.code == row.grid), None),
        cases=tuple(found),
        findings=Counter(one.finding for one in results),
        measures=Counter(names.get(key, key) for one in results for key in one.measures),
        fines_cents=sum(one.fine_cents or 0 for one in results),
        recent=sum(case.opened_at >= since for case in found),
        again=sum(case.round > 1 for case in found),
        lines=tuple(ledger.listing(desk, user, now, enterprise=row.name)),
    )


def named(desk: Desk, case: Case, now: datetime) -> tuple[EnterpriseRow, ...]:
    """The enterprises of the table that the posts of a case name."""
    today = local(now).date()
    rows = [row for row in desk.bureau.enterprises if row.valid_on(today)]
    names = desk.store.naming.in_case(case.id) if rows else set()
    return tuple(row for row in rows if row.name in names)


def hotspots(desk: Desk, user: User, now: datetime) -> list[tuple[Hotspot, Sequence[Case]]]:
    """重复投诉热点 of the last days of the table, each with the cases this person may see."""
    permits.demand(user, "see_enterprises")
    rules = desk.bureau.supervision
    told = [
        cases.hotspots.Told(
            case_id=one.case_id,
            area=one.area,
            place=one.place,
            kinds=one.kinds,
            enterprises=one.enterprises,
            posts=one.posts,
        )
        for one in desk.store.naming.opened_since(now - timedelta(days=rules.hotspot_days))
    ]
    spots = cases.hotspots.hotspots(told, ledger.enterprises(desk), rules.hotspot_least)
    known = desk.store.cases.of_ids({case_id for spot in spots for case_id in spot.cases})
    return [(spot, [known[one] for one in spot.cases if permits.may_see(user, known[one])]) for spot in spots]
