"""Walking Weibo's lists over many visits: nothing lost whatever the flood, and an end where the platform has none."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime

import pytest

from crawler import kept_meta
from crawler import weibo_again
from crawler import weibo_heard
from crawler import weibo_paging
from crawler import weibo_ways
from crawler.spiders.weibo import WeiboSpider
from crawler.weibo_heard import Below
from crawler.weibo_heard import Heard
from crawler.weibo_page import More
from crawler.weibo_page import Page
from crawler.weibo_paging import Gap
from crawler.weibo_paging import Walk
from huanyu.clock import SHANGHAI
from huanyu.types import RawPost
from huanyu.types import SourceKind

NOW = datetime(2026, 3, 6, 9, 0, tzinfo=SHANGHAI)


@dataclass
class Listing:
    """A platform's list, newest first, asked by page number or downwards from a number."""

    numbers: list[int]
    size: int = 3
    by_page: bool = False
    asked: list[str] = field(default_factory=list)

    def ask(self, at: str) -> tuple[list[int], str]:
        self.asked.append(at)
        shown = sorted(self.numbers, reverse=True)
        if self.by_page:
            number = weibo_ways.page_number(at)
            found = shown[(number - 1) * self.size : number * self.size]
            return found, f"page={number + 1}"
        below = int(at.removeprefix("max_id=") or 10**18)
        found = [one for one in shown if one <= below][: self.size]
        return found, f"max_id={min(found) - 1}" if found else ""

    def visit(self, cursor: str, max_pages: int) -> tuple[list[int], str]:
        """What one visit reads, in its order, and the cursor it leaves."""
        walk: Walk | None = weibo_paging.start({"list": cursor}, "list")
        read: list[int] = []
        met: set[int] = set()
        while walk is not None:
            found, following = self.ask(walk.at)
            read += [one for one in found if walk.wants(one)]
            repeated, met = bool(found) and met >= set(found), met | set(found)
            walk, after = weibo_paging.step(
                walk, found, following, max_pages, repeated=repeated, resume=weibo_ways.resume(following)
            )
            met = set() if walk and walk.page == 0 else met
        return read, weibo_paging.saved(after)


@pytest.fixture(params=[False, True], ids=["by number", "by page"])
def listing(request: pytest.FixtureRequest) -> Listing:
    return Listing(list(range(1, 8)), by_page=request.param)


def test_a_list_is_read_once_and_then_only_its_news(listing):
    first, cursor = listing.visit("", 5)
    assert first == [7, 6, 5, 4, 3, 2, 1] and cursor == "7"
    listing.numbers += [8, 9]
    again, cursor = listing.visit(cursor, 5)
    assert again == [9, 8] and cursor == "9"
    listing.asked.clear()
    assert listing.visit(cursor, 5)[0] == []
    assert len(listing.asked) == 1


def test_what_did_not_fit_is_read_on_the_next_visit_after_the_newest(listing):
    _, cursor = listing.visit("", 5)
    listing.numbers += range(100, 110)
    read, cursor = listing.visit(cursor, 2)
    assert read == [109, 108, 107, 106, 105, 104]
    listing.numbers += [200]
    read, cursor = listing.visit(cursor, 2)
    assert read[0] == 200 and set(read) >= {103, 102}
    more, cursor = listing.visit(cursor, 2)
    assert set(read) | set(more) >= {200, 103, 102, 101, 100}
    assert listing.visit(cursor, 2)[1] == "200"


@pytest.mark.parametrize("seed", range(12))
def test_no_flood_of_whatever_shape_leaves_a_hole(seed):
    dice = random.Random(seed)
    listing = Listing([], size=dice.randint(1, 4), by_page=bool(seed % 2))
    cursor, seen, number, everything = "", set(), 0, set()
    for _ in range(30):
        for _ in range(dice.choice([0, 0, 1, 2, 5, 20])):
            number += dice.randint(1, 3)
            listing.numbers.append(number)
        everything = set(listing.numbers)
        read, cursor = listing.visit(cursor, dice.randint(1, 3))
        seen |= set(read)
    for _ in range(400):
        read, cursor = listing.visit(cursor, 2)
        seen |= set(read)
        if ":" not in cursor:
            break
    assert seen == everything and ":" not in cursor


def test_a_deletion_while_a_gap_is_open_hides_nothing():
    listing = Listing(list(range(1, 31)), by_page=True)
    read, cursor = listing.visit("", 2)
    listing.numbers.remove(29)
    listing.numbers.remove(27)
    seen = set(read)
    for _ in range(20):
        read, cursor = listing.visit(cursor, 2)
        seen |= set(read)
    assert seen == set(range(1, 31)) and cursor == "30"


def test_an_old_post_among_the_new_ones_hides_nothing():
    pages = {
        "page=1": [109, 108, 50],
        "page=2": [107, 106, 105],
        "page=3": [104, 103, 30],
        "page=4": [29, 28, 27],
    }
    listing = Listing([])
    listing.ask = lambda at: (pages.get(at or "page=1", []), f"page={weibo_ways.page_number(at) + 1}")
    seen, cursor = set(), "30"
    for _ in range(6):
        read, cursor = listing.visit(cursor, 1)
        seen |= set(read)
    assert seen == {109, 108, 107, 106, 105, 104, 103, 50} and cursor == "109"


def test_a_list_without_end_is_left_after_one_page_that_says_nothing_new():
    listing = Listing([1, 2, 3])
    listing.ask = lambda at: (listing.asked.append(at), ([3, 2, 1], "page=2"))[1]
    read, cursor = listing.visit("", 50)
    assert read == [3, 2, 1, 3, 2, 1] and len(listing.asked) == 2
    listing.asked.clear()
    read, cursor = listing.visit(cursor, 50)
    assert len(listing.asked) <= 3 and cursor == "3"
    listing.asked.clear()
    assert listing.visit(cursor, 50)[1] == "3" and len(listing.asked) == 1


def test_a_cursor_of_a_page_that_moved_goes_on_one_page_earlier():
    assert weibo_ways.resume("page=7") == "page=6" and weibo_ways.resume("page=1") == "page=1"
    assert (
        weibo_ways.resume("page=7&since_id=5") == weibo_ways.resume("max_id=5") == weibo_ways.resume("") == ""
    )


def test_the_oldest_gaps_become_one_when_there_are_too_many():
    gaps = tuple(Gap(n * 10, n * 10 + 5, f"page={n}") for n in range(30, 0, -1))
    told = weibo_paging.saved(Walk(newest=400, left=gaps))
    back = weibo_paging.start({"list": told}, "list").waiting
    assert len(back) == weibo_paging.MOST
    assert back[:-1] == gaps[: weibo_paging.MOST - 1]
    assert (back[-1].low, back[-1].high) == (10, gaps[weibo_paging.MOST - 1].high)


def test_a_visit_without_time_for_more_leaves_every_gap_in_its_place():
    gaps = (Gap(50, 60, "page=5"), Gap(20, 30, "page=9"))
    walk = Walk(newest=100, low=100, waiting=gaps)
    coming, after = weibo_paging.step(walk, [109, 108], "page=2", 5, enough=True)
    assert coming is None
    assert after.left == (Gap(100, 109, "page=2"), *gaps) and after.waiting == ()


@pytest.mark.parametrize("told", ["", "x", "7 nonsense", "7 1:2", "1998 0 0"])
def test_a_cursor_that_cannot_be_read_costs_pages_and_no_posts(told):
    walk = weibo_paging.start({"list": told}, "list")
    assert walk.waiting == () and walk.low in {0, 7, 1998}


def test_only_a_flood_is_called_one():
    assert not Walk(left=(Gap(0, 5, ""),)).behind
    assert Walk(left=(Gap(3, 5, ""),)).behind


# --- comments


def comments(*numbers: int, following: str = "", more: tuple[More, ...] = ()) -> Page:
    posts = tuple(
        RawPost(source="w", kind=SourceKind.WEIBO, native_id=str(one), url="", text="x", fetched_at=NOW)
        for one in numbers
    )
    return Page(groups=tuple((post,) for post in posts), ids=numbers, next=following, more=more)


POST = Below("comments:7", "101", "https://p.invalid", count=5)


def test_a_cursor_says_what_was_heard():
    heard = {"101": Heard(5, 209), "101/201": Heard(30, 208, "max_id=7&max_id_type=1"), "102": Heard(0)}
    assert weibo_heard.decode(weibo_heard.encode(heard)) == heard
    assert weibo_heard.decode("101=12") == {"101": Heard(12)}
    assert weibo_heard.decode("nonsense 5= =") == {}


def test_of_too_many_lists_those_below_the_newest_posts_are_remembered():
    heard = {str(number): Heard(1) for number in range(weibo_heard.MOST + 50, 0, -1)}
    kept = weibo_heard.decode(weibo_heard.encode(heard))
    assert kept.keys() == {str(number) for number in range(51, weibo_heard.MOST + 51)}


def test_what_waits_for_its_whole_text_survives_the_cursor_and_is_bounded():
    assert weibo_again.decode(weibo_again.encode({"101": 0, "102": 3})) == {"101": 0, "102": 3}
    assert weibo_again.decode("101 102 x=1 103=y") == {"101": 0, "102": 0, "103": 0}
    many = {str(number): 0 for number in range(weibo_again.MOST + 5)}
    assert list(weibo_again.decode(weibo_again.encode(many))) == list(many)[5:]


@pytest.mark.parametrize("by_time", [False, True])
def test_comments_are_asked_again_only_when_their_number_has_changed(by_time):
    assert weibo_heard.begin(POST, None, by_time=by_time) == POST
    assert weibo_heard.begin(POST, Heard(5, 209), by_time=by_time) is None
    assert weibo_heard.begin(Below("k", "101", "", count=0), None, by_time=by_time) is None
    assert weibo_heard.begin(POST, Heard(4, 209), by_time=by_time) is not None


def test_a_list_by_time_ends_where_the_news_is_accounted_for():
    below = weibo_heard.begin(POST, Heard(4, 204), by_time=True)
    assert below is not None
    after, heard = weibo_heard.step(below, comments(205, 204, following="max_id=203"), 5, repeated=False)
    assert after is not None and heard is None, "204 may have been answered"
    after, heard = weibo_heard.step(after, comments(203, 202, following="max_id=201"), 5, repeated=False)
    assert after is None and heard == Heard(5, 205)


def test_a_reply_below_an_old_comment_is_looked_for_to_the_end():
    below = weibo_heard.begin(POST, Heard(4, 204), by_time=True)
    after, heard = weibo_heard.step(below, comments(204, 203, following="max_id=202"), 5, repeated=False)
    assert heard is None and after.at == "max_id=202"
    after, heard = weibo_heard.step(after, comments(202, 201), 5, repeated=False)
    assert after is None and heard == Heard(5, 204)


def test_comments_longer_than_a_visit_go_on_at_the_next_one():
    after, heard = weibo_heard.step(POST, comments(205, following="max_id=204"), 1, repeated=False)
    assert after is None and heard == Heard(5, 205, "max_id=204")
    again = weibo_heard.begin(POST, heard, by_time=False)
    assert again.at == "max_id=204"
    after, heard = weibo_heard.step(again, comments(204, 203), 1, repeated=False)
    assert after is None and heard == Heard(5, 205)


def test_new_comments_come_before_the_rest_of_the_old_ones():
    grown = Below("k", "101", "", count=8)
    below = weibo_heard.begin(grown, Heard(5, 205, "max_id=202"), by_time=True)
    assert (below.at, below.later) == ("", "max_id=202")
    after, _ = weibo_heard.step(below, comments(208, 207, 206, following="max_id=205"), 3, repeated=False)
    after, _ = weibo_heard.step(after, comments(205, 204, following="max_id=203"), 3, repeated=False)
    assert (after.at, after.later, after.page) == ("max_id=202", "", 1)
    after, heard = weibo_heard.step(after, comments(202, 201), 3, repeated=False)
    assert after is None and heard == Heard(8, 208)


def test_comments_that_come_again_for_ever_end():
    after, heard = weibo_heard.step(POST, comments(205, following="max_id=204"), 50, repeated=True)
    assert after is None and heard == Heard(5, 205)


def test_replies_are_asked_for_where_their_number_has_changed():
    page = comments(201, 202, more=(More("201", 30), More("202", 4)))
    before = {"101/202": Heard(4)}
    assert [one.name for one in weibo_heard.replies(POST, page, before)] == ["101/201"]
    reply = weibo_heard.replies(POST, page, {})[1]
    assert (reply.parent, reply.count) == ("202", 4)
    assert weibo_heard.replies(reply, page, {}) == []


def test_what_a_page_of_a_list_needs_to_know_comes_back_from_a_kept_one():
    walk = Walk(newest=9, low=3, at="page=2", waiting=(Gap(1, 2, "page=7"),), left=(Gap(4, 5, "max_id=4"),))
    post = RawPost(
        source="w",
        kind=SourceKind.WEIBO,
        native_id="5",
        url="u",
        text="“x”",
        fetched_at=NOW,
        raw="浓烟".encode(),
    )
    meta = {"walk": walk, "below": POST, "post": post, "key": "search:x", "dont_redirect": True}
    kept = kept_meta.dump_meta(WeiboSpider, meta | {kept_meta.GIVEN: tuple(meta), kept_meta.EXPECTS: "json"})
    back = kept_meta.load_meta(WeiboSpider, json.loads(json.dumps(kept)))
    assert {name: back[name] for name in meta} == meta
