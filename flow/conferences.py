"""新闻发布会: planned, approved by another person, held, filed; what belongs to it, who came, what was printed of it."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flow import limits
from flow import permits
from flow import press_log
from flow.desk import Desk
from flow.typed import reason_of
from flow.typed import tidy
from huanyu.clock import local
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import IllegalMove
from huanyu.errors import NotAllowed
from huanyu.types import Activity
from huanyu.types import ActivityEntry
from huanyu.types import Answer
from huanyu.types import Attendance
from huanyu.types import Case
from huanyu.types import Conference
from huanyu.types import ConferencePlan
from huanyu.types import User
from publisher import conferences as rules

LONGEST = 200  # characters of a theme or a place


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A conference with all that belongs to it."""

    conference: Conference
    cases: tuple[Case, ...]  #: that this person may see
    others: int  #: cases they may not
    answers: tuple[tuple[Answer, str], ...]  #: with how each stands on the day they are said
    attendance: tuple[Attendance, ...]
    coverage: tuple[Activity, ...]  #: what was printed
    missing: tuple[str, ...]  #: of the plan


def plan(desk: Desk, user: User, said: ConferencePlan, now: datetime) -> Conference:
    """A new one; raises BadInput."""
    permits.demand(user, "keep_press")
    return desk.store.conferences.open(_tidied(desk, said), rules.START, user.name, now)


def replan(
    desk: Desk, user: User, conference_id: int, version: int, said: ConferencePlan, now: datetime
) -> Conference:
    """Another plan, which nobody has approved yet; raises IllegalMove once it was held."""
    permits.demand(user, "keep_press")
    one = seen(desk, conference_id, version)
    if one.state != rules.START:
        rules.check(one.state, rules.START)
    return desk.store.conferences.replan(one, _tidied(desk, said), rules.START, user.name, now)


def approve(desk: Desk, user: User, conference_id: int, version: int, now: datetime) -> Conference:
    """审定; raises NotAllowed for whoever wrote the plan, BadInput where it lacks something."""
    permits.demand(user, "approve_press")
    one = seen(desk, conference_id, version)
    rules.check(one.state, "approved")
    if one.made_by == user.name:
        raise NotAllowed("方案须由拟方案以外的人审定", user=user.name)
    if lacking := rules.missing(one):
        raise BadInput(f"方案还没有写明{'、'.join(lacking)}")
    values = {"approver": user.name, "approved_at": now}
    return desk.store.conferences.move(one, "approved", values, user.name, now)


def cancel(desk: Desk, user: User, conference_id: int, version: int, why: str, now: datetime) -> Conference:
    permits.demand(user, "keep_press")
    one = seen(desk, conference_id, version)
    rules.check(one.state, "cancelled")
    return desk.store.conferences.move(one, "cancelled", {"why": reason_of(why)}, user.name, now)


def held(desk: Desk, user: User, conference_id: int, version: int, now: datetime) -> tuple[str, ...]:
    """It took place: a line of the log, and the limits of its cases that wait for it are met. Returns their numbers."""
    permits.demand(user, "keep_press")
    one = seen(desk, conference_id, version)
    rules.check(one.state, "held")
    if rules.is_early(one, now):
        raise BadInput("还没有到发布会的时间")
    with desk.store.together():
        made = desk.store.conferences.move(one, "held", {"held_at": now}, user.name, now)
        _record(desk, made, user, now)
        return _met(desk, made, user, now)


def archive(desk: Desk, user: User, conference_id: int, version: int, now: datetime) -> Conference:
    """归档: who came is written down; raises BadInput where nobody is."""
    permits.demand(user, "keep_press")
    one = seen(desk, conference_id, version)
    rules.check(one.state, "archived")
    if not rules.houses(desk.store.conferences.attendance(one.id)):
        raise BadInput("还没有登记到会的媒体")
    return desk.store.conferences.move(one, "archived", {}, user.name, now)


def whole(desk: Desk, user: User, conference_id: int, now: datetime) -> Whole:
    """A conference with all that belongs to it; raises NotFound."""
    permits.demand(user, "see_press")
    one = desk.store.conferences.get(conference_id)
    found = desk.store.cases.of_ids(desk.store.conferences.case_ids(one.id))
    mine = tuple(case for case in found.values() if permits.may_see(user, case))
    day = rules.spoken_on(one, local(now).date())
    answers = desk.store.press_answers.of_conference(one.id)
    printed = desk.store.press_log.of_conference(one.id)
    own = _kind(desk, one)
    return Whole(
        conference=one,
        cases=mine,
        others=len(found) - len(mine),
        answers=tuple((each, rules.standing(each, day)) for each in answers),
        attendance=tuple(desk.store.conferences.attendance(one.id)),
        coverage=tuple(each for each in printed if each.kind != own and each.struck_at is None),
        missing=rules.missing(one),
    )


def add_case(desk: Desk, user: User, conference_id: int, number: str, now: datetime) -> None:
    """The case is spoken of there; raises NotFound or NotAllowed."""
    permits.demand(user, "keep_press")
    one = _open(desk, conference_id)
    case = desk.store.cases.by_number(number.strip())
    permits.demand_case(user, case)
    desk.store.conferences.add_case(one, case.id, user.name, now)


def add_answer(desk: Desk, user: User, conference_id: int, answer_id: int, now: datetime) -> None:
    """An entry of the library for this conference, too."""
    permits.demand(user, "keep_press")
    answer = desk.store.press_answers.get(answer_id)
    desk.store.conferences.add_answer(_open(desk, conference_id), answer.id, user.name, now)


def drop_answer(desk: Desk, user: User, conference_id: int, answer_id: int, now: datetime) -> None:
    permits.demand(user, "keep_press")
    desk.store.conferences.drop_answer(_open(desk, conference_id), answer_id, user.name, now)


def ask(
    desk: Desk,
    user: User,
    conference_id: int,
    contacts: tuple[int, ...],
    outlet: str,
    name: str,
    now: datetime,
) -> None:
    """On the list of those asked, or who came unasked: contacts, and somebody who is none. Raises BadInput."""
    permits.demand(user, "keep_press")
    one = _in(desk, conference_id, {"planned", "approved", "held"}, "邀请")
    house, person = tidy("媒体", outlet).strip(), tidy("姓名", name).strip()
    if person and not house:
        raise BadInput("请填写媒体")
    if not (contacts or house):
        raise BadInput("请选择联系人，或填写媒体")
    if len(house) > LONGEST or len(person) > LONGEST:
        raise BadInput("媒体、姓名过长")
    with desk.store.together():
        for contact_id in contacts:
            known = desk.store.press_contacts.get(contact_id)
            desk.store.conferences.ask(one, known.outlet, known.name, known.id, user.name, now)
        if house:
            desk.store.conferences.ask(one, house, person, None, user.name, now)


def came(desk: Desk, user: User, conference_id: int, ids: tuple[int, ...], now: datetime) -> None:
    """Who came, of those on the list; the log counts their houses."""
    permits.demand(user, "keep_press")
    one = _in(desk, conference_id, {"approved", "held"}, "签到")
    with desk.store.together():
        desk.store.conferences.came(one, frozenset(ids), user.name, now)
        own = _kind(desk, one)
        known = [each for each in desk.store.press_log.of_conference(one.id) if each.kind == own]
        if known and known[0].struck_at is None:
            values = {"amounts": _amounts(desk, one)}
            desk.store.press_log.change(known[0], known[0].token, values, user.name, now)


def printed(desk: Desk, user: User, conference_id: int, told: Mapping[str, str], now: datetime) -> Activity:
    """Something was printed or aired of it: a line of the log that belongs to the conference. Raises BadInput."""
    one = _in(desk, conference_id, {"held", "archived"}, "登记报道")
    return press_log.entry(desk, user, told, {}, now, conference_id=one.id)


def seen(desk: Desk, conference_id: int, version: int) -> Conference:
    """As the person saw it; raises Conflict."""
    one = desk.store.conferences.get(conference_id)
    if one.version != version:
        raise Conflict("这场发布会刚被他人改过，请刷新后再试", conference=conference_id)
    return one


def _open(desk: Desk, conference_id: int) -> Conference:
    return _in(desk, conference_id, {"planned", "approved"}, "再改")


def _in(desk: Desk, conference_id: int, states: Collection[str], what: str) -> Conference:
    """The conference where it is in one of these states; raises IllegalMove."""
    one = desk.store.conferences.get(conference_id)
    if one.state not in states:
        raise IllegalMove(f"发布会“{rules.LABEL[one.state]}”，不能{what}")
    return one


def _kind(desk: Desk, one: Conference) -> str:
    row = desk.bureau.press.filled_by("conference", local(one.at).date())
    return row.key if row else ""


def _record(desk: Desk, one: Conference, user: User, now: datetime) -> None:
    """The line of the log; none where press.toml has no kind for it."""
    kind = _kind(desk, one)
    if kind:
        day = local(one.at).date()
        entry = ActivityEntry(
            kind=kind, day=day, title=one.theme, amounts=_amounts(desk, one), place=one.place
        )
        token = f"conference:{one.id}"
        desk.store.press_log.add([(token, entry)], user.name, now, conference_id=one.id)


def _amounts(desk: Desk, one: Conference) -> dict[str, str]:
    """One conference, and as many houses as came where the kind counts them."""
    row = desk.bureau.press.filled_by("conference", local(one.at).date())
    houses = rules.houses(desk.store.conferences.attendance(one.id))
    return {row.counts[1].name: str(houses)} if row and len(row.counts) > 1 and houses else {}


def _met(desk: Desk, one: Conference, user: User, now: datetime) -> tuple[str, ...]:
    rows = desk.bureau.met_by().get(limits.HELD, frozenset())
    note = f"已举行新闻发布会：{local(one.at):%Y-%m-%d %H:%M} {one.place} {one.theme}"
    cases = desk.store.cases.of_ids(desk.store.conferences.case_ids(one.id))
    if one.incident_id is not None:
        cases |= {case.id: case for case in desk.store.incidents.cases(one.incident_id)}
    return tuple(
        case.number
        for case in cases.values()
        if permits.may_on(user, "write_press", case)
        and desk.store.limits.meet(case, rows, limits.HELD, note, now, user.name)
    )


def _tidied(desk: Desk, said: ConferencePlan) -> ConferencePlan:
    theme, place = tidy("主题", said.theme).strip(), tidy("地点", said.place).strip()
    if not theme:
        raise BadInput("请填写主题")
    if len(theme) > LONGEST or len(place) > LONGEST:
        raise BadInput(f"主题、地点各不超过 {LONGEST} 字")
    if said.incident_id is not None:
        desk.store.incidents.get(said.incident_id)
    return ConferencePlan(
        theme=theme,
        at=said.at,
        place=place,
        host=tidy("主持人", said.host).strip(),
        speakers=_names("发布人", said.speakers),
        invited=_names("邀请媒体", said.invited),
        background=tidy("背景", said.background).strip(),
        agenda=tidy("议程", said.agenda).strip(),
        duties=tidy("分工", said.duties).strip(),
        incident_id=said.incident_id,
    )


def _names(what: str, lines: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(told for one in lines if (told := tidy(what, one).strip())))
