"""拟答复 on the page of a case: the stages before the result, an answer in one's own words, a second one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import RedirectResponse
from starlette.responses import Response

from console.fields import Key
from console.fields import Text
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from flow import composing
from flow import permits
from flow.desk import Desk
from huanyu.errors import BadInput
from huanyu.types import Case
from huanyu.types import Message
from huanyu.types import MessageState
from huanyu.types import Takeover
from huanyu.types import User
from publisher.stages import STAGES
from publisher.stages import Said
from publisher.stages import staged

router = APIRouter()

#: What is filled in to ask whether a stage could be told at all: facts that only a person knows.
ASKED = Said(done="9月1日9时到现场检查", office="其他部门")
GIVEN_UP = frozenset({MessageState.CANCELLED, MessageState.REFUSED})
ONCE = frozenset({"accepted", "forwarded", "not_ours"})  # told once; there may be progress often
WAITS_FOR_RESULT = "由专人答复，不用句式；承办单位反馈结果之后，在这里写答复"
WAITS = {"replying": "由专人答复：请打开下面待审核的答复改写，各步重新审核；事实不清的退回承办单位补充"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One stage a person may propose; `why_not` says what stands against it, `told` is what was written already."""

    key: str
    name: str
    why_not: str
    told: Message | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What may be written in a case now."""

    choices: tuple[Choice, ...] = ()
    by_hand: str = ""  #: why an answer in one's own words is due: "" where it is not
    again: bool = False  #: a second answer may be written
    why_not: str = ""  #: why nothing can be written; "" where something can
    shortest: int = composing.SHORTEST
    longest: int = composing.LONGEST


def offer(
    desk: Desk, user: User, case: Case, takeover: Takeover | None, messages: Sequence[Message]
) -> Offer | None:
    """What this person may write in this case; None for somebody who writes no answers."""
    if not permits.may(user, "edit_draft"):
        return None
    if case.state in composing.TOLD and takeover is not None:
        taken = takeover.taken_at is not None
        return Offer(again=taken, why_not="" if taken else "请先由一人接手，再写答复")
    if case.state not in composing.OPEN:
        return None
    by_hand = _by_hand(case, takeover)
    if takeover is not None:
        return Offer(by_hand=by_hand, why_not="" if by_hand else WAITS.get(case.state, WAITS_FOR_RESULT))
    return Offer(by_hand=by_hand, choices=tuple(_choice(desk, case, key, messages) for key in STAGES))


def _by_hand(case: Case, takeover: Takeover | None) -> str:
    if case.state != "handled" or case.result is None:
        return ""
    if takeover is not None:
        return "这一件不用句式答复，请按查处结果写"
    return "一般不必写：程序随后按查处结果拟好答复，送审核"


def _choice(desk: Desk, case: Case, key: str, messages: Sequence[Message]) -> Choice:
    told = next((one for one in messages if one.stage == key and one.state not in GIVEN_UP), None)
    name = STAGES[key]
    if told is not None and key in ONCE:
        return Choice(key, name, "已经拟过，见下", told)
    try:
        possible = staged(case, desk.bureau, key, ASKED)
    except BadInput as problem:
        return Choice(key, name, str(problem.args[0]), told)
    return Choice(key, name, "" if possible else "没有可以答复的原帖（只在群众自己的帖子下告知）", told)


@router.post("/cases/{case_id}/stage")
def propose(
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    case_id: Key,
    stage: Text,
    done: Text = "",
    then: Text = "",
    office: Text = "",
    phone: Text = "",
    forwarded: Text = "",
) -> Response:
    said = Said(
        done=done.strip(),
        next=then.strip(),
        office=office.strip(),
        phone=phone.strip(),
        forwarded=forwarded == "1",
    )
    return _to_first(case_id, composing.propose_stage(desk, user, case_id, stage, said, now))


@router.post("/cases/{case_id}/by-hand")
def write_by_hand(desk: TheDesk, now: Now, user: SignedIn, case_id: Key, text: Text = "") -> Response:
    return _to_first(case_id, composing.write_by_hand(desk, user, case_id, text, now))


def _to_first(case_id: int, made: Sequence[int]) -> Response:
    """To the first draft, to read it as it will stand; where it was written a moment ago, back to the case."""
    return RedirectResponse(f"/outbox/{made[0]}" if made else f"/cases/{case_id}#replies", status_code=303)
