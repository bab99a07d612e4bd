"""Rules of sources.toml over invented pages: a 民生留言板, a plain board, a GBK one, one by XPath, one in JSON."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import datetime
from pathlib import Path
from typing import get_args

import pytest
from pydantic import TypeAdapter

from crawler import site_posts
from crawler import site_rules
from crawler import site_walk
from crawler.charset import decode
from crawler.site_rules import Found
from crawler.site_rules import Page
from huanyu.bureau import SourceRow
from huanyu.clock import SHANGHAI
from huanyu.config import SHIPPED
from huanyu.config import load_bureau
from huanyu.errors import BadInput
from huanyu.errors import ConfigError
from huanyu.site_rows import PageRules
from huanyu.site_rows import PostField

NOW = datetime(2026, 1, 3, 9, 0, tzinfo=SHANGHAI)
URL = "http://msg.invalid/list/index.html"

BOARD = """
<html><head><base href="/msg/"></head><body>
<div class="hot"><a href="rules.html">发帖须知</a></div>
<table id="list">
  <tr class="row"><td><a href="show.asp?id=88&amp;from=list" title="x">香江市场后面夜里<b>打桩</b></a></td>
    <td class="who">爱吃呱嗒</td><td class="n">回复(3)/阅读(1.2万)</td><td>12-31 23:58</td></tr>
  <tr class="row"><td><a href="javascript:view(87)" onclick="view(87)">浒山河道发黑</a></td>
    <td class="who"></td><td class="n">回复(0)/阅读(1,024)</td><td>今天 08:01</td></tr>
</table>
<p class="pages"><a href="index_2.html">下一页</a></p>
</body></html>
"""
QUESTION = """
<html><body>
<div class="ask" data-id="q1"><span class="who">柳园街边</span><span class="when">2026-01-02 20:15</span>
  <div class="says"><blockquote>引用: 上一位网友</blockquote>楼下烧烤摊<br>油烟直排。<img src="/pic/a.jpg" alt=""></div></div>
<div class="reply" data-id="r7"><span class="who">东昌府区综合行政执法局</span>
  <span class="when">2026年1月3日 8:30</span><div class="says">已责令停业整改。</div></div>
<div class="reply" data-id="r8"><span class="who">网友</span><span class="when">不久前</span><div class="says">谢谢</div></div>
</body></html>
"""
GUEST_BOOK = {
    "code": 0,
    "data": {
        "list": [
            {
                "id": 5,
                "title": "夜间施工",
                "content": "<p>吵得<br/>睡不着</p>",
                "time": 1767362520000,
                "hits": 17.0,
            },
            {"id": 6, "title": "", "content": "", "time": None, "hits": None, "closed": True},
        ]
    },
}


def page_rules(text: str) -> PageRules:
    return PageRules(**tomllib.loads(text))


def read(text: str, rules: str, url: str = URL) -> Page:
    return site_rules.read(text, page_rules(rules), url, NOW, "rules.list")


CSS = """
item = "#list tr.row"
follow = "a@href"
next = ".pages a@href"
fields.title = "a"
fields.author = ".who"
fields.posted_at = "td:last-child"
fields.comments = { css = ".n", match = '回复\\((\\d+)\\)' }
fields.views = { css = ".n", match = '阅读\\((.+)\\)' }
"""
XPATH = """
item = "//table[@id='list']//tr[@class='row']"
follow = ".//a/@href"
next = "//p[@class='pages']/a[text()='下一页']/@href"
fields.title = "string(.//a)"
fields.author = "./td[2]"
fields.posted_at = "./td[last()]"
fields.comments = { xpath = "./td[@class='n']", match = '回复\\((\\d+)\\)' }
fields.views = { xpath = "./td[@class='n']/text()", match = '阅读\\((.+)\\)' }
"""


@pytest.mark.parametrize("rules", [CSS, XPATH])
def test_a_plain_board_reads_the_same_by_css_and_by_xpath(rules: str) -> None:
    page = read(BOARD, rules)
    first, second = page.items
    assert page.next == "http://msg.invalid/msg/index_2.html"
    assert (first.title, first.author, first.comments, first.views) == (
        "香江市场后面夜里打桩",
        "爱吃呱嗒",
        3,
        12000,
    )
    assert first.link == "http://msg.invalid/msg/show.asp?id=88&from=list"
    assert (first.posted_at, first.year_inferred) == (datetime(2025, 12, 31, 23, 58, tzinfo=SHANGHAI), True)
    assert (second.link, second.author, second.comments, second.views) == ("", "", 0, 1024)
    assert (second.posted_at, second.year_inferred) == (datetime(2026, 1, 3, 8, 1, tzinfo=SHANGHAI), False)
    assert page.counts["follow"] == 1
    assert page.counts["fields.author"] == 1


def test_a_gbk_board_reads_like_its_utf8_twin() -> None:
    lying = decode(BOARD.encode("gbk"), "text/html; charset=utf-8").text
    assert read(lying, CSS) == read(BOARD, CSS)


def test_an_address_that_only_a_script_knows_is_made_from_its_number() -> None:
    rules = CSS.replace(
        'follow = "a@href"',
        "follow = { css = 'a[onclick]', attr = 'onclick', match = '\\d+', form = '/show/{}' }",
    )
    assert [item.link for item in read(BOARD, rules).items] == ["", "http://msg.invalid/show/87"]


QUESTIONS = """
item = ".ask, .reply"
drop = ["blockquote"]
fields.native_id = ".@data-id"
fields.author = ".who"
fields.posted_at = ".when"
fields.text = ".says"
fields.images = ".says img"
"""


def test_a_question_and_its_answers_are_blocks_of_one_page() -> None:
    question, answer, thanks = read(QUESTION, QUESTIONS, "http://msg.invalid/q/1.html").items
    assert question.text == "楼下烧烤摊\n油烟直排。"
    assert question.images == ("http://msg.invalid/pic/a.jpg",)
    assert [one.native_id for one in (question, answer, thanks)] == ["q1", "r7", "r8"]
    assert answer.posted_at == datetime(2026, 1, 3, 8, 30, tzinfo=SHANGHAI)
    assert (thanks.posted_at, thanks.odd) == (
        None,
        "规则 rules.list.fields.posted_at 读到“不久前”, 不是看得懂的时间",
    )


def test_a_block_kept_alone_reads_like_the_block_in_its_page() -> None:
    rules = page_rules(CSS)
    for item in site_rules.read(BOARD, rules, URL, NOW, "rules.list").items:
        alone = site_rules.read_one(item.raw, rules, "http://msg.invalid/msg/", NOW, "rules.list")
        assert alone == item


def test_json_is_read_by_paths_and_its_markup_becomes_text() -> None:
    rules = """
item = { json = "data.list" }
follow = { json = "id", form = "/detail/{}" }
fields.native_id = { json = "id" }
fields.title = { json = "title" }
fields.text = { json = "content" }
fields.posted_at = { json = "time" }
fields.views = { json = "hits" }
fields.status = { json = "closed" }
"""
    first, second = read(json.dumps(GUEST_BOOK), rules).items
    assert (first.native_id, first.text, first.views) == ("5", "吵得\n睡不着", 17)
    assert first.posted_at == datetime(2026, 1, 2, 22, 2, tzinfo=SHANGHAI)
    assert first.link == "http://msg.invalid/detail/5"
    assert (second.title, second.text, second.posted_at, second.views, second.status) == (
        "",
        "",
        None,
        None,
        "",
    )


@pytest.mark.parametrize(
    ("text", "rules", "told"),
    [
        (
            "<html><body><p>新版</p></body></html>",
            CSS,
            "规则 rules.list.item (#list tr.row) 在这一页上什么也没有找到",
        ),
        ("", CSS, "页面不是可读的 HTML"),
        ("{", 'item = { json = "data" }', "页面不是可读的 JSON"),
        (
            '{"list": null}',
            'item = { json = "list" }',
            "规则 rules.list.item (list) 在这一页上什么也没有找到",
        ),
        ("<p>x</p>", 'item = "//p[foo()]"', "xpath '//p[foo()]' 不能用"),
    ],
)
def test_a_page_the_rules_do_not_fit_says_which_rule(text: str, rules: str, told: str) -> None:
    with pytest.raises(BadInput) as problem:
        read(text, rules)
    assert told in str(problem.value)


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ('{"data": {"list": []}}', 'item = { json = "data.list" }'),
        ("<p class='none'>暂无留言</p>", 'item = "li"\nempty = "p.none"'),
    ],
)
def test_an_honest_empty_page_is_empty(text: str, rules: str) -> None:
    assert read(text, rules).items == ()


def test_an_item_without_the_number_its_rule_promises_says_so() -> None:
    item = read("<ul><li><a href='/a'>甲</a></li></ul>", 'item = "li"\nfields.native_id = "a@data-id"').items[
        0
    ]
    assert item.missing == "规则 rules.list.fields.native_id (a@data-id) 没有找到编号"


# --- posts


def source(**more: object) -> SourceRow:
    rules = {"list": {"item": "li", "fields": {"title": "a"}}}
    row = {
        "key": "minsheng",
        "name": "民生",
        "spider": "site",
        "kind": "letter",
        "urls": [URL],
        "rules": rules,
    }
    return SourceRow(**(row | more))


def test_an_item_is_numbered_by_rule_else_by_its_page_else_by_its_words() -> None:
    assert site_posts.id_of(Found(native_id="5", link=URL)) == "5"
    assert site_posts.id_of(Found(link="https://msg.invalid:443/show?id=8&spm=1")) == "msg.invalid/show?id=8"
    told = Found(author="甲", text="河水发黑", posted_at=NOW)
    assert site_posts.id_of(told) == site_posts.id_of(Found(author="甲", text="河水发黑"))
    assert site_posts.id_of(told) != site_posts.id_of(Found(author="乙", text="河水发黑"))
    dated = [
        site_posts.id_of(Found(text="顶", stamp=stamp)) for stamp in ("2026-01-02 08:00", "2026-01-03 08:00")
    ]
    assert len(set(dated)) == 2


def test_an_answer_points_to_its_question_and_has_no_page_of_its_own() -> None:
    question = Found(link="http://msg.invalid/q/1.html", text="油烟")
    answer = site_posts.answer(Found(native_id="r7", text="已整改"), question, source(), False, NOW)
    asked = site_posts.post(question, source(), False, NOW)
    assert answer.parent_id == asked.native_id == "msg.invalid/q/1.html"
    assert (answer.native_id, answer.link) == ("msg.invalid/q/1.html#r7", "")
    assert (asked.link, asked.identity) == ("msg.invalid/q/1.html", "msg.invalid/q/1.html")
    assert answer.identity == "msg.invalid/q/1.html#r7"


def test_the_page_behind_an_item_completes_and_overrides_it() -> None:
    listed = Found(title="夜间施…", author="甲", posted_at=NOW, year_inferred=True, views=7)
    own = Found(title="夜间施工扰民", text="全文", posted_at=NOW.replace(hour=8), views=None)
    both = site_posts.merged(listed, own)
    assert (both.title, both.text, both.author, both.views) == ("夜间施工扰民", "全文", "甲", 7)
    assert (both.posted_at, both.year_inferred) == (NOW.replace(hour=8), False)


def test_what_was_found_survives_the_cursor() -> None:
    found = read(QUESTION, QUESTIONS).items[0]
    adapter = TypeAdapter(Found)
    assert adapter.validate_json(adapter.dump_json(found)) == found


# --- how far a list is read


def ids(*numbers: int) -> list[str]:
    return [site_walk.digest(str(number)) for number in numbers]


def after(
    walk: site_walk.Walk, shown: list[str], news: int, floor: list[str] | None = None
) -> site_walk.Step:
    return site_walk.step(walk, shown, news, "http://msg.invalid/2", floor or [], most=3, look_back=1)


def test_a_walk_ends_where_there_is_no_news_and_goes_on_where_there_is() -> None:
    walk = site_walk.begin(URL, 1)
    assert after(walk, ids(1, 2), 0) == site_walk.Step()
    following = after(walk, ids(1, 2), 1).walk
    assert following is not None
    assert (following.url, following.page, following.been) == ("http://msg.invalid/2", 2, (URL,))


def test_looking_back_further_than_one_visit_may_read_leaves_no_rest() -> None:
    walk = site_walk.Walk(start=URL, url="http://msg.invalid/3", page=3, depth=3)
    assert (
        site_walk.step(walk, ids(1), 0, "http://msg.invalid/4", [], most=3, look_back=9) == site_walk.Step()
    )


def test_a_walk_that_catches_up_ends_only_at_what_was_known_before_it_fell_behind() -> None:
    rest = site_walk.Rest(url=URL, depth=3, floor=tuple(ids(9)))
    walk = site_walk.go_on(URL, rest)
    assert after(walk, ids(5, 6), 0).walk is not None
    assert after(walk, ids(8, 9), 0) == site_walk.Step()


def test_a_rest_starts_with_the_last_page_read_and_survives_the_cursor() -> None:
    walk = site_walk.Walk(start=URL, url="http://msg.invalid/3", page=3, depth=7)
    step = site_walk.step(walk, ids(1), 1, "http://msg.invalid/4", ids(*range(50)), most=3, look_back=1)
    assert step.rest == site_walk.Rest(url="http://msg.invalid/3", depth=7, floor=tuple(ids(*range(30))))
    assert site_walk.load_rest(site_walk.dump_rest(step.rest)) == step.rest
    single = site_walk.step(walk, ids(1), 1, "http://msg.invalid/4", [], most=1, look_back=1)
    assert single.rest is not None
    assert (single.rest.url, single.rest.depth) == ("http://msg.invalid/4", 8)


def test_a_list_without_end_ends() -> None:
    deep = site_walk.Walk(start=URL, url=URL, depth=site_walk.DEEPEST)
    assert after(deep, ids(1), 1) == site_walk.Step(endless=True)


def test_what_is_remembered_is_bounded_and_keeps_the_newest_and_the_deepest() -> None:
    top = dict.fromkeys(ids(*range(10)), "000001")
    known = dict.fromkeys(ids(*range(5, 2000)), "000002")
    deep = dict.fromkeys(ids(*range(3000, 3300)), "000003")
    found = site_walk.load_known(site_walk.dump_known(top, known, deep))
    assert len(found) == site_walk.KNOWN
    assert list(found)[:11] == ids(*range(11))
    assert {found[key] for key in ids(*range(10))} == {"000001"}
    assert set(ids(*range(3200, 3300))) <= set(found)


# --- mistakes in sources.toml

ROW = """
[[source]]
key = "other"
name = "别的"
spider = "feed"
kind = "news"

[[source]]
key = "minsheng"
name = "民生留言板"
spider = "site"
kind = "letter"
urls = ["https://msg.invalid/list"]

[source.rules.list]
item = "ul > li"
follow = "a@href"
fields.title = "a"
fields.region = "i"

[source.rules.detail.fields]
text = "article"
"""


def mistake(folder: Path, row: str) -> str:
    (folder / "sources.toml").write_text(row, encoding="utf-8")
    with pytest.raises(ConfigError) as problem:
        load_bureau(folder)
    return str(problem.value)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('item = "ul > li"', 'item = "ul > > li"', "rules.list.item: css 'ul > > li' 不是可用的 CSS 选择器"),
        ('item = "ul > li"', 'items = "li"', "未知的键 rules.list.items"),
        (
            'item = "ul > li"',
            'item = { css = "li", xpath = "//li" }',
            "rules.list.item: css、xpath 只能写一个",
        ),
        ('item = "ul > li"', 'item = { css = "li", form = "/x" }', "form '/x' 中要有 {}"),
        (
            'title = "a"',
            'titel = "a"',
            "键 rules.list.fields.titel 的值 'titel' 不对, 可选: 'native_id', 'url'",
        ),
        (
            'region = "i"',
            'region = { css = "i", match = "(" }',
            "fields.region: match '(' 不是可用的正则表达式",
        ),
        (
            'text = "article"',
            'text = "./article["',
            "rules.detail.fields.text: xpath './article[' 不是可用的 XPath",
        ),
        ('region = "i"', 'region = { json = "a..b" }', "json 'a..b' 应写成 data.list 这样的路径"),
    ],
)
def test_a_bad_rule_is_told_with_file_line_source_and_key(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    row = ROW.replace(old, new)
    said = mistake(tmp_path, row)
    line = next(number for number, text in enumerate(row.splitlines(), 1) if new in text)
    assert said.startswith(f"{tmp_path / 'sources.toml'} 第 {line} 行: [[source]] minsheng: ")
    assert told in said
    assert said.count("\n") == 0


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('follow = "a@href"\n', "", "rules: 写了 detail 或 article, 就要在 list 中写 follow"),
        ('fields.title = "a"', "fields.title = {}", "rules.list: fields.title 是空的"),
        ("[source.rules.detail.fields]\ntext", "[source.rules.hosts]\nx", "键 rules.hosts 的值"),
        ('fields.region = "i"', 'fields.region = { json = "i" }', "要么都用 json, 要么都用 css、xpath"),
        ('fields.region = "i"', 'drop = ["li["]', "rules.list: drop: css 'li[' 不是可用的 CSS 选择器"),
        (
            "[source.rules.detail.fields]",
            "[source.rules.detail]\nnext = 'a'\n[source.rules.detail.fields]",
            "就要写 item",
        ),
        ('urls = ["https://msg.invalid/list"]', "", "要在 urls 中写列表页的网址"),
        ("https://msg.invalid", "msg.invalid", "'msg.invalid/list' 不是 http:// 或 https:// 开头的网址"),
        ('spider = "site"', 'spider = "discuz"', 'rules 只用于 spider = "site" 的来源'),
        (ROW[ROW.index("[source.rules.list]") :], "", "用 site 抓取的来源要写规则: [source.rules.list]"),
    ],
)
def test_rules_that_do_not_go_together_are_told(tmp_path: Path, old: str, new: str, told: str) -> None:
    said = mistake(tmp_path, ROW.replace(old, new))
    assert "[[source]] minsheng: " in said
    assert told in said


# --- what we show people


def examples(text: str) -> str:
    """The rows for `site` of the shipped table without their comment signs."""
    return "\n".join(
        line.removeprefix("#").removeprefix(" ") for line in text.split("# ----")[1].splitlines()[1:]
    )


def test_the_examples_in_the_shipped_table_and_in_the_manual_load(tmp_path: Path) -> None:
    shown = examples((SHIPPED / "sources.toml").read_text(encoding="utf-8"))
    rows = "\n".join(
        line for line in shown.splitlines() if not line or line[0] in "[abcdefghijklmnopqrstuvwxyz"
    )
    (tmp_path / "sources.toml").write_text(rows, encoding="utf-8")
    assert [row.key for row in load_bureau(tmp_path).sources] == ["minsheng", "wenzheng", "wanbao", "mailbox"]
    manual = (SHIPPED.parent / "docs" / "manual.md").read_text(encoding="utf-8")
    (row,) = re.findall(
        r"```toml\n(.*?)```", manual.split("### 加一个网站")[1].split("\n### ")[0], flags=re.DOTALL
    )
    (tmp_path / "sources.toml").write_text(row, encoding="utf-8")
    assert [row.key for row in load_bureau(tmp_path).sources] == ["minsheng"]


def test_the_manual_names_every_field_a_rule_may_give() -> None:
    manual = (SHIPPED.parent / "docs" / "manual.md").read_text(encoding="utf-8")
    told = manual.split("### 加一个网站")[1].split("\n### ")[0]
    assert [
        name for name in get_args(PostField) if f"`{name}`" not in told and f"`fields.{name}`" not in told
    ] == []
