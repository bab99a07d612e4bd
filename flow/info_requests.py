"""政府信息公开申请: taken down, put right, others asked, more time, answered; who asks is sealed and read with a reason.

The limits are `cases.info_requests`; nothing here tells who asks but `applicant`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from typing import Any
from typing import Final

import cases.info_requests
from cases.info_requests import Standing
from flow import permits
from flow.desk import Desk
from flow.typed import reason_of
from flow.typed import tidy
from huanyu.clock import local
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import IllegalMove
from huanyu.errors import NotAllowed
from huanyu.info_rows import OutcomeRow
from huanyu.redact import mask
from huanyu.store.info_requests import GONE
from huanyu.types import Applicant
from huanyu.types import Consultation
from huanyu.types import InfoEntry
from huanyu.types import InfoRequest
from huanyu.types import InfoStep
from huanyu.types import User

PER_PAGE: Final = 50
SHORTEST, LONGEST = 4, 200  # characters of a reason
#: field of the applicant -> what it is called, in the order of the form
FIELDS: Final[Mapping[str, str]] = {
    "name": "姓名或名称",
    "identity": "证件号码",
    "phone": "电话",
    "mail": "电子邮箱",
    "address": "通信地址",
    "words": "申请原文",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A request as typed."""

    received_on: date
    way: str
    applicant_kind: str
    form: str
    who: Mapping[str, str]  #: by FIELDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A request in a list, with how it stands today."""

    request: InfoRequest
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """All a page says of a request, but who asks."""

    request: InfoRequest
    standing: Standing
    consultations: tuple[Consultation, ...]
    steps: tuple[InfoStep, ...]
    outcomes: tuple[OutcomeRow, ...]  #: that it may get today
    amend_notice_until: date  #: the last day to ask for 补正
    applicant_kept: bool


def going(desk: Desk, user: User, now: datetime) -> list[Row]:
    """What is not answered yet: the soonest due first, then what waits for the applicant."""
    permits.demand(user, "see_info_requests")
    found = rows(desk, desk.store.info_requests.listing(cases.info_requests.GOING), now)
    return sorted(found, key=lambda one: (one.standing.due or date.max, one.request.id))


def ended(desk: Desk, user: User, now: datetime, below: int | None = None) -> list[Row]:
    """What was answered, or is void, the newest first; one more than a page has, where there are more."""
    permits.demand(user, "see_info_requests")
    states = (cases.info_requests.ANSWERED, cases.info_requests.VOID)
    return rows(desk, desk.store.info_requests.listing(states, below, PER_PAGE + 1), now)


def rows(desk: Desk, found: list[InfoRequest], now: datetime) -> list[Row]:
    """The requests with how they stand."""
    consulted = desk.store.info_requests.consultations([one.id for one in found])
    today, table = local(now).date(), desk.bureau.info_requests
    return [
        Row(
            request=one,
            standing=cases.info_requests.standing(desk.calendar, table, one, consulted[one.id], today),
        )
        for one in found
    ]


def whole(desk: Desk, user: User, request_id: int, now: datetime) -> Whole:
    """Raises NotFound."""
    permits.demand(user, "see_info_requests")
    one = desk.store.info_requests.get(request_id)
    table, today = desk.bureau.info_requests, local(now).date()
    consulted = desk.store.info_requests.consultations([one.id])[one.id]
    return Whole(
        request=one,
        standing=cases.info_requests.standing(desk.calendar, table, one, consulted, today),
        consultations=tuple(consulted),
        steps=tuple(desk.store.info_requests.steps(one.id)),
        outcomes=cases.info_requests.outcomes(table, one, today),
        amend_notice_until=desk.calendar.add_workdays(one.received_on, table.amend_notice_days),
        applicant_kept=desk.store.info_requests.kept(one.id),
    )


def register(desk: Desk, user: User, told: Told, now: datetime) -> InfoRequest:
    """登记; raises BadInput naming all that is missing."""
    permits.demand(user, "keep_info_requests")
    table = desk.bureau.info_requests
    said = {name: tidy(label, told.who.get(name, "")).strip() for name, label in FIELDS.items()}
    wrong = [
        ("收到日期晚于今天", told.received_on > local(now).date()),
        ("请选择收到方式", table.way_of(told.way) is None),
        ("请选择申请人种类", table.applicant_of(told.applicant_kind) is None),
        ("请填写申请人姓名或名称", not said["name"]),
        ("电话、邮箱、通信地址至少填一项", not (said["phone"] or said["mail"] or said["address"])),
        ("请填写申请公开的内容", not said["words"]),
    ]
    _refuse(wrong)
    entry = InfoEntry(
        received_on=told.received_on,
        way=told.way,
        applicant_kind=told.applicant_kind,
        asked=mask(said["words"], names=Applicant(**said).known_as),
        form=mask(tidy("获取方式", told.form).strip()[:60], names=Applicant(**said).known_as),
    )
    return desk.store.info_requests.add(entry, Applicant(**said), user.name, now)


def applicant(desk: Desk, user: User, request_id: int, reason: str, now: datetime) -> Applicant:
    """Who asks, once a reason is given; the look stands in the history. Raises BadInput or NotFound."""
    permits.demand(user, "see_info_requests")
    permits.demand(user, "read_reporter")
    told = tidy("理由", reason).strip()
    if not SHORTEST <= len(told) <= LONGEST:
        raise BadInput(f"请写明理由，{SHORTEST} 到 {LONGEST} 字；每次查看都留有记录")
    return desk.store.info_requests.applicant(request_id, _clean(desk, request_id, told), user.name, now)


def amend(
    desk: Desk,
    user: User,
    request_id: int,
    version: int,
    on: date,
    until: date | None,
    what: str,
    now: datetime,
) -> InfoRequest:
    """一次性告知补正 (article 30): once, and within the days of the table."""
    one = _asked(desk, user, request_id, version, "amend")
    table = desk.bureau.info_requests
    last = desk.calendar.add_workdays(one.received_on, table.amend_notice_days)
    by = until or desk.calendar.add_workdays(on, table.amend_days)
    if one.amend_on is not None:
        raise IllegalMove("补正只能一次性告知，这件已经告知过；仍不明确的，按“补正后申请内容仍不明确”答复")
    _refuse(
        [
            *_on(one, on, now),
            (
                f"告知补正须在收到之日起 {table.amend_notice_days} 个工作日内，到 {last.isoformat()} 为止",
                on > last,
            ),
            ("补正期限应晚于告知之日", by <= on),
        ]
    )
    note = f"{on.isoformat()} 告知，{by.isoformat()} 前补正：{_said(desk, one, '需要补正的事项', what)}"
    values = {"state": cases.info_requests.AMENDING, "amend_on": on, "amend_until": by}
    return _move(desk, user, one, "amend", values, note, now)


def amended(desk: Desk, user: User, request_id: int, version: int, on: date, now: datetime) -> InfoRequest:
    """收到补正: from that day the limit is counted anew (article 30)."""
    one = _asked(desk, user, request_id, version, "amended")
    _refuse([*_on(one, on, now), ("收到补正早于告知补正", one.amend_on is not None and on < one.amend_on)])
    values = {"state": cases.info_requests.OPEN, "amended_on": on}
    return _move(desk, user, one, "amended", values, f"{on.isoformat()} 收到，答复期限从这一天另算", now)


def consult(
    desk: Desk, user: User, request_id: int, version: int, whom: str, on: date, now: datetime
) -> InfoRequest:
    """征求第三方或其他机关意见 (articles 32, 34): they have the days of the table."""
    one = _asked(desk, user, request_id, version, "consult")
    name = _said(desk, one, "征求谁的意见", whom)
    _refuse([*_on(one, on, now), ("征求意见应在答复期限之内发出", on > _due(desk, one, on))])
    until = desk.calendar.add_workdays(on, desk.bureau.info_requests.consult_days)
    return desk.store.info_requests.consult(one, name, on, until, user.name, now)


def heard(
    desk: Desk,
    user: User,
    request_id: int,
    version: int,
    consultation_id: int,
    on: date,
    view: str,
    now: datetime,
) -> InfoRequest:
    """意见收到, or waited for in vain: from the day after, the time counts again."""
    one = _asked(desk, user, request_id, version, "heard")
    found = desk.store.info_requests.consultations([one.id])[one.id]
    asked = next((each for each in found if each.id == consultation_id and each.ended_on is None), None)
    if asked is None:
        raise Conflict(GONE, request=one.id)
    _refuse([("日期晚于今天", on > local(now).date()), ("收到意见早于征求意见", on < asked.asked_on)])
    told = _said(desk, one, "意见", view)
    return desk.store.info_requests.heard(one, consultation_id, on, told, user.name, now)


def ask_extension(
    desk: Desk, user: User, request_id: int, version: int, days: int, why: str, now: datetime
) -> InfoRequest:
    """申请延期 (article 33): once, before the limit is over."""
    one = _asked(desk, user, request_id, version, "ask_extension")
    most = desk.bureau.info_requests.extend_days
    if one.extension in {"asked", "agreed"}:
        raise IllegalMove("这件已经申请过延期，只能延一次", number=one.number)
    today = local(now).date()
    _refuse(
        [
            (f"延期最多 {most} 个工作日", not 1 <= days <= most),
            ("答复期限已过，不能再延期", today > _due(desk, one, today)),
        ]
    )
    values = {"extend_days": days, "extend_asked_by": user.name, "extension": "asked"}
    note = f"{days} 个工作日：{_said(desk, one, '延期的理由', why)}"
    return _move(desk, user, one, "ask_extension", values, note, now)


def decide_extension(
    desk: Desk, user: User, request_id: int, version: int, agree: bool, note: str, now: datetime
) -> InfoRequest:
    """政府信息公开工作机构负责人同意, or not: never who asked."""
    permits.demand(user, "decide_info_requests")
    one = _seen(desk, request_id, version, "decide_extension")
    if one.extension != "asked":
        raise IllegalMove("没有等待批复的延期申请", number=one.number)
    if one.extend_asked_by == user.name:
        raise NotAllowed("申请延期的人不能自己批准", user=user.name)
    today = local(now).date()
    if agree and today > _due(desk, one, today):
        raise IllegalMove("答复期限已过，不能再批准延期", number=one.number)
    told = _clean(desk, one.id, tidy("说明", note).strip())
    if not agree:
        reason_of(told)
    label = f"{'同意' if agree else '不同意'}延长 {one.extend_days} 个工作日" + (f"：{told}" if told else "")
    values = {"extension": "agreed" if agree else "refused"}
    return _move(desk, user, one, "decide_extension", values, label, now)


def tell_extension(
    desk: Desk, user: User, request_id: int, version: int, on: date, how: str, now: datetime
) -> InfoRequest:
    """延期已告知申请人 (article 33)."""
    one = _asked(desk, user, request_id, version, "tell_extension")
    if one.extension != "agreed" or one.extension_told_on is not None:
        raise IllegalMove("没有需要告知的延期", number=one.number)
    _refuse(_on(one, on, now))
    note = f"{on.isoformat()}：{_said(desk, one, '告知方式', how)}"
    return _move(desk, user, one, "tell_extension", {"extension_told_on": on}, note, now)


def answer(
    desk: Desk,
    user: User,
    request_id: int,
    version: int,
    outcome: str,
    on: date,
    serial: str,
    why: str,
    now: datetime,
) -> InfoRequest:
    """登记答复 (article 36): its kind, day, 文号 and reasons."""
    one = _asked(desk, user, request_id, version, "answer")
    today = local(now).date()
    kinds = cases.info_requests.outcomes(desk.bureau.info_requests, one, today)
    row = next((each for each in kinds if each.key == outcome), None)
    open_ = [each for each in desk.store.info_requests.consultations([one.id])[one.id] if not each.ended_on]
    number = tidy("文号", serial).strip()
    _refuse(
        [
            *_on(one, on, now),
            ("请选择答复种类", row is None),
            ("征求意见还没有结束，请先登记", bool(open_)),
            ("文号太长", len(number) > 60),
        ]
    )
    assert row is not None  # refused above
    note = f"{on.isoformat()}，{row.group}（{row.name}）：{_said(desk, one, '答复要点和理由', why)}"
    values = {
        "state": cases.info_requests.ANSWERED,
        "outcome": row.key,
        "answered_on": on,
        "serial": _clean(desk, one.id, number),
        "ended_at": now,
    }
    return _move(desk, user, one, "answer", values, note, now)


def void(desk: Desk, user: User, request_id: int, version: int, why: str, now: datetime) -> InfoRequest:
    """作废 what was registered by mistake; it stays on the list and counts nowhere."""
    one = _asked(desk, user, request_id, version, "void")
    values = {"state": cases.info_requests.VOID, "ended_at": now}
    return _move(desk, user, one, "void", values, _said(desk, one, "作废的理由", why), now)


def reopen(desk: Desk, user: User, request_id: int, version: int, why: str, now: datetime) -> InfoRequest:
    """更正: the answer was noted wrongly and is to be noted anew."""
    permits.demand(user, "decide_info_requests")
    one = _seen(desk, request_id, version, "reopen")
    waits = one.amend_on is not None and one.amended_on is None
    values: dict[str, Any] = {
        "state": cases.info_requests.AMENDING if waits else cases.info_requests.OPEN,
        "outcome": "",
        "answered_on": None,
        "serial": "",
        "ended_at": None,
    }
    return _move(desk, user, one, "reopen", values, _said(desk, one, "更正的理由", why), now)


def _asked(desk: Desk, user: User, request_id: int, version: int, act: str) -> InfoRequest:
    permits.demand(user, "keep_info_requests")
    return _seen(desk, request_id, version, act)


def _seen(desk: Desk, request_id: int, version: int, act: str) -> InfoRequest:
    one = desk.store.info_requests.get(request_id)
    if one.version != version:
        raise Conflict(GONE, request=one.id)
    cases.info_requests.check(act, one)
    return one


def _move(
    desk: Desk, user: User, one: InfoRequest, act: str, values: Mapping[str, Any], note: str, now: datetime
) -> InfoRequest:
    return desk.store.info_requests.move(one, act, values, note, user.name, now)


def _due(desk: Desk, one: InfoRequest, day: date) -> date:
    consulted = desk.store.info_requests.consultations([one.id])[one.id]
    return cases.info_requests.due(desk.calendar, desk.bureau.info_requests, one, consulted, day)


def _on(one: InfoRequest, on: date, now: datetime) -> list[tuple[str, bool]]:
    """What a day on which something was done must not be."""
    return [("日期晚于今天", on > local(now).date()), ("日期早于收到之日", on < one.begins_on)]


def _said(desk: Desk, one: InfoRequest, what: str, text: str) -> str:
    """As it may stand in the history, which tells nothing of the applicant; raises BadInput where it is empty."""
    told = tidy(what, text).strip()
    if not told:
        raise BadInput(f"请填写{what}")
    return _clean(desk, one.id, told)


def _clean(desk: Desk, request_id: int, text: str) -> str:
    return mask(text, names=desk.store.info_requests.names(request_id))


def _refuse(wrong: list[tuple[str, bool]]) -> None:
    if found := [words for words, is_wrong in wrong if is_wrong]:
        raise BadInput("；".join(found))
