"""A bare Scrapy spider over the boards of a Discuz forum: the peer that `huanyu bench crawl` measures ours against.

`python -m crawler.bare ADDRESS BOARD …` prints the items, the pages and the seconds of the crawl; nothing is stored.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from typing import Any

import scrapy
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response

from crawler import discuz_html
from huanyu import clock


class BareSpider(scrapy.Spider):
    """Every page of every board and thread, parsed as ours are, with nothing of ours around it."""

    name = "bare"

    def __init__(self, base: str, boards: list[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.base = base
        self.start_urls = [f"{base}/forum.php?mod=forumdisplay&fid={fid}&page=1" for fid in boards]

    def parse(self, response: Response, **_told: Any) -> Iterator[Any]:
        found = discuz_html.board(response.text, clock.now())
        for row in found.rows:
            yield response.follow(f"forum.php?mod=viewthread&tid={row.tid}&page=1", self.parse_thread)
        if found.has_next:
            head, _, number = response.url.rpartition("=")
            yield response.follow(f"{head}={int(number) + 1}", self.parse)

    def parse_thread(self, response: Response) -> Iterator[Any]:
        found = discuz_html.thread(response.text, clock.now(), response.url)
        for floor in found.floors:
            yield {"id": floor.pid, "author": floor.author, "at": floor.posted_at, "text": floor.text}
        if found.page == 1:
            head = response.url.rpartition("=")[0]
            for number in range(found.pages, 1, -1):
                yield response.follow(f"{head}={number}", self.parse_thread)


def main(argv: list[str] | None = None) -> int:
    """Crawl with Scrapy's own defaults, or with `--one` request at a time."""
    parser = argparse.ArgumentParser(prog="crawler.bare")
    parser.add_argument("base")
    parser.add_argument("boards", nargs="+")
    parser.add_argument("--one", action="store_true")
    told = parser.parse_args(argv)
    polite: dict[str, Any] = {"CONCURRENT_REQUESTS": 1} if told.one else {}
    process = CrawlerProcess({"LOG_LEVEL": "ERROR", "ROBOTSTXT_OBEY": True, "DOWNLOAD_DELAY": 0, **polite})
    crawler = process.create_crawler(BareSpider)
    process.crawl(crawler, base=told.base, boards=told.boards)
    process.start()
    stats: Any = crawler.stats
    report = {
        "items": stats.get_value("item_scraped_count", 0),
        "pages": stats.get_value("response_received_count", 0),
        "seconds": stats.get_value("elapsed_time_seconds"),
    }
    print(json.dumps(report), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
