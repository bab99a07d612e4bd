"""Feeds as they come: escaped twice, one id for all, relative links, dates of every kind, pictures, bombs."""

from __future__ import annotations

from datetime import datetime

import pytest

from crawler import feed_memory
from crawler import feed_xml
from crawler.feed_memory import Waiting
from huanyu.clock import SHANGHAI
from huanyu.errors import BadInput

NOW = datetime(2026, 3, 6, 9, 0, tzinfo=SHANGHAI)
FEED = "http://news.invalid/rss/sthj.xml"


def read(items: str, head: str = "", body_of: str = "rss"):
    text = f'<?xml version="1.0" encoding="utf-8"?>{head}<{body_of} version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>水城新闻网</title>{items}</channel></{body_of}>'
    return feed_xml.read(text.encode(), "application/xml", FEED, NOW)


def test_html_escaped_once_or_twice_becomes_the_same_text():
    once = "&lt;p&gt;徒骇河边&lt;b&gt;有异味&lt;/b&gt;。&lt;/p&gt;"
    items = "".join(
        f"<item><title>稿件{at}</title><link>/2026/{at}.html</link><description>{body}</description></item>"
        for at, body in enumerate(
            (once, once.replace("&", "&amp;"), "<![CDATA[<p>徒骇河边<b>有异味</b>。</p>]]>")
        )
    )
    assert {entry.summary for entry in read(items).entries} == {"徒骇河边有异味。"}


def test_a_comparison_in_a_text_is_no_markup():
    found = read("<item><title>PM2.5 &amp;lt; 35</title><link>/2026/1.html</link></item>")
    assert found.entries[0].title == "PM2.5 < 35"


def test_relative_links_lead_into_the_site_and_broken_ones_nowhere():
    links = (
        "2026/1.html",
        "//img.news.invalid/2026/2.html",
        "javascript:void(0)",
        "http://[::1",
        "\n /2026/5.html ",
    )
    items = "".join(
        f"<item><title>稿件{at}</title><link>{link}</link></item>" for at, link in enumerate(links)
    )
    found = read(items).entries
    assert [entry.url for entry in found] == [
        "http://news.invalid/rss/2026/1.html",
        "http://img.news.invalid/2026/2.html",
        FEED,
        FEED,
        "http://news.invalid/2026/5.html",
    ]
    assert [entry.own_page for entry in found] == [True, True, False, False, True]
    assert len({entry.native_id for entry in found}) == 5


def test_one_id_for_every_entry_is_no_id():
    items = "".join(
        f"<item><guid>0</guid><title>稿件{at}</title><link>/2026/{at}.html</link></item>" for at in range(3)
    )
    assert [entry.native_id for entry in read(items).entries] == [f"/2026/{at}.html" for at in range(3)]


def test_one_link_for_every_entry_is_no_page_of_their_own():
    items = "".join(
        f"<item><guid>n{at}</guid><title>稿件{at}</title><link>/show.html</link></item>" for at in range(3)
    )
    found = read(items).entries
    assert [entry.native_id for entry in found] == ["n0", "n1", "n2"]
    assert not any(entry.own_page for entry in found)


def test_an_entry_listed_twice_is_one():
    item = "<item><guid>n1</guid><title>稿件</title><link>/2026/1.html</link></item>"
    (entry,) = read(item * 2).entries
    assert (entry.native_id, entry.own_page) == ("n1", True)


@pytest.mark.parametrize(
    "printed",
    [
        "Thu, 05 Mar 2026 10:22:33 +0800",
        "Thu, 05 Mar 2026 02:22:33 GMT",
        "Thu, 05 Mar 2026 10:22:33",
        "Thu, 05 Mar 2026 10:22:33 CST",
        "2026-03-05 10:22:33",
        "2026-03-05T10:22:33+08:00",
        "2026-03-05T02:22:33Z",
        "2026年3月5日 10:22:33",
    ],
)
def test_dates_of_every_kind_are_one_moment(printed):
    found = read(f"<item><title>稿件</title><link>/1.html</link><pubDate>{printed}</pubDate></item>")
    assert found.entries[0].posted_at == datetime(2026, 3, 5, 10, 22, 33, tzinfo=SHANGHAI)


def test_pictures_are_enclosures_media_and_what_the_body_shows():
    found = read(
        "<item><title>图片稿</title><link>/2026/1.html</link>"
        '<enclosure url="/img/a.jpg" type="image/jpeg" length="1"/><enclosure url="/v.mp4" type="video/mp4"/>'
        '<media:content url="http://img.invalid/b.png" medium="image"/>'
        '<description>&lt;img src="/img/c.gif"&gt;'
        '&lt;img src="data:image/gif;base64,R0"&gt;字&lt;img src=/img/a.jpg&gt;</description></item>'
    )
    assert found.entries[0].images == (
        "http://news.invalid/img/a.jpg",
        "http://img.invalid/b.png",
        "http://news.invalid/img/c.gif",
    )


def test_broken_xml_names_the_line_and_keeps_what_is_readable():
    found = read("<item><title>好的</title><link>/1.html</link></item>\n<item><title>坏 & 的</tilte></item>")
    assert found.entries[0].title == "好的"
    assert found.problem.startswith("XML 有错误 (第 2 行)")


@pytest.mark.parametrize(
    "subset",
    [
        '<!DOCTYPE rss [<!ENTITY a "aa">]>',
        "<!DOCTYPE rss [ %remote; ]>",
        f"<!--{'x' * 6000}--><!DOCTYPE r [\n<!ENTITY a ''>]>",
    ],
)
def test_a_bomb_is_not_lit_wherever_it_lies(subset):
    with pytest.raises(BadInput, match=r"XML 炸弹|不是 RSS"):
        read("<item><title>&a;</title></item>", head=subset)


def test_the_old_doctype_of_rss_is_no_bomb():
    head = '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/rss-0.91.dtd">'
    assert len(read("<item><title>稿件</title><link>/1.html</link></item>", head=head).entries) == 1


def test_an_atom_feed_reads_like_rss():
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>水城</title><entry><id>tag:1</id><title>稿件</title>'
        '<link rel="alternate" href="/2026/1.html"/><published>2026-03-05T10:22:33+08:00</published>'
        '<content type="html">&lt;p&gt;正文&lt;/p&gt;</content></entry></feed>'
    )
    (entry,) = feed_xml.read(atom.encode(), "application/atom+xml", FEED, NOW).entries
    assert (entry.native_id, entry.url, entry.summary) == ("tag:1", "http://news.invalid/2026/1.html", "正文")


def test_what_waits_comes_back_as_it_was():
    entries = read(
        "<item><title>稿件</title><link>/1.html</link><pubDate>3月5日 10:22</pubDate></item>"
    ).entries
    waiting = {entry.native_id: Waiting(entry).again() for entry in entries}
    assert feed_memory.load(feed_memory.dump(waiting)) == waiting
    assert feed_memory.dump({}) == "" and feed_memory.load("") == {}


@pytest.mark.parametrize("beginning", ["<img ", "<p ", "<!DOCTYPE "])
def test_a_feed_of_nothing_but_beginnings_is_read_like_any_other(beginning):
    body = f"<description><![CDATA[{beginning * 20_000}]]></description>"
    items = f"<item><title>夜间施工</title><link>/2026/1.html</link>{body}</item>"
    assert [entry.title for entry in read(items).entries] == ["夜间施工"]


def test_a_bomb_behind_an_instruction_is_not_lit():
    with pytest.raises(BadInput, match="DTD"):
        read("<item><title>&a;</title></item>", '<!DOCTYPE rss [<?x y?><!ENTITY a "bang">]>')
