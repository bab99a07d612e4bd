"""The ways out: one file per platform, three kinds of error, nothing of ours but types and errors.

A channel is told what to send and says what became of it. It must not know cases, reviews or the store.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from huanyu.bureau import AccountRow
from huanyu.bureau import BureauRow
from huanyu.errors import Refused
from publisher.channels import wechat
from publisher.channels.chat import DIALECTS
from publisher.channels.chat import ChatChannel
from publisher.channels.contract import Abilities
from publisher.channels.contract import After
from publisher.channels.contract import ByHand
from publisher.channels.contract import Channel
from publisher.channels.contract import Limits
from publisher.channels.discuz import DiscuzChannel
from publisher.channels.export import ExportChannel
from publisher.channels.guarded import GuardedChannel
from publisher.channels.mail import MailChannel
from publisher.channels.mail import Smtp
from publisher.channels.site import SiteChannel
from publisher.channels.telegram import TelegramChannel
from publisher.channels.wechat import WechatChannel
from publisher.channels.weibo import WeiboChannel

__all__ = ["Abilities", "After", "ByHand", "Channel", "Limits", "Smtp", "carries", "open_channel"]

#: How many pictures each way takes with one message; none where it is not named, or a person posts by hand.
PICTURES: Mapping[str, int] = MappingProxyType(
    {
        "site": SiteChannel.abilities.pictures,
        "weibo": WeiboChannel.abilities.pictures,
        "wechat": wechat.PICTURES,
        "telegram": TelegramChannel.abilities.pictures,
        "mail": MailChannel.abilities.pictures,
        "export": ExportChannel.abilities.pictures,
    }
)
NO_COMMENTS = frozenset({"weibo"})  #: whose comments carry none
EXPORT = "export"  #: beside the folder of the site


def carries(channel: str, reply_to: str) -> int:
    """How many pictures a message on this way may bring."""
    return 0 if reply_to and channel in NO_COMMENTS else PICTURES.get(channel, 0)


def open_channel(
    account: AccountRow,
    secret: str,
    *,
    site_dir: Path,
    bureau: BureauRow,
    smtp: Smtp | None = None,
    push_token: str = "",
    reports: str = "",
) -> Channel:
    """The channel of one account. Opening it touches no network.

    `secret` is the account's token or password, `push_token` that of its message service,
    `reports` where citizens report and look up. Raises Refused, in words
    for the outbox list, where something needed is missing: a person repairs the account and releases it again.
    An endpoint that nobody has tried does not go live: what it would do to a public account is not known.
    """
    if not account.verified:
        raise Refused(
            f"账号“{account.name}”的接口还没有人试过，不能正式发布；试过后在 accounts.toml 中写 verified = true",
            whole_account=True,
            account=account.key,
        )
    folder = site_dir.parent
    ways: dict[str, Callable[[], Channel]] = {
        "site": lambda: SiteChannel(site_dir, bureau, reports),
        "weibo": lambda: WeiboChannel(_with(account, "user_id"), _secret(secret, account), bureau.public_url),
        "wechat": lambda: WechatChannel(
            _with(account, "app_id"), _secret(secret, account), folder, push_token=push_token
        ),
        "telegram": lambda: TelegramChannel(account, _secret(secret, account)),
        "discuz": lambda: DiscuzChannel(account),
        "mail": lambda: _mail(account, secret, smtp),
        "export": lambda: ExportChannel(folder / EXPORT, bureau),
    }
    ways |= dict.fromkeys(DIALECTS, lambda: ChatChannel(account, _secret(secret, account)))
    if account.channel not in ways:
        raise Refused(f"还没有“{account.channel}”渠道", whole_account=True, account=account.key)
    return GuardedChannel(ways[account.channel](), account.key)


def _mail(account: AccountRow, secret: str, smtp: Smtp | None) -> Channel:
    if smtp is None or not smtp.host:
        raise Refused(
            "没有设置邮件服务器（huanyu.toml 的 smtp_host）", whole_account=True, account=account.key
        )
    return MailChannel(smtp, secret)


def _with(account: AccountRow, field: str) -> AccountRow:
    """The account, if it has what its platform cannot do without; Weibo's user_id is what reading back goes by."""
    if not getattr(account, field):
        raise Refused(
            f"账号“{account.name}”没有 {field}，请在 accounts.toml 中填写",
            whole_account=True,
            account=account.key,
        )
    return account


def _secret(secret: str, account: AccountRow) -> str:
    if not secret:
        raise Refused(
            f"账号“{account.name}”没有授权，请先填写密钥 {account.secret}",
            whole_account=True,
            account=account.key,
        )
    return secret
