"""What the visits to a site remember of each list: which items are known, and where the next visit goes on.

Knows the cursor's text, neither network nor store; how far to read is decided in `crawler.site_walk`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from crawler import site_posts
from crawler import site_walk
from crawler.site_rules import Found
from crawler.site_rules import Page
from crawler.site_walk import Rest
from crawler.site_walk import Walk

Items = dict[str, dict[str, str]]  # list -> digest of an item -> mark it bore

KNOWN, REST = "known", "rest"  #: cursor keys, each with the list's address behind it


class SiteMemory:
    """The lists of one source during one visit."""

    def __init__(self, cursor: Mapping[str, str]) -> None:
        self.cursor = cursor
        self.top: Items = defaultdict(dict)  #: met by this visit's walk from the top
        self.deep: Items = defaultdict(dict)  #: met by the walk that catches up

    def known(self, start: str) -> dict[str, str]:
        """Items of earlier visits."""
        return site_walk.load_known(self.cursor.get(f"{KNOWN}:{start}", ""))

    def rest(self, start: str) -> Rest | None:
        """Where an earlier visit had to stop."""
        return site_walk.load_rest(self.cursor.get(f"{REST}:{start}", ""))

    def floor(self, walk: Walk) -> tuple[str, ...]:
        """What a walk that has to stop will look out for when it goes on."""
        if walk.catching_up:
            return walk.floor
        rest = self.rest(walk.start)
        return rest.floor if rest else tuple(self.known(walk.start))[: site_walk.FLOOR]

    def sort_out(self, walk: Walk, page: Page) -> tuple[list[str], list[Found]]:
        """The items of a page by digest, and those among them that are new or have something new behind them."""
        noted = self.deep[walk.start] if walk.catching_up else self.top[walk.start]
        before = {**self.known(walk.start), **self.deep[walk.start], **self.top[walk.start]}
        ids, news = [], []
        for item in page.items:
            key, mark = site_walk.digest(site_posts.id_of(item)), site_posts.mark_of(item)
            if before.get(key) != mark:
                news.append(item)
            ids.append(key)
            before[key] = noted[key] = mark
        return ids, news

    def told(self, start: str) -> str:
        """What is to be remembered of a list as it stands now."""
        return site_walk.dump_known(self.top[start], self.known(start), self.deep[start])
