"""Figures that WeChat counts of an account: its followers, and how often a mass-sent article was read.

Only sums come back, of whole days and from yesterday on. developers.weixin.qq.com: 数据统计, 用户分析 (getusercumulate),
图文分析 (getarticletotal; an article is named there msg_data_id_index). An account that is not certified has no access.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from datetime import timedelta
from typing import Any
from typing import Final

from huanyu import clock
from huanyu.errors import ChannelError
from publisher.channels.wechat_api import WechatApi

FOLLOWERS: Final = "/datacube/getusercumulate"
READS: Final = "/datacube/getarticletotal"


def followers(api: WechatApi, now: datetime) -> int | None:
    """How many followed at the end of yesterday; None where WeChat does not say: no reason for an alarm."""
    try:
        rows = _day(api, FOLLOWERS, now - timedelta(days=1))
    except ChannelError:
        return None
    return next((count for row in rows if isinstance(count := row.get("cumulate_user"), int)), None)


def reads(api: WechatApi, data_id: str, sent_at: datetime) -> int | None:
    """How often what was sent on that day has been read until yesterday; raises ChannelError."""
    mine = [row for row in _day(api, READS, sent_at) if str(row.get("msgid")).startswith(f"{data_id}_")]
    days = [day for row in mine for day in row.get("details") or () if isinstance(day, dict)]
    counts = [count for day in days if isinstance(count := day.get("int_page_read_count"), int)]
    return max(counts, default=None)  # each day's row holds everything up to it


def _day(api: WechatApi, path: str, at: datetime) -> list[Mapping[str, Any]]:
    """The rows of one day."""
    day = clock.local(at).date().isoformat()
    found = api.call(path, {"begin_date": day, "end_date": day}).get("list")
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []
