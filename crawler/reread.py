"""Read kept items again, in the process that `crawler.replay` starts: items on standard input, answers on output.

A spider's method is called with the kept body as its response. No engine runs, so no request can be made; the
moment the item counts as read is the moment it was fetched, or "5分钟前" would move.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from scrapy.http import Headers
from scrapy.http import Request
from scrapy.http import Response
from scrapy.http import TextResponse
from scrapy.responsetypes import responsetypes
from scrapy.settings import Settings
from scrapy.spiderloader import SpiderLoader

from crawler import event_time
from crawler.charset import decode
from crawler.kept_meta import TYPE
from crawler.kept_meta import load_meta
from crawler.replay import MARK
from crawler.replay import Kept
from crawler.replay import Reread
from crawler.source_spider import SourceSpider
from huanyu.config import Config
from huanyu.errors import BadInput
from huanyu.errors import HuanyuError
from huanyu.types import RawPost
from huanyu.types import Reject

log = logging.getLogger(__name__)


def main(argv: list[str] | None = None) -> int:
    """Answer every line of standard input with one of output."""
    parser = argparse.ArgumentParser(prog="crawler.reread", description="重新读取保存下来的内容")
    parser.add_argument("--config", default="", help="huanyu.toml 的路径")
    told = parser.parse_args(argv)
    try:
        config = Config.load(Path(told.config) if told.config else None)
    except HuanyuError as problem:
        print(problem, file=sys.stderr)
        return 2
    for line in sys.stdin.buffer:
        answer = again(Kept.model_validate_json(line).reject, config)
        sys.stdout.buffer.write(MARK + answer.model_dump_json().encode() + b"\n")
        sys.stdout.buffer.flush()
    return 0


def again(reject: Reject, config: Config) -> Reread:
    """What today's parser makes of one kept item; a parser that breaks is told, not raised."""
    try:
        spider = spider_of(reject, config)
        read = method(spider, reject.callback)
        return gathered(read(response(reject, spider, read)))
    except BadInput as problem:
        return Reread(problem=str(problem.args[0]))
    except Exception as problem:
        log.exception("%s of %s broke", reject.callback, reject.source)
        return Reread(problem=f"解析程序出错 ({type(problem).__name__}), 内容原样保留")


def spider_of(reject: Reject, config: Config) -> SourceSpider:
    """The spider of the item's source, as it stood when the item was fetched; raises BadInput."""
    source = config.bureau.source(reject.source)
    if source is None:
        raise BadInput(f"来源 {reject.source} 已不在 sources.toml 中")
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    loader = SpiderLoader.from_settings(settings)
    if source.spider not in loader.list():
        raise BadInput(f"来源 {reject.source} 现在不由程序抓取, 无法重新读取")
    spider: Any = loader.load(source.spider)()
    spider.config, spider.source, spider.at = config, source, reject.at
    for _ in spider.first():  # as a visit begins; the requests are let go
        continue
    found: SourceSpider = spider
    return found


def method(spider: SourceSpider, name: str) -> Callable[[Response], Iterable[Any] | None]:
    """The spider's method of that name; raises BadInput where it has none any more."""
    found = getattr(spider, name, None) if name and not name.startswith("_") else None
    if not callable(found):
        raise BadInput("这一项只能重新访问来源才能读到, 没有单独的读法")
    read: Callable[[Response], Iterable[Any] | None] = found
    return read


def response(reject: Reject, spider: SourceSpider, read: Callable[..., Any]) -> Response:
    """The kept body as the answer it was, with what the middleware says of an answer; raises BadInput."""
    try:
        meta = load_meta(spider, reject.meta)
        request = Request(reject.where, callback=read, meta=meta)
    except ValueError as problem:
        raise BadInput("保存的内容缺少重新读取所需的信息, 请重新访问来源") from problem
    said = str(reject.meta.get(TYPE, ""))
    found = decode(reject.payload, said, spider.source.encoding)
    request.meta.update(decoded=found, gone=False)
    headers = Headers({"Content-Type": said} if said else {})
    kind = responsetypes.from_args(headers=headers, url=reject.where, body=reject.payload)
    if not issubclass(kind, TextResponse):
        return kind(reject.where, headers=headers, body=reject.payload, request=request)
    return kind(reject.where, headers=headers, body=reject.payload, request=request, encoding=found.encoding)


def gathered(items: Iterable[Any] | None) -> Reread:
    """Posts and rejects; a request is only counted."""
    found = list(items or ())
    return Reread(
        posts=tuple(event_time.placed(item) for item in found if isinstance(item, RawPost)),
        rejects=tuple(item for item in found if isinstance(item, Reject)),
        more=sum(isinstance(item, Request) for item in found),
    )


if __name__ == "__main__":
    sys.exit(main())
