"""Visits of the real spiders that would outlast their time: each ends within it, and the following ones read the rest.

Scrapy's own requests and answers, without the network between them.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from crawler import patience
from crawler.spiders.site import SiteSpider
from crawler.spiders.weibo import WeiboSpider
from huanyu import clock
from huanyu.bureau import SourceRow
from huanyu.config import Config
from tests.live.crawl.forum_site import BASE as ADDRESS
from tests.live.crawl.forum_site import Walk
from tests.live.crawl.test_site_spider import Board
from tests.live.crawl.test_site_spider import query
from tests.live.crawl.weibo_site import OWNER
from tests.live.crawl.weibo_site import Faces
from tests.live.crawl.weibo_site import Said

BASE = 5_200_000_000_000_000
HOUR = timedelta(hours=1)
TEN = 100.0  # seconds of pace: ten requests in a visit
NEVER = {"ok": 0, "errno": 20112, "msg": "作者设置了可见范围"}


@pytest.fixture
def config(desk) -> Config:
    return Config.load(desk.config_path)


def source(**more: object) -> SourceRow:
    told = {
        "key": "weibo",
        "name": "微博",
        "spider": "weibo",
        "kind": "weibo",
        "base_url": ADDRESS,
        "permission": "函〔2026〕1号",
        "pace": 0,
    }
    return SourceRow.model_validate(told | more)


def visits(walk: Walk, row: SourceRow, count: int) -> int:
    """The most requests that any of so many visits made."""
    most = 0
    for number in range(count):
        walk.visit(row, clock.now() + number * HOUR)
        most = max(most, len(walk.asked))
    return most


def wanted(faces: Faces) -> set[str]:
    return {str(one.mid) for one in faces.said}


@pytest.mark.parametrize("via", ["mobile", "desktop"])
def test_a_timeline_that_is_new_is_read_ninety_days_back_and_no_further(config, answer, via):
    faces = Faces(answer, [Said(BASE + n, f"第{n}条") for n in range(1, 41)], old=BASE + 20)
    walk = Walk(WeiboSpider, config, faces)
    row = source(mode="timeline", via=via, accounts=[OWNER], max_pages=2)
    visits(walk, row, 8)
    assert walk.posts.keys() >= {str(BASE + n) for n in range(21, 41)}
    assert str(BASE + 14) not in walk.posts and ":" not in walk.cursor[f"timeline:{OWNER}"]
    walk.visit(row, clock.now() + 9 * HOUR)
    assert len(walk.asked) == 1


def test_lists_and_whole_texts_that_outlast_a_visit_are_read_by_the_following_ones(config, answer):
    faces = Faces(
        answer, [Said(BASE + n, f"异味 第{n}条，后面还有很长的一段", long=True) for n in range(1, 20)]
    )
    walk = Walk(WeiboSpider, config, faces)
    row = source(mode="timeline", accounts=[OWNER], pace=TEN)
    assert visits(walk, row, 8) <= patience.requests(row) == 10
    assert walk.posts.keys() == wanted(faces)
    assert {post.text for post in walk.posts.values()} == {one.text for one in faces.said}
    assert "again" not in walk.cursor


def test_more_searches_than_a_visit_has_time_for_are_made_in_turn(config, answer):
    words = [f"词{n}号" for n in range(23)]
    faces = Faces(answer, [Said(BASE + n, f"{word} 又有异味") for n, word in enumerate(words)])
    walk = Walk(WeiboSpider, config, faces)
    assert visits(walk, source(mode="search", keywords=words, pace=TEN), 5) <= 10
    assert walk.posts.keys() == wanted(faces)


@pytest.mark.parametrize("via", ["mobile", "desktop"])
def test_comments_that_outlast_a_visit_are_read_by_the_following_ones(config, answer, via):
    posts = [Said(BASE + n, f"第{n}条") for n in range(8)]
    below = [Said(BASE + 100 + 10 * n + k, "说两句", below=BASE + n) for n in range(8) for k in range(9)]
    replies = [Said(BASE + 500 + k, "回一句", below=BASE + 100) for k in range(7)]
    faces = Faces(answer, [*posts, *below, *replies])
    walk = Walk(WeiboSpider, config, faces)
    assert visits(walk, source(mode="comments", via=via, accounts=[OWNER], pace=TEN), 16) <= 10
    assert walk.posts.keys() == {str(one.mid) for one in [*below, *replies]}


def test_one_watched_post_that_is_hidden_does_not_make_the_others_be_read_again(config, answer):
    below = [Said(BASE + 100 + k, "说两句", below=BASE + 1) for k in range(9)]
    faces = Faces(answer, [Said(BASE + 1, "一条"), Said(BASE + 2, "另一条"), *below])
    faces.instead = lambda path: faces.json(NEVER) if f"show?id={BASE + 2}" in path else None
    walk = Walk(WeiboSpider, config, faces)
    visits(walk, source(mode="comments", watch=[str(BASE + 1), str(BASE + 2)]), 2)
    assert len(walk.posts) == 10
    assert [path for path in walk.asked if "hotflow" in path] == []


def test_a_whole_text_that_never_comes_is_given_up_and_a_site_that_is_down_counts_for_nothing(config, answer):
    faces = Faces(answer, [Said(BASE + 1, "很长的一条，后面还有很多话要说", long=True)])
    walk = Walk(WeiboSpider, config, faces)
    row = source(mode="timeline", accounts=[OWNER])
    faces.instead = lambda path: faces.json(NEVER) if "containerid" not in path else None
    walk.visit(row, clock.now())
    faces.instead = lambda path: answer(status=502)
    visits(walk, row, 2 * patience.TRIES)
    assert str(BASE + 1) in walk.cursor["again"]
    faces.instead = lambda path: faces.json(NEVER) if "containerid" not in path else None
    visits(walk, row, patience.TRIES)
    assert "again" not in walk.cursor and len(walk.asked) == 1
    assert walk.posts[str(BASE + 1)].text.endswith("…")


# --- a site by rules


RULES = {
    "list": {"item": "ul.board > li", "follow": "a@href", "next": "a.next@href", "fields": {"title": "a"}},
    "detail": {
        "item": ".ask, .reply",
        "next": "a.more@href",
        "fields": {"author": ".who", "posted_at": ".when", "text": ".says"},
    },
}


def board_source(**more: object) -> SourceRow:
    told = {"key": "site", "spider": "site", "kind": "letter", "base_url": "", "rules": RULES}
    return source(**(told | {"urls": [f"{ADDRESS}/list?page=1"], "permission": ""} | more))


def test_pages_behind_a_list_that_outlast_a_visit_are_read_by_the_following_ones(config, answer):
    board = Board(answer, 60)
    walk = Walk(SiteSpider, config, board)
    assert visits(walk, board_source(pace=TEN), 16) <= 10
    assert len(walk.posts) == 60 and "again" not in walk.cursor


def test_more_long_threads_than_may_fail_at_once_all_come_in(config, answer):
    board = Board(answer, 60)
    question = board.question
    board.question = lambda one: question(one).replace(
        "</body>", f'<a class="more" href="/more?id={one}">下一页</a></body>'
    )

    def respond(path: str, headers: dict[str, str]):
        if not path.startswith("/more"):
            return board(path, headers)
        says = board.block("reply", "网友", "2026-03-06 10:00", f"{query(path)['id']}号第二页的一句")
        return answer(f"<html><body>{says}</body></html>".encode())

    walk = Walk(SiteSpider, config, respond)
    visits(walk, board_source(max_pages=1), 20)
    assert len(walk.posts) == 120 and "again" not in walk.cursor
