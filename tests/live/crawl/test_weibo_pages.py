"""The real spider against a small Weibo with all its faces: what is read, what is not asked twice, what is never lost."""

from __future__ import annotations

from dataclasses import fields
from urllib.parse import parse_qs
from urllib.parse import urlsplit

import pytest

from crawler import weibo_ids
from crawler.replay import read_again
from huanyu.types import Reject
from tests.live.crawl.weibo_site import OWNER
from tests.live.crawl.weibo_site import Faces
from tests.live.crawl.weibo_site import Said

BASE = 5_200_000_000_000_000
LONG = "徒骇河边那家厂子每到后半夜就往外排东西\n味道像烂鸡蛋，整条街的人都不敢开窗，已经第三个星期了"
ORIGINAL = "东昌路口的烧烤摊一直开到凌晨三点，油烟全进了楼上人家，打过电话说已经移交城管"


def posts(desk, key: str = "") -> dict[str, object]:
    store = desk.store()
    try:
        return {post.native_id: post for post, _ in store.posts.iterate(None) if key in {"", post.source}}
    finally:
        store.close()


def rejects(desk) -> list:
    store = desk.store()
    try:
        return store.posts.rejects(100)
    finally:
        store.close()


def weibo(desk, site, key: str = "weibo", **more: object) -> None:
    desk.source(key, "weibo", "weibo", base_url=site.url, permission="函〔2026〕1号", **more)


def again(kept, payload: bytes, desk):
    """What today's parser makes of a kept item whose bytes are `payload`."""
    names = [one.name for one in fields(Reject)]
    told = {name: getattr(kept, name) for name in names} | {"payload": payload}
    (answer,) = read_again([Reject(**told)], desk.config_path)
    return answer


def asked(faces: Faces, part: str) -> list[dict[str, str]]:
    return [
        {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
        for path in faces.asked
        if part in path
    ]


def timeline() -> list[Said]:
    return [
        Said(BASE + 9, "今天路过又闻到了"),
        Said(BASE + 8, LONG, long=True),
        Said(BASE + 7, "转发给大家看看", repost_of=BASE + 1),
        Said(BASE + 6, "转发微博", repost_of=BASE + 2),
        Said(BASE + 5, "删掉的一条", deleted=True),
        Said(BASE + 4, "聊城 异味 投诉过两次"),
        Said(BASE + 3, "运河边的路灯"),
        Said(BASE + 1, ORIGINAL, uid="7000000002", long=True),
        Said(BASE + 2, "原来的一条", uid="7000000003", deleted=True),
    ]


@pytest.fixture
def faces(answer) -> Faces:
    return Faces(answer, timeline())


# --- timelines


@pytest.mark.parametrize("via", ["mobile", "desktop"])
def test_a_timeline_is_read_with_whole_texts_originals_and_deletions(desk, serve, faces, via):
    weibo(desk, serve(faces), mode="timeline", via=via, accounts=[OWNER])
    report = desk.crawl("weibo")
    found = posts(desk)
    assert (report.state, report.new, report.rejects) == ("ok", 9, 0)
    assert set(found) == {str(BASE + n) for n in range(1, 10)}
    assert found[str(BASE + 8)].text == LONG
    assert found[str(BASE + 1)].text == ORIGINAL and found[str(BASE + 7)].parent_id == str(BASE + 1)
    assert found[str(BASE + 6)].parent_id == str(BASE + 2)
    assert {number for number, post in found.items() if post.deleted} == {str(BASE + 2), str(BASE + 5)}
    first = found[str(BASE + 9)]
    assert (first.region, first.likes, first.link) == ("山东", 12000, f"weibo/{BASE + 9}")


@pytest.mark.parametrize("via", ["mobile", "desktop"])
def test_whole_texts_are_asked_once_and_not_again_for_what_is_known(desk, serve, faces, via):
    weibo(desk, serve(faces), mode="timeline", via=via, accounts=[OWNER])
    desk.crawl("weibo")
    faces.asked.clear()
    report = desk.crawl("weibo")
    assert (report.state, report.new, report.changed) == ("ok", 0, 0)
    assert len(faces.asked) == 1, faces.asked
    assert posts(desk)[str(BASE + 8)].text == LONG


def test_a_long_text_that_does_not_come_is_asked_for_on_the_next_visit(desk, serve, faces, answer):
    weibo(desk, serve(faces), mode="timeline", accounts=[OWNER])
    faces.instead = lambda path: answer(status=500) if f"extend?id={BASE + 8}" in path else None
    report = desk.crawl("weibo")
    short = posts(desk)[str(BASE + 8)].text
    assert report.finished and LONG.startswith(short.rstrip("…")) and short.endswith("…")
    faces.instead = lambda path: None
    desk.crawl("weibo")
    assert posts(desk)[str(BASE + 8)].text == LONG
    faces.asked.clear()
    desk.crawl("weibo")
    assert asked(faces, "/statuses/show") == []


def test_a_post_that_vanishes_before_its_whole_text_came_is_marked_deleted(desk, serve, faces):
    weibo(desk, serve(faces), mode="timeline", accounts=[OWNER])
    faces.instead = lambda path: (
        faces.json({"ok": 0, "errno": 20101}) if f"extend?id={BASE + 8}" in path else None
    )
    assert desk.crawl("weibo").state == "ok"
    gone = posts(desk)[str(BASE + 8)]
    assert gone.deleted and LONG.startswith(gone.text.rstrip("…"))


def test_one_broken_post_is_kept_and_can_be_read_again_by_itself(desk, serve, faces):
    whole = faces.mblog
    faces.mblog = lambda one, **more: whole(one, **more) | ({"user": "?"} if one.mid == BASE + 4 else {})
    weibo(desk, serve(faces), mode="timeline", accounts=[OWNER])
    report = desk.crawl("weibo")
    assert (report.state, report.new, report.rejects) == ("ok", 8, 1)
    (kept,) = rejects(desk)
    assert kept.callback == "read_one_status" and str(BASE + 4).encode() in kept.payload
    still = again(kept, kept.payload, desk)
    assert still.posts == () and "格式不符" in still.problem
    mended = again(kept, kept.payload.replace(b'"user":"?"', b'"user":{"id":7000000001}'), desk)
    assert [post.native_id for post in mended.posts] == [str(BASE + 4)]


# --- searches


@pytest.mark.parametrize("via", ["mobile", "results"])
def test_a_search_reads_every_page_newest_first(desk, serve, answer, via):
    faces = Faces(answer, [Said(BASE + n, f"聊城 异味 第{n}次", long=n == 3) for n in range(1, 8)])
    weibo(desk, serve(faces), mode="search", via=via, keywords=["异味"])
    report = desk.crawl("weibo")
    found = posts(desk)
    assert (report.state, report.new) == ("ok", 7)
    assert {post.text for post in found.values()} == {f"聊城 异味 第{n}次" for n in range(1, 8)}
    assert {post.link for post in found.values()} == {f"weibo/{BASE + n}" for n in range(1, 8)}
    faces.asked.clear()
    faces.said.append(Said(BASE + 20, "聊城 异味 又来了"))
    again = desk.crawl("weibo")
    assert again.new == 1


@pytest.mark.parametrize("via", ["mobile", "results"])
def test_each_keyword_is_asked_with_each_place(desk, serve, faces, via):
    weibo(desk, serve(faces), mode="search", via=via, keywords=["异味", "噪音"], places=["聊城", "东昌府"])
    weibo(desk, serve(faces), "alone", mode="search", via=via, keywords=["异味"])
    report = desk.crawl("weibo")
    told = [one.get("q") or one["containerid"].partition("&q=")[2] for one in asked(faces, "?")]
    assert report.state == "ok" and report.new == 1
    assert sorted(set(told)) == ["东昌府 噪音", "东昌府 异味", "聊城 噪音", "聊城 异味"]
    faces.asked.clear()
    desk.crawl("alone")
    told = [one.get("q") or one["containerid"].partition("&q=")[2] for one in asked(faces, "?")]
    assert set(told) == {"异味"}


def test_two_ways_find_the_same_post_under_one_name(desk, serve, faces):
    site = serve(faces)
    for via in ("mobile", "results"):
        weibo(desk, site, via, mode="search", via=via, keywords=["异味"])
        desk.crawl(via)
    assert {post.link for post in posts(desk).values()} == {f"weibo/{BASE + 4}"}


# --- more than a visit may read


@pytest.mark.parametrize(("via", "mode"), [("desktop", "timeline"), ("results", "search")])
def test_what_did_not_fit_is_read_on_the_following_visits(desk, serve, answer, via, mode):
    faces = Faces(answer, [Said(BASE + n, f"异味 {n}") for n in range(1, 4)])
    weibo(desk, serve(faces), mode=mode, via=via, accounts=[OWNER], keywords=["异味"], max_pages=2)
    desk.crawl("weibo")
    faces.said += [Said(BASE + n, f"异味 {n}") for n in range(10, 25)]
    flood = desk.crawl("weibo")
    assert flood.finished and flood.state == "slow" and "下次接着读" in flood.sentence
    assert max(posts(desk)) == str(BASE + 24)
    faces.said.append(Said(BASE + 50, "异味 最新"))
    desk.crawl("weibo")
    assert max(posts(desk)) == str(BASE + 50), "the newest comes first"
    for _ in range(4):
        last = desk.crawl("weibo")
    assert set(posts(desk)) == {str(one.mid) for one in faces.said}
    assert (last.state, last.new) == ("ok", 0)
    faces.asked.clear()
    desk.crawl("weibo")
    assert len(faces.asked) == 1, "nothing is left to be read"


@pytest.mark.parametrize(
    ("via", "mode"), [("mobile", "search"), ("desktop", "timeline"), ("results", "search")]
)
def test_a_list_that_never_ends_is_left(desk, serve, answer, via, mode):
    """Whatever page is asked for, the first one comes, and says that there is another."""
    faces = Faces(answer, [Said(BASE + n, f"异味 {n}") for n in range(1, 6)])
    mymblog, cards, results = faces.mymblog, faces.cards, faces.results
    faces.mymblog = lambda query: mymblog({"uid": query["uid"]})
    faces.cards = lambda query: cards({"containerid": query["containerid"]})
    faces.results = lambda query: results({"q": query["q"]})
    weibo(desk, serve(faces), mode=mode, via=via, accounts=[OWNER], keywords=["异味"], max_pages=500)
    for _ in range(2):
        report = desk.crawl("weibo")
        assert report.finished and len(faces.asked) <= 4
        faces.asked.clear()
    assert len(posts(desk)) == 3


# --- comments


def discussion() -> list[Said]:
    """One post; nine comments; below one of them five replies, below another one."""
    comments = [Said(BASE + 100 + n, f"第{n}条评论", uid="7000000005", below=BASE + 9) for n in range(1, 10)]
    replies = [Said(BASE + 200 + n, f"第{n}条回复", uid="7000000006", below=BASE + 102) for n in range(1, 6)]
    alone = Said(BASE + 300, "只有一条回复", uid="7000000007", below=BASE + 105)
    return [Said(BASE + 9, "今天路过又闻到了"), Said(BASE + 3, "没有人评论"), *comments, *replies, alone]


@pytest.mark.parametrize("via", ["mobile", "desktop"])
def test_comments_and_the_replies_below_them_are_all_read(desk, serve, answer, via):
    faces = Faces(answer, discussion())
    weibo(desk, serve(faces), mode="comments", via=via, accounts=[OWNER])
    report = desk.crawl("weibo")
    found = posts(desk)
    assert (report.state, report.new, report.rejects) == ("ok", 15, 0)
    assert set(found) == {str(one.mid) for one in faces.said if one.below}
    for one in faces.said:
        if one.below:
            assert found[str(one.mid)].parent_id == str(one.below)
    assert {post.region for post in found.values()} == {"山东"}
    assert {post.url for post in found.values()} == {
        f"https://weibo.com/{OWNER}/{weibo_ids.bid(str(BASE + 9))}"
    }
    faces.asked.clear()
    desk.crawl("weibo")
    assert len(faces.asked) == 1, "no comments are asked for where none have come"


@pytest.mark.parametrize("via", ["mobile", "desktop"])
def test_a_new_comment_is_found_wherever_it_stands(desk, serve, answer, via):
    faces = Faces(answer, discussion())
    weibo(desk, serve(faces), mode="comments", via=via, accounts=[OWNER])
    desk.crawl("weibo")
    for number, below in enumerate((BASE + 101, BASE + 9, BASE + 102), BASE + 900):
        faces.said.append(Said(number, "刚刚说的", uid="7000000008", below=below))
        report = desk.crawl("weibo")
        assert (report.state, report.new) == ("ok", 1)
        assert posts(desk)[str(number)].parent_id == str(below)


@pytest.mark.parametrize("via", ["mobile", "desktop"])
def test_more_comments_than_a_visit_may_read_are_read_on_the_next_ones(desk, serve, answer, via):
    faces = Faces(answer, discussion(), size=2)
    weibo(desk, serve(faces), mode="comments", via=via, accounts=[OWNER], max_pages=2)
    first = desk.crawl("weibo")
    assert first.finished and 0 < first.new < 15
    for _ in range(4):
        desk.crawl("weibo")
    assert set(posts(desk)) == {str(one.mid) for one in faces.said if one.below}
    faces.asked.clear()
    desk.crawl("weibo")
    assert asked(faces, "omments") == []


@pytest.mark.parametrize("via", ["mobile", "desktop"])
def test_replies_that_did_not_come_are_asked_for_again(desk, serve, answer, via):
    faces = Faces(answer, discussion())
    part = "hotFlowChild" if via == "mobile" else "fetch_level=1"
    faces.instead = lambda path: answer(status=500) if part in path else None
    weibo(desk, serve(faces), mode="comments", via=via, accounts=[OWNER])
    desk.crawl("weibo")
    assert str(BASE + 205) not in posts(desk)
    faces.instead = lambda path: None
    desk.crawl("weibo")
    assert set(posts(desk)) == {str(one.mid) for one in faces.said if one.below}


def test_a_broken_comment_is_kept_with_what_it_answers(desk, serve, answer):
    faces = Faces(answer, discussion())
    whole = faces.comment
    faces.comment = lambda one, shows: whole(one, shows) | ({"user": "?"} if one.mid == BASE + 201 else {})
    weibo(desk, serve(faces), mode="comments", accounts=[OWNER])
    report = desk.crawl("weibo")
    kept = [one for one in rejects(desk) if one.callback == "read_one_comment"]
    assert report.state == "ok" and kept and str(BASE + 205) in posts(desk)
    below = [one.meta["below"] for one in kept]
    assert {one["mid"] for one in below} == {str(BASE + 9)}
    assert str(BASE + 102) in {one["cid"] for one in below}


# --- watched posts


@pytest.mark.parametrize("via", ["mobile", "desktop"])
def test_watched_posts_are_named_by_number_short_id_or_address(desk, serve, answer, via):
    others = [Said(BASE + 4, LONG, uid="7000000003", long=True), Said(BASE + 5, "x", uid="7000000003")]
    faces = Faces(answer, [*discussion(), *others])
    faces.said.append(Said(BASE + 400, "也来说一句", uid="7000000005", below=BASE + 5))
    watch = [
        str(BASE + 9),
        weibo_ids.bid(str(BASE + 4)),
        f"https://weibo.com/7000000003/{weibo_ids.bid(str(BASE + 5))}",
    ]
    weibo(desk, serve(faces), mode="comments", via=via, watch=[*watch, "看不懂"])
    report = desk.crawl("weibo")
    found = posts(desk)
    assert report.state == "ok" and "看不懂" in report.sentence
    assert {str(BASE + 9), str(BASE + 4), str(BASE + 5)} <= set(found)
    assert found[str(BASE + 4)].text == LONG
    assert found[str(BASE + 400)].parent_id == str(BASE + 5) and report.new == 3 + 15 + 1
    again = desk.crawl("weibo")
    assert (again.new, again.changed) == (0, 0)

    faces.one(BASE + 9).deleted = True
    desk.crawl("weibo")
    gone = posts(desk)[str(BASE + 9)]
    assert gone.deleted and gone.text == "今天路过又闻到了"


# --- what a source may not do


@pytest.mark.parametrize("via", ["", "mobile", "desktop", "results"])
def test_no_face_is_read_without_a_written_permission(desk, serve, faces, via):
    site = serve(faces)
    mode = "search" if via == "results" else "timeline"
    desk.source(
        "w", "weibo", "weibo", base_url=site.url, mode=mode, via=via, accounts=[OWNER], keywords=["异味"]
    )
    report = desk.crawl("w")
    assert report.state == "robots_closed" and "许可" in report.sentence and site.asked == []


@pytest.mark.parametrize(
    ("via", "mode", "known"),
    [
        ("results", "timeline", "mobile、desktop"),
        ("results", "comments", "mobile、desktop"),
        ("desktop", "search", "mobile、results"),
    ],
)
def test_a_face_that_cannot_do_it_is_named_with_those_that_can(desk, serve, faces, via, mode, known):
    site = serve(faces)
    weibo(desk, site, mode=mode, via=via, accounts=[OWNER], keywords=["异味"])
    report = desk.crawl("weibo")
    assert report.state == "failing" and known in report.sentence and via in report.sentence
    assert site.asked == []


def test_a_cookie_travels_in_a_header_and_nowhere_else(desk, serve, faces):
    desk.folder.joinpath("secrets.toml").write_text(
        'store_key = "a key that only tests use"\nweibo = "SUB=secret-of-the-test; XSRF-TOKEN=abc"\n'
    )
    site = serve(faces)
    weibo(desk, site, mode="timeline", via="desktop", accounts=[OWNER], secret="weibo")
    desk.crawl("weibo")
    assert {one["cookie"] for one in site.headers} == {"SUB=secret-of-the-test; XSRF-TOKEN=abc"}
    assert {one["x-xsrf-token"] for one in site.headers} == {"abc"}
    assert not any("secret-of-the-test" in path for path in site.paths)
