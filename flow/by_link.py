"""What a unit without log-in does through its one-time link: look, sign, send back, report, give its opinion.

Whoever holds the link is the unit, for this one case: no session, no other page. Links are made in `link_making`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn

from cases.lifecycle import ALLOWED
from flow import findings
from flow import life
from flow.case_files import Upload
from flow.desk import Desk
from flow.link_making import hashed
from flow.typed import tidy
from huanyu.bureau import UnitRow
from huanyu.errors import BadInput
from huanyu.errors import IllegalMove
from huanyu.errors import NotFound
from huanyu.redact import mask
from huanyu.types import Assignment
from huanyu.types import Case
from huanyu.types import Link
from huanyu.types import Measurement
from huanyu.types import Result
from huanyu.types import User

TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")
DEAD = "这个链接不存在、已过期或已收回"
SHOWN = 20  # posts
SHORTEST = 4  # characters of an opinion


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """One hand-over as the holder of its link sees it."""

    link: Link
    given: Assignment
    case: Case
    unit: UnitRow
    said: tuple[str, ...]  #: what was reported, without anything that leads to who did
    title: str
    acts: frozenset[str]  #: sign, send_back, report, opinion: what may be done now


def look(desk: Desk, token: str, now: datetime) -> Opened:
    """The hand-over behind a link; raises NotFound, in the same words for every link that opens nothing."""
    link = desk.store.links.find(hashed(token)) if TOKEN.fullmatch(token) else None
    if link is None:
        raise NotFound(DEAD)
    given = desk.store.hand_overs.get(link.assignment_id)
    unit = desk.bureau.unit(given.unit)
    case = desk.store.cases.get(given.case_id)
    if link.revoked_at is not None or link.expires_at <= now or unit is None or _is_over(given, case):
        _refuse(desk, link, now)
    posts = desk.store.cases.posts(case.id)
    names = tuple({post.author for post in posts if post.author})
    return Opened(
        link=link,
        given=given,
        case=case,
        unit=unit,
        said=tuple(mask(post.text, names=names) for post in posts[:SHOWN]),
        title=mask(case.title, names=names),
        acts=_acts(given, case),
    )


def sign(desk: Desk, token: str, now: datetime) -> None:
    """签收 through the link, once."""
    opened = _demand(desk, token, "sign", now)
    if opened.given.part == "assist":
        desk.store.links.opine(opened.link, opened.given, "", by=_name(opened), now=now)
        return
    with desk.store.together():
        desk.store.links.use(opened.link, "sign", now=now)
        life.sign(desk, _unit_itself(opened), opened.case.id, opened.case.version, now)


def send_back(desk: Desk, token: str, reason: str, now: datetime, kind: str = "") -> None:
    """退单 through the link, with a reason; the link is of no use afterwards."""
    opened = _demand(desk, token, "send_back", now)
    told = tidy("退单理由", reason).strip()
    if not told:
        raise BadInput("请写明退单理由，以及应由谁办")
    unit = _unit_itself(opened)
    with desk.store.together():
        desk.store.links.use(opened.link, "send_back", now=now)
        life.send_away(desk, unit, opened.case.id, opened.case.version, told, now, kind=kind)


def report(
    desk: Desk,
    token: str,
    result: Result,
    now: datetime,
    measured: Sequence[Measurement] = (),
    photos: Sequence[Upload] = (),
) -> None:
    """What was found, measured and done, through the link, with photos; once, until somebody sends it back."""
    opened = _demand(desk, token, "report", now)
    if wrong := findings.look_over(desk, opened.case, result, measured, len(photos), now):
        raise BadInput("；".join(problem.told for problem in wrong))
    unit, version = _unit_itself(opened), opened.case.version
    with desk.store.together():
        desk.store.links.use(opened.link, "report", now=now)
        findings.record_result(desk, unit, opened.case.id, version, result, now, measured, photos)


def give_opinion(desk: Desk, token: str, opinion: str, now: datetime) -> None:
    """协办意见 through the link, once."""
    opened = _demand(desk, token, "opinion", now)
    told = tidy("协办意见", opinion).strip()
    if len(told) < SHORTEST:
        raise BadInput("请填写协办意见")
    desk.store.links.opine(opened.link, opened.given, told, by=_name(opened), now=now)


def _is_over(given: Assignment, case: Case) -> bool:
    """Whether the unit has no business with the case any more: sent back, given to another, or for few by now."""
    leads = given.part == "lead"
    if case.restricted and not leads:
        return True
    return given.ended_at is not None and (given.answered_at is None or (leads and case.unit != given.unit))


def _acts(given: Assignment, case: Case) -> frozenset[str]:
    if given.ended_at is not None:
        return frozenset()
    if given.part == "assist":
        left = {"sign"} if given.signed_at is None else set()
        return frozenset(left | ({"opinion"} if given.answered_at is None else set()))
    arrows = ALLOWED[case.state]
    owes = given.answered_at is None and case.state != "reported"
    return frozenset(
        act
        for act, may in (
            ("sign", case.state == "assigned" and given.signed_at is None),
            ("send_back", owes and "returned" in arrows),
            ("report", owes and "handled" in arrows),
        )
        if may
    )


def _demand(desk: Desk, token: str, act: str, now: datetime) -> Opened:
    opened = look(desk, token, now)
    if act not in opened.acts:
        raise IllegalMove("这一步已经办过，或者现在不能办", case=opened.case.number)
    return opened


def _refuse(desk: Desk, link: Link, now: datetime) -> NoReturn:
    desk.store.links.fail(link, now)
    raise NotFound(DEAD)


def _name(opened: Opened) -> str:
    return f"{opened.unit.short}（一次性链接）"


def _unit_itself(opened: Opened) -> User:
    """The unit as one who acts: a handler of it, of no name; the audit line of the link says which link it was."""
    return User(id=0, name=_name(opened), full_name=opened.unit.name, role="handler", unit=opened.unit.key)
