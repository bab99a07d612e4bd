"""A trial in the process that `crawler.trial` starts: the real spider and its manners, without the store.

Everything found goes to standard output at once, one line each; the cursor starts empty and is thrown away.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.crawler import CrawlerProcess
from scrapy.http import Request
from scrapy.http import Response
from scrapy.http import TextResponse
from scrapy.settings import Settings
from scrapy.spiderloader import SpiderLoader
from twisted.python.failure import Failure

from crawler.charset import decode
from crawler.kept_meta import EXPECTS
from crawler.middlewares import spider_of
from crawler.source_spider import SourceSpider
from crawler.trial import MOST
from crawler.trial import Ending
from crawler.trial import Line
from crawler.trial import to_line
from crawler.walls import Wall
from huanyu.bureau import SourceRow
from huanyu.config import Config
from huanyu.errors import HuanyuError
from huanyu.errors import NotFound
from huanyu.types import RawPost
from huanyu.types import Reject

ENOUGH = Wall("enough", "")  #: what a trial meets after so many requests; whatever is left then is refused
FURTHER = 20  # addresses of further pages that are named


class TrialPipeline:
    """Prints what a spider finds instead of storing it."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.most = crawler.settings.getint("HUANYU_MOST")
        self.requests = self.asked = 0
        self.problem = ""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        pipeline = cls(crawler)
        crawler.signals.connect(pipeline.request_left, signal=signals.request_reached_downloader)
        crawler.signals.connect(pipeline.page_came, signal=signals.response_received)
        crawler.signals.connect(pipeline.callback_broke, signal=signals.spider_error)
        crawler.signals.connect(pipeline.closed, signal=signals.spider_closed)
        return pipeline

    def process_item(self, item: Any) -> Any:
        tell_item(item)
        return item

    def request_left(self, request: Request) -> None:
        self.requests += 1
        self.asked += EXPECTS in request.meta

    def page_came(self) -> None:
        if self.asked >= self.most:
            spider_of(self.crawler).walls.append(ENOUGH)

    def callback_broke(self, failure: Failure) -> None:
        self.problem = f"解析程序出错: {type(failure.value).__name__}: {failure.getErrorMessage()}"

    def closed(self, reason: str) -> None:
        spider = spider_of(self.crawler)
        stats: Any = self.crawler.stats
        for reject in spider.kept:
            tell_item(reject)
        end = Ending(
            requests=self.requests,
            pages=spider.pages,
            forbidden=int(stats.get_value("robotstxt/forbidden", 0)),
            walls=tuple(dict.fromkeys(wall.sentence for wall in spider.walls if wall != ENOUGH)),
            notes=tuple(spider.notes),
            cut=reason == ENOUGH.state,
            problem=self.problem,
        )
        tell(Line(end=end))


def tell(line: Line) -> None:
    sys.stdout.buffer.write(to_line(line))
    sys.stdout.buffer.flush()


def tell_item(item: object) -> None:
    if isinstance(item, RawPost):
        tell(Line(post=replace(item, raw=b"")))
    elif isinstance(item, Reject):
        tell(Line(reject=replace(item, payload=b"")))


def main(argv: list[str] | None = None) -> int:
    """Try the source named on the command line."""
    parser = argparse.ArgumentParser(prog="crawler.trying", description="试读一个来源, 什么都不保存")
    parser.add_argument("source", help="sources.toml 中的 key")
    parser.add_argument("--config", default="", help="huanyu.toml 的路径")
    parser.add_argument("--page", default="", help="只读这一页")
    parser.add_argument("--file", default="", help="只读这个存下来的页面, 不访问网站")
    parser.add_argument("--most", type=int, default=MOST, help="最多几个请求")
    told = parser.parse_args(argv)
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.set("HUANYU_CONFIG", told.config, priority="cmdline")
    settings.set("HUANYU_PAGE", told.page, priority="cmdline")
    settings.set("HUANYU_MOST", told.most, priority="cmdline")
    settings.set("ITEM_PIPELINES", {"crawler.trying.TrialPipeline": 300}, priority="cmdline")
    try:
        config = Config.load(Path(told.config) if told.config else None)
        source = config.bureau.source(told.source)
        if source is None or source.spider not in SpiderLoader.from_settings(settings).list():
            raise NotFound(f"sources.toml 中没有可抓取的来源 {told.source!r}")
        if told.file:
            read_file(SpiderLoader.from_settings(settings), config, source, Path(told.file), told.page)
        else:
            visit(settings, source)
    except HuanyuError as problem:
        tell(Line(end=Ending(problem=str(problem))))
        return 2
    return 0


def visit(settings: Settings, source: SourceRow) -> None:
    """Crawl in this process; only once per process."""
    process = CrawlerProcess(settings)
    problems: list[Failure] = []
    process.crawl(process.create_crawler(source.spider), source=source.key).addErrback(problems.append)
    process.start()
    if problems:
        problems[0].raiseException()


def read_file(loader: SpiderLoader, config: Config, source: SourceRow, file: Path, page: str) -> None:
    """A saved page as the spider would read it, without any request."""
    made: Any = loader.load(source.spider)()
    spider: SourceSpider = made
    spider.config, spider.source = config, source
    url = page or next(iter(source.urls), source.base_url)
    request = next(iter(spider.look(url)))
    body = file.read_bytes()
    found = decode(body, "", source.encoding)
    request.meta.update({"decoded": found, "gone": False})
    read: Any = request.callback
    response: Response = TextResponse(url, body=body, encoding=found.encoding, request=request)
    further = list(requests(read(response)))
    tell(Line(end=Ending(notes=tuple(spider.notes), further=tuple(further[:FURTHER]))))


def requests(items: Iterable[Any]) -> Iterable[str]:
    """Tell the items, keep the addresses of the requests."""
    for item in items:
        if isinstance(item, Request):
            yield item.url
        else:
            tell_item(item)


if __name__ == "__main__":
    sys.exit(main())
