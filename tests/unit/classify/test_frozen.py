"""The frozen texts: never learnt from, always the same, and what a model that loses recall on them is told."""

from __future__ import annotations

import pytest

from classify import frozen
from classify.corpus import Example
from classify.decide import Reading
from classify.frozen import DeskLabels
from classify.frozen import DeskText
from huanyu.types import PostType
from huanyu.types import Sentiment
from huanyu.types import SourceKind

STREETS = ("东昌路", "柳园路", "花园路", "湖南路", "兴华路")
WHAT = ("夜里打桩", "烧烤冒烟", "污水横流", "锅炉轰鸣", "垃圾成堆", "渣土乱倒", "臭气熏天", "喇叭喊叫")


def said(post: int, text: str = "", kind: PostType = PostType.COMPLAINT, urgent: bool = False) -> DeskText:
    example = Example(text=text or f"第{post}条，没人管", type=kind, urgent=urgent)
    return DeskText(post=post, example=example, kind=SourceKind.WEIBO, origin="doubt")


def many() -> list[DeskText]:
    texts = [f"{street}{what}，到现在没人来看" for street in STREETS for what in WHAT]
    return [said(number, text) for number, text in enumerate(texts, start=1)]


def reading(found: bool, unsure: bool = False, urgent: bool = False) -> Reading:
    return Reading(
        type=PostType.COMPLAINT if found else PostType.OTHER,
        types=(),
        complaint=0.9 if found else 0.1,
        is_complaint=found,
        unsure=unsure,
        kinds=(),
        sentiment=Sentiment.NEUTRAL,
        urgent=urgent,
    )


def test_about_a_fifth_is_frozen_and_always_the_same_fifth() -> None:
    texts = many()
    one, again = frozen.divide(texts), frozen.divide(texts[::-1])
    assert {text.post for text in one.frozen} == {text.post for text in again.frozen}
    assert 0.08 < len(one.frozen) / len(texts) < 0.35
    assert {text.post for text in one.learn} | {text.post for text in one.frozen} == {
        text.post for text in texts
    }
    more = frozen.divide([*texts, said(99, "后来又判的一条，说的是别的事")])
    assert {text.post for text in one.frozen} <= {text.post for text in more.frozen}


def test_a_text_said_twice_counts_once_by_its_last_label() -> None:
    one, other = said(1, "湖边又有臭味"), said(2, "湖边又有臭味", PostType.OPINION)
    kept = frozen.divide([other, one])
    (text,) = (*kept.learn, *kept.frozen)
    assert (text.post, text.example.type) == (2, PostType.OPINION)


def test_what_the_corpus_has_is_not_learnt_twice() -> None:
    mine = DeskLabels(learn=(said(1, "湖边 又有臭味"), said(2, "河面漂着死鱼没人捞")))
    known = [Example(text="湖边  又有臭味", type=PostType.COMPLAINT)]
    assert [one.post for one in frozen.apart(mine, known).learn] == [2]


def test_nothing_is_compared_by_that_has_kin_among_what_is_learnt() -> None:
    long = "昌润路南头的混凝土搅拌站每天后半夜开工，罐车进进出出，震得窗户直响，老人孩子都睡不好"
    learnt, copy, other = said(1, long), said(2, long + "啊"), said(3, "河面漂着死鱼没人捞，隔老远就闻到味")
    found = frozen.apart(DeskLabels(learn=(learnt,), frozen=(copy, other)), [])
    assert [one.post for one in found.frozen] == [3]
    found = frozen.apart(DeskLabels(frozen=(copy, other)), [learnt.example])
    assert [one.post for one in found.frozen] == [3]


def test_a_model_that_finds_as_many_is_not_refused_even_if_they_are_others() -> None:
    truth = [said(1), said(2), said(3, kind=PostType.OTHER)]
    old, new = [reading(True), reading(False), reading(False)], [reading(False), reading(True), reading(True)]
    told = frozen.compare(old, new, truth)
    assert told.lost == ()
    assert told.told == "冻结的 3 条 (投诉 2 条) 上召回没有下降"


def test_a_refusal_says_which_figure_fell_from_what_to_what_and_on_which_posts() -> None:
    truth = [said(number) for number in (11, 12, 13, 14)]
    old = [reading(True)] * 4
    new = [reading(True), reading(False, unsure=True), reading(False), reading(True)]
    recall, seen = frozen.compare(old, new, truth).lost
    assert str(recall) == "投诉召回率从 1.000 降到 0.500 (4 条), 丢了帖文 12、13"
    assert str(seen) == "投诉判为投诉或交人判断的比例从 1.000 降到 0.750 (4 条), 丢了帖文 13"


def test_urgency_that_is_no_longer_seen_is_told() -> None:
    truth = [said(7, urgent=True)]
    (lost,) = frozen.compare([reading(True, urgent=True)], [reading(True)], truth).lost
    assert lost.label == "紧急召回率"


@pytest.mark.parametrize("truth", [[], [said(1, kind=PostType.OTHER)]])
def test_without_frozen_complaints_nothing_can_be_lost(truth: list[DeskText]) -> None:
    assert frozen.compare([reading(True)] * len(truth), [reading(False)] * len(truth), truth).lost == ()
