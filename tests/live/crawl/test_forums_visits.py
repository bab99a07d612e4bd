"""Many visits of the real forum spiders to boards that grow, move and break off: nothing is lost, no visit without end.

Scrapy's own requests and answers, without the network between them: a hundred visits take a second.
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta

import pytest
from scrapy.exceptions import CloseSpider

from crawler import forum_spider
from crawler.spiders.discuz import DiscuzSpider
from crawler.spiders.tieba import TiebaSpider
from huanyu.bureau import SourceRow
from huanyu.config import Config
from tests.live.crawl.forum_site import BASE
from tests.live.crawl.forum_site import NOW
from tests.live.crawl.forum_site import ROWS
from tests.live.crawl.forum_site import Bar
from tests.live.crawl.forum_site import Forum
from tests.live.crawl.forum_site import Said
from tests.live.crawl.forum_site import Walk
from tests.live.crawl.forum_site import talk

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def config(desk) -> Config:
    return Config.load(desk.config_path)


def source(**more: object) -> SourceRow:
    told = {
        "key": "forum",
        "name": "论坛",
        "spider": "discuz",
        "kind": "forum",
        "base_url": BASE,
        "boards": ["5"],
        "pace": 0,
    }
    return SourceRow.model_validate(told | more)


def pids(forum: Forum | Bar) -> set[str]:
    return {str(said.pid) for one in forum.talks for said in one.floors}


def board(threads: int, floors: int = 1) -> list:
    """So many threads, one an hour back in time."""
    return [talk(100 + n, floors, NOW - n * HOUR) for n in range(threads)]


def grow(one, at, floors: int = 1) -> None:
    for _ in range(floors):
        one.floors.append(Said(one.floors[-1].pid + 1, f"第 {len(one.floors) + 1} 个人说", at))


@pytest.mark.parametrize("pages", [1, 2, 3, 9])
def test_a_thread_longer_than_a_visit_is_read_whole_by_the_following_ones(config, answer, pages):
    forum = Forum(answer, [talk(7, 24, NOW)])  # eight pages
    walk = Walk(DiscuzSpider, config, forum)
    assert walk.visit(source(max_pages=pages), NOW) == 3 * min(8, max(2, pages))
    for visit in range(1, 8):
        walk.visit(source(max_pages=pages), NOW + visit * HOUR)
        assert len(walk.asked) <= 1 + 2 + max(1, pages - 1)
    assert walk.posts.keys() == pids(forum) and "rest:5" not in walk.cursor


def test_a_long_thread_that_goes_on_growing_loses_nothing(config, answer):
    forum = Forum(answer, [talk(7, 15, NOW)])
    walk = Walk(DiscuzSpider, config, forum)
    walk.visit(source(max_pages=2), NOW)
    for visit in range(1, 20):
        if visit < 6:
            grow(forum.talks[0], NOW + visit * HOUR - MINUTE, 7)
        walk.visit(source(max_pages=2), NOW + visit * HOUR)
        assert len(walk.asked) <= 1 + 2 + 6  # the board, the news, one page of each stretch that is left
    assert walk.posts.keys() == pids(forum) and len(walk.posts) == 50
    assert "rest:5" not in walk.cursor


def test_a_thread_from_before_our_time_that_moves_is_read_whole(config, answer):
    forum = Forum(answer, [*board(5), talk(7, 12, NOW - 100 * DAY)])
    walk = Walk(DiscuzSpider, config, forum)
    assert walk.visit(source(max_pages=1), NOW) == 4
    assert (
        walk.visit(source(max_pages=1), NOW + MINUTE) == 1
    )  # the next one goes on, but not into the archive
    grow(forum.talks[-1], NOW + 30 * MINUTE)
    for visit in range(1, 7):
        walk.visit(source(max_pages=1), NOW + visit * HOUR)
    assert walk.posts.keys() >= {pid for pid in pids(forum) if pid.startswith("7")}


def test_overflows_in_a_row_lose_nothing_and_come_to_an_end(config, answer):
    forum = Forum(answer, board(4))
    walk = Walk(DiscuzSpider, config, forum)
    walk.visit(source(max_pages=1), NOW)
    for wave in range(3):
        forum.talks += [talk(300 + wave * 20 + n, 1, NOW + wave * HOUR + (n + 1) * MINUTE) for n in range(14)]
        walk.visit(source(max_pages=1), NOW + wave * HOUR + 30 * MINUTE)
        assert walk.walls == ["slow"]
    for visit in range(14):
        walk.visit(source(max_pages=1), NOW + (5 + visit) * HOUR)
        assert walk.walls == [] and len(walk.asked) <= 1 + 2 + 9
    assert walk.posts.keys() == pids(forum) and "deep:5" not in walk.cursor
    assert (
        walk.visit(source(max_pages=1), NOW + DAY) == 0 and len(walk.asked) == 2
    )  # the board and its newest thread


@pytest.mark.parametrize("mode", ["", "newest", "rss"])
@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_to_a_board_every_floor_that_stays_is_read(config, answer, seed, mode):
    """Threads come, move, grow and are deleted between and during visits; one visit in five breaks off."""
    chance = random.Random(seed)
    forum = Forum(answer, board(9, floors=2))
    walk = Walk(DiscuzSpider, config, forum)
    row, at = source(max_pages=chance.choice([1, 2, 3]), mode=mode), NOW
    walk.visit(row, at)
    fresh: set[int] = set()

    def happen(_kind: str = "", _page: int = 0) -> None:
        if chance.random() < 0.5:
            tid = 1000 + len(fresh)
            fresh.add(tid)
            forum.talks.append(talk(tid, 1, at))
        grow(chance.choice(forum.talks), at, chance.randint(1, 5))
        if chance.random() < 0.1 and len(forum.talks) > 4:
            forum.talks.remove(chance.choice(forum.talks))

    for _ in range(25):
        at += 20 * MINUTE
        happen()
        forum.before = happen if chance.random() < 0.3 else None
        walk.visit(row, at, until=chance.randint(1, 6) if chance.random() < 0.2 else 10_000)
    forum.before = None
    for _ in range(40):
        at += 7 * HOUR
        walk.visit(row, at)
    assert pids(forum) - walk.posts.keys() == set()
    assert not walk.rejects and not any(key.startswith(("rest", "deep", "again")) for key in walk.cursor)


def test_a_visit_asks_for_no_more_than_its_pace_allows_and_the_next_ones_go_on(config, answer):
    forum = Forum(answer, board(40))
    walk = Walk(DiscuzSpider, config, forum)
    slow = source(max_pages=12, pace=120.0)  # eight pages of threads in twenty minutes
    assert walk.visit(slow, NOW) == 8
    for visit in range(1, 6):
        walk.visit(slow, NOW + visit * HOUR)
    assert walk.posts.keys() == pids(forum)


@pytest.mark.parametrize("shut", [{7}, {8}, {7, 8}])
def test_a_thread_for_members_only_is_no_alarm_where_others_can_be_read(config, answer, shut):
    forum = Forum(answer, [talk(7, 1, NOW), talk(8, 1, NOW - DAY)])

    def respond(path: str, headers: dict[str, str]):
        if any(f"tid={tid}&" in path for tid in shut):
            return forum.notice("抱歉，本帖要求阅读权限高于 20 才能浏览, 您所在的用户组没有权限", 200)
        return forum(path, headers)

    walk = Walk(DiscuzSpider, config, respond)
    assert walk.visit(source(), NOW) == 2 - len(shut)
    assert walk.walls == (["login_needed"] * 2 if len(shut) == 2 else [])


def test_a_thread_that_is_never_readable_is_left_alone_until_it_moves(config, answer):
    forum = Forum(answer, [talk(7, 1, NOW), talk(8, 1, NOW - DAY)])
    forum.broken = {"/forum.php?mod=viewthread&tid=8&page=1"}
    walk = Walk(DiscuzSpider, config, forum)
    for visit in range(9):
        walk.visit(source(), NOW + visit * HOUR)
    assert not any("tid=8" in path for path in walk.asked)
    forum.broken.clear()
    grow(forum.talks[1], NOW + DAY)
    assert walk.visit(source(), NOW + DAY + HOUR) == 2


def test_a_site_that_is_down_for_a_day_costs_no_thread_that_was_waiting(config, answer):
    forum = Forum(answer, board(40))
    walk = Walk(DiscuzSpider, config, forum)
    slow = source(max_pages=12, pace=120.0)  # eight pages of threads in twenty minutes
    walk.visit(slow, NOW)
    walk.site = lambda path, headers: answer(status=502)
    for visit in range(1, 9):
        walk.visit(slow, NOW + visit * HOUR)
    walk.site = forum
    for visit in range(9, 15):
        walk.visit(slow, NOW + visit * HOUR)
    assert walk.posts.keys() == pids(forum)


def test_a_page_of_a_long_thread_that_never_comes_does_not_keep_those_before_it(config, answer):
    forum = Forum(answer, [talk(7, 15, NOW)])  # five pages
    forum.broken = {"/forum.php?mod=viewthread&tid=7&page=4"}
    walk = Walk(DiscuzSpider, config, forum)
    for visit in range(9):
        walk.visit(source(max_pages=2), NOW + visit * HOUR)
    assert pids(forum) - walk.posts.keys() == {"7009", "7010", "7011"}
    assert not any("page=4" in path for path in walk.asked) and "rest:5" not in walk.cursor


def test_a_thread_that_claims_to_be_of_tomorrow_hides_no_other(config, answer):
    forum = Forum(answer, [*board(3), talk(9, 1, NOW + 300 * DAY)])
    walk = Walk(DiscuzSpider, config, forum)
    for visit in range(1, 4):
        forum.talks.append(talk(200 + visit, 1, NOW + visit * HOUR - MINUTE))
        walk.visit(source(), NOW + visit * HOUR)
    assert walk.posts.keys() == pids(forum)


def test_a_mobile_board_longer_than_a_visit_is_read_on_although_it_does_not_say_when_threads_moved(
    config, answer
):
    forum = Forum(answer, [*board(30), talk(7, 1, NOW - 100 * DAY)], mobile=True)
    walk = Walk(DiscuzSpider, config, forum)
    for visit in range(12):
        walk.visit(source(max_pages=1), NOW + visit * HOUR)
    assert walk.posts.keys() >= pids(forum) - {"7000"} and "deep:5" not in walk.cursor


def test_a_board_is_not_read_further_back_while_too_many_threads_are_waiting(config, answer, monkeypatch):
    monkeypatch.setattr(forum_spider, "BACKLOG", 5)
    forum = Forum(answer, board(40))
    walk = Walk(DiscuzSpider, config, forum)
    slow = source(max_pages=2, pace=200.0)  # five pages of threads in twenty minutes
    for visit in range(60):
        walk.visit(slow, NOW + visit * MINUTE)
        assert len(walk.cursor.get("again:5", "").split()) <= 5 + 2 * ROWS
    assert walk.posts.keys() == pids(forum)


@pytest.mark.parametrize("page", [2, 3, 5])
def test_a_page_that_came_cut_off_is_asked_for_again_on_the_next_visit(config, answer, page):
    forum = Forum(answer, [talk(7, 15, NOW)])  # five pages
    forum.cut = {f"/forum.php?mod=viewthread&tid=7&page={page}"}
    walk = Walk(DiscuzSpider, config, forum)
    walk.visit(source(max_pages=9), NOW)
    assert len(walk.posts) == 12 and len(walk.rejects) == 1
    forum.cut.clear()
    walk.visit(source(max_pages=9), NOW + DAY)
    assert walk.posts.keys() == pids(forum) and "rest:5" not in walk.cursor


def test_a_page_that_never_can_be_read_is_given_up_and_keeps_none_before_it(config, answer):
    forum = Forum(answer, [talk(7, 15, NOW)])
    forum.cut = {"/forum.php?mod=viewthread&tid=7&page=4"}
    walk = Walk(DiscuzSpider, config, forum)
    for visit in range(8):
        walk.visit(source(max_pages=9), NOW + visit * DAY)
    assert len(walk.posts) == 12 and "rest:5" not in walk.cursor
    assert not any("page=4" in address for address in walk.asked)


@pytest.mark.parametrize("max_pages", [3, 4, 10])
def test_a_first_walk_that_broke_off_is_gone_on_with_behind_what_it_read(config, answer, max_pages):
    forum = Forum(answer, board(24))  # six pages
    forum.broken = {"/forum.php?mod=forumdisplay&fid=5&page=3"}
    walk = Walk(DiscuzSpider, config, forum)
    walk.visit(source(max_pages=max_pages), NOW)
    assert 0 < len(walk.posts) < len(pids(forum))
    forum.broken.clear()
    for visit in range(1, 8):
        walk.visit(source(max_pages=max_pages), NOW + visit * HOUR)
    assert walk.posts.keys() == pids(forum)
    assert "deep:5" not in walk.cursor


def test_a_board_that_became_shorter_while_it_was_read_on_is_no_missing_board(config, answer):
    forum = Forum(answer, board(12))
    walk = Walk(DiscuzSpider, config, forum)
    walk.visit(source(max_pages=1), NOW)
    assert "deep:5" in walk.cursor

    def respond(path: str, headers: dict[str, str]):
        kind, _, page = forum.asked(path)
        gone = kind == "forumdisplay" and page > 1
        return forum.notice("抱歉，指定的版块不存在", 404) if gone else forum(path, headers)

    walk.site = respond
    walk.visit(source(max_pages=1), NOW + HOUR)
    assert walk.walls == [] and "deep:5" not in walk.cursor


# --- Tieba


def bar(**more: object) -> SourceRow:
    return source(
        **{"key": "tieba", "spider": "tieba", "boards": ["聊城"], "permission": "函〔2026〕3号"} | more
    )


def test_a_bar_is_read_with_the_answers_inside_its_floors(config, answer):
    site = Bar(answer, [talk(7, 4, NOW), talk(8, 1, NOW - 30 * DAY)], answers={7001: 23, 7003: 1})
    walk = Walk(TiebaSpider, config, site)
    walk.visit(bar(), NOW)
    inside = [post for post in walk.posts.values() if post.text.startswith("楼里的回复")]
    assert Counter(post.parent_id for post in inside) == {"7001": 23, "7003": 1}
    assert walk.posts["7001"].parent_id == "7000" and walk.posts["7001"].region == "山东"
    assert walk.posts["7000"].link == "tieba/7" and walk.posts["7000"].identity == "tieba/7000"
    assert walk.posts.keys() >= pids(site) and len(walk.posts) == 5 + 24
    assert walk.posts["7003"].text == "7 号贴第 4 楼：河边又有异味"
    assert walk.posts["7001"].url.endswith("/p/7?pid=7001#7001")


def test_only_new_answers_inside_a_floor_are_asked_for(config, answer):
    site = Bar(answer, [talk(7, 2, NOW)], answers={7001: 23})
    walk = Walk(TiebaSpider, config, site)
    walk.visit(bar(), NOW)
    walk.visit(bar(), NOW + HOUR)
    assert not any("comment" in path for path in walk.asked)
    site.answers[7001] = 31
    assert walk.visit(bar(), NOW + 2 * HOUR) == 8
    assert [path for path in walk.asked if "comment" in path] == [
        "/p/comment?tid=7&pid=7001&pn=3",
        "/p/comment?tid=7&pid=7001&pn=4",
    ]


def test_more_answers_than_a_visit_may_ask_for_are_read_by_the_next_ones(config, answer):
    site = Bar(answer, [talk(7, 1, NOW)], answers={7000: 95})
    walk = Walk(TiebaSpider, config, site)
    assert walk.visit(bar(max_pages=3), NOW) == 1 + 30
    for visit in range(1, 4):
        walk.visit(bar(max_pages=3), NOW + visit * HOUR)
    assert len(walk.posts) == 96 and "inside:聊城" not in walk.cursor


def test_a_day_later_the_list_tells_days_and_nothing_is_lost_or_read_again(config, answer):
    site = Bar(answer, [talk(7, 1, NOW), talk(8, 1, NOW - HOUR), talk(9, 1, NOW - 30 * DAY)])
    walk = Walk(TiebaSpider, config, site)
    walk.visit(bar(), NOW)
    site.now = NOW + DAY
    walk.visit(bar(), NOW + DAY)
    assert [path for path in walk.asked if "/p/" in path] == []
    site.talks.append(talk(20, 1, NOW + 12 * HOUR))  # yesterday evening: the list says 3-6
    assert walk.visit(bar(), NOW + DAY + MINUTE) == 1


def test_a_long_thread_of_a_bar_is_read_whole_over_the_visits(config, answer):
    site = Bar(answer, [talk(7, 30, NOW)])
    walk = Walk(TiebaSpider, config, site)
    for visit in range(8):
        walk.visit(bar(max_pages=3), NOW + visit * HOUR)
    assert walk.posts.keys() == pids(site)


def test_a_search_reads_the_threads_it_finds(config, answer):
    site = Bar(answer, [talk(7, 2, NOW, "东阿 异味"), talk(8, 1, NOW - DAY, "东阿 风景")])
    walk = Walk(TiebaSpider, config, site)
    assert walk.visit(bar(mode="search", boards=[], keywords=["异味"]), NOW) == 2
    assert walk.asked[0] == "/f/search/res?ie=utf-8&qw=%E5%BC%82%E5%91%B3&rn=10&sm=1&pn=1"


def test_the_security_check_of_tieba_ends_the_visit(config, answer):
    walk = Walk(TiebaSpider, config, Bar(answer, [talk(7, 1, NOW)], wall=True))
    with pytest.raises(CloseSpider):
        walk.visit(bar(), NOW)
    assert len(walk.asked) == 1 and not walk.rejects and not walk.posts


def test_a_deleted_thread_of_a_bar_is_no_broken_page(config, answer):
    site = Bar(answer, [talk(7, 2, NOW)])
    site.talks[0].gone = True
    walk = Walk(TiebaSpider, config, site)
    assert walk.visit(bar(), NOW) == 0 and not walk.rejects
