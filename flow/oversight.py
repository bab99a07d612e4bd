"""挂牌督办 and 包案 of a line of the ledger: a leader lists it, a leader takes it in charge and goes there."""

from __future__ import annotations

from datetime import date
from datetime import datetime
from datetime import timedelta

import cases.ledger
from flow import ledger
from flow import ledger_papers
from flow import permits
from flow.desk import Desk
from flow.typed import reason_of
from flow.typed import tidy
from huanyu.clock import local
from huanyu.errors import BadInput
from huanyu.errors import IllegalMove
from huanyu.store.documents import Filed
from huanyu.types import LedgerLine
from huanyu.types import User


def list_line(
    desk: Desk,
    user: User,
    line_id: int,
    version: int,
    grade: str,
    reason: str,
    due: date | None,
    now: datetime,
) -> None:
    """挂牌督办, with its notice to the unit; without a date, the days of its grade count from today."""
    permits.demand(user, "list_line")
    line, today = _open(desk, user, line_id, version), local(now).date()
    row = desk.bureau.supervision.grade_on(grade, today)
    if row is None:
        raise BadInput("挂牌级别请从 supervision.toml 所列中选择")
    until = due or today + timedelta(days=row.days)
    if until <= today:
        raise BadInput("挂牌期限应在今天之后")
    told = reason_of(ledger.public_text("挂牌理由", reason))

    def write(paper: Filed) -> None:
        desk.store.oversight.list_line(line, grade, told, today, until, paper, user.name, now)

    ledger_papers.listed(desk, line, grade, told, until, user, now, write)


def unlist(desk: Desk, user: User, line_id: int, version: int, why: str, now: datetime) -> None:
    """摘牌, with a reason."""
    permits.demand(user, "list_line")
    line = ledger.as_seen(desk, user, line_id, version)
    desk.store.oversight.unlist(line, reason_of(tidy("理由", why)), user.name, now)


def take_charge(
    desk: Desk, user: User, line_id: int, version: int, leader: str, post: str, now: datetime
) -> None:
    """包案: this leader answers for the line from today."""
    permits.demand(user, "list_line")
    line = _open(desk, user, line_id, version)
    name, office = tidy("包案领导", leader).strip(), tidy("职务", post).strip()
    if not name or not office:
        raise BadInput("请填写包案领导的姓名和职务")
    desk.store.oversight.take_charge(line, name, office, local(now).date(), user.name, now)


def end_charge(desk: Desk, user: User, line_id: int, version: int, why: str, now: datetime) -> None:
    """解除包案, with a reason."""
    permits.demand(user, "list_line")
    line = ledger.as_seen(desk, user, line_id, version)
    told = reason_of(tidy("理由", why))
    desk.store.oversight.end_charge(line, local(now).date(), told, user.name, now)


def visit(desk: Desk, user: User, line_id: int, version: int, day: date, note: str, now: datetime) -> None:
    """The leader in charge was there: when, and what was settled."""
    permits.demand(user, "visit_line")
    line = ledger.as_seen(desk, user, line_id, version)
    if day > local(now).date():
        raise BadInput("到场日期不能晚于今天")
    told = tidy("到场情况", note).strip()
    if not told:
        raise BadInput("请填写到场情况")
    desk.store.oversight.visit(line, day, told, user.name, now)


def _open(desk: Desk, user: User, line_id: int, version: int) -> LedgerLine:
    line = ledger.as_seen(desk, user, line_id, version)
    if line.state == cases.ledger.END:
        raise IllegalMove("已经销号，问题反弹的请先重新挂账", line=line.number)
    return line
