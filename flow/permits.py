"""Who may do what: one table from action to roles, asked by every action."""

from __future__ import annotations

from huanyu.errors import NotAllowed
from huanyu.types import Case
from huanyu.types import User

ROLES = {
    "press": "宣教科",
    "handler": "经办",
    "reviewer": "审核",
    "leader": "局领导",
    "admin": "管理员",
    "assessor": "第三方评估",
}

PERMITS: dict[str, frozenset[str]] = {
    "see_all_cases": frozenset({"press", "reviewer", "leader", "admin", "assessor"}),
    "dispatch": frozenset({"press", "leader"}),
    "refuse": frozenset({"press", "leader"}),
    "sign": frozenset({"handler", "press"}),
    "return": frozenset({"handler"}),
    "record_result": frozenset({"handler"}),
    "edit_draft": frozenset({"press", "handler"}),
    "review": frozenset({"press", "reviewer", "leader"}),  # which step, and who not: review.toml
    "release": frozenset({"reviewer", "leader"}),
    "schedule": frozenset({"press", "reviewer", "leader"}),
    "write_press": frozenset({"press"}),
    "override": frozenset({"leader"}),
    "proxy": frozenset({"press"}),  # records for units without log-in what they tell by mail or telephone
    "send_to_unit": frozenset({"press", "reviewer", "leader"}),
    "see_internal": frozenset({"press", "handler", "reviewer", "leader", "admin"}),
    "close": frozenset({"press", "leader"}),
    "settle_unknown": frozenset({"press", "leader"}),
    "correct_published": frozenset({"press"}),  # propose 更正, 撤回; who agrees is said by the reviews
    "settle_stray": frozenset({"press", "leader"}),
    "take_over": frozenset({"press", "leader"}),
    "correct_label": frozenset({"press", "reviewer"}),
    "judge_sample": frozenset({"press", "reviewer"}),
    "replay": frozenset({"press", "admin"}),
    "tend_sources": frozenset({"press", "admin"}),
    "tend_accounts": frozenset({"press", "admin"}),
    "see_evidence": frozenset({"press", "handler", "reviewer", "leader", "admin"}),
    "import": frozenset({"press"}),
    "kill_switch": frozenset({"press", "reviewer", "leader", "admin"}),
    "sign_live": frozenset({"leader", "admin"}),  # two of them
    "freeze": frozenset({"press", "reviewer", "leader"}),
    "thaw": frozenset({"press", "leader"}),
    "standing_rule": frozenset({"press", "reviewer", "leader"}),  # write one, and sign it first
    "sign_rule": frozenset({"reviewer", "leader"}),  # sign it as the second
    "revoke_rule": frozenset({"press", "reviewer", "leader", "admin"}),
    "read_reporter": frozenset({"press"}),
    "manage_users": frozenset({"admin"}),
    "see_bulletins": frozenset({"press", "reviewer", "leader", "admin", "assessor"}),
    "issue_bulletins": frozenset({"press", "leader"}),  # sign and send out, withdraw, put right
    "see_outbox": frozenset({"press", "reviewer", "leader", "admin"}),
    "see_sources": frozenset({"press", "reviewer", "leader", "admin", "assessor"}),
    "see_audit": frozenset({"leader", "admin"}),
    "see_posts": frozenset({"press", "reviewer", "leader", "admin"}),
    "see_samples": frozenset({"press", "reviewer", "leader", "admin"}),
}


def may(user: User, action: str) -> bool:
    """Whether the role of `user` includes `action`."""
    return user.active and user.role in PERMITS[action]


def demand(user: User, action: str) -> None:
    """Raise NotAllowed unless `user` may do `action`."""
    if not may(user, action):
        raise NotAllowed(f"{ROLES.get(user.role, user.role)}无权执行此操作", action=action, user=user.name)


def rows_of(user: User) -> str | None:
    """The unit whose rows this person may see; None means every unit's."""
    return None if may(user, "see_all_cases") else user.unit


def demand_message(user: User, case: Case | None) -> None:
    """Raise NotAllowed unless `user` may read a message: whoever sees the outbox, or the unit of its case."""
    if not may(user, "see_outbox") and case is not None and rows_of(user) is not None:
        demand_case(user, case)
    else:
        demand(user, "see_outbox")


def demand_case(user: User, case: Case) -> None:
    """Raise NotAllowed when the case belongs to another unit than this person's."""
    unit = rows_of(user)
    if unit is not None and case.unit != unit:
        raise NotAllowed("该件不属于您所在的单位", case=case.number, user=user.name)


def may_read_payload(user: User, handed_in: bool) -> bool:
    """Whether `user` may read what an item came from; a row of a file that was handed in names its reporter."""
    return may(user, "read_reporter" if handed_in else "see_posts")
