"""News pages as Chinese systems make them: body without wrapper, exact title, the printed time, never one of the text."""

from __future__ import annotations

from datetime import datetime

import pytest

from crawler import article_html
from huanyu.clock import SHANGHAI

NOW = datetime(2026, 3, 6, 9, 0, tzinfo=SHANGHAI)
URL = "http://news.invalid/2026/0305/101.html"
LEAD = "本网讯 2026年2月1日以来，市生态环境局对城区三处在建工地开展夜间噪声联合检查，发现问题当场责令整改。"
MORE = "家住凤凰苑的居民反映，半个月来夜里机器一直响，打过几次热线，现在终于安静了。"


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SHANGHAI)


def page(body: str, head: str = "<title>夜查工地噪声 责令三处停工_社会_水城新闻网</title>") -> str:
    menu = "<div class='nav'><a href='/'>首页</a><a href='/shehui/'>社会</a></div>"
    return f"<html><head>{head}</head><body>{menu}{body}<div class='foot'>版权所有 水城新闻网 2008-2026</div></body></html>"


def read(
    body: str = "",
    head: str | None = None,
    info: str = "2026-03-05 10:22",
    title: str = "夜查工地噪声 责令三处停工",
):
    whole = f"<h1>{title}</h1><div class='info'>{info}</div><div class='text'><p>{LEAD}</p><p>{MORE}</p>{body}</div>"
    return article_html.read(page(whole) if head is None else page(whole, head), URL, NOW)


def test_a_page_is_its_paragraphs_its_headline_its_source_and_its_printed_time():
    found = read(info="2026-03-05 10:22 来源：齐鲁风网 作者：林晓 浏览 512 次")
    assert found.text == f"{LEAD}\n{MORE}"
    assert found.title == "夜查工地噪声 责令三处停工"
    assert (found.origin, found.author, found.posted_at) == ("齐鲁风网", "林晓", at(2026, 3, 5, 10, 22))


@pytest.mark.parametrize(
    "line",
    [
        "（责任编辑：周敏）",
        "责编：周敏 审核：李冬",
        "编辑 周敏 校对 李冬",
        "【来源：水城新闻网】",
        "原标题：三处工地被停工",
        "声明：本文系转载，版权归原作者所有，如有侵权请联系删除",
        "免责声明：本文仅代表作者观点，与本站无关",
        "未经水城新闻网书面许可，不得转载",
        "上一篇：春季植树启动",
        "[打印]",
        "本文为水城新闻网原创，转载请注明出处",
    ],
)
def test_what_the_site_adds_to_a_text_is_left_out(line):
    assert read(f"<p>{line}</p>").text == f"{LEAD}\n{MORE}"


def test_a_short_text_without_a_block_of_its_own_keeps_headline_and_date_out():
    body = f"<h1>夜查工地噪声 责令三处停工</h1><p>2026-03-05 10:22 来源：水城新闻网</p><p>{MORE}</p>"
    found = article_html.read(page(body), URL, NOW)
    assert (found.text, found.title, found.posted_at) == (
        MORE,
        "夜查工地噪声 责令三处停工",
        at(2026, 3, 5, 10, 22),
    )


def test_a_repeated_paragraph_is_told_once_and_recommendations_not_at_all():
    other = "邻县一家工地夜间施工被罚三万元，负责人接受了记者采访并公开道歉。"
    body = f"<p>{LEAD}</p><p>相关阅读：</p><p>{other}</p><div class='recommend'><p>{other}</p></div>"
    assert read(body).text == f"{LEAD}\n{MORE}"


def test_a_line_that_is_only_a_link_leads_elsewhere_but_a_link_in_a_sentence_stays():
    found = read(
        "<p><a href='/x'>春季植树活动启动</a></p><p>详情请见<a href='/y'>市生态环境局网站</a>公告。</p>"
    )
    assert found.text.endswith("\n详情请见市生态环境局网站公告。")


def test_comments_longer_than_the_article_are_no_article():
    comment = "<div class='pl-item'><p>我家就在旁边，天天晚上听机器响，投诉了好几次都没有用，希望真的管一管。</p></div>"
    assert read("</div><div>" + comment * 40).text == f"{LEAD}\n{MORE}"


@pytest.mark.parametrize(
    ("info", "expected"),
    [
        ("2026年03月05日 10:22:31", at(2026, 3, 5, 10, 22, 31)),
        ("时间：2026/3/5 下午3:20", at(2026, 3, 5, 15, 20)),
        ("<span>2026</span><div>03/05</div><div>19:02</div>", at(2026, 3, 5, 19, 2)),
        ("发布日期：2026.03.05", at(2026, 3, 5)),
        ("最后更新：2026-03-06 08:00 发布：2026-03-05 10:22", at(2026, 3, 5, 10, 22)),
    ],
)
def test_the_time_beside_the_headline_is_the_publish_time(info, expected):
    found = read(info=info)
    assert (found.posted_at, found.year_inferred) == (expected, False)


def test_a_time_beside_the_headline_without_a_year_gets_one_and_is_flagged():
    found = read(info="03-05 10:22 来源：水城新闻网")
    assert (found.posted_at, found.year_inferred) == (at(2026, 3, 5, 10, 22), True)


def test_a_date_in_the_text_is_never_the_publish_time():
    assert read(info="来源：水城新闻网").posted_at is None


META = '<title>x</title><meta property="article:published_time" content="2026-03-05T10:22:47+08:00">'


@pytest.mark.parametrize(
    ("info", "expected"),
    [
        ("2026-03-05 10:22", at(2026, 3, 5, 10, 22, 47)),  # agrees: adds the seconds
        ("2026-03-05", at(2026, 3, 5, 10, 22, 47)),  # agrees: adds the time
        ("2026-03-04 10:22", at(2026, 3, 4, 10, 22)),  # what a reader sees decides
        ("", at(2026, 3, 5, 10, 22, 47)),
        ("03-05 10:22", at(2026, 3, 5, 10, 22, 47)),
    ],
)
def test_what_machines_are_told_completes_what_is_printed(info, expected):
    found = read(head=META, info=info)
    assert (found.posted_at, found.year_inferred) == (expected, False)


def test_linked_data_and_page_data_tell_the_time_where_nothing_is_printed():
    data = '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2026-03-05T02:22:33Z"}</script>'
    assert read(head=data, info="").posted_at == at(2026, 3, 5, 10, 22, 33)
    assert read(head='<script>var d={"pubtime":"2026-03-05 10:22:33"}</script>', info="").posted_at == at(
        2026, 3, 5, 10, 22, 33
    )


def test_an_account_page_of_wechat_is_read_with_its_own_time():
    body = (
        "<div id='js_article'><h2 id='activity-name'>徒骇河边的早晨</h2><em id='publish_time'>昨天</em>"
        f"<div id='js_content' style='visibility: hidden;'><section><section><span>{LEAD}</span></section></section>"
        f'<section><span>{MORE}</span></section></div></div><script>var ct = "1772677353";</script>'
    )
    found = article_html.read(page(body, "<meta property='og:title' content='徒骇河边的早晨'>"), URL, NOW)
    assert (found.text, found.title) == (f"{LEAD}\n{MORE}", "徒骇河边的早晨")
    assert found.posted_at == at(2026, 3, 5, 10, 22, 33)


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("<title>夜查工地噪声 责令三处停工_社会_水城新闻网</title>", "夜查工地噪声 责令三处停工"),
        ("<title>水城新闻网--夜查工地噪声 责令三处停工</title>", "夜查工地噪声 责令三处停工"),
        ("<title>新闻动态--水城新闻网</title>", "夜查工地噪声 责令三处停工"),
        ("", "夜查工地噪声 责令三处停工"),
    ],
)
def test_the_headline_is_the_heading_that_the_page_title_repeats(head, title):
    assert read(head=head).title == title


def test_without_a_heading_the_page_title_loses_its_site():
    body = f"<div class='text'><p>{LEAD}</p><p>{MORE}</p></div>"
    assert article_html.read(page(body), URL, NOW).title == "夜查工地噪声 责令三处停工"


def test_the_next_page_is_on_the_same_site_and_no_next_article():
    assert read("<a href='101_2.html'>下一页</a>").next_url == "http://news.invalid/2026/0305/101_2.html"
    assert (
        read(
            "<a href='102.html'>下一篇</a><a href='http://other.invalid/2.html'>下一页</a><a href='#'>下一页</a>"
        ).next_url
        == ""
    )


def test_pictures_are_those_of_the_text_with_their_whole_addresses():
    found = read(
        "<img src='/img/a.jpg'><img data-src='//cdn.invalid/b.jpg' src='blank.gif'><img src='i.png' width='16'>"
        "<img src='data:image/gif;base64,R0'><div class='share'><img src='/qr.png'></div>"
    )
    assert found.images == ("http://news.invalid/img/a.jpg", "http://cdn.invalid/b.jpg")


@pytest.mark.parametrize(
    "broken",
    [
        f"</body></html><html><div class='text'><p>{LEAD}</p><p>{MORE}</p></div>",
        f"<div class='text'><p>{LEAD}<p>{MORE}",
        f"<div class='text'>{LEAD}<br>{MORE}</div>",
        f"<table><tr><td><font>{LEAD}</font><br><br>{MORE}</td></tr></table>",
        f"<form><div class='text comment-like'><p>{LEAD}</p><p>{MORE}</p></div></form>",
    ],
)
def test_a_body_is_found_in_any_markup(broken):
    assert article_html.read(page(broken), URL, NOW).text == f"{LEAD}\n{MORE}"


@pytest.mark.parametrize(
    "nothing",
    [
        "",
        "   ",
        "<!-- -->",
        "\x00",
        "<html><body><a href='/'>首页</a></body></html>",
        "<div>" * 5000 + "字" * 50,
        "<?xml version='1.0'?><p>短</p>",
    ],
)
def test_a_page_without_an_article_is_none(nothing):
    assert article_html.read(nothing, URL, NOW) is None


def test_a_page_of_nested_titles_many_headings_and_endless_dates_is_read_like_any_other():
    dates = "<span>" + "2026-03-04 " * 30_000 + "</span>"
    nested = (
        "<div class='title'>" * 150
        + f"<h2>夜查工地噪声 责令三处停工</h2><div><p>{LEAD}</p><p>{MORE}</p></div>"
    )
    end = "<b>图</b>" * 10_000 + "</div>" * 150
    found = article_html.read(page(nested + end + "<h3>更多</h3>" * 10_000 + dates), URL, NOW)
    assert found is not None and found.title == "夜查工地噪声 责令三处停工"
    assert LEAD in found.text
