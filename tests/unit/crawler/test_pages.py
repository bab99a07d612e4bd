"""Golden pages of tests/pages (invented, in the platforms' shapes) against values written by hand."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from crawler import article_html
from crawler import discuz_html
from crawler import feed_xml
from crawler.charset import decode
from huanyu.clock import SHANGHAI
from huanyu.errors import BadInput

PAGES = Path(__file__).resolve().parents[2] / "pages"
NOW = datetime(2026, 3, 6, 9, 0, tzinfo=SHANGHAI)
BASE = "https://bbs.invalid/"


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SHANGHAI)


def page(name: str) -> str:
    return (PAGES / name).read_text(encoding="utf-8")


# --- Discuz


def test_a_floor_holds_the_authors_own_words_and_nothing_else():
    found = discuz_html.thread(page("discuz_thread.html"), NOW, BASE)
    opener = found.floors[0]
    assert found.title == "夜里总有刺鼻气味，凤凰苑的邻居闻到了吗"
    assert opener.text == (
        "连着三个晚上，十一点以后就有一股刺鼻的味道，\n孩子直咳嗽\xa0\xa0<求助> {:4_95:}\n有人一起打12369吗？"
    )
    assert (opener.pid, opener.author, opener.author_id) == ("90011", "水边柳", "3101")
    assert opener.posted_at == at(2026, 3, 5, 23, 58, 7)


def test_a_quote_is_not_repeated_as_the_answerers_words():
    answer = discuz_html.thread(page("discuz_thread.html"), NOW, BASE).floors[1]
    assert answer.text == "我们楼也是，窗户都不敢开"
    assert (answer.author_id, answer.posted_at) == ("77", at(2026, 3, 6, 8, 1))


def test_pictures_are_listed_once_in_their_largest_form_and_from_the_forum_itself():
    opener = discuz_html.thread(page("discuz_thread.html"), NOW, BASE).floors[0]
    folder = "https://bbs.invalid/data/attachment/forum/202603/05/"
    assert opener.images == (f"{folder}a1.jpg", f"{folder}a2.jpg")


def test_a_blocked_floor_keeps_its_place_without_text():
    blocked = discuz_html.thread(page("discuz_thread.html"), NOW, BASE).floors[2]
    assert (blocked.hidden, blocked.text, blocked.author) == (True, "", "匿名")


def test_a_thread_says_how_many_pages_readers_and_answers_it_has():
    found = discuz_html.thread(page("discuz_thread.html"), NOW, BASE)
    assert (found.page, found.pages, found.views, found.replies) == (1, 12, 1288, 116)


def test_a_board_lists_its_threads_with_the_full_dates_behind_the_relative_ones():
    found = discuz_html.board(page("discuz_board.html"), NOW)
    assert [row.tid for row in found.rows] == ["12", "8801", "8790"]
    assert [row.sticky for row in found.rows] == [True, False, False]
    moved = found.rows[1]
    assert (moved.author, moved.posted_at, moved.last_at) == ("水边柳", at(2026, 3, 5), at(2026, 3, 6, 8, 30))
    assert (moved.replies, moved.views) == (116, 1288)
    assert (found.rows[2].author, found.rows[2].views) == ("匿名", None)
    assert found.has_next


@pytest.mark.parametrize("claim", ["utf-8", "gbk", ""])
def test_a_gbk_page_reads_as_its_utf8_twin_whatever_it_claims(claim):
    html = page("discuz_thread.html").replace('charset="utf-8"', f'charset="{claim}"')
    body = html.encode("gbk", "xmlcharrefreplace")
    found = decode(body, f"text/html; charset={claim}")
    assert found.encoding == "gb18030" and not found.damaged
    twin = discuz_html.thread(page("discuz_thread.html"), NOW, BASE)
    assert [floor.text for floor in discuz_html.thread(found.text, NOW, BASE).floors] == [
        floor.text for floor in twin.floors
    ]


def test_what_is_no_board_says_so_in_chinese():
    with pytest.raises(BadInput, match="不是 Discuz 版块页"):
        discuz_html.board("<html><body>502</body></html>", NOW)
    with pytest.raises(BadInput, match="不是 Discuz 主题页"):
        discuz_html.thread("<html><body>登录</body></html>", NOW, BASE)
    with pytest.raises(BadInput, match="不是可读的 HTML"):
        discuz_html.thread("", NOW, BASE)


# --- news


def test_a_feed_without_ids_falls_back_to_link_and_then_to_title_and_date():
    found = feed_xml.read(
        (PAGES / "feed.xml").read_bytes(), "application/xml", "http://news.invalid/rss.xml", NOW
    )
    first, second, third = found.entries
    assert (first.native_id, first.title, first.author) == ("n-101", "我市开展夜间&噪声联合检查", "记者 林晓")
    assert first.summary == "本网讯 3月4日晚，执法人员夜查三处工地。"
    assert first.posted_at == at(2026, 3, 5, 10, 22, 33)
    assert second.native_id == second.url == "http://news.invalid/2026/0305/102.shtml"
    assert second.posted_at == at(2026, 3, 5, 9)
    assert len(third.native_id) == 40 and third.url == "http://news.invalid/rss.xml"
    assert third.posted_at == at(2026, 3, 5, 9)


def test_channel_pages_are_no_articles():
    found = feed_xml.read((PAGES / "feed.xml").read_bytes(), "", "http://news.invalid/rss.xml", NOW)
    assert found.skipped == 2


def test_a_gbk_feed_that_claims_utf8_is_read():
    body = page("feed.xml").encode("gbk")
    found = feed_xml.read(body, "text/xml; charset=utf-8", "http://news.invalid/rss.xml", NOW)
    assert found.entries[0].title == "我市开展夜间&噪声联合检查"


def test_broken_xml_gives_what_it_has_and_says_so():
    cut = page("feed.xml").split("<item><title>只有标题")[0] + "<item><title>断"
    found = feed_xml.read(cut.encode(), "", "http://news.invalid/rss.xml", NOW)
    assert found.entries[0].native_id == "n-101"
    assert "XML 有错误" in found.problem


def test_an_empty_feed_is_empty_and_a_web_page_is_no_feed():
    empty = b'<?xml version="1.0"?><rss version="2.0"><channel><title>t</title></channel></rss>'
    assert feed_xml.read(empty, "", "http://x.invalid/", NOW).entries == ()
    with pytest.raises(BadInput, match="不是 RSS"):
        feed_xml.read(b"<html><body>login</body></html>", "", "http://x.invalid/", NOW)
    with pytest.raises(BadInput, match="XML 炸弹"):
        bomb = b'<!DOCTYPE lolz [<!ENTITY lol "lol">]><rss><channel/></rss>'
        feed_xml.read(bomb, "", "http://x.invalid/", NOW)


def test_an_article_is_its_paragraphs_without_the_wrapper():
    found = article_html.read(page("article.html"), "http://news.invalid/2026/0305/101.shtml", NOW)
    paragraphs = found.text.split("\n")
    assert len(paragraphs) == 3
    assert paragraphs[0].startswith("本网讯 3月4日晚") and paragraphs[2].endswith("可以拨打12345反映。")
    assert (found.author, found.posted_at) == ("林晓", at(2026, 3, 5, 10, 22))


def test_a_page_without_a_body_is_no_article():
    assert (
        article_html.read("<html><body><a href='/'>首页</a></body></html>", "http://x.invalid/", NOW) is None
    )
