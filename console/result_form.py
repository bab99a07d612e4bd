"""The form of a result: what it offers, what was typed into it, and the same again beside what is wrong.

Knows the fields of the page; what a result must have is decided by the flow.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from typing import Annotated

from fastapi import Depends
from fastapi import Request
from starlette.datastructures import FormData
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from cases.quality import Problem
from cases.quality import reviewed_first
from console.sessions import SignedIn
from console.sessions import TheDesk
from flow import case_files
from flow import findings
from flow import permits
from flow.case_files import Upload
from flow.desk import Desk
from huanyu.clock import SHANGHAI
from huanyu.clock import local
from huanyu.errors import BadInput
from huanyu.errors import NotAllowed
from huanyu.money import cents_of
from huanyu.money import yuan
from huanyu.types import Case
from huanyu.types import Measurement
from huanyu.types import Result
from huanyu.types import User

AROUND = 1 << 18  # bytes of a form around its files
FIELDS = 400
ROWS = 8  # of measured values; only what is filled in counts
SHOWN = 2  # of them at first
PICTURES = 4
TEXTS = ("found", "measure", "basis", "next_step", "internal_report", "public_answer", "polluter")
VALUES = ("item", "value", "unit", "limit_value", "limit_source", "point", "report_no")
SEPARATORS = str.maketrans("，、,；;\r\n\t　", "         ")


@dataclass(frozen=True, slots=True)
class Typed:
    """What came in: every field as typed, and what it amounts to as far as it could be read."""

    fields: Mapping[str, str]
    chosen: Mapping[str, Sequence[str]]  #: of the lists
    uploads: tuple[Upload, ...] = ()


async def result_form(request: Request, user: SignedIn, desk: TheDesk) -> AsyncIterator[FormData]:
    """The form of somebody who may record; one that is too large is refused before it is read."""
    if not (permits.may(user, "record_result") or permits.may(user, "proxy")):
        raise NotAllowed("您的角色不能填报查处结果", user=user.name)
    async for form in bounded(request, desk):
        yield form


async def bounded(request: Request, desk: Desk) -> AsyncIterator[FormData]:
    """The form, unless its length is unknown or beyond what the table lets anybody upload at once."""
    table, size = desk.bureau.quality, request.headers.get("content-length", "")
    if not size.isdecimal():
        raise HTTPException(411)
    most = max((table.most_bytes(row.key) for row in table.file), default=0)
    if int(size) > most + AROUND:
        raise HTTPException(413)
    async with request.form(max_files=table.most_files, max_fields=FIELDS) as form:
        yield form


ResultForm = Annotated[FormData, Depends(result_form)]


def typed(form: FormData) -> Typed:
    """Everything the person sent."""
    lists = {name: [str(one) for one in form.getlist(name)] for name in ("measures", "bases")}
    fields = {
        name: str(value) for name, value in form.items() if isinstance(value, str) and name not in lists
    }
    return Typed(fields, lists, uploads(form))


def uploads(form: FormData) -> tuple[Upload, ...]:
    """The files with their captions; rows without a file are left out."""
    found = []
    for at in range(PICTURES):
        file = form.get(f"file{at}")
        if isinstance(file, UploadFile) and file.filename:
            caption, credit = (str(form.get(f"{name}{at}", "")) for name in ("caption", "credit"))
            found.append(Upload(name=file.filename, body=file.file.read(), caption=caption, credit=credit))
    return tuple(found)


def result_of(given: Typed) -> Result:
    """The result that was typed; raises BadInput for a moment, day or amount that is none."""
    told = given.fields
    return Result(
        finding=told.get("finding", ""),
        visited_at=_moment("现场检查时间", told.get("visited_at", "")),
        **{name: told.get(name, "").strip() for name in TEXTS},  # type: ignore[arg-type]
        polluter_public=told.get("polluter_public") == "1",
        people=tuple(told.get("people", "").translate(SEPARATORS).split()),
        measures=tuple(given.chosen.get("measures", ())),
        bases=tuple(given.chosen.get("bases", ())),
        outcome=told.get("outcome", ""),
        fine_cents=cents_of("罚款金额", told.get("fine", "")),
        damages_cents=cents_of("赔偿金额", told.get("damages", "")),
        rectify_by=_day("整改期限", told.get("rectify_by", "")),
    )


def measured(given: Typed) -> list[Measurement]:
    """The values that were typed, row by row; raises BadInput for a moment that is none."""
    found = []
    for at in range(ROWS):
        row = {name: given.fields.get(f"m{at}_{name}", "").strip() for name in VALUES}
        if any(row.values()):
            moment = given.fields.get(f"m{at}_at", "")
            at_ = _moment("采样时间", moment) if moment else None
            found.append(Measurement(**row, at=at_, exceeded=given.fields.get(f"m{at}_exceeded") == "1"))
    return found


def again(desk: Desk, result: Result) -> Typed:
    """A recorded result as it was typed, to be put right."""
    told = {name: str(getattr(result, name)) for name in TEXTS}
    told |= {"finding": result.finding, "outcome": result.outcome, "people": "、".join(result.people)}
    told |= {"visited_at": f"{local(result.visited_at):%Y-%m-%dT%H:%M}"}
    told |= {"fine": yuan(result.fine_cents), "damages": yuan(result.damages_cents)}
    told |= {"rectify_by": result.rectify_by.isoformat() if result.rectify_by else ""}
    told |= {"polluter_public": "1" if result.polluter_public else ""}
    for at, one in enumerate(desk.store.findings.measurements(result.id)[:ROWS]):
        told |= {f"m{at}_{name}": str(getattr(one, name)) for name in VALUES}
        told |= {f"m{at}_at": f"{local(one.at):%Y-%m-%dT%H:%M}" if one.at else ""}
        told |= {f"m{at}_exceeded": "1" if one.exceeded else ""}
    return Typed(told, {"measures": result.measures, "bases": result.bases})


def offer(
    desk: Desk,
    user: User,
    case: Case,
    now: datetime,
    given: Typed | None = None,
    wrong: Sequence[Problem] = (),
) -> dict[str, object]:
    """What the template of the form and the card of the result read."""
    files = case_files.of_case(desk, user, case)
    result, known = case.result, desk.store.findings.of_case(case.id)
    filled = given or (again(desk, result) if result else Typed({}, {}))
    problems: dict[str, list[str]] = {}
    for one in wrong:
        problems.setdefault(one.field, []).append(one.told)
    return {
        "findings": findings.FINDINGS,
        "table": desk.bureau.quality,
        "measures": [row for row in desk.bureau.measures if row.valid_on(now.date())],
        "measure_names": {row.key: row.name for row in desk.bureau.measures},
        "bases": findings.offered_bases(desk, case, now),
        "typed": filled.fields,
        "picked": filled.chosen,
        "problems": problems,
        "rows_of_values": range(ROWS),
        "shown_values": SHOWN,
        "pictures_at_once": range(PICTURES),
        "earlier_results": [one for one in known if result is None or one.id != result.id],
        "measured": desk.store.findings.measurements(result.id) if result else [],
        "case_files": [one for one in files if not case_files.recorded(one)],
        "recordings": [one for one in files if case_files.recorded(one)],
        "said_mark": case_files.mark,
        "most_said": case_files.MOST_SAID,
        "reviewed_first": reviewed_first(desk.bureau.quality, case),
        "yuan": yuan,
    }


def _moment(what: str, text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
    except ValueError as problem:
        raise BadInput(f"请填写{what}, 例如 2026-03-05 10:30") from problem


def _day(what: str, text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as problem:
        raise BadInput(f"{what}应写成 2026-03-05 的样子") from problem
