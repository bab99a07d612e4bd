"""What WeChat posts to the account's own address when a publishing job has ended (PUBLISHJOBFINISH).

Pure: bytes in, values out. The same event may come three times or late; whoever takes it settles by publish_id, once.
"""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree import ElementTree

from huanyu.errors import BadInput
from huanyu.types import Receipt
from publisher.channels.wechat import JOB
from publisher.channels.wechat import finished

EVENT = "PUBLISHJOBFINISH"
LONGEST = 64 * 1024  # bytes; a real one has less than one kilobyte


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFinished:
    """A publishing job that ended."""

    publish_id: str
    status: int
    article_id: str = ""
    url: str = ""

    @property
    def platform_id(self) -> str:
        """What the waiting message carries."""
        return f"{JOB}:{self.publish_id}"

    @property
    def receipt(self) -> Receipt | None:
        """None while it still runs; raises Refused where it will never be out."""
        detail = {"item": [{"article_url": self.url}]}
        return finished(
            {"publish_status": self.status, "article_id": self.article_id, "article_detail": detail}
        )


def job_finished(body: bytes) -> JobFinished | None:
    """The event in an inbound message; None for any other message. Raises BadInput for what is no message."""
    if len(body) > LONGEST or b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise BadInput("微信推送的内容过长，或带有不允许的声明")
    try:
        root = ElementTree.fromstring(body)  # noqa: S314 - no declaration gets this far
    except ElementTree.ParseError as problem:
        raise BadInput("微信推送的内容不是完整的 XML") from problem
    info = root.find("PublishEventInfo")
    if root.findtext("Event") != EVENT or info is None:
        return None
    status = (info.findtext("publish_status") or "").strip()
    if not status.isdecimal():
        raise BadInput("微信推送中没有发布状态")
    return JobFinished(
        publish_id=(info.findtext("publish_id") or "").strip(),
        status=int(status),
        article_id=(info.findtext("article_id") or "").strip(),
        url=(info.findtext("article_detail/item/article_url") or "").strip(),
    )
