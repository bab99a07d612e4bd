"""Numbers of people in whatever grouping, and the figures of a report that only look like them."""

from __future__ import annotations

import pytest

from huanyu import fold
from huanyu.digits import numbers
from huanyu.redact import spans


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("phone", "店家说有事打138 -- 0635 -- 7721。"),
        ("phone", "住户留下的号码是幺三八洞六三五拐拐二幺。"),
        ("phone", "他说138空0635空7721。"),
        ("phone", "反映人留的是138后面0635再7721。"),
        ("phone", "有事打 138    0635    7721"),
        ("phone", "门口贴着138:0635:7721，请拨打。"),
        ("phone", "负责人的手机1380 6357 7 2 1。"),
        ("id_number", "登记为371502/19830612/4418，男。"),
        ("id_number", "领奖人：371502 1983年06月12日 4418。"),
        ("id_number", "附件里的371502（19830612）4418未遮盖。"),
        ("bank_card", "奖金已打到6217 0012 3456 7890。"),
        ("id_number", "登记为3715、0219、8306、1244、18，男。"),
        ("bank_card", "登记为6228、4802、5890、1234、567。"),
        ("bank_card", "户名王某，6228_4802_5890_1234_567。"),
    ],
)
def test_a_number_is_read_however_it_is_set_apart(kind: str, text: str) -> None:
    folded = fold.numeral(text).text
    assert kind in {found for found, _, _ in numbers(folded)}
    assert kind in {span.kind for span in spans(text)}


@pytest.mark.parametrize(
    ("text"),
    [
        "监测值依次为：139、5840、8721微克。",
        "转移联单编号371502202505130027，共17只桶。",
        "2024-11-10 13:45、2024-11-11 08:20两次巡查。",
        "PM10小时值 186 172 158 133 120 97。",
        "工单号 18 2025 0418 0072 已转。",
        "面积1350-1450-1300平方米的三处料堆。",
        "缴款码37150025040000118832，请到窗口办理。",
        "1 3 5 7 9 11 13 15 17 19号楼东侧已清运。",
        "1、3、5、8、9、6、7、2、4、1、5号样品合格。",
        "13点20分至14点35分，15点40分至16点50分各测一次。",
        "已公开的号码为138****7721、139****8812。",
        "值为15.38、15.21、16.02、14.97毫克/升。",
        "近8日空气质量指数为62、71、58、83、90、77、69、54。",
        "建设银行门口昼间噪声为52、55、58、60、61、57、56、54分贝。",
        "可吸入颗粒物日均值为132、128、120、115、118微克/立方米。",
        "卡车怠速转速为650、660、670、680、690、700转。",
        "交通银行2023、2024、2025、2026年度环境信息。",
    ],
)
def test_figures_of_a_report_are_nobody_s_number(text: str) -> None:
    assert list(numbers(fold.numeral(text).text)) == []


@pytest.mark.parametrize("plate", ["（鲁）P8K721", "鲁字P8K721", "鲁P牌照8K721", "P8K721（鲁）", "WJ鲁12345"])
def test_a_plate_is_read_with_its_province_set_apart(plate: str) -> None:
    assert "plate" in {span.kind for span in spans(f"照片里看得清{plate}。")}
