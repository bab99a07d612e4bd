"""The real Discuz! spider against a local forum that is long, moves, redirects, lies and forbids."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from datetime import timedelta

import pytest

from tests.live.crawl.forum_site import NOW
from tests.live.crawl.forum_site import Bar
from tests.live.crawl.forum_site import Forum
from tests.live.crawl.forum_site import Said
from tests.live.crawl.forum_site import talk

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def stored(desk, key: str = "forum") -> dict:
    store = desk.store()
    try:
        return {post.native_id: post for post, _ in store.posts.iterate(None) if post.source == key}
    finally:
        store.close()


def cursor(desk) -> dict[str, str]:
    store = desk.store()
    try:
        return store.sources.state("forum").cursor
    finally:
        store.close()


def pids(forum: Forum) -> set[str]:
    return {str(said.pid) for one in forum.talks for said in one.floors}


def asked(site, *parts: str) -> list[str]:
    return [path for path in site.paths if all(part in path for part in parts)]


def board(hours: int, floors: int = 1) -> list:
    """So many threads, one an hour back in time."""
    return [talk(100 + n, floors, NOW - n * HOUR) for n in range(hours)]


def test_a_thread_longer_than_a_visit_is_read_whole_by_the_following_ones(desk, serve, answer):
    forum = Forum(answer, [talk(7, 18, NOW)])  # six pages
    site = serve(forum)
    desk.source("forum", "discuz", base_url=site.url, boards=["5"], max_pages=3)
    told = [desk.crawl("forum", at=NOW + visit * HOUR) for visit in range(3)]
    assert [report.new for report in told] == [9, 6, 3]
    assert {report.state for report in told} == {"ok"}
    assert stored(desk).keys() == pids(forum) and "rest:5" not in cursor(desk)


def test_a_board_that_overflows_is_read_on_from_where_the_visit_stopped(desk, serve, answer):
    forum = Forum(answer, board(6))
    site = serve(forum)
    desk.source("forum", "discuz", base_url=site.url, boards=["5"], max_pages=2)
    assert desk.crawl("forum", at=NOW).new == 6
    forum.talks += [talk(300 + n, 1, NOW + (n + 1) * MINUTE) for n in range(15)]
    late = NOW + HOUR
    report = desk.crawl("forum", at=late)
    assert report.state == "slow" and report.new == 8 and report.finished
    assert {pid for pid in stored(desk) if pid.startswith("3")} == {f"{300 + n}000" for n in range(7, 15)}
    site.asked.clear()
    assert desk.crawl("forum", at=late + HOUR).new == 7
    assert [path.split("page=")[1] for path in asked(site, "forumdisplay")] == ["1", "2", "3", "4"]
    assert stored(desk).keys() == pids(forum)


def test_a_thread_that_slips_between_two_pages_while_they_are_read_is_found_again(desk, serve, answer):
    forum = Forum(answer, board(6))
    site = serve(forum)
    desk.source("forum", "discuz", base_url=site.url, boards=["5"], max_pages=4)
    desk.crawl("forum", at=NOW)
    forum.talks += [talk(300 + n, 1, NOW + (n + 1) * MINUTE) for n in range(8)]

    def delete_the_newest(kind: str, page: int) -> None:
        if kind == "forumdisplay" and page == 2 and forum.before:
            forum.before = None  # once: the first row of page 2 moves to the end of page 1, which was read
            forum.talks = [one for one in forum.talks if one.tid != 307]

    forum.before = delete_the_newest
    desk.crawl("forum", at=NOW + HOUR)
    assert "303000" not in stored(desk)
    desk.crawl("forum", at=NOW + 2 * HOUR)
    assert stored(desk).keys() >= pids(forum)


def test_a_thread_answered_while_the_board_is_read_stands_on_two_pages_and_is_asked_for_once(
    desk, serve, answer
):
    forum = Forum(answer, board(8))

    def answer_the_last(kind: str, page: int) -> None:
        if kind == "forumdisplay" and page == 2 and forum.before:
            forum.before = None
            last = forum.talks[-1]
            last.floors.append(Said(107001, "还在冒烟", NOW + MINUTE))

    forum.before = answer_the_last
    site = serve(forum)
    desk.source("forum", "discuz", base_url=site.url, boards=["5"], max_pages=4)
    desk.crawl("forum", at=NOW)
    assert max(Counter(asked(site, "viewthread")).values()) == 1
    desk.crawl("forum", at=NOW + HOUR)
    assert stored(desk).keys() == pids(forum)


def test_an_edited_floor_gives_a_new_version_and_an_unmoved_one_is_left_alone(desk, serve, answer):
    forum = Forum(answer, [talk(7, 2, NOW), talk(8, 1, NOW - DAY)])
    site = serve(forum)
    desk.source("forum", "discuz", base_url=site.url, boards=["5"])
    desk.crawl("forum", at=NOW)
    opener = forum.talks[0].floors[0]
    opener.text, opener.extra = (
        "补充：味道来自北面的厂",
        '<i class="pstatus"> 本帖最后由 水边柳 于 2026-3-6 09:30 编辑 </i><br />',
    )
    forum.talks[0].floors.append(Said(7900, "更新了", NOW + 40 * MINUTE))
    site.asked.clear()
    report = desk.crawl("forum", at=NOW + HOUR)
    assert (report.new, report.changed) == (1, 1)
    assert stored(desk)["7000"].text == "补充：味道来自北面的厂"
    assert not asked(site, "tid=8")


def test_a_rewritten_site_is_redirected_once_and_then_asked_directly(desk, serve, answer):
    forum = Forum(answer, [talk(7, 5, NOW), talk(8, 1, NOW - DAY)], rewritten=True)
    site = serve(forum)
    desk.source("forum", "discuz", base_url=site.url, boards=["5"])
    assert desk.crawl("forum", at=NOW).new == 6
    assert site.paths[:2] == ["/forum.php?mod=forumdisplay&fid=5&page=1", "/forum-5-1.html"]
    assert sorted(site.paths[2:]) == ["/thread-7-1-1.html", "/thread-7-2-1.html", "/thread-8-1-1.html"]


def test_gbk_under_a_header_and_a_meta_tag_that_claim_utf_8_is_read(desk, serve, answer):
    forum = Forum(answer, [talk(7, 4, NOW, "晚上总有刺鼻气味")], encoding="gbk")
    site = serve(forum)
    desk.source("forum", "discuz", base_url=site.url, boards=["5"])
    desk.crawl("forum", at=NOW)
    found = stored(desk)
    assert found["7000"].title == "晚上总有刺鼻气味" and found["7003"].text == "7 号贴第 4 楼：河边又有异味"


def test_a_site_that_answers_its_mobile_page_reads_like_its_desktop_twin(desk, serve, answer):
    talks = [talk(7, 5, NOW), talk(8, 2, NOW - DAY)]
    wide, narrow = serve(Forum(answer, talks)), serve(Forum(answer, talks, mobile=True))
    desk.source("wide", "discuz", base_url=wide.url, boards=["5"])
    desk.source("narrow", "discuz", base_url=narrow.url, boards=["5"])
    assert desk.crawl("wide", at=NOW).new == desk.crawl("narrow", at=NOW).new == 7
    told = [
        {
            pid: (post.title, post.text, post.author, post.posted_at, post.parent_id)
            for pid, post in stored(desk, key).items()
        }
        for key in ("wide", "narrow")
    ]
    assert told[0] == told[1]
    narrow.asked.clear()
    assert desk.crawl("narrow", at=NOW + HOUR).new == 0
    assert asked(narrow, "viewthread") == []
    talks[1].floors.append(Said(8900, "昨天的事今天又来了", NOW + HOUR))
    assert desk.crawl("narrow", at=NOW + 2 * HOUR).new == 1


def test_a_mobile_notice_is_a_wall_and_not_a_broken_page(desk, serve, answer):
    site = serve(Forum(answer, board(2), mobile=True, walled="5"))
    desk.source("forum", "discuz", base_url=site.url, boards=["5"])
    report = desk.crawl("forum", at=NOW)
    assert (report.state, report.new) == ("login_needed", 0)


def test_a_login_only_board_is_an_alarm_and_the_open_one_is_read_on_every_visit(desk, serve, answer):
    forum = Forum(answer, board(3), walled="9")
    site = serve(forum)
    desk.source("forum", "discuz", base_url=site.url, boards=["9", "5"])
    report = desk.crawl("forum", at=NOW)
    assert (report.state, report.new) == ("login_needed", 3) and "登录" in report.sentence
    forum.talks.append(talk(400, 1, NOW + MINUTE))
    assert desk.crawl("forum", at=NOW + HOUR).new == 1


def test_a_board_that_does_not_exist_is_told_by_its_number(desk, serve, answer):
    site = serve(
        lambda path, headers: answer(
            '<div id="messagetext" class="alert_error"><p>抱歉，指定的版块不存在</p></div>'.encode(), 404
        )
    )
    desk.source("forum", "discuz", base_url=site.url, boards=["52"])
    report = desk.crawl("forum", at=NOW)
    assert "52" in report.sentence and report.rejects == 0


def test_a_deleted_thread_is_dropped_without_a_reject(desk, serve, answer):
    forum = Forum(answer, [talk(7, 8, NOW), talk(8, 1, NOW - DAY)])
    site = serve(forum)
    desk.source("forum", "discuz", base_url=site.url, boards=["5"], max_pages=2)
    desk.crawl("forum", at=NOW)
    assert "rest:5" in cursor(desk)
    forum.talks[0].gone = True
    report = desk.crawl("forum", at=NOW + HOUR)
    assert (report.state, report.rejects) == ("ok", 0) and "rest:5" not in cursor(desk)


def test_a_page_in_the_middle_that_fails_is_read_by_a_later_visit(desk, serve, answer):
    forum = Forum(answer, [talk(7, 12, NOW)])
    forum.broken = {"/forum.php?mod=viewthread&tid=7&page=3"}
    site = serve(forum)
    desk.source("forum", "discuz", base_url=site.url, boards=["5"], max_pages=9)
    desk.crawl("forum", at=NOW)
    assert stored(desk).keys() < pids(forum)
    forum.broken.clear()
    desk.crawl("forum", at=NOW + DAY)
    assert stored(desk).keys() == pids(forum) and "again:5" not in cursor(desk)


def test_an_unreadable_page_is_kept_and_what_stands_before_it_is_read(desk, serve, answer):
    forum = Forum(answer, [talk(7, 9, NOW)])

    def respond(path: str, headers: dict[str, str]):
        return answer("<html><body>维护</body></html>".encode()) if "page=3" in path else forum(path, headers)

    site = serve(respond)
    desk.source("forum", "discuz", base_url=site.url, boards=["5"])
    report = desk.crawl("forum", at=NOW)
    assert (report.new, report.rejects) == (6, 1)
    store = desk.store()
    kept = store.posts.rejects(10)[0]
    store.close()
    assert (kept.callback, kept.meta["thread"]["page"]) == ("parse_thread", 3)


# --- RSS


def test_the_rss_spares_the_board_until_it_shows_something_new(desk, serve, answer):
    forum = Forum(answer, board(5))
    site = serve(forum)
    desk.source("forum", "discuz", base_url=site.url, boards=["5"], mode="rss")
    assert desk.crawl("forum", at=NOW).new == 5
    site.asked.clear()
    quiet = desk.crawl("forum", at=NOW + HOUR)
    assert site.paths == ["/forum.php?mod=rss&fid=5"] and quiet.state == "ok" and quiet.finished
    forum.talks.append(talk(400, 1, NOW + HOUR + MINUTE))
    assert desk.crawl("forum", at=NOW + 2 * HOUR).new == 1


def test_answers_which_no_rss_shows_are_found_within_six_hours(desk, serve, answer):
    forum = Forum(answer, board(5))
    site = serve(forum)
    desk.source("forum", "discuz", base_url=site.url, boards=["5"], mode="rss")
    desk.crawl("forum", at=NOW)
    forum.talks[3].floors.append(Said(103500, "我们也闻到了", NOW + 30 * MINUTE))
    assert desk.crawl("forum", at=NOW + 5 * HOUR).new == 0
    assert desk.crawl("forum", at=NOW + 6 * HOUR).new == 1


def test_a_long_thread_is_read_on_although_the_rss_shows_nothing_new(desk, serve, answer):
    forum = Forum(answer, [talk(7, 12, NOW)])
    site = serve(forum)
    desk.source("forum", "discuz", base_url=site.url, boards=["5"], mode="rss", max_pages=2)
    assert desk.crawl("forum", at=NOW).new == 6
    site.asked.clear()
    assert desk.crawl("forum", at=NOW + HOUR).new == 3
    assert asked(site, "forumdisplay") == []


@pytest.mark.parametrize("broken", ["disabled", "missing", "down"])
def test_a_site_without_rss_is_read_by_its_board(desk, serve, answer, broken):
    forum = Forum(answer, board(3), rss=False)

    def respond(path: str, headers: dict[str, str]):
        if "mod=rss" in path and broken != "disabled":
            return answer(status=404 if broken == "missing" else 500)
        return forum(path, headers)

    site = serve(respond)
    desk.source("forum", "discuz", base_url=site.url, boards=["5"], mode="rss")
    report = desk.crawl("forum", at=NOW)
    assert (report.new, report.state) == (3, "ok")


def test_by_newest_thread_an_old_one_that_was_answered_counts_too(desk, serve, answer):
    forum = Forum(answer, [talk(100 + n, 1, NOW - n * DAY) for n in range(3)])
    site = serve(forum)
    desk.source("forum", "discuz", base_url=site.url, boards=["5"], mode="newest")
    assert desk.crawl("forum", at=NOW).new == 3
    site.asked.clear()
    desk.crawl("forum", at=NOW + MINUTE)
    assert asked(site, "viewthread") == [] and asked(site, "orderby=dateline")
    forum.talks[1].floors.append(Said(101500, "昨天那条有人回了", NOW + 2 * MINUTE))
    assert desk.crawl("forum", at=NOW + HOUR).new == 1


# --- what is stored


def test_a_thread_has_one_name_and_its_floors_hang_below_the_opening_post(desk, serve, answer):
    site = serve(Forum(answer, [talk(7, 2, NOW)]))
    desk.source("forum", "discuz", base_url=site.url, boards=["5"])
    desk.crawl("forum", at=NOW)
    found, host = stored(desk), site.url.removeprefix("http://")
    assert found["7000"].link == f"{host}/thread/7" and found["7001"].link == ""
    assert (found["7000"].parent_id, found["7001"].parent_id) == ("", "7000")
    assert found["7000"].posted_at == datetime(2026, 3, 6, 8, 59, tzinfo=NOW.tzinfo)


# --- Tieba


def tieba(desk, site, **more: object) -> None:
    told = {"base_url": site.url, "boards": ["聊城"], "permission": "函〔2026〕3号"} | more
    desk.source("forum", "tieba", **told)


def test_tieba_is_not_asked_at_all_without_a_written_permission(desk, serve, answer):
    site = serve(Bar(answer, [talk(7, 2, NOW)]))
    tieba(desk, site, permission="")
    report = desk.crawl("forum", at=NOW)
    assert report.state == "robots_closed" and site.asked == []


def test_tieba_is_read_with_a_permission_although_its_robots_txt_is_closed(desk, serve, answer):
    bar = Bar(answer, [talk(7, 4, NOW), talk(8, 1, NOW - DAY)], answers={7001: 12})
    site = serve(bar, robots="User-agent: *\nDisallow: /\n")
    tieba(desk, site)
    report = desk.crawl("forum", at=NOW)
    found = stored(desk)
    assert (report.state, report.new, report.rejects) == ("ok", 5 + 12, 0)
    assert (found["7001"].parent_id, found["7001011"].parent_id, found["7001"].region) == (
        "7000",
        "7001",
        "山东",
    )
    assert found["7000"].link == "tieba/7" and found["7000"].comments == 3 + 12
    assert site.paths[0] == "/f?kw=%E8%81%8A%E5%9F%8E&ie=utf-8&pn=0"


def test_the_security_check_of_tieba_stops_the_visit(desk, serve, answer):
    bar = Bar(answer, [talk(7, 2, NOW)], wall=True)
    site = serve(bar)
    tieba(desk, site, boards=["聊城", "东阿"])
    report = desk.crawl("forum", at=NOW)
    assert (report.state, len(site.asked)) == ("wall", 1)
    bar.wall = False
    assert desk.crawl("forum", at=NOW + DAY).new == 2
