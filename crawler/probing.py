"""Known posts whose pages a visit looks at besides: can the site be read there, and do the words still stand on it?

Pure. A look says nothing of the source's state: what stood in its way is a note of the probe.
"""

from __future__ import annotations

import html
from collections.abc import Collection
from collections.abc import Iterable

from scrapy.exceptions import IgnoreRequest
from w3lib.html import remove_tags

from crawler import addresses
from crawler import walls
from huanyu.bureau import SourceRow
from huanyu.text import fold
from huanyu.types import Probe
from huanyu.types import ProbeCheck

LAST = -100  # priority of such a look: the visit comes first
MOST = 20  # pages that one visit looks at besides
LONGEST = 2_000_000  # characters of a page in which the words are looked for
NO_WORDS = "页面打开了, 但上面没有这段文字"
NO_ANSWER = "页面打不开"
NOT_ALLOWED = "robots.txt 不允许读这个页面, 没有打开"


def due(probes: Iterable[Probe], checks: Collection[ProbeCheck], source: SourceRow) -> tuple[Probe, ...]:
    """Probes whose page nobody has looked at yet today; only on the source's own site, which we have leave to read."""
    done = {check.probe_id for check in checks if check.readable is not None}
    own = addresses.own_hosts(source)
    mine = [
        one
        for one in probes
        if one.source == source.key and one.id not in done and addresses.netloc(one.url) in own
    ]
    return tuple(mine[:MOST])


def reading(status: int, page: str, words: str) -> tuple[bool, str]:
    """Whether the post could be read off this page, and why not."""
    wall = walls.find(status, page, "html")
    if wall is not None:
        return False, wall.sentence
    if status >= 400:
        return False, f"{NO_ANSWER} (HTTP {status})"
    text = html.unescape(remove_tags(page[:LONGEST]))
    return (True, "") if fold(words) in fold(text) else (False, NO_WORDS)


def lost(problem: BaseException | None) -> str:
    """Why the page did not come, "" where it was not asked for because the visit had ended at a wall."""
    if not isinstance(problem, IgnoreRequest):
        return f"{NO_ANSWER} ({type(problem).__name__})"
    return NOT_ALLOWED if "robots.txt" in str(problem) else ""
