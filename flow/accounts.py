"""The official accounts: looked at once an hour, told of when they need a person, shown as they stand.

How an account is, is decided in publisher.health.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from typing import cast

import structlog

from cases.forms import ACCOUNT
from flow import alarms
from flow import permits
from flow import replies
from flow import switches
from flow.desk import Desk
from huanyu.bureau import AccountRow
from huanyu.bureau import UnitRow
from huanyu.clock import local
from huanyu.errors import ChannelError
from huanyu.errors import NotFound
from huanyu.errors import Refused
from huanyu.store.audit import SYSTEM
from huanyu.types import AccountState
from huanyu.types import Draft
from huanyu.types import Health
from huanyu.types import MessageState
from huanyu.types import Traffic
from huanyu.types import User
from publisher import health
from publisher import quotas
from publisher.channels import After
from publisher.outbox import TOLERATED
from publisher.quotas import Used

log = structlog.get_logger()

EVERY = timedelta(hours=1)
SOON = timedelta(minutes=10)  # for an account that waits for a person: the new token counts at once
TOLD = "account_alarm/"  #: setting of this name and the account's key: what was told of last
ORDER = tuple(health.LABEL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One account and how it stands."""

    row: AccountRow
    kept: AccountState
    traffic: Traffic
    used: tuple[Used, ...]

    @property
    def label(self) -> str:
        return health.LABEL.get(self.kept.state, self.kept.state)

    @property
    def advice(self) -> str:
        """What a person does about it."""
        return health.ADVICE.get(self.kept.state, "")

    @property
    def needs_person(self) -> bool:
        return bool(self.advice)


def look(desk: Desk, now: datetime, *, at_once: bool = False) -> int:
    """Look at every account whose hour has come, or at all, and mail the press office of what needs a person."""
    states, looked = desk.store.accounts.states(), 0
    for row in desk.bureau.accounts:
        kept = states.get(row.key, AccountState(account=row.key))
        if row.enabled and (at_once or _is_due(kept, now)):
            _look_at(desk, row, kept, now)
            looked += 1
    return looked


def standings(desk: Desk, now: datetime) -> list[Standing]:
    """Every account of the table, those that need somebody first."""
    states, traffic = desk.store.accounts.states(), desk.store.accounts.traffic(now)
    found = []
    for row in desk.bureau.accounts:
        mine = traffic.get(row.key, Traffic(account=row.key))
        kept = states.get(row.key, AccountState(account=row.key, note="还没有查看过"))
        if not row.enabled:
            kept = AccountState(account=row.key, state="off", note="在 accounts.toml 中停用")
        kept = replace(kept, last_published=mine.last_published or kept.last_published)
        found.append(Standing(row=row, kept=kept, traffic=mine, used=tuple(_used(desk, row, now))))
    return sorted(found, key=lambda one: ORDER.index(one.kept.state) if one.kept.state in ORDER else 0)


def lift(desk: Desk, user: User, key: str, now: datetime) -> None:
    """恢复: a person has repaired the account; what waits for it is due now. Raises NotFound."""
    permits.demand(user, "tend_accounts")
    row = desk.bureau.account(key)
    if row is None:
        raise NotFound("没有这个账号", account=key)
    desk.store.accounts.lift(key, now, actor=user.name)
    kept = replace(desk.store.accounts.state(key), state="ok", note="已由人恢复")
    _look_at(desk, row, kept, now)


def _is_due(kept: AccountState, now: datetime) -> bool:
    waits = kept.state in health.ADVICE or (kept.held_until is not None and kept.held_until > now)
    return kept.checked_at is None or abs(now - kept.checked_at) >= (SOON if waits else EVERY)


def _look_at(desk: Desk, row: AccountRow, kept: AccountState, now: datetime) -> None:
    asked, told = _ask(desk, row, now)
    known = replace(kept, last_published=_last_published(desk, row, kept, now))
    found = health.judge(known, asked, row.channel, _used(desk, row, now), desk.bureau.publishing, now)
    if told and found.state != "revoked":
        found = replace(found, state="unset", note=told)
    if kept.state == "revoked" and found.state != "revoked" and asked is not None:
        desk.store.accounts.lift(row.key, now)
    elif asked is not None and asked.state == "ok" and kept.failures > TOLERATED:
        desk.store.accounts.wake(row.key, now)
    desk.store.accounts.save(found, now)
    _tell(desk, row, found, now)


def _ask(desk: Desk, row: AccountRow, now: datetime) -> tuple[Health | None, str]:
    """What the platform says, None where it was not asked or did not answer; and why it cannot be asked at all."""
    if not _goes_out(desk, row):
        return None, ""
    try:
        channel = replies.open_account(desk, row.key)
    except ChannelError as problem:
        return None, str(problem.args[0])
    if not channel.abilities.health:
        return None, ""
    try:
        return cast(After, channel).health(now), ""
    except Refused as problem:
        return Health(state="revoked", note=str(problem.args[0])), ""
    except ChannelError as problem:
        log.warning("account_not_seen", account=row.key, problem=str(problem))
        return None, ""


def _goes_out(desk: Desk, row: AccountRow) -> bool:
    """Whether the account is really used: a rehearsing desk asks no platform."""
    return desk.config.settings.notify_live if row.channel == "mail" else switches.is_live(desk)


def _used(desk: Desk, row: AccountRow, now: datetime) -> list[Used]:
    rows = quotas.of(desk.bureau.publishing.quota, row.key, row.channel)
    if not rows:
        return []
    most = {row.key: max(one.count for one in rows)}
    left = desk.store.accounts.departures(now - quotas.LONGEST, most)[row.key]
    return quotas.used(rows, left, now)


def _last_published(desk: Desk, row: AccountRow, kept: AccountState, now: datetime) -> datetime | None:
    """When something of the account went out last; of one that never spoke, since when it could have."""
    mine = desk.store.accounts.traffic(now).get(row.key)
    spoken = (mine.last_published if mine else None) or kept.last_published
    return spoken or (max(one.at for one in switches.signatures(desk)) if switches.is_live(desk) else None)


def _tell(desk: Desk, row: AccountRow, found: AccountState, now: datetime) -> None:
    """Mail the press office once for each trouble, and once when it is over."""
    office = alarms.press_office(desk)
    told, news = (
        desk.store.settings.get(TOLD + row.key) or "",
        health.episode(found, desk.bureau.publishing, now),
    )
    if office is None or told == news:
        return
    desk.store.settings.put(TOLD + row.key, news, now)
    title, text = _bad_news(row, found) if news else _good_news(row)
    draft = _mail(desk, office, title, text)
    key = f"account:{row.key}:{news or 'ok'}:{now.isoformat(timespec='seconds')}"
    desk.store.outbox.add(draft, key, MessageState.APPROVED, SYSTEM, now)
    log.info("account_alarm", account=row.key, state=found.state)


def _bad_news(row: AccountRow, found: AccountState) -> tuple[str, str]:
    label = health.LABEL[found.state]
    parts = [f"账号“{row.name}”：{label}。", f"原因：{found.note}。"]
    if found.held_until is not None:
        parts.append(f"在 {local(found.held_until):%m-%d %H:%M} 之前程序不会用它发布。")
    parts += [f"怎么办：{health.ADVICE[found.state]}", "", "恢复正常后会再来信告知。"]
    return f"【账号提醒】{row.name}：{label}", "\n".join(parts)


def _good_news(row: AccountRow) -> tuple[str, str]:
    return f"【账号恢复】{row.name}", f"账号“{row.name}”已恢复正常，积压的稿件由旧到新陆续发出。"


def _mail(desk: Desk, office: UnitRow, title: str, text: str) -> Draft:
    """Under the standing rule for the house's own mail: a fixed text that nobody needs to approve."""
    return Draft(
        channel="mail",
        account=ACCOUNT,
        purpose=alarms.INTERNAL,
        title=title,
        text=f"{office.name}：\n\n{text}",
        recipient=office.mail,
        link=f"{desk.config.settings.console_url.rstrip('/')}/accounts",
    )
