"""Kept items are read again by today's parsers, as of the moment they were fetched, and nothing is asked for."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from crawler import replay
from crawler.replay import Kept
from crawler.replay import Reread
from crawler.reread import again
from huanyu.clock import SHANGHAI
from huanyu.config import Config
from huanyu.types import RawPost
from huanyu.types import Reject
from huanyu.types import SourceKind

AT = datetime(2026, 3, 5, 10, 20, tzinfo=SHANGHAI)
FEED = "https://news.example.org/rss.xml"
SOURCES = f"""
[[source]]
key = "chenxun"
name = "水城晨讯"
spider = "feed"
mode = "summary"
kind = "news"
urls = ["{FEED}"]

[[source]]
key = "chenxun-quanwen"
name = "水城晨讯全文"
spider = "feed"
kind = "news"
urls = ["{FEED}"]

[[source]]
key = "daochu"
name = "热线导出"
spider = "import"
kind = "hotline"
"""
RSS = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>水城晨讯</title>
<item><title>东昌湖边夜间施工扰民</title><link>https://news.example.org/a/1.html</link><guid>a1</guid>
<pubDate>Thu, 05 Mar 2026 08:01:00 +0800</pubDate><description>住户说打桩声响到凌晨两点</description></item>
</channel></rss>"""


@pytest.fixture
def config(tmp_path: Path) -> Config:
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "sources.toml").write_text(SOURCES, encoding="utf-8")
    (tmp_path / "huanyu.toml").write_text('config_dir = "tables"\n', encoding="utf-8")
    return Config.load(tmp_path / "huanyu.toml")


def kept(**more: object) -> Reject:
    """A feed that some earlier parser could not read."""
    told: dict[str, object] = {
        "source": "chenxun",
        "where": FEED,
        "reason": "不是 RSS 或 Atom",
        "payload": RSS.encode(),
        "at": AT,
        "callback": "parse_feed",
        "meta": {"expects": "xml", "feed": FEED, "content_type": "application/rss+xml; charset=utf-8"},
    }
    return Reject(**(told | more))  # type: ignore[arg-type]


def test_what_today_s_parser_can_read_comes_out_as_posts_of_that_time(config: Config) -> None:
    answer = again(kept(), config)
    (post,) = answer.posts
    assert (post.source, post.title, post.fetched_at) == ("chenxun", "东昌湖边夜间施工扰民", AT)
    assert post.posted_at == datetime(2026, 3, 5, 8, 1, tzinfo=SHANGHAI)
    assert answer.still(kept()) == "" and answer.more == 0


def test_pages_that_would_be_asked_for_are_counted_and_not_asked_for(config: Config) -> None:
    answer = again(kept(source="chenxun-quanwen"), config)
    assert (answer.posts, answer.more, answer.still(kept())) == ((), 1, "")


def test_what_still_cannot_be_read_comes_back_with_its_reason_and_can_be_tried_again(config: Config) -> None:
    item = kept(payload=RSS.encode()[:60])
    answer = again(item, config)
    (once_more,) = answer.rejects
    assert (once_more.callback, once_more.at, once_more.where) == ("parse_feed", AT, FEED)
    assert answer.still(item) == once_more.reason != ""
    assert answer.others(item) == ()


def test_a_bad_item_inside_a_page_that_can_be_read_is_an_item_of_its_own() -> None:
    inside = kept(payload=b"one bad entry", reason="缺少标题")
    answer = Reread(rejects=(inside,))
    assert answer.still(kept()) == "" and answer.others(kept()) == (inside,)
    assert answer.still(inside) == "缺少标题" and answer.others(inside) == ()


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"callback": ""}, "重新访问"),
        ({"callback": "parse_of_long_ago"}, "重新访问"),
        ({"callback": "_secret"}, "重新访问"),
        ({"callback": "name"}, "重新访问"),
        ({"source": "gone"}, "sources.toml"),
        ({"source": "daochu"}, "不由程序抓取"),
        ({"where": "no address"}, "缺少"),
    ],
)
def test_an_item_that_has_no_reading_is_told_apart_from_one_that_cannot_be_read(
    config: Config, more: dict[str, str], word: str
) -> None:
    answer = again(kept(**more), config)
    assert word in answer.problem and answer.still(kept(**more)) == answer.problem


def test_a_parser_that_breaks_is_a_reason_and_no_crash(config: Config) -> None:
    answer = again(kept(meta={}), config)  # the feed's own name is missing
    assert "解析程序出错" in answer.problem and "KeyError" in answer.problem


def test_a_page_with_nothing_in_it_stays_on_the_list(config: Config) -> None:
    empty = '<?xml version="1.0"?><rss version="2.0"><channel><title>水城晨讯</title></channel></rss>'
    answer = again(kept(payload=empty.encode()), config)
    assert "没有得到任何内容" in answer.still(kept())


def test_bytes_times_and_kinds_cross_the_line_unchanged() -> None:
    post = RawPost(
        source="chenxun",
        kind=SourceKind.NEWS,
        native_id="a1",
        url="https://news.example.org/a/1.html",
        text="打桩声",
        fetched_at=AT,
        images=("https://news.example.org/1.jpg",),
        raw=bytes(range(256)),
    )
    reject = kept(payload=bytes(range(256)), meta={"nested": [{"a": None}], "n": 1})
    answer = Reread(posts=(post,), rejects=(reject,), more=3)
    assert Reread.model_validate_json(answer.model_dump_json()) == answer
    assert Kept.model_validate_json(Kept(reject=reject).model_dump_json()).reject == reject


def test_the_child_answers_every_item_in_its_order(config: Config) -> None:
    items = [kept(), kept(callback=""), kept(payload=b"nothing of use"), kept(source="chenxun-quanwen")]
    answers = list(replay.read_again(items, config.path))
    read = [answer.still(item) == "" for answer, item in zip(answers, items, strict=True)]
    assert read == [True, False, False, True]
    assert [len(answer.posts) for answer in answers] == [1, 0, 0, 0]


def test_a_child_that_does_not_come_to_an_end_costs_only_the_item_it_was_at(config: Config) -> None:
    answers = list(replay.read_again([kept(), kept()], config.path, longest=0.001))
    assert answers == [replay.DIED, replay.DIED]


def test_a_desk_that_cannot_be_opened_loses_nothing(tmp_path: Path) -> None:
    broken = tmp_path / "huanyu.toml"
    broken.write_text("nonsense = [", encoding="utf-8")
    assert list(replay.read_again([kept()], broken)) == [replay.DIED]


def test_the_kept_meta_is_plain_json() -> None:
    assert json.loads(json.dumps(kept().meta)) == kept().meta
