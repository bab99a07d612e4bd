"""政府信息公开申请 by mail: the press office is told in office hours, once for each card of a request."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Final

import structlog

import cases.info_requests
from cases.forms import ACCOUNT
from cases.info_requests import CARDS
from flow import info_requests
from flow.alarms import INTERNAL
from flow.alarms import press_office
from flow.batch import each
from flow.desk import Desk
from flow.info_requests import Row
from huanyu.redact import mask
from huanyu.store.audit import SYSTEM
from huanyu.types import Draft
from huanyu.types import InfoRequest
from huanyu.types import MessageState

log = structlog.get_logger()

TOLD: Final = "info_card/"  #: setting of this name and the request's number: the card that was told of


def remind(desk: Desk, now: datetime) -> int:
    """Mail every card that nobody was told of yet; nothing outside office hours. Returns how many."""
    if not desk.calendar.office_hours(now) or press_office(desk) is None:
        return 0
    found = desk.store.info_requests.listing(cases.info_requests.GOING)
    told = desk.store.settings.starting(TOLD)
    shown = info_requests.rows(desk, found, now)
    waiting = [
        one.request
        for one in shown
        if one.standing.card and told.get(TOLD + one.request.number) != _card(one)
    ]
    return each("info_cards", waiting, partial(_tell, desk, now))


def _tell(desk: Desk, now: datetime, request: InfoRequest) -> None:
    office = press_office(desk)
    if office is None:
        return
    (one,) = info_requests.rows(desk, [request], now)
    if not one.standing.card:  # somebody was asked meanwhile
        return
    draft = _mail(desk, one, office.mail)
    with desk.store.together():
        desk.store.outbox.add(draft, f"info:{request.id}:{_card(one)}", MessageState.APPROVED, SYSTEM, now)
        desk.store.settings.put(TOLD + request.number, _card(one), now)
    log.info("info_card", request=request.number, card=one.standing.card)


def _card(one: Row) -> str:
    """One card is told once for each limit: more time, or somebody else who does not answer, begins it anew."""
    own = {"unheard": one.standing.unheard_by, "untold": None}  # `due` moves while others are asked
    last = own.get(one.standing.card, one.standing.due)
    return f"{one.standing.card}:{last.isoformat() if last else ''}"


def _mail(desk: Desk, one: Row, to: str) -> Draft:
    request, card = one.request, one.standing.card
    text = [
        f"信息公开申请 {request.number}（{request.received_on.isoformat()} 收到）：{_sentence(one)}。",
        f"申请内容：{mask(request.asked)[:120]}",
        "答复期限内不能答复的，应当经负责人同意延期并告知申请人；征求意见的时间不计入期限。",
    ]
    if cases.info_requests.untold(request) and card != "untold":
        text.insert(1, "延期已经批准，还没有告知申请人。")
    return Draft(
        channel="mail",
        account=ACCOUNT,
        purpose=INTERNAL,
        title=f"【{CARDS[card]}】信息公开申请 {request.number}",
        text="\n".join(text),
        recipient=to,
        link=f"{desk.config.settings.console_url.rstrip('/')}/info-requests/{request.id}",
    )


def _sentence(one: Row) -> str:
    due, card = one.standing.due, one.standing.card
    if card == "unamended":
        until = one.request.amend_until
        return f"补正期限{until.isoformat() if until else ''}已过，没有收到补正，可以按“逾期不补正”不再处理"
    if card == "unheard":
        return (
            "征求意见的期限已过，没有收到意见，答复期限继续计算。第三方逾期未提出意见的，由本局依法决定是否公开；"
            "共同制作的机关逾期未提出意见的，视为同意公开"
        )
    day = due.isoformat() if due else ""
    if card == "untold":
        return f"延期已经批准，还没有告知申请人；延长后的答复期限 {day}"
    return f"答复期限 {day} 已过" if card == "red" else f"答复期限 {day}，还有 {one.standing.left} 个工作日"
