"""Sentences that no list has words of, read as rude, secret or empty; and good ones that only come near."""

from __future__ import annotations

import json
import random
import tomllib
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from huanyu import fold
from publisher.checks import check
from publisher.manner import BUCKETS
from publisher.manner import KINDS
from publisher.manner import Manner
from publisher.manner import buckets
from publisher.manner import empty
from publisher.manner import improper
from publisher.manner import manner
from publisher.manner import own_words

RESULTS = Path(__file__).parents[3] / "demo" / "results.toml"


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("tone", "嫌路边摊味道大，您倒是搬远一点住呀"),
        ("tone", "你们小区的人就是喜欢没事找事。"),
        ("secrecy", "据内部消息，督察组下周一住进阳谷宾馆，先查两家纸厂。"),
        ("secrecy", "举报这家养殖场的是它的前会计，住在村西头。"),
    ],
)
def test_a_sentence_is_read_where_no_list_has_its_words(kind: str, text: str) -> None:
    assert kind in {found for found, _, _ in improper(text)}


@pytest.mark.parametrize(
    "heading", ["某企业未批先建案", "案例二：某企业篡改监测数据案", "一、某公司未采取措施案"]
)
def test_the_heading_of_a_case_that_names_nobody_tells_no_secret(heading: str) -> None:
    assert check(f"{heading}\n经查，该企业喷漆工序没有治理设施，已责令改正。") == ()
    assert "secrecy" in {found for found, _, _ in improper(f"据内部消息，{heading}下周移送。")}


def test_a_text_that_says_nothing_is_told_from_one_that_says_little() -> None:
    assert empty("您好，您的诉求已知晓，我们会尽快研究，感谢您的理解与支持。")
    assert not empty("旱厕已消杀，杂草已清除，垃圾改为每天清运。")


@pytest.mark.parametrize("title", ["办理结果", "答复", "受理告知", "关于您反映问题的答复"])
def test_a_title_is_not_judged_as_an_answer(title: str) -> None:
    assert not empty(title)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "。。。",
        "您反映的油烟问题由城市管理部门负责，已转市城市管理局，请等候其答复。",
        "我局依法为举报人保密，请您放心。",
        "执法人员对该厂连续三晚进行了夜查，均未发现超标排放。",
        "上次答复有误，特此更正并向您致歉。",
        "我们向您表示歉意。",
        "请问楼道里的异味怎么办？",
        "我们理解您的担心。",
        "昨天的数呢？",
    ],
)
def test_good_answers_are_left_alone(text: str) -> None:
    assert list(improper(text)) == []


def test_what_the_demonstration_finds_and_does_is_no_secret_and_no_rudeness() -> None:
    told = tomllib.loads(RESULTS.read_text(encoding="utf-8"))
    parts = (row[key] for row in told["result"] for key in ("found", "measure", "next", "report"))
    said = [*told["details"], *(part.replace("{place}", "柳园路") for part in parts)]
    assert len(said) > 60
    assert [text for text in said if list(improper(fold.plain(text).text))] == []


def test_what_the_answer_quotes_of_the_complaint_is_not_its_own() -> None:
    rude = "您找市长也没用，随便您去哪里投诉"
    assert [kind for kind, _, _ in improper(f"{rude}。")] == ["tone"]
    assert list(improper(f"您来信反映“{rude}”，我们已向窗口人员核实并批评教育。")) == []
    assert len(own_words(f"您反映“{rude}”。")) == len(f"您反映“{rude}”。")


def test_a_finding_stands_where_its_sentence_stands() -> None:
    text = "沉淀池已清理。您找市长也没用，随便您去哪里投诉。"
    assert [text[start:end] for _, start, end in improper(text)] == ["您找市长也没用，随便您去哪里投诉。"]
    assert [(one.kind, one.start) for one in check(text)] == [("tone", 7)]


def test_a_sentence_over_its_threshold_is_found_and_one_under_it_is_not() -> None:
    held = buckets("请您自重")
    weights = np.zeros((len(KINDS), BUCKETS), np.float32)
    weights[0, held] = 1.0
    limits = np.array([1.0, 1.0, 1.0], np.float32)
    judge = Manner(weights, np.zeros(3, np.float32), limits, limits)
    assert [kind for kind, _, _ in improper("请您自重", judge)] == ["tone"]
    assert list(improper("水质达标", judge)) == []


def test_the_shipped_weights_fit_and_the_lessons_hold_every_kind() -> None:
    assert manner().weights.shape == (len(KINDS), BUCKETS)
    text = (resources.files("publisher") / "data" / "manner.jsonl").read_text(encoding="utf-8")
    rows = [json.loads(line) for line in text.splitlines()]
    assert {row["kind"] for row in rows} == {"", *KINDS}
    assert len({row["text"] for row in rows}) == len(rows)


def test_the_letters_of_a_link_tell_no_manner() -> None:
    chance = random.Random(7)
    told = "经查，养殖场粪污池未加盖，已责令三日内整改。详情：https://sthj.example.org/r/{}.html"
    for _ in range(300):
        text = told.format("".join(chance.choices("bcdfghjkmnpqrstz", k=28)))
        assert list(improper(text)) == []
