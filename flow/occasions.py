"""Days of the calendar proposed as drafts, once for each year and account."""

from __future__ import annotations

from datetime import datetime
from datetime import time
from secrets import token_urlsafe

from flow.desk import Desk
from huanyu.bureau import AccountRow
from huanyu.clock import SHANGHAI
from huanyu.clock import local
from huanyu.store.audit import SYSTEM
from publisher import occasions
from publisher import press
from publisher.channels import site

HOUR = time(9, 0)  # of the day itself, when the text is to leave
CHANNELS = frozenset({"site", "weibo", "wechat", "telegram"})


def propose(desk: Desk, now: datetime) -> int:
    """Draft the texts of the days that are near; returns how many were new."""
    made = 0
    for one in occasions.near(desk.bureau.occasions, local(now).date()):
        accounts = [row for row in press.usable(desk.bureau.accounts) if row.channel in CHANNELS]
        keys = {row.key: f"occasion:{one.row.key}:{one.day.year}:{row.key}" for row in accounts}
        known = desk.store.composing.known(keys.values())
        wanted = _linkable([row for row in accounts if keys[row.key] not in known])
        if wanted:
            link = site.address(desk.bureau.bureau, token_urlsafe(9)) if wanted[0].channel == "site" else ""
            drafts = press.drafts(occasions.proposed(one, desk.bureau.bureau), wanted, link)
            due = max(now, datetime.combine(one.day, HOUR, SHANGHAI))
            keyed = [(keys[draft.account], draft) for draft in drafts]
            made += len(desk.store.composing.put_up(keyed, author=SYSTEM, now=now, due_at=due))
    return made


def _linkable(wanted: list[AccountRow]) -> list[AccountRow]:
    """The accounts that can be served, the site first; without its page Weibo has no address to show."""
    if wanted and wanted[0].channel == "site":
        return wanted
    return [row for row in wanted if row.channel != "weibo"]
