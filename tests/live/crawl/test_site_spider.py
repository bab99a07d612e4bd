"""The declarative spider against local message boards that grow, change, repeat themselves and are rebuilt."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs
from urllib.parse import urlsplit

import pytest

from crawler import replay
from huanyu.types import Reject

BOARD = """
[source.rules.list]
item = "ul.board > li"
follow = "a@href"
next = "a.next@href"
empty = "p.nothing"
fields.title = "a"
fields.posted_at = "span.time"
fields.status = "em"

[source.rules.detail]
item = ".ask, .reply"
fields.author = ".who"
fields.posted_at = ".when"
fields.text = ".says"
"""
FLAT = """
[source.rules.list]
item = "ul.board > li"
next = "a.next@href"
fields.text = "a"
fields.posted_at = "span.time"
"""


def query(path: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}


def page(body: str) -> str:
    return f"<!doctype html><html><head><title>民声直通</title></head><body>{body}</body></html>"


class Board:
    """A 民生留言板: a list of ten a page, newest first, and a page for each question with its official answer."""

    size = 10

    def __init__(self, answer: Callable, count: int) -> None:
        self.answer = answer
        self.ids = list(range(count, 0, -1))
        self.replied: set[int] = set()
        self.broken: set[str] = set()
        self.encoding = "utf-8"

    def __call__(self, path: str, headers: dict[str, str]):
        if path in self.broken:
            return self.answer(status=500)
        name, told = urlsplit(path).path, query(path)
        html = self.listing(int(told.get("page", 1))) if name == "/list" else self.question(int(told["id"]))
        return self.answer(html.encode(self.encoding), 200, f"text/html; charset={self.encoding}")

    def listing(self, number: int) -> str:
        rows = self.ids[(number - 1) * self.size : number * self.size]
        items = "".join(
            f'<li><a href="/msg?id={one}">第{one}件: 楼下烧烤油烟扰民</a><span class="time">03-05 10:22</span>'
            f"<em>{'已回复' if one in self.replied else '待回复'}</em></li>"
            for one in rows
        )
        more = (
            f'<a class="next" href="/list?page={number + 1}">下一页</a>' if rows[-1:] != [1] and rows else ""
        )
        return page(f'<ul class="board">{items}</ul>{more}')

    def question(self, one: int) -> str:
        ask = self.block("ask", "柳园街边", "2026-03-05 10:22", f"第{one}件：油烟直排，晚上没法开窗。")
        reply = self.block("reply", "东昌府区综合行政执法局", "2026-03-06 09:00", "已责令安装净化设备。")
        return page(ask + (reply if one in self.replied else ""))

    def block(self, kind: str, who: str, when: str, says: str) -> str:
        return f'<div class="{kind}"><b class="who">{who}</b><i class="when">{when}</i><p class="says">{says}</p></div>'


@pytest.fixture
def board(answer) -> Board:
    return Board(answer, 12)


def add(desk, url: str, rules: str = BOARD, key: str = "minsheng", **more: object) -> None:
    """A source with rules, as a person would write it."""
    urls = more.pop("urls", None) or [f"{url}/list?page=1"]
    desk.source(key, "site", "letter", urls=urls, **more)
    desk.sources[-1] += rules
    (desk.folder / "tables" / "sources.toml").write_text("\n".join(desk.sources), encoding="utf-8")


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


def cursor(desk, key: str = "minsheng") -> dict[str, str]:
    store = desk.store()
    try:
        return dict(store.sources.state(key).cursor)
    finally:
        store.close()


def details(site) -> list[str]:
    return [query(path)["id"] for path in site.paths if path.startswith("/msg")]


def test_questions_and_official_answers_come_in_as_posts_of_their_own(desk, serve, board):
    board.replied = {12, 3}
    site = serve(board)
    add(desk, site.url)
    report = desk.crawl("minsheng")
    assert (report.state, report.new, report.rejects, report.finished) == ("ok", 14, 0, True)
    posts = {post.native_id: post for post in stored(desk)}
    answers = [post for post in posts.values() if post.parent_id]
    assert {post.author for post in answers} == {"东昌府区综合行政执法局"}
    assert {posts[post.parent_id].text for post in answers} == {
        "第12件：油烟直排，晚上没法开窗。",
        "第3件：油烟直排，晚上没法开窗。",
    }
    question = posts[answers[0].parent_id]
    assert question.title.endswith("件: 楼下烧烤油烟扰民")
    assert question.posted_at.isoformat() == "2026-03-05T10:22:00+08:00"


def test_known_items_are_not_fetched_again_and_an_answer_is_noticed(desk, serve, board):
    site = serve(board)
    add(desk, site.url)
    desk.crawl("minsheng")
    site.asked.clear()
    board.ids.insert(0, 13)
    board.replied.add(11)
    report = desk.crawl("minsheng")
    assert (report.new, sorted(details(site))) == (2, ["11", "13"])
    site.asked.clear()
    assert desk.crawl("minsheng").new == 0
    assert site.paths == ["/list?page=1"]


def test_an_answer_to_an_old_question_is_found_as_far_down_as_told(desk, serve, answer):
    board = Board(answer, 30)
    site = serve(board)
    add(
        desk,
        site.url,
        BOARD.replace("[source.rules.list]", "[source.rules]\nlook_back = 3\n[source.rules.list]", 1),
    )
    desk.crawl("minsheng")
    board.replied.add(2)
    site.asked.clear()
    assert desk.crawl("minsheng").new == 1
    assert details(site) == ["2"]


def test_what_one_visit_could_not_hold_the_next_ones_fetch(desk, serve, answer):
    board = Board(answer, 45)
    site = serve(board)
    add(desk, site.url, max_pages=2)
    told = []
    for visit in range(5):
        told.append(desk.crawl("minsheng").new)
        board.ids.insert(0, 100 + visit)  # what is read meanwhile moves down
    ids = {post.native_id.rpartition("=")[2] for post in stored(desk)}
    assert told[0] == 20
    assert ids >= {str(one) for one in range(1, 46)}
    assert not any(key.startswith("rest:") for key in cursor(desk))


def test_a_list_that_shrank_while_it_was_caught_up_with_is_walked_once_more(desk, serve, answer):
    board = Board(answer, 45)
    site = serve(board)
    add(desk, site.url, max_pages=2)
    desk.crawl("minsheng")
    board.ids = [45, 5, 4, 3, 2, 1]  # the page where the next visit would go on is no more
    assert [desk.crawl("minsheng").new for _ in range(2)] == [5, 0]
    assert rejected(desk) == []
    assert not any(key.startswith("rest:") for key in cursor(desk))


def test_a_page_that_never_comes_is_given_up_and_shown(desk, serve, answer):
    board = Board(answer, 2)
    board.broken = {"/msg?id=1"}
    site = serve(board)
    add(desk, site.url)
    for _ in range(5):
        desk.crawl("minsheng")
    assert rejected(desk)[0].reason == "连续 5 次没有读到, 不再重试"
    assert "again" not in cursor(desk)


def test_more_news_than_one_visit_holds_leaves_no_gap_above_what_was_known(desk, serve, answer):
    board = Board(answer, 20)
    site = serve(board)
    add(desk, site.url, max_pages=3)
    desk.crawl("minsheng")
    board.ids[:0] = range(75, 20, -1)
    for _ in range(3):
        desk.crawl("minsheng")
    assert len(stored(desk)) == 75
    site.asked.clear()
    assert desk.crawl("minsheng").new == 0
    assert site.paths == ["/list?page=1"]


@pytest.mark.parametrize("past_end", ["the last page for ever", "new addresses of the same page", "a circle"])
def test_pages_without_end_are_bounded(desk, serve, board, past_end):
    def endless(path: str, headers: dict[str, str]):
        if not path.startswith("/list"):
            return board(path, headers)
        number = int(query(path)["page"])
        following = 1 if past_end == "a circle" and number == 2 else number + 1
        shown = min(number, 1 if past_end.startswith("new") else 2)
        html = board.listing(shown).replace(
            "</ul>", f'</ul><a class="next" href="/list?page={following}">+</a>'
        )
        return board.answer(html.split('<a class="next" href="/list?page=2">下')[0].encode())

    site = serve(endless)
    add(desk, site.url, max_pages=50)
    report = desk.crawl("minsheng")
    assert report.finished
    assert len([path for path in site.paths if path.startswith("/list")]) <= 4
    assert not any(key.startswith("rest:") for key in cursor(desk))


def test_a_rebuilt_page_says_which_rule_found_nothing(desk, serve, board):
    site = serve(board)
    add(desk, site.url)
    desk.crawl("minsheng")
    before = cursor(desk)
    board.listing = lambda number: page('<div class="new-list"><div><a href="/msg?id=9">x</a></div></div>')
    report = desk.crawl("minsheng")
    assert report.state == "failing"
    assert (
        rejected(desk)[0].reason
        == "规则 rules.list.item (ul.board > li) 在这一页上什么也没有找到, 页面可能已改版"
    )
    del before["last_new_at"]
    assert before.items() <= cursor(desk).items()


def test_an_honest_empty_list_is_no_redesign(desk, serve, answer):
    site = serve(lambda path, headers: answer(page('<p class="nothing">暂无留言</p>').encode()))
    add(desk, site.url)
    report = desk.crawl("minsheng")
    assert (report.state, report.rejects) == ("ok", 0)


def test_a_page_behind_an_item_that_failed_is_read_at_the_next_visit(desk, serve, board):
    board.broken = {"/msg?id=7"}
    site = serve(board)
    add(desk, site.url)
    assert desk.crawl("minsheng").new == 11
    board.broken = set()
    site.asked.clear()
    assert desk.crawl("minsheng").new == 1
    assert details(site) == ["7"]
    assert "again" not in cursor(desk)


def test_a_list_page_that_failed_in_the_middle_is_where_the_next_visit_goes_on(desk, serve, answer):
    board = Board(answer, 40)
    board.broken = {"/list?page=3"}
    site = serve(board)
    add(desk, site.url, max_pages=10)
    assert desk.crawl("minsheng").new == 20
    board.broken = set()
    assert desk.crawl("minsheng").new == 20


def test_links_to_other_sites_are_shown_and_not_followed(desk, serve, board, answer):
    elsewhere = serve(lambda path, headers: answer(page("<p class=says>别处</p>").encode()))
    listing = board.listing
    board.listing = lambda number: listing(number).replace("/msg?id=12", f"{elsewhere.url}/msg?id=12")
    site = serve(board)
    add(desk, site.url)
    report = desk.crawl("minsheng")
    assert (report.new, report.rejects, elsewhere.asked) == (11, 1, [])
    assert rejected(desk)[0].reason.startswith("链接指向别的网站, 没有跟随")


def test_a_gbk_board_reads_like_its_utf8_twin(desk, serve, answer):
    good, old = Board(answer, 3), Board(answer, 3)
    old.encoding = "gbk"
    add(desk, serve(good).url, key="good")
    add(desk, serve(old).url, key="old")
    assert desk.crawl("good").new == desk.crawl("old").new == 3
    told = {key: sorted(p.text for p in stored(desk) if p.source == key) for key in ("good", "old")}
    assert told["good"] == told["old"]


def test_a_list_that_says_it_all_needs_no_other_page(desk, serve, board):
    site = serve(board)
    add(desk, site.url, FLAT)
    assert desk.crawl("minsheng").new == 12
    assert details(site) == []
    again = desk.crawl("minsheng")
    assert (again.new, again.seen) == (0, 10)


def test_json_lists_are_read_by_number_of_page_until_there_are_no_more(desk, serve, answer):
    def respond(path: str, headers: dict[str, str]):
        told = query(path)
        if path.startswith("/api/detail"):
            one = {"question": {"content": f"<p>第{told['id']}件<br>夜间施工</p>"}, "answers": []}
            return answer(json.dumps({"data": one}).encode(), 200, "application/json")
        rows = [{"id": n, "title": f"第{n}件", "time": 1772677320000} for n in (5, 4, 3, 2, 1)]
        first = (int(told["page"]) - 1) * 2
        body = {"code": 0, "data": {"list": rows[first : first + 2]}}
        return answer(json.dumps(body).encode(), 200, "application/json")

    rules = """
[source.rules.list]
item = { json = "data.list" }
follow = { json = "id", form = "/api/detail?id={}" }
fields.native_id = { json = "id" }
fields.title = { json = "title" }
fields.posted_at = { json = "time" }
fields.url = { json = "id", form = "/msg/{}.html" }

[source.rules.detail.fields]
text = { json = "data.question.content" }
"""
    site = serve(respond)
    add(desk, site.url, rules, urls=[f"{site.url}/api/list?page={{page}}"], max_pages=9)
    report = desk.crawl("minsheng")
    assert (report.state, report.new, report.rejects) == ("ok", 5, 0)
    posts = {post.native_id: post for post in stored(desk)}
    assert posts["5"].text == "第5件\n夜间施工"
    assert posts["5"].url == f"{site.url}/msg/5.html"
    assert posts["5"].posted_at.isoformat() == "2026-03-05T10:22:00+08:00"


def test_a_question_that_was_taken_down_keeps_what_was_said(desk, serve, board, answer):
    site = serve(
        lambda path, headers: answer(status=404) if gone and path == "/msg?id=12" else board(path, headers)
    )
    gone: list[bool] = []
    add(desk, site.url)
    desk.crawl("minsheng")
    gone.append(True)
    board.replied.add(12)
    desk.crawl("minsheng")
    taken = next(post for post in stored(desk) if post.native_id.endswith("id=12"))
    assert (taken.deleted, taken.text) == (True, "第12件：油烟直排，晚上没法开窗。")


THREAD = """
[source.rules.list]
item = "ul.board > li"
follow = "a@href"
fields.title = "a"

[source.rules.detail]
item = ".floor"
next = "a.next@href"
fields.native_id = ".@id"
fields.text = "p"
"""


def test_floors_of_a_long_thread_come_in_over_several_visits(desk, serve, answer):
    def respond(path: str, headers: dict[str, str]):
        if path.startswith("/list"):
            return answer(page('<ul class="board"><li><a href="/t?p=1">垃圾站异味</a></li></ul>').encode())
        number = int(query(path)["p"])
        last = min(number, 5)  # past its end the thread shows its last page for ever
        floors = "".join(f'<div class="floor" id="f{last}{n}"><p>{last}页{n}楼</p></div>' for n in (1, 2))
        return answer(page(f'{floors}<a class="next" href="/t?p={number + 1}">下一页</a>').encode())

    site = serve(respond)
    add(desk, site.url, THREAD, max_pages=2)
    assert [desk.crawl("minsheng").new for _ in range(3)] == [4, 4, 2]
    posts = {post.text: post for post in stored(desk)}
    assert len(posts) == 10
    assert {post.parent_id for text, post in posts.items() if text != "1页1楼"} == {posts["1页1楼"].native_id}
    assert "again" not in cursor(desk)


NEWS = """
[source.rules]
article = true
[source.rules.list]
item = "li"
follow = "a@href"
fields.title = "a"
fields.posted_at = "span"
"""


def test_a_news_column_without_a_feed_is_a_list_and_its_articles(desk, serve, answer):
    article = (Path(__file__).resolve().parents[2] / "pages" / "article.html").read_bytes()
    article = article.replace(b"</p>", b'<img src="smoke.jpg" width="600"></p>', 1)

    def respond(path: str, headers: dict[str, str]):
        rows = '<li><a href="/a/101.html">我市开展夜间…</a><span>03-05</span></li><li><a href="/a/102.html">空页</a></li>'
        if path == "/news/":
            return answer(page(f"<ul>{rows}</ul>").encode())
        return answer(article if "101" in path else page("").encode())

    site = serve(respond)
    add(desk, site.url, NEWS, urls=[f"{site.url}/news/"])
    report = desk.crawl("minsheng")
    assert (report.new, report.rejects) == (1, 1)
    assert rejected(desk)[0].reason == "页面里没有找到文章正文"
    (found,) = stored(desk)
    assert "…" not in found.title
    assert found.text.count("\n") >= 1
    assert found.images == (f"{site.url}/a/smoke.jpg",)
    site.asked.clear()
    desk.crawl("minsheng")
    assert site.paths == ["/news/"]


def test_a_page_that_led_elsewhere_by_redirect_is_not_read(desk, serve, answer, board):
    elsewhere = serve(
        lambda path, headers: answer(page('<div class="ask"><p class="says">别处</p></div>').encode())
    )
    site = serve(
        lambda path, headers: (
            answer(status=302, headers={"Location": f"{elsewhere.url}/x"})
            if path == "/msg?id=12"
            else board(path, headers)
        )
    )
    add(desk, site.url)
    report = desk.crawl("minsheng")
    assert report.new == 11
    assert all("别处" not in post.text for post in stored(desk))


def test_an_item_that_no_rule_could_number_is_read_again_once_the_rule_is_right(desk, serve, answer):
    html = page('<ul class="board"><li id="x7"><a>夜里打桩</a></li><li data-id="8"><a>河水发黑</a></li></ul>')
    site = serve(lambda path, headers: answer(html.encode()))
    add(desk, site.url, FLAT + 'fields.native_id = ".@data-id"\n')
    report = desk.crawl("minsheng")
    assert (report.new, report.rejects) == (1, 1)
    kept = rejected(desk)[0]
    assert kept.reason == "规则 rules.list.fields.native_id (@data-id) 没有找到编号"

    desk.sources.clear()
    add(desk, site.url, FLAT + 'fields.native_id = ".@id"\n')
    reject = Reject(
        source="minsheng",
        where=kept.where,
        reason=kept.reason,
        payload=kept.payload,
        at=kept.at,
        callback=kept.callback,
        meta=kept.meta,
    )
    (again,) = replay.read_again([reject], desk.config_path)
    assert [(post.native_id, post.text) for post in again.posts] == [("x7", "夜里打桩")]
    assert again.rejects == ()


def test_a_log_in_cookie_goes_to_the_sources_own_host_only(desk, serve, answer, board):
    elsewhere = serve(
        lambda path, headers: answer(page('<div class="ask"><p class="says">别处</p></div>').encode())
    )
    host = urlsplit(elsewhere.url).netloc
    listing = board.listing
    board.listing = lambda number: listing(number).replace("/msg?id=12", f"{elsewhere.url}/msg?id=12")
    site = serve(board)
    add(desk, site.url, "\n[source.rules]\nhosts = ['127.0.0.1']\n" + BOARD, secret="weibo")
    desk.crawl("minsheng")
    assert {headers.get("cookie") for headers in site.headers} == {"token-of-the-test"}
    assert host and elsewhere.asked == []  # named in the rules, and still an inside address
