"""The people of the desk: who comes, who is let in no longer, whose password changes.

`by` is None on the command line, where the machine's owner asks. Passwords arrive hashed.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime

from flow import permits
from flow.desk import Desk
from huanyu import totp
from huanyu.errors import BadInput
from huanyu.errors import NotFound
from huanyu.types import User

NAME = re.compile(r"[a-z][a-z0-9_.-]{1,31}")


@dataclass(frozen=True, slots=True)
class NewUser:
    """What is asked about a new colleague."""

    name: str
    full_name: str
    role: str
    unit: str = ""
    temporary: bool = False  #: the password is good for one log-in, at which it must be changed


def log_in_name(text: str) -> str:
    """The name as it is kept and compared; raises BadInput."""
    name = text.strip().lower()
    if not NAME.fullmatch(name):
        raise BadInput("用户名用小写字母开头, 只含小写字母、数字、点、横线, 2–32 位")
    return name


def set_up(desk: Desk, name: str, full_name: str, password_hash: str, now: datetime) -> User:
    """Add the first administrator; raises Conflict when there is anybody yet."""
    name = log_in_name(name)
    return desk.store.people.add_user(
        name=name,
        full_name=full_name.strip() or name,
        role="admin",
        unit="",
        password_hash=password_hash,
        first=True,
        now=now,
    )


def add(desk: Desk, by: User | None, new: NewUser, password_hash: str, now: datetime) -> User:
    """Add a colleague; raises NotAllowed or BadInput."""
    _demand(by)
    name = log_in_name(new.name)
    if desk.store.people.user(name) is not None:
        raise BadInput(f"用户名 {name} 已存在")
    _demand_post(desk, new.role, new.unit)
    return desk.store.people.add_user(
        name=name,
        full_name=new.full_name.strip() or name,
        role=new.role,
        unit=new.unit,
        password_hash=password_hash,
        must_change=new.temporary,
        actor=_actor(by),
        now=now,
    )


def set_active(desk: Desk, by: User | None, name: str, active: bool, now: datetime) -> None:
    """Lock a colleague out, at once and with all sessions, or let them in again; raises BadInput or NotFound.

    Nobody locks themselves out, and one administrator always remains.
    """
    _demand(by)
    person = _person(desk, name)
    if not active and by is not None and by.name == person.name:
        raise BadInput("不能停用自己的账号")
    if not active and permits.may(person, "manage_users") and not _other_admins(desk, person):
        raise BadInput("这是最后一位管理员，不能停用")
    desk.store.people.set_active(person.id, active, actor=_actor(by), now=now)


def set_role(desk: Desk, by: User | None, name: str, role: str, unit: str, now: datetime) -> None:
    """Another role or unit: the colleague logs in anew; raises BadInput or NotFound.

    Nobody changes their own, and one administrator always remains.
    """
    _demand(by)
    person = _person(desk, name)
    if by is not None and by.name == person.name:
        raise BadInput("自己的角色和单位须由另一位管理员调整")
    _demand_post(desk, role, unit)
    if (role, unit) == (person.role, person.unit):
        raise BadInput("角色和单位没有变化")
    still_manages = role in permits.PERMITS["manage_users"]
    if permits.may(person, "manage_users") and not still_manages and not _other_admins(desk, person):
        raise BadInput("这是最后一位管理员，不能改为其他角色")
    desk.store.people.set_role(person.id, role, unit, actor=_actor(by), now=now)


def reset_factor(desk: Desk, by: User | None, name: str, now: datetime) -> None:
    """The telephone is lost: take the second factor away; the colleague is told and sets up another."""
    _demand(by)
    person = _person(desk, name)
    if by is not None and by.name == person.name:
        raise BadInput("自己的动态码请在“我的账号”中停用，或请另一位管理员重置")
    desk.store.factors.remove(person.id, actor=_actor(by), now=now)


def sign_out(desk: Desk, by: User | None, name: str, now: datetime) -> int:
    """End all sessions of a colleague, who is told; how many there were."""
    _demand(by)
    person = _person(desk, name)
    return desk.store.entrances.end_all(person.id, actor=_actor(by), now=now, by_other=True)


def one_time_password() -> str:
    """A password to be read out once, in letters and digits nobody mistakes."""
    return "-".join("".join(secrets.choice(totp.LETTERS) for _ in range(4)) for _ in range(4))


def set_password(desk: Desk, by: User | None, name: str, password_hash: str, now: datetime) -> None:
    """Give a colleague a password, good for one log-in, at which they must change it; raises BadInput or NotFound."""
    _demand(by)
    person = _person(desk, name)
    if by is not None and by.name == person.name:
        raise BadInput("自己的密码请在“我的账号”中修改")
    desk.store.people.set_password(person.id, password_hash, must_change=True, actor=_actor(by), now=now)


def change_password(desk: Desk, user: User, password_hash: str, session: str, now: datetime) -> None:
    """A person's own change; their sessions end but the one whose token's hash is `session`."""
    desk.store.people.set_password(user.id, password_hash, keep=session, actor=user.name, now=now)


def _demand_post(desk: Desk, role: str, unit: str) -> None:
    if role not in permits.ROLES:
        raise BadInput(f"没有 {role} 这个角色, 可选: {'、'.join(permits.ROLES)}")
    if role in ("handler", "head") and desk.bureau.unit(unit) is None:
        raise BadInput("经办人员必须属于 units.toml 中的一个单位")
    if unit and desk.bureau.unit(unit) is None:
        raise BadInput(f"units.toml 中没有 {unit} 这个单位")


def _demand(by: User | None) -> None:
    if by is not None:
        permits.demand_to_write(by, "manage_users")


def _actor(by: User | None) -> str:
    return by.name if by else "命令行"


def _person(desk: Desk, name: str) -> User:
    found = desk.store.people.user(name.strip().lower())
    if found is None:
        raise NotFound(f"没有用户 {name}")
    return found[0]


def _other_admins(desk: Desk, person: User) -> bool:
    """Whether somebody else can still manage people."""
    return any(
        permits.may(other, "manage_users") for other in desk.store.people.users() if other.id != person.id
    )
