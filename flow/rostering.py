"""Who has duty now, and who stands in for whom: read by cards, rights and pages.

Only reads; the roster is written by `flow.roster`. Asks no permission, since permissions ask it.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
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


def named_on_duty(desk: Desk, unit_key: str, now: datetime) -> tuple[str, ...]:
    """The names of whoever has the unit's duty now; a deputy with whom they act for."""
    own = {person.id for person in desk.store.rosters.on_duty(unit_key, now)}
    return tuple(
        person.full_name if person.id in own else f"{person.full_name}{acting(stands_for(desk, person, now))}"
        for person in on_duty(desk, unit_key, now)
    )


def acting(absent: Iterable[User]) -> str:
    """（代高志远）: for whom somebody acts; "" for nobody."""
    names = "、".join(one.full_name for one in absent)
    return f"（代{names}）" if names else ""


def deputies(desk: Desk, since: datetime) -> Callable[[str, datetime], str]:
    """Whom a person, by log-in name, stood in for at a moment: （兼代高志远）, "" for nobody."""
    absences = desk.store.rosters.absences(since)
    people = {person.id: person for person in desk.store.people.users()} if absences else {}
    spans = [(people[one.deputy_id].name, one) for one in absences]

    def told(actor: str, at: datetime) -> str:
        away = [one for name, one in spans if name == actor and one.from_at <= at < one.to_at]
        names = "、".join(dict.fromkeys(people[one.user_id].full_name for one in away))
        return f"（兼代{names}）" if names else ""

    return told


def stands_for(desk: Desk, user: User, now: datetime) -> tuple[User, ...]:
    """Who is away now and named this person as deputy."""
    return tuple(one for one in desk.store.rosters.represented(user.id, now) if one.id != user.id)


def _here(person: User, away: dict[int, int], people: dict[int, User]) -> User | None:
    """The person, or their deputy; a deputy who is away too has no deputy for this."""
    if person.id not in away:
        return person
    deputy = away[person.id]
    return None if deputy in away else people.get(deputy)
