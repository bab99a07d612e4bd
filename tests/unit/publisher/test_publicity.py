"""What publicity may say and an answer may not."""

from __future__ import annotations

import pytest

from publisher.checks import check


@pytest.mark.parametrize(
    "text",
    [
        "小编今天跟着监测站的伙伴去采水样啦，原来一瓶水要过这么多关！",
        "猜猜看，这是谁的脚印？评论区等你来答哦。",
        "周末带娃去姜堤湿地看鸟，记得带上望远镜哟！",
    ],
)
def test_publicity_that_invites_everybody_may_be_lively(text: str) -> None:
    assert [one.kind for one in check(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "您反映的油烟小编看到啦，已经转给执法中队！",
        "快来围观：这家饭店的油烟又被投诉啦！",
        "现场看过啦，没有排水。",
    ],
)
def test_an_answer_may_not(text: str) -> None:
    assert "tone" in {one.kind for one in check(text)}


@pytest.mark.parametrize(
    "text",
    [
        "对于您反映的问题，我们将加强与相关部门的沟通协作，完善工作机制，形成监管合力，努力营造安静舒适的生活环境。",
        "您所反映的情况，我们已第一时间转相关责任部门处理，相信很快会有结果，请您耐心等待，感谢您的理解与支持，我们会继续跟进。",
    ],
)
def test_filler_beside_other_empty_words_is_no_less_empty(text: str) -> None:
    assert "robotic" in {one.kind for one in check(text)}
