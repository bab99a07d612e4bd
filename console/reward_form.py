"""What the case page says of a reward: the one there is, or whether the rules allow one and why."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import cases.rewards
from flow import permits
from flow import reward_facts
from flow.desk import Desk
from huanyu.types import Case
from huanyu.types import User


def offer(desk: Desk, user: User, case: Case, now: datetime) -> dict[str, Any]:
    """For whoever may see rewards, once the case has a result; empty for everybody else."""
    nothing = {"reward": None, "judgements": ()}
    if not permits.may(user, "see_rewards") or case.restricted or case.joined_into or case.parent_id:
        return nothing
    mine = (one for one in desk.store.rewards.of_cases([case.id]) if one.round == case.round)
    found = next(mine, None)
    if found is not None:
        return {"reward": found, "judgements": (), "reward_labels": cases.rewards.LABEL}
    if case.result is None or not permits.may_on(user, "judge_reward", case):
        return nothing
    return {"reward": None, "judgements": reward_facts.judgements(desk, case, now)}
