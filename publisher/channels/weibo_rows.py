"""Posts and comments as Weibo tells of them, and what we make of them.

Pure. Numbers come as `idstr`, `mid` or `id`; every field may be missing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from typing import Final

from huanyu.bureau import AccountRow
from huanyu.errors import Unknown
from huanyu.types import Message
from huanyu.types import Receipt
from huanyu.types import Seen

URL: Final = re.compile(r"https?://[^\s\u4e00-\u9fff，。；！？（）]+")


def receipt(body: Mapping[str, Any], message: Message, account: AccountRow, note: str = "") -> Receipt:
    """What the platform says of something that is out; raises Unknown where it has no number."""
    native = native_id(body)
    if not native:
        raise Unknown("微博应答中没有编号，可能已发布")
    post = post_of(message) if message.reply_to else native
    owner = user_id(body.get("status") or {}) if message.reply_to else account.user_id
    url = f"https://weibo.com/{owner}/{post}" if owner else ""
    return Receipt(platform_id=native, url=url, at=time_of(body.get("created_at")), note=note)


def seen(body: Mapping[str, Any], account: AccountRow) -> Seen:
    """A post or comment as it stands, with its counts."""
    above = body.get("status") or {}  # the post that a comment stands under
    owner, post = (user_id(above), native_id(above)) if above else (account.user_id, native_id(body))
    counts = {name: body.get(f"{name}_count") for name in ("comments", "reposts")}
    return Seen(
        platform_id=native_id(body),
        text=str(body.get("text") or ""),
        url=f"https://weibo.com/{owner}/{post}" if owner else "",
        at=time_of(body.get("created_at")),
        **{name: count for name, count in counts.items() if isinstance(count, int)},
    )


def post_of(message: Message) -> str:
    """The post that a message stands under, of post or post/comment."""
    return message.reply_to.partition("/")[0]


def native_id(body: Mapping[str, Any]) -> str:
    """The number of a post or comment."""
    return str(body.get("idstr") or body.get("mid") or body.get("id") or "")


def user_id(body: Mapping[str, Any]) -> str:
    """Who wrote it."""
    user = body.get("user") or {}
    return str(user.get("idstr") or user.get("id") or "")


def items(body: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """The rows of a list; what is no row is left out."""
    found = body.get(key)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def time_of(text: object) -> datetime | None:
    """ "Tue Sep 15 08:53:25 +0800 2026"; None where it cannot be read."""
    try:
        return datetime.strptime(str(text), "%a %b %d %H:%M:%S %z %Y")
    except ValueError:
        return None


def bare(text: str) -> str:
    """A text without links (Weibo rewrites them to t.cn) and blanks."""
    return re.sub(r"\s+|\u200b", "", URL.sub("", text))
