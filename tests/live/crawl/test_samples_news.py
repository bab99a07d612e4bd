"""Real news pages against labels written by hand (skipped where shared/samples is missing); `pytest -s` prints a table.

A label says, from reading the raw page, which nodes are the article's body, which nodes inside them are not (原标题,
责任编辑, players, recommendations, the site's own summary repeated), the SHA-256 of the title and the printed time.
Tokens are jieba's, without blanks and punctuation; their order does not count. What a page has none of is "".

Not labelled: readhub (a topic with links to other sites' reports, no article), the further pages of sites that are here.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import jieba
import pytest
from lxml import html as lxml_html

from classify import similar
from classify.reprints import Piece
from classify.reprints import same_article
from crawler import article_html
from crawler import feed_xml
from crawler.article_html import Article
from crawler.charset import decode
from huanyu.clock import SHANGHAI
from huanyu.text import normalise

NEWS = Path(__file__).resolve().parents[3].parent / "shared" / "samples" / "news"
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=SHANGHAI)
SILENT = "ancestor::script or ancestor::style or ancestor::noscript"

pytestmark = pytest.mark.skipif(not NEWS.is_dir(), reason="shared/samples is not beside the repository")


@dataclass(frozen=True)
class Label:
    """What a person found on one page."""

    page: str
    body: str  #: XPath of the nodes that are the article
    title: str  #: first 16 hexadecimal digits of the SHA-256 of the title
    time: str  #: ISO, as exactly as the page prints it
    without: str = ""  #: XPath, from a body node, of what is not the article's


LABELS = (
    Label(
        "163/1",
        "//div[@id='endText']/p[not(@class='otitle')]",
        "18f70330a5f6ea07",
        "2019-09-07T13:43:45",
    ),
    Label(  # a player and 延伸·推荐 inside the body
        "163/5",
        "//div[@id='endText']",
        "271e4729809f279a",
        "2019-09-07T16:28:35",
        "*[@class='otitle'] | .//div[contains(@class, 'video-wrapper')]"
        " | .//*[@class='special_tag_wrap'] | .//*[@class='special_tag_wrap']/following-sibling::*",
    ),
    Label(
        "baijiahao/1",
        "//div[@id='article']//div[@class='article-content']",
        "ed37f1f34714107f",
        "2019-10-08T12:00:57",
    ),
    Label("cjddsb/1", "//div[@class='single-content']/p", "18f0f3b62882b66e", "2019-09-23T14:34:05"),
    Label("cmse/1", "//div[@id='content']", "ef30013a0e29655f", "2012-06-24"),
    Label(
        "csdn/1",
        "//div[@class='con news_content']",
        "8d8704532ce06187",
        "2014-08-24T21:30",
        ".//p[@class='copyright']",
    ),
    Label(
        "ednchina/1",
        "//div[@class='article_text']",
        "e354971f198057bd",
        "2019-09-25",
        ".//p[starts-with(normalize-space(), '责编')]",
    ),
    Label(  # page one of two
        "gamersky/gamersky",
        "//div[@class='gsAreaContextArt']/p",
        "ed5195d96f9fc798",
        "2019-09-05T11:10",
        "self::p[contains(., '相关资讯请关注')]/node()",
    ),
    Label("gsc/1", "//div[@class='detailCon']", "48fd83d58d7f12cc", "2019-05-18"),
    Label("guancha/2", "//div[@class='content all-txt']", "589ae0d861ecec28", "2019-09-07T15:10:53"),
    Label("hexun/1", "//div[@class='art_contextBox']/p", "93be70a9f3ca7431", "2019-09-26T10:56:28"),
    Label(
        "huanqiu/1",
        "//div[@class='a-con']",
        "d87c9e617cf90494",
        "2020-06-05T20:35",
        ".//*[starts-with(normalize-space(), '责编')]",
    ),
    Label(
        "mingridapan/1",
        "//div[@class='page_art_content']",
        "a3798d1579804195",
        "2019-09-26T10:09:11",
        "*[.//div[@class='meta-tag']] | div[@class='meta-tag'] | .//div[contains(@class, 'share')]",
    ),
    Label("other/1", "//div[@id='UCAP-CONTENT']", "d9178d8f83571560", "2007-08-20"),
    Label(
        "qq/qq",
        "//div[@class='content-article']/*[self::p or @class='introduction']",
        "e2643cf1632cefa2",
        "2019-09-07T19:02",
    ),
    Label(
        "qq/2",
        "//div[@id='Cnt-Main-Article-QQ']",
        "e17297fdaf898972",
        "2019-09-23T07:48",
        ".//span[contains(., '返回腾讯网首页')]",
    ),
    Label(
        "sina/1",
        "//div[@id='article']",
        "0966d0c0b32c6dae",
        "2019-11-25T18:57:38",
        "p[contains(., '原标题')] | p[@class='show_author'] | .//*[contains(text(), '视频-')]",
    ),
    Label(
        "sina/5",
        "//div[@id='article']",
        "08ad9c879827a2c7",
        "2019-10-23T09:05",
        "p[contains(., '原标题')] | p[@class='show_author'] | .//*[contains(text(), '视频-')]"
        " | p[contains(., '此前报道')] | p[.//a[contains(., '首受访')]]",
    ),
    Label("stcn/1", "//div[@id='ctrlfscont']", "b1851b9022d12d01", "2019-09-26T12:11"),
    Label("sxmu/1", "//div[@id='vsb_content']", "7f6a5d93d8d4fdde", "2018-05-17"),
    Label("toutiao/3", "//div[@class='article-content']", "d078a20985d77c3e", "2019-09-09T16:01:46"),
    Label("wechat/1", "//div[@id='js_content']", "7ad162ebfb855789", "2020-02-12T22:17:54"),
    Label("wechat/2", "//div[@id='js_content']", "54214af7014134f0", "2020-02-11T18:47:50"),
    Label("xds/1", "//div[@class='statuses-text']", "c618f1270fed24d3", "2019-09-26T15:10"),
    Label("xinhuanet/1", "//div[@id='p-detail']/p", "8f8ea26ebd84dc9b", "2019-12-10T07:57:40"),
    Label("zyyfy/1", "//div[@id='div_article_content']", "0fed0c543edc6530", "2019-10-31T23:00"),
)

#: Labelled when the reader was finished: nothing in it was changed for these.
UNSEEN = (
    Label(
        "163/7",
        "//div[@id='endText']/p[not(@class='otitle')]",
        "c14ca17a46e5fa3e",
        "2019-11-25T11:01:53",
        "self::p[contains(., '校对')]/node()",
    ),
    Label(
        "163/8",
        "//div[@id='endText']//div/p[not(ancestor::ul)]",
        "8be59cc148a6ce84",
        "2020-02-29T18:34:31",
    ),
    Label("baijiahao/2", "//div[@class='article-content']", "1a088d064443494f", "2019-09-30T22:46:13"),
    Label("baijiahao/4", "//div[@class='article-content']", "ee05195e06312d8f", "2020-01-14T17:58:59"),
    Label("guancha/3", "//div[@class='content all-txt']", "eb1bb9fb39ed137d", "2019-09-09T19:32:27"),
    Label("guancha/guancha", "//div[@class='content all-txt']", "1f33f2a717bc9df0", "2019-09-07T09:25:09"),
    Label(
        "sina/2", "//div[@id='artibody']", "7b638e0490349205", "2018-12-28T19:55", "p[@class='show_author']"
    ),
    Label(
        "sina/sina",
        "//div[@id='article']",
        "a3fd3e626e0f2c24",
        "2019-09-07T04:04",
        "p[contains(., '原标题')] | p[@class='show_author']",
    ),
    Label("toutiao/4", "//div[@class='article-content']", "a6bd5f6d5659ceda", "2019-11-25T10:37:31"),
    Label(
        "toutiao/5",
        "//div[@class='article-content']",
        "e29de012175f6d5f",
        "2020-03-09T18:14:21",
        "p[starts-with(., '来源：')] | .//p[starts-with(., '来源：')]",
    ),
)

GOLD = (
    ("chinese_article", "2012-12-10"),
    ("chinese_article_001", "2023-11-17"),
    ("chinese_article_002", "2023-11-17T20:52:15"),
)


def tokens(text: str) -> Counter[str]:
    return Counter(word for word in jieba.lcut(normalise(text)) if re.search(r"\w", word))


def f1(found: str, wanted: str) -> float:
    """Harmonic mean of precision and recall over the tokens of both texts."""
    left, right = tokens(found), tokens(wanted)
    return 2 * (left & right).total() / (left.total() + right.total())


def page(path: Path) -> str:
    return decode(path.read_bytes()).text


def labelled(label: Label) -> str:
    """The text of the nodes a person chose; pictures have none."""
    root = lxml_html.document_fromstring(page(NEWS / "pages" / f"{label.page}.html"))
    parts: list[str] = []
    for node in root.xpath(label.body):
        left_out = set(node.xpath(label.without)) if label.without else set()
        for text in node.xpath(f".//text()[not({SILENT})]"):
            holder = text.getparent().getparent() if text.is_tail else text.getparent()
            if text not in left_out and not left_out & {holder, *holder.iterancestors()}:
                parts.append(
                    f"{text} " if any(above.tag == "pre" for above in holder.iterancestors()) else text
                )
        parts.append("\n")
    return "".join(parts)


@cache
def found(name: str) -> Article:
    article = article_html.read(page(NEWS / f"{name}.html"), "http://x.invalid/", NOW)
    assert article is not None, name
    return article


def score(label: Label) -> float:
    return f1(found(f"pages/{label.page}").text, labelled(label))


def digest(title: str) -> str:
    return hashlib.sha256(normalise(title).encode()).hexdigest()[:16]


@pytest.mark.parametrize(("labels", "least"), [(LABELS, 20), (UNSEEN, 10)], ids=["labelled", "unseen"])
def test_the_bodies_are_found(labels, least):
    scores = {label.page: score(label) for label in labels}
    mean = sum(scores.values()) / len(scores)
    print("", *(f"{value:.3f} {name}" for name, value in scores.items()), f"{mean:.3f} mean", sep="\n")
    assert len(scores) >= least and mean >= 0.95
    assert min(scores.values()) >= 0.90


@pytest.mark.parametrize("label", LABELS + UNSEEN, ids=lambda label: label.page)
def test_the_title_is_exact(label):
    assert digest(found(f"pages/{label.page}").title) == label.title


@pytest.mark.parametrize("label", LABELS + UNSEEN, ids=lambda label: label.page)
def test_the_publish_time_is_exact(label):
    posted_at = found(f"pages/{label.page}").posted_at
    assert posted_at is not None and posted_at.isoformat().startswith(label.time)


@pytest.mark.parametrize(("name", "time"), GOLD)
def test_the_gold_articles_have_their_body_title_and_time(name, time):
    article = found(f"gold_zh/{name}")
    assert f1(article.text, (NEWS / "gold_zh" / f"{name}.txt").read_text(encoding="utf-8")) >= 0.95
    assert article.posted_at is not None and article.posted_at.isoformat().startswith(time)


def cut(text: str, share: float) -> str:
    """The first paragraphs, as much of the text as `share`."""
    kept: list[str] = []
    for line in text.split("\n"):
        if sum(map(len, kept)) < share * len(text):
            kept.append(line)
    return "\n".join(kept)


def piece(title: str, text: str) -> Piece:
    return Piece(text, similar.signature(f"{title}\n{text}"))


def test_reprints_of_real_articles_are_found_and_no_two_articles_are_one():
    articles = [found(f"pages/{label.page}") for label in LABELS + UNSEEN]
    whole = [piece(one.title, one.text) for one in articles]
    reprints = [
        same_article(original, piece("另一个标题", text))
        for original in whole
        for text in (
            f"（来源：水城新闻网）\n{original.text}\n声明：本文为转载",
            *(cut(original.text, share) for share in (0.6, 0.3, 0.15)),
        )
    ]
    apart = [same_article(one, other) for one, other in itertools.combinations(whole, 2)]
    print(
        f"recall {sum(reprints) / len(reprints):.3f} of {len(reprints)}, {sum(apart)} of {len(apart)} pairs wrong"
    )
    assert sum(reprints) / len(reprints) >= 0.99
    assert sum(apart) == 0


def test_the_feed_of_a_news_agency_is_its_articles_without_the_channel_page():
    body = (NEWS / "rss" / "chinanews_sports_2026-09-27_excerpt.xml").read_bytes()
    feed = feed_xml.read(body, "application/xml", "https://www.chinanews.com.cn/rss/sports.xml", NOW)
    assert (len(feed.entries), feed.skipped, feed.problem) == (2, 1, "")
    assert [entry.posted_at.isoformat() for entry in feed.entries] == [
        "2026-09-27T23:56:05+08:00",
        "2026-09-27T23:11:53+08:00",
    ]
    assert [entry.native_id == entry.url for entry in feed.entries] == [True, True]
    assert [entry.url.rsplit("/", 1)[1] for entry in feed.entries] == ["10704633.shtml", "10704620.shtml"]
    assert not any("<" in entry.summary for entry in feed.entries)
