"""A hand-over that arrives: every way to a unit is tried, and where none got there the office is told once.

Whether a slip has reached its unit is `cases.reaching`; one that was refused is told of by `doubts`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime
from datetime import timedelta

import structlog

import cases.forms
import cases.reaching
from cases.reaching import Way
from flow import alarms
from flow import chatting
from flow import reminding
from flow.batch import each
from flow.desk import Desk
from flow.routing import assist_names
from flow.routing import route_of
from huanyu.bureau import UnitRow
from huanyu.store.hand_overs import since
from huanyu.types import Assignment
from huanyu.types import Case
from huanyu.types import Draft
from huanyu.types import Message
from huanyu.types import Seer
from huanyu.types import Unsigned

log = structlog.get_logger()

MOST = 500  # unsigned hand-overs looked at in a turn, or shown on the page
SOON = timedelta(minutes=1)  # until one whose slip is on its way is looked at again
GRAVE = frozenset({"重大", "特别重大"})  #: levels at which leaders and duty are told, too
SELDOM = timedelta(hours=1)  # until any other: the unit may lose its last person, or get a mailbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A hand-over, its unit, and the ways that were tried."""

    assignment: Assignment
    unit: UnitRow
    ways: tuple[Way, ...]
    number: str = ""
    title: str = ""  #: "" where it is for few

    @property
    def is_lost(self) -> bool:
        """Nobody has signed, and no way has arrived or still may."""
        return self.assignment.signed_at is None and cases.reaching.is_lost(self.ways)


def hand_over_watch(desk: Desk, now: datetime) -> int:
    """Send what slips are missing, tell the office of hand-overs that reached nobody; returns how many of both."""
    staff, done = staff_of(desk), 0
    again: dict[int, datetime] = {}

    def watch(one: Unsigned) -> None:
        nonlocal done
        unit = desk.bureau.unit(one.assignment.unit)
        again[one.assignment.id] = (
            now + SELDOM
        )  # whatever goes wrong with this one, the others have their turn
        if unit is None:
            return
        lacks = cases.reaching.missing(unit, one.slips)
        if lacks and (sent := _send(desk, one.assignment, unit, lacks, now)):
            done += sent
            again[one.assignment.id] = now + SOON
            return
        ways = cases.reaching.ways(unit, one.slips, staff[unit.key], _late(desk, now))
        if any(way.waits for way in ways):
            again[one.assignment.id] = now + SOON
        if not one.told:
            done += _tell(desk, one, unit, ways, now)

    each("hand_over_watch", desk.store.hand_overs.due(now, MOST), watch)
    desk.store.hand_overs.looked(again, now)
    return done


def unreached(desk: Desk, now: datetime, seer: Seer | None = None, most: int = MOST) -> list[Tried]:
    """Hand-overs `seer` may see that nobody signed for and that have reached nobody, newest first."""
    staff = staff_of(desk)
    reached = {
        row.key for row in desk.bureau.units if row.login and staff[row.key]
    }  # they see it on the desk
    found = [
        _tried(desk, one, staff, now)
        for one in desk.store.hand_overs.unsigned(most, seer, reached, told=False)
    ]
    return [one for one in found if one is not None and one.is_lost]


def waiting(desk: Desk, now: datetime, seer: Seer | None = None, most: int = MOST) -> list[Tried]:
    """Every hand-over `seer` may see that nobody signed for, those that reached nobody first."""
    staff = staff_of(desk)
    found = [_tried(desk, one, staff, now) for one in desk.store.hand_overs.unsigned(most, seer, told=False)]
    return sorted((one for one in found if one is not None), key=lambda one: not one.is_lost)


def of_case(desk: Desk, case: Case, messages: Sequence[Message], now: datetime) -> list[Tried]:
    """Every hand-over of a case with its ways, the latest first."""
    staff = staff_of(desk)
    notices = [one for one in messages if one.purpose == "notice"]
    found = []
    for given in reversed(desk.store.hand_overs.of_case(case.id)):
        unit = desk.bureau.unit(given.unit)
        if unit is not None:
            slips = list(since(notices, given.given_at))
            ways = cases.reaching.ways(unit, slips, staff[unit.key], _late(desk, now))
            found.append(Tried(assignment=given, unit=unit, ways=ways))
    return found


def staff_of(desk: Desk) -> Mapping[str, int]:
    """How many people of each unit may come in."""
    return Counter(desk.store.people.staff())


def _late(desk: Desk, now: datetime) -> datetime:
    """A slip written before this that has not left yet is stuck."""
    return now - timedelta(hours=desk.bureau.bureau.unsent_hours)


def _tried(desk: Desk, one: Unsigned, staff: Mapping[str, int], now: datetime) -> Tried | None:
    unit = desk.bureau.unit(one.assignment.unit)
    if unit is None:
        return None
    ways = cases.reaching.ways(unit, one.slips, staff[unit.key], _late(desk, now))
    return Tried(assignment=one.assignment, unit=unit, ways=ways, number=one.number, title=_title(one))


def _title(one: Unsigned) -> str:
    return "" if one.restricted else one.title


def _send(desk: Desk, given: Assignment, unit: UnitRow, lacks: Sequence[str], now: datetime) -> int:
    case = desk.store.cases.get(given.case_id)
    drafts = [_slip(desk, case, given, unit, way, now) for way in lacks]
    return desk.store.hand_overs.send(given, [one for one in drafts if one is not None], now)


def _slip(desk: Desk, case: Case, given: Assignment, unit: UnitRow, way: str, now: datetime) -> Draft | None:
    bureau, url = desk.bureau.bureau, desk.config.settings.console_url
    if way == "chat":
        robot = desk.bureau.account(unit.robot)
        return cases.forms.chat_notice(case, unit, robot.channel, url) if robot else None
    found = replace(route_of(case), assist=assist_names(desk, case.assist))
    if given.part == "assist":
        until = next((one for one in case.clocks if one.owed_by == unit.key and one.met_at is None), None)
        return cases.forms.assist_notice(case, unit, found, bureau, url, now, until)
    return cases.forms.notice(case, unit, found, case.clocks, bureau, url, now)


def _tell(desk: Desk, one: Unsigned, unit: UnitRow, ways: Sequence[Way], now: datetime) -> bool:
    """A refused slip is told of by `doubts`; of anything else that came to nothing, here."""
    office = alarms.press_office(desk)
    if office is None or not cases.reaching.is_lost(ways) or any(way.refused for way in ways):
        return False
    tried = "；".join(f"{way.name}：{way.told}" for way in ways) or "没有邮箱、工作群和登录账号"
    note = f"转给{unit.name}，没有送到（{tried}）"
    lines = [
        f"{office.name}：",
        "",
        f"{one.number}{f'《{title}》' if (title := _title(one)) else ''}{note}。",
        f"怎么办：先电话告知{f'（{unit.phone}）' if unit.phone else ''}；也可在案件页为该单位生成一次性链接，或打印转办单送达。",
        "签收后不再提醒；在此之前，本件列在“今日”的“转办未送达”里。",
    ]
    mail = Draft(
        channel="mail",
        account=cases.forms.ACCOUNT,
        purpose=alarms.INTERNAL,
        title=f"【转办未送达】{one.number} {unit.short}",
        text="\n".join(lines),
        recipient=office.mail,
        case_id=one.assignment.case_id,
        link=f"{desk.config.settings.console_url.rstrip('/')}/cases/{one.assignment.case_id}",
    )
    log.warning("hand_over_unreached", case=one.number, unit=unit.key)
    return desk.store.hand_overs.tell(one.assignment, note, mail, now, _lines(desk, one, unit, office, now))


def _lines(desk: Desk, one: Unsigned, unit: UnitRow, office: UnitRow, now: datetime) -> list[Draft]:
    """The same in the work chats: of the office, and of a grave matter of the leaders and whoever is on duty."""
    case = desk.store.cases.get(one.assignment.case_id)
    told = [office, *(reminding.on_watch(desk, now) if case.level in GRAVE else ())]
    where = cases.forms.link(case, desk.config.settings.console_url)
    text = f"第{one.number}号转办没有送到{unit.short}，请电话告知：{where}"
    found = [chatting.line(desk, row, text, alarms.INTERNAL, case.id) for row in told]
    return list({draft.account: draft for draft in found if draft is not None}.values())
