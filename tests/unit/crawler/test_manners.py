"""Whose pace counts at a site, what a site's robots.txt means, and how much is more than any visit needs."""

from __future__ import annotations

import pytest

from crawler import addresses
from crawler import manners
from crawler import robots
from huanyu.bureau import BureauRow
from huanyu.bureau import SourceRow


def row(key: str = "k", **more: object) -> SourceRow:
    return SourceRow.model_validate({"key": key, "name": "n", "spider": "discuz", "kind": "forum"} | more)


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://BBS.example.cn/forum.php", "bbs.example.cn"),
        ("http://bbs.example.cn:443/", "bbs.example.cn"),
        ("http://bbs.example.cn.:8080/", "bbs.example.cn:8080"),
        ("http://user@bbs.example.cn/", "bbs.example.cn"),
        ("ftp://bbs.example.cn/", ""),
    ],
)
def test_both_schemes_of_a_host_are_one_site(url, site):
    assert addresses.site(url) == site


def test_the_slowest_source_of_a_site_sets_its_pace():
    mine = row("a", base_url="https://bbs.example.cn", pace=5.0)
    slow = row("b", spider="feed", urls=["http://bbs.example.cn/rss"], pace=20.0)
    asleep = row("c", base_url="https://bbs.example.cn", pace=90.0, enabled=False)
    elsewhere = row("d", base_url="https://other.example.cn", pace=60.0)
    others = (mine, slow, asleep, elsewhere)
    assert manners.pace(mine, others, "bbs.example.cn") == 20.0
    assert manners.pace(slow, others, "bbs.example.cn") == 20.0
    assert manners.pace(mine, others, "other.example.cn") == 60.0, "a page of theirs that we were led to"
    assert manners.pace(mine, others, "third.example.cn") == 5.0


def test_sources_of_a_platform_without_an_address_share_its_pace():
    search = row("a", spider="weibo", kind="weibo", mode="search", pace=10.0)
    mentions = row("b", spider="weibo", kind="weibo", pace=2.0)
    assert manners.sites(search) & manners.sites(mentions)
    assert manners.pace(mentions, (search, mentions), "api.weibo.com") == 10.0


def test_scrapys_own_delay_never_keeps_a_visit_from_ending():
    found = manners.settings(row(pace=600.0), BUREAU, "", "0.1")
    assert found["DOWNLOAD_DELAY"] * (1 + found["DOWNLOAD_DELAY_JITTER"]) < 20


def test_no_ordinary_visit_comes_near_the_last_resort():
    forum = row(boards=["2", "5", "7"], max_pages=5)
    pages = 3 * 5 * (1 + 40 * 5)  # every thread of every page of the boards with all its pages
    assert pages < manners.most_requests(forum) < 3 * pages
    search = row(
        spider="weibo", kind="weibo", keywords=["臭味", "噪音"], places=["东昌府", "临清"], max_pages=2
    )
    assert manners.most_requests(search) > 2 * 2 * 2 * 40


BUREAU = BureauRow(
    name="聊城市生态环境局", short_name="市局", office="宣教科", city="聊城市", city_code="371500", phone="0635-8000000",
    account_name="聊城环境", public_url="https://sthj.example.org",
)  # fmt: skip


# --- robots.txt


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("", 0.0),
        ("User-agent: *\nCrawl-delay: 10\n", 10.0),
        ("User-agent: *\nRequest-rate: 1/30s\n", 30.0),
        ("User-agent: *\nCrawl-delay: 5\nRequest-rate: 2/1m\n", 30.0),
        ("User-agent: other\nCrawl-delay: 10\n", 0.0),
        ("User-agent: *\nCrawl-delay: soon\n", 0.0),
        ("User-agent: *\nCrawl-delay: 60\n\nUser-agent: Huanyu\nCrawl-delay: 2\n", 2.0),
    ],
)
def test_a_delay_that_a_site_asks_for_is_read(text, seconds):
    assert robots.rules(text).delay() == seconds


@pytest.mark.parametrize(
    ("status", "allowed"), [(200, False), (301, True), (401, True), (404, True), (429, None), (500, None)]
)
def test_each_answer_has_its_meaning(status, allowed):
    found = robots.answered(status, b"User-agent: *\nDisallow: /")
    assert (found.allow("https://a.example/x") if found else None) is allowed


@pytest.mark.parametrize(
    "body", [b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /x", b"\xff\xfe junk\nUser-agent:*\nDisallow:/x"]
)
def test_a_file_with_a_mark_or_with_junk_is_still_read(body):
    found = robots.answered(200, body)
    assert not found.allow("https://a.example/x") and found.allow("https://a.example/y")


def test_a_page_in_place_of_the_file_closes_nothing():
    found = robots.answered(200, b"<!DOCTYPE html><html><body>404 Disallow: /</body></html>")
    assert found.allow("https://a.example/x")


def test_each_scheme_host_and_port_has_a_file_of_its_own():
    assert robots.place("https://u:p@A.example:8443/x?y") == "https://a.example:8443"
