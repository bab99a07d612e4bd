"""Rewards in the demo: of the cases that fit some are judged, agreed to, told and claimed; the others wait for whoever looks."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from demo.office import Office
from flow import reward_claims
from flow import rewards
from huanyu.types import Reward

#: How far each goes, the first first; whoever opens the demo goes on from there.
ENDS: Final = ("claimed", "notified", "approved", "proposed")
ROAD: Final = ("pending", "proposed", "approved", "notified", "claimed")
CLAIMANT: Final = {"name": "燕知秋", "phone": "13906350266"}
ASKED: Final = ("name", "phone")


def told(office: Office, now: datetime) -> str:
    """As many cases as there are ends, each brought to its own."""
    desk, press = office.desk, office.press
    known = list(reversed(desk.store.rewards.listing()))
    for one in rewards.chances(desk, press, now).found:
        if len(known) < len(ENDS) and one.judgement.scheme.pays == "phone":
            known.append(rewards.open_(desk, press, one.case.id, one.judgement.scheme.key, now))
    made = [_brought(office, one, end, now) for one, end in zip(known, ENDS, strict=False)]
    claimed = sum(one.state == "claimed" for one in made)
    return f"举报奖励 {len(made)} 件, 其中已申领 {claimed} 件; 其余符合条件的待认定"


def _brought(office: Office, one: Reward, end: str, now: datetime) -> Reward:
    """Along the road from where it stands."""
    desk, press = office.desk, office.press
    while one.state in ROAD and ROAD.index(one.state) < ROAD.index(end):
        if one.state == "pending":
            one = rewards.propose(desk, press, one.id, one.version, "", "", now)
        elif one.state == "proposed":
            one = rewards.approve(desk, office.leader, one.id, one.version, now)
        elif one.state == "approved":
            one = reward_claims.notify(desk, press, one.id, one.version, now)
        else:
            code = reward_claims.code_of(desk, press, one)
            one = reward_claims.claim(desk, one.report_number, code, CLAIMANT, now)
    return one
