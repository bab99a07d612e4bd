"""The yearly table of 政府信息公开申请 (article 50), on the page and as a workbook."""

from __future__ import annotations

from datetime import date

import cases.info_requests
from cases.info_requests import PENDING
from cases.info_requests import Dispute
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


def disputes(desk: Desk, user: User, of: int) -> tuple[Dispute, ...]:
    """行政复议 and 行政诉讼 of a year, as the report counts them."""
    permits.demand(user, "see_info_requests")
    found = desk.store.info_requests.disputed_until(date(of, 12, 31))
    return cases.info_requests.disputes(desk.bureau.info_requests, found, of)


def results(desk: Desk) -> tuple[str, ...]:
    """What the counts of a dispute are, in their order."""
    return (*(row.name for row in desk.bureau.info_requests.ruling), PENDING, "总计")


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
    named = "政府信息公开行政复议、行政诉讼情况"
    told: list[tuple[Cell, ...]] = [
        (one.group, one.name, *one.counts, one.total) for one in disputes(desk, user, of)
    ]
    sheets = {
        "申请情况": [(name,), (*head, "总计"), *lines],
        "复议诉讼": [(f"{of}年{named}",), ("", "", *results(desk)), *told],
    }
    return f"{name}.xlsx", workbook(sheets)
