"""催报: who answers for lines of the ledger that nobody has told of for too long is asked by mail, all lines in one.

Asked again for each further span of silence. A unit without a mailbox is asked through the press office.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

import structlog

import cases.ledger
from cases.forms import ACCOUNT
from flow import ledger
from flow.alarms import INTERNAL
from flow.alarms import press_office
from flow.batch import each
from flow.desk import Desk
from flow.ledger_reminders import OPEN
from huanyu.clock import local
from huanyu.redact import mask
from huanyu.store.audit import SYSTEM
from huanyu.types import Draft
from huanyu.types import LedgerLine
from huanyu.types import Listing
from huanyu.types import MessageState

log = structlog.get_logger()

TOLD: Final = "ledger_silent/"  #: setting of this name and the line's number: the silence that was told of


@dataclass(frozen=True, slots=True)
class Silence:
    """The lines a unit should have told of."""

    id: int  #: of the first of them
    unit: str
    lines: tuple[LedgerLine, ...]


def urge(desk: Desk, now: datetime) -> int:
    """Ask for the progress of every line nobody was asked about; nothing outside office hours. Returns how many mails."""
    if not desk.calendar.office_hours(now):
        return 0
    states = [state for state in OPEN if state != cases.ledger.END]
    found = [ledger.standing(desk, line, now) for line in desk.store.ledger.listing(states)]
    told = desk.store.settings.starting(TOLD)
    units: dict[str, list[LedgerLine]] = defaultdict(list)
    for one in found:
        if one.silent and told.get(TOLD + one.line.number) != _span(desk, one.line, now):
            units[one.line.unit].append(one.line)
    waiting = [Silence(lines[0].id, unit, tuple(lines)) for unit, lines in units.items()]
    return each("ledger_silent", waiting, partial(_ask, desk, now))


def _ask(desk: Desk, now: datetime, one: Silence) -> None:
    listings = {found.line_id: found for found in desk.store.oversight.listings()}
    draft = _mail(desk, one, listings, now)
    if draft is None:
        return
    spans = {line.number: _span(desk, line, now) for line in one.lines}
    key = ",".join(f"{line.id}:{spans[line.number]}" for line in one.lines)
    with desk.store.together():
        desk.store.outbox.add(draft, f"ledger_silent:{key}", MessageState.APPROVED, SYSTEM, now)
        for number, span in spans.items():
            desk.store.settings.put(TOLD + number, span, now)
    log.info("ledger_silent", unit=one.unit, lines=len(one.lines))


def _span(desk: Desk, line: LedgerLine, now: datetime) -> str:
    """Since when nobody has told of the line, and how many times the days of the table are over."""
    times = (now - line.told_at).days // desk.bureau.supervision.progress_days
    return f"{local(line.told_at).date().isoformat()}:{times}"


def _mail(desk: Desk, one: Silence, listings: Mapping[int, Listing], now: datetime) -> Draft | None:
    """The mail under the house's own rule; None where neither the unit nor the press office has a mailbox."""
    unit = desk.bureau.unit(one.unit)
    addressee = unit if unit is not None and unit.mail else press_office(desk)
    if addressee is None:
        return None
    days = desk.bureau.supervision.progress_days
    text = [
        f"{unit.name if unit else one.unit}：",
        "",
        f"整改台账要求至少每{days}天报一次进展，下列{len(one.lines)}条没有按时报：",
        *_listed(one.lines, listings, now),
        "请今天报送进展；不能按期完成的，请说明原因。",
    ]
    return Draft(
        channel="mail",
        account=ACCOUNT,
        purpose=INTERNAL,
        title=f"【催报】台账{len(one.lines)}条没有按时报进展",
        text="\n".join(text),
        recipient=addressee.mail,
        link=f"{desk.config.settings.console_url.rstrip('/')}/ledger",
    )


def _listed(lines: Sequence[LedgerLine], listings: Mapping[int, Listing], now: datetime) -> list[str]:
    told = []
    for place, line in enumerate(lines, start=1):
        listing = listings.get(line.id)
        marked = f"，{listing.grade}督办，期限{listing.due.isoformat()}" if listing else ""
        told.append(
            f"{place}. {line.number}“{mask(line.title)}”（责任人：{mask(line.person)}），"
            f"{(now - line.told_at).days}天没有报{marked}；整改时限{line.due.isoformat()}"
        )
    return told
