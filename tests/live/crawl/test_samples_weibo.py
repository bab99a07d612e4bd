"""Weibo's real answers in `shared/samples` against values written down from the raw bodies (skipped without them).

Of real people's words only lengths and digests stand here. A row is: number, time, reposts, comments, likes, pictures,
length and digest of the text; the times are as printed, so `06-14` is a day without year.
"""

from __future__ import annotations

import csv
import hashlib
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from crawler import links
from crawler import walls
from crawler import weibo_blob
from crawler import weibo_json
from crawler import weibo_results
from crawler.charset import decode
from crawler.weibo_page import More
from crawler.weibo_page import Page
from crawler.weibo_page import Seen
from huanyu.clock import SHANGHAI
from huanyu.errors import BadInput
from huanyu.types import RawPost

WEIBO = Path(__file__).resolve().parents[3].parent / "shared" / "samples" / "weibo"
OPEN = WEIBO / "openapi_weiboclient4j" / "src" / "test" / "resources" / "weiboclient4j" / "model"
SEEN = Seen("weibo", "http://x.invalid/", datetime(2026, 11, 22, 3, 0, tzinfo=SHANGHAI))

pytestmark = pytest.mark.skipif(not WEIBO.is_dir(), reason="shared/samples is not beside the repository")

Row = tuple[str, str, int | None, int | None, int | None, int, int, str]

# fmt: off
#: m_weibo_cn/cards1_2019.json
CARDS: list[Row] = [
    ('4383183661430868', '06-14', 240492, 95535, 348872, 3, 26, 'aba20a6d66df'),
    ('4383180406740606', '06-14', 11226, 10456, 111320, 0, 14, '0f4820301c68'),
    ('4383031864995274', '06-14', 45947, 1190, 6839, 1, 39, 'fd9341624d75'),
    ('4382054705416396', '06-11', 174601, 55541, 279961, 0, 29, '5394686bea42'),
    ('4381312410216312', '06-09', 867586, 30720, 229303, 0, 65, 'ca4adbd1af57'),
    ('4381207217392722', '06-09', 1000000, 222072, 452294, 4, 63, 'fe7f5f9b570e'),
    ('4380517519047355', '06-07', 1000000, 161054, 606310, 2, 21, 'd8a2c8829768'),
    ('4379825714272349', '06-05', 337794, 25359, 321928, 1, 61, '6f848fbebcd7'),
    ('4379188905591760', '06-03', 1000000, 1000000, 1049077, 1, 18, '915ebf2dbba8'),
    ('4378893399854472', '06-03', 686162, 102405, 483070, 0, 14, 'e24f352c0eee'),
    ('4378514142544199', '06-01', 1000000, 197048, 737551, 6, 82, 'bb0ceed31ac9'),
]
#: ajax/feed_4726427143111441.json
FEED: list[Row] = [
    ('4726427143111441', '2022-01-17T00:45:06', 0, 0, 0, 0, 160, '54d4d6a092c7'),
    ('4726426630358896', '2022-01-17T00:43:04', 0, 0, 2, 0, 164, '41b178c11338'),
    ('4726393056007522', '2022-01-16T22:29:39', 4, 156, 424, 1, 145, 'feb73ab82caf'),
    ('4726373816205432', '2022-01-16T21:13:11', 16, 19, 76, 0, 57, '9f478a503f32'),
    ('4726369991006842', '2022-01-16T20:58:00', 0, 4, 34, 0, 48, '9ece8817ba49'),
    ('4726366141153458', '2022-01-16T20:42:41', 0, 2, 12, 1, 133, '59bffd3af5c2'),
    ('4726360873109208', '2022-01-16T20:21:46', 3, 31, 145, 0, 41, '7fa37843b6c3'),
    ('4726354254236171', '2022-01-16T19:55:28', 15, 23, 104, 0, 53, 'cdb65b0639c2'),
    ('4726347824629812', '2022-01-16T19:29:55', 34, 38, 143, 0, 36, '5e08cb4ea670'),
    ('4726347824629812', '2022-01-16T19:29:55', 34, 38, 143, 0, 36, '5e08cb4ea670'),
    ('4726337757775994', '2022-01-16T18:49:55', 2, 77, 436, 0, 23, 'a52a01cb6272'),
    ('4726336374178815', '2022-01-16T18:44:24', 10, 5, 30, 1, 138, 'f93124ab230f'),
]
#: ajax/shapes_2026-09-21_scrubbed.json: hot_feed, user_feed, statuses_show
HOT: list[Row] = [
    ('5300000000000002', '2026-09-15T08:53:25', 4, 157, 141, 1, 14, '73c886827f01'),
    ('5300000000000004', '2026-09-19T12:00:01', 491, 1333, 60504, 0, 7, '322b783120b5'),
    ('5300000000000006', '2026-09-20T21:35:46', 806, 1064, 9407, 0, 7, '322b783120b5'),
]
USER: list[Row] = [
    ('5300000000000007', '2026-09-20T19:29:54', 2000, 1479, 7798, 0, 7, '322b783120b5'),
]
SHOWN: list[Row] = [
    ('5345356649863407', '2026-09-20T22:50:00', None, None, None, 0, 2, '0d53f08678d8'),
]
#: m_weibo_cn/retweet01_2019.json
RETWEET: list[Row] = [
    ('4383411844046171', '2019-06-15T11:44:46', 0, 0, 0, 0, 4, 'd0c0f693d232'),
    ('4383404751066167', '2019-06-15T11:16:35', 1, 0, 0, 0, 1363, '661b6c680e29'),
]
#: openapi_2018/MicroblogJson_1.json, TestData_2.json, TestData_3.json
MICROBLOG: list[Row] = [
    ('4231273734509975', '2018-04-21T16:02:14', 0, 0, 0, 0, 37, 'd50703655195'),
    ('4230466846817001', '2018-04-19T10:35:57', 1, 11, 0, 1, 13, 'b9d0db6035c7'),
    ('4230466846817001', '2018-04-19T10:35:57', 0, 10, 0, 1, 13, 'b9d0db6035c7'),
    ('4229815718573565', '2018-04-17T15:28:36', 0, 8, 1, 6, 47, '8db53c553a58'),
    ('4231035086573425', '2018-04-21T00:13:56', 0, 0, 0, 0, 17, '7494053e70fe'),
    ('4229569223851215', '2018-04-16T23:09:07', 462, 45, 112, 1, 133, '18c6ebcef3cc'),
    ('4231019613171651', '2018-04-20T23:12:27', 0, 0, 0, 0, 4, 'd0c0f693d232'),
    ('4231017676270099', '2018-04-20T23:04:45', 4, 9, 28, 4, 25, 'd9f0f61d19a5'),
    ('4231018560420579', '2018-04-20T23:08:17', 0, 0, 0, 0, 12, '38c14b692e46'),
    ('4230986797455639', '2018-04-20T21:02:03', 567, 121, 967, 0, 125, 'ac1b5cb85f12'),
    ('4230988747563641', '2018-04-20T21:09:47', 0, 0, 0, 0, 16, '2659334f68cc'),
    ('4230946535924152', '2018-04-20T18:22:04', 2090, 9331, 6255, 0, 194, '46bf96ba4cab'),
    ('4230924923132147', '2018-04-20T16:56:11', 0, 0, 0, 0, 142, '60b1a7ef5697'),
    ('4230881130790902', '2018-04-20T14:02:10', 2374, 353, 1345, 9, 141, '021c78f54bc8'),
    ('4229795414458727', '2018-04-17T14:07:55', 0, 0, 1, 0, 6, '1093023c4128'),
    ('4228723005628695', '2018-04-14T15:06:33', 726, 2387, 3222, 3, 8, '581a5b4e2d81'),
]
TEST_DATA_2: list[Row] = [
    ('4199141540161192', '2018-01-23T00:00:21', 0, 2, 2, 2, 66, 'e145ae4ff1ee'),
    ('4199141540037344', '2018-01-23T00:00:22', 0, 0, 0, 4, 18, '63d94f7b1e4c'),
]
FAVOURITES: list[Row] = [
    ('4198709296881520', '2018-01-21T19:22:47', 234, 35, 196, 1, 86, 'b78e0a79659f'),
    ('4192760938463293', '2018-01-05T09:26:08', 29, 17, 74, 0, 81, '70da6a32ef9d'),
    ('4192751132442890', '2018-01-05T08:47:10', 73, 70, 71, 0, 47, '40368a146e67'),
]
#: m_weibo_cn/comments2_2019.json: number, time, likes, replies, length and digest, pictures
HOTFLOW = [
    ('4383183984547669', '2019-06-14T20:39:20', 6183, 143, 17, '2e572ea1debd', 1),
    ('4383191449773449', '2019-06-14T21:09:00', None, None, 22, '57642e1235d3', 0),
    ('4383184256927204', '2019-06-14T20:40:25', 5458, 513, 10, '72cdf82b8101', 0),
    ('4383183980195874', '2019-06-14T20:39:19', 4333, 135, 10, 'cb4c88a4825b', 1),
    ('4383184085367672', '2019-06-14T20:39:44', 2538, 101, 2, 'd25622289ef3', 0),
    ('4383184227485243', '2019-06-14T20:40:17', 2047, 50, 17, 'd67e299279dd', 0),
    ('4383183741060648', '2019-06-14T20:38:22', 1562, 81, 5, '29dfdcb3a58f', 0),
    ('4383183782703429', '2019-06-14T20:38:32', 1474, 58, 11, 'cf5573adb151', 0),
    ('4383184403520738', '2019-06-14T20:41:00', 1219, 14, 6, 'b756f9fa7c74', 0),
    ('4383186756795345', '2019-06-14T20:50:21', 1064, 14, 3, '6c0bfc819bf7', 0),
    ('4383183820689408', '2019-06-14T20:38:41', 997, 19, 11, '1651dc561719', 0),
    ('4383191211567062', '2019-06-14T21:08:02', 894, 9, 7, 'c2c03c99cf1a', 0),
    ('4383183862732378', '2019-06-14T20:38:51', 884, 9, 17, '2bddbe403688', 1),
    ('4383183921203577', '2019-06-14T20:39:05', 849, 9, 14, '2b07ab194e4a', 1),
    ('4383184193748975', '2019-06-14T20:40:09', 782, 14, 6, '0efbe0bdfad2', 1),
    ('4383192213755875', '2019-06-14T21:12:02', 652, 0, 11, 'e63411dfd396', 0),
    ('4383208038704294', '2019-06-14T22:14:55', 449, 3, 11, '0542c1b46785', 0),
    ('4383183715830524', '2019-06-14T20:38:16', 432, 30, 5, '98d6cdcf20a1', 0),
    ('4383183816480321', '2019-06-14T20:38:40', 354, 5, 5, 'a46308f80c95', 0),
    ('4383183816681515', '2019-06-14T20:38:40', 308, 1, 15, 'fed8ba3bcd8c', 0),
    ('4383206419276344', '2019-06-14T22:08:28', 308, 0, 46, 'ed92395245f5', 0),
]
# fmt: on


def read(path: Path) -> dict[str, Any]:
    return weibo_json.load(decode(path.read_bytes()).text)


def shapes() -> dict[str, Any]:
    return read(WEIBO / "ajax" / "shapes_2026-09-21_scrubbed.json")


def digest(*said: object) -> str:
    """What a post says, by digest: real people's words, names and addresses are not repeated here."""
    return hashlib.sha256("\n".join(map(str, said)).encode()).hexdigest()[:16]


def printed(post: RawPost) -> str:
    if post.posted_at is None:
        return ""
    return f"{post.posted_at:%m-%d}" if post.year_inferred else f"{post.posted_at:%Y-%m-%dT%H:%M:%S}"


def row(post: RawPost) -> Row:
    counts = (post.reposts, post.comments, post.likes)
    return (post.native_id, printed(post), *counts, len(post.images), len(post.text), digest(post.text)[:12])


def rows(page: Page) -> list[Row]:
    assert page.broken == ()
    return [row(post) for post in page.posts]


# --- m.weibo.cn


def test_a_timeline_of_m_weibo_cn():
    page = weibo_json.statuses(read(WEIBO / "m_weibo_cn" / "cards1_2019.json"), SEEN)
    assert rows(page) == CARDS
    first, repost, original = page.posts[:3]
    assert digest(first.native_id, first.text, first.url) == "d9676a01c717e126"
    assert repost.parent_id == original.native_id
    assert len(page.ids) == 10 and not page.cut and not page.pinned
    assert {post.posted_at.year for post in page.posts} == {2026}  # no year is printed: the last such day


def test_a_repost_of_m_weibo_cn_whose_original_brings_its_whole_text():
    page = weibo_json.statuses(read(WEIBO / "m_weibo_cn" / "retweet01_2019.json"), SEEN)
    assert rows(page) == RETWEET
    assert page.posts[0].parent_id == page.posts[1].native_id and not page.cut


def test_a_whole_text_of_m_weibo_cn():
    text = weibo_blob.whole_text(read(WEIBO / "m_weibo_cn" / "statuses1_2019.json"))
    assert (len(text), digest(text)[:12]) == (1036, "06302220464d")


def test_comments_of_m_weibo_cn():
    page = weibo_json.comments(
        read(WEIBO / "m_weibo_cn" / "comments2_2019.json"), SEEN, "4383183661430868", "u"
    )
    found = [
        (
            post.native_id,
            printed(post),
            post.likes,
            post.comments,
            len(post.text),
            digest(post.text)[:12],
            len(post.images),
        )
        for post in page.posts
    ]
    assert found == HOTFLOW and not page.broken
    assert [post.parent_id for post in page.posts] == [
        "4383183984547669" if post.native_id == "4383191449773449" else "4383183661430868"
        for post in page.posts
    ]
    assert page.next == "max_id=314345666829623&max_id_type=0"
    assert page.more[0] == More("4383183984547669", 143) and len(page.more) == 18
    assert {post.link for post in page.posts} == {""} and {post.url for post in page.posts} == {"u"}


def test_comments_of_m_weibo_cn_by_its_older_address():
    page = weibo_json.comments(read(WEIBO / "m_weibo_cn" / "comments1_2019.json"), SEEN, "1")
    found = [(post.native_id, post.posted_at, post.likes, len(post.text)) for post in page.posts]
    assert found == [("4383932071637949", SEEN.at, 0, 20), ("4383931988671914", SEEN.at, 0, 9)]
    assert digest(*(post.text for post in page.posts)) == "303125c385f143dd" and page.next == ""


def test_an_account_is_no_list_of_posts():
    with pytest.raises(BadInput, match="没有微博列表"):
        weibo_json.statuses(read(WEIBO / "m_weibo_cn" / "userInfo_2019.json"), SEEN)


# --- weibo.com/ajax


def test_a_feed_of_weibo_com():
    page = weibo_json.statuses(read(WEIBO / "ajax" / "feed_4726427143111441.json"), SEEN)
    assert rows(page) == FEED
    first = page.posts[0]
    assert digest(first.native_id, first.author, first.url, first.text) == "b5e6c8189c673a1a"
    assert page.cut == {"4726427143111441", "4726426630358896", "4726393056007522", "4726336374178815"}
    assert [post.parent_id for post in page.posts if post.parent_id] == [
        "4726347824629812",
        "4726336374178815",
    ]
    # the short id in the payload and the one made of the number name the same page
    assert all(links.canonical(post.url) == post.link == f"weibo/{post.native_id}" for post in page.posts)


def test_the_shapes_of_september_2026():
    told = shapes()
    hot = weibo_json.statuses(told["hot_feed__ajax_feed_hottimeline"], SEEN)
    assert rows(hot) == HOT
    assert [post.region for post in hot.posts] == ["江苏", "广东", ""]
    assert hot.cut == {"5300000000000002"}
    user = weibo_json.statuses(told["user_feed"], SEEN)
    assert rows(user) == USER and user.posts[0].region == "广东"
    assert (user.next, user.last) == ("since_id=5345145356816203", False)
    end = weibo_json.statuses(told["user_feed_end"], SEEN)
    assert (end.posts, end.next, end.last) == ((), "", True)
    assert rows(weibo_json.statuses(told["statuses_show__BARE_object_no_data_wrapper"], SEEN)) == SHOWN
    with pytest.raises(BadInput, match="没有微博列表"):
        weibo_json.statuses(told["profile"], SEEN)


def test_comments_of_weibo_com():
    page = weibo_json.comments(shapes()["buildComments"], SEEN, "5345356649863407")
    found = [(post.native_id, printed(post), post.likes, post.region, post.parent_id) for post in page.posts]
    assert found == [
        ("5345357930170809", "2026-09-21T10:11:12", 2, "北京", "5345356649863407"),
        ("5345357930170810", "2026-09-21T10:12:12", 0, "", "5345357930170809"),
    ]
    assert page.next == "" and page.more == ()


def test_long_texts_of_weibo_com():
    assert len(weibo_blob.whole_text(shapes()["longtext"])) == 14
    assert weibo_blob.whole_text(shapes()["longtext_empty__post_was_whole_not_an_error"]) == ""


# --- the open platform


def test_lists_of_the_open_platform():
    page = weibo_json.statuses(read(WEIBO / "openapi_2018" / "MicroblogJson_1.json"), SEEN)
    assert rows(page) == MICROBLOG
    repost, original = page.posts[:2]
    assert digest(repost.text, original.native_id, original.text) == "a2845f9a0002c627"
    assert [len(group) for group in page.groups] == [2, 1, 1, 2, 2, 2, 2, 2, 2]
    assert all(group[0].parent_id == group[1].native_id for group in page.groups if len(group) == 2)
    assert page.cut == {"4230946535924152"}
    assert rows(weibo_json.statuses(read(WEIBO / "openapi_2018" / "TestData_2.json"), SEEN)) == TEST_DATA_2
    favourites = [one["status"] for one in read(WEIBO / "openapi_2018" / "TestData_3.json")["favorites"]]
    assert rows(weibo_json.statuses({"statuses": favourites}, SEEN)) == FAVOURITES


@pytest.mark.parametrize(
    ("name", "listed", "posts", "first", "last", "all_rows"),
    [
        (
            "timeline",
            20,
            20,
            ("3436164122209450", "2012-04-18T14:00:30", 0, 0, None, 1, 139, "8002fe8e8c53"),
            ("3436164122072578", "2012-04-18T14:00:30", 0, 0, None, 0, 143, "96fa4484f67b"),
            "16fc63a2f9ad",
        ),
        (
            "statuses",
            20,
            27,
            ("3358204224754289", "2011-09-16T10:55:41", None, None, None, 0, 37, "58580d3b8aaf"),
            ("3358203423293925", "2011-09-16T10:52:31", None, None, None, 0, 21, "0c16f69cc872"),
            "5d518d7ac6e8",
        ),
        (
            "statuses_including_deleted",
            20,
            40,
            ("3358166570964930", "2011-09-16T08:26:05", None, None, None, 0, 126, "112ced562d30"),
            ("15197361800", "2011-07-24T18:17:21", None, None, None, 1, 39, "1b225f8ab174"),
            "5ce66e387ac6",
        ),
    ],
)
def test_long_lists_of_the_open_platform(name, listed, posts, first, last, all_rows):
    found = json.loads((OPEN / f"{name}.json").read_text(encoding="utf-8"))
    page = weibo_json.statuses(found if isinstance(found, dict) else {"statuses": found}, SEEN)
    told = rows(page)
    assert (len(page.ids), len(told), told[0], told[-1]) == (listed, posts, first, last)
    assert digest(*(" ".join(map(str, one)) for one in told))[:12] == all_rows


def test_deleted_posts_in_a_list_are_marked():
    blobs = json.loads((OPEN / "statuses_including_deleted.json").read_text(encoding="utf-8"))
    page = weibo_json.statuses({"statuses": blobs}, SEEN)
    gone = [post for post in page.posts if post.deleted]
    # one of them twice, and with a number from before there were mids
    assert [post.native_id for post in gone] == ["3342625899674471", "15478529504", "15478529504"]
    assert {len(post.text) for post in gone} == {11}  # the platform's notice
    assert {group[0].parent_id for group in page.groups if group[-1].deleted} == {
        "3342625899674471",
        "15478529504",
    }


def test_comments_of_the_open_platform():
    blobs = read(OPEN / "comment_list.json")["comments"]
    page = weibo_json.comments(read(OPEN / "comment_list.json"), SEEN)
    told = [f"{post.native_id} {printed(post)} {{}} {post.text}" for post in page.posts]
    lines = [line.format(blob["status"]["id"]) for line, blob in zip(told, blobs, strict=True)]
    assert len(lines) == 46 and digest(*lines)[:12] == "7385bb5f49b8"
    assert page.posts[0].native_id == "3526584588286949" != blobs[0]["mid"]
    answers = [post.parent_id for post in page.posts if post.parent_id != "3481474642286341"]
    assert answers == [str(blob["reply_comment"]["id"]) for blob in blobs if "reply_comment" in blob]
    assert len(answers) == 6
    two = weibo_json.comments(read(WEIBO / "openapi_2018" / "TestData_1.json"), SEEN)
    assert [(post.native_id, post.parent_id, len(post.text)) for post in two.posts] == [
        ("4173725157145983", "4173718945779552", 9),
        ("4138825125011117", "4138805126163899", 4),
    ]


def test_an_empty_list_and_a_list_of_numbers():
    assert weibo_json.statuses(read(OPEN / "empty_repost_timeline.json"), SEEN) == Page()
    numbers = weibo_json.statuses(read(OPEN / "timeline_ids.json"), SEEN)
    assert numbers.posts == () and len(numbers.broken) == 3


# --- pages for people


def test_a_card_of_s_weibo_com():
    text = (WEIBO / "s_weibo_com" / "search_2018-10-26_one_card_excerpt.html").read_text(encoding="utf-8")
    captured = Seen("weibo", "http://x.invalid/", datetime(2018, 10, 26, 15, 0, tzinfo=SHANGHAI))
    page = weibo_results.results(text, captured)
    assert walls.find(200, text, "results") is None
    assert rows(page) == [("4299399859880269", "2018-10-26T14:28:00", 28, 11, 7, 1, 73, "40d1e39aeaff")]
    (post,) = page.posts
    assert (post.author_id, post.url) == ("6336410207", "https://weibo.com/6336410207/GFHQlFsjb")
    assert links.canonical(post.url) == post.link == "weibo/4299399859880269"
    assert page.last and page.ids == (4299399859880269,)


def test_pages_of_weibo_cn_are_no_answer_to_any_of_our_questions():
    pages = sorted((WEIBO / "weibo_cn_html").rglob("*.html"))
    assert len(pages) == 11
    for path in pages:
        text = decode(path.read_bytes()).text
        assert walls.find(200, text, "json") is walls.HTML_FOR_JSON
        assert walls.find(200, text, "xml") is walls.HTML_FOR_XML
        with pytest.raises(BadInput, match="不是微博的搜索结果页"):
            weibo_results.results(text, SEEN)


# --- walls


def test_every_recorded_wall_of_weibo_is_told_apart():
    status = {"ERR_login_wall_http403": 403, "ERR_bad_request_http403": 403}
    found = {
        name: walls.find(status.get(name, 200), json.dumps(value, ensure_ascii=False), "json")
        for name, value in shapes().items()
        if not name.startswith("_")
    }
    assert {name: wall.state for name, wall in found.items() if wall} == {
        "ERR_needs_visitor_http200": "login_needed",
        "ERR_login_wall_http403": "login_needed",
        "ERR_deleted_http200": "gone",
        "ERR_bad_request_http403": "wall",
        "m_weibo_cn_wall": "login_needed",
    }


def test_no_real_answer_is_taken_for_a_wall():
    answers = [*(WEIBO / "m_weibo_cn").glob("*_2019.json"), *(WEIBO / "openapi_2018").glob("*.json")]
    answers += [
        WEIBO / "ajax" / "feed_4726427143111441.json",
        *OPEN.glob("*list*.json"),
        *OPEN.glob("*timeline*.json"),
    ]
    assert len(answers) >= 15
    assert [path.name for path in answers if walls.find(200, decode(path.read_bytes()).text, "json")] == []


def test_the_recorded_error_of_the_open_platform_is_our_own_mistake():
    assert walls.find(400, (OPEN / "error.json").read_text(encoding="utf-8"), "json") is walls.OUR_REQUEST


#: What a reader may meet of docs/weibo_v2_error_codes.csv, by the state it leads to.
READERS = {
    "slow": {10004, 10009, 10022, 10023, 10024, 21303},
    "login_needed": {10006, 21301, 21302, *range(21304, 21311), *range(21314, 21320), 21327},
    "wall": {20014, 20015, 20022, 20031, 20507},
    "gone": {20101, 20104, 20201, 20202},
    "failing": {
        *(10001, 10002, 10003, 10005, 10007, 10008, 10010, 10011, 10012, 10013, 10014, 10016, 10017, 10018),
        *(10020, 10021, 20001, 20002, 20003, 20009, 20109, 20204, 20501, 20502, 20503, 20508, 20512, 20607),
        *(21311, 21312, 21313, 21320, 21321, 21601),
    },
}
#: What only somebody who writes, sends, follows, makes lists, tags, short links or notices can meet.
OTHERS = {
    *(20005, 20006, 20007, 20008, 20012, 20013, 20016, 20017, 20018, 20019, 20020, 20021, 20032),
    *(20102, 20103, 20111, 20203),
    *(20301, 20302, 20303, 20305, 20306, 20307, 20401, 20402),
    *(20504, 20505, 20506, 20509, 20510, 20511, 20513, 20521, 20522, 20523, 20524),
    *(20601, 20602, 20603, 20604, 20605, 20606, 20608, 20610, 20611, 20612, 20613, 20614, 20615),
    *(20701, 20702, 20703, 20801, 20802, 20901, 20902, 20903, 20904, 20905),
    *(21001, 21002, 21101, 21102, 21103, 21104, 21501, 21502, 21503, 21504),
    *(21602, 21603, 21701, 21702, 21703, 21901),
}


def test_every_code_of_the_open_platform_that_a_reader_can_meet_has_its_state():
    with (WEIBO / "docs" / "weibo_v2_error_codes.csv").open(encoding="utf-8") as file:
        listed = {int(line[0]): line[1] for line in csv.reader(file)}
    assert len(listed) == 141 and set(listed) == set().union(*READERS.values()) | OTHERS
    for state, codes in READERS.items():
        for code in codes:
            for said in (code, str(code)):  # both are sent
                answer = json.dumps({"request": "/2/x.json", "error_code": said, "error": listed[code]})
                assert walls.find(403, answer, "json").state == state, (code, listed[code])
                assert walls.find(403, answer, "json") is walls.API_CODES[code]


def test_a_code_that_no_reader_should_meet_is_told_with_its_own_words():
    wall = walls.find(400, '{"error_code":20016,"error":"out of limit"}', "json")
    assert wall.state == "failing" and "20016" in wall.sentence and "out of limit" in wall.sentence
