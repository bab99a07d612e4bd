"""Find the body of an article in a page: the block where the running text is, and its lines without the site's own.

Pure. Knows what Chinese news systems wrap around a text, nothing of titles and times.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from urllib.parse import urljoin

from lxml.html import HtmlElement

from crawler.markup import BLANKS
from crawler.markup import INVISIBLE

BLOCKS = frozenset(
    {
        "address",
        "article",
        "blockquote",
        "body",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "figcaption",
        "figure",
        "form",
    }
    | {"h1", "h2", "h3", "h4", "h5", "h6", "li", "main", "ol", "p", "pre", "section"}
    | {"table", "tbody", "td", "th", "tr", "ul"}
)
SILENT = frozenset(
    {
        "aside",
        "audio",
        "button",
        "canvas",
        "footer",
        "head",
        "iframe",
        "input",
        "link",
        "meta",
        "nav",
        "noscript",
    }
    | {"option", "script", "select", "source", "style", "svg", "template", "textarea", "video"}
)
#: Words in class and id of what stands in or beside an article without belonging to it.
BESIDE = re.compile(
    r"comment|pinglun|(?:^|[\s_-])(?:pl|reply|cmt|nav|crumbs?|ads?|foot|copyright|share\w*|bdshare\w*|topshare\w*"
    r"|recommend\w*|tuijian\w*|fenxiang\w*|related?|relat\w*|hot|rank\w*|otitle|ep-source|toolbar|sidebar|statement|special_tag_wrap"
    r"|video-wrapper|videoplayer\w*|player|meta-tag|caption|show_author|art_keywords?|footer\w*|breadcrumb\w*)(?:$|[\s_-])",
    re.I,
)
HIDDEN = re.compile(r"display\s*:\s*none", re.I)
SOURCES = ("data-src", "data-original", "src")
SMALL = 60  # pixels; less is an icon
MOST_IMAGES = 30
MOST = 0.5  # what holds so much of the page's running text is its body, whatever its class says
PROSE = re.compile(r"[，。！？；]|[,.!?;](?:\s|$)")
SENTENCE = re.compile(r"[，。！？；：,!?;]")
REPEATED = 15  # characters; shorter lines of verse, code and lists may well come twice
SHORT = 10  # characters; shorter runs are labels
STEP = (
    0.6  # what a paragraph says for the block it stands in, it says for the next one around it this much less
)

#: Lines the site adds to a text; a whole line, wherever it stands.
WRAPPER = re.compile(
    r"[（(\[【\s]*(?:"
    r"(?:责任编辑|责编|编辑|审核|校对|来源|文章来源|本文来源|信息来源|原标题|原文标题|版权|转载|转自|声明|打印|关闭|分享到"
    r"|上一篇|下一篇|关键[词字]|标签|相关资讯请关注|阅读数|浏览次数|点击次数|字号)\s*[:：\]】].{0,80}"
    r"|(?:版权所有|Copyright|未经.{0,12}(?:许可|授权)|免责声明|版权声明|特别声明|郑重声明|转载请注明).{0,120}"
    r"|(?:关于我们|联系我们|网站地图|友情链接|返回.{0,6}首页).{0,40}|.{0,60}(?:ICP备|公网安备).{0,40}"
    r"|本文(?:为|系).{0,12}原创.{0,60}"
    r"|(?:打印本页|关闭窗口|分享到|返回顶部|纠错|我要反馈|图集|点击进入专题[:：]?|加载更多|您的浏览器暂时无法播放.{0,12})"
    r"|\d{4}[-年/]\d{1,2}.{0,20}\s(?:来源|作者)\s*[:：].{0,40}"  # 2026-03-05 10:22 来源：水城新闻网
    r"|(?:(?:责任)?编辑|责编|校对|审核|监制|值班编委)[ \u3000/]{1,3}\S{2,4}(?:[ \u3000]+\S{2,4}[ \u3000/]+\S{2,4}){0,3}"
    r"|[+＋]?\d{1,3}"
    r")[）)\]】>\s]*"
)
#: From here on a page speaks of other articles; only believed in the second half of a text.
BEYOND = re.compile(
    r"[【\[■▲●\s]*(?:延伸\s*[·•]?\s*(?:推荐|阅读)|相关(?:阅读|新闻|报道|链接|推荐|文章)|推荐阅读|更多(?:阅读|精彩|新闻)"
    r"|此前报道|热门(?:推荐|文章)|猜你喜欢|为您推荐|往期(?:回顾|精彩))\s*[:：】\]]?.{0,12}"
)


def lines(best: HtmlElement) -> list[str]:
    """Paragraphs of the article inside its block, each once."""
    return tidied(list(blocks(best, beside(best))))


def block(root: HtmlElement) -> HtmlElement | None:
    """The element around the running text: every paragraph speaks for the elements above it, the nearer the louder."""
    votes: dict[HtmlElement, float] = defaultdict(float)
    left_out = beside(root)
    for element, own, linked in runs(root, left_out):
        weight = vote(own, linked)
        at: HtmlElement | None = element if element.tag in {"article", "div", "td"} else element.getparent()
        while weight > 0.1 and at is not None and at.tag != "html":
            votes[at] += weight
            weight *= STEP
            at = at.getparent()
    return max(votes, key=votes.__getitem__, default=None)


def vote(own: str, linked: int) -> float:
    """How much a run of text looks like prose: length and punctuation, nothing where most of it is a link."""
    size = len(own) - linked
    if size < SHORT or linked > size or WRAPPER.fullmatch(own):
        return 0.0
    return size / 20 * (1 if PROSE.search(own) else 0.2)


def opening(best: HtmlElement) -> HtmlElement:
    """Where the text begins: in a block that holds the headline too, the first element with a sentence in it."""
    if best.find(".//h1") is None:
        return best
    found = (element for element, own, linked in runs(best, beside(best)) if vote(own, linked) >= 1)
    return next(found, best)


def beside(root: HtmlElement) -> set[HtmlElement]:
    """Elements that are not the article's, by tag, class or being hidden; never one with most of the text."""
    said = prose(root)
    most = MOST * said[root]
    return {
        element
        for element in root.iterdescendants()
        if is_silent(element) or (is_beside(element) and said[element] <= most)
    }


def is_silent(element: HtmlElement) -> bool:
    return not isinstance(element.tag, str) or element.tag in SILENT  # comments have no tag name


def is_beside(element: HtmlElement) -> bool:
    if element.tag == "h1":
        return True
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return bool(BESIDE.search(names) or HIDDEN.search(element.get("style") or ""))


def prose(root: HtmlElement) -> dict[HtmlElement, int]:
    """Characters in sentences below each element, scripts left out."""
    said: dict[HtmlElement, int] = {}
    for element in reversed(list(root.iter())):  # children before their parent
        texts = [child.tail for child in element]
        if not is_silent(element):
            texts.append(element.text)
        own = sum(len(text.strip()) for text in texts if text and SENTENCE.search(text))
        said[element] = own + (0 if is_silent(element) else sum(said[child] for child in element))
    return said


def runs(root: HtmlElement, left_out: set[HtmlElement]) -> Iterator[tuple[HtmlElement, str, int]]:
    """Each block element with the text that is directly its own and how much of that is a link."""
    for element in walk(root, left_out):
        if element.tag in BLOCKS:
            texts = list(own_text(element, left_out))
            own = "".join(text for text, _ in texts)
            yield element, own.strip(), sum(len(text.strip()) for text, linked in texts if linked)


def walk(root: HtmlElement, left_out: set[HtmlElement]) -> Iterator[HtmlElement]:
    yield root
    for child in root:
        if child not in left_out:
            yield from walk(child, left_out)


def own_text(
    element: HtmlElement, left_out: set[HtmlElement], linked: bool = False
) -> Iterator[tuple[str, bool]]:
    """Text of an element and its inline children, not of the blocks inside it."""
    yield BLANKS.sub(" ", element.text or ""), linked
    for child in element:
        if child not in left_out:
            if child.tag in BLOCKS:
                yield "\n", False
            else:
                if child.tag == "br":
                    yield "\n", False
                yield from own_text(child, left_out, linked or child.tag == "a")
        yield BLANKS.sub(" ", child.tail or ""), linked


def blocks(element: HtmlElement, left_out: set[HtmlElement]) -> Iterator[str]:
    """Lines below an element in reading order; a line that is nothing but a link leads elsewhere."""
    line, link = "", 0
    for text, linked in reading(element, left_out):
        head, *more = text.split("\n")
        line, link = line + head, link + (len(head.strip()) if linked else 0)
        for piece in more:
            yield from finished(line, link)
            line, link = piece, len(piece.strip()) if linked else 0
    yield from finished(line, link)


def finished(line: str, link: int) -> Iterator[str]:
    text = INVISIBLE.sub("", line).strip()
    if text and not (link >= len(text) - 1 and not SENTENCE.search(text)):
        yield text


def reading(
    element: HtmlElement, left_out: set[HtmlElement], linked: bool = False
) -> Iterator[tuple[str, bool]]:
    """All text below an element with line breaks around blocks."""
    keep = element.tag == "pre"
    yield (element.text or "") if keep else BLANKS.sub(" ", element.text or ""), linked
    for child in element:
        if child not in left_out:
            around = (
                "\n" if child.tag in BLOCKS or child.tag == "br" or (keep and child.tag == "code") else ""
            )
            yield around, False
            yield from reading(child, left_out, linked or child.tag == "a")
            yield around, False
        yield BLANKS.sub(" ", child.tail or ""), linked


def tidied(found: list[str]) -> list[str]:
    """Without what the site adds, without what follows the article, no paragraph twice: wrappers repeat the lead."""
    kept = [line for line in found if not WRAPPER.fullmatch(line)]
    half, read = sum(map(len, kept)) / 2, 0
    seen: set[str] = set()
    told = []
    for line in kept:
        if read > half and BEYOND.fullmatch(line):
            break
        if line not in seen:
            told.append(line)
        if len(line) >= REPEATED:
            seen.add(line)
        read += len(line)
    return told


def images(best: HtmlElement, url: str) -> tuple[str, ...]:
    """Addresses of the pictures inside the block, also of those a script would load; no icons."""
    left_out = beside(best)
    found: dict[str, None] = {}
    for element in walk(best, left_out):
        if element.tag == "img" and not is_icon(element):
            told = next((element.get(name) for name in SOURCES if element.get(name)), "")
            found |= dict.fromkeys(absolute(told, url))
    return tuple(found)[:MOST_IMAGES]


def is_icon(element: HtmlElement) -> bool:
    sizes = (element.get("width") or "", element.get("height") or "")
    return any(size.isdecimal() and int(size) < SMALL for size in sizes)


def absolute(told: str, url: str) -> Iterator[str]:
    """The address as http(s), nothing for inline data and what is no address."""
    try:
        found = urljoin(url, told.strip())
    except ValueError:
        return
    if told.strip() and found.startswith(("http://", "https://")):
        yield found
