"""Read the lists in Weibo's JSON: m.weibo.cn, weibo.com/ajax and the open platform.

Pure: bytes and values in, posts out. Walls and refusals are told apart in `crawler.walls` before anything comes here.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import urlencode

from crawler import weibo_blob
from crawler.weibo_blob import Blob
from crawler.weibo_page import Broken
from crawler.weibo_page import More
from crawler.weibo_page import Page
from crawler.weibo_page import Seen
from huanyu.errors import BadInput
from huanyu.types import RawPost

Group = tuple[RawPost, ...]
Read = Callable[[Blob, Seen], Group]

END = frozenset({"", "0", "-1", "None"})
UNREADABLE = (AttributeError, KeyError, TypeError, ValueError)


def load(text: str) -> Blob:
    """Parse a response; `BadInput` says in Chinese why it is no JSON object."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise BadInput(f"返回的不是完整的 JSON: {problem}") from problem
    if not isinstance(found, dict):
        raise BadInput(f"返回的 JSON 不是对象而是 {type(found).__name__}")
    return found


def statuses(payload: Blob, seen: Seen) -> Page:
    """Posts of a list in any of the three dialects; raises BadInput where the answer holds no list."""
    blobs = list(status_blobs(payload))
    groups, broken = gather(blobs, weibo_blob.with_original, seen)
    found = [blob for blob in blobs if isinstance(blob, Mapping)]
    return Page(
        groups=groups,
        broken=broken,
        next=status_cursor(payload),
        last=is_last(payload),
        ids=ids(found),
        pinned=frozenset(ids(blob for blob in found if blob.get("isTop") or blob.get("mblogtype") == 2)),
        cut=frozenset(number for blob in found for number in cut_numbers(blob)),
    )


def comments(payload: Blob, seen: Seen, parent: str = "", parent_url: str = "") -> Page:
    """Comments and the replies nested below them; `parent` is what they stand under where they don't say."""
    blobs = list(comment_blobs(payload))
    groups, broken = gather(blobs, partial(comment_group, parent=parent, parent_url=parent_url), seen)
    found = [blob for blob in blobs if isinstance(blob, Mapping)]
    more = tuple(more for blob in found if (more := unseen_replies(blob)) is not None)
    return Page(groups=groups, broken=broken, next=comment_cursor(payload), ids=ids(found), more=more)


def status_page(text: str, seen: Seen) -> Page:
    """Posts of a response; raises BadInput."""
    return whole(text, lambda payload: statuses(payload, seen))


def comment_page(text: str, seen: Seen, parent: str = "", parent_url: str = "") -> Page:
    """Comments of a response; raises BadInput."""
    return whole(text, lambda payload: comments(payload, seen, parent, parent_url))


def whole(text: str, read: Callable[[Blob], Page]) -> Page:
    payload = load(text)
    try:
        return read(payload)
    except UNREADABLE as problem:
        raise BadInput(f"返回的内容与微博的格式不符 ({type(problem).__name__}: {problem})") from problem


def one_status(text: str, seen: Seen) -> Page:
    """A status kept by itself; raises BadInput where it still cannot be read."""
    return alone(load(text), lambda blob: statuses({"statuses": [blob]}, seen))


def one_comment(text: str, seen: Seen, parent: str, parent_url: str) -> Page:
    """A comment kept by itself; raises BadInput where it still cannot be read."""
    return alone(load(text), lambda blob: comments({"comments": [blob]}, seen, parent, parent_url))


def alone(blob: Blob, read: Callable[[Blob], Page]) -> Page:
    page = read(blob)
    if page.broken:
        raise BadInput(page.broken[0].reason)
    return page


def gather(blobs: Iterable[Blob], read: Read, seen: Seen) -> tuple[tuple[Group, ...], tuple[Broken, ...]]:
    """Read each blob by itself, so that a broken one costs only itself."""
    groups: list[Group] = []
    broken: list[Broken] = []
    for blob in blobs:
        try:
            groups.append(read(blob, seen))
        except UNREADABLE as problem:
            reason = f"这一条的字段与微博的格式不符 ({type(problem).__name__}: {problem})"
            broken.append(Broken(weibo_blob.raw(blob), reason))
    return tuple(groups), tuple(broken)


def cut_numbers(blob: Blob) -> Iterator[str]:
    """Numbers of a post and its original, as far as their texts go on elsewhere."""
    for one in (blob, blob.get("retweeted_status")):
        if (
            isinstance(one, Mapping)
            and isinstance(one.get("longText"), Mapping | None)
            and weibo_blob.is_long(one)
        ):
            yield weibo_blob.number_of(one)


def ids(blobs: Iterable[Blob]) -> tuple[int, ...]:
    """Numbers of the readable ones."""
    return tuple(int(number) for blob in blobs if (number := weibo_blob.number_of(blob)))


# --- where the lists are ------------------------------------------------------------------------------------


def status_blobs(payload: Blob) -> Iterator[Blob]:
    data = payload.get("data")
    inner = data if isinstance(data, Mapping) else {}
    if "cards" in inner:
        found: Iterable[Blob] = cards(inner["cards"])
    elif "statuses" in payload or "reposts" in payload:
        found = payload.get("statuses") or payload.get("reposts") or ()
    elif "list" in inner:
        found = inner["list"] or ()
    elif "mid" in inner or "mid" in payload:
        found = (inner if "mid" in inner else payload,)
    elif str(payload.get("ok")) == "0":  # what is no wall says so: 这里还没有内容
        found = ()
    else:
        raise BadInput("返回的内容里没有微博列表")
    yield from (blob for blob in found if not (isinstance(blob, Mapping) and blob.get("isAd")))


def cards(found: Any) -> Iterator[Blob]:
    """Cards of type 9 carry a post; groups are searched, operation cards (11 without a group) skipped."""
    for card in found or ():
        if not isinstance(card, Mapping):
            continue
        if card.get("mblog"):
            yield card["mblog"]
        if card.get("card_group"):
            yield from cards(card["card_group"])


def comment_blobs(payload: Blob) -> Iterator[Blob]:
    data = payload.get("data")
    if isinstance(data, Mapping):
        data = data.get("data")
    found = payload.get("comments") if "comments" in payload else data
    if not isinstance(found, list | None):
        raise BadInput("返回的内容里没有评论列表")
    yield from found or ()


def status_cursor(payload: Blob) -> str:
    """since_id of m.weibo.cn and ajax, or ajax' next_cursor; "" where none is told."""
    data = payload.get("data")
    inner = data if isinstance(data, Mapping) else {}
    info = inner.get("cardlistInfo") or {}
    found = str(info.get("since_id") or inner.get("since_id") or inner.get("next_cursor") or "")
    return "" if found in END else urlencode({"since_id": found})


def is_last(payload: Blob) -> bool:
    """Whether ajax or m.weibo.cn says that nothing follows, the latter by telling neither since_id nor page.

    The open platform's next_cursor is no such word: it may always be 0.
    """
    data = payload.get("data")
    inner = data if isinstance(data, Mapping) else {}
    info = inner.get("cardlistInfo") or {}
    silent = bool(info) and not info.get("since_id") and info.get("page") is None
    return silent or "-1" in {str(inner.get("next_cursor")), str(inner.get("since_id"))}


def comment_cursor(payload: Blob) -> str:
    """max_id and, where it is told, max_id_type: hotflow pages on both; "" at the end."""
    data = payload.get("data")
    inner = data if isinstance(data, Mapping) else payload
    if str(inner.get("max_id")) in END or not str(inner.get("max_id")).isdecimal():
        return ""
    kind = {"max_id_type": inner["max_id_type"]} if inner.get("max_id_type") is not None else {}
    return urlencode({"max_id": inner["max_id"]} | kind)


# --- comments and their replies -----------------------------------------------------------------------------


def comment_group(blob: Blob, seen: Seen, parent: str, parent_url: str) -> Group:
    first = weibo_blob.comment(blob, seen, parent, parent_url)
    below = (weibo_blob.comment(one, seen, first.native_id, first.url) for one in nested(blob))
    return first, *(replace(one, parent_id=one.parent_id or first.native_id) for one in below)


def nested(blob: Blob) -> list[Blob]:
    below = blob.get("comments")
    return below if isinstance(below, list) else []  # hotflow says `false` for none


def unseen_replies(blob: Blob) -> More | None:
    """A comment that counts more replies than it shows."""
    replies = weibo_blob.count(blob.get("total_number")) or 0
    number = weibo_blob.number_of(blob)
    return More(number, replies) if number and replies > len(nested(blob)) else None
