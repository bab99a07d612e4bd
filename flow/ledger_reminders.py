"""红黄牌 by mail: whoever answers for a line of the ledger is told in office hours, once when it turns yellow, once when red.

A unit without a mailbox is told through the press office. Another limit or another round is told of anew.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Final

import structlog

import cases.ledger
from cases.forms import ACCOUNT
from cases.ledger import CARDS
from flow import ledger
from flow.alarms import INTERNAL
from flow.alarms import press_office
from flow.batch import each
from flow.desk import Desk
from flow.ledger import Standing
from huanyu.clock import local
from huanyu.redact import mask
from huanyu.store.audit import SYSTEM
from huanyu.types import Draft
from huanyu.types import LedgerLine
from huanyu.types import MessageState

log = structlog.get_logger()

TOLD: Final = "ledger_card/"  #: setting of this name and the line's number: the card that was told of
OPEN: Final = tuple(state for state in cases.ledger.LABEL if state not in cases.ledger.LOOKED_AT)


def remind(desk: Desk, now: datetime) -> int:
    """Mail every card that nobody was told of yet; nothing outside office hours. Returns how many."""
    if not desk.calendar.office_hours(now):
        return 0
    states = [state for state in OPEN if state != cases.ledger.END]
    found = [ledger.standing(desk, line, now) for line in desk.store.ledger.listing(states)]
    told = desk.store.settings.starting(TOLD)
    waiting = [one.line for one in found if one.card and told.get(TOLD + one.line.number) != _card(one)]
    return each("ledger_cards", waiting, partial(_tell, desk, now))


def _tell(desk: Desk, now: datetime, line: LedgerLine) -> None:
    one = ledger.standing(desk, line, now)
    draft = _mail(desk, one, now)
    if draft is None:
        return
    with desk.store.together():
        desk.store.outbox.add(draft, f"ledger:{one.line.id}:{_card(one)}", MessageState.APPROVED, SYSTEM, now)
        desk.store.settings.put(TOLD + one.line.number, _card(one), now)
    log.info("ledger_card", line=one.line.number, card=one.card)


def _card(one: Standing) -> str:
    return f"{one.card}:{one.line.round}:{one.line.due.isoformat()}"


def _mail(desk: Desk, one: Standing, now: datetime) -> Draft | None:
    """The mail under the house's own rule; None where neither the unit nor the press office has a mailbox."""
    line, unit = one.line, desk.bureau.unit(one.line.unit)
    addressee = unit if unit is not None and unit.mail else press_office(desk)
    if addressee is None:
        return None
    name = unit.name if unit else line.unit
    left = (line.due - local(now).date()).days
    when = f"还有{left}天到期" if left > 0 else "今天到期" if left == 0 else f"已过期{-left}天"
    text = [
        f"{name}：",
        "",
        f"台账 {line.number}“{mask(line.title)}”（责任人：{mask(line.person)}）整改时限为"
        f"{line.due.year}年{line.due.month}月{line.due.day}日，{when}，现为{CARDS[one.card]}。",
        f"最近进展：{mask(line.progress) or '还没有报过'}。",
        "整改完成的，请自验后报请复核；不能按期完成的，请说明原因。",
    ]
    return Draft(
        channel="mail",
        account=ACCOUNT,
        purpose=INTERNAL,
        title=f"【{CARDS[one.card]}】台账 {line.number} {when}",
        text="\n".join(text),
        recipient=addressee.mail,
        link=f"{desk.config.settings.console_url.rstrip('/')}/ledger/{line.id}",
    )
