"""Weibo's JSON in its three dialects: invented pages and blobs against values written by hand."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from crawler import links
from crawler import weibo_blob
from crawler import weibo_ids
from crawler import weibo_json
from crawler import weibo_ways
from crawler.weibo_page import More
from crawler.weibo_page import Seen
from huanyu.clock import SHANGHAI
from huanyu.errors import BadInput

PAGES = Path(__file__).resolve().parents[2] / "pages"
NOW = datetime(2026, 3, 6, 9, 0, tzinfo=SHANGHAI)
SEEN = Seen("weibo", "https://m.weibo.invalid/api", NOW)
USER = {"id": 7000000001, "screen_name": "柳园街边"}


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SHANGHAI)


def page(name: str) -> str:
    return (PAGES / name).read_text(encoding="utf-8")


def blob(mid: str, **more: object) -> dict:
    told = {
        "created_at": "Fri Mar 06 08:01:09 +0800 2026",
        "id": mid,
        "mid": mid,
        "text": "楼下油烟",
        "user": USER,
    }
    return told | more


def test_cards_are_searched_and_html_becomes_text():
    found = weibo_json.statuses(weibo_json.load(page("weibo_search.json")), SEEN)
    first = found.posts[0]
    assert first.text == "凤凰苑东边那家厂[怒]又偷着排了\n味儿大得睡不着 @聊城环境"
    assert first.url == f"https://weibo.com/7000000001/{weibo_ids.bid('5200000000000101')}"
    assert (first.author, first.region, first.posted_at) == ("徒骇河边人", "山东", at(2026, 3, 5, 23, 58))
    assert (first.reposts, first.comments, first.likes) == (3, 12, 12000)
    assert first.images == ("https://img.invalid/large/a.jpg",)


def test_a_repost_and_its_deleted_original_are_two_posts():
    found = weibo_json.statuses(weibo_json.load(page("weibo_search.json")), SEEN)
    repost, original = found.posts[1:]
    assert (repost.parent_id, repost.posted_at, repost.year_inferred) == (
        "5200000000000050",
        at(2025, 12, 31),
        True,
    )
    assert (original.native_id, original.deleted, original.author) == ("5200000000000050", True, "")
    assert found.cut == {"5200000000000090"}
    assert found.ids == (5200000000000101, 5200000000000090)


def test_one_broken_post_is_rejected_and_the_rest_goes_on():
    found = weibo_json.statuses(weibo_json.load(page("weibo_search.json")), SEEN)
    assert len(found.posts) == 3 and len(found.broken) == 1
    assert "没有编号" in found.broken[0].reason
    assert json.loads(found.broken[0].payload)["text"] == "没有编号的一条"


def test_comments_hang_below_their_post_and_replies_below_their_comment():
    found = weibo_json.comments(
        weibo_json.load(page("weibo_hotflow.json")), SEEN, "5200000000000101", "https://p.invalid"
    )
    told = [(post.native_id, post.parent_id, post.text, post.likes) for post in found.posts]
    assert told == [
        ("5200000000000201", "5200000000000101", "我们小区也是[泪]", 5),
        ("5200000000000202", "5200000000000201", "同问", None),
        ("5200000000000203", "5200000000000101", "已拨打12369", 0),
    ]
    assert found.posts[0].region == "山东" and found.posts[0].url == "https://p.invalid"
    assert found.next == "max_id=139000000000001&max_id_type=1"


def test_a_mention_of_the_open_platform_is_read():
    found = weibo_json.statuses(weibo_json.load(page("weibo_mentions.json")), SEEN).posts[0]
    assert found.text == "@聊城环境 徒骇河滨河段水发黑发臭 http://t.cn/AXinvalid"
    assert (found.native_id, found.author_id, found.posted_at) == (
        "5200000000000301",
        "7000000006",
        at(2026, 3, 6, 8, 1, 9),
    )
    assert found.images == ("http://img.invalid/large/b.jpg",)


def test_plain_text_keeps_the_signs_that_look_like_markup():
    blob = {"id": 5, "text_raw": "PM2.5<35 也叫好？\n二行​", "user": {"id": 1, "screen_name": "甲"}}
    assert weibo_blob.status(blob, SEEN).text == "PM2.5<35 也叫好？\n二行"


@pytest.mark.parametrize(
    ("told", "number"),
    [(12, 12), ("12", 12), ("100万+", 1_000_000), ("1.2亿", 120_000_000), ("赞", None), (None, None)],
)
def test_counters_are_numbers_or_unknown(told, number):
    assert weibo_blob.count(told) == number


@pytest.mark.parametrize(
    ("mid", "bid"), [("4383183661430868", "HyTZc60ew"), ("4726427143111441", "Lb5uqd3qx")]
)
def test_the_short_id_of_a_post_is_computed(mid, bid):
    assert weibo_ids.bid(mid) == bid


@pytest.mark.parametrize("text", ['{"ok":1,"data":{"cards":[', "", "[]"])
def test_broken_json_says_so_in_chinese(text):
    with pytest.raises(BadInput, match="返回的"):
        weibo_json.load(text)


# --- names


@pytest.mark.parametrize(
    "told",
    [
        "4383183661430868",
        "HyTZc60ew",
        "https://weibo.com/7000000001/HyTZc60ew?refer_flag=1",
        "https://m.weibo.cn/detail/4383183661430868",
        " https://m.weibo.cn/status/HyTZc60ew ",
    ],
)
def test_a_watched_post_is_named_by_number_short_id_or_address(told):
    assert weibo_ids.watched(told) == "4383183661430868"


@pytest.mark.parametrize("told", ["", "聊城", "https://example.org/7000000001/HyTZc60ew", "12", "not a bid!"])
def test_what_names_no_post_is_told_apart(told):
    assert weibo_ids.watched(told) == ""


@pytest.mark.parametrize("mid", ["4383183661430868", "5200000000000101", "3481474642286341", "1000000000000"])
def test_a_number_and_its_short_id_are_the_same_name(mid):
    assert links.mid_of(weibo_ids.bid(mid)) == mid


def test_a_post_has_one_identity_and_one_link_whichever_face_showed_it():
    mobile = weibo_blob.status(blob("5200000000000101", bid=weibo_ids.bid("5200000000000101")), SEEN)
    open_platform = weibo_blob.status(blob("5200000000000101") | {"id": 5200000000000101}, SEEN)
    assert mobile.identity == open_platform.identity == "weibo/5200000000000101"
    assert mobile.link == open_platform.link == links.canonical(mobile.url) == "weibo/5200000000000101"


def test_a_comment_has_an_identity_and_no_page_of_its_own():
    found = weibo_json.comments({"comments": [blob("5200000000000201")]}, SEEN, "5200000000000101").posts[0]
    assert (found.identity, found.link) == ("weibo-comment/5200000000000201", "")


# --- posts


def test_a_repost_whose_original_has_no_number_is_read_without_it():
    gone = {"text": "抱歉，此微博已被作者删除。", "user": None}
    found = weibo_json.statuses({"statuses": [blob("5200000000000090", retweeted_status=gone)]}, SEEN)
    assert [(post.native_id, post.parent_id) for post in found.posts] == [("5200000000000090", "")]
    assert not found.broken


def test_the_word_behind_a_cut_text_is_not_the_authors():
    cut = blob("5200000000000090", isLongText=True, text='夜里又排水 ...<a href="/status/5">全文</a>')
    assert weibo_blob.status(cut, SEEN).text == "夜里又排水…"
    assert (
        weibo_blob.status(cut | {"longText": {"longTextContent": "夜里又排水\n全文"}}, SEEN).text
        == "夜里又排水\n全文"
    )
    assert weibo_blob.status(blob("5", text="请看公示全文"), SEEN).text == "请看公示全文"


@pytest.mark.parametrize(
    ("payload", "text"),
    [
        ({"ok": 1, "data": {"longTextContent": "第一行\n第二行"}}, "第一行\n第二行"),
        ({"ok": 1, "data": {"longTextContent": "第一行<br />第二行"}}, "第一行\n第二行"),
        ({"ok": 1, "data": {}}, ""),
        ({"ok": 1, "data": []}, ""),
        ({"ok": 1}, ""),
    ],
)
def test_an_empty_answer_to_a_long_text_says_that_it_was_whole(payload, text):
    assert weibo_blob.whole_text(payload) == text


def test_pictures_are_the_largest_of_each_dialect():
    mobile = blob(
        "5",
        pics=[{"url": "https://i.invalid/orj360/a.jpg", "large": {"url": "https://i.invalid/large/a.jpg"}}],
    )
    ajax = blob(
        "5",
        pic_infos={
            "a": {"largest": {"url": "https://i.invalid/largest/a.jpg"}},
            "b": {"large": {"url": "b"}},
        },
    )
    api = blob(
        "5",
        pic_urls=[{"thumbnail_pic": "http://i.invalid/thumbnail/a.jpg"}],
        original_pic="http://i.invalid/x.jpg",
    )
    old = blob("5", original_pic="http://i.invalid/large/x.jpg")
    assert weibo_blob.status(mobile, SEEN).images == ("https://i.invalid/large/a.jpg",)
    assert weibo_blob.status(ajax, SEEN).images == ("https://i.invalid/largest/a.jpg", "b")
    assert weibo_blob.status(api, SEEN).images == ("http://i.invalid/large/a.jpg",)
    assert weibo_blob.status(old, SEEN).images == ("http://i.invalid/large/x.jpg",)


def test_the_picture_of_a_comment_is_kept():
    told = blob(
        "5", pic={"url": "https://i.invalid/orj360/c.jpg", "large": {"url": "https://i.invalid/large/c.jpg"}}
    )
    found = weibo_json.comments({"ok": 1, "data": [told]}, SEEN, "4").posts[0]
    assert found.images == ("https://i.invalid/large/c.jpg",)


@pytest.mark.parametrize("flag", [{"deleted": "1"}, {"deleted": 1}, {"text": "抱歉，此微博已被作者删除。"}])
def test_a_deleted_post_keeps_its_place(flag):
    gone = {"id": 5200000000000001, "text": "此微博已被原作者删除。"} | flag
    found = weibo_json.statuses({"statuses": [gone, blob("5200000000000000")]}, SEEN)
    assert [post.deleted for post in found.posts] == [True, False] and not found.broken


def test_advertisements_are_no_posts():
    assert weibo_json.statuses({"statuses": [blob("5", isAd=True), blob("6", isAd=False)]}, SEEN).ids == (6,)


# --- lists


@pytest.mark.parametrize(
    "payload",
    [
        {"ok": 0, "msg": "这里还没有内容", "data": {"cards": []}},
        {"ok": 0, "msg": "暂无数据"},
        {"ok": 1, "data": {"list": [], "next_cursor": -1}},
        {"ok": 1, "data": {"cards": None}},
        {"statuses": [], "total_number": 0},
        {"reposts": []},
    ],
)
def test_an_empty_list_is_a_result(payload):
    assert weibo_json.statuses(payload, SEEN).posts == ()


@pytest.mark.parametrize(
    "payload", [{}, {"ok": 1}, {"ok": 1, "data": {}}, {"ok": 1, "data": {"user": {"id": 1}}}]
)
def test_an_answer_without_a_list_is_not_taken_for_an_empty_one(payload):
    with pytest.raises(BadInput, match="没有微博列表"):
        weibo_json.statuses(payload, SEEN)


def test_an_answer_whose_comments_are_no_list_is_not_taken_for_an_empty_one():
    with pytest.raises(BadInput, match="没有评论列表"):
        weibo_json.comments({"ok": 1, "data": "x"}, SEEN)


@pytest.mark.parametrize(
    ("data", "following", "last"),
    [
        ({"cards": [], "cardlistInfo": {"since_id": 4383183661430868}}, "since_id=4383183661430868", False),
        ({"cards": [], "cardlistInfo": {"page": 2}}, "", False),
        ({"list": [], "since_id": "5345145356816203"}, "since_id=5345145356816203", False),
        ({"list": [], "next_cursor": 5345145356816203}, "since_id=5345145356816203", False),
        ({"list": [], "next_cursor": -1}, "", True),
        ({"list": [], "since_id": 0}, "", False),
        ({"cards": [], "cardlistInfo": {"total": 3}}, "", True),
        ({"cards": [], "cardlistInfo": {"total": 3, "page": None, "since_id": ""}}, "", True),
        ({"cards": []}, "", False),
    ],
)
def test_where_a_list_of_posts_goes_on(data, following, last):
    found = weibo_json.statuses({"ok": 1, "data": data}, SEEN)
    assert (found.next, found.last) == (following, last)


@pytest.mark.parametrize(
    ("payload", "following"),
    [
        ({"data": {"data": [], "max_id": 139, "max_id_type": 1}}, "max_id=139&max_id_type=1"),
        ({"data": {"data": [], "max_id": "139", "max_id_type": 0}}, "max_id=139&max_id_type=0"),
        ({"data": [], "max_id": 139}, "max_id=139"),
        ({"data": [], "max_id": 0, "max_id_type": 0}, ""),
        ({"data": {"data": [], "max_id": -1}}, ""),
        ({"data": [], "max_id": None}, ""),
    ],
)
def test_comments_page_on_both_max_id_and_its_type(payload, following):
    assert weibo_json.comments(payload, SEEN).next == following


def test_replies_that_a_list_does_not_show_are_named():
    told = (
        blob("201", total_number=3, comments=[blob("202")]),
        blob("203", total_number=1, comments=[blob("204")]),
    )
    found = weibo_json.comments({"data": {"data": [*told, blob("205", comments=False)]}}, SEEN, "101")
    assert found.more == (More("201", 3),)
    assert [post.parent_id for post in found.posts] == ["101", "201", "101", "203", "101"]


def test_replies_of_the_second_level_hang_below_what_they_answer():
    told = [
        blob("211", rootid="201"),
        blob("212", rootid=201, reply_comment={"id": 211}),
        blob("213", reply_comment_id="211"),
        blob("214", rootid=0),
    ]
    found = weibo_json.comments({"ok": 1, "data": told, "max_id": 0, "rootComment": []}, SEEN, "201")
    assert [post.parent_id for post in found.posts] == ["201", "211", "211", "201"]


@pytest.mark.parametrize(
    ("source", "region"),
    [
        ("来自山东", "山东"),
        ("发布于 北京", "北京"),
        ('<a href="x">iPhone客户端</a>', ""),
        ("", ""),
        (None, ""),
    ],
)
def test_the_region_of_a_comment_is_not_its_device(source, region):
    assert weibo_json.comments({"comments": [blob("5", source=source)]}, SEEN).posts[0].region == region


def test_a_kept_item_is_read_by_itself():
    kept = json.dumps(blob("5200000000000101", retweeted_status=blob("5200000000000050")))
    assert len(weibo_json.one_status(kept, SEEN).posts) == 2
    assert weibo_json.one_comment(kept, SEEN, "7", "https://p.invalid").posts[0].parent_id == "7"
    with pytest.raises(BadInput, match="没有编号"):
        weibo_json.one_status('{"text": "没有编号"}', SEEN)


@pytest.mark.parametrize(
    "evil", [[1], ["x"], [None], [{"id": 5, "user": []}], [{"id": 5, "pics": [5]}], [[]]]
)
def test_odd_items_cost_only_themselves(evil):
    found = weibo_json.statuses({"statuses": [*evil, blob("6")]}, SEEN)
    assert "6" in {post.native_id for post in found.posts}
    assert len(found.groups) + len(found.broken) == 2


@pytest.mark.parametrize(
    "more",
    [{"retweeted_status": "x"}, {"isLongText": True, "longText": "x"}, {"user": "x"}, {"pic_infos": [1]}],
)
def test_a_field_of_another_kind_costs_only_its_post(more):
    found = weibo_json.statuses({"statuses": [blob("5", **more), blob("6")]}, SEEN)
    assert [post.native_id for post in found.posts] == ["6"] and len(found.broken) == 1
    assert found.ids == (5, 6)


@pytest.mark.parametrize(
    "text",
    [
        '{"ok":1,"data":{"cards":5}}',
        '{"ok":1,"data":{"cards":[],"cardlistInfo":[1]}}',
        '{"statuses":7}',
        '{"ok":1,"data":{"list":true}}',
        '{"statuses":[{"id":"' + "9" * 5000 + '"}]}',
    ],
)
def test_a_list_of_another_kind_is_bad_input_and_no_crash(text):
    with pytest.raises(BadInput, match="格式不符"):
        weibo_json.status_page(text, SEEN)


def test_json_that_nests_too_deep_is_bad_input():
    with pytest.raises(BadInput):
        weibo_json.load("[" * 100_000)


# --- addresses


def test_every_way_says_what_it_can_do():
    for way in weibo_ways.WAYS.values():
        asked = {
            "timeline": lambda way: way.timeline("7000000001", ""),
            "search": lambda way: way.search("聊城 异味", ""),
            "comments": lambda way: way.comments("5200000000000101", ""),
        }
        for mode, ask in asked.items():
            if mode in way.modes:
                assert ask(way).startswith(f"{way.base}/")
            else:
                with pytest.raises(NotImplementedError):
                    ask(way)


def test_a_position_is_added_to_the_first_address():
    mobile, desktop = weibo_ways.WAYS["mobile"], weibo_ways.WAYS["desktop"]
    assert mobile.timeline("7", mobile.following(1, "since_id=9")) == (
        "https://m.weibo.cn/api/container/getIndex?containerid=1076037&since_id=9"
    )
    assert desktop.timeline("7", desktop.following(1, "since_id=9")) == (
        "https://weibo.com/ajax/statuses/mymblog?uid=7&page=2&feature=0&since_id=9"
    )
    assert "max_id=139&max_id_type=1" in mobile.replies("201", "max_id=139&max_id_type=1")


def test_a_cookie_brings_the_token_that_the_page_itself_would_send():
    desktop, results = weibo_ways.WAYS["desktop"], weibo_ways.WAYS["results"]
    assert desktop.headers("SUB=x; XSRF-TOKEN=abc; SUBP=y")["X-XSRF-TOKEN"] == "abc"
    assert "X-XSRF-TOKEN" not in desktop.headers("SUB=x") and "Cookie" not in desktop.headers("")
    assert results.headers("SUB=x") == {"Cookie": "SUB=x"}
