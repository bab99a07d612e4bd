"""写宣传稿: what a person typed becomes one draft for each chosen account, at a time, with its pictures."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from secrets import token_urlsafe

from flow import permits
from flow.desk import Desk
from huanyu.bureau import AccountRow
from huanyu.clock import local
from huanyu.errors import BadInput
from huanyu.types import Picture
from huanyu.types import User
from publisher import picture_checks
from publisher import press
from publisher.channels import site
from publisher.pictures import cleaned
from publisher.press import PRODUCTS

FARTHEST = timedelta(days=366)  # ahead of today
MOST_PICTURES = 9
LARGEST_PICTURE = 5 * 1024 * 1024  # bytes: what Weibo takes
LARGEST_TEXT = 10_000  # characters of one field


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What the form says."""

    product: str
    told: Mapping[str, str]
    accounts: Sequence[str]
    at: datetime
    pictures: Sequence[Picture] = ()
    generated: bool = False


def write(desk: Desk, user: User, order: Order, now: datetime) -> list[int]:
    """Put the drafts up for review, all or nothing; raises BadInput saying what is missing or wrong."""
    permits.demand(user, "write_press")
    product = PRODUCTS.get(order.product)
    if product is None:
        raise BadInput("没有这种宣传稿模板")
    if any(len(value) > LARGEST_TEXT for value in order.told.values()):
        raise BadInput(f"每一项最多 {LARGEST_TEXT} 字")
    if not now - timedelta(minutes=5) <= order.at <= now + FARTHEST:
        raise BadInput("发布时间应在现在之后一年以内")
    accounts = _accounts(desk, order.accounts)
    made = press.piece(product, order.told, desk.bureau.bureau, local(order.at).date())
    link = site.address(desk.bureau.bureau, token_urlsafe(9))
    drafts = press.drafts(made, accounts, link, generated=order.generated)
    turn = token_urlsafe(6)
    keyed = [(f"press:{turn}:{draft.account}", draft) for draft in drafts]
    return desk.store.composing.put_up(
        keyed,
        author=user.name,
        now=now,
        due_at=max(now, order.at),
        pictures=_pictures(order.pictures),
        actor=user.name,
    )


def _accounts(desk: Desk, keys: Sequence[str]) -> list[AccountRow]:
    able = press.usable(desk.bureau.accounts)
    if not keys:
        raise BadInput("请至少选择一个账号")
    if unknown := set(keys) - {row.key for row in able}:
        raise BadInput(f"账号 {sorted(unknown)[0]} 不存在、已停用或不能发宣传稿")
    return [row for row in able if row.key in keys]


def _pictures(given: Sequence[Picture]) -> tuple[Picture, ...]:
    """Pictures without what the camera wrote into them; caption and credit are asked for at once."""
    if len(given) > MOST_PICTURES:
        raise BadInput(f"图片最多 {MOST_PICTURES} 张")
    if large := [one.name for one in given if len(one.body) > LARGEST_PICTURE]:
        raise BadInput(f"图片“{large[0]}”超过 {LARGEST_PICTURE // 1024 // 1024} MB")
    # What the file was called is checked before it is forgotten: it may be why the picture must not go out.
    pure = [replace(cleaned(one), name=one.name) for one in given]
    faults = [one.reason for one in picture_checks.problems(pure)]
    if faults:
        raise BadInput("；".join(faults))
    return tuple(replace(one, digest=hashlib.sha256(one.body).hexdigest()) for one in pure)
