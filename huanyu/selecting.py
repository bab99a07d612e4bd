"""Whether what a person wrote to find something on a page can be used at all: CSS, XPath, JSON path, pattern.

Pure; faults are Chinese and speak to the person who wrote sources.toml. Reading pages is the crawler's business.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from cssselect import HTMLTranslator
from cssselect import SelectorError
from lxml import etree

BELOW = "descendant::"  #: a selector finds what is inside a block, never the block itself
SELF = "."  #: in the short form: the block itself, as in ".@data-id"
JSON_PATH = re.compile(r"[^.\s]+(?:\.[^.\s]+)*")
XPATH_STARTS = ("/", "./", "../", "(", "string(", "normalize-space(")
SHORT_ATTR = re.compile(r"@([A-Za-z_][\w:-]*)$")


def from_short(told: str) -> dict[str, str]:
    """`a.title@href` as CSS and attribute; what begins like an XPath is one and says its attribute itself."""
    text = told.strip()
    if text.startswith(XPATH_STARTS):
        return {"xpath": text}
    found = SHORT_ATTR.search(text)
    css = text[: found.start()].strip() if found else text
    return {"css": "" if css == SELF else css, "attr": found[1] if found else ""}


def fault(selectors: Mapping[str, str], match: str, form: str) -> str:
    """What is wrong with a rule, "" when nothing is."""
    named = [name for name, told in selectors.items() if told]
    if len(named) > 1:
        return f"{'、'.join(named)} 只能写一个"
    return (
        css_fault(selectors["css"])
        or xpath_fault(selectors["xpath"])
        or json_fault(selectors["json"])
        or match_fault(match)
        or ("" if not form or "{}" in form else f"form {form!r} 中要有 {{}}, 代表读到的值")
    )


def css_fault(css: str) -> str:
    try:
        to_xpath(css or "*")
    except SelectorError as problem:
        return f"css {css!r} 不是可用的 CSS 选择器 ({problem})"
    return ""


@lru_cache(maxsize=1000)
def to_xpath(css: str) -> str:
    """The XPath of a CSS selector, below the element it is asked of; raises SelectorError."""
    return HTMLTranslator().css_to_xpath(css, prefix=BELOW)


def xpath_fault(xpath: str) -> str:
    try:
        if xpath:
            etree.XPath(xpath)(etree.Element("html"))  # unknown functions and prefixes show only when it runs
    except etree.XPathError as problem:
        return f"xpath {xpath!r} 不是可用的 XPath ({problem})"
    return ""


def json_fault(path: str) -> str:
    return "" if not path or JSON_PATH.fullmatch(path) else f"json {path!r} 应写成 data.list 这样的路径"


def match_fault(match: str) -> str:
    try:
        re.compile(match)
    except re.error as problem:
        return f"match {match!r} 不是可用的正则表达式 ({problem})"
    return ""
