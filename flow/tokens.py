"""Tokens by which other systems use the interface: made by an administrator, shown once, good for some scopes.

`by` is None on the command line, where the machine's owner asks. A token acts for its unit, never for a person.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from types import MappingProxyType

from flow import permits
from flow.desk import Desk
from flow.typed import tidy
from huanyu.errors import BadInput
from huanyu.errors import NotAllowed
from huanyu.errors import NotFound
from huanyu.errors import NotKnown
from huanyu.types import Token
from huanyu.types import User

ITEMS, ALARMS, CASES = "items:write", "alarms:write", "cases:read"
SCOPES: Mapping[str, str] = MappingProxyType(
    {ITEMS: "报送事项", ALARMS: "报送监测报警", CASES: "读取本单位案件"}
)
PREFIX = "hy_"  #: by which a token that got out is found in other people's files
TOKEN = re.compile(PREFIX + r"[A-Za-z0-9_-]{43}")
HINT = 8  # characters that stay readable
NAME = 40
COMMAND_LINE = "命令行"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewToken:
    """What is asked about a system that wants in."""

    name: str
    unit: str
    scopes: tuple[str, ...]
    channels: tuple[str, ...] = ()
    days: int = 365


@dataclass(frozen=True, slots=True)
class Issued:
    """A new token and the secret that nobody will see again."""

    token: Token
    secret: str


def add(desk: Desk, by: User | None, new: NewToken, now: datetime) -> Issued:
    """Make a token; raises NotAllowed, BadInput or Conflict."""
    demand_admin(by)
    name = named("系统名称", new.name)
    scopes, channels = tuple(sorted(set(new.scopes))), tuple(sorted(set(new.channels)))
    demand_unit(desk, new.unit, now)
    _check(desk, scopes, channels, new.days, now)
    secret = PREFIX + secrets.token_urlsafe(32)
    token = desk.store.tokens.add(
        name=name,
        unit=new.unit,
        scopes=scopes,
        channels=channels if ITEMS in scopes else (),
        token_hash=hashed(secret),
        hint=secret[:HINT],
        expires_at=now + timedelta(days=new.days),
        actor=actor_of(by),
        now=now,
    )
    return Issued(token, secret)


def revoke(desk: Desk, by: User | None, token_id: int, now: datetime) -> Token:
    """Shut a token at once; raises NotAllowed, NotFound or Conflict."""
    demand_admin(by)
    return desk.store.tokens.revoke(token_id, actor=actor_of(by), now=now)


def of_name(desk: Desk, name: str) -> Token:
    """The token of that name that is not revoked; raises NotFound."""
    found = next(
        (one for one in desk.store.tokens.listing() if one.name == name and not one.revoked_at), None
    )
    if found is None:
        raise NotFound(f"没有名为“{name}”的令牌")
    return found


def holder(desk: Desk, secret: str, now: datetime) -> Token:
    """Whose secret this is; raises NotKnown, in the same words for a wrong one and one that was shut."""
    token = desk.store.tokens.find(hashed(secret)) if TOKEN.fullmatch(secret) else None
    if token is None or token.revoked_at is not None or token.expires_at <= now:
        raise NotKnown("令牌无效、已过期或已停用", code="token_invalid")
    if desk.bureau.unit(token.unit) is None:
        raise NotKnown("令牌所属的单位已不在 units.toml 中", code="token_invalid")
    desk.store.tokens.use(token, now)
    return token


def demand(desk: Desk, token: Token, scope: str, now: datetime) -> None:
    """Raise NotAllowed unless the token is good for `scope`; that it tried is written down."""
    if scope not in token.scopes:
        desk.store.tokens.refuse(token, scope, now)
        raise NotAllowed(f"这个令牌没有“{SCOPES[scope]}”（{scope}）的权限", code="scope_missing")


def unit_itself(token: Token) -> User:
    """The unit as one who reads: a handler of it, of no name."""
    return User(id=0, name=actor(token), full_name=token.name, role="handler", unit=token.unit)


def actor(token: Token) -> str:
    """As what it stands in the trail and the history of cases."""
    return f"接口·{token.name}"


def state(token: Token, now: datetime) -> str:
    """In words."""
    if token.revoked_at is not None:
        return "已停用"
    return "已过期" if token.expires_at <= now else "使用中"


def hashed(secret: str) -> str:
    """What the store keeps of a token: it is drawn at random, so a plain hash tells nothing."""
    return hashlib.sha256(secret.encode()).hexdigest()


def demand_admin(by: User | None) -> None:
    """Raise NotAllowed unless somebody may let systems in."""
    if by is not None:
        permits.demand_to_write(by, "manage_tokens")


def actor_of(by: User | None) -> str:
    return by.name if by else COMMAND_LINE


def named(what: str, typed: str) -> str:
    """A short name on one line; raises BadInput."""
    name = " ".join(tidy(what, typed).split())
    if not 2 <= len(name) <= NAME:
        raise BadInput(f"{what}要 2–{NAME} 个字")
    return name


def demand_unit(desk: Desk, unit: str, now: datetime) -> None:
    """Raise BadInput for a unit that the bureau does not have now."""
    if unit not in {row.key for row in desk.units(now.date())}:
        raise BadInput("请选择一个单位（units.toml 中现行的）")


def _check(desk: Desk, scopes: tuple[str, ...], channels: tuple[str, ...], days: int, now: datetime) -> None:
    known = {row.key for row in desk.bureau.channels if row.valid_on(now.date())}
    longest = desk.bureau.api.token_days
    problems = [
        ("请至少选择一项权限", not scopes),
        (f"权限只能是 {'、'.join(SCOPES)}", not set(scopes) <= SCOPES.keys()),
        ("能报送事项的令牌要指定来件渠道", ITEMS in scopes and not channels),
        ("没有这个来件渠道", not set(channels) <= known),
        (f"有效期为 1–{longest} 天", not 1 <= days <= longest),
    ]
    if wrong := [told for told, is_wrong in problems if is_wrong]:
        raise BadInput("；".join(wrong))
