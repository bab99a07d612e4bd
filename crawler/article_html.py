"""Read a news article: body, title, publish time, author, 来源 and where its next page is.

Pure: decoded HTML in, an article out. crawler.article_body finds the text, trafilatura where it finds too little,
crawler.article_head what the page says of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

import trafilatura
from lxml import html as lxml_html
from lxml.etree import ParserError
from lxml.html import HtmlElement

from crawler import article_body
from crawler import article_head

SHORT = 20  # characters; less than that is a caption or a menu, not an article
DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
BEFORE = 60  # texts before the body that belong to its head
AFTER = 40  # texts after it in which a labelled time may stand
MOST = 20_000  # characters of either
VISIBLE = "//text()[not(ancestor::script or ancestor::style or ancestor::noscript or ancestor::head)]"


@dataclass(frozen=True, slots=True)
class Article:
    text: str
    title: str
    author: str
    posted_at: datetime | None
    year_inferred: bool = False
    origin: str = ""  #: 来源: the outlet it was taken from
    next_url: str = ""  #: the article goes on there
    images: tuple[str, ...] = ()


def read(html: str, url: str, now: datetime) -> Article | None:
    """The article of a page, or None when there is no body to be found."""
    root = tree(html)
    if root is None:
        return None
    block = article_body.block(root)
    text = "\n".join(article_body.lines(block) if block is not None else ()) or body_by_trafilatura(html, url)
    if len(text) < SHORT:
        return None
    before, after = beside(root, block)
    when = article_head.posted_at(root, (before, after), now)
    return Article(
        text=text,
        title=article_head.title(root, block),
        author=article_head.author(root, before),
        posted_at=when[0] if when else None,
        year_inferred=when[1] if when else False,
        origin=article_head.origin(f"{before} {after}"),
        next_url=article_head.next_page(root, url),
        images=() if block is None else article_body.images(block, url),
    )


def tree(html: str) -> HtmlElement | None:
    """The page as a tree; what a broken page puts behind its end is part of it."""
    try:
        root = lxml_html.document_fromstring(DECLARATION.sub("", html))
    except (ParserError, ValueError):
        return None
    for more in list(root.itersiblings()):
        root.append(more)
    return root


def body_by_trafilatura(html: str, url: str) -> str:
    found = trafilatura.extract(html, url=url, include_comments=False, fast=True) or ""
    return "\n".join(article_body.tidied([line.strip() for line in found.splitlines() if line.strip()]))


def beside(root: HtmlElement, block: HtmlElement | None) -> tuple[str, str]:
    """The texts just before and just after the body, each on one line."""
    inside = set(block.iter()) if block is not None else set()
    begun = set(article_body.opening(block).iter()) if block is not None else set()
    sides: tuple[list[str], list[str]] = ([], [])
    met = False
    for text in root.xpath(VISIBLE):
        holder = text.getparent().getparent() if text.is_tail else text.getparent()
        met = met or holder in begun
        if text.strip() and not (met and holder in inside):
            sides[met].append(" ".join(text.split()))
    return " ".join(sides[0][-BEFORE:])[-MOST:], " ".join(sides[1][:AFTER])[:MOST]
