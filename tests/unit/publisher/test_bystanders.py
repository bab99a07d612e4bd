"""Names in an outgoing text that no title accounts for."""

from __future__ import annotations

import pytest

from publisher.bystanders import bystanders
from publisher.bystanders import is_child
from publisher.bystanders import kind_of


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("现场核查时，厂方质问是不是隔壁宋连海告的。", [("reporter_name", "宋连海")]),
        ("走访滕秀芝家,滕秀芝对监测结果认可。", [("reporter_name", "滕秀芝"), ("reporter_name", "滕秀芝")]),
        ("异味一事由业主委员会主任邵文斌发帖披露。", [("reporter_name", "邵文斌")]),
        ("砸坏水质自动站玻璃的初中学生尹浩轩已由家长赔偿。", [("minor_name", "尹浩轩")]),
        ("退休职工孙志强(棉纺厂)称噪声已减轻。", [("reporter_name", "孙志强")]),
        ("家住厂区西侧的刘振华(某物流公司)仍闻到异味。", [("reporter_name", "刘振华")]),
        ("文轩中学的小记者班长裴可欣问,PM2.5有多小。", [("minor_name", "裴可欣")]),
    ],
)
def test_a_private_person_is_named_wherever_it_stands(text: str, found: list[tuple[str, str]]) -> None:
    assert [(kind, text[start:end]) for kind, start, end in bystanders(text)] == found


@pytest.mark.parametrize(
    "text",
    [
        "执法人员张广利、王海峰现场检查,未发现超标。",
        "局长陈志强主持召开污染防治调度会,陈志强要求严查。",
        "法定代表人赵庆海因拒不执行停产决定被处罚。",
        "投诉单由李建国、赵志强两同志办理。",
        "高小明烧饼店的油烟已处理。",
        "黄江河、梅峰河的黑臭已治理,梅峰河水质达标。",
        "记者 刘明强 孙志远 摄,噪声达标。",
        "环卫工人王桂香清扫垃圾,噪声达标。",
        "方家河头村生活污水管网已接通。",
        "执法人员王建国(执法证号:1001)、李志强(执法证号:1002)检查废水排放。",
        "当事人王志刚(个体工商户)的喷漆废气未经处理。",
        "公示名单:王志强(环境监测中心)、李建国(某机械厂),绿色标兵。",
        "村民余志洪的宅基地登记已办,工资纠纷另案处理。",
    ],
)
def test_an_official_a_shop_a_village_and_the_parties_of_another_matter_are_not(text: str) -> None:
    assert list(bystanders(text)) == []


def test_whose_child_it_is_names_no_child() -> None:
    text = "韦春霞的女儿再次来电,孩子宋雨晴仍在咳嗽。"
    assert kind_of(text, 0, 3) == "reporter_name"
    at = text.index("宋雨晴")
    assert kind_of(text, at, at + 3) == "minor_name"


def test_the_full_name_behind_a_pet_name_is_the_childs() -> None:
    assert is_child("您女儿小雨（实验小学三年级二班，全名")
    assert not is_child("您的女儿已痊愈。网友“清风”全名")
