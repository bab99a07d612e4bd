"""A week of visits on the made desk: figures of every source, pictures of a complaint, known posts, items unread."""

from __future__ import annotations

import struct
import zlib
from dataclasses import replace
from datetime import datetime
from datetime import timedelta

from flow import cycle
from flow.desk import Desk
from huanyu.types import CaseAction
from huanyu.types import CasePlan
from huanyu.types import RawPost
from huanyu.types import Reject
from huanyu.types import SourceKind
from huanyu.types import Visited

RSS = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>水城晨讯</title>
<item><title>徒骇河边堆着建筑垃圾，居民反映多日</title><link>https://news.example.org/a/9101.html</link>
<guid>9101</guid><pubDate>Wed, 04 Mar 2026 08:01:00 +0800</pubDate>
<description>住户说垃圾堆了半个月，刮风扬尘</description></item></channel></rss>"""
READABLE = Reject(
    source="news",
    where="https://news.example.org/rss.xml",
    reason="条目的时间格式不认识",
    payload=RSS.encode(),
    at=datetime.fromisoformat("2026-03-04T09:00:00+08:00"),
    callback="parse_feed",
    meta={
        "expects": "xml",
        "feed": "https://news.example.org/rss.xml",
        "content_type": "application/rss+xml",
    },
)
HANDED_IN = Reject(
    source="hotline-12345",
    where="工单0304.csv 第 7 行",
    reason="时间“昨儿个”不认识",
    payload='{"工单编号": "G-7", "姓名": "冯某某", "电话": "13900000000", "时间": "昨儿个", "内容": "夜里打桩"}'.encode(),
    at=datetime.fromisoformat("2026-03-04T10:00:00+08:00"),
    callback="import",
)
QUOTED = "楼下的烧烤摊又开始冒烟了，窗户都不敢开"


def png(width: int, height: int, shade: int) -> bytes:
    """A small picture: sky over a chimney, as far as a few grey values can tell."""
    rows = b"".join(
        b"\0"
        + bytes((shade + y // 3 if abs(x - width // 3) > 6 or y < height // 3 else 60) for x in range(width))
        for y in range(height)
    )

    def chunk(kind: bytes, data: bytes) -> bytes:
        told = kind + data
        return struct.pack(">I", len(data)) + told + struct.pack(">I", zlib.crc32(told))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def fill(desk: Desk, now: datetime) -> None:
    """Everything but the states, which the made desk has already."""
    for state in desk.store.sources.states():
        _visits(desk, state.source, now)
        interval = 1800 if state.state == "ok" else 21_600
        desk.store.sources.save_state(
            replace(
                state,
                last_try=now - timedelta(minutes=12),
                interval=interval,
                next_at=now + timedelta(seconds=interval),
                failures=6 if state.state == "failing" else 0,
            ),
            now=now,
        )
    desk.store.posts.add_rejects([READABLE, HANDED_IN], now=now)
    _known(desk, now)


def _visits(desk: Desk, key: str, now: datetime) -> None:
    state = desk.store.sources.state(key)
    assert state is not None
    for back in range(7 * 24, 0, -2):
        at = now - timedelta(hours=back, minutes=len(key))
        well = state.state in {"ok", "silent"} or at < state.since
        new = (at.hour * 7 + at.day * 3 + len(key)) % 5 if well and 7 <= at.hour <= 22 else 0
        visited = Visited(
            source=key,
            at=at,
            seconds=4.2 + new,
            state="ok" if well else state.state,
            sentence=f"正常, 读到 {10 + new} 条, 其中新增 {new} 条" if well else state.sentence,
            pages=3 if well else 0,
            new=new,
            seen=10 if well else 0,
            rejects=int(back == 6),
            finished=well,
        )
        desk.store.sources.add_visit(visited, now=at)


def _known(desk: Desk, now: datetime) -> None:
    """Three posts somebody knows of, one of which the desk does not have."""
    held = [post for post, _ in desk.store.posts.listing(limit=500) if post.source == "forum"][:2]
    for post in held:
        probe = desk.store.probes.add(
            "forum", post.url, "", post.text[:24], post.posted_at, actor="xuanjiao", now=now
        )
        desk.store.probes.save_found(probe, now.date(), post.id, now)
    missed = desk.store.probes.add(
        "forum", "https://forum.example.org/thread-5251-1-1.html", "", QUOTED, now, actor="xuanjiao", now=now
    )
    desk.store.probes.save_found(missed, now.date(), None, now)
    desk.store.probes.save_read(missed, now.date(), True, "", now)


def pictures(desk: Desk, case_id: int, now: datetime) -> tuple[int, tuple[str, ...]]:
    """A further witness with two pictures that are kept, one that is gone and one that nobody has fetched.

    Returns the post's number and the hashes of the pictures.
    """
    text = "锅炉房烟囱半夜又冒黑烟，呛得孩子直咳嗽，臭气熏天没人管，拍了照片，请环保局来查"
    urls = tuple(f"https://img.example.org/{name}.png" for name in ("chimney", "river", "gone", "later"))
    told = RawPost(
        source="forum",
        kind=SourceKind.FORUM,
        native_id="990003",
        url="https://forum.example.org/thread-990003-1-1.html",
        text=text,
        title="补几张照片",
        author="桥头老李",
        posted_at=now - timedelta(hours=4),
        fetched_at=now - timedelta(hours=3),
        images=urls,
        raw=f'<div class="t_f"><script>alert(1)</script>{text}</div>'.encode(),
        raw_type="text/html; charset=utf-8",
    )
    (post_id,) = desk.store.posts.add([told], now=now).new
    cycle.run(desk, "understand", now)
    reason = "同一地点，文字相近"
    plan = CasePlan(post_id=post_id, action=CaseAction.APPEND, case_id=case_id, score=0.9, reason=reason)
    desk.store.cases.apply(plan, now=now)
    while desk.store.evidence.want(100, now):
        continue
    wanted = {one.url: one.id for one in desk.store.evidence.of_post(post_id)}
    kept = [
        desk.store.evidence.keep(wanted[url], png(320, 240, shade), "image/png", now)
        for url, shade in ((urls[0], 150), (urls[1], 90))
    ]
    desk.store.evidence.refuse(wanted[urls[2]], "图片已被删除", now)
    return post_id, tuple(kept)
