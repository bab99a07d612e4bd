"""GET /cases: what another system of a unit may read of its cases."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from fastapi import Path
from fastapi import Query

from console.api.asking import MayRead
from console.api.described import errors
from console.api.shapes import CasesOut
from console.api.shapes import CaseWhole
from console.api.shapes import cases_out
from console.api.shapes import whole_out
from console.looks import one_look
from console.sessions import TheDesk
from flow import handing_on
from flow.incoming import Moment

router = APIRouter()

ABOUT = (
    "令牌单位主办和现在协办的案件，先立的在前。下一页用回答中的 after；只要有变化的，写 since，回答那一刻起有新经过的案件。"
    "反映人的信息、作者、内部报告不在其中，“工作作风”类不外传。"
)

PUBLIC_ID = "^[a-z]{28}$"
State = Annotated[tuple[str, ...], Query(max_length=20, description="只要这些状态，可写多个")]
Since = Annotated[Moment | None, Query(description="这一刻起有变化的，例如 2026-03-05T00:00:00+08:00")]
After = Annotated[str, Query(description="上一页回答的 after", max_length=40)]
Limit = Annotated[int, Query(ge=1, le=500, description="一页几件；上限见 api.toml 的 page")]


@router.get(
    "/cases",
    summary="本单位的案件",
    description=ABOUT,
    response_model=CasesOut,
    responses=errors(400, 401, 403, 422, 429),
    tags=["读取"],
)
@one_look
def listing(
    desk: TheDesk,
    token: MayRead,
    state: State = (),
    since: Since = None,
    after: After = "",
    limit: Limit = 50,
) -> CasesOut:
    return cases_out(handing_on.page(desk, token, after, state, since, limit))


@router.get(
    "/cases/{public_id}",
    summary="一个案件",
    response_model=CaseWhole,
    responses=errors(400, 401, 403, 404, 422, 429),
    tags=["读取"],
)
@one_look
def one(desk: TheDesk, token: MayRead, public_id: Annotated[str, Path(pattern=PUBLIC_ID)]) -> CaseWhole:
    """反映的内容、经过、时限和查处结果；不是本单位的，同没有一样。"""
    return whole_out(handing_on.one(desk, token, public_id))
