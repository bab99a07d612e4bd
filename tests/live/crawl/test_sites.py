"""The real spiders in a child process against local sites that behave, misbehave, move and die."""

from __future__ import annotations

import gzip
import itertools
import json
import subprocess
import sys
import time
from datetime import date
from datetime import datetime
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs
from urllib.parse import urlsplit

import pytest

from huanyu import clock
from huanyu.clock import SHANGHAI

PAGES = Path(__file__).resolve().parents[2] / "pages"
ROOT = Path(__file__).resolve().parents[3]


def page(name: str) -> bytes:
    return (PAGES / name).read_bytes()


def query(path: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}


def as_json(answer, value: object, status: int = 200):
    return answer(json.dumps(value, ensure_ascii=False).encode(), status, "application/json; charset=utf-8")


def stored(desk) -> list:
    store = desk.store()
    try:
        return [post for post, _ in store.posts.iterate(None)]
    finally:
        store.close()


def rejected(desk) -> list:
    store = desk.store()
    try:
        return store.posts.rejects(100)
    finally:
        store.close()


def state(desk, key: str):
    store = desk.store()
    try:
        return store.sources.state(key)
    finally:
        store.close()


# --- Weibo, open platform


class Mentions:
    """The three lists of an account, honouring since_id, max_id, count and page."""

    def __init__(self, answer, ids: list[int]) -> None:
        self.answer = answer
        self.ids = ids

    def __call__(self, path: str, headers: dict[str, str]):
        if headers.get("Authorization") != "OAuth2 token-of-the-test":
            return as_json(
                self.answer, {"request": path, "error_code": 21332, "error": "invalid_access_token"}, 400
            )
        name = "comments" if "/comments/" in path else "statuses"
        told = query(path)
        above, below = int(told.get("since_id", 0)), int(told.get("max_id", 10**18))
        ids = (
            [one for one in sorted(self.ids, reverse=True) if above < self.shown(name, one) <= below]
            if "to_me" not in path
            else []
        )
        first = (int(told["page"]) - 1) * 20
        return as_json(self.answer, {name: [self.one(name, one) for one in ids[first : first + 20]]})

    def shown(self, name: str, number: int) -> int:
        return number + (name == "comments")

    def one(self, name: str, number: int) -> dict:
        user = {"id": 7000000001, "screen_name": "柳园街边"}
        yesterday = clock.now() - timedelta(days=1)
        told = {"created_at": yesterday.strftime("%a %b %d %H:%M:%S %z %Y"), "user": user}
        if name == "comments":
            own = {"id": 9, "user": {"id": 8}}
            return told | {
                "id": self.shown(name, number),
                "text": f"@聊城环境 楼下又冒烟了 {number}",
                "status": own,
            }
        return told | {"id": number, "text": f"@聊城环境 楼下烧烤摊油烟 {number}"}


def test_mentions_come_in_once_and_then_only_the_news(desk, serve, answer):
    platform = Mentions(answer, list(range(1000, 1100, 2)))
    site = serve(platform)
    desk.source("at", "weibo", "weibo", mode="mentions", base_url=site.url, secret="weibo", max_pages=10)

    first = desk.crawl("at")
    assert (first.state, first.new, first.finished) == ("ok", 100, True)
    assert not any("token" in path for path in site.paths)

    platform.ids += [2000, 2002]
    again = desk.crawl("at")
    assert (again.new, again.seen) == (4, 0)
    assert {post.parent_id for post in stored(desk) if "冒烟" in post.text} == {"9"}


def test_a_dead_token_is_a_login_alarm_and_the_cursor_stays(desk, serve, answer):
    platform = Mentions(answer, [1000])
    site = serve(platform)
    desk.source("at", "weibo", "weibo", base_url=site.url, secret="weibo")
    desk.crawl("at")
    before = state(desk, "at").cursor

    desk.folder.joinpath("secrets.toml").write_text(
        'store_key = "a key that only tests use"\nweibo = "expired"\n'
    )
    asked = len(site.asked)
    report = desk.crawl("at")
    assert report.state == "login_needed" and "重新授权" in report.sentence
    assert len(site.asked) == asked + 1  # not hammered
    assert state(desk, "at").cursor == before


def test_broken_json_is_kept_with_address_and_reason_and_the_other_lists_go_on(desk, serve, answer):
    platform = Mentions(answer, [1000])

    def respond(path: str, headers: dict[str, str]):
        if path.startswith("/statuses/"):
            return answer(b'{"statuses":[{"id":1,', 200, "application/json")
        return platform(path, headers)

    site = serve(respond)
    desk.source("at", "weibo", "weibo", base_url=site.url, secret="weibo")
    report = desk.crawl("at")
    assert (report.new, report.rejects) == (1, 1)
    kept = rejected(desk)[0]
    assert kept.where.startswith(f"{site.url}/statuses/mentions.json") and "不是完整的 JSON" in kept.reason
    assert kept.payload == b'{"statuses":[{"id":1,'


# --- Weibo, pages with a permission


def mobile(answer):
    def respond(path: str, headers: dict[str, str]):
        if path.startswith("/statuses/extend"):
            return as_json(answer, {"ok": 1, "data": {"longTextContent": "去年就投诉过，<br />全文在这里"}})
        if path.startswith("/comments/hotflow"):
            more = "max_id" not in query(path)
            found = json.loads(page("weibo_hotflow.json"))
            if not more:
                found = {"ok": 1, "data": {"data": [], "max_id": 0}}
            return as_json(answer, found)
        if query(path).get("page", "1") != "1":
            return as_json(answer, {"ok": 0, "msg": "这里还没有内容", "data": {"cards": []}})
        return answer(page("weibo_search.json"), 200, "application/json; charset=utf-8")

    return respond


def test_without_a_written_permission_not_one_request_goes_out(desk, serve, answer):
    site = serve(mobile(answer))
    desk.source("search", "weibo", "weibo", mode="search", base_url=site.url, keywords=["聊城 异味"])
    report = desk.crawl("search")
    assert report.state == "robots_closed" and "许可" in report.sentence
    assert site.asked == []


def test_a_search_reads_cards_and_the_whole_of_long_texts(desk, serve, answer):
    site = serve(mobile(answer), robots="User-agent: *\nDisallow: /\n")
    desk.source(
        "search",
        "weibo",
        "weibo",
        mode="search",
        base_url=site.url,
        keywords=["聊城 异味"],
        permission="函〔2026〕1号",
    )
    report = desk.crawl("search")
    assert (report.state, report.new, report.rejects) == ("ok", 3, 1)
    assert {post.text for post in stored(desk)} >= {"去年就投诉过，\n全文在这里"}


def test_comments_are_read_when_their_number_has_changed(desk, serve, answer):
    site = serve(mobile(answer))
    desk.source(
        "own",
        "weibo",
        "weibo",
        mode="comments",
        base_url=site.url,
        accounts=["7000000001"],
        permission="本账号",
    )
    assert desk.crawl("own").new == 3
    asked = sum("hotflow" in path for path in site.paths)
    desk.crawl("own")
    assert sum("hotflow" in path for path in site.paths) == asked


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (200, '{"ok":-100,"url":"https://passport.invalid/"}', "login_needed"),
        (432, "", "wall"),
        (200, "<html><title>Sina Visitor System</title></html>", "wall"),
        (200, '{"ok":0,"msg":"这里还没有内容","data":{"cards":[]}}', "ok"),
    ],
)
def test_a_wall_is_met_once_and_told_apart_from_nothing_found(desk, serve, answer, status, body, expected):
    site = serve(lambda path, headers: answer(body.encode(), status, "application/json"))
    words = ["聊城 噪音", "聊城 异味", "聊城 污水"]
    desk.source("search", "weibo", "weibo", mode="search", base_url=site.url, keywords=words, permission="函")
    report = desk.crawl("search")
    assert report.state == expected
    assert len(site.asked) == (3 if expected == "ok" else 1)
    kept = [one.where for one in rejected(desk)]
    assert kept == [] if expected == "ok" else kept[0].startswith(site.url)


# --- Discuz


def forum(answer, encoding: str = "utf-8", claim: str = "utf-8", walled: str = ""):
    """One board of two readable threads and a sticky one that is gone; board `walled` wants a log-in."""

    def respond(path: str, headers: dict[str, str]):
        told = query(path)
        kind = f"text/html; charset={claim}"
        if told.get("fid") == walled:
            return answer(
                '<div id="messagetext" class="alert_error"><p>抱歉，您需要先登录</p></div>'.encode(),
                200,
                kind,
            )
        if told["mod"] == "forumdisplay":
            html = page("discuz_board.html").decode()
            html = html if told["page"] == "1" else html.split("<tbody")[0] + "</table></div></body></html>"
            return answer(html.encode(encoding, "xmlcharrefreplace"), 200, kind)
        if told["tid"] == "12":
            return answer(
                '<div id="messagetext" class="alert_error"><p>抱歉，指定的主题不存在</p></div>'.encode(),
                404,
                kind,
            )
        html = page("discuz_thread.html").decode().replace("9001", f"{told['tid']}{told['page']}")
        return answer(html.encode(encoding, "xmlcharrefreplace"), 200, kind)

    return respond


def test_a_gbk_board_that_claims_utf8_reads_like_its_utf8_twin(desk, serve, answer):
    good, lying = serve(forum(answer)), serve(forum(answer, "gbk", "utf-8"))
    desk.source("good", "discuz", base_url=good.url, boards=["5"], max_pages=2)
    desk.source("lying", "discuz", base_url=lying.url, boards=["5"], max_pages=2)
    assert desk.crawl("good").new == desk.crawl("lying").new == 12
    told = {
        key: sorted((post.native_id, post.title, post.text) for post in stored(desk) if post.source == key)
        for key in ("good", "lying")
    }
    assert told["good"] == told["lying"]


def test_a_long_thread_gives_its_first_and_its_newest_pages(desk, serve, answer):
    site = serve(forum(answer))
    desk.source("forum", "discuz", base_url=site.url, boards=["5"], max_pages=3)
    desk.crawl("forum")
    pages = [query(path)["page"] for path in site.paths if query(path).get("tid") == "8801"]
    assert pages == ["1", "12", "11"]


def test_the_next_visit_reads_only_threads_that_moved(desk, serve, answer):
    site = serve(forum(answer))
    desk.source("forum", "discuz", base_url=site.url, boards=["5"], max_pages=12)
    desk.crawl("forum")
    site.asked.clear()
    report = desk.crawl("forum")
    assert (report.state, report.new) == ("ok", 0)
    assert {query(path)["tid"] for path in site.paths if "tid" in query(path)} == {"8801"}


def test_a_walled_board_is_an_alarm_and_the_open_one_is_read(desk, serve, answer):
    site = serve(forum(answer, walled="7"))
    desk.source("forum", "discuz", base_url=site.url, boards=["7", "5"], max_pages=2)
    report = desk.crawl("forum")
    assert report.state == "login_needed" and report.new == 12


def test_a_thread_that_failed_is_read_on_the_next_visit(desk, serve, answer):
    respond, down = forum(answer), [True]

    def flaky(path: str, headers: dict[str, str]):
        return answer(status=500) if down[0] and query(path).get("tid") == "8790" else respond(path, headers)

    site = serve(flaky)
    desk.source("forum", "discuz", base_url=site.url, boards=["5"], max_pages=12)
    assert desk.crawl("forum").new == 36
    down[0] = False
    assert desk.crawl("forum").new == 36
    assert state(desk, "forum").cursor.get("again:5") is None


def test_a_closed_robots_txt_closes_the_source(desk, serve, answer):
    site = serve(forum(answer), robots="User-agent: Huanyu\nDisallow: /\n")
    desk.source("forum", "discuz", base_url=site.url, boards=["5"])
    report = desk.crawl("forum")
    assert report.state == "robots_closed" and site.asked == []


# --- news


def news(answer, feed: str = "feed.xml"):
    def respond(path: str, headers: dict[str, str]):
        told = {name.lower(): value for name, value in headers.items()}
        if path == "/rss.xml":
            if told.get("if-none-match") == '"v1"':
                return answer(status=304)
            body = page(feed).decode().replace("http://news.invalid", f"http://{told['host']}")
            return answer(body.encode(), 200, "application/rss+xml", {"ETag": '"v1"'})
        return answer(page("article.html")) if "101" in path else answer(status=404)

    return respond


def test_a_feed_brings_articles_and_is_not_read_again_unchanged(desk, serve, answer):
    site = serve(news(answer))
    desk.source("news", "feed", "news", urls=[f"{site.url}/rss.xml"])
    report = desk.crawl("news")
    assert (report.state, report.new) == ("ok", 3)
    posts = {post.title: post for post in stored(desk)}
    assert posts["我市开展夜间&噪声联合检查"].text.count("\n") == 2
    assert posts["没有编号的稿件"].text == "只有摘要"

    site.asked.clear()
    again = desk.crawl("news")
    assert (again.state, again.new, again.seen) == ("ok", 0, 0)
    assert site.paths == ["/rss.xml"]


def test_an_empty_feed_is_fine_and_a_web_page_in_its_place_is_kept(desk, serve, answer):
    empty = b'<?xml version="1.0"?><rss version="2.0"><channel><title>t</title></channel></rss>'
    site = serve(lambda path, headers: answer(empty if path == "/a" else b"<html><body>moved</body></html>"))
    desk.source("a", "feed", "news", urls=[f"{site.url}/a"])
    desk.source("b", "feed", "news", urls=[f"{site.url}/b"])
    assert desk.crawl("a").state == "ok"
    report = desk.crawl("b")
    assert report.state == "failing" and report.rejects == 1
    assert "不是 RSS 或 Atom" in rejected(desk)[0].reason and "网页" in report.sentence


# --- manners and safety


def test_a_redirect_to_an_inside_address_is_not_followed(desk, serve, answer):
    inside = serve(lambda path, headers: answer(page("feed.xml"), 200, "application/xml"))
    site = serve(lambda path, headers: answer(status=302, headers={"Location": f"{inside.url}/secret"}))
    desk.source("news", "feed", "news", urls=[f"{site.url}/rss.xml"])
    report = desk.crawl("news")
    assert inside.asked == []
    assert report.state == "failing" and "内部地址" in report.sentence


def test_a_name_that_leads_inside_is_not_followed(desk, serve, answer):
    inside = serve(lambda path, headers: answer(page("feed.xml"), 200, "application/xml"))
    port = urlsplit(inside.url).port
    for name in (f"127.1:{port}", f"0x7f000001:{port}"):
        site = serve(
            lambda path, headers, name=name: answer(status=302, headers={"Location": f"http://{name}/secret"})
        )
        desk.source(name, "feed", "news", urls=[f"{site.url}/rss.xml"])
        assert desk.crawl(name).state == "failing"
    assert inside.asked == []


def test_a_page_without_end_is_cut(desk, serve, answer):
    huge = b"<rss>" + b"<item></item>" * 800_000
    site = serve(lambda path, headers: answer(huge, 200, "application/xml"))
    desk.source("news", "feed", "news", urls=[f"{site.url}/rss.xml"])
    report = desk.crawl("news")
    assert report.state == "failing" and "过大" in report.sentence


def test_a_packed_page_that_ends_in_the_middle_is_asked_for_again(desk, serve, answer):
    respond, sent = news(answer), []

    def cut_once(path: str, headers: dict[str, str]):
        found = respond(path, headers)
        if path != "/rss.xml":
            return found
        sent.append(path)
        packed = gzip.compress(found.body)
        body = packed[: len(packed) // 2] if len(sent) == 1 else packed
        return answer(body, found.status, found.type, {**found.headers, "Content-Encoding": "gzip"})

    site = serve(cut_once)
    desk.source("news", "feed", "news", urls=[f"{site.url}/rss.xml"])
    report = desk.crawl("news")
    assert len(sent) == 2
    assert report.state == "ok" and report.new


def test_the_server_never_sees_two_requests_closer_than_the_pace(desk, serve, answer):
    site = serve(forum(answer))
    desk.source("forum", "discuz", base_url=site.url, boards=["5"], max_pages=2, pace=0.4)
    desk.crawl("forum")
    times = [when for when, _ in site.asked]
    assert len(times) >= 5
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert min(gaps) >= 0.4 * 0.9  # clocks of two processes


def test_retry_after_is_honoured_when_short_and_remembered_when_long(desk, serve, answer):
    respond, told = news(answer), ["1"]

    def busy(path: str, headers: dict[str, str]):
        if told and path == "/rss.xml":
            return answer(status=503, headers={"Retry-After": told.pop()})
        return respond(path, headers)

    site = serve(busy)
    desk.source("news", "feed", "news", urls=[f"{site.url}/rss.xml"])
    assert desk.crawl("news").new == 3
    first, second = (when for when, path in site.asked[:2])
    assert second - first >= 1.0

    told.append("7200")
    desk.crawl("news")
    site.asked.clear()
    resting = desk.crawl("news")
    assert site.asked == [] and not resting.finished


def test_we_introduce_ourselves(desk, serve, answer):
    site = serve(news(answer))
    desk.source("news", "feed", "news", urls=[f"{site.url}/rss.xml"])
    desk.crawl("news")
    assert {headers["user-agent"] for headers in site.headers} == {
        "Huanyu/0.1 (+https://sthj.example.org; tel 0635-8000000)"
    }


def test_a_dead_source_says_so(desk, serve, answer):
    site = serve(news(answer))
    site.close()
    desk.source("news", "feed", "news", urls=[f"{site.url}/rss.xml"])
    report = desk.crawl("news")
    assert report.state == "failing" and "拒绝连接" in report.sentence
    assert state(desk, "news").sentence == report.sentence


# --- endurance


def test_killed_in_the_middle_nothing_is_lost_and_nothing_doubled(desk, serve, answer):
    platform = Mentions(answer, list(range(1000, 1400, 2)))

    def slow(path: str, headers: dict[str, str]):
        time.sleep(0.1)
        return platform(path, headers)

    site = serve(slow)
    desk.source("at", "weibo", "weibo", base_url=site.url, secret="weibo", max_pages=50)
    for pages in (4, 9, 15):
        site.asked.clear()
        child = desk.start("at")
        while len(site.asked) < pages and child.runs():
            time.sleep(0.02)
        child.kill()
    killed = {post.native_id for post in stored(desk)}
    desk.crawl("at")
    found = [post.native_id for post in stored(desk)]
    assert 0 < len(killed) < 400
    assert len(found) == len(set(found)) == 400 and killed <= set(found)


def test_a_visit_that_takes_too_long_is_stopped_and_keeps_what_it_has(desk, serve, answer):
    platform = Mentions(answer, list(range(1000, 2000, 2)))
    site = serve(platform)
    desk.source("at", "weibo", "weibo", base_url=site.url, secret="weibo", max_pages=90, pace=2.0)
    report = desk.crawl("at", timeout=16)
    assert not report.finished and report.new > 0
    assert state(desk, "at").cursor.get("statuses/mentions") is None


def test_scrapy_itself_knows_and_runs_our_spiders(desk, serve, answer):
    scrapy = [sys.executable, "-m", "scrapy"]
    listed = subprocess.run([*scrapy, "list"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert {"discuz", "feed", "site", "weibo"} <= set(listed.stdout.split())

    site = serve(news(answer))
    desk.source("news", "feed", "news", urls=[f"{site.url}/rss.xml"])
    told = [*scrapy, "crawl", "feed", "-a", "source=news", "-s", f"HUANYU_CONFIG={desk.config_path}"]
    subprocess.run(told, cwd=ROOT, capture_output=True, check=True)
    assert len(stored(desk)) == 3


def test_an_unknown_source_or_mode_is_named(desk, serve, answer):
    desk.source("at", "weibo", "weibo", mode="mentoins")
    assert "nowhere" in desk.crawl("nowhere").sentence
    report = desk.crawl("at")
    assert report.state == "failing" and "mentoins" in report.sentence


def test_a_rehearsed_visit_lives_in_its_own_time(desk, serve, answer):
    site = serve(mobile(answer))
    desk.source(
        "search", "weibo", "weibo", mode="search", base_url=site.url, keywords=["异味"], permission="函"
    )
    desk.crawl("search", at=datetime(2026, 3, 6, 9, 0, tzinfo=SHANGHAI))
    seen = next(post for post in stored(desk) if post.native_id.endswith("101"))
    assert seen.fetched_at.date() == date(2026, 3, 6)
    assert seen.posted_at == datetime(2026, 3, 5, 23, 58, tzinfo=SHANGHAI)
