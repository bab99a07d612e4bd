"""One visit to one source, in the process that `crawler.run` starts: `python -m crawler.visit KEY`.

The report is the last line of standard output; the log goes to standard error.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from scrapy.crawler import CrawlerProcess
from scrapy.settings import Settings
from scrapy.spiderloader import SpiderLoader
from twisted.python.failure import Failure

from crawler.report import CrawlReport
from crawler.report import to_line
from huanyu.config import Config
from huanyu.errors import HuanyuError
from huanyu.errors import NotFound


def main(argv: list[str] | None = None) -> int:
    """Visit the source named on the command line; the last line of standard output is the report."""
    parser = argparse.ArgumentParser(prog="crawler.visit", description="抓取一个来源")
    parser.add_argument("source", help="sources.toml 中的 key")
    parser.add_argument("--config", default="", help="huanyu.toml 的路径")
    parser.add_argument("--at", default="", help="把这次抓取当作发生在此时刻 (ISO 8601), 供演练")
    parser.add_argument("--evidence", action="store_true", help="不读来源, 只取它的投诉中的图片")
    parser.add_argument("--longest", type=float, default=0.0, help="最多抓取多少秒, 0 为不限")
    told = parser.parse_args(argv)
    try:
        report = visit(told.source, told.config, told.at, told.longest, told.evidence)
    except HuanyuError as problem:
        print(problem, file=sys.stderr)
        return 2
    print(to_line(report), flush=True)
    return 0


def visit(
    key: str, config_path: str, at: str = "", longest: float = 0.0, evidence: bool = False
) -> CrawlReport:
    """Crawl in this process; only once per process."""
    source = Config.load(Path(config_path) if config_path else None).bureau.source(key)
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    spiders = SpiderLoader.from_settings(settings).list()
    if source is None or not (evidence or source.spider in spiders):
        raise NotFound(f"sources.toml 中没有可抓取的来源 {key!r}")
    settings.set("HUANYU_CONFIG", config_path, priority="cmdline")
    settings.set("HUANYU_AT", at, priority="cmdline")
    settings.set("HUANYU_LONGEST", longest, priority="cmdline")
    process = CrawlerProcess(settings)
    crawler = process.create_crawler("evidence" if evidence else source.spider)
    problems: list[Failure] = []
    process.crawl(crawler, source=key).addErrback(problems.append)
    process.start()
    if problems:
        problems[0].raiseException()
    report: CrawlReport | None = getattr(crawler.spider, "report", None)
    return report or CrawlReport(source=key, state="failing", sentence="抓取没有完成, 详见日志", crashed=True)


if __name__ == "__main__":
    sys.exit(main())
