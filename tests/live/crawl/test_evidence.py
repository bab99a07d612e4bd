"""Pictures of complaints, fetched by the real spider from local sites that delete, forbid, redirect and misbehave."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from threading import Event

import pytest

from crawler.run import crawl
from flow import evidence
from flow.desk import Desk
from huanyu import clock
from huanyu.config import Config
from huanyu.types import Evidence
from huanyu.types import PostType
from huanyu.types import RawPost
from huanyu.types import Sentiment
from huanyu.types import SourceKind
from huanyu.types import Verdict

JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 8
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
COMPLAINT = Verdict(
    type=PostType.COMPLAINT,
    complaint=0.99,
    kinds=("air.smell",),
    sentiment=Sentiment.NEGATIVE,
    urgent=False,
    unsure=False,
    is_complaint=True,
    places=(),
    out_of_town=False,
    signature=b"",
    why=(),
    tokens="",
    model="test",
)


@dataclass
class Room:
    """A desk with one complaint and its pictures."""

    desk: object
    site: object
    key: str = "forum"

    def complain(self, *paths: str, number: str = "1", page: str = "/thread-1") -> int:
        """A complaint with pictures; a path without a host is one of the site's own."""
        images = tuple(
            path if "://" in path or not path.startswith("/") else self.site.url + path for path in paths
        )
        post = RawPost(
            source=self.key,
            kind=SourceKind.FORUM,
            native_id=number,
            url=self.site.url + page,
            text="楼下喷漆房又开工了，味道呛人，拍了照片",
            fetched_at=clock.now(),
            images=images,
        )
        with self.desk.store() as store:
            (post_id,) = store.posts.add([post], now=clock.now()).new
            store.posts.save_verdicts([(post_id, COMPLAINT)], now=clock.now())
            store.evidence.want(10, clock.now())
        return post_id

    def fetch(self, at: datetime | None = None):
        return crawl(self.key, self.desk.config_path, 120, at, evidence=True)

    def found(self, post_id: int) -> list[Evidence]:
        with self.desk.store() as store:
            return store.evidence.of_post(post_id)


@pytest.fixture
def room(desk, serve, answer):
    def opened(respond, robots: str = "", **more: object) -> Room:
        site = serve(respond, robots)
        desk.source("forum", "discuz", base_url=site.url, boards=["2"], **more)
        return Room(desk, site)

    return opened


def pictures(answer, bodies: dict[str, tuple[bytes, str]]):
    def respond(path: str, _: dict[str, str]):
        body, media = bodies.get(path, (b"", ""))
        return answer(body, 200, media) if media else answer(b"gone", 404, "text/plain")

    return respond


def test_pictures_are_kept_as_they_were_with_hash_type_and_time(room, answer):
    opened = room(
        pictures(answer, {"/1.jpg": (JPEG, "image/jpeg"), "/2.png": (PNG, "application/octet-stream")})
    )
    post_id = opened.complain("/1.jpg", "/2.png")
    report = opened.fetch()
    assert (report.new, report.rejects, report.seen) == (2, 0, 0)
    first, second = opened.found(post_id)
    assert [one.state for one in (first, second)] == ["kept", "kept"]
    assert first.sha256 == hashlib.sha256(JPEG).hexdigest() and first.size == len(JPEG)
    assert (first.media, second.media) == ("image/jpeg", "image/png")
    with opened.desk.store() as store:
        assert store.evidence.blob(first.sha256) == ("image/jpeg", JPEG)


def test_the_picture_s_request_says_who_we_are_and_from_which_post_we_come(room, answer):
    opened = room(pictures(answer, {"/1.jpg": (JPEG, "image/jpeg")}))
    opened.complain("/1.jpg", page="/thread-88-1-1.html")
    opened.fetch()
    (headers,) = opened.site.headers
    assert headers["referer"] == f"{opened.site.url}/thread-88-1-1.html"
    assert headers["user-agent"].startswith("Huanyu/")
    assert "cookie" not in headers


def test_the_same_bytes_under_two_addresses_are_kept_once_and_fetched_no_second_time(room, answer):
    opened = room(pictures(answer, {"/a.jpg": (JPEG, "image/jpeg"), "/b.jpg": (JPEG, "image/jpeg")}))
    post_id = opened.complain("/a.jpg", "/b.jpg")
    opened.fetch()
    assert len({one.sha256 for one in opened.found(post_id)}) == 1
    asked = len(opened.site.asked)
    assert opened.fetch().new == 0 and len(opened.site.asked) == asked


def test_what_is_no_picture_or_gone_is_refused_with_its_reason_and_the_rest_goes_on(room, answer):
    login = "<!DOCTYPE html><html><title>请登录</title></html>".encode()
    opened = room(
        pictures(
            answer,
            {
                "/x.svg": (SVG, "image/svg+xml"),
                "/disguised.jpg": (SVG, "image/jpeg"),
                "/login.jpg": (login, "text/html; charset=utf-8"),
                "/good.jpg": (JPEG, "image/jpeg"),
            },
        )
    )
    post_id = opened.complain("/x.svg", "/disguised.jpg", "/login.jpg", "/gone.jpg", "nonsense", "/good.jpg")
    report = opened.fetch()
    assert (report.new, report.rejects) == (1, 5)
    told = [(one.state, one.note) for one in opened.found(post_id)]
    assert [state for state, _ in told] == ["refused"] * 5 + ["kept"]
    for note, word in zip(
        [note for _, note in told], ["SVG", "SVG", "网页", "已被删除", "网址不完整"], strict=False
    ):
        assert word in note


def test_a_picture_of_fifty_megabytes_is_not_swallowed(room, answer):
    def respond(path: str, _: dict[str, str]):
        big = path == "/big.jpg"
        return answer(JPEG.ljust(50_000_000, b"\0") if big else JPEG, 200, "image/jpeg")

    opened = room(respond)
    post_id = opened.complain("/big.jpg", "/small.jpg")
    opened.fetch()
    big, small = opened.found(post_id)
    assert (big.state, small.state) == ("refused", "kept") and "5 MB" in big.note


def test_robots_closes_pictures_too_unless_there_is_a_permission(room, answer):
    closed = "User-agent: *\nDisallow: /"
    opened = room(pictures(answer, {"/1.jpg": (JPEG, "image/jpeg")}), closed)
    post_id = opened.complain("/1.jpg")
    opened.fetch()
    (one,) = opened.found(post_id)
    assert one.state == "refused" and "robots.txt" in one.note and "许可" in one.note
    assert opened.site.asked == []


def test_with_a_written_permission_the_picture_is_fetched(room, answer):
    closed = "User-agent: *\nDisallow: /"
    opened = room(
        pictures(answer, {"/1.jpg": (JPEG, "image/jpeg")}), closed, permission="网站负责人 2026-03-01 来函"
    )
    post_id = opened.complain("/1.jpg")
    opened.fetch()
    assert opened.found(post_id)[0].state == "kept"


def test_inside_addresses_are_refused_also_behind_a_redirect(room, answer, serve):
    secret = serve(lambda path, headers: answer(JPEG, 200, "image/jpeg"))

    def respond(path: str, _: dict[str, str]):
        if path == "/there.jpg":
            return answer(b"", 302, "text/plain", {"Location": f"{secret.url}/router.jpg"})
        if path == "/round.jpg":
            return answer(b"", 302, "text/plain", {"Location": "/round.jpg"})
        return answer(JPEG, 200, "image/jpeg")

    opened = room(respond)
    post_id = opened.complain(
        f"{secret.url}/a.jpg", "http://192.168.1.1/camera.jpg", "/there.jpg", "/round.jpg", "/good.jpg"
    )
    opened.fetch()
    *bad, round_, good = opened.found(post_id)
    assert [one.state for one in bad] == ["refused"] * 3
    assert all("内部地址" in one.note for one in bad)
    assert round_.state == "refused" and "跳转" in round_.note
    assert good.state == "kept"
    assert secret.asked == []


def test_a_site_that_fails_is_asked_again_later_and_given_up_after_the_fifth_time(room, answer):
    opened = room(lambda path, headers: answer(b"", 500, "text/plain"))
    post_id = opened.complain("/1.jpg")
    at = clock.now() + timedelta(seconds=1)
    seen = []
    for _ in range(6):
        opened.fetch(at)
        (one,) = opened.found(post_id)
        seen.append((one.state, one.attempts))
        at += timedelta(hours=49)
    assert seen[:4] == [("wanted", 1), ("wanted", 2), ("wanted", 3), ("wanted", 4)]
    assert seen[4:] == [("refused", 5), ("refused", 5)]
    assert "HTTP 500" in opened.found(post_id)[0].note and len(opened.site.asked) == 5


def test_a_picture_is_not_asked_for_before_its_time(room, answer):
    opened = room(lambda path, headers: answer(b"", 503, "text/plain"))
    opened.complain("/1.jpg")
    opened.fetch()
    opened.fetch()
    assert len(opened.site.asked) == 1


def test_after_too_many_requests_nothing_more_is_asked_of_that_site(room, answer):
    def respond(path: str, _: dict[str, str]):
        return answer(b"", 429, "text/plain", {"Retry-After": "3600"})

    opened = room(respond)
    post_id = opened.complain("/1.jpg", "/2.jpg", "/3.jpg")
    report = opened.fetch()
    assert len(opened.site.asked) == 1 and report.seen == 3
    assert {one.state for one in opened.found(post_id)} == {"wanted"}


def test_pictures_of_what_is_no_complaint_are_not_fetched(desk, serve, answer):
    site = serve(lambda path, headers: answer(JPEG, 200, "image/jpeg"))
    desk.source("forum", "discuz", base_url=site.url, boards=["2"])
    post = RawPost(
        source="forum",
        kind=SourceKind.FORUM,
        native_id="1",
        url=site.url,
        text="东昌湖的晚霞",
        fetched_at=clock.now(),
        images=(f"{site.url}/1.jpg",),
    )
    with desk.store() as store:
        store.posts.add([post], now=clock.now())
        assert store.evidence.want(10, clock.now()) == 0
    assert crawl("forum", desk.config_path, evidence=True).pages == 0
    assert site.asked == []


# --- the desk's own round


@pytest.fixture
def flow(desk):
    """The desk as the flow sees it, opened when its sources are written down."""
    held: list[Desk] = []

    def opened() -> Desk:
        held.append(Desk.open(Config.load(desk.config_path)))
        return held[-1]

    yield opened
    for one in held:
        one.close()


def test_a_round_fetches_what_is_wanted_and_the_next_one_nothing(room, answer, flow):
    opened = room(pictures(answer, {"/1.jpg": (JPEG, "image/jpeg")}))
    post_id = opened.complain("/1.jpg")
    desk = flow()
    assert evidence.fetch(desk, clock.now()) == 1
    assert opened.found(post_id)[0].state == "kept"
    assert evidence.fetch(desk, clock.now()) == 0 and len(opened.site.asked) == 1


def test_nothing_is_fetched_for_a_source_that_is_paused_or_not_to_be_disturbed(room, answer, flow):
    here = clock.now()
    quiet = {
        "quiet_from": f"{here - timedelta(hours=1):%H:%M}",
        "quiet_to": f"{here + timedelta(hours=2):%H:%M}",
    }
    opened = room(pictures(answer, {"/1.jpg": (JPEG, "image/jpeg")}), **quiet)
    opened.complain("/1.jpg")
    assert evidence.fetch(flow(), clock.now()) == 0
    opened.desk.sources.clear()
    opened.desk.source("forum", "discuz", base_url=opened.site.url, boards=["2"])
    awake = flow()
    awake.store.sources.pause("forum", "对方正在搬家", "xuanjiao", clock.now())
    assert evidence.fetch(awake, clock.now()) == 0 and opened.site.asked == []
    awake.store.sources.resume("forum", "xuanjiao", clock.now())
    assert evidence.fetch(awake, clock.now()) == 1


def test_pictures_of_a_source_that_is_gone_are_wanted_no_more(room, answer, flow):
    opened = room(pictures(answer, {"/1.jpg": (JPEG, "image/jpeg")}))
    post_id = opened.complain("/1.jpg")
    opened.desk.sources.clear()
    opened.desk.source("news", "feed", "news", urls=[f"{opened.site.url}/rss.xml"])
    desk = flow()
    assert evidence.fetch(desk, clock.now()) == 0
    (one,) = opened.found(post_id)
    assert one.state == "refused" and "sources.toml" in one.note and opened.site.asked == []


def test_a_round_that_is_told_to_stop_asks_for_nothing(room, answer, flow):
    opened = room(pictures(answer, {"/1.jpg": (JPEG, "image/jpeg")}))
    post_id = opened.complain("/1.jpg")
    ending = Event()
    ending.set()
    assert evidence.fetch(flow(), clock.now(), ending) == 0
    assert opened.found(post_id)[0].state == "wanted" and opened.site.asked == []
