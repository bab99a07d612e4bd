"""满意度: the citizen says what he thinks of the answer, once a round; who is unhappy with a reason sets it going again.

The arrows are those of 回访 and 重启 (`cases.lifecycle`); after some rounds a person decides.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import cases.lifecycle
from cases.forms import ACCOUNT
from flow import public_progress
from flow.alarms import INTERNAL
from flow.alarms import press_office
from flow.desk import Desk
from flow.life import UNSATISFIED
from flow.typed import tidy
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import IllegalMove
from huanyu.errors import NotFound
from huanyu.redact import mask
from huanyu.store.public_reports import ACTOR
from huanyu.text import shorten
from huanyu.types import Alarm
from huanyu.types import Case
from huanyu.types import Draft
from huanyu.types import PublicReport
from huanyu.types import Rating

CHOICES: Final = ("满意", "基本满意", UNSATISFIED)
LONGEST: Final = 500  # characters of a reason
QUOTED: Final = 100  # of them in the mail


def rate(desk: Desk, number: str, code: str, satisfied: str, reason: str, now: datetime) -> Case:
    """Keep what the citizen says of this round's answer; raises NotFound, BadInput, IllegalMove or Conflict."""
    report = public_progress.find(desk, number, code)
    case = public_progress.case_of(desk, report) if report else None
    if report is None or case is None or case.restricted:
        raise NotFound("受理编号或校验码不对")
    if report.rated_round >= case.round:
        raise Conflict("这次答复您已经评价过", report=report.number)
    if case.state not in public_progress.RATABLE:
        raise IllegalMove("这件事还没有答复，暂时不能评价")
    table = desk.bureau.public
    said = mask(tidy("原因", reason).strip()[:LONGEST])
    if satisfied not in CHOICES:
        raise BadInput("请选择满意、基本满意或不满意")
    if satisfied == UNSATISFIED and len(said) < table.reason_least:
        raise BadInput(f"请写明不满意的原因，至少 {table.reason_least} 个字")
    unhappy = satisfied == UNSATISFIED
    reopens = unhappy and case.round <= table.reopen_most
    if case.state == "answered":
        cases.lifecycle.check(case.state, "visited")
    if reopens:
        cases.lifecycle.check("visited" if case.state == "answered" else case.state, "pending")
    rating = Rating(satisfied=satisfied, note=said, reopens=reopens)
    mail = _mail(desk, case, rating) if unhappy else None
    with desk.store.together():
        return desk.store.public.rate(_kept(desk, report, code, now), case, rating, mail, now)


def _kept(desk: Desk, report: PublicReport, code: str, now: datetime) -> PublicReport:
    """The report as a row; what was said on a chat platform becomes one when it is rated, under the number it has."""
    if report.id:
        return report
    return desk.store.public.vouch(report.post_id, code, True, ACTOR, now, number=report.number)


def _mail(desk: Desk, case: Case, rating: Rating) -> Alarm | None:
    """The press office learns that somebody is unhappy, and what has become of the case."""
    office = press_office(desk)
    if office is None:
        return None
    done = (
        "程序已按规定重启，重新派单。"
        if rating.reopens
        else "已多次重启，不再自动重启，请定下由谁重办或怎样答复。"
    )
    parts = [
        f"案件 {case.number}“{case.title}”：反映人对第 {case.round} 轮答复不满意。",
        f"原因：{shorten(rating.note, QUOTED)}",
        f"怎么办：{done}",
    ]
    text = f"{office.name}：\n\n" + "\n".join(parts)
    link = f"{desk.config.settings.console_url.rstrip('/')}/cases/{case.id}"
    draft = Draft(
        channel="mail",
        account=ACCOUNT,
        purpose=INTERNAL,
        title=f"【不满意】{case.number} 反映人评价不满意",
        text=text,
        recipient=office.mail,
        link=link,
    )
    return Alarm(key=f"rating:{case.id}:{case.round}", draft=draft)
