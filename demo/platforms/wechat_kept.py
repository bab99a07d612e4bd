"""What the local WeChat keeps of articles and comments, and the shapes in which it tells of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from html import unescape
from typing import Any
from typing import TypeVar
from xml.sax.saxutils import escape

Row = TypeVar("Row")
APP_ID = "wx0000000000demo01"
PUBLISHED, PUBLISHING, REMOVED = 0, 1, 5
_TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True, slots=True)
class Published:
    """One publishing job or mass sending; an article only once its status is 0."""

    id: str  #: article_id, or msg_id of a mass sending
    job: str  #: publish_id; "" for a mass sending
    news: Mapping[str, Any]
    at: datetime
    status: int = PUBLISHED
    app_id: str = APP_ID
    client_id: str = ""  #: clientmsgid
    data_id: int = 0  #: msg_data_id

    @property
    def title(self) -> str:
        return str(self.news["title"])

    @property
    def text(self) -> str:
        return unescape(_TAG.sub("", str(self.news["content"]).replace("</p>", "\n"))).strip()


@dataclass(frozen=True, slots=True)
class Comment:
    """A reader's comment under an article."""

    id: int
    data_id: int
    text: str
    at: datetime
    reply: str = ""
    replied_at: datetime | None = None


def rows_of(rows: Sequence[Row], asked: Mapping[str, Any], shape: Callable[[Row], Any]) -> Mapping[str, Any]:
    first, count = int(asked.get("offset", 0)), min(20, int(asked.get("count", 20)))
    shown = [shape(row) for row in rows[first : first + count]]
    return {"total_count": len(rows), "item_count": len(shown), "item": shown}


def told(one: Comment) -> Mapping[str, Any]:
    body: dict[str, Any] = {
        "user_comment_id": one.id,
        "openid": "o-demo-reader",
        "create_time": int(one.at.timestamp()),
        "content": one.text,
        "comment_type": 0,
    }
    if one.replied_at is not None:
        body["reply"] = {"content": one.reply, "create_time": int(one.replied_at.timestamp())}
    return body


def total(kept: Published, reads: Sequence[int]) -> Mapping[str, Any]:
    """One article of getarticletotal: each day's row holds everything up to it."""
    days = [(kept.at + timedelta(days=number), count) for number, count in enumerate(reads)]
    details = [{"stat_date": f"{day:%Y-%m-%d}", "int_page_read_count": count} for day, count in days]
    day, name = f"{kept.at:%Y-%m-%d}", f"{kept.data_id}_1"
    return {"ref_date": day, "msgid": name, "title": kept.title, "details": details}


def job_finished(kept: Published, status: int, url: str) -> bytes:
    """The event PUBLISHJOBFINISH."""
    done = (
        f"<article_id><![CDATA[{kept.id}]]></article_id><article_detail><count>1</count><item><idx>1</idx>"
        f"<article_url><![CDATA[{url}]]></article_url></item></article_detail>"
    )
    return (
        "<xml><ToUserName><![CDATA[gh_demo]]></ToUserName><FromUserName><![CDATA[demo]]></FromUserName>"
        f"<CreateTime>{int(kept.at.timestamp())}</CreateTime><MsgType><![CDATA[event]]></MsgType>"
        "<Event><![CDATA[PUBLISHJOBFINISH]]></Event><PublishEventInfo>"
        f"<publish_id>{escape(kept.job)}</publish_id><publish_status>{status}</publish_status>"
        f"{done if status == PUBLISHED else ''}</PublishEventInfo></xml>"
    ).encode()


def sending_finished(kept: Published, status: int, url: str) -> bytes:
    """The event MASSSENDJOBFINISH."""
    told = "send success" if status == PUBLISHED else "err(20008)"
    return (
        "<xml><ToUserName><![CDATA[gh_demo]]></ToUserName><FromUserName><![CDATA[mphelper]]></FromUserName>"
        f"<CreateTime>{int(kept.at.timestamp())}</CreateTime><MsgType><![CDATA[event]]></MsgType>"
        f"<Event><![CDATA[MASSSENDJOBFINISH]]></Event><MsgID>{escape(kept.id)}</MsgID>"
        f"<Status><![CDATA[{told}]]></Status><TotalCount>12345</TotalCount><FilterCount>12345</FilterCount>"
        "<SentCount>12345</SentCount><ErrorCount>0</ErrorCount><ArticleUrlResult><Count>1</Count><ResultList>"
        f"<item><ArticleIdx>1</ArticleIdx><ArticleUrl><![CDATA[{url}]]></ArticleUrl></item>"
        "</ResultList></ArticleUrlResult></xml>"
    ).encode()
