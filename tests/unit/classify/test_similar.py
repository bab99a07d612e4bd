"""The same text told twice."""

from __future__ import annotations

import pytest

from classify import similar
from classify.similar import likeness
from classify.similar import signature
from classify.similar import signatures

TOLD = (
    "聊城市东昌府区光岳路某小区楼下烧烤店每天晚上油烟呛人，窗户都不敢开，孩子整夜咳嗽，"
    "多次打电话反映一直没有改善，请环保部门来管一管！"
)


@pytest.mark.parametrize(
    "edited",
    [
        TOLD.replace("管一管", "管管吧"),
        TOLD.replace("每天晚上", "天天晚上"),
        "求助：" + TOLD,
        TOLD.replace("，", " ").replace("！", "!!"),
        TOLD.replace("烧烤店", "燒烤店"),
    ],
)
def test_a_lightly_edited_text_is_nearly_the_same(edited: str) -> None:
    assert likeness(signature(TOLD), signature(edited)) >= 0.8


@pytest.mark.parametrize(
    "other",
    [
        "今天天气不错，PM2.5只有30，带孩子去徒骇河边走走，心情真好",
        "阳谷县某镇工厂夜里偷排黑水，河里的鱼死了一大片，村民不敢浇地，望查处",
        "高唐县鱼邱湖街道烧烤摊油烟大、噪音大，半夜还在划拳，影响休息",
    ],
)
def test_another_text_is_not(other: str) -> None:
    assert likeness(signature(TOLD), signature(other)) < 0.3


def test_a_text_without_letters_is_like_nothing_not_even_itself() -> None:
    assert signature("！！！") == b""
    assert likeness(b"", b"") == 0.0
    assert likeness(signature("！！！"), signature(TOLD)) == 0.0


def test_a_signature_does_not_depend_on_its_company() -> None:
    assert signatures(["甲乙丙丁", TOLD])[1] == signature(TOLD)


def test_a_signature_is_what_the_store_already_holds() -> None:
    assert len(signature(TOLD)) == 512
    assert signature("扰民").hex().startswith("1d346fffff55c0f6")


def test_a_stack_of_signatures_is_compared_like_one_by_one():
    texts = ["凤凰苑东侧工地夜里施工", "凤凰苑东侧工地夜里又在施工", "徒骇河边有异味", "？！"]
    signatures = [similar.signature(text) for text in texts]
    found = similar.likenesses(signatures[0], similar.stacked(signatures))
    assert list(found) == [similar.likeness(signatures[0], one) for one in signatures]
    assert list(similar.likenesses(b"", similar.stacked(signatures))) == [0.0] * 4


def test_a_part_of_a_text_is_contained_in_it_and_other_words_are_not():
    whole = "本网讯 3月4日晚，市生态环境局对城区三处在建工地开展夜间噪声联合检查，当场责令停工。"
    part = similar.phrases("市生态环境局对城区三处在建工地开展夜间噪声联合检查")
    assert similar.contained(part, similar.phrases(whole)) == 1.0
    assert similar.contained(similar.phrases("徒骇河城区段近日完成一轮排口排查工作"), part) == 0.0
    assert similar.contained(similar.phrases("短"), part) == 0.0
