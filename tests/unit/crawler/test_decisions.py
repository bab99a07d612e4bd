"""The rules of collecting: walls, addresses, manners, walking lists, judging a visit, passing a report."""

from __future__ import annotations

import json
from datetime import datetime
from datetime import timedelta

import pytest

from crawler import addresses
from crawler import health
from crawler import manners
from crawler import report
from crawler import rhythm
from crawler import walls
from crawler.charset import decode
from crawler.health import Visit
from crawler.walls import Wall
from huanyu.bureau import BureauRow
from huanyu.bureau import SourceRow
from huanyu.clock import SHANGHAI
from huanyu.types import SourceState

NOW = datetime(2026, 3, 6, 9, 0, tzinfo=SHANGHAI)


# --- walls


@pytest.mark.parametrize(
    ("status", "message", "state", "stop"),
    [
        (404, "抱歉，指定的主题不存在或已被删除或正在被审核", "gone", False),
        (200, "抱歉，您需要先登录才能浏览本版块", "login_needed", False),
        (200, "抱歉，您所在的用户组无法浏览", "login_needed", False),
        (200, "抱歉，站点关闭，正在升级", "failing", True),
        (200, "抱歉，您的操作过于频繁，请稍后再试", "slow", True),
        (200, "抱歉，数据库开小差了", "failing", False),
    ],
)
def test_every_message_of_a_forum_is_told_apart(status, message, state, stop):
    page = f'<html><div id="messagetext" class="alert_error">\n<p>{message}</p></div></html>'
    found = walls.find(status, page, "html")
    assert (found.state, found.stop) == (state, stop)


def test_a_page_that_talks_of_logging_in_is_a_page():
    page = '<div id="postlist"><td id="postmessage_1">平台要求先登录才能投诉，没有权限</td></div>'
    assert walls.find(200, page, "html") is None


# --- addresses


def row(**more: object) -> SourceRow:
    return SourceRow.model_validate({"key": "k", "name": "n", "spider": "discuz", "kind": "forum"} | more)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://10.1.2.3/", "http://192.168.1.1/", "http://172.16.0.9/", "http://169.254.169.254/latest",
        "http://[64:ff9b::7f00:1]/", "http://[64:ff9b:1::1]/", "http://[::7f00:1]/", "http://[fec0::1]/",
        "http://[::1]/", "http://[fe80::1]/", "http://[::ffff:10.0.0.1]/", "http://[2002:0a00:0001::]/", "http://0.0.0.0/", "http://100.64.0.1/",
        "http://224.0.0.1/", "http://localhost/", "http://printer.local/", "file:///etc/passwd", "ftp://1.1.1.1/", "http:///x",
    ],
)  # fmt: skip
def test_inside_addresses_are_refused(url):
    assert addresses.refusal(url, frozenset())


def test_public_names_and_the_sources_own_host_and_port_are_allowed():
    own = addresses.own_hosts(row(base_url="http://127.0.0.1:8099", urls=["http://10.0.0.5/rss"]))
    assert addresses.refusal("http://127.0.0.1:8099/forum.php", own) == ""
    assert addresses.refusal("http://10.0.0.5:80/rss2", own) == ""
    assert addresses.refusal("http://127.0.0.1:22/", own)
    assert addresses.refusal("https://bbs.example.com/", own) == ""


# --- manners


def test_the_pace_is_the_shortest_gap_and_not_the_average():
    found = manners.settings(row(pace=5.0), bureau(), "", "0.1")
    delay, jitter = found["DOWNLOAD_DELAY"], found["DOWNLOAD_DELAY_JITTER"]
    assert delay * (1 - jitter) >= 5.0


def bureau():
    return BureauRow(
        name="聊城市生态环境局", short_name="市局", office="宣教科", city="聊城市", city_code="371500", phone="0635-8000000",
        account_name="聊城环境", public_url="https://sthj.example.org",
    )  # fmt: skip


def test_we_say_who_we_are():
    assert (
        manners.user_agent(bureau(), "", "0.1") == "Huanyu/0.1 (+https://sthj.example.org; tel 0635-8000000)"
    )


def test_weibo_pages_need_a_written_permission_and_the_open_platform_does_not():
    assert manners.needs_permission(row(spider="weibo", mode="search"))
    assert not manners.needs_permission(
        row(spider="weibo", mode="search", permission="2026-01-05 函〔2026〕1号")
    )
    assert not manners.needs_permission(row(spider="weibo", mode="mentions"))
    assert not manners.needs_permission(row(spider="weibo"))


def test_robots_txt_is_obeyed_unless_somebody_allowed_otherwise():
    assert manners.obeys_robots(row())
    assert not manners.obeys_robots(row(permission="站方邮件 2026-01-05"))
    assert not manners.obeys_robots(row(spider="weibo"))


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("30", timedelta(seconds=30)),
        ("999999999", timedelta(hours=24)),
        ("Fri, 06 Mar 2026 01:10:00 GMT", timedelta(minutes=10)),
        ("Fri, 06 Mar 2020 01:10:00 GMT", timedelta()),
        ("bald", None),
        ("", None),
    ],
)
def test_retry_after_is_read_and_bounded(header, wait):
    assert manners.retry_after(header, NOW) == wait


# --- judging a visit


def visit(**more: object) -> Visit:
    return Visit(**({"pages": 3, "new": 2, "seen": 5, "rejects": 0} | more))


def judged(before: SourceState | None = None, expect: float | None = None, **more: object) -> SourceState:
    return health.judge("k", before, visit(**more), rhythm.usual(None, expect), NOW)


def test_a_good_visit_is_ok_and_moves_the_cursor():
    found = judged(cursor={"since": "9"})
    assert (found.state, found.sentence) == ("ok", "正常, 读到 7 条, 其中新增 2 条")
    assert found.cursor["since"] == "9" and found.last_ok == NOW and found.last_new == 2


def test_an_unfinished_visit_leaves_the_cursor_where_it_was():
    before = judged(cursor={"since": "9"})
    assert judged(before, cursor={"since": "12"}, finished=False).cursor["since"] == "9"


def test_a_wall_is_the_state_and_since_when_it_stands_is_kept():
    wall = Wall("login_needed", "登录已失效")
    before = health.judge(
        "k", None, visit(pages=0, new=0, seen=0, walls=(wall,)), None, NOW - timedelta(hours=3)
    )
    after = judged(before, pages=0, new=0, seen=0, walls=(wall,))
    assert (after.state, after.since) == ("login_needed", NOW - timedelta(hours=3))
    assert after.last_ok is None


@pytest.mark.parametrize(
    ("told", "state"),
    [
        ({"pages": 0, "new": 0, "seen": 0, "forbidden": 1}, "robots_closed"),
        ({"pages": 0, "new": 0, "seen": 0}, "failing"),
        (
            {"pages": 0, "new": 0, "seen": 0, "walls": (Wall("failing", "网站拒绝连接", stop=False),)},
            "failing",
        ),
        ({"new": 0, "seen": 0, "rejects": 4}, "failing"),
        ({"walls": (Wall("login_needed", "版块要求登录", stop=False),)}, "login_needed"),
        ({"walls": (Wall("failing", "HTTP 500", stop=False),)}, "ok"),
        ({"walls": (Wall("gone", "已删除", stop=False),)}, "ok"),
        ({"new": 0, "seen": 0}, "ok"),
    ],
)
def test_each_outcome_has_its_state(told, state):
    assert judged(**told).state == state


def test_silence_is_judged_against_what_is_usual():
    quiet = SourceState(
        source="k",
        state="ok",
        since=NOW,
        sentence="",
        cursor={health.LAST_NEW: (NOW - timedelta(hours=20)).isoformat()},
    )
    assert judged(quiet, expect=100.0, new=0).state == "silent"
    assert judged(quiet, expect=5.0, new=0).state == "ok"
    assert judged(quiet, expect=None, new=0).state == "ok"
    assert judged(quiet, expect=100.0, new=1).state == "ok"


def test_a_site_that_asked_for_rest_gets_it_once():
    resting = judged(wait_until=NOW + timedelta(hours=2), walls=(walls.TOO_OFTEN,))
    assert health.resting(resting, NOW + timedelta(hours=1)) == NOW + timedelta(hours=2)
    assert health.resting(resting, NOW + timedelta(hours=3)) is None
    assert health.NOT_BEFORE not in judged(resting).cursor


# --- the rest


def test_a_report_crosses_from_one_process_to_the_other():
    told = report.CrawlReport(source="k", state="ok", sentence="正常", new=3)
    output = f"noise\n{report.to_line(told)}\n"
    assert report.from_output(output) == told
    assert report.from_output("noise") is None


def test_a_page_with_one_damaged_byte_is_read_and_marked():
    body = "聊城市东昌府区夜间施工噪声".encode() * 5 + b"\xff" + "扰民".encode()
    found = decode(body, "text/html; charset=utf-8")
    assert found.damaged and found.text.count("�") == 1 and found.text.endswith("扰民")


def test_a_character_cut_in_two_at_the_end_is_forgiven():
    assert decode("扰民".encode()[:-1]).text == "扰"


def test_plain_ascii_json_is_text():
    assert json.loads(decode(b'{"a": 1}').text) == {"a": 1}
