"""Read a news article: trafilatura finds the body, gne author and time where the feed gave none.

Pure: decoded HTML in, an article out. The page's own words about itself (copyright, 责任编辑) are left out.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import trafilatura
from gne import GeneralNewsExtractor

from crawler import dates
from crawler.markup import INVISIBLE

log = logging.getLogger(__name__)

SHORT = 20  # characters; less than that is a caption or a menu, not an article
WRAPPER = re.compile(
    r"^(?:[（(\[【]?\s*(?:责任编辑|责编|编辑|审核|校对|来源|原标题|版权|转载|声明|打印|关闭|分享到|上一篇|下一篇)\s*[:：].{0,60}"
    r"|(?:版权所有|Copyright|未经.{0,10}许可).{0,60}|(?:关于我们|联系我们|网站地图|友情链接).{0,40}|.{0,60}(?:ICP备|公网安备).{0,40}"
    r"|(?:打印本页|关闭窗口|分享到|返回顶部)\s*"
    r"|\d{4}[-年/]\d{1,2}.{0,20}\s(?:来源|作者)\s*[:：].{0,40})$"  # 2026-03-05 10:22 来源：水城新闻网
)


@dataclass(frozen=True, slots=True)
class Article:
    text: str
    title: str
    author: str
    posted_at: datetime | None
    year_inferred: bool = False


def read(html: str, url: str, now: datetime) -> Article | None:
    """The article of a page, or None when there is no body to be found."""
    text = body(html, url)
    if len(text) < SHORT:
        return None
    about = metadata(html)
    when = dates.parse(str(about.get("publish_time") or ""), now)
    return Article(
        text=text,
        title=str(about.get("title") or "").strip(),
        author=str(about.get("author") or "").strip(),
        posted_at=when[0] if when else None,
        year_inferred=when[1] if when else False,
    )


def body(html: str, url: str) -> str:
    """Paragraphs of the body, each once and without what the site says of it."""
    found = trafilatura.extract(html, url=url, include_comments=False) or ""
    lines = [line.strip() for line in INVISIBLE.sub("", found).splitlines()]
    kept = [line for line in lines if line and not WRAPPER.match(line)]
    return "\n".join(dict.fromkeys(kept))  # wrappers repeat the lead paragraph


def metadata(html: str) -> dict[str, Any]:
    """Title, author and time as gne sees them; nothing where it breaks over the page."""
    try:
        return dict(GeneralNewsExtractor().extract(html))
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as problem:
        log.info("gne failed: %s", problem)
        return {}
