"""The ways out: one file per platform, three kinds of error, nothing of ours but types and errors.

A channel is told what to send and says what became of it. It must not know cases, reviews or the store.
"""

from __future__ import annotations

from pathlib import Path

from huanyu.bureau import AccountRow
from huanyu.bureau import BureauRow
from huanyu.errors import Refused
from publisher.channels.chat import DIALECTS
from publisher.channels.chat import ChatChannel
from publisher.channels.contract import Channel
from publisher.channels.contract import Limits
from publisher.channels.mail import MailChannel
from publisher.channels.mail import Smtp
from publisher.channels.site import SiteChannel
from publisher.channels.telegram import TelegramChannel
from publisher.channels.weibo import WeiboChannel

__all__ = ["Channel", "Limits", "Smtp", "open_channel"]


def open_channel(
    account: AccountRow, secret: str, *, site_dir: Path, bureau: BureauRow, smtp: Smtp | None = None
) -> Channel:
    """The channel of one account. Opening it touches no network.

    `secret` is the account's token or password. Raises Refused, in words
    for the outbox list, where something needed is missing: a person repairs the account and releases it again.
    An endpoint that nobody has tried does not go live: what it would do to a public account is not known.
    """
    if not account.verified:
        raise Refused(
            f"账号“{account.name}”的接口还没有人试过，不能正式发布；试过后在 accounts.toml 中写 verified = true",
            account=account.key,
        )
    if account.channel == "site":
        return SiteChannel(site_dir, bureau)
    if account.channel == "weibo":
        return WeiboChannel(account, _needed(secret, account), bureau.public_url)
    if account.channel == "telegram":
        return TelegramChannel(account, _needed(secret, account))
    if account.channel == "mail":
        if smtp is None or not smtp.host:
            raise Refused("没有设置邮件服务器（huanyu.toml 的 smtp_host）", account=account.key)
        return MailChannel(smtp, secret)
    if account.channel in DIALECTS:
        return ChatChannel(account, _needed(secret, account))
    raise Refused(f"还没有“{account.channel}”渠道", account=account.key)


def _needed(secret: str, account: AccountRow) -> str:
    if not secret:
        raise Refused(f"账号“{account.name}”没有授权，请先填写密钥 {account.secret}", account=account.key)
    return secret
