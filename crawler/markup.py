"""From HTML fragments to plain text, as a reader would have copied it.

Knows HTML in general; what a platform hides or decorates is removed by that platform's own parser beforehand.
"""

from __future__ import annotations

import re

from lxml import html as lxml_html
from lxml.etree import ParserError
from lxml.html import HtmlElement

BREAKS = frozenset(
    {"br", "p", "div", "li", "tr", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol"}
)
SILENT = frozenset({"script", "style", "noscript", "template", "head", "iframe"})
BLANKS = re.compile(r"[ \t\r\n\f]+")  # what HTML folds; no-break and ideographic blanks are the author's own
BEFORE_BREAK = re.compile(r"(?<! ) +\n")  # tried once for a run of blanks, not once for each of them
AFTER_BREAK = re.compile(r"\n +")
MANY_BREAKS = re.compile(r"\n{3,}")
INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\u200b\u200e\u200f\ufeff]")  # PostgreSQL refuses NUL


def plain(fragment: str) -> str:
    """Text of an HTML fragment; an image is its alternative text (微博's [偷笑]), a break a new line."""
    if not fragment.strip():
        return ""
    try:
        root = lxml_html.fragment_fromstring(fragment, create_parent="div")
    except (ParserError, ValueError):  # only comments, or a stray encoding declaration
        return tidy(re.sub(r"<[^<>]*>", "", fragment))
    return text_of(root)


def text_of(element: HtmlElement) -> str:
    """Text below `element`, folded as a browser folds it."""
    parts: list[str] = []
    collect(element, parts)
    return tidy("".join(parts))


def collect(element: HtmlElement, parts: list[str]) -> None:
    if not isinstance(element.tag, str) or element.tag in SILENT:  # comments have no tag name
        return
    if element.tag in BREAKS:
        parts.append("\n")
    if element.tag == "img":
        parts.append(element.get("alt") or "")
    parts.append(BLANKS.sub(" ", element.text or ""))
    for child in element:
        collect(child, parts)
        parts.append(BLANKS.sub(" ", child.tail or ""))
    if element.tag in BREAKS and element.tag != "br":
        parts.append("\n")


def tidy(text: str) -> str:
    """Drop invisible characters, blanks around breaks and more than one empty line."""
    visible = INVISIBLE.sub("", text)
    return MANY_BREAKS.sub("\n\n", AFTER_BREAK.sub("\n", BEFORE_BREAK.sub("\n", visible))).strip()
