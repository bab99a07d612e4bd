"""Posts in the JSON that Weibo's two faces speak: the open platform's and m.weibo.cn's.

Pure: a status and a moment in, a JSON-able dict out. Field names and odd types (string counters, ids that are numbers
here and strings there, deleted posts without an author) are the platform's.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from demo.sites import dating
from demo.sites.content import OWN_ID
from demo.sites.content import Status

Blob = dict[str, Any]

CUT = 140  #: characters a card shows of a long post
BASE62 = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
CLIENT = '<a href="http://app.weibo.com/t/feed/demo" rel="nofollow">手机客户端</a>'
EMOTICON = re.compile(r"\[([\u4e00-\u9fffA-Za-z]{1,6})\]")
MENTION = re.compile(r"@([\w\u4e00-\u9fff-]{2,30})")
TOPIC = re.compile(r"#([^#\n]{1,40})#")


def short_id(mid: str) -> str:
    """The base-62 id in addresses: seven digits from the right give four characters."""
    groups: list[str] = []
    while mid:
        mid, group = mid[:-7], mid[-7:]
        groups.insert(0, _base62(int(group)).rjust(4, "0") if mid else _base62(int(group)))
    return "".join(groups)


def _base62(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 62)
        digits = BASE62[digit] + digits
    return digits or "0"


def marked_up(text: str) -> str:
    """Plain text as m.weibo.cn's HTML: links for names and topics, pictures for emoticons."""
    found = html.escape(text, quote=False).replace("\n", "<br />")
    found = EMOTICON.sub(
        r'<span class="url-icon"><img alt=[\1] src="//h5.example.invalid/emoticon/\1.png" '
        r'style="width:1em; height:1em;" /></span>',
        found,
    )
    found = MENTION.sub(r"<a href='/n/\1'>@\1</a>", found)
    return TOPIC.sub(
        r'<a href="/search?containerid=231522type%3D1"><span class="surl-text">#\1#</span></a>', found
    )


def pictures(status: Status) -> list[str]:
    """Addresses of the pictures, which exist nowhere."""
    return [f"https://wx1.example.invalid/large/{status.id}_{n}.jpg" for n in range(1, status.pictures + 1)]


# --- open platform v2 ---------------------------------------------------------------------------------------


def api_user(status: Status) -> Blob:
    return {
        "id": int(status.author_id),
        "idstr": status.author_id,
        "screen_name": status.author,
        "name": status.author,
        "province": "37",
        "city": "15",
        "location": status.region,
        "description": "",
        "profile_url": f"u/{status.author_id}",
        "gender": "m",
        "followers_count": 100 + int(status.author_id) % 900,
        "verified": status.author_id == OWN_ID,
        "verified_type": 1 if status.author_id == OWN_ID else -1,
    }


def api_status(status: Status, at: datetime, original: Blob | None = None) -> Blob:
    """A status object of statuses/mentions.json; a deleted one keeps id and time only."""
    found: Blob = {
        "created_at": dating.weibo(at),
        "id": int(status.id),
        "mid": status.id,
        "idstr": status.id,
        "text": status.text,
        "source": CLIENT,
        "favorited": False,
        "truncated": False,
    }
    if status.deleted:
        return {**found, "deleted": "1"}
    small = [{"thumbnail_pic": url.replace("/large/", "/thumbnail/")} for url in pictures(status)]
    found |= {
        "in_reply_to_status_id": "",
        "geo": None,
        "pic_urls": small,
        "isLongText": len(status.text) > CUT,
        "region_name": f"发布于 {status.region}" if status.region else "",
        "user": api_user(status),
        "reposts_count": status.reposts,
        "comments_count": status.comments,
        "attitudes_count": status.likes,
        "visible": {"type": 0, "list_id": 0},
    }
    return found | ({"retweeted_status": original} if original else {})


def api_comment(status: Status, at: datetime, above: Blob | None) -> Blob:
    """A comment object with the post it stands under."""
    return {
        "created_at": dating.weibo(at),
        "id": int(status.id),
        "mid": status.id,
        "idstr": status.id,
        "text": status.text,
        "source": CLIENT,
        "user": api_user(status),
        "status": above,
    }


def api_error(path: str, code: int, error: str) -> Blob:
    """The error envelope."""
    return {"request": path, "error_code": code, "error": error}


# --- m.weibo.cn ---------------------------------------------------------------------------------------------


def card(status: Status, printed: str, original: Blob | None = None) -> Blob:
    """A card of type 9 as timelines and searches hold it; `printed` is the time as this list prints it."""
    return {
        "card_type": 9,
        "itemid": f"107603{status.author_id}_-_{status.id}",
        "scheme": f"https://m.weibo.cn/status/{short_id(status.id)}",
        "mblog": mblog(status, printed, original),
        "show_type": 0,
    }


def mblog(status: Status, printed: str, original: Blob | None = None, *, whole: bool = False) -> Blob:
    """A post of m.weibo.cn: HTML text, cut when long unless `whole`; ids are strings."""
    found: Blob = {"created_at": printed, "id": status.id, "mid": status.id, "bid": short_id(status.id)}
    if status.deleted:
        return {**found, "text": status.text, "deleted": "1", "isLongText": False}
    found |= {
        "text": marked_up(status.text) if whole else _card_text(status),
        "textLength": len(status.text.encode("gbk", "replace")),
        "source": "手机客户端",
        "region_name": f"发布于 {status.region}" if status.region else "",
        "user": mobile_user(status),
        "reposts_count": status.reposts,
        "comments_count": status.comments,
        "attitudes_count": status.likes,
        "isLongText": len(status.text) > CUT,
        "pics": [{"pid": url[-24:-4], "url": url, "large": {"url": url}} for url in pictures(status)],
        "visible": {"type": 0, "list_id": 0},
    }
    return found | ({"retweeted_status": original} if original else {})


def _card_text(status: Status) -> str:
    if len(status.text) <= CUT:
        return marked_up(status.text)
    return f'{marked_up(status.text[:CUT])}...<a href="/status/{status.id}">全文</a>'


def mobile_user(status: Status) -> Blob:
    return {
        "id": int(status.author_id),
        "screen_name": status.author,
        "profile_url": f"https://m.weibo.cn/u/{status.author_id}",
        "verified": status.author_id == OWN_ID,
        "verified_type": 1 if status.author_id == OWN_ID else -1,
        "followers_count": f"{100 + int(status.author_id) % 900}",
    }


def hot_comment(status: Status, at: datetime, floor: int) -> Blob:
    """A comment of /comments/hotflow; `comments` is false where nobody answered."""
    return {
        "created_at": dating.weibo(at),
        "id": status.id,
        "mid": status.id,
        "rootid": status.id,
        "floor_number": floor,
        "text": marked_up(status.text),
        "source": f"来自{status.region}" if status.region else "",
        "user": mobile_user(status),
        "like_count": status.likes,
        "total_number": 0,
        "comments": False,
    }


def page_of(cards: list[Blob], info: Mapping[str, object]) -> Blob:
    """The envelope of getIndex; empty is said in words, with ok = 0."""
    if not cards:
        return {"ok": 0, "msg": "这里还没有内容", "data": {"cards": []}}
    return {"ok": 1, "data": {"cardlistInfo": dict(info), "cards": cards}}
