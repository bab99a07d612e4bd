"""The article that WeChat gets, made from the approved text: escaped, the same every time; and how to know it again.

Pure. Limits from developers.weixin.qq.com (draft/add, material/add_material, media/uploadimg).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Sequence
from html import escape
from html import unescape
from typing import Any
from typing import Final

from huanyu.bureau import AccountRow
from huanyu.errors import BadInput
from huanyu.errors import Refused
from huanyu.types import Message
from huanyu.types import Picture
from publisher import pictures

TITLE, AUTHOR, DIGEST, CONTENT = 64, 16, 120, 20_000  # characters
COVER, INLINE = 10 * 1024 * 1024, 1024 * 1024  # bytes
#: Kind of permanent material that a cover becomes: an account keeps 100,000 images, but 1,000 of the kind thumb.
COVER_KIND: Final = "image"
INLINE_MEDIA: Final = frozenset({"image/jpeg", "image/png"})
_PARAGRAPH: Final = '<p style="margin:0 0 1em;line-height:1.75;">{}</p>'
_IMAGE: Final = '<p style="margin:0;text-align:center;"><img src="{}" alt="{}" style="max-width:100%;"></p>'
_CAPTION: Final = '<p style="margin:0 0 1em;text-align:center;font-size:14px;color:#666;">{}</p>'
_TAG = re.compile(r"<[^>]*>")
_BLANK = re.compile(r"\s+|\u200b|\u00a0")


def article(message: Message, images: Sequence[str], thumb: str, account: AccountRow) -> dict[str, Any]:
    """One entry of draft/add; `images` are the addresses of the message's pictures, in order."""
    return {
        "title": message.title.strip(),
        "author": account.name[:AUTHOR],
        "digest": digest(message.text),
        "content": content(message, images),
        "content_source_url": message.link,
        "thumb_media_id": thumb,
        "need_open_comment": int(account.comments),
        "only_fans_can_comment": 0,
    }


def content(message: Message, images: Sequence[str]) -> str:
    """Paragraphs with a picture after each of the first ones; pictures left over stand at the end."""
    pieces: list[str] = []
    waiting = list(zip(message.pictures, images, strict=True))
    for line in _paragraphs(message.text):
        pieces.append(_PARAGRAPH.format(escape(line)))
        if waiting:
            pieces += _shown(*waiting.pop(0))
    for picture, image in waiting:
        pieces += _shown(picture, image)
    return "".join(pieces)


def digest(text: str) -> str:
    """The first paragraph, or as many of its whole sentences as fit."""
    first = next(iter(_paragraphs(text)), "")
    if len(first) <= DIGEST:
        return first
    whole = first[:DIGEST].rfind("。") + 1
    return first[:whole] if whole else f"{first[: DIGEST - 1]}…"


def plain(html: str) -> str:
    """The words of an article as WeChat gives it back, one line for each paragraph."""
    lines = unescape(_TAG.sub("", re.sub(r"</p>|<br[^>]*>", "\n", html))).splitlines()
    return "\n".join(line.strip() for line in lines if line.strip())


def says(html: str, text: str) -> bool:
    """Whether an article holds every paragraph of a text, in order; captions may stand between them."""
    found, at = _bare(plain(html)), 0
    for line in _paragraphs(text):
        at = found.find(_bare(line), at)
        if at < 0:
            return False
        at += len(_bare(line))
    return True


def check(message: Message) -> None:
    """Raise Refused for what WeChat would refuse."""
    if not message.title.strip():
        raise Refused("公众号文章要有标题")
    if len(message.title.strip()) > TITLE:
        raise Refused(f"公众号文章标题超过{TITLE}字（共{len(message.title.strip())}字）")
    if not _paragraphs(message.text):
        raise Refused("公众号文章没有正文")
    longest = "https://mmbiz.qpic.cn/" + "x" * 200
    size = len(content(message, [longest] * len(message.pictures)))
    if size >= CONTENT:
        raise Refused(f"公众号文章超过{CONTENT}字符（含格式共{size}字符）")


def cleaned(picture: Picture) -> Picture:
    """The picture without what the camera wrote into it; raises Refused for one that WeChat does not take."""
    try:
        made = pictures.cleaned(picture)
    except BadInput as problem:
        raise Refused(str(problem)) from problem
    if made.media not in INLINE_MEDIA:
        raise Refused(f"公众号文章的图片须为 JPEG 或 PNG：{picture.name}")
    if len(made.body) > INLINE:
        raise Refused(f"公众号文章的图片不能超过1MB：{picture.name}")
    return made


def as_cover(picture: Picture) -> Picture:
    """The cover, if WeChat takes one so large."""
    if len(picture.body) > COVER:
        raise Refused(f"封面不能超过10MB：{picture.name}")
    return picture


def captioned(picture: Picture) -> str:
    """整改后的清洗区（岳明 摄）"""
    credit = f"（{picture.credit}）" if picture.credit and picture.caption else picture.credit
    return f"{picture.caption}{credit}"


def _shown(picture: Picture, image: str) -> list[str]:
    told = escape(captioned(picture))
    return [_IMAGE.format(escape(image), told), *([_CAPTION.format(told)] if told else [])]


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _bare(text: str) -> str:
    return _BLANK.sub("", text)


def item_of(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """The first article of a row of batchget, or of an answer of getarticle; {} where there is none."""
    inside = row.get("content")
    news = (inside if isinstance(inside, dict) else row).get("news_item")
    return news[0] if isinstance(news, list) and news and isinstance(news[0], dict) else {}
