"""举一反三: from one case to what was told of the same kind elsewhere in the city, so that others look at home, too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta

from cases.lifecycle import ENDS
from flow import permits
from flow.desk import Desk
from huanyu.types import Case
from huanyu.types import User


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """One area and its cases of that kind, newest first."""

    area: str  #: county code or zone name; "" where it is not known
    cases: tuple[Case, ...]
    open: int  #: of them not over yet


def elsewhere(desk: Desk, user: User, case: Case, now: datetime) -> tuple[Sequence[Elsewhere], Sequence[str]]:
    """Other areas with cases of this case's main kind in the days of a hotspot, most first; and the areas without any.

    Raises NotAllowed for whoever may not see the case or may not compare areas.
    """
    permits.demand(user, "see_enterprises")
    permits.demand_case(user, case)
    since = now - timedelta(days=desk.bureau.supervision.hotspot_days)
    ids = [
        one.case_id
        for one in desk.store.naming.opened_since(since)
        if case.kinds and case.kinds[0] in one.kinds and one.area != case.area and one.case_id != case.id
    ]
    found: dict[str, list[Case]] = {}
    known = desk.store.cases.of_ids(ids).values()
    for one in sorted(known, key=lambda told: -told.id):
        if permits.may_see(user, one):
            found.setdefault(one.area, []).append(one)
    told = [
        Elsewhere(area=area, cases=tuple(met), open=sum(one.state not in ENDS for one in met))
        for area, met in found.items()
    ]
    told.sort(key=lambda one: (one.area == "", -len(one.cases), one.area))
    with_some = {one.area for one in known} | {case.area}
    return told, [area for area in desk.bureau.areas() if area not in with_some]
