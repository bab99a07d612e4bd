"""The real spiders over real captured pages: `shared/samples` served by a local site (skipped where it is missing)."""

from __future__ import annotations

import itertools
import json
import re
from collections import Counter
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qs
from urllib.parse import urlsplit

import pytest

from crawler import article_html
from crawler import discuz_html
from crawler.charset import decode
from huanyu.clock import SHANGHAI
from huanyu.text import normalise

SAMPLES = Path(__file__).resolve().parents[3].parent / "shared" / "samples"
FORUM = SAMPLES / "forum" / "discuz" / "x35"

SEEN = datetime(2026, 11, 22, 3, 0, tzinfo=SHANGHAI)

pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="shared/samples is not beside the repository")


def as_shown(message: str) -> str:
    """What a reader sees of the author's own words in a Discuz message.

    Bold and links keep their text; quotes and pictures leave none. Nothing else: blanks, no-break blanks, line
    breaks and the unparsed smiley codes such as {:4_86:} are compared exactly. The pages show those codes
    literally, so they stay; a smiley that is an image has no text and would leave none.
    """
    without = re.sub(r"\[quote\].*?\[/quote\]|\[img\].*?\[/img\]", "", message, flags=re.S)
    return re.sub(r"\[/?b\]|\[url=[^\]]*\]|\[/url\]", "", without).strip()


def truth() -> list[dict]:
    return json.loads((FORUM / "truth.json").read_text(encoding="utf-8"))


def forum(answer, folder: str = "", header: str = "utf-8"):
    """Answer as the captured forum did; threads of which a page is missing in `folder` do not exist there."""

    def page(path: str) -> Path:
        query = {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
        number = query.get("page", "1")
        if query.get("mod") == "forumdisplay":
            return FORUM / folder / f"forumdisplay_fid{query['fid']}_p{number}.html"
        return FORUM / folder / f"viewthread_tid{query['tid']}{'' if number == '1' else f'_p{number}'}.html"

    def respond(path: str, headers: dict[str, str]):
        found = page(path)
        if not found.is_file():
            return answer((FORUM / "viewthread_missing.html").read_bytes(), 404)
        return answer(found.read_bytes(), type=f"text/html; charset={header}")

    return respond


def test_every_title_author_time_and_text_of_45_threads_equals_the_truth(desk, serve, answer):
    site = serve(forum(answer))
    desk.source("forum", "discuz", base_url=site.url, boards=["2"], max_pages=5)

    report = desk.crawl("forum")

    expected = {post["pid"]: (thread, post) for thread in truth() for post in thread["posts"]}
    assert report.state == "ok" and report.rejects == 0
    assert report.new == len(expected) == 220
    store = desk.store()
    found = {post.native_id: post for post, _ in store.posts.iterate(None)}
    store.close()
    assert found.keys() == expected.keys()
    for pid, (thread, post) in expected.items():
        first = post["first"] == "1"
        assert found[pid].title == (thread["subject"] if first else "")
        assert found[pid].author == post["author"]
        assert found[pid].posted_at.timestamp() == int(post["dateline"])
        assert found[pid].text == normalise(as_shown(post["message"]))
        assert found[pid].parent_id == ("" if first else thread["posts"][0]["pid"])


def test_the_text_of_every_floor_is_exact_before_anybody_normalises_it():
    seen = datetime(2026, 11, 22, 3, 0, tzinfo=SHANGHAI)
    for thread in truth():
        floors = []
        for path in sorted(FORUM.glob(f"viewthread_tid{thread['tid']}.html")) + sorted(
            FORUM.glob(f"viewthread_tid{thread['tid']}_p*.html")
        ):
            floors += discuz_html.thread(decode(path.read_bytes()).text, seen, "http://x.invalid/").floors
        assert [floor.text for floor in floors] == [as_shown(post["message"]) for post in thread["posts"]]


@pytest.mark.parametrize("name", ["viewthread_tid7.html", "viewthread_tid13.html"])
def test_a_gbk_page_equals_its_utf8_twin_also_when_the_header_lies(name):
    seen = datetime(2026, 11, 22, 3, 0, tzinfo=SHANGHAI)
    gbk, utf8 = (FORUM / "gbk" / name).read_bytes(), (FORUM / name).read_bytes()
    for header in ("", "text/html; charset=gbk", "text/html; charset=utf-8"):
        pair = [
            discuz_html.thread(decode(body, header).text, seen, "http://x.invalid/") for body in (gbk, utf8)
        ]
        told = [
            [(floor.pid, floor.author, floor.posted_at, floor.text) for floor in found.floors]
            for found in pair
        ]
        assert told[0] == told[1] and pair[0].title == pair[1].title


def test_the_gbk_board_is_crawled_under_a_header_that_claims_utf8(desk, serve, answer):
    site = serve(forum(answer, folder="gbk"))
    desk.source("forum", "discuz", base_url=site.url, boards=["2"], max_pages=1)
    report = desk.crawl("forum")
    store = desk.store()
    found = {post.native_id: post for post, _ in store.posts.iterate(None)}
    store.close()
    expected = {post["pid"]: post for thread in truth() for post in thread["posts"]}
    threads = {thread["posts"][0]["pid"]: thread for thread in truth() if thread["tid"] in {"7", "13"}}
    assert report.state == "ok" and threads.keys() <= found.keys()
    assert all(post.text == normalise(as_shown(expected[pid]["message"])) for pid, post in found.items())


# --- news


def test_the_three_gold_articles_keep_their_body():
    gold = sorted((SAMPLES / "news" / "gold_zh").glob("*.txt"))
    assert len(gold) == 3
    for path in gold:
        html = decode(path.with_suffix(".html").read_bytes()).text
        found = article_html.read(html, "http://x.invalid/", SEEN)
        assert overlap(found.text, path.read_text(encoding="utf-8")) >= 0.95


def overlap(found: str, wanted: str) -> float:
    """F1 over character bigrams."""
    left, right = (
        Counter(a + b for a, b in itertools.pairwise("".join(text.split()))) for text in (found, wanted)
    )
    return 2 * sum((left & right).values()) / (left.total() + right.total())


def test_no_real_news_page_breaks_the_reader():
    pages = sorted((SAMPLES / "news" / "pages").rglob("*.html"))
    bodies = [article_html.read(decode(path.read_bytes()).text, "http://x.invalid/", SEEN) for path in pages]
    assert len(pages) >= 40 and sum(body is not None for body in bodies) / len(pages) >= 0.9
