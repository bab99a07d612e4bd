"""What a unit found and did, from the form on the case page."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from starlette.responses import Response

from console.fields import Key
from console.fields import Text
from console.fields import Version
from console.pages.cases import back
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from flow import findings
from huanyu.clock import SHANGHAI
from huanyu.errors import BadInput
from huanyu.types import Result

router = APIRouter()


@router.post("/cases/{case_id}/result")
def record_result(
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    case_id: Key,
    version: Version,
    finding: Text,
    visited_at: Text,
    found: Text,
    measure: Text,
    basis: Text = "",
    next_step: Text = "",
    internal_report: Text = "",
) -> Response:
    result = Result(
        finding=_finding(finding),
        visited_at=_moment(visited_at),
        found=found.strip(),
        measure=measure.strip(),
        basis=basis.strip(),
        next_step=next_step.strip(),
        internal_report=internal_report.strip(),
    )
    findings.record_result(desk, user, case_id, version, result, now)
    return back(case_id)


def _finding(text: str) -> str:
    if text not in findings.FINDINGS:
        raise BadInput("请选择是否属实")
    return text


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
    except ValueError as problem:
        raise BadInput("请填写现场检查时间, 例如 2026-03-05 10:30") from problem
