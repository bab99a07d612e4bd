"""The yearly table of 政府信息公开申请 (article 50), on the page and as a workbook."""

from __future__ import annotations

from datetime import date

import cases.info_requests
from cases.info_requests import Line
from flow import permits
from flow.desk import Desk
from huanyu.cells import Cell
from huanyu.cells import workbook
from huanyu.types import User


def year(desk: Desk, user: User, of: int) -> tuple[Line, ...]:
    """Every line of the table, counted over the register as it is now."""
    permits.demand(user, "see_info_requests")
    found = desk.store.info_requests.received_until(date(of, 12, 31))
    return cases.info_requests.year(desk.bureau.info_requests, found, of)


def sheet(desk: Desk, user: User, of: int) -> tuple[str, bytes]:
    """(name, bytes) of the workbook."""
    kinds = desk.bureau.info_requests.applicant
    head: tuple[Cell, ...] = (
        "",
        *(row.name if row.group == row.name else f"{row.group}·{row.name}" for row in kinds),
    )
    lines: list[tuple[Cell, ...]] = [
        ("　" * one.depth + one.name, *one.counts, *([one.total] if one.counts else []))
        for one in year(desk, user, of)
    ]
    name = f"{of}年收到和处理政府信息公开申请情况"
    return f"{name}.xlsx", workbook({"申请情况": [(name,), (*head, "总计"), *lines]})
