"""Who may do what: one table from action to roles, asked by every action; with whose case it is, see `rights`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from flow import rights
from flow.rights import Scope
from huanyu.errors import FactorNeeded
from huanyu.errors import NotAllowed
from huanyu.types import Case
from huanyu.types import User

ROLES = {
    "press": "宣教科",
    "handler": "经办",
    "head": "承办单位负责人",
    "reviewer": "审核",
    "leader": "局领导",
    "admin": "管理员",
    "assessor": "第三方评估",
    "payer": "财务",
}

PERMITS: dict[str, frozenset[str]] = {
    "see_all_cases": rights.EVERY_UNIT | {rights.DUTY},
    "register": frozenset({"press", "leader", "duty"}),  # 登记: telephone, letter, group clue, alarm
    "accept": frozenset({"press", "leader", "duty"}),
    "dispatch": frozenset({"press", "leader", "head", "duty"}),
    "hand_down": frozenset({"head"}),  # 交下级单位: to a squad or township under the own unit
    "refuse": frozenset({"press", "leader"}),
    "transfer": frozenset({"press", "leader"}),  # 移送
    "split": frozenset({"press", "leader"}),
    "join": frozenset({"press", "leader"}),  # 并案, 拆分, 建议并件: with other units' cases, too
    "reopen": frozenset({"press", "leader"}),
    "supervise": frozenset({"press", "leader", "head"}),  # 督办
    "take_charge": frozenset({"leader"}),  # 包案
    "sign": frozenset({"handler", "head", "press"}),
    "arrive": frozenset({"handler", "head"}),
    "return": frozenset({"handler", "head"}),
    "opinion": frozenset({"handler", "head"}),  # of a unit that assists
    "record_result": frozenset({"handler", "head"}),
    "recheck": frozenset({"press", "handler", "head", "leader"}),  # 整改复查
    "add_file": frozenset({"press", "handler", "head"}),
    "check_result": frozenset({"press", "reviewer", "leader"}),  # 审核反馈
    "ask_pause": frozenset({"handler", "head"}),
    "decide_pause": frozenset({"press", "leader"}),
    "ask_extension": frozenset({"handler", "head"}),
    "decide_extension": frozenset({"press", "leader"}),  # which of them, by the row of clocks.toml
    "interim": frozenset({"press", "leader"}),  # 阶段性办结
    "follow_up": frozenset({"press", "leader"}),  # 回访
    "edit_facts": frozenset({"press", "leader"}),
    "confirm_level": frozenset({"press", "leader", "duty"}),
    "lower_level": frozenset({"leader"}),
    "recuse": frozenset({"press", "leader"}),  # somebody else, and an assessor, who writes nothing
    "recuse_self": frozenset({"press", "handler", "head", "reviewer", "leader", "admin", "duty"}),
    "propose_incident": frozenset({"press", "handler", "head", "leader", "duty"}),
    "declare_incident": frozenset({"leader", "duty"}),
    "handle_incident": frozenset({"press", "leader", "duty"}),  # reports, cases
    "set_line": frozenset({"leader"}),  # 口径
    "end_incident": frozenset({"leader"}),
    "see_incidents": frozenset({"press", "handler", "head", "reviewer", "leader", "admin", "duty"}),
    "see_ledger": frozenset({"press", "handler", "head", "reviewer", "leader", "admin", "assessor"}),
    "see_all_lines": frozenset({"press", "reviewer", "leader", "admin", "assessor"}),  # others: their unit's
    "see_inspections": frozenset({"press", "reviewer", "leader", "admin", "assessor"}),  # 督察信访件
    "keep_inspections": frozenset({"press"}),  # take a batch in, put right what its list says
    "see_press": frozenset({"press", "reviewer", "leader", "admin"}),  # 新闻宣传
    "keep_press": frozenset({"press"}),  # 台账, 发布会, 联系人, 典型案例批次
    "approve_press": frozenset({"reviewer", "leader"}),  # 方案, 口径, 案例批次: not whoever wrote it
    "see_enterprises": frozenset({"press", "reviewer", "leader", "admin"}),  # 一企一策, 热点
    "see_rankings": frozenset({"press", "handler", "head", "reviewer", "leader", "admin", "assessor"}),
    "see_all_rankings": frozenset(
        {"press", "reviewer", "leader", "admin", "assessor"}
    ),  # others: their county's
    "keep_rankings": frozenset({"press"}),  # hand in a table, put a 通报 up
    "issue_rankings": frozenset({"leader"}),  # not whoever put it up
    "see_interviews": frozenset({"press", "leader"}),  # 约谈, 问责
    "keep_interviews": frozenset({"press"}),
    "issue_interviews": frozenset({"leader"}),
    "see_info_requests": frozenset({"press", "leader"}),  # 政府信息公开申请: never who asks
    "keep_info_requests": frozenset({"press"}),
    "decide_info_requests": frozenset({"leader"}),  # 延期, an answer put right
    "see_grid": frozenset({"press", "reviewer", "leader", "admin"}),  # 网格
    "take_grid": frozenset({"press", "admin"}),
    "see_rewards": frozenset({"press", "leader", "payer"}),  # 有奖举报: never who claims
    "judge_reward": frozenset({"press"}),  # 认定, 不予奖励, 通知, a claim by telephone
    "approve_reward": frozenset({"leader"}),  # not whoever proposed it
    "end_reward": frozenset({"press", "leader"}),  # 撤销, judged anew, claimed late
    "pay_reward": frozenset({"payer"}),  # sees who claims, each look logged
    "keep_ledger": frozenset({"press", "leader"}),  # 挂账, change what a line says
    "work_line": frozenset({"press", "handler", "head"}),  # 进展, 自验: of the own unit; press for all
    "review_line": frozenset({"press", "reviewer", "leader"}),  # 复核, 抽查, 退回: not whoever did the 自验
    "draw_lines": frozenset({"press", "leader"}),
    "write_notice": frozenset({"press"}),
    "publish_notice": frozenset({"leader"}),  # not whoever wrote it
    "end_notice": frozenset({"press", "leader"}),
    "record_signature": frozenset({"press", "leader"}),
    "cancel_line": frozenset({"leader"}),  # 销号
    "list_line": frozenset({"leader"}),  # 挂牌督办, 包案
    "visit_line": frozenset({"press", "leader"}),
    "draft_form": frozenset({"press", "handler", "head"}),
    "sign_form": frozenset({"leader"}),
    "issue_form": frozenset({"press"}),
    "see_register": frozenset({"press", "leader"}),  # 发文登记
    "print_full": frozenset({"press", "leader"}),
    "print_redacted": frozenset({"press", "handler", "head", "reviewer", "leader", "duty"}),
    "make_link": frozenset({"press", "leader", "duty"}),
    "revoke_link": frozenset({"press", "leader"}),
    "edit_roster": frozenset({"press", "head", "admin"}),
    "edit_rules": frozenset({"admin"}),
    "see_rules": frozenset({"press", "leader", "admin"}),
    "export_cases": frozenset({"press", "handler", "head", "reviewer", "leader"}),
    "edit_draft": frozenset({"press", "handler", "head"}),
    "review": frozenset({"press", "reviewer", "leader"}),  # which step, and who not: review.toml
    "release": frozenset({"reviewer", "leader"}),
    "schedule": frozenset({"press", "reviewer", "leader"}),
    "write_press": frozenset({"press"}),
    "override": frozenset({"leader"}),
    "proxy": frozenset({"press"}),  # records for units without log-in what they tell by mail or telephone
    "send_to_unit": frozenset({"press", "reviewer", "leader"}),
    "see_internal": frozenset({"press", "handler", "head", "reviewer", "leader", "admin"}),
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
    "see_evidence": frozenset({"press", "handler", "head", "reviewer", "leader", "admin"}),
    "import": frozenset({"press"}),
    "kill_switch": frozenset({"press", "reviewer", "leader", "admin"}),
    "sign_live": frozenset({"leader", "admin"}),  # two of them
    "freeze": frozenset({"press", "reviewer", "leader"}),
    "thaw": frozenset({"press", "leader"}),
    "standing_rule": frozenset({"press", "reviewer", "leader"}),  # write one, and sign it first
    "sign_rule": frozenset({"reviewer", "leader"}),  # sign it as the second
    "revoke_rule": frozenset({"press", "reviewer", "leader", "admin"}),
    "read_reporter": frozenset({"press", "leader"}),  # with a reason, each look logged
    "read_handed_in": frozenset({"press"}),
    "manage_users": frozenset({"admin"}),
    "manage_tokens": frozenset({"admin"}),  # of other systems, and the keys of monitoring stations
    "see_bulletins": frozenset({"press", "reviewer", "leader", "admin", "assessor"}),
    "issue_bulletins": frozenset({"press", "leader"}),  # sign and send out, withdraw, put right
    "see_screen": frozenset({"press", "reviewer", "leader", "admin", "assessor"}),  # 大屏: counts only
    "see_outbox": frozenset({"press", "reviewer", "leader", "admin"}),
    "see_sources": frozenset({"press", "reviewer", "leader", "admin", "assessor"}),
    "tend_backups": frozenset(
        {"admin"}
    ),  # look at them, make, try out; to take one out needs a second factor
    "end_restore": frozenset({"press", "leader", "admin"}),
    "see_audit": frozenset({"leader", "admin"}),
    "see_posts": frozenset({"press", "reviewer", "leader", "admin"}),
    "see_samples": frozenset({"press", "reviewer", "leader", "admin"}),
}


#: Letting something out, or signing for it: asks for a second factor while texts really leave.
PROVEN: Final = frozenset(
    {
        *("review", "release", "schedule", "standing_rule", "sign_rule", "sign_form", "issue_form"),
        *(
            "issue_bulletins",
            "tend_backups",
            "manage_users",
            "manage_tokens",
            "set_line",
            "sign_live",
            "thaw",
        ),
        *("publish_notice", "cancel_line", "list_line", "approve_reward", "pay_reward"),
        "approve_press",
        *("issue_rankings", "issue_interviews"),
    }
)
#: Of these a look, and to send back, need the role alone; what lets out or changes people asks by `demand_to_write`.
LOOKED_AT: Final = frozenset({"issue_bulletins", "tend_backups", "manage_users", "manage_tokens", "review"})
#: Asked before, too: the signature that begins it.
TO_GO_LIVE: Final = frozenset({"sign_live"})
NEEDED: Final = "审核、放行、签发、人员管理等操作须先启用动态码（第二重验证）"

#: How somebody must stand to a case for what they do with it, where that is not `rights.DONE`.
SCOPES: Mapping[str, frozenset[Scope]] = MappingProxyType(
    {
        "see_case": rights.SEEN,
        "see_internal": rights.SEEN,
        "see_evidence": rights.SEEN,
        "print_redacted": rights.SEEN,
        "export_cases": rights.SEEN,
        "see_incidents": rights.SEEN,
        "propose_incident": rights.SEEN,
        "add_file": rights.SEEN,
        "opinion": frozenset({Scope.ASSIST, Scope.SUB}),
    }
)
#: Of a unit that has the case in hand.
UNITS = frozenset({Scope.LEAD, Scope.ASSIST, Scope.SUB})
#: A head gives work to the units below; the own unit's comes from the office.
OF_THOSE_BELOW = frozenset({"dispatch", "supervise"})


def may(user: User, action: str) -> bool:
    """Whether the role of `user`, or of somebody they stand in for, includes `action`."""
    return user.active and any(one.role in PERMITS[action] for one in rights.selves(user))


def demand(user: User, action: str) -> None:
    """Raise NotAllowed unless `user` may do `action`."""
    if not may(user, action):
        raise NotAllowed(f"{ROLES.get(user.role, user.role)}无权执行此操作", action=action, user=user.name)
    if action in user.locked and action not in LOOKED_AT:
        raise FactorNeeded(NEEDED, user=user.name)


def demand_to_write(user: User, action: str) -> None:
    """The same for an action that is also a page: writing may need a second factor where looking does not."""
    demand(user, action)
    if action in user.locked:
        raise FactorNeeded(NEEDED, user=user.name)


def may_on(user: User, action: str, case: Case) -> bool:
    """Whether `user` may do `action` with this very case: the cell of role, unit and action."""
    if not user.active or rights.scope(user, case) is Scope.RECUSED:
        return False
    return any(_cell(one, action, case) for one in rights.selves(user))


def demand_on(user: User, action: str, case: Case) -> None:
    """Raise NotAllowed unless `user` may do `action` with this very case."""
    demand_case(user, case)
    demand(user, action)
    if not may_on(user, action, case):
        raise NotAllowed("这一步由承办本件的单位办理，您不在其中", case=case.number, user=user.name)


def given_to(user: User, case: Case) -> frozenset[str] | None:
    """The units this person may give the case to; None means any. A head gives to the own one and those below."""
    found: set[str] = set()
    for one in rights.selves(user):
        if _cell(one, "dispatch", case):
            if one.role != "head":
                return None
            found |= {one.unit, *one.below}
        elif _cell(one, "hand_down", case):
            found |= set(one.below)
    return frozenset(found)


def demand_given(user: User, case: Case, unit: str) -> None:
    """Raise NotAllowed where this person may not give the case to that unit."""
    within = given_to(user, case)
    if within is not None and unit not in within:
        raise NotAllowed("只能交给本单位下属的单位，其他单位请由宣教科派单", case=case.number, user=user.name)


def rows_of(user: User) -> str | None:
    """The unit whose rows this person may see; None means every unit's. Whoever sees several: `rights.units_of`."""
    return None if may(user, "see_all_cases") else user.unit


def demand_message(user: User, case: Case | None) -> None:
    """Raise NotAllowed unless `user` may read a message: whoever sees the outbox, or the unit of its case."""
    if case is not None:
        demand_case(user, case)
    if case is None or not any(rights.scope(one, case) in UNITS for one in rights.selves(user)):
        demand(user, "see_outbox")


def may_see(user: User, case: Case) -> bool:
    """Whether the case is this person's to read."""
    return may_on(user, "see_case", case)


def demand_case(user: User, case: Case) -> None:
    """Raise NotAllowed when the case is not this person's to see: another unit's, restricted, or in 回避."""
    if may_see(user, case):
        return
    recused = rights.scope(user, case) is Scope.RECUSED
    told = "您在该件中回避，不能查看和办理" if recused else "该件不属于您所在的单位"
    raise NotAllowed(told, case=case.number, user=user.name)


def may_read_payload(user: User, handed_in: bool) -> bool:
    """Whether `user` may read what an item came from; a row of a file that was handed in names its reporter."""
    return may(user, "read_handed_in" if handed_in else "see_posts")


def _cell(user: User, action: str, case: Case) -> bool:
    stands = rights.scope(user, case)
    if action != "see_case" and user.role not in PERMITS[action]:
        return False
    if user.role == "head" and action in OF_THOSE_BELOW:
        return stands is Scope.SUB
    return stands in SCOPES.get(action, rights.DONE)
