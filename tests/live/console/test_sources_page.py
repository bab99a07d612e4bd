"""The desk side of collection in the console: how sources stand, what is done about them, evidence, items read again."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import made_desk
import made_sources
import pytest
from made_console import NAMES
from made_console import Console
from made_desk import NOW
from sqlalchemy import update

from console.sessions import COOKIE
from flow import cycle
from flow import enterprise_import
from flow import press_log
from huanyu.store import RejectHead
from huanyu.store.tables import rejects
from huanyu.types import RawPost
from huanyu.types import Reject
from huanyu.types import SourceKind
from huanyu.types import SourceState

OpenPage = Callable[..., Any]


def text_of(answer: httpx.Response) -> str:
    """The words of a page, without its markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def reject_of(console: Console, source: str) -> RejectHead:
    return next(head for head in console.desk.store.rejects.heads() if head.source == source)


def test_every_source_says_its_state_in_words_with_since_and_why(reading_console: Console) -> None:
    with reading_console.sign_in("press") as client:
        told = text_of(client.get("/sources"))
    for said in (
        "3 个来源等人处理",
        "微博关键词 需登录",
        "Cookie 已失效",
        "老城论坛 读取失败",
        "水城晨讯 无新内容",
        "鲁西生活圈论坛",
        "自 03-04 04:20",
        "随导入更新",
        "2/3",
        "下次 03-05 10:50",
    ):
        assert said in told
    assert told.index("等人处理") < told.index("鲁西生活圈论坛")


def test_a_source_s_page_shows_its_plan_its_figures_and_its_visits(reading_console: Console) -> None:
    with reading_console.sign_in("press") as client:
        answer = client.get("/sources/forum")
    told = text_of(answer)
    for said in (
        "立即读取",
        "现在约 30 分钟",
        "有新内容时最短 10 分钟，没有时最长 6 小时",
        "近 7 天新增",
        "读取记录",
        "从发布到采集",
        "2/3（67%）",
        "漏了 楼下的烧烤摊",
    ):
        assert said in told
    assert answer.text.count("<rect") > 20
    assert "怎么办" not in told


def test_a_source_in_trouble_says_what_to_do(reading_console: Console) -> None:
    with reading_console.sign_in("press") as client:
        told = text_of(client.get("/sources/old-forum"))
    assert "怎么办" in told and "连续失败 6 次" in told


def test_a_source_nobody_knows_is_not_found(reading_console: Console) -> None:
    with reading_console.sign_in("press") as client:
        assert client.get("/sources/nowhere").status_code == 404
        assert client.post("/sources/nowhere/visit").status_code == 404


def test_a_pause_says_who_and_why_and_ends_when_somebody_resumes(console: Console) -> None:
    with console.sign_in("press") as client:
        assert client.post("/sources/forum/pause", data={"reason": ""}).status_code == 422
        assert client.post("/sources/forum/pause", data={"reason": "对方正在搬家"}).status_code == 303
        told = text_of(client.get("/sources/forum"))
        assert "已暂停" in told and "宣晓敏 于 3 月 5 日 10:20 暂停：对方正在搬家" in told
        assert "恢复读取" in told and "xuanjiao" not in told
        refused = client.post("/sources/forum/visit")
        assert refused.status_code == 422 and "先恢复" in refused.text
        assert client.post("/sources/forum/resume").status_code == 303
        assert "已暂停" not in text_of(client.get("/sources/forum"))
    assert console.desk.store.sources.paused() == {}


def test_to_read_now_makes_the_visit_due_and_leaves_the_rest_of_the_state_alone(console: Console) -> None:
    sources = console.desk.store.sources
    before = sources.state("forum")
    with console.sign_in("press") as client:
        answer = client.post("/sources/forum/visit", follow_redirects=True)
    assert "已排上队" in answer.text and "03-05 10:20" in text_of(answer)
    assert sources.state("forum") == replace(before, next_at=NOW)


def test_a_page_loaded_again_after_the_visit_says_that_it_was_read(console: Console) -> None:
    sources = console.desk.store.sources
    with console.sign_in("press") as client:
        client.post("/sources/forum/visit")
        read = replace(sources.state("forum"), last_try=NOW, next_at=NOW + timedelta(minutes=10))
        sources.save_state(read, now=NOW)
        console.clock.at = NOW + timedelta(minutes=1)
        told = text_of(client.get("/sources/forum?asked=1"))
    assert "已经读过了" in told and "已排上队" not in told


def test_what_the_crawler_says_is_read_with_chinese_punctuation_and_says_well_once(
    reading_console: Console,
) -> None:
    with reading_console.sign_in("press") as client:
        told = text_of(client.get("/sources/forum"))
    assert "正常 读到 11 条，其中新增 1 条" in told
    assert "正常," not in told


@pytest.mark.parametrize(
    ("key", "word"), [("hotline-12345", "靠导入文件"), ("news", "之前不要访问"), ("forum", "排上队")]
)
def test_what_a_site_asked_for_holds_against_a_click_too(console: Console, key: str, word: str) -> None:
    sources = console.desk.store.sources
    asked = {"not_before": (NOW + timedelta(hours=5)).isoformat()}
    sources.save_state(replace(sources.state("news"), cursor=asked), now=NOW)
    with console.sign_in("press") as client:
        assert word in client.post(f"/sources/{key}/visit", follow_redirects=True).text


def test_a_known_post_is_looked_for_at_once_and_can_be_dropped_again(console: Console) -> None:
    posts = [
        post for post, _ in console.desk.store.posts.listing(limit=500) if post.source == "weibo-mentions"
    ]
    held = posts[0]
    with console.sign_in("press") as client:
        for url, words in (
            (held.url, held.text[:20]),
            ("https://weibo.example.org/none", "谁也没有说过的一句话"),
        ):
            form = {"url": url, "words": words, "day": held.said_at.date().isoformat()}
            assert client.post("/sources/weibo-mentions/probes", data=form).status_code == 303
        told = text_of(client.get("/sources/weibo-mentions"))
        assert "2 条里，本台有 1 条" in told
        missed = next(one for one in console.desk.store.probes.listing() if one.url.endswith("/none"))
        retire = f"/sources/weibo-mentions/probes/{missed.id}/retire"
        assert client.post(retire).status_code == 303
        assert "谁也没有说过的一句话" not in client.get("/sources/weibo-mentions").text


@pytest.mark.parametrize(
    ("form", "word"),
    [
        ({"url": "javascript:alert(1)", "words": "够长的一句原文"}, "http"),
        ({"url": "https://weibo.example.org/1", "words": "短"}, "不少于"),
        ({"url": "https://weibo.example.org/1", "words": "够长的一句原文", "day": "2027-01-01"}, "晚于今天"),
        ({"url": "https://weibo.example.org/1", "words": "够长的一句原文", "day": "昨天"}, "2026-03-05"),
    ],
)
def test_a_known_post_that_cannot_be_one_is_refused_with_its_reason(
    console: Console, form: dict[str, str], word: str
) -> None:
    with console.sign_in("press") as client:
        answer = client.post("/sources/forum/probes", data=form)
    assert answer.status_code == 422 and word in answer.text
    assert f">{form['words']}</textarea>" in answer.text  # nothing that was typed is lost


# --- items that could not be read


def test_what_today_s_parser_can_read_is_stored_and_off_the_list_with_one_click(console: Console) -> None:
    reject, store = reject_of(console, "news"), console.desk.store
    with console.sign_in("press") as client:
        answer = client.post(f"/rejects/{reject.id}/replay", follow_redirects=True)
        told = text_of(answer)
        assert "已处理" in told and "另有 1 页在下次采集时读取" in told
        again = client.post(f"/rejects/{reject.id}/replay")
        assert again.status_code == 409 and "已经处理过" in again.text
    head = store.rejects.head(reject.id)
    assert (head.resolved_by, head.resolved_at) == (NAMES["press"], NOW)


def test_what_still_cannot_be_read_stays_with_its_reason(console: Console) -> None:
    reject = reject_of(console, "hotline-12345")
    with console.sign_in("press") as client:
        answer = client.post(f"/rejects/{reject.id}/replay", follow_redirects=True)
    assert "仍读不懂" in answer.text
    assert console.desk.store.rejects.head(reject.id).resolved_at is None


def test_a_page_behind_a_wall_offers_a_visit_instead(reading_console: Console) -> None:
    with reading_console.sign_in("press") as client:
        told = text_of(client.get(f"/rejects/{reading_console.made.reject}"))
    assert "重新访问来源" in told and "立即读取这个来源" in told and "重新读取" not in told


def test_a_kept_page_is_shown_as_text_and_leaves_only_as_a_file(reading_console: Console) -> None:
    path = f"/rejects/{reading_console.made.reject}"
    with reading_console.sign_in("press") as client:
        shown, file = client.get(path), client.get(f"{path}/payload.txt")
    assert "&lt;html&gt;请先登录&lt;/html&gt;" in shown.text
    assert file.content == made_desk.REJECT.payload
    assert locked(file)
    assert file.headers["content-type"] == "text/plain"
    assert file.headers["content-disposition"].startswith("attachment;")


def test_a_kept_page_whose_seal_cannot_be_opened_says_what_to_do_and_can_be_settled(console: Console) -> None:
    reject = reject_of(console, "hotline-12345")
    with console.desk.store._database.write() as tx:
        tx.execute(update(rejects).where(rejects.c.id == reject.id).values(payload=b"cut"))
    with console.sign_in("press") as client:
        told = text_of(client.get(f"/rejects/{reject.id}"))
        assert "留存的内容解不开" in told and "store_key" in told and "改正这一行" not in told
        assert client.get(f"/rejects/{reject.id}/payload.txt").status_code == 422
        assert "store_key" in text_of(client.post(f"/rejects/{reject.id}/replay"))
        assert client.post(f"/rejects/{reject.id}/resolve").status_code == 303
    assert console.desk.store.rejects.head(reject.id).resolved_at == NOW


def locked(answer: httpx.Response) -> bool:
    """Whether a browser may neither run, frame, guess nor share the body."""
    policy = answer.headers["content-security-policy"]
    return (
        "default-src 'none'" in policy
        and "sandbox" in policy
        and answer.headers["x-content-type-options"] == "nosniff"
        and answer.headers["cross-origin-resource-policy"] == "same-origin"
    )


def test_a_row_that_names_its_reporter_is_opened_by_the_press_office_alone_and_the_look_is_kept(
    console: Console,
) -> None:
    reject = reject_of(console, "hotline-12345")
    for role in ("admin", "reviewer", "leader", "assessor"):
        with console.sign_in(role) as client:
            page, file = client.get(f"/rejects/{reject.id}"), client.get(f"/rejects/{reject.id}/payload.txt")
        assert "冯某某" not in page.text and "只有宣教科可以查看" in page.text
        assert file.status_code == 403
    before = len(looks(console))
    with console.sign_in("press") as client:
        assert "冯某某" in client.get(f"/rejects/{reject.id}").text
    assert len(looks(console)) == before + 1


@pytest.mark.parametrize(("role", "quoted"), [("press", True), ("leader", False), ("assessor", False)])
def test_why_a_row_cannot_be_read_quotes_its_cells_to_the_press_office_alone(
    reading_console: Console, role: str, quoted: bool
) -> None:
    reject = reject_of(reading_console, "hotline-12345")
    with reading_console.sign_in(role) as client:
        for path in ("/sources", "/sources/hotline-12345", f"/rejects/{reject.id}"):
            page = client.get(path).text
            assert ("昨儿个" in page) is quoted
            assert "不认识" in page


def test_a_kept_row_is_put_right_on_its_page_and_taken_in(console: Console) -> None:
    reject = reject_of(console, "hotline-12345")
    at = f"/rejects/{reject.id}"
    with console.sign_in("leader") as client:
        assert "改正这一行" not in client.get(at).text
    with console.sign_in("press") as client:
        assert 'name="cell-时间" value="昨儿个"' in client.get(at).text
        wrong = client.post(
            f"{at}/correct", data={"cell-时间": "前儿个", "cell-内容": "夜里打桩，震得<b>睡不着"}
        )
        assert wrong.status_code == 422
        assert (
            "还不能取用" in wrong.text and 'value="前儿个"' in wrong.text and "&lt;b&gt;睡不着" in wrong.text
        )
        told = {"cell-时间": "2026-03-04 09:10", "cell-内容": "振兴路工地夜里打桩"}
        done = client.post(f"{at}/correct", data=told, follow_redirects=True)
        assert "读懂了：新增 1 条，已有 0 条" in done.text
        assert client.post(f"{at}/correct", data=told).status_code == 409
    (found,) = [post for post, _ in console.desk.store.posts.listing() if post.native_id == "G-7"]
    assert (found.text, found.posted_at and found.posted_at.hour) == ("振兴路工地夜里打桩", 9)
    assert "冯某某" not in found.text


def test_why_a_row_of_a_list_was_not_taken_is_for_whoever_may_read_it(console: Console) -> None:
    lists = {press_log.SOURCE: ("日期", "柳成荫"), enterprise_import.SOURCE: ("所在县（市、区）", "月球县")}
    kept = [
        Reject(
            source=source,
            where="表.xlsx 第 4 行",
            reason=f"“{head}”列不认识“{cell}”",
            payload=f'{{"{head}": "{cell}"}}'.encode(),
            at=NOW,
            meta={"file": "表.xlsx"},
        )
        for source, (head, cell) in lists.items()
    ]
    console.desk.store.posts.add_rejects(kept, now=NOW)
    log, firms = (reject_of(console, source) for source in lists)
    with console.sign_in("press") as press:
        assert "柳成荫" in press.get("/sources").text and "柳成荫" in press.get(f"/rejects/{log.id}").text
        assert "只有管理员可以查看" in press.get(f"/rejects/{firms.id}").text
    for role in ("admin", "assessor"):
        with console.sign_in(role) as client:
            told = client.get("/sources").text + client.get(f"/rejects/{log.id}").text
            assert "柳成荫" not in told and "错在哪里只有宣教科可以查看" in told and "月球县" in told


def looks(console: Console) -> list[object]:
    rows = console.desk.store.audit.listing(limit=1000)
    return [row for row in rows if row.action == "reject.look"]


# --- evidence


def test_a_picture_comes_as_it_was_kept_and_as_nothing_but_a_picture(reading_console: Console) -> None:
    digest = reading_console.made.picture
    with reading_console.sign_in("press") as client:
        answer = client.get(f"/evidence/{digest}")
    assert hashlib.sha256(answer.content).hexdigest() == digest
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["cache-control"].startswith("private")
    assert locked(answer)


@pytest.mark.parametrize("name", ["0" * 64, "nonsense", "..%2f..%2fstore.key"])
def test_a_picture_that_is_none_is_not_found(reading_console: Console, name: str) -> None:
    with reading_console.sign_in("press") as client:
        assert client.get(f"/evidence/{name}").status_code == 404


@pytest.mark.parametrize(("role", "status"), [("handler", 200), ("other_handler", 403), ("assessor", 403)])
def test_only_who_handles_the_case_sees_its_pictures(
    reading_console: Console, role: str, status: int
) -> None:
    made = reading_console.made
    with reading_console.sign_in(role) as client:
        assert client.get(f"/evidence/{made.picture}").status_code == status
        case = client.get(f"/cases/{made.mine}")
    shows = case.status_code == 200 and made.picture in case.text
    assert shows is (status == 200)


def test_post_and_case_show_pictures_with_hash_and_time_and_say_which_could_not_be_had(
    reading_console: Console,
) -> None:
    made = reading_console.made
    with reading_console.sign_in("press") as client:
        pages = [client.get(f"/posts/{made.pictured}"), client.get(f"/cases/{made.mine}")]
    for page in pages:
        assert page.text.count("<img ") >= 2 and page.text.count("/evidence/") >= 4
        told = text_of(page)
        assert made.picture[:16] in told and "03-05 10:20 留存" in told
        assert "图片已被删除" in told and "还没有取" in told


def test_a_post_keeps_three_times_apart_and_says_what_it_repeats(console: Console) -> None:
    first = console.desk.store.posts.get(console.made.pictured)
    link = "forum.example.org/thread/990003"
    told = RawPost(
        source="news",
        kind=SourceKind.NEWS,
        native_id="990004",
        url="https://news.example.org/a/990004.html",
        text="前天夜里锅炉房冒黑烟",
        posted_at=NOW - timedelta(hours=2),
        year_inferred=True,
        event_at=NOW - timedelta(days=2),
        event_words="前天夜里",
        fetched_at=NOW,
        link=link,
    )
    console.desk.store.posts.add([replace(told, native_id="990005", link=link)], now=NOW)
    (post_id,) = console.desk.store.posts.add([told], now=NOW).new
    with console.sign_in("press") as client:
        page, listed = text_of(client.get(f"/posts/{post_id}")), text_of(client.get("/posts"))
    assert "发布 2026-03-05 08:20（网页没写年份，按最近的一年推断）" in page
    assert "采集 2026-03-05 10:20" in page and "事发 2026-03-03 10:20（原文“前天夜里”）" in page
    assert "同一链接，最早的一条" in page and "同一链接" in listed
    with console.sign_in("press") as client:
        assert "推断" not in client.get(f"/posts/{first.id}").text


def test_what_a_post_was_read_from_is_text_and_never_a_page(reading_console: Console) -> None:
    path = f"/posts/{reading_console.made.pictured}/raw"
    with reading_console.sign_in("press") as client:
        page, file = client.get(path), client.get(f"{path}.txt")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    assert "<script>alert(1)" not in page.text
    assert hashlib.sha256(file.content).hexdigest() in page.text
    assert "网页" in text_of(page) and "text/html" not in page.text
    assert locked(file) and file.headers["content-disposition"].startswith("attachment;")


# --- in a browser, and beyond the page


def test_on_a_phone_without_scripts_a_source_is_paused_and_a_picture_is_seen(
    console: Console, open_page: OpenPage
) -> None:
    page = open_page(width=390, java_script_enabled=False)
    token = made_desk.session_of(NAMES["press"])
    page.context.add_cookies([{"name": COOKIE, "value": token, "url": console.url}])
    page.goto(f"{console.url}/sources")
    page.get_by_role("link", name="鲁西生活圈论坛").click()
    page.get_by_text("暂停", exact=True).click()
    page.get_by_label("暂停的理由").fill("对方正在搬家")
    page.get_by_role("button", name="暂停读取").click()
    page.get_by_role("button", name="恢复读取").wait_for()
    chart = page.get_by_role("img", name="近 7 天新增").bounding_box()
    assert chart["x"] + chart["width"] <= 390  # today stands at its right end
    page.goto(f"{console.url}/posts/{console.made.pictured}")
    page.get_by_alt_text("留存的图片 1").wait_for()
    widths = page.get_by_alt_text("留存的图片 1").bounding_box()
    assert widths["width"] > 50 and widths["height"] > 50


def test_the_alarm_stands_in_the_outbox_and_the_today_page_says_what_to_do(console: Console) -> None:
    state = SourceState(
        source="forum",
        state="wall",
        since=NOW,
        sentence="网站的反爬虫机制拒绝了访问",
        last_ok=NOW,
        failures=1,
    )
    console.desk.store.sources.save_state(state, now=NOW)
    assert cycle.run(console.desk, "alarm", NOW) == 4  # three were in need before
    with console.sign_in("press") as client:
        listed = text_of(client.get("/outbox?view=due&purpose=internal"))
        today = text_of(client.get("/"))
    with console.sign_in("assessor") as client:
        assert "来源待处理" not in client.get("/").text  # nobody is told of work that is not his
    assert "【来源告警】鲁西生活圈论坛：被拦" in listed and "来源告警" in listed
    assert "不会硬闯" in today and "4 来源待处理" in today


def test_the_numbers_of_the_made_desk_are_what_its_visits_brought(reading_console: Console) -> None:
    store = reading_console.desk.store
    day = store.sources.sums(NOW - timedelta(days=1))["forum"]
    visits = store.sources.visits("forum", since=NOW - timedelta(days=1))
    assert (day.visits, day.new) == (len(visits), sum(one.new for one in visits))
    assert made_sources.QUOTED in [one.words for one in store.probes.listing()]
