"""有奖举报、通讯补贴: a reward proposed, agreed to by a second person, refused, taken back. Each step asks the same rules anew.

Notice, claim and payment are `flow.reward_claims` and `flow.reward_payments`; nothing here knows who the reporter is.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

import cases.rewards
from cases.rewards import Judgement
from flow import permits
from flow import reward_facts
from flow.desk import Desk
from flow.typed import tidy
from huanyu.clock import local
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import IllegalMove
from huanyu.errors import NotAllowed
from huanyu.money import cents_of
from huanyu.redact import mask
from huanyu.reward_rows import TierRow
from huanyu.store.audit import SYSTEM
from huanyu.store.rewards import GONE
from huanyu.types import Case
from huanyu.types import Reward
from huanyu.types import RewardStep
from huanyu.types import User

MOST: Final = 100  #: cases looked at, at a time, for what nobody has thought of yet
ENOUGH: Final = 20  #: of those that fit, at a time
PER_PAGE: Final = 50  #: rewards of a list
LONGEST: Final = 500  # characters of a note
NOTE: Final = 2
NOTHING: Final[Mapping[str, object]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A reward in a list."""

    reward: Reward
    case: Case
    waits: bool  #: for this very person


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A reward with all that is known of it."""

    reward: Reward
    case: Case
    steps: tuple[RewardStep, ...]
    judgement: (
        Judgement | None
    )  #: by the tables of the day of the first report, None where its scheme was not in force
    acts: frozenset[str]  #: what this person may do with it now


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """A case whose first reporter may be rewarded, and nobody has thought of it yet."""

    case: Case
    judgement: Judgement


@dataclass(frozen=True, slots=True, kw_only=True)
class Chances:
    """Some of what waits."""

    found: tuple[Chance, ...]
    below: int | None  #: the case below which to look on; None where all were looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A page of the list of rewards."""

    lines: tuple[Line, ...]
    below: int | None  #: the reward below which the next page begins; None at the end


#: action -> states it may be done in, and the right it needs
ACTS: Final[dict[str, tuple[frozenset[str], str]]] = {
    "propose": (frozenset({"pending"}), "judge_reward"),
    "refuse": (frozenset({"pending"}), "judge_reward"),
    "approve": (frozenset({"proposed"}), "approve_reward"),
    "send_back": (frozenset({"proposed"}), "approve_reward"),
    "notify": (frozenset({"approved"}), "judge_reward"),
    "take_claim": (frozenset({"notified"}), "judge_reward"),
    "return": (frozenset({"claimed"}), "pay_reward"),
    "read": (frozenset({"claimed"}), "pay_reward"),
    "pay": (frozenset({"claimed"}), "pay_reward"),
    "revoke": (frozenset({"approved", "notified", "claimed"}), "end_reward"),
    "renew": (frozenset({"forfeited"}), "end_reward"),
    "reopen": (frozenset({"refused", "revoked"}), "end_reward"),
}


def listing(desk: Desk, user: User, state: str = "") -> list[Line]:
    """Rewards in a state, or all, the newest first; those whose case this person stays away from are left out."""
    permits.demand(user, "see_rewards")
    return _lines(desk, user, desk.store.rewards.listing({state} if state else ()))


def part(desk: Desk, user: User, state: str = "", below: int | None = None) -> Part:
    """A page of that list: what comes below a reward."""
    permits.demand(user, "see_rewards")
    found = desk.store.rewards.listing({state} if state else (), below, PER_PAGE + 1)
    shown = found[:PER_PAGE]
    return Part(lines=tuple(_lines(desk, user, shown)), below=shown[-1].id if found[PER_PAGE:] else None)


def _lines(desk: Desk, user: User, found: Sequence[Reward]) -> list[Line]:
    known = desk.store.cases.of_ids({one.case_id for one in found})
    return [
        Line(reward=one, case=case, waits=bool(acts(user, one, case)))
        for one in found
        if user.id not in (case := known[one.case_id]).recused
    ]


def chances(desk: Desk, user: User, now: datetime, below: int | None = None) -> Chances:
    """Cases that fit and wait for whoever judges, the latest first, each under the first scheme it fits.

    At most `MOST` cases are looked at, and `ENOUGH` told; `below` goes on from there.
    """
    permits.demand(user, "see_rewards")
    if not permits.may(user, "judge_reward"):
        return Chances(found=(), below=None)
    findings = {one for row in desk.bureau.rewards.scheme for one in row.findings}
    ids = desk.store.rewards.unjudged(findings, MOST + 1, below)
    known = desk.store.cases.of_ids(ids[:MOST])
    found: list[Chance] = []
    looked = 0
    for case in (known[one] for one in ids[:MOST]):
        looked += 1
        fits = next((one for one in reward_facts.judgements(desk, case, now) if one.eligible), None)
        if fits is not None and permits.may_see(user, case):
            found.append(Chance(case=case, judgement=fits))
        if len(found) == ENOUGH:
            break
    return Chances(found=tuple(found), below=ids[looked - 1] if ids[looked:] else None)


def whole(desk: Desk, user: User, reward_id: int, now: datetime) -> Whole:
    """One reward; raises NotFound or NotAllowed."""
    reward, case = _mine(desk, user, reward_id)
    return Whole(
        reward=reward,
        case=case,
        steps=tuple(desk.store.rewards.steps(reward.id)),
        judgement=_judged(desk, case, reward, now),
        acts=acts(user, reward, case),
    )


def acts(user: User, reward: Reward, case: Case) -> frozenset[str]:
    """What this person may do with the reward as it stands: their right, not done by them before, not in 回避."""
    if user.id in case.recused:
        return frozenset()
    done = {"approve": (reward.proposed_by,), "pay": (reward.proposed_by, reward.approved_by)}
    return frozenset(
        act
        for act, (states, right) in ACTS.items()
        if reward.state in states and permits.may(user, right) and user.name not in done.get(act, ())
    )


def open_(desk: Desk, user: User, case_id: int, scheme: str, now: datetime) -> Reward:
    """Put a case down for a reward; done twice it is one."""
    permits.demand(user, "judge_reward")
    case = desk.store.cases.get(case_id)
    permits.demand_case(user, case)
    if case.joined_into is not None or case.parent_id is not None:
        raise BadInput("并案、拆分的件，请在主件上认定")
    if scheme not in {one.scheme.key for one in reward_facts.judgements(desk, case, now)}:
        raise BadInput("没有这种奖励办法")
    return desk.store.rewards.open(case.id, case.round, scheme, cases.rewards.START, user.name, now)


def propose(
    desk: Desk, user: User, reward_id: int, version: int, amount: str, note: str, now: datetime
) -> Reward:
    """认定: the first reporter and the tier as the rules say, an amount within it; raises BadInput saying what is missing."""
    reward, case = asked(desk, user, reward_id, version, "propose")
    found = _judged(desk, case, reward, now)
    if found is None or not found.eligible or found.first is None or found.tier is None:
        raise BadInput("；".join(found.why_not) if found else "这种奖励办法已经停止")
    _demand_alone(desk, reward, found.first.post_id)
    values = {
        "post_id": found.first.post_id,
        "channel": found.channel,
        "tier": found.tier.key,
        "amount_cents": _amount(found, found.tier, amount),
        "proposed_by": user.name,
    }
    return move(desk, user, reward, "proposed", "proposed", note_of(note), now, values)


def refuse(
    desk: Desk, user: User, reward_id: int, version: int, denial: str, note: str, now: datetime
) -> Reward:
    """不予奖励, for a reason of the table."""
    reward, _ = asked(desk, user, reward_id, version, "refuse")
    row = next((one for one in desk.bureau.rewards.denials_on(local(now).date()) if one.key == denial), None)
    if row is None:
        raise BadInput("请选择不予奖励的理由")
    told = f"{row.name}；{said}" if (said := note_of(note)) else row.name
    return move(desk, user, reward, "refused", "refused", told, now, {"denial": row.key, "ended_at": now})


def approve(desk: Desk, user: User, reward_id: int, version: int, now: datetime) -> Reward:
    """审批, by another than whoever proposed it; the tier is asked once more."""
    reward, case = asked(desk, user, reward_id, version, "approve")
    cases.rewards.demand_second(user.name, (reward.proposed_by,))
    found = _judged(desk, case, reward, now)
    if found is None or not found.eligible or found.tier is None:
        raise BadInput("；".join(found.why_not) if found else "这种奖励办法已经停止")
    if found.first is None or found.first.post_id != reward.post_id:
        raise Conflict("认定之后最先举报的一条变了，请退回重新认定", reward=reward.id)
    if found.tier.key != reward.tier:
        raise Conflict("认定之后适用的档次变了，请退回重新认定", reward=reward.id)
    _demand_alone(desk, reward, found.first.post_id)
    cases.rewards.demand_amount(found.tier, found.scheme, reward.amount_cents)
    values = {"approved_by": user.name, "approved_at": now}
    return move(desk, user, reward, "approved", "approved", "", now, values)


def send_back(desk: Desk, user: User, reward_id: int, version: int, note: str, now: datetime) -> Reward:
    """审批不同意: judged once more."""
    reward, _ = asked(desk, user, reward_id, version, "send_back")
    return move(desk, user, reward, "pending", "sent_back", needed(note), now)


def revoke(desk: Desk, user: User, reward_id: int, version: int, note: str, now: datetime) -> Reward:
    """撤销 before it is paid; what the claimant told is removed."""
    reward, _ = asked(desk, user, reward_id, version, "revoke")
    told = needed(note)
    return move(desk, user, reward, "revoked", "revoked", told, now, {"ended_at": now}, forget=True)


def reopen(desk: Desk, user: User, reward_id: int, version: int, note: str, now: datetime) -> Reward:
    """Judged anew after an objection, or after a mistake was put right."""
    reward, _ = asked(desk, user, reward_id, version, "reopen")
    fresh = dict.fromkeys(("tier", "channel", "denial", "proposed_by", "approved_by"), "")
    moments = dict.fromkeys(("approved_at", "notified_at", "claim_until", "claimed_at", "ended_at"))
    values = {**fresh, **moments, "post_id": None, "amount_cents": 0, "report_number": ""}
    return move(desk, user, reward, cases.rewards.START, "reopened", needed(note), now, values)


def asked(desk: Desk, user: User, reward_id: int, version: int, act: str) -> tuple[Reward, Case]:
    """The reward as the person saw it, which they may do this with; raises NotAllowed, Conflict or IllegalMove."""
    states, right = ACTS[act]
    permits.demand(user, right)
    reward, case = _mine(desk, user, reward_id)
    if reward.version != version:
        raise Conflict(GONE, reward=reward.id)
    if reward.state not in states:
        raise IllegalMove(
            f"这一件奖励处于“{cases.rewards.LABEL[reward.state]}”，不能这样办", reward=reward.id
        )
    return reward, case


def move(
    desk: Desk,
    user: User | None,
    reward: Reward,
    to: str,
    action: str,
    note: str,
    now: datetime,
    values: Mapping[str, object] = NOTHING,
    forget: bool = False,
) -> Reward:
    """Along an arrow of the table, in one transaction; `user` None is the program itself."""
    cases.rewards.check(reward.state, to)
    actor = user.name if user else SYSTEM
    return desk.store.rewards.move(reward, action, {"state": to, **values}, note, actor, now, forget)


def note_of(text: str, names: Collection[str] = ()) -> str:
    """A remark as it may stand in the history: masked, for more people read it than know the reporter."""
    return mask(tidy("说明", text).strip()[:LONGEST], names=names)


def needed(text: str, names: Collection[str] = ()) -> str:
    told = note_of(text, names)
    if len(told) < NOTE:
        raise BadInput("请写明理由")
    return told


def _mine(desk: Desk, user: User, reward_id: int) -> tuple[Reward, Case]:
    permits.demand(user, "see_rewards")
    reward = desk.store.rewards.get(reward_id)
    case = desk.store.cases.get(reward.case_id)
    if user.id in case.recused:
        raise NotAllowed("您在该件中回避，不能查看和办理", case=case.number, user=user.name)
    return reward, case


def _judged(desk: Desk, case: Case, reward: Reward, now: datetime) -> Judgement | None:
    found = reward_facts.judgements(desk, case, now, reward.round)
    return next((one for one in found if one.scheme.key == reward.scheme), None)


def demand_single(desk: Desk, case: Case, reward: Reward) -> None:
    """Raise IllegalMove where the same facts have another reward, since the case was joined with others meanwhile."""
    if other := reward_facts.other(desk, case, reward):
        raise IllegalMove(f"并案之后同一事实已有奖励 {other}，不能重复奖励，请撤销这一件", reward=reward.id)


def _demand_alone(desk: Desk, reward: Reward, post_id: int) -> None:
    """One report has one reward, in whatever round or case."""
    others = (one for one in desk.store.rewards.of_post(post_id) if one.id != reward.id)
    if other := next((one for one in others if one.state not in cases.rewards.NONE), None):
        raise IllegalMove(f"同一条举报已有奖励 {other.number}", reward=reward.id)


def _amount(found: Judgement, tier: TierRow, typed: str) -> int:
    """As typed; where the tier leaves no choice, nothing need be."""
    fixed = tier.least_yuan == tier.most_yuan and not typed.strip()
    cents = tier.least_yuan * 100 if fixed else cents_of("金额", typed)
    return cases.rewards.demand_amount(tier, found.scheme, cents)
