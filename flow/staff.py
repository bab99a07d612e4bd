"""Adding a person to the desk, from the console or the command line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from flow import permits
from flow.desk import Desk
from huanyu.errors import BadInput
from huanyu.types import User

NAME = re.compile(r"[a-z][a-z0-9_.-]{1,31}")


@dataclass(frozen=True, slots=True)
class NewUser:
    """What is asked about a new colleague."""

    name: str
    full_name: str
    role: str
    unit: str = ""


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
    """Add a colleague; `by` is None on the command line, where the machine's owner asks."""
    if by is not None:
        permits.demand(by, "manage_users")
    name = log_in_name(new.name)
    if desk.store.people.user(name) is not None:
        raise BadInput(f"用户名 {name} 已存在")
    if new.role not in permits.ROLES:
        raise BadInput(f"没有 {new.role} 这个角色, 可选: {'、'.join(permits.ROLES)}")
    if new.role == "handler" and desk.bureau.unit(new.unit) is None:
        raise BadInput("经办人员必须属于 units.toml 中的一个单位")
    return desk.store.people.add_user(
        name=name,
        full_name=new.full_name.strip() or name,
        role=new.role,
        unit=new.unit,
        password_hash=password_hash,
        actor=by.name if by else "命令行",
        now=now,
    )
