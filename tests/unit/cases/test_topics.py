"""Hot topics: which posts belong together, how hot they are, and that anybody can add it up again."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from random import Random

import pytest

from cases import heat
from cases.topics import topics
from huanyu.bureau import HeatRow
from huanyu.clock import SHANGHAI
from huanyu.config import SHIPPED
from huanyu.config import load_bureau
from huanyu.types import Place
from huanyu.types import SourceKind
from huanyu.types import TopicPost

UNTIL = datetime(2026, 3, 11, tzinfo=SHANGHAI)
SINCE = UNTIL - timedelta(days=7)
XUYING = Place(name="许营镇", code="371502108", level="township", unit="高新区")
SHAZHEN = Place(name="沙镇镇", code="371502101", level="township", unit="371502")
COUNTY = Place(name="东昌府区", code="371502", level="county", unit="371502")
ROWS = load_bureau(SHIPPED).heat


def post(number: int, days: float = 1, **more: object) -> TopicPost:
    known = {
        "source": "weibo",
        "kind": SourceKind.WEIBO,
        "voice": number,
        "root": number,
        "case_id": None,
        "kinds": ("air.odour",),
        "places": (XUYING,),
    }
    return TopicPost(id=number, said_at=UNTIL - timedelta(days=days), **(known | more))


def found(*posts: TopicPost, **more: object):
    return topics(posts, SINCE, UNTIL, ROWS, **more)


def test_a_title_is_a_place_a_kind_and_counts():
    (topic,) = found(post(1), post(2), post(3, source="forum"))
    assert topic.title == "许营镇 恶臭异味 — 3 条, 2 个来源"
    assert (topic.posts, topic.sources, topic.area) == ((1, 2, 3), ("forum", "weibo"), "高新区")


def test_one_post_is_no_topic():
    assert found(post(1), post(2, places=(SHAZHEN,))) == ()


def test_a_county_is_too_wide_to_make_a_topic():
    assert found(post(1, places=(COUNTY,)), post(2, places=(COUNTY,))) == ()


def test_posts_of_one_case_and_reposts_belong_together_wherever_they_say_it_is():
    one = post(1, case_id=7)
    other = post(2, case_id=7, places=(), kinds=("air.industrial",))
    again = post(3, root=2, places=(), kinds=())
    (topic,) = found(one, other, again)
    assert (topic.posts, topic.cases) == ((1, 2, 3), (7,))


def test_one_place_with_two_kinds_is_two_topics():
    both = [post(1), post(2), post(3, kinds=("noise.social",)), post(4, kinds=("noise.social",))]
    assert {topic.posts for topic in found(*both)} == {(1, 2), (3, 4)}


def test_a_known_enterprise_makes_the_topic_and_its_title_but_an_unknown_name_is_a_citizens_words():
    firm = {"enterprises": ("鑫达化工有限公司", "王老五家"), "kinds": ("air.industrial",)}
    (topic,) = found(post(1, **firm), post(2, places=(), **firm), enterprises=("鑫达化工有限公司",))
    assert topic.title.startswith("鑫达化工有限公司 工业废气 — 2 条")
    (topic,) = found(post(1, **firm), post(2, **firm))
    assert topic.title.startswith("许营镇 工业废气")


def test_two_enterprises_of_one_township_stay_apart():
    one, other = ("鑫达化工有限公司",), ("华祥化工有限公司",)
    told = [post(at, enterprises=one if at < 3 else other) for at in (1, 2, 3, 4)]
    assert {topic.posts for topic in found(*told, enterprises=one + other)} == {(1, 2), (3, 4)}


def test_the_heat_is_the_sum_of_its_terms_and_can_be_added_up_from_the_posts():
    told = [post(1, reposts=1000, views=9900), post(2, voice=1, source="forum", likes=3)]
    (topic,) = found(*told)
    amounts = {term.name: term.amount for term in topic.terms}
    assert amounts == {
        "posts": 2,
        "voices": 1,
        "sources": 2,
        "reposts": 1000,
        "comments": 0,
        "likes": 3,
        "views": 9900,
    }
    table = {row.name: row for row in ROWS}
    by_hand = sum(
        round(
            table[name].weight
            * (amount if table[name].shape == "linear" else math.log2(1 + amount / table[name].unit)),
            1,
        )
        for name, amount in amounts.items()
    )
    assert topic.heat == round(by_hand, 1) == round(sum(term.value for term in topic.terms), 1)


def test_the_period_before_tells_the_trend_and_is_not_counted_in():
    (topic,) = found(post(1), post(2), post(3, days=8), post(4, days=15))
    assert (topic.posts, topic.posts_before) == ((1, 2), (3,))
    assert topic.before == heat.heat(heat.terms([post(3, days=8)], ROWS))


def test_the_period_ends_before_its_end_and_begins_with_its_beginning():
    told = [post(1, days=0), post(2, days=7), post(3, days=6)]
    (topic,) = found(*told)
    assert topic.posts == (2, 3)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_order_of_the_posts_changes_nothing(seed):
    chance = Random(seed)
    told = [
        post(
            at,
            days=chance.uniform(0.1, 13),
            places=chance.choice([(XUYING,), (SHAZHEN,), ()]),
            case_id=chance.choice([None, 1, 2, 3]),
            kinds=chance.choice([("air.odour",), ("noise.social",), ()]),
        )
        for at in range(1, 60)
    ]
    before = found(*told)
    chance.shuffle(told)
    assert found(*told) == before != ()


def test_a_weight_of_nothing_counts_nothing():
    row = HeatRow(name="posts", weight=0, shape="linear")
    (topic,) = topics([post(1), post(2)], SINCE, UNTIL, [row])
    assert topic.heat == 0


def test_the_hotter_one_stands_first():
    cool = [post(at, places=(SHAZHEN,)) for at in (1, 2)]
    hot = [replace(post(at), reposts=500) for at in (3, 4)]
    assert [topic.place for topic in found(*cool, *hot)] == ["许营镇", "沙镇镇"]
