"""What WeChat posts to the account's own address when a publishing job or a mass sending has ended.

Pure: bytes in, values out. An event may come three times, late, or before our own call was answered: flow.callbacks
settles by the job's number, once. developers.weixin.qq.com: PUBLISHJOBFINISH; MASSSENDJOBFINISH (its codes: memory).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final
from xml.etree import ElementTree

from huanyu.errors import BadInput
from huanyu.errors import Refused
from huanyu.types import Receipt
from publisher.channels.wechat import JOB
from publisher.channels.wechat import MASS
from publisher.channels.wechat import finished

PUBLISH, SENDING = "PUBLISHJOBFINISH", "MASSSENDJOBFINISH"
LONGEST = 64 * 1024  # bytes; a real one has less than one kilobyte
#: Status of a mass sending that reached its readers; both spellings are in the documentation.
SENT: Final = frozenset({"send success", "sendsuccess"})
#: err(…): why it did not.
REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "10001": "被判为广告",
        "20001": "被判为政治内容",
        "20002": "被判为色情内容",
        "20004": "被判为社会类违规",
        "20006": "被判为违法犯罪内容",
        "20008": "被判为欺诈",
        "20013": "被判为侵犯版权",
        "21000": "被判为其他违规",
        "22000": "被判为互相推广",
        "30001": "原创校验出错",
        "30002": "原创校验不允许群发",
        "30003": "被判为转载",
        "40001": "管理员拒绝了群发",
        "40002": "管理员30分钟内没有确认",
    }
)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingFinished:
    """A mass sending that ended."""

    msg_id: str
    status: str
    url: str = ""

    @property
    def platform_id(self) -> str:
        """What the waiting message carries; behind it may stand the number of its comments."""
        return f"{MASS}:{self.msg_id}"

    @property
    def receipt(self) -> Receipt:
        """Raises Refused where it did not reach anybody."""
        if self.status not in SENT:
            code = self.status.removeprefix("err(").removesuffix(")")
            raise Refused(f"微信：群发失败（{REASONS.get(code, self.status)}）")
        return Receipt(platform_id=self.platform_id, url=self.url, note="微信确认已群发")


def read(body: bytes) -> JobFinished | SendingFinished | None:
    """The event in an inbound message; None for any other message. Raises BadInput for what is no message."""
    if len(body) > LONGEST or b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise BadInput("微信推送的内容过长，或带有不允许的声明")
    try:
        root = ElementTree.fromstring(body)  # noqa: S314 - no declaration gets this far
    except ElementTree.ParseError as problem:
        raise BadInput("微信推送的内容不是完整的 XML") from problem
    event = root.findtext("Event")
    if event == PUBLISH:
        return _job(root.find("PublishEventInfo"))
    return _sending(root) if event == SENDING else None


def _job(info: ElementTree.Element | None) -> JobFinished:
    status, number = _text(info, "publish_status"), _text(info, "publish_id")
    if not status.isdecimal() or not number:
        raise BadInput("微信推送中没有发布任务的编号或状态")
    return JobFinished(
        publish_id=number,
        status=int(status),
        article_id=_text(info, "article_id"),
        url=_text(info, "article_detail/item/article_url"),
    )


def _sending(root: ElementTree.Element) -> SendingFinished:
    number, status = _text(root, "MsgID") or _text(root, "MsgId"), _text(root, "Status")
    if not number or not status:
        raise BadInput("微信推送中没有群发的编号或状态")
    url = _text(root, "ArticleUrlResult/ResultList/item/ArticleUrl")
    return SendingFinished(msg_id=number, status=status, url=url)


def _text(element: ElementTree.Element | None, path: str) -> str:
    return ((element.findtext(path) if element is not None else "") or "").strip()
