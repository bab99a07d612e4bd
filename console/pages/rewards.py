"""有奖举报、通讯补贴: what waits for whom, one reward with its reasons and acts, figures, the list of payments."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from fastapi import Depends
from fastapi import Query
from fastapi import Request
from starlette.responses import RedirectResponse
from starlette.responses import Response

import cases.rewards
from console import payloads
from console.fields import Id
from console.fields import Key
from console.fields import KeyField
from console.fields import Text
from console.held import HeldReward
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.typed_day import day_of
from console.view import page
from flow import permits
from flow import reward_claims
from flow import reward_figures
from flow import reward_payments
from flow import rewards
from flow.desk import Desk
from flow.reward_claims import FIELDS
from huanyu.clock import local
from huanyu.media import XLSX
from huanyu.types import Claimant
from huanyu.types import User

router = APIRouter(prefix="/rewards")
State = Annotated[str, Query(pattern=rf"^({'|'.join(cases.rewards.LABEL)})?$")]
Year = Annotated[int, Query(ge=2000, le=2100)]


def claim_form(
    name: Text = "", id_number: Text = "", phone: Text = "", bank: Text = "", account: Text = ""
) -> dict[str, str]:
    """What a claimant told."""
    return {"name": name, "id_number": id_number, "phone": phone, "bank": bank, "account": account}


Claimed = Annotated[dict[str, str], Depends(claim_form)]


@router.get("")
def listing(
    request: Request,
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    state: State = "",
    before: Id | None = None,
    fits: Id | None = None,
) -> Response:
    """`before`: the reward, and `fits`: the case below which the lists go on."""
    found = rewards.part(desk, user, state, before)
    counts = dict.fromkeys(cases.rewards.LABEL, 0) | desk.store.rewards.counts(user.id)
    return page(
        request,
        "rewards.html",
        found=found,
        before=before,
        counts=counts,
        total=sum(counts.values()),
        state=state,
        labels=cases.rewards.LABEL,
        chances=rewards.chances(desk, user, now, fits) if not (state or before) else None,
        fits=fits,
        table=desk.bureau.rewards,
        see=lambda case: permits.may_see(user, case),
        pays=permits.may(user, "pay_reward") and counts["claimed"] > 0,
        year=local(now).year,
    )


@router.post("")
def open_(desk: TheDesk, now: Now, user: SignedIn, case_id: KeyField, scheme: Text) -> Response:
    return back(rewards.open_(desk, user, case_id, scheme, now).id)


@router.get("/figures")
def figures(request: Request, desk: TheDesk, now: Now, user: SignedIn, year: Year = 0) -> Response:
    found = reward_figures.year(desk, user, year or local(now).year)
    return page(request, "reward_figures.html", found=found, labels=cases.rewards.LABEL)


@router.post("/list")
def listed(desk: TheDesk, now: Now, user: SignedIn, reason: Text = "") -> Response:
    """The answer to the POST is the file: there is no address under which it could be fetched again."""
    name, body = reward_payments.sheet(desk, user, reason, now)
    return payloads.paper(body, name, XLSX)


@router.get("/{reward_id}")
def one(request: Request, desk: TheDesk, now: Now, user: SignedIn, reward_id: Key) -> Response:
    return _page(request, desk, user, now, reward_id, None)


@router.post("/{reward_id}/claimant")
def claimant(request: Request, held: HeldReward, now: Now, reason: Text = "") -> Response:
    """The answer to the POST shows who is to be paid; nothing of it has an address."""
    found = reward_payments.look(*held, reason, now)
    return _page(request, held.desk, held.user, now, held.id, found)


@router.post("/{reward_id}/propose")
def propose(held: HeldReward, now: Now, amount: Text = "", note: Text = "") -> Response:
    rewards.propose(*held, amount, note, now)
    return back(held.id)


@router.post("/{reward_id}/refuse")
def refuse(held: HeldReward, now: Now, denial: Text = "", note: Text = "") -> Response:
    rewards.refuse(*held, denial, note, now)
    return back(held.id)


@router.post("/{reward_id}/approve")
def approve(held: HeldReward, now: Now) -> Response:
    rewards.approve(*held, now)
    return back(held.id)


@router.post("/{reward_id}/send-back")
def send_back(held: HeldReward, now: Now, note: Text = "") -> Response:
    rewards.send_back(*held, note, now)
    return back(held.id)


@router.post("/{reward_id}/notify")
def notify(held: HeldReward, now: Now) -> Response:
    reward_claims.notify(*held, now)
    return back(held.id)


@router.post("/{reward_id}/claim")
def claim(held: HeldReward, now: Now, typed: Claimed) -> Response:
    reward_claims.take(*held, typed, now)
    return back(held.id)


@router.post("/{reward_id}/return")
def returned(held: HeldReward, now: Now, note: Text = "") -> Response:
    reward_claims.send_back(*held, note, now)
    return back(held.id)


@router.post("/{reward_id}/pay")
def pay(held: HeldReward, now: Now, paid: Text = "", voucher: Text = "") -> Response:
    permits.demand(held.user, "pay_reward")
    reward_payments.pay(*held, day_of("支付日期", paid), voucher, now)
    return back(held.id)


@router.post("/{reward_id}/revoke")
def revoke(held: HeldReward, now: Now, note: Text = "") -> Response:
    rewards.revoke(*held, note, now)
    return back(held.id)


@router.post("/{reward_id}/renew")
def renew(held: HeldReward, now: Now, note: Text = "") -> Response:
    reward_claims.renew(*held, note, now)
    return back(held.id)


@router.post("/{reward_id}/reopen")
def reopen(held: HeldReward, now: Now, note: Text = "") -> Response:
    rewards.reopen(*held, note, now)
    return back(held.id)


def back(reward_id: int) -> Response:
    return RedirectResponse(f"/rewards/{reward_id}", status_code=303)


def _page(
    request: Request, desk: Desk, user: User, now: Now, reward_id: int, found: Claimant | None
) -> Response:
    told = rewards.whole(desk, user, reward_id, now)
    reward, table = told.reward, desk.bureau.rewards
    tier = next((row for row in table.tier if (row.scheme, row.key) == (reward.scheme, reward.tier)), None)
    judges = permits.may(user, "judge_reward")
    return page(
        request,
        "reward.html",
        told=told,
        reward=reward,
        label=cases.rewards.LABEL[reward.state],
        steps=cases.rewards.STEPS,
        table=table,
        tier=tier,
        amount=cases.rewards.masked_amount(reward.amount_cents),
        see=permits.may_see(user, told.case),
        denials=table.denials_on(local(now).date()),
        notice=reward_claims.notice(desk, reward) if reward.state == "notified" and judges else "",
        code=reward_claims.code_of(desk, user, reward) if reward.state == "notified" and judges else "",
        claim=desk.store.rewards.claimed_by(reward.id),
        payment=desk.store.rewards.payment(reward.id),
        fields={name: FIELDS[name] for name in reward_claims.asked_of(desk, reward)},
        words=FIELDS,
        found=found,
        today=local(now).date(),
    )
