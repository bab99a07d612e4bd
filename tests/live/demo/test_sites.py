"""The pretended sites speak the platforms' shapes over real HTTP, and the invented posts are what the demo needs."""

from __future__ import annotations

import csv
import json
import re
import socket
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from datetime import timedelta
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.parse import urlencode
from urllib.parse import urlsplit

import feedparser
import pytest
from parsel import Selector

from demo import desk
from demo.platforms.smtp import SmtpPlatform
from demo.platforms.telegram import TelegramPlatform
from demo.platforms.wechat import WechatPlatform
from demo.platforms.weibo import WeiboPlatform
from demo.sites import Sites
from demo.sites import content
from demo.sites import dating
from demo.sites import export
from demo.sites import start_all
from demo.sites import weibo_shapes
from demo.sites.weibo import TOKEN
from huanyu.clock import SHANGHAI
from huanyu.config import Config
from huanyu.errors import BadInput
from huanyu.types import PostType

NOW = datetime(2026, 3, 4, 15, 30, tzinfo=SHANGHAI)
AREAS = {
    "371502",
    "371503",
    "371581",
    "371525",
    "371522",
    "371521",
    "371524",
    "371526",
    "经开区",
    "高新区",
    "度假区",
}


@pytest.fixture(scope="module")
def sites() -> Iterator[Sites]:
    with start_all(NOW) as running:
        yield running


class Answer:
    def __init__(self, status: int, headers: Message, body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def page(self, encoding: str = "utf-8") -> Selector:
        return Selector(self.body.decode(encoding))


def get(url: str, **headers: str) -> Answer:
    asked = urllib.request.Request(
        url, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(asked, timeout=10) as reply:
            return Answer(reply.status, reply.headers, reply.read())
    except urllib.error.HTTPError as refusal:
        with refusal:
            return Answer(refusal.code, refusal.headers, refusal.read())


def api(sites: Sites, path: str, **query: object) -> Answer:
    return get(f"{sites.weibo.url}/2/{path}.json?{urlencode({'access_token': TOKEN, **query})}")


def mobile(sites: Sites, path: str, **query: object) -> Any:
    return get(f"{sites.mobile.url}{path}?{urlencode(query)}").json


# --- the open platform ----------------------------------------------------------------------------------------


def test_mentions_come_newest_first_in_the_documented_shape(sites: Sites) -> None:
    found = api(sites, "statuses/mentions").json
    assert len(found["statuses"]) == 20
    assert found["total_number"] > 80
    ids = [status["id"] for status in found["statuses"]]
    assert ids == sorted(ids, reverse=True)
    assert found["next_cursor"] < ids[-1]
    first = next(status for status in found["statuses"] if not status.get("deleted"))
    assert first["idstr"] == first["mid"] == str(first["id"])
    assert first["user"]["screen_name"]
    when = datetime.strptime(first["created_at"], "%a %b %d %H:%M:%S %z %Y")
    assert timedelta() <= NOW - when < timedelta(days=2)


def test_every_mention_that_still_stands_names_the_account(sites: Sites) -> None:
    found = api(sites, "statuses/mentions", count=200).json["statuses"]
    assert all("@聊城环境" in status["text"] for status in found if not status.get("deleted"))


def test_deleted_mentions_stay_in_the_list_without_author(sites: Sites) -> None:
    found = api(sites, "statuses/mentions", count=200).json["statuses"]
    deleted = [status for status in found if status.get("deleted") == "1"]
    assert len(deleted) >= 2
    assert all("user" not in status for status in deleted)


def test_pages_and_since_id_walk_the_whole_list_once(sites: Sites) -> None:
    total = api(sites, "statuses/mentions").json["total_number"]
    pages = [api(sites, "statuses/mentions", count=50, page=n).json["statuses"] for n in (1, 2, 3, 4)]
    ids = [status["id"] for page in pages for status in page]
    assert len(ids) == len(set(ids)) == total
    newer = api(sites, "statuses/mentions", since_id=ids[5], count=200).json["statuses"]
    assert [status["id"] for status in newer] == ids[:5]
    older = api(sites, "statuses/mentions", max_id=ids[5], count=3).json["statuses"]
    assert [status["id"] for status in older] == ids[5:8]


@pytest.mark.parametrize("path", ["comments/mentions", "comments/to_me"])
def test_comments_carry_the_post_they_stand_under(sites: Sites, path: str) -> None:
    found = api(sites, path).json["comments"]
    assert len(found) >= 5
    for comment in found:
        assert comment["status"]["idstr"] != comment["idstr"]
        assert comment["user"]["screen_name"]


def test_a_missing_and_a_wrong_token_get_the_error_envelope(sites: Sites) -> None:
    none = get(f"{sites.weibo.url}/2/statuses/mentions.json")
    wrong = get(f"{sites.weibo.url}/2/statuses/mentions.json", Authorization="OAuth2 nonsense")
    right = get(f"{sites.weibo.url}/2/statuses/mentions.json", Authorization=f"OAuth2 {TOKEN}")
    assert (none.status, none.json["error_code"]) == (400, 10006)
    assert (wrong.status, wrong.json["error_code"]) == (403, 21332)
    assert wrong.json["request"] == "/statuses/mentions.json"
    assert right.status == 200


# --- m.weibo.cn -----------------------------------------------------------------------------------------------


def test_a_timeline_prints_relative_times_and_pages_to_its_end(sites: Sites) -> None:
    uid = desk.ACCOUNTS["水城早知道"]
    found = mobile(sites, "/api/container/getIndex", containerid=f"107603{uid}")
    assert found["ok"] == 1
    posts = [card["mblog"] for card in found["data"]["cards"] if card["card_type"] == 9]
    assert posts
    assert all(isinstance(post["id"], str) and post["user"]["id"] == int(uid) for post in posts)
    forms = re.compile(r"^(刚刚|\d+分钟前|\d+小时前|昨天 \d\d:\d\d|\d\d-\d\d)$")
    assert all(forms.match(post["created_at"]) for post in posts)
    assert "万+" in "".join(str(post["comments_count"]) for post in posts)
    beyond = mobile(sites, "/api/container/getIndex", containerid=f"107603{uid}", page=9)
    assert (beyond["ok"], beyond["data"]["cards"]) == (0, [])


def test_a_search_finds_html_texts_and_hides_the_rest_of_long_ones(sites: Sites) -> None:
    found = mobile(
        sites, "/api/container/getIndex", containerid="100103type=61&q=聊城", page_type="searchall"
    )
    groups = [card["card_group"] for card in found["data"]["cards"] if card["card_type"] == 11]
    posts = [card["mblog"] for group in groups for card in group if "mblog" in card]
    assert len(posts) == 10
    assert all("聊城" in post["text"] for post in posts)
    second = mobile(sites, "/api/container/getIndex", containerid="100103type=61&q=聊城", page=2)
    assert posts[0]["id"] not in [card["mblog"]["id"] for card in second["data"]["cards"]]


def test_a_search_without_results_is_told_from_a_wall(sites: Sites) -> None:
    empty = mobile(sites, "/api/container/getIndex", containerid="100103type=61&q=火星移民")
    wall = get(f"{sites.wall.url}/api/container/getIndex?containerid=100103type%3D61%26q%3D{quote('聊城')}")
    assert empty == {"ok": 0, "msg": "这里还没有内容", "data": {"cards": []}}
    assert wall.status == 200
    assert wall.json["ok"] == -100
    assert wall.json["url"]


def test_long_texts_are_cut_in_cards_and_whole_behind_extend(sites: Sites) -> None:
    long = next(status for status in sites.content.statuses if len(status.text) > 250)
    cut = weibo_shapes.mblog(long, "昨天 10:00")
    assert cut["isLongText"] is True
    assert "全文</a>" in cut["text"]
    whole = mobile(sites, "/statuses/extend", id=long.id)["data"]["longTextContent"]
    assert Selector(whole).xpath("string()").get("") == long.text
    gone = next(status for status in sites.content.statuses if status.deleted)
    assert mobile(sites, "/statuses/extend", id=gone.id)["errno"] == "20101"


def test_hotflow_gives_comments_and_says_false_for_no_answers(sites: Sites) -> None:
    on = next(status.on for status in sites.content.statuses if status.feed == "hotflow")
    found = mobile(sites, "/comments/hotflow", id=on, mid=on, max_id_type=0)
    assert found["ok"] == 1
    first = found["data"]["data"][0]
    assert first["comments"] is False
    assert first["source"].startswith("来自")
    assert found["data"]["max_id"] == 0


def test_the_mobile_site_closes_its_robots_txt_and_the_forums_do_not(sites: Sites) -> None:
    assert b"Disallow: /\n" in get(f"{sites.mobile.url}/robots.txt").body
    assert b"Disallow: /\n" not in get(f"{sites.forum.url}/robots.txt").body
    assert get(f"{sites.weibo.url}/robots.txt").status == 404


# --- the forums -----------------------------------------------------------------------------------------------


def test_a_board_lists_threads_as_discuz_does(sites: Sites) -> None:
    page = get(f"{sites.forum.url}/forum.php?mod=forumdisplay&fid=2").page()
    rows = page.css("table#threadlisttableid > tbody[id^=normalthread_]")
    assert len(rows) == 20
    assert len(page.css("tbody[id^=stickthread_]")) == 1
    assert page.css("#separatorline")
    dates = [row.xpath(".//td[@class='by'][1]/em").xpath("string()").get("").strip() for row in rows]
    assert any("昨天" in date for date in dates)
    titles = rows[0].xpath(".//td[@class='by'][2]/em//span/@title").getall()
    assert titles
    assert re.match(r"^\d{4}-\d{1,2}-\d{1,2} \d\d:\d\d$", titles[0])
    assert all(row.css("th a.xst::text").get() for row in rows)
    assert all(row.css("td.num a::text").get("").isdigit() for row in rows)
    assert page.css("a.nxt")


def test_the_pages_of_a_board_hold_every_thread_once(sites: Sites) -> None:
    pages = [get(f"{sites.forum.url}/forum-2-{n}.html").page() for n in (1, 2, 3)]
    found = [tid for page in pages for tid in page.css("tbody[id^=normalthread_]::attr(id)").getall()]
    mine = [thread for thread in sites.content.threads if thread.fid == 2 and not thread.sticky]
    assert sorted(found) == sorted(f"normalthread_{thread.tid}" for thread in mine)
    assert not pages[-1].css("a.nxt")


def test_a_thread_shows_every_floor_on_its_pages(sites: Sites) -> None:
    thread = max(sites.content.threads, key=lambda one: len(one.floors))
    assert len(thread.floors) >= 12
    pages = [
        get(f"{sites.forum.url}/forum.php?mod=viewthread&tid={thread.tid}&page={n}").page() for n in (1, 2)
    ]
    assert pages[0].css("#thread_subject::text").get() == thread.title
    floors = [floor for page in pages for floor in page.css("#postlist > div[id^=post_]")]
    assert [floor.css(".authi a.xw1::text").get() for floor in floors] == [
        thread.author,
        *(floor.author for floor in thread.floors),
    ]
    pid = thread.pid
    stamp = pages[0].css(f"em#authorposton{pid}")
    assert "发表于" in stamp.xpath("string()").get("")
    assert re.match(r"^\d{4}-\d{1,2}-\d{1,2} \d\d:\d\d:\d\d$", stamp.css("span::attr(title)").get(""))
    assert thread.text.split("\n")[0] in pages[0].css(f"td#postmessage_{pid}").xpath("string()").get("")


def test_quotes_edit_notes_and_attachments_stand_apart_from_the_text(sites: Sites) -> None:
    quoting = next(
        one for one in sites.content.threads if any(floor.quote for floor in one.floors) and one.fid == 2
    )
    floor = next(one for one in quoting.floors if one.quote)
    cell = get(f"{sites.forum.url}/thread-{quoting.tid}-1-1.html").page().css(f"#postmessage_{floor.pid}")
    assert floor.quote is not None
    assert floor.quote.text[:20] in cell.css(".quote blockquote").xpath("string()").get("")
    edited = next(one for one in sites.content.threads if one.edited and one.fid == 2)
    cell = get(f"{sites.forum.url}/thread-{edited.tid}-1-1.html").page().css(f"#postmessage_{edited.pid}")
    assert "本帖最后由" in cell.css("i.pstatus::text").get("")
    pictured = next(one for one in sites.content.threads if one.attachments and one.fid == 2)
    page = get(f"{sites.forum.url}/thread-{pictured.tid}-1-1.html").page()
    assert (
        page.css(f"#postmessage_{pictured.pid} ignore_js_op img.zoom::attr(zoomfile)")
        .get("")
        .endswith(".jpg")
    )


def test_the_old_forum_sends_gbk_under_a_header_that_claims_utf_8(sites: Sites) -> None:
    found = get(f"{sites.old_forum.url}/forum.php?mod=forumdisplay&fid=7")
    assert found.headers["Content-Type"] == "text/html; charset=utf-8"
    assert b'<meta charset="gbk"' in found.body
    with pytest.raises(UnicodeDecodeError):
        found.body.decode("utf-8")
    assert "曝光台" in found.page("gbk").css("h1 a::text").get("")


def test_a_missing_thread_is_a_404_that_says_so(sites: Sites) -> None:
    found = get(f"{sites.forum.url}/forum.php?mod=viewthread&tid=1")
    assert found.status == 404
    assert "不存在或已被删除" in found.page().css("#messagetext.alert_error").xpath("string()").get("")


def test_a_boards_rss_has_twenty_items_and_no_guid(sites: Sites) -> None:
    body = get(f"{sites.forum.url}/forum.php?mod=rss&fid=2").body
    assert len(feedparser.parse(body).entries) == 20
    assert b"<guid" not in body


# --- news -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("path", "version"), [("rss.xml", "rss20"), ("atom.xml", "atom10")])
def test_a_feed_parses_cleanly(sites: Sites, path: str, version: str) -> None:
    found = feedparser.parse(get(f"{sites.news.url}/{path}").body)
    assert found.version == version
    assert not found.bozo
    assert len(found.entries) >= 19
    assert all(entry.title and entry.link for entry in found.entries)


def test_an_unchanged_feed_answers_304_to_etag_and_to_date(sites: Sites) -> None:
    first = get(f"{sites.news.url}/rss.xml")
    by_tag = get(f"{sites.news.url}/rss.xml", If_None_Match=first.headers["ETag"])
    by_date = get(f"{sites.news.url}/rss.xml", If_Modified_Since=first.headers["Last-Modified"])
    other = get(f"{sites.news.url}/rss.xml", If_None_Match='"older"')
    assert (by_tag.status, by_tag.body) == (304, b"")
    assert by_date.status == 304
    assert (other.status, other.body) == (200, first.body)


def test_the_rss_feed_is_as_uneven_as_real_ones(sites: Sites) -> None:
    body = get(f"{sites.news.url}/rss.xml").body.decode("utf-8")
    items = re.findall(r"<item>.*?</item>", body, re.S)
    assert sum("<guid" not in item for item in items) == 2
    assert sum(f"<link>{sites.news.url}/</link>" in item for item in items) == 1
    assert any(" GMT</pubDate>" in item for item in items)
    assert any(" +0800</pubDate>" in item for item in items)
    assert any("&amp;lt;p&amp;gt;" in item for item in items)


def test_every_article_stands_behind_its_entry_within_menus_and_footers(sites: Sites) -> None:
    for path, body in (("rss.xml", "#content"), ("atom.xml", "article.article-content")):
        entry = feedparser.parse(get(f"{sites.news.url}/{path}").body).entries[0]
        page = get(entry.link).page()
        article = next(one for one in sites.content.articles if one.title == entry.title)
        assert page.css(f"{body} p::text").getall() == article.text.split("\n")
        assert "来源：" in page.xpath("string()").get("")
        assert "均为虚构" not in page.css(body).xpath("string()").get("")
    assert get(f"{sites.news.url}/content/1.html").status == 404


# --- broken ones ----------------------------------------------------------------------------------------------


def test_the_dead_source_refuses_and_the_failing_one_answers_500(sites: Sites) -> None:
    address = urlsplit(sites.dead.url)
    with socket.socket() as probe:
        assert probe.connect_ex((address.hostname, address.port)) != 0
    assert get(f"{sites.failing.url}/rss.xml").status == 500
    assert get(f"{sites.failing.url}/robots.txt").status == 200


# --- for people -----------------------------------------------------------------------------------------------


def test_every_front_page_opens_in_a_browser_and_calls_itself_a_demo(sites: Sites) -> None:
    for site in (sites.weibo, sites.mobile, sites.forum, sites.news):
        found = get(site.url + "/")
        assert found.status == 200
        assert "演示" in found.body.decode("utf-8")
        assert "<style" in found.body.decode("utf-8")
    status = next(one for one in sites.content.statuses if one.feed == "mention" and not one.deleted)
    page = get(f"{sites.mobile.url}/{status.author_id}/{weibo_shapes.short_id(status.id)}").page()
    assert status.author in page.css("article a::text").getall()


# --- the invented posts ---------------------------------------------------------------------------------------


def test_there_are_enough_posts_of_every_sort(sites: Sites) -> None:
    found = sites.content
    assert len(found.statuses) >= 170
    assert len(found.threads) >= 60
    assert len(found.articles) >= 40
    assert len(found.rows) >= 40
    assert max(len(thread.floors) for thread in found.threads) >= 12
    assert {fact.label.type for fact in sites.truth.facts} == set(PostType)
    assert {fact.label.area for fact in sites.truth.complaints} >= AREAS
    assert sum(fact.label.urgent for fact in sites.truth.facts) >= 5
    assert sum(fact.label.out_of_town for fact in sites.truth.facts) >= 4
    assert any(re.search(r"1\d{10}", status.text) for status in found.statuses)


def test_no_two_posts_are_the_same_but_for_what_is_meant_to_be(sites: Sites) -> None:
    texts = Counter(status.text for status in sites.content.statuses if not status.deleted)
    assert [text for text, times in texts.items() if times > 1] == []
    assert any(status.repost_of for status in sites.content.statuses)


def test_the_main_matters_are_told_by_several_people_on_several_sites(sites: Sites) -> None:
    matters = Counter(fact.label.matter for fact in sites.truth.complaints if fact.label.matter)
    assert len([name for name, times in matters.items() if times >= 3]) >= 15
    assert len({fact.site for fact in sites.truth.matter("M01")}) >= 3


def test_every_kind_of_nuisance_is_complained_of(sites: Sites) -> None:
    families = {kind.split(".")[0] for fact in sites.truth.complaints for kind in fact.label.kinds}
    assert families >= {"air", "water", "noise", "waste", "soil", "radiation", "ecology", "other"}


def test_ids_are_unique_and_refer_to_posts_that_exist(sites: Sites) -> None:
    found = sites.content
    ids = {status.id for status in found.statuses}
    assert len(ids) == len(found.statuses)
    assert all(status.on in ids for status in found.statuses if status.on)
    assert all(status.repost_of in ids for status in found.statuses if status.repost_of)
    pids = [thread.pid for thread in found.threads] + [
        floor.pid for one in found.threads for floor in one.floors
    ]
    assert len(pids) == len(set(pids))
    facts = [(fact.site, fact.native_id) for fact in sites.truth.facts]
    assert len(facts) == len(set(facts))


def test_gbk_boards_hold_nothing_that_gbk_cannot_say(sites: Sites) -> None:
    threads = [one for one in sites.content.threads if one.fid in content.GBK_BOARDS]
    assert threads
    for thread in threads:
        "".join([thread.title, thread.text, *(floor.text for floor in thread.floors)]).encode("gbk")


@pytest.mark.parametrize("hour", [0, 6, 12, 23])
def test_nothing_is_ever_dated_in_the_future(hour: int) -> None:
    now = NOW.replace(hour=hour, minute=1)
    posts = content.load()
    for dated in (*posts.statuses, *posts.articles):
        assert dating.moment(dated, now) <= now
    for thread in posts.threads:
        last = max((floor.after for floor in thread.floors), default=0)
        assert dating.opened(thread, now) + timedelta(minutes=last) <= now


def test_a_broken_line_of_data_is_named_by_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_text('{"id": 1}\n', encoding="utf-8")
    with pytest.raises(BadInput, match=r"bad\.jsonl 第 1 行"):
        content.read(tmp_path / "bad.jsonl", content.Article)


# --- export and configuration -----------------------------------------------------------------------------------


def test_the_export_is_gbk_with_one_damaged_row(sites: Sites, tmp_path: Path) -> None:
    path = export.write(sites.content.rows, tmp_path / "12345.csv", NOW)
    with path.open(encoding="gb18030", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == list(export.HEAD)
    assert len(rows) == 1 + len(sites.content.rows)
    assert sum(len(row) != len(export.HEAD) for row in rows) == 1


def test_the_same_ports_give_the_same_addresses_again() -> None:
    with start_all(NOW) as first:
        port = int(first.news.url.rpartition(":")[2])
    again = first.news.__class__(first.content.articles, NOW, port)
    with again:
        assert again.url == first.news.url


@pytest.fixture(scope="module")
def platforms() -> Iterator[desk.Platforms]:
    with WeiboPlatform() as one, WechatPlatform() as two, TelegramPlatform() as three, SmtpPlatform() as four:
        yield desk.Platforms(one, two, three, four)


def test_the_written_configuration_points_every_source_and_account_at_this_machine(
    sites: Sites, platforms: desk.Platforms, tmp_path: Path
) -> None:
    path = desk.write_config(tmp_path, sites, platforms, public_url="http://127.0.0.1:4/public")
    config = Config.load(path)
    bureau = config.bureau
    addresses = [url for row in bureau.sources for url in (row.base_url, *row.urls) if url]
    addresses += [row.base_url for row in bureau.accounts if row.base_url] + [bureau.bureau.public_url]
    assert len(addresses) >= 14
    assert all(url.startswith("http://127.0.0.1:") for url in addresses)
    assert {"weibo", "discuz", "feed", "import"} == {row.spider for row in bureau.sources}
    assert all(config.secret(row.secret) for row in (*bureau.sources, *bureau.accounts) if row.secret)
    assert config.secrets_path.stat().st_mode & 0o077 == 0
    assert config.settings.smtp_port == platforms.mail.port
    assert bureau.units


def test_writing_the_configuration_again_keeps_the_key_that_was_made_meanwhile(
    sites: Sites, platforms: desk.Platforms, tmp_path: Path
) -> None:
    key = Config.load(desk.write_config(tmp_path, sites, platforms)).store_key
    again = Config.load(desk.write_config(tmp_path, sites, platforms))
    assert again.store_key == key


def test_the_keywords_of_the_desk_find_most_of_what_people_post(sites: Sites) -> None:
    posted = [one for one in sites.content.statuses if one.feed == "search"]
    found = [one for one in posted if any(word in one.text for word in desk.KEYWORDS)]
    assert len(found) >= 0.75 * len(posted)
