"""How an official account is, from what its platform says and what the desk has seen of it.

Pure: values in, values out. Knows neither the store nor a clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from huanyu import clock
from huanyu.publishing_rows import PublishingTable
from huanyu.types import AccountState
from huanyu.types import Health
from publisher.outbox import TOLERATED
from publisher.quotas import SPAN
from publisher.quotas import Used

#: Worst first.
LABEL: Final[Mapping[str, str]] = MappingProxyType(
    {
        "unsafe": "会自动乱答",
        "revoked": "授权失效",
        "unset": "未接通",
        "failing": "发不出去",
        "quota": "次数用完",
        "expiring": "授权将到期",
        "idle": "久未更新",
        "ok": "正常",
        "off": "停用",
    }
)
#: What a person does about each state that needs one.
ADVICE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "unsafe": "请立即到公众平台关掉没有核定的自动回复，或联系服务商；要保留的，核定后写进 accounts.toml 的 auto_replies。",
        "revoked": "请管理员重新授权，把新的令牌写进密钥文件；待发的稿件都在，恢复后由旧到新自动发出。",
        "unset": "请管理员按 publisher/channels/README.md 逐项接通这个账号，或者在 accounts.toml 中停用。",
        "failing": "平台连续没有接受，程序过一阵自己再试；超过半天请联系平台，或者先改用别的渠道发布。",
        "quota": "到下一个周期自动续发；急件请登录平台人工发布，再到该条的页面登记网址。",
        "expiring": "请管理员在到期之前重新授权。",
        "idle": "政务新媒体两周不更新会被通报，请安排一条。",
    }
)
LONG: Final = frozenset({"day", "month"})  #: quotas that are worth a word when they are used up
SILENT_CHANNELS: Final = frozenset(
    {"site", "mail", "export", "discuz", "wecom", "dingtalk", "feishu"}
)  #: nobody counts how often they speak


def judge(
    kept: AccountState,
    health: Health | None,
    channel: str,
    used: Sequence[Used],
    table: PublishingTable,
    now: datetime,
) -> AccountState:
    """The state of an account; `health` is None where its platform was not asked or did not answer."""
    known = kept
    if health is not None:
        known = replace(
            kept,
            token_expires_at=health.token_expires_at or kept.token_expires_at,
            followers=kept.followers if health.followers is None else health.followers,
        )
    state, note = (
        _unsafe(health)
        or _revoked(kept, health)
        or _failing(kept, health)
        or _full(used, health)
        or _expiring(known, table, now)
        or _idle(kept, channel, table, now)
        or ("ok", (health.note if health is not None else "") or "正常")
    )
    return replace(known, state=state, note=note, checked_at=now)


def episode(found: AccountState, table: PublishingTable, now: datetime) -> str:
    """What somebody is told of once: a state, or a threshold of days before a token ends; "" for nothing."""
    if found.state not in ADVICE:
        return ""
    if found.state != "expiring" or found.token_expires_at is None:
        return found.state
    passed = [days for days in table.expiry_days if found.token_expires_at - now <= timedelta(days=days)]
    return f"expiring:{min(passed)}:{found.token_expires_at.isoformat()}" if passed else ""


def _unsafe(health: Health | None) -> tuple[str, str] | None:
    """自贡 2018: a service answered citizens by itself, in words that nobody had read."""
    return ("unsafe", health.note) if health is not None and health.state == "unsafe" else None


def _revoked(kept: AccountState, health: Health | None) -> tuple[str, str] | None:
    if health is not None:
        return ("revoked", health.note or "平台说授权已失效") if health.state == "revoked" else None
    since = kept.last_failed
    works = kept.last_ok is not None and (since is None or kept.last_ok > since)
    return (kept.state, kept.note) if kept.state == "revoked" and not works else None


def _failing(kept: AccountState, health: Health | None) -> tuple[str, str] | None:
    if kept.failures > TOLERATED:
        return "failing", f"连续 {kept.failures} 次没有发出去：{kept.held_for or '平台没有接受'}"
    if health is not None and health.state == "failing":
        return "failing", health.note or "平台说账号有问题"
    return None


def _full(used: Sequence[Used], health: Health | None) -> tuple[str, str] | None:
    full = [one for one in used if one.is_full and one.row.per in LONG]
    if full:
        return "quota", f"{SPAN[full[0].row.per]}的 {full[0].row.count} 条已用完"
    if health is not None and health.state == "quota":
        return "quota", health.note or "平台说次数已用完"
    return None


def _expiring(known: AccountState, table: PublishingTable, now: datetime) -> tuple[str, str] | None:
    ends = known.token_expires_at
    if ends is None or not table.expiry_days or ends - now > timedelta(days=max(table.expiry_days)):
        return None
    local = clock.local(ends)
    when = f"{local.month}月{local.day}日{local:%H:%M}"
    return "expiring", f"授权已于{when}到期" if ends <= now else f"授权到{when}为止"


def _idle(kept: AccountState, channel: str, table: PublishingTable, now: datetime) -> tuple[str, str] | None:
    if channel in SILENT_CHANNELS or kept.last_published is None:
        return None
    days = (now - kept.last_published).days
    return ("idle", f"已 {days} 天没有发布") if days >= table.idle_days else None
