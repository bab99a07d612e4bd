"""答复书 of a request for information: drawn for whoever signs it elsewhere, kept nowhere, for it names who asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from datetime import datetime
from typing import Literal

import cases.info_requests
from bulletins.official import Standing
from bulletins.official import sheet_of
from flow import filing
from flow import info_requests
from flow import permits
from flow.desk import Desk
from flow.typed import tidy
from huanyu.clock import local
from huanyu.errors import BadInput
from huanyu.errors import NotFound
from huanyu.form_rows import FormRow
from huanyu.info_rows import OutcomeRow
from huanyu.types import InfoRequest
from huanyu.types import User

Form = Literal["docx", "pdf"]
LAW = "政府信息公开条例"
PERSON = "person"  #: key of info_requests.toml
LONGEST = 5000  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What is typed of an answer."""

    outcome: str
    text: str
    serial: str  #: "" = a draft
    on: date


def draw(desk: Desk, user: User, request_id: int, said: Said, form: Form, now: datetime) -> tuple[str, bytes]:
    """(name, bytes) of the letter; that who asks was read for it stands in the history. Raises BadInput, NotFound."""
    permits.demand(user, "keep_info_requests")
    one = desk.store.info_requests.get(request_id)
    row, text = _outcome(desk, one, said.outcome, now), tidy("答复内容", said.text).strip()
    serial = tidy("文号", said.serial).strip()
    if row is None or not text or len(text) > LONGEST:
        raise BadInput(f"请选择答复种类，写明答复内容（最多 {LONGEST} 字）")
    if said.on < one.received_on:
        raise BadInput("日期早于收到申请")
    paper, remedy = _form(desk, now), _remedy(desk, row)
    who = info_requests.applicant(desk, user, request_id, "拟制答复书", now)
    fields = {
        "addressee": who.name,
        "you": "您" if one.applicant_kind == PERSON else "你单位",
        "received": _day(one.received_on),
        "number": one.number,
        "words": who.words.strip().rstrip("。"),
        "basis": _basis(row),
        "text": text,
        "remedy": remedy,
    }
    standing = Standing(serial=serial, signed_on=said.on, issued_on=said.on) if serial else Standing()
    sheet = sheet_of(paper, fields, desk.bureau.bureau.name, standing)
    return f"{one.number}答复书.{form}", filing.RENDER[form](sheet, now)


def outcomes(desk: Desk, one: InfoRequest, now: datetime) -> tuple[OutcomeRow, ...]:
    """The kinds a letter may have: those of the day, or the one it was answered by; none for what is void."""
    if one.state == cases.info_requests.ANSWERED:
        row = desk.bureau.info_requests.outcome_of(one.outcome)
        return (row,) if row else ()
    if one.state not in cases.info_requests.GOING:
        return ()
    return cases.info_requests.outcomes(desk.bureau.info_requests, one, local(now).date())


def _outcome(desk: Desk, one: InfoRequest, key: str, now: datetime) -> OutcomeRow | None:
    return next((row for row in outcomes(desk, one, now) if row.key == key), None)


def _form(desk: Desk, now: datetime) -> FormRow:
    today = local(now).date()
    found = next((row for row in desk.bureau.forms if row.info == "答复书" and row.valid_on(today)), None)
    if found is None:
        raise NotFound("forms.toml 中没有信息公开答复书")
    return found


def _basis(row: OutcomeRow) -> str:
    """根据《…》第三十六条第（二）项的规定，; "" where the table names no article."""
    article = row.source.partition("；")[0]
    if not article.startswith(LAW):
        return ""
    return f"根据《中华人民共和国{LAW}》{article.removeprefix(LAW)}的规定，"


def _remedy(desk: Desk, row: OutcomeRow) -> str:
    """How to dispute the answer; a bureau's own table from before these columns has none, and no letter goes without."""
    table = desk.bureau.info_requests
    told = table.remedy_first if row.review_first else table.remedy
    if not told:
        raise BadInput(
            "info_requests.toml 没有写这一种答复的救济途径，请管理员补上 remedy、remedy_first，不予公开的种类写 review_first"
        )
    return told.replace("{city}", desk.bureau.bureau.city)


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
