"""What the interface answers, as its description shows it. Nothing here can hold who reported."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel
from pydantic import Field

import cases.lifecycle
from flow.handing_on import Page
from flow.handing_on import Shown
from flow.incoming import ItemIn
from flow.receiving import Outcome


class ItemsIn(BaseModel):
    """一批事项；每一项单独处理，有误的不影响其他的。"""

    channel: str = Field(
        default="", description="来件渠道（channels.toml 的 key）；令牌只有一个渠道的可以不写"
    )
    items: list[ItemIn] = Field(min_length=1, description="一次最多的项数见 api.toml 的 items")


class ItemOut(BaseModel):
    """一个事项办成了没有。"""

    index: int = Field(description="在请求中的位置，从 0 起")
    number: str = Field(description="贵方的编号")
    result: Literal["new", "known", "changed", "bad"] = Field(
        description="new 新立；known 已有，未重复立件；changed 已有，文字按这次的更新，原文留存；bad 有误，未立件，已留存"
    )
    case_number: str = Field(description="受理编号，有误的为空")
    public_id: str = Field(description="查询用的编号，有误的为空")
    state: str = Field(description="现在的状态")
    state_name: str = Field(description="状态的名称")
    detail: str = Field(description="有误的：哪里、为什么")


class ItemsOut(BaseModel):
    """一批事项的结果，次序同请求。"""

    taken: int = Field(description="收下的，含已有的")
    bad: int = Field(description="有误的")
    results: list[ItemOut]


class AlarmOut(BaseModel):
    """一次报警归到哪一件。"""

    number: str = Field(description="报警编号；没有写的，由点位、因子、时间算出")
    result: Literal["new", "joined", "known"] = Field(
        description="new 新立；joined 并入同一点位未了结的一件；known 这次报警早已收到"
    )
    case_number: str
    public_id: str
    state: str
    state_name: str


class ClockOut(BaseModel):
    """一项时限。"""

    name: str = Field(description="accept 受理、first_response 首次回应、handling 办结、sign 签收……")
    due: datetime
    provisional: bool = Field(description="当年放假安排未公布，暂按一般工作日计")
    met_at: datetime | None


class CaseOut(BaseModel):
    """一个案件；文字都已遮去个人信息。"""

    public_id: str
    number: str = Field(description="受理编号")
    external_number: str = Field(description="转来单位的编号")
    channel: str
    type: str = Field(description="事项类型")
    part: Literal["lead", "assist"] = Field(description="本单位主办还是协办")
    state: str
    state_name: str
    title: str
    place: str
    area: str
    kinds: list[str]
    level: str
    urgent: bool
    round: int = Field(description="第几轮，复发重启的加一")
    learned_at: datetime
    opened_at: datetime
    signed_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    fields: dict[str, str] = Field(description="该类型另有的项目")
    clocks: list[ClockOut]


class EventOut(BaseModel):
    """案件经过中的一步；经办人的姓名和附言不外传。"""

    at: datetime
    action: str
    state: str
    state_name: str


class CaseWhole(CaseOut):
    """一个案件的全部。"""

    texts: list[str] = Field(description="反映的内容，至多 20 条")
    events: list[EventOut]
    finding: str = Field(description="属实、部分属实、不属实、未发现；没有结果的为空")
    visited_at: datetime | None
    found: str
    measure: str
    public_answer: str


class CasesOut(BaseModel):
    """一页案件，旧的在前。"""

    cases: list[CaseOut]
    after: str = Field(description="还有下一页时，作为下一次的 after；没有了为空")


def label(state: str) -> str:
    """A state's name; "" for none."""
    return cases.lifecycle.LABEL.get(state, state)


def item_out(one: Outcome) -> ItemOut:
    return ItemOut(
        index=one.index,
        number=one.number,
        result="new" if one.result == "joined" else one.result,
        case_number=one.case_number,
        public_id=one.public_id,
        state=one.state,
        state_name=label(one.state),
        detail=one.told,
    )


def items_out(found: list[Outcome]) -> ItemsOut:
    bad = sum(one.result == "bad" for one in found)
    return ItemsOut(taken=len(found) - bad, bad=bad, results=[item_out(one) for one in found])


def alarm_out(one: Outcome) -> AlarmOut:
    return AlarmOut(
        number=one.number,
        result="known"
        if one.result in {"known", "changed"}
        else "joined"
        if one.result == "joined"
        else "new",
        case_number=one.case_number,
        public_id=one.public_id,
        state=one.state,
        state_name=label(one.state),
    )


def cases_out(page: Page) -> CasesOut:
    return CasesOut(cases=[CaseOut.model_validate(_plain(one)) for one in page.cases], after=page.after)


def whole_out(one: Shown) -> CaseWhole:
    result = one.case.result
    events = [
        EventOut(at=event.at, action=event.action, state=event.state, state_name=label(event.state))
        for event in one.events
    ]
    more = {"texts": list(one.texts), "events": events, "found": one.found, "measure": one.measure}
    told = {"finding": result.finding if result else "", "visited_at": result.visited_at if result else None}
    return CaseWhole.model_validate(_plain(one) | more | told | {"public_answer": one.public_answer})


def _plain(one: Shown) -> dict[str, object]:
    case = one.case
    same = ("public_id", "number", "channel", "type", "state", "area", "level", "urgent", "round")
    moments = ("learned_at", "opened_at", "signed_at", "answered_at", "closed_at")
    clocks = [
        ClockOut(name=clock.name, due=clock.due, provisional=clock.provisional, met_at=clock.met_at)
        for clock in case.clocks
    ]
    return {
        **{name: getattr(case, name) for name in (*same, *moments)},
        "external_number": one.number,
        "part": one.part,
        "state_name": label(case.state),
        "title": one.title,
        "place": one.place,
        "kinds": list(case.kinds),
        "fields": one.fields,
        "clocks": clocks,
    }
