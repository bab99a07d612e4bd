"""Read a page of any site by the rules of sources.toml: a decoded page and rules in, items out.

Pure: it knows neither network nor store nor clock. What a page means beyond its rules it does not guess.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import Any
from typing import get_args
from urllib.parse import urljoin

from lxml import etree
from lxml import html as lxml_html
from lxml.html import HtmlElement

from crawler import dates
from crawler.markup import plain
from crawler.markup import text_of
from crawler.markup import tidy
from huanyu import selecting
from huanyu.clock import SHANGHAI
from huanyu.errors import BadInput
from huanyu.site_rows import FieldRule
from huanyu.site_rows import PageRules
from huanyu.site_rows import PostField

XML_HEAD = re.compile(r"^\s*<\?xml[^>]*\?>")
EPOCH = re.compile(r"\d{10}(?:\d{3})?")  # seconds or milliseconds, in JSON
COUNT = re.compile(r"(\d+(?:\.\d+)?)\s*(万|[wW])?")
FULL_YEAR = re.compile(r"(?:19|20)\d\d")
NO_LINK = ("javascript:", "mailto:", "tel:", "data:", "#")
TEXTS = ("native_id", "author", "author_id", "region", "status")
ATTRS = MappingProxyType({"images": "src", "url": "href"})  #: the attribute meant where a rule names none
COUNTS = ("likes", "reposts", "comments", "views")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One item as the rules see it; what no rule gives is empty."""

    native_id: str = ""
    url: str = ""  #: its own page, for people
    link: str = ""  #: its own page, to be read
    title: str = ""
    text: str = ""
    author: str = ""
    author_id: str = ""
    posted_at: datetime | None = None
    year_inferred: bool = False
    stamp: str = ""  #: the time as printed, where it will still be printed so tomorrow
    region: str = ""
    status: str = ""
    likes: int | None = None
    reposts: int | None = None
    comments: int | None = None
    views: int | None = None
    images: tuple[str, ...] = ()
    raw: str = ""  #: the block it was read from
    missing: str = ""  #: Chinese: a rule that must find something and did not: the item cannot be used
    odd: str = ""  #: Chinese: a rule found what nobody can read; the rest of the item is good


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What the rules found on one page."""

    items: tuple[Found, ...]
    next: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)  #: rule -> in how many items it found something


def read(text: str, rules: PageRules, url: str, now: datetime, name: str) -> Page:
    """The items of a page; `BadInput` says which rule found nothing where something must be."""
    root = root_of(text, rules)
    base = url if rules.is_json else absolute(url, next(iter(root.xpath("//base/@href")), ""))
    blocks = picked(root, rules.item)
    if not blocks and not is_empty(root, rules):
        told = f"规则 {name}.item ({rules.item}) 在这一页上什么也没有找到, 页面可能已改版"
        raise BadInput(told if rules.item.stated else f"规则 {name}: 页面是空的")
    items = tuple(item(block, rules, base, now, name) for block in blocks)
    return Page(items=items, next=link(root, rules.next, base), counts=counted(blocks, items, rules))


def read_one(text: str, rules: PageRules, url: str, now: datetime, name: str) -> Found:
    """One item that stands alone, as it was kept when it could not be read."""
    alone = json.loads(text) if rules.is_json else lxml_html.fragment_fromstring(text)
    return item(alone, rules, url, now, name)


def root_of(text: str, rules: PageRules) -> Any:
    """The page as a tree of elements or of JSON values; raises BadInput."""
    try:
        if rules.is_json:
            return json.loads(text)
        return lxml_html.document_fromstring(XML_HEAD.sub("", text))
    except (etree.LxmlError, ValueError, RecursionError) as problem:
        kind = "JSON" if rules.is_json else "HTML"
        raise BadInput(f"页面不是可读的 {kind}: {problem}") from problem


def is_empty(root: Any, rules: PageRules) -> bool:
    """Whether a page without items says so itself; a JSON list of nothing does."""
    if rules.is_json and rules.item.json_path:
        return bool(at_path(root, rules.item.json_path) == [])
    return rules.empty.stated and bool(values(root, rules.empty))


# --- what a selector gives ----------------------------------------------------------------------------------


def picked(node: Any, rule: FieldRule) -> list[Any]:
    """Elements, strings or JSON values that a rule's selector finds below `node`; `node` itself where it has none."""
    if rule.json_path:
        found = at_path(node, rule.json_path)
        return found if isinstance(found, list) else [] if found is None else [found]
    path = selecting.to_xpath(rule.css) if rule.css else rule.xpath
    if not path:
        return [node]
    try:
        found = node.xpath(path)
    except etree.XPathError as problem:
        raise BadInput(f"xpath {path!r} 不能用: {problem}") from problem
    return found if isinstance(found, list) else [found]


def at_path(node: Any, path: str) -> Any:
    """The JSON value at data.list.0.title, None where there is none."""
    for part in path.split("."):
        if isinstance(node, dict):
            node = node.get(part)
        elif isinstance(node, list) and part.isdecimal() and int(part) < len(node):
            node = node[int(part)]
        else:
            return None
    return node


def values(node: Any, rule: FieldRule, attr: str = "", drop: tuple[str, ...] = ()) -> list[str]:
    """Everything a rule finds, as text: `attr` is the attribute where the rule names none."""
    if not rule.stated:
        return []
    said = (shown(one, rule.attr or attr, drop) for one in picked(node, rule))
    cut_out = (cut(text, rule) for text in said if text)
    return [rule.form.replace("{}", text) if rule.form else text for text in cut_out if text]


def first(node: Any, rule: FieldRule, attr: str = "", drop: tuple[str, ...] = ()) -> str:
    return next(iter(values(node, rule, attr, drop)), "")


def shown(found: Any, attr: str, drop: tuple[str, ...]) -> str:
    if isinstance(found, HtmlElement):
        return tidy(found.get(attr) or "") if attr else text_of(without(found, drop))
    if isinstance(found, bool) or found is None or isinstance(found, dict | list):
        return ""
    return tidy(f"{found:g}" if isinstance(found, float) else str(found))


def without(element: HtmlElement, drop: tuple[str, ...]) -> HtmlElement:
    """A copy without the parts that are not the author's words; the text behind each stays."""
    if not drop:
        return element
    copy = deepcopy(element)
    copy.tail = None
    for css in drop:
        for part in copy.xpath(selecting.to_xpath(css)):
            if part.getparent() is not None:
                part.drop_tree()
    return copy


def cut(text: str, rule: FieldRule) -> str:
    if not rule.match:
        return text
    match = re.search(rule.match, text)
    return (match[1] if match.re.groups else match[0]) or "" if match else ""


# --- one item -----------------------------------------------------------------------------------------------


def item(block: Any, rules: PageRules, base: str, now: datetime, name: str) -> Found:
    """The fields of one block; what a rule found and nobody can use is a fault."""
    nothing = FieldRule()
    give = partial(first, block)
    rule = {one: rules.fields.get(one, nothing) for one in get_args(PostField)}
    printed = give(rule["posted_at"])
    when = moment(printed, now) if printed else None
    told: dict[str, Any] = {one: give(rule[one]) for one in TEXTS}
    told.update({one: count(give(rule[one])) for one in COUNTS})
    said: dict[str, Any] = {one: first(block, rule[one], "", rules.drop) for one in ("title", "text")}
    if rules.is_json:  # the words of a JSON answer are often HTML
        said = {one: plain(words) if "<" in words else words for one, words in said.items()}
    return Found(
        **told,
        **said,
        url=link(block, rule["url"], base),
        link=link(block, rules.follow, base),
        posted_at=when[0] if when else None,
        year_inferred=when[1] if when else False,
        stamp=printed if FULL_YEAR.search(printed) else "",
        images=tuple(absolute(base, one) for one in values(block, rule["images"], "src")),
        raw=source(block),
        missing=missing(rule["native_id"], told["native_id"], name),
        odd=odd(printed, when, name),
    )


def missing(rule: FieldRule, native_id: str, name: str) -> str:
    """An item whose number cannot be read would come in again and again under another one."""
    if not rule.stated or native_id:
        return ""
    return f"规则 {name}.fields.native_id ({rule}) 没有找到编号"


def odd(printed: str, when: object, name: str) -> str:
    if not printed or when:
        return ""
    return f"规则 {name}.fields.posted_at 读到“{printed[:40]}”, 不是看得懂的时间"


def moment(text: str, now: datetime) -> tuple[datetime, bool] | None:
    if EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(text[:10]), SHANGHAI), False
    return dates.parse(text, now)


def count(text: str) -> int | None:
    """The first number: 阅读(1,024) is 1024, 1.2万 is 12000."""
    match = COUNT.search(text.replace(",", ""))
    return round(float(match[1]) * (10_000 if match[2] else 1)) if match else None


def link(node: Any, rule: FieldRule, base: str) -> str:
    """The address a rule gives, absolute; "" for none and for what only a script can follow."""
    told = first(node, rule, "href")
    return "" if not told or told.lower().startswith(NO_LINK) else absolute(base, told)


def absolute(base: str, told: str) -> str:
    try:
        return urljoin(base, told.strip())
    except ValueError:  # http://[
        return ""


def source(block: Any) -> str:
    if isinstance(block, HtmlElement):
        return str(lxml_html.tostring(block, encoding="unicode", with_tail=False))
    return json.dumps(block, ensure_ascii=False)


def counted(blocks: list[Any], items: tuple[Found, ...], rules: PageRules) -> dict[str, int]:
    """In how many items each rule found something, for the person who writes the rules."""
    found = {
        f"fields.{name}": sum(bool(first(block, rule, ATTRS.get(name, ""))) for block in blocks)
        for name, rule in rules.fields.items()
    }
    links = {"follow": sum(bool(one.link) for one in items)}
    return found | (links if rules.follow.stated else {})
