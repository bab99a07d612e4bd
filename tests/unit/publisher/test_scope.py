"""What an official account has no business saying, and who must answer by hand."""

from __future__ import annotations

import pytest

from huanyu.config import SHIPPED
from huanyu.config import load_bureau
from publisher import scope
from publisher.sensitive import signs

WORDS = load_bureau(SHIPPED).words


def kinds(text: str, *, press: bool = True, generated: bool = False) -> set[str]:
    found = scope.problems(text, WORDS, press=press, generated=generated)
    assert all(text[one.start : one.end] == one.text and one.reason for one in found)
    return {one.kind for one in found}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("转发抽奖，关注就有机会赢门票，环保从我做起", "campaign"),
        ("请投票支持本局的环保道歉", "campaign"),
        ("求转发求扩散，守护蓝天", "campaign"),
        ("上门服务，全场包邮", "campaign"),
        ("转发微博", "repost"),
        ("转自@某明星工作室：空气真好", "repost"),
        ("//@路人乙：环境真好", "repost"),
        ("漫画家一路走好", "off_topic"),
        ("李小满", "off_topic"),
    ],
)
def test_what_is_none_of_the_bureaus_business_is_found(text: str, kind: str) -> None:
    assert kind in kinds(text)


@pytest.mark.parametrize(
    "text", ["今日全市空气质量良。", "转自生态环境部：全国生态日活动", "3月5日，执法人员检查企业排污口3处。"]
)
def test_the_bureaus_own_work_is_its_business(text: str) -> None:
    assert kinds(text) == set()


def test_a_reply_need_not_name_a_topic_but_may_not_beg() -> None:
    assert kinds("已转东昌府区住建局", press=False) == set()
    assert kinds("已处理，求点赞", press=False) == {"campaign"}


def test_what_a_machine_wrote_must_say_so() -> None:
    assert kinds("全市空气质量良。", generated=True) == {"ai_label"}
    assert kinds(f"全市空气质量良。{scope.LABEL}", generated=True) == set()


@pytest.mark.parametrize(
    "text",
    [
        "臭得不想活了",
        "我举报后被威胁，有人堵我家门",
        "孩子这几天一直流鼻血",
        "老人因为烟气住院了",
    ],
)
def test_a_person_answers_where_people_are_hurt_or_afraid(text: str) -> None:
    assert signs(text, WORDS)


@pytest.mark.parametrize("text", ["孩子写作业被噪声影响", "饭店油烟呛人，请查处", "学生放学路上扬尘大"])
def test_an_ordinary_complaint_may_be_answered_by_template(text: str) -> None:
    assert signs(text, WORDS) == ()
