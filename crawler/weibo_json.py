"""Read Weibo's JSON: m.weibo.cn, weibo.com/ajax and the open platform, which name the same things differently.

Pure: bytes and values in, posts out. Walls and refusals are told apart in `crawler.walls` before anything comes here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from crawler import dates
from crawler.markup import plain
from huanyu.errors import BadInput
from huanyu.types import RawPost
from huanyu.types import Reject
from huanyu.types import SourceKind

Blob = Mapping[str, Any]
Read = Callable[[Blob, "Seen"], "tuple[RawPost, ...]"]

BASE62 = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
STUBS = ("此微博已被", "该微博不存在", "抱歉，此微博", "抱歉，作者已设置", "该账号因被投诉")
REGION = re.compile(r"^(?:发布于|来自)\s*")
COUNT = re.compile(r"^(\d+(?:\.\d+)?)\s*(万|亿)?\+?$")
SCALE = {None: 1, "万": 10_000, "亿": 100_000_000}


@dataclass(frozen=True, slots=True)
class Page:
    """What one response gave."""

    posts: tuple[RawPost, ...]
    rejects: tuple[Reject, ...] = ()
    next: str = ""  #: cursor of the following page, "" at the end
    ids: tuple[int, ...] = ()  #: of the list itself, without the originals of reposts and nested replies
    pinned: frozenset[int] = frozenset()  #: of those, the ones put on top whatever their age
    cut: frozenset[str] = frozenset()  #: native ids whose text goes on in /statuses/extend


@dataclass(frozen=True, slots=True)
class Seen:
    """Where and when a payload was fetched."""

    source: str
    url: str
    at: datetime


def load(text: str) -> Blob:
    """Parse a response; `BadInput` says in Chinese why it is no JSON object."""
    try:
        found = json.loads(text)
    except ValueError as problem:
        raise BadInput(f"返回的不是完整的 JSON: {problem}") from problem
    if not isinstance(found, dict):
        raise BadInput(f"返回的 JSON 不是对象而是 {type(found).__name__}")
    return found


def statuses(payload: Blob, seen: Seen) -> Page:
    """Posts of a list in any of the three dialects, each repost followed by its original."""
    blobs = list(status_blobs(payload))
    posts, rejects = gather(blobs, status_with_original, seen)
    found = [blob for blob in blobs if isinstance(blob, Mapping)]
    both = [*found, *(blob["retweeted_status"] for blob in found if blob.get("retweeted_status"))]
    return Page(
        posts=posts,
        rejects=rejects,
        next=next_cursor(payload),
        ids=ids(found),
        pinned=frozenset(ids([blob for blob in found if blob.get("isTop") or blob.get("mblogtype") == 2])),
        cut=frozenset(str(number) for number in ids([blob for blob in both if is_long(blob)])),
    )


def comments(payload: Blob, seen: Seen, parent: str = "", parent_url: str = "") -> Page:
    """Comments and the replies nested below them; `parent` is the post they stand under where they don't say."""
    read = partial(thread_of, parent=parent, parent_url=parent_url)
    blobs = list(comment_blobs(payload))
    posts, rejects = gather(blobs, read, seen)
    return Page(
        posts, rejects, comment_cursor(payload), ids([blob for blob in blobs if isinstance(blob, Mapping)])
    )


def gather(blobs: Iterable[Blob], read: Read, seen: Seen) -> tuple[tuple[RawPost, ...], tuple[Reject, ...]]:
    """Read each blob by itself, so that a broken one costs only itself."""
    posts: list[RawPost] = []
    rejects: list[Reject] = []
    for blob in blobs:
        try:
            posts += read(blob, seen)
        except (AttributeError, KeyError, TypeError, ValueError) as problem:
            reason = f"这一条的字段与微博的格式不符 ({type(problem).__name__}: {problem})"
            rejects.append(
                Reject(source=seen.source, where=seen.url, reason=reason, payload=raw(blob), at=seen.at)
            )
    return tuple(posts), tuple(rejects)


def ids(blobs: Iterable[Blob]) -> tuple[int, ...]:
    """Numbers of the readable ones."""
    found = (str(blob.get("idstr") or blob.get("id") or blob.get("mid") or "") for blob in blobs)
    return tuple(int(number) for number in found if number.isdecimal())


# --- where the lists are ------------------------------------------------------------------------------------


def status_blobs(payload: Blob) -> Iterator[Blob]:
    data = payload.get("data")
    inner = data if isinstance(data, Mapping) else {}
    if "cards" in inner:
        yield from cards(inner["cards"])
    elif "statuses" in payload or "reposts" in payload:
        yield from payload.get("statuses") or payload.get("reposts") or ()
    elif "list" in inner:
        yield from inner["list"] or ()
    elif "mid" in inner or "mid" in payload:
        yield inner if "mid" in inner else payload


def cards(found: Any) -> Iterator[Blob]:
    """Cards of type 9 carry a post; groups are searched, operation cards (11 without a group) skipped."""
    for card in found or ():
        if card.get("mblog"):
            yield card["mblog"]
        if card.get("card_group"):
            yield from cards(card["card_group"])


def comment_blobs(payload: Blob) -> Iterator[Blob]:
    data = payload.get("data")
    if isinstance(data, Mapping):
        data = data.get("data")
    yield from payload.get("comments") or data or ()


def next_cursor(payload: Blob) -> str:
    """since_id of m.weibo.cn, next_cursor of ajax; 0 and -1 mean the end."""
    data = payload.get("data")
    inner = data if isinstance(data, Mapping) else {}
    info = inner.get("cardlistInfo") or {}
    found = info.get("since_id") or inner.get("since_id") or inner.get("next_cursor") or ""
    return "" if str(found) in {"", "0", "-1", "None"} else str(found)


def comment_cursor(payload: Blob) -> str:
    """ "max_id:max_id_type" of hotflow, which pages on both; "" at the end."""
    data = payload.get("data")
    inner = data if isinstance(data, Mapping) else payload
    found = inner.get("max_id") or 0
    return f"{found}:{inner.get('max_id_type') or 0}" if int(found) > 0 else ""


# --- one status ---------------------------------------------------------------------------------------------


def status_with_original(blob: Blob, seen: Seen) -> tuple[RawPost, ...]:
    original = blob.get("retweeted_status")
    if not original:
        return (status(blob, seen),)
    first = status(original, seen)
    return replace(status(blob, seen), parent_id=first.native_id), first


def status(blob: Blob, seen: Seen) -> RawPost:
    """One post; a deleted one keeps its place, without author."""
    user = blob.get("user") or {}
    mid = ident(blob)
    text = body_text(blob)
    when = dates.parse(str(blob.get("created_at") or ""), seen.at)
    return RawPost(
        source=seen.source,
        kind=SourceKind.WEIBO,
        native_id=mid,
        url=own_page(blob),
        text=text,
        fetched_at=seen.at,
        author=str(user.get("screen_name") or ""),
        author_id=str(user.get("idstr") or user.get("id") or ""),
        posted_at=when[0] if when else None,
        year_inferred=when[1] if when else False,
        region=REGION.sub("", str(blob.get("region_name") or "")).strip(),
        likes=count(blob.get("attitudes_count")),
        reposts=count(blob.get("reposts_count")),
        comments=count(blob.get("comments_count")),
        images=images(blob),
        deleted=is_deleted(blob, text),
        raw=raw(blob),
        raw_type="application/json",
    )


def ident(blob: Blob) -> str:
    # `id` before `mid`: an old comment's mid is another number, and comments/reply wants the id
    found = blob.get("idstr") or blob.get("id") or blob.get("mid")
    if not found or not str(found).isdigit():
        raise ValueError(f"没有编号: {found!r}")
    return str(found)


def body_text(blob: Blob) -> str:
    """The whole text where the payload has it; `text_raw` is plain, `text` may be HTML."""
    whole = (blob.get("longText") or {}).get("longTextContent")
    if whole:
        return plain(str(whole).replace("\n", "<br>"))
    if blob.get("text_raw") is not None:
        # plain text, but for entities; "<" is the author's own here
        return plain(str(blob["text_raw"]).replace("<", "&lt;").replace("\n", "<br>"))
    return plain(str(blob.get("text") or "").replace("\n", "<br>"))


def is_long(blob: Blob) -> bool:
    """Whether the text was cut and has to be fetched from /statuses/extend."""
    return bool(blob.get("isLongText")) and not (blob.get("longText") or {}).get("longTextContent")


def whole_text(payload: Blob) -> str:
    """Whole text of /statuses/extend or /ajax/statuses/longtext; "" says that it was whole before."""
    data = payload.get("data")
    return plain(str(data.get("longTextContent") or "")) if isinstance(data, Mapping) else ""


def is_deleted(blob: Blob, text: str) -> bool:
    return str(blob.get("deleted") or "") == "1" or (not blob.get("user") and text.startswith(STUBS))


def images(blob: Blob) -> tuple[str, ...]:
    """Largest address of each picture: `pics` (m), `pic_infos` (ajax), `pic_urls` (open platform)."""
    found = [
        (pic.get("large") or pic).get("url") for pic in blob.get("pics") or () if isinstance(pic, Mapping)
    ]
    for info in (blob.get("pic_infos") or {}).values():
        best = info.get("largest") or info.get("original") or info.get("large") or {}
        found.append(best.get("url"))
    found += [
        str(pic.get("thumbnail_pic", "")).replace("/thumbnail/", "/large/")
        for pic in blob.get("pic_urls") or ()
    ]
    if not found:
        found.append(blob.get("original_pic"))
    return tuple(dict.fromkeys(str(url) for url in found if url))


def count(value: object) -> int | None:
    """12 · "12" · "100万+" · "1.2万"; None for anything else."""
    match = COUNT.match(str(value).strip()) if value is not None else None
    return round(float(match[1]) * SCALE[match[2]]) if match else None


def own_page(blob: Blob) -> str:
    """Address of a status; of old ones the short id is made of `mid`, which differs from `id`."""
    user = blob.get("user") or {}
    short = str(blob.get("mblogid") or blob.get("bid") or "")
    return permalink(
        str(user.get("idstr") or user.get("id") or ""), short, str(blob.get("mid") or ident(blob))
    )


def permalink(uid: str, short: str, mid: str) -> str:
    """The page a person opens: https://weibo.com/<uid>/<bid>."""
    return f"https://weibo.com/{uid}/{short or bid(mid)}" if uid else f"https://m.weibo.cn/detail/{mid}"


def bid(mid: str) -> str:
    """Short id of a post: seven decimal digits become four of base 62, from the right."""
    groups = [mid[max(0, end - 7) : end] for end in range(len(mid), 0, -7)]
    coded = [base62(int(group)).rjust(4, "0") for group in groups]
    return "".join(reversed(coded)).lstrip("0")


def base62(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 62)
        digits = BASE62[digit] + digits
    return digits or "0"


def raw(blob: object) -> bytes:
    return json.dumps(blob, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


# --- one comment --------------------------------------------------------------------------------------------


def thread_of(blob: Blob, seen: Seen, parent: str, parent_url: str) -> tuple[RawPost, ...]:
    first = comment(blob, seen, parent, parent_url)
    below = blob.get("comments")
    nested = below if isinstance(below, list) else []  # hotflow says `false` for none
    return first, *(comment(one, seen, first.native_id, first.url) for one in nested)


def comment(blob: Blob, seen: Seen, parent: str, parent_url: str) -> RawPost:
    """One comment; the post or comment it answers is `parent_id`."""
    above = blob.get("status") or {}
    answered = blob.get("reply_comment") or {}
    post = status(blob, seen)
    # without user and short id of its own post a comment has no page of its own
    under = own_page(above) if above.get("id") else parent_url
    place = str(blob.get("source") or "")
    return replace(
        post,
        url=under or post.url,
        parent_id=str(
            answered.get("id")
            or blob.get("reply_comment_id")
            or above.get("idstr")
            or above.get("id")
            or parent
        ),
        region=REGION.sub("", place).strip() if REGION.match(place) else post.region,
        likes=count(blob.get("like_counts", blob.get("like_count"))),
        reposts=None,
        comments=count(blob.get("total_number")),
    )
