"""Dates no calendar has, weekdays that do not fit, units of something else."""

from __future__ import annotations

import pytest

from publisher.figures import wrong


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2月30日到场核查", "2月30日"),
        ("五月三十二日前完成", "五月三十二日"),
        ("pH值为17.2", "pH值为17.2"),
        ("2026年2月29日到场", "2026年2月29日"),
        ("2026年3月16日(星期二)到场", "2026年3月16日(星期二)"),
        ("3月16日25时到场", "25时"),
        ("罚款2万元(贰拾万元整)", "2万元(贰拾万元整"),
        ("罚款人民币15,000元,大写:壹万元整", "15,000元,大写:壹万元整"),
        ("3月16日12:75到场", "12:75"),
        ("昼间噪声65毫克", "昼间噪声65毫克"),
        ("氨氮浓度为0.8毫克/立方米", "氨氮浓度为0.8毫克/立方米"),
        ("优良率达到105.3%", "优良率达到105.3%"),
    ],
)
def test_what_cannot_be_right_is_found(text: str, found: str) -> None:
    assert text[slice(*next(wrong(text))[:2])] == found


@pytest.mark.parametrize(
    "text",
    [
        "2024年2月29日到场",
        "二月二十九日到场,十二月三十一日前完成",
        "完成率为120%",
        "罚款2万元(贰万元整)",
        "罚款人民币125,000元(大写:壹拾贰万伍仟元整)",
        "罚款10.5万元(壹拾万零伍仟元整)",
        "巡查频率提高200%",
        "2026年3月16日(星期一)到场",
        "比例尺1:100的图",
        "第25点意见",
        "昼间噪声65分贝",
        "颗粒物浓度12毫克/立方米",
        "化学需氧量32 mg/L",
        "PM2.5浓度38微克/立方米",
        "PM2.5浓度同比改善6.2%",
        "连续24小时监测",
    ],
)
def test_what_can_be_right_is_left_alone(text: str) -> None:
    assert list(wrong(text)) == []
