"""The same text told twice."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from classify import similar
from classify import tokenise
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


def test_of_however_many_texts_each_has_its_own_signature() -> None:
    texts = [f"{TOLD}{number}" for number in range(600)] + ["", "扰民"]
    together = signatures(texts)
    assert together[-2:] == [b"", signature("扰民")]
    assert [together[at] for at in (0, 255, 256, 511, 512, 599)] == [
        signature(texts[at]) for at in (0, 255, 256, 511, 512, 599)
    ]


def test_a_signature_is_what_the_store_already_holds() -> None:
    assert len(signature(TOLD)) == 256
    assert signature("扰民").hex().startswith("ab19da38ab19ab19")


def test_a_signature_of_another_kind_is_like_nothing() -> None:
    former = signature(TOLD) * 2  # four bytes a value instead of two
    assert likeness(former, signature(TOLD)) == 0.0
    assert not similar.likenesses(former, similar.stacked([signature(TOLD)])).any()
    assert not similar.likenesses(signature(TOLD), similar.stacked([former])).any()


@pytest.mark.parametrize("length", [25, 60, 130, 400])
@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_the_likeness_estimates_the_share_of_common_pairs(length: int, share: float) -> None:
    random = Random(length)
    errors = []
    for _ in range(300):
        one = _letters(random, length)
        kept = round(length * 2 * share / (1 + share))
        other = one[:kept] + _letters(random, length - kept)
        true = len(_pairs(one) & _pairs(other)) / len(_pairs(one) | _pairs(other))
        errors.append(likeness(signature(one), signature(other)) - true)
    assert np.std(errors) <= 0.045
    assert abs(np.mean(errors)) <= 0.01


def _letters(random: Random, length: int) -> str:
    return "".join(chr(random.randrange(0x5000, 0x5800)) for _ in range(length))


def _pairs(text: str) -> set[str]:
    letters = tokenise.letters(text)
    return {letters[at : at + 2] for at in range(len(letters) - 1)}


def test_a_lone_letter_has_a_signature_of_its_own() -> None:
    assert likeness(signature("甲"), signature("甲！")) == 1.0
    assert likeness(signature("甲"), signature("乙")) == 0.0


def test_signatures_of_many_texts_are_those_of_each() -> None:
    texts = [f"{TOLD[at % 50 :]}{at}" for at in range(600)] + ["", "噪聲", "甲"]
    assert signatures(texts) == [signature(text) for text in texts]
    assert signatures([]) == []


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
