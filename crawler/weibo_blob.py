"""Read one status or comment of Weibo's JSON; its three dialects name the same things differently.

Pure: a blob and where it was seen in, a post out. Lists and their ends are the business of `crawler.weibo_json`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from crawler import dates
from crawler import weibo_ids
from crawler.markup import plain
from crawler.weibo_page import Seen
from huanyu.types import RawPost
from huanyu.types import SourceKind

Blob = Mapping[str, Any]

STUBS = ("此微博已被", "该微博不存在", "抱歉，此微博", "抱歉，作者已设置", "该账号因被投诉")
REGION = re.compile(r"^(?:发布于|来自)\s*")
UNFOLD = re.compile(r"\s*(?:\.{3}|…)?\s*(?:全文|展开)$")  # the link behind a text that was cut
COUNT = re.compile(r"^(\d+(?:\.\d+)?)\s*(万|亿)?\+?$")
SCALE = {None: 1, "万": 10_000, "亿": 100_000_000}


def status(blob: Blob, seen: Seen) -> RawPost:
    """One post; a deleted one keeps its place, without author."""
    user = blob.get("user") or {}
    text = body_text(blob)
    when = dates.parse(str(blob.get("created_at") or ""), seen.at)
    return RawPost(
        source=seen.source,
        kind=SourceKind.WEIBO,
        native_id=ident(blob),
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
        identity=f"weibo/{mid_of(blob)}",
        link=f"weibo/{mid_of(blob)}",
    )


def with_original(blob: Blob, seen: Seen) -> tuple[RawPost, ...]:
    """A post, and behind a repost its original, deleted or not; one without any number is only missing."""
    original = blob.get("retweeted_status")
    if not original or not number_of(original):
        return (status(blob, seen),)
    first = status(original, seen)
    return replace(status(blob, seen), parent_id=first.native_id), first


def comment(blob: Blob, seen: Seen, parent: str, parent_url: str) -> RawPost:
    """One comment; the post or comment it answers is `parent_id`. It has no page of its own."""
    above = blob.get("status") or {}
    post = status(blob, seen)
    # without user and short id of its own post a comment has no page of its own
    under = own_page(above) if number_of(above) else parent_url
    place = str(blob.get("source") or "")
    return replace(
        post,
        url=under or post.url,
        parent_id=answered(blob) or str(above.get("idstr") or above.get("id") or parent),
        region=REGION.sub("", place).strip() if REGION.match(place) else post.region,
        likes=count(blob.get("like_counts", blob.get("like_count"))),
        reposts=None,
        comments=count(blob.get("total_number")),
        images=comment_images(blob),
        identity=f"weibo-comment/{post.native_id}",
        link="",
    )


def answered(blob: Blob) -> str:
    """Number of the comment that this one answers, "" where it answers the post."""
    root = str(blob.get("rootid") or "")
    found = (blob.get("reply_comment") or {}).get("id") or blob.get("reply_comment_id")
    return str(found or (root if root not in {"0", number_of(blob)} else ""))


# --- names --------------------------------------------------------------------------------------------------


def number_of(blob: Blob) -> str:
    """The number of a status or comment, "" where it has none."""
    # `id` before `mid`: an old comment's mid is another number, and comments/reply wants the id
    found = str(blob.get("idstr") or blob.get("id") or blob.get("mid") or "")
    return found if found.isdecimal() else ""


def ident(blob: Blob) -> str:
    """The number of a status or comment; raises ValueError where it has none."""
    found = number_of(blob)
    if not found:
        raise ValueError(f"没有编号: {blob.get('idstr') or blob.get('id') or blob.get('mid')!r}")
    return found


def mid_of(blob: Blob) -> str:
    """The number that the short id is made of; of posts from before 2012 it differs from `id`."""
    return str(blob.get("mid") or ident(blob))


def own_page(blob: Blob) -> str:
    """Address of a status."""
    user = blob.get("user") or {}
    short = str(blob.get("mblogid") or blob.get("bid") or "")
    return weibo_ids.permalink(str(user.get("idstr") or user.get("id") or ""), short, mid_of(blob))


# --- text ---------------------------------------------------------------------------------------------------


def body_text(blob: Blob) -> str:
    """The whole text where the payload has it; `text_raw` is plain, `text` may be HTML."""
    whole = (blob.get("longText") or {}).get("longTextContent")
    if whole:
        return from_html(whole)
    if blob.get("text_raw") is not None:
        # plain text, but for entities; "<" is the author's own here
        return from_html(str(blob["text_raw"]).replace("<", "&lt;"))
    text = from_html(blob.get("text"))
    return UNFOLD.sub("…", text) if is_long(blob) else text


def from_html(text: object) -> str:
    return plain(str(text or "").replace("\n", "<br>"))


def is_long(blob: Blob) -> bool:
    """Whether the text was cut and has to be fetched by itself."""
    return bool(blob.get("isLongText")) and not (blob.get("longText") or {}).get("longTextContent")


def whole_text(payload: Blob) -> str:
    """Whole text of /statuses/extend or /ajax/statuses/longtext; "" says that it was whole before."""
    data = payload.get("data")
    return from_html(data.get("longTextContent")) if isinstance(data, Mapping) else ""


def is_deleted(blob: Blob, text: str) -> bool:
    return str(blob.get("deleted") or "") == "1" or (not blob.get("user") and text.startswith(STUBS))


# --- pictures and numbers -----------------------------------------------------------------------------------


def images(blob: Blob) -> tuple[str, ...]:
    """Largest address of each picture: `pics` (m), `pic_infos` (ajax), `pic_urls` (open platform)."""
    pics = blob.get("pics") or ()
    found = [picture(pic) for pic in (pics.values() if isinstance(pics, Mapping) else pics)]
    found += [best(info) for info in (blob.get("pic_infos") or {}).values()]
    found += [
        str(pic.get("thumbnail_pic", "")).replace("/thumbnail/", "/large/")
        for pic in blob.get("pic_urls") or ()
    ]
    return unique(found) or unique([str(blob.get("original_pic") or "")])


def comment_images(blob: Blob) -> tuple[str, ...]:
    """The one picture a comment may carry: `pic` (m) or `pic_infos` (ajax)."""
    return unique([picture(blob.get("pic")), *images(blob)])


def picture(pic: object) -> str:
    return str((pic.get("large") or pic).get("url") or "") if isinstance(pic, Mapping) else ""


def best(info: Blob) -> str:
    found = info.get("largest") or info.get("original") or info.get("large") or {}
    return str(found.get("url") or "")


def unique(urls: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(url for url in urls if url))


def count(value: object) -> int | None:
    """12 · "12" · "100万+" · "1.2万"; None for anything else."""
    match = COUNT.match(str(value).strip()) if value is not None else None
    return round(float(match[1]) * SCALE[match[2]]) if match else None


def raw(blob: object) -> bytes:
    return json.dumps(blob, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
