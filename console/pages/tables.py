"""The tables of the bureau: looked up, a row changed as a form, compared, saved, taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from typing import Annotated
from typing import Any

from fastapi import APIRouter
from fastapi import Query
from fastapi import Request
from starlette.responses import RedirectResponse
from starlette.responses import Response

from console import table_form
from console import table_words
from console.fields import LARGEST
from console.fields import Typed
from console.pages.rules import text_of
from console.rules_form import RulesForm
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.view import page
from flow import permits
from flow import rules
from flow import tables
from flow.desk import Desk
from flow.table_diff import told
from flow.table_journal import Journal
from huanyu.clock import local
from huanyu.dated import Dated
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import NotFound
from huanyu.table_files import LISTS
from huanyu.table_files import SINGLES

router = APIRouter()

SHOWN = 300  #: rows of a list; who looks for one searches
LOGGED = 100  #: changes
FOUND = 60  #: rows of a search through all tables
#: In these the first row that fits counts.
ORDERED = frozenset({"routes", "hints", "clocks", "escalation", "units"})
Place = Annotated[int | None, Query(ge=0, le=LARGEST)]


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a list."""

    number: int
    cells: tuple[str, ...]
    row: Mapping[str, Any]
    ended: bool


@router.get("/tables")
def listing(request: Request, desk: TheDesk, now: Now, user: SignedIn, q: Typed = "") -> Response:
    """Every table, and where a word stands in them."""
    permits.demand(user, "see_rules")
    last = {one.table: one for one in reversed(Journal(desk.config).all())}
    found = list(everywhere(desk, q.strip(), local(now).date())) if q.strip() else []
    counts = {name: many(desk, name) for name in LISTS}
    return page(
        request,
        "tables.html",
        shelves=table_words.GROUPS,
        counts=counts,
        last=last,
        q=q.strip(),
        found=found[:FOUND],
        hidden=max(0, len(found) - FOUND),
        refused=tables.may_save(desk),
    )


@router.get("/tables/changes")
def history(request: Request, desk: TheDesk, user: SignedIn, done: int = 0) -> Response:
    """Who changed what, when, from what to what."""
    permits.demand(user, "see_rules")
    kept = Journal(desk.config).history()
    every = kept.changes
    return page(
        request,
        "table_changes.html",
        changes=every[:LOGGED],
        unread=kept.unread,
        hidden=max(0, len(every) - LOGGED),
        undoable=tables.undoable(desk, every),
        title_of=table_words.title_of,
        field_of=table_words.field_of,
        done=done,
    )


@router.post("/tables/changes/undo")
def undo(desk: TheDesk, now: Now, user: SignedIn, form: RulesForm) -> Response:
    number = str(form.get("number", ""))
    if not number.isascii() or not number.isdecimal():
        raise BadInput("请选择要撤销的改动")
    change = tables.undo(desk, user, int(number[:9]), now)
    return RedirectResponse(f"/tables/changes?done={change.number}", status_code=303)


@router.get("/tables/{table}")
def one(
    request: Request, desk: TheDesk, now: Now, user: SignedIn, table: str, q: Typed = "", ended: bool = False,
    saved: int = 0,
) -> Response:  # fmt: skip
    """One table: its rows, or its only row as a form."""
    permits.demand(user, "see_rules")
    model = tables.model_of(table)
    if table in SINGLES:
        return row_page(request, desk, user, table, 0, saved=saved)
    columns = list(table_form.columns(model))
    lines = lines_of(desk, table, local(now).date(), columns)
    fit = [line for line in lines if fits(line.row, q) and (ended or not line.ended)]
    return page(
        request,
        "table.html",
        table=table,
        title=table_words.title_of(table),
        note=table_words.TITLES.get(table, ("", ""))[1],
        columns=[table_words.field_of(table, name) for name in columns],
        lines=fit[:SHOWN],
        hidden=max(0, len(fit) - SHOWN),
        total=len(lines),
        over=sum(line.ended for line in lines),
        ordered=table in ORDERED,
        dated=issubclass(model, Dated),
        q=q,
        ended=ended,
        saved=saved,
        refused=tables.may_save(desk),
    )


@router.get("/tables/{table}/new")
def new(request: Request, desk: TheDesk, user: SignedIn, table: str, like: Place = None) -> Response:
    """An empty row, or one that begins `like` another."""
    permits.demand(user, "edit_rules")
    if table in SINGLES:
        raise NotFound("这张表只有一行，不能添加")
    there = tables.rows(table, tables.current(desk, table))
    start = there[like] if like is not None and like < len(there) else {}
    return row_page(request, desk, user, table, None, row=start)


@router.get("/tables/{table}/rows/{number}")
def row(request: Request, desk: TheDesk, user: SignedIn, table: str, number: int) -> Response:
    permits.demand(user, "see_rules")
    return row_page(request, desk, user, table, number)


@router.post("/tables/{table}/rows")
def act(request: Request, desk: TheDesk, now: Now, user: SignedIn, table: str, form: RulesForm) -> Response:
    """What the pressed button says: compare a changed row, or save what was compared."""
    model = tables.model_of(table)
    given = str(form.get("row", ""))
    number = int(given[:9]) if given.isascii() and given.isdecimal() else None
    typed = table_form.sent(model, form)
    place = str(form.get("before", ""))
    before = int(place[:9]) if place.isascii() and place.isdecimal() else None
    old = seen_row(desk, table, number)
    try:
        if form.get("act") in {"end", "save-end"}:
            day = day_of(str(form.get("until", "")))
            judged = tables.ended(desk, user, table, number or 0, str(form.get("seen", "")), day)
        else:
            wanted = table_form.changes(table, model, old, typed)
            judged = tables.changed(desk, user, table, number, str(form.get("seen", "")), wanted, before)
    except (BadInput, Conflict) as problem:
        status = 409 if isinstance(problem, Conflict) else 422
        return row_page(
            request, desk, user, table, number, typed=typed, fault=str(problem.args[0]), status=status
        )
    if (
        str(form.get("act")).startswith("save")
        and form.get("looked") == tables.mark(judged.text)
        and judged.savable
    ):
        change = tables.save(desk, user, judged, now)
        return RedirectResponse(f"/tables/{table}?saved={change.number}", status_code=303)
    return row_page(request, desk, user, table, number, typed=typed, judged=judged, now=now, form=form)


@router.get("/tables/{table}/text")
def text(request: Request, desk: TheDesk, user: SignedIn, table: str) -> Response:
    """The whole file, for what a form cannot do."""
    permits.demand(user, "see_rules")
    return text_page(request, desk, user, table, tables.current(desk, table))


@router.post("/tables/{table}/text")
def act_text(
    request: Request, desk: TheDesk, now: Now, user: SignedIn, table: str, form: RulesForm
) -> Response:
    """Compare a whole file, or save what was compared."""
    whole = text_of(form)
    judged = tables.judge(desk, user, table, whole)
    seen = str(form.get("seen", ""))
    if form.get("act") == "save" and form.get("looked") == tables.mark(whole) and judged.savable:
        if seen != judged.seen:
            told = f"{table}.toml 刚被他人改过。下面是与现在的表相比的改动，看过再保存"
            return text_page(request, desk, user, table, whole, judged, now, told, 409)
        change = tables.save(desk, user, judged, now)
        return RedirectResponse(f"/tables/{table}?saved={change.number}", status_code=303)
    return text_page(request, desk, user, table, whole, judged, now, status=422 if judged.mistakes else 200)


def text_page(
    request: Request, desk: Desk, user: SignedIn, table: str, whole: str, judged: tables.Judged | None = None,
    now: datetime | None = None, fault: str = "", status: int = 200,
) -> Response:  # fmt: skip
    """A whole table as text, with what a change would do."""
    return page(
        request,
        "table_text.html",
        status=status,
        table=table,
        title=table_words.title_of(table),
        text=whole,
        judged=judged,
        looked=tables.mark(whole) if judged else "",
        moved=effect(desk, user, table, judged, now),
        units={one.key: one.short for one in desk.bureau.units},
        fault=fault,
        field_of=table_words.field_of,
        refused=tables.may_save(desk),
    )


def row_page(
    request: Request, desk: Desk, user: SignedIn, table: str, number: int | None, *,
    row: Mapping[str, Any] | None = None, typed: Mapping[str, str | tuple[str, ...]] | None = None,
    judged: tables.Judged | None = None, now: datetime | None = None, form: Mapping[str, Any] | None = None,
    fault: str = "", saved: int = 0, status: int = 200,
) -> Response:  # fmt: skip
    """One row as a form, with what a change would do."""
    model, there = tables.model_of(table), tables.rows(table, tables.current(desk, table))
    if number is not None and not 0 <= number < len(there):
        raise NotFound("没有这一行")
    at = there[number] if number is not None else row or {}
    asked = table_form.controls(table, model, at, known_values(desk))
    if typed is not None and (form or {}).get("act") not in {"end", "save-end"}:
        asked = [table_form.as_typed(one, typed[one.name]) for one in asked]
    return page(
        request,
        "table_row.html",
        status=422 if judged and judged.mistakes else status,
        table=table,
        title=table_words.title_of(table),
        single=table in SINGLES,
        number=number,
        named=naming(at),
        seen=tables.mark_of(dict(at)) if number is not None else "",
        controls=asked,
        places=[(place, naming(one)) for place, one in enumerate(there)]
        if number is None and table in ORDERED
        else [],
        before=str((form or {}).get("before", "")),
        judged=judged,
        looked=tables.mark(judged.text) if judged else "",
        ending=bool(form and str(form.get("act")).endswith("end")),
        until=str((form or {}).get("until", "")),
        moved=effect(desk, user, table, judged, now),
        fault=fault,
        saved=saved,
        dated=issubclass(model, Dated),
        switchable="enabled" in model.model_fields,
        words=lambda cell, value: table_form.in_words(table, model, cell, value),
        field_of=table_words.field_of,
        units={one.key: one.short for one in desk.bureau.units},
        refused=tables.may_save(desk),
    )


def effect(
    desk: Desk, user: SignedIn, table: str, judged: tables.Judged | None, now: datetime | None
) -> rules.Judged | None:
    """Of the routing rules: which of the last cases a change moves, and what is wrong with the whole table."""
    if table != rules.TABLE or judged is None or now is None or judged.mistakes:
        return None
    return rules.judge(desk, user, judged.text, now)


def seen_row(desk: Desk, table: str, number: int | None) -> tables.Row | None:
    there = tables.rows(table, tables.current(desk, table))
    if number is None:
        return None
    if not 0 <= number < len(there):
        raise NotFound("没有这一行")
    return there[number]


def lines_of(desk: Desk, table: str, today: date, columns: list[str]) -> list[Line]:
    model = tables.model_of(table)
    return [
        Line(
            number,
            tuple(table_form.in_words(table, model, name, told(row.get(name))) for name in columns),
            row,
            isinstance(row.get("valid_to"), date) and row["valid_to"] < today,
        )
        for number, row in enumerate(tables.rows(table, tables.current(desk, table)))
    ]


def many(desk: Desk, table: str) -> int:
    """How many rows a table has; one that the bureau has only put together with others is counted in its file."""
    whole = getattr(desk.bureau, table, None)
    if whole is None or table == "places":
        return len(tables.rows(table, tables.current(desk, table)))
    return len(whole)


def everywhere(desk: Desk, q: str, today: date) -> list[tuple[str, str, Line]]:
    """Rows of all tables that a word stands in."""
    return [
        (table, table_words.title_of(table), line)
        for table in LISTS
        for line in lines_of(desk, table, today, list(table_form.columns(tables.model_of(table)))[:3])
        if fits(line.row, q)
    ]


def fits(row: Mapping[str, Any], q: str) -> bool:
    """Whether every word of the search stands somewhere in the row."""
    whole = " ".join(told(value) for value in row.values())
    return all(word in whole for word in q.split())


def naming(row: Mapping[str, Any]) -> str:
    return told(
        next((row[key] for key in ("label", "name", "why", "id", "kind", "stage") if row.get(key)), "")
    )


def known_values(desk: Desk) -> dict[str, list[str]]:
    """What a person may mean by a name: offered while they type, not demanded."""
    bureau = desk.bureau
    departments = sorted({unit.department for unit in bureau.units})
    units = [unit.key for unit in bureau.units]
    return {
        "department": departments,
        "area": list(bureau.areas()),
        "unit": list(bureau.areas()),
        "routes.unit": units,
        "parent": units,
        "robot": [row.key for row in bureau.accounts],
        "type": [row.key for row in bureau.item_types],
    }


def day_of(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise BadInput("请写停用的日期，例如 2026-12-31") from problem
