"""验收报告, 销号表 and 挂牌督办通知书 of a line of the ledger: filled from its history, numbered as the step is taken.

How they look is said by their rows of forms.toml; a bureau without such a row takes the step without a paper.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import date
from datetime import datetime
from typing import Any

from flow import filing
from flow.desk import Desk
from huanyu.clock import local
from huanyu.errors import NotFound
from huanyu.form_rows import FormRow
from huanyu.store.documents import Filed
from huanyu.types import Document
from huanyu.types import LedgerLine
from huanyu.types import LedgerSignature
from huanyu.types import LedgerStep
from huanyu.types import User

ACCEPTANCE, CLOSURE, LISTING = "验收报告", "销号表", "挂牌督办通知书"
NOT_DRAWN = "未抽中"
Write = Callable[[Filed | None], LedgerLine]


def acceptance(
    desk: Desk, line: LedgerLine, reviewed: Mapping[str, str], now: datetime, write: Write
) -> LedgerLine:
    """The 验收报告 of what was done, what the unit said of it and what was seen on the spot."""
    form = form_of(desk, ACCEPTANCE, now)
    if form is None:
        return write(None)
    checked = _facts(desk.store.ledger.steps(line.id), "checked", line.round)
    fields = {
        **_common(desk, line),
        "done": _bare(checked.get("done", "")),
        "evidence": _bare("、".join(str(checked.get("evidence", "")).splitlines())),
        "self_check": _bare(checked.get("opinion", "")),
        "checked_on": day(line.checked_on),
        "visited_on": day(date.fromisoformat(reviewed["visited_on"])),
        "people": reviewed["people"],
        "review": _bare(reviewed["opinion"]),
    }
    return filing.numbered(desk, form, fields, None, now, write)


def closure(
    desk: Desk,
    line: LedgerLine,
    signed: Sequence[LedgerSignature],
    leader: User,
    now: datetime,
    write: Write,
) -> LedgerLine:
    """The 销号表: the whole way of the line, with the names that signed."""
    form = form_of(desk, CLOSURE, now)
    if form is None:
        return write(None)
    steps = desk.store.ledger.steps(line.id)
    checked, reviewed = (_facts(steps, action, line.round) for action in ("checked", "reviewed"))
    sampled = _facts(steps, "sampled", line.round).get("opinion", NOT_DRAWN)
    draw = _facts(steps, "drawn", line.round).get("draw", "")
    period = f"{day(line.notice_from)}至{day(line.notice_to)}"
    where = f"{desk.bureau.bureau.short_name}网站"
    feedback = _facts(steps, "notice_ended", line.round).get("feedback", "")
    fields = {
        **_common(desk, line),
        "done": checked.get("done", ""),
        "evidence": checked.get("evidence", ""),
        "self_check": f"{checked.get('opinion', '')}（{day(line.checked_on)}）",
        "review": f"{reviewed.get('opinion', '')}（{_written(reviewed.get('visited_on', ''))}，{reviewed.get('people', '')}）",
        "sample": f"{sampled}（第{draw}次抽查）",
        "notice": f"{where}，{period}；{feedback}",
        "signatures": "\n".join(f"{one.office}：{one.name}　{day(one.signed_on)}" for one in signed),
        "cancelled_on": day(local(now).date()),
    }
    return filing.numbered(desk, form, fields, leader, now, write)


def listed(
    desk: Desk,
    line: LedgerLine,
    grade: str,
    reason: str,
    due: date,
    leader: User,
    now: datetime,
    write: Callable[[Filed], None],
) -> None:
    """The 挂牌督办通知书, whose number is the listing's; raises NotFound where forms.toml has none."""
    form = form_of(desk, LISTING, now)
    if form is None:
        raise NotFound(f"forms.toml 中没有{LISTING}")
    bureau = desk.bureau.bureau
    fields = {
        **_common(desk, line),
        "addressee": unit_name(desk, line.unit),
        "grade": grade,
        "reason": _bare(reason),
        "limit": day(due),
        "contact": bureau.office,
        "telephone": bureau.phone,
    }
    filing.numbered(desk, form, fields, leader, now, write)


def form_of(desk: Desk, kind: str, now: datetime) -> FormRow | None:
    """The form of a paper of the ledger; None where forms.toml has none."""
    today = local(now).date()
    return next((row for row in desk.bureau.forms if row.ledger == kind and row.valid_on(today)), None)


def file(desk: Desk, line: LedgerLine, document_id: int, form: str) -> tuple[str, bytes]:
    """(name, bytes) of a paper of the line, as it was filed; raises NotFound."""
    found = next((one for one in desk.store.ledger.papers(line.id) if one.id == document_id), None)
    if found is None:
        raise NotFound("这一条没有这份公文", document=document_id)
    return _body(desk, found, form)


def unit_name(desk: Desk, key: str) -> str:
    """As a paper writes it."""
    found = desk.bureau.unit(key)
    return found.name if found else key


def day(when: date | None) -> str:
    """2026年3月10日."""
    return f"{when.year}年{when.month}月{when.day}日" if when else ""


def _body(desk: Desk, paper: Document, form: str) -> tuple[str, bytes]:
    return f"{paper.serial}.{form}", desk.store.documents.body(paper.pdf if form == "pdf" else paper.docx)


def _common(desk: Desk, line: LedgerLine) -> dict[str, str]:
    origin = desk.bureau.supervision.origin_of(line.origin)
    name = origin.name if origin else line.origin
    return {
        "number": line.number,
        "matter": _bare(line.title),
        "origin": f"{name}（{line.ground}）" if line.ground else name,
        "unit": unit_name(desk, line.unit),
        "person": line.person,
        "goal": _bare(line.goal),
        "measures": _bare(line.measures),
        "due": day(line.due),
    }


def _bare(text: str) -> str:
    """Without its last stop: the form sets one."""
    return text.strip().rstrip("。；，")


def _facts(steps: Sequence[LedgerStep], action: str, round_: int) -> Mapping[str, Any]:
    """What the last such step of this round, since the line last went back to work, said."""
    told: Mapping[str, Any] = {}
    for step in steps:
        if step.round != round_ or step.action in ("sent_back", "relapsed"):
            told = {}
        elif step.action == action:
            told = step.facts
    return told


def _written(text: str) -> str:
    return day(date.fromisoformat(text)) if text else ""
