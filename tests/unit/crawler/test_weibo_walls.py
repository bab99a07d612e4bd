"""Walls and refusals of Weibo: every one recognised, told apart from nothing found, and told in a plain sentence."""

from __future__ import annotations

import json

import pytest

from crawler import walls


@pytest.mark.parametrize(
    ("status", "body", "state"),
    [
        (200, '{"ok":-100,"url":"https://passport.weibo.invalid/signin"}', "login_needed"),
        (403, '{"ok":0,"message":"前方有点拥堵，请登录后使用"}', "login_needed"),
        (403, '{"error":"Forbidden"}', "wall"),
        (432, "", "wall"),
        (200, "<html><title>Sina Visitor System</title></html>", "wall"),
        (200, "<!DOCTYPE html><html><body>hello</body></html>", "wall"),
        (200, '{"ok":0,"errno":"20101","msg":"该微博不存在"}', "gone"),
        (403, '{"request":"/2/x.json","error_code":"21327","error":"expired_token"}', "login_needed"),
        (403, '{"request":"/2/x.json","error_code":10023,"error":"User requests out of rate limit"}', "slow"),
        (403, '{"request":"/2/x.json","error_code":10014,"error":"Insufficient app permissions"}', "failing"),
        (400, '{"request":"/2/x.json","error_code":10001,"error":"System error"}', "failing"),
        (502, "<html>Bad Gateway</html>", "failing"),
        (429, "", "slow"),
    ],
)
def test_every_wall_of_weibo_is_recognised(status, body, state):
    assert walls.find(status, body, "json").state == state


@pytest.mark.parametrize(
    "body",
    [
        '{"ok":0,"msg":"这里还没有内容","data":{"cards":[]}}',
        '{"ok":1,"data":{"list":[],"next_cursor":-1}}',
        '{"statuses":[],"total_number":0}',
        '{"ok":1,"data":{}}',
    ],
)
def test_an_empty_result_is_no_wall(body):
    assert walls.find(200, body, "json") is None


def test_broken_json_is_bad_input_and_no_wall():
    assert walls.find(200, '{"ok":1,"data":', "json") is None


@pytest.mark.parametrize(
    ("status", "body", "state"),
    [
        (200, '{"ok":0,"errno":"100005","msg":"请求过于频繁,歇歇吧"}', "slow"),
        (200, '{"ok":0,"msg":"前方拥堵，请稍后再试"}', "slow"),
        (200, '{"ok":0,"msg":"请输入验证码"}', "wall"),
        (200, '{"ok":0,"msg":"该微博不存在"}', "gone"),
        (200, '{"ok":0,"errno":20101}', "gone"),
        (200, '{"ok":0,"msg":"微博已被作者删除"}', "gone"),
        (200, '{"ok":0,"msg":"用户不存在"}', "failing"),
        (200, '{"ok":0,"msg":"系统开小差了"}', "failing"),
        (200, '{"ok":"-100"}', "login_needed"),
        (200, '{"code":"A1","message":"请先登录"}', "login_needed"),
        (400, '{"request":"/2/x.json","error_code":99999,"error":"who knows"}', "failing"),
        (
            400,
            '{"request":"/2/x.json","error_code":"10006","error":"Source paramter (appkey) is missing."}',
            "login_needed",
        ),
        (302, "", "failing"),
        (200, "<html><head><title>微博登录</title></head></html>", "login_needed"),
        (200, "  \n<html><title>访问验证</title></html>", "wall"),
    ],
)
def test_what_has_no_code_is_told_by_its_words(status, body, state):
    assert walls.find(status, body, "json").state == state


@pytest.mark.parametrize(
    "location",
    [
        "https://passport.weibo.com/sso/signin?entry=wapsso&url=x",
        "https://passport.weibo.cn/signin/login",
        "//visitor.passport.weibo.cn/visitor/visitor?entry=sinawap",
        "https://login.sina.com.cn/sso/login.php?url=x",
        "https://weibo.com/login.php?url=https%3A%2F%2Fweibo.com%2F",
        "/sso/signin?entry=x",
    ],
)
@pytest.mark.parametrize("expects", ["json", "results"])
def test_a_redirect_to_the_door_is_a_dead_login(location, expects):
    assert walls.find(302, "", expects, location) is walls.LOGIN


@pytest.mark.parametrize(
    "location", ["", "https://m.weibo.cn/detail/5", "https://notpassport.weibo.com.invalid/x"]
)
def test_another_redirect_is_no_login(location):
    assert walls.find(302, "", "json", location).state == "failing"


@pytest.mark.parametrize(
    "said",
    [
        "还没有人评论哦~快来抢沙发！",
        "暂无数据",
        "没有更多内容了",
        "抱歉，未找到相关结果",
        "快来发表你的评论吧",
    ],
)
def test_honest_emptiness_is_a_result(said):
    assert walls.find(200, json.dumps({"ok": 0, "msg": said}), "json") is None


def test_every_sentence_is_chinese_and_short_enough_for_a_table():
    told = {*walls.API_CODES.values(), *(wall for _, wall in walls.SAYINGS), *walls.STATUS.values()}
    told |= {wall for _, wall in walls.PAGE_MARKS} | {walls.HTML_FOR_JSON, walls.HTML_FOR_XML}
    for wall in told:
        assert wall.state in {"wall", "login_needed", "slow", "failing", "gone"}
        assert sum("\u4e00" <= char <= "\u9fff" for char in wall.sentence) >= 8 and len(wall.sentence) <= 80


# --- a web page where a feed was expected


@pytest.mark.parametrize(
    "body",
    [
        "<!DOCTYPE html><html><body>moved</body></html>",
        "<html><head><title>首页</title></head></html>",
        '\ufeff <?xml version="1.0"?><!-- x --><!-- y -->\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0"><html></html>'[
            1:
        ],
    ],
)
def test_a_web_page_at_the_address_of_a_feed_says_so(body):
    wall = walls.find(200, body, "xml")
    assert wall is walls.HTML_FOR_XML and not wall.stop and "网页" in wall.sentence


@pytest.mark.parametrize(
    "body",
    [
        '<?xml version="1.0"?><rss version="2.0"><channel><title>t</title></channel></rss>',
        '<?xml version="1.0"?><!-- html --><feed xmlns="http://www.w3.org/2005/Atom"></feed>',
        "<rdf:RDF></rdf:RDF>",
        "<br /><b>Warning</b>: x <rss></rss>",
        "",
        "<rss><channel><item><description>&lt;html&gt;</description></item></channel></rss>",
    ],
)
def test_a_feed_is_not_taken_for_a_web_page(body):
    assert walls.find(200, body, "xml") is None


def test_a_captcha_at_the_address_of_a_feed_is_a_wall_and_a_missing_feed_is_missing():
    assert walls.find(200, "<html><title>安全验证</title></html>", "xml") is walls.ANTI_BOT
    assert walls.find(404, "<html><title>404</title></html>", "xml") is walls.GONE
    assert walls.find(502, "<html><title>Bad Gateway</title></html>", "xml").state == "failing"


@pytest.mark.timeout(60)  # a pattern that tries every way through such a page would take years
@pytest.mark.parametrize(
    "body", ["<!--" * 9000, "<!---->" * 5000, "<!-- " * 3000 + "-->" * 3000, "<title>" * 5000, " " * 90_000]
)
def test_no_page_can_make_the_judge_think_for_long(body):
    assert walls.find(200, body, "xml") is None
    assert walls.find(200, body, "html") is None
    assert walls.find(200, body, "results") is None
