"""Who has duty now, and who stands in for whom: read by cards, rights and pages.

Only reads; the roster is written by `flow.roster`. Asks no permission, since permissions ask it.
"""

from __future__ import annotations

from datetime import datetime

from flow.desk import Desk
from huanyu.types import User


def on_duty(desk: Desk, unit_key: str, now: datetime) -> tuple[User, ...]:
    """Who has the unit's duty now; for somebody away their deputy, nobody twice."""
    away = desk.store.rosters.away(now)
    people = {person.id: person for person in desk.store.people.users() if person.active}
    found = [
        person for one in desk.store.rosters.on_duty(unit_key, now) if (person := _here(one, away, people))
    ]
    return tuple({person.id: person for person in found}.values())


def stands_for(desk: Desk, user: User, now: datetime) -> tuple[User, ...]:
    """Who is away now and named this person as deputy."""
    return tuple(one for one in desk.store.rosters.represented(user.id, now) if one.id != user.id)


def _here(person: User, away: dict[int, int], people: dict[int, User]) -> User | None:
    """The person, or their deputy; a deputy who is away too has no deputy for this."""
    if person.id not in away:
        return person
    deputy = away[person.id]
    return None if deputy in away else people.get(deputy)
