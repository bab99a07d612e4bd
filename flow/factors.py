"""The second factor of an account: set up, asked for, lost; and what waits for it while texts really leave.

A code is looked at here and used up by the store in the transaction of what it was shown for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from types import MappingProxyType

from flow import permits
from flow import rights
from flow import switches
from flow.desk import Desk
from huanyu import totp
from huanyu.errors import BadInput
from huanyu.errors import NotAllowed
from huanyu.types import Proof
from huanyu.types import User

#: A secret that nobody confirmed is forgotten after so long.
SET_UP = timedelta(minutes=30)
WRONG = "动态码不对。请看手机上现在的 6 位数字，并确认手机时间准确；也可以用一个恢复码"
#: What is told of an account; the one who did it is named before it.
NEWS: Mapping[str, str] = MappingProxyType(
    {
        "password_own": "修改了密码",
        "password_given": "重设了您的密码",
        "locked_out": "停用了您的账号",
        "let_in": "重新启用了您的账号",
        "role": "调整了您的角色或单位",
        "factor_on": "启用了动态码",
        "factor_off": "停用了动态码",
        "factor_reset": "重置了您的动态码",
        "codes_new": "换了一组恢复码",
        "code_used": "用一个恢复码登录或确认",
        "code_blocked": "发现有人用您的密码登录，但动态码连错多次，已暂停这一步；如不是您本人，请立即修改密码",
        "chat_bound": "把 Telegram 绑定到您的账号；如不是您本人，请立即解除绑定并修改密码",
        "chat_ended": "解除了 Telegram 绑定",
        "sessions_ended": "让您的账号在所有设备上退出",
    }
)


def present(desk: Desk, user: User, now: datetime) -> User:
    """The person as they stand now, with what is closed to them until they have a second factor."""
    return replace(rights.present(desk, user, now), locked=locked(desk, user))


def locked(desk: Desk, user: User) -> frozenset[str]:
    """The actions for which this person lacks a second factor: it is asked for where texts really leave."""
    demanded = desk.config.settings.second_factor
    if user.second_factor or demanded == "never":
        return frozenset()
    if demanded == "always" or switches.is_live(desk):
        return permits.PROVEN
    return permits.TO_GO_LIVE if desk.config.settings.publish_live else frozenset()


def is_asked_for(desk: Desk, user: User) -> bool:
    """Whether anything this person's role includes is closed without a second factor."""
    return any(permits.may(user, action) for action in locked(desk, replace(user, second_factor=False)))


def begin(desk: Desk, user: User, now: datetime) -> str:
    """A new secret, to be shown once; it counts when its first code is shown."""
    secret = totp.new_secret()
    desk.store.factors.begin(user.id, secret, actor=user.name, now=now)
    return secret


def pending(desk: Desk, user: User, now: datetime) -> str:
    """The secret that waits for its first code; "" where none does."""
    return desk.store.factors.pending(user.id, now - SET_UP)


def confirm(desk: Desk, user: User, code: str, session: str, now: datetime) -> tuple[str, ...]:
    """The first code; returns the recovery codes, which are shown once. Raises BadInput for a wrong one.

    The person's sessions end but the one whose token's hash is `session`.
    """
    secret = pending(desk, user, now)
    if not secret:
        raise BadInput("设置已超时，请重新开始")
    step = totp.matching(secret, code, now)
    if step is None:
        raise BadInput(WRONG)
    sheet = totp.new_recovery_codes()
    desk.store.factors.confirm(user.id, step, sheet, actor=user.name, now=now, keep=session)
    return sheet


def proof(desk: Desk, user: User, typed: str, now: datetime) -> Proof:
    """What was typed, as something the store can use up; raises NotAllowed for a wrong code."""
    known = desk.store.factors.confirmed(user.id)
    told = totp.plain(typed)
    if known is not None and len(told) == totp.DIGITS and told.isdecimal():
        step = totp.matching(known[0], told, now)  # a used one too: the store says that it is used
        if step is not None:
            return Proof(step=step)
        raise NotAllowed(WRONG)
    if known is not None and len(told) == totp.LENGTH:
        return _recovery(desk, user, told)
    raise NotAllowed(WRONG)


def _recovery(desk: Desk, user: User, told: str) -> Proof:
    digest = desk.store.factors.digest(user.id, told)
    if not desk.store.factors.is_unused(user.id, digest):
        raise NotAllowed(WRONG)
    return Proof(digest=digest)


def renew_codes(desk: Desk, user: User, typed: str, now: datetime) -> tuple[str, ...]:
    """A new sheet of recovery codes, against a code."""
    shown = proof(desk, user, typed, now)
    sheet = totp.new_recovery_codes()
    desk.store.factors.renew(user.id, shown, sheet, actor=user.name, now=now)
    return sheet


def remove(desk: Desk, user: User, typed: str, now: datetime) -> None:
    """One's own factor, against a code of it: to move to another telephone."""
    shown = proof(desk, user, typed, now)
    desk.store.factors.remove(user.id, actor=user.name, now=now, proof=shown)
