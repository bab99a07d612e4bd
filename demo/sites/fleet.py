"""All pretended sites together, and the truth about what they show."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Self

from demo.sites.broken import DeadSite
from demo.sites.broken import FailingSite
from demo.sites.content import GBK_BOARDS
from demo.sites.content import Content
from demo.sites.content import Label
from demo.sites.content import load
from demo.sites.discuz import DiscuzSite
from demo.sites.news import NewsSite
from demo.sites.news import native_id
from demo.sites.weibo import MobileWeiboSite
from demo.sites.weibo import WallSite
from demo.sites.weibo import WeiboSite
from huanyu.types import PostType


@dataclass(frozen=True, slots=True)
class Fact:
    """What one post really is."""

    site: str  #: weibo | forum | old_forum | news | export
    native_id: str  #: as the spider of that site names it
    text: str
    label: Label


@dataclass(frozen=True, slots=True)
class Truth:
    """What all posts really are. Floors of threads carry no label and are not among them."""

    facts: tuple[Fact, ...]

    @property
    def complaints(self) -> tuple[Fact, ...]:
        return tuple(fact for fact in self.facts if fact.label.type is PostType.COMPLAINT)

    def matter(self, name: str) -> tuple[Fact, ...]:
        """The posts that tell of one matter, over all sites."""
        return tuple(fact for fact in self.facts if fact.label.matter == name)


class Sites:
    """Every site, started and stopped together."""

    def __init__(self, content: Content, now: datetime, first_port: int = 0) -> None:
        def port(place: int) -> int:
            return first_port + place if first_port else 0

        new = [thread for thread in content.threads if thread.fid not in GBK_BOARDS]
        old = [thread for thread in content.threads if thread.fid in GBK_BOARDS]
        self.content = content
        self.now = now
        names = content.names
        self.weibo = WeiboSite(content.statuses, now, port(0))
        self.mobile = MobileWeiboSite(content.statuses, now, port(1))
        self.wall = WallSite(port(2))
        self.forum = DiscuzSite(new, now, port(3), name=names.forum, boards=names.boards)
        self.old_forum = DiscuzSite(
            old,
            now,
            port(4),
            name=names.old_forum,
            boards=names.boards,
            encoding="gbk",
            claims="utf-8",
        )
        self.news = NewsSite(content.articles, now, port(5), names)
        self.failing = FailingSite(port(6))
        self.dead = DeadSite(port(7))
        self._running = ExitStack()

    @property
    def truth(self) -> Truth:
        return Truth(tuple(_facts(self.content, self.news.url)))

    def start(self) -> Self:
        for site in (
            self.weibo,
            self.mobile,
            self.wall,
            self.forum,
            self.old_forum,
            self.news,
            self.failing,
        ):
            self._running.enter_context(site)
        self._running.enter_context(self.dead)
        return self

    def stop(self) -> None:
        self._running.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def start_all(now: datetime, first_port: int = 0) -> Sites:
    """Start every site, dated from `now`, on eight ports from `first_port` on (0: any free ones).

    Raises OSError when one of the ports is taken.
    """
    return Sites(load(), now, first_port).start()


def _facts(content: Content, news_url: str) -> Iterator[Fact]:
    for status in content.statuses:
        yield Fact("weibo", status.id, status.text, status.truth)
    for thread in content.threads:
        site = "old_forum" if thread.fid in GBK_BOARDS else "forum"
        yield Fact(site, str(thread.pid), thread.text, thread.truth)
    for article in content.articles:
        if article.form != "channel":
            yield Fact("news", native_id(article, news_url), article.text, article.truth)
    for row in content.rows:
        if row.truth is not None:
            yield Fact("export", row.number, row.text, row.truth)
