"""销号: 自验, 复核, 抽查, 公示, 签字, 销号; from each stage the way back to work, with a reason.

Which arrow there is, and by what rule, says `cases.ledger`; the papers are made by `flow.ledger_papers`.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from typing import Any

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
from huanyu.errors import NotAllowed
from huanyu.redact import mask
from huanyu.store.documents import Filed
from huanyu.text import fold
from huanyu.types import Draw
from huanyu.types import LedgerLine
from huanyu.types import User

SHORTEST_NOTICE = 20
#: What a line forgets when it goes back to work.
ANEW: Mapping[str, Any] = {
    "state": "working",
    "checked_on": None,
    **dict.fromkeys(("checked_by", "reviewed_by", "notice", "notice_by"), ""),
    "notice_from": None,
    "notice_to": None,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What the unit says of its own work."""

    done: str  #: 整改完成情况
    evidence: str  #: 佐证材料
    opinion: str  #: 自验意见


def self_check(
    desk: Desk, user: User, line_id: int, version: int, said: Checked, now: datetime
) -> LedgerLine:
    """自验: the unit has looked at its own work and asks for 复核."""
    line = ledger.at_work(desk, user, line_id, version)
    cases.ledger.check(line.state, "checked")
    told = {
        "done": _needed("整改完成情况", said.done),
        "evidence": _needed("佐证材料", said.evidence),
        "opinion": _needed("自验意见", said.opinion),
    }
    values = {
        "state": "checked",
        "checked_on": local(now).date(),
        "checked_by": user.name,
        "progress": told["done"],
    }
    note = f"自验：{told['opinion']}"
    return desk.store.ledger.change(line, "checked", note, user.name, now, values | {"told_at": now}, told)


def review(
    desk: Desk,
    user: User,
    line_id: int,
    version: int,
    visited_on: date,
    people: str,
    opinion: str,
    now: datetime,
) -> LedgerLine:
    """复核 on the spot by others than those of the 自验; the 验收报告 is filed with it."""
    line = _to_review(desk, user, line_id, version, "reviewed")
    if line.checked_on is not None and not line.checked_on <= visited_on <= local(now).date():
        raise BadInput("现场核查日期应在自验之后、今天或以前")
    told = {
        "visited_on": visited_on.isoformat(),
        "people": _needed("核查人员", people),
        "opinion": _needed("复核意见", opinion),
    }

    def write(paper: Filed | None) -> LedgerLine:
        values = {"state": "reviewed", "reviewed_by": user.name}
        note = f"复核：{told['opinion']}"
        return desk.store.ledger.change(line, "reviewed", note, user.name, now, values, told, paper)

    return ledger_papers.acceptance(desk, line, told, now, write)


def draw(desk: Desk, user: User, now: datetime, seed: str = "") -> int:
    """抽查 among all that wait for it; returns its number. A seed is made where none was drawn in public."""
    permits.demand(user, "draw_lines")
    pool = desk.store.ledger.listing({"reviewed"})
    if not pool:
        raise IllegalMove("没有待抽查的问题")
    rules, told = desk.bureau.supervision, tidy("种子", seed).strip() or secrets.token_hex(8)
    lots = cases.ledger.draw([line.number for line in pool], told, rules.draw_percent, rules.draw_least)
    kept = (told, rules.draw_percent, rules.draw_least)
    return desk.store.ledger.draw(pool, lots, *kept, into=("drawn", "sampled"), actor=user.name, now=now)


def recount(kept: Draw) -> tuple[str, ...]:
    """The lots of a 抽查 drawn again from what was kept of it."""
    return cases.ledger.draw(kept.pool, kept.seed, kept.percent, kept.least)


def passed(desk: Desk, user: User, line_id: int, version: int, opinion: str, now: datetime) -> LedgerLine:
    """抽查合格."""
    line = _to_review(desk, user, line_id, version, "sampled")
    if line.state != "drawn":
        raise IllegalMove("这一条没有抽中，请先组织抽查", line=line.number)
    told = _needed("抽查意见", opinion)
    values = {"state": "sampled"}
    return desk.store.ledger.change(
        line, "sampled", f"抽查合格：{told}", user.name, now, values, {"opinion": told}
    )


def write_notice(desk: Desk, user: User, line_id: int, version: int, text: str, now: datetime) -> LedgerLine:
    """公示稿: what the public is told; leaves only when a leader has agreed to these words."""
    permits.demand(user, "write_notice")
    line = ledger.as_seen(desk, user, line_id, version)
    cases.ledger.check(line.state, "noticed")
    told = ledger.public_text("公示内容", text)
    if len(told) < SHORTEST_NOTICE:
        raise BadInput(f"公示内容不少于 {SHORTEST_NOTICE} 个字，写明问题、整改措施和完成情况")
    values = {"notice": told, "notice_by": user.name}
    return desk.store.ledger.change(
        line, "notice_written", "拟定公示内容", user.name, now, values, {"text": told}
    )


def publish_notice(desk: Desk, user: User, line_id: int, version: int, now: datetime) -> LedgerLine:
    """公示 from today for the working days of the table, by a leader who did not write it."""
    permits.demand(user, "publish_notice")
    line = ledger.as_seen(desk, user, line_id, version)
    cases.ledger.check(line.state, "noticed")
    if not line.notice:
        raise IllegalMove("还没有拟定公示内容", line=line.number)
    if line.notice_by == user.name:
        raise NotAllowed("公示内容须由拟稿人以外的人签发", user=user.name)
    today = local(now).date()
    until = desk.calendar.add_workdays(today, desk.bureau.supervision.notice_days)
    values = {"state": "noticed", "notice_from": today, "notice_to": until}
    note = f"公示至{until.month}月{until.day}日"
    return desk.store.ledger.change(line, "noticed", note, user.name, now, values, {"text": line.notice})


def end_notice(
    desk: Desk, user: User, line_id: int, version: int, feedback: str, now: datetime
) -> LedgerLine:
    """公示期满: nothing said against it, or what was said did not hold; not before the last day is over."""
    permits.demand(user, "end_notice")
    line = ledger.as_seen(desk, user, line_id, version)
    cases.ledger.check(line.state, "signing")
    if line.notice_to is None or local(now).date() <= line.notice_to:
        raise IllegalMove("公示期还没有满", line=line.number)
    told = _needed("公示反馈", feedback)
    return desk.store.ledger.change(
        line,
        "notice_ended",
        f"公示期满：{told}",
        user.name,
        now,
        {"state": "signing"},
        {"feedback": told},
    )


def sign(
    desk: Desk,
    user: User,
    line_id: int,
    version: int,
    office: str,
    name: str,
    signed_on: date,
    now: datetime,
) -> LedgerLine:
    """签字 as it stands on the sheet: one office, one person, each once."""
    permits.demand(user, "record_signature")
    line = ledger.as_seen(desk, user, line_id, version)
    if line.state != "signing":
        raise IllegalMove("公示期满之后才能签字", line=line.number)
    if office not in offices(desk, line):
        raise BadInput("这一条不需要这个职务签字")
    told = "".join(fold(_needed("签字人姓名", name)).split())
    if line.notice_to is not None and not line.notice_to < signed_on <= local(now).date():
        raise BadInput("签字日期应在公示期满之后、今天或以前")
    return desk.store.ledger.sign(line, office, told, signed_on, user.name, now)


def cancel(desk: Desk, user: User, line_id: int, version: int, now: datetime) -> LedgerLine:
    """销号 once everybody has signed, by a leader who did not record the signatures; the 销号表 is filed with it."""
    permits.demand(user, "cancel_line")
    line = ledger.as_seen(desk, user, line_id, version)
    cases.ledger.check(line.state, "cancelled")
    signed = desk.store.ledger.signatures(line.id)
    if missing := cases.ledger.unsigned(offices(desk, line), {one.office: one.name for one in signed}):
        raise IllegalMove(f"还缺签字：{'、'.join(missing)}", line=line.number)
    if user.name in {one.recorded_by for one in signed}:
        raise NotAllowed("签字由您登记，销号请由另一位局领导办理", user=user.name)

    def write(paper: Filed | None) -> LedgerLine:
        values = {"state": "cancelled", "cancelled_at": now, "serial": paper.serial if paper else ""}
        return desk.store.ledger.change(line, "cancelled", "销号", user.name, now, values, {}, paper)

    return ledger_papers.closure(desk, line, signed, user, now, write)


def send_back(desk: Desk, user: User, line_id: int, version: int, reason: str, now: datetime) -> LedgerLine:
    """退回整改 from any stage of the way, or 重新挂账 after 销号; signatures given so far are void."""
    permits.demand(user, "review_line")
    line = ledger.as_seen(desk, user, line_id, version)
    again = line.state == cases.ledger.END
    if again:
        permits.demand(user, "keep_ledger")
    if line.state == cases.ledger.START:
        raise IllegalMove("还没有开始整改，不能退回", line=line.number)
    cases.ledger.check(line.state, "working")
    told = reason_of(tidy("理由", reason))
    values = {**ANEW, "told_at": now}
    if again:
        values |= {"round": line.round + 1, "cancelled_at": None, "serial": ""}
    action, note = ("relapsed", "重新挂账") if again else ("sent_back", f"{_stage(line)}退回整改")
    return desk.store.ledger.change(
        line, action, f"{note}：{told}", user.name, now, values, {"from": line.state, "reason": told}
    )


def offices(desk: Desk, line: LedgerLine) -> tuple[str, ...]:
    """Whose signatures take this line off."""
    row = desk.bureau.supervision.origin_of(line.origin)
    return row.signatures if row else ()


def public_notices(desk: Desk, now: datetime) -> list[LedgerLine]:
    """What the public may read now, the newest first: in its period, masked once more."""
    today = local(now).date()
    return [
        line
        for line in sorted(desk.store.ledger.listing({"noticed"}), key=lambda line: -line.id)
        if line.notice_from and line.notice_to and line.notice_from <= today <= line.notice_to
    ]


def notice_text(line: LedgerLine) -> str:
    """The words of a notice as they leave the desk."""
    return mask(line.notice)


def _to_review(desk: Desk, user: User, line_id: int, version: int, to: str) -> LedgerLine:
    permits.demand(user, "review_line")
    line = ledger.as_seen(desk, user, line_id, version)
    cases.ledger.check(line.state, to)
    if line.checked_by == user.name:
        raise NotAllowed("自验由您填报，复核、抽查请由他人办理", user=user.name)
    return line


def _stage(line: LedgerLine) -> str:
    return {
        "checked": "复核",
        "reviewed": "抽查前",
        "drawn": "抽查不合格，",
        "sampled": "公示前",
        "noticed": "公示异议成立，",
        "signing": "签字人",
    }[line.state]


def _needed(what: str, text: str) -> str:
    told = tidy(what, text).strip()
    if not told:
        raise BadInput(f"请填写{what}")
    return told
