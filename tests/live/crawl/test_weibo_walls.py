"""What the real spider makes of every wall and refusal: met once, told in a sentence, never taken for nothing found."""

from __future__ import annotations

import pytest

from tests.live.crawl.weibo_site import OWNER
from tests.live.crawl.weibo_site import Faces
from tests.live.crawl.weibo_site import Said

BASE = 5_200_000_000_000_000
SIGN_IN = "https://passport.weibo.com/sso/signin?entry=miniblog"
VISITOR = "<html><head><title>Sina Visitor System</title></head></html>"


def state(desk, key: str):
    store = desk.store()
    try:
        return store.sources.state(key)
    finally:
        store.close()


def kept(desk) -> list:
    store = desk.store()
    try:
        return store.posts.rejects(100)
    finally:
        store.close()


def page(desk, site, key: str = "w", **more: object) -> None:
    desk.source(key, "weibo", "weibo", base_url=site.url, permission="函〔2026〕1号", **more)


@pytest.mark.parametrize(
    ("via", "status", "body", "location", "expected", "words"),
    [
        (
            "mobile",
            200,
            '{"ok":"-100","url":"https://passport.weibo.com/x"}',
            "",
            "login_needed",
            "登录已失效",
        ),
        ("desktop", 403, '{"ok":0,"message":"前方有点拥堵，请登录后使用"}', "", "login_needed", "登录已失效"),
        ("desktop", 403, '{"error":"Forbidden"}', "", "wall", "403"),
        ("mobile", 432, "", "", "wall", "反爬虫"),
        ("desktop", 200, VISITOR, "", "wall", "访客验证"),
        ("mobile", 302, "", SIGN_IN, "login_needed", "登录已失效"),
        ("results", 302, "", SIGN_IN, "login_needed", "登录已失效"),
        (
            "results",
            200,
            "<html><body><div id='pl_login_form'></div></body></html>",
            "",
            "login_needed",
            "登录",
        ),
        ("mobile", 200, '{"ok":0,"errno":"100005","msg":"请求过于频繁,歇歇吧"}', "", "slow", "频繁"),
    ],
)
def test_a_wall_ends_the_visit_and_is_an_alarm(
    desk, serve, answer, via, status, body, location, expected, words
):
    headers = {"Location": location} if location else {}
    kind = "application/json" if body.startswith("{") else "text/html; charset=utf-8"
    site = serve(lambda path, told: answer(body.encode(), status, kind, headers))
    mode = "timeline" if via == "desktop" else "search"
    page(desk, site, mode=mode, via=via, accounts=[OWNER, "7000000002"], keywords=["噪音", "异味"])
    report = desk.crawl("w")
    assert (report.state, report.finished) == (expected, False) and words in report.sentence
    assert len(site.asked) == 1, "not hammered"
    assert [one.where for one in kept(desk)] == [f"{site.url}{site.paths[0]}"]


@pytest.mark.parametrize(
    ("via", "body"),
    [
        ("mobile", '{"ok":0,"msg":"这里还没有内容","data":{"cards":[]}}'),
        ("results", '<div id="pl_feedlist_index"><p class="card-no-result">抱歉，未找到</p>请登录</div>'),
    ],
)
def test_nothing_found_is_a_success_without_items(desk, serve, answer, via, body):
    kind = "application/json" if body.startswith("{") else "text/html; charset=utf-8"
    site = serve(lambda path, told: answer(body.encode(), 200, kind))
    page(desk, site, mode="search", via=via, keywords=["噪音", "异味"])
    report = desk.crawl("w")
    assert (report.state, report.new, report.rejects, report.finished) == ("ok", 0, 0, True)
    assert len(site.asked) == 2 and kept(desk) == []


@pytest.mark.parametrize("body", [b"{}", b'{"ok":1,"data":{}}'])
def test_an_answer_without_a_list_is_not_nothing_found(desk, serve, answer, body):
    site = serve(lambda path, told: answer(body, 200, "application/json"))
    page(desk, site, mode="timeline", via="desktop", accounts=[OWNER])
    report = desk.crawl("w")
    assert report.state == "failing" and report.rejects == 1
    assert "没有微博列表" in kept(desk)[0].reason


def test_a_list_that_is_gone_is_told_and_the_others_are_read(desk, serve, answer):
    faces = Faces(answer, [Said(BASE + 1, "楼下油烟")])
    faces.instead = lambda path: (
        faces.json({"ok": 0, "errno": "20101", "msg": "x"}) if "0002" in path else None
    )
    page(desk, serve(faces), mode="timeline", accounts=["7000000002", OWNER])
    report = desk.crawl("w")
    assert report.new == 1 and "不存在" in report.sentence
    assert "timeline:7000000002" not in state(desk, "w").cursor


def test_comments_of_a_post_that_is_gone_are_no_alarm(desk, serve, answer):
    faces = Faces(answer, [Said(BASE + 1, "楼下油烟"), Said(BASE + 2, "也是", below=BASE + 1)])
    faces.instead = lambda path: faces.json({"ok": 0, "errno": 20101}) if "hotflow" in path else None
    page(desk, serve(faces), mode="comments", accounts=[OWNER])
    report = desk.crawl("w")
    assert (report.state, report.rejects) == ("ok", 0)
    desk.crawl("w")
    assert sum("hotflow" in path for path in faces.asked) == 1


def test_a_wall_in_the_middle_leaves_the_cursor_where_it_was(desk, serve, answer):
    faces = Faces(answer, [Said(BASE + n, f"异味 {n}") for n in range(1, 10)])
    page(desk, serve(faces), mode="search", keywords=["异味"])
    faces.instead = lambda path: answer(b"", 432) if "page=2" in path else None
    report = desk.crawl("w")
    assert report.state == "wall" and report.new == 3
    assert "search:异味" not in state(desk, "w").cursor
    faces.instead = lambda path: None
    again = desk.crawl("w")
    assert (again.state, again.new) == ("ok", 6)


@pytest.mark.parametrize(
    ("status", "body", "location", "expected", "words", "lists"),
    [
        (
            403,
            '{"request":"/2/x","error_code":"21327","error":"expired_token"}',
            "",
            "login_needed",
            "重新授权",
            1,
        ),
        (
            403,
            '{"request":"/2/x","error_code":21332,"error":"invalid_access_token"}',
            "",
            "login_needed",
            "重新授权",
            1,
        ),
        (
            400,
            '{"request":"/2/x","error_code":10006,"error":"Source paramter"}',
            "",
            "login_needed",
            "令牌",
            1,
        ),
        (
            403,
            '{"request":"/2/x","error_code":"10023","error":"User requests out of rate"}',
            "",
            "slow",
            "频繁",
            1,
        ),
        (403, '{"request":"/2/x","error_code":10014,"error":"Insufficient"}', "", "failing", "读取权限", 1),
        (400, '{"request":"/2/x","error_code":20031,"error":"captcha"}', "", "wall", "验证码", 1),
        (400, '{"request":"/2/x","error_code":10001,"error":"System error"}', "", "failing", "内部出错", 3),
        (302, "", SIGN_IN, "login_needed", "登录已失效", 1),
    ],
)
def test_a_refusal_of_the_open_platform_is_told_plainly(
    desk, serve, answer, status, body, location, expected, words, lists
):
    headers = {"Location": location} if location else {}
    site = serve(lambda path, told: answer(body.encode(), status, "application/json", headers))
    desk.source("at", "weibo", "weibo", base_url=site.url, secret="weibo")
    report = desk.crawl("at")
    assert report.state == expected and words in report.sentence
    assert len(site.asked) == lists


@pytest.mark.parametrize(
    ("body", "expected", "words"),
    [
        ("<html><head><title>安全验证</title></head></html>", "wall", "反爬虫"),
        ("<!DOCTYPE html>\n<html><body>请稍候</body></html>", "failing", "返回的是网页"),
    ],
)
def test_a_web_page_at_the_address_of_a_feed_is_not_called_a_new_layout(
    desk, serve, answer, body, expected, words
):
    site = serve(lambda path, told: answer(body.encode(), 200, "text/html; charset=utf-8"))
    desk.source("news", "feed", "news", urls=[f"{site.url}/rss.xml"])
    report = desk.crawl("news")
    assert report.state == expected and words in report.sentence and "格式可能已改变" not in report.sentence
