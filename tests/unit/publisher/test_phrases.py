"""Ways of putting things: each pattern compiles, quotations of the complaint are not our tone."""

from __future__ import annotations

import pytest

from publisher.phrases import phrases
from publisher.phrases import shipped

KINDS = {"secrecy", "typo", "tone", "robotic", "law_error"}


def test_every_pattern_has_a_known_kind_a_reason_and_matches_something() -> None:
    for phrase in shipped():
        assert phrase.kind in KINDS
        assert phrase.reason
        assert phrase.suggestion
        assert not phrase.pattern.search("")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("您自己不关窗,怪谁?", "tone"),
        ("八成是隔壁厂排的。", "tone"),
        ("以下是为您生成的一份回复:", "robotic"),
        ("按照既定口径答复如下", "secrecy"),
        ("到场前已提前告知企业", "secrecy"),
        ("因是重点项目,上级要求从轻处理", "secrecy"),
        ("我们保证以后一点异味都没有,绝对做到", "tone"),
        ("截止5月31日,共淘汰1200辆", "typo"),
        ("我局于XX年XX月到场", "robotic"),
        ("《固体废物污染环境防治法》是生态环境部颁布的规章。", "law_error"),
        ("国务院2021年颁布的《噪声污染防治法》", "law_error"),
        ("《政府信息公开条例》由全国人大常委会制定。", "law_error"),
    ],
)
def test_a_phrase_is_found(text: str, kind: str) -> None:
    assert kind in {found for found, *_ in phrases(text)}


@pytest.mark.parametrize(
    "text",
    [
        "#聊城环保#【许营镇两条沟渠月底前完成清淤】",
        "#徒骇河##水质通报#10月断面水质达到Ⅲ类。",
        "检查时间不提前告知企业",
        "我们不能承诺以后一点气味都没有",
        "报名截止5月31日,名额有限",
        "执法人员目前前往现场核实。",
        "生态环境部发布《生态环境行政处罚办法》。",
        "国务院公布的《排污许可管理条例》",
        "《水污染防治法》实施细则由国务院发布。",
        "国务院制定的《环境保护税法》实施条例",
        "《聊城市大气污染防治条例》由市人大常委会制定。",
        "依据《环境保护法》,国务院生态环境主管部门制定国家标准。",
        "执法人员日前前往该厂检查。",
        "整治涉及四个自然村。",
        "厂界布设四个自动监测站。",
        "从两个维度开展评估。",
        "设立两个维修点。",
        "设置四个意见箱。",
        "环境质量改善是全市人民共同努力的结果。",
        "副市长、茌平区委书记到场。",
        "已核查举报的3家企业。",
        "经查举报反映的单位,设施正常运行。",
        "该公司未对外公开自行监测数据。",
        "该公司尚未对外公开自行监测数据。",
        "举报人怀疑是附近某化工厂排放。",
        "网友怀疑是某公司排放。",
        "全市八成以上的养殖场配套了设施。",
        "明日空气质量大概率为良。",
        "当事人使用的苯属于致癌物。",
        "油炸锅上方未安装集气罩。",
        "究竟是这处还是那处排放,正在核实。",
        "确保永久基本农田不受污染。",
        "我局以转办单形式交县分局办理。",
        "两次均以通知书形式告知。",
        "该公司以停产整改为由未开门,已择日复查。",
        "目前以清理河面漂浮物为主。",
        "可在收到复议决定书之日起十五日内向人民法院提起行政诉讼。",
    ],
)
def test_how_offices_write_is_left_alone(text: str) -> None:
    assert list(phrases(text)) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("厂区前前存在异味。", "typo"),
        ("坚定四个自心。", "typo"),
        ("做到两个维持。", "typo"),
        ("增强四个意思。", "typo"),
        ("中华人民共合国", "typo"),
        ("市长、某某书记到场。", "typo"),
        ("已请网信办协助,查发帖人的身份。", "secrecy"),
        ("检查结果尚未对外公布。", "secrecy"),
        ("我局怀疑是附近某化工厂排放。", "tone"),
        ("八成是某公司偷排。", "tone"),
        ("大概率为某化工厂排放。", "tone"),
        ("店主患有肺癌。", "secrecy"),
        ("评论区炸锅。", "tone"),
        ("没想到竟是他干的。", "tone"),
        ("确保永久达标。", "tone"),
        ("我局以责令该厂停产。", "typo"),
        ("该公司以停产整改。", "typo"),
        ("所谓“噪声”您就忍忍吧。", "tone"),
        ("可在收到本决定之日起十五日内提起行政诉讼。", "law_error"),
        ("可在收到复议决定书之日起三个月内提起行政诉讼。", "law_error"),
        ("究竞是哪家,正在核实。", "typo"),
    ],
)
def test_what_each_of_them_looks_like_is_still_found(text: str, kind: str) -> None:
    assert kind in {found for found, *_ in phrases(text)}


def test_the_tone_of_a_quoted_complaint_is_not_ours() -> None:
    assert list(phrases("您反映的“无良商家排污”问题,3月2日已查。")) == []
    assert [kind for kind, *_ in phrases("这是“无良商家”。")] == ["tone"]
    assert list(phrases("有网友说“赶紧去看看吧,河水发黑”,3月2日已查。")) == []
