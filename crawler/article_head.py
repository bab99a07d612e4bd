"""What an article's page says of the article: title, publish time, source, author, next page.

Pure. A time is taken from what machines are told and from the line beside the headline, never from the text itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC
from datetime import datetime
from urllib.parse import urljoin
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HtmlElement

from crawler import dates
from crawler.dates import Found
from huanyu.clock import SHANGHAI
from huanyu.text import fold
from huanyu.text import normalise

HEADINGS = (
    "//h1 | //h2 | //h3 | //h4 | //h5 | //strong | //*[contains(@class, 'title') or contains(@id, 'title')]"
)
REAL_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5"})
LONGEST = 120  # characters of a headline; more is a block that contains one
SCRIPTS = frozenset({"script", "style"})
SHORTEST = 8  # a heading this short may be the name of a section, unless it is the page's only h1
SUFFIX = re.compile(r"\s*(?:_+|\||--+|——| [-–—] |[-–—](?=[^-–—]{2,12}$)).*$")

TIMES = (
    "article:published_time",
    "og:published_time",
    "pubdate",
    "publishdate",
    "publish_date",
    "publish-date",
    "pubtime",
    "apub:time",
    "datepublished",
    "datepublish",
    "date",
    "firstpublishedtime",
    "published_time",
    "og:time",
    "originalpublicationdate",
    "weibo:article:create_at",
    "dateupdate",
)
SCRIPTED = (
    re.compile(r'"datePublished"\s*:\s*"([^"]{8,40})"'),
    re.compile(
        r"""["']?(?:pubtime|pub_time|publish_time|publishTime|ptime|pubDate)["']?\s*[:=]\s*["'](\d{4}[^"']{6,24})["']"""
    ),
)
EPOCH = re.compile(r"""var\s+ct\s*=\s*["'](\d{10})["']""")  # what WeChat's own script prints as 昨天
PRINTED = re.compile(
    r"(?<![\d:.-])(?P<Y>(?:19|20)\d{2})\s?[-/.年 ]\s?(?P<M>\d{1,2})\s?[-/.月 ]\s?(?P<D>\d{1,2})(?!\d)\s?[日号]?"
    r"[ T]*(?:(?:周|星期)[一二三四五六日])?\s*(?P<time>(?:上午|下午)?\s*\d{1,2}\s?[:时]\s?\d{2}(?:\s?:\s?\d{2})?)?"
)
NO_YEAR = re.compile(
    r"(?<![\d:.-])\d{1,2}\s?[-/月]\s?\d{1,2}\s?日?\s*\d{1,2}:\d{2}(?::\d{2})?|(?:今天|昨天|前天)\s?\d{1,2}:\d{2}"
)
LATER = re.compile(r"(?:更新|修改|编辑|截至)\S{0,3}[:：]?\s*$")
LABEL = 20  # characters before a date in which its label stands
LABELLED = re.compile(r"(?:时间|日期|发布|发表)\S{0,2}[:：]?\s*$")

NAME = r"([^\s:：，,。；;|/\[\]（）()<>【】]{2,%d})"
ORIGIN = re.compile(r"(?:来源|稿源|出处|来自)\s*[:：]\s*" + NAME % 30)
AUTHOR = re.compile(r"(?:作者|记者|撰文|文)\s*[:：/]\s*" + NAME % 12)
NEXT = re.compile(r"(?:下一?页|后一页|next ?page)[\s>»›]*", re.I)


def title(root: HtmlElement, body: HtmlElement | None) -> str:
    """The headline: the longest heading that the page's <title> repeats, else the nearest one above the body."""
    told = page_title(root)
    known = fold(told)
    above = [
        (element, text)
        for element, text in headings(root)
        if body is None or element.tag == "h1" or not within(element, body)
    ]
    shared = [text for _, text in above if len(fold(text)) >= SHORTEST and fold(text) in known]
    if shared:
        return max(shared, key=len)
    only = [text for element, text in above if element.tag == "h1"]
    if len(only) == 1 and fold(only[0]) not in fold(site_part(told)):
        return only[0]
    stripped = without_site(told)
    before = headings_before(root, body)
    near = [text for element, text in above if element in before]
    if near and len(fold(stripped)) < SHORTEST <= len(fold(near[-1])):
        return near[-1]
    return stripped


def page_title(root: HtmlElement) -> str:
    """<title>, or what is told to other sites."""
    for path in ("//title/text()", "//meta[@property='og:title']/@content", "//meta[@name='title']/@content"):
        if found := [line(text) for text in root.xpath(path) if text.strip()]:
            return str(found[0])
    return ""


def without_site(told: str) -> str:
    """A page title without section and site behind it; a title that is all suffix stays."""
    return SUFFIX.sub("", told).strip() or told


def site_part(told: str) -> str:
    return told[len(without_site(told)) :]


def headings(root: HtmlElement) -> Iterator[tuple[HtmlElement, str]]:
    for element in root.xpath(HEADINGS):
        text = short_text(element)
        if text and len(text) <= LONGEST:
            yield element, text


def short_text(element: HtmlElement) -> str:
    """What an element says, or somewhat more than a headline of it: a block in a block in a block is read no further."""
    pieces: list[str] = []
    size = 0
    for event, at in etree.iterwalk(element, events=("start", "end", "comment", "pi")):
        piece = at.text if event == "start" and at.tag not in SCRIPTS else at.tail if event != "start" else ""
        if piece and not (event != "start" and at is element):
            pieces.append(piece)
            size += len(piece.strip())
        if size > LONGEST:
            break
    return line("".join(pieces))


def line(text: str) -> str:
    return normalise(text).replace("\n", " ")


def within(element: HtmlElement, body: HtmlElement) -> bool:
    return any(above is body for above in element.iterancestors())


def headings_before(root: HtmlElement, body: HtmlElement | None) -> set[HtmlElement]:
    """The headings that stand before the body."""
    found: set[HtmlElement] = set()
    for element in root.getroottree().getroot().iter():
        if element is body:
            break
        if element.tag in REAL_HEADINGS:
            found.add(element)
    return found


def posted_at(root: HtmlElement, beside: tuple[str, str], now: datetime) -> Found | None:
    """When the page says it was published, and whether we supplied the year.

    `beside`: the texts before and after the body. What is printed there decides; what machines are told adds the
    seconds, or the time where only a day is printed, and decides where nothing is printed.
    """
    told = [found for text in machine_times(root) if (found := dates.parse(text, now))]
    shown = printed(beside[0], now) or printed(beside[0], now, LATER) or printed(beside[1], now, LABELLED)
    if shown is None:
        return next(iter(told), None) or vague(beside[0], now)
    moment, has_time = shown
    finer = (one for one in told if agrees(one[0], moment, has_time))
    return next(finer, (moment, False))


def agrees(told: datetime, shown: datetime, has_time: bool) -> bool:
    same_day = told.date() == shown.date()
    return same_day and (not has_time or (told.hour, told.minute) == (shown.hour, shown.minute))


def machine_times(root: HtmlElement) -> Iterator[str]:
    """Times in meta elements, microdata and the page's data, the surest first."""
    metas: dict[str, str] = {}
    for meta in root.xpath("//meta[@content]"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        metas.setdefault(re.sub(r"\s", "", name).lower(), meta.get("content"))
    yield from (tidy(metas[name]) for name in TIMES if name in metas)
    yield from (tidy(value) for value in root.xpath("//*[@itemprop='datePublished']/@datetime"))
    scripts = "\n".join(root.xpath("//script[not(@src)]/text()"))
    for pattern in SCRIPTED:
        yield from (tidy(match[1]) for match in pattern.finditer(scripts))
    if match := EPOCH.search(scripts):
        yield datetime.fromtimestamp(int(match[1]), UTC).astimezone(SHANGHAI).isoformat()


def tidy(text: str) -> str:
    """2007-08-20-23:59:59 is how gov.cn writes it."""
    return re.sub(r"^(\d{4}-\d{1,2}-\d{1,2})-(?=\d{2}:)", r"\1 ", text.strip())


def printed(text: str, now: datetime, label: re.Pattern[str] | None = None) -> tuple[datetime, bool] | None:
    """The first full date in a text (behind `label`, where one is given), and whether it has a time.

    The date of a change counts only where it is asked for.
    """
    for match in PRINTED.finditer(text):
        before = text[max(0, match.start() - LABEL) : match.start()]
        if (label and not label.search(before)) or (label is not LATER and LATER.search(before)):
            continue
        clock = "".join((match["time"] or "").split()).replace("时", ":")
        if found := dates.parse(f"{match['Y']}-{match['M']}-{match['D']} {clock}".strip(), now):
            return found[0], bool(clock)
    return None


def vague(text: str, now: datetime) -> Found | None:
    """A time beside the headline that names no year."""
    match = NO_YEAR.search(text)
    return dates.parse(match[0], now) if match else None


def origin(text: str) -> str:
    """来源, the outlet the article was taken from."""
    return named(ORIGIN, text)


def author(root: HtmlElement, text: str) -> str:
    """作者 or 记者 beside the headline, else what the page tells machines."""
    told = root.xpath("//meta[@name='author' or @property='article:author']/@content")
    return named(AUTHOR, text) or next((line(one) for one in told if plausible(one)), "")


def named(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return match[1].strip() if match else ""


def plausible(name: str) -> bool:
    """Whether a meta author may be a person or an outlet: templates leave "name, email@gmail.com" there."""
    return 0 < len(name.strip()) <= 30 and "@" not in name


def next_page(root: HtmlElement, url: str) -> str:
    """Address of the article's next page on the same site, "" where it has none."""
    for link in root.xpath("//a[@href]"):
        if NEXT.fullmatch(" ".join(link.text_content().split())):
            found = urljoin(url, link.get("href").strip())
            here, there = urlsplit(url), urlsplit(found)
            if (
                there.scheme in {"http", "https"}
                and there.netloc == here.netloc
                and found.split("#")[0] != url
            ):
                return str(found)
    return ""
