"""Read a result page of s.weibo.com, in its older layout and in today's.

Pure: HTML and values in, posts out. Whether the page is a wall is told apart in `crawler.walls` before.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from lxml import html as lxml_html
from lxml.etree import ParserError
from lxml.html import HtmlElement

from crawler import dates
from crawler import weibo_blob
from crawler import weibo_ids
from crawler.markup import text_of
from crawler.weibo_page import Broken
from crawler.weibo_page import Page
from crawler.weibo_page import Seen
from huanyu.errors import BadInput
from huanyu.types import RawPost
from huanyu.types import SourceKind

Find = Callable[[HtmlElement, str], list[HtmlElement]]

FORWARD = "@node-type='feed_list_forwardContent' or contains(concat(' ', @class, ' '), ' card-comment ')"
CARD = "//div[contains(concat(' ', @class, ' '), ' card-wrap ')][@mid]"
NOTHING = "//*[contains(concat(' ', @class, ' '), ' card-no-result ')]"
FROM = ".//*[self::p or self::div][contains(concat(' ', @class, ' '), ' from ')]"
NEXT = "//a[contains(concat(' ', @class, ' '), ' next ')][@href]"
OWN_PAGE = re.compile(r"weibo\.com/(\d{5,})/([0-9A-Za-z]{6,})")
USER = re.compile(r"weibo\.com/(?:u/)?(\d{5,})(?:[/?#]|$)")
MID = re.compile(r"(?:^|&)mid=(\d+)")
NUMBER = re.compile(r"\d[\d.]*\s*[万亿]?\+?")
REGION = re.compile(r"发布于\s*([\u4e00-\u9fff]{2,8})")
DECLARATION = re.compile(r"^\s*<\?xml[^>]*>")  # lxml refuses text that says how it was encoded
SIZE = re.compile(r"^(?:https?:)?//([^/]+)/[^/]+/")
#: Links and icons inside a text that the author did not write.
DRESSING = ".//a[@action-type='fl_unfold' or @action-type='fl_fold'] | .//i[contains(@class, 'wbicon')]"


def results(text: str, seen: Seen) -> Page:
    """Posts of a result page, each repost followed by its original; raises BadInput for any other page."""
    root = document(text)
    cards = [card for card in root.xpath(CARD) if is_post(card)]
    if root.xpath(NOTHING):
        return Page(last=True)  # what stands below the notice is recommended, not found
    if not cards and not root.xpath("//*[@id='pl_feedlist_index']"):
        raise BadInput("不是微博的搜索结果页")
    groups: list[tuple[RawPost, ...]] = []
    broken: list[Broken] = []
    for card in cards:
        try:
            groups.append(group(card, seen))
        except (AttributeError, KeyError, TypeError, ValueError) as problem:
            payload = lxml_html.tostring(card, encoding="utf-8", with_tail=False)
            broken.append(Broken(payload, f"这一条与微博搜索结果的格式不符 ({problem})"))
    return Page(
        groups=tuple(groups),
        broken=tuple(broken),
        last=not root.xpath(NEXT),
        ids=tuple(int(str(card.get("mid"))) for card in cards if str(card.get("mid")).isdecimal()),
        cut=frozenset(str(card.get("mid")) for card in cards if is_cut(card)),
    )


def one_card(text: str, seen: Seen) -> Page:
    """A card kept by itself; raises BadInput where it still cannot be read."""
    found = results(f"<div id='pl_feedlist_index'>{text}</div>", seen)
    if found.broken:
        raise BadInput(found.broken[0].reason)
    return found


def document(text: str) -> HtmlElement:
    try:
        return lxml_html.document_fromstring(DECLARATION.sub("", text))
    except (ParserError, ValueError) as problem:
        raise BadInput(f"不是可读的 HTML: {problem}") from problem


def is_post(card: HtmlElement) -> bool:
    """Cards of users, topics and advertisements have no text of a post."""
    return bool(card.xpath(".//*[@node-type='feed_list_content']"))


def is_cut(card: HtmlElement) -> bool:
    """Whether a text goes on behind 展开 and is not in the page either."""
    unfold = own(card, ".//a[@action-type='fl_unfold']")
    return bool(unfold) and not own(card, ".//*[@node-type='feed_list_content_full']")


def own(card: HtmlElement, path: str) -> list[HtmlElement]:
    """What belongs to a card itself, not to the original inside it."""
    return [found for found in card.xpath(path) if not found.xpath(f"ancestor-or-self::*[{FORWARD}]")]


# --- one card -----------------------------------------------------------------------------------------------


def group(card: HtmlElement, seen: Seen) -> tuple[RawPost, ...]:
    mine = post(card, own, str(card.get("mid") or ""), seen)
    for forward in card.xpath(f".//*[{FORWARD}]")[:1]:
        original = below(forward, seen)
        if original is not None:
            return replace(mine, parent_id=original.native_id), original
    return (mine,)


def below(forward: HtmlElement, seen: Seen) -> RawPost | None:
    """The original inside a repost; of a deleted one not even the number is shown."""
    told = (MID.search(str(found)) for found in forward.xpath(".//@action-data"))
    mid = next((match[1] for match in told if match), "")
    return post(forward, inside, mid, seen) if mid and texts(forward, inside) else None


def inside(block: HtmlElement, path: str) -> list[HtmlElement]:
    return list(block.xpath(path))


def texts(block: HtmlElement, find: Find) -> list[HtmlElement]:
    """The text, whole where the page has it."""
    for kind in ("feed_list_content_full", "feed_list_content"):
        if found := find(block, f".//*[@node-type='{kind}']"):
            return list(found)
    return list(find(block, ".//p[contains(concat(' ', @class, ' '), ' txt ')]"))


def post(block: HtmlElement, find: Find, mid: str, seen: Seen) -> RawPost:
    """One post of a page; `find` says what of the block is its own."""
    if not mid.isdecimal():
        raise ValueError(f"没有编号: {mid!r}")
    source = next(iter(reversed(find(block, FROM))), None)
    uid, short = address(source)
    name = next(iter(find(block, ".//a[@nick-name]")), None)
    when, inferred = moment(source, seen)
    return RawPost(
        source=seen.source,
        kind=SourceKind.WEIBO,
        native_id=mid,
        url=weibo_ids.permalink(uid or author_id(name), short, mid),
        text=words(texts(block, find)[0]),
        fetched_at=seen.at,
        author=str(name.get("nick-name")) if name is not None else "",
        author_id=uid or author_id(name),
        posted_at=when,
        year_inferred=inferred,
        region=region(source),
        likes=counter(find(block, ".//a[@action-type='feed_list_like']")),
        reposts=counter(find(block, ".//a[@action-type='feed_list_forward']")),
        comments=counter(find(block, ".//a[@action-type='feed_list_comment']")),
        images=pictures(find(block, ".//*[contains(@class, 'media-piclist')]//img[@src]")),
        raw=lxml_html.tostring(block, encoding="utf-8", with_tail=False),
        raw_type="text/html; charset=utf-8",
        identity=f"weibo/{mid}",
        link=f"weibo/{mid}",
    )


def words(found: HtmlElement) -> str:
    """What the author wrote: without 展开, 收起 and the icons in front of places and links."""
    copy = lxml_html.fragment_fromstring(lxml_html.tostring(found, encoding="unicode", with_tail=False))
    for dressing in copy.xpath(DRESSING):
        dressing.drop_tree()
    return text_of(copy)


def address(source: HtmlElement | None) -> tuple[str, str]:
    """Author's number and short id, as the link behind the time has them."""
    links = source.xpath(".//a/@href") if source is not None else []
    found = next((match for link in links if (match := OWN_PAGE.search(str(link)))), None)
    return (found[1], found[2]) if found else ("", "")


def author_id(name: HtmlElement | None) -> str:
    found = USER.search(str(name.get("href") or "")) if name is not None else None
    return found[1] if found else ""


def moment(source: HtmlElement | None, seen: Seen) -> tuple[datetime | None, bool]:
    """The time of a post and whether its year was inferred."""
    told = source.xpath("(.//a)[1]") if source is not None else []
    found = dates.parse(text_of(told[0]).partition("转赞")[0], seen.at) if told else None
    return found or (None, False)


def region(source: HtmlElement | None) -> str:
    found = REGION.search(text_of(source)) if source is not None else None
    return found[1] if found else ""


def counter(found: list[HtmlElement]) -> int | None:
    """The number on a button; a button with its name alone says none."""
    if not found:
        return None
    match = NUMBER.search(text_of(found[-1]))
    return weibo_blob.count(match[0]) if match else 0


def pictures(found: list[HtmlElement]) -> tuple[str, ...]:
    """Large versions of the thumbnails."""
    return weibo_blob.unique(SIZE.sub(r"https://\1/large/", str(image.get("src"))) for image in found)
