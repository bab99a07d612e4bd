"""Papers of a 新闻发布会: the plan, the speaker's book of what may be said, the sheet to sign in; noted when taken out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final
from typing import Literal

import bulletins.render_official_docx
import bulletins.render_official_pdf
import bulletins.render_wide_docx
import bulletins.render_wide_pdf
from bulletins.official import OfficialSheet
from bulletins.official import Paragraph
from bulletins.official import numeral
from bulletins.wide import Column
from bulletins.wide import WideTable
from flow import conferences
from flow import permits
from flow.conferences import Whole
from flow.desk import Desk
from huanyu.clock import local
from huanyu.errors import BadInput
from huanyu.types import Answer
from huanyu.types import Conference
from huanyu.types import User
from publisher import conferences as rules

Paper = Literal["plan", "answers", "signing"]
Form = Literal["pdf", "docx"]
ROW: Final = 9  # millimetres, to sign in
NAMES: Final = {"plan": "方案", "answers": "答问口径", "signing": "签到表"}
LEAST: Final = 14  #: rows of a sheet to sign in, those asked first
COLUMNS: Final = (
    Column("序号", 14, centred=True),
    Column("媒体", 62),
    Column("姓名", 36),
    Column("联系电话", 50),
    Column("签名", 55),
    Column("备注", 40),
)


def file(
    desk: Desk, user: User, conference_id: int, paper: Paper, form: Form, now: datetime
) -> tuple[str, bytes]:
    """(name, bytes); the line of the trail is written before the bytes leave."""
    found = conferences.whole(desk, user, conference_id, now)
    permits.demand(user, "see_press")
    one = found.conference
    if paper == "signing":
        table = signing(desk, found)
        made = (
            bulletins.render_wide_pdf.render(table, now)
            if form == "pdf"
            else bulletins.render_wide_docx.render(table, now)
        )
    else:
        sheet = plan(desk, one) if paper == "plan" else book(desk, found, now)
        made = (
            bulletins.render_official_pdf.render(sheet, now)
            if form == "pdf"
            else bulletins.render_official_docx.render(sheet, now)
        )
    desk.store.conferences.note_export(one, f"{paper}.{form}", user.name, now)
    return f"新闻发布会{NAMES[paper]} {one.number}.{form}", made


def plan(desk: Desk, one: Conference) -> OfficialSheet:
    """新闻发布会工作方案, with a banner while nobody has approved it."""
    named = {user.name: user.full_name for user in desk.store.people.users()}
    approved = one.approved_at
    return OfficialSheet(
        layout="letter",
        name="新闻发布会工作方案",
        issuer=desk.bureau.bureau.name,
        title=f"“{one.theme}”新闻发布会工作方案",
        serial=f"发布会编号 {one.number}",
        paragraphs=tuple(_planned(one)),
        signatories=(desk.bureau.bureau.name,),
        date=_day(approved) if approved else "",
        note=f"（审定：{named.get(one.approver, one.approver)}）" if approved else "",
        banner={"planned": "未审定", "cancelled": "已取消"}.get(one.state, ""),
    )


def book(desk: Desk, found: Whole, now: datetime) -> OfficialSheet:
    """答问口径 for whoever speaks: what is approved and holds on the day it is said, and nothing else."""
    one = found.conference
    day = rules.spoken_on(one, local(now).date())
    answers = rules.sayable([answer for answer, _ in found.answers], day)
    if not answers:
        raise BadInput("还没有经批准、到发布会当天仍有效的口径和答问")
    return OfficialSheet(
        layout="letter",
        name="答问口径",
        issuer=desk.bureau.bureau.name,
        title=f"“{one.theme}”新闻发布会答问口径",
        serial=f"发布会编号 {one.number}",
        paragraphs=tuple(_said(answers)),
        signatories=(desk.bureau.bureau.name,),
        date=_day(one.at),
        banner="内部使用，会后收回",
    )


def signing(desk: Desk, found: Whole) -> WideTable:
    """签到表: those asked first, then empty rows; telephones are written by hand."""
    one = found.conference
    asked = [(each.outlet, each.name) for each in found.attendance]
    rows = [*asked, *((("", ""),) * max(4, LEAST - len(asked)))]
    return WideTable(
        title=f"“{one.theme}”新闻发布会媒体签到表",
        subtitle=f"{_moment(one)}　{one.place}",
        issuer=desk.bureau.bureau.name,
        columns=COLUMNS,
        rows=tuple((str(at), house, name, "", "", "") for at, (house, name) in enumerate(rows, 1)),
        notes=("注：电话只供本次发布会联系之用。",),
        row_height=ROW,
    )


def _planned(one: Conference) -> Iterator[Paragraph]:
    parts = (
        ("时间和地点", (f"{_moment(one)}，{one.place}。" if one.place else f"{_moment(one)}。",)),
        ("主持人和发布人", _people(one)),
        ("背景", _lines(one.background)),
        ("议程", _lines(one.agenda)),
        ("邀请媒体", ("、".join(one.invited) + "。",) if one.invited else ()),
        ("工作分工", _lines(one.duties)),
    )
    told = [(name, lines) for name, lines in parts if lines]
    for at, (name, lines) in enumerate(told, 1):
        yield Paragraph(f"{numeral(at)}、{name}", 1)
        yield from (Paragraph(line) for line in lines)


def _people(one: Conference) -> tuple[str, ...]:
    host = (f"主持人：{one.host}。",) if one.host else ()
    speakers = (f"发布人：{'；'.join(one.speakers)}。",) if one.speakers else ()
    return (*host, *speakers)


def _said(answers: tuple[Answer, ...]) -> Iterator[Paragraph]:
    groups = [(name, [each for each in answers if each.kind == key]) for key, name in rules.KINDS.items()]
    for place, (name, found) in enumerate([one for one in groups if one[1]], 1):
        yield Paragraph(f"{numeral(place)}、{name}", 1)
        for at, one in enumerate(found, 1):
            asked = "问：" if one.kind == "question" else ""
            yield Paragraph(f"（{numeral(at)}）{asked}{one.question}", 2)
            lines = _lines(one.answer)
            head = "答：" if one.kind == "question" else ""
            yield from (Paragraph(f"{head if not number else ''}{line}") for number, line in enumerate(lines))
            yield Paragraph(
                f"［有效至{one.valid_until.year}年{one.valid_until.month}月{one.valid_until.day}日］"
            )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _day(moment: datetime) -> str:
    day = local(moment)
    return f"{day.year}年{day.month}月{day.day}日"


def _moment(one: Conference) -> str:
    return f"{_day(one.at)}{local(one.at):%H:%M}"
