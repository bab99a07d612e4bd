"""A paper drawn and numbered in the same write as what it tells of: the next number of its series, tried until it is ours."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

import bulletins.render_official_docx
import bulletins.render_official_pdf
from bulletins.official import Annex
from bulletins.official import Standing
from bulletins.official import sheet_of
from flow.desk import Desk
from huanyu.clock import local
from huanyu.errors import Conflict
from huanyu.form_rows import FormRow
from huanyu.store.documents import Filed
from huanyu.types import User

T = TypeVar("T")
RENDER = {"pdf": bulletins.render_official_pdf.render, "docx": bulletins.render_official_docx.render}
TRIES = 20  # somebody else may take the number meanwhile


def numbered(
    desk: Desk,
    form: FormRow,
    fields: Mapping[str, str],
    signer: User | None,
    now: datetime,
    write: Callable[[Filed], T],
    annexes: tuple[Annex, ...] = (),
) -> T:
    """What `write` returns for the paper; a Conflict that is not about the number is the caller's. Raises Conflict."""
    year = local(now).year
    for _ in range(TRIES):
        number = desk.store.documents.upcoming(form.key, year)
        filed = _filed(desk, form, fields, year, number, signer, now, annexes)
        try:
            return write(filed)
        except Conflict:
            if desk.store.documents.upcoming(form.key, year) == number:
                raise
    raise Conflict("文号一直被别人用去, 请稍后再存档", form=form.key)


def _filed(
    desk: Desk,
    form: FormRow,
    fields: Mapping[str, str],
    year: int,
    number: int,
    signer: User | None,
    now: datetime,
    annexes: tuple[Annex, ...],
) -> Filed:
    today = local(now).date()
    serial = f"{form.mark}〔{year}〕{number}号"
    name = signer.full_name if signer else ""
    standing = Standing(serial=serial, signer=name, signed_on=today, issued_on=today)
    sheet = replace(sheet_of(form, fields, desk.bureau.bureau.name, standing), annexes=annexes)
    return Filed(
        kind=form.key,
        title=sheet.title,
        fields=fields,
        serial=serial,
        year=year,
        number=number,
        signed_by=signer.name if signer else "",
        files={name: render(sheet, now) for name, render in RENDER.items()},
    )
