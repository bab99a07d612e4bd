"""Verdicts of the shipped model: everything a verdict promises is there."""

from __future__ import annotations

import pytest

from classify import glyphs
from classify.places import Gazetteer
from classify.predict import Classifier
from classify.reader import Glance
from classify.reader import Reader
from classify.similar import signature
from huanyu.bureau import PlaceRow
from huanyu.types import PostType
from huanyu.types import SourceKind


@pytest.fixture(scope="module")
def reader() -> Reader:
    place = PlaceRow(name="阳谷县", code="371521", level="county", unit="371521", aliases=("阳谷",))
    return Reader(Classifier.load(), Gazetteer((place,)))


def test_a_plain_complaint_is_understood(reader: Reader) -> None:
    text = "阳谷县某小区楼下烧烤店每天晚上油烟直排，窗户不敢开，请环保部门尽快处理"
    verdict = reader.read([text])[0]
    assert verdict.type is PostType.COMPLAINT
    assert verdict.is_complaint
    assert verdict.kinds[0] == "air.cooking"
    assert [place.code for place in verdict.places] == ["371521"]
    assert not verdict.out_of_town
    assert verdict.signature == signature(text)
    assert "油烟" in verdict.tokens.split(" ")
    assert set(verdict.why) & {"油烟", "直排", "烧烤店", "窗户"}
    assert verdict.model == reader.classifier.version


def test_publicity_is_no_complaint(reader: Reader) -> None:
    verdict = reader.read(["市生态环境局召开会议，部署推进秋冬季大气污染防治攻坚行动，空气质量同比改善"])[0]
    assert verdict.type is PostType.PUBLICITY
    assert not verdict.is_complaint


def test_verdicts_keep_the_order_of_the_texts(reader: Reader) -> None:
    texts = ["工地半夜施工，噪音扰民，望处理", "今天和朋友去吃火锅，开心", "工地半夜施工，噪音扰民，望处理"]
    verdicts = reader.read(texts, [SourceKind.HOTLINE, SourceKind.WEIBO, SourceKind.HOTLINE])
    assert [verdict.is_complaint for verdict in verdicts] == [True, False, True]
    assert verdicts[0] == verdicts[2]


def test_nothing_read_from_nothing(reader: Reader) -> None:
    assert reader.read([]) == []


def test_a_glance_sees_what_the_verdict_says_without_its_words(reader: Reader) -> None:
    text = "阳谷县某小区楼下烧烤店每天晚上油烟直排，窗户不敢开，请环保部门尽快处理"
    verdict, seen = reader.read([text])[0], reader.glance([text])[0]
    assert (seen.reading.type, seen.reading.kinds) == (verdict.type, verdict.kinds)
    assert seen.where.places == verdict.places
    assert seen.signature == verdict.signature
    assert seen.reading.why == ()
    assert reader.glance([text], explain=True)[0].reading.why == verdict.why


def test_a_reading_does_not_depend_on_its_neighbours(reader: Reader) -> None:
    """More texts than are read together, some of them letter by letter, in both orders and alone."""
    odd = ["", "😀", "噪聲擾民，燒烤油煙", "\n", "a" * 3000, "阳谷县河水发黑❤️", "\ud800坏子"]
    texts = [
        f"{said}{at}"
        for at in range(270)
        for said in ("工地半夜施工，噪音扰民", "空气优良", *odd[at % 7 :][:2])
    ]
    together, backwards = reader.glance(texts), reader.glance(texts[::-1])[::-1]
    assert len(texts) > glyphs.MOST
    for at, text in [*enumerate(texts)][::3]:
        alone = reader.glance([text])[0]
        for one in (together[at], backwards[at]):
            assert alone.reading.complaint == pytest.approx(one.reading.complaint, abs=1e-5)
            assert _decided(alone) == _decided(one)


def _decided(seen: Glance) -> tuple[object, ...]:
    return seen.reading._replace(types=(), complaint=0), seen.where, seen.signature
