"""写宣传稿: what a person typed becomes one draft for each chosen account, at a time, with its pictures."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from collections.abc import Iterator
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
from huanyu.types import Draft
from huanyu.types import Picture
from huanyu.types import User
from publisher import picture_checks
from publisher import picture_size
from publisher import press
from publisher import press_list
from publisher.channels import site
from publisher.channels.weibo import WeiboChannel
from publisher.pictures import cleaned
from publisher.press import PRODUCTS

FARTHEST = timedelta(days=366)  # ahead of today
MOST_PICTURES = 9
INCIDENT = "notice"  # the product in which an incident is told
FEWER = {"weibo": WeiboChannel.abilities.pictures}  # channels that take fewer than a person may choose
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
    incident: bool = False  #: 突发: a bureau leader agrees last, and no freeze keeps it back


def write(desk: Desk, user: User, order: Order, now: datetime) -> list[int]:
    """Put the drafts up for review, all or nothing; raises BadInput saying what is missing or wrong."""
    permits.demand(user, "write_press")
    product = PRODUCTS.get(order.product)
    if product is None:
        raise BadInput("没有这种宣传稿模板")
    if order.incident and order.product != INCIDENT:
        raise BadInput(f"突发信息请用“{PRODUCTS[INCIDENT].name}”来写")
    if any(len(value) > LARGEST_TEXT for value in order.told.values()):
        raise BadInput(f"每一项最多 {LARGEST_TEXT} 字")
    if not now - timedelta(minutes=5) <= order.at <= now + FARTHEST:
        raise BadInput("发布时间应在现在之后一年以内")
    accounts = _accounts(desk, order.accounts)
    made = press.piece(product, order.told, desk.bureau.bureau, local(order.at).date())
    link = _link(desk, accounts)
    drafts = _classed(press.drafts(made, accounts, link, generated=order.generated), order)
    turn = token_urlsafe(6)
    keyed = [(f"press:{turn}:{name}", draft) for name, draft in _addressed(drafts, accounts)]
    return desk.store.composing.put_up(
        keyed,
        author=user.name,
        now=now,
        due_at=max(now, order.at),
        pictures=_pictures(order.pictures, desk.bureau.quality.most_megapixels),
        actor=user.name,
        most={row.key: FEWER[row.channel] for row in accounts if row.channel in FEWER},
    )


def _link(desk: Desk, accounts: Sequence[AccountRow]) -> str:
    """Where the page will stand; "" where none will. Raises BadInput for Weibo, which takes no text without one."""
    channels = {row.channel for row in accounts}
    if "site" in channels:
        return site.address(desk.bureau.bureau, token_urlsafe(9))
    if "weibo" in channels:
        raise BadInput("微博须带本局网站的网址，请同时选择本局网站")
    return ""


def _addressed(drafts: Iterable[Draft], accounts: Iterable[AccountRow]) -> Iterator[tuple[str, Draft]]:
    """Each draft with what tells its key apart; a press release becomes one mail for each contact."""
    contacts = {row.key: row.contacts for row in accounts if row.channel == "mail"}
    for draft in drafts:
        if draft.account not in contacts:
            yield draft.account, draft
            continue
        for contact, mail in press_list.addressed(draft, contacts[draft.account]):
            yield f"{draft.account}:{contact}", mail


def _classed(drafts: Iterable[Draft], order: Order) -> list[Draft]:
    """The drafts under the reviews they need."""
    return [replace(one, content_class="incident") if order.incident else one for one in drafts]


def _accounts(desk: Desk, keys: Sequence[str]) -> list[AccountRow]:
    able = press.usable(desk.bureau.accounts)
    if not keys:
        raise BadInput("请至少选择一个账号")
    if unknown := set(keys) - {row.key for row in able}:
        raise BadInput(f"账号 {sorted(unknown)[0]} 不存在、已停用或不能发宣传稿")
    return [row for row in able if row.key in keys]


def _pictures(given: Sequence[Picture], megapixels: int) -> tuple[Picture, ...]:
    """Pictures without what the camera wrote into them; caption and credit are asked for at once."""
    if len(given) > MOST_PICTURES:
        raise BadInput(f"图片最多 {MOST_PICTURES} 张")
    if large := [one.name for one in given if len(one.body) > LARGEST_PICTURE]:
        raise BadInput(f"图片“{large[0]}”超过 {LARGEST_PICTURE // 1024 // 1024} MB")
    for one in given:
        picture_size.demand(one.name, one.body, megapixels)
    # What the file was called is checked before it is forgotten: it may be why the picture must not go out.
    pure = [replace(cleaned(one), name=one.name) for one in given]
    faults = [one.reason for one in picture_checks.problems(pure)]
    if faults:
        raise BadInput("；".join(faults))
    return tuple(replace(one, digest=hashlib.sha256(one.body).hexdigest()) for one in pure)
