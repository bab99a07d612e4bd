"""Feeds over time: more than one visit can read, articles that fail, addresses that move or end."""

from __future__ import annotations

from pathlib import Path

HOW = "市生态环境局执法人员昨天上午到城区三处工地检查，发现第{number}处没有覆盖裸土，当场责令整改。"


def article(number: int, more: str = "") -> str:
    text = HOW.format(number=number)
    return (
        f"<html><head><title>第{number}号稿件：检查工地扬尘_水城新闻网</title></head><body>"
        f"<h1>第{number}号稿件：检查工地扬尘</h1><div><span>2026-03-05 10:22</span> 来源：水城新闻网</div>"
        f"<div class='content'><p>{text}</p><p>本站讯，编号{number}。群众可以拨打电话反映问题。</p>{more}</div>"
        "<p>版权所有 水城新闻网</p></body></html>"
    )


def feed(numbers) -> bytes:
    items = "".join(
        f"<item><title>第{number}号稿件：检查工地扬尘</title><link>/2026/{number}.html</link>"
        f"<description>摘要{number}</description></item>"
        for number in numbers
    )
    return f'<rss version="2.0"><channel><title>水城新闻网</title>{items}</channel></rss>'.encode()


def respond(answer, numbers, broken=frozenset(), etag='"v1"'):
    def told(path: str, headers: dict[str, str]):
        if path == "/rss.xml":
            if headers.get("If-None-Match") == etag:
                return answer(status=304)
            return answer(feed(numbers), 200, "application/rss+xml", {"ETag": etag})
        number = int(Path(path).stem)
        return answer(status=500) if number in broken else answer(article(number).encode())

    return told


def texts(desk) -> dict[str, str]:
    store = desk.store()
    found = {post.title: post.text for post, _ in store.posts.iterate(None)}
    store.close()
    return found


def test_what_one_visit_cannot_read_the_next_one_does_though_the_feed_forgot_it(desk, serve, answer):
    numbers = list(range(45))
    site = serve(lambda path, headers: respond(answer, numbers, etag=f'"{len(numbers)}"')(path, headers))
    desk.source("news", "feed", "news", urls=[f"{site.url}/rss.xml"], max_pages=1)

    first = desk.crawl("news")
    assert (first.state, first.new) == ("ok", 20) and "25 篇留待下次读取" in first.sentence
    numbers[:] = [100]
    assert desk.crawl("news").new == 20
    assert desk.crawl("news").new == 6
    assert len([path for path in site.paths if path != "/rss.xml"]) == len(set(site.paths)) - 1 == 46
    assert len(texts(desk)) == 46 and all("责令整改" in text for text in texts(desk).values())


def test_an_article_that_fails_is_its_summary_until_it_comes(desk, serve, answer):
    broken = {2}
    site = serve(lambda path, headers: respond(answer, [1, 2, 3], broken)(path, headers))
    desk.source("news", "feed", "news", urls=[f"{site.url}/rss.xml"])
    assert desk.crawl("news").new == 3
    assert texts(desk)["第2号稿件：检查工地扬尘"] == "摘要2"

    broken.clear()
    site.asked.clear()
    again = desk.crawl("news")
    assert (again.new, again.changed) == (0, 1)
    assert site.paths == ["/rss.xml", "/2026/2.html"]
    assert "责令整改" in texts(desk)["第2号稿件：检查工地扬尘"]


def test_a_feed_that_moved_for_good_is_read_and_its_new_address_told(desk, serve, answer):
    told = respond(answer, [1])

    def moved(path: str, headers: dict[str, str]):
        return (
            answer(status=301, headers={"Location": "/rss.xml"})
            if path == "/old.xml"
            else told(path, headers)
        )

    site = serve(moved)
    desk.source("news", "feed", "news", urls=[f"{site.url}/old.xml"])
    report = desk.crawl("news")
    assert (report.state, report.new) == ("ok", 1)
    assert f"订阅地址已永久改为 {site.url}/rss.xml" in report.sentence


def test_a_feed_that_is_gone_for_good_is_failing_and_says_so(desk, serve, answer):
    site = serve(lambda path, headers: answer(b"gone", 410, "text/plain"))
    desk.source("news", "feed", "news", urls=[f"{site.url}/rss.xml"])
    report = desk.crawl("news")
    assert report.state == "failing" and "订阅地址已不存在 (HTTP 410)" in report.sentence


def test_an_article_of_several_pages_is_one_post_with_one_name_and_one_time(desk, serve, answer):
    pages = {
        "/2026/7.html": article(7, "<img src='/img/7.jpg'><a href='7_2.html'>下一页</a>"),
        "/2026/7_2.html": article(8, "<p>第二页继续写到，工地已经完成整改，裸土全部覆盖。</p>"),
    }

    def told(path: str, headers: dict[str, str]):
        if path in pages:
            return answer(pages[path].encode())
        return answer(feed([7]), 200, "application/rss+xml")

    site = serve(told)
    desk.source("news", "feed", "news", urls=[f"{site.url}/rss.xml"])
    assert desk.crawl("news").new == 1
    store = desk.store()
    ((post, _),) = store.posts.iterate(None)
    store.close()
    assert "编号7" in post.text and "裸土全部覆盖" in post.text
    assert post.link == f"{site.url.removeprefix('http://')}/2026/7.html"
    assert post.images == (f"{site.url}/img/7.jpg",)
    assert (post.posted_at.isoformat(), post.event_words) == ("2026-03-05T10:22:00+08:00", "昨天上午")
    assert post.event_at.isoformat() == "2026-03-04T00:00:00+08:00"


def test_a_feed_broken_in_the_middle_is_asked_for_whole_again(desk, serve, answer):
    whole = [False]

    def told(path: str, headers: dict[str, str]):
        if path != "/rss.xml":
            return answer(article(int(Path(path).stem)).encode())
        body = feed([1, 2])
        assert "If-None-Match" not in headers
        return answer(body if whole[0] else body[:-120], 200, "application/rss+xml", {"ETag": '"same"'})

    site = serve(told)
    desk.source("news", "feed", "news", urls=[f"{site.url}/rss.xml"])
    assert desk.crawl("news").rejects == 1
    whole[0] = True
    desk.crawl("news")
    assert len(texts(desk)) == 2 and all("责令整改" in text for text in texts(desk).values())
