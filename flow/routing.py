"""Who handles a case, how grave it is, and by when: found by rules, handed over with the slip.

No rule and no limit stands here: they are rows, and `cases` reads them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import cases.campaigns
import cases.clocks
import cases.facts
import cases.forms
import cases.level
import cases.ordered
import cases.routing
from cases.ordered import Named
from flow import limits
from flow.batch import BATCH
from flow.batch import each
from flow.desk import Desk
from flow.said import whole_text
from huanyu.bureau import RouteRow
from huanyu.bureau import UnitRow
from huanyu.store import Grounds
from huanyu.store.audit import SYSTEM
from huanyu.text import without_position
from huanyu.types import Case
from huanyu.types import Clock
from huanyu.types import Draft
from huanyu.types import Place
from huanyu.types import Post
from huanyu.types import Route

#: a unit has the case in hand
AT_WORK = frozenset({"assigned", "signed", "onsite", "paused", "reported", "handled"})


def route(desk: Desk, now: datetime) -> int:
    """Grade every new case and send it to its unit with its limits; what no rule matches stays on a visible list."""
    rules, units = desk.rules.rows, desk.units(now.date())

    def route_one(case: Case) -> None:
        grounds = desk.store.cases.grounds(case.id)
        graded = grade(desk, case, now, grounds)
        facts = facts_of(desk, graded, now, grounds)
        enlisted = enlist(desk, graded, now, facts)
        if enlisted is not graded:
            facts = facts_of(desk, enlisted, now, grounds)
        hand_over(desk, enlisted, _by_rules(desk, facts, grounds, rules, units, now), now)

    return each("route", desk.store.cases.unrouted(BATCH), route_one, desk.store.in_line)


def grade(desk: Desk, case: Case, now: datetime, grounds: Grounds | None = None) -> Case:
    """The case at the level its signs give; a machine only ever raises it."""
    found = grade_of(desk, case, now, grounds=grounds)
    level = cases.level.higher(case.level, found.level)
    if level == case.level:
        return case
    return desk.store.moves.grade(case, level, "；".join(found.reasons), now=now)


def grade_of(
    desk: Desk, case: Case, now: datetime, said: Sequence[str] = (), grounds: Grounds | None = None
) -> cases.level.Grade:
    """What the table says of a case, but for the signs that somebody has weighed who confirmed its level."""
    signs = signs_of(desk, case, said, grounds)
    return cases.level.grade(signs, desk.levels(now.date()), case.level_known)


def enlist(desk: Desk, case: Case, now: datetime, facts: cases.facts.Facts) -> Case:
    """The case as one of the 专项行动 under way when the bureau learned of it, if it belongs to one."""
    day = case.learned_at.date()
    found = cases.campaigns.campaign_of(facts, desk.bureau.campaigns, day)
    if not found or case.campaign:
        return case
    return desk.store.rerouting.enlist(case, found, now)


def signs_of(
    desk: Desk, case: Case, said: Sequence[str] = (), grounds: Grounds | None = None
) -> cases.level.Signs:
    """What a case is graded by: what was said (every post of it, unless only some count) and how far it went."""
    grounds = grounds or desk.store.cases.grounds(case.id)
    posts = grounds.posts
    return cases.level.Signs(
        text="\n".join(said or [whole_text(post) for post in posts]),
        kinds=case.kinds,
        urgent=case.urgent,
        posts=case.posts,
        reach=sum((post.likes or 0) + (post.reposts or 0) + (post.comments or 0) for post in posts),
        said=tuple(post.said_at for post in posts),
        round=case.round,
        places=tuple(dict.fromkeys(one.name for one in places_of(desk, case, grounds))),
        press=press_of(desk, posts),
    )


def press_of(desk: Desk, posts: Sequence[Post]) -> tuple[tuple[str, str], ...]:
    """Who of the press speaks in these posts, by the name of the author or of the source."""
    names = [
        f"{post.author} {row.name if (row := desk.bureau.source(post.source)) else ''}" for post in posts
    ]
    found = [(row.name, row.tier) for name in names for row in desk.bureau.media if row.name in name]
    return tuple(dict.fromkeys(found))


def places_of(desk: Desk, case: Case, grounds: Grounds) -> Sequence[Place]:
    """The places of a case: those of the words a person typed, else those read in its first post."""
    if "place" in case.edited and case.place:
        return desk.gazetteer.find(f"{desk.bureau.area_name(case.area)}{case.place}")
    return grounds.verdict.places if grounds.verdict else ()


def find_route(desk: Desk, case: Case, now: datetime, grounds: Grounds | None = None) -> Route:
    """The unit for a case by the rules of today, or the one that the work order it came with names."""
    grounds = grounds or desk.store.cases.grounds(case.id)
    facts = facts_of(desk, case, now, grounds)
    return _by_rules(desk, facts, grounds, desk.rules.rows, desk.units(now.date()), now)


def _by_rules(
    desk: Desk,
    facts: cases.facts.Facts,
    grounds: Grounds,
    rules: Sequence[RouteRow],
    units: Sequence[UnitRow],
    now: datetime,
) -> Route:
    found = cases.routing.route(facts, rules, units, now.date())
    ordered = ordered_to(desk, grounds, units)
    return cases.ordered.as_ordered(found, ordered, units) if ordered else found


def ordered_to(desk: Desk, grounds: Grounds, units: Sequence[UnitRow]) -> tuple[Named, ...]:
    """The units that the order names; the bureau itself and its office are only where orders arrive."""
    said = next((post.ordered_to for post in grounds.posts if post.ordered_to), "")
    if not said:
        return ()
    office = desk.bureau.bureau.office
    others = [row for row in units if row.kind != "bureau" and row.short != office]
    return cases.ordered.named(said, others, desk.bureau.bureau.city)


def facts_of(desk: Desk, case: Case, now: datetime, grounds: Grounds | None = None) -> cases.facts.Facts:
    """What routing may look at: all that was said, and the places read in the first post.

    When a post was written says nothing about the hour of the nuisance: the words of the text do.
    """
    grounds = grounds or desk.store.cases.grounds(case.id)
    posts, verdict = grounds.posts, grounds.verdict
    facts = cases.facts.Facts(
        text="\n".join(whole_text(post) for post in posts) or case.first_text,
        kinds=case.kinds,
        area=case.area,
        place=without_position(case.place) if "place" in case.edited else "",
        built_up=case.built_up,
        at=case.happened_at,
        type=str(verdict.type) if verdict else "",
        level=case.level,
        campaigns=(case.campaign,) if case.campaign else (),
        lane=case.lane,
        item=case.type,
        at_noted="happened_at" in case.edited,
        area_noted="area" in case.edited and bool(case.area),
    )
    if posts and "kinds" not in case.edited and not grounds.corrected:
        facts = cases.facts.hinted(facts, desk.bureau.hints)  # no person has named the kinds
    rows = [row for row in desk.bureau.places if row.valid_on(now.date())]
    return cases.facts.located(facts, places_of(desk, case, grounds), rows)


def hand_over(desk: Desk, case: Case, found: Route, now: datetime, actor: str = SYSTEM) -> Case:
    """Give the case to the unit found, with its limits and the hand-over slip."""
    limits = limits_of(desk, case, now, found)
    slip = notice(desk, case, found, limits, now)
    return desk.store.moves.assign(case, found, clocks=limits, notice=slip, actor=actor, now=now)


def limits_of(desk: Desk, case: Case, now: datetime, found: Route) -> tuple[Clock, ...]:
    """The limits of a case that is handed over now to the units found."""
    return limits.of(desk, case, now, [key for key in found.assist if key != found.unit])


def notice(desk: Desk, case: Case, found: Route, limits: tuple[Clock, ...], now: datetime) -> Draft | None:
    """The hand-over slip of a case; None where its unit has no mailbox."""
    unit = desk.bureau.unit(found.unit)
    if unit is None:
        return None
    return cases.forms.notice(
        case,
        unit,
        replace(found, assist=assist_names(desk, found.assist)),
        limits,
        desk.bureau.bureau,
        desk.config.settings.console_url,
        now,
        objection=cases.clocks.objection(case, desk.clocks(now.date()), desk.calendar, now),
    )


def assist_names(desk: Desk, assist: Sequence[str]) -> tuple[str, ...]:
    """Who assists, as people read it: a unit by its short name, a department nobody named a unit of as “…部门”."""
    departments = {unit.department for unit in desk.bureau.units}
    return tuple(
        unit.short if (unit := desk.bureau.unit(one)) else f"{one}部门" if one in departments else one
        for one in assist
    )


def raise_to(desk: Desk, case: Case, level: str, why: str, now: datetime) -> Case:
    """The case at a graver level, with the limits that go with it; at a lower one it stays as it is."""
    if cases.level.higher(case.level, level) == case.level:
        return case
    if not case.unit:  # its limits are set when it is routed
        return desk.store.moves.grade(case, level, why, now=now)
    graver = replace(case, level=level)
    found = limits.of(desk, graver, limits.given_at(desk, case) or now)
    told = f"新的反映使本件升为{level}，时限重新计算"
    slip = notice(desk, graver, route_of(case), found, now)
    return desk.store.moves.grade(case, level, why, now=now, clocks=found, notice=slip, told=told)


def renew_limits(desk: Desk, case: Case, now: datetime) -> Case:
    """The case with the limits it has by now, if they go by other rows than before: it turned out urgent, say."""
    if not case.unit or case.state not in AT_WORK:
        return case
    wanted = limits.of(desk, case, limits.given_at(desk, case) or now)
    before = _rules(case.clocks)
    if not before or before == _rules(wanted):
        return case
    told = f"{case.changed_why or '情况有变化'}，时限重新计算"
    slip = notice(desk, case, route_of(case), wanted, now)
    return desk.store.moves.tighten(case, wanted, slip, told, now=now)


def _rules(found: Sequence[Clock]) -> dict[str, str]:
    return {one.name: one.rule for one in found if one.rule and one.met_at is None}


def route_of(case: Case) -> Route:
    """The way a case was given to its unit."""
    return Route(unit=case.unit, department=case.department, assist=case.assist, rule=case.rule, why=case.why)
