"""How a person stands to a case: the one question behind every page, message, file, link and export.

A function of values; `present` makes the value of a person: who is under them, on duty, standing in for whom.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from flow import rostering
from flow.desk import Desk
from huanyu.bureau import UnitRow
from huanyu.types import Case
from huanyu.types import Seer
from huanyu.types import User

#: Whose rows are not bound to a unit.
EVERY_UNIT: Final = frozenset({"press", "reviewer", "leader", "admin", "assessor"})
#: Nobody's account: what a shift of the bureau adds to whoever has it.
DUTY: Final = "duty"
#: Whose shifts are the bureau's duty; a branch's or a town's adds nothing to what its people may do.
DUTY_UNITS: Final = frozenset({"bureau", "section", "squad"})
#: Over and done with: whoever is on duty has no business there.
OVER: Final = frozenset({"closed", "refused", "joined"})


class Scope(StrEnum):
    """How somebody stands to a case."""

    OFFICE = "office"  #: sees every unit's
    LEAD = "lead"  #: of the unit that handles it
    ASSIST = "assist"  #: of a unit that assists
    SUB = "sub"  #: over a unit that handles it or assists
    NONE = "none"
    RECUSED = "recused"


#: What may be read, and by default what may be done.
SEEN: Final = frozenset({Scope.OFFICE, Scope.LEAD, Scope.ASSIST, Scope.SUB})
DONE: Final = frozenset({Scope.OFFICE, Scope.LEAD, Scope.SUB})


def present(desk: Desk, user: User, now: datetime) -> User:
    """The person as they stand now: the units under a head, the bureau's duty, whoever they stand in for."""
    ours = {row.key for row in duty_units(desk.units(now.date()))}
    on_duty = {one.user_id for one in desk.store.rosters.shifts(None, now, now) if one.unit in ours}

    def as_now(person: User) -> User:
        below = tuple(sorted(_below(desk, person.unit, now))) if person.role == "head" else ()
        return replace(person, below=below, on_duty=person.id in on_duty)

    absent = tuple(as_now(one) for one in rostering.stands_for(desk, user, now))
    return replace(as_now(user), stands_for=absent)


def duty_units(units: Sequence[UnitRow]) -> list[UnitRow]:
    """Whose shifts are the bureau's duty: its own sections and squads, not the squad of a county's branch."""
    inner = {row.key for row in units if row.kind in {"bureau", "section"}} | {""}
    return [row for row in units if row.kind in DUTY_UNITS and (row.kind != "squad" or row.parent in inner)]


def selves(user: User) -> Iterator[User]:
    """The person, the duty they have now, whoever they stand in for: each with their own cells, never with those of two."""
    for one in (user, *(absent for absent in user.stands_for if absent.active)):
        yield one
        if one.on_duty:
            yield replace(one, role=DUTY, unit="", below=(), on_duty=False, stands_for=())


def scope(user: User, case: Case) -> Scope:
    """How this very person stands to the case; whom they stand in for is asked apart (`selves`)."""
    if user.id in case.recused:
        return Scope.RECUSED
    if user.role in EVERY_UNIT and (not case.restricted or _named(user, case)):
        return Scope.OFFICE
    if user.unit and user.unit == case.unit:
        return Scope.LEAD
    if case.restricted:
        return Scope.NONE
    if user.unit and user.unit in case.assisting:
        return Scope.ASSIST
    if user.role == "head" and not {case.unit, *case.assisting}.isdisjoint(user.below):
        return Scope.SUB
    return Scope.OFFICE if user.role == DUTY and case.state not in OVER else Scope.NONE


def units_of(user: User) -> frozenset[str] | None:
    """The units whose rows this person may see; None means every unit's."""
    people = tuple(selves(user))
    if any(one.role in EVERY_UNIT or one.role == DUTY for one in people):
        return None
    return frozenset(unit for one in people for unit in (one.unit, *one.below) if unit)


def seer(user: User) -> Seer:
    """The same question for a whole list, answered by the database."""
    own, *others = (_eyes(one) for one in selves(user))
    return replace(own, also=tuple(others))


def _eyes(one: User) -> Seer:
    """What this very person sees, as `scope` says of one case."""
    duty = one.role == DUTY
    everywhere = duty or one.role in EVERY_UNIT
    return Seer(
        user_id=one.id,
        name="" if duty else one.name,
        units=None if everywhere else frozenset(unit for unit in (one.unit, *one.below) if unit),
        unit=one.unit,
        conduct=one.role == "leader",
        never=OVER if duty else frozenset(),
    )


def _named(user: User, case: Case) -> bool:
    """About an official's conduct: for the leaders and whoever was named, nobody else of the office."""
    return user.role == "leader" or user.name == case.owner


def _below(desk: Desk, unit: str, now: datetime) -> set[str]:
    """The units under this one, however far down."""
    rows = desk.units(now.date())
    found: set[str] = set()
    while more := {row.key for row in rows if row.parent in found | {unit}} - found - {unit}:
        found |= more
    return found
