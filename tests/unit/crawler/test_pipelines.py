"""The pipeline with a real store: what no database takes costs the other items nothing, and walls' pages do not pile up."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from scrapy.crawler import Crawler
from scrapy.settings import Settings
from scrapy.spiderloader import SpiderLoader
from scrapy.utils.misc import is_generator_with_return_value

from crawler.pipelines import StorePipeline
from crawler.source_spider import SourceSpider
from huanyu.clock import SHANGHAI
from huanyu.store import Store
from huanyu.types import RawPost
from huanyu.types import Reject

NOW = datetime(2026, 3, 5, 10, 0, tzinfo=SHANGHAI)
GOOD = RawPost(
    source="a",
    kind="news",
    native_id="1",
    url="https://a.example/1",
    title="",
    text="河水有气味",
    fetched_at=NOW,
)


@pytest.fixture
def pipeline(tmp_path: Path) -> Iterator[StorePipeline]:
    crawler = Crawler(SourceSpider)
    crawler.spider = SourceSpider("test")
    crawler.spider.at = NOW
    found = StorePipeline(crawler)
    found.store = Store.open(f"sqlite:///{tmp_path / 'a.db'}", "a key that only tests use")
    yield found
    found.store.close()


@pytest.mark.parametrize(
    "bad", [{"likes": 10**30}, {"posted_at": NOW.replace(tzinfo=None)}], ids=["too large", "naive"]
)
def test_an_item_that_no_database_takes_is_a_reject_and_the_others_are_stored(pipeline, bad):
    for item in (GOOD, replace(GOOD, native_id="2", raw=b"its page", **bad), replace(GOOD, native_id="3")):
        pipeline.process_item(item)
    pipeline.flush()
    assert (pipeline.counts.new, pipeline.counts.rejects, pipeline.failed) == (2, 1, False)
    (kept,) = pipeline.store.rejects.heads()
    assert "存不进去" in kept.reason
    assert pipeline.store.rejects.get(kept.id).payload == b"its page"


def test_pages_of_walls_are_stored_as_they_come_and_not_held_until_the_end(pipeline):
    spider = pipeline.crawler.spider
    spider.kept.append(
        Reject(source="a", where="https://a.example/2", reason="墙", payload=b"a wall", at=NOW)
    )
    pipeline.flush()
    assert (pipeline.counts.rejects, spider.kept) == (1, [])


def test_items_go_on_being_stored_after_a_callback_broke_but_the_visit_is_not_whole(pipeline):
    pipeline.callback_broke()
    pipeline.process_item(GOOD)
    pipeline.flush()
    assert (pipeline.counts.new, pipeline.failed, pipeline.posts) == (1, True, [])


def test_what_was_read_and_was_not_new_is_counted_alike_however_it_was_batched(pipeline):
    pipeline.process_item(GOOD)
    pipeline.process_item(GOOD)
    pipeline.flush()
    pipeline.process_item(GOOD)
    pipeline.flush()
    assert (pipeline.counts.new, pipeline.counts.seen) == (1, 2)


def test_no_callback_of_a_spider_returns_what_would_be_lost():
    settings = Settings()
    settings.setmodule("crawler.settings")
    loader = SpiderLoader.from_settings(settings)
    spiders = [loader.load(name) for name in loader.list()]
    methods = [(spider, method) for spider in spiders for method in vars(spider).values() if callable(method)]
    assert len(methods) > 50
    assert [
        (spider.name, method.__name__)
        for spider, method in methods
        if is_generator_with_return_value(method) and not is_taken_over(spider, method.__name__)
    ] == []


def is_taken_over(spider: type, method: str) -> bool:
    """Whether another method of the spider takes what this one returns."""
    return f"= yield from self.{method}(" in inspect.getsource(spider)
