"""整改台账: a line is put in with everything it must say, changed with a reason, told of by its unit, listed, taken out.

What takes a line off again is `flow.cancelling`.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Sequence
from dataclasses import asdict
from dataclasses import dataclass
from datetime import datetime

import cases.ledger
from flow import permits
from flow import rights
from flow.desk import Desk
from flow.typed import reason_of
from flow.typed import tidy
from huanyu.clock import local
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import IllegalMove
from huanyu.errors import NotAllowed
from huanyu.redact import mask
from huanyu.store.ledger import GONE
from huanyu.types import LedgerEntry
from huanyu.types import LedgerLine
from huanyu.types import User

#: Texts of an entry, as they are called where they are wrong.
TEXTS = {
    "title": "问题",
    "ground": "来源说明",
    "goal": "整改目标",
    "measures": "整改措施",
    "person": "责任人",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A line beside what its clock says today."""

    line: LedgerLine
    card: str  #: yellow | red | ""
    silent: bool  #: the unit should have told how it goes


def enter(desk: Desk, user: User, entry: LedgerEntry, now: datetime) -> LedgerLine:
    """挂账; raises BadInput naming everything that is missing."""
    permits.demand(user, "keep_ledger")
    return desk.store.ledger.enter(_sound(desk, user, entry, now), cases.ledger.START, user.name, now)


def amend(
    desk: Desk, user: User, line_id: int, version: int, entry: LedgerEntry, reason: str, now: datetime
) -> LedgerLine:
    """Change what a line says, with a reason; before and after stay in its history."""
    permits.demand(user, "keep_ledger")
    line = as_seen(desk, user, line_id, version)
    if line.state == cases.ledger.END:
        raise IllegalMove("已销号的不能修改；问题反弹的，请重新挂账", line=line.number)
    values = asdict(_sound(desk, user, entry, now)) | {"case_id": line.case_id}
    changed = {name: value for name, value in values.items() if value != getattr(line, name)}
    if not changed:
        raise BadInput("没有任何改动")
    facts = {name: [str(getattr(line, name)), str(value)] for name, value in changed.items()}
    told = f"修改：{reason_of(reason)}"
    return desk.store.ledger.change(line, "amended", told, user.name, now, changed, {"changes": facts})


def tell(desk: Desk, user: User, line_id: int, version: int, progress: str, now: datetime) -> LedgerLine:
    """进展: of the line's own unit, or written down for it by the press office; the first begins the work."""
    line = at_work(desk, user, line_id, version)
    told = tidy("进展", progress).strip()
    if not told:
        raise BadInput("请填写进展")
    values = {"progress": told, "told_at": now}
    if line.state == cases.ledger.START:
        values["state"] = "working"
    elif line.state != "working":
        raise IllegalMove("只有整改中的才报进展", line=line.number)
    return desk.store.ledger.change(line, "told", f"进展：{told}", user.name, now, values)


def listing(
    desk: Desk, user: User, now: datetime, states: Collection[str] = (), enterprise: str = ""
) -> list[Standing]:
    """The lines this person may see, those due first in front."""
    permits.demand(user, "see_ledger")
    found = desk.store.ledger.listing(states, units_of(user), enterprise)
    return [standing(desk, line, now) for line in found]


def standing(desk: Desk, line: LedgerLine, now: datetime) -> Standing:
    rules, today = desk.bureau.supervision, local(now).date()
    return Standing(
        line=line,
        card=cases.ledger.card(line.state, line.due, line.checked_on, today, rules.yellow_days),
        silent=cases.ledger.silent(line.state, line.told_at, now, rules.progress_days),
    )


def units_of(user: User) -> frozenset[str] | None:
    """The units whose lines this person may see; None means every unit's."""
    return None if permits.may(user, "see_all_lines") else (rights.units_of(user) or frozenset())


def seen(desk: Desk, user: User, line_id: int) -> LedgerLine:
    """The line, for whoever may see it; raises NotFound or NotAllowed."""
    permits.demand(user, "see_ledger")
    line = desk.store.ledger.get(line_id)
    mine = units_of(user)
    if mine is not None and line.unit not in mine:
        raise NotAllowed("这一条不属于您所在的单位", line=line.number, user=user.name)
    return line


def as_seen(desk: Desk, user: User, line_id: int, version: int) -> LedgerLine:
    """The same as the caller saw it; raises Conflict when it has changed since."""
    line = seen(desk, user, line_id)
    if line.version != version:
        raise Conflict(GONE, line=line.number)
    return line


def at_work(desk: Desk, user: User, line_id: int, version: int) -> LedgerLine:
    """The same for whoever works on it."""
    permits.demand(user, "work_line")
    return as_seen(desk, user, line_id, version)


def enterprises(desk: Desk) -> Sequence[str]:
    """The names a line may give, as in the table."""
    return [row.name for row in desk.bureau.enterprises]


def public_text(what: str, text: str) -> str:
    """A text without personal data; raises BadInput where it has some."""
    told = tidy(what, text).strip()
    if mask(told) != told:
        raise BadInput(f"{what}中有个人信息（电话、证件号、住址等），请删去")
    return told


def _sound(desk: Desk, user: User, entry: LedgerEntry, now: datetime) -> LedgerEntry:
    told = {name: public_text(label, getattr(entry, name)) for name, label in TEXTS.items()}
    whole = LedgerEntry(**(asdict(entry) | told))
    if missing := [label for name, label in cases.ledger.MUST.items() if not getattr(whole, name)]:
        raise BadInput(f"台账还缺：{'、'.join(missing)}")
    if not whole.title:
        raise BadInput("请填写问题")
    today = local(now).date()
    if whole.unit not in {row.key for row in desk.units(today)}:
        raise BadInput("责任单位请从单位表中选择")
    origin = desk.bureau.supervision.origin_of(whole.origin)
    if origin is None or not origin.valid_on(today):
        raise BadInput("问题来源请从 supervision.toml 所列中选择")
    if whole.enterprise and whole.enterprise not in enterprises(desk):
        raise BadInput("企业请从企业表中选择；表中没有的，请先在各表中增加")
    if whole.area and whole.area not in desk.bureau.areas():
        raise BadInput("没有这个辖区")
    if whole.case_id is not None:
        case = desk.store.cases.get(whole.case_id)
        permits.demand_case(user, case)
        if case.restricted:
            raise BadInput("限定人员查看的办件不挂账", case=case.number)
    return whole
