"""Read a Discuz! board's RSS as a cheap probe: which threads are the newest.

Pure. The list has 20 threads, no guid, dates in GMT, and never shows an answer; broken XML is read as far as it goes.
"""

from __future__ import annotations

import re
from html import unescape

from crawler.discuz_parts import TID
from huanyu.errors import BadInput

RSS = re.compile(r"<(?:rss|rdf:RDF)\b", re.I)
LINK = re.compile(r"<item\b[^>]*>.*?<link>\s*(?:<!\[CDATA\[)?\s*(.*?)\s*(?:\]\]>)?\s*</link>", re.S)


def threads(text: str) -> tuple[str, ...]:
    """Ids of the threads, newest first; `BadInput` when this is no RSS or names no thread in its items."""
    if not RSS.search(text[:2000]):
        raise BadInput("内容不是 RSS")
    links = [unescape(link) for link in LINK.findall(text)]
    found = [match[1] for match in map(TID.search, links) if match]
    if links and not found:
        raise BadInput("RSS 里的地址没有主题编号")
    return tuple(dict.fromkeys(found))
