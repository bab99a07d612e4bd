"""The index over known matters: it changes how many are looked at, never what is decided."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from random import Random

import pytest

from cases.candidates import Candidates
from cases.intake import complaint_of
from cases.intake import plan
from classify.places import Gazetteer
from classify.similar import likeness
from classify.similar import signature
from huanyu.clock import SHANGHAI
from huanyu.config import SHIPPED
from huanyu.config import load_bureau
from huanyu.types import CaseAction
from huanyu.types import CasePlan
from huanyu.types import Named
from huanyu.types import OpenMatter
from huanyu.types import Post
from huanyu.types import PostType
from huanyu.types import Sentiment
from huanyu.types import SourceKind
from huanyu.types import Verdict

NOW = datetime(2026, 3, 31, 14, 0, tzinfo=SHANGHAI)
WHERE = (
    "许营镇赵庄西头",
    "许营镇李庄村",
    "沙镇镇前田村",
    "冠县清水镇后张村",
    "莘县古云镇",
    "古云镇郝庄村",
    "茌平区博平镇",
    "高唐县人和街道盛世嘉园旁边",
    "东昌府区柳园路",
    "柳园街道金鼎小区",
    "银河小区北门",
    "临清市烟店镇",
    "徒骇河茌平段",
    "马颊河",
    "东阿县姜楼镇刘楼村南头",
    "",
)
WHAT = (
    ("养鸡场臭气熏天，窗户都不敢开", ("air.odour",)),
    ("鑫达化工厂半夜排废气，呛得睡不着", ("air.industrial",)),
    ("华祥化工又放气了，眼睛睁不开", ("air.industrial", "air.odour")),
    ("烧烤店油烟直往楼上灌", ("air.cooking",)),
    ("工地凌晨还在打桩，吵得整栋楼睡不着", ("noise.construction",)),
    ("水变黑了，漂着一层死鱼", ("water.industrial",)),
    ("渣土车一路撒土，扬尘呛人", ("air.dust",)),
    ("有人烧塑料，黑烟滚滚", ("air.burning",)),
    ("猪场粪水流到沟里，苍蝇成群", ("water.livestock",)),
    ("晚上一股怪味，不知道哪里来的", ()),
)
AROUND = ("", "求求管管吧，", "反映好几回了，", "@聊城环境 ", "孩子一直咳嗽，")


def told(number: int) -> list[tuple[Post, Verdict]]:
    """Posts over a month, some copied, some of one matter, some with nothing in common."""
    chance, gazetteer = Random(7), Gazetteer(load_bureau(SHIPPED).places)
    made: list[tuple[Post, Verdict]] = []
    for at in range(1, number + 1):
        said = NOW - timedelta(hours=(number - at) * 2)
        if made and chance.random() < 0.15:
            post, verdict = chance.choice(made)
            made.append((replace(post, id=at, posted_at=said), verdict))
            continue
        what, kinds = chance.choice(WHAT)
        text = chance.choice(AROUND) + chance.choice(WHERE) + what + chance.choice(AROUND)
        firms = tuple(name for name in ("鑫达化工厂", "华祥化工") if name in text and chance.random() < 0.5)
        made.append((post_of(at, text, said), verdict_of(text, kinds, gazetteer, firms)))
    return made


def post_of(number: int, text: str, said: datetime) -> Post:
    return Post(
        id=number,
        source="weibo",
        kind=SourceKind.WEIBO,
        native_id=str(number),
        url="",
        title="",
        text=text,
        author="",
        posted_at=said,
        fetched_at=said,
    )


def verdict_of(text: str, kinds: tuple[str, ...], gazetteer: Gazetteer, firms: tuple[str, ...]) -> Verdict:
    return Verdict(
        type=PostType.COMPLAINT,
        complaint=0.97,
        kinds=kinds,
        sentiment=Sentiment.NEGATIVE,
        urgent=False,
        unsure=False,
        is_complaint=True,
        places=tuple(gazetteer.find(text)),
        out_of_town=False,
        signature=signature(text),
        why=(),
        tokens="",
        model="1",
        named=Named(enterprises=firms),
    )


def matter_of(found: CasePlan, post: Post, verdict: Verdict, closed: bool) -> OpenMatter:
    return OpenMatter(
        case_id=post.id,
        number=f"HY2026-{post.id:06}",
        kinds=found.kinds,
        unit_area=found.area,
        place=found.place,
        signature=verdict.signature,
        text=post.text,
        last_post_at=post.said_at,
        closed=closed,
        places=verdict.places,
        enterprises=verdict.named.enterprises,
    )


@pytest.fixture(scope="module")
def both() -> tuple[list[CasePlan], list[CasePlan], int]:
    """The plans without and with the index, and how many matters the index spared."""
    known: dict[int, OpenMatter] = {}
    index, every, few, spared = Candidates(), [], [], 0
    for post, verdict in told(400):
        near = index.near(complaint_of(post, verdict, NOW))
        every.append(plan(post, verdict, tuple(known.values()), likeness, NOW))
        few.append(plan(post, verdict, near, likeness, NOW))
        spared += len(known) - len(near)
        found = every[-1]
        if found.action is CaseAction.NEW:
            known[post.id] = matter_of(found, post, verdict, closed=post.id % 5 == 0)
            index.put(known[post.id])
        elif found.action is CaseAction.APPEND and found.case_id is not None:
            known[found.case_id] = replace(known[found.case_id], last_post_at=post.said_at)
            index.put(known[found.case_id])
    return every, few, spared


def test_the_plans_are_the_same_with_and_without_the_index(
    both: tuple[list[CasePlan], list[CasePlan], int],
) -> None:
    every, few, _ = both
    assert few == every


def test_every_sort_of_plan_was_on_trial(both: tuple[list[CasePlan], list[CasePlan], int]) -> None:
    counted = Counter(found.action for found in both[0])
    assert min(counted[one] for one in (CaseAction.NEW, CaseAction.APPEND, CaseAction.SUGGEST)) >= 20
    assert both[2] > 0


def test_for_a_few_complaints_every_matter_is_looked_at() -> None:
    told_of = told(40)
    matters = [
        matter_of(plan(post, verdict, (), likeness, NOW), post, verdict, closed=False)
        for post, verdict in told_of
    ]
    assert Candidates(matters, complaints=1).near(complaint_of(*told_of[0], NOW)) == matters


def test_a_matter_put_twice_is_found_once_as_it_is_now() -> None:
    post, verdict = told(1)[0]
    first = matter_of(plan(post, verdict, (), likeness, NOW), post, verdict, closed=False)
    index = Candidates([first])
    index.put(replace(first, closed=True))
    assert [one.closed for one in index.near(complaint_of(post, verdict, NOW))] == [True]
    assert len(index) == 1
