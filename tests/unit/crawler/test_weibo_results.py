"""Result pages of s.weibo.com: an invented page with both layouts against values written by hand."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from crawler import walls
from crawler import weibo_results
from crawler.weibo_page import Page
from crawler.weibo_page import Seen
from huanyu.clock import SHANGHAI
from huanyu.errors import BadInput

PAGE = (Path(__file__).resolve().parents[2] / "pages" / "weibo_results.html").read_text(encoding="utf-8")
NOW = datetime(2026, 3, 6, 9, 0, tzinfo=SHANGHAI)
SEEN = Seen("weibo", "https://s.weibo.invalid/weibo?q=x", NOW)
NOTHING = (
    '<html><body><div id="pl_feedlist_index"><div class="card-wrap"><div class="card card-no-result s-pt20b40">'
    "<p>抱歉，未找到相关结果。</p></div></div>{}</div></body></html>"
)


@pytest.fixture(scope="module")
def found() -> Page:
    return weibo_results.results(PAGE, SEEN)


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SHANGHAI)


def test_todays_layout_is_read(found):
    post = found.posts[0]
    assert (post.native_id, post.identity, post.link) == (
        "5200000000000401",
        "weibo/5200000000000401",
        "weibo/5200000000000401",
    )
    assert post.url == "https://weibo.com/7000000001/QpxyZ0abc"
    assert (post.author, post.author_id, post.region) == ("徒骇河边人", "7000000001", "山东")
    assert (post.posted_at, post.year_inferred) == (at(2026, 3, 5, 22, 41), True)
    assert (post.reposts, post.comments, post.likes) == (12, 0, 12000)
    assert post.images == ("https://wx1.invalid/large/a1.jpg", "https://wx2.invalid/large/a2.jpg")


def test_the_whole_text_is_taken_and_nothing_that_the_page_adds(found):
    assert found.posts[0].text == (
        "凤凰苑东边的厂子又排味了，孩子咳得睡不着\nPM2.5<35 也难闻 @聊城环境 聊城·凤凰苑 [怒]"
    )


def test_the_older_layout_is_read_and_the_original_is_a_post_of_its_own(found):
    repost, original = found.groups[1]
    assert (repost.text, repost.parent_id, repost.author_id) == (
        "我家也闻到了",
        "5200000000000399",
        "7000000002",
    )
    assert (repost.posted_at, repost.images) == (at(2026, 3, 6, 8, 40), ())
    assert (repost.reposts, repost.comments, repost.likes) == (0, 7, 0)
    assert (original.native_id, original.author) == ("5200000000000399", "柳园街边")
    assert original.url == "https://weibo.com/7000000003/QpxyYabcd"
    assert (original.text, original.posted_at) == ("夜里十二点，化工味", at(2026, 3, 6, 1, 15))
    assert (original.likes, original.images) == (5, ("https://wx3.invalid/large/o1.jpg",))


def test_a_deleted_original_leaves_the_repost(found):
    (post,) = found.groups[2]
    assert (post.text, post.parent_id, post.posted_at) == ("转发微博", "", at(2025, 12, 31, 23, 59))


def test_cards_of_users_are_skipped_and_a_broken_one_costs_only_itself(found):
    assert found.ids == (5200000000000401, 5200000000000402, 5200000000000403)
    assert len(found.broken) == 1 and "没有编号" in found.broken[0].reason
    with pytest.raises(BadInput, match="没有编号"):
        weibo_results.one_card(found.broken[0].payload.decode(), SEEN)


def test_a_kept_card_is_read_by_itself(found):
    for group in found.groups:
        again = weibo_results.one_card(group[0].raw.decode(), SEEN).groups[0]
        assert [post.text for post in again] == [post.text for post in group]


def test_a_page_says_whether_there_is_another(found):
    assert not found.last
    assert weibo_results.results(PAGE.replace('class="next"', 'class="prev"'), SEEN).last


def test_what_stands_below_nothing_found_was_not_found():
    recommended = '<div class="card-wrap" mid="5"><p node-type="feed_list_content">热门</p></div>'
    for more in ("", recommended):
        assert weibo_results.results(NOTHING.format(more), SEEN) == Page(last=True)
        assert walls.find(200, NOTHING.format(more), "results") is None


@pytest.mark.parametrize("text", ["", "<html><body>502</body></html>", "\x00", "<!-- -->"])
def test_another_page_is_not_taken_for_an_empty_one(text):
    with pytest.raises(BadInput):
        weibo_results.results(text, SEEN)


def test_a_result_page_is_no_wall_although_it_offers_to_log_in():
    assert walls.find(200, PAGE, "results") is None


@pytest.mark.parametrize(
    ("status", "body", "location", "state"),
    [
        (200, "<html><head><title>Sina Visitor System</title></head></html>", "", "wall"),
        (
            200,
            "<html><body><div id='pl_login_form'>登录后查看更多搜索结果</div></body></html>",
            "",
            "login_needed",
        ),
        (
            200,
            "<html><body><script>location.href='https://passport.weibo.com/x'</script></body></html>",
            "",
            "login_needed",
        ),
        (200, "<html><head><title>登录 - 微博</title></head></html>", "", "login_needed"),
        (302, "", "https://passport.weibo.com/sso/signin?entry=miniblog", "login_needed"),
        (302, "", "https://weibo.com/login.php?url=x", "login_needed"),
        (302, "", "https://weibo.invalid/elsewhere", "failing"),
        (200, "<html><head><title>人机验证</title></head></html>", "", "wall"),
        (432, "", "", "wall"),
        (403, "<html>Forbidden</html>", "", "wall"),
        (414, "", "", "failing"),
    ],
)
def test_every_door_in_front_of_the_results_is_recognised(status, body, location, state):
    assert walls.find(status, body, "results", location).state == state
