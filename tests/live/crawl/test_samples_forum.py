"""Every captured forum page of `shared/samples`, against values read off the raw pages by hand (skipped where missing).

Ids, times, counts, lengths and digests only: real people's words and names are not repeated here.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from pathlib import Path

import pytest

from crawler import discuz_html
from crawler import discuz_rss
from crawler import tieba_html
from crawler import walls
from crawler.charset import decode
from crawler.forum_page import Floor
from crawler.forum_page import Thread
from huanyu.clock import SHANGHAI
from huanyu.errors import BadInput

FORUM = Path(__file__).resolve().parents[3].parent / "shared" / "samples" / "forum"
X35, TIEBA = FORUM / "discuz" / "x35", FORUM / "tieba"

pytestmark = pytest.mark.skipif(not FORUM.is_dir(), reason="shared/samples is not beside the repository")

SEEN = datetime(2026, 11, 22, 2, 20, tzinfo=SHANGHAI)


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SHANGHAI)


def page(path: Path) -> str:
    return decode(path.read_bytes()).text


def digest(*said: str) -> str:
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]


def thread(path: Path) -> Thread:
    return discuz_html.thread(page(path), SEEN, "http://x.invalid/")


# --- Discuz! X3.5


def test_ids_authors_places_and_seconds_of_every_floor_equal_the_truth():
    told = json.loads((X35 / "truth.json").read_text(encoding="utf-8"))
    assert len(told) == 45
    for one in told:
        paths = [
            X35 / f"viewthread_tid{one['tid']}.html",
            *sorted(X35.glob(f"viewthread_tid{one['tid']}_p*.html")),
        ]
        found = [thread(path) for path in paths]
        floors = [floor for each in found for floor in each.floors]
        assert [each.page for each in found] == list(range(1, len(paths) + 1))
        assert {each.pages for each in found} == {len(paths)}
        assert found[0].replies == int(one["replies"]) and found[0].opener == one["posts"][0]["pid"]
        wanted = [
            (post["pid"], int(post["position"]), post["authorid"], int(post["dateline"]))
            for post in one["posts"]
        ]
        told_of = [
            (f.pid, f.number, f.author_id, int(f.posted_at.timestamp())) for f in floors if f.posted_at
        ]
        assert told_of == wanted
        assert not any(floor.hidden or floor.attachments or floor.year_inferred for floor in floors)


@pytest.mark.parametrize(
    ("name", "count", "first", "last", "more"),
    [
        ("forumdisplay_fid2_p1", 20, ("13", "10", "9"), "65", True),
        ("forumdisplay_fid2_p2", 20, ("99", "124", "28"), "132", True),
        ("forumdisplay_fid2_p3", 15, ("39", "45", "77"), "40", False),
        ("forumdisplay_fid2_orderby_dateline", 20, ("1", "10", "13"), "65", True),
        ("gbk/forumdisplay_fid2_p1", 20, ("13", "10", "9"), "65", True),
    ],
)
def test_the_rows_of_a_board(name, count, first, last, more):
    found = discuz_html.board(page(X35 / f"{name}.html"), SEEN)
    ids = [row.tid for row in found.rows]
    assert (len(ids), tuple(ids[:3]), ids[-1], found.has_next) == (count, first, last, more)
    assert not any(row.sticky for row in found.rows)


def test_a_row_of_a_board_by_hand():
    row = discuz_html.board(page(X35 / "forumdisplay_fid2_p1.html"), SEEN).rows[0]
    assert (row.replies, row.views, row.stamp) == (6, 3417, "202611220214/6")
    assert (row.posted_at, row.last_at) == (at(2026, 11, 22), at(2026, 11, 22, 2, 14))


def test_the_mobile_thread_tells_what_the_desktop_one_does():
    wide, narrow = thread(X35 / "viewthread_tid7.html"), thread(X35 / "viewthread_tid7_mobile.html")

    def told(floor: Floor) -> tuple[object, ...]:
        return floor.pid, floor.number, floor.author, floor.author_id, floor.text, floor.images, floor.hidden

    assert [told(floor) for floor in narrow.floors] == [told(floor) for floor in wide.floors]
    assert [floor.pid for floor in narrow.floors] == [str(pid) for pid in range(24, 34)]
    assert (narrow.title, narrow.page, narrow.pages, narrow.replies) == (wide.title, 1, 3, 27)
    assert narrow.views == 377 and narrow.floors[0].posted_at == at(2026, 11, 21, 22, 14)


@pytest.mark.parametrize("name", ["forumdisplay_fid2_mobile.html", "api_mobile_forumdisplay.json"])
def test_the_mobile_board_lists_the_threads_of_the_desktop_one(name):
    wide = discuz_html.board(page(X35 / "forumdisplay_fid2_p1.html"), SEEN)
    narrow = discuz_html.board(page(X35 / name), SEEN)
    told = [[(row.tid, row.title, row.author, row.replies) for row in found.rows] for found in (wide, narrow)]
    assert told[0] == told[1] and narrow.has_next
    assert narrow.rows[0].views in {3418, 3419} and narrow.rows[2].posted_at == at(2026, 11, 21, 18, 14)
    assert narrow.rows[-1].posted_at == at(2019, 8, 14) and narrow.rows[0].last_at is None


def test_the_api_without_its_plug_in_answers_a_mobile_page():
    found = thread(X35 / "api_mobile_viewthread.json")
    assert ([floor.pid for floor in found.floors], found.views) == ([str(pid) for pid in range(24, 34)], 378)


def test_the_rss_lists_twenty_threads():
    board, everything = (discuz_rss.threads(page(X35 / name)) for name in ("rss_fid2.xml", "rss_all.xml"))
    assert (len(board), board[:3], board[-1]) == (20, ("131", "111", "116"), "121")
    assert (len(everything), everything[:2]) == (20, ("122", "102"))


@pytest.mark.parametrize("name", ["viewthread_missing.html", "forumdisplay_missing.html"])
def test_what_is_missing_is_gone_and_no_broken_page(name):
    wall = walls.find(404, page(X35 / name), "html")
    assert wall is not None and (wall.state, wall.stop) == ("gone", False)


@pytest.mark.parametrize(
    "name", ["index.html", "archiver_fid2.html", "archiver_tid7.html", "viewthread_tid7.html"]
)
def test_other_pages_are_no_board(name):
    with pytest.raises(BadInput, match="不是 Discuz 版块页"):
        discuz_html.board(page(X35 / name), SEEN)


@pytest.mark.parametrize(
    "name", ["index.html", "archiver_tid7.html", "forumdisplay_fid2_p1.html", "rss_fid2.xml"]
)
def test_other_pages_are_no_thread(name):
    with pytest.raises(BadInput, match="不是 Discuz 主题页"):
        discuz_html.thread(page(X35 / name), SEEN, "http://x.invalid/")


def test_no_page_of_a_forum_is_taken_for_a_wall():
    names = [path for path in X35.rglob("*.html") if "missing" not in path.name]
    assert len(names) > 50
    assert [path.name for path in names if walls.find(200, page(path), "html")] == []


# --- older sites


def test_a_board_of_x32_with_pictures_and_plug_ins_between_the_rows():
    found = discuz_html.board(page(FORUM / "discuz" / "x32_netease" / "1.html"), at(2020, 8, 2, 16))
    normal = [row for row in found.rows if not row.sticky]
    assert [row.tid for row in found.rows if row.sticky] == ["202823", "187479"]
    assert ([row.tid for row in normal[:3]], normal[-1].tid, len(normal)) == (
        ["202643", "202835", "202512"],
        "202838",
        40,
    )
    assert (digest(*(row.author for row in normal)), digest(*(row.title for row in normal))) == (
        "ca0b10d278790f13",
        "1a5bef46ad8f99ba",
    )
    assert (sum(row.replies or 0 for row in normal), sum(row.views or 0 for row in normal)) == (1188, 407316)
    assert (normal[3].posted_at, normal[3].last_at) == (at(2020, 7, 26), at(2020, 8, 2, 11, 49))
    assert found.has_next


def test_rows_of_a_gbk_board_with_rewritten_addresses():
    found = discuz_html.board(page(next((FORUM / "discuz" / "excerpts").iterdir())), at(2018, 8, 21, 9))
    told = [(row.tid, row.sticky, row.posted_at, row.last_at, row.replies, row.views) for row in found.rows]
    assert told == [
        ("323", True, at(2006, 8, 11), at(2018, 7, 31, 13, 52), 137, 4097877),
        ("96413", True, at(2018, 8, 20), at(2018, 9, 19, 18, 7), 0, 225),
    ]
    assert [len(row.author) for row in found.rows] == [2, 5] and found.has_next


# --- Tieba


def test_the_list_of_2020_stands_plainly_in_the_page():
    found = tieba_html.board(page(TIEBA / "list_2020" / "1.html"), at(2020, 8, 3, 16, 15))
    assert (len(found.rows), sum(row.sticky for row in found.rows), found.has_next) == (50, 2, True)
    by_id = {row.tid: row for row in found.rows}
    assert by_id["6401593389"].posted_at == at(2019, 12, 1) and by_id["6401593389"].last_at is None
    told = by_id["6854540762"]
    assert (told.posted_at, told.last_at, told.replies) == (at(2020, 8, 1), at(2020, 8, 3, 16, 9), 531)
    assert by_id["6855574054"].posted_at == at(2020, 8, 3, 8, 52)
    assert by_id["6849761050"].last_at == at(2020, 8, 1)
    assert (len(by_id["6854632217"].author), len(by_id["6854632217"].title)) == (7, 18)


def test_the_list_of_2024_stands_in_a_comment():
    found = tieba_html.board(page(TIEBA / "tieba_note_list.html"), at(2024, 8, 8, 12))
    assert (len(found.rows), found.rows[0].tid, found.rows[-1].tid, found.has_next) == (
        48,
        "9079949995",
        "1138972019",
        True,
    )
    told = {row.tid: (row.posted_at, row.last_at, row.replies) for row in found.rows}
    assert told["6710984997"] == (at(2020, 5, 1), at(2024, 8, 8, 11, 20), 36)
    assert told["9017590509"] == (at(2024, 5, 15), at(2024, 8, 8, 11, 18), 82)
    assert told["2540926878"] == (at(2014, 3, 1), at(2024, 8, 8, 2, 2), 17067)
    assert told["9116167791"] == (at(2024, 8, 4), at(2024, 8, 7), 4)
    assert {row.stamp for row in found.rows if row.tid == "9116167791"} == {"/4"}


def test_a_thread_with_answers_inside_a_floor():
    found = tieba_html.thread(page(TIEBA / "note_detail.html"), at(2024, 8, 6, 20))
    floors = [floor for floor in found.floors if not floor.below]
    inside = [floor for floor in found.floors if floor.below]
    assert (len(floors), len(inside), found.page, found.pages, found.replies) == (30, 10, 1, 13, 787)
    assert (found.opener, len(found.title)) == ("150719031818", 19)
    opener, second, last = floors[0], floors[1], floors[-1]
    assert (opener.number, opener.author_id, opener.posted_at) == (1, "3424043879", at(2024, 8, 5, 16, 56))
    assert (opener.text, len(opener.images), opener.region, opener.answers) == ("", 1, "广东", 0)
    assert (second.answers, len(second.images), second.posted_at) == (123, 1, at(2024, 8, 5, 17, 7))
    assert (last.pid, last.number, last.author_id, last.posted_at) == (
        "150721484814",
        42,
        "6559118536",
        at(2024, 8, 6, 0, 55),
    )
    assert (last.region, len(last.text), last.images) == ("浙江", 8, ())
    texts = {floor.pid: digest(floor.text) for floor in floors}
    assert texts["150719634108"] == "3d116f74ba002ca2"
    assert texts["150719669703"] == "499d87c7777fa7a5"
    assert texts["150719719358"] == "4e0d341e2ac32fe8"
    assert {floor.below for floor in inside} == {"150719088158"}
    assert (inside[0].pid, inside[0].posted_at) == ("150721163086", at(2024, 8, 5, 23, 48))
    assert inside[-1].posted_at == at(2024, 8, 6, 5, 13) and [floor.number for floor in inside] == [None] * 10


def test_a_thread_whose_first_floors_show_their_answers():
    found = tieba_html.thread(page(TIEBA / "note_comments.html"), at(2024, 8, 7, 20))
    floors = [floor for floor in found.floors if not floor.below]
    inside = [floor for floor in found.floors if floor.below]
    assert (len(floors), len(inside), found.pages, found.replies) == (30, 26, 4, 252)
    assert [floor.number for floor in floors] == list(range(1, 31))
    assert sum(floor.answers for floor in floors) == 74
    shown = {pid: sum(floor.below == pid for floor in inside) for pid in {floor.below for floor in inside}}
    assert shown["150726500312"] == 10 and shown["150726500277"] == 7
    assert {floor.region for floor in floors} >= {"中国澳门", "山东", "福建"}


def test_a_page_of_answers_inside_a_floor():
    found, pages = tieba_html.answers(
        page(TIEBA / "note_sub_comments.html"), at(2024, 8, 7, 20), "150726500312"
    )
    assert (len(found), pages) == (10, 2)
    assert [floor.pid for floor in found[:2]] == ["150726504693", "150726506822"]
    assert (found[0].text, found[0].posted_at, found[9].posted_at) == (
        "",
        at(2024, 8, 6, 22, 11),
        at(2024, 8, 6, 22, 17),
    )
    assert [digest(found[n].text) for n in (1, 2, 3)] == [
        "733c4d5c816738ef",
        "feff9d3ed6ac21bb",
        "875cee0f03446e54",
    ]
    assert not any(floor.images for floor in found)


def test_a_page_of_search_results():
    found = tieba_html.search(page(TIEBA / "search_keyword_notes.html"), at(2024, 8, 6))
    assert len(found.rows) == 10
    assert [(row.tid, row.posted_at) for row in found.rows[:2]] == [
        ("9117888152", at(2024, 8, 5, 16, 45)),
        ("9114743782", at(2024, 8, 3, 7, 35)),
    ]
    assert found.rows[-1].posted_at == at(2024, 6, 30, 12, 9) and [
        len(row.author) for row in found.rows[:1]
    ] == [6]


def test_no_page_of_tieba_is_gone_or_a_wall():
    paths = sorted(TIEBA.rglob("*.html"))
    assert len(paths) == 6
    assert [path.name for path in paths if walls.find(200, page(path), "html")] == []
    assert not any(
        tieba_html.is_gone(page(TIEBA / name)) for name in ("note_detail.html", "note_comments.html")
    )
