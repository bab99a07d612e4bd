"""What the case page shows of route and level, and the choices of its forms; the answers go to `console.pages.case_route`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cases.level import LEVELS
from flow import enterprises
from flow import grading
from flow import grid
from flow import permits
from flow import rerouting
from flow.desk import Desk
from huanyu.kinds import KIND_LABEL
from huanyu.types import Case
from huanyu.types import User


def offer(desk: Desk, user: User, case: Case, now: datetime) -> dict[str, Any]:
    """What is to be told of a case, and what this person may choose from."""
    proposal = rerouting.open_proposal(desk, case.id)
    may_give = permits.may_on(user, "dispatch", case)
    firms = enterprises.named(desk, case, now) if may_give else ()
    return {
        "proposal": proposal,
        "proposed_unit": desk.bureau.unit(proposal.unit) if proposal else None,
        "firms": firms,
        "grid": grid.suggestion(desk, case, now, firms) if may_give else None,
        "all_kinds": KIND_LABEL,
        "all_areas": desk.bureau.areas(),
        "all_campaigns": [row.name for row in desk.bureau.campaigns if row.valid_on(now.date())],
        "all_levels": LEVELS,
        "lowers": permits.may_on(user, "lower_level", case),
        "level_reasons": grading.proposal(desk, case, now).reasons,
    }
