"""Which known posts a visit looks at besides, and what it makes of their pages."""

from __future__ import annotations

from datetime import datetime

import pytest
from scrapy.exceptions import IgnoreRequest
from twisted.internet.error import TimeoutError as Timeout

from crawler import probing
from huanyu.bureau import SourceRow
from huanyu.clock import SHANGHAI
from huanyu.types import Probe
from huanyu.types import ProbeCheck
from huanyu.types import SourceKind

NOW = datetime(2026, 3, 10, 9, 30, tzinfo=SHANGHAI)
SITE = "https://bbs.example.org"
FORUM = SourceRow(key="forum", name="论坛", spider="discuz", kind=SourceKind.FORUM, base_url=SITE)
WORDS = "夜里又有刺鼻气味，孩子咳嗽"


def probe(number: int, url: str = f"{SITE}/thread-7-1-1.html", source: str = "forum") -> Probe:
    return Probe(
        id=number, source=source, url=url, link="", words=WORDS, posted_at=None, added_at=NOW, added_by="李岚"
    )


def check(number: int, readable: bool | None) -> ProbeCheck:
    return ProbeCheck(probe_id=number, day=NOW.date(), post_id=None, readable=readable)


def test_only_what_nobody_looked_at_today_on_the_sources_own_site_is_due():
    probes = [
        probe(1), probe(2), probe(3), probe(4, source="other"), probe(5, "https://bbs.example.com/1"),
        probe(6, "http://bbs.example.org:8080/1"), probe(7, "https://BBS.example.org/thread-9-1-1.html"),
    ]  # fmt: skip
    checks = [check(1, True), check(2, False), check(3, None)]
    assert [one.id for one in probing.due(probes, checks, FORUM)] == [3, 7]


def test_one_visit_looks_at_so_many_and_no_more():
    assert len(probing.due([probe(n) for n in range(99)], [], FORUM)) == probing.MOST


@pytest.mark.parametrize(
    ("status", "page", "readable", "note"),
    [
        (200, "<p>昨天<b>夜里又有</b>刺鼻气味&#65292;孩子咳嗽了</p>", True, ""),
        (200, "<p>夜里又有刺鼻气味,\n 孩子咳嗽</p>", True, ""),
        (200, "<p>本版规则</p>", False, probing.NO_WORDS),
        (200, '<div id="messagetext"><p>抱歉，您需要先登录才能浏览本版块</p></div>', False, "登录"),
        (404, "<p>没有</p>", False, ""),
        (451, f"<p>{WORDS}</p>", False, ""),
    ],
)
def test_a_page_is_readable_where_the_words_stand_on_it(status, page, readable, note):
    found, told = probing.reading(status, page, WORDS)
    assert found is readable
    assert note in told and bool(told) is not readable


def test_what_was_not_asked_for_is_no_finding():
    assert probing.lost(IgnoreRequest("stopped at a wall")) == ""
    assert probing.lost(IgnoreRequest("Forbidden by robots.txt")) == probing.NOT_ALLOWED
    assert "打不开" in probing.lost(Timeout())
